"""What a user asks of a campaign: by options, by a campaign file, or by what was asked when it began."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from model.config import Config
from model.config.problems import Problems, nearest
from model.config.source import read
from planner.batch.campaign import OPS, Campaign
from planner.errors import UnusableInput

Order = Mapping[str, Any]
"""The values asked for by key, as `READERS` give them; what was not asked for is missing."""


def _whole(least: int) -> Callable[[str], int]:
    def reader(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 18 and int(text) >= least):
            raise ValueError(f"a whole number, {least} or more")
        return int(text)

    return reader


def _one_of(*words: str) -> Callable[[str], str]:
    def reader(text: str) -> str:
        if text not in words:
            raise ValueError(", ".join(words))
        return text

    return reader


def _share(text: str) -> float:
    try:
        share = Decimal(text)
        if not 0 < share <= 1:
            raise ValueError
    except (InvalidOperation, ValueError):
        raise ValueError("a share, more than 0 and up to 1") from None
    return float(share)


def _us(text: str) -> str:
    try:
        if not 0 < Decimal(text) < 10**15:
            raise ValueError
    except (InvalidOperation, ValueError):
        raise ValueError("a time in us, more than 0") from None
    return text


def _date(text: str) -> str:
    try:
        if len(text) != 6 or not (text.isascii() and text.isdigit()):
            raise ValueError
        datetime.datetime.strptime(text, "%y%m%d")
    except ValueError:
        raise ValueError("a date of six digits, yymmdd") from None
    return text


def _text(text: str) -> str:
    if not text:
        raise ValueError("a text")
    return text


READERS: Mapping[str, Callable[[str], Any]] = {
    "config": _text,
    "out": _text,
    "seed": _whole(0),
    "sites": _whole(1),
    "runs": _whole(1),
    "ops": _whole(1),
    "run_until": _us,
    "cover": _share,
    "series": _one_of("chained", "independent"),
    "date": _date,
    "keep": _one_of("sequence", "all"),
    "pack": _one_of("none", "csv", "parquet"),
    "workers": _whole(1),
    "cluster": _text,
    "retries": _whole(0),
}
FILES = ("config", "out")
"""Keys whose values in a campaign file are paths from that file on."""


def read_options(options: Mapping[str, str | None]) -> Order:
    """Options that were given, by key. UnusableInput."""
    order = {}
    for key, text in options.items():
        if text is None:
            continue
        try:
            order[key] = READERS[key](str(text))
        except ValueError as error:
            raise UnusableInput(f"--{key.replace('_', '-')} {text!r}: allowed: {error}") from None
    return order


def read_file(path: Path) -> Order:
    """A campaign file: a YAML mapping with the words of the options. ConfigError: each fault with its place."""
    root = read(path, str(path))
    problems = Problems(str(path))
    order: dict[str, Any] = {}
    for key, node in root.items.items():
        if key not in READERS:
            problems.error(node, f"unknown key{nearest(key, list(READERS))}", at_key=True)
        elif node.value is None:
            continue
        elif not isinstance(node.value, str):
            problems.error(node, "not a single value; allowed: one value per key")
        else:
            try:
                order[key] = READERS[key](node.value)
            except ValueError as error:
                problems.error(node, f"allowed: {error}")
    problems.stop_if_unusable()
    for key in FILES:
        if key in order:
            order[key] = str(path.parent / order[key])
    return order


def campaign_of(order: Order, config: Config, known: Mapping[str, Any] | None = None) -> Campaign:
    """The campaign that is asked for; what is not is as in `known` (the page of one that began), else the default.

    Where nothing says what a run or the campaign ends with, it covers everything. UnusableInput.
    """
    asked = dict(order)
    if "run_until" in asked:
        try:
            asked["until"] = config.clock.ticks(asked["run_until"])
        except ValueError as error:
            raise UnusableInput(f"run_until {asked['run_until']!r}: {error}") from None
    values = {**DEFAULTS, "date": datetime.date.today().strftime("%y%m%d"), **(known or {}), **asked}
    if values["sites"] is None or values["runs"] is None:
        raise UnusableInput("give --sites N and --runs N (or --campaign FILE with sites and runs)")
    if values["ops"] is None and values["until"] is None:
        values["ops"] = OPS
        values["cover"] = EVERYTHING if values["cover"] is None else values["cover"]
    pack = values["pack"]
    return Campaign(
        config, values["seed"], values["sites"], values["runs"], values["ops"], values["until"], values["cover"],
        values["series"] == "chained", values["date"], values["keep"], None if pack == "none" else pack,
    )  # fmt: skip


EVERYTHING = 1.0
"""The share of the cells that a campaign covers if it is asked for nothing else."""
DEFAULTS: Mapping[str, Any] = {
    "seed": 0,
    "sites": None,
    "runs": None,
    "ops": None,
    "until": None,
    "cover": None,
    "series": "chained",
    "keep": "all",
    "pack": None,
}
