"""One relation in one world: evaluated with growing precision until it certainly holds or certainly fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numerics.compare import EXACT, Outcome, compare
from numerics.evaluate import Cell, Evaluator
from numerics.exact import TooWide, Undefined, Unsupported, precision
from numerics.matrices import multiply
from numerics.worlds.shapes import Problem
from proofs import terms as T

BITS = (1100, 2400, 6000)
ENOUGH_DIGITS = (250, 120, 40)  # asked of an agreement at each precision
COARSE_DIGITS = 25  # where a numerical integral went in
GLANCE_BITS = 160
GLANCE_DIGITS = 4  # asked of an agreement at a glance, which supports nothing
GLANCE_ACCURACY = 1e-7  # of its numerical integrals

HOLDS, FAILS, REJECTED, UNDEFINED, UNCLEAR = "holds", "fails", "rejected", "undefined", "unclear"


@dataclass(frozen=True)
class Trial:
    """What came of it.  ``lhs`` and ``rhs`` are values, or the Undefined that was raised."""

    result: str
    lhs: Any = None
    rhs: Any = None
    outcome: Outcome | None = None
    bits: int = BITS[0]

    @property
    def undefined_sides(self) -> tuple[bool, bool]:
        return isinstance(self.lhs, Undefined), isinstance(self.rhs, Undefined)


def try_world(problem: Problem, world: Any, deadline: float, *, glance: bool = False) -> Trial:
    """At a ``glance`` few digits are enough: a failure is as certain as ever, an agreement is not.

    Raises Unsupported where this kind of world cannot evaluate the relation, OutOfTime at the deadline.
    """
    precisions = ((GLANCE_BITS, GLANCE_DIGITS), *zip(BITS, ENOUGH_DIGITS)) if glance else zip(BITS, ENOUGH_DIGITS)
    for bits, enough in precisions:
        with precision(bits):
            world.reset()
            evaluator = Evaluator(world, deadline)
            evaluator.accuracy = GLANCE_ACCURACY if glance else None
            try:
                trial = _once(problem, world, evaluator, bits)
            except TooWide:
                continue
            enough = (GLANCE_DIGITS if glance else COARSE_DIGITS) if evaluator.coarse else enough
            if trial.outcome is None or not trial.outcome.holds or trial.outcome.digits >= enough:
                return trial
            if evaluator.coarse and problem.relation.rel in ("=", "approx", "propto"):
                break
            if problem.relation.rel not in ("=", "approx", "propto"):
                return trial
    return Trial(UNCLEAR)


def _once(problem: Problem, world: Any, evaluator: Evaluator, bits: int) -> Trial:
    for condition in problem.conditions:
        try:
            if not evaluator.truth(condition, world.values):
                return Trial(REJECTED)
        except Undefined:
            return Trial(REJECTED)
    rel = problem.relation.rel
    if rel == "propto":
        return _proportional(problem, world, evaluator, bits)
    lhs, rhs = (_side(t, evaluator, world.values) for t in (problem.lhs, problem.rhs))
    if isinstance(lhs, Undefined) or isinstance(rhs, Undefined):
        return Trial(UNDEFINED, lhs, rhs, bits=bits)
    outcome = compare(rel, lhs, rhs, evaluator)
    if not outcome.holds and evaluator.searched and not _beyond(problem, lhs, rhs, evaluator):
        return Trial(UNCLEAR, lhs, rhs)
    if outcome.holds and outcome.vanish and not (_is_zero(problem.lhs) or _is_zero(problem.rhs)):
        return Trial("degenerate", lhs, rhs, outcome, bits)
    return Trial(HOLDS if outcome.holds else FAILS, lhs, rhs, outcome, bits)


def _beyond(problem: Problem, lhs: Any, rhs: Any, evaluator: Evaluator) -> bool:
    """Whether a failure is certain although an optimum was only searched for: some value passes the other side."""
    (a, x), (b, y) = (problem.lhs, lhs), (problem.rhs, rhs)
    if b.op in ("maximum", "minimum"):
        (a, x), (b, y) = (b, y), (a, x)
    if a.op not in ("maximum", "minimum") or any(n.op in ("maximum", "minimum") for n in T.walk(b)):
        return False
    if any(n.op in ("maximum", "minimum") for n in T.walk(a.args[0])):
        return False
    return compare(">" if a.op == "maximum" else "<", x, y, evaluator).holds


def _side(t: T.Term, evaluator: Evaluator, env: dict[str, Any]) -> Any:
    try:
        return evaluator.evaluate(t, env)
    except Undefined as e:
        return e


def _is_zero(t: T.Term) -> bool:
    return T.is_number(t, 0) or t.op == "zeros"


def _proportional(problem: Problem, world: Any, evaluator: Evaluator, bits: int) -> Trial:
    """Whether lhs/rhs stays the same when only the variables of the proportionality move."""
    names = [n for n in problem.relation.proportional_in if n in world.values]
    if not names:
        raise Unsupported("a proportionality that does not say in which variable")
    here = world.values
    seen: list[tuple[Any, Any]] = []
    for k in range(3):
        env = dict(here)
        for name in names:
            env[name] = world.another(name, k)
        sides = [_side(t, evaluator, env) for t in (problem.lhs, problem.rhs)]
        if any(isinstance(s, Undefined) for s in sides):
            return Trial(UNDEFINED, sides[0], sides[1], None, bits)
        if any(isinstance(s, Cell) for s in sides):
            raise Unsupported("points are compared, not numbers")
        seen.append((sides[0], sides[1]))
    (l0, r0), digits = seen[0], EXACT
    for left, right in seen[1:]:
        outcome = compare("=", multiply(l0, right), multiply(left, r0), evaluator)
        digits = min(digits, outcome.digits)
        if not outcome.holds:
            return Trial(FAILS, left, right, outcome, bits)
    return Trial(HOLDS, l0, r0, Outcome(True, digits), bits)
