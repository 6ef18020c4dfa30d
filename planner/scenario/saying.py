"""What the user says, as constraints: of an outline, and of the window that carries it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from planner.scenario.acts import Act
from planner.scenario.labels import said_of
from planner.scenario.language import BEGIN, FINISH, Distance, Never, Offset, PointRef, Quiet, Scenario
from planner.scenario.parse_wanted import bin_offset
from planner.window import statements
from planner.window.logic import IntVar, Logic, Point
from planner.window.statements import Span, Stay


def say(
    logic: Logic,
    scenario: Scenario,
    acts: Sequence[Act],
    stays: dict[str, Stay],
    ends: tuple[Point, Point],
    slack: Callable[[int], IntVar | int],
    *,
    any_name: bool = False,
) -> None:
    """The statements of a scenario, the places of its operations and the points of its suspensions, as constraints.

    `slack` gives the ticks by which a statement (by number) may be broken. With `any_name` an act may take each of its
    op_names, not only the first.
    """
    for number, statement in enumerate(scenario.statements):
        logic.rule = said_of("statement", number)
        if isinstance(statement, Distance):
            a, b = _point(statement.start, stays, ends), _point(statement.to, stays, ends)
            if a is None or b is None:
                logic.deny()
            else:
                statements.distance(logic, a, b, statement.least, statement.most, slack(number))
        elif isinstance(statement, Quiet):
            a, b = _point(statement.start, stays, ends), _point(statement.to, stays, ends)
            if a is not None and b is not None:
                statements.quiet(logic, list(stays.values()), a, b)
        else:
            _never(logic, statement, acts, stays, any_name)
    for act in acts:
        if act.hosted is not None and act.key in stays:
            logic.rule = said_of("inside", act.key)
            _inside(logic, act, stays)
        for place, (cut, suspend) in enumerate(zip(act.cuts, act.suspends, strict=True)):
            if cut.offset is not None and act.key in stays:
                logic.rule = said_of(f"cut{place}", act.key)
                spans = stays[act.key].cores
                statements.within(logic, stays[suspend.key].start.plus(-1), spans[place : place + 1], None)
                _at_cut(logic, stays[suspend.key].start, spans[place], cut.offset)


def _at_cut(logic: Logic, at: Point, span: Span, offset: Offset) -> None:
    whole = Span(span.start, at.plus(1), span.length)
    statements.within(logic, at, [whole], _part(offset))


def _part(offset: Offset | None) -> tuple[Fraction, Fraction, bool, bool] | None:
    return None if offset is None else (offset.lo, offset.hi, offset.share, offset.open_end)


def _point(ref: PointRef, stays: dict[str, Stay], ends: tuple[Point, Point]) -> Point | None:
    if ref.act in (BEGIN, FINISH):
        return ends[0] if ref.act == BEGIN else ends[1]
    stay = stays.get(ref.act)
    if stay is None:
        return None
    if ref.piece:
        if ref.piece > len(stay.cores):
            return None
        span = stay.cores[ref.piece - 1]
        return span.start if ref.moment == "start" else span.end
    moments = {"start": stay.start, "issue_end": stay.issue_end, "core_end": stay.core_end, "end": stay.end}
    return moments[ref.moment]


def _inside(logic: Logic, act: Act, stays: dict[str, Stay]) -> None:
    hosted = act.hosted
    assert hosted is not None
    host, at = hosted.host, stays[act.key]
    inside = hosted.inside
    if hosted.suspension:
        suspend, resume = host.suspends[hosted.suspension - 1], host.resumes[hosted.suspension - 1]
        end = stays[suspend.key].end
        if end is not None:
            logic.after(at.start, end, 0)
        if resume is not None:
            logic.after(stays[resume.key].start, at.end or at.issue_end, 0)
        return
    offset = inside.offset if hosted.bin is None else bin_offset(hosted.bin)
    stay = stays[host.key]
    if inside.state == "CORE_BUSY":
        spans = stay.cores[hosted.piece - 1 : hosted.piece] if hosted.piece else stay.cores
    else:
        spans = [stay.data] if stay.data is not None else []
    if act is host.stopped or act is host.taken:
        spans = [Span(span.start, span.end.plus(1), span.length) for span in spans]
    statements.within(logic, at.start, spans, _part(offset))


def _never(logic: Logic, statement: Never, acts: Sequence[Act], stays: dict[str, Stay], any_name: bool) -> None:
    for act in acts:
        names = act.names if any_name else act.names[:1]
        if any(name.index not in statement.names for name in names) or statement.die not in (None, act.die):
            continue
        if not statement.states:
            logic.deny()
        for base, state in statement.states:
            for host in acts:
                if host is act or host.base.index != base or host.die != act.die:
                    continue
                stay = stays[host.key]
                core = host.base.states[state] == "CORE_BUSY"
                for span in stay.cores if core else [stay.data] if stay.data else []:
                    logic.outside(stays[act.key].start, span.start, span.end)
