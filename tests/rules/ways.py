"""Putting a row to the window encoder, with all starts fixed, in every way in which it can be asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from model.advance import Issued, advance
from model.boundary import Boundary, LiveOp
from model.device import Device
from model.event import NOTHING
from model.operations import RESETS, SUSPENDS
from planner.solve import Budget, Solved, solve
from planner.window import unordered
from planner.window.logic import Logic
from planner.window.registers import Registers
from planner.window.rules.contents import ENCODERS
from planner.window.spec import Inside, OpSpec, WindowSpec
from planner.window.variables import Window
from tests.rules.table import Line


@dataclass(frozen=True)
class Way:
    """A window that asks for a row's operations, and the device when it begins."""

    called: str
    boundary: Boundary
    spec: WindowSpec

    def allowed(self, device: Device) -> bool:
        """Whether the window has a solution."""
        return isinstance(solve(device, self.boundary, self.spec, Budget(conflicts=100_000)), Solved)


def loose(device: Device, lines: Sequence[Line], drained: bool = False) -> Way:
    """All operations in one window of open order."""
    return _way("open order", Boundary.fresh(device), [spec_of(device, line) for line in lines], lines, drained)


def ways(device: Device, lines: Sequence[Line], drained: bool = False) -> Iterator[Way]:
    """Open and given order, from a fresh device and with all but the last operation behind the window.

    The operations before the last one have to be legal.
    """
    yield loose(device, lines, drained)
    before = [_before(device, lines, place) for place in range(len(lines))]
    told = [_hosted(device, lines, place, before[place]) for place in range(len(lines))]
    if all(spec is not None for spec in told):
        specs = [spec for spec in told if spec is not None]
        yield _way("given order", replace(before[0], time=0), specs, lines, drained, ordered=True)
    last = lines[-1]
    if len(lines) == 1 or any(line.time + line.name.issue > last.time for line in lines[:-1]):
        return
    yield _way("open order, at the end", before[-1], [spec_of(device, last)], lines[-1:], drained)
    alone = _hosted(device, lines, len(lines) - 1, before[-1], carried=True)
    if alone is not None:
        yield _way("given order, at the end", before[-1], [alone], lines[-1:], drained, ordered=True)


def spec_of(device: Device, line: Line) -> OpSpec:
    """An operation with its address and start. ValueError: an address that a window cannot say."""
    dies, blocks, pages = ({entry[i] for entry in line.objects} - {NOTHING} for i in (0, 2, 3))
    rows = {block // device.geometry.planes for block in blocks}
    if len(dies) > 1 or len(rows) > 1 or len(pages) > 1:
        raise ValueError(f"{line}: no window can ask for this address")
    return OpSpec(
        line.name.index, line.die, (line.planes,), tuple(rows), tuple(pages), earliest=line.time, latest=line.time
    )


def _way(
    called: str, start: Boundary, specs: list[OpSpec], lines: Sequence[Line], drained: bool, ordered: bool = False
) -> Way:
    latest = max(line.time for line in lines)
    return Way(called, start, WindowSpec(tuple(specs), ordered, start.time, latest + 1, drained))


def _before(device: Device, lines: Sequence[Line], place: int) -> Boundary:
    """The device just before an operation of the row starts."""
    behind = [issued(device, line) for line in lines[:place]]
    return advance(device, Boundary.fresh(device), behind, lines[place].time)[0]


def issued(device: Device, line: Line) -> Issued:
    """An operation of a row as what the device transition takes."""
    entry = line.objects[0] if line.objects else (NOTHING,) * 5
    row = NOTHING if entry[2] == NOTHING else entry[2] // device.geometry.planes
    return Issued(line.op_uid, line.name.index, line.die, line.planes, row, entry[3], entry[4], line.time)


def _hosted(
    device: Device, lines: Sequence[Line], place: int, before: Boundary, carried: bool = False
) -> OpSpec | None:
    """The operation with what it cuts, aborts or takes over; None where that is more than one operation."""
    line, spec = lines[place], spec_of(device, lines[place])
    if not line.name.base.affects_state:
        return spec
    if line.die == NOTHING:
        return None if any(_entered(device, line, live) for die in before.dies for live in die.running) else spec
    running = before.dies[line.die].running
    hosts = [(k, live, at) for k, live in enumerate(running) if (at := _entered(device, line, live)) is not None]
    if len(hosts) > 1:
        return None
    for k, live, (state, offset) in hosts:
        op = -1 - k if carried else next(i for i, other in enumerate(lines) if other.op_uid == live.op_uid)
        return replace(spec, inside=Inside(op, state, offset, offset))
    return spec


def _entered(device: Device, line: Line, live: LiveOp) -> tuple[int, int] | None:
    """The state of a running operation that this one ends by its start, and how far into it that is."""
    name, base = device.catalogue.names[live.name], line.name.base
    core = live.piece_start + (0 if live.fragment else name.issue)
    data = core + live.remaining
    if base.name in RESETS and name.base.affects_state and live.piece_start < line.time < core:
        return 0, line.time - live.piece_start
    if not name.base.affects_state or not core <= line.time < live.end:
        return None
    in_core = line.time < data
    axis = device.axis.get(device.kinds[base.index], 0)
    if base.name in SUSPENDS:
        cuts = in_core and line.time > core and axis >> name.base.index & 1
        return (1, line.time - core) if cuts else None
    if base.name in RESETS:
        return (1, line.time - core) if in_core else (len(name.base.states) - 1, line.time - data)
    shared = device.targets(base.index, line.planes) & device.targets(name.base.index, live.planes)
    return (len(name.base.states) - 1, line.time - data) if shared and not in_core else None


class Assumed:
    """The window of open order with every rule behind a literal of its own, so that rules can be left out."""

    def __init__(self, device: Device, way: Way) -> None:
        self._logic = Logic(way.spec.ceiling - way.spec.floor, assuming=True)
        window = Window(device, way.boundary, way.spec, self._logic)
        unordered.place(window)
        for die in range(device.geometry.dies):
            Registers.of(window, die)  # what the registers hold is no rule
        for rule, encode in ENCODERS:
            self._logic.rule = rule
            encode(window)

    @property
    def rules(self) -> frozenset[str]:
        """The rules that have something to say."""
        return frozenset(self._logic.assumptions) - {"window"}

    def allowed(self, rules: frozenset[str]) -> bool:
        """Whether the window has a solution when only these rules hold."""
        cp = self._logic.cp
        cp.clear_assumptions()
        on = rules | {"window"}
        cp.add_assumptions([lit if rule in on else ~lit for rule, lit in self._logic.assumptions.items()])
        solver = cp_model.CpSolver()
        solver.parameters.catch_sigint_signal = False
        solver.parameters.num_workers = 1
        solver.parameters.cp_model_presolve = False
        status = solver.solve(cp)
        assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE), solver.status_name(status)
        return status != cp_model.INFEASIBLE
