"""operation_sequence: one command per row. This file alone drives the tester."""

from __future__ import annotations

import numpy as np

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
        named = zip(words.opcodes, words.catalogue.names, strict=True)
        self._names = text.texts((f"{opcode},{text.field(name.name)}" for opcode, name in named), ",")
        self._payloads = Payloads(words)
        self._count = 0

    def rows(self, settled: Settled) -> text.Lines:
        """The commands of a chunk, each as many rows of texts as its payload has: only the first names the command."""
        commands = settled.commands
        first = self._count + 1
        self._count += len(commands)
        sizes, payloads = self._payloads(commands)
        at = np.cumsum(sizes) - sizes
        heads = (
            text.numbers(np.arange(first, self._count + 1), ","),
            self._us(commands.time, ","),
            self._names[commands.op],
            text.numbers(commands.op_uid, ","),
        )
        columns = []
        for head in heads:
            column = np.full(int(sizes.sum()), b"", dtype=object)
            column[at] = head
            columns.append(column)
        return text.Lines(text.rows(*columns, *payloads).text, len(commands))

    def end(self) -> text.Lines:
        """Nothing."""
        return text.NO_LINES
