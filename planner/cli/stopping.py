"""Signals that ask the program to end: it ends as after Ctrl-C, and its exit code names the signal."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

ASKED = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""SIGHUP: the terminal is closed; nohup makes it ignored, and then it stays so."""


class Signalled(KeyboardInterrupt):
    """A signal asked for the end. Whoever handles Ctrl-C handles it."""


class Stopping:
    """Which signal came, if any."""

    def __init__(self) -> None:
        self.number: int | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """The handler. A second signal does not disturb the clearing up after the first."""
        if self.number is None:
            self.number = number
            raise Signalled

    def code(self, code: int, interrupted: int) -> int:
        """The exit code of a command that ended with `code`: 128 and the signal, where that is what ended it."""
        return 128 + self.number if self.number is not None and code == interrupted else code


@contextlib.contextmanager
def stoppable() -> Iterator[Stopping]:
    """While it lasts, signals that would end this process at once raise Signalled instead."""
    stopping = Stopping()
    if threading.current_thread() is not threading.main_thread():
        yield stopping
        return
    ours = [number for number in ASKED if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, stopping)
    try:
        yield stopping
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
