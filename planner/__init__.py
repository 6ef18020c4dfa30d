"""The work: what is wanted, when each thing happens, what is written.

    from planner import load, plan

    result = plan(load("my.yaml"), out="out", seed=7, ops=2000)
    print(result.runs[0].counts.operations, result.runs[0].report.legal)

Importing this package loads neither the solver nor any other heavy library; the first use of a name does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.config import Config, ConfigError, load
    from planner.api import plan
    from planner.errors import JudgeRefused, UnusableInput, UnusableOutput
    from planner.run import PlanResult, Progress, RunSummary
else:
    _HOMES = {
        "Config": "model.config",
        "ConfigError": "model.config",
        "JudgeRefused": "planner.errors",
        "PlanResult": "planner.run",
        "Progress": "planner.run",
        "RunSummary": "planner.run",
        "UnusableInput": "planner.errors",
        "UnusableOutput": "planner.errors",
        "load": "model.config",
        "plan": "planner.api",
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
    "Progress",
    "RunSummary",
    "UnusableInput",
    "UnusableOutput",
    "load",
    "plan",
]
