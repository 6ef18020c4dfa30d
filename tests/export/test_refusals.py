"""What the writers for parsers and the Parquet files refuse, and where the fault is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from model.config import Config
from planner.errors import UnusableInput, UnusableOutput
from planner.export.files import RunFiles
from planner.export.op_counts import sequences_in
from planner.export.parquet import add_parquet
from planner.export.payload_schema import payload_schemas

STATUS = "Read_Status_Enhanced_70h"


def test_a_folder_without_sequences_has_nothing_to_count(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="there is no operation_sequence"):
        sequences_in([tmp_path])


def test_a_payload_that_is_no_json_is_named_with_its_line(tmp_path: Path, shipped: Config) -> None:
    file = tmp_path / "operation_sequence_260102_0000001.csv"
    file.write_text(f'op_name,payload\n{STATUS},[]\nRead_SLC,"[{{"\n')
    with pytest.raises(UnusableInput, match=rf"{file.name}:3: payload '\[\{{' is not JSON"):
        payload_schemas(shipped, [file])


def test_with_suspend_flags_a_status_read_expects_three_words(shipped: Config) -> None:
    flagged = replace(shipped, pattern=replace(shipped.pattern, exp_val_suspend=True))
    schema = payload_schemas(flagged, [])["op_names"][STATUS]["schema"]
    jsonschema.validate([{"die": 0, "exp_val": ["busy", "erasus", "no_pgmsus"]}], schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([{"die": 0, "exp_val": "busy"}], schema)


def test_a_table_that_cannot_be_converted_is_named(tmp_path: Path) -> None:
    files = RunFiles(tmp_path)
    files.create("events_260102_0000001.csv")
    files.write("events_260102_0000001.csv", "die\nx\n")
    with pytest.raises(UnusableOutput, match=r"events_260102_0000001.parquet: cannot be written"):
        add_parquet(files, ["events_260102_0000001.csv"], 4)
    files.discard()
    assert sorted(tmp_path.rglob("*.*")) == []
