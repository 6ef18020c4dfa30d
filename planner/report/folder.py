"""Which runs lie in a folder, and where their files are."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.errors import UnusableInput

SEQUENCE = re.compile(r"operation_sequence_(\d{6})_(\d{7})\.csv")
SITE = re.compile(r"site_(\d{2,})")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One run: the folder of its files, and the date and number in their names."""

    folder: Path
    date: str
    run: int

    def table(self, name: str) -> Path:
        """Where a table is, if it is there."""
        return self.folder / f"{name}_{self.date}_{self.run:07d}.csv"

    @property
    def site(self) -> int | None:
        """The number of the site, where the folder is one."""
        found = SITE.fullmatch(self.folder.resolve().name)
        return int(found.group(1)) if found else None

    @property
    def page(self) -> Path:
        """Where the run's page is written unless told otherwise, if several runs share the folder."""
        return self.folder / f"report_{self.date}_{self.run:07d}.html"

    def summary(self) -> dict[str, Any]:
        """What `run_*.json` says; empty where there is none. UnusableInput: it is not readable as that."""
        path = self.folder / f"run_{self.run:07d}.json"
        if not path.is_file():
            return {}
        try:
            page = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UnusableInput(f"{path}: not readable as JSON: {error}") from None
        if not isinstance(page, dict):
            raise UnusableInput(f"{path}: not the summary of a run; allowed: a JSON object")
        return page


def runs_in(folder: Path) -> list[RunFolder]:
    """The runs whose operation_sequence lies in the folder, by number, then date."""
    found = (SEQUENCE.fullmatch(path.name) for path in folder.iterdir() if path.is_file())
    runs = [RunFolder(folder, name.group(1), int(name.group(2))) for name in found if name is not None]
    return sorted(runs, key=lambda run: (run.run, run.date))


def sites_in(folder: Path) -> list[Path]:
    """The folders `site_NN` in a folder, by number."""
    found = [(SITE.fullmatch(path.name), path) for path in folder.iterdir() if path.is_dir()]
    return [path for number, path in sorted((int(name.group(1)), path) for name, path in found if name is not None)]


def require_folder(folder: Path) -> None:
    """UnusableInput: there is no such folder."""
    if not folder.is_dir():
        raise UnusableInput(f"{folder}: there is no such folder; allowed: the folder of a run, or of a campaign")
