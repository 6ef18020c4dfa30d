"""An operation under way, as the device transition changes it."""

from __future__ import annotations

from model.boundary import LiveOp
from model.chains import Kind
from model.device import Device
from model.event import Ended
from model.operations import OpName

SpanRow = tuple[int, int, int, int, int, int, int, int]


class Live:
    """An operation that has started: where its current piece lies in time.

    The piece is in ISSUE up to `core` (fragment 0 only), in CORE_BUSY up to `data`, in DATA_OUT or DATA_IN up to `end`.
    Of a suspended one, `left` is what is left of CORE_BUSY and `end` the cut. `ref` is for the caller.
    """

    __slots__ = (
        "celltype", "core", "data", "die", "end", "fragment", "kind", "left", "op", "page", "piece", "planes", "ref",
        "row", "start", "targets", "uid",
    )  # fmt: skip

    op: OpName
    kind: Kind

    def __init__(
        self,
        device: Device,
        uid: int,
        op: OpName,
        die: int,
        planes: int,
        row: int,
        page: int,
        celltype: int,
        start: int,
    ) -> None:
        base = op.base.index
        self.op = op
        self.kind = device.kinds[base]
        self.uid = uid
        self.die = die
        self.planes = planes
        self.targets = device.targets(base, planes)
        self.row = row
        self.page = page
        self.celltype = celltype
        self.fragment = 0
        self.ref = 0
        self.start = self.piece = start
        self.core = start + op.issue
        self.left = op.core_busy
        self.data = self.core + op.core_busy
        self.end = self.data + op.data

    @staticmethod
    def of(device: Device, live: LiveOp, suspended: bool) -> Live:
        """From its frozen form."""
        op = device.catalogue.names[live.name]
        this = Live(device, live.op_uid, op, live.die, live.planes, live.row, live.page, live.celltype, live.start)
        this.fragment = live.fragment
        this.left = live.remaining
        this.piece = live.piece_start
        if suspended:
            this.core = this.data = this.end = live.end
        else:
            this.core = live.piece_start + (0 if live.fragment else op.issue)
            this.data = this.core + live.remaining
            this.end = live.end
        return this

    def frozen(self) -> LiveOp:
        """Its frozen form."""
        return LiveOp(
            self.uid, self.op.index, self.die, self.planes, self.row, self.page, self.celltype, self.start,
            self.fragment, self.piece, self.left, self.end,
        )  # fmt: skip

    def state_at(self, time: int) -> int:
        """Index of the state at `time`, which lies in the current piece."""
        if time < self.core:
            return 0
        return 1 if time < self.data or not self.op.has_data else len(self.op.base.states) - 1

    def cut(self, time: int) -> None:
        """CORE_BUSY is cut: the piece ends."""
        self.left = self.data - time
        self.piece = self.core = self.data = self.end = time

    def go_on(self, time: int) -> None:
        """What is left runs on."""
        self.fragment += 1
        self.piece = self.core = time
        self.data = time + self.left
        self.end = self.data + self.op.data

    def spans(self, stop: int, ended: Ended) -> list[SpanRow]:
        """The rows of the current piece, which ends at `stop`; states that begin later are left out."""
        rows: list[SpanRow] = []
        uid, fragment, op = self.uid, self.fragment, self.op
        begin = self.piece
        states = [] if fragment else [(0, self.core)]
        if op.has_core:
            states.append((1, self.data))
        if op.has_data:
            states.append((len(op.base.states) - 1, self.end))
        for state, planned_end in states:
            if begin > stop:
                break
            end = planned_end if planned_end <= stop else stop
            rest = planned_end - end if state == 1 and op.has_core else 0
            how = Ended.NORMALLY if planned_end <= stop else ended
            rows.append((uid, fragment, state, begin, end, planned_end - begin, rest, int(how)))
            if planned_end > stop:
                break
            begin = planned_end
        return rows
