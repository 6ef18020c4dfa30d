"""The form of every op_name's payload as JSON Schema, and how often and how the op_name stands in given sequences."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from model.config import Config
from model.event import ExpVal
from model.geometry import Geometry
from model.operations import CACHE_READ_ENDS, ERASE_AXIS, Catalogue, OpName
from planner.errors import UnusableInput
from planner.report import tables

Json = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
FLAGS = (("no_erasus", "erasus"), ("no_pgmsus", "pgmsus"))


def payload_schemas(config: Config, files: Sequence[Path] = ()) -> Json:
    """Per op_name: op_base, op_id, fields (in the order in which they stand), schema, count and example of `files`.

    UnusableInput: a file cannot be read, or holds an op_name that the config does not have.
    """
    writer = _Writer(config)
    made = {name.name: writer.entry(name) for name in writer.catalogue.names}
    for file in files:
        frame = tables.read(file, ("op_name", "payload"))
        for number, (name, payload) in enumerate(frame.iter_rows()):
            place = f"{file}:{tables.HEADER_LINE + 1 + number}"
            if name not in made:
                raise UnusableInput(f"{place}: op_name {name!r} is not in {config.path}; give --config")
            made[name]["count"] += 1
            if made[name]["example"] is None:
                made[name]["example"] = _parsed(payload, place)
    return {"config": config.digest, "dialect": DIALECT, "op_names": made}


def _parsed(payload: str, place: str) -> Any:
    try:
        return json.loads(payload)
    except ValueError as error:
        raise UnusableInput(f"{place}: payload {payload[:60]!r} is not JSON: {error}") from None


class _Writer:
    """Entries for op_names, by the config."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self.catalogue = Catalogue.of(config)
        self._shape = Geometry.of(config)
        self._named = [celltype for celltype in config.celltypes if celltype != config.celltypes[0]]

    def entry(self, name: OpName) -> Json:
        """What is said of one op_name."""
        return {
            "op_base": name.base.name,
            "op_id": self._config.pattern.opcode_map.get(name.name, 0),
            "fields": list(name.base.payload),
            "schema": self._schema(name),
            "count": 0,
            "example": None,
        }

    def _schema(self, name: OpName) -> Json:
        fields = name.base.payload
        if not fields:
            return {"type": "array", "maxItems": 0}
        least, most = self._objects(name)
        return {
            "type": "array",
            "minItems": least,
            "maxItems": most,
            "items": {
                "type": "object",
                "properties": {field: self._field(field, name) for field in fields},
                "required": list(fields),
                "additionalProperties": False,
            },
        }

    def _objects(self, name: OpName) -> tuple[int, int]:
        """How many objects there are: one per payload plane, or one."""
        most = min(self._config.policies.maxplanes, self._shape.planes)
        if "plane" not in name.base.payload:
            return 1, 1
        if name.multi:
            return 2, most
        return 1, most if name.base.name in CACHE_READ_ENDS else 1

    def _field(self, field: str, name: OpName) -> Json:
        shape = self._shape
        if field == "celltype":
            own = self._config.celltypes[name.celltype]
            return {"const": own} if name.celltype else {"enum": self._named}
        if field == "exp_val":
            return self._exp_val()
        if field == "page" and name.base.name in ERASE_AXIS:
            return {"const": 0}
        sizes = {"die": shape.dies, "plane": shape.planes, "block": shape.blocks, "page": shape.pages}
        return {"type": "integer", "minimum": 0, "maximum": sizes[field] - 1}

    def _exp_val(self) -> Json:
        value: Json = {"enum": [value.name.lower() for value in ExpVal]}
        if not self._config.pattern.exp_val_suspend:
            return value
        items = [value, *({"enum": list(words)} for words in FLAGS)]
        return {"type": "array", "prefixItems": items, "minItems": 3, "maxItems": 3}
