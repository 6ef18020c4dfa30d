"""Reading operation sequences: our own, foreign ones, and those of no use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from model.config import Config
from model.event import NOTHING, ExpVal
from model.sequence import SequenceReader, UnusableInput, read_sequence

HEAD = "seq,time,op_id,op_name,op_uid,payload"
ERASE = '"[{""die"":0,""plane"":1,""block"":5,""page"":0,""celltype"":""SLC""}]"'
STATUS = '"[{""die"":1,""exp_val"":""busy""}]"'

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes lines to a sequence file."""

    def written(*lines: str) -> Path:
        path = tmp_path / "operation_sequence.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return written


def problems(path: Path, config: Config) -> list[str]:
    with pytest.raises(UnusableInput) as caught:
        read_sequence(path, config)
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


def test_our_own_file(write: Write, shipped: Config) -> None:
    path = write(HEAD, f"1,0.0000,0,Block_Erase_SLC,1,{ERASE}", f"2,12.5001,0,Read_Status_Enhanced_70h,2,{STATUS}")
    read = read_sequence(path, shipped)
    commands = read.commands
    assert commands.time.tolist() == [0, 125_001]
    assert commands.op_uid.tolist() == [1, 2]
    assert [shipped.names[i].name for i in commands.op] == ["Block_Erase_SLC", "Read_Status_Enhanced_70h"]
    assert commands.die.tolist() == [0, 1]
    assert commands.exp_val.tolist() == [NOTHING, ExpVal.BUSY]
    assert commands.first.tolist() == [0, 1, 2]
    assert commands.entry_block.tolist() == [5, NOTHING]
    assert commands.entry_celltype.tolist() == [shipped.celltypes.index("SLC"), NOTHING]
    assert read.faults == ()


def test_columns_in_any_order_and_without_numbers(write: Write, shipped: Config) -> None:
    path = write("payload,op_name,note,time", f"{ERASE},Block_Erase_SLC,x,1", f"{STATUS},Read_Status_Enhanced_70h,,2.5")
    commands = read_sequence(path, shipped).commands
    assert commands.op_uid.tolist() == [1, 2]
    assert commands.time.tolist() == [10_000, 25_000]


def test_operations_without_numbers_that_start_together_are_numbered_by_die_then_plane(
    write: Write, shipped: Config
) -> None:
    places = [(1, 0), (0, 3), (0, 1)]
    rows = [f'0,Plane_Level_Set_Parameter,"[{{""die"":{die},""plane"":{plane}}}]"' for die, plane in places]
    commands = read_sequence(write("time,op_name,payload", *rows), shipped).commands
    assert list(zip(commands.die.tolist(), commands.entry_plane.tolist(), strict=True)) == [(0, 1), (0, 3), (1, 0)]
    assert commands.op_uid.tolist() == [1, 2, 3]


def test_numbers_go_on_where_told(write: Write, shipped: Config) -> None:
    path = write("time,op_name,payload", "7,Delay,[]")
    reader = SequenceReader(path, shipped, first_uid=41, floor=70_000)
    (piece,) = list(reader)
    assert piece.op_uid.tolist() == [41]
    assert (reader.next_uid, reader.last_time) == (42, 70_000)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_pieces_hold_at_most_so_many_rows(write: Write, shipped: Config, size: int) -> None:
    path = write(HEAD, *(f"{i},{i},0,Delay,{i},[]" for i in range(1, 8)))
    pieces = list(SequenceReader(path, shipped, size=size))
    assert all(len(piece) <= size for piece in pieces)
    assert [uid for piece in pieces for uid in piece.op_uid.tolist()] == list(range(1, 8))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_equal_starts_are_kept_together(write: Write, shipped: Config, size: int) -> None:
    dies = [1, 0, 0, 1]
    rows = [f'{i // 2},Set_Features,"[{{""die"":{die}}}]"' for i, die in enumerate(dies)]
    pieces = list(SequenceReader(write("time,op_name,payload", *rows), shipped, size=size))
    assert [uid for piece in pieces for uid in piece.op_uid.tolist()] == [1, 2, 3, 4]
    if size > 1:
        assert [die for piece in pieces for die in piece.die.tolist()] == [0, 1, 0, 1]


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path, shipped: Config) -> None:
    path = tmp_path / "seq.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEAD}\n1,0,0,Delay,1,[]\n".encode())
    assert len(read_sequence(path, shipped).commands) == 1


