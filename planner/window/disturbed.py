"""One operation of open order whose states others may cut, take over or abort: its fragments and end as variables."""

from __future__ import annotations

from itertools import product

from model.operations import RESETS, SUSPENDS
from planner.window.logic import IntVar, Lit, Point, negated
from planner.window.parts import Op, Run
from planner.window.variables import Window


def of_dies(window: Window, op: Op, bases: frozenset[str]) -> list[Op]:
    """The new operations of some bases on the dies of an operation."""
    dies = set(window.dies_of(op))
    new = [other for other in window.new if other is not op and other.base.name in bases]
    return [other for other in new if not dies.isdisjoint(window.dies_of(other))]


def disturb(window: Window, op: Op, suspended: bool) -> None:
    """Replaces the fixed runs of an operation that others may cut, take over or abort by variable ones."""
    axis = window.axis_of(op)
    cutters = of_dies(window, op, frozenset({f"{axis}_SUSPEND"})) if axis and op.name.has_core else []
    resets = of_dies(window, op, RESETS) if op.base.name not in RESETS or op.runs else []
    takers = _takers(window, op)
    if suspended or cutters or resets or takers:
        _Disturbed(window, op, suspended, cutters, resets, takers).lay_out()


def _takers(window: Window, op: Op) -> list[Op]:
    if not op.name.has_data:
        return []
    forbidden = window.device.exclusions.by_state[op.base.index][len(op.base.states) - 1]
    dies = set(window.dies_of(op))
    return [
        other
        for other in window.new
        if other is not op
        and other.base.affects_state
        and other.base.name not in RESETS | SUSPENDS
        and not forbidden >> other.base.index & 1
        and not dies.isdisjoint(window.dies_of(other))
    ]


