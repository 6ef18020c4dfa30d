"""What is done while an operation runs: probes packed into it, and what ends it before its time."""

from __future__ import annotations

from model.live import Live
from planner.targets.closing.atlas import IN_CORE, IN_DATA
from planner.targets.closing.faring import Faring
from planner.targets.closing.inside import deliver_inside, leave, pack
from planner.targets.closing.sets import bits


class Leaving(Faring):
    """Lets what runs come to its end, or ends it where that is wanted."""

    def _inside(self, live: Live) -> None:
        stage = self.stage
        stage.go_to(max(stage.now, live.core))
        if live.op.has_core and stage.now < live.data:
            if not self._leave_core(live):
                pack(stage, live, 1, live.core, live.data, live.data)
                stage.go_to(max(stage.now, live.data))
        elif live.op.has_data and stage.now < live.end:
            if not self._leave_data(live):
                pack(stage, live, len(live.op.base.states) - 1, live.data, live.end, live.end)
                stage.go_to(max(stage.now, live.end))
        else:
            stage.go_to(max(stage.now, live.end))

    def _leave_core(self, live: Live) -> bool:
        tables = self.sets.tables
        if self.way:
            return self.way[0][1] == IN_CORE and self._forced(live, 1)
        allowed = self.stage.allowed(tables.all_planes)
        if leave(self.stage, live, 1, allowed & tables.suspends, forced=False):
            return True
        return self._may_stop(live) and leave(self.stage, live, 1, allowed & tables.resets, forced=False)

    def _leave_data(self, live: Live) -> bool:
        stage, tables = self.stage, self.sets.tables
        state = len(live.op.base.states) - 1
        if self.way:
            return self.way[0][1] == IN_DATA and self._forced(live, state)
        allowed = stage.allowed(live.targets) & (~tables.wide | stage.allowed(tables.all_planes))
        takers = allowed & self.sets.affecting & ~tables.resets & ~tables.suspends
        for base in bits(takers & self.left.bases[self.sets.of_state[live.op.index][state]]):
            if leave(stage, live, state, 1 << base, forced=False):
                return True
        if deliver_inside(stage, live):
            return True
        resets = stage.allowed(tables.all_planes) & tables.resets
        return self._may_stop(live) and leave(stage, live, state, resets, forced=False)

    def _forced(self, live: Live, state: int) -> bool:
        base, _, _ = self.way[0]
        targets = self.stage.device.targets(base, live.targets)
        if self.stage.allowed(targets) >> base & 1 and leave(self.stage, live, state, 1 << base, forced=True):
            self.way.pop(0)
            self._arrive()
            return True
        self._give_up()
        return False

    def _may_stop(self, live: Live) -> bool:
        """Whether a reset may end what runs: not as long as other planes are worth more as they are."""
        stage = self.stage
        if self.there // 4 == live.op.base.index:
            return True
        if self._destroys(live) and live.op.multi and self._single_alike(live):
            return False
        idle = [p for p in range(len(stage.hosts)) if not live.targets >> p & 1]
        if not idle:
            return True
        return not any(self._reads_left(stage.end_of(p)) for p in idle)

    def _single_alike(self, live: Live) -> bool:
        """Whether a single-plane op_name has the same op_states: it can be stopped in place of what runs."""
        of_state, index = self.sets.of_state, live.op.index
        singles = self.sets.names_of[live.op.base.index] & self.sets.singles
        return any(of_state[name] == of_state[index] for name in bits(singles))

    def _destroys(self, live: Live) -> bool:
        """Whether a reset leaves the blocks of what runs undefined."""
        index = live.op.base.index
        return bool(self.stage.device.erase_axis >> index & 1) or self.stage.device.advances[index]
