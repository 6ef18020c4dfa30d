"""What a scenario is answered with: yes with a sequence, no with its reasons, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.scenario.changes import Repaired


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """One thing that the user said, and the operations (op_uids) that fulfil it, per repetition."""

    words: str
    where: str
    op_uids: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Yes:
    """A judged sequence. `files` are what was written; times in ticks.

    `bound`: no repetition can be shorter; `least`: no sequence has fewer operations.
    """

    fulfilled: tuple[Fulfilled, ...]
    operations: int
    added: int
    repetitions: int
    length: int
    bound: int | None
    files: tuple[Path, ...] = ()
    least: int | None = None


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
    """It cannot be. `conflict`: what does not go together; `nearest`: what would do.

    `confirmed`: a second search came to the same; `minimal`: leaving any of it out does away with the conflict, and
    that was shown. Without `searched` the scenario and the config alone show it.
    """

    conflict: tuple[Reason, ...]
    confirmed: bool
    nearest: tuple[Way, ...] = ()
    minimal: bool = True
    searched: bool = True


@dataclass(frozen=True, slots=True)
class NotFound:
    """Neither a sequence nor a proof. `bound` (ticks): a repetition lasts at least so long."""

    why: str
    bound: int | None = None
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearest:
    """A kept sequence at its nearest legal times: what became of its operations, and the files that were written.

    `fulfilled`: what the user said, and who fulfils it.
    """

    repaired: Repaired
    fulfilled: tuple[Fulfilled, ...]
    files: tuple[Path, ...] = ()


Answer = Yes | No | NotFound | Nearest
