"""18. Weight 0 never appears in any output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from model.config import Config, load
from planner.run import plan
from tests.scenarios.stage import tables

SHIPPED = Path(__file__).parents[2] / "config.yaml"


def changed(folder: Path, **parts: Any) -> Config:
    """The shipped config with some of its top-level keys replaced."""
    raw = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump({**raw, **parts}, sort_keys=False), encoding="utf-8")
    return load(path)


@pytest.mark.parametrize("seed", [1, 2])
def test_neither_bases_nor_names_of_weight_zero(tmp_path: Path, seed: int) -> None:
    never = {"ERASE_SUSPEND", "RESET", "RESET_LUN", "CACHE_READ", "Read_SLC", "Page_Program_SLC"}
    config = changed(tmp_path, phase_conditional_overrides={"global": dict.fromkeys(sorted(never), 0.0)})
    plan(config, out=tmp_path / "out", seed=seed, ops=400, date="260101")
    bases = {spec.name: spec.base for spec in config.names}
    named = {name for name, base in bases.items() if name in never or base in never}
    for table, rows in tables(tmp_path / "out").items():
        for row in rows:
            assert row.get("op_name") not in named, (table, row)
            assert row.get("op_base") not in never, (table, row)


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
