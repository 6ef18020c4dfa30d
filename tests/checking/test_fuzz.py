"""Whatever bytes a config file holds: an answer, and never an exception."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.checking import check
from planner.checking.catalogue import LEVELS
from tests.checking.table import text_of

HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
WORDS = st.sampled_from(
    [
        *("", "~", "null", "yes", "0", "-1", "1e309", ".nan", "1:30", "[]", "{}", "[[]]", "{a: {b: 1}}", "*x", "&x 1"),
        *("!t 1", "'", '"', "|", ">", "? ", "- ", ": ", "#", "\t", "\0", "\r", "\u2028", "\ufeff", "%", "@", "<<: {}"),
        *("x" * 300, "ERASE", "SLC", "{allow: []}", "{ISSUE: 0}", "DATA_OUT", "END", "global", "DEFAULT"),
    ]
)


def is_answered(path: Path, levels: tuple[str, ...] = LEVELS) -> bool:
    """Whether a check ends, and every finding has a line, a consequence and a hint."""
    report = check(path, levels)
    return all(finding.line >= 0 and finding.consequence and finding.fix for finding in report.findings)


@settings(max_examples=80, deadline=None, suppress_health_check=HEALTH)
@given(raw=st.binary(max_size=400))
def test_random_bytes(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(raw)
    assert is_answered(path)


@settings(max_examples=80, deadline=None, suppress_health_check=HEALTH)
@given(text=st.text(alphabet="ab:-[]{}&*!|>'\"%@`,?#\n\t <=~0.eE", max_size=300))
def test_random_signs_of_yaml(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    assert is_answered(path)


@settings(max_examples=100, deadline=None, suppress_health_check=HEALTH)
@given(data=st.data())
def test_a_small_config_with_words_put_in_place_of_others(data: st.DataObject, tmp_path: Path) -> None:
    text = text_of("small")
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(text) - 1))
        length = data.draw(st.integers(0, 30))
        text = text[:begin] + data.draw(WORDS) + text[begin + length :]
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    assert is_answered(path)


@settings(max_examples=80, deadline=None, suppress_health_check=HEALTH)
@given(data=st.data())
def test_a_small_config_with_lines_moved_doubled_or_left_out(data: st.DataObject, tmp_path: Path) -> None:
    lines = text_of("small").split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        line = lines.pop(place)
        for _ in range(data.draw(st.integers(0, 2))):
            lines.insert(data.draw(st.integers(0, len(lines))), line)
    path = tmp_path / "config.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert is_answered(path)


@pytest.mark.parametrize("seed", range(4))
def test_the_shipped_config_with_many_values_swapped(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    words = text_of("shipped").split(" ")
    for _ in range(60):
        a, b = rng.randrange(len(words)), rng.randrange(len(words))
        words[a], words[b] = words[b], words[a]
    path = tmp_path / "config.yaml"
    path.write_text(" ".join(words), encoding="utf-8")
    assert is_answered(path, LEVELS[:2])


MANY = 3_000
NAMES = (
    f"topology: {{dies: 1, planes: 2, blocks_per_die: 4, pages_per_block: 8}}\n"
    f"celltypes: [{', '.join(f'c{i}' for i in range(MANY))}]\n"
    f"program_base_whitelist: [{', '.join(f'b{i}' for i in range(MANY))}]\nop_bases:\n"
    + "".join(f"  b{i}: {{scope: NONE, affect_state: true, states: [ISSUE]}}\n" for i in range(MANY))
    + "payload_by_op_base:\n"
    + "".join(f"  b{i}: [die]\n" for i in range(MANY))
    + "op_names:\n"
    + "".join(f"  a{i}: {{base: b{MANY - 1 - i}, celltype: c{i}, durations: {{ISSUE: 1}}}}\n" for i in range(MANY))
    + "exclusion_groups:\n"
    + "".join(f"  g{i}: [b{i}]\n" for i in range(MANY))
    + "exclusions_by_op_state:\n"
    + "".join(f"  b{i}.END: g{MANY - 1 - i}\n" for i in range(MANY))
)
"""Thousands of names of every kind, each used once."""

BIG = {
    "names": NAMES,
    "near misses": NAMES.replace("base: b", "base: d").replace(": g", ": h"),
    "brackets": "[" * 1_000_000,
    "braces": "{" * 1_000_000,
    "questions": "? " * 900_000,
    "dashes": "- " * 900_000,
    "unknown keys": "".join(f"k{i}: 1\n" for i in range(30_000)),
    "op_names": "op_names:\n" + "".join(f"  n{i}: {{base: b{i}}}\n" for i in range(25_000)),
    "bases": "op_bases:\n" + "".join(f"  b{i}: {{scope: x}}\n" for i in range(25_000)),
    "groups": "exclusion_groups: {a: [" + "x," * 100_000 + "]}",
    "anchors": "".join(f"k{i}: &a{i} x\n" for i in range(30_000)),
    "lines broken": 'a: "x\n' * 100_000,
    "tabs": "\ta: b\n" * 50_000,
    "one long key": "x" * 1_900_000 + ": 1",
    "a long number": "topology: {dies: " + "9" * 1_900_000 + "}",
    "zeros": "topology: {dies: 0." + "0" * 1_900_000 + "}",
    "comments": "# x\n" * 400_000,
}


@pytest.mark.parametrize("name", BIG)
def test_large_files_are_answered(name: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(BIG[name], encoding="utf-8")
    assert check(path).findings
