"""43. `{}` as candidates means none; a missing key means the default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planner.run import plan
from tests.scenarios.told import changed, tables


def found_in(folder: Path, **parts: Any) -> dict[str, set[str]]:
    """Which op_names were issued in each state, in a run of the shipped device with other candidates."""
    config = changed(folder, **parts)
    plan(config, out=folder / "out", seed=6, ops=500, date="260101")
    found: dict[str, set[str]] = {}
    for row in tables(folder / "out")["op_state_name_input_time_count"]:
        found.setdefault(row["phase_key_virtual"], set()).add(row["op_name"])
    return found


STATES = ["ERASE.CORE_BUSY", "READ.DATA_OUT", "PROGRAM_SLC.CORE_BUSY", "ONESHOT_PROGRAM_LSB.CORE_BUSY"]


def test_nothing_is_issued_where_the_candidates_are_empty(tmp_path: Path) -> None:
    found = found_in(tmp_path, phase_conditional={state: {} for state in STATES[:3]})
    assert not found.keys() & set(STATES[:3])
    assert STATES[3] in found  # a missing key is the default


def test_a_missing_key_is_the_default(tmp_path: Path) -> None:
    found = found_in(tmp_path, phase_conditional={STATES[3]: {}})
    assert set(STATES[:3]) <= found.keys()
    assert STATES[3] not in found


def test_only_the_candidates_given(tmp_path: Path) -> None:
    only = {"Read_Status_Enhanced_70h": 1.0}
    found = found_in(tmp_path, phase_conditional={"ERASE.CORE_BUSY": only})
    assert found["ERASE.CORE_BUSY"] == set(only)
