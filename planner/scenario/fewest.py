"""As few operations as can be: which acts share blocks, which op_names and ends of chains, and a bound on them all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from model.boundary import BAD, ERASED, PROGRAMMED, Boundary
from model.chains import READS, Kind
from model.device import Device
from model.event import NOTHING
from model.geometry import planes_in
from planner.scenario.acts import PREREQUISITE, Act
from planner.scenario.addresses import assign, rows_apart
from planner.scenario.blocks import Layout, NotPlanned, Uses, erased_as
from planner.scenario.expand import Hopeless
from planner.scenario.language import Scenario
from planner.scenario.plans import Clock, Plan, plan_of, plans, variants
from planner.scenario.prepare import Preparer
from planner.scenario.runner import Solution
from planner.scenario.solving import MOST_WORK, QUICK, SLOW, carried_out, could_be
from planner.scenario.unprepared import PROGRAMS
from planner.scenario.ways import MOST_WAYS, Way, too_many

MOST_LAYOUTS = 400
"""Ways to share blocks that are added up."""
KEPT_LAYOUTS = 6
"""Ways to share blocks that are carried out, the cheapest first."""
MOST_PLANS = 64
MOST_TRIED = 24
_READS = READS - {Kind.RECOVERY}


def fewest(device: Device, scenario: Scenario, boundary: Boundary, clock: Clock) -> tuple[Solution | None, str]:
    """The solution with the fewest operations that is found, its `least` a number that no sequence is below.

    Hopeless, TimeUp.
    """
    priced = sorted(
        ((_price(device, boundary, plan), place, plan) for place, plan in enumerate(_candidates(device, scenario))),
        key=lambda entry: entry[:2],
    )
    best: Solution | None = None
    why = ""
    until = clock.work + MOST_WORK
    able = [(price, plan) for price, _, plan in priced[:MOST_TRIED] if could_be(device, scenario, plan, clock)]
    for manners in (QUICK, SLOW):
        for price, plan in able:
            if (best is not None and price * scenario.repeat >= best.operations) or clock.work > until:
                break
            solution, said = carried_out(device, scenario, boundary, clock, plan, manners)
            why = said or why
            if solution is not None and (best is None or solution.operations < best.operations):
                best = solution
        if best is not None:
            break
    if best is not None:
        best.least = least_operations(device, scenario, boundary)
    return best, why or "no order of the operations was found"


def _candidates(device: Device, scenario: Scenario) -> Iterator[Plan]:
    """Plans, with one op_name changed, and with all op_names of one celltype."""
    found = 0
    for plan in plans(device, scenario):
        for varied in (plan, *variants(device, scenario, plan), *_of_one_celltype(device, scenario, plan)):
            yield varied
            found += 1
        if found > 4 * MOST_PLANS:
            return


def _of_one_celltype(device: Device, scenario: Scenario, plan: Plan) -> Iterator[Plan]:
    every = {name.celltype for choice in plan.way.choices.values() for name in choice.names}
    for celltype in sorted(every) if len(every) > 1 else ():
        choices = {
            key: replace(choice, names=tuple(sorted(choice.names, key=lambda name: name.celltype != celltype)))
            for key, choice in plan.way.choices.items()
        }
        try:
            yield plan_of(device, scenario, Way(choices, plan.way.turns), plan.closer)
        except Hopeless:
            continue


def _price(device: Device, boundary: Boundary, plan: Plan) -> int:
    """How many operations one repetition of a plan has, where its acts start as they are listed."""
    found = layouts(device, boundary, plan, plan.acts, Uses())
    return len(plan.acts) + (found[0][0] if found else 1_000)


# -- which acts share blocks -------------------------------------------------------------------------------------------


def layouts(
    device: Device, boundary: Boundary, plan: Plan, acts: Sequence[Act], uses: Uses
) -> list[tuple[int, Layout]]:
    """The cheapest ways to give rows to acts in this order, with how many operations prepare them."""
    try:
        groups = rows_apart(device, boundary, acts)
    except Hopeless:
        return []
    found = []
    for layout in islice(_shared(groups), MOST_LAYOUTS):
        better = _on_rows(device, boundary, acts, layout, groups)
        for one in dict.fromkeys((better, layout)):
            cost = _cost(device, boundary, plan, acts, uses, one)
            if cost is not None:
                found.append((cost, one))
    found.sort(key=lambda entry: entry[0])
    return found[:KEPT_LAYOUTS]


def _shared(groups: Sequence[Sequence[Act]]) -> Iterator[Layout]:
    """All ways to put groups of a die on common rows; those that share most come first."""
    heads = [group[0] for group in groups]

    def grown(place: int, homes: list[list[Act]], joins: tuple[tuple[str, str], ...]) -> Iterator[Layout]:
        if place == len(heads):
            yield Layout(joins)
            return
        head = heads[place]
        fixed = any(isinstance(act.block, int) for act in groups[place])
        for home in homes:
            if home[0].die == head.die and not fixed:
                home.append(head)
                yield from grown(place + 1, homes, (*joins, (home[0].key, head.key)))
                home.pop()
        homes.append([head])
        yield from grown(place + 1, homes, joins)
        homes.pop()

    order = sorted(range(len(groups)), key=lambda i: not any(isinstance(act.block, int) for act in groups[i]))
    groups = [groups[i] for i in order]
    heads = [group[0] for group in groups]
    yield from grown(0, [], ())


def _on_rows(
    device: Device, boundary: Boundary, acts: Sequence[Act], layout: Layout, groups: Sequence[Sequence[Act]]
) -> Layout:
    """The layout with rows that are nearest to what is needed already."""
    if not (boundary.blocks.kind > BAD).any() or not _used(boundary):
        return layout
    rows: list[tuple[str, int]] = []
    taken = {(act.die, device.geometry.row_of(act.block)) for act in acts if isinstance(act.block, int)}
    joined = {b for _, b in layout.joins}
    for head in (group[0] for group in groups):
        if head.key in joined or any(isinstance(a.block, int) for g in groups if head in g for a in g):
            continue
        kind = _wish(head)
        row = _row_with(device, boundary, head, kind, taken)
        if row is not None:
            rows.append((head.key, row))
            taken.add((head.die, row))
    return replace(layout, rows=tuple(rows))


def _used(boundary: Boundary) -> bool:
    return bool(((boundary.blocks.kind == ERASED) | (boundary.blocks.kind == PROGRAMMED)).any())


def _wish(act: Act) -> tuple[int, ...]:
    return (PROGRAMMED,) if act.kind in _READS else (ERASED, PROGRAMMED)


def _row_with(
    device: Device, boundary: Boundary, act: Act, kinds: Sequence[int], taken: set[tuple[int, int]]
) -> int | None:
    """A row whose blocks are of a wanted kind for the act's celltype."""
    geometry, blocks = device.geometry, boundary.blocks
    page = act.page if isinstance(act.page, int) else 0
    for kind in kinds:
        for row in range(geometry.rows):
            at = [(act.die, geometry.block_of(row, plane)) for plane in planes_in(act.planes)]
            if (act.die, row) in taken or any(blocks.kind[one] != kind for one in at):
                continue
            last = [int(blocks.last[one]) for one in at]
            celltypes = {int(blocks.celltype[one]) for one in at}
            if kind == ERASED and celltypes == {erased_as(device, act.name.celltype)}:
                return row
            enough = min(last, default=-1) >= page if act.kind in _READS else max(last, default=0) + 1 < geometry.pages
            if kind == PROGRAMMED and celltypes == {act.name.celltype} and enough:
                return row
    return None


