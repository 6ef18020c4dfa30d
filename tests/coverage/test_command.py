"""`nandplan coverage`: folders in, what is covered out."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.cli import run
from tests.coverage.conftest import DATE

KEYS = [
    "grain", "excluded", "unreachable", "reachable", "open", "hit", "coverage", "evenness", "operations",
    "lower_bound", "economy",
]  # fmt: skip
Answer = Callable[..., tuple[int, str, str]]


@pytest.fixture
def answer(device_file: Path, capsys: pytest.CaptureFixture[str]) -> Answer:
    """Runs the command with these arguments: exit code, stdout, and stderr without warnings about the config."""

    def asked(*arguments: str) -> tuple[int, str, str]:
        code = run(["coverage", "--config", str(device_file), *arguments])
        caught = capsys.readouterr()
        return code, caught.out, "\n".join(line for line in caught.err.splitlines() if "WARNING" not in line)

    return asked


def test_without_folders_it_shows_the_universe(answer: Answer) -> None:
    code, out, err = answer()
    assert (code, err) == (0, "")
    assert out.startswith("grain base: excluded ")
    assert "\n  hit 0 of " in out
    assert "whatever hits all of them needs " in out


def test_a_folder_is_recounted(series: Path, answer: Answer) -> None:
    code, out, err = answer(str(series))
    assert (code, err) == (0, "")
    for words in ("coverage ", "evenness ", "economy ", "chi-square ", "worst holes:"):
        assert words in out


def test_json_is_one_object_per_grain(series: Path, answer: Answer) -> None:
    code, out, _ = answer(str(series), "--json", "--grain", "op_name", "--grain", "base")
    objects = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [list(page) for page in objects] == [KEYS, KEYS]
    assert [page["grain"] for page in objects] == ["op_name", "base"]


def test_each_folder_is_reported_by_itself_unless_merged(others: list[Path], answer: Answer) -> None:
    folders = [str(folder) for folder in others]
    _, apart, _ = answer(*folders, "--json")
    _, merged, _ = answer(*folders, "--json", "--merge")
    _, turned, _ = answer(*reversed(folders), "--json", "--merge")
    assert len(apart.splitlines()) == len(folders)
    assert merged == turned
    operations = [json.loads(line)["operations"] for line in apart.splitlines()]
    assert json.loads(merged)["operations"] == sum(operations)


def test_cells_come_with_reason_or_witness(series: Path, answer: Answer) -> None:
    _, out, _ = answer(str(series), "--cells")
    rows = list(csv.DictReader(io.StringIO(out)))
    hit = [row for row in rows if row["hits"] != "0"]
    assert hit
    assert all(f"operation_sequence_{DATE}_" in row["witness"] and "op_uid " in row["witness"] for row in hit)
    assert all(row["witness"] == "" for row in rows if row["hits"] == "0")
    assert all(row["reason"] for row in rows if row["status"] in {"excluded", "unreachable"})


def test_a_file_that_tells_other_counts_is_a_no(series: Path, tmp_path: Path, answer: Answer) -> None:
    copied = shutil.copytree(series, tmp_path / "copy")
    path = copied / f"coverage_{DATE}_0000001.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",reachable,1,", ",reachable,9,", 1), encoding="utf-8")
    code, out, err = answer(str(copied))
    assert code == 1
    assert "hits is 9, the sequences give 1" in err
    assert out.startswith("grain base: ")


def test_an_illegal_sequence_is_a_no(series: Path, tmp_path: Path, answer: Answer) -> None:
    """The first operation, an erase or a program of a fresh device, a second time right after it."""
    lines = (series / f"operation_sequence_{DATE}_0000001.csv").read_text(encoding="utf-8").splitlines()
    first = lines[1].split(",", 4)
    again = ",".join([first[0], first[1], *first[2:4], "2," + first[4].split(",", 1)[1]])
    (tmp_path / "operation_sequence.csv").write_text("\n".join([lines[0], lines[1], again, ""]), encoding="utf-8")
    code, _, err = answer(str(tmp_path))
    assert code == 1
    assert "violations; hits of illegal operations are counted, too: " in err


def test_ucis_is_written_whole(series: Path, tmp_path: Path, answer: Answer) -> None:
    target = tmp_path / "new" / "coverage.xml"
    code, _, _ = answer(str(series), "--ucis", str(target))
    assert code == 0
    assert target.read_text(encoding="utf-8").endswith("</ucis:UCIS>\n")
    assert [path.name for path in target.parent.iterdir()] == ["coverage.xml"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--grain", "die"), "--grain 'die': allowed: base or op_name"),
        (("--cells", "--json"), "--cells and --json: give one of them"),
        (
            ("--cells", "--grain", "base", "--grain", "op_name"),
            "--cells lists the cells of one grain; give one --grain",
        ),
        (("--holes", "-1"), "--holes '-1': allowed: a whole number, 0 or more"),
        (("nowhere",), "nowhere: there is no such file or folder"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_line(arguments: tuple[str, ...], message: str, answer: Answer) -> None:
    code, out, err = answer(*arguments)
    assert (code, out, err) == (2, "", f"nandplan: {message}")


def test_cells_of_several_folders_need_a_merge(others: list[Path], answer: Answer) -> None:
    code, _, err = answer(str(others[0]), str(others[1]), "--cells")
    assert code == 2
    assert "give --merge, too" in err
