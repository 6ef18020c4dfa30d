"""The payload column of a sequence file: JSON text to numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from model.event import ERASUS, NOTHING, PGMSUS, ExpVal
from model.operations import Catalogue, OpName

if TYPE_CHECKING:
    from model.config import Config

_MOST_CACHED = 200_000
_LOCATED = ("die", "plane", "block", "page", "celltype")
_LIMIT = 1 << 31
_FLAGS = (("erasus", "no_erasus", ERASUS), ("pgmsus", "no_pgmsus", PGMSUS))
_EXP = {value.name.lower(): int(value) for value in ExpVal}

Entry = tuple[int, int, int, int, int]


class Payload(NamedTuple):
    """A payload as numbers.

    An entry is (die, plane, block, page, celltype), `exp` an `ExpVal` with its flags; NOTHING where a field is missing
    or unusable. `broken` says why the text cannot be used at all, `fault` what breaks [payload], `beyond` what breaks
    [range] in a way that numbers cannot show; empty where nothing does.
    """

    entries: tuple[Entry, ...] = ()
    exp: int = NOTHING
    fault: str = ""
    beyond: str = ""
    broken: str = ""


class Payloads:
    """Payload texts to numbers; equal texts of equal bases are parsed once."""

    def __init__(self, config: Config) -> None:
        names = Catalogue.of(config).names
        self._celltypes = {name: i for i, name in enumerate(config.celltypes)}
        self._flags = config.pattern.exp_val_suspend
        self._bases = [name.base.index for name in names]
        self._fields = [name.base.payload for name in names]
        self._known: dict[tuple[int, str], Payload] = {}
        self._plain = {fields: _Plain.of(fields) for fields in self._fields}

    def read(self, text: str, name: OpName) -> Payload:
        """The payload of an operation."""
        return self.read_all([name.index], [text])[0]

    def read_all(self, ops: Sequence[int], texts: Sequence[str]) -> list[Payload]:
        """The payloads of many operations; `ops` are positions of op_names."""
        known = self._known
        if len(known) >= _MOST_CACHED:
            known.clear()
        keys = list(zip(map(self._bases.__getitem__, ops), texts, strict=True))
        found = list(map(known.get, keys))
        return [
            known.get(key) or self._learn(key, self._fields[op]) if payload is None else payload
            for payload, key, op in zip(found, keys, ops, strict=True)
        ]

    def _learn(self, key: tuple[int, str], fields: tuple[str, ...]) -> Payload:
        plain = self._plain[fields]
        payload = plain.read(key[1], self._celltypes) if plain is not None else None
        if payload is None:
            payload = _Parser(fields, self._celltypes, self._flags).parse(key[1])
        self._known[key] = payload
        return payload


class _Plain(NamedTuple):
    """The quick way for payloads of a die, plane, block, page and celltype as we write them ourselves."""

    whole: re.Pattern[str]
    one: re.Pattern[str]

    @staticmethod
    def of(fields: tuple[str, ...]) -> _Plain | None:
        """None where the fields are others."""
        if fields != _LOCATED:
            return None
        number = r"(0|[1-9][0-9]{0,8})"
        parts = [f'"{name}":{number}' for name in _LOCATED[:4]]
        one = r"\{" + ",".join(parts) + r',"celltype":"([^"\\]*)"\}'
        return _Plain(re.compile(rf"\[{one}(?:,{one})*\]"), re.compile(one))

    def read(self, text: str, celltypes: dict[str, int]) -> Payload | None:
        """None where anything is unusual."""
        if not self.whole.fullmatch(text):
            return None
        found = self.one.findall(text)
        if not all(kind in celltypes for *_, kind in found):
            return None
        return Payload(tuple((int(d), int(p), int(b), int(g), celltypes[kind]) for d, p, b, g, kind in found))


class _NoNumber(Exception):  # noqa: N818
    """A value that has to be a number is none."""


class _Parser:
    """One payload by the book."""

    def __init__(self, fields: tuple[str, ...], celltypes: dict[str, int], flags: bool) -> None:
        self._fields = fields
        self._celltypes = celltypes
        self._flags = flags
        self._faults: list[str] = []
        self._beyond: list[str] = []

    def parse(self, text: str) -> Payload:
        """The payload of a text."""
        try:
            value = json.loads(text, object_pairs_hook=_Pairs, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            return Payload(broken=f"payload {text[:60]!r} is not JSON: {error}")
        if not isinstance(value, list) or isinstance(value, _Pairs):
            return Payload(fault="the payload is not a list of objects")
        try:
            return self._payload(value)
        except _NoNumber as error:
            return Payload(broken=f"payload {text[:60]!r}: {error}")

    def _payload(self, items: Iterable[Any]) -> Payload:
        entries: list[Entry] = []
        exp = NOTHING
        for item in items:
            if not isinstance(item, _Pairs):
                self._faults.append("the payload is not a list of objects")
                continue
            names = [name for name, _ in item]
            if names != list(self._fields):
                due = ", ".join(self._fields) or "none"
                self._faults.append(f"its fields are {', '.join(names) or 'none'}; due are {due}")
            known = dict(item)
            die, plane, block, page = (self._number(name, known) for name in _LOCATED[:4])
            entries.append((die, plane, block, page, self._celltype(known)))
            if "exp_val" in known:
                exp = self._exp(known["exp_val"])
        return Payload(tuple(entries), exp, _told(self._faults), _told(self._beyond))

    def _number(self, name: str, item: dict[str, Any]) -> int:
        if name not in item:
            return NOTHING
        value = item[name]
        if isinstance(value, bool) or not isinstance(value, int):
            raise _NoNumber(f"{name} {value!r} is not a whole number")
        if 0 <= value < _LIMIT:
            return value
        self._beyond.append(f"{name} {value} is not on this device")
        return NOTHING

    def _celltype(self, item: dict[str, Any]) -> int:
        if "celltype" not in item:
            return NOTHING
        value = item["celltype"]
        if isinstance(value, str) and value in self._celltypes:
            return self._celltypes[value]
        self._faults.append(f"celltype {value!r} is not known")
        return NOTHING

    def _exp(self, value: Any) -> int:
        words = value if self._flags and isinstance(value, list) and not isinstance(value, _Pairs) else [value]
        code = _EXP.get(words[0]) if words and isinstance(words[0], str) else None
        if code is not None and len(words) == (3 if self._flags else 1):
            bits = [_flag(word, *flag) for word, flag in zip(words[1:], _FLAGS, strict=False)]
            if min(bits, default=0) >= 0:
                return code + sum(bits)
        self._faults.append(f"exp_val {value!r} is not {'a list of value and two flags' if self._flags else 'a value'}")
        return NOTHING


def _flag(word: Any, on: str, off: str, bit: int) -> int:
    return bit if word == on else 0 if word == off else NOTHING


def _told(faults: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(faults))


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with its fields in order, repeated ones too."""


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no number")
