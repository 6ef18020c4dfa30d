"""Brute force on a small device: what is called infeasible is in no legal sequence, and the rest is in one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from model.config import Config, load
from planner.checking import check
from tests.checking.table import text_of
from tests.judge.script import Script

Move = tuple[str, str, int]
"""An op_name, when it starts after the one before (at the end of its ISSUE, a tick later, at its end), and its page."""

PREFIXES: tuple[tuple[Move, ...], ...] = (
    (),
    (("Block_Erase_SLC", "end", 0),),
    (("Block_Erase_SLC", "end", 0), ("Page_Program_SLC", "end", 0)),
    (("Block_Erase_SLC", "end", 0), ("Page_Program_SLC", "end", 0), ("Read_SLC", "end", 0)),
    (("Block_Erase_SLC", "end", 0), ("Erase_Suspend_Reset", "inside", 0)),
)
WHEN = ("issued", "inside", "end")
ORIGINAL = ("erase_suspended: {forbid: [ERASE, ERASE_SUSPEND]}", "not_suspended: {forbid: [ERASE_RESUME]}")
CHANGES: dict[str, tuple[tuple[str, str], ...]] = {
    "as it is": (),
    "no resume": ((ORIGINAL[0], "erase_suspended: {forbid: [ERASE, ERASE_SUSPEND, ERASE_RESUME]}"),),
    "no suspend": (("on_erase: {allow: [NOP, SR, ERASE_SUSPEND]}", "on_erase: {allow: [NOP, SR]}"),),
    "no data out": (("after_read: {forbid: [ERASE,", "after_read: {forbid: [DOUT, ERASE,"),),
    "no status": (
        (ORIGINAL[0], "erase_suspended: {forbid: [ERASE, ERASE_SUSPEND, SR]}"),
        (ORIGINAL[1], "not_suspended: {forbid: [ERASE_RESUME, SR]}"),
    ),
}


@dataclass(frozen=True)
class Device:
    """A config and what check says of it."""

    config: Config
    never: frozenset[str]
    traps: frozenset[str]


def changed(name: str, tmp_path: Path) -> Device:
    text = text_of("small")
    for old, new in CHANGES[name]:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    findings = check(path).findings
    never, traps = (
        frozenset(finding.key.rpartition(".")[2] for finding in findings if finding.id == id)
        for id in ("base-never-issued", "trap")
    )
    return Device(load(path), never, traps)


def script(config: Config, moves: tuple[Move, ...]) -> Script:
    s = Script(config)
    now = 0
    for name, when, page in moves:
        if s.steps:
            last = s.steps[-1]
            now = {"issued": last.issue_end, "inside": last.issue_end + 1, "end": last.end}[when]
        s.op(name, now, page=page)
    return s


def legal(config: Config, moves: tuple[Move, ...], open_end: bool = True) -> bool:
    return not script(config, moves).broken(open_end=open_end)


def histories(config: Config, prefix: tuple[Move, ...], further: int) -> Iterator[tuple[Move, ...]]:
    """Every legal sequence that goes on from a prefix with at most that many operations."""
    if not legal(config, prefix):
        return
    level = [prefix]
    for _ in range(further):
        fresh = []
        for moves in level:
            for name, when in product([name.name for name in config.names], WHEN if moves else ("end",)):
                for page in (0, 1) if name == "Page_Program_SLC" else (0,):
                    longer = (*moves, (name, when, page))
                    if legal(config, longer):
                        fresh.append(longer)
                        yield longer
        level = fresh


@pytest.mark.parametrize("name", CHANGES)
def test_a_base_is_called_never_issued_where_no_sequence_has_it(name: str, tmp_path: Path) -> None:
    device = changed(name, tmp_path)
    base_of = {spec.name: spec.base for spec in device.config.names}
    issued = {
        base_of[move[0]] for prefix in PREFIXES for moves in histories(device.config, prefix, 1) for move in moves
    }
    assert device.never == set(base_of.values()) - issued


@pytest.mark.parametrize(("name", "prefix"), [("no resume", PREFIXES[4]), ("no data out", PREFIXES[3])])
def test_out_of_a_trap_no_sequence_leads(name: str, prefix: tuple[Move, ...], tmp_path: Path) -> None:
    device = changed(name, tmp_path)
    base_of = {spec.name: spec.base for spec in device.config.names}
    assert base_of[prefix[-1][0]] in device.traps
    assert not any(legal(device.config, moves, open_end=False) for moves in histories(device.config, prefix, 2))


def test_without_a_trap_a_sequence_leads_out(tmp_path: Path) -> None:
    device = changed("as it is", tmp_path)
    assert not device.traps
    for prefix in PREFIXES[3:]:
        assert any(legal(device.config, moves, open_end=False) for moves in histories(device.config, prefix, 1))
