"""`nandplan report`: folders in, pages out, and what it says where it cannot."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.cli import run
from planner.report.folder import RunFolder

NUMBER = "250101_0000001"


@pytest.fixture
def folder(made: RunFolder, tmp_path: Path) -> Path:
    """A copy of the run, with the first rows of its coverage file: enough, and quick to read."""
    copy = Path(shutil.copytree(made.folder, tmp_path / "run"))
    coverage = copy / f"coverage_{NUMBER}.csv"
    coverage.write_text("".join(coverage.open(encoding="utf-8").readlines()[:500]), encoding="utf-8")
    return copy


Answer = Callable[..., tuple[int, str, str]]


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Answer:
    """Exit code, stdout and stderr of a report."""

    def asked(*words: object) -> tuple[int, str, str]:
        code = run(["report", *map(str, words)])
        caught = capsys.readouterr()
        return code, caught.out, caught.err

    return asked


def test_the_page_lies_in_the_folder_and_its_size_is_told(folder: Path, answer: Answer) -> None:
    code, out, err = answer(folder)
    assert (code, err) == (0, "")
    page = folder / "report.html"
    assert out == f"{page}  {page.stat().st_size / (1 << 20):.1f} MiB\n"


def test_the_page_needs_nothing_from_elsewhere(folder: Path, answer: Answer) -> None:
    answer(folder)
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script src" not in text
    assert '<link rel="stylesheet"' not in text
    assert "@import" not in text


def test_the_same_run_gives_the_same_bytes(folder: Path, answer: Answer, tmp_path: Path) -> None:
    answer(folder, "--out", tmp_path / "a.html")
    answer(folder, "--out", tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_run_without_some_tables_has_a_page_all_the_same(folder: Path, answer: Answer) -> None:
    for name in ("coverage", "address_touch_count", "op_state_name_input_time_count"):
        (folder / f"{name}_{NUMBER}.csv").unlink()
    (folder / "run_0000001.json").unlink()
    code, _, err = answer(folder)
    assert (code, err) == (0, "")


@pytest.mark.parametrize("name", ["operation_timeline", "op_state_timeline", "events"])
def test_a_table_that_the_timeline_needs_is_missed_by_name(folder: Path, answer: Answer, name: str) -> None:
    (folder / f"{name}_{NUMBER}.csv").unlink()
    code, out, err = answer(folder)
    assert (code, out) == (2, "")
    assert err == f"nandplan: {folder / name}_{NUMBER}.csv: there is no such file; a report needs it\n"
    assert not (folder / "report.html").exists()


BROKEN = [
    ("events", ",OP_START,1,", ",OP_START,one,", "_0000001.csv:2: column op_uid: 'one'; allowed: a whole number"),
    (
        "op_state_timeline", "\n0.0000,0.0250,", "\n0.0,0.0250,",
        ":2: column start: '0.0'; allowed: a time in us with 4 decimals",
    ),
    ("operation_timeline", "start,end,die", "start,end,dice", ":1: no column 'die'; allowed: start, die, plane"),
    (
        "coverage", ",excluded,", ",forbidden,",
        "column status: 'forbidden'; allowed: excluded, disabled, unreachable, open, reachable",
    ),
    (
        "operation_sequence", "\n2,1000.0250,0,Write_training_dout,2,", "\n2,1000.0250,0,Write_training_dout,1,",
        "an op_uid stands in two rows",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "says"), BROKEN)
def test_a_broken_row_is_told_with_file_and_line(
    folder: Path, answer: Answer, name: str, old: str, new: str, says: str
) -> None:
    path = folder / f"{name}_{NUMBER}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    code, out, err = answer(folder)
    assert (code, out) == (2, "")
    assert str(path) in err
    assert says in err
    assert err.count("\n") == 1


def test_a_summary_that_is_no_json_is_told(folder: Path, answer: Answer) -> None:
    (folder / "run_0000001.json").write_text("{", encoding="utf-8")
    code, _, err = answer(folder)
    assert code == 2
    assert "run_0000001.json: not readable as JSON" in err


def test_a_run_of_another_config_says_what_the_page_cannot_know(folder: Path, answer: Answer) -> None:
    path = folder / "run_0000001.json"
    page = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**page, "config": "0" * 64}), encoding="utf-8")
    code, _, err = answer(folder)
    assert code == 0
    assert "made with another config (000000000000" in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nowhere",), "nowhere: there is no such folder; allowed: the folder of a run, or of a campaign"),
        ((".",), "no operation_sequence file in it; allowed: the folder of a run, or of a campaign"),
        (("--run", "0", "."), "--run '0': allowed: a whole number, 1 or more"),
        (("--run", "9", "."), "no operation_sequence file of run 9 in it"),
    ],
)
def test_what_is_no_run_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer, words: tuple[str, ...], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = answer(*words)
    assert (code, out) == (2, "")
    assert says in err


def test_a_page_that_cannot_be_written_is_told(folder: Path, answer: Answer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _, err = answer(folder, "--out", tmp_path / "file" / "report.html")
    assert code == 2
    assert "cannot be written" in err
