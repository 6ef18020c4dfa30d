"""Coverage: the cells that each operation of a run hit, and the universe as the coverage file tells it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from planner.report import tables
from planner.report.facts import Facts
from planner.report.folder import RunFolder
from planner.report.history import MOST_PLANES, History

COVERAGE = ("op_state", "op_name", "bin", "status", "hits", "reason")
COUNTS = ("op_state", "op_name", "input_time", "count")
STATUSES = ("excluded", "disabled", "unreachable", "open", "reachable")
"""As the file names them. A cell with hits is shown as `hit`, whatever its status."""
BINS = 10
FINE = 100
DEFAULT = "DEFAULT"
POINTLIKE = (".END", DEFAULT)
_RANKS = {"CORE_BUSY": 0, "DATA_OUT": 1, "DATA_IN": 1, "END": 2}


@dataclass(frozen=True, slots=True)
class Universe:
    """`cells`: op_state, op_name, bin, status (place in STATUSES), hits, reason; None where there is no file."""

    path: Path
    cells: pl.DataFrame | None

    @property
    def known(self) -> bool:
        """Whether there is a coverage file."""
        return self.cells is not None


def read_universe(run: RunFolder) -> Universe:
    """The coverage file of a run, if there is one. UnusableInput."""
    path = run.table("coverage")
    if not path.is_file():
        return Universe(path, None)
    frame = tables.read(path, COVERAGE)
    status = tables.one_of(frame, "status", path, (*STATUSES, "hit"))
    cells = frame.select(
        "op_state", "op_name", tables.whole(frame, "bin", path), status.alias("status"),
        tables.whole(frame, "hits", path), "reason",
    )  # fmt: skip
    hit = pl.col("status") == len(STATUSES)  # a file that says `hit` means a reachable cell with hits
    return Universe(
        path, cells.with_columns(pl.when(hit).then(len(STATUSES) - 1).otherwise(pl.col("status")).alias("status"))
    )


def read_hits(run: RunFolder) -> pl.DataFrame | None:
    """Hits by op_state, op_name and hundredth of the segment; None where there is no file. UnusableInput."""
    path = run.table("op_state_name_input_time_count")
    if not path.is_file():
        return None
    frame = tables.read(path, COUNTS)
    hundredth = tables.ticks(frame, "input_time", path, 2).alias("fine")
    made = frame.select("op_state", "op_name", hundredth, tables.whole(frame, "count", path))
    return made.group_by("op_state", "op_name", "fine", maintain_order=True).agg(pl.col("count").sum())


def hits_of_operations(history: History, facts: Facts) -> pl.DataFrame:
    """The cells that each operation hit: op, op_state, op_name, bin; once per operation and cell, in order of op.

    A bin needs the length planned for the segment in which the plane was: the config's, less what its operation had
    done of it. Without the config the longest of the run stands for it, and only the planes of operation_timeline are
    seen.
    """
    rows = _targets(history, facts).filter(~pl.col("op_base").is_in(facts.silent)).sort("time", maintain_order=True)
    found = rows.join_asof(
        _planned(history, facts), left_on="time", right_on="start", by=["die", "plane"], check_sortedness=False
    )
    cut = pl.col("end") - pl.col("start") < pl.col("planned")
    inside = (pl.col("time") < pl.col("end")) | ((pl.col("time") == pl.col("end")) & cut)
    seen = pl.when(inside).then(pl.col("segment")).otherwise(pl.col("segment").str.split(".").list.first() + ".END")
    found = found.with_columns(pl.coalesce("op_state", seen).fill_null(DEFAULT), inside=inside.fill_null(False))
    if not facts.default_state:
        found = found.filter(pl.col("op_state") != DEFAULT)
    found = _busiest(found, facts)
    within = (pl.col("time") - pl.col("start")) * BINS // pl.max_horizontal("planned", 1)
    pointlike = pl.any_horizontal(pl.col("op_state").str.ends_with(end) for end in POINTLIKE)
    # a state that was cut at its first tick has left no segment: bin 0
    cell = (
        pl.when(pointlike | ~pl.col("inside"))
        .then(0)
        .otherwise(pl.min_horizontal(within, BINS - 1))
        .fill_null(0)
        .alias("bin")
    )
    made = found.select("op", "op_state", "op_name", cell)
    return made.unique(maintain_order=True).sort("op", maintain_order=True)


def _targets(history: History, facts: Facts) -> pl.DataFrame:
    """The target planes of each operation at its issue; op_state where operation_timeline tells it."""
    columns = ("op", "time", "die", "plane", "op_name", "op_base")
    told = history.issued.select(*columns, "op_state")
    if not facts.wide:
        return told
    lanes = pl.DataFrame(history.lanes, schema={"die": pl.Int64, "plane": pl.Int64}, orient="row")
    wide = history.ops.filter(pl.col("op_base").is_in(facts.wide)).join(lanes, on="die")
    more = wide.select(columns).join(told, on=["op", "die", "plane"], how="anti")
    return pl.concat([told, more.with_columns(op_state=pl.lit(None, dtype=pl.Utf8))])


def _busiest(found: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Of the planes of an operation that sees its die as one, only the busiest; of equal ones the first."""
    rank = pl.col("op_state").str.split(".").list.last().replace_strict(_RANKS, default=3, return_dtype=pl.Int64)
    order = rank * (MOST_PLANES + 1) + pl.col("plane")
    return found.filter(~pl.col("op_base").is_in(facts.narrow) | (order == order.min().over("op")))


def _planned(history: History, facts: Facts) -> pl.DataFrame:
    """Every segment but ISSUE (as `segment`, start, end) with the length planned for it."""
    state = pl.col("op_state").str.split(".").list.last().alias("state")
    segments = history.segments.with_columns(state).filter(pl.col("state") != "ISSUE")
    segments = segments.join(history.ops.select("op", "op_name"), on="op", how="left", maintain_order="left")
    lengths = [(name, state, ticks) for (name, state), ticks in facts.nominal.items()]
    nominal = pl.DataFrame(lengths, schema={"op_name": pl.Utf8, "state": pl.Utf8, "nominal": pl.Int64}, orient="row")
    joined = segments.join(nominal, on=["op_name", "state"], how="left", maintain_order="left")
    length = pl.col("end") - pl.col("start")
    done = length.cum_sum().over("op_uid", "die", "plane", "state", order_by="start") - length
    planned = pl.col("nominal").fill_null((done + length).max().over("op_name", "state")) - done
    made = joined.select("start", "end", "die", "plane", pl.col("op_state").alias("segment"), planned=planned)
    return made.sort("start", maintain_order=True)
