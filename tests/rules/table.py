"""Tables of a rule: rows of operations with exact start times, each legal or not.

A line of a row says a time, an op_name and its address, `#` begins a comment:

    7000.1100  Page_Program_SLC  die 0 block 0 page 0    # until + 9.8244 + 300

A time with a point is in us, without one in ticks. `die` and `page` are 0 where they are not said, `plane` follows from
`block`, `celltype` is the op_name's or that of the block's latest erase or program. Several objects: `block 0+1`.
`shows busy` is a status read's exp_val. To break the form of a payload: `without page`, `uid 3`, `objects 2`, or a
field that the base does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from model.device import Device
from model.event import ERASUS, NOTHING, PGMSUS, Commands, ExpVal
from model.operations import CHECKS, READS, OpName

Raw = dict[str, Any]
Change = Callable[[Raw], None]
Edit = Callable[[list[str]], None]
Entry = tuple[int, int, int, int, int]
FIELDS = ("die", "plane", "block", "page", "celltype")


@dataclass(frozen=True)
class Made:
    """How to make a device: the shipped one (`small` None), or a small one with its topology; then a change.

    On a small device every ISSUE lasts 2 ticks, CORE_BUSY 4, DATA_OUT and DATA_IN 3, and no group forbids anything.
    """

    small: tuple[int, int, int, int] | None = None
    change: Change | None = None


SHIPPED = Made()
FREE = Made((2, 2, 3, 4))
"""2 dies, 2 planes, 3 rows of blocks, 4 pages, no groups: an operation lasts 2, 6 or 9 ticks."""


@dataclass(frozen=True)
class Row:
    """One row.

    `also` are the other rules that the judge finds broken, `beside` those that keep a window from it besides this one.
    `by` is the rule that states this side of it in a window, where it is another one. `end`: the plan is finished
    then. `files` breaks what its files say. `differs` tells why the window does not say yet what the row says.
    `asked`: the window is asked, although its table is not `planned`. `inherent`: there is no window that it fits into,
    whatever its rules.
    """

    title: str
    legal: bool
    text: str
    device: Made | None = None
    also: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    by: str = ""
    end: bool = False
    files: Edit | None = None
    differs: str = ""
    asked: bool = False
    inherent: bool = False


@dataclass(frozen=True)
class Table:
    """All rows of a rule. `planned`: the window encoder is asked, too."""

    rule: str
    device: Made
    rows: tuple[Row, ...]
    planned: bool = True


def table(rule: str, device: Made, *rows: Row, planned: bool = True) -> Table:
    """A table; `device` is that of the rows that name none."""
    return Table(rule, device, rows, planned)


def legal(
    title: str, text: str, *, device: Made | None = None, end: bool = False, differs: str = "", asked: bool = False
) -> Row:
    """A row that keeps the rule, and all others."""
    return Row(title, True, text, device, end=end, differs=differs, asked=asked)


def illegal(
    title: str,
    text: str,
    *,
    also: str = "",
    beside: str | None = None,
    by: str = "",
    device: Made | None = None,
    end: bool = False,
    files: Edit | None = None,
    differs: str = "",
    asked: bool = False,
    inherent: bool = False,
) -> Row:
    """A row that breaks the rule, and those in `also`, and none else; `beside` is `also` where it is not said."""
    others = frozenset((also if beside is None else beside).split())
    return Row(title, False, text, device, frozenset(also.split()), others, by, end, files, differs, asked, inherent)


@dataclass(frozen=True)
class Line:
    """One operation of a row. Times in ticks; `objects` as they stand in the payload."""

    time: int
    op_uid: int
    name: OpName
    exp_val: int
    objects: tuple[Entry, ...]

    @property
    def die(self) -> int:
        """The die of the payload, NOTHING where it has none."""
        return self.objects[0][0] if self.objects else NOTHING

    @property
    def planes(self) -> int:
        """The payload planes as a mask."""
        return sum(1 << plane for plane in {entry[1] for entry in self.objects} if plane >= 0)


def lines_of(device: Device, text: str) -> tuple[Line, ...]:
    """The operations that a row's text says, in the order in which they are written."""
    celltypes: dict[tuple[int, int], str] = {}
    said = [line.split("#")[0].split() for line in text.splitlines()]
    return tuple(_line(device, uid, words, celltypes) for uid, words in enumerate(filter(None, said), 1))


def commands_of(lines: tuple[Line, ...]) -> Commands:
    """The operations as columns."""
    return Commands.of(
        [(line.time, line.op_uid, line.name.index, line.die, line.exp_val, line.objects) for line in lines]
    )


def _line(device: Device, uid: int, words: list[str], celltypes: dict[tuple[int, int], str]) -> Line:
    time, called, *rest = words
    said = dict(zip(rest[::2], rest[1::2], strict=True))
    name = device.catalogue.name(called)
    shown = said.pop("shows", "ready" if "exp_val" in name.base.payload else "")
    number = int(said.pop("uid", uid))
    ticks = device.clock.ticks(time) if "." in time else int(time)
    return Line(ticks, number, name, _exp_val(shown), tuple(_objects(device, name, said, celltypes)))


def _exp_val(shown: str) -> int:
    if not shown:
        return NOTHING
    value, *flags = shown.split("/")
    return int(ExpVal[value.upper()]) + (ERASUS if "erasus" in flags else 0) + (PGMSUS if "pgmsus" in flags else 0)


def _objects(
    device: Device, name: OpName, said: dict[str, str], celltypes: dict[tuple[int, int], str]
) -> Iterator[Entry]:
    missing, count = said.pop("without", ""), int(said.pop("objects", 0))
    fields = [f for f in FIELDS if (f in name.base.payload or f in said) and f != missing]
    if not fields:
        return
    given = {f: _numbers(device, f, said[f]) for f in fields if f in said}
    count = count or max([1, *(len(values) for values in given.values())])
    for place in range(count):
        entry = dict.fromkeys(FIELDS, NOTHING)
        for f in fields:
            values = given.get(f)
            entry[f] = values[min(place, len(values) - 1)] if values else 0
        if "plane" in fields and "plane" not in given:
            entry["plane"] = entry["block"] % device.geometry.planes if "block" in fields else 0
        if "celltype" in fields and "celltype" not in given:
            at = entry["die"], entry["block"]
            word = device.celltypes[name.celltype] if name.celltype else celltypes.get(at, "NONE")
            entry["celltype"] = device.celltypes.index(word)
            if name.celltype and name.base.name not in READS | CHECKS:
                celltypes[at] = word
        yield entry["die"], entry["plane"], entry["block"], entry["page"], entry["celltype"]


def _numbers(device: Device, name: str, text: str) -> list[int]:
    words = text.split("+")
    return [device.celltypes.index(word) for word in words] if name == "celltype" else [int(word) for word in words]
