"""The slips at one node of a term: a sign, a factor, a function lost, two arguments exchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from itertools import combinations, pairwise, permutations

from proofs import terms as T
from proofs.mistakes.kinds import Mistake
from proofs.terms import SCALAR, ShapeError, Term

Change = tuple[Mistake, Term]  # what the mistake is, and the term without it
Maker = Callable[[Term], Iterator[Change]]

NUMBERS = (Fraction(2), Fraction(1, 2))
INVERSE_OF = {"exp": "log", "log": "exp"}


def at_node(node: Term, factors: tuple[Term, ...], stands_alone: bool) -> Iterator[Change]:
    """Every term that one slip at the root of this one makes; ``factors`` may be lost where it ``stands_alone``."""
    for make in (*MAKERS.get(node.op, ()), _scaled):
        yield from make(node)
    if node.op == "pdf" and node.args[0].op == "family":
        yield from ((Mistake.CONDITION, f) for f in factors if f.op == "pdf" and _is_of(f.args[0], node.args[0]))
    if stands_alone:
        yield from _lost_factor(node, factors)


def _sum(node: Term) -> Iterator[Change]:
    for i, part in enumerate(node.args):
        rest = node.args[:i] + node.args[i + 1 :]
        yield Mistake.SIGN, T.add(*node.args[:i], _negated(part), *node.args[i + 1 :])
        yield Mistake.TOO_MANY, T.add(*rest) if len(rest) > 1 else rest[0]
    if len(node.args) == 2 and all(p.op != "number" for p in node.args):
        yield from safely(Mistake.OPERATION, partial(T.mul, *node.args))
    yield from _misplaced_function(node)


def _product(node: Term) -> Iterator[Change]:
    for i, part in enumerate(node.args):
        rest = node.args[:i] + node.args[i + 1 :]
        yield from safely(Mistake.TOO_MANY, partial(_multiplied, *rest))
        if part.sort == SCALAR and part.op not in ("number", "pow"):
            turned = T.power(part, T.MINUS_ONE)
            yield Mistake.UPSIDE_DOWN, T.mul(*node.args[:i], turned, *node.args[i + 1 :])
    for i, j in permutations(range(len(node.args)), 2):
        if node.args[i].op == "pow" and T.is_number(node.args[i].args[1], -1) and node.args[j].sort == SCALAR:
            swapped = {i: _reciprocal(node.args[i]), j: _reciprocal(node.args[j])}
            yield Mistake.UPSIDE_DOWN, T.mul(*(swapped.get(k, p) for k, p in enumerate(node.args)))
    yield from _split(node)
    if len(node.args) == 2 and all(p.sort == SCALAR and p.op not in ("number", "pow") for p in node.args):
        yield Mistake.OPERATION, T.add(*node.args)
    for i, (a, b) in enumerate(pairwise(node.args)):
        if a.sort != SCALAR and b.sort != SCALAR:
            for two in ((b, a), (_turned(a), _turned(b))):  # x^T x for x x^T
                yield from safely(Mistake.ORDER, partial(T.mul, *node.args[:i], *two, *node.args[i + 2 :]))
    for i, part in enumerate(node.args):
        if part.op == "mul" and all(a.sort != SCALAR for a in part.args):  # A (x^T x) for A x x^T
            outer = [_turned(a) for a in part.args]
            yield from safely(Mistake.ORDER, partial(T.mul, *node.args[:i], *outer, *node.args[i + 1 :]))


def _power(node: Term) -> Iterator[Change]:
    base, exponent = node.args
    yield Mistake.UPSIDE_DOWN, T.power(base, T.neg(exponent))
    yield from _entered(node)
    yield Mistake.EXPONENT, base
    for c in NUMBERS:
        yield Mistake.EXPONENT, T.power(base, T.mul(T.number(c), exponent))
    if exponent.op == "number" and exponent.data[0].denominator == 1:
        yield Mistake.EXPONENT, T.power(base, T.number(exponent.data[0] + 1))


def _number(node: Term) -> Iterator[Change]:
    value = node.data[0]
    for other in (2 * value, value / 2, -value, value + 1, value - 1, value * value):
        if other:
            yield Mistake.FACTOR, T.number(other)
    if 0 < value != 1:
        yield Mistake.FUNCTION, T.log(node)


def _symbol(node: Term) -> Iterator[Change]:
    if node.sort == SCALAR:
        yield Mistake.EXPONENT, T.power(node, T.TWO)
        yield Mistake.EXPONENT, T.power(node, T.HALF)
    elif node.sort.kind == "matrix" and node.sort.rows == node.sort.cols:
        yield Mistake.UPSIDE_DOWN, T.inverse(node)
        yield Mistake.ORDER, T.transpose(node)
        yield Mistake.EXPONENT, T.mul(node, node)
    elif node.sort.kind == "matrix" and node.sort.cols == 1:
        yield Mistake.EXPONENT, T.hadamard(node, node)


def _called(node: Term) -> Iterator[Change]:
    """The values of a function, where they are matrices; those that are numbers come from `_scaled`."""
    if node.sort != SCALAR:
        yield from _symbol(node)


def _unwrapped(node: Term) -> Iterator[Change]:
    """log f for f; f for log f comes from `_scaled`."""
    yield Mistake.FUNCTION, node.args[0]
    yield from _entered(node)
    if node.op == "function" and node.data[0] in ("exp", "sigmoid", "tanh"):
        yield Mistake.SIGN, T.function(node.data[0], T.neg(node.args[0]))
    yield from _misplaced_function(node)


def _without(node: Term) -> Iterator[Change]:
    """f for E[f], for the sum of f or for its derivative."""
    body = node.args[1] if node.op == "expectation" else node.args[0]
    if node.op == "derivative":
        yield Mistake.DERIVATIVE, body
        return
    yield Mistake.FUNCTION, body
    yield from _moved(node, body)
    if node.op == "integral":
        for other in sorted(T.free_symbols(body)):
            yield Mistake.LETTER, T.term("integral", node.args, (other,))


def _distributed(node: Term) -> Iterator[Change]:
    """E[f] E[g] for E[f g], and the same with sums."""
    position = 1 if node.op == "expectation" else 0
    body = node.args[position]
    if body.op == "mul" and len(body.args) == 2:
        first, second = (_with_body(node, part) for part in body.args)
        yield from safely(Mistake.SPLIT, partial(T.mul, first, second))


def _split(node: Term) -> Iterator[Change]:
    """E[f g] for E[f] E[g]."""
    for (i, a), (j, b) in combinations(enumerate(node.args), 2):
        if a.op == b.op and a.op in ("expectation", "sum") and a.data == b.data:
            position = 1 if a.op == "expectation" else 0
            if all(x == y for k, (x, y) in enumerate(zip(a.args, b.args)) if k != position):
                joint = _with_body(a, T.mul(a.args[position], b.args[position]))
                rest = [p for k, p in enumerate(node.args) if k not in (i, j)]
                yield Mistake.SPLIT, _multiplied(joint, *rest)


def _moved(node: Term, body: Term) -> Iterator[Change]:
    """log E[f] for E[log f], (sum of x)^2 for the sum of x^2."""
    if body.op in ("function", "pow") and body.sort == SCALAR:
        inner = _with_body(node, body.args[0])
        yield Mistake.MOVED, T.rebuild(body, (inner, *body.args[1:]))


def _with_body(node: Term, body: Term) -> Term:
    position = 1 if node.op == "expectation" else 0
    return T.term(node.op, (*node.args[:position], body, *node.args[position + 1 :]), node.data, body.sort)


def _entered(node: Term) -> Iterator[Change]:
    """E[log f] for log E[f], the sum of x^2 for (sum of x)^2."""
    inner = node.args[0]
    if inner.op in ("expectation", "sum", "integral"):
        body = inner.args[1] if inner.op == "expectation" else inner.args[0]
        yield Mistake.MOVED, _with_body(inner, T.rebuild(node, (body, *node.args[1:])))


def _two_laws(node: Term) -> Iterator[Change]:
    yield Mistake.SWAPPED, T.rebuild(node, node.args[::-1])


def _transposed(node: Term) -> Iterator[Change]:
    yield Mistake.ORDER, node.args[0]


def _misplaced_function(node: Term) -> Iterator[Change]:
    """1 - log f for log(1 - f), and back."""
    if node.op == "add" and len(node.args) == 2:
        for constant, other in (node.args, node.args[::-1]):
            sign, inner = _signed(other)
            if constant.op == "number" and inner.op == "function":
                moved = T.add(constant, sign(inner.args[0]))
                yield Mistake.FUNCTION, T.rebuild(inner, (moved,))
    if node.op == "function" and node.args[0].op == "add" and len(node.args[0].args) == 2:
        for constant, other in (node.args[0].args, node.args[0].args[::-1]):
            sign, inner = _signed(other)
            if constant.op == "number":
                yield Mistake.FUNCTION, T.add(constant, sign(T.rebuild(node, (inner,))))


def _scaled(node: Term) -> Iterator[Change]:
    """A logarithm, a sign or a factor of two that was lost on something that is no sum and no number."""
    if node.sort != SCALAR or node.op in ("number", "constant"):
        return
    for c in NUMBERS:
        yield Mistake.FACTOR, T.mul(T.number(c), node)
    if node.op == "symbol":
        return
    yield Mistake.SIGN, _negated(node)
    if not (node.op == "function" and node.data[0] in INVERSE_OF):
        yield Mistake.FUNCTION, T.log(node)
    if node.op != "pow":
        yield Mistake.EXPONENT, T.power(node, T.TWO)


def _lost_factor(node: Term, factors: tuple[Term, ...]) -> Iterator[Change]:
    if node.sort != SCALAR or node.op in ("number", "symbol", "constant"):
        return
    for factor in factors:
        yield Mistake.NAMED_FACTOR, T.mul(factor, node)
        yield Mistake.NAMED_FACTOR, T.divide(node, factor)
        if factor.op == "pdf":
            yield Mistake.NAMED_FACTOR, T.add(node, T.log(factor))


def raised(node: Term, dims: tuple[Term, ...]) -> Iterator[Change]:
    """2^n for 2: what is taken out of a determinant, or multiplied over the components of a vector."""
    if node.sort != SCALAR or node.op not in ("number", "symbol", "pow"):
        return
    base, exponent = node.args if node.op == "pow" else (node, T.ONE)
    for n in dims:
        yield Mistake.EXPONENT, T.power(base, n if exponent == T.ONE else T.mul(n, exponent))


def densities(node: Term) -> Iterator[Change]:
    """p(x, z), p(x | z) and p(x) are easily taken for one another."""
    law, *points = node.args
    if law.op != "family":
        return
    letter, outcomes, givens, _ = law.data
    if len(points) != len(outcomes):
        return
    values, parameters = law.args[: len(givens)], law.args[len(givens) :]
    place = dict(zip((*outcomes, *givens), (*points, *values)))
    spaces = (*outcomes, *givens)
    for size in range(len(spaces) + 1):
        for left in combinations(spaces, size):
            if not left:
                continue
            rest = tuple(s for s in spaces if s not in left)
            for given in {(), rest}:
                changed = T.family(letter, left, given, [place[s] for s in given], parameters)
                yield Mistake.CONDITION, T.pdf(changed, *(place[s] for s in left))


MAKERS: Mapping[str, tuple[Maker, ...]] = {
    "add": (_sum,),
    "mul": (_product,),
    "pow": (_power,),
    "number": (_number,),
    "symbol": (_symbol,),
    "call": (_called,),
    "function": (_unwrapped,),
    "sum": (_without, _distributed),
    "product": (_without, _distributed),
    "integral": (_without,),
    "expectation": (_without, _distributed),
    "derivative": (_without,),
    "kl": (_two_laws,),
    "cross_entropy": (_two_laws,),
    "transpose": (_transposed,),
    "inverse": (_transposed,),
    "pdf": (densities,),
}


def safely(mistake: Mistake, make: Callable[[], Term]) -> Iterator[Change]:
    try:
        yield mistake, make()
    except (ShapeError, ValueError):
        return


def _itself(term: Term) -> Term:
    return term


def _signed(term: Term) -> tuple[Callable[[Term], Term], Term]:
    """The sign of a term, as something to put before another, and the term without it."""
    if term.op == "mul" and T.is_number(term.args[0], -1):
        rest = term.args[1:]
        return T.neg, _multiplied(*rest)
    return _itself, term


def _multiplied(*factors: Term) -> Term:
    return T.mul(*factors) if len(factors) > 1 else factors[0]


def _negated(term: Term) -> Term:
    sign, rest = _signed(term)
    return rest if sign is T.neg else T.neg(term)


def _turned(a: Term) -> Term:
    return a.args[0] if a.op == "transpose" else T.transpose(a)


def _reciprocal(term: Term) -> Term:
    if term.op == "pow" and T.is_number(term.args[1], -1):
        return term.args[0]
    return T.power(term, T.MINUS_ONE)


def _is_of(law: Term, other: Term) -> bool:
    """Whether two laws are of one letter with the same parameters."""
    if law.op != "family" or other.op != "family" or law.data[0] != other.data[0]:
        return False
    return law.args[len(law.data[2]) :] == other.args[len(other.data[2]) :]
