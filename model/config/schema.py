"""The JSON Schema of a config file, put together from the models and tables that validate one."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, TypeAdapter

from model.config import older, tables
from model.config.load import REQUIRED, SECTIONS
from model.config.raw import (
    OpCode,
    RawBase,
    RawBootstrap,
    RawCoverage,
    RawName,
    RawPattern,
    RawPolicies,
    RawState,
    RawTopology,
    Us,
    Weight,
)
from model.config.spec import INHERIT_RULES, PAYLOAD_FIELDS, STATES, Scope

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_OLDER_STATES = tuple(older.STATE_NAMES)
_NAME: Schema = {"type": "string", "minLength": 1}
_NAMES: Schema = {"type": "array", "items": {"type": "string"}}
_ONE: Schema = {"minProperties": 1, "maxProperties": 1}


def config_schema() -> Schema:
    """The schema, in the dialect of 2020-12. It allows what `load` accepts without an error or an unknown key.

    What only the whole file can tell, such as whether a name is defined, is left to `nandplan check`.
    """
    sections = _sections()
    known = {key: sections[key] for key in SECTIONS}
    past = {key: {"description": "known from older configs, without effect"} for key in older.IDLE_SECTIONS}
    return {
        "$schema": DIALECT,
        "title": "nandplan config",
        **_closed({**known, **past}),
        "required": list(REQUIRED),
    }


def _sections() -> dict[str, Schema]:
    groups = _any_of(_NAME, _NAMES, {"type": "null"})
    states = [*STATES, *_OLDER_STATES, "END"]
    by_state = {"type": "object", "additionalProperties": groups}
    names = {"type": "string", "pattern": rf"^.+\.({'|'.join(states)})$"}
    levels = _maybe({"type": "object", "additionalProperties": _map(_of(Weight))})
    return {
        "topology": _model(RawTopology),
        "celltypes": {"type": "array", "items": _NAME},
        "policies": _maybe(_model(RawPolicies, **{key: {} for key in older.IDLE_POLICIES})),
        "program_base_whitelist": _NAMES,
        "op_bases": _map(_base(), least=1),
        "generate_seq_rules": _maybe(_map(_any_of(_map(_chain()), _chain()))),
        "payload_by_op_base": _map({"type": "array", "items": {"enum": list(PAYLOAD_FIELDS)}}),
        "op_names": _map(_name(), least=1),
        "exclusion_groups": _maybe(_map(_group())),
        "exclusions_by_op_state": _maybe({**by_state, "propertyNames": names}),
        "exclusions_by_latch_state": _maybe(_closed(dict.fromkeys(tables.LATCH_STATES, groups))),
        "exclusions_by_cache_state": _maybe(_closed(dict.fromkeys(tables.CACHE_STATES, groups))),
        "exclusions_by_suspend_state": _maybe(_closed(dict.fromkeys(tables.SUSPEND_STATES, groups))),
        "exclusions_by_odt_state": _maybe(_closed(dict.fromkeys(tables.ODT_STATES, groups))),
        "constraints": _maybe({"type": "object", "properties": {"single_single_allowed_bases": _NAMES}}),
        "phase_conditional_overrides": levels,
        "phase_conditional": levels,
        "coverage": _maybe(_model(RawCoverage)),
        "bootstrap": _maybe(_bootstrap()),
        "pattern_export": _maybe(_model(RawPattern, opcode_map=_maybe(_map(_of(OpCode))))),
    }


def _chain() -> Schema:
    step = {**_map(_maybe({"type": "array", "items": {"enum": list(INHERIT_RULES)}})), **_ONE}
    steps = {"type": "array", "items": step, "minItems": 1}
    parts = {"sequences": steps, "name_weights": _maybe(_map(_map(_of(Weight))))}
    return {**_closed(parts), "required": ["sequences"]}


def _base() -> Schema:
    state = _maybe(_model(RawState, duration={}))
    by_name = _closed(dict.fromkeys((*STATES, *_OLDER_STATES), state))
    item = _any_of({"enum": [*STATES, *_OLDER_STATES]}, {"type": "object", "minProperties": 1})
    states = _any_of({**by_name, "minProperties": 1}, {"type": "array", "items": item, "minItems": 1})
    inherit = {"type": "array", "items": {"enum": list(INHERIT_RULES)}}
    parts = {"probs": _listed(_of(Weight)), "inherit": _listed(inherit)}
    schema = _model(RawBase, states=states, sequence=_maybe(_closed(parts)))
    words = [scope.value for scope in Scope]
    schema["properties"]["scope"] = {"enum": [*words, *(word.lower() for word in words)]}
    return {**schema, "required": [*schema["required"], "states"]}


def _name() -> Schema:
    durations = _closed(dict.fromkeys((*STATES, *_OLDER_STATES), _of(Us)))
    schema = _model(RawName, base=_NAME, celltype=_NAME, durations=durations)
    return {**schema, "required": ["base", "durations"]}


def _group() -> Schema:
    kinds = [{**_closed({kind: _NAMES}), "required": [kind]} for kind in ("allow", "forbid")]
    return _any_of(_NAMES, *kinds)


def _bootstrap() -> Schema:
    volumes = {"type": ["object", "null"]}
    return _model(RawBootstrap, celltype_weights=_maybe(_map(_of(Weight))), thresholds=volumes, minimums=volumes)


def _model(model: type[BaseModel], **more: Schema) -> Schema:
    """The schema of a mapping that a pydantic model reads, with the entries that others read."""
    made = model.model_json_schema()
    shared = made.get("$defs", {})
    properties = {key: _inlined(entry, shared) for key, entry in made.get("properties", {}).items()}
    return {**_closed({**properties, **more}), "required": made.get("required", [])}


def _inlined(entry: Any, shared: Schema) -> Any:
    """A schema without references and without the titles that pydantic makes."""
    if isinstance(entry, list):
        return [_inlined(item, shared) for item in entry]
    if not isinstance(entry, dict):
        return entry
    if "$ref" in entry:
        return _inlined(shared[entry["$ref"].rpartition("/")[2]], shared)
    return {key: _inlined(value, shared) for key, value in entry.items() if key not in ("title", "description")}


def _of(kind: Any) -> Schema:
    return TypeAdapter(kind).json_schema()


def _closed(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _map(value: Schema, least: int = 0) -> Schema:
    return {"type": "object", "additionalProperties": value, **({"minProperties": least} if least else {})}


def _listed(value: Schema) -> Schema:
    """A mapping, or the older list of mappings of one key."""
    one = {"type": "object", "additionalProperties": value, "minProperties": 1}
    return _any_of(_map(value), {"type": "array", "items": one})


def _any_of(*schemas: Schema) -> Schema:
    return {"anyOf": list(schemas)}


def _maybe(schema: Schema) -> Schema:
    return _any_of(schema, {"type": "null"})
