"""One file per command: its options and its help. What a command does is imported when it runs.

The order here is the order in the help.
"""

from planner.cli.commands import plan, batch, status, unpack, verify, check, explain, coverage, report  # isort: skip
from planner.cli.commands import show, plot, export, config, schema, rules  # isort: skip
from planner.cli.commands import solve, repair, bench  # isort: skip

__all__ = [
    "batch",
    "bench",
    "check",
    "config",
    "coverage",
    "explain",
    "export",
    "plan",
    "plot",
    "repair",
    "report",
    "rules",
    "schema",
    "show",
    "solve",
    "status",
    "unpack",
    "verify",
]
