"""The picture `state`: what each plane did, what was on the bus, what was suspended on each die."""

from __future__ import annotations

from matplotlib.figure import Figure

from planner.plots.drawing import COLUMNS, Label, bars, heading, legend, timeline_page
from planner.plots.raster import BUS, GAP, KINDS, Lane, Run, raster
from planner.recorded.history import History


def draw_state(history: History, begin: int, end: int) -> Figure:
    """A lane per plane with its op_states, one for the bus, and one per die for suspended operations."""
    picture = raster(history, begin, end, COLUMNS)
    names = [f"{lane.name[:-1]} suspended" if lane.kind == GAP else lane.name for lane in picture.lanes]
    page = timeline_page(heading(history, "op_states", picture.edges), names, picture.edges, history.decimals)
    label = _label(history)
    for row, lane in enumerate(picture.lanes):
        thin = lane.kind in (GAP, BUS)
        bars(page, row, lane, top=0.25 if thin else 0.42, height=0.5 if thin else 0.84, label=label)
    codes = {int(code) for lane in picture.lanes for code in lane.cells}
    legend(page, codes, gaps=any(lane.kind == GAP for lane in picture.lanes))
    return page.figure


def _label(history: History) -> Label:
    ops = dict(history.ops.select("op_uid", "op_name").rows())
    bases = dict(history.ops.select("op_uid", "base").rows())

    def label(run: Run, lane: Lane) -> list[str]:
        base, state = bases.get(run.op_uid, ""), KINDS[run.code % len(KINDS)]
        if lane.kind == GAP:
            return [f"{ops.get(run.op_uid, '')} (op {run.op_uid})", f"op {run.op_uid}"]
        return [base] if lane.kind == BUS else [f"{base}.{state}", base]

    return label
