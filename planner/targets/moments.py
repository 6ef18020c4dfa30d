"""When within a state an operation can be issued: the bins that time leaves open.

Offsets and lengths in ticks. Bin k of a state of planned length L are the ticks j with k * L <= 10 * j < (k + 1) * L,
that is ceil(k * L / 10) to ceil((k + 1) * L / 10) - 1; a state shorter than ten ticks has bins without any tick.
What is left of a suspended operation is a state of its own, of any length from 1 to one less than the nominal.

A status read that starts at offset j of a state of length L ends in it if j + ISSUE <= L. Otherwise the value that it
shows has to outlive the state: another plane of the die stays busy ([multi-plane] decides who may), or the state is
that of a RESUME and the victim goes on. The bus orders the ISSUEs: the neighbour's lies before the host's or between
the host's and the status read's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from model.chains import RESUMES, SUSPENDS, Kind
from model.device import Device
from model.operations import OpName

BINS = 10
ALL_BINS = (1 << BINS) - 1
_SHORT = 2 * BINS
TIME_RULES = ("sr-stable", "multi-plane", "bus")
"""The rules that decide how late in a state a status read can be issued."""


def first_tick(length: int, place: int) -> int:
    """The first tick at or after the beginning of a bin."""
    return -(-place * length // BINS)


class Moments:
    """Bins (bit sets) for the states and op_names of one device, of which `names` can be issued at all.

    `continued`: bases that are resumed; `exact`: every ISSUE is on the bus, so that the neighbours are known; `rules`:
    those of TIME_RULES that are enforced.
    """

    def __init__(
        self,
        device: Device,
        names: Collection[int],
        continued: Collection[int],
        exact: bool,
        rules: Collection[str] = TIME_RULES,
    ) -> None:
        self._device = device
        self._rules = frozenset(rules)
        self._names = [name for name in device.catalogue.names if name.index in names]
        self._continued = continued
        self._exact = exact
        self._flags = device.config.pattern.exp_val_suspend
        self._cache: dict[tuple[object, ...], int] = {}
        several = device.geometry.planes > 1
        self._neighbours = sorted({(n.issue, n.core_busy, n.data) for n in self._names if several and self._beside(n)})

    def bins(self, hosts: Iterable[OpName], state: int, name: OpName, earliest: int) -> int:
        """The bins of a state (by its index, not END) of any of the hosts in which the op_name can be issued.

        `earliest`: the first offset at which what has to happen in the state before can be over.
        """
        kind = self._device.kinds[name.base.index]
        status = kind is Kind.STATUS and self._exact and "sr-stable" in self._rules
        earliest = max(earliest, 1 if kind in SUSPENDS else 0)
        result = 0
        for host in hosts:
            core = host.base.states[state] == "CORE_BUSY"
            key = (
                host.durations,
                host.base.index,
                host.multi,
                state,
                status and (name.issue, name.base.has_plane),
                earliest,
            )
            found = self._cache.get(key)
            if found is None:
                found = 0
                for length in self._lengths(host, state, core):
                    found |= self._open(host, core, length, name if status else None, earliest)
                self._cache[key] = found
            result |= found
            if result == ALL_BINS:
                break
        return result

    def _lengths(self, host: OpName, state: int, core: bool) -> Iterator[int]:
        nominal = host.durations[state]
        yield nominal
        if core and nominal < _SHORT and host.base.index in self._continued:
            yield from range(1, nominal)

    def _open(self, host: OpName, core: bool, length: int, status: OpName | None, earliest: int) -> int:
        result = 0
        for place in range(BINS):
            first = max(first_tick(length, place), earliest)
            last = first_tick(length, place + 1) - 1
            if first > last:
                continue
            fits = status is None or first + status.issue <= length
            if fits or any(self._outlives(host, core, length, status, j) for j in _offsets(first, last)):
                result |= 1 << place
        return result

    def _outlives(self, host: OpName, core: bool, length: int, read: OpName | None, offset: int) -> bool:
        """Whether the value at an offset can last for the ISSUE, though the state does not."""
        kind = self._device.kinds[host.base.index]
        if read is None:
            return True
        if core and kind in RESUMES and not self._flags:
            axis = self._device.axis[kind]
            rests = [n.core_busy - 1 for n in self._names if axis >> n.base.index & 1]
            return offset + read.issue <= length + max(rests, default=0)
        if not self._beside(host) or length != host.durations[1 if core else -1]:
            return False
        host_issue = host.issue if "bus" in self._rules else 0
        moment = host.issue + (0 if core else host.core_busy) + offset
        plane_level = read.base.has_plane
        return any(
            ((core or plane_level) and _covered(host_issue, moment, read.issue, issue, 0, busy))
            or (not core and _covered(host_issue, moment, read.issue, issue, busy, data))
            for issue, busy, data in self._neighbours
        )

    def _beside(self, name: OpName) -> bool:
        """Whether an op_name takes one plane and lets others run beside it."""
        device = self._device
        base = name.base.index
        if "multi-plane" not in self._rules:
            return name.base.affects_state
        narrow = name.base.affects_state and not device.targets_all[base] and not name.multi
        return bool(narrow and device.single_single >> base & 1)


def _offsets(first: int, last: int) -> Iterator[int]:
    """The offsets worth trying: what is later starts later, so both ends of the bin decide."""
    yield first
    if last > first:
        yield last


def _covered(host_issue: int, moment: int, read: int, issue: int, before: int, lasting: int) -> bool:
    """Whether a neighbour's state, `before` ticks after its ISSUE and `lasting` ticks long, can cover a status read.

    The status read is [moment, moment + read), offsets from the host's start.
    The host's ISSUE is [0, host_issue). The neighbour's starts at some x with moment + read - lasting <= x + issue +
    before <= moment, and x >= host_issue or x + issue <= 0.
    """
    if lasting < read:
        return False
    latest = moment - before - issue
    soonest = latest - (lasting - read)
    return latest >= host_issue or soonest + issue <= 0
