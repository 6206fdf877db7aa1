"""Whether a line that fails is one slip away from a line that holds.

A refuted line is the more credible an accusation when one change of a kind that people make repairs it, and the change
is the hint that its author needs.  Where no single slip explains a failure, a misreading of ours explains it as well.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice

from numerics.check import might_hold, test_in_worlds
from proofs import mistakes
from proofs import terms as T
from proofs.printing import text
from proofs.records import Relation, Repair
from proofs.terms import Term

MOST = 3000  # changes that are tried
ENOUGH = 8.0  # seconds to see that a relation holds
# the commonest slips first; within a kind, those nearest to the root of the formula
LIKELY = (
    mistakes.DIRECTION, mistakes.SIGN, mistakes.SWAPPED, mistakes.UPSIDE_DOWN, mistakes.LAWS, mistakes.LETTERS,
    mistakes.CONDITION, mistakes.ORDER, mistakes.FACTOR, mistakes.FUNCTION, mistakes.EXPONENT, mistakes.TOO_MANY,
    mistakes.OPERATION, mistakes.SPLIT, mistakes.MOVED, mistakes.LETTER, mistakes.NAMED_FACTOR, mistakes.CONSTANT,
    mistakes.EQUALITY,
)  # fmt: skip
SYMMETRIES = (mistakes.SWAPPED, mistakes.ORDER)  # but that KL(p || q) = KL(q || p), or that A B = B A


def repair(relation: Relation, *, seed: int = 0, seconds: float = 5.0) -> Repair | None:
    """The likeliest single slip whose undoing makes the relation hold in worlds; None where none was found in time."""
    deadline = time.thread_time() + seconds  # of work, so that a busy machine changes no verdict
    single = islice(_candidates(relation), MOST)
    double = (Repair(replace(relation, rhs=new), mistake) for mistake, new in mistakes.double(relation.rhs))
    for candidate in sorted(chain(single, islice(double, MOST)), key=_unlikeliness):
        if time.thread_time() > deadline:
            return None
        if _is_trivial(candidate):
            continue
        mended = candidate.relation
        if mended.rel == "=" and not might_hold(mended, seed=seed):
            continue
        if test_in_worlds(mended, seed=seed, seconds=ENOUGH).status == "supported":
            return candidate
    return None


def _unlikeliness(candidate: Repair) -> int:
    return LIKELY.index(candidate.mistake) if candidate.mistake in LIKELY else LIKELY.index(mistakes.EXPONENT)


def _is_trivial(candidate: Repair) -> bool:
    """Nobody means to write that a thing is itself, or that 0 = 0."""
    sides = (candidate.relation.lhs, candidate.relation.rhs)
    if sides[0] == sides[1] or text(sides[0]) == text(sides[1]):
        return candidate.mistake not in SYMMETRIES
    return not any(n.op in ("symbol", "family", "call") for side in sides for n in T.walk(side))


def _candidates(relation: Relation) -> Iterator[Repair]:
    left, right = relation.lhs, relation.rhs
    for rel in mistakes.MIRRORED.get(relation.rel, ()):
        yield Repair(replace(relation, rel=rel), mistakes.DIRECTION)
    if relation.rel == "=":
        yield from (Repair(replace(relation, rel=rel), mistakes.EQUALITY) for rel in ("<=", ">="))
        points = {p.data[0] for side in (left, right) for n in T.walk(side) for p in _points(n) if p.op == "symbol"}
        for name in sorted(points & T.free_symbols(left).keys() & T.free_symbols(right).keys()):
            exponentials = replace(relation, lhs=T.exp(left), rel="propto", rhs=T.exp(right), proportional_in=(name,))
            yield Repair(exponentials, mistakes.CONSTANT)
    seen = {(left, right)}
    lost = tuple(dict.fromkeys(_factors(left, right)))
    for mistake, new in chain(mistakes.changes(right, lost), mistakes.exchanges(right)):
        if (left, new) not in seen:
            seen.add((left, new))
            yield Repair(replace(relation, rhs=new), mistake)
    for mistake, new in chain(mistakes.changes(left, lost), mistakes.exchanges(left)):
        if (new, right) not in seen:
            seen.add((new, right))
            yield Repair(replace(relation, lhs=new), mistake)


def _points(node: Term) -> tuple[Term, ...]:
    """Where a log-density is taken."""
    is_log = node.op == "function" and node.data == ("log",) and node.args[0].op == "pdf"
    return node.args[0].args[1:] if is_log else ()


def _factors(*sides: Term) -> Iterator[Term]:
    """What may have been lost as a factor: a letter or a density that the relation speaks of."""
    for side in sides:
        yield from (T.symbol(name, sort) for name, sort in T.free_symbols(side).items() if sort == T.SCALAR)
        yield from mistakes.dimensions(side)
        yield from mistakes.densities_beside(side)
        yield from mistakes.inner_derivatives(side)
