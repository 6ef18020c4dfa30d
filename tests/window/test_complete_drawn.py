"""Multisets drawn by chance, on devices drawn by chance: a window's solutions are all that the judge allows."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from model.device import Device
from model.event import Commands
from model.judge import Judge
from tests.soundness.devices import STATES
from tests.window.exhaust import BruteForce, Choice, Fork, Question, Sequences, TooManyError, solutions, ways
from tests.window.multisets import DOUT
from tests.window.small import TABLES, small_config

MOST = 30_000
"""Trials of a question."""
PATIENCE = 1_500
"""Trials of a walk."""
FEWEST = 4
"""Operations of a multiset."""
EVERYWHERE = {1: "plane 0 row 0|1 page 0|1|2", 2: "plane 0|1 row 0|1 page 0|1|2"}
"""Every page, by the number of planes."""


@dataclass(frozen=True)
class Family:
    """Operations that have to do with each other: histories to begin with, and what may be wanted then.

    A line of a history that begins with `!` starts a tick into the CORE_BUSY of the one before, any other one at its
    end. `%` in what is wanted stands for all pages.
    """

    histories: tuple[str, ...]
    wanted: str


ERASED = "Block_Erase_SLC block 0\nBlock_Erase_SLC block {far}"
PROGRAMMED = f"{ERASED}\nPage_Program_SLC block 0"
TWO_PAGES = f"{PROGRAMMED}\nPage_Program_SLC block 0 page 1"
LSB = "Block_Erase_TLC block 0\nBlock_Erase_TLC block {far}\nOne_Shot_PGM_LSB block 0"
BESIDE = (
    "Erase_Suspend_Reset\nErase_Resume\nProgram_Suspend_Reset\nProgram_Resume\nRead_Status_Enhanced_70h\nSuper_Reset"
)
READ = f"Read_SLC %\n{DOUT} %"

FAMILIES = (
    Family(
        ("", ERASED, f"{ERASED}\n!Erase_Suspend_Reset", f"{PROGRAMMED}\n!Program_Suspend_Reset", PROGRAMMED),
        f"Block_Erase_SLC %\nPage_Program_SLC %\nPage_Program_SLC %\n{READ}\n{BESIDE}"
        "\nErase_Suspend_Reset\nErase_Resume",
    ),
    Family(
        (ERASED, f"{ERASED}\nCache_Program_SLC block 0", f"{PROGRAMMED}\n!Program_Suspend_Reset"),
        f"Cache_Program_SLC %\nCache_Program_SLC %\nPage_Program_SLC %\nAll_WL_Dummy_Program %\n{BESIDE}"
        "\nProgram_Suspend_Reset\nProgram_Resume",
    ),
    Family(
        (
            LSB,
            f"{LSB}\nOne_Shot_PGM_CSB block 0",
            f"{LSB}\nOne_Shot_PGM_CSB block 0\nCache_Program_MSB block 0",
            f"{LSB}\nOne_Shot_PGM_CSB block 0\nOne_Shot_PGM_MSB_23h block 0\n!Program_Suspend_Reset",
        ),
        "One_Shot_PGM_LSB %\nOne_Shot_PGM_CSB %\nOne_Shot_PGM_MSB %\nOne_Shot_PGM_MSB_23h %\nCache_Program_MSB %\n"
        "One_Shot_PGM_Execution_MSB %\nProgram_Suspend_Reset\nProgram_Resume\nSuper_Reset\n"
        f"Read_write_conflict_Fire_N_Forget_LSB %\n{DOUT} %\nData_transfer_to_cache_for_2nd_Page_TLC",
    ),
    Family(
        (TWO_PAGES, f"{TWO_PAGES}\nRead_SLC block 0", f"{TWO_PAGES}\nRead_SLC block 0\nRead_Cache_Random_SLC block 0"),
        f"Read_Cache_Random_SLC %\nRead_Cache_Random_SLC %\nRead_Cache_End %\n{READ}\n{DOUT} %\nDelay\nSuper_Reset\n"
        "Plane_Level_Page_Read_SLC %\n4KB_Page_Read_confirm_SLC %\nEnhanced_Random_Data_Output_4K_Secondary %",
    ),
    Family(
        (
            PROGRAMMED,
            f"{PROGRAMMED}\nPlane_Level_Page_Read_SLC block 0",
            f"{PROGRAMMED}\nPage_Program_SLC block {{far}}",
        ),
        f"Plane_Level_Page_Read_SLC %\nPlane_Level_Page_Read_SLC %\nPlane_Level_Cache_Read_SLC %\n{DOUT} %\n{DOUT} %\n"
        "Plane_Level_Cache_Read_End %\nRead_Status_Enhanced_70h\nReset_LUN\nAuto_Read_by_39h_Cmd_LUN_Level",
    ),
    Family(
        (PROGRAMMED, f"{PROGRAMMED}\nCopyback_Read_SLC block 0", f"{PROGRAMMED}\n!Program_Suspend_Reset"),
        f"Copyback_Read_SLC %\nCopyback_Program_SLC %\n{DOUT} %\nProgram_Suspend_Reset\nProgram_Resume\n"
        "Block_Erase_SLC %\nChange_Write_Column %\nODT_Disable\nODT_Reenable\nDSL_Vth_Check %",
    ),
)


def drawn(rng: random.Random, folder: Path) -> Question | None:
    """A device, what has happened to it, and operations that are wanted; None where few of them fit together."""
    family, planes = rng.choice(FAMILIES), rng.choice((1, 2))
    history = rng.choice(family.histories).format(far=2 * planes - 1).splitlines()
    lines = family.wanted.splitlines()
    names = [line.split()[0].lstrip("!") for line in (*history, *lines)]
    empty = rng.choice(((), (), TABLES, tuple(table for table in TABLES if rng.random() < 0.5)))
    config = small_config(folder, {name: _ticks(rng, name) for name in names}, planes=planes, empty=empty)
    device = Device(config)
    before, floor = _laid_out(device, history)
    question = Question(config, device, "\n".join(lines).replace("%", EVERYWHERE[planes]), floor, before, floor)
    walked = _walked(rng, question)
    if len(walked) < FEWEST:
        return None
    last = walked[-1][1][0] + rng.choice((0, 1, 2))
    rng.shuffle(walked)
    wanted = "\n".join(_wanted(rng, question, place, choice) for place, choice in walked)
    return replace(question, wanted=wanted, last=last, drained=rng.random() < 0.2)


def _walked(rng: random.Random, question: Question) -> list[tuple[int, Choice]]:
    """Five or six operations that are legal one after the other: which, and what they were given."""
    judge = Judge(question.config, replaying=False)
    judge.feed(question.history)
    fork = Fork(judge)
    kept, time, walked = fork.keep(judge), question.floor, list[tuple[int, Choice]]()
    most = rng.choice((5, 6))
    for _ in range(PATIENCE):
        place = rng.randrange(len(question.specs))
        choice, payload = rng.choice(list(ways(question.device, question.specs[place])))
        start = time + rng.choice((0, 0, 0, 1, 1, 2, 3))
        judge = fork.again(kept)
        uid = len(question.history) + len(walked) + 1
        judge.feed(Commands.of([(start, uid, question.specs[place].name, *payload)]))
        if judge.report.legal and len(walked) < most:
            walked.append((place, (start, *choice)))
            kept, time = fork.keep(judge), start + 1
    return walked


def _wanted(rng: random.Random, question: Question, place: int, choice: Choice) -> str:
    """An operation that was given an address, with other addresses beside it."""
    spec, (_, mask, row, page) = question.specs[place], choice
    said = [question.device.catalogue.names[spec.name].name]
    for word, value, values in (("plane", mask, spec.planes), ("row", row, spec.rows), ("page", page, spec.pages)):
        if value > 0 or len(values) > 1:
            kept = [other for other in values if other == value or rng.random() < 0.4]
            shown = [other.bit_length() - 1 if word == "plane" else other for other in kept]
            said += [word, "|".join(map(str, shown))]
    return " ".join(said)


def _ticks(rng: random.Random, name: str) -> tuple[int, ...]:
    """Durations of an op_name's states: a tick or two, CORE_BUSY up to three."""
    states = STATES[name]
    return (1, rng.choice((2, 2, 3)), rng.choice((1, 2)))[:states]


