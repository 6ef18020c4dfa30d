"""Small scenarios drawn from the whole language: distances, pieces, suspensions, places, what must not be, the bus."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

US = 10_000
ERASE, PROGRAM, READ, STATUS = "Block_Erase_SLC", "Page_Program_SLC", "Read_SLC", "Read_Status_Enhanced_70h"
KINDS = (ERASE, PROGRAM, READ, STATUS)
BLOCKS = 2


@dataclass
class Small:
    """A scenario as parts: operations (name, op_name, block or -1, cuts), what else is said of each, statements."""

    ops: list[tuple[str, str, int, int]]
    said: dict[str, list[str]]
    statements: list[str] = field(default_factory=list)
    deadline: int = 0
    minimize: str = ""
    repeat: int = 1

    def text(self) -> str:
        """The scenario as a file."""
        lines = [f"repeat: {self.repeat}"] + ([f"minimize: {self.minimize}"] if self.minimize else [])
        lines.append("operations:")
        for name, op, block, _ in self.ops:
            parts = [f"op: {op}", "die: 0", *([f"block: {block}"] if block >= 0 else []), *self.said[name]]
            lines.append(f"  {name}: {{{', '.join(parts)}}}")
        lines += ["statements:", f"  - {{deadline: {us(self.deadline)}}}"]
        return "\n".join([*lines, *(f"  - {one}" for one in self.statements)]) + "\n"


def us(ticks: int) -> str:
    """Ticks in us."""
    return f"{ticks / US:.4f}"


def drawn(rng: random.Random) -> Small:
    """One to three operations in a given order, with some of everything that may be said of them."""
    count = rng.choice((1, 2, 2, 2, 3))
    host = rng.randrange(count) if rng.random() < 0.6 else -1
    ops, said = [], {}
    for number in range(count):
        op = rng.choice(KINDS if number != host else KINDS[:2])
        block = -1 if op == STATUS or rng.random() < 0.25 else rng.randrange(BLOCKS)
        cuts = 0 if number != host else 2 if count < 3 and rng.random() < 0.25 else 1
        ops.append((f"o{number}", op, block, cuts))
        said[f"o{number}"] = [f"suspended: {_cuts(rng, cuts)}"] if cuts else []
    small = Small(ops, said, deadline=min(_length(ops) + rng.randint(-2, 4), 12 if count < 3 else 10))
    if count > 1 and rng.random() < 0.5:
        guest = count - 1
        _place(rng, small, guest, rng.randrange(guest) if host in (-1, guest) else host)
    small.statements = [made for made in (_distance(rng, small), _quiet(rng, small), _never(rng, small)) if made]
    small.minimize = "operations" if rng.random() < 0.3 else ""
    return small


def _length(ops: list[tuple[str, str, int, int]]) -> int:
    """About how many ticks the operations take one after the other, with what they bring along."""
    own = {ERASE: 5, PROGRAM: 4, READ: 6, STATUS: 1}
    return max(sum(own[op] + 3 * cuts for _, op, _, cuts in ops), 4)


def _cuts(rng: random.Random, cuts: int) -> str:
    kind = rng.random()
    if kind < 0.6:
        return str(cuts)
    place = rng.choice((f"{us(rng.randint(1, 3))}", "50%", "[20%, 80%]"))
    return f"[{', '.join([place, *['free'] * (cuts - 1)])}]"


def _place(rng: random.Random, small: Small, guest: int, host: int) -> None:
    name, op, _, cuts = small.ops[host]
    places = []
    if cuts:
        places += [f"suspension: {rng.randint(1, cuts)}"] * 3
    if small.ops[guest][1] == STATUS and op != STATUS:
        places += ["state: CORE_BUSY", f"piece: {rng.randint(1, cuts + 1)}", "at: 50%", f"bin: {rng.randrange(10)}"]
    if places and not small.ops[guest][3]:
        small.said[small.ops[guest][0]].append(f"inside: {{of: {name}, {rng.choice(places)}}}")


def _moment(rng: random.Random, small: Small) -> str:
    name, op, _, cuts = rng.choice(small.ops)
    if cuts and rng.random() < 0.5:
        return rng.choice((f"{name}.piece.{cuts + 1}.start", f"{name}.suspend.1.start", f"{name}.resume.{cuts}.end"))
    if op == READ and rng.random() < 0.3:
        return f"{name}.dout.1.start"
    return f"{name}.{rng.choice(('start', 'issue_end', 'core_end', 'end'))}"


def _distance(rng: random.Random, small: Small) -> str:
    if rng.random() < 0.4:
        return ""
    a, b, least = _moment(rng, small), _moment(rng, small), rng.randrange(5)
    limit = rng.choice((f"min: {us(least)}", f"max: {us(least)}", f"exact: {us(least)}"))
    return rng.choice((f"{{from: {a}, to: {b}, {limit}}}", f"{{before: [{a}, {b}]}}"))


def _quiet(rng: random.Random, small: Small) -> str:
    return f"{{quiet: [{_moment(rng, small)}, {_moment(rng, small)}]}}" if rng.random() < 0.25 else ""


def _never(rng: random.Random, small: Small) -> str:
    if rng.random() > 0.25:
        return ""
    op = rng.choice((STATUS, "READ", "PROGRAM_SLC", "Erase_Suspend_Reset", "Program_Resume"))
    state = rng.choice(("", ", in: ERASE.CORE_BUSY", ", in: PROGRAM_SLC.CORE_BUSY", ", in: READ.DATA_OUT"))
    return f"{{never: {op}{state}}}"
