"""The CSV files of a run: exact text, quoting, and independence of how the run came in."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.export import RunWriter, batches, export_replay
from planner.export.payload import exp_val_of
from tests.export.histories import history
from tests.export.stories import suspended_erase
from tests.export.tiny import US, Script, config

EXPECTED = Path(__file__).parent / "expected"
TABLES = sorted(path.stem for path in EXPECTED.glob("*.csv"))

seeds = st.integers(min_value=0, max_value=2**32)


def written(script: Script, out: Path, cuts: list[int] | None = None) -> dict[str, str]:
    """The tables that a script comes to, by name. `cuts`: in chunks, which are formatted as soon as they come."""
    enough = 1 if cuts else batches.ENOUGH
    with (
        mock.patch.object(batches, "ENOUGH", enough),
        RunWriter(script.config, out, run=1, date="260102", seed=7) as writer,
    ):
        for chunk in script.chunks(cuts or []):
            writer.write(chunk)
        writer.commit()
    return {name: (out / f"{name}_260102_0000001.csv").read_text(encoding="utf-8") for name in TABLES}


def column(text: str, name: str) -> list[str]:
    """One column of a table."""
    return [row[name] for row in csv.DictReader(io.StringIO(text))]


def test_there_is_an_expected_text_for_every_table() -> None:
    assert len(TABLES) == 8


@pytest.mark.parametrize("name", TABLES)
def test_the_table_of_a_suspended_erase_is_as_written_down(name: str, tmp_path: Path) -> None:
    expected = (EXPECTED / f"{name}.csv").read_text(encoding="utf-8")
    assert written(suspended_erase(), tmp_path)[name] == expected


@given(seed=seeds)
@settings(max_examples=15, deadline=None)
def test_fields_are_quoted_only_where_they_must_be(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    for text in written(history(seed), tmp_path_factory.mktemp("run")).values():
        again = io.StringIO()
        csv.writer(again, lineterminator="\n").writerows(csv.reader(io.StringIO(text)))
        assert again.getvalue() == text


@given(seed=seeds, cuts=st.lists(st.integers(min_value=1, max_value=1200 * US), min_size=1, max_size=5))
@settings(max_examples=15, deadline=None)
def test_the_bytes_do_not_depend_on_the_chunks(
    seed: int, cuts: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = written(history(seed), tmp_path_factory.mktemp("run"))
    assert written(history(seed), tmp_path_factory.mktemp("run"), sorted(cuts)) == whole


@given(seed=seeds)
@settings(max_examples=15, deadline=None)
def test_payloads_are_compact_json_of_the_fields_in_order(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    script = history(seed)
    payloads = column(written(script, tmp_path_factory.mktemp("run"))["operation_sequence"], "payload")
    for text, row in zip(payloads, script.rows, strict=True):
        fields = script.catalogue.names[row[2]].base.payload
        objects = []
        for die, plane, block, page, celltype in row[5]:
            values = {
                "die": die, "plane": plane, "block": block, "page": page,
                "celltype": script.config.celltypes[celltype], "exp_val": exp_val_of(row[4], False),
            }  # fmt: skip
            objects.append({field: values[field] for field in fields})
        assert text == json.dumps(objects, separators=(",", ":"))


def test_with_suspend_flags_exp_val_is_a_list_of_three(tmp_path: Path) -> None:
    script = Script(config("pattern_export: {exp_val_suspend: true}\n"))
    script.send(0, "Status", 1, exp_val=2 + 4)
    script.send(5, "Status_Plane", 0, [1], exp_val=1 + 8)
    payloads = column(written(script, tmp_path)["operation_sequence"], "payload")
    assert payloads == [
        '[{"die":1,"exp_val":["ready","erasus","no_pgmsus"]}]',
        '[{"die":0,"plane":1,"exp_val":["extrdy","no_erasus","pgmsus"]}]',
    ]


def test_a_field_that_a_foreign_command_lacks_is_left_out(tmp_path: Path) -> None:
    script = Script()
    script.send(0, "Dout", 0, [1], -1, 2)
    payloads = column(written(script, tmp_path)["operation_sequence"], "payload")
    assert payloads == ['[{"die":0,"plane":1,"page":2,"celltype":"NONE"}]']


def test_op_ids_come_from_the_opcode_map(tmp_path: Path) -> None:
    script = Script(config('pattern_export: {opcode_map: {"Read, slow": 48}}\n'))
    script.send(0, "Read, slow", 0, [1], 1, 2)
    script.send(40, "Dout", 0, [1], 1, 2)
    assert column(written(script, tmp_path)["operation_sequence"], "op_id") == ["48", "0"]


def test_a_replay_has_no_annotations(tmp_path: Path) -> None:
    script = suspended_erase()
    export_replay(script.config, tmp_path, [script.chunk()], date="260102")
    timeline = (tmp_path / "operation_timeline_260102_0000001.csv").read_text()
    assert set(column(timeline, "source")) == set(column(timeline, "phase_key_used")) == {""}
    assert column(timeline, "phase_key_virtual") == column(timeline, "op_state")
    assert (tmp_path / "phase_proposal_counts_260102_0000001.csv").read_text().count("\n") == 1


def test_unused_planes_are_hit_only_where_the_config_makes_cells_of_them(tmp_path: Path) -> None:
    for extra, states in (("", set()), ("coverage: {default_state: true}\n", {"DEFAULT"})):
        script = Script(config(extra))
        script.send(0, "Erase", 0, [0], 1, 0)
        hits = written(script, tmp_path)["op_state_name_input_time_count"]
        assert set(column(hits, "op_state")) == states


def test_touches_count_each_payload_plane_once_whatever_the_suspensions(tmp_path: Path) -> None:
    script = Script()
    script.send(0, "Program", 1, [1], 2, 3)
    script.send(100, "Read_Multi", 1, [0, 1], 2, 3)
    script.send(200, "Read, slow", 1, [1], 2, 3)
    assert written(script, tmp_path)["address_touch_count"].splitlines()[1:] == [
        "PROGRAM,SLC,1,5,3,1",
        "READ,SLC,1,4,3,1",
        "READ,SLC,1,5,3,2",
    ]


def test_an_abort_of_a_suspended_operation_is_followed_to_its_end(tmp_path: Path) -> None:
    script = Script()
    script.send(0, "Erase", 0, [1], 1, 0, states=1)
    script.span(1, 0, 1, 1, 31, 100, 1)
    script.send(31, "Suspend", 0)
    script.send(60, "Reset", 0)
    tables = written(script, tmp_path)
    assert column(tables["op_event_resume"], "event") == ["OP_START", "OP_SUSPENDED", "OP_ABORT"]
    assert "60.0000,OP_ABORT,1,Erase,ERASE,,0,0+1,0,70.0000\n" in tables["events"]
