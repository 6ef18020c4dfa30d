"""Before a campaign goes on: which runs are left, by the ledger and by the files that are there."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from planner.batch.campaign import Campaign, site_folder
from planner.batch.job import HIDDEN, FileMade
from planner.batch.ledger import Ledger
from planner.batch.members import is_member, pack_of
from planner.batch.packing import SitePacks
from planner.batch.rows import Row
from planner.export.snapshot import stem

_MEMBER = re.compile(r"\w+_(\d{7,})\.(?:csv|json)\.gz")
_SNAPSHOT = re.compile(r"state_snapshot_(\d{7,})\.(?:npy|json)")


@dataclass(slots=True)
class SiteLeft:
    """What is left of a site: `gaps` before `fresh`, from where on nothing is known; `lost`: gaps that were done."""

    gaps: list[int] = field(default_factory=list)
    fresh: int = 1
    lost: list[int] = field(default_factory=list)


class Survey:
    """Looks at one site after the other. `rehash`: contents are compared, too, not only sizes."""

    def __init__(self, campaign: Campaign, out: Path, ledger: Ledger, *, rehash: bool) -> None:
        self._campaign, self._out, self._ledger, self._rehash = campaign, out, ledger, rehash

    def site(self, site: int) -> tuple[SiteLeft, SitePacks | None]:
        """What is left of a site, and its packs; leftovers of unfinished runs are swept away."""
        folder = site_folder(self._out, site)
        sound = self._sound_packs(site, folder)
        left = SiteLeft()
        for row in self._ledger.runs(site):
            left.gaps.extend(range(left.fresh, row.run))
            left.fresh = row.run + 1
            if row.state != "done" or not self._is_there(folder, row, sound):
                left.gaps.append(row.run)
                if row.state == "done":
                    left.lost.append(row.run)
        self._complete(left, site, folder)
        sound = self._reopened(left, site, sound)
        ends = self._ledger.run(site, sound).packs if sound else {}  # type: ignore[union-attr]
        sweep(folder, self._campaign, sound, self._newest(left))
        return left, None if self._campaign.pack is None else SitePacks(self._out, site, sound, ends)

    # -- packs ---------------------------------------------------------------------------------------------------

    def _sound_packs(self, site: int, folder: Path) -> int:
        """The last run up to which the packs of a site, or what stands in place of them, are whole."""
        converted = self._ledger.converted(site)
        whole = {pack for pack, made in converted.items() if self._is_whole(folder, made)}
        sound = 0
        ends: dict[str, int] = {}
        sizes: dict[str, int] = {}
        for row in self._ledger.runs(site):
            if row.run != sound + 1 or row.state != "done" or not row.packs:
                break
            for pack, end in row.packs.items():
                if pack not in sizes:
                    sizes[pack] = _size(folder / pack)
                if sizes[pack] < end and pack not in whole:
                    return sound
            if self._rehash and not _members_are_sound(folder, row, ends, whole):
                return sound
            ends, sound = dict(row.packs), row.run
        return sound

    def _reopened(self, left: SiteLeft, site: int, sound: int) -> int:
        """Runs come into packs in their order: those above the first gap have to come in again."""
        lowest = min(left.gaps, default=left.fresh)
        if lowest <= sound:
            again = set(range(lowest, sound + 1)) - set(left.gaps)
            left.lost = sorted({*left.lost, *again})
            left.gaps = sorted({*left.gaps, *again})
        return min(sound, lowest - 1)

    # -- files ---------------------------------------------------------------------------------------------------

    def _is_there(self, folder: Path, row: Row, sound: int) -> bool:
        if row.packs:
            return row.run <= sound
        return all(self._is_whole(folder, made) for made in row.files if not self._is_passing(made))

    def _is_passing(self, made: FileMade) -> bool:
        """Whether a file need not be there any more."""
        return made.name.startswith("snapshots/") and not self._campaign.keeps_snapshots

    def _is_whole(self, folder: Path, made: FileMade) -> bool:
        path = folder / made.name
        if _size(path) != made.size:
            return False
        return not self._rehash or hashlib.sha256(path.read_bytes()).hexdigest() == made.sha256

    # -- what a run starts from ----------------------------------------------------------------------------------

    def _complete(self, left: SiteLeft, site: int, folder: Path) -> None:
        """Adds the runs whose snapshots are needed and not there."""
        gaps = set(left.gaps)
        needed = [run for run in (*left.gaps, left.fresh) if run <= self._campaign.last + 1]
        while needed:
            start = self._campaign.start_of(needed.pop())
            if start and start < left.fresh and start not in gaps and not self._has_snapshot(site, folder, start):
                gaps.add(start)
                left.lost.append(start)
                needed.append(start)
        left.gaps = sorted(gaps)

    def _has_snapshot(self, site: int, folder: Path, run: int) -> bool:
        row = self._ledger.run(site, run)
        files = [made for made in row.files if made.name.startswith("snapshots/")] if row else []
        return bool(files) and all(self._is_whole(folder, made) for made in files)

    def _newest(self, left: SiteLeft) -> frozenset[int]:
        """The runs whose snapshots something starts from."""
        runs = [run for run in (*left.gaps, left.fresh) if run <= self._campaign.last + 1]
        return frozenset(self._campaign.start_of(run) for run in runs)


def sweep(folder: Path, campaign: Campaign, packed: int, needed: frozenset[int]) -> None:
    """Removes what unfinished runs left behind, members that are in a pack, and snapshots that nobody needs."""
    sweep_unfinished(folder)
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        match = _MEMBER.fullmatch(path.name)
        if match is not None and int(match[1]) <= packed:
            path.unlink(missing_ok=True)
    if not campaign.keeps_snapshots and (folder / "snapshots").is_dir():
        for path in (folder / "snapshots").iterdir():
            match = _SNAPSHOT.fullmatch(path.name)
            if match is not None and int(match[1]) not in needed:
                path.unlink(missing_ok=True)


def sweep_unfinished(folder: Path) -> None:
    """Removes the hidden folders of a site."""
    for path in [*folder.glob(f"{HIDDEN}*"), *folder.glob(".pack_*")]:
        shutil.rmtree(path, ignore_errors=True)


def drop_snapshot(out: Path, site: int, run: int) -> None:
    """Removes the snapshot of a run."""
    for suffix in (".json", ".npy"):
        with contextlib.suppress(OSError):
            (site_folder(out, site) / "snapshots" / f"{stem(run)}{suffix}").unlink()


def _members_are_sound(folder: Path, row: Row, before: dict[str, int], converted: set[str]) -> bool:
    """Whether the members of a run in the packs have their hashes; `before`: where they begin."""
    for made in row.files:
        pack = pack_of(made.name, row.run)
        if not is_member(made.name) or pack in converted:
            continue
        with (folder / pack).open("rb") as file:
            file.seek(before.get(pack, 0))
            if hashlib.sha256(file.read(made.size)).hexdigest() != made.sha256:
                return False
    return True


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
