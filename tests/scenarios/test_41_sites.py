"""41. Every site and run has a random stream of its own, and each site alone gives the same bytes as all together."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model.config import Config
from planner.run import plan
from planner.streams import of_run, of_window

SITES, RUNS = 32, 100


def test_no_two_runs_of_32_sites_draw_the_same() -> None:
    states = {
        tuple(of_run(7, site, run).generate_state(4)) for site in range(1, SITES + 1) for run in range(1, RUNS + 1)
    }
    assert len(states) == SITES * RUNS
    windows = {of_window(7, 1, 1, window, attempt).random() for window in range(200) for attempt in range(3)}
    assert len(windows) == 600


def test_a_stream_is_named_by_base_site_and_run() -> None:
    named = np.random.SeedSequence(7, spawn_key=(3, 12))
    assert (of_run(7, 3, 12).generate_state(4) == named.generate_state(4)).all()


def test_a_site_alone_gives_what_it_gives_among_others(tmp_path: Path, shipped: Config) -> None:
    for site in (1, 2, 3):
        plan(shipped, out=tmp_path / f"site_{site:02d}", seed=7, site=site, ops=120, runs=2, date="260101")
    plan(shipped, out=tmp_path / "alone", seed=7, site=3, ops=120, runs=2, date="260101")
    together, alone = tmp_path / "site_03", tmp_path / "alone"
    files = [path.relative_to(alone) for path in alone.rglob("*") if path.is_file()]
    same = [path for path in files if not path.name.startswith("timing_")]
    assert all((together / path).read_bytes() == (alone / path).read_bytes() for path in same)
    sequence = "operation_sequence_260101_0000001.csv"
    assert (tmp_path / "site_01" / sequence).read_bytes() != (tmp_path / "site_02" / sequence).read_bytes()
