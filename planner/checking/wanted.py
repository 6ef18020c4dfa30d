"""What is wanted: weights that switch everything off, that cannot be had, or that name the forbidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from model.chains import READS, Kind
from model.config import Config
from model.config.names import DEFAULT
from model.config.node import Node
from model.config.weights import GLOBAL
from planner.checking.ground import Ground, count, listed

_ENDS: tuple[tuple[tuple[Kind, ...], tuple[Kind, ...]], ...] = (
    (tuple(sorted(READS - {Kind.READ4K})), (Kind.DOUT,)),
    ((Kind.READ4K,), (Kind.DOUT4K,)),
    ((Kind.CACHE_READ,), (Kind.CACHE_END,)),
    ((Kind.PLANE_CACHE_READ,), (Kind.PLANE_CACHE_END,)),
    ((Kind.CACHE_PROGRAM,), (Kind.PROGRAM, Kind.ALLWL)),
    ((Kind.LSB, Kind.SHOT_CACHE), (Kind.CSB,)),
    ((Kind.CSB,), (Kind.MSB_23H, Kind.EXEC)),
    ((Kind.COPYBACK_LSB,), (Kind.COPYBACK_CSB,)),
    ((Kind.COPYBACK_CSB,), (Kind.COPYBACK_EXEC,)),
    ((Kind.ERASE_SUSPEND,), (Kind.ERASE_RESUME,)),
    ((Kind.PROGRAM_SUSPEND,), (Kind.PROGRAM_RESUME,)),
    ((Kind.ODT_OFF,), (Kind.ODT_ON,)),
)
"""What has to come after what."""

_OVERRIDES, _COMPLETE = "phase_conditional_overrides", "phase_conditional"


def check_levels(ground: Ground) -> None:
    """Sums of the weights of each state."""
    config = ground.config
    for key, weights in config.weights.overrides.items():
        node = ground.at(_OVERRIDES, key)
        wanted = config.wanted("*" if key == GLOBAL else key)
        total = sum(weights.values())
        off = [spec.name for spec, weight in zip(config.names, wanted, strict=True) if not weight]
        if weights and not any(wanted):
            cost = "nothing can be planned" if key == GLOBAL else f"nothing is ever sent in {key}"
            ground.notes.add("weights-all-zero", node, f"the weights of {key} leave nothing to be sent", cost)
        elif total >= 1 and len(off) > len(config.names) // 2 and len(weights) < len(config.names):
            said = f"the weights of {key} add up to {total:g}, so nothing is left for what they do not name"
            cost = f"{count(len(off), 'op_name')} are never sent there: {listed(off)}"
            ground.notes.add("weights-leave-nothing", node, said, cost)
    for key, weights in config.weights.phase_conditional.items():
        if not any(weights.values()):
            node = ground.at(_COMPLETE, key)
            ground.notes.add("state-switched-off", node, f"no weight of {key} is above 0", f"nothing is sent in {key}")


def check_forbidden(ground: Ground) -> None:
    """Weights given to what the groups of the state forbid anyway."""
    of_name = {name.name: name.base for name in ground.config.names}
    tables = ((_OVERRIDES, ground.config.weights.overrides), (_COMPLETE, ground.config.weights.phase_conditional))
    for table, levels in tables:
        for key, weights in levels.items():
            if key in (GLOBAL, DEFAULT):
                continue
            forbidden = forbidden_in(ground.config, key)
            for word, weight in weights.items():
                base = of_name.get(word, word)
                if weight and base in forbidden:
                    node = ground.at(table, key, word)
                    said = f"{key} forbids {base} by {forbidden[base]}"
                    ground.notes.add("weight-forbidden", node, said, f"{word} is never sent in {key}")


def forbidden_in(config: Config, key: str) -> dict[str, str]:
    """The bases that the groups of an op_state forbid, each with the group that does."""
    found: dict[str, str] = {}
    for name in config.by_op_state.get(key, ()):
        group = config.groups.get(name)
        for base in config.bases if group is not None else ():
            if group is not None and (base.name in group.bases) != group.allow:
                found.setdefault(base.name, name)
    return found


def check_ends(ground: Ground) -> None:
    """What has to follow, and is switched off by a weight of 0."""
    config = ground.config
    if GLOBAL not in config.weights.overrides:
        return
    wanted = dict(zip((name.name for name in config.names), config.wanted("*"), strict=True))
    for starts, ends in _ENDS:
        begun = [base for base in ground.sent(starts) if _some(ground, base, wanted)]
        ending = ground.sent(ends)
        if begun and ending and not any(_some(ground, base, wanted) for base in ending):
            node = _blamed(ground, ending)
            said = f"the weights switch {listed(ending)} off, but {listed(begun)} need it"
            ground.notes.add("follower-switched-off", node, said, f"{listed(begun)} can never be completed")


def _some(ground: Ground, base: str, wanted: Mapping[str, float]) -> bool:
    return any(wanted[name.name] > 0 for name in ground.names_of[base])


def _blamed(ground: Ground, bases: list[str]) -> Node:
    weights = ground.at(_OVERRIDES, GLOBAL)
    words = [*bases, *(name.name for base in bases for name in ground.names_of[base])]
    return next((weights.items[word] for word in words if word in weights.items), weights)


def check_op_ids(ground: Ground) -> None:
    """Numbers for the tester that are given twice, or to some only."""
    codes = ground.config.pattern.opcode_map
    node = ground.at("pattern_export", "opcode_map")
    first: dict[int, str] = {}
    for name, code in codes.items():
        if code in first:
            said = f"{name} has the number {code}, as {first[code]} has"
            ground.notes.add("op-id-twice", node.at(name), said, "the tester cannot tell the two apart", at_key=False)
        first.setdefault(code, name)
    missing = [name.name for name in ground.config.names if name.name not in codes]
    if codes and 0 < len(missing) <= len(ground.config.names) // 2:
        said = f"{count(len(missing), 'op_name')} without a number: {listed(missing)}"
        ground.notes.add("op-id-missing", node, said, "their op_id in the pattern is 0")


CHECKS: tuple[Callable[[Ground], None], ...] = (check_levels, check_forbidden, check_ends, check_op_ids)
