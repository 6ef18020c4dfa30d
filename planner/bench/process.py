"""A job in a fresh process on one core: how long it takes, and how much memory it needs at most."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.coverage.kept import FOLDER as CACHE

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: `made` is what it told, None where it was stopped at the cap (`capped`) or broke off."""

    wall: float
    memory: float
    made: Mapping[str, Any] | None
    capped: bool
    message: str


class Processes:
    """Runs jobs one after the other in processes that share a cache of what depends on the config only."""

    def __init__(self, folder: Path, cap: float) -> None:
        self.folder, self._cap = folder, cap
        self.run = folder / "run"
        self._cache = folder / "cache"
        self._cache.mkdir(parents=True, exist_ok=True)

    def carry_out(self, page: Mapping[str, Any]) -> Ended:
        """A job; its files stay in `run` until the next one. KeyboardInterrupt: the process is stopped before."""
        shutil.rmtree(self.run, ignore_errors=True)
        self.run.mkdir()
        file = self.folder / "job.json"
        file.with_suffix(".made").unlink(missing_ok=True)
        began = time.time()
        file.write_text(json.dumps({**page, "out": str(self.run), "began": began}), encoding="utf-8")
        with (self.folder / "stderr").open("w+b") as told:
            child = subprocess.Popen(
                [sys.executable, "-m", "planner.bench.child", str(file)], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=told, start_new_session=True,
                env={**os.environ, CACHE: str(self._cache), "PYTHONPATH": _path()},
            )  # fmt: skip
            wall, memory, capped = self._wait(child, began)
            told.seek(0)
            last = told.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
        made = _read(file.with_suffix(".made"))
        message = str(made["error"]) if made and "error" in made else last
        return Ended(wall, memory, None if made is None or "error" in made else made, capped, message)

    def _wait(self, child: subprocess.Popen[bytes], began: float) -> tuple[float, float, bool]:
        """Waits for the end of a process, and ends it at the cap."""
        bind(child.pid)
        stopped: list[bool] = []

        def stop() -> None:
            stopped.append(True)
            child.kill()

        timer = threading.Timer(self._cap, stop)
        timer.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:
            child.kill()
            child.wait()
            raise
        finally:
            timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        scale = 1 if sys.platform == "darwin" else 1024
        return time.time() - began, usage.ru_maxrss * scale / MIB, bool(stopped)


def bind(pid: int) -> None:
    """Binds a process to one core where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):
            os.sched_setaffinity(pid, {min(os.sched_getaffinity(0))})


def _path() -> str:
    """So that the child finds this very package."""
    root = str(Path(__file__).resolve().parents[2])
    return os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])


def _read(file: Path) -> dict[str, Any] | None:
    try:
        made: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return made
