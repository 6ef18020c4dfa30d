"""A device small enough to follow by hand, and a short way of writing down what happened on it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from model.config import Config, load
from model.event import NOTHING, Chunk, Commands, Spans
from model.operations import Catalogue

US = 10_000
"""Ticks per us."""

TEXT = """
topology: {dies: 2, planes: 2, blocks_per_die: 8, pages_per_block: 4}
celltypes: [NONE, SLC]
program_base_whitelist: [PROGRAM_SLC]
op_bases:
  NOP: {scope: DIE_WIDE, affect_state: false, instant_resv: true, states: {ISSUE: {bus: true}}}
  ERASE: {scope: DIE_WIDE, affect_state: true, states: {ISSUE: {bus: true}, CORE_BUSY: {}}}
  PROGRAM_SLC: {scope: DIE_WIDE, affect_state: true, states: {ISSUE: {bus: true}, CORE_BUSY: {}}}
  READ: {scope: PLANE_SET, affect_state: true, states: {ISSUE: {bus: true}, CORE_BUSY: {}, DATA_OUT: {}}}
  CACHE_READ: {scope: PLANE_SET, affect_state: true, states: {ISSUE: {bus: true}, CORE_BUSY: {}, DATA_OUT: {}}}
  DOUT: {scope: NONE, affect_state: false, states: {ISSUE: {bus: true}}}
  SR: {scope: NONE, affect_state: false, instant_resv: true, states: {ISSUE: {bus: true}}}
  SR_ADD: {scope: NONE, affect_state: false, instant_resv: true, states: {ISSUE: {bus: true}}}
  CAMREAD: {scope: DIE_WIDE, affect_state: true, states: {ISSUE: {bus: true}, CORE_BUSY: {}}}
  ERASE_SUSPEND: {scope: DIE_WIDE, affect_state: true, instant_resv: true, states: {ISSUE: {bus: true}, CORE_BUSY: {}}}
  ERASE_RESUME: {scope: DIE_WIDE, affect_state: true, states: {ISSUE: {bus: true}, CORE_BUSY: {}}}
  RESET: {scope: DIE_WIDE, affect_state: true, instant_resv: true, states: {ISSUE: {bus: true}, CORE_BUSY: {}}}
payload_by_op_base:
  NOP: []
  ERASE: [die, plane, block, page, celltype]
  PROGRAM_SLC: [die, plane, block, page, celltype]
  READ: [die, plane, block, page, celltype]
  CACHE_READ: [die, plane, block, page, celltype]
  DOUT: [die, plane, block, page, celltype]
  SR: [die, exp_val]
  SR_ADD: [die, plane, exp_val]
  CAMREAD: []
  ERASE_SUSPEND: [die]
  ERASE_RESUME: [die]
  RESET: [die]
op_names:
  Wait: {base: NOP, durations: {ISSUE: 1}}
  Erase: {base: ERASE, celltype: SLC, durations: {ISSUE: 1, CORE_BUSY: 100}}
  Erase_Multi: {base: ERASE, multi: true, celltype: SLC, durations: {ISSUE: 1, CORE_BUSY: 100}}
  Program: {base: PROGRAM_SLC, celltype: SLC, durations: {ISSUE: 2, CORE_BUSY: 40}}
  "Read, slow": {base: READ, celltype: SLC, durations: {ISSUE: 1, CORE_BUSY: 20, DATA_OUT: 5}}
  Read_Multi: {base: READ, multi: true, celltype: SLC, durations: {ISSUE: 1, CORE_BUSY: 20, DATA_OUT: 5}}
  Cache_Read: {base: CACHE_READ, celltype: SLC, durations: {ISSUE: 1, CORE_BUSY: 20, DATA_OUT: 5}}
  Dout: {base: DOUT, durations: {ISSUE: 3}}
  Status: {base: SR, durations: {ISSUE: 0.5}}
  Status_Plane: {base: SR_ADD, durations: {ISSUE: 0.5}}
  Cam_Read: {base: CAMREAD, durations: {ISSUE: 1, CORE_BUSY: 10}}
  Suspend: {base: ERASE_SUSPEND, durations: {ISSUE: 1, CORE_BUSY: 4}}
  Resume: {base: ERASE_RESUME, durations: {ISSUE: 1, CORE_BUSY: 2}}
  Reset: {base: RESET, durations: {ISSUE: 1, CORE_BUSY: 10}}
exclusion_groups: {none: []}
exclusions_by_op_state: {}
"""

Entry = tuple[int, int, int, int, int]
Row = tuple[int, int, int, int, int, Sequence[Entry]]
Span = tuple[int, int, int, int, int, int, int, int]


@cache
def config(extra: str = "") -> Config:
    """The tiny config, with further keys."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tiny.yaml"
        path.write_text(TEXT + extra, encoding="utf-8")
        return load(path)


class Script:
    """Operations written down by hand: `send` them, say how their states went; then take chunks."""

    def __init__(self, settings: Config | None = None) -> None:
        self.config = settings or config()
        self.catalogue = Catalogue.of(self.config)
        self.rows: list[Row] = []
        self.spans: list[Span] = []
        self.notes: list[tuple[int, int]] = []

    def send(
        self, us: float, name: str, die: int = NOTHING, planes: Iterable[int] = (), row: int = NOTHING,
        page: int = NOTHING, *, exp_val: int = NOTHING, source: int = 0, aim: int = NOTHING, states: int | None = None,
    ) -> int:  # fmt: skip
        """Sends an operation at `us`; its first `states` states go as planned (all by default). Gives its op_uid."""
        op = self.catalogue.name(name)
        uid, time = len(self.rows) + 1, round(us * US)
        blocks = [(plane, row * self.config.topology.planes + plane if row >= 0 else NOTHING) for plane in planes]
        entries = [(die, plane, block, page, op.celltype) for plane, block in blocks]
        if not entries and op.base.payload:
            entries = [(die, NOTHING, NOTHING, NOTHING, op.celltype)]
        self.rows.append((time, uid, op.index, die, exp_val, entries))
        self.notes.append((source, aim))
        for state, length in enumerate(op.durations[:states]):
            self.spans.append((uid, 0, state, time, time + length, length, 0, 0))
            time += length
        return uid

    def span(
        self, uid: int, fragment: int, state: int, start: float, end: float, planned: float, ended: int = 0
    ) -> None:
        """Says how one state of one fragment went, in us."""
        left = planned - (end - start) if state == 1 else 0.0
        begin, finish, length, rest = (round(us * US) for us in (start, end, planned, left))
        self.spans.append((uid, fragment, state, begin, finish, length, rest, ended))

    def chunk(self) -> Chunk:
        """Everything at once."""
        return self.chunks([])[0]

    def chunks(self, cuts: Sequence[int]) -> list[Chunk]:
        """The same in pieces with these horizons (ticks, ascending), each as early as it can come, and the rest."""
        horizons = [*cuts, max([span[4] for span in self.spans], default=0) + 1]
        starts: dict[tuple[int, int], int] = {}
        for span in self.spans:
            key = span[:2]
            starts[key] = min(starts.get(key, span[3]), span[3])
        pieces, low = [], -1
        for horizon in horizons:
            rows = [i for i, row in enumerate(self.rows) if low <= row[0] < horizon]
            spans = [span for span in self.spans if low <= starts[span[:2]] < horizon]
            notes = np.array([self.notes[i] for i in rows], dtype=np.int64).reshape(len(rows), 2)
            commands = Commands.of([self.rows[i] for i in rows])
            pieces.append(Chunk(commands, Spans.of(spans), horizon, notes[:, 0], notes[:, 1]))
            low = horizon
        return pieces
