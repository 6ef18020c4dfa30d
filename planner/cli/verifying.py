"""`nandplan verify`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli.common import log, read_config, start_logging
from planner.errors import UnusableInput

if TYPE_CHECKING:
    from model.config import Config
    from model.judge import Finding, Judge, Report
    from planner.export.snapshot import Snapshot

SEQUENCES = "operation_sequence_*.csv"
_RUN = re.compile(r"_(\d+)\.csv$")
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Question:
    """The options of `verify` as they were given."""

    paths: tuple[Path, ...]
    config: Path | None
    snapshot: Path | None
    as_json: bool
    open_end: bool
    fresh: bool
    examples: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the judge found in the files of one history."""

    files: tuple[Path, ...]
    report: Report


def run(ask: Question, *, verbose: bool, log_file: Path | None) -> int:
    """Judges the files and says what was found; 1 if anything was."""
    start_logging(verbose=verbose, log_file=log_file)
    files = sequence_files(ask.paths)
    config = read_config(ask.config)
    start = _start(ask.snapshot, config)
    histories = [(file,) for file in files] if ask.fresh else [files]
    answers = _judged(histories, config, start, open_end=ask.open_end)
    if ask.as_json:
        print(json.dumps(_document(answers, config, ask.examples), indent=2))
    else:
        examples = EXAMPLES if ask.examples is None else ask.examples
        print("\n".join(line for answer in answers for line in _lines(answer, config, examples)))
    return 0 if all(answer.report.legal for answer in answers) else 1


def sequence_files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The sequence files of paths in order; those of a folder by run. UnusableInput: a path gives none."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.glob(SEQUENCES), key=lambda file: (_run_of(file), file.name))
            if not inside:
                raise UnusableInput(f"{path}: there is no {SEQUENCES} in this folder")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise UnusableInput(f"{path}: there is no such file or folder")
    return tuple(found)


def _run_of(file: Path) -> int:
    match = _RUN.search(file.name)
    return int(match[1]) if match else 0


def _start(path: Path | None, config: Config) -> Snapshot | None:
    if path is None:
        return None
    from planner.export.snapshot import load_snapshot  # noqa: PLC0415

    return load_snapshot(path, config)


def _judged(
    histories: Sequence[tuple[Path, ...]], config: Config, start: Snapshot | None, *, open_end: bool
) -> list[Answer]:
    """The answer to each history. UnusableInput: everything that is wrong with the form of any file."""
    from model.sequence import UnusableInput as UnusableFile  # noqa: PLC0415

    answers: list[Answer] = []
    problems: list[str] = []
    for files in histories:
        try:
            answers.append(Answer(files, _history(files, config, start, open_end=open_end)))
        except UnusableFile as error:
            problems.append(str(error))
    if problems:
        raise UnusableInput("\n".join(problems))
    return answers


def _history(files: Sequence[Path], config: Config, start: Snapshot | None, *, open_end: bool) -> Report:
    """The report on files that are one history."""
    from model.judge import Judge  # noqa: PLC0415
    from model.sequence import SequenceReader, UnusableInput  # noqa: PLC0415

    judge = Judge(config) if start is None else Judge(config, start.document, start.blocks)
    uid, now = (1, 0) if start is None else (start.boundary.next_op_uid, start.boundary.time)
    faults: list[Finding] = []
    problems: list[Any] = []
    for file in files:
        reader = SequenceReader(file, config, first_uid=uid, floor=now)
        try:
            for piece in reader:
                judge.feed(piece)
                judge.settled()
        except UnusableInput as error:
            problems += error.problems
        uid, now = reader.next_uid, reader.last_time
        faults += _payload_faults(reader)
        log.debug("%s: %d rows, %d violations so far", file, reader.rows, _violations(judge))
    if problems:
        raise UnusableInput(problems)
    return _with(judge.finish(open_end=open_end), faults)


def _violations(judge: Judge) -> int:
    return judge.report.violations


def _payload_faults(reader: Any) -> Iterator[Finding]:
    from model.judge import Finding  # noqa: PLC0415

    for fault in reader.faults:
        place = f"{fault.file}:{fault.line}: {fault.message}"
        yield Finding("payload", fault.op_uid, fault.time, -1, -1, place)


def _with(report: Report, faults: list[Finding]) -> Report:
    """A report with further findings."""
    if not faults:
        return report
    from model.judge import Report  # noqa: PLC0415

    findings = sorted([*report.findings, *faults], key=lambda finding: (finding.time, finding.op_uid))
    counts = {**report.counts, "payload": report.counts.get("payload", 0) + len(faults)}
    return Report(report.operations, tuple(findings), counts)


def _lines(answer: Answer, config: Config, examples: int) -> Iterator[str]:
    """A report for people."""
    report, files = answer.report, answer.files
    what = str(files[0]) if len(files) == 1 else f"{len(files)} files"
    if report.legal:
        yield f"{what}: {report.operations:,} operations, legal"
        return
    yield f"{what}: {report.operations:,} operations, {report.violations:,} violations of {len(report.by_rule)} rules"
    for rule, count in report.by_rule.items():
        yield f"  [{rule}] {count:,}"
        shown = [finding for finding in report.findings if finding.rule == rule][:examples]
        for finding in shown:
            place = f" ({finding.config})" if finding.config else ""
            yield f"    {config.clock.us(finding.time)} us: {finding.message}{place}"
        if 0 < len(shown) < count:
            yield f"    and {count - len(shown):,} more"


def _document(answers: Sequence[Answer], config: Config, examples: int | None) -> dict[str, Any]:
    """A report for machines; all findings that were kept, or `examples` per rule."""
    reports = [answer.report for answer in answers]
    by_rule: dict[str, int] = {}
    for report in reports:
        for rule, count in report.by_rule.items():
            by_rule[rule] = by_rule.get(rule, 0) + count
    return {
        "legal": all(report.legal for report in reports),
        "operations": sum(report.operations for report in reports),
        "violations": sum(by_rule.values()),
        "by_rule": dict(sorted(by_rule.items())),
        "histories": [
            {
                "files": [str(file) for file in answer.files],
                "operations": answer.report.operations,
                "violations": answer.report.violations,
                "findings": [_finding(finding, config) for finding in _kept(answer.report, examples)],
            }
            for answer in answers
        ],
    }


def _kept(report: Report, examples: int | None) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for finding in report.findings:
        seen[finding.rule] = seen.get(finding.rule, 0) + 1
        if examples is None or seen[finding.rule] <= examples:
            yield finding


def _finding(finding: Finding, config: Config) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "op_uid": finding.op_uid,
        "time_us": config.clock.us(finding.time),
        "die": None if finding.die < 0 else finding.die,
        "plane": None if finding.plane < 0 else finding.plane,
        "message": finding.message,
        "config": finding.config,
    }
