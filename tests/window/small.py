"""Small devices cut out of the shipped one, and the judge's word on whole small sequences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from model.boundary import Boundary
from model.config import Config, load
from model.device import Device
from model.event import NOTHING, Commands
from model.judge import Judge
from planner.solve import Budget, Solved, solve
from planner.window.spec import OpSpec, WindowSpec

ROOT = Path(__file__).parents[2]
TABLES = ("op_state", "latch_state", "cache_state", "suspend_state", "odt_state")


def small_config(
    folder: Path,
    ticks: Mapping[str, Sequence[int]],
    *,
    dies: int = 1,
    planes: int = 1,
    rows: int = 2,
    pages: int = 3,
    empty: Iterable[str] = (),
    policies: Mapping[str, Any] | None = None,
) -> Config:
    """The shipped device with only some op_names, each with its durations in ticks, and a small topology.

    `empty` names tables whose groups forbid nothing: op_state, latch_state, cache_state, suspend_state, odt_state.
    """
    raw: dict[str, Any] = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    raw["topology"] = {"dies": dies, "planes": planes, "blocks_per_die": planes * rows, "pages_per_block": pages}
    raw["policies"] |= {"maxplanes": planes, **(policies or {})}
    names = {name: raw["op_names"][name] for name in ticks}
    bases = {spec["base"] for spec in names.values()}
    for name, spec in names.items():
        states = spec["durations"]
        spec["durations"] = dict(zip(states, (f"{t / 10000:.4f}" for t in ticks[name]), strict=True))
        spec["durations"] = {state: float(value) for state, value in spec["durations"].items()}
    raw["op_names"] = names
    raw["op_bases"] = {base: spec for base, spec in raw["op_bases"].items() if base in bases}
    for spec in raw["op_bases"].values():
        spec.pop("sequence", None)
    raw["generate_seq_rules"] = {}
    raw["payload_by_op_base"] = {b: p for b, p in raw["payload_by_op_base"].items() if b in bases}
    for group in raw["exclusion_groups"].values():
        for key in group:
            group[key] = [base for base in group[key] if base in bases]
    for table in TABLES:
        entries = raw[f"exclusions_by_{table}"]
        for key in list(entries):
            if table in empty or (table == "op_state" and key.split(".")[0] not in bases):
                del entries[key]
    raw["program_base_whitelist"] = [b for b in raw["program_base_whitelist"] if b in bases]
    listed = raw["constraints"]["single_single_allowed_bases"]
    raw["constraints"]["single_single_allowed_bases"] = [b for b in listed if b in bases]
    path = folder / "small.yaml"
    path.write_text(yaml.safe_dump(raw, sort_keys=False), encoding="utf-8")
    return load(path)


Placed = tuple[OpSpec, int]
"""An operation with one plane mask, row and page, and its start."""


def judged_legal(config: Config, device: Device, placed: Sequence[Placed], drained: bool) -> bool:
    """Whether the judge finds the operations legal with some value of each status read and free celltype."""
    ways = [list(payloads(device, spec)) for spec, _ in placed]
    order = sorted(range(len(placed)), key=lambda i: placed[i][1])
    for way in product(*ways):
        rows = [(placed[i][1], uid, placed[i][0].name, *way[i]) for uid, i in enumerate(order, 1)]
        judge = Judge(config)
        judge.feed(Commands.of(rows))
        if judge.finish(open_end=not drained).legal:
            return True
    return False


def findings(config: Config, device: Device, placed: Sequence[Placed], drained: bool) -> set[str]:
    """The rules that the judge finds broken, with the first values of open payload fields."""
    order = sorted(range(len(placed)), key=lambda i: placed[i][1])
    rows = [
        (placed[i][1], uid, placed[i][0].name, *next(iter(payloads(device, placed[i][0]))))
        for uid, i in enumerate(order, 1)
    ]
    judge = Judge(config)
    judge.feed(Commands.of(rows))
    return set(judge.finish(open_end=not drained).by_rule)


def payloads(device: Device, spec: OpSpec) -> Iterable[tuple[int, int, list[tuple[int, int, int, int, int]]]]:
    """The ways to fill the payload: die, exp_val, entries, for each status value and free celltype."""
    name = device.catalogue.names[spec.name]
    fields = name.base.payload
    if not fields:
        yield NOTHING, NOTHING, []
        return
    values = (0, 1, 2) if "exp_val" in fields else (NOTHING,)
    free = "celltype" in fields and name.celltype == 0
    celltypes = range(1, len(device.celltypes)) if free else (name.celltype if "celltype" in fields else NOTHING,)
    row = spec.rows[0] if spec.rows else NOTHING
    page = spec.pages[0] if spec.pages else NOTHING
    for value, celltype in product(values, celltypes):
        planes = device.geometry.planes_in(spec.planes[0]) if "plane" in fields else (NOTHING,)
        entries = [
            (spec.die, plane, NOTHING if row == NOTHING else device.geometry.block_of(row, plane), page, celltype)
            for plane in planes
        ]
        yield spec.die, value, entries


def encoder_allows(device: Device, placed: Sequence[Placed], drained: bool) -> bool:
    """Whether the loose window has a solution with these addresses and starts."""
    ops = tuple(
        OpSpec(spec.name, spec.die, spec.planes, spec.rows, spec.pages, earliest=start, latest=start)
        for spec, start in placed
    )
    horizon = max(start for _, start in placed)
    window = WindowSpec(ops, ordered=False, floor=0, ceiling=horizon + 1, drained=drained)
    return isinstance(solve(device, Boundary.fresh(device), window, Budget(conflicts=100_000)), Solved)
