"""The form of a scenario file as a JSON schema (draft 2020-12)."""

from __future__ import annotations

from typing import Any

_NAME = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*(\\.[0-9]+)?$"}
_MOMENT = {
    "type": "string",
    "pattern": "^(begin|finish|[A-Za-z_][A-Za-z0-9_]*(\\.[0-9]+)?"
    "(\\.(suspend|resume|dout|piece|close)(\\.[0-9]+)?)?(\\.(start|issue_end|core_end|end))?)$",
}
_US = {"type": "number", "minimum": 0}
_SHARE = {"type": "string", "pattern": "^[0-9.]+ *%$"}
_PLACE = {"anyOf": [_US, _SHARE]}
_OFFSET = {"anyOf": [{"const": "free"}, _PLACE, {"type": "array", "items": _PLACE, "minItems": 2, "maxItems": 2}]}
_NUMBER = {"anyOf": [{"type": "integer", "minimum": 1}, {"const": "each"}]}
_OPS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
_PLANES = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "array", "items": {"type": "integer", "minimum": 0}}]}


def _mapping(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**made, "required": required} if required else made


def _address() -> dict[str, Any]:
    related = [_mapping({key: _NAME}, [key]) for key in ("same", "other")]
    return {"anyOf": [{"const": "any"}, {"type": "integer", "minimum": 0}, *related]}


def _operation() -> dict[str, Any]:
    inside = _mapping(
        {
            "of": _NAME,
            "state": {"enum": ["CORE_BUSY", "DATA_OUT", "DATA_IN"]},
            "piece": _NUMBER,
            "suspension": _NUMBER,
            "at": _OFFSET,
            "bin": {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 9}, {"const": "each"}]},
        },
        ["of"],
    )
    cut = {"anyOf": [_OFFSET, _mapping({"at": _OFFSET, "suspend": _OPS, "resume": _OPS})]}
    keys = {
        "op": _OPS,
        "count": {"type": "integer", "minimum": 1},
        "die": _address(),
        "plane": _PLANES,
        "planes": _PLANES,
        "plane_count": {"type": "integer", "minimum": 1},
        "block": _address(),
        "page": _address(),
        "celltype": {"type": "string"},
        "inside": {"anyOf": [_NAME, inside]},
        "suspended": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "array", "items": cut, "minItems": 1}]},
        "delivers": _NAME,
        "delivered": {"type": "boolean"},
    }
    kept = _mapping({"op": {"type": "string"}, "near": _US, "payload": {"type": "string"}}, ["op", "near", "payload"])
    return {"anyOf": [{"type": "string"}, _mapping(keys, ["op"]), kept]}


def _statement() -> dict[str, Any]:
    limits = {"min": _US, "max": _US, "exact": _US}
    moments = {"type": "array", "items": _MOMENT, "minItems": 2}
    return {
        "anyOf": [
            _mapping({"from": _MOMENT, "to": _MOMENT, **limits}, ["from", "to"]),
            _mapping({"before": moments}, ["before"]),
            _mapping({"deadline": _US, "of": _MOMENT, "from": _MOMENT}, ["deadline"]),
            _mapping({"quiet": {**moments, "maxItems": 2}}, ["quiet"]),
            _mapping({"never": _OPS, "in": _OPS, "die": {"type": "integer", "minimum": 0}}, ["never"]),
        ]
    }


def json_schema() -> dict[str, Any]:
    """The schema of a scenario file."""
    named = {"type": "object", "additionalProperties": _operation(), "minProperties": 1}
    properties = {
        "scenario": {"type": "string"},
        "repeat": {"type": "integer", "minimum": 1},
        "order": {"enum": ["listed", "rounds", "free", "kept"]},
        "minimize": {"enum": ["nothing", "time", "operations"]},
        "operations": named,
        "statements": {"type": "array", "items": _statement()},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A nandplan scenario",
        **_mapping(properties, ["operations"]),
    }
