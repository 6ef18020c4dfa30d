"""What a campaign is asked for: all that shapes its files, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from model.config import Config

Keep = Literal["sequence", "all"]
Pack = Literal["csv", "parquet"]

SEQUENCE = frozenset({"operation_sequence"})
"""The tables of the runs of a campaign that keeps the sequences only."""
EVERY = SEQUENCE | {
    "operation_timeline", "op_state_timeline", "events", "address_touch_count", "op_state_name_input_time_count",
    "phase_proposal_counts", "op_event_resume",
}  # fmt: skip
"""The tables of the runs of any other: all but coverage, of which there is one for the whole campaign."""
OPS = 2_000
"""Operations per run, where only coverage is asked for."""

LONG = 100_000
"""Operations from which on a campaign is long."""
US_PER_OP = 200
"""About the device time of an operation."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """`runs` runs on each of `sites` sites (one more, the first, where the config wants a bootstrap).

    `until` in ticks of a run. `cover`: the share of coverage at which it stops early. `chained`: a run goes on from
    the snapshot of the run before, else each is a history of its own. `keep` and `pack`: which files stay, and how.
    """

    config: Config
    seed: int
    sites: int
    runs: int
    ops: int | None
    until: int | None
    cover: float | None
    chained: bool
    date: str
    keep: Keep
    pack: Pack | None

    @property
    def bootstrap(self) -> bool:
        """Whether run 1 of each site is a bootstrap."""
        return self.config.bootstrap.enabled

    @property
    def last(self) -> int:
        """The number of the last run of a site; the first is 1."""
        return self.runs + self.bootstrap

    @property
    def total(self) -> int:
        """Runs of all sites."""
        return self.sites * self.last

    @property
    def tables(self) -> frozenset[str]:
        """The tables that a run writes."""
        return SEQUENCE if self.keep == "sequence" else EVERY

    @property
    def is_long(self) -> bool:
        """Whether it has so many operations that it is worth planning once what all runs repeat."""
        if self.ops is not None:
            return self.total * self.ops >= LONG
        return self.until is not None and self.total * self.until >= LONG * US_PER_OP * self.config.clock.ticks_per_us

    def is_bootstrap(self, run: int) -> bool:
        """Whether this run is one."""
        return self.bootstrap and run == 1

    def start_of(self, run: int) -> int:
        """The run whose snapshot this one starts from; 0: it starts from a fresh device."""
        if self.chained:
            return run - 1
        return 1 if self.bootstrap and run > 1 else 0

    @property
    def keeps_snapshots(self) -> bool:
        """Whether the snapshots of all runs stay; else only those from which something starts, or may start later."""
        return self.keep == "all" and self.pack is None

    def is_needed(self, run: int) -> bool:
        """Whether another run starts, or could start, from this one's snapshot."""
        return self.chained or self.is_bootstrap(run)

    def page(self) -> dict[str, Any]:
        """What the ledger remembers of it, and compares when the campaign goes on."""
        return {
            "config": self.config.digest,
            "seed": self.seed,
            "sites": self.sites,
            "runs": self.runs,
            "ops": self.ops,
            "until": self.until,
            "cover": self.cover,
            "series": "chained" if self.chained else "independent",
            "date": self.date,
            "keep": self.keep,
            "pack": self.pack,
            "last": self.last,
        }


def site_folder(out: Path, site: int) -> Path:
    """Where the files of a site are."""
    return out / f"site_{site:02d}"
