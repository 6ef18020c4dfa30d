"""What is gained right now on a die on which nothing runs: probes, reads, and what looks at all planes."""

from __future__ import annotations

from model.event import NOTHING
from model.geometry import planes_in
from planner.targets.closing.acting import FAR, Acting
from planner.targets.closing.addresses import Found, copied, drawn, find
from planner.targets.closing.left import END_KEY
from planner.targets.closing.sets import bits


class Gaining(Acting):
    """Issues what is wanted in the op_states that the planes are in."""

    def _probe(self) -> None:
        """Everything that is wanted at the END that the planes are in, and changes nothing."""
        stage, sets, left = self.stage, self.sets, self.left
        ends = list(dict.fromkeys(stage.end_of(p) for p in range(len(stage.hosts))))
        if not any(e != NOTHING and left.bases[e] & (sets.free | sets.odt_off | sets.odt_on) for e in ends):
            return
        everywhere = stage.allowed(sets.tables.all_planes)
        wide = sets.names(everywhere & sets.free & sets.tables.wide) & sets.on_die(stage.die)
        busiest = next((e for e in ends if e != NOTHING), NOTHING)
        for end in ends:
            if end == NOTHING:
                continue
            for name in bits(left.names[end] & wide):
                base = sets.op_names[name].base.index
                if base not in sets.busiest or end == busiest:
                    stage.issue(name)
        for plane in range(len(stage.hosts)):
            self._probe_plane(plane)
        self._switch(busiest)

    def _probe_plane(self, plane: int) -> None:
        stage, sets = self.stage, self.sets
        end = stage.end_of(plane)
        if end == NOTHING:
            return
        mask = stage.allowed(1 << plane) & sets.free & sets.tables.on_planes & self.left.bases[end]
        for base in bits(mask):
            for name in bits(sets.names_of[base] & self.left.names[end] & sets.on_die(stage.die)):
                found = find(stage, base, 1 << name, 1 << plane)
                if found is not None:
                    stage.issue(found.name, found.address, celltype=found.celltype)

    def _switch(self, op_state: int) -> None:
        """ODT off and on again, at once."""
        stage, sets, left = self.stage, self.sets, self.left
        if stage.odt or op_state == NOTHING or not left.bases[op_state] & (sets.odt_off | sets.odt_on):
            return
        allowed = stage.allowed(sets.tables.all_planes)
        off, on = sets.odt_off & allowed, sets.odt_on & allowed & ~stage.device.exclusions.odt
        both_names = [sets.names(base) & ~stage.silent(sets.tables.all_planes) for base in (off, on)]
        if not all(both_names):
            return
        for names in both_names:
            stage.issue(drawn(stage, names & left.names[op_state] or names)[0])

    def _deliver_for_more(self, ends: list[int], far: int) -> bool:
        """A DOUT of what waits, where enough is gained once all is delivered."""
        waiting = self.stage.undelivered().bit_count()
        enough = 1 if far > waiting else max(1, waiting - 1)
        return bool(waiting) and self._gained_by_delivering(ends) >= enough and self._deliver()

    def _copy(self, ends: list[int]) -> bool:
        """A copyback read on one plane, where the copyback program to follow is wanted by the others."""
        stage, sets = self.stage, self.sets
        if stage.undelivered() or copied(stage) or len(set(ends)) > 1 or ends[0] == NOTHING or len(ends) < 2:
            return False
        names = self.left.names[ends[0]] & sets.names(sets.plain_copies)
        single, many = names & sets.singles, names & sets.multis
        if not names or not stage.allowed(1) & sets.copies:
            return False
        state = stage.state(0)._replace(beside=True)
        if not stage.atlas.allowed[stage.atlas.number(state)] & sets.plain_copies:
            return False
        kept = sets.singles if single else sets.multis
        planes = 1 << len(ends) - 1 if single else 3 << len(ends) - 2
        if not single and (not many or len(ends) < 3):
            return False
        for base in bits(sets.copies):
            found = find(stage, base, sets.names_of[base] & kept & self.left.names[ends[0]], planes)
            found = found or find(stage, base, sets.names_of[base] & kept, planes)
            if found is not None and self._room_for(names & kept, found):
                return self._issue(found)
        return False

    def _feed(self) -> bool:
        """A further copyback read, where one plane was read and a program of several planes is wanted."""
        stage, sets = self.stage, self.sets
        held, shot = copied(stage), stage.track.shot
        if not held or len(stage.hosts) < 2:
            return False
        ends = [stage.end_of(plane) for plane in planes_in(held)]
        wanted = 0
        for end in ends:
            wanted |= self.left.names[end] & sets.names(sets.takes_copies)
        if shot is not None and shot.copyback:
            missing = shot.planes & ~held
        else:
            others = ((1 << len(stage.hosts)) - 1) & ~held
            missing = others & -others if not held & (held - 1) and not wanted & sets.singles else 0
        if not missing or not wanted & sets.multis:
            return False
        for base in bits(sets.copies & stage.allowed(missing & -missing)):
            found = find(stage, base, sets.names_of[base] & sets.singles, missing & -missing)
            if found is not None:
                return self._issue(found)
        return False

    def _room_for(self, names: int, source: Found) -> bool:
        """Whether a copyback program of one of some op_names has a block to go to."""
        ops, book = self.sets.op_names, self.stage.book
        planes, row, _ = source.address
        for name in bits(names):
            found = book.to_program(ops[name].celltype, ops[name].multi, exact=planes, without=frozenset((row,)))
            if found is not None:
                return True
        self.stock.missing(names)
        return False

    def _read(self, planes: list[int]) -> bool:
        stage, sets, left = self.stage, self.sets, self.left
        for plane in planes:
            end = stage.end_of(plane)
            mask = stage.allowed(1 << plane) & sets.on_planes & left.bases[end]
            for base in self._fresh_first(drawn(stage, mask)):
                also = 0
                for p in range(len(stage.hosts)):
                    if stage.allowed(1 << p) >> base & 1:
                        also |= 1 << p
                if self._read_from(base, sets.names_of[base] & left.names[end], plane, also, end):
                    return True
        return False

    def _fresh_first(self, bases: list[int]) -> list[int]:
        """Bases of which no plane bears an END yet come first: different ENDs are worth more to what comes next.

        Of these the ones after which most is left that looks at all planes.
        """
        last, by_key, wide = self.stage.track.last, self.left.by_key, self.sets.wide
        return sorted(bases, key=lambda base: (base in last, -(by_key[4 * base + END_KEY] & wide).bit_count()))

    def _read_from(self, base: int, names: int, plane: int, also: int, end: int) -> bool:
        stage, sets = self.stage, self.sets
        single = names & sets.singles
        ends = sets.tables.cache_ends >> base & 1
        found = find(stage, base, single, also if ends else 1 << plane) if single else None
        if found is not None and not found.address[0] >> plane & 1:
            found = None
        if found is None and names & ~single:
            for planes in self._partners(plane, also, end):
                found = find(stage, base, names & ~single, planes)
                if found is not None and found.address[0] >> plane & 1:
                    break
                found = None
        if found is None:
            self.stock.missing(names)
            return False
        return self._issue(found)

    def _partners(self, plane: int, also: int, end: int) -> list[int]:
        """Plane sets that a multi-plane read on a plane may choose from, of the planes that it is allowed on.

        Where an END is far, one whose END is worth less comes first: no plane of the same END is used up for nothing.
        """
        stage = self.stage
        near = other = 0
        for p in planes_in(also):
            if stage.end_of(p) == end:
                near |= 1 << p
            else:
                other |= 1 << p
        sets = [near, also]
        if min(self._far[4 * max(stage.track.last[plane], 0) + END_KEY]) >= FAR:
            sets = [1 << plane | 1 << p for p in planes_in(other)] + sets
        return [mask for mask in dict.fromkeys(sets) if mask >> plane & 1 and mask.bit_count() > 1]

    def _wide(self, ends: list[int]) -> bool:
        """An operation that looks at all planes, wanted by as many of them as can be."""
        stage, sets = self.stage, self.sets
        allowed = stage.allowed(sets.tables.all_planes) & sets.wide & ~sets.tables.resets
        for names in reversed(self._layers(allowed, ends)):
            for name in drawn(stage, names):
                found = find(stage, sets.op_names[name].base.index, 1 << name, sets.tables.all_planes)
                if found is not None:
                    return self._issue(found)
                self.stock.missing(1 << name)
        return False

    def _layers(self, allowed: int, ends: list[int]) -> list[int]:
        """The op_names of some bases that are wanted at one END or more, at two or more, and so on."""
        sets, left = self.sets, self.left
        layers: list[int] = []
        for end in dict.fromkeys(ends):
            if end == NOTHING or not left.bases[end] & allowed:
                continue
            some = left.names[end] & sets.names(left.bases[end] & allowed) & sets.on_die(self.stage.die)
            for depth in range(len(layers)):
                layers[depth], some = layers[depth] | some, layers[depth] & some
            if some:
                layers.append(some)
        return layers

    def _gained_by_delivering(self, ends: list[int]) -> int:
        """How many cells the next operation could hit once all is delivered, and those of the DOUTs themselves."""
        stage, sets = self.stage, self.sets
        allowed = -1
        for plane in range(len(ends)):
            state = stage.state(plane)._replace(data_waits=False, cache_waits=False)
            allowed &= stage.atlas.allowed[stage.atlas.number(state)]
        douts = sum(1 for end in ends if end != NOTHING and self.left.bases[end] & sets.tables.douts)
        return douts + len(self._layers(allowed & sets.wide & ~sets.tables.resets, ends))
