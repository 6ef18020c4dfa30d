"""A search ends by conflicts, by its seconds, or by Ctrl-C, and tells which of them it was."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from planner.window.logic import Logic
from planner.window.statements import Effort, search


def hard() -> Logic:
    """Fourteen pigeons and thirteen holes: no solver without symmetry breaking is done with it soon."""
    logic = Logic(1_000)
    places = [[logic.boolean() for _ in range(13)] for _ in range(14)]
    for pigeon in places:
        logic.require_any(list(pigeon))
    for hole in zip(*places, strict=True):
        for number, one in enumerate(hole):
            for other in hole[:number]:
                logic.deny(one, other)
    return logic


def test_a_search_that_is_capped_by_conflicts_is_not_late() -> None:
    found = search(hard(), Effort(50, 600.0, 0, 100.0), presolve=False)
    assert not found.values
    assert not found.impossible
    assert not found.late


def test_a_search_whose_seconds_run_out_is_late() -> None:
    found = search(hard(), Effort(1_000_000_000, 0.05, 0, 1e6), presolve=False)
    assert not found.impossible
    assert found.late


def test_ctrl_c_ends_a_search() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may ignore it
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            search(hard(), Effort(1_000_000_000, 60.0, 0, 1e6), presolve=False)
    finally:
        timer.join()
        signal.signal(signal.SIGINT, before)
