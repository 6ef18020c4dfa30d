"""Operations whose order is open: fragments, ends and who cuts, resumes, takes over or aborts whom are variables."""

from __future__ import annotations

from itertools import product

from model.operations import RESETS, RESUMES, SUSPENDS
from planner.window.logic import IntVar, Lit, Point, negated
from planner.window.operations import asked_for, carried_in, room, run_on
from planner.window.spec import OpSpec
from planner.window.variables import Op, Run, Window


def place(window: Window) -> None:
    """Makes the window's operations with open order, their possible runs and their ends."""
    suspended = _carry_in(window)
    logic = window.logic
    for index, spec in enumerate(window.spec.ops):
        op = asked_for(window, index, logic.time(*room(window, spec)))
        run_on(op, op.issue_end)
        for die in window.dies_of(op):
            window.by_die[die].append(op)
    # resumes first: what they resume goes on at their ends
    for op in sorted(window.ops, key=lambda op: op.base.name not in RESUMES):
        _disturb(window, op, op in suspended)
    for die in range(len(window.by_die)):
        _pair_up(window, die)
    for op in window.new:
        _keep_distances(window, op, window.spec.ops[op.index])


def _carry_in(window: Window) -> list[Op]:
    known: dict[int, Op] = {}
    suspended = []
    for die, state in enumerate(window.boundary.dies):
        for live in state.running:
            op = known.get(live.op_uid) or carried_in(window, live, suspended=False)
            known[live.op_uid] = op
            window.by_die[die].append(op)
        for live in state.suspended:
            op = carried_in(window, live, suspended=True)
            suspended.append(op)
            window.by_die[die].append(op)
    for resume in [op for op in window.ops if op.base.name in RESUMES and op.end is not None]:
        _go_on(window, resume, suspended)
    return suspended


def _go_on(window: Window, resume: Op, suspended: list[Op]) -> None:
    """A RESUME that runs when the window begins: its victim goes on at its end."""
    axis = resume.base.name.removesuffix("_RESUME")
    mine = [op for op in suspended if op.die == resume.die and window.axis_of(op) == axis]
    if mine:
        resume.resumes.append((mine[-1], True))
        resume.still_suspended = len(mine) > 1


def _of_dies(window: Window, op: Op, bases: frozenset[str]) -> list[Op]:
    dies = set(window.dies_of(op))
    new = [other for other in window.new if other is not op and other.base.name in bases]
    return [other for other in new if not dies.isdisjoint(window.dies_of(other))]


def _disturb(window: Window, op: Op, suspended: bool) -> None:
    """Replaces the fixed runs of an operation that others may cut, take over or abort by variable ones."""
    axis = window.axis_of(op)
    cutters = _of_dies(window, op, frozenset({f"{axis}_SUSPEND"})) if axis and op.name.has_core else []
    resets = _of_dies(window, op, RESETS) if op.base.name not in RESETS or op.runs else []
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
        self._size(run, size, present)
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

    def _size(self, run: Run, size: IntVar | int, present: Lit) -> None:
        start = 0 if run.start.var is None else run.start.var
        end = 0 if run.end.var is None else run.end.var
        self._logic.add(end - start == size + (run.start.off - run.end.off), present)

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
        self._resting.append(logic.all_of(cut, negated(goes_on), negated(ended)))
        return goes_on, start

    def _resumes(self, fragment: int, cut: Lit, at: Point) -> list[tuple[Op, Lit]]:
        """What may end a rest: the RESUME that runs when the window begins, where it is this one's, or new ones."""
        op, window = self._op, self._window
        known = [(other, True) for other in window.ops if not other.new and (op, True) in other.resumes]
        if fragment == 0 and known:
            return list(known)
        chosen = self._choices(_of_dies(window, op, frozenset({f"{window.axis_of(op)}_RESUME"})), cut)
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
        logic.same(op.end, run.end, full)

    def _finish(self) -> None:
        """A reset that comes before the end aborts; what rests for good never ends."""
        logic, op = self._logic, self._op
        if op.end is None or op.core_end is None:
            return
        op.stays = logic.any_of(*self._resting) if self._resting else False
        for lit in self._resting:
            logic.after(op.end, Point(None, 2 * logic.horizon), 0, lit)
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
        logic.after(op.core_end, Point(None, 2 * logic.horizon), 0, negated(rested))


def _pair_up(window: Window, die: int) -> None:
    """Each SUSPEND cuts once, each RESUME resumes once, the latest suspended operation of its axis first."""
    logic = window.logic
    for op in window.by_die[die]:
        if op.base.name in SUSPENDS and op.new:
            cuts = [
                (other, lit) for other in window.by_die[die] for run in other.runs for c, lit in run.cut_by if c is op
            ]
            logic.cp.add_at_most_one([lit for _, lit in cuts])
            op.victim = cuts
        elif op.base.name in RESUMES and op.new:
            logic.cp.add_at_most_one([lit for _, lit in op.resumes])
    rests = [rest for op in window.by_die[die] for rest in op.rests if rest[0] is op]
    for resume in window.by_die[die]:
        if resume.base.name in RESUMES and resume.new:
            _latest_first(window, resume, rests)


def _latest_first(window: Window, resume: Op, rests: list[tuple[Op, int, Lit, Point]]) -> None:
    logic = window.logic
    still: list[Lit] = []
    axis = resume.base.name.removesuffix("_RESUME")
    for victim, fragment, cut, at in rests:
        if window.axis_of(victim) != axis:
            continue
        mine = [lit for v, f, lit, _ in resume.rests if v is victim and f == fragment]
        before = _resumed_before(window, resume, victim, fragment)
        open_now = logic.all_of(cut, logic.at_most(at, resume.start), negated(before), *[negated(lit) for lit in mine])
        still.append(open_now)
        for other, other_fragment, lit, other_at in resume.rests:
            if (other, other_fragment) != (victim, fragment):
                logic.deny(lit, open_now, negated(logic.at_most(at, other_at)))
    resume.still_suspended = logic.any_of(*still) if still else False


def _resumed_before(window: Window, resume: Op, victim: Op, fragment: int) -> Lit:
    logic = window.logic
    earlier: list[Lit] = []
    for other in window.new:
        if other is resume or other.base.name != resume.base.name:
            continue
        for v, f, lit, _ in other.rests:
            if v is victim and f == fragment:
                earlier.append(logic.all_of(lit, logic.at_most(other.start, resume.start)))
    for reset, lit in victim.aborted:
        earlier.append(logic.all_of(lit, logic.at_most(reset.start, resume.start)))
    return logic.any_of(*earlier) if earlier else False


def _keep_distances(window: Window, op: Op, spec: OpSpec) -> None:
    logic = window.logic
    for link in spec.after:
        moment = window.point(window.new[link.op], link.moment)
        if moment is not None:
            logic.after(op.start, moment, link.gap)
    if spec.inside is None:
        return
    host = window.new[spec.inside.op]
    ways = []
    for run in host.runs:
        if run.state == spec.inside.state:
            here = window.in_run(op, host, run)
            early = logic.at_most(run.start.plus(spec.inside.lo), op.start)
            late = logic.at_most(op.start, run.start.plus(spec.inside.hi))
            ways.append(logic.all_of(here, early, late))
    logic.require_any(ways)
