"""address_touch_count: how often each page was programmed and read."""

from __future__ import annotations

import numpy as np

from model.operations import READS
from model.timeline import Settled
from planner.export import text
from planner.export.sink import Words
from planner.export.tally import Tally

FAMILIES = ("PROGRAM", "READ")
"""PROGRAM: the bases of `program_base_whitelist`; READ: all bases with a read and DATA_OUT."""


class AddressTouchCount:
    """Each payload plane of an operation touches its page once, when the operation is sent.

    Rows ordered by family, celltype (as in the config), die, block, page.
    """

    name = "address_touch_count"
    columns = ("op_base", "cell_type", "die", "block", "page", "count")

    def __init__(self, words: Words) -> None:
        self._words = words
        programs = frozenset(words.config.program_base_whitelist)
        families = [0 if name.base.name in programs else 1 if name.base.name in READS else -1 for name in
                    words.catalogue.names]  # fmt: skip
        self._family = np.array(families, dtype=np.int64)
        topology = words.config.topology
        self._sizes = (len(words.config.celltypes), topology.dies, topology.blocks_per_die, topology.pages_per_block)
        self._tally = Tally()

    def rows(self, settled: Settled) -> text.Lines:
        """Nothing yet: counts."""
        commands = settled.commands
        owner = np.repeat(np.arange(len(commands), dtype=np.int64), np.diff(commands.first))
        family = self._family[commands.op[owner]]
        columns = (commands.entry_celltype, commands.entry_die, commands.entry_block, commands.entry_page)
        counts = family >= 0
        key = family
        for column, size in zip(columns, self._sizes, strict=True):
            counts &= (column >= 0) & (column < size)
            key = key * size + column
        self._tally.add(key[counts])
        return text.NO_LINES

    def end(self) -> text.Lines:
        """All counts."""
        keys, counts = self._tally.sorted()
        digits = []
        for size in reversed(self._sizes):
            keys, digit = np.divmod(keys, size)
            digits.append(digit)
        page, block, die, celltype = digits
        return text.rows(
            text.texts(FAMILIES, ",")[keys],
            text.fields(self._words.config.celltypes, ",")[celltype],
            *(text.numbers(column, ",") for column in (die, block, page)),
            text.numbers(counts, "\n"),
        )
