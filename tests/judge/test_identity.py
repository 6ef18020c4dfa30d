"""[time], [op-uid], [payload], [range], [block-plane], and the judge's own ways: pieces, horizon, snapshot."""

from __future__ import annotations

import pytest

from model.config import Config
from model.event import Commands
from model.judge import Judge
from tests.judge.script import Script, in_pieces, rows_of

SR = "Read_Status_Enhanced_70h"
DOUT = "Change_Read_Column_Random_Data_Output"


def rules_of(config: Config, commands: Commands) -> dict[str, int]:
    judge = Judge(config)
    judge.feed(commands)
    return judge.finish(open_end=True).by_rule


def numbered(s: Script, *uids: int) -> dict[str, int]:
    """What is found where status reads of die 0 carry these numbers."""
    for uid in uids:
        s.op(SR, uid=uid)
    return rules_of(s.config, s.commands)


@pytest.mark.parametrize(
    ("uids", "found"), [((1, 2, 3), 0), ((1, 3, 4), 1), ((2, 3, 4), 1), ((1, 1, 2), 1), ((2, 1, 3), 3)]
)
def test_numbers_have_no_gaps(s: Script, uids: tuple[int, ...], found: int) -> None:
    assert numbered(s, *uids).get("op-uid", 0) == found


def instant(s: Script, dies: tuple[int, int], planes: tuple[int, int]) -> set[str]:
    rows = []
    for uid, (die, plane) in enumerate(zip(dies, planes, strict=True), 1):
        name = s.catalogue.name("Plane_Level_Set_Parameter").index
        rows.append((0, uid, name, die, -1, [(die, plane, -1, -1, -1)]))
    return set(rules_of(s.config, Commands.of(rows))) - {"bus"}


def test_equal_starts_are_numbered_by_die_then_plane(s: Script) -> None:
    assert instant(s, (0, 1), (3, 0)) == set()
    assert instant(s, (0, 0), (0, 1)) == set()
    assert instant(s, (1, 0), (0, 0)) == {"op-uid"}
    assert instant(s, (0, 0), (1, 0)) == {"op-uid"}


def test_time_never_goes_back(s: Script) -> None:
    index = s.catalogue.name(SR).index
    entry = [(0, -1, -1, -1, -1)]
    commands = Commands.of([(9000, 1, index, 0, 2, entry), (5000, 2, index, 0, 2, entry)])
    assert "time" in rules_of(s.config, commands)


@pytest.mark.parametrize(
    ("entry", "rules"),
    [
        ((0, 0, 0, 0, 1), set()),
        ((2, 0, 0, 0, 1), {"range"}),
        ((0, 4, 0, 0, 1), {"range"}),
        ((0, 0, 64, 0, 1), {"range"}),
        ((0, 0, 0, 256, 1), {"range", "erase"}),
        ((0, 0, 1, 0, 1), {"block-plane"}),
        ((0, 0, 0, 0, 2), {"payload"}),
        ((0, 0, 0, 0, -1), {"payload"}),
        ((0, 0, -1, 0, 1), {"payload"}),
        ((0, 0, 0, -1, 1), {"payload"}),
    ],
)
def test_the_payload_of_an_erase(s: Script, entry: tuple[int, int, int, int, int], rules: set[str]) -> None:
    s.op("Block_Erase_SLC", 0, entries=[entry])
    assert s.broken() == rules


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("Block_Erase_SLC", []),
        ("Delay", [(0, -1, -1, -1, -1)]),
        ("Set_Features", []),
        ("Set_Features", [(0, 0, -1, -1, -1)]),
        ("Set_Features", [(0, -1, -1, -1, -1), (1, -1, -1, -1, -1)]),
        ("Plane_Level_Set_Parameter", [(0, -1, -1, -1, -1)]),
        ("VPP_Parameter_Read_Target_Level", [(0, -1, -1, -1, -1)]),
    ],
)
def test_fields_too_few_or_too_many(s: Script, name: str, entries: list[tuple[int, int, int, int, int]]) -> None:
    s.op(name, 0, entries=entries)
    assert "payload" in s.broken()


def found_in(s: Script, name: str, entries: list[tuple[int, int, int, int, int]], exp: int = -1) -> set[str]:
    index = s.catalogue.name(name).index
    return set(rules_of(s.config, Commands.of([(0, 1, index, entries[0][0], exp, entries)])))


def test_planes_and_blocks_ascend_together(s: Script) -> None:
    kind = s.config.celltypes.index("SLC")
    erase = "Block_Erase_Multi_Plane_ONFI_SLC"
    assert found_in(s, erase, [(0, 0, 5, 0, kind), (0, 1, 4, 0, kind)]) == {"block-plane", "multi-address"}
    assert found_in(s, erase, [(0, 0, 0, 0, kind), (1, 1, 1, 0, kind)]) == {"multi-address"}
    assert found_in(s, erase, [(0, 0, 0, 0, kind), (0, 1, 1, 0, kind)]) == set()