def test_a_header_alone_is_an_empty_history(write: Write, shipped: Config) -> None:
    assert len(read_sequence(write(HEAD), shipped).commands) == 0


def test_an_empty_file(tmp_path: Path, shipped: Config) -> None:
    path = tmp_path / "seq.csv"
    path.write_bytes(b"")
    assert problems(path, shipped) == [" is empty"]


def test_no_file(tmp_path: Path, shipped: Config) -> None:
    assert "cannot be read" in problems(tmp_path / "none.csv", shipped)[0]


def test_missing_columns_are_all_told(write: Write, shipped: Config) -> None:
    found = problems(write("seq,op_name", "1,Delay"), shipped)
    assert [text.split(";")[0] for text in found] == ["1: column 'time' is missing", "1: column 'payload' is missing"]


def test_everything_wrong_is_told_with_its_line(write: Write, shipped: Config) -> None:
    path = write(
        HEAD,
        "1,0.0000,0,Dely,1,[]",
        "2,x,0,Delay,2,[]",
        "3,1.00001,0,Delay,3,[]",
        "4,-1,0,Delay,4,[]",
        "5,nan,0,Delay,5,[]",
        "6,9,0,Delay,six,[]",
        "7,8,0,Delay,7,[]",
        '8,10,0,Delay,8,"[{"',
        "9,11,0,Delay",
        "10,12,0,Delay,10,[]",
    )
    found = problems(path, shipped)
    assert [int(text.split(":")[0]) for text in found] == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert "nearest: Delay" in found[0]
    assert "finer than the tick" in found[2]
    assert "out of order" in found[6]
    assert "not JSON" in found[7]
    assert "4 fields, the header has 6" in found[8]


def test_text_that_is_not_utf_8(tmp_path: Path, shipped: Config) -> None:
    path = tmp_path / "seq.csv"
    path.write_bytes(f"{HEAD}\n1,0,0,Delay,1,[]\n2,1,0,D\xe9lay,2,[]\n".encode("latin-1"))
    assert problems(path, shipped) == ["3: not UTF-8: byte 0xe9 at column 8"]


def test_many_problems_are_counted(write: Write, shipped: Config) -> None:
    found = problems(write(HEAD, *(f"{i},{i},0,None,{i},[]" for i in range(1, 1502))), shipped)
    assert len(found) == 1001
    assert found[-1].endswith("and 501 problems more")


def test_trailing_zeros_and_exponents_are_exact(write: Write, shipped: Config) -> None:
    path = write(HEAD, "1,1.500000000,0,Delay,1,[]", "2,2.5e2,0,Delay,2,[]")
    assert read_sequence(path, shipped).commands.time.tolist() == [15_000, 2_500_000]


@pytest.mark.parametrize(
    ("name", "payload", "message"),
    [
        ("Block_Erase_SLC", '[{"plane":1,"die":0,"block":5,"page":0,"celltype":"SLC"}]', "its fields are plane, die"),
        ("Block_Erase_SLC", '[{"die":0,"plane":1,"block":5,"page":0}]', "its fields are die, plane, block, page; due"),
        ("Block_Erase_SLC", '[{"die":0,"plane":1,"block":5,"page":0,"celltype":"SCL"}]', "celltype 'SCL' is not known"),
        ("Block_Erase_SLC", '[{"die":0,"plane":1,"block":5,"page":0,"celltype":8}]', "celltype 8 is not known"),
        ("Block_Erase_SLC", "{}", "not a list of objects"),
        ("Block_Erase_SLC", "[1]", "not a list of objects"),
        ("Set_Features", '[{"die":0,"die":0}]', "its fields are die, die"),
        ("Delay", "[{}]", ""),
        ("Read_Status_Enhanced_70h", '[{"die":0,"exp_val":"bsy"}]', "exp_val 'bsy'"),
        ("Read_Status_Enhanced_70h", '[{"die":0,"exp_val":["busy","erasus","pgmsus"]}]', "exp_val ["),
    ],
)
def test_payload_faults_are_findings_not_problems(
    write: Write, shipped: Config, name: str, payload: str, message: str
) -> None:
    quoted = payload.replace('"', '""')
    read = read_sequence(write(HEAD, f'1,3.5,0,{name},1,"{quoted}"'), shipped)
    assert len(read.commands) == 1
    if message:
        (fault,) = read.faults
        assert message in fault.message
        assert (fault.line, fault.op_uid, fault.time) == (2, 1, 35_000)


