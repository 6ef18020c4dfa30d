"""Reading what follows what: generate_seq_rules and the sequences of bases."""

from __future__ import annotations

from pydantic import TypeAdapter

from model.config.names import Known, any_of, known_key, names_in
from model.config.node import Node
from model.config.problems import Problems
from model.config.raw import Weight, parse_entry, unknown_keys
from model.config.spec import INHERIT_RULES, Chain, Followers, Step

_WEIGHT: TypeAdapter[float] = TypeAdapter(Weight)
NOTHING_FOLLOWS = "NONE"


def weights_in(node: Node, problems: Problems) -> dict[str, float]:
    """A mapping of weights, whatever its keys; unusable ones count as 0 after they are noted."""
    if not isinstance(node.value, dict):
        problems.error(node, "not a mapping; allowed: {name: weight}", id="not-a-mapping")
    return {key: parse_entry(_WEIGHT, entry, problems) or 0.0 for key, entry in node.items.items()}


def read_followers(node: Node | None, known: Known, problems: Problems) -> Followers | None:
    """The `sequence` of a base."""
    if node is None or node.value is None:
        return None
    if not isinstance(node.value, dict):
        problems.error(node, "not a mapping; allowed: {probs: {...}, inherit: {...}}", id="not-a-mapping")
        return None
    unknown_keys(node, ("probs", "inherit"), problems)
    keys = any_of((NOTHING_FOLLOWS,), known.bases, known.chains)
    probs, inherit = node.get("probs"), node.get("inherit")
    weights = {} if probs is None else weights_in(probs, problems)
    rules: dict[str, tuple[str, ...]] = {}
    for below in (probs, inherit):
        for key, entry in below.items.items() if below is not None else ():
            known_key(key, entry, keys, "base or chain", problems)
    if inherit is not None and not isinstance(inherit.value, dict):
        problems.error(inherit, "not a mapping; allowed: {key of probs: [inherit rules]}", id="not-a-mapping")
    for key, entry in inherit.items.items() if inherit is not None else ():
        rules[key] = names_in(entry, INHERIT_RULES, "inherit rule", problems)
        if probs is not None and key not in probs.items:
            problems.warn(entry, f"{key} is not among the probs; this entry has no effect", id="inherit-of-nothing")
    return Followers(weights, rules)


def read_chains(root: Node, known: Known, problems: Problems) -> dict[str, Chain]:
    """generate_seq_rules, by `NAME.SEQ`."""
    node = root.get("generate_seq_rules")
    chains = {}
    if node is not None and node.value is not None and not isinstance(node.value, dict):
        problems.error(node, "not a mapping; allowed: {NAME: {SEQ: {sequences: [...]}}}", id="not-a-mapping")
    for name, rules in node.items.items() if node is not None else ():
        if not isinstance(rules.value, dict):
            problems.error(rules, "not a mapping; allowed: {SEQ: {sequences: [...]}}", id="not-a-mapping")
        for seq, entry in rules.items.items():
            key = f"{name}.{seq}"
            chains[key] = _chain(key, entry, known, problems)
    return chains


def _chain(key: str, node: Node, known: Known, problems: Problems) -> Chain:
    steps = node.get("sequences")
    if steps is None or not steps.members:
        problems.error(steps or node, "no steps; allowed: {sequences: [{BASE: [inherit rules]}, ...]}", id="no-steps")
        return Chain(key, (), {})
    unknown_keys(node, ("sequences", "name_weights"), problems)
    found = tuple(step for item in steps.members for step in _steps(item, known, problems))
    return Chain(key, found, _name_weights(node.get("name_weights"), known, problems))


def _steps(item: Node, known: Known, problems: Problems) -> list[Step]:
    if len(item.items) != 1:
        problems.error(item, "not one step; allowed: {BASE: [inherit rules]}", id="not-a-step")
    steps = []
    for base, entry in item.items.items():
        known_key(base, entry, known.bases, "base", problems)
        rules = () if entry.value is None else names_in(entry, INHERIT_RULES, "inherit rule", problems)
        steps.append(Step(base, rules))
    return steps


def _name_weights(node: Node | None, known: Known, problems: Problems) -> dict[str, dict[str, float]]:
    if node is None or node.value is None:
        return {}
    found = {}
    if not isinstance(node.value, dict):
        problems.error(node, "not a mapping; allowed: {BASE: {op_name: weight}}", id="not-a-mapping")
    for base, entry in node.items.items():
        known_key(base, entry, known.bases, "base", problems)
        for name, weight in entry.items.items():
            known_key(name, weight, known.names, "op_name", problems)
        found[base] = weights_in(entry, problems)
    return found
