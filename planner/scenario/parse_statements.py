"""The statements of a scenario file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from model.config.node import Node
from model.config.problems import nearest
from model.operations import READS
from planner.scenario.language import (
    BEGIN,
    FINISH,
    MOMENTS,
    Distance,
    Never,
    PointRef,
    Quiet,
    Statement,
    Wanted,
)
from planner.scenario.reading import Reader, shown

DISTANCE = ("from", "to", "min", "max", "exact")
DEADLINE = ("deadline", "of", "from")
NEVER = ("never", "in", "die")
CLOSED = ("CACHE_READ", "PLANE_CACHE_READ", "CACHE_PROGRAM_SLC", "ODTDISABLE")
"""Bases of operations that something else has to end."""
FORMS = "from/to with min, max or exact; before; deadline; quiet; never"
_POINT = re.compile(
    r"(?P<name>[A-Za-z_]\w*)(?:\.(?P<index>\d+))?"
    r"(?:\.(?P<part>suspend|resume|dout|piece|close)(?:\.(?P<part_index>\d+))?)?"
    r"(?:\.(?P<moment>start|issue_end|core_end|end))?"
)


class StatementParser:
    """Reads statements about known operations."""

    def __init__(self, reader: Reader, wanted: Sequence[Wanted]) -> None:
        self._reader = reader
        self._problems = reader.problems
        self._device = reader.device
        self._wanted = {one.id: one for one in wanted}

    def statements(self, node: Node) -> list[Statement]:
        """What one entry of the list says."""
        if not isinstance(node.value, dict):
            self._problems.error(node, f"not a statement; allowed: {FORMS}")
            return []
        forms = {
            "never": self._never,
            "quiet": self._quiet,
            "before": self._before,
            "deadline": self._deadline,
            "from": self._distance,
            "to": self._distance,
        }
        for key, read in forms.items():
            if node.get(key) is not None:
                return read(node)
        self._problems.error(node, f"not a statement; allowed: {FORMS}")
        return []

    def _distance(self, node: Node) -> list[Statement]:
        reader = self._reader
        reader.known(node, DISTANCE)
        start, to = self._point(node.get("from"), node), self._point(node.get("to"), node)
        exact = reader.ticks(node.get("exact"))
        least, most = reader.ticks(node.get("min")), reader.ticks(node.get("max"))
        if exact is not None:
            if least is not None or most is not None:
                self._problems.error(node.at("exact"), "exact goes without min and max", at_key=True)
            least = most = exact
        elif node.get("min") is None and node.get("max") is None and node.get("exact") is None:
            self._problems.error(node, "allowed: min, max, both, or exact")
            return []
        if least is not None and most is not None and least > most:
            self._problems.error(node.at("max"), "less than min")
        if start is None or to is None or (least is None and most is None):
            return []
        return [Distance(start, to, least, most, reader.place(node, shown(node)))]

    def _before(self, node: Node) -> list[Statement]:
        self._reader.known(node, ("before",))
        members = node.at("before").members
        if len(members) < 2:
            self._problems.error(node.at("before"), "allowed: a list of two or more operations or moments")
            return []
        points = [self._point(member, node) for member in members]
        place = self._reader.place(node, shown(node))
        pairs = pairwise(points)
        return [Distance(a, b, 0, None, place) for a, b in pairs if a is not None and b is not None]

    def _deadline(self, node: Node) -> list[Statement]:
        reader = self._reader
        reader.known(node, DEADLINE)
        most = reader.ticks(node.get("deadline"))
        start = self._point(node.get("from"), node) if node.get("from") else PointRef(BEGIN)
        to = self._point(node.get("of"), node, "end") if node.get("of") else PointRef(FINISH)
        if most is None or start is None or to is None:
            return []
        return [Distance(start, to, None, most, reader.place(node, shown(node)))]

    def _quiet(self, node: Node) -> list[Statement]:
        self._reader.known(node, ("quiet",))
        members = node.at("quiet").members
        if len(members) != 2:
            self._problems.error(node.at("quiet"), "allowed: [moment, moment]")
            return []
        start, to = (self._point(member, node) for member in members)
        if start is None or to is None:
            return []
        return [Quiet(start, to, self._reader.place(node, shown(node)))]

    def _never(self, node: Node) -> list[Statement]:
        reader = self._reader
        reader.known(node, NEVER)
        names = frozenset(reader.names(node.get("never")))
        said = node.get("in")
        states = []
        for member in (said.members if isinstance(said.value, list) else [said]) if said is not None else []:
            state = self._state(member)
            if state is not None:
                states.append(state)
        die = None if node.get("die") is None else reader.whole(node.get("die"), 0, self._device.geometry.dies - 1, 0)
        return [Never(names, tuple(states), die, reader.place(node, shown(node)))] if names else []

    def _state(self, node: Node) -> tuple[int, int] | None:
        base, _, state = node.text.partition(".")
        catalogue = self._device.catalogue
        if base not in catalogue.base_index:
            self._problems.error(node, f"no such state: BASE.STATE{nearest(base, list(catalogue.base_index))}")
            return None
        states = catalogue.base(base).states
        if state not in states[1:]:
            self._problems.error(node, f"{base} has no {state}; its states: {', '.join(states[1:]) or 'none'}")
            return None
        return catalogue.base_index[base], states.index(state)

    def _point(self, node: Node | None, around: Node, moment: str = "start") -> PointRef | None:
        if node is None:
            self._problems.error(around, "from and to are both needed")
            return None
        if node.value in (BEGIN, FINISH):
            return PointRef(node.text)
        found = _POINT.fullmatch(node.text)
        if found is None:
            allowed = f"NAME.MOMENT such as pgm.start, rd.2.end, pgm.piece.3.start; moments: {', '.join(MOMENTS)}"
            self._problems.error(node, f"not a moment; allowed: begin, finish, {allowed}")
            return None
        one = self._wanted.get(found["name"])
        if one is None:
            self._problems.error(node, f"no operation of this scenario{nearest(found['name'], list(self._wanted))}")
            return None
        key = self._key(node, one, found["index"])
        return None if key is None else self._part(node, one, key, found, found["moment"] or moment)

    def _key(self, node: Node, one: Wanted, index: str | None) -> str | None:
        if index is None:
            if one.count == 1:
                return one.id
            self._problems.error(node, f"{one.id} is {one.count} operations: say which, such as {one.id}.1")
            return None
        if not 1 <= int(index) <= one.count:
            self._problems.error(node, f"{one.id} is {one.count} operations")
            return None
        return one.id if one.count == 1 else f"{one.id}.{int(index)}"

    def _douts(self, one: Wanted) -> int:
        """The most deliveries that it may have."""
        names = [self._device.catalogue.names[name] for name in one.names]
        if not all(name.base.name in READS for name in names):
            return 0
        most = min(self._device.policies.maxplanes, self._device.geometry.planes)
        return len(one.planes) or one.plane_count or (most if any(name.multi for name in names) else 1)

    def _part(self, node: Node, one: Wanted, key: str, found: re.Match[str], moment: str) -> PointRef | None:
        part = found["part"]
        if part is None:
            return PointRef(key, moment)
        number = int(found["part_index"] or 1)
        most = {"piece": len(one.cuts) + 1, "suspend": len(one.cuts), "resume": len(one.cuts)}.get(part)
        if part == "dout":
            most = self._douts(one)
        if most is not None and not 1 <= number <= most:
            what = {"piece": "pieces", "dout": "deliveries"}.get(part, "suspensions")
            self._problems.error(node, f"{one.id} has {most} {what}")
            return None
        if part == "close" and not any(self._device.catalogue.names[n].base.name in CLOSED for n in one.names):
            self._problems.error(node, f"{one.id} has no close; those have one: {', '.join(CLOSED)}")
            return None
        if part == "piece":
            if moment not in ("start", "end"):
                self._problems.error(node, "a piece has a start and an end")
            return PointRef(key, moment, number)
        return PointRef(f"{key}.{part}.{number}" if part != "close" else f"{key}.close", moment)
