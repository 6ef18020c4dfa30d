"""Reading what the planner is asked for: weights, coverage, bootstrap, pattern export."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter

from model.config.chains import weights_in
from model.config.names import DEFAULT, Known, any_of, known_key, op_state_key
from model.config.node import Node
from model.config.problems import Problems
from model.config.raw import OpCode, RawBootstrap, RawCoverage, RawPattern, RawTopology, parse, parse_entry
from model.config.spec import BootstrapSpec, CoverageSpec, PatternSpec
from model.config.weights import GLOBAL, Weights

_OPCODE: TypeAdapter[int] = TypeAdapter(OpCode)
_ERASE_SHARE, _PROGRAM_SHARE, _READ_SHARE = 0.1, 0.02, 0.01

Levels = dict[str, dict[str, float]]


def read_weights(root: Node, known: Known, problems: Problems) -> Weights:
    """phase_conditional_overrides and phase_conditional."""
    overrides = _levels(root.get("phase_conditional_overrides"), (GLOBAL, DEFAULT), known, problems)
    return Weights(overrides, _levels(root.get("phase_conditional"), (DEFAULT,), known, problems))


def _levels(node: Node | None, others: Sequence[str], known: Known, problems: Problems) -> Levels:
    levels: Levels = {}
    if node is None or node.value is None:
        return levels
    if not isinstance(node.value, dict):
        problems.error(node, "not a mapping; allowed: {BASE.STATE: {op_name: weight}}", id="not-a-mapping")
    for key, entry in node.items.items():
        usable = key in others or op_state_key(key, entry, known, problems)
        weights = weights_in(entry, problems)
        for name, weight in entry.items.items():
            known_key(name, weight, any_of(known.bases, known.names), "base or op_name", problems)
        if usable:
            levels[key] = weights
    return levels


def read_coverage(root: Node, problems: Problems) -> CoverageSpec:
    """coverage"""
    node = root.get("coverage")
    raw = parse(RawCoverage, node, problems) if node is not None and node.value is not None else None
    raw = raw or RawCoverage()
    return CoverageSpec(raw.hosts, raw.default_state)


def read_bootstrap(root: Node, topology: RawTopology | None, known: Known, problems: Problems) -> BootstrapSpec:
    """bootstrap, with older volumes turned into shares of the device."""
    node = root.get("bootstrap")
    raw, weights = RawBootstrap(), {}
    if node is not None and node.value is not None:
        raw = parse(RawBootstrap, node, problems, also=("celltype_weights",)) or raw
        celltypes = node.get("celltype_weights")
        if celltypes is not None and celltypes.value is not None:
            weights = weights_in(celltypes, problems)
            for celltype, entry in celltypes.items.items():
                known_key(celltype, entry, known.celltypes, "celltype", problems)
    blocks = topology.dies * topology.blocks_per_die if topology else 1
    pages = blocks * topology.pages_per_block if topology else 1
    reads = [volume for volume in (raw.read_coverage, raw.read_volume) if volume is not None]
    return BootstrapSpec(
        enabled=raw.enabled,
        erase_share=_share(raw.erase_share, raw.erase_volume, blocks, _ERASE_SHARE),
        program_share=_share(raw.program_share, raw.program_volume, pages, _PROGRAM_SHARE),
        read_share=_share(raw.read_share, max(reads, default=None), pages, _READ_SHARE),
        celltype_weights=weights,
    )


def _share(share: float | None, volume: int | None, whole: int, default: float) -> float:
    if share is not None:
        return share
    return default if volume is None else min(1.0, volume / whole)


def read_pattern(root: Node, known: Known, problems: Problems) -> PatternSpec:
    """pattern_export"""
    node = root.get("pattern_export")
    if node is None or node.value is None:
        return PatternSpec({}, False)
    raw = parse(RawPattern, node, problems, also=("opcode_map",)) or RawPattern()
    codes = node.get("opcode_map")
    opcodes: dict[str, int] = {}
    if codes is not None and codes.value is not None and not isinstance(codes.value, dict):
        problems.error(codes, "not a mapping; allowed: {op_name: number}", id="not-a-mapping")
    for name, entry in codes.items.items() if codes is not None else ():
        known_key(name, entry, known.names, "op_name", problems)
        opcodes[name] = parse_entry(_OPCODE, entry, problems) or 0
    return PatternSpec(opcodes, raw.exp_val_suspend)
