"""All levels over one file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from model.config.load import examine
from planner.checking.catalogue import ERROR, FEASIBILITY, LEVELS, NOTE, WARNING
from planner.checking.consistency import check_consistency
from planner.checking.feasibility import check_feasibility
from planner.checking.finding import Finding, Notes
from planner.checking.form import found_by_loader, surprises
from planner.checking.ground import Ground

MOST_ERRORS_FOR_SEARCH = 200
MOST_BASES_FOR_SEARCH = 300
"""Beyond these the level feasibility is left out: its answers would be about another device."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a file, in its order. `examined`: the levels that could be looked at."""

    file: str
    findings: tuple[Finding, ...]
    examined: tuple[str, ...]

    def count(self, severity: str) -> int:
        """How many findings have a severity."""
        return Counter(finding.severity for finding in self.findings)[severity]

    @property
    def unreadable(self) -> bool:
        """Whether the file cannot be read as a config at all."""
        return any(finding.kind.stops for finding in self.findings)

    @property
    def summary(self) -> str:
        """`2 errors, 1 warning, 0 notes`."""
        counts = ((self.count(severity), severity) for severity in (ERROR, WARNING, NOTE))
        return ", ".join(f"{many} {word}{'' if many == 1 else 's'}" for many, word in counts)


def check(path: str | Path | None = None, levels: Collection[str] = LEVELS) -> Report:
    """All findings of the wanted levels of a config file; without a path of the shipped one.

    It never raises on what a file holds. Form and consistency read the file to its end; feasibility is about what is
    left of the config without the entries that are wrong.
    """
    examined = examine(path)
    notes = Notes(examined.problems.file)
    notes.found.extend(found_by_loader(examined))
    done = list(LEVELS[:1])
    if examined.root is not None:
        surprises(examined.root, notes)
        if examined.config is not None:
            ground = Ground(examined.root, examined.config, notes)
            check_consistency(examined.root, examined.config, notes)
            done.append(LEVELS[1])
            small = len(examined.config.bases) <= MOST_BASES_FOR_SEARCH
            if FEASIBILITY in levels and small and len(examined.problems.errors) <= MOST_ERRORS_FOR_SEARCH:
                told = [finding.key for finding in notes.found if finding.id == "read-of-nothing"]
                check_feasibility(ground, examined.config, told)
                done.append(FEASIBILITY)
    wanted = [finding for finding in notes.found if finding.kind.level in levels]
    lost = examined.problems.lost
    kept = [finding for finding in wanted if finding.line not in lost or finding.kind.stops]
    return Report(notes.file, in_order(kept), tuple(level for level in done if level in levels))


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Findings by place, each once."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda f: (f.file, f.line, f.column, f.key, f.id, f.message)))
