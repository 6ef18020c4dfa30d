"""The independent judge of operation sequences."""

from model.judge.judge import Judge
from model.judge.report import Finding, Report

__all__ = ["Finding", "Judge", "Report"]
