"""A scenario file -> a validated `Scenario`; every message says file, line, column, key and what is allowed."""

from __future__ import annotations

from pathlib import Path

from model.config.node import Node
from model.config.problems import ConfigError, Problems
from model.config.source import read
from model.device import Device
from planner.errors import UnusableInput
from planner.scenario.kept import Kept
from planner.scenario.language import Place, Scenario, Statement, Wanted
from planner.scenario.parse_kept import KeptParser
from planner.scenario.parse_statements import StatementParser
from planner.scenario.parse_wanted import WantedParser
from planner.scenario.reading import Reader

KEYS = ("scenario", "repeat", "order", "minimize", "operations", "statements")
ORDERS = ("listed", "rounds", "free")
MINIMIZE = ("nothing", "time", "operations")
KEPT = "kept"
"""The order of a scenario that keeps a sequence."""
MOST_REPEATS = 100_000


def parse(path: Path, device: Device) -> Scenario:
    """The scenario of a file, of any order but `kept`. UnusableInput: all that is wrong with it, line by line."""
    found = parse_any(path, device)
    if isinstance(found, Kept):
        raise UnusableInput(f"{path}: order: kept, where it has to be {', '.join(ORDERS)}")
    return found


def parse_any(path: Path, device: Device) -> Scenario | Kept:
    """The scenario of a file. UnusableInput: all that is wrong with it, line by line."""
    problems = Problems(str(path))
    try:
        root = read(path, str(path))
        parser = _Parser(device, problems)
        kept = root.get("order") is not None and root.at("order").value == KEPT
        scenario = parser.kept(root) if kept else parser.scenario(root)
        problems.stop_if_unusable()
        return scenario
    except ConfigError as error:
        raise UnusableInput(str(error).replace("a config", "a scenario")) from None


class _Parser:
    def __init__(self, device: Device, problems: Problems) -> None:
        self._device = device
        self._problems = problems
        self._reader = Reader(device, problems)

    def kept(self, root: Node) -> Kept:
        return KeptParser(self._reader, self._device.config).kept(root)

    def scenario(self, root: Node) -> Scenario:
        reader = self._reader
        reader.known(root, KEYS)
        wanted = self._wanted(root)
        order = self._one_of(root.get("order"), ORDERS)
        minimize = self._one_of(root.get("minimize"), MINIMIZE)
        listed = root.get("operations") or root
        return Scenario(
            title=reader.text(root.get("scenario")) or Path(self._problems.file).stem,
            file=self._problems.file,
            wanted=wanted,
            statements=self._statements(root.get("statements"), wanted),
            listed=order != "free",
            rounds=order == "rounds",
            repeat=reader.whole(root.get("repeat"), 1, MOST_REPEATS, 1),
            minimize="" if minimize == "nothing" else minimize,
            order_place=Place(self._problems.file, listed.key_line, listed.key_column, "the order of the operations"),
        )

    def _one_of(self, node: Node | None, allowed: tuple[str, ...]) -> str:
        if node is None:
            return allowed[0]
        if node.text not in allowed:
            more = f", {KEPT}" if allowed is ORDERS else ""
            self._problems.error(node, f"allowed: {', '.join(allowed)}{more}")
            return allowed[0]
        return node.text

    def _wanted(self, root: Node) -> tuple[Wanted, ...]:
        node = root.get("operations")
        if node is None or not node.items:
            self._problems.error(node or root, "a scenario needs operations: a mapping of names to what is wanted")
            return ()
        parser = WantedParser(self._reader, tuple(node.items))
        wanted = [parser.wanted(name, entry) for name, entry in node.items.items()]
        found = [one for one in wanted if one is not None]
        parser.check(found)
        return tuple(found)

    def _statements(self, node: Node | None, wanted: tuple[Wanted, ...]) -> tuple[Statement, ...]:
        if node is None:
            return ()
        if not isinstance(node.value, list):
            self._problems.error(node, "not a list of statements")
            return ()
        parser = StatementParser(self._reader, wanted)
        return tuple(made for member in node.members for made in parser.statements(member))
