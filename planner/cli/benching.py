"""`nandplan bench`."""

from __future__ import annotations

import difflib
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from planner.bench.instances import instances
from planner.bench.measure import Measuring, Wish
from planner.bench.page import SAMPLES, write_page
from planner.bench.sample import FAILED, STRATEGIES, Sample, read_samples
from planner.bench.showing import Board
from planner.bench.tables import Table, all_tables
from planner.cli.common import Interrupted, start_logging
from planner.errors import UnusableInput, UnusableOutput
from planner.export.files import RunFiles, writing

SHOWN = (
    "Operations per second",
    "To how much of the cells that can be hit",
    "Operations for the sampler's best coverage",
)


@dataclass(frozen=True, slots=True)
class Words:
    """The options of `bench` as they were given."""

    instances: str
    strategies: str
    seeds: int
    sizes: str
    cover_ops: int
    cap: int
    out: Path
    resume: bool
    quiet: bool


def run(words: Words, *, verbose: bool, log_file: Path | None) -> int:
    """Checks the options, measures, writes the page. 1: a run failed, or the judge refuses one."""
    start_logging(verbose=verbose, log_file=log_file)
    wish = asked(words)
    if words.out.exists() and not words.out.is_dir():
        raise UnusableOutput(words.out, "it is not a folder")
    kept = kept_in(words.out) if words.resume else []
    with writing(words.out):
        words.out.mkdir(parents=True, exist_ok=True)
    bench = Bench(wish, words.out, kept, None if words.quiet else sys.stderr)
    try:
        bench.measure()
    except KeyboardInterrupt:
        raise Interrupted(bench.interrupted()) from None
    bench.finish(0)
    return 1 if any(s.status == FAILED or s.violations for s in bench.samples) else 0


def asked(words: Words) -> Wish:
    """What is to be compared. UnusableInput: an option that makes no sense."""
    strategies = listed("--strategies", words.strategies)
    for name in strategies:
        if name not in STRATEGIES:
            near = difflib.get_close_matches(name, STRATEGIES, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise UnusableInput(f"--strategies {name!r}: allowed: {', '.join(STRATEGIES)}{hint}")
    sizes = []
    for text in listed("--sizes", words.sizes):
        if not (text.isascii() and text.isdigit() and int(text)):
            raise UnusableInput(f"--sizes {text!r}: allowed: whole numbers, 1 or more, with commas between them")
        sizes.append(int(text))
    devices = tuple(instances(listed("--instances", words.instances)))
    return Wish(devices, tuple(strategies), words.seeds, tuple(sorted(sizes)), words.cover_ops, float(words.cap))


def listed(option: str, text: str) -> list[str]:
    """Words with commas between them, each once. UnusableInput: there is none, or one is empty or twice there."""
    found = [word.strip() for word in text.split(",")]
    if not all(found):
        raise UnusableInput(f"{option} {text!r}: allowed: words with commas between them, none of them empty")
    for word in found:
        if found.count(word) > 1:
            raise UnusableInput(f"{option} {text!r}: {word!r} is named twice")
    return found


def kept_in(out: Path) -> list[Sample]:
    """What is measured already. UnusableInput: the file is broken."""
    path = out / SAMPLES
    if not path.is_file():
        return []
    try:
        return read_samples(path)
    except ValueError as error:
        raise UnusableInput(str(error)) from None


@dataclass
class Bench:
    """A comparison under way; every sample is on the disk as soon as it is there."""

    wish: Wish
    out: Path
    samples: list[Sample]
    stream: TextIO | None

    def __post_init__(self) -> None:
        self.samples = [sample for sample in self.samples if sample.status != FAILED]
        there = {sample.job for sample in self.samples}
        self.left = [job for job in self.wish.jobs() if job not in there]

    def measure(self) -> None:
        """Measures what is missing. KeyboardInterrupt: `samples` are what is there."""
        path = self.out / SAMPLES
        board = Board(self.stream, self.left)
        files = RunFiles(self.out)
        files.create(SAMPLES)
        files.write(SAMPLES, "".join(sample.line() + "\n" for sample in self.samples))
        files.publish()
        with writing(path):
            file = path.open("a", encoding="utf-8")
        with file, tempfile.TemporaryDirectory(prefix="nandplan-bench-") as folder, board:
            measuring = Measuring(self.wish, Path(folder))
            if self.left:
                measuring.prepare(board.preparing)
                board.next()
            for sample in measuring.samples(self.left, self.samples):
                with writing(path):
                    file.write(sample.line() + "\n")
                    file.flush()
                self.samples.append(sample)
                board.measured(sample)

    def finish(self, missing: int) -> None:
        """Writes the page and the pictures, and prints the tables that matter most."""
        paths = write_page(self.out, self.wish, self.samples, missing)
        for table in all_tables(self.samples):
            if table.title in SHOWN:
                print(shortened(table).plain() + "\n")
        for path in [*paths, self.out / SAMPLES]:
            print(path)

    def interrupted(self) -> str:
        """Keeps what is measured, and says so."""
        there = {sample.job for sample in self.samples}
        missing = sum(job not in there for job in self.left)
        if not self.samples:
            return "nothing was measured yet"
        self.finish(missing)
        return f"{len(self.samples)} runs are measured, {missing} are missing; the same command with --resume goes on"


def shortened(table: Table) -> Table:
    """Without columns that say nothing."""
    columns = [i for i in range(len(table.head)) if any(row[i] not in ("", "-") for row in table.rows)]

    def some(row: Sequence[str]) -> tuple[str, ...]:
        return tuple(row[i] for i in columns)

    return Table(table.title, some(table.head), tuple(some(row) for row in table.rows))
