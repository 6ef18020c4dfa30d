"""The moments of acts: when each starts, what it spends in which state, cut and continued as the scenario says."""

from __future__ import annotations

from collections.abc import Sequence

from model.chains import Kind
from model.device import Device
from planner.scenario.acts import Act
from planner.scenario.labels import STRUCTURE, Selective
from planner.window.logic import Linear, Point
from planner.window.statements import Span, Stay, linear


class Frame:
    """Acts as variables. `ranges`: every op_name of an act is possible, not only the first.

    `even`: free suspensions are spread evenly. `suspended` are the stretches in which an act rests.
    """

    def __init__(self, device: Device, acts: Sequence[Act], logic: Selective, *, ranges: bool, even: bool) -> None:
        self.device = device
        self.acts = acts
        self.logic = logic
        self.ranges = ranges
        self._even = even
        self._done: set[str] = set()
        self.stays: dict[str, Stay] = {}
        self.suspended: dict[str, list[tuple[Point, Point | None]]] = {}
        self.logic.rule = STRUCTURE
        self._lay_out()

    def _lay_out(self) -> None:
        for act in self.acts:
            start = self.logic.time(0, self.logic.horizon)
            issue = self._duration(act, 0)
            self.stays[act.key] = Stay(start, self._later(start, issue), None, None, on_bus=act.base.bus[0])
        for act in self.acts:
            self._states(act)

    def _duration(self, act: Act, state: int) -> Linear:
        """The length of a state; of several op_names any of theirs."""
        values = sorted({name.durations[state] for name in act.names if state < len(name.durations)})
        if not self.ranges or len(values) == 1:
            return act.name.durations[state]
        return self.logic.choice(tuple(values))

    def _later(self, point: Point, ticks: Linear) -> Point:
        if isinstance(ticks, int):
            return point.plus(ticks)
        made = self.logic.time(0, 2 * self.logic.horizon)
        self.logic.add(linear(made) == linear(point) + ticks)
        return made

    def _states(self, act: Act) -> None:
        """The runs after ISSUE; first those of the acts that continue this one, as they have to be known."""
        if act.key in self._done:
            return
        self._done.add(act.key)
        for resume in act.resumes:
            if resume is not None:
                self._states(resume)
        stay, base = self.stays[act.key], act.base
        at: Point | None = stay.issue_end
        if act.name.has_core:
            at = self._pieces(act, stay, stay.issue_end, self._duration(act, 1))
        stay.core_end = at
        stay.end = at
        if act.name.has_data and at is not None:
            self._data(act, stay, at, self._duration(act, len(base.states) - 1))

    def _pieces(self, act: Act, stay: Stay, start: Point, left: Linear) -> Point | None:
        logic = self.logic
        for said, suspend, resume in zip(act.cuts, act.suspends, act.resumes, strict=True):
            cut = self.stays[suspend.key].start
            stay.cores.append(Span(start, cut, left))
            logic.after(cut, start, 0)
            if self._even and said.offset is None:
                logic.same(cut, start.plus(act.name.core_busy // (len(act.cuts) + 1)))
            logic.add(linear(cut) - linear(start) <= left)
            logic.rule = "suspend-target|program_base_whitelist"
            logic.after(cut, start, 1)
            logic.add(linear(cut) - linear(start) <= left - 1)
            logic.rule = STRUCTURE
            left = left - (linear(cut) - linear(start))
            rest = self.suspended.setdefault(act.key, [])
            self._states(suspend)
            if resume is None:
                reset = None if act.stopped is None else self.stays[act.stopped.key].start
                rest.append((self.stays[suspend.key].end or cut, reset))
                return None
            after, before = self.stays[resume.key], self.stays[suspend.key]
            rest.append((before.end or before.issue_end, after.end))
            logic.after(after.start, before.end or before.issue_end, 0)
            start = after.end or after.issue_end
        stopped = act.stopped
        if stopped is not None and stopped.hosted is not None and stopped.hosted.inside.state == "CORE_BUSY":
            end = self.stays[stopped.key].start
            logic.after(end, start, 0)
            logic.add(linear(end) - linear(start) <= left - 1)
            stay.cores.append(Span(start, end, left))
            stay.end = stay.core_end = end
            return None
        end = self._rest(start, left) if act.cuts else self._later(start, left)
        stay.cores.append(Span(start, end, left))
        return end

    def _rest(self, start: Point, left: Linear) -> Point:
        """[residual] What is left after the last suspension runs to its end."""
        end = self.logic.time(0, 2 * self.logic.horizon)
        self.logic.after(end, start, 0)
        self.logic.rule = "residual"
        self.logic.add(linear(end) == linear(start) + left)
        self.logic.rule = STRUCTURE
        return end

    def _data(self, act: Act, stay: Stay, start: Point, length: Linear) -> None:
        ender = act.taken or (act.stopped if act.stopped and act.stopped.hosted else None)
        if ender is None:
            stay.end = self._later(start, length)
        else:
            stay.end = self.stays[ender.key].start
            self.logic.rule = "handover"
            self.logic.after(stay.end, start, 0)
            self.logic.add(linear(stay.end) - linear(start) <= length - 1)
            self.logic.rule = STRUCTURE
        stay.data = Span(start, stay.end, length)

    def end(self, act: Act) -> Point | None:
        return self.stays[act.key].end

    def targets(self, act: Act) -> int | None:
        """The planes that it looks at; None where the planner is free to choose others."""
        device = self.device
        if device.targets_all[act.base.index]:
            return device.geometry.all_planes
        if act.kind is Kind.WAIT:
            return 0
        return act.planes if act.fixed or not self.ranges else None
