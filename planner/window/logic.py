"""Points in time, literals and constraints that fold what is already known.

A `Point` is a start variable plus a constant, or a constant alone. A literal is a Boolean variable or a Python bool.
Whatever the data decide never reaches the solver: it is settled here, and a contradiction is raised with its rule.
"""

from __future__ import annotations

from typing import NamedTuple

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import Literal

IntVar = cp_model.IntVar
Lit = Literal | bool
Linear = cp_model.LinearExpr | int


class Point(NamedTuple):
    """A moment of the window: `var` (None: none) plus `off` ticks after the window's floor."""

    var: IntVar | None
    off: int

    def plus(self, ticks: int) -> Point:
        """The moment `ticks` later."""
        return Point(self.var, self.off + ticks)


class Contradiction(Exception):  # noqa: N818 - an answer, not an error
    """The data of a window break a rule before anything is solved."""

    def __init__(self, rule: str, what: str) -> None:
        super().__init__(f"{rule}: {what}")
        self.rule = rule


def is_true(lit: Lit) -> bool:
    """Whether the literal is the constant True."""
    return lit is True


def is_false(lit: Lit) -> bool:
    """Whether the literal is the constant False."""
    return lit is False


def negated(lit: Lit) -> Lit:
    """The opposite literal."""
    if isinstance(lit, bool):
        return not lit
    return ~lit


