"""Where a run of a campaign is made: in a hidden folder of its own, from which its files move to their names."""

from __future__ import annotations

import os
import shutil
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from model.device import Device
from planner.batch.campaign import Campaign, site_folder
from planner.batch.job import HIDDEN, Done, Failed, Job, Setup
from planner.batch.members import to_members
from planner.batch.packing import measured
from planner.coverage import BINS
from planner.covering import Covering, CoverRun, Goal
from planner.errors import JudgeRefused, UnusableInput, UnusableOutput
from planner.export.files import writing
from planner.export.snapshot import stem
from planner.repeats.chapter import Chapter
from planner.repeats.run import RepeatingRun
from planner.run import OneRun, RunSummary, plan


class Bench:
    """What a worker keeps from run to run."""

    def __init__(self, setup: Setup) -> None:
        self._campaign, self._out = setup.campaign, setup.out
        self._way = WayOfRuns(setup.campaign, setup.chapters)

    def carry_out(self, job: Job) -> Done | Failed:
        """Makes a run; what goes wrong is an answer, too."""
        folder = site_folder(self._out, job.site)
        staging = folder / f"{HIDDEN}{job.run:07d}.{job.token}"
        try:
            return self._made(job, folder, staging)
        except (UnusableOutput, OSError) as error:
            return Failed(job, str(error), output=True)
        except (JudgeRefused, UnusableInput) as error:
            return Failed(job, f"{type(error).__name__}: {error}")
        except Exception as error:
            trace = "".join(traceback.format_exception(error))
            return Failed(job, f"{type(error).__name__}: {error}\n{trace}", again=isinstance(error, MemoryError))
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def _made(self, job: Job, folder: Path, staging: Path) -> Done:
        began = time.perf_counter()
        start = self._campaign.start_of(job.run)
        snapshot = folder / "snapshots" / f"{stem(start)}.json" if start else None
        summary = self._way.planned(job, snapshot, staging)
        names = [path.relative_to(staging) for path in summary.files]
        names = [name for name in names if self._stays(name, job.run)]
        if self._campaign.pack is not None:
            names = to_members(staging, names, job.run)
        files = tuple(measured(staging, staging / name) for name in names)
        _publish(staging, folder, names)
        return Done(
            job, files, summary.counts.operations, summary.dropped, summary.report.violations,
            summary.counts.device_time, time.perf_counter() - began,
            summary.cells.astype(np.int32).tobytes(), summary.hits.astype(np.int32).tobytes(),
        )  # fmt: skip

    def _stays(self, name: Path, run: int) -> bool:
        """Whether a file of a run is kept, for good or for the run after."""
        campaign = self._campaign
        if campaign.keep == "sequence" and name.name.startswith("timing_"):
            return False
        return campaign.keeps_snapshots or name.parent.name != "snapshots" or campaign.is_needed(run)


class WayOfRuns:
    """How the runs of a campaign are made, with what is worked out once for all of them."""

    def __init__(self, campaign: Campaign, chapters: tuple[Chapter, ...]) -> None:
        self._campaign, self._chapters = campaign, chapters
        self._device = Device(campaign.config)

    def planned(self, job: Job, snapshot: Path | None, out: Path) -> RunSummary:
        """Plans a run into a folder. All that `plan` raises."""
        campaign = self._campaign
        result = plan(
            campaign.config, out=out, seed=campaign.seed, site=job.site, ops=campaign.ops, until=campaign.until,
            runs=0 if campaign.is_bootstrap(job.run) else 1, date=campaign.date, snapshot=snapshot,
            device=self._device, first=job.run, tables=campaign.tables, kind=self._kind(job),
        )  # fmt: skip
        return result.runs[0]

    def _kind(self, job: Job) -> Callable[..., OneRun] | None:
        """How a run is made: aimed at its cells, where it has some; out of the chapters, where there are any."""
        if job.cells is None:
            return partial(RepeatingRun, chapters=lambda: self._chapters) if self._chapters else None
        device = self._device
        wanted = np.zeros((len(device.op_states), len(device.catalogue.names), BINS), dtype=np.bool_)
        wanted.reshape(-1)[list(job.cells)] = True
        return partial(CoverRun, covering=Covering(device, Goal(), wanted))


def _publish(staging: Path, folder: Path, names: list[Path]) -> None:
    """Every file is complete and on the disk; now they get their names."""
    for name in names:
        with writing(folder / name):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(staging / name, folder / name)
