"""`nandplan config` and `nandplan rules`."""

from __future__ import annotations

import difflib
import sys

from planner.errors import UnusableInput


def config() -> int:
    """Prints the shipped config as it is."""
    from model.config import shipped_path  # noqa: PLC0415

    sys.stdout.write(shipped_path().read_text(encoding="utf-8"))
    return 0


def rules(wanted: str | None) -> int:
    """Prints all rules, one per line, or one of them whole. UnusableInput: there is no such rule."""
    from model.rules import RULES  # noqa: PLC0415

    if wanted is None:
        width = max(len(rule.id) for rule in RULES)
        for rule in RULES:
            print(f"{rule.id:<{width}}  {rule.sentence}")
        return 0
    found = next((rule for rule in RULES if rule.id == wanted.strip("[]")), None)
    if found is None:
        near = difflib.get_close_matches(wanted, [rule.id for rule in RULES], n=1)
        hint = f"; did you mean {near[0]}?" if near else "; `nandplan rules` lists them"
        raise UnusableInput(f"there is no rule {wanted!r}{hint}")
    print(f"[{found.id}] {found.sentence}")
    print(f"  {found.formula}")
    if found.config_keys:
        print(f"  config: {', '.join(found.config_keys)}")
    if found.by_construction:
        print("  a plan keeps it by the way in which it is made")
    return 0
