"""A job in a process of its own: `python -m planner.bench.child FILE`, where FILE tells the job, and gets what it made.

The process ends when the files of the run are on the disk. Only what a strategy needs is imported.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.bench.sample import COVER, WINDOWS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from model.config import Config
    from model.device import Device

EVERY = 0.01
"""Seconds between two marks."""


@dataclass(slots=True)
class Marks:
    """How many operations there were after how many seconds of the process; `began` by `time.time`."""

    began: float
    rows: list[tuple[int, float]] = field(default_factory=list)

    def __call__(self, operations: int) -> None:
        now = time.time() - self.began
        if not self.rows or now - self.rows[-1][1] >= EVERY:
            self.rows.append((operations, round(now, 4)))


def carry_out(page: Mapping[str, Any]) -> dict[str, Any]:
    """Carries out the job of a page; the numbers that came of it."""
    from planner.bench.instances import read_instance  # noqa: PLC0415

    config = read_instance(page["config"])
    if page["kind"] == WINDOWS:
        from planner.bench.windows import counted  # noqa: PLC0415

        return {"counts": counted(config, page["seed"], page["size"])}
    marks = Marks(page["began"])
    made = _planned(config, page, marks) if page["strategy"] == "cpsat" else _made(config, page, marks)
    return {**made, "marks": marks.rows}


def _planned(config: Config, page: Mapping[str, Any], marks: Marks) -> dict[str, Any]:
    """What `nandplan plan` does."""
    from planner.run import plan  # noqa: PLC0415

    kind: Callable[..., Any] | None = None
    if page["kind"] == COVER:
        from functools import partial  # noqa: PLC0415

        from model.device import Device  # noqa: PLC0415
        from planner.covering import Covering, CoverRun, Goal  # noqa: PLC0415

        kind = partial(CoverRun, covering=Covering(Device(config), Goal()))
    result = plan(
        config, out=Path(page["out"]), seed=page["seed"], ops=None if page["kind"] == COVER else page["size"],
        date="000101", observer=lambda progress: marks(progress.operations), kind=kind,
    )  # fmt: skip
    run = result.runs[-1]
    counts = run.counts
    return {
        "operations": counts.operations,
        "device_time": counts.device_time / config.clock.ticks_per_us / 1e6,
        "violations": run.report.violations,
        "stages": run.seconds,
    }


def _made(config: Config, page: Mapping[str, Any], marks: Marks) -> dict[str, Any]:
    from planner.bench.making import Making  # noqa: PLC0415

    making, out = Making(config, page["seed"], marks), Path(page["out"])
    if page["strategy"] == "sampler":
        made = making.sampled(out, page["size"], _wanted(page) if page["kind"] == COVER else None)
    elif page["kind"] == COVER:
        made = making.listed_cover(out, candidates)
    else:
        made = making.listed(out, page["size"], candidates)
    return {
        "operations": made.operations,
        "device_time": made.device_time / config.clock.ticks_per_us / 1e6,
        "violations": made.violations,
        "stages": made.seconds,
    }


def _wanted(page: Mapping[str, Any]) -> npt.NDArray[np.bool_]:
    """The cells that can be hit: only asked for to know when to stop."""
    import numpy as np  # noqa: PLC0415

    cells: npt.NDArray[np.bool_] = np.load(page["cells"])
    return cells


def candidates(device: Device) -> npt.NDArray[np.bool_]:
    """The cells of a device that are not proven out of reach."""
    from planner.targets.cells import Status  # noqa: PLC0415
    from planner.targets.reachable import reachability  # noqa: PLC0415

    found: npt.NDArray[np.bool_] = reachability(device).status == Status.OPEN
    return found


def main(file: Path) -> None:
    """Reads the job, carries it out, writes the result beside it."""
    from planner.errors import JudgeRefused, UnusableInput, UnusableOutput  # noqa: PLC0415

    page = json.loads(file.read_text(encoding="utf-8"))
    try:
        made = carry_out(page)
    except (JudgeRefused, UnusableInput, UnusableOutput) as error:
        made = {"error": str(error)}
    file.with_suffix(".made").write_text(json.dumps(made), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
