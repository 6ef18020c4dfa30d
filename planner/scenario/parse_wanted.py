"""The operations of a scenario file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from model.config.node import Node
from model.config.problems import nearest
from model.operations import DOUTS, ERASE_AXIS, READS, RESUMES, SUSPENDS
from planner.scenario.language import BEGIN, EACH, FINISH, Cut, Inside, Offset, Related, Wanted
from planner.scenario.reading import MOST_COUNT, Reader, shown

KEYS = (
    "op", "count", "die", "plane", "planes", "plane_count", "block", "page", "celltype", "inside", "suspended",
    "delivers", "delivered",
)  # fmt: skip
INSIDE = ("of", "state", "piece", "suspension", "at", "bin")
CUT = ("at", "suspend", "resume")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
STATES = ("CORE_BUSY", "DATA_OUT", "DATA_IN")


class WantedParser:
    """Reads operations; `ids` are the names of all of them."""

    def __init__(self, reader: Reader, ids: Sequence[str]) -> None:
        self._reader = reader
        self._problems = reader.problems
        self._device = reader.device
        self._ids = ids
        self._nodes: dict[str, Node] = {}

    def wanted(self, name: str, node: Node) -> Wanted | None:
        """One entry; None where it is unusable."""
        reader, geometry = self._reader, self._device.geometry
        self._nodes[name] = node
        if not _NAME.fullmatch(name) or name in (BEGIN, FINISH):
            self._problems.error(node, "not a name; allowed: letters, digits and _, not begin or finish", at_key=True)
        if isinstance(node.value, str):
            names = reader.names(node)
            return Wanted(name, names, reader.place(node, f"{name}: {node.shown}")) if names else None
        if not reader.known(node, KEYS):
            return None
        names = self._names(node)
        planes = reader.plane_list(node.get("planes") or node.get("plane"))
        if node.get("planes") and node.get("plane"):
            self._problems.error(node.at("plane"), "say plane or planes, not both", at_key=True)
        wanted = Wanted(
            id=name,
            names=names,
            place=reader.place(node, f"{name}: {shown(node)}"),
            count=reader.whole(node.get("count"), 1, MOST_COUNT, 1),
            die=self._address(node.get("die"), geometry.dies - 1),
            planes=planes,
            plane_count=reader.whole(node.get("plane_count"), 1, geometry.planes, 0),
            block=self._address(node.get("block"), geometry.blocks - 1),
            page=self._address(node.get("page"), geometry.pages - 1),
            inside=self._inside(node.get("inside")),
            cuts=self._cuts(node.get("suspended"), names),
            delivers=reader.text(node.get("delivers")),
            delivered=reader.truth(node.get("delivered"), True),
        )
        return wanted if names else None

    def _names(self, node: Node) -> tuple[int, ...]:
        said = node.get("op")
        if said is None:
            self._problems.error(node, "op is missing: an op_name, a base, or a list of them", at_key=True)
            return ()
        names = self._reader.names(said)
        catalogue, celltypes = self._device.catalogue, self._device.celltypes
        wanted = node.get("celltype")
        if wanted is not None and names:
            if wanted.text not in celltypes:
                self._problems.error(wanted, f"no such celltype{nearest(wanted.text, celltypes)}")
            else:
                kind = celltypes.index(wanted.text)
                names = tuple(i for i in names if catalogue.names[i].celltype == kind)
                if not names:
                    self._problems.error(wanted, f"none of {said.shown} has this celltype")
        return names

    def _address(self, node: Node | None, most: int) -> int | Related | None:
        if node is None or node.value == "any":
            return None
        if isinstance(node.value, dict):
            self._reader.known(node, ("same", "other"))
            if len(node.items) > 1:
                self._problems.error(node, "say same or other, not both")
            for key in ("same", "other"):
                said = node.get(key)
                if said is not None:
                    return Related(self._reference(said), key == "same", self._reader.place(node))
            self._problems.error(node, "allowed: a number, any, {same: NAME} or {other: NAME}")
            return None
        return self._reader.whole(node, 0, most, 0)

    def _reference(self, node: Node) -> str:
        name = self._reader.text(node)
        if name and name.split(".")[0] not in self._ids:
            self._problems.error(node, f"no operation of this scenario{nearest(name, self._ids)}")
        return name

    def _inside(self, node: Node | None) -> Inside | None:
        if node is None:
            return None
        reader = self._reader
        if isinstance(node.value, str):
            return Inside(self._reference(node), reader.place(node))
        if not reader.known(node, INSIDE):
            return None
        of = node.get("of")
        if of is None:
            self._problems.error(node, "of is missing: the operation in which it is issued", at_key=True)
            return None
        state = node.get("state")
        if state is not None and state.text not in STATES:
            self._problems.error(state, f"no such state{nearest(state.text, STATES)}")
        if node.get("at") is not None and node.get("bin") is not None:
            self._problems.error(node.at("bin"), "say at or bin, not both", at_key=True)
        suspension = reader.numbered(node.get("suspension"), MOST_COUNT)
        for key in ("state", "piece", "at", "bin"):
            if suspension is not None and node.get(key) is not None:
                self._problems.error(node.at(key), "a suspension has no states, pieces or bins", at_key=True)
        return Inside(
            of=self._reference(of),
            place=reader.place(node),
            state=state.text if state is not None else "CORE_BUSY",
            piece=reader.numbered(node.get("piece"), MOST_COUNT),
            suspension=suspension,
            offset=reader.offset(node.get("at")),
            bin=self._bin(node.get("bin")),
        )

    def _bin(self, node: Node | None) -> int | None:
        if node is not None and node.value == "each":
            return EACH
        return None if node is None else self._reader.whole(node, 0, 9, 0)

    def _cuts(self, node: Node | None, names: tuple[int, ...]) -> tuple[Cut, ...]:
        if node is None:
            return ()
        axis = self._axis(node, names)
        if isinstance(node.value, list):
            cuts = [self._cut(member, axis) for member in node.members]
            if not cuts:
                self._problems.error(node, "allowed: how often, or a list of at least one")
            return tuple(cuts)
        times = self._reader.whole(node, 1, MOST_COUNT, 1)
        return (Cut(None, self._reader.place(node)),) * times

    def _cut(self, node: Node, axis: str) -> Cut:
        reader = self._reader
        if isinstance(node.value, dict):
            reader.known(node, CUT)
            suspends = reader.names(node.get("suspend"), f"{axis}_SUSPEND")
            resumes = reader.names(node.get("resume"), f"{axis}_RESUME")
            return Cut(reader.offset(node.get("at")), reader.place(node), suspends, resumes)
        return Cut(reader.offset(node), reader.place(node))

    def _axis(self, node: Node, names: tuple[int, ...]) -> str:
        device = self._device
        bases = {device.catalogue.names[name].base for name in names}
        axes = {
            "ERASE" if b.name in ERASE_AXIS else "PROGRAM" if device.program_axis >> b.index & 1 else "" for b in bases
        }
        if len(axes) != 1 or "" in axes:
            bases_shown = ", ".join(sorted(b.name for b in bases))
            self._problems.error(node, f"{bases_shown or 'it'} cannot be suspended", at_key=True)
            return "ERASE"
        return axes.pop()

    # -- what only shows when all operations are known ---------------------------------------------------------

    def check(self, wanted: list[Wanted]) -> None:
        """Notes references that do not fit what they refer to."""
        keys = {key: one for one in wanted for key in one.keys}
        every = {one.id: one for one in wanted}
        for one in wanted:
            node = self._nodes[one.id]
            self._check_own(one, node)
            if one.inside is not None:
                self._check_inside(one, one.inside, keys, every, node.at("inside"))
            for key in ("die", "block", "page"):
                related = getattr(one, key)
                if (
                    isinstance(related, Related)
                    and related.to in every
                    and every[related.to].count not in (1, one.count)
                ):
                    self._problems.error(node.at(key), f"{related.to} is {every[related.to].count} operations")
            if isinstance(one.block, Related) and one.block.same:
                self._check_same(one, keys.get(one.block.to) or every.get(one.block.to), node.at("block"))
            if one.delivers:
                self._check_delivers(one, keys.get(one.delivers) or every.get(one.delivers), node.at("delivers"))
        self._check_circles(wanted)

    def _check_own(self, one: Wanted, node: Node) -> None:
        catalogue = self._device.catalogue
        bases = {catalogue.names[name].base.name for name in one.names}
        if bases & SUSPENDS or bases & RESUMES:
            self._problems.error(
                node.at("op"), "a SUSPEND and its RESUME come with `suspended` of the operation that is cut"
            )
        if bases & DOUTS and not one.delivers:
            self._problems.error(node.at("op"), "a DOUT needs `delivers`: the read whose page it delivers")
        for field in ("die", "plane", "planes", "plane_count", "block", "page"):
            said = node.get(field) if isinstance(node.value, dict) else None
            wanted = "plane" if field.startswith("plane") else field
            if said is not None and not any(wanted in catalogue.names[name].base.payload for name in one.names):
                self._problems.error(said, f"{', '.join(sorted(bases))} has no {wanted}", at_key=True)
        if one.cuts and one.count > 1:
            self._problems.error(
                node.at("suspended"), "only a single operation (count 1) can be suspended", at_key=True
            )
        most = self._device.policies.maxplanes
        if one.planes and one.plane_count and one.plane_count != len(one.planes):
            self._problems.error(node.at("plane_count"), f"it contradicts planes, which are {len(one.planes)}")
        many = len(one.planes) or one.plane_count
        multi = {catalogue.names[name].multi for name in one.names}
        if many and (many > 1) not in multi:
            allowed = f"2 to {most}" if True in multi else "1"
            where = node.get("planes") or node.get("plane") or node.at("plane_count")
            self._problems.error(where, f"these op_names take {allowed} planes")
        if isinstance(one.block, int) and one.planes and one.block % self._device.geometry.planes not in one.planes:
            plane = one.block % self._device.geometry.planes
            self._problems.error(node.at("block"), f"block {one.block} lies on plane {plane}, which is not asked for")

    def _check_inside(
        self, one: Wanted, inside: Inside, keys: dict[str, Wanted], every: dict[str, Wanted], node: Node
    ) -> None:
        host = keys.get(inside.of) or every.get(inside.of)
        if host is None:
            return
        if inside.of not in keys and host.count != one.count:
            self._problems.error(node.at("of"), f"{inside.of} is {host.count} operations: say which, {inside.of}.1")
        if inside.suspension is not None and (inside.suspension > len(host.cuts) or not host.cuts):
            self._problems.error(node.at("suspension"), f"{host.id} is suspended {len(host.cuts)} times")
        if inside.suspension == EACH and one.count != len(host.cuts):
            self._problems.error(
                node.at("suspension"), f"{one.id} is {one.count} operations, {host.id} has {len(host.cuts)} suspensions"
            )
        if inside.piece is not None and inside.piece > len(host.cuts) + 1:
            self._problems.error(node.at("piece"), f"{host.id} has {len(host.cuts) + 1} pieces")
        if inside.piece == EACH and one.count != len(host.cuts) + 1:
            self._problems.error(
                node.at("piece"), f"{one.id} is {one.count} operations, {host.id} has {len(host.cuts) + 1} pieces"
            )
        if inside.bin == EACH and one.count != 10:
            self._problems.error(node.at("bin"), f"there are 10 bins, but {one.id} is {one.count} operations")
        catalogue = self._device.catalogue
        states = {state for name in host.names for state in catalogue.names[name].base.states}
        if inside.suspension is None and inside.state not in states:
            known = ", ".join(sorted(states - {"ISSUE"})) or "none after ISSUE"
            self._problems.error(node.at("state"), f"{host.id} has no {inside.state}; its states: {known}")

    def _check_same(self, one: Wanted, other: Wanted | None, node: Node) -> None:
        """One block is on one die and plane."""
        if other is None:
            return
        if one.planes and other.planes and not set(other.planes) & set(one.planes):
            self._problems.error(node, f"{other.id} is on plane {other.planes[0]}, {one.id} on plane {one.planes[0]}")
        if isinstance(one.die, int) and isinstance(other.die, int) and one.die != other.die:
            self._problems.error(node, f"{other.id} is on die {other.die}, {one.id} on die {one.die}")

    def _check_delivers(self, one: Wanted, read: Wanted | None, node: Node) -> None:
        if read is None:
            self._problems.error(node, f"no operation of this scenario{nearest(one.delivers, self._ids)}")
            return
        names = self._device.catalogue.names
        mine, theirs = ({names[name].base.name for name in each.names} for each in (one, read))
        if not mine <= DOUTS:
            self._problems.error(node, f"{', '.join(sorted(mine))} delivers nothing", at_key=True)
        elif not theirs <= READS:
            self._problems.error(node, f"{read.id} is no read")
        elif ("DOUT4K" in mine) != any(base.endswith("4K") for base in theirs):
            self._problems.error(node, "a DOUT4K delivers a 4K read, a DOUT any other")

    def _check_circles(self, wanted: list[Wanted]) -> None:
        """No operation is inside itself, however many steps away."""
        hosts = {one.id: one.inside.of.split(".")[0] for one in wanted if one.inside is not None}
        for one in wanted:
            seen, at = {one.id}, hosts.get(one.id)
            while at is not None and at not in seen:
                seen.add(at)
                at = hosts.get(at)
            if at == one.id:
                self._problems.error(self._nodes[one.id].at("inside"), f"{one.id} would be inside itself", at_key=True)


def bin_offset(number: int) -> Offset:
    """A tenth of a state, from 0."""
    return Offset(Fraction(number, 10), Fraction(number + 1, 10), share=True, open_end=True)
