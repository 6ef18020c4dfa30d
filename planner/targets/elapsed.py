"""How much of a state has to pass before an operation can be issued in it: the deliveries that must come first."""

from __future__ import annotations

from model.chains import Kind
from model.device import Device
from model.plane_rules import CORE, NONE, State
from model.search import Key
from model.search_makes import Search

_DELIVERS = (Kind.DOUT, Kind.DOUT4K)


class Elapsed:
    """Least offsets in ticks, by Dijkstra's algorithm over the states that a closure has visited.

    A state is entered at offset 0; each delivery inside costs the ISSUE of the shortest DOUT. What began in CORE_BUSY
    may end in the DATA window after it.
    """

    def __init__(self, device: Device, search: Search) -> None:
        names, makes = device.catalogue.names, search.makes
        self._least = {
            base.index: min((names[n].issue for n in base.names if n in makes.of_name), default=0)
            for base in device.catalogue.bases
        }
        self._core = {
            base.index: max((names[n].core_busy for n in base.names), default=0) for base in device.catalogue.bases
        }
        self._delivers = {base.index for base in device.catalogue.bases if device.kinds[base.index] in _DELIVERS}
        places = list(search.places())
        offsets = self._offsets({state: edges for state, _, edges in places})
        self._earliest: dict[tuple[Key, int], int] = {}
        for state, allowed, _ in places:
            offset, key = offsets.get(state, 0), search.machine.key(state)
            for base in device.catalogue.bases:
                if allowed >> base.index & 1:
                    at = (key, base.index)
                    self._earliest[at] = min(self._earliest.get(at, offset), offset)

    def earliest(self, key: Key, base: int) -> int:
        """The first offset in an op_state at which a base can be issued."""
        return self._earliest.get((key, base), 0)

    def _offsets(self, edges: dict[State, tuple[tuple[int, State], ...]]) -> dict[State, int]:
        """The least offset of every state of something that runs; those entered freely are at 0."""
        inner: list[tuple[State, int, State]] = []
        offsets: dict[State, int] = {}
        for state, following in edges.items():
            for base, after in following:
                if after.run == NONE:
                    continue
                if base in self._delivers and (after.run, after.phase) == (state.run, state.phase):
                    inner.append((state, self._least[base], after))
                elif base == NONE and after.run == state.run:
                    inner.append((state, -self._core[state.run] if state.phase == CORE != after.phase else 0, after))
                else:
                    offsets[after] = 0
        changed = True
        while changed:
            changed = False
            for before, cost, after in inner:
                if before in offsets:
                    reached = max(0, offsets[before] + cost)
                    if reached < offsets.get(after, reached + 1):
                        offsets[after], changed = reached, True
        return offsets