class Logic:
    """A CP-SAT model under construction, and the rule that is being encoded.

    With `assumed` rules each constraint is enforced by the literal of its rule, so that a core names rules.
    """

    def __init__(self, horizon: int, assuming: bool = False) -> None:
        self.cp = cp_model.CpModel()
        self.horizon = horizon
        self.rule = "window"
        self.assuming = assuming
        self.assumptions: dict[str, IntVar] = {}
        self._compared: dict[tuple[int, int, int], Lit] = {}
        self._bounds: dict[int, tuple[int, int]] = {}

    # -- variables ---------------------------------------------------------------------------------------------

    def time(self, low: int, high: int, name: str = "") -> Point:
        """A new moment within [low, high] ticks after the floor."""
        if low > high:
            raise Contradiction(self.rule, f"no room in time for {name or 'an operation'}")
        if low == high:
            return Point(None, low)
        var = self.cp.new_int_var(low, high, name)
        self._bounds[var.index] = (low, high)
        return Point(var, 0)

    def number(self, low: int, high: int) -> IntVar | int:
        """A new integer within [low, high]."""
        if low == high:
            return low
        var = self.cp.new_int_var(low, high, "")
        self._bounds[var.index] = (low, high)
        return var

    def choice(self, values: tuple[int, ...]) -> IntVar | int:
        """A new integer out of `values`."""
        if len(values) == 1:
            return values[0]
        return self.cp.new_int_var_from_domain(cp_model.Domain.from_values(values), "")

    def boolean(self) -> IntVar:
        """A new Boolean variable."""
        return self.cp.new_bool_var("")

    def bounds(self, point: Point) -> tuple[int, int]:
        """Least and greatest value of a moment."""
        if point.var is None:
            return point.off, point.off
        low, high = self._bounds[point.var.index]
        return low + point.off, high + point.off

    # -- enforcement -------------------------------------------------------------------------------------------

    def assumption(self) -> IntVar | None:
        """The literal that switches the current rule on, None where rules are not assumed."""
        if not self.assuming:
            return None
        if self.rule not in self.assumptions:
            self.assumptions[self.rule] = self.cp.new_bool_var(self.rule)
        return self.assumptions[self.rule]

    def _conditions(self, given: tuple[Lit, ...]) -> list[Literal] | None:
        """The literals that remain of `given`; None where one of them is false and nothing needs to be said."""
        left: list[Literal] = []
        for lit in given:
            if lit is False:
                return None
            if not isinstance(lit, bool):
                left.append(lit)
        rule = self.assumption()
        if rule is not None:
            left.append(rule)
        return left

    def add(self, constraint: cp_model.BoundedLinearExpression | bool, *given: Lit) -> None:
        """`constraint` holds where all of `given` do."""
        conditions = self._conditions(given)
        if conditions is None or constraint is True:
            return
        if constraint is False:
            self._never(conditions)
            return
        posted = self.cp.add(constraint)
        if conditions:
            posted.only_enforce_if(conditions)

    def _never(self, conditions: list[Literal]) -> None:
        if not conditions:
            raise Contradiction(self.rule, "what is asked for breaks it")
        self.cp.add_bool_or([~lit for lit in conditions])

    def deny(self, *lits: Lit) -> None:
        """Not all of the literals hold."""
        conditions = self._conditions(lits)
        if conditions is not None:
            self._never(conditions)

    def require(self, lit: Lit, *given: Lit) -> None:
        """`lit` holds where all of `given` do."""
        if lit is True:
            return
        self.deny(negated(lit), *given)

    def require_any(self, lits: list[Lit], *given: Lit) -> None:
        """One of `lits` holds where all of `given` do."""
        self.deny(*[negated(lit) for lit in lits], *given)

    # -- comparisons -------------------------------------------------------------------------------------------

    def after(self, late: Point, early: Point, gap: int, *given: Lit) -> None:
        """`late` >= `early` + `gap` where all of `given` hold."""
        least = early.off + gap - late.off
        if late.var is early.var:
            if least > 0:
                self.deny(*given)
        elif early.var is None:
            self.add(_variable(late) >= least, *given)
        elif late.var is None:
            self.add(_variable(early) <= -least, *given)
        else:
            self.add(late.var - early.var >= least, *given)

    def same(self, a: Point, b: Point, *given: Lit) -> None:
        """`a` == `b` where all of `given` hold."""
        self.after(a, b, 0, *given)
        self.after(b, a, 0, *given)

    def at_most(self, a: Point, b: Point) -> Lit:
        """The literal of `a` <= `b`."""
        low_a, high_a = self.bounds(a)
        low_b, high_b = self.bounds(b)
        if a.var is b.var:
            return a.off <= b.off
        if high_a <= low_b:
            return True
        if low_a > high_b:
            return False
        key = (_index(a), _index(b), b.off - a.off)
        lit = self._compared.get(key)
        if lit is None:
            lit = self._reified(a, b)
            self._compared[key] = lit
        return lit

    def _reified(self, a: Point, b: Point) -> IntVar:
        lit = self.cp.new_bool_var("")
        left = 0 if a.var is None else a.var
        right = 0 if b.var is None else b.var
        self.cp.add(left - right <= b.off - a.off).only_enforce_if(lit)
        self.cp.add(left - right >= b.off - a.off + 1).only_enforce_if(~lit)
        return lit

    def outside(self, moment: Point, start: Point, end: Point | None, *given: Lit) -> None:
        """`moment` is not in [start, end) where all of `given` hold; an end of None never comes."""
        passed: Lit = False if end is None else self.at_most(end, moment)
        begun = self.at_most(start, moment)
        self.deny(begun, negated(passed), *given)

    def no_more_than(self, a: Linear, b: Linear, offset: int = 0, *given: Lit) -> None:
        """`a` <= `b` + `offset` where all of `given` hold."""
        if isinstance(a, int) and isinstance(b, int):
            self.require(a <= b + offset, *given)
        else:
            self.add(a - b <= offset, *given)

    # -- literals ----------------------------------------------------------------------------------------------

    def all_of(self, *lits: Lit) -> Lit:
        """The literal of a conjunction."""
        left: list[Literal] = []
        for lit in lits:
            if lit is False:
                return False
            if not isinstance(lit, bool):
                left.append(lit)
        if len(left) < 2:
            return left[0] if left else True
        both: Lit = self.cp.new_bool_var("")
        self.cp.add_bool_and(left).only_enforce_if(both)
        self.cp.add_bool_or([negated(lit) for lit in left] + [both])
        return both

    def any_of(self, *lits: Lit) -> Lit:
        """The literal of a disjunction."""
        return negated(self.all_of(*[negated(lit) for lit in lits]))

    def iff(self, a: Lit, b: Lit) -> Lit:
        """The literal of `a` being what `b` is."""
        if isinstance(a, bool):
            return b if a else negated(b)
        if isinstance(b, bool):
            return a if b else negated(a)
        return self.any_of(self.all_of(a, b), self.all_of(negated(a), negated(b)))

    def equal(self, a: IntVar | int, b: IntVar | int, offset: int = 0) -> Lit:
        """The literal of `a` == `b` + `offset`."""
        if isinstance(a, int) and isinstance(b, int):
            return a == b + offset
        if a is b:
            return offset == 0
        lit = self.cp.new_bool_var("")
        self.cp.add(a == b + offset).only_enforce_if(lit)
        self.cp.add(a != b + offset).only_enforce_if(~lit)
        return lit


def _index(point: Point) -> int:
    return -1 if point.var is None else point.var.index


def _variable(point: Point) -> IntVar:
    """The variable of a moment that has one."""
    if point.var is None:
        raise ValueError("a fixed moment has no variable")
    return point.var
