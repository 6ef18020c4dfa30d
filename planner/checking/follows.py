"""What follows what: sequences and chains that contradict themselves, or that nothing uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from model.chains import CACHE_ENDS, STEPS, TAKES_COPYBACK, Kind
from model.config import Followers, Step
from model.config.node import Node
from planner.checking.ground import Ground, listed

_ADDRESSES = ("same_page", "inc_page", "pgm_same_page", "prev_page", "same_page_from_program_suspend", "none")
_DOUTS = frozenset({Kind.DOUT, Kind.DOUT4K})
_CACHE_PROGRAMS = frozenset({Kind.PROGRAM, Kind.ALLWL, Kind.CACHE_PROGRAM})
_SHOT = STEPS - TAKES_COPYBACK
_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Link:
    """A follower and what it comes after: where its inherit rules stand, and the bases before it in the chain."""

    node: Node
    base: str
    inherit: tuple[str, ...]
    before: tuple[str, ...]


def links(ground: Ground) -> Iterator[Link]:
    """Every follower of every sequence, and every step of every chain, once per base that begins it."""
    for base in ground.config.bases:
        for key, inherit in (base.sequence or Followers({}, {})).inherit.items():
            chain = ground.config.sequences.get(key)
            first = key if chain is None else chain.steps[0].base if chain.steps else ""
            node = ground.at("op_bases", base.name, "sequence", "inherit", key)
            if first in ground.bases:
                yield Link(node, first, inherit, (base.name,))
    for key, chain in ground.config.sequences.items():
        heads = [base.name for base in ground.config.bases if base.sequence and key in base.sequence.probs]
        for head in heads[:1]:
            before: tuple[str, ...] = (head,)
            for place, step in enumerate(chain.steps):
                if step.base in ground.bases:
                    yield Link(step_node(ground, key, place, step), step.base, step.inherit, before)
                before = (*before, step.base)


def step_node(ground: Ground, key: str, place: int, step: Step) -> Node:
    """Where a step of a chain stands."""
    name, _, seq = key.partition(".")
    return ground.at("generate_seq_rules", name, seq, "sequences", place, step.base)


def check_contradictions(ground: Ground) -> None:
    """Inherit rules that cannot all hold, alone or together with the rules of the device."""
    for link in links(ground):
        addresses = [rule for rule in link.inherit if rule in _ADDRESSES]
        cost = f"no {link.base} that follows {link.before[-1]} can have such an address"
        if len(addresses) > 1:
            said = f"{' and '.join(addresses)} name different pages"
            ground.notes.add("chain-contradiction", link.node, said, cost)
            continue
        wanted = _wanted(ground, link)
        if addresses and wanted and addresses[0] not in wanted:
            said = f"{addresses[0]}, but {link.base} after {link.before[-1]} goes to {' or '.join(wanted)}"
            said += "; allowed: " + ", ".join(wanted)
            fix = f"write {wanted[0]} for {addresses[0]}"
            ground.notes.add("chain-contradiction", link.node, said, cost, fix=fix, rules=("chain",))
        elif addresses:
            _out_of_place(ground, link, addresses[0])


def _wanted(ground: Ground, link: Link) -> tuple[str, ...]:
    """The address rules that the rules of the device leave to a follower; empty where they leave more."""
    kind, before = ground.kinds[link.base], ground.kinds.get(link.before[-1], Kind.OTHER)
    if kind in _DOUTS:
        return ("same_page", "prev_page")
    if kind in CACHE_ENDS:
        return ("same_page",)
    if kind is Kind.RECOVERY:
        return ("same_page_from_program_suspend",)
    if kind in _CACHE_PROGRAMS and before is Kind.CACHE_PROGRAM:
        return ("inc_page",)
    if kind in _SHOT and before in _SHOT:
        return ("inc_page",) if before is Kind.SHOT_CACHE else ("same_page", "pgm_same_page")
    return ()


def _out_of_place(ground: Ground, link: Link, rule: str) -> None:
    kinds = [ground.kinds.get(base, Kind.OTHER) for base in link.before]
    said = ""
    if rule == "same_page_from_program_suspend" and Kind.PROGRAM_SUSPEND not in kinds:
        said = f"{rule}, but no program is suspended before"
    elif rule == "prev_page" and ground.kinds[link.base] not in _DOUTS:
        said = f"{rule}, but {link.base} delivers nothing"
    elif rule == "pgm_same_page" and not any(kind in STEPS for kind in kinds):
        said = f"{rule}, but the chain has no program step before"
    elif rule in ("same_page", "inc_page") and "page" not in ground.bases[link.before[-1]].payload:
        said = f"{rule}, but {link.before[-1]} names no page"
    if said:
        cost = f"{link.base} finds no page to go on with"
        ground.notes.add("inherit-out-of-place", link.node, said, cost)


def check_names(ground: Ground) -> None:
    """Followers whose op_names lack the celltype or planes that they have to inherit, or that have none."""
    for link in links(ground):
        heads = ground.names_of.get(link.before[0], ())
        names = ground.names_of[link.base]
        if not names:
            said = f"no op_name has the base {link.base}"
            cost = f"the chain that begins with {link.before[0]} never comes to its {link.base}"
            ground.notes.add("step-never-sent", link.node, said, cost, fix=f"add an op_name of the base {link.base}")
            continue
        kind = ground.kinds[link.base]
        loose = kind in _DOUTS or kind in CACHE_ENDS or not heads
        celltype, planes = "same_celltype" in link.inherit, "multi" in link.inherit
        if loose or not (celltype or planes):
            continue
        if not any(
            (not celltype or "NONE" in (head.celltype, name.celltype) or head.celltype == name.celltype)
            and (not planes or head.multi == name.multi)
            for head in heads
            for name in names
        ):
            what = " and ".join([*["celltype"] * celltype, *["number of planes"] * planes])
            said = f"no op_name of {link.base} has the {what} of one of {link.before[0]}"
            cost = f"{link.base} can never follow {link.before[0]}"
            ground.notes.add("step-names-differ", link.node, said, cost)


def check_unused(ground: Ground) -> None:
    """Chains that no sequence names, followers that are never sent."""
    named = {key for base in ground.config.bases if base.sequence for key in base.sequence.probs}
    for key in ground.config.sequences:
        if key not in named:
            name, _, seq = key.partition(".")
            node = ground.at("generate_seq_rules", name, seq)
            ground.notes.add("chain-unused", node, f"no sequence names the chain {key}", "the chain never comes")


def check_probabilities(ground: Ground) -> None:
    """Weights of followers and of op_names within a step: their sum, and where they belong."""
    for base in ground.config.bases:
        probs = base.sequence.probs if base.sequence else {}
        node = ground.at("op_bases", base.name, "sequence", "probs")
        total = sum(probs.values())
        if probs and total == 0:
            cost = f"nothing ever follows {base.name} but what has to"
            ground.notes.add("weights-all-zero", node, f"all weights of {base.name} are 0", cost)
        elif probs and abs(total - 1) > _TOLERANCE:
            shares = listed(f"{key} {weight / total:.3g}" for key, weight in probs.items())
            said = f"the weights of {base.name} add up to {total:g}, not to 1"
            ground.notes.add("weights-not-one", node, said, f"they count in proportion: {shares}")
    for key, chain in ground.config.sequences.items():
        name, _, seq = key.partition(".")
        for base_name, weights in chain.name_weights.items():
            below = ground.at("generate_seq_rules", name, seq, "name_weights", base_name)
            _name_weights(ground, below, base_name, weights)


def _name_weights(ground: Ground, node: Node, base: str, weights: object) -> None:
    given: dict[str, float] = dict(weights)  # type: ignore[call-overload]
    if given and not any(given.values()):
        cost = f"no op_name of {base} is taken in this chain"
        ground.notes.add("weights-all-zero", node, f"all weights of the op_names of {base} are 0", cost)
    own = {name.name for name in ground.names_of.get(base, ())}
    known = {name.name: name.base for name in ground.config.names}
    for name in given:
        if name in known and name not in own:
            said = f"{name} is of the base {known[name]}, not of {base}"
            ground.notes.add("weight-of-other-base", node.at(name), said, "the weight has no effect")


CHECKS: tuple[Callable[[Ground], None], ...] = (check_contradictions, check_names, check_unused, check_probabilities)
