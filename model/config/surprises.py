"""What YAML makes of bare words, and what was probably meant where a number is expected."""

from __future__ import annotations

import re

from model.config.node import Node

_NOT_FINITE = re.compile(r"[+-]?\.?(inf|nan|infinity)", re.IGNORECASE)
_CLOCK = re.compile(r"[+-]?\d+(:[0-5]?\d)+(\.\d*)?")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?")
_OCTAL = re.compile(r"[+-]?0o?[0-7]+|0b[01]+")
_GROUPED = re.compile(r"[+-]?\d[\d_]*_[\d_]*(\.[\d_]*)?")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_UNIT = re.compile(r"([+-]?\d+(?:\.\d*)?)\s*(us|µs|μs|u|usec|ns|ms|s|%)", re.IGNORECASE)
_STAINED = re.compile(r"[^\d.+-]*([+-]?\d+(?:\.\d+)?)[^\d.]*")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_OTHER_TRUTHS = frozenset({"yes", "no", "on", "off"})
_FACTORS = {"us": 0, "µs": 0, "μs": 0, "u": 0, "usec": 0, "ns": -3, "ms": 3, "s": 6}


def finer(node: Node, id: str) -> str:
    """The finer id of a value that is no number: what kind of text stands there instead."""
    text = node.text
    if id not in ("not-a-number", "not-a-whole-number") or not isinstance(node.value, str):
        return id
    if not node.plain:
        return "quoted-number" if _NUMBER.fullmatch(text.strip()) else id
    kinds = {
        "not-finite": (_NOT_FINITE,),
        "time-word": (_CLOCK, _DATE),
        "octal": (_OCTAL,),
        "grouped-number": (_GROUPED, _COMMA),
        "unit-in-number": (_UNIT,),
    }
    return next((kind for kind, forms in kinds.items() if any(form.fullmatch(text) for form in forms)), id)


def meant(text: str) -> str:
    """The number that a text was probably meant to be; `` where there is none."""
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return text
    unit = _UNIT.fullmatch(text)
    if unit is not None:
        power = _FACTORS.get(unit[2].casefold())
        return "" if power is None else unit[1] if power == 0 else f"{unit[1]}e{power}"
    if _GROUPED.fullmatch(text):
        return text.replace("_", "")
    if _COMMA.fullmatch(text):
        return text.replace(",", ".")
    stained = _STAINED.fullmatch(text)
    return stained[1] if stained and not _CLOCK.fullmatch(text) and not _DATE.fullmatch(text) else ""


def other_truth(node: Node) -> bool:
    """Whether a bare word is one of the truth values that only some YAML readers know: yes, no, on, off."""
    return node.plain and node.text.casefold() in _OTHER_TRUTHS


def is_time(node: Node) -> bool:
    """Whether a bare word is a time or a date to some YAML readers."""
    return node.plain and bool(_CLOCK.fullmatch(node.text) or _DATE.fullmatch(node.text))
