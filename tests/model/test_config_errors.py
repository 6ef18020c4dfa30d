"""Everything that can be wrong in a config is said once, clearly, and with its place."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.config import ConfigError, Problem, load

Write = Callable[[str], Path]

ERASE = "Block_Erase_SLC: {base: ERASE, celltype: SLC, durations: {ISSUE: 0.11, CORE_BUSY: 7000}}"
SEQUENCE = "sequence: {probs: {DOUT: 1}, inherit: {DOUT: [same_page, multi, same_celltype]}}"

# name: text of the tiny config -> what stands there instead; the line that is blamed holds the last text (its last
# line where it has several); the words that the message has to hold.
WRONG: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "no number": ("CORE_BUSY: 7000", "CORE_BUSY: 400.6”", ("'400.6”'", "not a decimal number of us", "allowed: 0 or")),
    "a word": ("CORE_BUSY: 7000", "CORE_BUSY: fast", ("'fast'", "not a decimal number of us")),
    "quoted": ("CORE_BUSY: 7000", 'CORE_BUSY: "7000"', ("'7000'", "not a decimal number of us")),
    "nan": ("CORE_BUSY: 7000", "CORE_BUSY: .nan", ("'.nan'", "not a decimal number of us")),
    "infinite": ("CORE_BUSY: 7000", "CORE_BUSY: .inf", ("'.inf'", "not a decimal number of us")),
    "no value": ("CORE_BUSY: 7000", "CORE_BUSY: ", ("not a decimal number of us",)),
    "negative": ("CORE_BUSY: 7000", "CORE_BUSY: -0.1", ("'-0.1'", "negative")),
    "too fine": ("CORE_BUSY: 7000", "CORE_BUSY: 33.333333333333336", ("too many digits", "9 decimals")),
    "far too fine": ("CORE_BUSY: 7000", "CORE_BUSY: 1.0000000000000000000000000000000001", ("too many digits",)),
    "tiny": ("CORE_BUSY: 7000", "CORE_BUSY: 1e-9999", ("too many digits",)),
    "too long": ("CORE_BUSY: 7000", "CORE_BUSY: 1e9999", ("too long", "10000000 us")),
    "unknown state": ("CORE_BUSY: 7000", "CORE_BUSSY: 7000", ("unknown state CORE_BUSSY", "CORE_BUSY?")),
    "no duration": ("{ISSUE: 0.11, CORE_BUSY: 7000}", "{ISSUE: 0.11}", ("no duration for CORE_BUSY", "ERASE")),
    "no durations": (ERASE, "Block_Erase_SLC: {base: ERASE, celltype: SLC}", ("durations is missing",)),
    "unknown base": ("base: ERASE,", "base: ERASSE,", ("'ERASSE'", "unknown base", "did you mean ERASE?")),
    "no base": ("{base: ERASE, celltype", "{celltype", ("base is missing",)),
    "unknown celltype": ("base: ERASE, celltype: SLC", "base: ERASE, celltype: SCL", ("unknown celltype", "SLC?")),
    "multi": ("base: ERASE, celltype", "base: ERASE, multi: 2, celltype", ("'2'", "neither true nor false")),
    "op_name": (ERASE, "Block_Erase_SLC: 7000", ("not a mapping",)),
    "no dies": ("dies: 1", "dies: 0", ("topology.dies = '0'", "out of range", "allowed: 1")),
    "negative dies": ("dies: 1", "dies: -2", ("'-2'", "out of range")),
    "half a die": ("dies: 1", "dies: 1.5", ("'1.5'", "not a whole number")),
    "die as text": ("dies: 1", "dies: one", ("'one'", "not a whole number")),
    "truth as count": ("dies: 1", "dies: true", ("'true'", "not a whole number")),
    "missing count": ("dies: 1, ", "", ("dies is missing",)),
    "uneven blocks": ("blocks_per_die: 4", "blocks_per_die: 5", ("not a multiple of planes (2)", "such as 6")),
    "too many blocks": ("blocks_per_die: 4", "blocks_per_die: 99999998", ("out of range",)),
    "list for mapping": ("celltypes: [SLC]", "celltypes: SLC", ("celltypes = 'SLC'", "not a list")),
    "celltype twice": ("celltypes: [SLC]", "celltypes: [SLC, TLC, SLC]", ("the celltype SLC stands twice",)),
    "celltype 5": ("celltypes: [SLC]", "celltypes: [SLC, 5]", ("'5'", "not a name")),
    "unknown scope": ("ERASE: {scope: DIE_WIDE", "ERASE: {scope: DIE_WIDTH", ("DIE_WIDTH", "did you mean DIE_WIDE?")),
    "no scope": ("ERASE: {scope: DIE_WIDE, ", "ERASE: {", ("scope is missing",)),
    "bus": ("ERASE: {scope: DIE_WIDE, affect_state: true, states: {ISSUE: {bus: true}",
            "ERASE: {scope: DIE_WIDE, affect_state: true, states: {ISSUE: {bus: 1}", ("neither true nor false",)),
    "order of states": ("states: {ISSUE: {bus: true}, CORE_BUSY: {}, DATA_OUT: {}}",
                        "states: {CORE_BUSY: {}, ISSUE: {bus: true}, DATA_OUT: {}}", ("ISSUE, then CORE_BUSY",)),
    "both data states": ("DATA_OUT: {}}", "DATA_OUT: {}, DATA_IN: {}}", ("DATA_OUT or DATA_IN",)),
    "unknown base state": ("DATA_OUT: {}}", "DATA_OT: {}}", ("unknown state DATA_OT", "DATA_OUT?")),
    "unknown follower": (SEQUENCE, "sequence: {probs: {DOOT: 1}}", ("unknown base or chain DOOT", "mean DOUT?")),
    "negative weight": (SEQUENCE, "sequence: {probs: {DOUT: -1}}", ("'-1'", "out of range")),
    "unknown inherit rule": ("[same_page, multi", "[same_pgae, multi", ("unknown inherit rule", "same_page?")),
    "payload field": ("SR: [die, exp_val]", "SR: [die, expval]", ("unknown payload field", "exp_val?")),
    "payload without die": ("SR: [die, exp_val]", "SR: [plane, exp_val]", ("plane without die",)),
    "payload of no base": ("SR: [die, exp_val]", "SR: [die, exp_val]\n  SRR: [die]", ("unknown base SRR", "SR?")),
    "no address": ("ERASE: [die, plane, block, page, celltype]", "ERASE: [die]", ("missing: plane, block",)),
    "unknown base in a group": ("forbid: [ERASE, PROGRAM", "forbid: [ERASED, PROGRAM", ("'ERASED'", "mean ERASE?")),
    "a group of nothing": ("{allow: [NOP, SR, ERASE_SUSPEND]}", "ERASE", ("not a group", "{allow: [...]}")),
    "both kinds of group": ("{forbid: []}", "{forbid: [], allow: []}", ("not a group",)),
    "unknown group": ("READ.END: after_read", "READ.END: after_raed", ("unknown group", "did you mean after_read?")),
    "unknown group in a list": ("READ.END: after_read", "READ.END: [after_raed]", ("unknown group", "after_read?")),
    "unknown base of a state": ("READ.END: after_read", "REED.END: after_read", ("unknown base REED", "READ?")),
    "unknown state of a base": ("READ.END: after_read", "READ.ENDE: after_read", ("unknown state ENDE", "END?")),
    "no state": ("READ.END: after_read", "READ: after_read", ("BASE.STATE",)),
    "suspend state": ("{ERASE_SUSPENDED: on", "{ERASE_SUSPEND: on", ("unknown state ERASE_SUSPEND", "_SUSPENDED?")),
    "whitelist": ("program_base_whitelist: [PROGRAM_SLC]", "program_base_whitelist: [PROGRAM]", ("unknown base",)),
    "weight of nothing": ("global: {ERASE: 0.05}", "global: {ERAS: 0.05}", ("unknown base or op_name ERAS", "ERASE?")),
    "weight as word": ("global: {ERASE: 0.05}", "global: {ERASE: seldom}", ("'seldom'", "not a number")),
    "share": ("erase_share: 0.5", "erase_share: 50", ("'50'", "allowed: 0 to 1")),
    "key twice": ("celltypes: [SLC]", "celltypes: [SLC]\ncelltypes: [SLC]", ("stands twice", "line 3")),
    "inner key twice": ("ISSUE: 0.11,", "ISSUE: 0.11, ISSUE: 0.12,", ("the key stands twice",)),
    "two spellings of one state": ("DATA_OUT: 6}", "DATA_OUT: 6, DOUT: 6}", ("the same as DATA_OUT",)),
    "broken YAML": ("celltypes: [SLC]", "celltypes: [SLC}", ("not YAML",)),
    "tab": ("  ERASE: [die", "\tERASE: [die", ("a tab in the indentation",)),
    "tag": ("celltypes: [SLC]", "celltypes: [!secret SLC]", ("the tag !secret",)),
    "merge key": ("global: {ERASE: 0.05}", "global: {<<: {ERASE: 0.05}}", ("merge keys",)),
    "key of a list": ("celltypes: [SLC]", "[celltypes]: [SLC]", ("a key must be",)),
}  # fmt: skip


def problems_of(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        load(path)
    return caught.value.problems


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_named_with_its_place(tiny_text: str, write_config: Write, case: str) -> None:
    old, new, words = WRONG[case]
    assert old in tiny_text
    text = tiny_text.replace(old, new, 1)
    line = text[: tiny_text.index(old) + len(new)].count("\n") + 1
    path = write_config(text)
    fitting = [p for p in problems_of(path) if p.line == line and all(word in str(p) for word in words)]
    assert fitting, f"line {line}: {words}, but got:\n" + "\n".join(map(str, problems_of(path)))
    assert str(fitting[0]).startswith(f"{path}:{line}:{fitting[0].column}: ")


@pytest.mark.parametrize("case", [case for case in WRONG if case not in {"broken YAML", "key of a list", "no scope"}])
def test_one_mistake_does_not_drag_many_problems_behind_it(tiny_text: str, write_config: Write, case: str) -> None:
    old, new, _ = WRONG[case]
    assert len(problems_of(write_config(tiny_text.replace(old, new, 1)))) <= 3


def test_a_problem_reads_as_file_line_column_key_value_message(tiny_text: str, write_config: Write) -> None:
    path = write_config(tiny_text.replace("CORE_BUSY: 7000", "CORE_BUSY: 400.6”"))
    assert str(problems_of(path)[0]) == (
        f"{path}:42:85: op_names.Block_Erase_SLC.durations.CORE_BUSY = '400.6”': "
        "not a decimal number of us; allowed: 0 or more us, such as 25.0"
    )


def test_all_mistakes_are_told_at_once_in_order_of_the_file(tiny_text: str, write_config: Write) -> None:
    text = tiny_text
    for old, new in (("dies: 1", "dies: 0"), ("base: ERASE,", "base: X,"), ("ISSUE: 0.12", "ISSUE: -1"), ("0.05", "a")):
        text = text.replace(old, new, 1)
    found = problems_of(write_config(text))
    assert [p.key for p in found] == [
        "topology.dies",
        "op_names.Block_Erase_SLC.base",
        "op_names.Read_SLC.durations.ISSUE",
        "phase_conditional_overrides.global.ERASE",
    ]


def test_the_error_says_one_line_per_problem(tiny_text: str, write_config: Write) -> None:
    text = tiny_text.replace("dies: 1", "dies: 0").replace("base: ERASE,", "base: X,")
    with pytest.raises(ConfigError) as caught:
        load(write_config(text))
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "key", ["topology", "celltypes", "op_bases", "payload_by_op_base", "op_names", "program_base_whitelist"]
)
def test_a_required_section_that_is_missing_is_the_only_problem(tiny_text: str, write_config: Write, key: str) -> None:
    found = problems_of(write_config(tiny_text.replace(f"{key}:", f"x_{key}:", 1)))
    assert [problem.message for problem in found] == [f"{key} is missing; it is required"]


def test_opcodes_are_whole_numbers_of_known_op_names(tiny_text: str, write_config: Write) -> None:
    found = problems_of(write_config(tiny_text + "pattern_export: {opcode_map: {Delay: 1.5, Read_SCL: 3}}\n"))
    assert [p.message.partition(";")[0] for p in found] == ["not a whole number", "unknown op_name Read_SCL"]


@pytest.mark.parametrize(
    ("rules", "word"),
    [
        ("{A: {B: {sequences: [{DOOT: [multi]}]}}}", "did you mean DOUT?"),
        ("{A: {B: {sequences: [{DOUT: [mluti]}]}}}", "did you mean multi?"),
        ("{A: {B: {sequences: [DOUT]}}}", "not one step"),
        ("{A: {B: {sequences: []}}}", "no steps"),
        ("{A: {B: [DOUT]}}", "no steps"),
        ("{A: [B]}", "not a mapping"),
        ("{A: {B: {sequences: [{DOUT: []}], name_weights: {DOUT: {Data_Outputt: 1}}}}}", "did you mean Data_Output?"),
    ],
)
def test_a_chain_that_cannot_be_read(tiny_text: str, write_config: Write, rules: str, word: str) -> None:
    found = problems_of(write_config(tiny_text + f"generate_seq_rules: {rules}\n"))
    assert [word in p.message for p in found] == [True]


def test_no_such_file(tmp_path: Path) -> None:
    assert [str(p) for p in problems_of(tmp_path / "no.yaml")] == [f"{tmp_path / 'no.yaml'}: there is no such file"]


def test_a_directory_is_no_config(tmp_path: Path) -> None:
    assert "directory" in str(problems_of(tmp_path)[0])


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "cannot be read: Permission denied" in str(problems_of(tmp_path / "config.yaml")[0])


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"topology:\n  # gr\xfc\n")
    assert str(problems_of(path)[0]).startswith(f"{path}:2:7: not UTF-8: byte 0xfc")


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_an_empty_file(write_config: Write, text: str) -> None:
    (problem,) = problems_of(write_config(text))
    assert "allowed: a mapping" in problem.message


@pytest.mark.parametrize("text", ["[1, 2]", "text", "- a\n- b\n"])
def test_a_file_that_is_no_mapping(write_config: Write, text: str) -> None:
    (problem,) = problems_of(write_config(text))
    assert (problem.line, problem.message.partition(";")[0]) == (1, "not a mapping")


@pytest.mark.parametrize(
    "text",
    [
        "a: &a {a: *a}",
        "[" * 5000,
        "{" * 5000,
        "a: " + "[" * 200 + "]" * 200,
        "a: \x00",
        "a: 1\n---\nb: 2",
        "a: *b",
        "\ufeff\ufeff",
    ],
)
def test_strange_yaml_is_refused_politely(write_config: Write, text: str) -> None:
    assert problems_of(write_config(text))


def test_aliases_that_unfold_without_end_are_refused(write_config: Write) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    assert "aliases" in problems_of(write_config("\n".join(lines)))[0].message


def bad_blocks(tiny_text: str, write_config: Write, csv: str) -> Path:
    path = write_config(tiny_text.replace("pages_per_block: 8", "pages_per_block: 8, bad_blocks: bad.csv"))
    (path.parent / "bad.csv").write_text(csv, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("csv", "line", "words"),
    [
        ("", 1, "header die,block"),
        ("block,die\n0,1\n", 1, "header die,block"),
        ("0,1\n", 1, "header die,block"),
        ("die,block\n0,1\n0\n", 3, "1 values; a row is die,block"),
        ("die,block\n0,1,2\n", 2, "3 values"),
        ("die,block\n0,x\n", 2, "block is not a whole number: 'x'"),
        ("die,block\n-1,0\n", 2, "die is not a whole number: '-1'"),
        ("die,block\n1,0\n", 2, "die 1 does not exist; allowed: 0 to 0"),
        ("die,block\n\n0,4\n", 3, "block 4 does not exist; allowed: 0 to 3"),
        ("die,block\n0,1\n0,1\n", 3, "the same as line 2"),
    ],
)
def test_a_bad_block_file_is_blamed_by_line(
    tiny_text: str, write_config: Write, csv: str, line: int, words: str
) -> None:
    path = bad_blocks(tiny_text, write_config, csv)
    (problem,) = problems_of(path)
    assert (Path(problem.file), problem.line) == (path.parent / "bad.csv", line)
    assert words in problem.message


def test_all_wrong_rows_of_a_bad_block_file_are_named(tiny_text: str, write_config: Write) -> None:
    found = problems_of(bad_blocks(tiny_text, write_config, "die,block\n0,x\n0,1\n9,1\n"))
    assert [problem.line for problem in found] == [2, 4]


def test_a_bad_block_file_that_is_not_there(tiny_text: str, write_config: Write) -> None:
    path = write_config(tiny_text.replace("pages_per_block: 8", "pages_per_block: 8, bad_blocks: bad.csv"))
    (problem,) = problems_of(path)
    assert (problem.line, problem.key) == (2, "topology.bad_blocks")
    assert "there is no such bad-block file" in problem.message


def places(tree: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [below for key, value in pairs for below in [(*path, key), *places(value, (*path, key))]]


JUNK: st.SearchStrategy[object] = st.sampled_from(
    [
        None,
        5,
        -1,
        True,
        "x",
        "400.6”",
        "",
        [],
        {},
        [1],
        ["x"],
        [{}],
        [[]],
        {"a": 1},
        {"a": {"b": 1}},
        1e300,
        float("nan"),
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_a_config_it_loads_or_is_a_config_error(
    tiny_text: str, older_text: str, write_config: Write, data: st.DataObject
) -> None:
    tree = yaml.safe_load(data.draw(st.sampled_from([tiny_text, older_text])))
    *way, last = data.draw(st.sampled_from(places(tree)))
    node: Any = tree
    for key in way:
        node = node[key]
    node[last] = data.draw(JUNK)
    path = write_config(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False))
    with contextlib.suppress(ConfigError):
        assert load(path).digest
