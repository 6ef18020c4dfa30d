"""`nandplan verify`."""

from __future__ import annotations

import gc
import json
from dataclasses import dataclass
from pathlib import Path

from planner.cli.common import log, read_config, start_logging

FEW_COLLECTIONS = 100_000
"""New objects between two collections: judging makes little garbage that only the collector finds."""


@dataclass(frozen=True, slots=True)
class Question:
    """The options of `verify` as they were given."""

    paths: tuple[Path, ...]
    config: Path | None
    snapshot: Path | None
    as_json: bool
    open_end: bool
    fresh: bool
    examples: int | None


def run(ask: Question, *, verbose: bool, log_file: Path | None) -> int:
    """Judges the files and says what was found; 1 if anything was."""
    start_logging(verbose=verbose, log_file=log_file)
    config = read_config(ask.config)

    from planner.verify import EXAMPLES, verify  # noqa: PLC0415

    gc.set_threshold(FEW_COLLECTIONS)
    verdict = verify(ask.paths, config, snapshot=ask.snapshot, open_end=ask.open_end, fresh=ask.fresh)
    log.debug("%d operations judged, %d violations", verdict.operations, verdict.violations)
    if ask.as_json:
        print(json.dumps(verdict.to_json(ask.examples), indent=2))
    else:
        what = str(ask.paths[0]) if len(ask.paths) == 1 else f"{len(ask.paths)} paths"
        print(f"{what}: {verdict.text(EXAMPLES if ask.examples is None else ask.examples)}")
    return 0 if verdict.legal else 1
