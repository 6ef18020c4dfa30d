"""The op_states of coverage: `BASE.STATE` (never ISSUE), `BASE.END`, and `DEFAULT` for a plane not used yet.

An op_state has an index: hosts in config order, of each its states after ISSUE and then END, and DEFAULT last. Hosts
are the state-affecting bases that have op_names or, with `coverage.hosts: op_name`, the op_names themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.event import NOTHING, Ints
from model.operations import Catalogue

if TYPE_CHECKING:
    from model.config import Config

END = "END"
DEFAULT = "DEFAULT"
CORE_BUSY = "CORE_BUSY"

CORE_RANK, DATA_RANK, END_RANK, DEFAULT_RANK = range(4)


@dataclass(frozen=True, slots=True)
class OpStates:
    """All op_states of a config.

    `of_state[op_name, state]` is the index of the op_state that the state of that operation is (NOTHING for ISSUE and
    for operations that do not affect state), `end[op_name]` that of its END. `rank` orders by busyness: CORE_BUSY,
    DATA_OUT or DATA_IN, END, DEFAULT. `base_end[base]` is the END of a base's first op_name (NOTHING without one).
    """

    names: tuple[str, ...]
    index: Mapping[str, int]
    of_state: Ints
    end: Ints
    base_end: Ints
    rank: Ints

    def __len__(self) -> int:
        return len(self.names)

    @property
    def default(self) -> int:
        """The index of DEFAULT, the last one."""
        return len(self.names) - 1

    @staticmethod
    def of(config: Config, catalogue: Catalogue | None = None) -> OpStates:
        """The op_states of `config`."""
        catalogue = Catalogue.of(config) if catalogue is None else catalogue
        by_name = str(config.coverage.hosts) == "op_name"
        widest = max((len(base.states) for base in catalogue.bases), default=0)
        of_state = np.full((len(catalogue.names), widest), NOTHING, dtype=np.int64)
        end = np.full(len(catalogue.names), NOTHING, dtype=np.int64)
        base_end = np.full(len(catalogue.bases), NOTHING, dtype=np.int64)
        names: list[str] = []
        for base in catalogue.bases:
            if not base.affects_state:
                continue
            groups = [(name,) for name in base.names] if by_name else [tuple(base.names)]
            for members in filter(None, groups):
                host = catalogue.names[members[0]].name if by_name else base.name
                for state, word in enumerate(base.states[1:], start=1):
                    of_state[list(members), state] = len(names)
                    names.append(f"{host}.{word}")
                end[list(members)] = len(names)
                base_end[base.index] = len(names) if base_end[base.index] == NOTHING else base_end[base.index]
                names.append(f"{host}.{END}")
        names.append(DEFAULT)
        rank = np.array([_rank(name) for name in names], dtype=np.int64)
        return OpStates(tuple(names), {name: i for i, name in enumerate(names)}, of_state, end, base_end, rank)


def _rank(name: str) -> int:
    if name == DEFAULT:
        return DEFAULT_RANK
    word = name.rpartition(".")[2]
    return CORE_RANK if word == CORE_BUSY else END_RANK if word == END else DATA_RANK
