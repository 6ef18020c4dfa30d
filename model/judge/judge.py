"""The judge: fed with commands in order of time, it replays the device and reports every breach of every rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from model.event import NOTHING, Commands, Spans
from model.exclusions import Exclusions
from model.geometry import Geometry
from model.judge.account import BAD, Op
from model.judge.dispatch import equip
from model.judge.drained import judge_drained
from model.judge.identity import Entries, Order, locate
from model.judge.intake import Intake
from model.judge.kinds import kinds_of
from model.judge.occupancy import judge_bus, take_bus
from model.judge.replay import Replay
from model.judge.report import Report
from model.judge.snapshot import load_snapshot
from model.operations import Catalogue

if TYPE_CHECKING:
    from model.config import Config


class Judge:
    """One history of one device. Times in ticks.

    It starts on a fresh device, or on `snapshot` (a parsed state snapshot) with its array of `blocks`
    ([dies, blocks, 3]: kind, celltype, last page). Memory is bounded by the device, not by the history. Without
    `replaying` it only judges: `settled` gives no spans.
    """

    def __init__(
        self,
        config: Config,
        snapshot: Mapping[str, Any] | None = None,
        blocks: npt.NDArray[Any] | None = None,
        *,
        replaying: bool = True,
    ) -> None:
        """ValueError: the snapshot does not fit the config."""
        catalogue = Catalogue.of(config)
        exclusions = Exclusions.of(config, catalogue)
        self._kinds = kinds_of(config, catalogue, exclusions)
        for kind in self._kinds:
            equip(kind)
        geometry = Geometry.of(config)
        self._intake = Intake(config, geometry, self._kinds)
        self._replay = Replay(config, geometry, exclusions, self._kinds, replaying=replaying)
        self._operations = 0
        self._ended = False
        for die, block in config.topology.bad_blocks:
            self._replay.dies[die].kinds[block] = BAD
        next_uid = 1
        if snapshot is not None:
            next_uid = load_snapshot(self._replay, snapshot, blocks, catalogue)
        self._order = Order(next_uid)

    def feed(self, commands: Commands) -> None:
        """Judge further commands, in order of time."""
        if not len(commands):
            return
        replay, calendar = self._replay, self._replay.calendar
        orderly = self._orderly(commands)
        blocks, entries = commands.entry_block.tolist(), Entries(commands)
        rows = self._intake.rows(commands)
        for time, uid, kind, exp, plain, dies, planes, held, page, celltype, low, high in rows:
            if calendar and calendar[0][0] <= time:
                replay.settle(time)
            replay.now = start = time if orderly else max(time, replay.now)
            if plain:
                op = Op(uid, kind, start, exp, dies, planes, held, page, celltype)
                if kind.has_block:
                    op.blocks = tuple(blocks[low:high])
            else:
                op = Op(uid, kind, start, exp)
                locate(replay, op, entries.between(low, high))
            if not orderly:
                self._judge_order(op, time)
            replay.begin(op)
        self._operations += len(commands)
        if orderly:
            self._order.note(op)
            self._note_bus(commands)
        if replay.late_bus is not None:
            replay.late_bus.judge(replay, replay.horizon())

    def _orderly(self, commands: Commands) -> bool:
        """Whether [time], [op-uid] and [bus] hold for all of these commands, as far as they are judged at a start."""
        replay = self._replay
        if commands.time[0] < replay.now or not self._order.keeps(commands):
            return False
        return replay.late_bus is not None or self._intake.bus_is_free(commands, replay.bus_until)

    def _note_bus(self, commands: Commands) -> None:
        """Who used the bus last, after commands that found it free."""
        row = self._intake.last_on_bus(commands)
        if row != NOTHING:
            op = Op(int(commands.op_uid[row]), self._kinds[commands.op[row]], int(commands.time[row]))
            take_bus(self._replay, op)

    def _judge_order(self, op: Op, time: int) -> None:
        """The same for one command, sent at a time."""
        if time < op.start:
            message = f"it starts at {time} ticks, before an operation that stands before it"
            self._replay.find("time", op, message, die=NOTHING)
        self._order.judge(self._replay, op)
        judge_bus(self._replay, op)

    def settled(self) -> tuple[Spans, int]:
        """The spans of fragments settled since the last call, and the horizon before which no more will start."""
        spans = Spans.of(self._replay.spans)
        self._replay.spans.clear()
        return spans, self._replay.horizon() + (1 if self._ended else 0)

    def finish(self, open_end: bool = False) -> Report:
        """Let everything run to its end; judge [drained] unless `open_end`, or the config carries over what is open."""
        if not self._ended:
            self._ended = True
            end = self._replay.settle_all()
            self._replay.now = end
            if self._replay.late_bus is not None:
                self._replay.late_bus.judge(self._replay, end + 1)
            if not open_end and not self._replay.config.policies.carry_over:
                judge_drained(self._replay, end)
        return self.report

    @property
    def report(self) -> Report:
        """The report so far."""
        return self._replay.findings.report(self._operations)
