"""Finished runs for notebooks: their tables as pandas DataFrames, and the timeline as a picture in the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.config import Config, load
from planner.errors import UnusableInput
from planner.recorded.folder import read_range, runs_of
from planner.report.facts import Facts
from planner.report.folder import SEQUENCE, RunFolder

if TYPE_CHECKING:
    import pandas as pd

    from planner.recorded.history import History

COVERAGE, HITS = "coverage", "op_state_name_input_time_count"
CELL = ["op_state", "op_name", "bin"]
OPEN = "open"
NULLABLE = ("die", "plane", "block", "page")
"""Columns of whole numbers with empty fields."""
DECIMALS = ("time", "start", "end", "duration", "remaining", "propose_time", "triggered_us", "input_time")
"""Columns of times in us, and of shares."""


@dataclass(frozen=True, slots=True)
class Results:
    """Runs of one history. `config`: the one that they were made with; None: look for it among the known ones.

    In the DataFrames times are us, as floats which read back as the decimals of the files; the first column is `run`.
    Reading raises UnusableInput where a file is missing or broken.
    """

    folders: tuple[RunFolder, ...]
    config: Config | None = None

    @property
    def sequence(self) -> pd.DataFrame:
        """What was sent: a row per command (the table operation_sequence)."""
        return self.table("operation_sequence")

    @property
    def timeline(self) -> pd.DataFrame:
        """What ran when and where: a row per payload plane of every fragment (the table operation_timeline)."""
        return self.table("operation_timeline")

    @property
    def coverage(self) -> pd.DataFrame:
        """Hits per cell of coverage, over all runs: op_state, op_name, bin, hits.

        Where the runs have a coverage file, every cell of the universe, with status and reason; else those hit.
        """
        if all(run.table(COVERAGE).is_file() for run in self.folders):
            frame = self.table(COVERAGE)
            frame["status"] = frame["status"].where(frame["status"] != OPEN)  # what any run knows holds for all
            made = frame.groupby(CELL, sort=False, as_index=False).agg(
                {"status": "first", "hits": "sum", "reason": "first"}
            )
            made["status"] = made["status"].fillna(OPEN)
            return made
        counts = self.table(HITS)
        counts["bin"] = (counts["input_time"] * 100).round().astype("int64") // 10
        hits = counts.rename(columns={"count": "hits"}).groupby(CELL, sort=False, as_index=False).agg({"hits": "sum"})
        return hits.sort_values(CELL, ignore_index=True)

    def table(self, name: str) -> pd.DataFrame:
        """Any table of the runs by its name without date and number, like `events`."""
        import pandas as pd  # noqa: PLC0415

        types: dict[str, Any] = {**dict.fromkeys(NULLABLE, "Int64"), **dict.fromkeys(DECIMALS, str)}
        frames = []
        for run in self.folders:
            path = run.table(name)
            try:
                frame = pd.read_csv(path, dtype=types)
                for column in (each for each in DECIMALS if each in frame):
                    frame[column] = frame[column].astype(object).astype("float64")  # as Python reads them, exactly
            except (OSError, ValueError) as error:
                raise UnusableInput(f"{path}: cannot be read: {error}") from None
            frame.insert(0, "run", run.run)
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    def svg(self, begin_us: Decimal | str | float | None = None, end_us: Decimal | str | float | None = None) -> str:
        """The timeline from `begin_us` to `end_us` (None: its beginning, its end) as an svg element.

        A float is rounded to the tick, and what is below 0 is 0: so times may be computed from those of the tables.
        """
        from planner.plots.svg import timeline_svg  # noqa: PLC0415

        history = self._history()
        since, until = (_text(time, history.decimals) for time in (begin_us, end_us))
        return timeline_svg(history, *read_range(since, until, history.decimals, history.span))

    def show(self, begin_us: Decimal | str | float | None = None, end_us: Decimal | str | float | None = None) -> Shown:
        """The same as something that a notebook shows."""
        return Shown(self.svg(begin_us, end_us))

    def _repr_html_(self) -> str:
        """The counts of each run, and the timeline of all."""
        lines = [f"<div>{escape(_in_words(run))}</div>" for run in self.folders]
        return f'<div class="nandplan">{"".join(lines)}{self.svg()}</div>'

    def _history(self) -> History:
        from planner.recorded.history import read_history  # noqa: PLC0415

        return read_history(list(self.folders), self._facts())

    def _facts(self) -> Facts:
        config = load() if self.config is None else self.config
        same = all(run.summary().get("config", config.digest) == config.digest for run in self.folders)
        if not same and self.config is not None:
            raise UnusableInput(f"{self.folders[0].folder}: made with another config than {self.config.path}")
        return Facts.of(config) if same else Facts.unknown()


@dataclass(frozen=True, slots=True)
class Shown:
    """HTML that a notebook shows."""

    html: str

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {len(self.html):,} characters of HTML>"

    def _repr_html_(self) -> str:
        return self.html


def _text(time: Decimal | str | float | None, decimals: int) -> str | None:
    """A time as the text that `read_range` reads."""
    if isinstance(time, float):
        return f"{max(time, 0.0):.{decimals}f}"
    return None if time is None else str(time)


def results(folder: Path | str, config: Config | Path | str | None = None) -> Results:
    """The finished runs of a folder. `config`: the one they were made with, None where that is the shipped one.

    UnusableInput: there are none; ConfigError.
    """
    known = config if isinstance(config, Config) or config is None else load(config)
    return Results(tuple(runs_of(Path(folder))), known)


def of_files(sequences: Iterable[Path], config: Config) -> Results:
    """The runs of these operation_sequence files, as a plan has written them."""
    folders = []
    for path in sequences:
        name: Any = SEQUENCE.fullmatch(path.name)
        folders.append(RunFolder(path.parent, name.group(1), int(name.group(2))))
    return Results(tuple(folders), config)


def _in_words(run: RunFolder) -> str:
    summary = run.summary()
    counts, verdict = summary.get("counts", {}), summary.get("verdict", {})
    words = [f"run {run.run}"]
    if "operations" in counts:
        words.append(f"{counts['operations']:,} operations in {counts.get('device_time_us', '?')} us of device time")
    if "suspensions" in counts:
        words.append(f"{counts['suspensions']:,} suspensions")
    if "cells_hit" in counts:
        words.append(f"{counts['cells_hit']:,} cells hit")
    if "legal" in verdict:
        words.append("legal: the judge found nothing" if verdict["legal"] else "not legal")
    return ", ".join(words)
