"""Small campaigns on the shipped device, workers without processes, and what a campaign's folder holds."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from model.config import Config, load
from model.config.load import shipped_path
from planner.batch.bench import Bench
from planner.batch.campaign import Campaign
from planner.batch.carry import Outcome, Way, carry_out
from planner.batch.executor import Executor
from planner.batch.goal import goal_of
from planner.batch.job import Job, Setup
from planner.batch.job import Outcome as Returned
from planner.batch.ledger import NAME, Ledger

DATE = "260101"


def _weighted() -> Path:
    """The shipped config with a weight: its runs are planned window by window, and end after the first.

    One file for all tests, also of those that run at the same time: commands need one.
    """
    text = shipped_path().read_text(encoding="utf-8")
    old, new = "phase_conditional_overrides: {}", "phase_conditional_overrides: {global: {ERASE: 0.05}}"
    assert old in text
    content = text.replace(old, new).encode()
    path = Path(tempfile.gettempdir()) / f"nandplan-weighted-{hashlib.sha256(content).hexdigest()[:12]}.yaml"
    if not path.exists():
        hidden = path.with_name(f".{path.name}.{os.getpid()}")
        hidden.write_bytes(content)
        hidden.replace(path)
    return path


WEIGHTED = _weighted()
SMALL = Campaign(
    config=load(WEIGHTED),
    seed=7,
    sites=2,
    runs=3,
    ops=1,
    until=None,
    cover=None,
    chained=True,
    date=DATE,
    keep="all",
    pack=None,
)
"""Two sites with three chained runs of one window each."""


class Inline:
    """Makes each run in this very process."""

    def __init__(self, setup: Setup) -> None:
        self._bench = Bench(setup)
        self._job: Job | None = None

    @property
    def free(self) -> int:
        """One run at a time."""
        return int(self._job is None)

    def submit(self, job: Job) -> None:
        """Takes a job."""
        self._job = job

    def outcomes(self, timeout: float) -> list[Returned]:
        """Makes it."""
        job, self._job = self._job, None
        assert job is not None
        return [self._bench.carry_out(job)]

    def close(self) -> None:
        """Nothing goes on."""


def carried(campaign: Campaign, out: Path, executor: Callable[[Setup], Executor] = Inline, **options: Any) -> Outcome:
    """The campaign carried out in a folder, without the pages at the end unless they are asked for."""
    return carry_out(campaign, out, Way(executor, **{"pages": False, **options}), goal_of(campaign))


def with_bootstrap(config: Config) -> Config:
    """The device with a small bootstrap: one block erased, 5 pages programmed, 2 of them read."""
    blocks = config.topology.dies * config.topology.blocks_per_die
    pages = blocks * config.topology.pages_per_block
    spec = replace(
        config.bootstrap, enabled=True, erase_share=1 / blocks, program_share=5 / pages, read_share=2 / pages
    )  # fmt: skip
    return replace(config, bootstrap=spec)


def tree(out: Path) -> dict[str, str]:
    """The files of a campaign by name with their hashes, wall times and ledger aside."""
    found = {}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_file() and not path.name.startswith(("timing", NAME)):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def kept(out: Path) -> dict[str, Any]:
    """What the ledger of a campaign counts."""
    ledger = Ledger(out / NAME, write=False)
    try:
        totals = ledger.totals()
        return {
            "done": totals.done, "failed": totals.failed, "lost": totals.lost, "operations": totals.operations,
            "hits": totals.hits, "coverage": hashlib.sha256(ledger.hits().tobytes()).hexdigest(),
            "holder": ledger.holder(),
        }  # fmt: skip
    finally:
        ledger.close()


def rows(out: Path, site: int) -> list[tuple[int, str, int]]:
    """Run, state and tries of a site's runs, by the ledger."""
    ledger = Ledger(out / NAME, write=False)
    try:
        return [(row.run, row.state, row.attempts) for row in ledger.runs(site)]
    finally:
        ledger.close()


def require_same(out: Path, undisturbed: Path) -> None:
    """The same files, the same counts, every run once."""
    assert tree(out) == tree(undisturbed)
    assert kept(out) == kept(undisturbed)
