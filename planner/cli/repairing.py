"""`nandplan repair`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from planner.cli.common import log, require_file, start_logging
from planner.cli.solving import begin, progress


@dataclass(frozen=True, slots=True)
class Question:
    """The options of `repair` as they were given."""

    sequence: Path
    config: Path | None
    out: Path | None
    snapshot: Path | None
    as_json: bool
    date: str | None


def run(ask: Question, *, verbose: bool, log_file: Path | None) -> int:
    """Repairs a sequence and says what was changed; 1 where nothing makes it legal."""
    start_logging(verbose=verbose, log_file=log_file)
    date, config = begin(ask.config, ask.out, ask.snapshot, ask.date)
    require_file("SEQUENCE", ask.sequence)

    from model.boundary import Boundary  # noqa: PLC0415
    from model.device import Device  # noqa: PLC0415
    from planner.export.snapshot import load_snapshot  # noqa: PLC0415
    from planner.scenario.kept import of_sequence  # noqa: PLC0415
    from planner.scenario.nearest import repaired  # noqa: PLC0415
    from planner.scenario.telling import plain, text  # noqa: PLC0415
    from planner.scenario.writing import write_repaired  # noqa: PLC0415

    start = None if ask.snapshot is None else load_snapshot(ask.snapshot, config)
    boundary = Boundary.fresh(Device(config)) if start is None else start.boundary
    kept = of_sequence(ask.sequence, config, boundary.next_op_uid)
    found = repaired(kept, config, boundary, told=progress("repaired"))
    files = () if ask.out is None else write_repaired(config, found, boundary, start, ask.out, date)
    log.debug("%d operations, %d of them changed", len(found.rows), sum(c.what != "kept" for c in found.changes))
    if ask.as_json:
        print(json.dumps(plain(config, found, files), indent=2))
    else:
        print(f"{ask.sequence}: {text(config, found, files)}")
    return 1 if found.left else 0