def _cost(
    device: Device, boundary: Boundary, plan: Plan, acts: Sequence[Act], uses: Uses, layout: Layout
) -> int | None:
    try:
        needs = assign(device, boundary, acts, Uses(dict(uses.counts)), layout)
        return sum(len(ops) for ops in Preparer(device, plan.banned, short=True).windows(needs))
    except (NotPlanned, Hopeless):
        return None


# -- the bound ---------------------------------------------------------------------------------------------------------


def least_operations(device: Device, scenario: Scenario, boundary: Boundary) -> int:
    """A number of operations that no sequence for a scenario is below, all repetitions together; 0: none is known."""
    if too_many(device, scenario):
        return 0
    every = list(islice(plans(device, scenario), 2 * MOST_WAYS))
    own = [(_in_any_case(plan), _prepared(device, boundary, plan)) for plan in every]
    return min(a + b for a, b in own) + (scenario.repeat - 1) * min(a for a, _ in own)


def _in_any_case(plan: Plan) -> int:
    """The acts of a plan; what is added between two uses of one block counts once, as one operation may do."""
    gaps = {act.key.split(".needs.")[0] for act in plan.acts if act.source == PREREQUISITE}
    return sum(act.source != PREREQUISITE for act in plan.acts) + len(gaps)


def _prepared(device: Device, boundary: Boundary, plan: Plan) -> int:
    """What has to be erased and programmed at least before the acts of a plan."""
    return sum(_on_die(device, boundary, plan, die) for die in sorted({act.die for act in plan.acts}))


