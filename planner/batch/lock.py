"""One supervisor per campaign: a lock in the ledger, with its owner and a heartbeat."""

from __future__ import annotations

import contextlib
import getpass
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from planner.batch.ledger import Ledger
from planner.errors import UnusableInput, UnusableOutput

BEAT = 2.0
"""Seconds between two heartbeats."""
SILENCE = 10.0
"""A holder on another machine that gives no sign of life for so long (seconds) is gone."""
_held: set[str] = set()
"""The tokens of the locks that this process holds: one that a full disk did not let it give back is not among them."""


class Lock:
    """The lock of a campaign, held from its creation to `release`. UnusableInput: someone else holds it."""

    def __init__(
        self,
        ledger: Ledger,
        tell: Callable[[str], None],
        *,
        sleep: Callable[[float], None] = time.sleep,
        pause: float = BEAT,
    ) -> None:
        self._ledger, self._pause = ledger, pause
        self.token = uuid.uuid4().hex
        self._me = {
            "token": self.token, "owner": f"{_user()}@{socket.gethostname()}", "place": _place(), "pid": os.getpid(),
            "born": _born(os.getpid()), "beat": 0,
        }  # fmt: skip
        while not self._taken(tell, sleep):
            pass
        _held.add(self.token)
        self._lost, self._stop = False, threading.Event()
        self._heart = threading.Thread(target=self._beat, daemon=True)
        self._heart.start()

    def _taken(self, tell: Callable[[str], None], sleep: Callable[[float], None]) -> bool:
        holder = self._ledger.holder()
        if holder is not None:
            self._require_gone(holder, tell, sleep)
        with self._ledger.writing():
            if self._ledger.holder() != holder:  # somebody else was faster
                return False
            self._ledger.hold(self._me)
        if holder is not None:
            tell(f"{self._ledger.path}: taken over from {named(holder)}, which is gone")
        return True

    def _require_gone(
        self, holder: dict[str, Any], tell: Callable[[str], None], sleep: Callable[[float], None]
    ) -> None:
        if holder["place"] == self._me["place"]:
            gone = is_gone(holder)
        else:
            tell(f"{self._ledger.path}: held by {named(holder)}; waiting {SILENCE:.0f} s for a sign of life")
            sleep(SILENCE)
            gone = self._ledger.holder() == holder
        if not gone:
            raise UnusableInput(f"{self._ledger.path}: {named(holder)} is working on this campaign")

    def _beat(self) -> None:
        """Gives signs of life until it is stopped, or the lock is lost. A full disk does not end it."""
        while not self._stop.wait(self._pause) and not self._lost:
            with contextlib.suppress(UnusableOutput):
                ledger = Ledger(self._ledger.path)
                try:
                    self._lost = not ledger.beat(self.token)
                finally:
                    ledger.close()

    def keep(self) -> None:
        """UnusableInput: the lock was taken over."""
        if self._lost:
            raise UnusableInput(f"{self._ledger.path}: somebody else has taken this campaign over")

    def release(self) -> None:
        """Gives the lock back; on a full disk it stays, and is taken over later."""
        self._stop.set()
        self._heart.join()
        _held.discard(self.token)
        with contextlib.suppress(UnusableOutput):
            self._ledger.release(self.token)


def is_gone(holder: dict[str, Any]) -> bool:
    """Whether a holder of the lock was a process of this machine, and is no more, or this one, and has let it go."""
    if holder["place"] != _place():
        return False
    if holder["pid"] == os.getpid() and holder["born"] == _born(os.getpid()):
        return holder["token"] not in _held
    return not _lives(holder["pid"], holder["born"])


def named(holder: dict[str, Any]) -> str:
    """A holder of the lock, in words."""
    return f"{holder['owner']}, process {holder['pid']}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def _place() -> str:
    """The machine, and the numbering of processes on it: containers may share a name."""
    try:
        return f"{socket.gethostname()} {os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return socket.gethostname()


def _born(pid: int) -> str:
    """When a process was started, as the system counts it; empty where it does not tell."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _lives(pid: int, born: str) -> bool:
    """Whether this very process lives: another one may have its number by now."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _born(pid) == born and not _is_dead(pid)


def _is_dead(pid: int) -> bool:
    """Whether a process has ended and only waits for its parent to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False
