"""The operations of a window as variables, and the questions that the rules ask about them.

An operation's start is a `Point`; the states after ISSUE are `Run`s, one or more of CORE_BUSY where it is suspended.
What the order of the data decides is answered with Python bools, everything else with literals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from model.boundary import Boundary
from model.device import Device
from model.event import NOTHING
from model.operations import ERASE_AXIS
from planner.window.logic import Lit, Logic, Point, negated
from planner.window.parts import Event, Op, Run
from planner.window.spec import Moment, WindowSpec


class Window:
    """The variables of a window: `ops` are all operations, the running and suspended ones of the boundary first.

    `ordered` tells whether the order of the operations of each die is given.
    """

    def __init__(self, device: Device, boundary: Boundary, spec: WindowSpec, logic: Logic) -> None:
        self.device = device
        self.boundary = boundary
        self.spec = spec
        self.logic = logic
        self.ops: list[Op] = []
        self.new: list[Op] = []
        self.by_die: list[list[Op]] = [[] for _ in range(device.geometry.dies)]
        self.registers: dict[int, Any] = {}
        self.ordered = spec.ordered

    def dies_of(self, op: Op) -> Iterable[int]:
        """The dies that an operation looks at: its own, or all where its payload has none."""
        if op.die != NOTHING:
            return (op.die,)
        return range(self.device.geometry.dies) if op.targets else ()

    def of_die(self, die: int, new: bool = True) -> Iterator[Op]:
        """The operations that look at a die, in order where there is one."""
        return (op for op in self.by_die[die] if op.new or not new)

    # -- relations in time -------------------------------------------------------------------------------------

    def point(self, op: Op, moment: Moment) -> Point | None:
        """When the moment comes; None: not in this window."""
        if moment is Moment.START:
            return op.start
        if moment is Moment.ISSUE_END:
            return op.issue_end
        return op.core_end if moment is Moment.CORE_END else op.end

    def passed(self, op: Op | None, moment: Moment, at: Op) -> Lit:
        """Whether a moment of `op` is at or before the start of `at`."""
        if op is None:
            return True
        if op is at:
            return False
        if self.ordered and (op.die == at.die or NOTHING in (op.die, at.die)):
            known = self._known(op, moment, at)
            if known is not None:
                return known
        point = self.point(op, moment)
        return False if point is None else self.logic.at_most(point, at.start)

    def _known(self, op: Op, moment: Moment, at: Op) -> bool | None:
        if op.pos > at.pos:
            return False
        if moment is Moment.START or at.pos >= op.ended_from:
            return True
        if moment is Moment.ISSUE_END:
            return True if op.base.bus[0] else None
        if any(first <= at.pos <= last for first, last in op.suspended):
            return False
        if at.host is op and at.host_run is not None:
            return moment is Moment.CORE_END and not at.host_run.core
        return None

    def in_run(self, at: Op, op: Op, run: Run) -> Lit:
        """Whether `at` starts while `op` is in the run, the operation that cuts the run short included."""
        logic = self.logic
        if self.ordered and op.pos < at.pos and at.host is op:
            return at.host_run is run
        if self.ordered and not run.opened_from < at.pos < run.closed_from:
            return False
        inside = logic.all_of(
            run.present, logic.at_most(run.start, at.start), negated(logic.at_most(run.end, at.start))
        )
        cuts = [lit for cutter, lit in run.cut_by if cutter is at]
        return logic.any_of(inside, *cuts) if cuts else inside

    def others(self, at: Op) -> Iterable[Op]:
        """The operations whose states `at` may start in: those of its dies that are not known to be over."""
        if self.ordered:
            return at.live
        dies = set(self.dies_of(at))
        return [op for op in self.ops if op is not at and op.runs and not dies.isdisjoint(self.dies_of(op))]

    def axis_of(self, op: Op) -> str | None:
        """The suspension axis of an operation, None where nothing can suspend it."""
        if op.base.name in ERASE_AXIS:
            return "ERASE"
        return "PROGRAM" if self.device.program_axis >> op.base.index & 1 else None

    def is_suspended(self, op: Op, at: Op) -> Lit:
        """Whether `op` is suspended, or about to be, when `at` starts: from its cut to the end of its RESUME."""
        if self.ordered:
            return any(first < at.pos <= last for first, last in op.suspended)
        return self.logic.any_of(*[self._rests(op, rest, at) for rest in op.rests if rest[0] is op])

    def _rests(self, op: Op, rest: tuple[Op, int, Lit, Point], at: Op) -> Lit:
        """Whether one rest of `op` lasts at the start of `at`."""
        logic = self.logic
        _, fragment, cut, since = rest
        over = [
            logic.all_of(resumed, self.passed(resume, Moment.END, at))
            for resume in self.ops
            for victim, place, resumed, _ in resume.rests
            if victim is op and place == fragment and resume is not op
        ]
        over += [logic.all_of(aborted, logic.at_most(reset.start, at.start)) for reset, aborted in op.aborted]
        return logic.all_of(cut, logic.at_most(since, at.start), *[negated(way) for way in over])

    def unended(self, at: Op) -> Iterable[Op]:
        """The operations that may have started and not ended when `at` starts, suspended ones included."""
        return (*at.live, *at.waiting) if self.ordered else self.others(at)

    # -- relations in space ------------------------------------------------------------------------------------

    def share_target(self, a: Op, b: Op) -> Lit:
        """Whether two operations of one die have a target plane in common."""
        if a.targets is not None and b.targets is not None:
            return bool(a.targets & b.targets)
        planes = range(self.device.geometry.planes)
        return self.logic.any_of(*[self.logic.all_of(a.target(p), b.target(p)) for p in planes])

    def share_block(self, a: Op, b: Op) -> Lit:
        """Whether the payloads of two operations name a common block."""
        if a.die != b.die:
            return False
        same_row = self.logic.equal(a.row, b.row)
        if same_row is False:
            return False
        if a.mask is not None and b.mask is not None:
            return self.logic.all_of(bool(a.mask & b.mask), same_row)
        planes = range(self.device.geometry.planes)
        shared = self.logic.any_of(*[self.logic.all_of(a.payload(p), b.payload(p)) for p in planes])
        return self.logic.all_of(shared, same_row)

    def same_planes(self, a: Op, b: Op) -> Lit:
        """Whether two payloads name the same planes."""
        if a.mask is not None and b.mask is not None:
            return a.mask == b.mask
        logic = self.logic
        return logic.all_of(*[logic.iff(a.payload(p), b.payload(p)) for p in range(self.device.geometry.planes)])

    def may_overlap(self, a: Op, b: Op) -> bool:
        """Whether two operations on different planes of a die may run at the same time."""
        allowed = self.device.single_single
        return not (a.name.multi or b.name.multi) and bool(allowed >> a.base.index & allowed >> b.base.index & 1)

    # -- fluents -----------------------------------------------------------------------------------------------

    def along(
        self, ops: Iterable[Op], initial: Any, events_of: Callable[[Op], Iterable[Event]]
    ) -> Iterator[tuple[Op, list[Event]]]:
        """Each new operation with the events of a fluent that may come before its start, the initial value first."""
        events = [Event(None, Moment.START, initial)]
        listed = list(ops)
        if not self.ordered:
            for op in listed:
                events.extend(self._new_events(op, events_of))
        for op in listed:
            if op.new:
                yield op, events
            if self.ordered:
                events.extend(self._new_events(op, events_of))

    def while_set(
        self, ops: list[Op], initial: Any, events_of: Callable[[Op], Iterable[Event]]
    ) -> Iterator[tuple[Op, list[Event]]]:
        """The same for a fluent that only matters while it has a value; nothing where it never has one."""
        if initial or any(True for op in ops for _ in events_of(op)):
            yield from self.along(ops, initial, events_of)

    @staticmethod
    def _new_events(op: Op, events_of: Callable[[Op], Iterable[Event]]) -> Iterator[Event]:
        """The events of an operation that come in this window: the boundary knows of a start before it."""
        return (event for event in events_of(op) if op.new or event.moment is not Moment.START)

    def latest(self, at: Op, events: list[Event]) -> list[tuple[Event, Lit]]:
        """Which event is the last one at or before the start of `at`: the possible ones, each with its literal.

        At one tick ends come before starts; of two ends or two starts the one later in the list counts.
        """
        if len(events) == 1:
            return [(events[0], True)]
        logic = self.logic
        possible: list[tuple[Event, Lit]] = []
        for event in reversed(events):
            if event.op is at:
                continue
            lit = logic.all_of(event.applies, self.passed(event.op, event.moment, at))
            if lit is False:
                continue
            possible.append((event, lit))
            if lit is True and (self.ordered or event.op is None):
                break
        if len(possible) == 1:
            return possible
        return self._last_of(possible)

    def last(self, events: list[Event]) -> list[tuple[Event, Lit]]:
        """Which event is the last one of the window: the possible ones, each with its literal."""
        possible: list[tuple[Event, Lit]] = []
        for event in reversed(events):
            comes = event.op is None or self.point(event.op, event.moment) is not None
            if event.applies is not False and comes:
                possible.append((event, event.applies))
                if self.ordered and event.applies is True:
                    break
        return possible if len(possible) == 1 else self._last_of(possible)

    def _last_of(self, possible: list[tuple[Event, Lit]]) -> list[tuple[Event, Lit]]:
        logic = self.logic
        result: list[tuple[Event, Lit]] = []
        for place, (event, lit) in enumerate(possible):
            earlier: list[Lit] = [lit]
            for other_place, (other, other_lit) in enumerate(possible):
                if other is not event:
                    later = self._comes_later(other, event, other_place < place)
                    earlier.append(negated(logic.all_of(other_lit, later)))
            result.append((event, logic.all_of(*earlier)))
        return result

    def _comes_later(self, a: Event, b: Event, listed_later: bool) -> Lit:
        if a.op is None or b.op is None:
            return b.op is None
        first, second = self.point(b.op, b.moment), self.point(a.op, a.moment)
        if first is None or second is None:
            return second is None
        starts = a.moment is Moment.START, b.moment is Moment.START
        if listed_later if starts[0] == starts[1] else starts[0]:
            return self.logic.at_most(first, second)
        return negated(self.logic.at_most(second, first))
