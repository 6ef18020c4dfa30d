"""The names that a config defines, and reading lists of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from model.config.node import Node
from model.config.problems import Problems
from model.config.spec import END, NO_CELLTYPE, STATES

DEFAULT = "DEFAULT"


class _Any(tuple[str, ...]):
    """Stands for a section that is missing: nothing that names its entries is blamed for that."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Known:
    """What may be named, in order of the file; defined badly still counts as defined."""

    bases: tuple[str, ...]
    names: tuple[str, ...]
    celltypes: tuple[str, ...]
    groups: tuple[str, ...]
    chains: tuple[str, ...]
    states: Mapping[str, tuple[str, ...]]

    @staticmethod
    def of(root: Node) -> Known:
        """The names defined by a tree in today's spelling."""
        bases, names, celltypes = (root.get(key) for key in ("op_bases", "op_names", "celltypes"))
        groups, rules = root.get("exclusion_groups"), root.get("generate_seq_rules")
        states = {name: _states(node) for name, node in bases.items.items()} if bases else {}
        kinds = [item.text for item in celltypes.members if item.text] if celltypes else []
        return Known(
            bases=tuple(states) or _Any(),
            names=tuple(names.items if names else ()) or _Any(),
            celltypes=tuple(dict.fromkeys([NO_CELLTYPE, *kinds])) if kinds else _Any(),
            groups=_Any() if groups and groups.text else tuple(groups.items if groups else ()),
            chains=tuple(
                f"{name}.{seq}" for name, node in (rules.items if rules else {}).items() for seq in node.items
            ),
            states=states,
        )


def _states(base: Node) -> tuple[str, ...]:
    states = base.get("states")
    return tuple(states.items) if states is not None else ()


def any_of(*known: tuple[str, ...]) -> tuple[str, ...]:
    """All names of several kinds."""
    return _Any() if any(isinstance(names, _Any) for names in known) else tuple(chain(*known))


def names_in(node: Node | None, known: Sequence[str], what: str, problems: Problems) -> tuple[str, ...]:
    """A list of known names, each once."""
    if node is None:
        return ()
    if not isinstance(node.value, list):
        problems.error(node, f"not a list; allowed: a list of {what}s", id="not-a-list")
        return ()
    found: dict[str, Node] = {}
    for item in node.members:
        if not one_name(item, known, what, problems):
            continue
        if item.text in found:
            problems.warn(item, f"the {what} {item.text} stands twice in this list", id="item-twice")
        found.setdefault(item.text, item)
    return tuple(found)


def one_name(node: Node, known: Sequence[str], what: str, problems: Problems, *, at_key: bool = False) -> bool:
    """Whether the node's text is a known name; noted where it is not."""
    if not isinstance(node.value, str):
        problems.error(node, f"not the name of a {what}", id="not-a-name")
    elif node.text not in known:
        said = f"unknown {what}{problems.nearest(node.text, known)}"
        problems.error(node, said, at_key=at_key, id=_unknown(what))
    else:
        return True
    return False


def _unknown(what: str) -> str:
    return {"base or chain": "unknown-follower", "base or op_name": "unknown-weight"}.get(
        what, f"unknown-{what.replace(' ', '-').replace('_', '-')}"
    )


def known_key(key: str, node: Node, known: Sequence[str], what: str, problems: Problems) -> bool:
    """Whether a key is a known name; noted where it is not."""
    if key in known:
        return True
    said = f"unknown {what} {key}{problems.nearest(key, known)}"
    problems.error(node, said, at_key=True, id=_unknown(what))
    return False


def op_state_key(key: str, node: Node, known: Known, problems: Problems) -> bool:
    """Whether a key is a `BASE.STATE` or `BASE.END`. A state that the base does not have is warned of."""
    base, dot, state = key.rpartition(".")
    if not dot:
        said = f"not a state {key}; allowed: BASE.STATE or BASE.END{problems.nearest(key, known.bases)}"
        problems.error(node, said, at_key=True, id="not-a-state")
        return False
    if not known_key(base, node, known.bases, "base", problems):
        return False
    if state not in (*STATES, END):
        said = f"unknown state {state}{problems.nearest(state, (*known.states.get(base, ()), END))}"
        problems.error(node, said, at_key=True, id="unknown-state")
        return False
    if state != END and state not in known.states.get(base, STATES):
        problems.warn(node, f"{base} has no state {state}; this entry has no effect", id="state-of-no-base")
        return False
    return True