class _Disturbed:
    """One operation whose runs others may disturb."""

    def __init__(
        self, window: Window, op: Op, suspended: bool, cutters: list[Op], resets: list[Op], takers: list[Op]
    ) -> None:
        self._window, self._logic = window, window.logic
        self._op = op
        self._suspended = suspended
        self._cutters, self._resets, self._takers = cutters, resets, takers
        self._limit = 4 * window.logic.horizon + 4 * (op.name.length + 1)
        self._never = Point(None, 2 * window.logic.horizon + 1)
        first = op.runs[0] if op.runs else None
        self._first = first.start if first is not None else op.issue_end
        self._left = op.left if isinstance(op.left, int) else 0
        self._aborts: dict[int, list[Lit]] = {reset.pos: [] for reset in resets}
        self._executed: list[IntVar | int] = []
        self._full: list[Lit] = []
        self._resting: list[Lit] = []

    def _moment(self) -> Point:
        return self._logic.time(-self._limit if not self._op.new else 0, self._limit)

    def lay_out(self) -> None:
        """Makes fragments, the DATA window and the end."""
        op = self._op
        op.runs = []
        op.core_end, op.end = self._moment(), self._moment()
        present: Lit = not self._suspended
        start = self._first
        if op.new and not op.base.bus[0]:
            present = self._stopped_in_issue()
        if self._suspended:
            present, start = self._resumed(0, True, Point(None, -1))
        for fragment in range(len(self._cutters) + 1):
            if op.name.has_core:
                cut, at = self._core(fragment, present, start)
                if fragment == len(self._cutters):
                    self._logic.require(negated(cut))
                    break
                present, start = self._resumed(fragment + 1, cut, at)
            else:
                self._full.append(present)
                self._logic.same(op.core_end, start)
                break
        self._data()
        self._finish()

    def _stopped_in_issue(self) -> Lit:
        """A reset may come while the operation is in an ISSUE off the bus. Returns whether it gets any further."""
        logic, op = self._logic, self._op
        stops = self._choices(self._resets, True)
        for reset, lit in stops:
            logic.after(reset.start, op.start, 1, lit)
            logic.after(op.issue_end, reset.start, 1, lit)
            self._aborts[reset.pos].append(lit)
        op.stopped = logic.any_of(*[lit for _, lit in stops]) if stops else False
        return negated(op.stopped)

    def _core(self, fragment: int, present: Lit, start: Point) -> tuple[Lit, Point]:
        """One fragment of CORE_BUSY: cut, aborted, or run to its end. Returns whether it is cut, and when it ends."""
        logic, op = self._logic, self._op
        run = Run(1, True, start, self._moment(), present, fragment)
        op.runs.append(run)
        size = logic.number(0, max(self._left, 0))
        self._size(run, size)
        self._executed.append(size)
        done = sum(self._executed)
        cuts = self._choices(self._cutters, present)
        aborts = self._choices(self._resets, present)
        for cutter, lit in cuts:
            logic.same(run.end, cutter.start, lit)
            run.cut_by.append((cutter, lit))
        for reset, lit in aborts:
            logic.same(run.end, reset.start, lit)
            run.cut_by.append((reset, lit))
            self._aborts[reset.pos].append(lit)
        full = logic.all_of(present, *[negated(lit) for _, lit in cuts + aborts])
        short = logic.any_of(*[lit for _, lit in cuts + aborts]) if cuts or aborts else False
        logic.add(done <= self._left - 1, short)
        logic.add(done == self._left, full)
        logic.add(size == 0, negated(present))
        logic.same(op.core_end or run.end, run.end, full)
        self._full.append(full)
        return (logic.any_of(*[lit for _, lit in cuts]) if cuts else False), run.end

    def _size(self, run: Run, size: IntVar | int) -> None:
        start = 0 if run.start.var is None else run.start.var
        end = 0 if run.end.var is None else run.end.var
        self._logic.add(end - start == size + (run.start.off - run.end.off))

    def _choices(self, others: list[Op], present: Lit) -> list[tuple[Op, Lit]]:
        """A literal per operation that may end the run; at most one is true, none where the run is not there."""
        chosen: list[tuple[Op, Lit]] = [(other, self._logic.boolean()) for other in others]
        self._logic.cp.add_at_most_one([lit for _, lit in chosen])
        for _, lit in chosen:
            self._logic.require(present, lit)
        return chosen

    def _resumed(self, fragment: int, cut: Lit, at: Point) -> tuple[Lit, Point]:
        """Whether and when the operation goes on after a cut; a reset may end it while it rests."""
        logic, op = self._logic, self._op
        start = self._moment()
        chosen = self._resumes(fragment, cut, at)
        for resume, lit in chosen:
            resume.rests.append((op, fragment, lit, at))
            if resume.end is not None:
                logic.same(start, resume.end, lit)
        aborts = self._choices(self._resets, cut)
        for reset, lit in aborts:
            logic.after(reset.start, at, 0, lit)
            self._aborts[reset.pos].append(lit)
        for (_, resumed), (_, aborted) in product(chosen, aborts):
            logic.deny(resumed, aborted)
        op.rests.append((op, fragment, cut, at))
        goes_on = logic.any_of(*[lit for _, lit in chosen]) if chosen else False
        ended = logic.any_of(*[lit for _, lit in aborts]) if aborts else False
        logic.same(start, self._never, negated(goes_on))
        self._resting.append(logic.all_of(cut, negated(goes_on), negated(ended)))
        return goes_on, start

    def _resumes(self, fragment: int, cut: Lit, at: Point) -> list[tuple[Op, Lit]]:
        """What may end a rest: the RESUME that runs when the window begins, where it is this one's, or new ones."""
        op, window = self._op, self._window
        known = [(other, True) for other in window.ops if not other.new and (op, True) in other.resumes]
        if fragment == 0 and known:
            return list(known)
        chosen = self._choices(of_dies(window, op, frozenset({f"{window.axis_of(op)}_RESUME"})), cut)
        for resume, lit in chosen:
            self._logic.after(resume.start, at, 0, lit)
            resume.resumes.append((op, lit))
        return chosen

    def _data(self) -> None:
        logic, op = self._logic, self._op
        full = logic.any_of(*self._full)
        if op.end is None or op.core_end is None:
            return
        if not op.name.has_data:
            logic.same(op.end, op.core_end, full)
            return
        run = Run(len(op.base.states) - 1, False, op.core_end, self._moment(), full, 0)
        op.runs.append(run)
        takes, aborts = self._choices(self._takers, full), self._choices(self._resets, full)
        for other, lit in takes + aborts:
            logic.same(run.end, other.start, lit)
            logic.after(run.end, run.start, 0, lit)
            logic.after(run.start.plus(op.name.data - 1), run.end, 0, lit)
            run.cut_by.append((other, lit))
        for other, lit in takes:
            other.takes_over.append((op, lit))
        for reset, lit in aborts:
            self._aborts[reset.pos].append(lit)
        whole = logic.all_of(full, *[negated(lit) for _, lit in takes + aborts])
        logic.same(run.end, run.start.plus(op.name.data), whole)
        logic.after(run.end, run.start, 0)
        logic.same(run.end, run.start, negated(full))
        logic.same(op.end, run.end, full)

    def _finish(self) -> None:
        """A reset that comes before the end aborts; what rests for good never ends."""
        logic, op = self._logic, self._op
        if op.end is None or op.core_end is None:
            return
        op.stays = logic.any_of(*self._resting) if self._resting else False
        for lit in self._resting:
            logic.same(op.end, self._never, lit)
        gone: list[Lit] = []
        for reset in self._resets:
            lit = logic.any_of(*self._aborts[reset.pos]) if self._aborts[reset.pos] else False
            op.aborted.append((reset, lit))
            gone.append(lit)
            logic.same(op.end, reset.start, lit)
            logic.after(reset.start, op.start, 1, lit)
            later = logic.at_most(op.start, reset.start)
            logic.require(logic.at_most(op.end, reset.start), later)
        unfinished = logic.any_of(*gone, *self._resting) if gone or self._resting else False
        op.completes = negated(unfinished)
        rested = logic.any_of(*self._full)
        logic.same(op.core_end, self._never, negated(rested))
