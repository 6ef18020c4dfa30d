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

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from model.advance import advance
from model.boundary import Boundary
from model.config import Config
from model.device import Device
from model.event import NOTHING, Chunk, Commands, ExpVal, Spans
from model.judge import Judge, Report
from model.operations import OpName
from model.timeline import EventKind, Layout, Timeline
from planner.decode import decode
from planner.export import RunWriter
from planner.solve import Budget, Outcome, Solved, solve
from planner.window.spec import After, Inside, Moment, OpSpec, WindowSpec
from tests.judge.script import rows_of

CALLED = {
    "ERASE": "Block_Erase_SLC",
    "ERASE_TLC": "Block_Erase_TLC",
    "E_SUSPEND": "Erase_Suspend_Reset",
    "E_RESUME": "Erase_Resume",
    "P_SUSPEND": "Program_Suspend_Reset",
    "P_RESUME": "Program_Resume",
    "PROGRAM": "Page_Program_SLC",
    "PROGRAM_A0SLC": "Page_Program_A0SLC",
    "CACHE_PROGRAM": "Cache_Program_SLC",
    "LSB": "One_Shot_PGM_LSB",
    "CSB": "One_Shot_PGM_CSB",
    "MSB": "One_Shot_PGM_MSB",
    "MSB_23H": "One_Shot_PGM_MSB_23h",
    "EXEC_MSB": "One_Shot_PGM_Execution_MSB",
    "READ": "Read_SLC",
    "READ_TLC": "Read_LSB",
    "CACHE_READ": "Read_Cache_Random_SLC",
    "CACHE_READ_END": "Read_Cache_End",
    "PLANE_READ": "Plane_Level_Page_Read_SLC",
    "COPYBACK_READ": "Copyback_Read_SLC",
    "COPYBACK_PROGRAM": "Copyback_Program_SLC",
    "RECOVERY_RD": "Read_write_conflict_Fire_N_Forget_LSB",
    "DOUT": "Change_Read_Column_Random_Data_Output",
    "STATUS": "Read_Status_Enhanced_70h",
    "RESET": "Super_Reset",
}
"""What the stories call the op_names that they use most."""

Row = tuple[int, int, int, int, int, list[tuple[int, int, int, int, int]]]
"""A command: time, op_uid, op, die, exp_val, payload entries."""


