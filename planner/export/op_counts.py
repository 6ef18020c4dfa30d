"""How often each op_name and op_base stands in the operation sequences of any folders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from model.config import Config
from planner.errors import UnusableInput
from planner.export.text import field
from planner.report import tables

COLUMNS = ("kind", "op_base", "op_name", "count", "frequency")
PATTERN = "operation_sequence*.csv"


def sequences_in(folders: Iterable[Path]) -> list[Path]:
    """All sequence files in folders and below them, each once. UnusableInput: a folder is missing, or has none."""
    found: dict[Path, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            raise UnusableInput(f"{folder}: there is no such folder")
        files = sorted(folder.rglob(PATTERN))
        if not files:
            raise UnusableInput(f"{folder}: there is no {PATTERN} in this folder or below it")
        for file in files:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def count_names(files: Sequence[Path], config: Config) -> dict[str, int]:
    """How often each op_name of the config stands in the files. UnusableInput: an op_name that it does not have."""
    counts = {spec.name: 0 for spec in config.names}
    for file in files:
        frame = tables.read(file, ("op_name",))
        for name, count in frame.group_by("op_name", maintain_order=True).len().rows():
            if name not in counts:
                line = tables.HEADER_LINE + 1 + int((frame["op_name"] == name).arg_max() or 0)
                raise UnusableInput(f"{file}:{line}: op_name {name!r} is not in {config.path}; give --config")
            counts[name] += count
    return counts


def counts_csv(counts: dict[str, int], config: Config) -> str:
    """A table: first the op_bases, then the op_names, the most frequent first; those that never occur, too.

    `frequency`: the share of all operations, 6 decimals.
    """
    total = sum(counts.values())
    bases = {spec.name: 0 for spec in config.bases}
    base_of = {spec.name: spec.base for spec in config.names}
    for name, count in counts.items():
        bases[base_of[name]] += count
    rows = [("op_base", base, "", count) for base, count in bases.items()]
    names = [("op_name", base_of[name], name, count) for name, count in counts.items()]
    ordered = [*sorted(rows, key=lambda row: -row[3]), *sorted(names, key=lambda row: -row[3])]
    lines = [",".join(COLUMNS)]
    for kind, base, name, count in ordered:
        lines.append(f"{kind},{field(base)},{field(name) if name else ''},{count},{count / total if total else 0:.6f}")
    return "\n".join(lines) + "\n"
