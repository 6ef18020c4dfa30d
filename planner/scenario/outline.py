"""The outline of a scenario: its operations as moments, with the rules that do not depend on addresses.

Whatever the planner adds besides (blocks erased and programmed before), the rules of an outline hold: what an outline
cannot do, no sequence can. It orders the operations; the window then puts the whole of the rules to that order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, permutations

from model.chains import CACHE_READS, KEEPS_REGISTERS, RESUMES, SUSPENDS, Kind
from model.device import Device
from model.event import NOTHING
from planner.scenario.acts import Act
from planner.scenario.closed import Closed, closed
from planner.scenario.frame import Frame
from planner.scenario.labels import STRUCTURE, Selective, said_of
from planner.scenario.language import Scenario
from planner.scenario.order import known_order, one_block, tidy_pairs
from planner.scenario.saying import say
from planner.window import statements
from planner.window.logic import IntVar, Point
from planner.window.statements import linear


class Outline(Frame):
    """The model of acts. `ranges`: every op_name of an act is possible, not only the first (for proofs).

    `even`: free suspensions are spread evenly.
    `tidy`: what is added to an operation starts before the next listed one that has nothing to do with it.
    Each constraint carries a label, a rule or something said; `only` those labels are stated (None: all). `slack_of`
    names the statements (by number) that may be broken by some ticks; `slacks` are those.
    """

    def __init__(
        self,
        device: Device,
        scenario: Scenario,
        acts: Sequence[Act],
        horizon: int,
        *,
        listed: Sequence[Act],
        ranges: bool = False,
        only: frozenset[str] | None = None,
        tidy: bool = False,
        even: bool = False,
        slack_of: frozenset[int] = frozenset(),
    ) -> None:
        super().__init__(device, acts, Selective(horizon, only), ranges=ranges, even=even)
        self.scenario = scenario
        self.slacks: dict[int, IntVar] = {}
        self._slack_of, self._tidy = slack_of, tidy
        self._listed = listed
        self._later_than = known_order(acts, listed if scenario.listed and only is None else (), tidy)
        self._rules()
        self.begin, self.finish = self._ends()
        self._say()

    # -- rules -----------------------------------------------------------------------------------------------------

    def _rules(self) -> None:
        for act in self.acts:
            self._follows(act)
        self._bus()
        self._holds()
        for stretch in closed(self):
            self._keep_out(stretch)
        for act in self.acts:
            if act.delivers is not None and act.base.name.startswith("DOUT"):
                self._delivery(act, act.delivers)
            if act.kind is Kind.STATUS:
                self._stable(act)
        self._blocks()

    def _follows(self, act: Act) -> None:
        """A step of a chain starts after the step before has ended, or takes over its window."""
        logic, before = self.logic, act.previous
        if before is None:
            return
        logic.rule = "cache-chain" if before.kind in CACHE_READS or act.kind in CACHE_READS else "chain"
        end = self.end(before)
        if before.taken is act:
            return
        if end is not None:
            logic.after(self.stays[act.key].start, end, 0)
        if act.kind in (Kind.TRANSFER_LSB, Kind.TRANSFER_CSB, Kind.TRANSFER_MSB) and before.following is not None:
            logic.rule = "transfer"
            logic.after(self.stays[before.following.key].start, self.stays[act.key].start, 0)

    def _bus(self) -> None:
        logic = self.logic
        logic.rule = "bus"
        if not logic.states("bus"):
            return
        intervals = []
        for stay in self.stays.values():
            if not stay.on_bus:
                continue
            size = stay.issue_end.off - stay.start.off if stay.issue_end.var is stay.start.var else None
            if size == 0:
                continue
            length = size if size is not None else logic.number(0, logic.horizon)
            start, end = linear(stay.start), linear(stay.issue_end)
            intervals.append(logic.cp.new_interval_var(start, length, end, ""))
        logic.cp.add_no_overlap(intervals)

    def _pieces_held(self, act: Act) -> Iterator[tuple[Point, Point]]:
        stay = self.stays[act.key]
        first = stay.start
        for span in stay.cores:
            last = span is stay.cores[-1] and stay.end is not None
            yield first if span is stay.cores[0] else span.start, stay.end if last and stay.end else span.end
        if not stay.cores:
            yield first, stay.end or stay.issue_end

    def _holds(self) -> None:
        """[plane-busy] and [multi-plane], per pair: holds of one die do not overlap where the rules forbid it."""
        for a, b in combinations([act for act in self.acts if act.base.holds], 2):
            rule = self._exclude(a, b)
            if rule:
                self.logic.rule = rule
                if self._plain_pair(a, b) or self._plain_pair(b, a):
                    continue
                for held in self._pieces_held(a):
                    for other in self._pieces_held(b):
                        self.logic.require_any(
                            [self.logic.at_most(held[1], other[0]), self.logic.at_most(other[1], held[0])]
                        )

    def _plain_pair(self, a: Act, b: Act) -> bool:
        """Where `b` is known to start after `a`, which nobody cuts, it starts after its end."""
        end = self.stays[a.key].end
        if end is None or a.cuts or not self._after(a, b):
            return False
        self.logic.after(self.stays[b.key].start, end, 0)
        return True

    def _after(self, a: Act, b: Act) -> bool:
        return b.key in self._later_than.get(a.key, ())

    def _exclude(self, a: Act, b: Act) -> str:
        if a.die != b.die and NOTHING not in (a.die, b.die):
            return ""
        if self._share_plane(a, b):
            return "plane-busy"
        if not (a.base.affects_state and b.base.affects_state):
            return ""
        both = self.device.single_single
        parallel = not (a.name.multi or b.name.multi) and both >> a.base.index & both >> b.base.index & 1
        return "" if parallel else "multi-plane|constraints.single_single_allowed_bases"

    def _share_plane(self, a: Act, b: Act) -> bool:
        mine, theirs = self.targets(a), self.targets(b)
        if mine is None or theirs is None:
            everything = self.device.geometry.all_planes
            return (mine is None and theirs == everything) or (theirs is None and mine == everything)
        return bool(mine & theirs)

    def _keep_out(self, closed: Closed) -> None:
        """No act of a forbidden base starts in a closed stretch."""
        logic = self.logic
        for act in self.acts:
            if act in closed.but or (closed.die not in (act.die, NOTHING) and act.die != NOTHING):
                continue
            if not self._meets(closed, self.targets(act)):
                continue
            masks = {name.base.index for name in (act.names if self.ranges else act.names[:1])}
            if all(closed.mask >> base & 1 for base in masks):
                logic.rule = closed.label
                if closed.end is not None and self._comes_later(closed.since, act):
                    logic.after(self.stays[act.key].start, closed.end, 0)
                else:
                    logic.outside(self.stays[act.key].start, closed.start, closed.end)

    def _meets(self, closed: Closed, targets: int | None) -> bool:
        """Whether an act that looks at some planes (None: the planner chooses) meets a closed stretch in any case."""
        every = self.device.geometry.all_planes
        if targets is None:
            return closed.planes == every and not closed.somewhere
        return targets == every if closed.somewhere else bool(targets & closed.planes)

    def _comes_later(self, since: Act | None, act: Act) -> bool:
        """Whether an act is known to start when the act that closes a stretch has left its ISSUE and CORE_BUSY."""
        if since is None or since.cuts or since.taken is act or not act.base.holds:
            return False
        return self._after(since, act) and bool(self._exclude(since, act))

    def _delivery(self, dout: Act, read: Act) -> None:
        """[dout] A DOUT after its read, in plane order, and before anything overwrites what it delivers."""
        logic, stays = self.logic, self.stays
        logic.rule = "dout"
        start = stays[dout.key].start
        moved = read.moved_by
        ready = stays[read.key].core_end
        if read.kind in CACHE_READS and moved is not None:
            ready = stays[moved.key].core_end
        if ready is not None:
            logic.after(start, ready, 0)
        place = read.douts.index(dout) if dout in read.douts else 0
        if place:
            logic.after(start, stays[read.douts[place - 1].key].start, 0)
        if moved is not None and moved.moved_by is not None:  # the page after it pushes this one out
            logic.rule = "cache-chain"
            logic.after(stays[moved.moved_by.key].start, start, 0)
            logic.rule = "dout"
        for act in self.acts:
            if act is read or act is dout or act.die not in (read.die, NOTHING) or act is moved:
                continue
            if (act.base.affects_state and act.kind not in KEEPS_REGISTERS) or act.kind in RESUMES:
                self._not_between(act, read, start)

    def _not_between(self, act: Act, read: Act, delivered: Point) -> None:
        targets = self.targets(act)
        free = self.ranges and not read.fixed and targets != self.device.geometry.all_planes
        if targets is None or not targets & read.planes or free:
            return
        logic = self.logic
        start = self.stays[act.key].start
        if self._after(read, act):
            logic.after(start, delivered, 0)
            return
        logic.require_any([
            logic.at_most(start.plus(1), self.stays[read.key].start), logic.at_most(delivered, start)
        ])  # fmt: skip

    def _stable(self, status: Act) -> None:
        """[sr-stable] The ISSUE of a status read does not contain a change of what it shows.

        Said only of die-wide states on dies where nothing runs beside them.
        """
        if any(self.device.single_single >> act.base.index & 1 for act in self.acts if act.die == status.die):
            return
        logic, stay = self.logic, self.stays[status.key]
        for act in self.acts:
            if act.die != status.die or not act.base.affects_state or act.kind in RESUMES | SUSPENDS:
                continue
            mine = self.stays[act.key]
            moments = [mine.cores[0].start] if mine.cores and act.kind is not Kind.RESET else []
            if act.taken is None and act.stopped is None:
                moments += [point for point in (mine.core_end, mine.end) if point is not None]
            for moment in moments:
                logic.rule = "sr-stable"
                logic.require_any([logic.at_most(moment, stay.start), logic.at_most(stay.issue_end, moment)])

    def _blocks(self) -> None:
        """[block-in-flight] and [suspended-block] of acts that the user puts on one block."""
        users = {
            Kind.READ,
            Kind.PLANE_READ,
            Kind.READ4K,
            Kind.PROGRAM,
            Kind.CACHE_PROGRAM,
            Kind.LSB,
            Kind.COPYBACK_READ,
        }
        for act, other in permutations(self.acts, 2):
            if act.die != other.die or act.wanted is None or not one_block(act, other):
                continue
            said = self.logic.states(said_of("block", act.key))
            if act.kind in users and other.kind is Kind.ERASE and self.end(other) is not None:
                self.logic.rule = "block-in-flight"
                if self.logic.states(self.logic.rule) and said:
                    self.logic.outside(self.stays[act.key].start, self.stays[other.key].start, self.end(other))
            elif act.kind in users | {Kind.ERASE}:
                self.logic.rule = "suspended-block"
                for since, until in self.suspended.get(other.key, ()):
                    if self.logic.states(self.logic.rule) and said:
                        self.logic.outside(self.stays[act.key].start, since, until)

    # -- what the user says ----------------------------------------------------------------------------------------

    def _ends(self) -> tuple[Point, Point]:
        """The start of the first wanted act, and the end of the last of all."""
        self.logic.rule = STRUCTURE
        wanted = [self.stays[act.key] for act in self.acts if act.wanted is not None]
        every = [self.stays[act.key] for act in self.acts]
        latest = 4 * self.logic.horizon
        return statements.first_start(self.logic, wanted, latest), statements.last_end(self.logic, every, latest)

    def _say(self) -> None:
        ends = (self.begin, self.finish)
        say(self.logic, self.scenario, self.acts, self.stays, ends, self._slack, any_name=self.ranges)
        if self.scenario.listed:
            self.logic.rule = "order"
            for early, late in tidy_pairs(self.acts, self._listed) if self._tidy else ():
                self.logic.after(self.stays[late.key].start, self.stays[early.key].start, 1)
            for die in sorted({act.die for act in self._listed}):
                mine = [act for act in self._listed if act.die == die]
                for a, b in pairwise(mine):
                    self.logic.after(self.stays[b.key].start, self.stays[a.key].start, 1)

    def _slack(self, number: int) -> IntVar | int:
        if number not in self._slack_of:
            return 0
        if number not in self.slacks:
            self.slacks[number] = self.logic.cp.new_int_var(0, 2 * self.logic.horizon, "")
        return self.slacks[number]
