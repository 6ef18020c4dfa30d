"""events: everything that happens to an operation, in order."""

from __future__ import annotations

from model.event import Ints
from model.geometry import planes_in
from model.timeline import EventKind, Settled
from planner.export import text
from planner.export.sink import Words


class EventLog:
    """Rows ordered by time, then OP_END, OP_ABORT, OP_SUSPENDED, OP_RESUMED, OP_START, STATE, then op_uid."""

    name = "events"
    columns = (
        "time", "event", "op_uid", "op_name", "op_base", "op_state", "die", "planes", "fragment", "remaining",
    )  # fmt: skip

    def __init__(self, words: Words) -> None:
        self._words = words
        names = words.catalogue.names
        self._widest = max((len(name.base.states) for name in names), default=0) + 1
        self._kinds = text.texts((kind.name for kind in EventKind), ",")
        named = (
            f"{text.field(name.name)},{text.field(name.base.name)},{state}"
            for name in names
            for state in self._states(name.base.name, name.base.states)
        )
        self._named = text.texts(named, ",")
        self._fragments = text.Small(end=",")

    def rows(self, settled: Settled) -> text.Lines:
        """The events of a chunk."""
        events, words = settled.events, self._words
        return text.rows(
            words.us(events.time, ","),
            self._kinds[events.kind],
            text.numbers(events.op_uid, ","),
            self._named[events.name * self._widest + events.state + 1],
            self._places(events.die, events.mask),
            self._fragments(events.fragment),
            words.us(events.remaining, "\n"),
        )

    def end(self) -> text.Lines:
        """Nothing."""
        return text.NO_LINES

    def _states(self, base: str, states: tuple[str, ...]) -> list[str]:
        """The op_state fields of a base: none, then its states, to equal length."""
        made = ["", *(text.field(f"{base}.{state}") for state in states)]
        return made + [""] * (self._widest - len(made))

    def _places(self, die: Ints, mask: Ints) -> text.Texts:
        """`die,planes,` of each event; there are few different ones."""
        planes = self._words.layout.planes
        codes, back = text.distinct(((die + 1) << planes) | mask)
        places = (_place((code >> planes) - 1, code & ((1 << planes) - 1)) for code in codes.tolist())
        return text.texts(places, ",")[back]


def _place(die: int, mask: int) -> str:
    return f"{die if die >= 0 else ''},{'+'.join(map(str, planes_in(mask)))}"
