"""What the judge found: each finding with its evidence, and the counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from model.rules import RULE_IDS

KEPT_PER_RULE = 10_000
"""Findings of a rule that are kept with their evidence; further ones are only counted, so that memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of one rule by one operation.

    `time` in ticks; `die` and `plane` are NOTHING (-1) where none is concerned; `config` is like "config.yaml:123" or
    empty.
    """

    rule: str
    op_uid: int
    time: int
    die: int
    plane: int
    message: str
    config: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The judgement over all operations so far. `counts` counts every finding, also those beyond KEPT_PER_RULE."""

    operations: int
    findings: tuple[Finding, ...]
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def violations(self) -> int:
        """How many findings there are."""
        return sum(self.counts.values())

    @property
    def by_rule(self) -> dict[str, int]:
        """Findings per rule id, in order of the ids."""
        return {rule: self.counts[rule] for rule in sorted(self.counts)}

    @property
    def legal(self) -> bool:
        """Whether nothing was found."""
        return not self.counts


class Findings:
    """The collector, in the order of discovery."""

    __slots__ = ("counts", "kept")

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.kept: list[Finding] = []

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it if its rule has room."""
        count = self.counts.get(finding.rule, 0) + 1
        self.counts[finding.rule] = count
        if count <= KEPT_PER_RULE:
            self.kept.append(finding)

    def report(self, operations: int) -> Report:
        """All findings by time, op_uid, and the catalogue's order of rules."""
        ordered = sorted(self.kept, key=lambda f: (f.time, f.op_uid, RULE_IDS.index(f.rule), f.die, f.plane, f.message))
        return Report(operations, tuple(ordered), dict(self.counts))
