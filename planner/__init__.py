"""The work: what is wanted, when each thing happens, what is written.

    from planner import load, plan

    result = plan(load("my.yaml"), out="out", seed=7, ops=2000)
    print(result.runs[0].counts.operations, result.runs[0].report.legal)
    result.sequence, result.timeline, result.coverage   # DataFrames; a notebook shows `result` as a timeline

`results("out")` gives the same of runs that were planned before.

Importing this package loads neither the solver nor any other heavy library; the first use of a name does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.config import Config, ConfigError, load
    from planner.api import Planned, plan
    from planner.errors import JudgeRefused, UnusableInput, UnusableOutput
    from planner.recorded.results import Results, results
    from planner.run import PlanResult, Progress, RunSummary
else:
    _HOMES = {
        "Config": "model.config",
        "ConfigError": "model.config",
        "JudgeRefused": "planner.errors",
        "PlanResult": "planner.run",
        "Planned": "planner.api",
        "Progress": "planner.run",
        "Results": "planner.recorded.results",
        "RunSummary": "planner.run",
        "UnusableInput": "planner.errors",
        "UnusableOutput": "planner.errors",
        "load": "model.config",
        "plan": "planner.api",
        "results": "planner.recorded.results",
    }

    def __getattr__(name):
        """The name from its home, which is imported now."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_HOMES[name]), name)
        return value

    def __dir__():
        return sorted({*globals(), *_HOMES})


__all__ = [
    "Config",
    "ConfigError",
    "JudgeRefused",
    "PlanResult",
    "Planned",
    "Progress",
    "Results",
    "RunSummary",
    "UnusableInput",
    "UnusableOutput",
    "load",
    "plan",
    "results",
]