def _on_die(device: Device, boundary: Boundary, plan: Plan, die: int) -> int:
    if die == NOTHING:
        return 0
    acts = [act for act in plan.acts if act.die == die]
    blocks = boundary.blocks
    written = set(blocks.celltype[die][blocks.kind[die] == PROGRAMMED].tolist())
    usable = set(blocks.celltype[die][blocks.kind[die] == ERASED].tolist())
    to_write: list[frozenset[int]] = []
    to_erase: list[frozenset[int]] = []
    for act in acts:
        celltypes = frozenset(name.celltype for name in act.names) - {0}
        as_erased = frozenset(erased_as(device, celltype) for celltype in celltypes)
        programs = _before(plan, act, PROGRAMS)
        erases = _before(plan, act, (Kind.ERASE,))
        ready = bool(as_erased & (erases | usable)) or bool(celltypes & written)
        if act.kind in _READS and celltypes and not celltypes & (programs | written):
            to_write.append(celltypes)
            to_erase += [] if ready else [as_erased]
        elif act.kind in PROGRAMS and celltypes and not ready:
            to_erase.append(as_erased)
    preparer = Preparer(device, plan.banned)
    steps = [min(len(preparer.steps(die, c)) for c in sorted(one)) for one in _disjoint(to_write)]
    return sum(steps) + len(_disjoint(to_erase))


def _before(plan: Plan, act: Act, kinds: Collection[Kind]) -> set[int]:
    """The celltypes of acts of some kinds on the die that may come before an act."""
    place = {one.key: number for number, one in enumerate(plan.listed)}
    own = _place(act, place)
    found = (one for one in plan.acts if one.kind in kinds and one.die == act.die and one is not act)
    return {name.celltype for one in found if not plan.in_order or _place(one, place) <= own for name in one.names}


def _place(act: Act, place: Mapping[str, int]) -> int:
    """The place in the list of the act, or of the first in its chain."""
    chain = [act]
    while chain[-1].previous is not None:
        chain.append(chain[-1].previous)
    if not any(one.key in place for one in chain):
        while chain[-1].following is not None and chain[-1].key not in place:
            chain.append(chain[-1].following)
    return min((place[one.key] for one in chain if one.key in place), default=0)


def _disjoint(sets: Sequence[frozenset[int]]) -> list[frozenset[int]]:
    """Sets that have nothing in common, each of which asks for something of its own."""
    found: list[frozenset[int]] = []
    for one in sorted(set(sets), key=lambda one: (len(one), sorted(one))):
        if all(not one & other for other in found):
            found.append(one)
    return found