def us(value: int | str) -> int:
    """Ticks of the shipped clock for a time in microseconds."""
    ticks = Decimal(value) * 10_000
    assert ticks == int(ticks), f"{value} us is no whole number of ticks"
    return int(ticks)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One operation of a story; `index` is its place in the story."""

    index: int
    name: OpName
    spec: OpSpec
    celltype: int | None
    exp_val: int


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A story as planned: commands, spans and events of the whole history so far, and the device when all has run."""

    story: Story
    rows: tuple[Row, ...]
    op_uid: Mapping[Line, int]
    boundary: Boundary
    spans: tuple[tuple[int, ...], ...]
    cut: Boundary
    settled: tuple[tuple[int, ...], ...]
    """The device, and the spans settled, just after the last operation was sent."""

    def start(self, line: Line) -> int:
        """When the operation starts."""
        return next(row[0] for row in self.rows if row[1] == self.op_uid[line])

    def end(self, line: Line) -> int:
        """When its last span ends."""
        return max(end for _, _, _, end, _ in self.states(line))

    def states(self, line: Line) -> list[tuple[int, str, int, int, int]]:
        """Its spans: fragment, state, start, end, and what is left of CORE_BUSY at the end."""
        words = line.name.base.states
        mine = [span for span in self.spans if span[0] == self.op_uid[line]]
        return [(fragment, words[state], start, end, left) for _, fragment, state, start, end, _, left, _ in mine]

    def core(self, line: Line) -> list[tuple[int, int]]:
        """Its pieces of CORE_BUSY: start, end."""
        return [(start, end) for _, state, start, end, _ in self.states(line) if state == "CORE_BUSY"]

    def lengths(self, line: Line) -> list[int]:
        """How long its pieces of CORE_BUSY are."""
        return [end - start for start, end in self.core(line)]

    def payload(self, line: Line) -> list[tuple[int, int, int, int, int]]:
        """Its payload: die, plane, block, page, celltype of each entry."""
        return next(row[5] for row in self.rows if row[1] == self.op_uid[line])

    def exp_val(self, line: Line) -> ExpVal:
        """What a status read expects to see."""
        return ExpVal(next(row[4] for row in self.rows if row[1] == self.op_uid[line]))

    @property
    def chunk(self) -> Chunk:
        """The whole history as one chunk."""
        commands, spans = Commands.of(self.rows), Spans.of(self.spans)
        return Chunk(commands, spans, int(spans.end.max()) + 1, commands.time * 0, commands.time * 0 + NOTHING)

    def events(self, line: Line | None = None) -> list[tuple[int, str, int]]:
        """Events but STATE, in order: time, event, op_uid; those of one operation, or all."""
        told = Timeline(Layout.of(self.story.config)).settle(self.chunk).events
        kinds = [EventKind(kind).name for kind in told.kind.tolist()]
        found = zip(told.time.tolist(), kinds, told.op_uid.tolist(), strict=True)
        wanted = None if line is None else self.op_uid[line]
        return [event for event in found if event[1] != "STATE" and wanted in (None, event[2])]

    def files(self, folder: Path) -> dict[str, list[dict[str, str]]]:
        """The rows of each table that a run with this history writes, by its name."""
        with RunWriter(self.story.config, folder, run=1, date="260101", seed=0) as writer:
            writer.write(self.chunk)
            writer.commit()
        return tables(folder)

    def block(self, row: int, plane: int = 0, die: int = 0) -> tuple[int, str, int]:
        """A block when all has run: kind, celltype, last page."""
        blocks, device = self.boundary.blocks, self.story.device
        at = die, device.geometry.block_of(row, plane)
        return int(blocks.kind[at]), device.celltypes[blocks.celltype[at]], int(blocks.last[at])


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
        links: tuple[After, ...] = ()
        if after is not None:
            line, gap = (after, 0) if isinstance(after, Line) else after
            links = (After(line.index, Moment.END, gap),)
        host = None
        if inside is not None:
            of = inside[0].index if isinstance(inside[0], Line) else inside[0]
            index = 1 if state == "CORE_BUSY" else 2
            host = Inside(of, index, inside[1], inside[1])
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

    def tell(self, *, drained: bool = False) -> Told:
        """Plans the lines in their order: solved, decoded, and found legal by the judge, whose replay is the same."""
        window = WindowSpec(
            tuple(line.spec for line in self.lines), True, self.boundary.time, self._ceiling(), drained
        )
        solved = solve(self.device, self.boundary, window, Budget())
        assert isinstance(solved, Solved), solved
        decoded = decode(solved)
        rows = rows_from(decoded.chunk.commands)
        boundary, rest = run_out(self.device, decoded.boundary)
        before = self.since.rows if self.since is not None else ()
        settled = (*self._settled_before(), *rows_of(decoded.chunk.spans))
        spans = (*settled, *rows_of(rest))
        judge = Judge(self.config)
        judge.feed(Commands.of((*before, *rows)))
        report = judge.finish(open_end=not drained)
        assert report.legal, report.findings
        assert rows_of(judge.settled()[0]) == sorted(spans)
        timed = sorted((solved.time(op.start), op.die, op.mask or 0, op.pos, op.index) for op in solved.window.new)
        op_uid = {self.lines[index]: row[1] for row, (*_, index) in zip(rows, timed, strict=True)}
        self.told = Told(
            self, (*before, *rows), op_uid, boundary, tuple(sorted(spans)), decoded.boundary, tuple(settled)
        )
        return self.told

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
        """A start of each line: where `moved` says, as told, as asked for, else when the line before it ends."""
        found: list[int] = []
        now = self.boundary.time
        for line in self.lines:
            start = line.spec.earliest if line.spec.earliest is not None else now
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
        rows = [
            self._row(line, starts[line.index], uid) for uid, line in enumerate(order, self.boundary.next_op_uid)
        ]
        judge = Judge(self.config)
        judge.feed(Commands.of((*before, *rows)))
        return judge.finish(open_end=not drained)

    def encoded(self, moved: Mapping[Line, int] | None = None, *, drained: bool = False) -> Outcome:
        """The loose window with all addresses and starts given."""
        starts = self.starts(moved)
        ops = tuple(
            OpSpec(spec.name, spec.die, spec.planes, spec.rows, spec.pages, earliest=start, latest=start)
            for spec, start in zip((line.spec for line in self.lines), starts, strict=True)
        )
        window = WindowSpec(ops, False, self.boundary.time, max(starts) + 1, drained)
        return solve(self.device, self.boundary, window, Budget(conflicts=100_000))

    def accepted(self, moved: Mapping[Line, int] | None = None, *, drained: bool = False) -> None:
        """Judge and loose window find the lines at their starts legal."""
        assert self.judged(moved, drained=drained).legal, self.judged(moved, drained=drained).findings
        outcome = self.encoded(moved, drained=drained)
        assert isinstance(outcome, Solved), outcome

    def refused(
        self, rule: str, moved: Mapping[Line, int] | None = None, *, drained: bool = False, encoder: bool = True
    ) -> Report:
        """The judge names the rule among those broken, and the loose window has no way (unless it is not asked)."""
        report = self.judged(moved, drained=drained)
        assert rule in report.by_rule, report.findings
        if encoder:
            outcome = self.encoded(moved, drained=drained)
            assert not isinstance(outcome, Solved), f"the window allows what [{rule}] forbids"
        return report

    def _row(self, line: Line, start: int, uid: int) -> Row:
        if self.told is not None and line in self.told.op_uid:
            known = next(row for row in self.told.rows if row[1] == self.told.op_uid[line])
            return (start, uid, *known[2:])
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


def tables(folder: Path, run: int = 1) -> dict[str, list[dict[str, str]]]:
    """The rows of each table of a run in a folder, by its name."""
    found = sorted(folder.glob(f"*_{run:07d}.csv"))
    return {path.name.split("_26")[0]: list(csv.DictReader(path.open(encoding="utf-8"))) for path in found}


def run_out(device: Device, boundary: Boundary) -> tuple[Boundary, Spans]:
    """The device when everything that runs has come to its end, and the spans until then."""
    rows: list[tuple[int, ...]] = []
    while True:
        ends = [live.end for die in boundary.dies for live in die.running] + [live.end for live in boundary.passing]
        if not ends:
            return boundary, Spans.of(rows)
        boundary, spans = advance(device, boundary, (), max(ends))
        rows += rows_of(spans)


def rows_from(commands: Commands) -> list[Row]:
    """The commands row by row."""
    columns = (getattr(commands, name).tolist() for name in ("time", "op_uid", "op", "die", "exp_val"))
    names = ("entry_die", "entry_plane", "entry_block", "entry_page", "entry_celltype")
    entries = list(zip(*(getattr(commands, name).tolist() for name in names), strict=True))
    first = commands.first.tolist()
    return [
        (time, uid, op, die, exp, entries[first[i] : first[i + 1]])
        for i, (time, uid, op, die, exp) in enumerate(zip(*columns, strict=True))
    ]
