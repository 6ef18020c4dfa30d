"""One file per command: its options and its help. What a command does is imported when it runs.

The order here is the order in the help.
"""

from planner.cli.commands import plan, verify, config, rules  # isort: skip

__all__ = ["config", "plan", "rules", "verify"]
