"""The payload column of a sequence file: JSON text to numbers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from model.event import ERASUS, NOTHING, PGMSUS, ExpVal
from model.operations import OpName

if TYPE_CHECKING:
    from model.config import Config

_MOST_CACHED = 200_000
_LOCATED = ("die", "plane", "block", "page", "celltype")
_FLAGS = (("erasus", "no_erasus", ERASUS), ("pgmsus", "no_pgmsus", PGMSUS))
_EXP = {value.name.lower(): int(value) for value in ExpVal}

Entry = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload as numbers; `broken` says why the text is no JSON, `fault` what breaks [payload], empty where nothing.

    An entry is (die, plane, block, page, celltype), `exp` an `ExpVal` with its flags; NOTHING where a field is missing
    or unusable.
    """

    entries: tuple[Entry, ...] = ()
    exp: int = NOTHING
    fault: str = ""
    broken: str = ""


class Payloads:
    """Payload texts to numbers; equal texts of equal bases are parsed once."""

    def __init__(self, config: Config) -> None:
        self._celltypes = {name: i for i, name in enumerate(config.celltypes)}
        self._flags = config.pattern.exp_val_suspend
        self._known: dict[tuple[int, str], Payload] = {}

    def read(self, text: str, name: OpName) -> Payload:
        """The payload of an operation."""
        key = (name.base.index, text)
        payload = self._known.get(key)
        if payload is None:
            if len(self._known) >= _MOST_CACHED:
                self._known.clear()
            payload = self._known[key] = self._parse(text, name.base.payload)
        return payload

    def _parse(self, text: str, fields: tuple[str, ...]) -> Payload:
        try:
            value = json.loads(text, object_pairs_hook=_Pairs, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            return Payload(broken=f"payload {text[:60]!r} is not JSON: {error}")
        if not isinstance(value, list) or isinstance(value, _Pairs):
            return Payload(fault="the payload is not a list of objects")
        faults: list[str] = []
        entries: list[Entry] = []
        exp = NOTHING
        for item in value:
            if not isinstance(item, _Pairs):
                faults.append("the payload is not a list of objects")
                continue
            names = [name for name, _ in item]
            if names != list(fields):
                faults.append(f"its fields are {', '.join(names) or 'none'}; due are {', '.join(fields) or 'none'}")
            known = dict(item)
            entries.append(tuple(self._number(name, known, faults) for name in _LOCATED))  # type: ignore[arg-type]
            if "exp_val" in known:
                exp = self._exp(known["exp_val"], faults)
        return Payload(tuple(entries), exp, "; ".join(dict.fromkeys(faults)))

    def _number(self, name: str, item: dict[str, Any], faults: list[str]) -> int:
        if name not in item:
            return NOTHING
        value = item[name]
        if name == "celltype":
            if isinstance(value, str) and value in self._celltypes:
                return self._celltypes[value]
            faults.append(f"celltype {value!r} is not known")
        elif isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 31:
            return value
        else:
            faults.append(f"{name} {value!r} is not a whole number from 0")
        return NOTHING

    def _exp(self, value: Any, faults: list[str]) -> int:
        words = value if self._flags and isinstance(value, list) and not isinstance(value, _Pairs) else [value]
        code = _EXP.get(words[0]) if words and isinstance(words[0], str) else None
        if code is not None and len(words) == (3 if self._flags else 1):
            for word, (on, off, bit) in zip(words[1:], _FLAGS, strict=False):
                if word not in (on, off):
                    break
                code += bit if word == on else 0
            else:
                return code
        faults.append(f"exp_val {value!r} is not {'a list of value and two flags' if self._flags else 'a value'}")
        return NOTHING


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with its fields in order, repeated ones too."""


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no number")
