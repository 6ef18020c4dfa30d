"""Closing plans in memory, on devices of all kinds: always legal, always at an end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.config import Config
from planner.covering import Goal, witnesses
from planner.targets.closing import left
from planner.targets.reachable import in_grain
from tests.closing.loops import Change, Loop, changed, closed, setting, shaped, without
from tests.targets.tinies import LARGER, SINGLE_PLANES, TINIES, Tiny


def test_every_cell_that_can_be_hit_is_hit(tiny_loop: Loop) -> None:
    assert tiny_loop.covering.open == 0
    assert ((tiny_loop.hits > 0) == tiny_loop.candidates).all()


def test_the_judge_finds_every_window_legal(tiny_loop: Loop) -> None:
    assert tiny_loop.report.legal
    assert tiny_loop.report.operations == tiny_loop.operations > 358


def test_a_share_is_enough_where_a_share_is_wanted(tiny_config: Config, tiny_loop: Loop) -> None:
    half = closed(tiny_config, Goal(share=0.5))
    assert np.count_nonzero(half.hits) >= 0.5 * 358
    # what is begun is ended, which hits some more cells
    assert np.count_nonzero(half.hits) < 0.75 * 358
    assert half.operations < 0.75 * tiny_loop.operations


def test_every_cell_is_hit_as_often_as_is_wanted(tiny_config: Config) -> None:
    twice = closed(tiny_config, Goal(hits=2))
    assert twice.covering.open == 0
    assert (twice.hits[twice.candidates] >= 2).all()


def test_cells_that_were_hit_are_hit_again_where_others_stay_open(tmp_path: Path) -> None:
    twice = closed(changed(tmp_path, shaped(2, 1, 4)), Goal(hits=2))
    missing = twice.candidates & (twice.hits == 0)
    assert missing.any()
    assert twice.covering.open == 2 * np.count_nonzero(missing)
    assert (twice.hits[twice.candidates & ~missing] >= 2).all()


def test_op_states_of_op_names_are_closed_too(tiny_config: Config) -> None:
    fine = closed(in_grain(tiny_config, "op_name"))
    assert fine.covering.open == 0
    assert ((fine.hits > 0) == fine.candidates).all()


@pytest.mark.parametrize("seed", range(5))
def test_other_seeds_close_it_in_other_ways(tiny_config: Config, tiny_loop: Loop, seed: int) -> None:
    other = closed(tiny_config, seed=seed + 1)
    assert other.covering.open == 0
    assert (other.hits != tiny_loop.hits).any()


def test_the_same_seed_closes_it_in_the_same_way(tiny_config: Config, tiny_loop: Loop) -> None:
    again = closed(tiny_config)
    assert (again.hits == tiny_loop.hits).all()


def test_witnesses_are_the_cells_of_a_closing_plan(tiny_loop: Loop) -> None:
    told: list[tuple[int, int]] = []
    found = witnesses(tiny_loop.covering.device, lambda hit, wanted: told.append((hit, wanted)))
    assert (found == (tiny_loop.hits > 0)).all()
    assert told[-1] == (358, 358)


def agrees(loop: Loop) -> None:
    """Legal, at an end, and hit is what the planner takes for hit: nothing else, and nothing out of reach."""
    assert loop.report.legal, loop.report.findings[0]
    assert loop.covering.open == 0 or loop.covering.given_up
    assert loop.covering.left.count == np.count_nonzero(loop.candidates & ~loop.believed)
    assert ((loop.hits > 0) == loop.believed).all()


CLOSED: dict[str, tuple[Change, ...]] = {
    "one plane": (shaped(1, 4, 4),),
    "four planes": (shaped(4, 4, 4),),
    "two rows": (shaped(2, 2, 4),),
    "one page per block": (shaped(2, 2, 1),),
    "three dies": (setting("topology", "dies", to=3),),
    "no reset": (without("RESET"),),
    "no reset and few rows": (without("RESET"), shaped(2, 2, 4)),
    "no read of the whole die": (without("READ"),),
    "no reads at all": (without("READ", "PLANE_READ", "DOUT"),),
    "no program": (without("PROGRAM_SLC"),),
    "no erase": (without("ERASE", "ERASE_SUSPEND", "ERASE_RESUME"),),
    "nothing to be suspended": (without("ERASE_SUSPEND", "ERASE_RESUME"),),
    "only waiting": (without("ERASE", "PROGRAM_SLC", "READ", "PLANE_READ", "DOUT", "SR", "SR_ADD", "ERASE_SUSPEND",
                             "ERASE_RESUME", "RESET"),),
    "reads stay below the last page": (setting("policies", "read_offset_guard", to=2),),
    "runs are carried over": (setting("policies", "carry_over", to=True),),
    "a DATA_OUT window on the bus": (setting("op_bases", "READ", "states", "DATA_OUT", to={"bus": True}),),
    "long gaps": (setting("policies", "sequence_gap", to=500.0),),
}  # fmt: skip
"""Devices that are closed."""

ENDED: dict[str, tuple[Change, ...]] = {
    "one row": (shaped(2, 1, 4),),
    "one row of one page": (shaped(2, 1, 1),),
    "nothing is delivered": (without("DOUT"),),
    "nothing is resumed": (without("ERASE_RESUME"),),
    "nothing is resumed or reset": (without("ERASE_RESUME", "RESET"),),
    "an ISSUE off the bus": (setting("op_bases", "SR", "states", "ISSUE", to={"bus": False}),),
    "resets off the bus": (setting("op_bases", "RESET", "states", "ISSUE", to={"bus": False}),),
    "erases off the bus": (setting("op_bases", "ERASE", "states", "ISSUE", to={"bus": False}),),
}
"""Devices on which something stays open."""


@pytest.mark.parametrize("about", CLOSED)
def test_a_device_is_closed_whatever_it_lacks(tmp_path: Path, about: str) -> None:
    loop = closed(changed(tmp_path, *CLOSED[about]))
    agrees(loop)
    assert loop.covering.open == 0


@pytest.mark.parametrize("about", ENDED)
def test_a_plan_ends_where_something_stays_open(tmp_path: Path, about: str) -> None:
    agrees(closed(changed(tmp_path, *ENDED[about])))


@pytest.mark.parametrize("bad", [(0, 1, 2), (0, 2, 4, 6), (0, 3, 4, 7), tuple(range(7)), tuple(range(8))])
def test_bad_blocks_are_left_alone(tmp_path: Path, bad: tuple[int, ...]) -> None:
    rows = "".join(f"0,{block}\n" for block in bad)
    (tmp_path / "bad.csv").write_text(f"die,block\n{rows}", encoding="utf-8")
    agrees(closed(changed(tmp_path, setting("topology", "bad_blocks", to="bad.csv"))))


@pytest.mark.parametrize("about", [name for name in (*TINIES, *LARGER) if name != "planes never used"])
def test_devices_of_a_few_ticks_come_to_an_end(tmp_path: Path, about: str) -> None:
    agrees(closed({**TINIES, **LARGER}[about].config(tmp_path)))


def test_erases_of_single_planes_stay_legal(tmp_path: Path) -> None:
    agrees(closed(SINGLE_PLANES.config(tmp_path)))


@pytest.mark.parametrize("about", ["cache reads", "cache programs", "copybacks", "ODT", "recovery reads"])
def test_chains_of_every_kind_are_closed(tmp_path: Path, about: str) -> None:
    tiny: Tiny = {**TINIES, **LARGER}[about]
    assert closed(tiny.config(tmp_path)).covering.open == 0


def test_what_has_weight_zero_is_never_sent(tmp_path: Path) -> None:
    weights = {"global": {"Plane_Level_Page_Read_SLC": 0.0}, "ERASE.END": {"RESET": 0.0}}
    config = changed(tmp_path, setting("phase_conditional_overrides", to=weights))
    loop = closed(config)
    names = list(loop.covering.device.catalogue.names)
    never = next(name.index for name in names if name.name == "Plane_Level_Page_Read_SLC")
    reset = next(name.index for name in names if name.name == "Synchronous_Reset")
    after_erase = loop.covering.device.op_states.names.index("ERASE.END")
    assert loop.hits[:, never].sum() == 0
    assert loop.hits[after_erase, reset].sum() == 0
    agrees(loop)


def test_the_keys_of_states_do_not_meet() -> None:
    # a base has ISSUE, CORE_BUSY and one DATA state at most: 0, 1 and 2
    assert left.END_KEY == 3
