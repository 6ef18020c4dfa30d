"""What a scenario is answered with: yes with a sequence, no with its reasons, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """One thing that the user said, and the operations (op_uids) that fulfil it, per repetition."""

    words: str
    where: str
    op_uids: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Yes:
    """A judged sequence. `files` are what was written; times in ticks, `bound`: no repetition can be shorter."""

    fulfilled: tuple[Fulfilled, ...]
    operations: int
    added: int
    repetitions: int
    length: int
    bound: int | None
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One member of a conflict: a statement of the user (`rule` empty) or a rule, with its sentence and place."""

    rule: str
    sentence: str
    where: str


@dataclass(frozen=True, slots=True)
class Way:
    """A scenario that would do: what to change, and whether that was carried out and judged."""

    words: str
    where: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class No:
    """It cannot be. `conflict`: leaving any of it out would do away with the conflict; `nearest`: what would do."""

    conflict: tuple[Reason, ...]
    confirmed: bool
    nearest: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class NotFound:
    """Neither a sequence nor a proof. `bound` (ticks): a repetition lasts at least so long."""

    why: str
    bound: int | None = None
    advice: tuple[str, ...] = ()


Answer = Yes | No | NotFound
