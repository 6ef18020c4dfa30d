"""The schema of a config file, section by section, as pydantic models; times still as decimals of us."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, core_schema

from model.config.node import Node
from model.config.problems import Problems
from model.config.spec import Scope
from model.config.surprises import finer
from model.units import significant_decimals

MOST_DECIMALS = 9
LONGEST_US = Decimal(10**7)
MOST_PAGES = 32767
MOST_PLANES = 16
MOST_BLOCKS = 10_000_000
MOST_WEIGHT = 10**9


class RefusedError(ValueError):
    """A value that is not allowed; `id` is the kind of finding."""

    def __init__(self, id: str, said: str) -> None:
        super().__init__(said)
        self.id = id


@dataclass(frozen=True, slots=True)
class Checked:
    """A check of a value before pydantic sees it, and what the JSON Schema says of it."""

    check: Callable[[object], Any]
    schema: Mapping[str, Any] = field(hash=False, compare=False)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, _core: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(self.schema)


def _us(value: object) -> Decimal:
    allowed = "allowed: 0 or more us, such as 25.0"
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise RefusedError("not-a-number", f"not a decimal number of us; {allowed}")
    number = Decimal(value)
    if number < 0:
        raise RefusedError("negative-time", f"negative; {allowed}")
    if number > LONGEST_US:
        raise RefusedError("time-too-long", f"too long; allowed: 0 to {LONGEST_US} us")
    if significant_decimals(number) > MOST_DECIMALS:
        raise RefusedError("time-too-fine", f"too many digits; {allowed}, with at most {MOST_DECIMALS} decimals")
    return number


def _whole(least: int, most: int | None = None) -> Checked:
    allowed = f"allowed: {least} to {most}" if most is not None else f"allowed: {least} or more"

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise RefusedError("not-a-whole-number", f"not a whole number; {allowed}")
        if value < least or (most is not None and value > most):
            raise RefusedError("out-of-range", f"out of range; {allowed}")
        return value

    limits = {"minimum": least} if most is None else {"minimum": least, "maximum": most}
    return Checked(check, {"type": "integer", **limits})


def _number(most: int | None) -> Checked:
    allowed = f"allowed: 0 to {most}" if most is not None else "allowed: 0 or more"
    highest = MOST_WEIGHT if most is None else most

    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise RefusedError("not-a-number", f"not a number; {allowed}")
        if value < 0 or value > highest:
            raise RefusedError("out-of-range", f"out of range; {allowed}")
        return float(value)

    return Checked(check, {"type": "number", "minimum": 0, "maximum": highest})


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise RefusedError("not-a-truth", "neither true nor false")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise RefusedError("not-a-text", "not a text; allowed: a name")
    return value


Us = Annotated[Decimal, Checked(_us, {"type": "number", "minimum": 0, "maximum": int(LONGEST_US)})]
Truth = Annotated[bool, Checked(_truth, {"type": "boolean"})]
Text = Annotated[str, Checked(_text, {"type": "string"})]
Weight = Annotated[float, _number(None)]
Share = Annotated[float, _number(1)]
Count = Annotated[int, _whole(1, MOST_BLOCKS)]
Volume = Annotated[int, _whole(0)]
OpCode = Annotated[int, _whole(0, 2**31 - 1)]


class Raw(BaseModel):
    """A mapping of the file; its fields are the known keys."""

    model_config = ConfigDict(frozen=True)


class RawTopology(Raw):
    """topology"""

    dies: Count
    planes: Annotated[int, _whole(1, MOST_PLANES)]
    blocks_per_die: Count
    pages_per_block: Annotated[int, _whole(1, MOST_PAGES)]
    bad_blocks: Text | None = None


class RawPolicies(Raw):
    """policies"""

    maxplanes: Annotated[int, _whole(1, MOST_PLANES)] | None = None
    sequence_gap: Us = Decimal("1.0")
    admission_window: Us = Decimal("0.5")
    queue_refill_period_us: Us = Decimal(100)
    read_offset_guard: Annotated[int, _whole(0, MOST_PAGES)] = 0
    carry_over: Truth = False


class RawState(Raw):
    """op_bases.BASE.states.STATE"""

    bus: Truth = False


class RawBase(Raw):
    """op_bases.BASE; its states and sequence are read by their own."""

    scope: Scope
    affect_state: Truth
    instant_resv: Truth = False


class RawName(Raw):
    """op_names.NAME; its base, celltype and durations are read by their own."""

    multi: Truth = False


class RawCoverage(Raw):
    """coverage"""

    hosts: Literal["base", "op_name"] = "base"
    default_state: Truth = False


class RawBootstrap(Raw):
    """bootstrap; the volumes are older spellings of the shares, as numbers of blocks and pages."""

    enabled: Truth = False
    erase_share: Share | None = None
    program_share: Share | None = None
    read_share: Share | None = None
    erase_volume: Volume | None = None
    program_volume: Volume | None = None
    read_coverage: Volume | None = None
    read_volume: Volume | None = None


class RawPattern(Raw):
    """pattern_export"""

    exp_val_suspend: Truth = False


T = TypeVar("T", bound=Raw)
V = TypeVar("V")

_WORDS = {
    "missing": "missing; this key is required",
    "model_type": "not a mapping",
    "dict_type": "not a mapping",
    "list_type": "not a list",
}


def parse(model: type[T], node: Node, problems: Problems, also: tuple[str, ...] = ()) -> T | None:
    """The node as that model, or None with what is wrong noted. Keys beyond the model's and `also` are warned of."""
    if not isinstance(node.value, dict):
        said = "not a mapping; allowed: the keys " + ", ".join((*model.model_fields, *also))
        problems.error(node, said, id="not-a-mapping")
        return None
    unknown_keys(node, (*model.model_fields, *also), problems)
    data = {key: entry.data() for key, entry in node.items.items() if key in model.model_fields}
    try:
        return model.model_validate(data)
    except ValidationError as error:
        _note(error, node, problems)
        return None


def parse_entry(kind: TypeAdapter[V], node: Node, problems: Problems) -> V | None:
    """A single value as that type, or None with what is wrong noted."""
    try:
        return kind.validate_python(node.data())
    except ValidationError as error:
        _note(error, node, problems)
        return None


def unknown_keys(node: Node, known: tuple[str, ...], problems: Problems) -> None:
    """Warn of keys that nothing reads."""
    for key, entry in node.items.items():
        if key not in known:
            problems.warn(entry, f"unknown key, without effect{problems.nearest(key, known)}", id="unknown-key")


def _note(error: ValidationError, node: Node, problems: Problems) -> None:
    for detail in error.errors(include_url=False):
        place = node.at(*detail["loc"])
        kind = detail["type"]
        if kind == "missing":
            key = str(detail["loc"][-1])
            problems.error(place, f"{key} is missing; it is required", at_key=True, id="key-missing")
        elif kind == "value_error":
            refused = detail["ctx"]["error"]
            problems.error(place, str(refused), id=finer(place, getattr(refused, "id", "unknown-value")))
        elif kind in ("enum", "literal_error"):
            allowed = str(detail["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
            near = problems.nearest(place.text, allowed)
            said = f"not one of the allowed values{near} (allowed: {', '.join(allowed)})"
            problems.error(place, said, id="unknown-value")
        else:
            problems.error(place, _WORDS.get(kind, str(detail["msg"])), id="unknown-value")
