"""What commands share: logging, and reading what the user gave."""

from __future__ import annotations

import logging
import sys
from datetime import date as calendar
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import UnusableInput, UnusableOutput

if TYPE_CHECKING:
    from model.config import Config

log = logging.getLogger("nandplan")

SAID = "said"
"""Marks a log record whose text stands on stderr anyway."""


class Interrupted(Exception):  # noqa: N818
    """Ctrl-C, where there is more to say than that (exit code 130): what was kept, and how to go on."""


def start_logging(*, verbose: bool, log_file: Path | None) -> None:
    """Log warnings (everything if verbose) to stderr, and all to a file if wanted. UnusableOutput: it cannot be."""
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()
    log.setLevel(logging.DEBUG)
    log.propagate = False
    shown = logging.StreamHandler(sys.stderr)
    shown.setLevel(logging.DEBUG if verbose else logging.WARNING)
    shown.setFormatter(logging.Formatter("nandplan: %(levelname)s: %(message)s"))
    shown.addFilter(lambda record: not getattr(record, SAID, False))
    log.addHandler(shown)
    if log_file is not None:
        try:
            handler = logging.FileHandler(log_file, encoding="utf-8")
        except OSError as error:
            raise UnusableOutput(log_file, error) from None
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)


def read_config(path: Path | None) -> Config:
    """The config of a file, or the shipped one. ConfigError. Its warnings go to the log."""
    from model.config import load  # noqa: PLC0415

    config = load(path)
    for problem in config.warnings:
        log.warning("%s", problem)
    for problem in config.infos:
        log.info("%s", problem)
    log.debug("config %s, hash %s", config.path, config.digest)
    return config


def read_date(text: str | None) -> str:
    """A date as yymmdd; today's if none is given. UnusableInput."""
    if text is None:
        return calendar.today().strftime("%y%m%d")
    try:
        if len(text) != 6 or not (text.isascii() and text.isdigit()):
            raise ValueError
        datetime.strptime(text, "%y%m%d")
    except ValueError:
        raise UnusableInput(f"--date {text!r}: not a date; allowed: six digits, yymmdd") from None
    return text


def read_us(option: str, text: str, config: Config) -> int:
    """A time in us as ticks, more than zero. UnusableInput."""
    clock = config.clock
    try:
        ticks = clock.ticks(text)
        if ticks <= 0:
            raise ValueError
    except ValueError:
        allowed = f"a time in us, more than 0 and less than 10^{18 - clock.decimals}, up to {clock.decimals} decimals"
        raise UnusableInput(f"{option} {text!r}: allowed: {allowed}") from None
    return ticks


def require_file(option: str, path: Path) -> None:
    """UnusableInput: there is no such file, or it is a folder."""
    if path.is_dir():
        raise UnusableInput(f"{option} {path}: this is a folder; allowed: a file")
    if not path.is_file():
        raise UnusableInput(f"{option} {path}: there is no such file")
