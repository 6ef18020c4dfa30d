"""How few operations a set of cells can be hit with: a lower bound for any legal sequence on a fresh device.

Let N(o) be how often a sequence issues op_name o. The bound is the least sum of all N(o) under linear constraints that
every sequence keeps which hits the cells, drained or not. All counts below are of the given cells. A base is *wide* if
its operations affect state and hold all planes of their die; *takers* are operations that affect state.

*Capacity.* An issue of o hits one cell for each op_state and bin of the planes that it looks at: at most as many as
these planes, one where it counts for the busiest plane only. On one die all planes that are in a state of a wide base
are in the same one: a wide operation enters a state on all of them at once, and what later leaves it on one plane is
not wide. So with d dies looked at, N(o) >= cells of o / planes and N(o) >= cells of o with wide hosts / d.

*The first operation* finds planes that were never used, which is in no cell: one operation more than the capacities
want, unless DEFAULT is a state of coverage.

*Fragments.* A fragment of host h (an operation of h, or one more piece of it after a RESUME) is cut, aborted or taken
over at most once, on all of its planes, by the issue of a taker in one of its windows (CORE_BUSY, DATA): different
cells of takers in the windows of h need different fragments, W(h) in all. These fragments never come to h.END for
another taker. One that does has a visit in END; a wide taker ends it on all planes, any other on one at least, so with
p planes per operation V(h) = max(wide takers' cells, all takers' cells / p) visits are needed. Hence, C(h) being the
pieces after a RESUME (only where h can be suspended),

    sum of N(o) over h + C(h) >= W(h) + V(h),    sum of N(o) over h >= 1 if h hosts any cell.

This is the count of the ways out of a state; the capacities count the ways in: of both the larger one holds. A RESET
inside the ISSUE of another taker would find the END that the taker is about to leave; where the bus does not rule that
out, cells of RESET in END do not count as ways out.

*Suspension.* On each axis, each RESUME brings one piece back and each SUSPEND cuts one: C <= RESUMEs; the fragments of
the axis are at least the SUSPENDs and the fragments that others end; RESUMEs <= SUSPENDs, less those of which a RESET
takes the suspended operation away (its cells in the windows and in END of SUSPEND).

*Steps.* Each step of a one-shot program follows a step of its own, of the same celltype and number of planes: LSB >=
CSB, CSB >= MSB + MSB_23H, CSB >= MSB_23H + the executing steps (those after an MSB need that MSB's CSB). A step that a
RESET finds in a window or in END is followed by none. A copyback program takes what a COPYBACK_READ of its own has
read. A cache read that is ended is ended once, and each chain of cache reads begins with a READ of its own.

*Delivery.* A DOUT delivers one plane of one read. Each page read directly (without copyback) is delivered, or thrown
away by a RESET: one page per plane at most, none where a wide host that empties registers runs, one less than the
planes where one has run last on some plane. At most a page per plane of the device is left at the end.

*Blocks.* Every program needs an erase of its celltype, every read a program of its celltype: an erase gives as many
pages as its blocks have, and a program that a RESET aborts leaves blocks UNDEFINED that an erase had made usable.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ortools.sat.python import cp_model

from model.chains import DIRECT_READS, READS, STEPS, TAKES_COPYBACK, TRANSFER_OF, Kind
from model.device import Device
from planner.targets.economy_counts import Count, Mask
from planner.targets.possible import takes

EFFORT = 5.0
"""Most deterministic time of the solver; if it is not enough, its own bound on the least sum is taken."""

Sum = Any
"""A linear expression over counts."""
_NONE: Sum = 0


class Family(NamedTuple):
    """The kinds of a one-shot chain: LSB, CSB, MSB, what executes after a CSB only, what executes after CSB or MSB."""

    steps: tuple[tuple[Kind, ...], ...]

    @property
    def all(self) -> tuple[Kind, ...]:
        """All of its kinds."""
        return tuple(kind for step in self.steps for kind in step)


ONESHOT = Family(((Kind.LSB,), (Kind.CSB,), (Kind.MSB,), (Kind.MSB_23H,), (Kind.EXEC, Kind.SHOT_CACHE)))
COPYBACK = Family(((Kind.COPYBACK_LSB,), (Kind.COPYBACK_CSB,), (Kind.COPYBACK_MSB,), (), (Kind.COPYBACK_EXEC,)))
AXES = ((Kind.ERASE_SUSPEND, Kind.ERASE_RESUME), (Kind.PROGRAM_SUSPEND, Kind.PROGRAM_RESUME))
CACHES = (
    (Kind.READ, Kind.CACHE_READ, Kind.CACHE_END),
    (Kind.PLANE_READ, Kind.PLANE_CACHE_READ, Kind.PLANE_CACHE_END),
)


def lower_bound(device: Device, cells: Mask) -> int:
    """The bound for these cells [op_state, op_name, bin], 0 for none. All have to be reachable for it to mean much."""
    return _Bound(device, cells).least() if cells.any() else 0


class _Bound:
    """The constraints for one set of cells. `n[o]` is the variable of op_name o."""

    def __init__(self, device: Device, cells: Mask) -> None:
        self.device = device
        self.count = Count(device, cells)
        self.names = device.catalogue.names
        self.needed = self.count.issues()
        self.most = 4 * int(cells.sum()) + 1000
        self.cp = cp_model.CpModel()
        self.n = [self.cp.new_int_var(low, self.most, "") for low in self.needed]

    def least(self) -> int:
        """The least sum."""
        if not self.device.config.coverage.default_state:
            self.cp.add(sum(self.n) >= sum(self.needed) + 1)
        pieces = self._fragments()
        self._suspensions(pieces)
        self._steps()
        self._cache_reads()
        self._deliveries()
        self._blocks()
        self.cp.minimize(sum(self.n))
        solver = cp_model.CpSolver()
        solver.parameters.catch_sigint_signal = False  # it would leave Ctrl-C to the system afterwards
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = EFFORT
        if solver.solve(self.cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return sum(self.needed)
        return max(sum(self.needed), math.ceil(solver.best_objective_bound - 1e-6))

    def of(self, *kinds: Kind) -> list[int]:
        """The op_names of some kinds."""
        return [name.index for name in self.names if self.device.kinds[name.base.index] in kinds]

    def sum(self, names: Iterable[int]) -> Sum:
        """How often these are issued in all."""
        return sum((self.n[name] for name in names), start=_NONE)

    def pages(self, names: Iterable[int], *, most: bool) -> Sum:
        """How many planes they name in all, at most or at least."""
        factor = self.count.planes if most else [2 if name.multi else 1 for name in self.names]
        return sum((factor[name] * self.n[name] for name in names), start=_NONE)

    def _fragments(self) -> dict[int, Sum]:
        """The ways out of each host; the pieces after a RESUME of each that can be suspended, by its first op_name."""
        pieces: dict[int, Sum] = {}
        for host in self.count.units():
            own = self.sum(host)
            base = self.names[host[0]].base
            cells, ends = self.count.ways_out(host)
            if self.device.erase_axis >> base.index & 1 or self.device.program_axis >> base.index & 1:
                pieces[host[0]] = self.cp.new_int_var(0, self.most, "")
            self.cp.add(own + pieces.get(host[0], 0) >= cells + ends)
            if self.count.hosts_any(host):
                self.cp.add(own >= 1)
        return pieces

    def _suspensions(self, pieces: Mapping[int, Sum]) -> None:
        for suspend, resume in AXES:
            suspends, resumes = self.of(suspend), self.of(resume)
            axis = self.device.axis[suspend]
            units = [unit for unit in self.count.units() if axis >> self.names[unit[0]].base.index & 1]
            later = sum((pieces[unit[0]] for unit in units), start=_NONE)
            self.cp.add(later <= self.sum(resumes))
            lost = self.count.lost(suspends, followers=resumes)
            self.cp.add(self.sum(resumes) + lost <= self.sum(suspends))
            ended = sum(sum(self.count.ways_out(unit, besides=suspends)) for unit in units)
            fragments = later + sum((self.sum(unit) for unit in units), start=_NONE)
            self.cp.add(fragments >= self.sum(suspends) + ended)

    def _steps(self) -> None:
        for family in (ONESHOT, COPYBACK):
            chain = self.of(*family.all)
            classes = sorted({(self.names[name].celltype, self.names[name].multi) for name in chain})
            for members in (chain, *([n for n in chain if self._class(n) == c] for c in classes)):
                self._chain(family, [[n for n in self.of(*kinds) if n in members] for kinds in family.steps])
        takers = self.of(*sorted(TAKES_COPYBACK))
        if all(self.count.wide(self.names[name].base) for name in takers):
            reads = self.of(Kind.COPYBACK_READ)
            self.cp.add(self.sum(reads) >= self.sum(takers) + self.count.lost(reads, followers=takers))

    def _class(self, name: int) -> tuple[int, bool]:
        return self.names[name].celltype, self.names[name].multi

    def _chain(self, family: Family, steps: list[list[int]]) -> None:
        """LSB, CSB, MSB, what follows a CSB only, what may follow either."""
        lsb, csb, msb, direct, last = steps
        self.cp.add(self.sum(lsb) >= self.sum(csb) + self.count.lost(lsb, followers=csb))
        lost = self.count.lost(csb, followers=[*msb, *direct, *last])
        self.cp.add(self.sum(csb) >= self.sum(msb) + self.sum(direct) + lost)
        without = self.count.lost(msb, followers=last)
        self.cp.add(self.sum(csb) >= self.sum(last) + self.sum(direct) + lost + without)

    def _cache_reads(self) -> None:
        for read, cached, end in CACHES:
            reads, caches, ends = self.of(read), self.of(cached), self.of(end)
            broken = self.count.lost(caches, followers=[*caches, *ends])
            self.cp.add(self.sum(caches) >= self.sum(ends) + broken)
            self.cp.add(self.sum(reads) >= self.sum(ends) + broken + self.count.lost(reads, followers=caches))

    def _deliveries(self) -> None:
        direct = DIRECT_READS - {Kind.COPYBACK_READ}
        for four in (False, True):
            douts = self.of(Kind.DOUT4K if four else Kind.DOUT)
            reads = self.of(*(kind for kind in sorted(READS) if (kind is Kind.READ4K) == four))
            self.cp.add(self.sum(douts) <= self.pages(reads, most=True))
            due = self.of(*(kind for kind in sorted(direct) if (kind is Kind.READ4K) == four))
            self._delivered(due, douts)
        self._delivered(self.of(*sorted(direct)), self.of(Kind.DOUT, Kind.DOUT4K))

    def _delivered(self, reads: list[int], douts: list[int]) -> None:
        resets = self.of(Kind.RESET)
        planes = self.count.reset_planes()
        kept = self.count.kept_by_resets()
        left = self.device.geometry.dies * self.device.geometry.planes
        gone = self.pages(douts, most=True) + planes * self.sum(resets) - kept + left
        self.cp.add(self.pages(reads, most=False) <= gone)

    def _blocks(self) -> None:
        erases, geometry = self.of(Kind.ERASE), self.device.geometry
        written = [name.index for name in self.names if self.device.advances[name.base.index]]
        for celltype in sorted({name.celltype for name in self.names}):
            usable = [e for e in erases if takes(self.device, self.names[e].celltype, celltype)]
            programs = [n for n in written if self.names[n].celltype == celltype]
            steps = [n for n in self.of(*sorted(STEPS)) if self.names[n].celltype == celltype]
            self.cp.add(self.pages(programs, most=False) <= geometry.pages * self.pages(usable, most=True))
            self._only_with(steps, usable)
            reads = [n for n in self.of(*sorted(READS - {Kind.RECOVERY})) if self.names[n].celltype == celltype]
            self._only_with(reads, programs)
        self.cp.add(self.pages(erases, most=True) >= self.count.aborted(written))
        self._only_with(self.of(Kind.DATAIN), erases)
        self._only_with(self.of(Kind.RECOVERY), self.of(Kind.PROGRAM_SUSPEND))
        for transfer, step in TRANSFER_OF.items():
            self._only_with(self.of(transfer), self.of(step))

    def _only_with(self, names: Iterable[int], needs: Iterable[int]) -> None:
        """Without one of `needs` there is none of `names`."""
        need = self.sum(needs)
        for name in names:
            self.cp.add(self.n[name] <= self.most * need)
