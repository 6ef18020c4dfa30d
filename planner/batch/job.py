"""What is given to a worker, and what comes back: small frozen values that travel between processes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planner.batch.campaign import Campaign

if TYPE_CHECKING:
    from planner.repeats.chapter import Chapter

HIDDEN = ".run_"
"""How the folder of an unfinished run begins."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What all jobs of a campaign share: the campaign, its folder (absolute), and the chapters that its runs repeat."""

    campaign: Campaign
    out: Path
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """One run of a site. `token` keeps the unfinished files of different attempts apart.

    `cells`: the coverage cells that the run is to aim at, as positions in a flat [op_state, op_name, bin] array;
    None: the run is not aimed.
    """

    site: int
    run: int
    token: str
    cells: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class FileMade:
    """A file below the site's folder: its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Done:
    """A run whose files are under their names. `cells` and `hits`: as in RunSummary, as bytes of int32 arrays."""

    job: Job
    files: tuple[FileMade, ...]
    operations: int
    dropped: int
    violations: int
    device_time: int
    seconds: float
    cells: bytes
    hits: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """A run that cannot be made. `output`: the folder is at fault, not the run; `again`: another try may help."""

    job: Job
    message: str
    output: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """The worker that had this run is gone."""

    job: Job
    message: str


Outcome = Done | Failed | Lost
