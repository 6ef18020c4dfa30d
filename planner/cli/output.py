"""Standard output that fails with one clear message, and that a reader may leave."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any, TextIO, cast

from planner.errors import UnusableOutput

NAME = "standard output"


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Guards sys.stdout while a command runs, and flushes it. UnusableOutput: it cannot be written."""
    if sys.stdout is None:
        raise UnusableOutput(NAME, "it is closed")
    guard = _Guarded(sys.stdout)
    with contextlib.redirect_stdout(cast(TextIO, guard)):
        yield
        guard.flush()


class _Guarded:
    """A text stream whose failure is UnusableOutput. A reader that went away is none: the rest is thrown away."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._failure: UnusableOutput | None = None

    def write(self, text: str) -> int:
        with self._told():
            return self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with self._told():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """A failure comes again each time: libraries try a stream out, and swallow what they meet."""
        if self._failure is not None:
            raise self._failure
        try:
            yield
        except BrokenPipeError:
            self._hush()
        except OSError as error:
            self._hush()
            self._failure = UnusableOutput(NAME, error)
            raise self._failure from None

    def _hush(self) -> None:
        """What waits in the stream would fail once more when the program ends."""
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
