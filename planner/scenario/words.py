"""An answer in words for people, and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from model.config import Config
from model.units import Clock
from planner.progress import counted, in_words
from planner.scenario.answer import Answer, Fulfilled, Nearest, No, NotFound, Reason, Yes
from planner.scenario.telling import lines
from planner.scenario.telling import plain as moves

MOST_UIDS = 12
"""op_uids that are shown one by one."""


def text(answer: Answer, config: Config) -> str:
    """The answer for people."""
    clock = config.clock
    if isinstance(answer, Yes):
        return _yes(answer, clock)
    if isinstance(answer, Nearest):
        return _nearest(answer, config)
    return _no(answer) if isinstance(answer, No) else _not_found(answer, clock)


def _nearest(answer: Nearest, config: Config) -> str:
    first, *more = lines(config, answer.repaired)
    said = [f"  {one.where}: {one.words}{_uids(one)}" for one in answer.fulfilled if not one.op_uids]
    total = counted(len(answer.repaired.rows), "operation")
    what = "all at their own times" if answer.repaired.unchanged else f"at the nearest legal times: {first}"
    return "\n".join([f"yes: {total}, {what}", *more, *said, *(f"  {path}" for path in answer.files)])


def _yes(answer: Yes, clock: Clock) -> str:
    times = "" if answer.repetitions == 1 else f" in {answer.repetitions} repetitions"
    longest = "" if answer.repetitions == 1 else "the longest "
    bound = f" (provably not below {in_words(answer.bound, clock)})" if answer.bound else ""
    lines = [
        f"yes: {counted(answer.operations, 'operation')}{times}{_least(answer)},"
        f" {answer.added:,} of them added by the planner;"
        f" {longest}lasts {in_words(answer.length, clock)}{bound}; legal: the judge found nothing",
        *(f"  {one.where}: {one.words}{_uids(one)}" for one in answer.fulfilled),
        *(f"  {path}" for path in answer.files),
    ]
    return "\n".join(lines)


def _least(answer: Yes) -> str:
    if answer.least is None:
        return ""
    proven = (
        "no sequence has fewer" if answer.least == answer.operations else f"no sequence has fewer than {answer.least:,}"
    )
    return f" ({proven})"


def _uids(one: Fulfilled) -> str:
    if not any(one.op_uids):
        return ": kept"
    first = one.op_uids[0]
    shown = ", ".join(map(str, first[:MOST_UIDS])) + (
        f" and {len(first) - MOST_UIDS} more" if len(first) > MOST_UIDS else ""
    )
    more = f", and in {len(one.op_uids) - 1} more repetitions" if len(one.op_uids) > 1 else ""
    return f": op_uid {shown}{more}"


def reason(one: Reason) -> str:
    """One member of a conflict in a line."""
    where = f"{one.where}: " if one.where else ""
    return f"{where}{f'[{one.rule}] ' if one.rule else ''}{one.sentence}"


def _no(answer: No) -> str:
    proof = "proven twice" if answer.confirmed else "proven once"
    proof = proof if answer.searched else "the config alone shows it"
    together = (
        "These do not go together:" if answer.minimal else "These do not go together, maybe without some of them:"
    )
    lines = [f"no: it cannot be ({proof}). {together}", *(f"  {reason(one)}" for one in answer.conflict)]
    if answer.nearest:
        lines.append("it would do with one of these changes:")
        lines += [f"  {way.where}: {way.words}" for way in answer.nearest]
    return "\n".join(lines)


def _not_found(answer: NotFound, clock: Clock) -> str:
    bound = f"; one repetition lasts at least {in_words(answer.bound, clock)}" if answer.bound else ""
    return "\n".join(
        [
            f"not found: {answer.why}. That is no proof that there is none{bound}",
            *(f"  try: {what}" for what in answer.advice),
        ]
    )


def plain(answer: Answer, config: Config) -> dict[str, Any]:
    """The answer as plain data; times in us as text."""
    clock = config.clock
    if isinstance(answer, Nearest):
        return {"answer": "yes", **moves(config, answer.repaired, answer.files), "fulfilled": _who(answer.fulfilled)}
    if isinstance(answer, Yes):
        return {
            "answer": "yes",
            "operations": answer.operations,
            "added": answer.added,
            "repetitions": answer.repetitions,
            "length_us": clock.us(answer.length),
            "bound_us": None if answer.bound is None else clock.us(answer.bound),
            "least_operations": answer.least,
            "fulfilled": _who(answer.fulfilled),
            "files": [str(path) for path in answer.files],
        }
    if isinstance(answer, No):
        return {
            "answer": "no",
            "confirmed": answer.confirmed,
            "minimal": answer.minimal,
            "conflict": [{"rule": r.rule, "sentence": r.sentence, "where": r.where} for r in answer.conflict],
            "nearest": [{"words": w.words, "where": w.where, "confirmed": w.confirmed} for w in answer.nearest],
        }
    bound = None if answer.bound is None else clock.us(answer.bound)
    return {"answer": "not found", "why": answer.why, "bound_us": bound, "try": list(answer.advice)}


def _who(fulfilled: Sequence[Fulfilled]) -> list[dict[str, Any]]:
    return [
        {"words": one.words, "where": one.where, "op_uids": [list(uids) for uids in one.op_uids]} for one in fulfilled
    ]
