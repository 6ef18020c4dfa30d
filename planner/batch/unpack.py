"""The files of single runs again, out of the packs of a campaign: byte for byte what they were."""

from __future__ import annotations

from pathlib import Path

from planner.errors import UnusableInput
from planner.export.files import RunFiles
from planner.recorded.campaigns import record_of
from planner.recorded.packs import PackedSite, packed_in


def unpack(folder: Path, into: Path, *, site: int | None = None, run: int | None = None) -> int:
    """Writes the files of packed runs of a campaign (only of a site, only of one run) below a folder.

    Returns how many. UnusableInput: no packs there; UnusableOutput.
    """
    name = "site_*" if site is None else f"site_{site:02d}"
    packs = [packed for found in sorted(folder.glob(name)) if (packed := _packed(found)) is not None]
    if not packs:
        raise UnusableInput(f"{folder}: there are no packs in {name}")
    count = 0
    for packed in packs:
        for number, file, content in packed.content():
            if run is None or run == number:
                _write(into / packed.folder.name, file, content)
                count += 1
    return count


def _packed(folder: Path) -> PackedSite | None:
    record = record_of(folder)
    return packed_in(folder, record.ends if record is not None else None)


def _write(folder: Path, name: str, content: bytes) -> None:
    files = RunFiles(folder)
    try:
        files.create(name)
        files.write(name, content)
        files.publish()
    finally:
        files.discard()
