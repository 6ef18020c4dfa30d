"""Judging finished files: the sequence by replay, the other files of its run against the replay."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from model.config import Config
from model.event import Chunk, Commands
from model.judge import Judge
from planner.errors import UnusableInput
from planner.export.writer import export_replay
from planner.verify import verify
from tests.judge.script import Script, in_pieces

DOUT = "Change_Read_Column_Random_Data_Output"
Edit = Callable[[list[str]], None]


def legal_history(s: Script) -> None:
    """Erase, suspend, program, read, deliver."""
    erase = s.op("Block_Erase_SLC", 0)
    s.op("Read_Status_Enhanced_70h", erase.issue_end + 50, exp="busy")
    suspend = s.op("Erase_Suspend_Reset", erase.issue_end + 10_000)
    resume = s.op("Erase_Resume")
    s.op("Page_Program_SLC", resume.end + erase.end - suspend.start)
    s.op("Read_SLC")
    s.op(DOUT)
    s.renumber()


def chunks(config: Config, commands: Commands) -> Iterator[Chunk]:
    judge = Judge(config)
    for piece in in_pieces(commands, 3):
        judge.feed(piece)
        yield chunk(judge, piece)
    judge.finish(open_end=True)
    yield chunk(judge, Commands.of([]))


def chunk(judge: Judge, commands: Commands) -> Chunk:
    spans, horizon = judge.settled()
    none = np.full(len(commands), -1, dtype=np.int64)
    return Chunk(commands, spans, horizon, none, none)


@pytest.fixture
def folder(s: Script, tmp_path: Path) -> Path:
    """The files of a legal run."""
    legal_history(s)
    export_replay(s.config, tmp_path, chunks(s.config, s.commands), run=1, date="260102")
    return tmp_path


def edit(folder: Path, name: str, change: Edit) -> Path:
    path = folder / f"{name}_260102_0000001.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    change(lines)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def first_with(lines: list[str], text: str) -> int:
    return next(i for i, line in enumerate(lines) if text in line)


def test_a_legal_folder(folder: Path, shipped: Config) -> None:
    verdict = verify([folder], shipped)
    assert verdict.to_json() == {
        "legal": True,
        "operations": 7,
        "violations": 0,
        "by_rule": {},
        "findings": [],
        "notes": [],
    }
    assert verdict.text() == "7 operations, legal"


def test_a_sequence_file_alone(folder: Path, shipped: Config) -> None:
    assert verify([folder / "operation_sequence_260102_0000001.csv"], shipped).legal


def test_an_illegal_operation(folder: Path, shipped: Config) -> None:
    path = edit(folder, "operation_sequence", remove_last)
    verdict = verify([path], shipped)
    assert verdict.by_rule == {"drained": 1}
    assert verify([path], shipped, open_end=True).legal
    assert "[drained]" in verdict.text()


def test_a_finding_as_plain_data(folder: Path, shipped: Config) -> None:
    def wrong_page(lines: list[str]) -> None:
        lines[-1] = lines[-1].replace('""page"":0', '""page"":1')

    verdict = verify([edit(folder, "operation_sequence", wrong_page)], shipped)
    (finding,) = verdict.to_json()["findings"]
    assert (finding["rule"], finding["op_uid"], finding["die"], finding["plane"]) == ("dout", 7, 0, 0)
    assert isinstance(finding["time"], float)
    json.dumps(verdict.to_json())


def remove_last(lines: list[str]) -> None:
    lines.pop()


def repeat_last(lines: list[str]) -> None:
    lines.append(lines[-1])


def remove_end(lines: list[str]) -> None:
    lines.pop(first_with(lines, "OP_END"))


def repeat_end(lines: list[str]) -> None:
    at = first_with(lines, "OP_END")
    lines.insert(at, lines[at])


def abort_for_end(lines: list[str]) -> None:
    at = first_with(lines, "OP_END")
    lines[at] = lines[at].replace("OP_END", "OP_ABORT")


def wrong_rest(lines: list[str]) -> None:
    at = first_with(lines, "OP_SUSPENDED")
    lines[at] = lines[at][:-1] + ("1" if lines[at][-1] != "1" else "2")


def wrong_number(lines: list[str]) -> None:
    at = first_with(lines, "Page_Program_SLC")
    lines[at] = lines[at].replace(",5,", ",6,", 1)


def wrong_start(lines: list[str]) -> None:
    at = first_with(lines, "PROGRAM_SLC.CORE_BUSY")
    lines[at] = "0" + lines[at]


def wrong_plane(lines: list[str]) -> None:
    at = first_with(lines, "PROGRAM_SLC.CORE_BUSY")
    fields = lines[at].split(",")
    fields[3] = "9"
    lines[at] = ",".join(fields)


@pytest.mark.parametrize(
    ("name", "change", "rule"),
    [
        ("events", remove_end, "op-end-once"),
        ("events", repeat_end, "op-end-once"),
        ("events", abort_for_end, "op-end-once"),
        ("events", wrong_rest, "residual"),
        ("events", wrong_number, "op-uid"),
        ("op_state_timeline", wrong_start, "time"),
        ("op_state_timeline", wrong_plane, "files"),
        ("op_event_resume", remove_last, "op-end-once"),
        ("address_touch_count", remove_last, "files"),
        ("op_state_name_input_time_count", repeat_last, "files"),
    ],
)
def test_a_difference_to_the_replay(folder: Path, shipped: Config, name: str, change: Edit, rule: str) -> None:
    path = edit(folder, name, change)
    verdict = verify([folder], shipped)
    assert verdict.by_rule == {rule: 1}
    assert str(path) in verdict.findings[0].message


def test_annotations_are_not_compared(folder: Path, shipped: Config) -> None:
    def annotate(lines: list[str]) -> None:
        source, used = (lines[0].split(",").index(name) for name in ("source", "phase_key_used"))
        for i, line in enumerate(lines[1:], 1):
            fields = line.split(",")
            fields[source], fields[used] = "target", "ERASE.CORE_BUSY"
            lines[i] = ",".join(fields)

    edit(folder, "operation_timeline", annotate)
    assert verify([folder], shipped).legal


def test_the_counts_of_the_run_page(folder: Path, shipped: Config) -> None:
    path = folder / "run_0000001.json"
    page = json.loads(path.read_text(encoding="utf-8"))
    page["counts"]["operations"] += 1
    path.write_text(json.dumps(page), encoding="utf-8")
    verdict = verify([folder], shipped)
    assert verdict.by_rule == {"files": 1}
    assert "counts.operations is 8, the replay gives 7" in verdict.findings[0].message


HEAD = "time,op_name,payload"
ERASE = '0,Block_Erase_SLC,"[{""die"":0,""plane"":0,""block"":0,""page"":0,""celltype"":""SLC""}]"'
PROGRAM = '8000,Page_Program_SLC,"[{""die"":0,""plane"":0,""block"":0,""page"":0,""celltype"":""SLC""}]"'


def two_files(folder: Path) -> list[Path]:
    paths = [folder / f"operation_sequence_260102_{run:07d}.csv" for run in (1, 2)]
    for path, row in zip(paths, (ERASE, PROGRAM), strict=True):
        path.write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    return paths


def test_several_files_are_one_history(tmp_path: Path, shipped: Config) -> None:
    assert verify(two_files(tmp_path), shipped).legal


def test_a_folder_s_files_are_one_history_by_run(tmp_path: Path, shipped: Config) -> None:
    two_files(tmp_path)
    assert verify([tmp_path], shipped).legal


def test_fresh_files_are_histories_of_their_own(tmp_path: Path, shipped: Config) -> None:
    assert verify(two_files(tmp_path), shipped, fresh=True).by_rule == {"program-after-erase": 1}


def test_sites_are_histories_of_their_own(tmp_path: Path, shipped: Config) -> None:
    for site in ("site_00", "site_01"):
        (tmp_path / site).mkdir()
        two_files(tmp_path / site)
    verdict = verify([tmp_path], shipped)
    assert (verdict.operations, verdict.legal) == (4, True)


def test_a_payload_fault_is_told_once_with_its_line(tmp_path: Path, shipped: Config) -> None:
    path = tmp_path / "sequence.csv"
    path.write_text(f"{HEAD}\n" + ERASE.replace(',""page"":0', "") + "\n", encoding="utf-8")
    verdict = verify([path], shipped)
    assert verdict.by_rule["payload"] == 1
    assert f"{path}:2" in next(f.message for f in verdict.findings if f.rule == "payload")


def test_all_files_of_no_use_are_told(tmp_path: Path, shipped: Config) -> None:
    first, second = two_files(tmp_path)
    first.write_text(f"{HEAD}\n0,Nope,[]\n", encoding="utf-8")
    second.write_text("", encoding="utf-8")
    with pytest.raises(UnusableInput) as caught:
        verify([first, second], shipped)
    assert f"{first}:2: op_name 'Nope'" in str(caught.value)
    assert f"{second}: is empty" in str(caught.value)


def test_no_files(tmp_path: Path, shipped: Config) -> None:
    with pytest.raises(UnusableInput, match="no operation_sequence"):
        verify([tmp_path], shipped)
    with pytest.raises(UnusableInput, match="no such file"):
        verify([tmp_path / "none.csv"], shipped)
