"""The coverage table of a run, and the section of its page."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from planner.coverage import HitCounter
from planner.coverage.chart import Chart
from planner.export import RunWriter
from planner.export.coverage import cell_rows
from planner.targets.cells import Status
from tests.export.stories import suspended_erase
from tests.export.tiny import config

DATE = "260102"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The folder of a run: a two-plane erase, suspended; a status read and the SUSPEND in it; and more."""
    with RunWriter(config(), tmp_path, run=1, date=DATE, seed=7) as writer:
        writer.write(suspended_erase().chunk())
        writer.commit()
    return tmp_path


def table(out: Path) -> list[dict[str, str]]:
    """The rows of the table."""
    with (out / f"coverage_{DATE}_0000001.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_cell_of_the_universe_has_one_row(out: Path) -> None:
    chart = Chart.of(config())
    rows = table(out)
    assert len(rows) == len(chart.cells)
    assert len({(row["op_state"], row["op_name"], row["bin"]) for row in rows}) == len(rows)
    assert list(rows[0]) == ["op_state", "op_name", "bin", "status", "hits", "reason"]


def test_rows_are_in_the_order_of_the_config(out: Path) -> None:
    states = list(Chart.of(config()).device.op_states.names)
    names = [name.name for name in config().names]
    keys = [(states.index(row["op_state"]), names.index(row["op_name"]), int(row["bin"])) for row in table(out)]
    assert keys == sorted(keys)


def test_a_hit_cell_is_reachable_with_its_hits(out: Path) -> None:
    """The status read comes at 11 us into an erase whose CORE_BUSY lasts from 1 to 101 us: bin 1."""
    hit = {(row["op_state"], row["op_name"], row["bin"]): row for row in table(out) if row["hits"] != "0"}
    row = hit["ERASE.CORE_BUSY", "Status", "1"]
    assert (row["status"], row["hits"], row["reason"]) == ("reachable", "1", "")


def test_a_cell_that_no_run_has_hit_stays_open(out: Path) -> None:
    row = next(
        row for row in table(out) if (row["op_state"], row["op_name"], row["bin"]) == ("ERASE.CORE_BUSY", "Status", "5")
    )
    assert (row["status"], row["hits"]) == ("open", "0")


def test_end_has_bin_0_only(out: Path) -> None:
    assert {row["bin"] for row in table(out) if row["op_state"].endswith(".END")} == {"0"}


def test_a_name_with_a_comma_is_quoted(out: Path) -> None:
    text = (out / f"coverage_{DATE}_0000001.csv").read_text(encoding="utf-8")
    assert 'ERASE.CORE_BUSY,"Read, slow",0,excluded,0,' in text


def test_the_page_tells_the_counts_of_the_table(out: Path) -> None:
    section = json.loads((out / "run_0000001.json").read_text(encoding="utf-8"))["coverage"]
    rows = table(out)
    for status in ("excluded", "disabled", "unreachable", "reachable", "open"):
        assert section[status] == sum(row["status"] == status for row in rows)
    right = [row for row in rows if row["status"] == "reachable" and row["hits"] != "0"]
    assert section["hit"] == len(right)
    assert section["grain"] == "base"


def test_a_writer_of_other_tables_tells_nothing_of_coverage(tmp_path: Path) -> None:
    with RunWriter(config(), tmp_path, run=1, date=DATE, seed=7, tables=("operation_sequence",)) as writer:
        writer.write(suspended_erase().chunk())
        writer.commit()
    assert not list(tmp_path.glob("coverage*"))
    assert "coverage" not in json.loads((tmp_path / "run_0000001.json").read_text(encoding="utf-8"))


def test_a_proven_cell_keeps_its_status_when_it_is_hit() -> None:
    """A contradiction stays visible."""
    chart = Chart.of(config())
    hits = HitCounter(config()).hits
    cell = int(np.flatnonzero(chart.status == Status.EXCLUDED)[0])
    hits.reshape(-1)[cell] = 2
    line = cell_rows(chart, hits).text.splitlines()[int(np.searchsorted(chart.cells, cell))]
    assert b",excluded,2," in line
