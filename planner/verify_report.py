"""What judging finished files has found, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from model.judge import Finding, Report

if TYPE_CHECKING:
    from model.units import Clock

EXAMPLES = 3
"""Findings per rule that a report for people shows, unless it is told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict(Report):
    """A report on files: times are those of `clock`; `counts` has every finding, `notes` what was left aside."""

    clock: Clock
    notes: tuple[str, ...] = ()

    def to_json(self, examples: int | None = None) -> dict[str, Any]:
        """Plain data; times in us as numbers, None where no die or plane is concerned.

        All findings that were kept, or at most so many examples of each rule.
        """
        return {
            "legal": self.legal,
            "operations": self.operations,
            "violations": self.violations,
            "by_rule": self.by_rule,
            "findings": [self._plain(finding) for finding in self._shown(examples)],
            "notes": list(self.notes),
        }

    def _plain(self, finding: Finding) -> dict[str, Any]:
        return {
            "rule": finding.rule,
            "op_uid": finding.op_uid,
            "time": float(self.clock.us(finding.time)),
            "die": None if finding.die < 0 else finding.die,
            "plane": None if finding.plane < 0 else finding.plane,
            "message": finding.message,
            "config": finding.config,
        }

    def _shown(self, examples: int | None) -> Iterator[Finding]:
        seen: dict[str, int] = {}
        for finding in self.findings:
            seen[finding.rule] = seen.get(finding.rule, 0) + 1
            if examples is None or seen[finding.rule] <= examples:
                yield finding

    def text(self, examples: int = EXAMPLES) -> str:
        """A report for people: counts per rule, then at most so many examples of each."""
        return "\n".join(self._lines(examples))

    def _lines(self, examples: int) -> Iterator[str]:
        if self.legal:
            yield f"{self.operations:,} operations, legal"
        else:
            yield f"{self.operations:,} operations, {self.violations:,} violations of {len(self.counts)} rules"
        for rule, count in self.by_rule.items():
            yield f"  {rule}: {count:,}"
        kept = tuple(self._shown(examples))
        for rule, count in self.by_rule.items():
            shown = [finding for finding in kept if finding.rule == rule]
            if shown:
                yield f"[{rule}]"
            for finding in shown:
                place = f" ({finding.config})" if finding.config else ""
                yield f"  {self.clock.us(finding.time)} us: {finding.message}{place}"
            if 0 < len(shown) < count:
                yield f"  and {count - len(shown):,} more"
        yield from self.notes
