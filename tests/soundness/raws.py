"""Devices drawn by chance as their YAML trees: op_names, durations, topology, groups, chains, policies."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from model.config import Config, load
from tests.window.small import ROOT, TABLES

Raw = dict[str, Any]

NEEDED = ("ERASE", "PROGRAM_SLC", "READ", "DOUT")
"""Bases without which there is little to see."""
FREE = ("NOP", "SR", "SR_ADD", "TRAINING", "ZQCAL", "RESET", "RESET_LUN")
"""Bases that nothing open waits for: a group may forbid them anywhere."""
FEW = 30
"""So many op_names make a device of which proofs take no time to speak of."""
LENGTHS = ("ticks", "short", "shipped", "mixed")
"""Durations: a few ticks, up to half a us, the shipped ones, any of these."""


@cache
def _shipped() -> Raw:
    raw: Raw = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    return raw


def drawn(rng: random.Random, most: int) -> Raw:
    """A device: part of the shipped one, with its own lengths and shapes, and with other rules of its groups.

    It has about `most` op_names at most.
    """
    raw = copy.deepcopy(_shipped())
    _op_names(rng, raw, most)
    _topology(rng, raw)
    _only_known(raw)
    _groups(rng, raw)
    _policies(rng, raw)
    if rng.random() < 0.15:
        _buses(rng, raw)
    return raw


def written(raw: Raw, folder: Path) -> Config:
    """The config of a tree."""
    path = folder / "device.yaml"
    path.write_text(json.dumps(raw, indent=1), encoding="utf-8")  # a YAML file, too
    return load(path)


def _op_names(rng: random.Random, raw: Raw, limit: int) -> None:
    of_base: dict[str, list[str]] = {}
    for name, spec in raw["op_names"].items():
        of_base.setdefault(spec["base"], []).append(name)
    share, most, style = rng.choice((0.2, 0.5, 1.0)), rng.choice((1, 2, 4)), rng.choice(LENGTHS)
    kept: Raw = {}
    for base, names in of_base.items():
        if base in NEEDED or rng.random() < share:
            for name in rng.sample(names, min(len(names), rng.randint(1, most))):
                kept[name] = raw["op_names"][name]
                _lengths(rng, kept[name]["durations"], style)
    alike = [name for name in kept if sum(kept[other]["base"] == kept[name]["base"] for other in kept) > 1]
    for name in rng.sample(alike, min(len(alike), max(0, len(kept) - limit))):
        if sum(kept[other]["base"] == kept[name]["base"] for other in kept) > 1:
            del kept[name]
    raw["op_names"] = kept


def _lengths(rng: random.Random, durations: Raw, style: str) -> None:
    kind = rng.choice(LENGTHS[:3]) if style == "mixed" else style
    if kind == "shipped":
        return
    for state in durations:
        low, high = (1, 3) if state == "ISSUE" else (2, 8)
        if kind == "short":
            low, high = (1, 40) if state == "ISSUE" else (2, 5_000)
        durations[state] = rng.randint(low, high) / 10_000


def _topology(rng: random.Random, raw: Raw) -> None:
    planes = rng.randint(1, 4)
    rows, pages = rng.choice((2, 3, 5, 12)), rng.choice((2, 3, 9, 40))
    raw["topology"] = {
        "dies": rng.choice((1, 1, 2, 3)),
        "planes": planes,
        "blocks_per_die": planes * rows,
        "pages_per_block": pages,
    }
    raw["policies"]["maxplanes"] = rng.randint(min(2, planes), planes)


def _only_known(raw: Raw) -> None:
    """Takes away what names bases that no op_name has."""
    bases = {spec["base"] for spec in raw["op_names"].values()}
    raw["op_bases"] = {base: spec for base, spec in raw["op_bases"].items() if base in bases}
    raw["payload_by_op_base"] = {base: fields for base, fields in raw["payload_by_op_base"].items() if base in bases}
    raw["program_base_whitelist"] = [base for base in raw["program_base_whitelist"] if base in bases]
    listed = raw["constraints"]["single_single_allowed_bases"]
    raw["constraints"]["single_single_allowed_bases"] = [base for base in listed if base in bases]
    for group in raw["exclusion_groups"].values():
        for key in group:
            group[key] = [base for base in group[key] if base in bases]
    entries = raw["exclusions_by_op_state"]
    raw["exclusions_by_op_state"] = {key: group for key, group in entries.items() if key.split(".")[0] in bases}
    _chains(raw, bases)


def _chains(raw: Raw, bases: set[str]) -> None:
    chains: dict[str, Raw] = {}
    for name, ways in raw["generate_seq_rules"].items():
        whole = {seq: way for seq, way in ways.items() if all(base in bases for s in way["sequences"] for base in s)}
        if whole:
            chains[name] = whole
    raw["generate_seq_rules"] = chains
    followers = bases | {"NONE"} | {f"{name}.{seq}" for name, ways in chains.items() for seq in ways}
    for spec in raw["op_bases"].values():
        for part, said in spec.get("sequence", {}).items():
            spec["sequence"][part] = {key: value for key, value in said.items() if key in followers}
        if not any(spec.get("sequence", {}).get("probs", {}).values()):
            spec.pop("sequence", None)


def _groups(rng: random.Random, raw: Raw) -> None:
    """Some tables forbid nothing; some groups forbid less, or more of what nothing open waits for."""
    bases = list(raw["op_bases"])
    free = [base for base in FREE if base in bases]
    looser, tighter = rng.choice((0.0, 0.1, 0.5)), rng.choice((0.0, 0.0, 0.2))
    for group in raw["exclusion_groups"].values():
        less = [base for base in bases if rng.random() < 0.3] if rng.random() < looser else []
        more = [base for base in free if rng.random() < 0.4] if rng.random() < tighter else []
        if "allow" in group:
            group["allow"] = [base for base in bases if (base in group["allow"] or base in less) and base not in more]
        else:
            group["forbid"] = [base for base in bases if (base in group["forbid"] or base in more) and base not in less]
    for table in TABLES:
        if rng.random() < 0.1:
            raw[f"exclusions_by_{table}"] = {}


def _policies(rng: random.Random, raw: Raw) -> None:
    raw["policies"] |= {
        "sequence_gap": rng.choice((0, 0.01, 1.0)),
        "admission_window": rng.choice((0, 0.01, 0.5)),
        "read_offset_guard": rng.choice((0, 0, 0, 1)),
        "carry_over": rng.random() < 0.4,
    }
    raw["pattern_export"]["exp_val_suspend"] = rng.random() < 0.3
    hosts = "op_name" if rng.random() < 0.5 and len(raw["op_names"]) <= FEW else "base"
    raw["coverage"] = {"hosts": hosts, "default_state": rng.random() < 0.3}
    if rng.random() < 0.3:
        raw["phase_conditional_overrides"] = _weights(rng, list(raw["op_bases"]))
    if rng.random() < 0.15:
        raw["bootstrap"] |= {"enabled": True, "erase_share": 0.5, "program_share": 0.2, "read_share": 0.1}


def _weights(rng: random.Random, bases: Sequence[str]) -> Mapping[str, Mapping[str, float]]:
    """Bases that are wanted more than others, of a weight below 1 altogether."""
    chosen = rng.sample(bases, min(len(bases), rng.randint(1, 4)))
    return {"global": {base: round(rng.choice((0.0, 0.05, 0.2)), 2) for base in chosen}}


def _buses(rng: random.Random, raw: Raw) -> None:
    """Other states than ISSUE use the bus; here and there an ISSUE does not."""
    for spec in raw["op_bases"].values():
        spec["states"] = copy.deepcopy(spec["states"])
        for state, words in spec["states"].items():
            if state == "ISSUE":
                words["bus"] = rng.random() < 0.9
            elif state != "CORE_BUSY" and rng.random() < 0.3:
                words["bus"] = True