def _laid_out(device: Device, history: Sequence[str]) -> tuple[str, int]:
    """The history with times, each operation as early as can be, and the end of its last ISSUE."""
    rows, core, end, floor = [], 0, 0, 0
    for line in history:
        name = device.catalogue.name(line.split()[0].lstrip("!"))
        start = core + 1 if line.startswith("!") else end
        rows.append(f"{start} {line.lstrip('!')}")
        core = floor = start + name.issue
        end = start + name.length
    return "\n".join(rows), floor


def compare(seed: str) -> int:
    """Compares the ways of the judge and of the window on a drawn device; how many there are."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        asked = drawn(rng, Path(folder))
    if asked is None:
        return 0
    try:
        expected = BruteForce(asked, MOST).run()
    except TooManyError:
        return 0
    found, count = solutions(asked)
    assert found == expected, _told(seed, asked, found - expected, expected - found)
    assert count == len(found), f"{seed}: {count} solutions for {len(found)} sequences"
    return len(expected)


def _told(seed: str, asked: Question, more: Sequences, less: Sequences) -> str:
    lines = [f"{seed}: the window alone {sorted(more)[:2]}, the judge alone {sorted(less)[:2]}", asked.wanted]
    return "\n".join([*lines, "after", asked.before, f"from {asked.floor} to {asked.last}, drained: {asked.drained}"])


def test_the_solutions_are_the_legal_sequences() -> None:
    counts = [compare(f"short {i}") for i in range(6)]
    assert sum(count > 0 for count in counts) > 2


@pytest.mark.long
@pytest.mark.parametrize("block", range(2))  # benchmarks/completeness.py goes through 20
def test_the_solutions_are_the_legal_sequences_of_many(block: int) -> None:
    counts = [compare(f"long {block} {i}") for i in range(25)]
    assert sum(count > 0 for count in counts) > 8