def test_the_objects_of_a_payload_name_one_celltype(s: Script) -> None:
    kinds = [s.config.celltypes.index(kind) for kind in ("SLC", "TLC")]
    erase = "Block_Erase_Multi_Plane_ONFI_SLC"
    assert found_in(s, erase, [(0, 0, 0, 0, kinds[0]), (0, 1, 1, 0, kinds[1])]) == {"payload"}


def test_a_status_read_of_its_lun_whose_value_is_missing(s: Script) -> None:
    assert found_in(s, "LUN_Status_Read_for_LUN1", [(1, -1, -1, -1, -1)]) == {"payload", "sr-value"}


def test_what_takes_every_die_takes_them_whatever_its_payload_says(s: Script) -> None:
    first = s.op("Auto_Read_by_38h_Cmd_Target_Level", 0, entries=[(0, -1, -1, -1, -1)])
    s.op("Block_Erase_SLC", first.issue_end, die=1)
    assert s.broken() >= {"payload", "plane-busy"}


def test_findings_of_one_rule_are_kept_up_to_a_number(s: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.judge.report.KEPT_PER_RULE", 2)
    for _ in range(4):
        s.op(SR, exp="busy")
    report = s.judge()
    assert (report.by_rule, len(report.findings)) == ({"sr-value": 4}, 2)


def test_a_history_ends_once(s: Script) -> None:
    s.op("Block_Erase_SLC", 0)
    s.op("Erase_Suspend_Reset", 1000.0)
    judge = Judge(s.config)
    judge.feed(s.commands)
    assert judge.finish().by_rule == judge.finish().by_rule == {"drained": 1}


def test_without_a_replay_the_judgement_is_the_same(s: Script) -> None:
    s.programmed()
    s.op("Read_SLC")
    judge = Judge(s.config, replaying=False)
    judge.feed(s.commands)
    assert judge.finish().by_rule == s.judge(open_end=False).by_rule == {"drained": 1}
    assert len(judge.settled()[0]) == 0


def test_a_status_read_without_an_expected_value(s: Script) -> None:
    index = s.catalogue.name(SR).index
    commands = Commands.of([(0, 1, index, 0, -1, [(0, -1, -1, -1, -1)])])
    assert "payload" in rules_of(s.config, commands)


def history(s: Script) -> None:
    """A bit of everything that can be open at a cut between pieces."""
    s.programmed(pages=3, planes=(0, 1))
    erase = s.op("Block_Erase_SLC", row=1, die=1)
    s.op("Read_Multi_Plane_ONFI_SLC", erase.issue_end, planes=(0, 1))
    s.op("Erase_Suspend_Reset", die=1)
    s.op(DOUT, planes=0)
    s.op(DOUT, planes=1)
    s.op("Erase_Resume", die=1)
    s.op("Read_SLC", page=7)
    s.renumber()


@pytest.mark.parametrize("size", [1, 2, 5])
def test_pieces_of_any_size_give_the_same_judgement_and_replay(s: Script, size: int) -> None:
    history(s)
    whole = Judge(s.config)
    whole.feed(s.commands)
    report = whole.finish()
    judge = Judge(s.config)
    rows: list[tuple[int, ...]] = []
    before = 0
    for piece in in_pieces(s.commands, size):
        judge.feed(piece)
        spans, horizon = judge.settled()
        assert all(row[3] >= before for row in rows_of(spans))
        rows += rows_of(spans)
        before = horizon
    assert judge.finish() == report
    rows += rows_of(judge.settled()[0])
    assert sorted(rows) == rows_of(whole.settled()[0])


def test_every_span_before_the_horizon_has_been_told(s: Script) -> None:
    history(s)
    judge = Judge(s.config)
    told: list[tuple[int, ...]] = []
    horizons: list[tuple[int, int]] = []
    for piece in in_pieces(s.commands, 1):
        judge.feed(piece)
        spans, horizon = judge.settled()
        told += rows_of(spans)
        horizons.append((horizon, len(told)))
    judge.finish()
    spans, last = judge.settled()
    told += rows_of(spans)
    for horizon, count in horizons:
        assert all(row[3] >= horizon for row in told[count:])
    assert all(row[3] < last for row in told)


def test_an_illegal_operation_is_applied_as_far_as_it_can_be(s: Script) -> None:
    s.op("Page_Program_SLC", 0, page=0)
    s.op("Page_Program_SLC", page=1)
    s.op("Read_SLC", page=1)
    s.op(DOUT, page=1)
    assert s.judge().by_rule == {"program-after-erase": 1}


def test_a_report_counts_per_rule(s: Script) -> None:
    s.op("Erase_Resume", 0)
    s.op(DOUT, celltype="SLC")
    report = s.judge()
    assert (report.operations, report.violations, report.legal) == (2, 2, False)
    assert list(report.by_rule) == ["dout", "suspend-state"]
