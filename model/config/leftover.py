"""What is left of a config without what is wrong in it, so that the rest can be examined, too."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from model.config.bases import Draft
from model.config.raw import RawPolicies, RawTopology
from model.config.spec import NO_CELLTYPE, STATES, BaseSpec, Config

MOST_COMPARED = 10_000
ROOMY = RawTopology(dies=8, planes=4, blocks_per_die=64, pages_per_block=256)
"""Stands for a topology that cannot be read: it has room for all that a config names."""

Table = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Parts:
    """The sections that describe the device, as read; None where unusable."""

    topology: RawTopology | None
    bad_blocks: frozenset[tuple[int, int]]
    policies: RawPolicies | None
    celltypes: tuple[str, ...]
    bases: list[BaseSpec]
    drafts: list[Draft]
    whitelist: tuple[str, ...]


def without_wrong(blank: Config, device: Parts) -> tuple[Config, Parts]:
    """What is left of a config without the op_names, steps and bases that could not be read."""
    bases = {base.name: base for base in blank.bases if _sound(base)}
    drafts = []
    meant = _Meant()
    for draft in device.drafts:
        base = bases.get(meant.name(draft.base, bases))
        if base is not None:
            usual = tuple(_usual(device.drafts, draft, place) for place in range(len(base.states)))
            celltype = meant.name(draft.celltype, device.celltypes) or NO_CELLTYPE
            drafts.append(replace(draft, base=base.name, celltype=celltype, durations=usual))
    chains = {
        key: chain
        for key, chain in blank.sequences.items()
        if chain.steps and all(step.base in bases for step in chain.steps)
    }
    policies = device.policies or RawPolicies()
    groups = {
        name: replace(group, bases=tuple(base for base in group.bases if base in bases))
        for name, group in blank.groups.items()
    }

    def known(table: Table) -> Table:
        return {state: tuple(name for name in used if name in groups) for state, used in table.items()}

    left = replace(
        blank,
        bases=tuple(bases.values()),
        sequences=chains,
        groups=groups,
        by_op_state=known(blank.by_op_state),
        by_latch_state=known(blank.by_latch_state),
        by_cache_state=known(blank.by_cache_state),
        by_suspend_state=known(blank.by_suspend_state),
        by_odt_state=known(blank.by_odt_state),
    )
    size = device.topology if _even(device.topology) else ROOMY
    return left, replace(device, topology=size, bases=list(bases.values()), drafts=drafts, policies=policies)


def _even(size: RawTopology | None) -> bool:
    return size is not None and not size.blocks_per_die % size.planes


class _Meant:
    """Names that were probably meant, as long as those compared for it are not too many."""

    def __init__(self) -> None:
        self._compared = 0

    def name(self, name: str, known: Collection[str]) -> str:
        """The name itself, or the known one that is most like it; `` where there is none."""
        if name in known:
            return name
        self._compared += len(known)
        if self._compared > MOST_COMPARED:
            return ""
        close = difflib.get_close_matches(name[:100], known, n=1, cutoff=0.6)
        return close[0] if close else ""


def _sound(base: BaseSpec) -> bool:
    order = [STATES.index(state) for state in base.states]
    return order == sorted(order) and "ISSUE" in base.states and not {"DATA_OUT", "DATA_IN"} <= set(base.states)


def _usual(drafts: list[Draft], draft: Draft, place: int) -> Decimal:
    """The duration of a state; where it is unusable that of the first op_name of the same base."""
    given = draft.durations[place] if place < len(draft.durations) else None
    if given is not None:
        return given
    same = (other.durations[place] for other in drafts if other.base == draft.base and place < len(other.durations))
    return next((us for us in same if us is not None), Decimal(1))
