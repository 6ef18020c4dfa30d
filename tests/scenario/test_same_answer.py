"""The same question has the same answer, whatever the machine does; a time limit ends answers and chooses none."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from model.config import load
from model.device import Device
from planner.scenario.answer import NotFound
from tests.scenario.called import answered

DEVICE = Device(load())
FOLDER = Path(__file__).parents[2] / "examples" / "scenarios"
ROOT = Path(__file__).parents[2]
LIMITS = (0.4, 1.5, 60.0)
LATE = """
minimize: time
operations:
  a: {op: Read_SLC, die: 0, plane: 0}
  b: {op: Read_SLC, die: 1, plane: 0}
statements:
  - {from: a.start, to: b.start, max: 3}
"""


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes on by 0.05 s whenever it is looked at."""
    looked = iter(range(1_000_000_000))
    monkeypatch.setattr(time, "monotonic", lambda: 0.05 * next(looked))


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("stem", ["impossible_rule", "status_in_third_piece"])
def test_a_time_limit_turns_an_answer_into_not_found_and_into_nothing_else(stem: str, tmp_path: Path) -> None:
    text = (FOLDER / f"{stem}.yaml").read_text(encoding="utf-8")
    whole = answered(tmp_path, DEVICE, text)
    cut_short = 0
    for limit in LIMITS:
        found = answered(tmp_path, DEVICE, text, limit)
        late = isinstance(found, NotFound) and "time limit" in found.why
        assert late or found == whole
        cut_short += late
    assert 0 < cut_short < len(LIMITS)


def test_what_the_time_limit_cuts_short_has_a_bound_and_says_what_to_try(tmp_path: Path) -> None:
    found = answered(tmp_path, DEVICE, LATE, 0.01)
    assert isinstance(found, NotFound)
    # two reads of 0.12 us and two DOUTs of 9.9444 us on one bus: 20.1288 us
    assert found.bound == 201_288
    assert found.advice[0] == "raise --time-limit"


def test_the_same_answer_twice(tmp_path: Path) -> None:
    text = (FOLDER / "impossible_rule.yaml").read_text(encoding="utf-8")
    assert answered(tmp_path, DEVICE, text) == answered(tmp_path, DEVICE, text)


def run(stem: str, out: Path, seed: str) -> dict[str, bytes]:
    """The files of a scenario that is solved in a process of its own."""
    command = [sys.executable, "-m", "planner.cli", "solve", str(FOLDER / f"{stem}.yaml"), "--out", str(out)]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    subprocess.run([*command, "--date", "250101"], check=True, cwd=ROOT, env=environment, capture_output=True)
    files = sorted(path for path in out.rglob("*") if path.is_file() and not path.name.startswith("timing_"))
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


@pytest.mark.long
@pytest.mark.parametrize("stem", ["status_in_third_piece", "two_dies"])
def test_the_same_bytes_twice_also_on_a_busy_machine(stem: str, tmp_path: Path) -> None:
    quiet = run(stem, tmp_path / "quiet", "0")
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        assert run(stem, tmp_path / "busy", "1") == quiet
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert quiet
