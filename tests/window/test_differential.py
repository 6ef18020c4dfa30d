"""Small devices drawn by chance: the window encoder and the judge give operations the same verdict.

A device lives for some windows; the operations of the next one are disturbed here and there, and both are asked, from
the device's boundary, with all starts and addresses fixed.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest

from model.boundary import Boundary
from model.config import Config
from model.device import Device
from tests.mutation.history import Row, judged
from tests.mutation.referee import ask
from tests.soundness.devices import drawn
from tests.soundness.wandering import Window, disturbed, windows

MOST = 9
"""Rows of a comparison."""
WAYS = 6
"""Comparisons per device: the rows as they are, and disturbed."""
TOO_MANY = 300
"""Celltypes that payloads leave open are tried out; not more of them."""


def last_window(config: Config, rng: random.Random) -> Window | None:
    """The window after some others; none where the device wants nothing."""
    last = None
    for _, window in zip(range(rng.choice((1, 1, 2, 5, 10, 14))), windows(config, rng, 3, 12), strict=False):
        last = window
    return last


def judge_allows(config: Config, boundary: Boundary, rows: Sequence[Row]) -> bool:
    """Whether the judge finds rows legal with some celltype in each payload whose op_name says none."""
    if judged(config, boundary, rows).legal:
        return True
    kinds = range(1, len(config.celltypes))
    free = [row.celltype > 0 and config.names[row.op].celltype == "NONE" for row in rows]
    ways = product(*(kinds if is_free else (row.celltype,) for row, is_free in zip(rows, free, strict=True)))
    return any(judged(config, boundary, _with(rows, way)).legal for way in ways if any(free))


def _with(rows: Sequence[Row], celltypes: Sequence[int]) -> list[Row]:
    return [row.each(celltype=kind) for row, kind in zip(rows, celltypes, strict=True)]


def compare(seed: str, folder: Path) -> tuple[int, int]:
    """Compares the verdicts on one device; how many were legal, and how many not."""
    rng = random.Random(seed)
    config = drawn(rng).config(folder)
    window = last_window(config, rng)
    if window is None:
        return 0, 0
    device, verdicts = Device(config), []
    for way in range(WAYS):
        rows: list[Row] | None = list(window.rows[: MOST if way < 4 else rng.randint(1, MOST)])
        if way and rows:
            rows = disturbed(config, rows, window.before.time, rng, rng.choice((1, 1, 2)))
        if not rows or (len(config.celltypes) - 1) ** _open(config, rows) > TOO_MANY:
            continue
        word = ask(device, window.before, rows)
        assert word.broken is not None, f"{seed}, way {way}: no proof"
        verdict = judge_allows(config, window.before, rows)
        assert word.legal == verdict, f"{seed}, way {way}: {_told(config, window.before, rows, word.broken)}"
        verdicts.append(verdict)
    return sum(verdicts), len(verdicts) - sum(verdicts)


def _open(config: Config, rows: Sequence[Row]) -> int:
    return sum(row.celltype > 0 and config.names[row.op].celltype == "NONE" for row in rows)


def _told(config: Config, boundary: Boundary, rows: Sequence[Row], broken: frozenset[str]) -> str:
    found = [f"[{finding.rule}] {finding.message}" for finding in judged(config, boundary, rows).findings]
    lines = [f"the encoder finds {sorted(broken)}, the judge {found}", str(config.topology), f"from {boundary}"]
    lines += [f"{row.time} {config.names[row.op].name} {row.exp} {row.entries}" for row in rows]
    return "\n".join(lines)


def compared(seeds: Sequence[str]) -> tuple[int, int]:
    """Verdicts on many devices: how many were legal, and how many not."""
    with tempfile.TemporaryDirectory() as folder:
        counts = [compare(seed, Path(folder)) for seed in seeds]
    return sum(legal for legal, _ in counts), sum(illegal for _, illegal in counts)


def test_encoder_and_judge_agree_on_small_devices() -> None:
    legal, illegal = compared([f"short {i}" for i in range(50)])
    assert min(legal, illegal) > 70


@pytest.mark.long
@pytest.mark.parametrize("block", range(2))  # benchmarks/completeness.py goes through 20
def test_encoder_and_judge_agree_on_many_small_devices(block: int) -> None:
    legal, illegal = compared([f"long {block} {i}" for i in range(100)])
    assert min(legal, illegal) > 100
