"""A history that goes on from a snapshot is judged as if it had never been cut."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from model.judge import Judge
from model.judge.account import ERASED, PROGRAMMED
from tests.judge.script import Script

NOW = 1_000_000
DOUT = "Change_Read_Column_Random_Data_Output"
PLANE: dict[str, Any] = {"last": None, "data": None, "cache": None, "cache_read": None}


class Past:
    """A snapshot in the making: block 0 of die 0 erased or programmed, and what is open."""

    def __init__(self, s: Script) -> None:
        self.s = s
        topology = s.config.topology
        dies = [
            {
                "planes": [dict(PLANE) for _ in range(topology.planes)],
                "running": [],
                "suspended": [],
                "shot": None,
                "cache_program": None,
            }
            for _ in range(topology.dies)
        ]
        self.data: dict[str, Any] = {
            "schema": 1,
            "time": NOW,
            "next_op_uid": 101,
            "odt_disabled": False,
            "dies": dies,
        }
        self.blocks = np.zeros((topology.dies, topology.blocks_per_die, 3), dtype=np.int16)
        self.blocks[:, :, 2] = -1

    @property
    def die(self) -> dict[str, Any]:
        """Die 0."""
        die: dict[str, Any] = self.data["dies"][0]
        return die

    def block(self, block: int, kind: int, celltype: str, last: int) -> None:
        self.blocks[0, block] = (kind, self.s.config.celltypes.index(celltype), last)

    def live(self, name: str, planes: Sequence[int], **changes: Any) -> dict[str, Any]:
        spec = self.s.catalogue.name(name)
        start = NOW - spec.issue - 1000
        return {
            "op_uid": 100,
            "op_name": name,
            "planes": list(planes),
            "row": 0,
            "page": 0,
            "celltype": self.s.config.celltypes[spec.celltype],
            "start": start,
            "fragment": 0,
            "piece_start": start + spec.issue,
            "remaining": spec.core_busy,
            "end": start + spec.length,
        } | changes

    def broken(self, *, open_end: bool = True) -> set[str]:
        judge = Judge(self.s.config, copy.deepcopy(self.data), self.blocks)
        self.s.renumber()
        commands = self.s.commands
        object.__setattr__(commands, "op_uid", commands.op_uid + 100)
        judge.feed(commands)
        return set(judge.finish(open_end=open_end).by_rule)


def register(**changes: Any) -> dict[str, Any]:
    """Page 0 of row 0, read on plane 0."""
    return {
        "op_uid": 90,
        "base": "READ",
        "row": 0,
        "page": 0,
        "celltype": "SLC",
        "planes": [0],
        "ready": NOW - 10,
        "delivered": False,
    } | changes


@pytest.fixture
def past(s: Script) -> Past:
    """A fresh device at a later time."""
    return Past(s)


def test_blocks_are_as_the_snapshot_says(past: Past) -> None:
    past.block(0, PROGRAMMED, "SLC", 3)
    past.block(4, ERASED, "TLC", -1)
    past.s.op("Read_SLC", NOW, page=3)
    past.s.op(DOUT, page=3)
    past.s.op("One_Shot_PGM_LSB", row=1)
    assert past.broken() == set()


def test_bad_blocks_and_pages_count_too(past: Past) -> None:
    past.block(0, PROGRAMMED, "SLC", 3)
    past.s.op("Read_SLC", NOW, page=4)
    assert past.broken() == {"read-programmed"}


@pytest.mark.parametrize(("late", "legal"), [(0, True), (-1, False)])
def test_a_running_erase_ends_when_the_snapshot_says(past: Past, late: int, legal: bool) -> None:
    erase = past.live("Block_Erase_SLC", [0])
    past.die["running"].append(erase)
    past.s.op("Page_Program_SLC", erase["end"] + late)
    assert (past.broken() == set()) == legal


def test_a_running_erase_can_be_suspended_and_its_rest_is_exact(past: Past) -> None:
    past.die["running"].append(past.live("Block_Erase_SLC", [0]))
    suspend = past.s.op("Erase_Suspend_Reset", NOW + 500)
    resume = past.s.op("Erase_Resume", suspend.end)
    end = resume.end + 70_000_000 - 1500
    past.s.op("Page_Program_SLC", end)
    assert past.broken() == set()


def test_a_suspended_erase_goes_on(past: Past) -> None:
    erase = past.live("Block_Erase_SLC", [0], remaining=5000, end=NOW - 2_000_000)
    past.die["suspended"].append(erase)
    for plane in past.die["planes"]:
        plane["last"] = "ERASE_SUSPEND"
    resume = past.s.op("Erase_Resume", NOW)
    past.s.op("Page_Program_SLC", resume.end + 5000)
    assert past.broken() == set()


def test_a_suspended_erase_left_alone_is_not_drained(past: Past) -> None:
    past.die["suspended"].append(past.live("Block_Erase_SLC", [0], remaining=5000, end=NOW - 2_000_000))
    past.s.op("Set_Features", NOW)
    assert past.broken(open_end=False) == {"suspend-state", "drained"}


def test_undelivered_data_is_still_due(past: Past) -> None:
    past.block(0, PROGRAMMED, "SLC", 3)
    past.die["planes"][0].update(last="READ", data=register())
    past.s.op("Block_Erase_SLC", NOW, row=1)
    assert past.broken() == {"latch", "dout"}


def test_a_delivery_of_the_run_before_can_be_made(past: Past) -> None:
    past.block(0, PROGRAMMED, "SLC", 3)
    past.die["planes"][0].update(last="READ", data=register())
    past.s.op(DOUT, NOW, celltype="SLC")
    assert past.broken(open_end=False) == set()


def test_an_open_cache_read_is_ended(past: Past) -> None:
    past.block(0, PROGRAMMED, "SLC", 3)
    where = {"planes": [0], "row": 0, "page": 1, "celltype": "SLC"}
    past.die["planes"][0].update(
        last="CACHE_READ",
        data=register(base="CACHE_READ", page=1),
        cache=register(op_uid=80, delivered=True),
        cache_read={"base": "CACHE_READ"} | where,
    )
    past.s.op("Read_Cache_End", NOW, page=1, celltype="SLC")
    past.s.op(DOUT, page=1, celltype="SLC")
    assert past.broken(open_end=False) == set()


def test_an_open_chain_goes_on_with_its_next_step(past: Past) -> None:
    past.block(0, ERASED, "TLC", -1)
    past.die["shot"] = {
        "copyback": False,
        "step": "ONESHOT_PROGRAM_LSB",
        "planes": [0],
        "row": 0,
        "page": 0,
        "celltype": "TLC",
        "cached": False,
        "latch": "ONESHOT_PROGRAM_LSB",
        "ends": NOW - 5,
    }
    past.s.op("Data_transfer_to_cache_for_1st_Page_TLC", NOW)
    past.s.op("One_Shot_PGM_CSB")
    past.s.op("One_Shot_PGM_MSB_23h")
    assert past.broken(open_end=False) == set()


def test_an_open_cache_program_is_closed(past: Past) -> None:
    past.block(0, PROGRAMMED, "SLC", 0)
    past.die["cache_program"] = {"planes": [0], "row": 0, "page": 0, "celltype": "SLC"}
    past.s.op("Read_ID_JEDEC", NOW)
    past.s.op("Page_Program_SLC", page=1)
    assert past.broken(open_end=False) == {"cache"}


def test_odt_stays_disabled(past: Past) -> None:
    past.data["odt_disabled"] = True
    past.s.op("Block_Erase_SLC", NOW)
    assert past.broken() == {"odt"}


def test_numbers_go_on(past: Past) -> None:
    past.data["next_op_uid"] = 102
    past.s.op("Delay", NOW)
    assert past.broken() == {"op-uid"}


def test_the_last_segment_still_forbids(past: Past) -> None:
    past.die["planes"][0]["last"] = "READ"
    past.s.op("Block_Erase_SLC", NOW)
    assert past.broken() == set()


def test_what_runs_on_several_dies_is_one_operation(past: Past) -> None:
    name = "Auto_Read_by_38h_Cmd_Target_Level"
    for die in past.data["dies"]:
        die["running"].append(past.live(name, range(4), row=-1, page=-1, celltype=None))
    end = past.die["running"][0]["end"]
    past.s.op("Block_Erase_SLC", end - 1)
    past.s.op("Block_Erase_SLC", end, die=1)
    assert past.broken() >= {"plane-busy"}
    past.s = Script(past.s.config)
    past.s.op("Block_Erase_SLC", end)
    past.s.op("Block_Erase_SLC", end + past.s.steps[0].name.issue, die=1)
    assert past.broken() == set()


def test_what_makes_no_segment_runs_on_too(past: Past) -> None:
    past.die["running"].append(past.live("Write_Protect_Operation", range(4), row=-1, page=-1, celltype=None))
    past.die["running"][0].update(start=NOW - 1, piece_start=NOW + 99, end=NOW + 99)
    past.s.op("Block_Erase_SLC", NOW + 98)
    assert past.broken() == {"bus", "plane-busy"}


def test_a_cache_program_under_way_is_closed_by_the_next_page(past: Past) -> None:
    past.block(0, ERASED, "SLC", -1)
    past.die["cache_program"] = {"planes": [0], "row": 0, "page": 0, "celltype": "SLC"}
    program = past.live("Cache_Program_SLC", [0])
    past.die["running"].append(program)
    past.s.op("Page_Program_SLC", program["end"], page=1)
    assert past.broken(open_end=False) == set()


def test_a_closing_program_under_way_closes_its_cache_program(past: Past) -> None:
    past.block(0, PROGRAMMED, "SLC", 0)
    past.die["cache_program"] = {"planes": [0], "row": 0, "page": 0, "celltype": "SLC"}
    closer = past.live("Page_Program_SLC", [0], page=1)
    past.die["running"].append(closer)
    past.s.op("Block_Erase_SLC", closer["end"], row=1)
    assert past.broken(open_end=False) == set()


def test_without_an_array_all_blocks_are_as_at_first(s: Script) -> None:
    past = Past(s)
    judge = Judge(s.config, past.data)
    s.op("Page_Program_SLC", NOW, uid=101)
    judge.feed(s.commands)
    assert set(judge.finish(open_end=True).by_rule) == {"program-after-erase"}


def test_an_array_of_another_shape(past: Past) -> None:
    with pytest.raises(ValueError, match="blocks have shape"):
        Judge(past.s.config, past.data, past.blocks[:, :-1])


@pytest.mark.parametrize("change", [{"schema": 2}, {"dies": []}, {"dies": [{}, {}]}, {"time": "x"}])
def test_a_snapshot_that_does_not_fit(past: Past, change: dict[str, Any]) -> None:
    past.data.update(change)
    with pytest.raises(ValueError, match=r"snapshot|invalid literal"):
        Judge(past.s.config, past.data, past.blocks)
