"""Samples made by hand."""

from __future__ import annotations

from planner.bench.sample import COVER, RATE, WINDOWS, Job, Point, Sample


def rate(strategy: str, wall: float, *, size: int = 100, seed: int = 1, instance: str = "a", **more: object) -> Sample:
    """A run of `size` operations that took so many seconds."""
    given: dict[str, object] = {"operations": size, "wall": wall, "memory": 50.0, **more}
    return Sample(Job(RATE, instance, strategy, size, seed), **given)  # type: ignore[arg-type]


def cover(strategy: str, curve: list[tuple[int, float]], *, seed: int = 1, **more: object) -> Sample:
    """A run for coverage of 100 cells with a curve of (operations, share); one operation is 1 ms, takes 10 us."""
    operations, share = curve[-1]
    reached = {}
    for wanted in (0.9, 0.95, 0.99, 1.0):
        there = [count for count, so_far in curve if so_far >= wanted]
        if there:
            reached[wanted] = Point(there[0], there[0] / 1e5, there[0] / 1e3)
    given: dict[str, object] = {
        "operations": operations, "wall": operations / 1e3, "cells": round(100 * share), "candidates": 100,
        "curve": tuple(curve), "reached": reached, **more,
    }  # fmt: skip
    return Sample(Job(COVER, "a", strategy, 1000, seed), **given)  # type: ignore[arg-type]


def windows(chosen: int, whole: int, modest: int, cpsat: int, seed: int = 1) -> Sample:
    """Windows put to list scheduling and CP-SAT."""
    counts = {"chosen": chosen, "whole": whole, "modest": modest, "cpsat": cpsat}
    return Sample(Job(WINDOWS, "a", "greedy", 2000, seed), counts=counts)
