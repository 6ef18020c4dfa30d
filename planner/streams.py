"""Random streams: one per site and run, and below it one per window, each the same whatever the others draw."""

from __future__ import annotations

import random

import numpy as np


def of_run(seed: int, site: int, run: int) -> np.random.SeedSequence:
    """The stream of a run of a site."""
    return np.random.SeedSequence(seed, spawn_key=(site, run))


def of_window(seed: int, site: int, run: int, window: int, attempt: int) -> random.Random:
    """The stream of an attempt at a window: a descendant of its run's."""
    below = np.random.SeedSequence(seed, spawn_key=(*of_run(seed, site, run).spawn_key, window, attempt))
    return _random(below)


def of_bootstrap(seed: int, site: int, run: int) -> random.Random:
    """The stream from which a bootstrap draws what it asks for: another one than those of its windows."""
    return _random(of_run(seed, site, run))


def _random(sequence: np.random.SeedSequence) -> random.Random:
    return random.Random(int.from_bytes(sequence.generate_state(4).tobytes(), "little"))


def generator_of_window(seed: int, site: int, run: int, window: int) -> np.random.Generator:
    """A stream of a window for draws of many numbers at once."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(*of_run(seed, site, run).spawn_key, window)))
