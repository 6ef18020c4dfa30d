"""The files of a run, one module per output; `RunWriter` writes them all."""

from planner.export.snapshot import Snapshot, load_snapshot, read_snapshot
from planner.export.writer import Counts, RunWriter, export_replay

__all__ = ["Counts", "RunWriter", "Snapshot", "export_replay", "load_snapshot", "read_snapshot"]
