"""An answer in words for people, and as plain data."""

from __future__ import annotations

from typing import Any

from model.units import Clock
from planner.progress import counted, in_words
from planner.scenario.answer import Answer, Fulfilled, No, NotFound, Reason, Yes

MOST_UIDS = 12
"""op_uids that are shown one by one."""


def text(answer: Answer, clock: Clock) -> str:
    """The answer for people."""
    if isinstance(answer, Yes):
        return _yes(answer, clock)
    return _no(answer) if isinstance(answer, No) else _not_found(answer, clock)


def _yes(answer: Yes, clock: Clock) -> str:
    times = "" if answer.repetitions == 1 else f" in {answer.repetitions} repetitions"
    longest = "" if answer.repetitions == 1 else "the longest "
    bound = f" (provably not below {in_words(answer.bound, clock)})" if answer.bound else ""
    lines = [
        f"yes: {counted(answer.operations, 'operation')}{times}, {answer.added:,} of them added by the planner;"
        f" {longest}lasts {in_words(answer.length, clock)}{bound}; legal: the judge found nothing",
        *(f"  {one.where}: {one.words}{_uids(one)}" for one in answer.fulfilled),
        *(f"  {path}" for path in answer.files),
    ]
    return "\n".join(lines)


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
    lines = [f"no: it cannot be ({proof}). These do not go together:", *(f"  {reason(one)}" for one in answer.conflict)]
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


def plain(answer: Answer, clock: Clock) -> dict[str, Any]:
    """The answer as plain data; times in us as text."""
    if isinstance(answer, Yes):
        return {
            "answer": "yes",
            "operations": answer.operations,
            "added": answer.added,
            "repetitions": answer.repetitions,
            "length_us": clock.us(answer.length),
            "bound_us": None if answer.bound is None else clock.us(answer.bound),
            "fulfilled": [
                {"words": one.words, "where": one.where, "op_uids": [list(uids) for uids in one.op_uids]}
                for one in answer.fulfilled
            ],
            "files": [str(path) for path in answer.files],
        }
    if isinstance(answer, No):
        return {
            "answer": "no",
            "confirmed": answer.confirmed,
            "conflict": [{"rule": r.rule, "sentence": r.sentence, "where": r.where} for r in answer.conflict],
            "nearest": [{"words": w.words, "where": w.where, "confirmed": w.confirmed} for w in answer.nearest],
        }
    bound = None if answer.bound is None else clock.us(answer.bound)
    return {"answer": "not found", "why": answer.why, "bound_us": bound, "try": list(answer.advice)}
