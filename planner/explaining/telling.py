"""Answers in words, and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from model.device import Device
from model.event import NOTHING
from planner.explaining.answer import DISABLED, EXCLUDED, OPEN, REACHABLE, Answer
from planner.explaining.because import Reason
from planner.explaining.changes import Change
from planner.explaining.drawing import rows_of
from planner.explaining.edits import AddName
from planner.explaining.history import Aftermath, Next
from planner.explaining.places import Place, Places
from planner.explaining.witness import Witness
from planner.targets.cells import Status
from planner.targets.reachable import Reachability

_NO_CHANGE = (
    "none found: no one or two entries of exclusion groups, no op_names added, no durations or flags of what was asked "
    "for allow it"
)


def subject(reach: Reachability, answer: Answer) -> str:
    """The cell, or the op_name."""
    device, cell = reach.device, answer.cell
    name = device.catalogue.names[cell.op_name].name
    if cell.op_state == NOTHING:
        return name
    state = device.op_states.names[cell.op_state]
    return f"{state}, {name}, {cell.bin}"


def head(reach: Reachability, answer: Answer) -> str:
    """The first line of an answer."""
    cell, name = answer.cell, reach.device.catalogue.names[answer.cell.op_name]
    what = subject(reach, answer)
    if cell.op_state == NOTHING:
        can = "can be issued" if answer.status == REACHABLE else "can never be issued"
        return f"{what} ({name.base.name}) {can}"
    said = {
        REACHABLE: "reachable",
        EXCLUDED: "excluded: the tables alone forbid it, whatever came before",
        DISABLED: "disabled: its weight is 0",
        OPEN: "open: neither a witness nor a proof that there is none",
    }.get(answer.status, "unreachable: the tables allow it, but no legal history leads there")
    return f"{what} ({name.base.name}): {said}"


def length(witness: Witness) -> str:
    """How long a witness is, and whether a shorter one can be."""
    count = len(witness.commands)
    words = f"{count} operation{'s' if count > 1 else ''}"
    if witness.shortest:
        return f"shortest witness: {words}; no sequence on a fresh die has fewer"
    least = f"; at least {witness.least} are needed" if witness.least else ""
    return f"witness: {words}, the shortest found{least}"


def reason_lines(reasons: Sequence[Reason]) -> Iterator[str]:
    """The rules, each with its sentence, formula and places."""
    for reason in reasons:
        rule = reason.rule
        yield f"[{rule.id}] {rule.sentence}"
        yield f"    {rule.formula}"
        width = max((len(str(place)) for place in reason.places), default=0)
        for place in reason.places:
            said = f": {place.said}" if place.said else ""
            yield f"    {place!s:<{width}}  {place.key}{said}"
        if reason.more:
            yield f"    and {reason.more} more lines"


def change_lines(change: Change | None, places: Places) -> Iterator[str]:
    """The smallest change, and what it was checked by."""
    if change is None:
        yield f"smallest change: {_NO_CHANGE}"
        return
    size = len(change.edits)
    yield f"smallest change ({size} {'entry' if size == 1 else 'entries'}):"
    for edit in change.edits:
        where = "beside" if isinstance(edit, AddName) else "at"
        yield f"    {edit}  ({where} {places.of(edit.key)})"
    count = len(change.witness.commands)
    yield f"    checked: with it a judged sequence of {count} operation{'s' if count > 1 else ''} does it"


def spread(reach: Reachability, op_names: Sequence[int], op_state: int, bin: int) -> Iterator[str]:
    """Where the op_names of a base differ in a cell: how many of them are what."""
    words = {
        Status.EXCLUDED: "excluded",
        Status.DISABLED: "disabled",
        Status.UNREACHABLE: "unreachable",
        Status.OPEN: "reachable",
    }
    counts: dict[str, list[str]] = {}
    for name in op_names:
        status = Status(reach.status[op_state, name, bin])
        if status in words:
            counts.setdefault(words[status], []).append(reach.device.catalogue.names[name].name)
    if len(counts) > 1:
        for word, names in counts.items():
            yield f"    {len(names)} {word}: {', '.join(names[:3])}{' ...' if len(names) > 3 else ''}"


def where_issued(reach: Reachability, op_name: int) -> Iterator[str]:
    """In which op_states an op_name may be issued, and how many forbid it."""
    status = reach.status[:, op_name, :]
    names = reach.device.op_states.names
    open_in = [names[s] for s in range(len(names)) if (status[s] == Status.OPEN).any()]
    excluded = int((status[:, 0] == Status.EXCLUDED).sum())
    never = int((status == Status.UNREACHABLE).all(axis=1).sum()) + int(
        ((status == Status.UNREACHABLE).any(axis=1) & ~(status == Status.OPEN).any(axis=1) & (status[:, 1] == 0)).sum()
    )
    yield f"it may be issued in {len(open_in)} op_states: {', '.join(open_in) or 'none'}"
    yield f"in {excluded} others the tables exclude it; in {never} more it is out of reach"


# -- after a history -----------------------------------------------------------------------------------------------


def after_lines(device: Device, aftermath: Aftermath, reasons: Sequence[Reason]) -> Iterator[str]:
    """What may follow, or what is wrong with the history."""
    words = aftermath.words
    if aftermath.broken_at != NOTHING:
        place = aftermath.broken_at
        before = ", ".join(words[:place])
        yield (
            f"{words[place]} can not be issued"
            + (f" directly after {before}" if before else "")
            + "; it is forbidden by"
        )
        yield from reason_lines(reasons)
        return
    yield f"after {', '.join(words)}:"
    may = [each for each in aftermath.following if each.may]
    never = [each for each in aftermath.following if not each.may]
    yield f"may be issued next, at some moment ({len(may)} bases):"
    width = max((len(each.base) for each in aftermath.following), default=0)
    for each in may:
        yield f"    {each.base:<{width}}  {_count(each)}"
    yield f"may not ({len(never)} bases):"
    for each in never:
        why = "  ".join(f"[{rule}]" for rule in each.rules) or "not shown"
        yield f"    {each.base:<{width}}  {why}"
    del device


def _count(each: Next) -> str:
    every = len(each.may) + len(each.may_not) + len(each.unknown)
    shown = ", ".join(each.may[:2]) + (" ..." if len(each.may) > 2 else "")
    return f"{len(each.may)} of {every} op_names: {shown}" if every > 1 else shown


# -- plain data ----------------------------------------------------------------------------------------------------


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "key": place.key, "said": place.said}


def _reasons(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    return [
        {
            "rule": reason.rule.id,
            "sentence": reason.rule.sentence,
            "formula": reason.rule.formula,
            "places": [_place(place) for place in reason.places],
        }
        for reason in reasons
    ]


def _witness(device: Device, witness: Witness | None) -> dict[str, Any] | None:
    if witness is None:
        return None
    return {
        "operations": rows_of(device, witness),
        "shortest": witness.shortest,
        "at_least": witness.least or None,
    }


def answer_data(reach: Reachability, answer: Answer, places: Places) -> dict[str, Any]:
    """An answer as plain data."""
    device, cell, change = reach.device, answer.cell, answer.change
    name = device.catalogue.names[cell.op_name]
    return {
        "op_state": None if cell.op_state == NOTHING else device.op_states.names[cell.op_state],
        "op_name": name.name,
        "op_base": name.base.name,
        "bin": None if cell.op_state == NOTHING else cell.bin,
        "status": answer.status,
        "witness": _witness(device, answer.witness),
        "rules": _reasons(answer.reasons),
        "change": None
        if change is None
        else {
            "edits": [{"edit": str(edit), **_place(places.of(edit.key))} for edit in change.edits],
            "operations": len(change.witness.commands),
        },
    }


def after_data(device: Device, aftermath: Aftermath, reasons: Sequence[Reason]) -> dict[str, Any]:
    """What may follow, as plain data."""
    broken = aftermath.broken_at
    return {
        "after": list(aftermath.words),
        "broken_at": None if broken == NOTHING else broken,
        "rules": _reasons(reasons),
        "witness": _witness(device, aftermath.witness),
        "next": [
            {
                "op_base": each.base,
                "may": list(each.may),
                "may_not": list(each.may_not),
                "not_shown": list(each.unknown),
                "rules": list(each.rules),
            }
            for each in aftermath.following
        ],
    }
