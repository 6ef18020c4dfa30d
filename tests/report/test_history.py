"""What the report reads from a run's files, against the files and the program's own counts."""

from __future__ import annotations

from collections import Counter

import polars as pl

from planner.report.cells import hits_of_operations, read_hits, read_universe
from planner.report.facts import FAMILIES, Facts
from planner.report.folder import RunFolder
from planner.report.history import History, read_history

CELL = ["op_state", "op_name", "bin"]


def counted(run: RunFolder) -> dict[tuple[str, str, int], int]:
    hits = read_hits(run)
    assert hits is not None
    cells = hits.with_columns(bin=pl.col("fine") // 10).group_by(CELL).agg(pl.col("count").sum())
    return {(state, name, place): count for state, name, place, count in cells.rows()}


def test_the_cells_of_each_operation_add_up_to_the_hits_of_the_run(
    made: RunFolder, history: History, facts: Facts
) -> None:
    found = Counter(hits_of_operations(history, facts).select(CELL).rows())
    assert dict(found) == counted(made)


def test_without_the_config_most_hits_are_told_all_the_same(made: RunFolder) -> None:
    alone = read_history(made, Facts.unknown())
    found = set(hits_of_operations(alone, Facts.unknown()).select("op_state", "op_name").rows())
    wanted = {(state, name) for state, name, _ in counted(made)}
    assert len(found & wanted) > 0.8 * len(wanted)


def test_without_the_config_the_lanes_and_the_bus_are_the_same(made: RunFolder, history: History) -> None:
    alone = read_history(made, Facts.unknown())
    assert alone.lanes == history.lanes
    assert alone.bus.equals(history.bus)


def test_segments_that_are_alike_on_planes_of_a_die_become_one_row(history: History) -> None:
    planes = history.held.select(
        pl.col("mask").map_elements(lambda mask: mask.bit_count(), return_dtype=pl.Int64).sum()
    )
    assert planes.item() == len(history.segments)
    assert len(history.held) < len(history.segments)


def test_pieces_of_an_operation_last_as_long_as_its_states(history: History, facts: Facts) -> None:
    # an operation that was neither cut nor aborted, nor handed a window over, lasts its nominal time
    core = history.held.filter(pl.col("state") == "CORE_BUSY").join(
        history.ops.select("op", "op_name", "cuts", "aborted"), on="op"
    )
    whole = core.filter((pl.col("cuts") == 0) & (pl.col("aborted") == 0))
    for start, end, name in whole.select("start", "end", "op_name").iter_rows():
        assert end - start == facts.nominal[name, "CORE_BUSY"]


def test_a_suspension_lasts_from_the_cut_to_the_continuation(history: History) -> None:
    for start, end, op in history.gaps.select("start", "end", "op").iter_rows():
        pieces = history.held.filter(pl.col("op") == op)
        assert start in pieces["end"].to_list()
        ended = end in pieces["start"].to_list()
        assert ended or history.ops["aborted"][op]


def test_every_base_of_the_shipped_device_has_a_family(facts: Facts) -> None:
    of = {base: FAMILIES[facts.family(base)] for base in set(facts.bases.values())}
    assert of["ERASE"] == "erase"
    assert of["ONESHOT_PROGRAM_LSB"] == of["PROGRAM_SLC"] == of["ALLWL_PROGRAM"] == "program"
    assert of["COPYBACK_READ"] == of["COPYBACK_PROGRAM_SLC"] == "copyback"
    assert of["PLANE_READ4K"] == of["CACHE_READ_END"] == of["RECOVERY_RD"] == "read"
    assert of["SR_ADD"] == "status"
    assert of["PROGRAM_RESUME"] == "suspend"
    assert of["SETFEATURE"] == "other"


def test_the_universe_is_the_coverage_file(made: RunFolder) -> None:
    cells = read_universe(made).cells
    assert cells is not None
    lines = made.table("coverage").read_text(encoding="utf-8").count("\n")
    assert len(cells) == lines - 1
