"""Judging finished files: operation sequences by replay alone, then the other files of a run against the replay."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from model.advance import run_out
from model.device import Device
from model.event import NOTHING, Commands, Ended, Spans
from model.judge import Finding, Judge, Report
from model.sequence import PayloadFault, SequenceReader
from model.sequence import UnusableInput as UnusableSequence
from planner.errors import SnapshotError, UnusableInput
from planner.export.snapshot import Snapshot, load_snapshot
from planner.verify_files import RunCopy, RunFile
from planner.verify_histories import begin_of, histories, snapshot_of
from planner.verify_report import EXAMPLES, Verdict
from planner.verify_track import Track

if TYPE_CHECKING:
    from model.boundary import Boundary
    from model.config import Config

__all__ = ["EXAMPLES", "Verdict", "verify"]


def verify(
    paths: Sequence[Path | str],
    config: Config,
    *,
    snapshot: Path | str | None = None,
    open_end: bool = False,
    fresh: bool = False,
) -> Verdict:
    """Judge sequence files, and folders of them, from start to end.

    All files are one history in the order given (those of a folder by run), unless `fresh`, which makes each a
    history of its own; each `site_*` folder inside a folder is one, too, and so is each run of a campaign of
    independent runs. Packs are read as the files that went into them. Of a folder, the other files of each run are
    compared with the replay. `snapshot`: the state before the first operation.
    UnusableInput: everything that is wrong with the form of any file; SnapshotError; UnusableOutput.
    """
    given = load_snapshot(Path(snapshot), config) if snapshot is not None else None
    tally = _Tally()
    problems: list[str] = []
    for part in histories([Path(path) for path in paths], fresh=fresh):
        tally.place = f"{part.place}: " if part.place else ""
        start = given if part.start is None else load_snapshot(part.start, config)
        problems += _History(config, start, tally, replaying=part.beside).judge(part.runs, open_end=open_end)
    if problems:
        raise UnusableInput("\n".join(problems))
    findings = sorted(tally.findings, key=lambda finding: (finding.time, finding.op_uid))
    return Verdict(tally.operations, tuple(findings), tally.counts, clock=config.clock, notes=tuple(tally.notes))


@dataclass(slots=True)
class _Tally:
    """What all histories give together. `place` stands before the messages of the present one."""

    place: str = ""
    operations: int = 0
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def keep(self, finding: Finding) -> None:
        """A finding that is counted already."""
        self.findings.append(replace(finding, message=self.place + finding.message) if self.place else finding)

    def count(self, rule: str, count: int) -> None:
        """Further findings of a rule."""
        self.counts[rule] = self.counts.get(rule, 0) + count

    def add(self, finding: Finding) -> None:
        """A finding more, which names its file."""
        self.findings.append(finding)
        self.count(finding.rule, 1)


class _History:
    """One history: its judge, and the copy of the run that is being read."""

    def __init__(self, config: Config, start: Snapshot | None, tally: _Tally, *, replaying: bool) -> None:
        self._config, self._tally = config, tally
        self._boundary = start.boundary if start is not None else None
        document, blocks = (start.document, start.blocks) if start is not None else (None, None)
        self._judge = Judge(config, document, blocks, replaying=replaying)
        self._uid = start.boundary.next_op_uid if start is not None else 1
        self._now = start.boundary.time if start is not None else 0
        self._faults: list[PayloadFault] = []
        self._problems: list[str] = []
        self._copy: RunCopy | None = None
        self._track: Track | None = None
        self._carried: Spans | None = None
        self._last: RunFile | None = None

    def judge(self, files: Iterable[RunFile], *, open_end: bool) -> list[str]:
        """Replay the files one after the other, and compare. Gives all problems of their form: then nothing counts."""
        with tempfile.TemporaryDirectory(prefix="nandplan-verify-") as folder:
            for number, file in enumerate(files):
                self._read(file, Path(folder) / str(number))
                self._last = file
            if self._problems:
                if self._copy is not None:
                    self._copy.discard()
                return self._problems
            report = self._judge.finish(open_end=open_end)
            self._close(self._cut_of(self._last), None)
        self._tell(report)
        return []

    def _tell(self, report: Report) -> None:
        """Count and keep all findings; what the reader has told of a payload is not told twice."""
        faulty = {fault.op_uid for fault in self._faults}
        twice = 0
        for finding in report.findings:
            if finding.rule == "payload" and finding.op_uid in faulty:
                twice += 1
            else:
                self._tally.keep(finding)
        self._tally.operations += report.operations
        for rule, count in report.counts.items():
            told = count - twice if rule == "payload" else count
            if told:
                self._tally.count(rule, told)
        for fault in self._faults:
            message = f"{fault.file}:{fault.line}: {fault.message}"
            self._tally.add(Finding(fault.rule, fault.op_uid, fault.time, NOTHING, NOTHING, message))

    def _read(self, file: RunFile, folder: Path) -> None:
        reader = SequenceReader(file.path, self._config, first_uid=self._uid, floor=self._now)
        opened = False
        try:
            for piece in reader:
                if not opened:
                    self._judge.feed(piece.slice(0, 1))
                    self._turn(file, folder, int(piece.time[0]))
                    opened = True
                    self._write(piece.slice(0, 1))
                    piece = piece.slice(1, len(piece))  # noqa: PLW2901
                if len(piece):
                    self._judge.feed(piece)
                    self._write(piece)
        except UnusableSequence as error:
            self._problems += [file.told(str(problem)) for problem in error.problems]
        self._faults += [replace(fault, file=file.told(fault.file)) for fault in reader.faults]
        self._uid, self._now = reader.next_uid, reader.last_time

    def _turn(self, file: RunFile, folder: Path, begun: int) -> None:
        """From the run before to this one, whose first operation starts at `begun`."""
        boundary = self._start_of(file, begun)
        self._close(boundary, begun)
        known = boundary is not None or self._last is None
        self._copy = RunCopy(self._config, file, folder, boundary) if file.beside and known else None
        ends_unseen = file.beside and not snapshot_of(file, file.run).exists()
        self._track = Track(self._config, boundary) if ends_unseen and known else None

    def _start_of(self, file: RunFile, begun: int) -> Boundary | None:
        if self._last is None or not file.beside:
            return self._boundary if self._last is None else None
        try:
            return self._tracked(file, begun) or load_snapshot(self._before(file), self._config).boundary
        except SnapshotError as error:
            self._tally.notes.append(f"run {file.run} was judged, its other files were not compared: {error}")
            return None

    def _tracked(self, file: RunFile, begun: int) -> Boundary | None:
        """The cut before a run where no snapshot holds it; what is not legal leads nowhere."""
        if self._track is None or not self._judge.report.legal or self._before(file).exists():
            return None
        return self._track.at(begin_of(file), begun)

    def _before(self, file: RunFile) -> Path:
        """The snapshot that a run goes on from: beside it, or beside the run before in another folder."""
        beside, last = snapshot_of(file, file.run - 1), self._last
        if beside.exists() or last is None or last.run != file.run - 1:
            return beside
        return snapshot_of(last, last.run)

    def _cut_of(self, file: RunFile | None) -> Boundary | None:
        if self._copy is None or file is None or not snapshot_of(file, file.run).exists():
            return None
        try:
            return load_snapshot(snapshot_of(file, file.run), self._config).boundary
        except SnapshotError as error:
            self._tally.notes.append(f"the end of run {file.run} was taken from its sequence: {error}")
            return None

    def _write(self, commands: Commands) -> None:
        spans, horizon = self._judge.settled()
        if self._copy is not None:
            spans, self._carried = _joined(self._carried, spans), None
            self._copy.write(commands, spans, horizon)
        if self._track is not None:
            if self._judge.report.legal:
                self._track.follow(commands)
            else:
                self._track = None

    def _close(self, end: Boundary | None, begun: int | None) -> None:
        """Complete the copy of the run that has ended, and compare. What still ran at the cut is the next run's.

        `end` is the boundary of the cut, if it is known; `begun` when the next run begins, if there is one.
        """
        spans, horizon = self._judge.settled()
        copy, self._copy = self._copy, None
        cut = begun if end is None else end.time
        own, self._carried = _divided(_joined(self._carried, spans), cut)
        if copy is None:
            return
        known = cut if end is None else end.horizon()
        copy.write(Commands.of([]), own, horizon if known is None else known)
        running = None if end is None else run_out(Device(self._config), end)[1]
        for finding in copy.compare(running):
            told = finding.message if self._last is None else self._last.told(finding.message)
            self._tally.add(replace(finding, message=told))


def _joined(before: Spans | None, spans: Spans) -> Spans:
    if before is None:
        return spans
    return Spans(*(np.concatenate([getattr(before, name), getattr(spans, name)]) for name in Spans.__slots__))


def _divided(spans: Spans, cut: int | None) -> tuple[Spans, Spans | None]:
    """The spans of fragments that had ended at the cut, and the others: also what is ended by a start at the cut."""
    if cut is None or not len(spans):
        return spans, None
    _, fragment = np.unique(np.stack([spans.op_uid, spans.fragment]), axis=1, return_inverse=True)
    ends = np.zeros(int(fragment.max()) + 1, dtype=np.int64)
    of_itself = (spans.ended == int(Ended.NORMALLY)) | (spans.end < cut)
    np.maximum.at(ends, fragment, np.where(of_itself, spans.end, cut + 1))
    ended = ends[fragment] <= cut
    return _chosen(spans, ended), _chosen(spans, ~ended)


def _chosen(spans: Spans, rows: npt.NDArray[np.bool_]) -> Spans:
    return Spans(*(getattr(spans, name)[rows] for name in Spans.__slots__))