@pytest.mark.parametrize("value", ["-1", "-2", "2147483648", "9" * 400])
def test_a_number_beyond_every_device_breaks_range(write: Write, shipped: Config, value: str) -> None:
    payload = f'"[{{""die"":0,""plane"":1,""block"":{value},""page"":0,""celltype"":""SLC""}}]"'
    (fault,) = read_sequence(write(HEAD, f"1,3.5,0,Block_Erase_SLC,1,{payload}"), shipped).faults
    assert fault.rule == "range"
    assert f"block {value} is not on this device" in fault.message


@pytest.mark.parametrize("value", ["true", "null", "1.0", '""1""', "[1]", "{}", "NaN", "01", "0x1"])
def test_a_number_that_is_none_is_a_problem(write: Write, shipped: Config, value: str) -> None:
    payload = f'"[{{""die"":0,""plane"":1,""block"":5,""page"":{value},""celltype"":""SLC""}}]"'
    (found,) = problems(write(HEAD, "1,1,0,Delay,1,[]", f"2,3.5,0,Block_Erase_SLC,2,{payload}"), shipped)
    assert found.startswith("3: payload")


def test_problems_of_rows_and_of_their_quotes_are_told_in_order(write: Write, shipped: Config) -> None:
    path = write(HEAD, "1,x,0,Delay,1,[]", '2,1,0,Delay,2,"[]"x', "3,y,0,Delay,3,[]")
    found = problems(path, shipped)
    assert [int(text.split(":")[0]) for text in found] == [2, 3, 4]
    assert "not a CSV row" in found[1]


def test_a_header_that_is_no_csv_row(write: Write, shipped: Config) -> None:
    assert problems(write('"seq"x,time,op_name,payload'), shipped)[0].startswith("1: not a CSV row")


def test_a_column_that_stands_twice(write: Write, shipped: Config) -> None:
    assert problems(write("time,time,op_name,payload"), shipped) == ["1: column 'time' stands 2 times"]


def test_empty_lines_and_fields_of_several_lines_keep_the_count_of_lines(write: Write, shipped: Config) -> None:
    path = write("time,op_name,payload,note", '1,Delay,[],"a', 'b"', "", "2,Nope,[],")
    assert problems(path, shipped) == ["5: op_name 'Nope' is not known"]


@pytest.mark.parametrize("wrong", ["1,2", "1\n2", "1 ", "1.", ".5.", "1e", "٣", "1" * 30])
def test_texts_that_only_look_like_numbers_together(write: Write, shipped: Config, wrong: str) -> None:
    path = write("time,op_uid,op_name,payload", f'0,"{wrong}",Delay,[]', "4,2,Delay,[]")
    assert "not a whole number" in problems(path, shipped)[0]


def test_times_may_be_written_in_any_way(write: Write, shipped: Config) -> None:
    rows = ("0,Delay,[]", "1.5,Delay,[]", "2.,Delay,[]", "3e0,Delay,[]", " 4 ,Delay,[]", "5.00000,Delay,[]")
    times = read_sequence(write("time,op_name,payload", *rows), shipped).commands.time
    assert times.tolist() == [0, 15_000, 20_000, 30_000, 40_000, 50_000]


def test_spaces_in_a_payload_are_no_fault(write: Write, shipped: Config) -> None:
    read = read_sequence(write(HEAD, '1,0,0,Set_Features,1,"[ {""die"": 0} ]"'), shipped)
    assert read.faults == ()
