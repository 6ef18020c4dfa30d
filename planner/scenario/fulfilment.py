"""Whether a judged sequence does what its scenario says, read from the sequence alone.

It shares nothing with the models that found the sequence but the words of the language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from model.device import Device
from model.event import Chunk
from planner.scenario.language import (
    BEGIN,
    EACH,
    FINISH,
    Cut,
    Distance,
    Inside,
    Never,
    Offset,
    PointRef,
    Quiet,
    Related,
    Scenario,
    Statement,
    Wanted,
)
from planner.scenario.runner import Repetition, Solution

Stay = tuple[int, int, int, int]
"""State, start, end, planned length."""


class Done:
    """Operations by op_uid: op_name, start, payload, and their stays in states."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self.time: dict[int, int] = {}
        self.op: dict[int, int] = {}
        self.entries: dict[int, list[tuple[int, int, int, int]]] = {}
        self.die: dict[int, int] = {}
        self.stays: dict[int, list[Stay]] = {}
        for chunk in chunks:
            self._commands(chunk)
            spans = chunk.spans
            columns = (spans.op_uid, spans.state, spans.start, spans.end, spans.planned)
            for uid, *stay in zip(*[column.tolist() for column in columns], strict=True):
                self.stays.setdefault(uid, []).append(tuple(stay))

    def _commands(self, chunk: Chunk) -> None:
        commands = chunk.commands
        flat = list(
            zip(
                commands.entry_die.tolist(),
                commands.entry_plane.tolist(),
                commands.entry_block.tolist(),
                commands.entry_page.tolist(),
                strict=True,
            )
        )
        first = commands.first.tolist()
        for place, uid in enumerate(commands.op_uid.tolist()):
            self.time[uid] = int(commands.time[place])
            self.op[uid] = int(commands.op[place])
            self.entries[uid] = flat[first[place] : first[place + 1]]
            self.die[uid] = self.entries[uid][0][0] if self.entries[uid] else -1

    def pieces(self, uid: int, state: int) -> list[Stay]:
        """The stays in a state, in order of time."""
        return sorted({stay for stay in self.stays.get(uid, []) if stay[0] == state}, key=lambda stay: stay[1])

    def end(self, uid: int) -> int:
        """When the last state ends."""
        return max((stay[2] for stay in self.stays.get(uid, [])), default=self.time[uid])


def unfulfilled(scenario: Scenario, device: Device, solution: Solution) -> list[str]:
    """What does not hold, in words with places; empty where everything does."""
    done = Done(solution.chunks)
    return [wrong for each in solution.repetitions for wrong in _Check(scenario, device, done, each).wrong()]


