"""Who carries out the runs of a campaign."""

from __future__ import annotations

from typing import Protocol

from planner.batch.job import Job, Outcome


class Executor(Protocol):
    """Takes jobs, and gives every one of them back as an outcome, in any order."""

    @property
    def free(self) -> int:
        """How many jobs it would take now."""

    def submit(self, job: Job) -> None:
        """Takes a job; only where it is free."""

    def outcomes(self, timeout: float) -> list[Outcome]:
        """What has come back; waits up to `timeout` seconds for the first."""

    def close(self) -> None:
        """Ends all workers at once; what they were at is lost."""
