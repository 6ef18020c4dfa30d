"""`nandplan explain`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from planner.cli.common import read_config, start_logging
from planner.errors import UnusableInput

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from planner.explaining.answer import Answer, Explainer
    from planner.explaining.witness import Witness

PLAIN_WIDTH = 120
"""Columns where there is no terminal to ask."""


@dataclass(frozen=True, slots=True)
class Question:
    """The options of `explain` as they were given."""

    config: Path | None
    cell: str | None
    op: str | None
    after: str | None
    grain: str | None
    as_json: bool
    width: int | None


def run(ask: Question, *, verbose: bool, log_file: Path | None) -> int:
    """Prints the answer to the question. ConfigError; UnusableInput: the question names what there is not."""
    start_logging(verbose=verbose, log_file=log_file)
    given = [text for text in (ask.cell, ask.op, ask.after) if text is not None]
    if len(given) != 1:
        raise UnusableInput("explain: give one of --cell, --op and --after")
    explainer = _explainer(ask)
    if ask.after is not None:
        _after(ask, explainer, ask.after)
    elif ask.cell is not None:
        _cell(ask, explainer, ask.cell)
    elif ask.op is not None:
        _op(ask, explainer, ask.op)
    return 0


def _explainer(ask: Question) -> Explainer:
    config = read_config(ask.config)
    from model.device import Device  # noqa: PLC0415
    from planner.explaining.answer import Explainer  # noqa: PLC0415
    from planner.targets.reachable import GRAINS, reachability  # noqa: PLC0415

    if ask.grain is not None and ask.grain not in GRAINS:
        raise UnusableInput(f"--grain {ask.grain!r}: allowed: {' or '.join(GRAINS)}")
    return Explainer(reachability(Device(config), ask.grain), ask.config)


def _cell(ask: Question, explainer: Explainer, text: str) -> None:
    from planner.explaining.asking import read_cell  # noqa: PLC0415
    from planner.explaining.telling import spread  # noqa: PLC0415

    asked = read_cell(explainer.reach, text)
    answer = explainer.of_cell(asked)
    notes: list[str] = []
    if asked.by_base:
        names = explainer.reach.device.catalogue.base(asked.word).names
        if len(names) > 1:
            name = explainer.reach.device.catalogue.names[asked.op_name].name
            notes.append(f"{asked.word} has {len(names)} op_names; this is about {name}")
        notes += spread(explainer.reach, names, asked.op_state, asked.bin)
    _show(ask, explainer, answer, notes)


def _op(ask: Question, explainer: Explainer, text: str) -> None:
    from planner.explaining.asking import read_op  # noqa: PLC0415
    from planner.explaining.telling import where_issued  # noqa: PLC0415

    names = read_op(explainer.reach.device, text)
    possible = explainer.reach.possible
    answer = explainer.of_op(min(names, key=lambda name: (possible.forbidden_by[name] is not None, name)))
    notes = []
    if len(names) > 1:
        shown = explainer.reach.device.catalogue.names[answer.cell.op_name].name
        notes.append(f"{text} has {len(names)} op_names; this is about {shown}")
    _show(ask, explainer, answer, [*notes, *where_issued(explainer.reach, answer.cell.op_name)])


def _show(ask: Question, explainer: Explainer, answer: Answer, notes: Iterable[str]) -> None:
    from planner.explaining import telling  # noqa: PLC0415
    from planner.explaining.answer import DISABLED, OPEN, REACHABLE  # noqa: PLC0415

    reach = explainer.reach
    if ask.as_json:
        print(json.dumps(telling.answer_data(reach, answer, explainer.places), indent=2))
        return
    console = _console(ask)
    _say(console, [telling.head(reach, answer), *notes])
    if answer.witness is not None:
        _witness(console, explainer, answer.witness)
    if answer.status in (REACHABLE, OPEN):
        return
    if answer.status != DISABLED:
        _say(console, ["", *telling.reason_lines(answer.reasons)])
    _say(console, ["", *telling.change_lines(answer.change, explainer.places)])


def _after(ask: Question, explainer: Explainer, text: str) -> None:
    from planner.explaining import telling  # noqa: PLC0415
    from planner.explaining.asking import read_history  # noqa: PLC0415
    from planner.explaining.history import Histories  # noqa: PLC0415
    from planner.explaining.witness import Cell  # noqa: PLC0415

    reach = explainer.reach
    history = read_history(reach.device, text)
    histories = Histories(reach, explainer.witnesses, explainer.because)
    aftermath = histories.after(history, [word.strip() for word in text.split(",")])
    at = history[max(aftermath.broken_at, 0)][0]
    reasons = explainer.because.reasons(Cell(-1, at), aftermath.rules)
    if ask.as_json:
        print(json.dumps(telling.after_data(reach.device, aftermath, reasons), indent=2))
        return
    console = _console(ask)
    _say(console, telling.after_lines(reach.device, aftermath, reasons))
    if aftermath.witness is not None:
        shown = ", ".join(aftermath.words[: aftermath.broken_at] if aftermath.broken_at > 0 else aftermath.words)
        _say(console, ["", f"{shown} can come about like this:"])
        _picture(console, explainer, aftermath.witness)


def _witness(console: Console, explainer: Explainer, witness: Witness) -> None:
    from planner.explaining.telling import length  # noqa: PLC0415

    _say(console, [length(witness)])
    _picture(console, explainer, witness)


def _picture(console: Console, explainer: Explainer, witness: Witness) -> None:
    from planner.explaining.drawing import pictures, table  # noqa: PLC0415

    device = explainer.reach.device
    _say(console, ["", *table(device, witness), ""])
    few = console.color_system == "standard"
    _say(console, pictures(device, witness, console.width, few_colours=few))


def _say(console: Console, lines: Iterable[str | Text]) -> None:
    for line in lines:
        console.print(line, no_wrap=True, overflow="ignore", crop=False)


def _console(ask: Question) -> Console:
    from rich.console import Console  # noqa: PLC0415

    width = ask.width
    if width is None and not sys.stdout.isatty():
        width = PLAIN_WIDTH
    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    return Console(file=sys.stdout, width=width, color_system=colours, highlight=False, markup=False, emoji=False)
