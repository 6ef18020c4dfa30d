"""18. Weight 0 never appears in any output."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.config import Config
from planner.run import plan
from tests.scenarios.told import changed, tables

NEVER = {"ERASE_SUSPEND", "RESET", "RESET_LUN", "CAMREAD", "SR_ADD", "Page_Program_SLC", "Read_Status_Enhanced_70h"}


def named(config: Config) -> set[str]:
    """The op_names that NEVER means."""
    return {spec.name for spec in config.names if spec.name in NEVER or spec.base in NEVER}


@pytest.mark.parametrize("seed", [1, 2])
def test_neither_bases_nor_names_of_weight_zero(tmp_path: Path, seed: int) -> None:
    weights = {"global": dict.fromkeys(sorted(NEVER), 0.0)}
    config = changed(tmp_path, phase_conditional_overrides=weights)
    plan(config, out=tmp_path / "out", seed=seed, ops=600, date="260101")
    found = tables(tmp_path / "out")
    cells = [row for row in found.pop("coverage") if row["op_name"] in named(config) | NEVER]
    assert cells
    assert not any(int(row["hits"]) or row["status"] in ("reachable", "open") for row in cells)
    for table, rows in found.items():
        assert rows
        for row in rows:
            assert row.get("op_name") not in named(config) | NEVER, (table, row)
            assert row.get("op_base") not in NEVER, (table, row)


def test_without_the_weights_they_appear(shipped: Config, tmp_path: Path) -> None:
    plan(shipped, out=tmp_path, seed=1, ops=600, date="260101")
    bases = {spec.name: spec.base for spec in shipped.names}
    sent = {row["op_name"] for row in tables(tmp_path)["operation_sequence"]}
    assert sent | {bases[name] for name in sent} >= NEVER


def test_weight_zero_in_one_state_only(tmp_path: Path) -> None:
    """Status reads are never emitted while an erase is busy, and are emitted elsewhere."""
    weights = {"ERASE.CORE_BUSY": {"SR": 0.0, "SR_ADD": 0.0}}
    config = changed(tmp_path, phase_conditional_overrides=weights)
    plan(config, out=tmp_path / "out", seed=3, ops=400, date="260101")
    bases = {spec.name: spec.base for spec in config.names}
    hits = tables(tmp_path / "out")["op_state_name_input_time_count"]
    status = [row["phase_key_virtual"] for row in hits if bases[row["op_name"]] in ("SR", "SR_ADD")]
    assert status
    assert "ERASE.CORE_BUSY" not in status
