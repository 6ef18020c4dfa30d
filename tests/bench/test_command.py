"""`nandplan bench`: what it says of wrong options, what it writes, and what it keeps when it is stopped."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from planner.bench import measure
from planner.bench.sample import DONE, RATE, Job, Sample, read_samples
from planner.bench.showing import Board
from planner.cli import run
from tests.bench.made import rate
from tests.bench.runs import ROOT

SMALL = ["bench", "--instances", "tiny", "--no-progress", "--seeds", "2", "--sizes", "100", "--cover-ops", "0"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--strategies", "cpsat,gredy"],
            "--strategies 'gredy': allowed: cpsat, sampler, greedy; did you mean greedy?",
        ),
        (["--strategies", "cpsat,,greedy"], "--strategies 'cpsat,,greedy': allowed: words with commas between them"),
        (["--strategies", "greedy,greedy"], "'greedy' is named twice"),
        (["--sizes", "2000,20k"], "--sizes '20k': allowed: whole numbers, 1 or more, with commas between them"),
        (["--sizes", "0"], "--sizes '0': allowed: whole numbers, 1 or more"),
        (["--seeds", "0"], "--seeds '0': allowed: a whole number, 1 or more"),
        (["--cap", "soon"], "--cap 'soon': allowed: a whole number, 1 or more"),
        (["--cover-ops", "-1"], "--cover-ops '-1': allowed: a whole number, 0 or more"),
        (["--instances", "big"], "--instances 'big': allowed: tiny, shipped, large, narrow, loose, or the path"),
    ],
)
def test_wrong_options_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    out = tmp_path / "bench"
    assert run(["bench", *options, "--out", str(out)]) == 2
    assert message in capsys.readouterr().err
    assert not out.exists()


def test_a_file_is_no_folder_for_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bench").write_text("", encoding="utf-8")
    assert run([*SMALL, "--out", str(tmp_path / "bench")]) == 2
    assert "it is not a folder" in capsys.readouterr().err


class StandIn:
    """Measures nothing: every run takes a second, the sampler's two; stops after `most` runs."""

    most = 1000
    made: list[Job] = []  # noqa: RUF012 - what all stand-ins of a test were asked for

    def __init__(self, wish: measure.Wish, folder: Path) -> None:
        self.wish = wish

    def prepare(self, told: object) -> None:
        """Nothing to prepare."""

    def samples(self, jobs: Sequence[Job], known: Sequence[Sample]) -> Iterator[Sample]:
        """Made up."""
        for job in jobs:
            if len(StandIn.made) == StandIn.most:
                raise KeyboardInterrupt
            StandIn.made.append(job)
            if job.kind == RATE:
                wall = 1.0 + (job.strategy == "sampler")
                yield rate(job.strategy, wall, size=job.size, seed=job.seed, instance=job.instance)
            else:
                yield Sample(job, counts={"chosen": 4, "whole": 3, "modest": 1, "cpsat": 1})


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> type[StandIn]:
    """`planner.cli.benching` with a stand-in for measuring."""
    from planner.cli import benching  # noqa: PLC0415

    monkeypatch.setattr(benching, "Measuring", StandIn)
    monkeypatch.setattr(StandIn, "most", 1000)
    monkeypatch.setattr(StandIn, "made", [])
    return StandIn


def test_a_page_a_table_and_plots_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], stand_in: type[StandIn]
) -> None:
    assert run([*SMALL, "--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "bench.csv", "bench.md", "rates.png", "samples.jsonl", "stages.png",
    ]  # fmt: skip
    page = (tmp_path / "bench.md").read_text(encoding="utf-8")
    assert "| tiny | 100 | cpsat | 100 | 2.00 | - | 0.0% | 1.0 | 50 | 0 |" in page
    assert "## Where greedy beats cpsat" not in page
    assert "Interrupted" not in page
    assert "tiny      100         cpsat     100" in capsys.readouterr().out


def test_an_interruption_keeps_what_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], stand_in: type[StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand_in, "most", 4)
    assert run([*SMALL, "--out", str(tmp_path)]) == 130
    told = capsys.readouterr().err
    assert "4 runs are measured, 4 are missing; the same command with --resume goes on" in told
    assert len(read_samples(tmp_path / "samples.jsonl")) == 4
    assert "**Interrupted: 4 of 8 runs are missing.**" in (tmp_path / "bench.md").read_text(encoding="utf-8")


def test_resume_measures_what_is_missing(
    tmp_path: Path, stand_in: type[StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand_in, "most", 4)
    run([*SMALL, "--out", str(tmp_path)])
    first = list(stand_in.made)
    monkeypatch.setattr(stand_in, "most", 1000)
    assert run([*SMALL, "--out", str(tmp_path), "--resume"]) == 0
    assert len(stand_in.made) == len(set(stand_in.made)) == 8
    assert stand_in.made[:4] == first
    assert len(read_samples(tmp_path / "samples.jsonl")) == 8


def test_resume_shows_what_other_commands_measured_too(tmp_path: Path, stand_in: type[StandIn]) -> None:
    run([*SMALL, "--out", str(tmp_path)])
    assert run([*SMALL[:-4], "--sizes", "5000", "--cover-ops", "0", "--out", str(tmp_path), "--resume"]) == 0
    page = (tmp_path / "bench.md").read_text(encoding="utf-8")
    assert "| tiny | 100 | cpsat |" in page
    assert "| tiny | 5,000 | cpsat |" in page
    assert "Runs that other commands measured into the same folder are shown, too." in page
    assert len(stand_in.made) == len(set(stand_in.made))


def test_a_broken_file_of_samples_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "samples.jsonl").write_text(json.dumps({"a": 1}) + "\n\n", encoding="utf-8")
    assert run([*SMALL, "--out", str(tmp_path), "--resume"]) == 2
    assert "samples.jsonl:1: not a measured job" in capsys.readouterr().err


def test_a_run_with_violations_makes_the_answer_no(
    tmp_path: Path, stand_in: type[StandIn], monkeypatch: pytest.MonkeyPatch
) -> None:
    def samples(self: StandIn, jobs: Sequence[Job], known: Sequence[Sample]) -> Iterator[Sample]:
        yield rate("sampler", 1.0, violations=1)

    monkeypatch.setattr(stand_in, "samples", samples)
    assert run([*SMALL, "--out", str(tmp_path)]) == 1


def test_a_line_per_run_says_what_came_of_it() -> None:
    stream = io.StringIO()
    sample = rate("cpsat", 2.0)
    with Board(stream, [sample.job]) as board:
        board.next()
        board.measured(sample)
    assert stream.getvalue() == "1/1  a cpsat, 100 operations, seed 1: 50 op/s, 2.0 s, 50 MiB\n"


@pytest.mark.long
def test_all_of_it_on_the_tiny_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    options = ["--instances", "tiny", "--seeds", "1", "--sizes", "200", "--cover-ops", "500", "--no-progress"]
    assert run(["bench", *options, "--out", str(tmp_path)]) == 0
    samples = read_samples(tmp_path / "samples.jsonl")
    assert len(samples) == 7
    assert all(sample.status == DONE and not sample.violations for sample in samples)
