"""What a scenario leaves open is tried out before a no: bases, planes, dies, whose chain it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.config import load
from model.device import Device
from planner.scenario.answer import No
from tests.scenario.called import answered, sent, solved, yes

DEVICE = Device(load())


def names(text: str, folder: Path) -> list[str]:
    return [name for name, _ in sent(DEVICE, solved(folder, DEVICE, text))]


def test_the_base_that_fits_is_taken_of_several(tmp_path: Path) -> None:
    # an erase takes 7000 us, a read 25
    text = "operations:\n  x: {op: [ERASE, READ], die: 0}\nstatements:\n  - {deadline: 500}\n"
    assert any(name.startswith("Read_") for name in names(text, tmp_path))


def test_a_cache_read_on_another_plane_gets_a_read_of_its_own(tmp_path: Path) -> None:
    text = """operations:
  r: {op: Read_SLC, die: 0, plane: 0}
  c: {op: Read_Cache_Random_SLC, die: 0, plane: 1}
"""
    planes = [(name, entries[0][1]) for name, entries in sent(DEVICE, solved(tmp_path, DEVICE, text))]
    assert planes.count(("Read_SLC", 0)) == 1
    assert planes.count(("Read_SLC", 1)) == 1
    assert planes.count(("Read_Cache_Random_SLC", 1)) == 1


def test_a_step_on_another_block_begins_a_chain_of_its_own(tmp_path: Path) -> None:
    text = """operations:
  a: {op: One_Shot_PGM_LSB, die: 0, block: 0}
  b: {op: One_Shot_PGM_CSB, die: 0, block: 4}
"""
    assert names(text, tmp_path).count("One_Shot_PGM_LSB") == 2


def test_where_the_order_is_free_steps_of_one_chain_find_each_other(tmp_path: Path) -> None:
    # LSB and CSB take 29.8244 us each, the last step 2009.8244: two chains would take more than 4000
    text = """order: free
operations:
  csb: {op: One_Shot_PGM_CSB, die: 0}
  lsb: {op: One_Shot_PGM_LSB, die: 0}
statements:
  - {deadline: 2500}
"""
    assert yes(tmp_path, DEVICE, text).added == 2  # the erase before, and the step that executes


def test_an_op_name_that_must_not_be_is_not_taken(tmp_path: Path) -> None:
    text = "operations:\n  x: {op: ERASE, die: 0}\nstatements:\n  - {never: Block_Erase_AESLC}\n"
    assert "Block_Erase_AESLC" not in names(text, tmp_path)


def test_pages_of_one_block_that_are_wanted_twice_are_erased_in_between(tmp_path: Path) -> None:
    text = """operations:
  p: {op: Page_Program_SLC, die: 0, page: 1, block: 8}
  q: {op: Page_Program_SLC, die: 0, page: 1, block: 8}
"""
    assert names(text, tmp_path).count("Block_Erase_SLC") == 2


def test_a_load_of_data_is_for_the_program_that_follows(tmp_path: Path) -> None:
    text = "operations:\n  d: {op: DATAIN, die: 0}\n  p: {op: Page_Program_SLC, die: 0, block: {same: d}}\n"
    assert yes(tmp_path, DEVICE, text).operations == 3


def test_a_reset_frees_the_latch_of_a_chain_that_it_stops(tmp_path: Path) -> None:
    text = """operations:
  p: {op: One_Shot_PGM_MSB_23h, die: 0, suspended: [30%]}
  x: {op: Super_Reset, die: 0, inside: {of: p, piece: 2}}
  e: {op: Block_Erase_TLC, die: 0, block: {same: p}}
"""
    assert yes(tmp_path, DEVICE, text).operations == 8  # erase, LSB, CSB, p, SUSPEND, RESUME, x, e


@pytest.mark.parametrize(
    ("text", "said", "rule"),
    [
        (
            "operations:\n  p: {op: Page_Program_SLC, die: 0}\nstatements:\n  - {never: ERASE}\n",
            ":4",
            "program-after-erase",
        ),
        ("operations:\n  r: {op: Read_FWSLC, die: 0}\n", ":2", "read-programmed"),
        ("operations:\n  r: {op: RECOVERY_RD}\n", ":2", "recovery"),
    ],
)
def test_what_nothing_can_prepare_is_a_no(text: str, said: str, rule: str, tmp_path: Path) -> None:
    found = answered(tmp_path, DEVICE, text)
    assert isinstance(found, No)
    assert not found.searched
    assert found.conflict[-1].rule == rule
    assert any(reason.where.endswith(said) for reason in found.conflict)


def test_suspensions_that_must_not_be_name_both_statements(tmp_path: Path) -> None:
    text = "operations:\n  e: {op: ERASE, die: 0, suspended: 1}\nstatements:\n  - {never: ERASE_SUSPEND}\n"
    found = answered(tmp_path, DEVICE, text)
    assert isinstance(found, No)
    assert [reason.where.rpartition(":")[2] for reason in found.conflict[:2]] == ["2", "4"]
