"""Closing plans in memory, judged, with the hits that the timeline counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from model.config import Config, load
from model.device import Device
from model.event import Ints
from model.judge import Judge, Report
from model.timeline import Layout, Timeline
from planner.coverage import HitCounter
from planner.covering import Covering, Goal, windows
from planner.targets.cells import Status
from planner.targets.reachable import reachability

ROOT = Path(__file__).parents[2]
INSTANCES = ROOT / "benchmarks" / "instances"

Raw = dict[str, Any]
Change = Callable[[Raw], None]


@dataclass(frozen=True)
class Loop:
    """A closing plan: the covering that it left behind, what the judge says, the hits and the candidates."""

    covering: Covering
    report: Report
    hits: Ints
    candidates: npt.NDArray[np.bool_]
    operations: int

    @property
    def believed(self) -> npt.NDArray[np.bool_]:
        """The cells that the planner takes for hit: wanted once, and not left."""
        left = self.covering.left
        open_ = np.zeros(self.hits.shape, dtype=np.bool_)
        for op_state, row in enumerate(left.bins):
            for place, names in enumerate(row):
                for name in range(self.hits.shape[1]):
                    open_[op_state, name, place] = bool(names >> name & 1)
        return self.candidates & ~open_


def closed(config: Config, goal: Goal | None = None, seed: int = 0) -> Loop:
    """Plans until the goal is reached or nothing more is found, from a fresh device."""
    device = Device(config)
    covering = Covering(device, Goal() if goal is None else goal)
    layout = Layout.of(config)
    judge, timeline, counter = Judge(config), Timeline(layout), HitCounter(config, layout)
    operations = 0
    for decoded in windows(covering, seed):
        operations += len(decoded.chunk.commands)
        judge.feed(decoded.chunk.commands)
        judge.settled()
        counter.add(timeline.settle(decoded.chunk))
    report = judge.finish(open_end=True)
    counter.add(timeline.finish())
    return Loop(covering, report, counter.hits, reachability(device).status == Status.OPEN, operations)


def changed(folder: Path, *changes: Change) -> Config:
    """The tiny device of the benchmarks after some changes to its file."""
    raw: Raw = yaml.safe_load((INSTANCES / "tiny.yaml").read_text(encoding="utf-8"))
    for change in changes:
        change(raw)
    path = folder / "changed.yaml"
    path.write_text(yaml.safe_dump(raw, sort_keys=False), encoding="utf-8")
    return load(path)


def shaped(planes: int, rows: int, pages: int) -> Change:
    """Another topology."""

    def change(raw: Raw) -> None:
        raw["topology"] |= {"planes": planes, "blocks_per_die": planes * rows, "pages_per_block": pages}
        raw["policies"]["maxplanes"] = planes

    return change


def without(*bases: str) -> Change:
    """Leaves bases out, with their op_names and wherever they are named."""

    def change(raw: Raw) -> None:
        raw["op_names"] = {name: spec for name, spec in raw["op_names"].items() if spec["base"] not in bases}
        left = {spec["base"] for spec in raw["op_names"].values()}
        raw["op_bases"] = {base: spec for base, spec in raw["op_bases"].items() if base in left}
        for spec in raw["op_bases"].values():
            spec.pop("sequence", None)
        raw["payload_by_op_base"] = {base: spec for base, spec in raw["payload_by_op_base"].items() if base in left}
        for group in raw["exclusion_groups"].values():
            for key in group:
                group[key] = [base for base in group[key] if base in left]
        groups = raw["exclusions_by_op_state"]
        raw["exclusions_by_op_state"] = {key: name for key, name in groups.items() if key.split(".")[0] in left}
        raw["program_base_whitelist"] = [base for base in raw["program_base_whitelist"] if base in left]
        listed = raw["constraints"]["single_single_allowed_bases"]
        raw["constraints"]["single_single_allowed_bases"] = [base for base in listed if base in left]

    return change


def setting(*keys: str, to: object) -> Change:
    """Sets what stands under some keys."""

    def change(raw: Raw) -> None:
        for key in keys[:-1]:
            raw = raw.setdefault(key, {})
        raw[keys[-1]] = to

    return change
