"""Which bases a state forbids, as bit sets over base positions: bit i set = base i may not be issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.operations import Catalogue

if TYPE_CHECKING:
    from model.config import Config, Group

ODT_DISABLE = "ODT_DISABLE"


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The config's exclusion tables. A key that a table does not have forbids nothing.

    `by_state` is indexed by base, then state (as in the base's states); `end` by base; `odt` holds while ODT is
    disabled.
    """

    by_state: tuple[tuple[int, ...], ...]
    end: tuple[int, ...]
    odt: int
    op_state_masks: Mapping[str, int]
    latch_masks: Mapping[str, int]
    cache_masks: Mapping[str, int]
    suspend_masks: Mapping[str, int]
    groups: Mapping[str, tuple[str, ...]]

    def state_mask(self, key: str) -> int:
        """What `BASE.STATE` or `BASE.END` forbids."""
        return self.op_state_masks.get(key, 0)

    def latch(self, name: str) -> int:
        """What a latch such as LATCH_ON_READ forbids."""
        return self.latch_masks.get(name, 0)

    def cache(self, name: str) -> int:
        """What a cache state such as ON_CACHE_READ forbids."""
        return self.cache_masks.get(name, 0)

    def suspend(self, name: str) -> int:
        """What a suspend state such as NOT_ERASE_SUSPENDED forbids."""
        return self.suspend_masks.get(name, 0)

    def groups_of(self, key: str) -> tuple[str, ...]:
        """The groups that stand behind any key of any table, for messages."""
        return self.groups.get(key, ())

    @staticmethod
    def of(config: Config, catalogue: Catalogue) -> Exclusions:
        """The tables that the config states."""
        group_masks = {name: _mask(group, catalogue) for name, group in config.groups.items()}
        tables = (config.by_op_state, config.by_latch_state, config.by_cache_state, config.by_suspend_state)
        op_state, latch, cache, suspend = ({k: _union(v, group_masks) for k, v in t.items()} for t in tables)
        every = (*tables, config.by_odt_state)
        return Exclusions(
            by_state=tuple(tuple(op_state.get(f"{b.name}.{s}", 0) for s in b.states) for b in catalogue.bases),
            end=tuple(op_state.get(f"{base.name}.END", 0) for base in catalogue.bases),
            odt=_union(config.by_odt_state.get(ODT_DISABLE, ()), group_masks),
            op_state_masks=op_state,
            latch_masks=latch,
            cache_masks=cache,
            suspend_masks=suspend,
            groups={key: groups for table in every for key, groups in table.items()},
        )


def _mask(group: Group, catalogue: Catalogue) -> int:
    named = sum(1 << catalogue.base_index[base] for base in dict.fromkeys(group.bases))
    everything = (1 << len(catalogue.bases)) - 1
    return everything & ~named if group.allow else named


def _union(groups: tuple[str, ...], masks: Mapping[str, int]) -> int:
    union = 0
    for group in groups:
        union |= masks[group]
    return union
