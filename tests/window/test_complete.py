"""With order, planes, blocks, pages, starts and victims open, a window's solutions are all that the judge allows.

Every sequence of the operations that the judge finds legal, found by trying them all, is one solution, and no other is.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from model.judge import Judge
from tests.window.exhaust import BruteForce, one_solution, solutions
from tests.window.multisets import DOUT, ERASE, PROGRAM, SUSPENDED_ERASE, Multiset, drained, without_groups
from tests.window.wanted import (
    A_LOAD,
    AN_ERASE_IN_ANOTHER,
    CACHE_PROGRAMS,
    CACHE_READS,
    CARRIED,
    COPYBACK,
    DATA_IN_AND_ODT,
    NESTED,
    ONE_SHOT,
    ONE_SHOT_CACHE,
    PLANE_CACHE_READS,
    READ_4K,
    READ_AND_RESET,
    READ_IN_A_SUSPENSION,
    RECOVERY,
    SIDE_BY_SIDE,
    SUSPENDED_PROGRAM_AND_READ,
    SUSPENDED_TWICE,
    TRANSFER,
    TWO_DIES,
    TWO_PLANES,
)

SHORT = (
    Multiset("an erase and a program", 40, f"{ERASE}\n{PROGRAM}", last=7),
    Multiset("a suspension", 64, f"{ERASE}{SUSPENDED_ERASE}", last=7),
    NESTED,
    CARRIED,
    SUSPENDED_TWICE,
    READ_IN_A_SUSPENSION,
    drained(SUSPENDED_PROGRAM_AND_READ, 240),
    drained(CACHE_PROGRAMS, 140),
    RECOVERY,
    ONE_SHOT_CACHE,
    TWO_PLANES,
    SIDE_BY_SIDE,
    READ_4K,
    drained(COPYBACK, 126),
    drained(without_groups(CACHE_PROGRAMS, 420), 420),
    A_LOAD,
    READ_AND_RESET,
)
OPEN = {DOUT, "Change_Write_Column", "Read_Status_Enhanced_70h"}
"""Their payloads are said by what happens before them."""
LONG = (
    AN_ERASE_IN_ANOTHER,
    SUSPENDED_PROGRAM_AND_READ,
    CACHE_READS,
    drained(CACHE_READS, 1512),
    CACHE_PROGRAMS,
    ONE_SHOT,
    TRANSFER,
    PLANE_CACHE_READS,
    COPYBACK,
    DATA_IN_AND_ODT,
    TWO_DIES,
    without_groups(NESTED, 44),
    without_groups(CARRIED, 35),
    without_groups(AN_ERASE_IN_ANOTHER, 560),
    without_groups(SUSPENDED_TWICE, 420),
    without_groups(SUSPENDED_PROGRAM_AND_READ, 240),
    without_groups(CACHE_READS, 5016),
    without_groups(CACHE_PROGRAMS, 672),
    without_groups(RECOVERY, 21),
    without_groups(ONE_SHOT_CACHE, 19),
    without_groups(TWO_PLANES, 231),
)


@pytest.mark.parametrize("multiset", SHORT, ids=lambda multiset: multiset.name)
def test_the_solutions_are_the_legal_sequences(multiset: Multiset, tmp_path: Path) -> None:
    question = multiset.ask(tmp_path)
    legal = BruteForce(question).run()
    found, count = solutions(question)
    assert found == legal
    assert count == len(legal) == multiset.legal


@pytest.mark.parametrize("multiset", [m for m in SHORT if OPEN & set(m.wanted.split())], ids=lambda m: m.name)
def test_a_solution_is_decoded_to_a_legal_sequence(multiset: Multiset, tmp_path: Path) -> None:
    question = multiset.ask(tmp_path)
    judge = Judge(question.config)
    judge.feed(question.history)
    judge.feed(one_solution(question))
    assert judge.finish(open_end=not question.drained).findings == ()


@pytest.mark.long
@pytest.mark.parametrize("multiset", LONG, ids=lambda multiset: multiset.name)
def test_the_solutions_are_the_many_legal_sequences(multiset: Multiset, tmp_path: Path) -> None:
    test_the_solutions_are_the_legal_sequences(multiset, tmp_path)
