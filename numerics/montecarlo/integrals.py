"""Integrals and mixtures as expectations: what can be sampled with certainty, and nothing else."""

from __future__ import annotations

from numerics.montecarlo.errors import CannotLower
from numerics.montecarlo.literals import rational
from proofs.terms import (
    LAW,
    MINUS_ONE,
    ONE,
    SCALAR,
    Sort,
    Term,
    add,
    compare,
    constant,
    expectation,
    free_symbols,
    indicator,
    mul,
    number,
    sub,
    substitute,
    symbol,
    term,
    walk,
)  # fmt: skip


def mixture(law: Term) -> list[tuple[Term, Term]]:
    """(weight, law) pairs of a density written as a weighted sum of known densities."""
    name = law.data[0]
    found = []
    for summand in summands(law.args[0]):
        weight, density = density_factor(summand, name)
        if density is None or name in free_symbols(weight):
            raise CannotLower("a density that is not written as a mixture of known laws cannot be sampled")
        found.append((weight, density))
    return found


def summands(t: Term) -> list[Term]:
    """The sum written out: scalar factors are multiplied in."""
    if t.op == "add":
        return [s for a in t.args for s in summands(a)]
    if t.op == "mul" and t.sort == SCALAR and sum(f.op == "add" for f in t.args) == 1:
        i = next(i for i, f in enumerate(t.args) if f.op == "add")
        return [s for x in t.args[i].args for s in summands(mul(*t.args[:i], x, *t.args[i + 1 :]))]
    return [t]


def density_factor(t: Term, name: str) -> tuple[Term, Term | None]:
    """(the other factors, law) where t = rest * pdf(law, name) and the law does not depend on the point."""
    factors = t.args if t.op == "mul" and t.sort == SCALAR else (t,)
    for i, f in enumerate(factors):
        if f.op == "pdf" and len(f.args) == 2 and f.args[1].op == "symbol" and f.args[1].data[0] == name:
            law = f.args[0]
            if name not in free_symbols(law) and law.op != "family":
                rest = factors[:i] + factors[i + 1 :]
                return (mul(*rest) if rest else ONE), law
    return t, None


def as_expectations(t: Term) -> Term:
    """An integral against a density is an expectation; over a bounded interval it is one over the uniform law."""
    name = t.data[0]
    body, *bounds = t.args
    if body.op == "integral" and len(body.args) == 1 and not bounds:
        return _joint(t)
    found: list[Term] = []
    for summand in summands(body):
        weight, law = density_factor(summand, name)
        if law is not None:
            inside = mul(weight, _between(name, free_symbols(summand).get(name, SCALAR), bounds)) if bounds else weight
            found.append(expectation(name, law, inside))
        elif bounds and not any(map(_infinite, bounds)) and free_symbols(summand).get(name, SCALAR) == SCALAR:
            low, high = bounds
            unit = "unit ~"  # documents cannot write such a name
            width = sub(high, low)
            point = add(low, mul(width, symbol(unit)))
            uniform = term("uniform", (number(0), number(1)), (), LAW)
            found.append(expectation(unit, uniform, mul(width, substitute(summand, {name: point}))))
        else:
            raise CannotLower("an integral over an unbounded range without a known density has no certified proposal")
    return add(*found)


def _joint(t: Term) -> Term:
    """Nested integrals over whole spaces, in whichever order the densities allow (Tonelli and Fubini)."""
    names = []
    while t.op == "integral" and len(t.args) == 1:
        names.append(t.data[0])
        t = t.args[0]
    found: list[Term] = []
    for summand in summands(t):
        open_, order, weight = set(names), [], summand
        while open_:
            for name in sorted(open_):
                rest, law = density_factor(weight, name)
                if law is not None and not free_symbols(law).keys() & open_:
                    order.append((name, law))
                    weight = rest
                    open_.remove(name)
                    break
            else:
                raise CannotLower("a joint integral whose densities do not give an order of drawing")
        for name, law in reversed(order):
            weight = expectation(name, law, weight)
        found.append(weight)
    return add(*found)


def _infinite(t: Term) -> bool:
    return any(s.op == "constant" and s.data[0] == "infinity" for s in walk(t))


def _between(name: str, sort: Sort, bounds: list[Term]) -> Term:
    """The indicator of the range; an orientation that is not plain is refused."""
    if sort != SCALAR:
        raise CannotLower("an integral over a vector between bounds")
    x = symbol(name)
    low, high = bounds
    first, last = map(rational, bounds)
    conditions = []
    if not _infinite(low):
        conditions.append(indicator(compare(">=", x, low)))
    elif low != mul(MINUS_ONE, constant("infinity")):
        raise CannotLower("an integral whose lower bound is not finite")
    if not _infinite(high):
        conditions.append(indicator(compare("<=", x, high)))
    elif high != constant("infinity"):
        raise CannotLower("an integral whose upper bound is not finite")
    if len(conditions) == 2 and (first is None or last is None or first > last):
        raise CannotLower("a density between bounds whose order is not plain")
    return mul(*conditions) if conditions else ONE
