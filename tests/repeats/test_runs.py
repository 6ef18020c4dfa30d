"""Runs of so many operations, or so long: every cell once, then again and again, with other casts."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path

import pytest

from model.config import Config
from model.device import Device
from planner.covering import Covering, Goal
from planner.export.snapshot import load_snapshot
from planner.repeats.chapter import Chapter
from planner.repeats.library import library
from planner.repeats.run import RepeatingRun
from planner.run import OneRun, RunSummary, _kind, plan
from planner.verify import verify
from tests.closing.loops import INSTANCES
from tests.repeats.conftest import SMALL
from tests.scenarios.told import changed, tables

DATE = "260101"


def planned(config: Config, out: Path, **options: object) -> RunSummary:
    """The last run of a plan."""
    asked = {"seed": 3, "date": DATE, "tables": {"operation_sequence"}, **options}
    return plan(config, out=out, **asked).runs[-1]  # type: ignore[arg-type]


def times(out: Path) -> list[float]:
    """Starts of the operations of run 1, in us."""
    return [float(row["time"]) for row in tables(out)["operation_sequence"]]


def test_every_cell_is_hit_once_per_round(tiny_config: Config, tmp_path: Path) -> None:
    """About 470 operations hit each of the 358 cells, and 80 go for a walk: 30,000 do that 54 times."""
    cells = Covering(Device(tiny_config), Goal()).total
    run = planned(tiny_config, tmp_path, ops=30_000)
    assert run.report.legal
    assert 30_000 <= run.counts.operations < 30_040
    assert len(run.cells) == cells
    assert run.hits.min() >= 50


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_cast_the_judge_finds_nothing(
    shipped: Config, device: Device, chapters: tuple[Chapter, ...], tmp_path: Path, seed: int
) -> None:
    kind = partial(RepeatingRun, chapters=lambda: chapters)
    run = planned(shipped, tmp_path, ops=12_000, seed=seed, kind=kind, device=device)
    assert run.report.legal
    assert run.counts.operations >= 12_000


def test_nothing_illegal_is_done_to_worn_dies(worn: Config, tmp_path: Path) -> None:
    run = planned(worn, tmp_path, ops=30_000)
    assert run.report.legal
    assert run.report.operations >= 30_000


def test_two_plans_are_the_same_in_bytes_and_seeds_differ(tiny_config: Config, tmp_path: Path) -> None:
    def sequence(folder: str, seed: int) -> bytes:
        run = planned(tiny_config, tmp_path / folder, ops=30_000, seed=seed)
        return run.files[0].read_bytes()

    assert sequence("one", 1) == sequence("two", 1)
    assert sequence("one", 1) != sequence("other", 2)


def test_a_run_ends_with_the_operation_that_was_asked_for_and_what_closes_it(
    shipped: Config, device: Device, chapters: tuple[Chapter, ...], tmp_path: Path
) -> None:
    for ops in (1, 150, SMALL):
        run = planned(
            shipped, tmp_path / str(ops), ops=ops, device=device, kind=partial(RepeatingRun, chapters=lambda: chapters)
        )
        assert ops <= run.counts.operations < ops + 40
        assert run.report.legal


def test_nothing_is_begun_after_the_time_is_over(tiny_config: Config, tmp_path: Path) -> None:
    """Some chapters of 190 ms, and a part of one; what is open then is closed within 10 ms."""
    until = tiny_config.clock.ticks("6200000")
    run = planned(tiny_config, tmp_path, until=until)
    assert run.report.legal
    assert 6_150_000 < max(times(tmp_path)) < 6_210_000


def test_where_dies_cannot_be_reset_operations_are_chosen_one_by_one(tmp_path: Path) -> None:
    config = changed_instance(tmp_path, "RESET")
    assert library(Device(config), 1, 10_000, None) == ()
    run = planned(config, tmp_path / "out", ops=400, kind=partial(RepeatingRun, chapters=lambda: ()))
    assert run.report.legal
    assert run.counts.operations >= 400


def changed_instance(folder: Path, without: str) -> Config:
    """The tiny device without a base."""
    import yaml  # noqa: PLC0415

    from model.config import load  # noqa: PLC0415

    raw = yaml.safe_load((INSTANCES / "tiny.yaml").read_text(encoding="utf-8"))
    raw["op_names"] = {name: spec for name, spec in raw["op_names"].items() if spec["base"] != without}
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(raw, sort_keys=False), encoding="utf-8")
    return load(path)


def test_what_an_earlier_run_has_left_open_is_closed_first(
    shipped: Config, chapters: tuple[Chapter, ...], tmp_path: Path
) -> None:
    carrying = dataclasses.replace(shipped, policies=dataclasses.replace(shipped.policies, carry_over=True))
    resting = 0
    for seed in range(6):
        out = tmp_path / str(seed)
        first = planned(carrying, out, ops=120, seed=seed, kind=OneRun)
        (snapshot,) = (path for path in first.files if path.match("snapshots/*.json"))
        suspended = {live.op_uid for die in load_snapshot(snapshot, carrying).boundary.dies for live in die.suspended}
        kind = partial(RepeatingRun, chapters=lambda: chapters)
        planned(carrying, out, ops=300, snapshot=snapshot, kind=kind, tables=None)
        assert verify([out], carrying).by_rule == {}
        ended = {row["op_uid"] for row in tables(out, run=2)["events"] if row["event"] == "OP_END"}
        assert {str(op_uid) for op_uid in suspended} <= ended
        resting += len(suspended)
    assert resting


def test_short_runs_and_weights_are_for_the_chooser(tmp_path: Path, shipped: Config) -> None:
    def kind(config: Config, ops: int | None, until: int | None = None) -> object:
        return _kind(Device(config), 1, ops, until)

    weighted = changed(tmp_path, phase_conditional_overrides={"global": {"ERASE": 0.1}})
    six_seconds = shipped.clock.ticks("6000000")  # of device time: about 30,000 operations
    assert kind(weighted, 50_000) is OneRun
    assert kind(shipped, 29_999) is OneRun
    assert kind(shipped, None, six_seconds - 1) is OneRun
    assert kind(shipped, 50_000, six_seconds - 1) is OneRun
    assert kind(shipped, 30_000) is not OneRun
    assert kind(shipped, None, six_seconds) is not OneRun
