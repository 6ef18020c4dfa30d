"""The shipped examples do what they say, and `nandplan verify` finds what they write legal."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.boundary import Boundary
from model.config import Config, load
from model.device import Device
from planner.scenario.answer import Answer, Nearest, No, Yes
from planner.scenario.parse import parse
from planner.scenario.plans import Clock
from planner.scenario.runner import Solution
from planner.scenario.service import Job, answer, solve_scenario
from planner.scenario.solving import attempt
from planner.scenario.words import plain, text

FOLDER = Path(__file__).parents[2] / "examples" / "scenarios"
KEPT = ("kept",)
POSSIBLE = sorted(path.stem for path in FOLDER.glob("*.yaml") if not path.stem.startswith(("impossible", *KEPT)))
JOB = Job(None, "250101", None, None)


@pytest.fixture(scope="module")
def config() -> Config:
    return load()


@pytest.fixture(scope="module")
def device(config: Config) -> Device:
    return Device(config)


def answered(config: Config, device: Device, stem: str) -> Answer:
    scenario = parse(FOLDER / f"{stem}.yaml", device)
    return answer(scenario, config, device, Boundary.fresh(device), JOB)


def solved(device: Device, stem: str) -> Solution:
    scenario = parse(FOLDER / f"{stem}.yaml", device)
    solution, why = attempt(device, scenario, Boundary.fresh(device), Clock(None))
    assert solution is not None, why
    return solution


def started(solution: Solution) -> dict[int, int]:
    """Start by op_uid, in ticks."""
    found: dict[int, int] = {}
    for chunk in solution.chunks:
        found.update(zip(chunk.commands.op_uid.tolist(), chunk.commands.time.tolist(), strict=True))
    return found


def pieces(solution: Solution, uid: int, state: int) -> list[tuple[int, int, int]]:
    """(start, end, planned length) of an operation's stays in a state."""
    found = []
    for chunk in solution.chunks:
        spans = chunk.spans
        rows = zip(
            spans.op_uid.tolist(), spans.state.tolist(), spans.start.tolist(), spans.end.tolist(),
            spans.planned.tolist(), strict=True,
        )  # fmt: skip
        found += [(start, end, planned) for u, s, start, end, planned in rows if (u, s) == (uid, state)]
    return sorted(found)


@pytest.mark.parametrize("stem", POSSIBLE)
def test_what_an_example_wants_is_judged_legal(config: Config, device: Device, stem: str) -> None:
    assert isinstance(answered(config, device, stem), Yes)


def test_six_suspensions_each_with_a_read_delivered_inside(device: Device) -> None:
    solution = solved(device, "six_suspensions")
    uids, starts = solution.repetitions[0].uids, started(solution)
    assert len(pieces(solution, uids["program"], 1)) == 7
    for number in range(1, 7):
        inside = [f"program.suspend.{number}", f"read.{number}", f"read.{number}.dout.1", f"read.{number}.dout.2"]
        order = [starts[uids[key]] for key in [*inside, f"program.resume.{number}"]]
        assert order == sorted(order)


def test_the_other_die_erases_all_the_while(device: Device) -> None:
    solution = solved(device, "six_suspensions")
    uids = solution.repetitions[0].uids
    (erase,) = pieces(solution, uids["erase"], 1)
    program = pieces(solution, uids["program"], 1)
    assert erase[0] < program[0][0]
    assert program[-1][1] < erase[1]


def test_a_status_read_in_each_tenth_of_the_window(device: Device) -> None:
    solution = solved(device, "cache_pipeline")
    uids, starts = solution.repetitions[0].uids, started(solution)
    ((begin, _, length),) = pieces(solution, uids["first"], 2)
    bins = [10 * (starts[uids[f"status.{number}"]] - begin) // length for number in range(1, 11)]
    assert bins == list(range(10))


def test_cache_reads_are_handed_over_at_every_bin(device: Device) -> None:
    solution = solved(device, "cache_reads")
    uids = solution.repetitions[0].uids
    windows = [pieces(solution, uids[f"cached.{number}"], 2)[0] for number in range(1, 11)]
    assert [10 * (end - start) // length for start, end, length in windows] == list(range(10))


def test_the_status_read_is_at_forty_percent_of_the_third_piece(device: Device) -> None:
    solution = solved(device, "status_in_third_piece")
    uids, starts = solution.repetitions[0].uids, started(solution)
    begin, _, length = pieces(solution, uids["program"], 1)[2]
    assert starts[uids["status"]] - begin == 2 * length // 5


def test_a_block_that_was_reset_is_erased_and_read_again(device: Device) -> None:
    solution = solved(device, "reset_and_recover")
    uids, starts = solution.repetitions[0].uids, started(solution)
    order = [starts[uids[key]] for key in ("erase", "reset", "again", "program", "read")]
    assert order == sorted(order)


def test_repetitions_take_other_blocks(device: Device) -> None:
    solution = solved(device, "copyback")
    rows = []
    for repetition in solution.repetitions[:5]:
        for chunk in solution.chunks:
            commands = chunk.commands
            for place, uid in enumerate(commands.op_uid.tolist()):
                if uid == repetition.uids["copy"]:
                    rows.append(int(commands.entry_block[commands.first[place]]))
    assert len(set(rows)) == 5


def test_a_rule_forbids(config: Config, device: Device) -> None:
    found = answered(config, device, "impossible_rule")
    assert isinstance(found, No)
    assert found.confirmed
    assert {reason.rule for reason in found.conflict} & {"block-in-flight", "suspended-block"}
    assert any(reason.where.endswith("impossible_rule.yaml:5") for reason in found.conflict)


def test_a_deadline_forbids_and_the_nearest_one_would_do(config: Config, device: Device) -> None:
    found = answered(config, device, "impossible_deadline")
    assert isinstance(found, No)
    assert found.confirmed
    assert any("deadline: 2300" in reason.sentence for reason in found.conflict)
    # 2000 + 6 * (0.185 + 100 + 0.12 + 35 + 6 + ... + 0.185 + 150) and the deliveries
    assert found.nearest
    assert found.nearest[0].confirmed


def test_a_sequence_by_hand_gets_its_missing_delivery_and_its_nearest_times(config: Config) -> None:
    found = solve_scenario(FOLDER / "kept.yaml", config, JOB)
    assert isinstance(found, Nearest)
    changes = [(change.what, change.now) for change in found.repaired.changes]
    # the erase ends at 0.11 + 7000 us, the program 309.8244 us later; 50 us more, and the status read 10 us into tR
    us = config.clock.ticks_per_us
    assert ("moved", round(7000.11 * us)) in changes
    assert any(what == "inserted" for what, _ in changes)


def test_a_history_is_carried_out_in_its_order(device: Device) -> None:
    solution = solved(device, "history")
    uids = solution.repetitions[0].uids
    order = [uids[key] for key in ("erase", "program", "first", "second", "reset", "again")]
    assert order == sorted(order)
    assert len(pieces(solution, uids["program"], 1)) == 3


def test_nothing_needs_fewer_operations(config: Config, device: Device) -> None:
    found = answered(config, device, "fewest")
    assert isinstance(found, Yes)
    assert found.operations == found.least == 6  # an erase and a program before; the read and its DOUT; two programs


def test_answers_in_words_and_as_data(config: Config, device: Device) -> None:
    found = answered(config, device, "impossible_rule")
    assert text(found, config).startswith("no: it cannot be")
    assert plain(found, config)["answer"] == "no"
