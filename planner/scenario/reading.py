"""Reading the values of a scenario file: what is wrong is noted with its place, and reading goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from model.config.node import Node
from model.config.problems import Problems, nearest
from model.device import Device
from planner.scenario.language import EACH, Offset, Place

MOST_COUNT = 200


def shown(node: Node) -> str:
    """A value in words, mappings with what they hold."""
    if node.items:
        return "{" + ", ".join(f"{key}: {shown(value)}" for key, value in node.items.items()) + "}"
    if node.members:
        return "[" + ", ".join(shown(member) for member in node.members) + "]"
    return str(node.shown)


MOST_NAMED = 12
"""Names that a message lists one by one."""


def meant(word: str, known: Sequence[str]) -> str:
    """What may have been meant, in words; nothing where the names are too many to be told and none is near."""
    told = nearest(word, known)
    return told if len(known) <= MOST_NAMED or "mean" in told else "; `nandplan config` shows what there is"


class Reader:
    """The values of one file for one device."""

    def __init__(self, device: Device, problems: Problems) -> None:
        self.device = device
        self.problems = problems

    def place(self, node: Node, words: str = "") -> Place:
        """Where a value stands."""
        said = words or f"{node.path.removeprefix('operations.')}: {shown(node)}"
        return Place(self.problems.file, node.key_line, node.key_column, said)

    def known(self, node: Node, keys: Sequence[str]) -> bool:
        """Whether a node is a mapping; its unknown keys are noted."""
        if not isinstance(node.value, dict):
            self.problems.error(node, f"not a mapping; allowed: {', '.join(keys)}")
            return False
        for key, value in node.items.items():
            if key not in keys:
                self.problems.error(value, f"no such key{nearest(key, keys)}", at_key=True)
        return True

    def text(self, node: Node | None) -> str:
        """A text; empty where there is none."""
        if node is None:
            return ""
        if not isinstance(node.value, str) or not node.value:
            self.problems.error(node, "not a text")
            return ""
        return node.value

    def whole(self, node: Node | None, least: int, most: int, default: int) -> int:
        """A whole number within [least, most]."""
        if node is None:
            return default
        value = node.data()
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.problems.error(node, f"allowed: a whole number from {least} to {most}")
            return default
        return value

    def numbered(self, node: Node | None, most: int) -> int | None:
        """A number from 1 to `most`, or EACH; None where nothing is said."""
        if node is not None and node.value == "each":
            return EACH
        return None if node is None else self.whole(node, 1, most, 1)

    def truth(self, node: Node | None, default: bool) -> bool:
        """True or false."""
        if node is None:
            return default
        value = node.data()
        if not isinstance(value, bool):
            self.problems.error(node, "neither true nor false")
            return default
        return value

    def ticks(self, node: Node | None) -> int | None:
        """A time in us as ticks; None where nothing is said."""
        if node is None:
            return None
        value = node.data()
        try:
            if isinstance(value, bool) or not isinstance(value, int | Decimal):
                raise ValueError("not a number")
            return self.device.clock.ticks(value)
        except ValueError as error:
            self.problems.error(node, f"{error}; allowed: a time in us, such as 25.0")
            return None

    def offset(self, node: Node | None) -> Offset | None:
        """A place in a state: `40%`, us after its beginning, or a list of two of them; None: free."""
        if node is None or node.value == "free":
            return None
        ends = node.members if isinstance(node.value, list) else [node, node]
        read = [self._one_offset(end) for end in ends]
        if len(read) != 2 or None in read:
            if len(read) != 2:
                self.problems.error(node, "allowed: free, one place, or [first, last]")
            return None
        (lo, share), (hi, other) = read  # type: ignore[misc]
        if share != other or lo > hi:
            self.problems.error(node, "allowed: [first, last], both in % or both in us")
            return None
        return Offset(lo, hi, share)

    def _one_offset(self, node: Node) -> tuple[Fraction, bool] | None:
        text = node.text
        if text.endswith("%"):
            try:
                share = Fraction(text[:-1].strip()) / 100
                if not 0 <= share <= 1:
                    raise ValueError
                return share, True
            except (ValueError, ZeroDivisionError):
                self.problems.error(node, "allowed: 0% to 100%")
                return None
        ticks = self.ticks(node)
        return None if ticks is None else (Fraction(ticks), False)

    def names(self, node: Node | None, axis: str = "") -> tuple[int, ...]:
        """op_names by index: an op_name, a base (any of its op_names), or a list of them. `axis`: the base required."""
        if node is None:
            return ()
        catalogue = self.device.catalogue
        found: dict[int, None] = {}
        for member in node.members if isinstance(node.value, list) else [node]:
            word = member.text
            if word in catalogue.name_index:
                chosen: Iterable[int] = (catalogue.name_index[word],)
            elif word in catalogue.base_index:
                chosen = catalogue.base(word).names
                if not chosen:
                    self.problems.error(member, "this base has no op_name")
            else:
                every = [*catalogue.name_index, *catalogue.base_index]
                self.problems.error(member, f"neither an op_name nor a base of the config{meant(word, every)}")
                continue
            wrong = [i for i in chosen if axis and catalogue.names[i].base.name != axis]
            if wrong:
                self.problems.error(member, f"not of base {axis}")
            found.update(dict.fromkeys(i for i in chosen if i not in wrong))
        return tuple(found)

    def plane_list(self, node: Node | None) -> tuple[int, ...]:
        """Planes, ascending."""
        if node is None:
            return ()
        planes = self.device.geometry.planes
        members = node.members if isinstance(node.value, list) else [node]
        read = [self.whole(member, 0, planes - 1, 0) for member in members]
        if sorted(set(read)) != read or not read:
            self.problems.error(node, "allowed: planes, ascending, each once")
        return tuple(sorted(set(read)))
