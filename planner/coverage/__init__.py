"""Coverage: counting hits, what they come to, and recounting them from finished files."""

from planner.coverage.counting import BINS, HitCounter, cells_only

__all__ = ["BINS", "HitCounter", "cells_only"]
