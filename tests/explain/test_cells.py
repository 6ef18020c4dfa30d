"""What `nandplan explain` says of cells, operations and histories of the shipped device."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from model.config import Config, load, shipped_path
from model.device import Device
from planner.cli import run
from planner.explaining.witness import judged
from planner.targets.cells import Status
from planner.targets.reachable import reachability


@pytest.fixture
def explain(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command; its exit code, what it prints and what it complains of."""

    def asked(*words: str) -> tuple[int, str, str]:
        code = run(["explain", *words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return asked


@pytest.fixture
def told(explain: Any) -> Any:
    """The answer as data."""

    def asked(*words: str) -> dict[str, Any]:
        code, printed, _ = explain("--json", *words)
        assert code == 0
        answer: dict[str, Any] = json.loads(printed)
        return answer

    return asked


def bases(answer: dict[str, Any], config: Config) -> list[str]:
    of = {name.name: name.base for name in config.names}
    return [of[row["op_name"]] for row in answer["witness"]["operations"]]


@pytest.mark.parametrize(
    ("cell", "way"),
    [
        ("ERASE.CORE_BUSY,SR,9", ["ERASE", "SR"]),
        ("READ.DATA_OUT,DOUT,3", ["ERASE", "PROGRAM_SLC", "READ", "DOUT"]),
        ("ERASE_SUSPEND.END,Read_SLC,0", ["ERASE", "PROGRAM_SLC", "ERASE", "ERASE_SUSPEND", "READ"]),
        (
            "PROGRAM_RESUME.CORE_BUSY,Read_Status_Enhanced_78h,4",
            ["ERASE", "PROGRAM_SLC", "PROGRAM_SUSPEND", "PROGRAM_RESUME", "SR_ADD"],
        ),
    ],
)
def test_a_reachable_cell_has_its_shortest_witness(told: Any, shipped: Config, cell: str, way: list[str]) -> None:
    answer = told("--cell", cell)
    assert answer["status"] == "reachable"
    assert bases(answer, shipped) == way
    assert answer["witness"]["shortest"]


def test_the_last_operation_of_a_witness_is_in_the_cell(told: Any) -> None:
    rows = told("--cell", "READ.DATA_OUT,DOUT,3")["witness"]["operations"]
    assert rows[-1]["in"] == "READ.DATA_OUT, bin 3"


def test_a_witness_is_drawn_below_its_table(explain: Any) -> None:
    code, printed, _ = explain("--cell", "READ.DATA_OUT,DOUT,3", "--width", "80")
    assert code == 0
    lines = printed.splitlines()
    assert any(line.startswith("op_uid") for line in lines)
    assert [line for line in lines if line.startswith("d0-p0")]


def test_an_excluded_cell_names_the_line_of_its_state_and_of_its_group(told: Any) -> None:
    answer = told("--cell", "PROGRAM_SUSPEND.CORE_BUSY,DCC_training,8")
    text = shipped_path().read_text(encoding="utf-8").splitlines()
    (rule,) = answer["rules"]
    assert rule["rule"] == "op-state"
    state, group = rule["places"]
    assert text[state["line"] - 1].strip().startswith("PROGRAM_SUSPEND.CORE_BUSY: on_busy")
    assert text[group["line"] - 1].strip().startswith("on_busy: {allow:")


def planted(folder: Path, old: str, new: str) -> Path:
    path = folder / "config.yaml"
    text = shipped_path().read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_change_that_is_told_makes_the_cell_reachable_in_the_file(told: Any, tmp_path: Path) -> None:
    cell = "PROGRAM_SUSPEND.CORE_BUSY,DCC_training,8"
    (edit,) = told("--cell", cell)["change"]["edits"]
    assert edit["edit"] == "add TRAINING to exclusion_groups.on_busy.allow"
    path = planted(tmp_path, "on_busy: {allow: [NOP,", "on_busy: {allow: [TRAINING, NOP,")
    assert told(str(path), "--cell", cell)["status"] == "reachable"


def test_what_a_planted_entry_forbids_is_blamed_on_that_entry_and_its_removal_told(told: Any, tmp_path: Path) -> None:
    path = planted(
        tmp_path,
        "not_erase_suspended: {forbid: [ERASE_RESUME]}",
        "not_erase_suspended: {forbid: [CAMREAD, ERASE_RESUME]}",
    )
    answer = told(str(path), "--cell", "RESET.END,Auto_Read_by_38h_Cmd_Target_Level,0")
    assert answer["status"] == "unreachable"
    assert "suspend-state" in [rule["rule"] for rule in answer["rules"]]
    assert [edit["edit"] for edit in answer["change"]["edits"]] == [
        "remove CAMREAD from exclusion_groups.not_erase_suspended.forbid"
    ]
    line = path.read_text(encoding="utf-8").splitlines()[answer["change"]["edits"][0]["line"] - 1]
    assert "not_erase_suspended" in line


def test_two_edits_are_told_where_one_is_not_enough(told: Any) -> None:
    answer = told("--cell", "CACHE_PROGRAM_SLC.CORE_BUSY,DATAIN,1")
    assert [edit["edit"] for edit in answer["change"]["edits"]] == [
        "add DATAIN to exclusion_groups.after_cache_program.allow",
        "add DATAIN to exclusion_groups.on_program.allow",
    ]


def test_op_names_are_added_where_no_page_of_a_celltype_can_be(told: Any) -> None:
    answer = told("--op", "Read_FWSLC")
    assert [rule["rule"] for rule in answer["rules"]] == ["read-programmed"]
    added = [edit["edit"] for edit in answer["change"]["edits"]]
    assert len(added) == 2
    assert added[0].startswith("add an op_name of ERASE with celltype FWSLC")
    assert added[1].startswith("add an op_name of PROGRAM_SLC with celltype FWSLC")


def test_a_die_is_added_for_the_status_read_of_an_absent_one(told: Any) -> None:
    (edit,) = told("--op", "LUN_Status_Read_for_LUN3")["change"]["edits"]
    assert edit["edit"] == "set topology.dies: 4"


def test_no_change_is_told_where_the_device_itself_forbids(told: Any) -> None:
    answer = told("--cell", "ERASE_RESUME.END,Read_Status_Enhanced_70h,0")
    assert [rule["rule"] for rule in answer["rules"]] == ["residual"]
    assert answer["change"] is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--cell", "RAED.DATA_OUT,DOUT,3"), "did you mean READ?"),
        (("--cell", "READ.DATA_OUT,DOUTT,3"), "did you mean DOUT?"),
        (("--cell", "READ.DATA_OUT,DOUT,10"), "allowed: 0 to 9"),
        (("--cell", "READ.END,DOUT,1"), "allowed: 0 (READ.END has one bin only)"),
        (("--cell", "READ.DATAOUT,DOUT,1"), "allowed: READ.CORE_BUSY, READ.DATA_OUT, READ.END"),
        (("--cell", "Read_SLC.DATA_OUT,DOUT,3"), "allowed: READ, or --grain op_name"),
        (("--cell", "SR.ISSUE,DOUT,3"), "does not affect the state"),
        (("--cell", "READ"), "allowed: STATE,OP,BIN"),
        (("--cell", "READ.END,NOP,0"), "in no coverage cell"),
        (("--op", "Block_Erase_SLCX"), "did you mean Block_Erase_SLC?"),
        (("--after", "READ,,ERASE"), "allowed: op_names or bases"),
        (("--grain", "bases", "--op", "READ"), "allowed: base or op_name"),
        ((), "give one of --cell, --op and --after"),
    ],
)
def test_an_unusable_question_names_what_is_allowed(explain: Any, words: tuple[str, ...], said: str) -> None:
    code, printed, complaint = explain(*words)
    assert code == 2
    assert printed == ""
    assert said in complaint
    assert complaint.count("\n") == 1


