"""The digest of what a config means."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from model.config.spec import Config, Group


def digest_of(config: Config) -> str:
    """sha256 (hex) over the normalised config: the same for every spelling and layout of one meaning."""
    meaning = {
        "tick_decimals": config.clock.decimals,
        "topology": {**asdict(config.topology), "bad_blocks": sorted(config.topology.bad_blocks)},
        "celltypes": config.celltypes,
        "policies": asdict(config.policies),
        "bases": [asdict(base) for base in config.bases],
        "names": [asdict(name) for name in config.names],
        "groups": {name: _forbidden(group, config) for name, group in config.groups.items()},
        "op_state": _sorted(config.by_op_state),
        "latch_state": _sorted(config.by_latch_state),
        "cache_state": _sorted(config.by_cache_state),
        "suspend_state": _sorted(config.by_suspend_state),
        "odt_state": _sorted(config.by_odt_state),
        "single_single": sorted(config.single_single_allowed_bases),
        "whitelist": sorted(config.program_base_whitelist),
        "sequences": {key: asdict(chain) for key, chain in config.sequences.items()},
        "weights": asdict(config.weights),
        "coverage": asdict(config.coverage),
        "bootstrap": asdict(config.bootstrap),
        "pattern": asdict(config.pattern),
    }
    text = json.dumps(meaning, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _forbidden(group: Group, config: Config) -> list[str]:
    return sorted(base.name for base in config.bases if (base.name in group.bases) != group.allow)


def _sorted(table: Any) -> dict[str, list[str]]:
    return {key: sorted(groups) for key, groups in table.items() if groups}
