"""The state snapshot: the boundary of a history as a JSON file and a block array, enough to go on exactly."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from model.boundary import Blocks, Boundary, CacheProgram, CacheRead, DieState, LiveOp, PlaneState, Register, Shot
from model.config import Config
from model.event import NOTHING
from model.geometry import Geometry, planes_in
from model.operations import Catalogue
from planner.errors import SnapshotError

SCHEMA = 1
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot: its place in the series (seed, stream position, run), and the boundary.

    `document` and `blocks` are the same as plain data: the JSON and the array [dies, blocks, 3] of kind, celltype,
    last page. `path` is the file that it was read from.
    """

    seed: int
    stream: int
    run: int
    boundary: Boundary
    document: dict[str, Any]
    blocks: npt.NDArray[np.int16]
    path: Path | None = None


def stem(run: int) -> str:
    """The name of a run's snapshot, without folder and suffix."""
    return f"state_snapshot_{run:07d}"


def taken(config: Config, boundary: Boundary, *, seed: int, stream: int, run: int) -> Snapshot:
    """The snapshot of a boundary. ValueError: something that holds nothing has not ended (it has no place there)."""
    if boundary.passing:
        raise ValueError("a snapshot is taken only where nothing is being sent")
    blocks = block_array(boundary.blocks)
    words = _Words.of(config)
    document = {
        "schema": SCHEMA,
        "config": config.digest,
        "seed": seed,
        "stream": stream,
        "run": run,
        "time": boundary.time,
        "time_us": config.clock.us(boundary.time),
        "next_op_uid": boundary.next_op_uid,
        "odt_disabled": boundary.odt_disabled,
        "dies": [words.die(die) for die in boundary.dies],
        "blocks": {"file": f"{stem(run)}.npy", "sha256": hashlib.sha256(_npy(blocks)).hexdigest()},
    }
    return Snapshot(seed, stream, run, boundary, document, blocks)


def encode(config: Config, boundary: Boundary, *, seed: int, stream: int, run: int) -> tuple[bytes, bytes]:
    """The snapshot of a boundary as the bytes of its array file and of its JSON file. ValueError as `taken`."""
    snapshot = taken(config, boundary, seed=seed, stream=stream, run=run)
    return _npy(snapshot.blocks), (json.dumps(snapshot.document, separators=(",", ":")) + "\n").encode()


def _npy(blocks: npt.NDArray[np.int16]) -> bytes:
    file = io.BytesIO()
    np.save(file, blocks, allow_pickle=False)
    return file.getvalue()


def block_array(blocks: Blocks) -> npt.NDArray[np.int16]:
    """The life of all blocks in one array [dies, blocks, 3]."""
    return np.stack([blocks.kind, blocks.celltype, blocks.last], axis=-1).astype(np.int16)


@dataclass(frozen=True, slots=True)
class _Words:
    """Boundary -> plain data, with names in place of indices."""

    bases: tuple[str, ...]
    names: tuple[str, ...]
    celltypes: tuple[str, ...]

    @staticmethod
    def of(config: Config) -> _Words:
        return _Words(tuple(b.name for b in config.bases), tuple(n.name for n in config.names), config.celltypes)

    def base(self, index: int) -> str | None:
        return None if index == NOTHING else self.bases[index]

    def celltype(self, index: int) -> str | None:
        return None if index == NOTHING else self.celltypes[index]

    def die(self, die: DieState) -> Json:
        shot, cached = die.shot, die.cache_program
        return {
            "planes": [self.plane(plane) for plane in die.planes],
            "running": [self.live(op) for op in die.running],
            "suspended": [self.live(op) for op in die.suspended],
            "shot": None if shot is None else {
                "copyback": shot.copyback, "step": self.base(shot.step), **self.address(shot),
                "cached": shot.cached, "latch": self.base(shot.latch), "ends": shot.ends,
            },
            "cache_program": None if cached is None else self.address(cached),
        }  # fmt: skip

    def plane(self, plane: PlaneState) -> Json:
        open_read = plane.cache_read
        return {
            "last": self.base(plane.last),
            "last_name": None if plane.last_name == NOTHING else self.names[plane.last_name],
            "data": self.register(plane.data),
            "cache": self.register(plane.cache),
            "cache_read": None if open_read is None else {"base": self.base(open_read.base), **self.address(open_read)},
        }

    def register(self, register: Register | None) -> Json | None:
        if register is None:
            return None
        return {
            "op_uid": register.op_uid, "base": self.base(register.base), "row": register.row, "page": register.page,
            "celltype": self.celltype(register.celltype), "planes": list(planes_in(register.planes)),
            "ready": register.ready, "delivered": register.delivered,
        }  # fmt: skip

    def address(self, at: Shot | CacheRead | CacheProgram | LiveOp) -> Json:
        planes = list(planes_in(at.planes))
        return {"planes": planes, "row": at.row, "page": at.page, "celltype": self.celltype(at.celltype)}

    def live(self, op: LiveOp) -> Json:
        return {
            "op_uid": op.op_uid, "op_name": self.names[op.name], **self.address(op), "start": op.start,
            "fragment": op.fragment, "piece_start": op.piece_start, "remaining": op.remaining, "end": op.end,
        }  # fmt: skip


def load_snapshot(path: Path, config: Config) -> Snapshot:
    """A snapshot file with its array. SnapshotError: missing, broken, of another schema or config, or changed."""
    document = _document(path)
    if document.get("schema") != SCHEMA:
        raise SnapshotError(f"{path}: schema {document.get('schema')!r}; this program reads schema {SCHEMA}")
    if document.get("config") != config.digest:
        theirs = str(document.get("config"))[:12]
        raise SnapshotError(f"{path}: made with another config ({theirs}; {config.path} is {config.digest[:12]})")
    try:
        blocks = _blocks(path, document["blocks"], config)
        boundary = _Reader(Catalogue.of(config), Geometry.of(config), config.celltypes).boundary(document, blocks)
        seed, stream, run = (_count(document[name]) for name in ("seed", "stream", "run"))
        return Snapshot(seed, stream, run, boundary, document, blocks, path)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise SnapshotError(f"{path}: not a state snapshot: {_said(error)}") from None


