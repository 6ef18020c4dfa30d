"""[sr-value], [sr-stable], [absent-lun]."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.judge.script import Script

SR, SR_72, SR_7C = "Read_Status_Enhanced_70h", "Read_Status_Enhanced_72h", "Read_Status_Enhanced_7Ch"
DOUT = "Change_Read_Column_Random_Data_Output"


def with_flags(data: dict[str, Any]) -> None:
    """Let expected values tell what is suspended."""
    data.setdefault("pattern_export", {})["exp_val_suspend"] = True


@pytest.mark.parametrize(("exp", "legal"), [("ready", True), ("busy", False), ("extrdy", False)])
def test_an_idle_die_is_ready(s: Script, exp: str, legal: bool) -> None:
    s.op(SR, 0, exp=exp)
    assert s.broken() == (set() if legal else {"sr-value"})


def test_core_busy_shows_from_its_first_tick(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op(SR, erase.issue_end, exp="busy")
    assert s.broken() == set()


def test_core_busy_shows_no_more_at_its_end(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op(SR, erase.end, exp="ready")
    assert s.broken() == set()


def test_a_data_window_shows_extrdy(s: Script) -> None:
    s.op("Block_Erase_SLC", 0)
    cache = s.op("Cache_Program_SLC")
    s.op(SR, cache.core_end, exp="extrdy")
    assert s.broken() == set()


def test_a_busy_plane_outweighs_a_window(s: Script) -> None:
    s.programmed(planes=(0, 1))
    first = s.op("Plane_Level_Page_Read_SLC", planes=0)
    s.op("Plane_Level_Page_Read_SLC", first.core_end - 100_000, planes=1)
    for name in (SR, SR_72, SR_7C):
        s.op(name, exp="busy", at=None if name != SR else first.core_end + 10, planes=0)
    assert s.broken() == set()


def test_another_die_does_not_show(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0, die=1)
    s.op(SR, erase.issue_end, exp="ready", die=0)
    assert s.broken() == set()


@pytest.mark.parametrize(("late", "legal"), [(0, True), (1, False)])
def test_the_value_is_stable_to_the_end_of_issue(s: Script, late: int, legal: bool) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op(SR, erase.end - s.catalogue.name(SR).issue + late, exp="busy")
    assert s.broken() == (set() if legal else {"sr-stable"})


def test_the_finding_tells_when_the_value_changes(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op(SR, erase.end - 5, exp="busy")
    (finding,) = s.judge().findings
    assert (finding.rule, finding.time, finding.op_uid) == ("sr-stable", erase.end, 2)


def test_a_busy_plane_beside_keeps_the_value(s: Script) -> None:
    s.programmed(planes=(0, 1))
    first = s.op("Plane_Level_Page_Read_SLC", planes=0)
    s.op("Plane_Level_Page_Read_SLC", first.core_end - 100_000, planes=1)
    s.op(SR_72, first.core_end - 5, exp="busy", planes=0)
    assert s.broken() == set()


def test_a_window_s_end_changes_the_value(s: Script) -> None:
    s.op("Block_Erase_SLC", 0)
    cache = s.op("Cache_Program_SLC")
    s.op(SR, cache.end - 1, exp="extrdy")
    assert s.broken() == {"sr-stable"}


def test_a_continuation_keeps_the_die_busy(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op("Erase_Suspend_Reset", erase.issue_end + 1_000_000)
    resume = s.op("Erase_Resume")
    s.op(SR, resume.end - 5, exp="busy")
    assert s.broken() == set()


def test_at_the_start_of_a_continuation_the_die_is_busy(s: Script) -> None:
    erase = s.op("Block_Erase_SLC", 0)
    s.op("Erase_Suspend_Reset", erase.issue_end + 1_000_000)
    resume = s.op("Erase_Resume")
    s.op(SR, resume.end, exp="busy")
    assert s.broken() == set()


def test_an_operation_that_starts_inside_a_status_read_changes_its_value(device: Callable[..., Script]) -> None:
    def off_bus(data: dict[str, Any]) -> None:
        data["op_bases"]["SR"]["states"] = {"ISSUE": {}}

    for at, broken in ((0, {"sr-stable"}), (2000, set())):
        s = device(off_bus)
        status = s.op(SR, 0, exp="ready")
        s.op("Block_Erase_SLC", status.end - 2000 + at)
        assert s.broken() == broken


def test_a_cut_inside_a_status_read_changes_its_value(device: Callable[..., Script]) -> None:
    def off_bus(data: dict[str, Any]) -> None:
        data["op_bases"]["SR"]["states"] = {"ISSUE": {}}

    s = device(off_bus)
    erase = s.op("Block_Erase_SLC", 0)
    s.op(SR, erase.issue_end + 1000, exp="busy")
    s.op("Erase_Suspend_Reset", erase.issue_end + 2000)
    assert s.broken() == {"sr-stable"}


def test_the_suspend_flags_are_part_of_the_value(device: Callable[..., Script]) -> None:
    s = device(with_flags)
    erase = s.op("Block_Erase_SLC", 0)
    suspend = s.op("Erase_Suspend_Reset", erase.issue_end + 1000)
    s.op(SR, suspend.issue_end, exp="busy")
    s.op(SR, suspend.end, exp="ready/erasus")
    s.op("Erase_Resume")
    assert s.broken() == set()


def test_the_suspend_flags_are_watched_too(device: Callable[..., Script]) -> None:
    s = device(with_flags)
    erase = s.op("Block_Erase_SLC", 0)
    s.op("Erase_Suspend_Reset", erase.issue_end + 1000)
    resume = s.op("Erase_Resume")
    s.op(SR, resume.end - 5, exp="busy/erasus")
    assert s.broken() == {"sr-stable"}


@pytest.mark.parametrize(
    ("name", "die", "rules"),
    [
        ("LUN_Status_Read_for_LUN0", 0, set()),
        ("LUN_Status_Read_for_LUN1", 1, set()),
        ("LUN_Status_Read_for_LUN1", 0, {"absent-lun"}),
        ("LUN_Status_Read_for_LUN2", 2, {"absent-lun", "range"}),
        ("LUN_Status_Read_for_LUN3", 0, {"absent-lun"}),
    ],
)
def test_a_lun_status_read_names_its_die(s: Script, name: str, die: int, rules: set[str]) -> None:
    s.op(name, 0, die=die)
    assert s.broken() == rules
