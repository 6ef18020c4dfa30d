"""The schema of a config file, section by section, as pydantic models; times still as decimals of us."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from model.config.node import Node
from model.config.problems import Problems, nearest
from model.config.spec import Scope
from model.units import significant_decimals

MOST_DECIMALS = 9
LONGEST_US = Decimal(10**7)
MOST_PAGES = 32767
MOST_PLANES = 16
MOST_BLOCKS = 10_000_000


def _us(value: object) -> Decimal:
    allowed = "allowed: 0 or more us, such as 25.0"
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"not a decimal number of us; {allowed}")
    number = Decimal(value)
    if number < 0:
        raise ValueError(f"negative; {allowed}")
    if number > LONGEST_US:
        raise ValueError(f"too long; allowed: 0 to {LONGEST_US} us")
    if significant_decimals(number) > MOST_DECIMALS:
        raise ValueError(f"too many digits; {allowed}, with at most {MOST_DECIMALS} decimals")
    return number


def _whole(least: int, most: int | None = None) -> Any:
    allowed = f"allowed: {least} to {most}" if most is not None else f"allowed: {least} or more"

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError(f"not a whole number; {allowed}")
        if value < least or (most is not None and value > most):
            raise ValueError(f"out of range; {allowed}")
        return value

    return BeforeValidator(check)


def _number(most: int | None) -> Any:
    allowed = f"allowed: 0 to {most}" if most is not None else "allowed: 0 or more"

    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise ValueError(f"not a number; {allowed}")
        if value < 0 or value > (10**9 if most is None else most):
            raise ValueError(f"out of range; {allowed}")
        return float(value)

    return BeforeValidator(check)


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text; allowed: a name")
    return value


Us = Annotated[Decimal, BeforeValidator(_us)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Text = Annotated[str, BeforeValidator(_text)]
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
        problems.error(node, "not a mapping; allowed: the keys " + ", ".join((*model.model_fields, *also)))
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
            problems.warn(entry, f"unknown key, without effect{nearest(key, known)}")


def _note(error: ValidationError, node: Node, problems: Problems) -> None:
    for detail in error.errors(include_url=False):
        place = node.at(*detail["loc"])
        kind = detail["type"]
        if kind == "missing":
            key = str(detail["loc"][-1])
            problems.error(place, f"{key} is missing; it is required", at_key=True)
        elif kind == "value_error":
            problems.error(place, str(detail["ctx"]["error"]))
        elif kind in ("enum", "literal_error"):
            allowed = str(detail["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
            problems.error(
                place, f"not one of the allowed values{nearest(place.text, allowed)} (allowed: {', '.join(allowed)})"
            )
        else:
            problems.error(place, _WORDS.get(kind, str(detail["msg"])))
