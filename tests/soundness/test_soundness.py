"""Whatever the planner makes, on whatever device, the judge accepts, and the files say what the replay says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from model.config import Config, load
from planner.run import plan
from planner.verify import verify
from tests.soundness.campaign import Case, Tally
from tests.window.small import TABLES, small_config

SHIPPED = load()
OF_BASE: dict[str, list[str]] = {}
for _name in SHIPPED.names:
    OF_BASE.setdefault(_name.base, []).append(_name.name)
LENGTHS = {name.name: len(name.durations) for name in SHIPPED.names}
FOUND = (0, 1, 2, 3, 8, 161, 189, 196)
"""Cases of all kinds; of the later ones a window was refused, crashed or grew without end at some time."""
NEEDED = ("ERASE", "PROGRAM_SLC", "READ", "DOUT")


@st.composite
def devices(draw: st.DrawFn) -> dict[str, Any]:
    """A part of the shipped device: some bases, some op_names of each, durations, tables that forbid nothing."""
    bases = draw(st.sets(st.sampled_from(sorted(OF_BASE)), min_size=5)) | set(NEEDED)
    names = [name for base in sorted(bases) for name in OF_BASE[base][: draw(st.integers(1, 4))]]
    ticks: Mapping[str, tuple[int, ...]] = {
        name: (draw(st.integers(1, 40)), *(draw(st.integers(2, 4_000)) for _ in range(LENGTHS[name] - 1)))
        for name in names
    }
    return {
        "ticks": ticks,
        "dies": draw(st.integers(1, 3)),
        "planes": draw(st.integers(1, 4)),
        "rows": draw(st.integers(2, 5)),
        "pages": draw(st.integers(2, 9)),
        "empty": draw(st.lists(st.sampled_from(TABLES), unique=True, max_size=2)),
        "policies": {"admission_window": 0.01, "sequence_gap": draw(st.sampled_from([0, 0.01]))},
    }


def sound(drawn: Mapping[str, Any], seed: int, ops: int) -> None:
    """Plans (the judge is in the loop) and verifies the files."""
    with TemporaryDirectory() as folder:
        config: Config = small_config(Path(folder), drawn["ticks"], **{k: v for k, v in drawn.items() if k != "ticks"})
        out = Path(folder) / "out"
        plan(config, out=out, seed=seed, ops=ops, date="260101")
        assert verify([out], config).by_rule == {}


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(drawn=devices(), seed=st.integers(0, 1_000), ops=st.integers(1, 250))
def test_what_is_planned_is_legal(drawn: dict[str, Any], seed: int, ops: int) -> None:
    sound(drawn, seed, ops)


@pytest.mark.parametrize("number", FOUND)
def test_what_either_planner_makes_in_series_is_legal(number: int) -> None:
    tally = Tally()
    tally.run(Case.of(number))
    assert tally.refusals == {}


@pytest.mark.long
@settings(max_examples=200, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(number=st.integers(0, 2**40))
def test_what_either_planner_makes_on_many_devices_is_legal(number: int) -> None:
    test_what_either_planner_makes_in_series_is_legal(number)
