"""One supervisor per campaign."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from planner.batch.ledger import Ledger
from planner.batch.lock import Lock, _born
from planner.errors import UnusableInput


@pytest.fixture
def ledger(room: Path) -> Ledger:
    """An open ledger."""
    return Ledger(room / "campaign.sqlite", shape=(1, 1, 10))


def silent(text: str) -> None:
    """Tells nothing."""


def no_wait(seconds: float) -> None:
    """Waits for nothing."""


def held_by(ledger: Ledger, **changes: Any) -> None:
    """Enters another holder: this process, on this machine, with changes."""
    mine = Lock(ledger, silent)
    holder = ledger.holder()
    mine.release()
    assert holder is not None
    with ledger.writing():
        ledger.hold({**holder, "token": "theirs", **changes})


def dead_process() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_campaign_that_someone_works_on_is_refused(ledger: Ledger) -> None:
    other = os.getppid()
    held_by(ledger, pid=other, born=_born(other))
    with pytest.raises(UnusableInput, match=rf"process {other} is working on this campaign"):
        Lock(ledger, silent)


def test_this_process_does_not_take_its_own_lock_twice(ledger: Ledger) -> None:
    lock = Lock(ledger, silent)
    with pytest.raises(UnusableInput, match=rf"process {os.getpid()} is working on this campaign"):
        Lock(ledger, silent)
    lock.release()


def test_a_lock_that_could_not_be_given_back_is_taken_over(ledger: Ledger) -> None:
    held_by(ledger)
    told: list[str] = []
    Lock(ledger, told.append)
    assert "taken over" in told[0]


def test_the_lock_of_a_dead_process_is_taken_over_with_a_message(ledger: Ledger) -> None:
    held_by(ledger, pid=dead_process())
    told: list[str] = []
    lock = Lock(ledger, told.append)
    assert [text.partition(": ")[2].partition(" from ")[0] for text in told] == ["taken over"]
    holder = ledger.holder()
    assert holder is not None
    assert holder["token"] == lock.token


def test_another_process_with_the_number_of_the_holder_is_not_the_holder(ledger: Ledger) -> None:
    held_by(ledger, born="1")
    lock = Lock(ledger, silent)
    holder = ledger.holder()
    assert holder is not None
    assert holder["token"] == lock.token


def test_a_holder_on_another_machine_is_believed_as_long_as_its_heart_beats(ledger: Ledger) -> None:
    held_by(ledger, place="elsewhere", pid=dead_process())

    def beating(seconds: float) -> None:
        assert ledger.beat("theirs")

    with pytest.raises(UnusableInput, match="is working on this campaign"):
        Lock(ledger, silent, sleep=beating)


def test_a_silent_holder_on_another_machine_is_gone(ledger: Ledger) -> None:
    held_by(ledger, place="elsewhere")
    told: list[str] = []
    Lock(ledger, told.append, sleep=no_wait)
    assert "waiting 10 s for a sign of life" in told[0]
    assert "taken over" in told[1]


def test_who_has_lost_the_lock_stops_at_the_next_heartbeat(ledger: Ledger) -> None:
    lock = Lock(ledger, silent, pause=0.01)
    lock.keep()
    with ledger.writing():
        ledger.hold({"token": "theirs", "owner": "x", "place": "y", "pid": 1, "born": "", "beat": 0})
    with pytest.raises(UnusableInput, match="somebody else has taken this campaign over"):  # noqa: PT012
        while True:
            lock.keep()
            time.sleep(0.01)


def test_a_released_lock_is_free(ledger: Ledger) -> None:
    Lock(ledger, silent).release()
    assert ledger.holder() is None