class _Check:
    def __init__(self, scenario: Scenario, device: Device, done: Done, each: Repetition) -> None:
        self._scenario, self._device, self._done, self._uids = scenario, device, done, each.uids
        self._names = device.catalogue.names

    def wrong(self) -> Iterator[str]:
        for one in self._scenario.wanted:
            for number, key in enumerate(one.keys, 1):
                for what in self._wanted(one, key, number):
                    yield f"{one.place}: {key}: {what}"
        for said in self._scenario.statements:
            if not self._holds(said):
                yield f"{said.place}: {said.place.words}"
        if self._scenario.listed and not self._in_order():
            yield f"{self._scenario.order_place}: the order"

    # -- operations ------------------------------------------------------------------------------------------------

    def _wanted(self, one: Wanted, key: str, number: int) -> Iterator[str]:
        uid = self._uids.get(key)
        if uid is None:
            yield "it is not there"
            return
        done = self._done
        if done.op[uid] not in one.names:
            yield "another op_name"
        planes = tuple(entry[1] for entry in done.entries[uid])
        if (one.planes and planes != one.planes) or (one.plane_count and len(planes) != one.plane_count):
            yield "other planes"
        yield from self._address(one, uid, number)
        if one.inside is not None and not self._inside(one.inside, key, uid, number):
            yield "it is not where it has to be"
        for index, cut in enumerate(one.cuts):
            if not self._cut(uid, key, index, cut):
                yield f"its suspension {index + 1}"
        if one.delivers and not self._delivers(uid, self._named(one.delivers, number)):
            yield "it delivers something else"

    def _address(self, one: Wanted, uid: int, number: int) -> Iterator[str]:
        own = self._done.entries[uid]
        for what, said, column in (("die", one.die, 0), ("block", one.block, 2), ("page", one.page, 3)):
            mine = {entry[column] for entry in own}
            if isinstance(said, int) and said not in mine:
                yield f"another {what}"
            if isinstance(said, Related):
                other = self._done.entries[self._named(said.to, number)]
                theirs = {entry[column] for entry in other}
                same_die = what == "die" or bool({entry[0] for entry in own} & {entry[0] for entry in other})
                if (bool(mine & theirs) and same_die) != said.same:
                    yield f"{what}: {'not the same' if said.same else 'the same'} as {said.to}"

    def _named(self, name: str, number: int) -> int:
        for key in (name, f"{name}.{number}", f"{name}.1"):
            if key in self._uids:
                return self._uids[key]
        raise KeyError(name)

    def _cut(self, uid: int, key: str, index: int, cut: Cut) -> bool:
        suspend = self._uids[f"{key}.suspend.{index + 1}"]
        pieces = self._done.pieces(uid, 1)
        at = self._done.time[suspend]
        if index >= len(pieces) or pieces[index][2] != at:
            return False
        if (cut.suspends and self._done.op[suspend] not in cut.suspends) or not self._resumed(key, index, cut):
            return False
        return cut.offset is None or _in_part(at, pieces[index], cut.offset)

    def _resumed(self, key: str, index: int, cut: Cut) -> bool:
        resume = self._uids.get(f"{key}.resume.{index + 1}")
        return resume is None or not cut.resumes or self._done.op[resume] in cut.resumes

    def _inside(self, inside: Inside, key: str, uid: int, number: int) -> bool:
        host = self._named(inside.of, number)
        at = self._done.time[uid]
        if inside.suspension is not None:
            index = number if inside.suspension == EACH else inside.suspension
            owner = next(known for known, known_uid in self._uids.items() if known_uid == host)
            begin = self._done.end(self._uids[f"{owner}.suspend.{index}"])
            resume = self._uids.get(f"{owner}.resume.{index}")
            return begin <= at and (resume is None or self._done.end(uid) <= self._done.time[resume])
        state = self._names[self._done.op[host]].base.states.index(inside.state)
        pieces = self._done.pieces(host, state)
        if inside.piece is not None:
            index = number if inside.piece == EACH else inside.piece
            pieces = pieces[index - 1 : index]
        offset = inside.offset
        if inside.bin is not None:
            tenth = number - 1 if inside.bin == EACH else inside.bin
            offset = Offset(Fraction(tenth, 10), Fraction(tenth + 1, 10), share=True, open_end=True)
        ended = [piece for piece in pieces if piece[1] <= at <= piece[2]]
        return any(offset is None or _in_part(at, piece, offset) for piece in ended)

    def _delivers(self, dout: int, read: int) -> bool:
        return set(self._done.entries[dout]) <= set(self._done.entries[read])

    # -- statements ------------------------------------------------------------------------------------------------

    def _holds(self, said: Statement) -> bool:
        if isinstance(said, Distance):
            return self._distance(said)
        return self._quiet(said) if isinstance(said, Quiet) else self._never(said)

    def _distance(self, said: Distance) -> bool:
        a, b = self._moment(said.start), self._moment(said.to)
        least, most = said.least, said.most
        if a is None or b is None:
            return False
        return (least is None or b - a >= least) and (most is None or b - a <= most)

    def _quiet(self, said: Quiet) -> bool:
        a, b = self._moment(said.start), self._moment(said.to)
        if a is None or b is None:
            return False
        return not any(
            self._names[op].base.bus[0]
            and self._done.time[uid] < b
            and self._done.time[uid] + self._names[op].issue > a
            for uid, op in self._done.op.items()
        )

    def _never(self, said: Never) -> bool:
        for key, uid in self._uids.items():
            if self._done.op[uid] not in said.names or said.die not in (None, self._done.die[uid]):
                continue
            if not said.states or any(self._is_in(uid, key, base, state) for base, state in said.states):
                return False
        return bool(said.states) or not any(
            op in said.names and said.die in (None, self._done.die[uid]) for uid, op in self._done.op.items()
        )

    def _is_in(self, uid: int, key: str, base: int, state: int) -> bool:
        at, die = self._done.time[uid], self._done.die[uid]
        return any(
            host != uid
            and self._done.die[host] == die
            and self._names[self._done.op[host]].base.index == base
            and any(start <= at < end for _, start, end, _ in self._done.pieces(host, state))
            for host in self._uids.values()
        )

    def _moment(self, ref: PointRef) -> int | None:
        """When a moment comes; None: there is no such piece."""
        done = self._done
        if ref.act == BEGIN:
            return min(done.time[self._uids[key]] for one in self._scenario.wanted for key in one.keys)
        if ref.act == FINISH:
            return max(done.end(uid) for uid in self._uids.values())
        uid = self._uids[ref.act]
        if ref.piece:
            pieces = done.pieces(uid, 1)[ref.piece - 1 : ref.piece]
            return next((piece[1] if ref.moment == "start" else piece[2] for piece in pieces), None)
        issue_end = done.time[uid] + self._names[done.op[uid]].issue
        cores = done.pieces(uid, 1) if self._names[done.op[uid]].has_core else []
        return {
            "start": done.time[uid],
            "issue_end": issue_end,
            "core_end": cores[-1][2] if cores else issue_end,
            "end": done.end(uid),
        }[ref.moment]

    def _in_order(self) -> bool:
        keys = [(number, key) for one in self._scenario.wanted for number, key in enumerate(one.keys)]
        if self._scenario.rounds:
            keys.sort(key=lambda entry: entry[0])
        starts: dict[int, list[int]] = {}
        for _, key in keys:
            uid = self._uids[key]
            starts.setdefault(self._done.die[uid], []).append(self._done.time[uid])
        return all(a < b for mine in starts.values() for a, b in pairwise(mine))


def _in_part(at: int, piece: Stay, offset: Offset) -> bool:
    """Whether a moment is in a part of a stay; a place between two ticks means the tick before it."""
    _, start, _, planned = piece
    whole = planned if offset.share else 1
    low, high = offset.lo * whole, offset.hi * whole
    into = at - start
    least = low.__floor__() if offset.lo == offset.hi else low
    return least <= into and (into < high if offset.open_end else into <= high)