def test_an_unusable_config_is_told_with_its_line(explain: Any, tmp_path: Path) -> None:
    path = planted(tmp_path, "dies: 2 ", "dies: two ")
    code, _, complaint = explain(str(path), "--op", "READ")
    assert code == 2
    assert f"{path}:6:" in complaint


def test_what_may_come_after_a_history_is_told_base_by_base(told: Any) -> None:
    answer = told("--after", "ONESHOT_PROGRAM_LSB,READ")
    following = {each["op_base"]: each for each in answer["next"]}
    assert following["DOUT"]["may"]
    assert following["ERASE"]["may"] == []
    assert following["ERASE"]["rules"] == ["latch"]
    assert following["ONESHOT_PROGRAM_CSB"]["rules"] == ["dout"]


def test_a_history_that_cannot_be_is_told_with_the_rule_that_forbids_it(told: Any) -> None:
    answer = told("--after", "READ,ERASE")
    assert answer["broken_at"] == 1
    assert [rule["rule"] for rule in answer["rules"]] == ["dout"]


def test_weight_zero_is_told_as_such_and_the_weight_to_change(told: Any, tmp_path: Path) -> None:
    path = planted(tmp_path, "phase_conditional_overrides: {}", "phase_conditional_overrides: {READ.END: {ZQCAL: 0}}")
    answer = told(str(path), "--cell", "READ.END,ZQCAL,0")
    assert answer["status"] == "disabled"
    (edit,) = answer["change"]["edits"]
    assert edit["edit"].startswith("set phase_conditional_overrides.READ.END.ZQCAL")


def test_every_witness_told_is_legal_and_every_kind_of_verdict_agrees_with_coverage(shipped: Config) -> None:
    from planner.explaining.witness import Cell, Witnesses  # noqa: PLC0415

    reach = reachability(Device(shipped))
    witnesses = Witnesses.of_verdict(reach)
    cells = [tuple(map(int, cell)) for cell in zip(*(reach.status == Status.OPEN).nonzero(), strict=True)]
    for cell in cells[:: len(cells) // 60]:
        witness = witnesses.of(Cell(*cell))
        assert witness is not None
        assert judged(reach.device, witness.commands) is not None


def test_the_shipped_config_is_the_one_that_is_asked_by_default(told: Any) -> None:
    answer = told(str(shipped_path()), "--cell", "READ.END,Read_FWSLC,0")
    assert answer == told("--cell", "READ.END,Read_FWSLC,0")
    assert load().digest
