"""UCIS XML, as pyucis reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ucis.cover_type_t import CoverTypeT
from ucis.scope_type_t import ScopeTypeT
from ucis.xml.xml_factory import XmlFactory

from model.config import Config
from planner.coverage.report import Outcome
from planner.coverage.ucis import ucis_lines
from planner.targets.cells import Status

KINDS = (CoverTypeT.CVGBIN, CoverTypeT.IGNOREBIN, CoverTypeT.ILLEGALBIN)


def bins(path: Path) -> Iterator[tuple[str, str, Any]]:
    """op_state, op_name and cover item of every bin that pyucis finds."""
    for instance in XmlFactory.read(str(path)).scopes(ScopeTypeT.INSTANCE):
        for group in instance.scopes(ScopeTypeT.COVERGROUP):
            for point in group.scopes(ScopeTypeT.COVERPOINT):
                for kind in KINDS:
                    for item in point.coverItems(kind):
                        yield group.getScopeName(), point.getScopeName(), item


@pytest.fixture(scope="module")
def outcome(series: Path, tiny_device: Config) -> Outcome:
    """The recount of three runs."""
    return Outcome.of(tiny_device, [series], ["base"])


@pytest.fixture(scope="module")
def written(outcome: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its UCIS file."""
    path = tmp_path_factory.mktemp("ucis") / "coverage.xml"
    path.write_text("\n".join([*ucis_lines(outcome), ""]), encoding="utf-8")
    return path


def test_pyucis_finds_the_hits_of_every_cell_that_can_be_hit(outcome: Outcome, written: Path) -> None:
    chart = outcome.base_chart()
    hits = outcome.hits(chart)
    able = (chart.with_hits(hits) == Status.REACHABLE) | (chart.with_hits(hits) == Status.OPEN)
    due = {tuple(chart.name(int(cell)).split(", ")): int(hits.ravel()[cell]) for cell in np.flatnonzero(able).tolist()}
    found = {
        (state, name, item.getName()): item.getCoverData().data
        for state, name, item in bins(written)
        if item.getCoverData().type == CoverTypeT.CVGBIN
    }
    assert found == due


def test_what_no_sequence_hits_is_illegal(outcome: Outcome, written: Path) -> None:
    """Reads are forbidden in an erase: one bin from 0 to 9."""
    found = [
        (item.getName(), item.getCoverData().type)
        for state, name, item in bins(written)
        if (state, name) == ("ERASE.CORE_BUSY", "Read_SLC")
    ]
    assert found == [("0..9", CoverTypeT.ILLEGALBIN)]


def test_no_clock_is_in_it(outcome: Outcome, written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    assert 'writtenTime="2026-01-01T00:00:00"' in text
    assert text == "\n".join([*ucis_lines(outcome), ""])
