"""Life of a block: what may be done with it next, and what an operation's end makes of it."""

from __future__ import annotations

from typing import Protocol

from model.boundary import BAD, ERASED, PROGRAMMED, UNDEFINED, Blocks
from model.event import NOTHING

SLC_LIKE = frozenset({"SLC", "A0SLC", "ACSLC"})
"""What a block that was erased as SLC takes."""


class BlockLife(Protocol):
    """Whoever keeps account of the blocks of a die."""

    def erased(self, die: int, block: int, celltype: int) -> None:
        """An erase has ended."""

    def programmed(self, die: int, block: int, celltype: int, page: int) -> None:
        """A program that advances the page has ended."""

    def undefined(self, die: int, block: int) -> None:
        """A reset has cut an erase or a program."""


def takes(erased_as: int, celltype: int, celltypes: tuple[str, ...]) -> bool:
    """Whether a block erased as one celltype may be programmed as another for its first page."""
    if celltypes[erased_as] == "SLC":
        return celltypes[celltype] in SLC_LIKE
    return erased_as == celltype


def next_page(kind: int, last: int, pages: int) -> int:
    """The page that a program may write next, NOTHING where the block takes none."""
    if kind == ERASED:
        return 0
    if kind == PROGRAMMED and last < pages - 1:
        return last + 1
    return NOTHING


def readable(kind: int, last: int, guard: int) -> int:
    """The highest page that may be read, NOTHING where there is none."""
    return max(last - guard, NOTHING) if kind == PROGRAMMED else NOTHING


def erasable(kind: int) -> bool:
    """Whether the block may be erased."""
    return kind != BAD


class BlockArrays:
    """The blocks of a boundary, copied at the first change."""

    __slots__ = ("_own", "blocks")

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self._own = False

    def _set(self, die: int, block: int, kind: int, celltype: int, last: int) -> None:
        if not self._own:
            self.blocks = self.blocks.copy()
            self._own = True
        blocks = self.blocks
        blocks.kind[die, block] = kind
        blocks.celltype[die, block] = celltype
        blocks.last[die, block] = last

    def erased(self, die: int, block: int, celltype: int) -> None:
        """An erase has ended."""
        self._set(die, block, ERASED, celltype, -1)

    def programmed(self, die: int, block: int, celltype: int, page: int) -> None:
        """A program that advances the page has ended."""
        self._set(die, block, PROGRAMMED, celltype, page)

    def undefined(self, die: int, block: int) -> None:
        """A reset has cut an erase or a program."""
        self._set(die, block, UNDEFINED, 0, -1)
