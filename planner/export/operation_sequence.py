"""operation_sequence: one command per row. This file alone drives the tester."""

from __future__ import annotations

from model.timeline import Settled
from planner.export import text
from planner.export.payload import Payloads
from planner.export.sink import Words


class OperationSequence:
    """Rows ordered by (time, op_uid); `seq` counts from 1."""

    name = "operation_sequence"
    columns = ("seq", "time", "op_id", "op_name", "op_uid", "payload")

    def __init__(self, words: Words) -> None:
        self._us = words.us
        named = zip(words.opcodes, words.op_names[:-1].tolist(), strict=True)
        self._names = text.texts(f"{opcode},{name}" for opcode, name in named)
        self._payloads = Payloads(words)
        self._count = 0

    def rows(self, settled: Settled) -> str:
        """The commands of a chunk."""
        commands = settled.commands
        first = self._count + 1
        self._count += len(commands)
        return text.rows(
            "%d,%s,%s,%d,%s",
            range(first, self._count + 1),
            self._us(commands.time),
            self._names[commands.op],
            commands.op_uid,
            self._payloads(commands),
        )

    def end(self) -> str:
        """Nothing."""
        return ""
