"""Short stories of a device: operations said in a few words, planned by the window builder, put to the judge.

    story = Story(config)
    erase = story.op("ERASE", row=1)
    cut = story.op("E_SUSPEND", inside=(erase, us(3000)))
    story.op("E_RESUME", after=(cut, us(50)))
    told = story.tell()                             # solved, decoded, judged legal
    story.refused("suspend-state", {cut: us(2)})    # the same with another start: illegal, and no way to plan it

Times are ticks; `us` reads microseconds exactly (of the shipped clock: 0.0001 us).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from model.advance import Issued, advance
from model.boundary import Boundary
from model.config import Config
from model.device import Device
from model.event import NOTHING, Commands, ExpVal
from model.judge import Judge, Report
from planner.decode import decode
from planner.solve import Budget, Outcome, Solved, solve
from planner.window.spec import After, Inside, Moment, OpSpec, WindowSpec
from tests.judge.script import rows_of
from tests.scenarios.called import CALLED
from tests.scenarios.told import Line, Row, Told, rows_from, run_out


def us(value: int | str) -> int:
    """Ticks of the shipped clock for a time in microseconds."""
    ticks = Decimal(value) * 10_000
    assert ticks == int(ticks), f"{value} us is no whole number of ticks"
    return int(ticks)


@dataclass(slots=True)
class Story:
    """Operations in order of start per die, on a fresh device or after another story (`since`)."""

    config: Config
    since: Told | None = None
    at_once: bool = False
    lines: list[Line] = field(default_factory=list)
    told: Told | None = None
    _device: Device | None = None

    @property
    def device(self) -> Device:
        """The device of the story."""
        if self._device is None:
            self._device = self.since.story.device if self.since is not None else Device(self.config)
        return self._device

    @property
    def boundary(self) -> Boundary:
        """The device when the story begins."""
        if self.since is None:
            return Boundary.fresh(self.device)
        return self.since.cut if self.at_once else self.since.boundary

    def op(
        self,
        word: str,
        *,
        die: int = 0,
        planes: int | Sequence[int] = 0,
        row: int = 0,
        page: int = 0,
        at: int | None = None,
        after: Line | tuple[Line, int] | None = None,
        inside: tuple[Line | int, int] | None = None,
        state: str = "CORE_BUSY",
        celltype: str | None = None,
        exp: str = "busy",
    ) -> Line:
        """Adds an operation. `at`: its start; `after`: a distance from an operation's end; `inside`: an offset in the
        latest piece of a state of an operation of the story (or of the k-th that runs when it begins, -1 - k).
        Without these it starts when it can. `celltype` and `exp` stand in for what the decoder finds out, in stories
        that are not told."""
        name = self.device.catalogue.name(CALLED.get(word, word))
        fields = name.base.payload
        where = (planes,) if isinstance(planes, int) else tuple(planes)
        mask = sum(1 << plane for plane in where) if "plane" in fields else 0
        addressed = "block" in fields
        line, gap = (after, 0) if isinstance(after, Line) else after or (None, 0)
        links = () if line is None else (After(line.index, Moment.END, gap),)
        host = None
        if inside is not None:
            of = inside[0].index if isinstance(inside[0], Line) else inside[0]
            host = Inside(of, 1 if state == "CORE_BUSY" else 2, inside[1], inside[1])
        spec = OpSpec(
            name.index, die if name.base.has_die else NOTHING, (mask,), (row,) if addressed else (),
            (page,) if addressed else (), links, host, at, at,
        )  # fmt: skip
        kind = None if celltype is None else self.config.celltypes.index(celltype)
        line = Line(len(self.lines), name, spec, kind, int(ExpVal[exp.upper()]))
        self.lines.append(line)
        return line

    def programmed(self, row: int, pages: int = 1, planes: int | Sequence[int] = 0, kind: str = "SLC") -> Line:
        """Erases a row and programs its first pages; answers the last program."""
        many = not isinstance(planes, int)
        steps = ("LSB", "CSB", "MSB_23H") if kind == "TLC" else ("PROGRAM",)
        multi = {
            "ERASE": "Block_Erase_Multi_Plane_ONFI_SLC",
            "ERASE_TLC": "Block_Erase_Multi_Plane_ONFI_TLC",
            "PROGRAM": "Page_Program_Multi_Plane_ONFI_SLC",
            "LSB": "One_Shot_PGM_Multi_Plane_LSB",
            "CSB": "One_Shot_PGM_Multi_Plane_CSB",
            "MSB_23H": "One_Shot_PGM_Multi_Plane_MSB_23h",
        }
        called = (lambda word: multi[word]) if many else (lambda word: word)
        line = self.op(called("ERASE_TLC" if kind == "TLC" else "ERASE"), row=row, planes=planes)
        for page in range(pages):
            for step in steps:
                line = self.op(called(step), row=row, page=page, planes=planes)
        return line

    def then(self, *, at_once: bool = False) -> Story:
        """A story that goes on when this one has run (or when its last operation was sent), told first."""
        return Story(self.config, self.told or self.tell(), at_once)

    # -- planned -----------------------------------------------------------------------------------------------

    def solved(self, *, drained: bool = False) -> Outcome:
        """The tight window with the lines in their order."""
        ops = tuple(line.spec for line in self.lines)
        window = WindowSpec(ops, True, self.boundary.time, self._ceiling(), drained)
        return solve(self.device, self.boundary, window, Budget())

    def tell(self, *, drained: bool = False) -> Told:
        """Plans the lines in their order: solved, decoded, and found legal by the judge, whose replay is the same."""
        solved = self.solved(drained=drained)
        assert isinstance(solved, Solved), solved
        decoded = decode(solved)
        rows = rows_from(decoded.chunk.commands)
        boundary, rest = run_out(self.device, decoded.boundary)
        before = self.since.rows if self.since is not None else ()
        settled = (*self._settled_before(), *rows_of(decoded.chunk.spans))
        spans = (*settled, *rows_of(rest))
        judge = self._legal(rows, drained)
        assert rows_of(judge.settled()[0]) == sorted(spans)
        timed = sorted((solved.time(op.start), op.die, op.mask or 0, op.pos, op.index) for op in solved.window.new)
        op_uid = {self.lines[index]: row[1] for row, (*_, index) in zip(rows, timed, strict=True)}
        self.told = Told(
            self, (*before, *rows), op_uid, boundary, tuple(sorted(spans)), decoded.boundary, tuple(settled)
        )
        return self.told

    def _legal(self, rows: Sequence[Row], drained: bool) -> Judge:
        judge = Judge(self.config)
        judge.feed(Commands.of((*(self.since.rows if self.since is not None else ()), *rows)))
        report = judge.finish(open_end=not drained)
        assert report.legal, report.findings
        return judge

    def _settled_before(self) -> tuple[tuple[int, ...], ...]:
        if self.since is None:
            return ()
        return self.since.settled if self.at_once else self.since.spans

    def _ceiling(self) -> int:
        pinned = [line.spec.latest or 0 for line in self.lines]
        length = sum(line.name.length for line in self.lines)
        gaps = sum(link.gap for line in self.lines for link in line.spec.after)
        running = [live.remaining + us(20_000) for die in self.boundary.dies for live in (*die.running, *die.suspended)]
        return max([self.boundary.time, *pinned]) + length + gaps + sum(running) + us(1000)

    # -- placed ------------------------------------------------------------------------------------------------

    def starts(self, moved: Mapping[Line, int] | None = None) -> list[int]:
        """A start of each line: where `moved` says, as told, as asked for (inside of its host's first piece), else when
        the lines before it end."""
        found: list[int] = []
        now = self.boundary.time
        for line in self.lines:
            start = line.spec.earliest if line.spec.earliest is not None else now
            inside = line.spec.inside
            if inside is not None and inside.op >= 0:
                start = found[inside.op] + sum(self.lines[inside.op].name.durations[: inside.state]) + inside.lo
            if self.told is not None and line in self.told.op_uid:
                start = self.told.start(line)
            if moved is not None and line in moved:
                start = moved[line]
            found.append(start)
            now = max(now, start + line.name.length)
        return found

    def judged(self, moved: Mapping[Line, int] | None = None, *, drained: bool = False) -> Report:
        """The judge's report on the lines at their starts, after all that was told before."""
        before = self.since.rows if self.since is not None else ()
        starts = self.starts(moved)
        order = sorted(self.lines, key=lambda line: (starts[line.index], line.index))
        rows = [self._row(line, starts[line.index], uid) for uid, line in enumerate(order, self.boundary.next_op_uid)]
        judge = Judge(self.config)
        judge.feed(Commands.of((*before, *rows)))
        return judge.finish(open_end=not drained)

    def encoded(
        self, moved: Mapping[Line, int] | None = None, *, ordered: bool = False, drained: bool = False
    ) -> Outcome:
        """The window with all addresses and starts given: with open order, or with the order of these starts."""
        starts = self.starts(moved)
        order = sorted(self.lines, key=lambda line: (starts[line.index], line.index)) if ordered else self.lines
        place = {line.index: at for at, line in enumerate(order)}
        moving = {line.index for line in moved or {}}
        ops = []
        for line in order:
            spec, start, inside = line.spec, starts[line.index], line.spec.inside
            if inside is not None and (not ordered or not moving.isdisjoint((line.index, inside.op))):
                inside = None
            elif inside is not None and inside.op >= 0:
                inside = Inside(place[inside.op], inside.state, inside.lo, inside.hi)
            ops.append(OpSpec(spec.name, spec.die, spec.planes, spec.rows, spec.pages, (), inside, start, start))
        window = WindowSpec(tuple(ops), ordered, self.boundary.time, max(starts) + 1, drained)
        return solve(self.device, self.boundary, window, Budget(conflicts=100_000))

    def rest(self, first: int, *, drained: bool = False) -> Outcome:
        """The window with open order of the operations from the `first` one on, those before it sent in another one."""
        assert self.told is not None
        lines = sorted(self.lines, key=self.told.start)
        sent = [self._issued(self.told.row(line), line) for line in lines[:first]]
        begin = self.told.start(lines[first])
        boundary, _ = advance(self.device, self.boundary, sent, begin)
        ops = []
        for spec, start in ((line.spec, self.told.start(line)) for line in lines[first:]):
            ops.append(OpSpec(spec.name, spec.die, spec.planes, spec.rows, spec.pages, earliest=start, latest=start))
        window = WindowSpec(tuple(ops), False, begin, self.told.start(lines[-1]) + 1, drained)
        return solve(self.device, boundary, window, Budget(conflicts=100_000))

    @staticmethod
    def _issued(row: Row, line: Line) -> Issued:
        spec, entry = line.spec, row[5][0] if row[5] else (NOTHING,) * 5
        place = spec.rows[0] if spec.rows else NOTHING
        return Issued(row[1], row[2], row[3], spec.planes[0], place, entry[3], entry[4], row[0])

    def accepted(self, moved: Mapping[Line, int] | None = None, *, drained: bool = False) -> None:
        """The window with open order has a way with these starts, and the judge finds it legal."""
        outcome = self.encoded(moved, drained=drained)
        assert isinstance(outcome, Solved), outcome
        self._legal(rows_from(decode(outcome).chunk.commands), drained)

    def refused(
        self, rule: str, moved: Mapping[Line, int] | None = None, *, drained: bool = False, encoder: bool = True
    ) -> Report:
        """The judge names the rule among those broken, and neither window has a way (unless they are not asked)."""
        report = self.judged(moved, drained=drained)
        assert rule in report.by_rule, report.findings
        if encoder:
            ways = {
                word: self.encoded(moved, ordered=ordered, drained=drained)
                for word, ordered in (("open order", False), ("given order", True))
            }
            allowing = [word for word, outcome in ways.items() if isinstance(outcome, Solved)]
            assert not allowing, f"windows with {' and with '.join(allowing)} allow what [{rule}] forbids"
        return report

    def _row(self, line: Line, start: int, uid: int) -> Row:
        if self.told is not None and line in self.told.op_uid:
            return (start, uid, *self.told.row(line)[2:])
        name, spec = line.name, line.spec
        fields, entries = name.base.payload, []
        exp_val = line.exp_val if "exp_val" in fields else NOTHING
        if "plane" in fields:
            for plane in self.device.geometry.planes_in(spec.planes[0]):
                block = self.device.geometry.block_of(spec.rows[0], plane) if spec.rows else NOTHING
                page = spec.pages[0] if spec.pages else NOTHING
                celltype = self._celltype(line, plane) if "celltype" in fields else NOTHING
                entries.append((spec.die, plane, block, page, celltype))
        elif fields:
            entries.append((spec.die, NOTHING, NOTHING, NOTHING, NOTHING))
        return start, uid, name.index, spec.die, exp_val, entries

    def _celltype(self, line: Line, plane: int) -> int:
        """As given, the op_name's, or that of the line before that names the block."""
        if line.celltype is not None:
            return line.celltype
        if line.name.celltype:
            return line.name.celltype
        for other in reversed(self.lines[: line.index]):
            same = other.spec.die == line.spec.die and other.spec.rows == line.spec.rows
            if same and other.spec.planes[0] >> plane & 1 and other.name.celltype:
                return other.name.celltype
        row = line.spec.rows[0]
        return int(self.boundary.blocks.celltype[line.spec.die, self.device.geometry.block_of(row, plane)])
