"""The files of one run: hidden while they are written, all under their names at once."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from planner.errors import UnusableOutput


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns an OSError into UnusableOutput, which names the file."""
    try:
        yield
    except OSError as error:
        raise UnusableOutput(path, error) from error


class RunFiles:
    """Opens, fills and publishes files below a folder. UnusableOutput: the folder or a file cannot be written."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._open: dict[str, BinaryIO] = {}
        self._made: list[Path] = []
        with writing(out):
            out.mkdir(parents=True, exist_ok=True)

    def create(self, name: str) -> None:
        """Begins the file `name` (relative to the folder) under a hidden name."""
        hidden = self._hidden(name)
        with writing(self.out / name):
            hidden.parent.mkdir(parents=True, exist_ok=True)
            self._open[name] = hidden.open("wb", buffering=1 << 20)
        self._made.append(hidden)

    def write(self, name: str, text: str | bytes) -> None:
        """Adds to a file that was begun."""
        with writing(self.out / name):
            self._open[name].write(text.encode() if isinstance(text, str) else text)

    def so_far(self, name: str) -> Path:
        """Where a file that was begun is for now, with all that was added to it."""
        with writing(self.out / name):
            self._open[name].flush()
        return self._hidden(name)

    def publish(self) -> tuple[Path, ...]:
        """Puts all files on the disk and under their names, in the order in which they were begun."""
        for name, file in self._open.items():
            with writing(self.out / name):
                file.flush()
                os.fsync(file.fileno())
                file.close()
        published: list[Path] = []
        try:
            for name in self._open:
                with writing(self.out / name):
                    os.replace(self._hidden(name), self.out / name)
                published.append(self.out / name)
        except BaseException:  # a Ctrl-C between two names, too
            for path in published:
                path.unlink(missing_ok=True)
            raise
        self._sync_folders(published)
        self._open.clear()
        return tuple(published)

    def discard(self) -> None:
        """Removes everything that was not published. May be called at any time, also twice."""
        for file in self._open.values():
            with contextlib.suppress(OSError, ValueError):
                file.close()
        for hidden in self._made:
            with contextlib.suppress(OSError):
                hidden.unlink(missing_ok=True)
        self._open.clear()
        self._made.clear()

    def _hidden(self, name: str) -> Path:
        path = self.out / name
        return path.with_name(f".{path.name}.part")

    @staticmethod
    def _sync_folders(published: list[Path]) -> None:
        for folder in dict.fromkeys(path.parent for path in published):
            with contextlib.suppress(OSError):
                handle = os.open(folder, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)
