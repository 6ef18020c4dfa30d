"""The scenario file that keeps a sequence (`order: kept`)."""

from __future__ import annotations

from pathlib import Path

from model.config import Config
from model.config.node import Node
from model.payloads import Payloads
from planner.scenario.kept import Kept
from planner.scenario.language import Place, Statement, Wanted
from planner.scenario.parse_statements import StatementParser
from planner.scenario.reading import Reader, meant, shown
from planner.scenario.rows import Row

KEYS = ("scenario", "order", "operations", "statements")
OPERATION = ("op", "near", "payload")


class KeptParser:
    """Reads the operations and statements of a kept sequence."""

    def __init__(self, reader: Reader, config: Config) -> None:
        self._reader = reader
        self._problems = reader.problems
        self._catalogue = reader.device.catalogue
        self._payloads = Payloads(config)
        self._faults: dict[int, tuple[str, str]] = {}

    def kept(self, root: Node) -> Kept:
        """The whole scenario; what is wrong with it is noted."""
        reader = self._reader
        reader.known(root, KEYS)
        node = root.get("operations")
        if node is None or not node.items:
            self._problems.error(node or root, "a scenario needs operations: a mapping of names to operations")
            return Kept("", self._problems.file, (), (), (), ())
        read = [self._row(name, entry, place) for place, (name, entry) in enumerate(node.items.items())]
        good = [one for one in read if one is not None]
        return Kept(
            title=reader.text(root.get("scenario")) or Path(self._problems.file).stem,
            file=self._problems.file,
            names=tuple(name for name, *_ in good),
            rows=tuple(row for _, row, *_ in good),
            payloads=tuple(payload for *_, payload, _ in good),
            places=tuple(place for *_, place in good),
            faults=self._faults,
            statements=self._statements(root.get("statements"), good),
        )

    def _row(self, name: str, node: Node, place: int) -> tuple[str, Row, str, Place] | None:
        reader, problems = self._reader, self._problems
        if not reader.known(node, OPERATION):
            return None
        said, near, payload = (node.get(key) for key in OPERATION)
        op = -1 if said is None else self._catalogue.name_index.get(said.text, -1)
        if said is None:
            problems.error(node, "op is missing: an op_name", at_key=True)
        elif op < 0:
            problems.error(said, f"no op_name of the config{meant(said.text, list(self._catalogue.name_index))}")
        if near is None:
            problems.error(node, "near is missing: a time in us", at_key=True)
        time = reader.ticks(near)
        if payload is None or payload.text == "":
            problems.error(
                payload or node, "payload is missing: its JSON text as in a sequence, '[]' for none", at_key=True
            )
        if op < 0 or time is None or payload is None or payload.text == "":
            return None
        found = self._payloads.read(payload.text, self._catalogue.names[op])
        if found.broken:
            problems.error(payload, found.broken)
            return None
        if found.fault or found.beyond:
            self._faults[place] = ("payload" if found.fault else "range", found.fault or found.beyond)
        row = Row(time, op, found.exp, found.entries, place)
        return name, row, payload.text, reader.place(node, f"{name}: {shown(node)}")

    def _statements(self, node: Node | None, read: list[tuple[str, Row, str, Place]]) -> tuple[Statement, ...]:
        if node is None:
            return ()
        if not isinstance(node.value, list):
            self._problems.error(node, "not a list of statements")
            return ()
        wanted = [Wanted(name, (row.op,), place) for name, row, _, place in read]
        parser = StatementParser(self._reader, wanted)
        return tuple(made for member in node.members for made in parser.statements(member))
