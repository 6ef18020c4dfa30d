"""What people see of a campaign: the display, `nandplan status`, the page at the end."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from model.config import Config
from planner.batch.display import Lines, Panel, words
from planner.batch.ledger import NAME, Ledger
from planner.batch.standing import Standing
from planner.cli import run
from tests.batch.campaigns import DATE, SMALL, Inline, carried, kept


def standing(**changes: object) -> Standing:
    """A campaign of 100 runs, 40 done, 10 of them since it went on 20 seconds ago."""
    values = {
        "total": 100, "done": 40, "operations": 80_000, "fresh": 10, "fresh_operations": 20_000, "cells": 1234,
        "began": 100.0, **changes,
    }  # fmt: skip
    return Standing(**values)  # type: ignore[arg-type]


def test_the_display_tells_runs_rate_coverage_and_the_time_left() -> None:
    # 20,000 operations in 20 s; 10 runs took 20 s, 60 are left: 120 s
    assert words(standing(), 120.0) == [
        "40 of 100 runs (40%)", "1,000 operations/s", "1,234 cells hit", "2:00 left",
    ]  # fmt: skip


def test_the_display_tells_failures_and_coverage_where_there_is_a_goal() -> None:
    told = words(standing(covered=0.5, again=1, failed=2), 120.0)
    assert told[2:-1] == ["coverage 50.00%", "1 run tried again", "2 failed"]


def test_plain_lines_come_every_five_seconds() -> None:
    clock, stream = [100.0], io.StringIO()
    lines = Lines(stream, lambda: clock[0])
    for clock[0] in (101.0, 104.0, 105.0, 106.0, 110.0):
        lines(standing())
    assert len(stream.getvalue().splitlines()) == 2


def test_a_terminal_shows_a_bar() -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.live import Live  # noqa: PLC0415

    stream = io.StringIO()
    with Live(console=Console(file=stream, force_terminal=True, width=80), auto_refresh=False) as live:
        Panel(live, lambda: 120.0)(standing())
    assert "40 of 100 runs" in stream.getvalue()


def test_status_tells_how_far_a_campaign_is(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Interrupted(Inline):
        def outcomes(self, timeout: float) -> list[object]:  # type: ignore[override]
            if self._job is not None and self._job.run == 2:
                raise KeyboardInterrupt
            return list(super().outcomes(timeout))

    with pytest.raises(KeyboardInterrupt):
        carried(SMALL, room, Interrupted)  # type: ignore[arg-type]
    assert run(["status", str(room)]) == 0
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first == "2 of 6 runs done, 0 failed; left unfinished"
    assert second.startswith(f"  {kept(room)['operations']:,} operations, ")


def test_status_as_json_has_the_facts(undisturbed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status", str(undisturbed), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["runs"], told["done"], told["failed"], told["failures"]) == (6, 6, 0, [])
    assert told["campaign"]["seed"] == 7


def test_status_tells_failed_runs_and_says_no(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from planner.batch.job import Failed  # noqa: PLC0415

    class Broken(Inline):
        def outcomes(self, timeout: float) -> list[object]:  # type: ignore[override]
            job = self._job
            if job is not None and job.site == 1:
                self._job = None
                return [Failed(job, "ValueError: what")]
            return list(super().outcomes(timeout))

    carried(SMALL, room, Broken)  # type: ignore[arg-type]
    assert run(["status", str(room)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "3 of 6 runs done, 1 failed; left unfinished"
    assert told[-1] == "  site 1, run 1, 1 tries: ValueError: what"


@pytest.mark.parametrize("content", [None, b"not a ledger, but a text that is long enough" * 50])
def test_status_of_no_campaign_is_one_message(
    content: bytes | None, room: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (room / NAME).write_bytes(content)
    assert run(["status", str(room)]) == 2
    told = capsys.readouterr().err
    assert str(room) in told
    assert told.count("\n") == 1


class Texts(HTMLParser):
    """All texts of a page, and the tags that are still open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """A tag opens."""
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """A tag closes, the latest one."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """A text."""
        self.texts += [data.strip()] if data.strip() else []


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, tiny_text: str) -> Path:
    """A campaign on the tiny device, a bootstrap and a run on each of two sites, with all its pages."""
    from model.config import load  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("finished")
    (folder / "config.yaml").write_text(tiny_text, encoding="utf-8")
    carried(replace(SMALL, config=load(folder / "config.yaml"), runs=1), folder / "out", pages=True)
    return folder / "out"


def test_the_page_tells_what_the_ledger_counts(finished: Path) -> None:
    page = Texts()
    page.feed((finished / "campaign.html").read_text(encoding="utf-8"))
    assert page.open == []
    counts = kept(finished)
    assert "4 of 4 made, 0 failed" in page.texts
    assert f"{counts['operations']:,}" in page.texts
    assert "legal: the judge found nothing" in page.texts


def test_the_coverage_table_holds_the_hits_of_all_runs(finished: Path) -> None:
    with (finished / f"coverage_{DATE}.csv").open(encoding="utf-8", newline="") as file:
        hits = sum(int(row["hits"]) for row in csv.DictReader(file))
    assert hits == kept(finished)["hits"]
    facts = json.loads((finished / "campaign.json").read_text(encoding="utf-8"))
    assert facts["counts"]["hits"] == hits
    assert facts["runs"] == {"done": 4, "failed": 0, "asked": 4}


def test_the_coverage_of_a_campaign_is_that_of_its_files(
    finished: Path, tiny: Callable[..., Config], tmp_path: Path
) -> None:
    from planner.export.snapshot import load_snapshot  # noqa: PLC0415, F401

    config = tiny()
    names = [name.name for name in config.names]
    ledger = Ledger(finished / NAME, write=False)
    counted = ledger.hits()
    ledger.close()
    from model.timeline import Layout  # noqa: PLC0415

    states = list(Layout.of(config).op_states.names)
    total = np.zeros_like(counted)
    for path in finished.glob(f"site_*/op_state_name_input_time_count_{DATE}_*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                place = int(row["input_time"].replace(".", "")) // 10 if row["input_time"] != "1.00" else 9
                total[states.index(row["op_state"]), names.index(row["op_name"]), place] += int(row["count"])
    assert (total == counted).all()
