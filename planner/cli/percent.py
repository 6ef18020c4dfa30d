"""How much of a file is written, on a terminal."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator

from planner.progress import CLEAR_LINE

Tell = Callable[[float], None]


@contextlib.contextmanager
def shown_for(name: str, *, quiet: bool = False) -> Iterator[Tell]:
    """A function that takes the share done, 0 to 1, and shows it on stderr where that is a terminal.

    What it showed is gone when the context ends.
    """
    stream = sys.stderr
    if quiet or stream is None or not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda share: None
        return
    last = -1

    def tell(share: float) -> None:
        nonlocal last
        percent = int(100 * share)
        if percent != last:
            last = percent
            stream.write(f"{CLEAR_LINE}{name}: {percent} %")
            stream.flush()

    try:
        yield tell
    finally:
        if last >= 0:
            stream.write(CLEAR_LINE)
            stream.flush()
