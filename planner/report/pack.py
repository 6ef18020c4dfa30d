"""Columns of whole numbers as text for a page: little-endian typed arrays, shuffled by byte, deflated, in base64.

The page has the way back in `core.js`: base64, inflate, put the bytes of each number together again, add up.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

KINDS = ("u1", "i1", "u2", "i2", "u4", "i4", "f8")
"""Tried in this order: the first that holds all values. Whole numbers are exact in f8 below 2^53."""
LEVEL = 6

Numbers = npt.NDArray[np.int64]


@dataclass(slots=True)
class Pack:
    """Columns and words that a page carries, by name."""

    heads: dict[str, dict[str, Any]] = field(default_factory=dict)
    _parts: list[bytes] = field(default_factory=list)
    _size: int = 0

    def add(self, name: str, values: npt.ArrayLike, *, delta: bool = False) -> None:
        """Adds a column; `delta`: as differences of neighbours, which are smaller where values grow slowly."""
        numbers: Numbers = np.asarray(values, dtype=np.int64)
        kept = np.diff(numbers, prepend=0) if delta else numbers
        kind = _kind(kept)
        width = int(kind[1])
        raw = kept.astype(f"<{kind}").view(np.uint8).reshape(-1, width).T.tobytes()
        self.heads[name] = {"kind": kind, "length": len(numbers), "delta": int(delta), "at": self._size}
        self._parts.append(raw)
        self._size += len(raw)

    def text(self) -> str:
        """All columns as one text."""
        return squeezed(b"".join(self._parts))


def squeezed(data: bytes | str) -> str:
    """Deflated, as base64."""
    raw = data.encode() if isinstance(data, str) else data
    return base64.b64encode(zlib.compress(raw, LEVEL)).decode("ascii")


def as_json(value: Any) -> str:
    """JSON that can stand inside a script element."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")


def _kind(values: Numbers) -> str:
    if len(values) == 0:
        return KINDS[0]
    least, most = int(values.min()), int(values.max())
    for kind in KINDS[:-1]:
        limits = np.iinfo(kind)
        if limits.min <= least and most <= limits.max:
            return kind
    return KINDS[-1]
