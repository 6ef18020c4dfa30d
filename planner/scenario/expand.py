"""From a scenario to acts: every wanted operation once, its suspensions, deliveries, and the rest of its chains."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from model.chains import READS, Kind
from model.device import Device
from model.event import NOTHING
from model.geometry import planes_in
from model.operations import ERASE_AXIS
from planner.scenario.acts import CHAIN, RESUME, TARGET, Act, Hosted
from planner.scenario.language import EACH, Cut, Inside, Never, Place, Related, Scenario, Wanted
from planner.scenario.ways import Way, banned


class Hopeless(Exception):  # noqa: N818 - an answer
    """What is wanted cannot be: the rule that forbids it, where it was asked for, and what else stands against it."""

    def __init__(self, rule: str, message: str, place: Place | None, against: tuple[Place, ...] = ()) -> None:
        super().__init__(message)
        self.rule = rule
        self.place = place
        self.against = against


class Expander:
    """Makes the acts of a scenario. `closer` chooses among the bases that end a one-shot program."""

    def __init__(self, device: Device, scenario: Scenario, way: Way, closer: int = 0) -> None:
        self._device = device
        self._scenario = scenario
        self._way = way
        self._closer = closer
        self._spread = 0
        self.acts: list[Act] = []
        self.by_key: dict[str, Act] = {}
        self.listed: list[Act] = []
        dies = (NOTHING, *range(device.geometry.dies))
        self.banned = {die: banned(scenario, die) for die in dies}

    def acts_of(self) -> list[Act]:
        """All acts, in the order of the scenario, each with what it brings along. Hopeless."""
        listed = [(one, i, key) for one in self._scenario.wanted for i, key in enumerate(one.keys)]
        if self._scenario.rounds:
            listed.sort(key=lambda entry: entry[1])
        wanted = [self._wanted(one, key) for one, _, key in listed]
        for act in wanted:
            self.by_key[act.key] = act
        for act in wanted:
            self._place(act)
        for act in wanted:
            self._not_resumed(act)
        from planner.scenario.follow import follow  # noqa: PLC0415 - they need what is defined here
        from planner.scenario.needs import fill_gaps  # noqa: PLC0415

        self.listed = fill_gaps(self, wanted) if self._scenario.listed else wanted
        follow(self, self._turned(self.listed))
        return self.acts

    def _turned(self, acts: list[Act]) -> list[Act]:
        """The acts in the order in which chains are told."""
        turned = iter([self.by_key[key] for key in self._way.turns])
        told = set(self._way.turns)
        return [next(turned) if act.key in told else act for act in acts]

    def _wanted(self, one: Wanted, key: str) -> Act:
        choice = self._way.choices[key]
        names = choice.names
        act = Act(key, names, choice.die, self._device.kinds[names[0].base.index], TARGET, one)
        act.block, act.page = one.block, one.page
        act.planes, act.fixed = self._planes(act, one)
        act.cuts = one.cuts
        return act

    def _planes(self, act: Act, one: Wanted) -> tuple[int, bool]:
        device = self._device
        if not act.base.has_plane:
            return 0, True
        if one.planes:
            return sum(1 << plane for plane in one.planes), True
        many = one.plane_count or (2 if act.name.multi else 1)
        if isinstance(one.block, int):
            first = one.block % device.geometry.planes
            if many == 1:
                return 1 << first, True
            start = min(first, device.geometry.planes - many)
            return sum(1 << plane for plane in range(start, start + many)), False
        if self._way.spread and many == 1 and not isinstance(one.block, Related):
            self._spread += 1
            return 1 << (self._spread - 1) % device.geometry.planes, False
        if many > device.geometry.planes:
            raise Hopeless("multi-address", f"{act.name.name} needs {many} planes", one.place)
        return (1 << many) - 1, device.geometry.planes == 1

    def _place(self, act: Act) -> None:
        """Its place in another act, and its suspensions."""
        one = act.wanted
        assert one is not None
        number = int(act.key.rpartition(".")[2]) if one.count > 1 else 1
        if isinstance(one.block, Related) and one.block.same and not one.planes:
            other = self._other(one.block.to, number)
            if act.name.multi == other.name.multi or not act.name.multi:
                act.planes = other.planes if act.name.multi == other.name.multi else other.planes & -other.planes
                act.fixed = other.fixed and act.name.multi == other.name.multi
        if one.inside is not None:
            act.hosted = self._hosted(one.inside, number)
        self.acts.append(act)
        for index, cut in enumerate(one.cuts, 1):
            self._cut(act, index, cut)
        if act.hosted is not None and act.kind is Kind.RESET:
            act.hosted.host.stopped = act

    def _not_resumed(self, reset: Act) -> None:
        """What a RESET finds suspended is not continued any more."""
        hosted = reset.hosted
        if hosted is None or reset.kind is not Kind.RESET or not hosted.suspension:
            return
        host = hosted.host
        if hosted.suspension < len(host.suspends):
            raise Hopeless("suspend-state", f"{host.key} is over with {reset.key}", hosted.inside.place)
        resume = host.resumes[-1]
        if resume is not None:
            self.acts.remove(resume)
            del self.by_key[resume.key]
        host.resumes[-1] = None

    def _other(self, name: str, number: int) -> Act:
        found = self.by_key.get(name) or self.by_key.get(f"{name}.{number}") or self.by_key.get(f"{name}.1")
        assert found is not None, name
        return found

    def _hosted(self, inside: Inside, number: int) -> Hosted:
        host = self._other(inside.of, number)
        each = {EACH: number}
        piece = 0 if inside.piece is None else each.get(inside.piece, inside.piece)
        suspension = 0 if inside.suspension is None else each.get(inside.suspension, inside.suspension)
        part = None if inside.bin is None else number - 1 if inside.bin == EACH else inside.bin
        return Hosted(host, inside, piece, suspension, part)

    def _cut(self, act: Act, index: int, cut: Cut) -> None:
        axis = "ERASE" if act.base.name in ERASE_AXIS else "PROGRAM"
        suspend = self.added(f"{act.key}.suspend.{index}", f"{axis}_SUSPEND", act.die, TARGET, cut.suspends, cut.place)
        resume = self.added(f"{act.key}.resume.{index}", f"{axis}_RESUME", act.die, RESUME, cut.resumes, cut.place)
        suspend.victim = resume.victim = act
        act.suspends.append(suspend)
        act.resumes.append(resume)

    def added(
        self, key: str, base: str, die: int, source: int, names: Sequence[int] = (), place: Place | None = None
    ) -> Act:
        """A new act of a base. Hopeless: the config has no op_name for it."""
        catalogue = self._device.catalogue
        chosen = names or (catalogue.base(base).names if base in catalogue.base_index else ())
        allowed = [catalogue.names[name] for name in chosen if name not in self.banned[die]]
        if not allowed:
            raise Hopeless(
                "config", f"there is no operation of base {base} that may be used", place, self.bans(chosen, die)
            )
        act = Act(key, tuple(allowed), die, self._device.kinds[allowed[0].base.index], source)
        self.acts.append(act)
        self.by_key[key] = act
        return act

    def bans(self, names: Iterable[int], die: int) -> tuple[Place, ...]:
        """Where the scenario forbids some of these op_names on a die altogether."""
        every = set(names)
        said = [one for one in self._scenario.statements if isinstance(one, Never) and not one.states]
        return tuple(one.place for one in said if one.die in (None, die) and one.names & every)

    def like(self, act: Act, key: str, base: str, source: int = CHAIN) -> Act:
        """A new act on the address of another one: same die, planes, celltype."""
        made = self.added(key, base, act.die, source, place=act.wanted.place if act.wanted else None)
        celltypes = {name.celltype for name in act.names} | {0}
        multi = act.planes.bit_count() > 1
        fitting = [name for name in made.names if name.multi == multi and name.celltype in celltypes]
        fitting.sort(key=lambda name: name.celltype not in (act.name.celltype, 0))
        if not fitting or fitting[0].celltype not in (act.name.celltype, 0):
            kind = self._device.celltypes[act.name.celltype]
            names = self._device.catalogue.base(base).names
            place = act.wanted.place if act.wanted else None
            what = f"there is no operation of base {base} for {act.key} ({kind}) that may be used"
            raise Hopeless("config", what, place, self.bans(names, act.die))
        made.names = tuple(fitting)
        made.planes, made.fixed = act.planes, act.fixed
        return made

    def insert_before(self, act: Act, made: Act) -> None:
        """An added act stands before another one in the list."""
        self.acts.remove(made)
        self.acts.insert(self.acts.index(act), made)

    @property
    def device(self) -> Device:
        """The device."""
        return self._device

    @property
    def in_order(self) -> bool:
        """Whether the operations of a die start in the order in which they stand."""
        return self._scenario.listed

    @property
    def closer(self) -> int:
        """Which of the ways to end a one-shot program is taken."""
        return self._closer


def reads_of(act: Act) -> bool:
    """Whether the act is a read whose page is delivered."""
    return act.kind in READS


def planes_of(act: Act) -> tuple[int, ...]:
    """Its payload planes, ascending."""
    return planes_in(act.planes)
