"""Operations as columns: what was sent (`Commands`) and what the device then did (`Spans`).

Both are what flows from the decoder, or from a sequence file, to the judge, the coverage counts and the files.
All times are integer ticks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

NOTHING = -1
"""The value of a payload field that the operation does not have."""


class ExpVal(IntEnum):
    """What a status read is expected to see first; bits 2 and 3 of the column are the suspend flags."""

    BUSY = 0
    EXTRDY = 1
    READY = 2


ERASUS = 4
PGMSUS = 8


class Ended(IntEnum):
    """How a span ended."""

    NORMALLY = 0
    SUSPENDED = 1
    ABORTED = 2
    HANDED_OVER = 3


@dataclass(frozen=True, slots=True)
class Commands:
    """One row per operation, ordered by (time, op_uid); payload entries as flat columns with offsets.

    `die` is that of the first payload entry, NOTHING where the payload has none. `exp_val` is an `ExpVal` plus
    ERASUS and PGMSUS bits, NOTHING where the payload has none. The entries of row i are the flat rows
    first[i]:first[i + 1]; a payload without plane is one entry whose plane is NOTHING; an empty payload has none.
    """

    time: Ints
    op_uid: Ints
    op: Ints
    die: Ints
    exp_val: Ints
    first: Ints
    entry_die: Ints
    entry_plane: Ints
    entry_block: Ints
    entry_page: Ints
    entry_celltype: Ints

    def __len__(self) -> int:
        return len(self.time)

    @staticmethod
    def of(rows: Iterable[Sequence[Any]]) -> Commands:
        """Columns from rows (time, op_uid, op, die, exp_val, [(die, plane, block, page, celltype), ...])."""
        heads: list[tuple[int, int, int, int, int]] = []
        first = [0]
        entries: list[Sequence[int]] = []
        for time, op_uid, op, die, exp_val, payload in rows:
            heads.append((time, op_uid, op, die, exp_val))
            entries.extend(payload)
            first.append(len(entries))
        head = np.array(heads, dtype=np.int64).reshape(len(heads), 5)
        flat = np.array(entries, dtype=np.int64).reshape(len(entries), 5)
        times, uids, ops, dies, exp_vals = head.T
        return Commands(times, uids, ops, dies, exp_vals, np.array(first, dtype=np.int64), *flat.T)

    def slice(self, start: int, stop: int) -> Commands:
        """Rows start to stop as columns of their own."""
        low, high = int(self.first[start]), int(self.first[stop])
        return Commands(
            self.time[start:stop],
            self.op_uid[start:stop],
            self.op[start:stop],
            self.die[start:stop],
            self.exp_val[start:stop],
            self.first[start : stop + 1] - low,
            self.entry_die[low:high],
            self.entry_plane[low:high],
            self.entry_block[low:high],
            self.entry_page[low:high],
            self.entry_celltype[low:high],
        )


@dataclass(frozen=True, slots=True)
class Spans:
    """One row per state of one fragment of one operation: where it started and ended, and how.

    `state` is the index into the operation's ordered states (0 = ISSUE). `fragment` counts from 0; a continuation
    has no ISSUE span. `planned` is the length that the span had when it began (what coverage bins refer to);
    `end - start < planned` where it was cut. `remaining` is what is left of CORE_BUSY at `end` of a CORE_BUSY span
    and 0 otherwise. `ended` is an `Ended`. States that a cut, an abort or a handover took away have no span.
    """

    op_uid: Ints
    fragment: Ints
    state: Ints
    start: Ints
    end: Ints
    planned: Ints
    remaining: Ints
    ended: Ints

    def __len__(self) -> int:
        return len(self.start)

    @staticmethod
    def of(rows: Sequence[tuple[int, ...]]) -> Spans:
        """Columns from rows in field order."""
        return Spans(*np.array(rows, dtype=np.int64).reshape(len(rows), 8).T)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a run, in order of time: new commands, and the spans that are settled by now.

    A fragment's spans come together, once its end can change no more. Every span that starts before `horizon` is in
    this chunk or an earlier one. `source` and `aim` annotate `commands` row by row: what asked for the operation
    (index into `SOURCES`) and the op_state that was aimed at (index into the device's op_states, NOTHING = none).
    """

    commands: Commands
    spans: Spans
    horizon: int
    source: Ints
    aim: Ints


SOURCES = ("target", "chain", "prerequisite", "bootstrap", "resume")
"""What can ask for an operation, as the timeline's `source` column says it."""
