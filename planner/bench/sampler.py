"""The sampler: an event-driven constrained-random generator of the usual kind. docs/sampler.md is its specification.

Time goes on from visit to visit. At a visit to a die an operation is drawn by the weights of the op_state, checked
against the state of the device, and issued at once, or not at all. Nothing looks ahead, nothing is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from random import Random

from model.boundary import Boundary
from model.chains import RESUMES
from model.device import Device
from model.event import Chunk
from model.live import Live
from planner.bench.exact import cut
from planner.bench.proposals import Proposals
from planner.errors import JudgeRefused

ENOUGH = 2_000
"""Operations of a chunk."""
VISITS = (0, 1, 1, 1)
"""Out of these is drawn how often a state of CORE_BUSY or DATA is visited, at times drawn in it."""
REFILL = 0.02
"""How often a die that is busy gets a proposal when the refill period is over."""

STUCK = 100_000
"""So many visits in a row without an operation, and there will be none."""

WAKE, PROBE, FILL = range(3)


class Sampler(Proposals):
    """One run of the sampler on a device, from a fresh one on."""

    def __init__(self, device: Device, rng: Random) -> None:
        super().__init__(device, rng)
        self._heap: list[tuple[int, int, int, int, int]] = []
        self._count = 0
        self._wakes = [0] * len(self._dies)
        self._asleep = [False] * len(self._dies)
        self._seen: list[tuple[int, int]] = [(0, 0)] * len(self._dies)
        self._period = max(device.policies.queue_refill_period, device.clock.ticks_per_us)
        self._most = 0
        self.boundary = self._start
        for die in range(len(self._dies)):
            self._wake(die, 0)
            self._push(self._period, die, FILL, 0)

    # -- the loop ------------------------------------------------------------------------------------------------

    def chunks(self, operations: int) -> Iterator[Chunk]:
        """Operations until there are so many, then whatever closes what is open. JudgeRefused: it gets no further."""
        self._most, in_vain = operations, 0
        while self._heap:
            time, _, number, kind, token = heappop(self._heap)
            self._draining = self._uid > self._most
            if self._draining and self._closed():
                break
            if self._stale(number, kind, token):
                continue
            soonest = max(self._free, self._last + 1, self._dies[number].now)
            if time < soonest:
                self._push(soonest, number, kind, token)
                continue
            before = self._uid
            self._visit(number, time, kind)
            in_vain = in_vain + 1 if self._uid == before else 0
            if in_vain > STUCK:
                raise JudgeRefused("the sampler finds nothing to issue any more", digest=self.device.config.digest)
            if len(self._rows) >= ENOUGH:
                yield self._chunk(time)
        self.boundary = self._end()
        yield self._chunk(self.boundary.time)

    def drain(self) -> None:
        """From now on only what closes something is issued."""
        self._most = 0

    def _push(self, time: int, die: int, kind: int, token: int) -> None:
        self._count += 1
        heappush(self._heap, (time, self._count, die, kind, token))

    def _wake(self, die: int, time: int) -> None:
        """The next visit that the state of the die asks for; what was planned before is forgotten."""
        self._wakes[die] += 1
        self._asleep[die] = False
        self._push(time, die, WAKE, self._wakes[die])

    def _stale(self, die: int, kind: int, token: int) -> bool:
        if kind == WAKE:
            return token != self._wakes[die]
        if kind == PROBE:
            return all(live.uid != token for live in self._dies[die].track.running)
        return False

    def _visit(self, number: int, time: int, kind: int) -> None:
        die = self._dies[number]
        die.go_to(time)
        if kind == FILL:
            self._push(time + self._period, number, FILL, 0)
            if not self._asleep[number] and not (die.track.running and self._draws.chance(REFILL)):
                return
        running = die.track.running
        if kind != PROBE and running:
            self._note(number, running)
        live = None if self._draining and running else self._propose(number, time)
        self._still[number] = 0 if live is not None else self._still[number] + 1
        if kind != PROBE or (live is not None and live.op.base.holds):
            self._next(number, live)

    def _next(self, number: int, live: Live | None) -> None:
        """Sets the hook: the next end of a state, or a moment after the operation; nothing came: the next refill."""
        die = self._dies[number]
        running = die.track.running
        if running:
            self._note(number, running)
            self._wake(number, min(one.end for one in running) + self._delay())
        elif live is not None:
            self._wake(number, die.now + self._delay())
        else:
            self._wakes[number] += 1
            self._asleep[number] = True

    def _delay(self) -> int:
        window = self.device.policies.admission_window
        return self._draws.between(0, window) if window and not self._draining else 0

    def _note(self, number: int, running: list[Live]) -> None:
        """Draws the visits inside the states of what has begun to run."""
        live = running[-1]
        if (live.uid, live.fragment) == self._seen[number] or self._draining:
            return
        self._seen[number] = live.uid, live.fragment
        for begin, end in ((live.core, live.data), (live.data, live.end)):
            if begin < end:
                for _ in range(VISITS[self._draws.between(0, len(VISITS) - 1)]):
                    self._push(self._draws.between(begin, end - 1), number, PROBE, live.uid)

    # -- the end of a run ----------------------------------------------------------------------------------------

    def _closed(self) -> bool:
        """Whether nothing is open and nothing runs any more, but what ends by itself."""
        for die in self._dies:
            track = die.track
            if any(live.kind in RESUMES for live in track.running):
                return False
            if track.suspended or track.shot or track.cache_program or any(track.cache_read) or die.undelivered():
                return False
        return not self._dies[0].odt

    def _end(self) -> Boundary:
        """Lets everything that runs come to its end."""
        time = max([self._free, *(die.now for die in self._dies)])
        while True:
            for die in self._dies:
                die.go_to(time)
            ends = [live.end for die in self._dies for live in (*die.track.running, *die.track.passing)]
            if not ends:
                return cut(self._dies, self._start, time, self._uid)
            time = max(time, *ends)
