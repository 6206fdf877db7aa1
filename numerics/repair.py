"""Whether a line that fails is one slip away from a line that holds.

A refuted line is the more credible an accusation when one change of a kind that people make repairs it, and the change
is the hint that its author needs.  Where no slip explains a failure, a misreading of ours explains it as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice

from numerics.check import glance, slack, test_in_worlds
from proofs import clock, mistakes
from proofs import terms as T
from proofs.mistakes import Mistake
from proofs.printing import text
from proofs.records import Relation, Repair
from proofs.terms import Term

MOST = 3000  # changes that are tried
ENOUGH = 8.0  # seconds to see that a relation holds
ORDER = list(Mistake)
TWO = ORDER.index(Mistake.EXPONENT)  # when slips in two summands are tried
BOUNDS = 6  # inequalities that hold, of which the tightest is taken
TIGHT = 1e-9
INEQUALITIES = ("<=", ">=", "<", ">")
MIRRORED = {"<=": (">=",), ">=": ("<=",), "<": (">", ">="), ">": ("<", "<="), "=": ()}
OF_NUMBERS = (Mistake.SIGN, Mistake.UPSIDE_DOWN)
SYMMETRIES = (Mistake.SWAPPED, Mistake.ORDER)  # that KL(p || q) = KL(q || p), or that A B = B A, is claimed in earnest


def repair(relation: Relation, *, seed: int = 0, seconds: float = 5.0) -> Repair | None:
    """The likeliest slip whose undoing makes the relation hold in worlds, or a slip in each of two summands.

    Of an inequality nearly any change holds if it only makes the bound loose: the one that makes it tightest is taken.
    None where none was found in ``seconds`` of processor time: a busy machine changes no verdict.
    """
    deadline = clock.now() + seconds
    bounds: list[tuple[float, Repair]] = []  # with how near to failing they are
    for candidate in sorted(chain(islice(_single(relation), MOST), islice(_double(relation), MOST)), key=_rank):
        if clock.now() > deadline or len(bounds) >= BOUNDS:
            break
        mended = candidate.relation
        if _is_trivial(candidate, relation):
            continue
        if mended.rel == "=" and not glance(mended, seed=seed):
            continue
        if test_in_worlds(mended, seed=seed, seconds=ENOUGH).status != "supported":
            continue
        if relation.rel not in INEQUALITIES:
            return candidate
        bounds.append((slack(mended, seed=seed), candidate))
        if bounds[-1][0] <= TIGHT:
            break
    return min(bounds, key=lambda found: found[0])[1] if bounds else None


def _rank(candidate: Repair) -> int:
    """When it is tried: in the order of the kinds, within a kind nearest to the root of the formula first."""
    return TWO if len(candidate.mistakes) > 1 else ORDER.index(candidate.mistakes[0])


def _is_trivial(candidate: Repair, wrong: Relation) -> bool:
    """Nobody means to write that a thing is itself, or that 0 = 0 where letters are lost; of numbers alone,
    -2 log 2 = log 4, a sign or a fraction upside down is all that is taken for a slip."""
    left, right = candidate.relation.lhs, candidate.relation.rhs
    if left == right or text(left) == text(right):
        return candidate.mistakes[0] not in SYMMETRIES
    return not _speaks(candidate.relation) and (_speaks(wrong) or candidate.mistakes[0] not in OF_NUMBERS)


def _speaks(relation: Relation) -> bool:
    """Whether there is more than numbers in a relation."""
    return any(n.op in ("symbol", "family", "call") for s in (relation.lhs, relation.rhs) for n in T.walk(s))


def _single(relation: Relation) -> Iterator[Repair]:
    """The relation with one slip undone, on its right side first."""
    yield from (Repair(replace(relation, rel=rel), (Mistake.DIRECTION,)) for rel in MIRRORED.get(relation.rel, ()))
    if relation.rel == "=":
        yield from (Repair(replace(relation, rel=rel), (Mistake.EQUALITY,)) for rel in ("<=", ">="))
        yield from (Repair(r, (Mistake.CONSTANT,)) for r in _up_to_a_constant(relation))
    lost = tuple(dict.fromkeys(_factors(relation.lhs, relation.rhs)))
    around = mistakes.beside(relation.lhs, relation.rhs)
    for is_right, side in ((True, relation.rhs), (False, relation.lhs)):
        seen = {side}
        for mistake, new in chain(
            mistakes.changes(side, lost, around), mistakes.exchanges(side), mistakes.in_copies(side, lost, around)
        ):
            if new not in seen:
                seen.add(new)
                yield Repair(replace(relation, rhs=new) if is_right else replace(relation, lhs=new), (mistake,))


def _double(relation: Relation) -> Iterator[Repair]:
    for first, second, new in mistakes.double(relation.rhs):
        yield Repair(replace(relation, rhs=new), (first, second))


def _up_to_a_constant(relation: Relation) -> Iterator[Relation]:
    """exp of both sides proportional in a point at which a log-density is taken."""
    left, right = relation.lhs, relation.rhs
    points = {p.data[0] for side in (left, right) for n in T.walk(side) for p in _points(n) if p.op == "symbol"}
    for name in sorted(points & T.free_symbols(left).keys() & T.free_symbols(right).keys()):
        yield replace(relation, lhs=T.exp(left), rel="propto", rhs=T.exp(right), proportional_in=(name,))


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