def read_snapshot(path: Path, config: Config) -> Boundary:
    """The boundary that a snapshot file holds. SnapshotError as `load_snapshot`."""
    return load_snapshot(path, config).boundary


def _said(error: Exception) -> str:
    return f"{error.args[0]!r} is missing or not known" if isinstance(error, KeyError) else str(error)


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SnapshotError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise SnapshotError(f"{path}: not JSON: {error}") from None
    if not isinstance(document, dict):
        raise SnapshotError(f"{path}: not a state snapshot: no JSON object")
    return document


def _blocks(path: Path, entry: Json, config: Config) -> npt.NDArray[np.int16]:
    file = path.with_name(Path(str(entry["file"])).name)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SnapshotError(f"{file}: cannot be read: {error.strerror or error}; {path} needs it") from None
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise SnapshotError(f"{file}: corrupted: its hash is not the one that {path.name} names")
    array = np.load(io.BytesIO(data), allow_pickle=False)
    topology = config.topology
    shape = (topology.dies, topology.blocks_per_die, 3)
    if array.shape != shape or array.dtype != np.int16:
        raise SnapshotError(f"{file}: has shape {array.shape} of {array.dtype}, not {shape} of int16")
    typed: npt.NDArray[np.int16] = array
    return typed


@dataclass(frozen=True, slots=True)
class _Reader:
    """Plain data -> Boundary. KeyError, TypeError or ValueError where it is none."""

    catalogue: Catalogue
    geometry: Geometry
    celltypes: tuple[str, ...]

    def boundary(self, document: Json, blocks: npt.NDArray[np.int16]) -> Boundary:
        dies = tuple(self.die(index, die) for index, die in enumerate(document["dies"]))
        if len(dies) != self.geometry.dies:
            raise ValueError(f"{len(dies)} dies, not {self.geometry.dies}")
        kind, celltype, last = (blocks[..., i] for i in range(3))
        return Boundary(
            time=_count(document["time"]),
            next_op_uid=_count(document["next_op_uid"]),
            odt_disabled=bool(document["odt_disabled"]),
            dies=dies,
            blocks=Blocks(kind.astype(np.int8), celltype.astype(np.int8), last.copy()),
        )

    def die(self, index: int, die: Json) -> DieState:
        planes = tuple(self.plane(plane) for plane in die["planes"])
        if len(planes) != self.geometry.planes:
            raise ValueError(f"die {index} has {len(planes)} planes, not {self.geometry.planes}")
        shot, cached = die["shot"], die["cache_program"]
        return DieState(
            planes=planes,
            running=tuple(self.live(index, op) for op in die["running"]),
            suspended=tuple(self.live(index, op) for op in die["suspended"]),
            shot=None if shot is None else Shot(
                copyback=bool(shot["copyback"]), step=self.base(shot["step"]), **self.address(shot),
                cached=bool(shot["cached"]), latch=self.base(shot["latch"]), ends=_count(shot["ends"]),
            ),
            cache_program=None if cached is None else CacheProgram(**self.address(cached)),
        )  # fmt: skip

    def plane(self, plane: Json) -> PlaneState:
        read = plane["cache_read"]
        return PlaneState(
            last=self.base(plane["last"]),
            last_name=self.last_name(plane.get("last_name"), plane["last"]),
            data=self.register(plane["data"]),
            cache=self.register(plane["cache"]),
            cache_read=None if read is None else CacheRead(base=self.base(read["base"]), **self.address(read)),
        )

    def register(self, register: Json | None) -> Register | None:
        if register is None:
            return None
        return Register(
            op_uid=_count(register["op_uid"]), base=self.base(register["base"]), **self.address(register),
            ready=_count(register["ready"]), delivered=bool(register["delivered"]),
        )  # fmt: skip

    def live(self, die: int, op: Json) -> LiveOp:
        whole = {name: _count(op[name]) for name in ("op_uid", "start", "fragment", "piece_start", "remaining", "end")}
        name = self.catalogue.name(op["op_name"])
        die = die if name.base.has_die else NOTHING
        return LiveOp(name=name.index, die=die, **self.address(op), **whole)

    def last_name(self, name: str | None, base: str | None) -> int:
        """The op_name of a plane's last segment; snapshots of before tell the base only."""
        if name is None:
            return NOTHING
        found = self.catalogue.name(name)
        if found.base.name != base:
            raise ValueError(f"{name!r} is no op_name of {base!r}")
        return found.index

    def base(self, name: str | None) -> int:
        return NOTHING if name is None else self.catalogue.base_index[name]

    def address(self, at: Json) -> dict[str, int]:
        mask = 0
        for plane in at["planes"]:
            if not 0 <= plane < self.geometry.planes:
                raise ValueError(f"plane {plane} of {self.geometry.planes}")
            mask |= 1 << plane
        row, page, celltype = int(at["row"]), int(at["page"]), at["celltype"]
        if not (NOTHING <= row < self.geometry.rows and NOTHING <= page < self.geometry.pages):
            raise ValueError(f"row {row}, page {page}: not on this device")
        if celltype is not None and celltype not in self.celltypes:
            raise KeyError(celltype)
        known = NOTHING if celltype is None else self.celltypes.index(celltype)
        return {"planes": mask, "row": row, "page": page, "celltype": known}


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is not a count")
    return value
