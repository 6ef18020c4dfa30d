"""`python -m planner.cli` is `nandplan`."""

from planner.cli import main

main()
