"""Outliers: op_names that contradict those which are otherwise alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

from model.config import NameSpec
from planner.checking.ground import Ground, listed

_WORD = re.compile(r"[A-Za-z]+\d*[A-Za-z]*|\d+\w*")
_FEWEST = 3
_MOST_WORDS = 24
_NEARLY_ALL = 0.8
_FAR = 10

Kept = dict[tuple[str, str], Counter[str]]


def words_of(name: str) -> frozenset[str]:
    """The words of an op_name: `Read_Multi_Plane_SLC` has Read, Multi, Plane and SLC."""
    return frozenset(_WORD.findall(name)[:_MOST_WORDS])


def check_multi(ground: Ground) -> None:
    """multi, where a word of the op_name tells of all others whether they are multi-plane."""
    names = [name for name in ground.config.names if "plane" in ground.bases[name.base].payload]
    words = {name.name: words_of(name.name) for name in names}
    multis = [name for name in names if name.multi]
    counts = Counter(word for name in names for word in words[name.name])
    within = Counter(word for name in multis for word in words[name.name])
    for word in sorted(word for word, many in within.items() if many >= _FEWEST):
        without = len(names) - counts[word]
        if within[word] < 0.9 * counts[word] or len(multis) - within[word] > 0.1 * max(without, 1):
            continue
        for name in names:
            if (word in words[name.name]) != name.multi:
                _blame_multi(ground, name, word, within[word])
        return


def _blame_multi(ground: Ground, name: NameSpec, word: str, many: int) -> None:
    node = ground.at("op_names", name.name)
    given = node.get("multi")
    right = "false" if name.multi else "true"
    has = "without" if name.multi else "with"
    said = f"multi is {'true' if name.multi else 'false'}, but op_names {has} {word} in their name are the other way"
    cost = f"{name.name} is planned on {'several planes' if name.multi else 'one plane'} ({many} others tell otherwise)"
    ground.notes.add("outlier-multi", given or node, said, cost, at_key=given is None, fix=f"write multi: {right}")


def check_celltype(ground: Ground) -> None:
    """The celltype, where a word of the op_name has one and the same celltype everywhere else."""
    kept: Kept = {}
    words = {name.name: words_of(name.name) for name in ground.config.names}
    for name in ground.config.names:
        for word in words[name.name]:
            for scope in (name.base, ""):
                kept.setdefault((scope, word), Counter())[name.celltype] += 1
    for name in ground.config.names:
        if ground.config.celltypes == ("NONE",) or "celltype" not in ground.bases[name.base].payload:
            continue
        told = _told(kept, name, sorted(words[name.name]), ground.config.celltypes[1:])
        if told is not None:
            _blame_celltype(ground, name, *told)


def _told(kept: Kept, name: NameSpec, words: Iterable[str], celltypes: Iterable[str]) -> tuple[str, str, int] | None:
    """The word, celltype and number of the op_names that tell of another celltype."""
    words = list(words)  # a celltype in the name tells most
    folded = {celltype.casefold() for celltype in celltypes}
    best: tuple[str, str, int] | None = None
    for word in [word for word in words if word.casefold() in folded] or words:
        others = kept[name.base, word].copy()
        if others.total() <= _FEWEST:
            others = kept["", word].copy()
        others[name.celltype] -= 1
        celltype, many = others.most_common(1)[0]
        if many < _FEWEST or many < _NEARLY_ALL * others.total() or celltype == "NONE":
            continue
        if celltype == name.celltype:
            return None
        if best is None or many > best[2]:
            best = (word, celltype, many)
    return best


def _blame_celltype(ground: Ground, name: NameSpec, word: str, celltype: str, many: int) -> None:
    node = ground.at("op_names", name.name)
    given = node.get("celltype")
    said = f"the celltype is {name.celltype}, but that of {many} op_names with {word} in their name is {celltype}"
    cost = f"{name.name} is planned on blocks of {name.celltype}"
    fix = f"write celltype: {celltype}"
    ground.notes.add("outlier-celltype", given or node, said, cost, at_key=given is None, fix=fix)


def check_durations(ground: Ground) -> None:
    """Durations ten times as long or as short as those of the others of the base (of ISSUE: of as many planes)."""
    alike: dict[tuple[str, str, bool], list[NameSpec]] = {}
    for name in ground.config.names:
        for state in ground.bases[name.base].states:
            alike.setdefault((name.base, state, name.multi and state == "ISSUE"), []).append(name)
    for (base, state, _), members in alike.items():
        if len(members) > _FEWEST:
            _blame_durations(ground, members, state, ground.bases[base].states.index(state))


def _blame_durations(ground: Ground, members: list[NameSpec], state: str, place: int) -> None:
    lengths = sorted(name.durations[place] for name in members)
    middle = lengths[len(lengths) // 2]
    far = [name for name in members if not middle < _FAR * name.durations[place] < _FAR * _FAR * middle]
    if not middle or len(far) > len(members) // 4:
        return
    us = ground.config.clock.us
    for name in far:
        node = ground.at("op_names", name.name, "durations", state)
        said = f"{us(name.durations[place])} us, but the others of {name.base} take about {us(middle)} us"
        others = listed(other.name for other in members if other is not name)
        cost = f"every plan has {name.name} with this length (others: {others})"
        ground.notes.add("outlier-duration", node, said, cost, at_key=False)


def check_bus(ground: Ground) -> None:
    """Bases that do not issue on the bus, where nearly all others do."""
    off = [base for base in ground.config.bases if not base.bus[0]]
    if not off or len(off) > len(ground.config.bases) // 10:
        return
    for base in off:
        node = ground.at("op_bases", base.name, "states", "ISSUE")
        said = f"ISSUE of {base.name} does not use the bus; that of all others does"
        cost = f"commands of {base.name} are planned at the same time as others on the one bus"
        ground.notes.add("outlier-bus", node, said, cost, fix="write ISSUE: {bus: true}")


CHECKS: tuple[Callable[[Ground], None], ...] = (check_multi, check_celltype, check_durations, check_bus)
