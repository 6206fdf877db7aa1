"""A closed term as a constant plus expectations: what is drawn, and the integrand.

Expectation is linear, products of expectations are expectations over independent copies, and a divergence is the
expectation of a log ratio; a variance is E[(f - f')^2]/2 over two independent copies, which no shift can spoil.
Anything else around an expectation (log E, 1/E, det of E, max) has no unbiased draw and is refused by name.
"""

from __future__ import annotations

from dataclasses import dataclass

from numerics.montecarlo.densities import unfold
from numerics.montecarlo.differentiate import differentiated, has_jumps, resolve
from numerics.montecarlo.errors import CannotLower
from numerics.montecarlo.integrals import as_expectations, mixture
from numerics.montecarlo.interchange import interchange
from numerics.montecarlo.literals import series_terms
from proofs.terms import (
    HALF,
    LAW_OPERATORS,
    MINUS_ONE,
    SCALAR,
    Sort,
    Term,
    add,
    expectation,
    free_symbols,
    indicator,
    log,
    mul,
    number,
    pdf,
    rebuild,
    sub,
    substitute,
    symbol,
    term,
    transpose,
    walk,
    zeros,
)

STOCHASTIC = frozenset("expectation variance covariance probability kl jsd entropy cross_entropy integral".split())
_MOST_SUMMANDS = 512
_CHOICES = ("maximum", "minimum", "argmax", "argmin")


@dataclass(frozen=True)
class Draw:
    """One random variable; its law may depend on the draws before it."""

    name: str
    law: Term
    sort: Sort = SCALAR


@dataclass(frozen=True)
class Integrand:
    """E over the draws, in order, of the body."""

    draws: tuple[Draw, ...]
    body: Term


@dataclass(frozen=True)
class Integral:
    """constant + E over ``draws`` of ``body``.  ``parts`` are the summands of the body, one for each expectation, whose
    spread tells how large h could have been; body and constant are unfolded (no densities left).  ``interchanged`` says
    that a derivative was taken under an expectation; ``guards`` are terms that must have values wherever h has one."""

    constant: Term
    draws: tuple[Draw, ...]
    body: Term | None
    parts: tuple[Term, ...] = ()
    interchanged: bool = False
    guards: tuple[Term, ...] = ()


def stochastic(t: Term) -> bool:
    return t.op in STOCHASTIC or any(stochastic(a) for a in t.args)


def combine(difference: Term) -> Integral:
    """Write a closed term as a constant plus one expectation.

    Draws of the same law are shared between summands, which moves the variance but never the mean.
    Raises CannotLower where a part has no unbiased draw.
    """
    names: dict[tuple[Term, Sort, int], str] = {}
    draws: dict[str, Draw] = {}
    constants: list[Term] = []
    parts: list[Term] = []
    guards: list[Term] = []
    for summand in _expand(difference):
        if not summand.draws:
            constants.append(_written_out(summand.body, {}))
            continue
        renaming: dict[str, Term] = {}
        copies: dict[tuple[Term, Sort], int] = {}
        for d in summand.draws:
            law = substitute(d.law, renaming)
            copy = copies[(law, d.sort)] = copies.get((law, d.sort), 0) + 1
            name = names.setdefault((law, d.sort, copy), f"draw {len(names) + 1}")
            draws.setdefault(name, Draw(name, law, d.sort))
            renaming[d.name] = symbol(name, d.sort)
        body = substitute(summand.body, renaming)
        laws = {n: d.law for n, d in draws.items()}
        parts.append(_written_out(body, laws))
        for guard in differentiated(unfold(body, laws)):
            if free_symbols(guard).keys() <= draws.keys():
                guards.append(_written_out(guard, laws))
    zero = zeros(*difference.sort[1:]) if difference.sort != SCALAR else number(0)
    constant = add(*constants) if constants else zero
    free = free_symbols(constant)
    for p in parts:
        free |= {k: s for k, s in free_symbols(p).items() if k not in draws}
    if free:
        raise CannotLower(f"{', '.join(sorted(free))} has no value here")
    interchanged = any(n.op == "derivative" and stochastic(n) for n in walk(difference))
    whole = add(*parts) if parts else None
    return Integral(constant, tuple(draws.values()), whole, tuple(parts), interchanged, tuple(guards))


def _written_out(body: Term, laws: dict[str, Term]) -> Term:
    """Without densities, and without derivatives as far as they can be carried out (the rest is left to autograd)."""
    body = unfold(body, laws)
    try:
        return resolve(body)
    except CannotLower:
        if any(n.op == "derivative" and has_jumps(n.args[0]) for n in walk(body)):
            raise
        return body


_counter = 0


def _fresh(base: str) -> str:
    """A bound name that occurs nowhere else (documents cannot write a space in a name)."""
    global _counter
    _counter += 1
    return f"{base} ~{_counter}"


def _expand(t: Term) -> list[Integrand]:
    if not stochastic(t):
        return [Integrand((), t)]
    op, a = t.op, t.args
    if op == "add":
        found = [s for x in a for s in _expand(x)]
    elif op in ("mul", "hadamard"):
        found = _distribute(t, [_expand(x) for x in a])
    elif op in ("transpose", "trace", "diag", "diagonal"):
        found = [Integrand(s.draws, rebuild(t, (s.body,))) for s in _expand(a[0])]
    elif op == "entry" and not any(map(stochastic, a[1:])):
        found = [Integrand(s.draws, rebuild(t, (s.body, *a[1:]))) for s in _expand(a[0])]
    elif op == "matrix":
        blank = [number(0)] * len(a)
        found = [
            Integrand(s.draws, rebuild(t, (*blank[:i], s.body, *blank[i + 1 :])))
            for i, x in enumerate(a)
            for s in _expand(x)
        ]
    elif op == "pow":
        found = _whole_power(t)
    elif op in ("sum", "product"):
        found = _series(t)
    elif op in LAW_OPERATORS:
        raise CannotLower(f"a parameter of the law {op} is itself an expectation")
    elif op == "at":
        found = _at(t)
    elif op == "derivative":
        found = [_interchanged(s, t) for s in _expand(a[0])]
    elif op == "integral":
        found = _expand(as_expectations(t))
    elif op in STOCHASTIC:
        found = _mean(t)
    else:
        raise CannotLower(f"{_naming(t)} of an expectation has no unbiased draw")
    if len(found) > _MOST_SUMMANDS:
        raise CannotLower(f"more than {_MOST_SUMMANDS} expectations after expanding products")
    return found


def _naming(t: Term) -> str:
    if t.op == "function":
        return t.data[0]
    if t.op == "derivative":
        return "the derivative"
    return f"the {t.op}" if t.op in (*_CHOICES, "inverse", "det", "norm") else f"'{t.op}'"


def _distribute(t: Term, factors: list[list[Integrand]]) -> list[Integrand]:
    """The product of expectations, each over draws of its own: every expectation that is expanded draws afresh."""
    products: list[tuple[tuple[Draw, ...], tuple[Term, ...]]] = [((), ())]
    for factor in factors:
        if len(products) * len(factor) > _MOST_SUMMANDS:
            raise CannotLower(f"more than {_MOST_SUMMANDS} expectations after expanding products")
        grown = []
        for draws, bodies in products:
            for s in factor:
                grown.append((draws + s.draws, (*bodies, s.body)))
        products = grown
    return [Integrand(draws, rebuild(t, bodies)) for draws, bodies in products]


def _whole_power(t: Term) -> list[Integrand]:
    base, exponent = t.args
    if exponent.op == "number" and exponent.data[0].denominator == 1 and 1 <= exponent.data[0] <= 8:
        if base.sort != SCALAR and base.sort.cols == 1:
            raise CannotLower("an elementwise power of an expectation")
        return _expand(mul(*[base] * int(exponent.data[0])))
    raise CannotLower("a power of an expectation that is not a small whole number has no unbiased draw")


def _series(t: Term) -> list[Integrand]:
    return _expand((add if t.op == "sum" else mul)(*series_terms(t)))


def _at(t: Term) -> list[Integrand]:
    body, value = t.args
    name = t.data[0]
    if stochastic(value):
        raise CannotLower("a function of an expectation has no unbiased draw")
    found = []
    for s in _expand(body):
        draws = tuple(Draw(d.name, substitute(d.law, {name: value}), d.sort) for d in s.draws)
        found.append(Integrand(draws, term("at", (s.body, value), (name,), s.body.sort)))
    return found


def _interchanged(s: Integrand, t: Term) -> Integrand:
    names = (_fresh("base") for _ in s.draws)
    draws, body = interchange([(d.name, d.law, d.sort) for d in s.draws], s.body, t, names)
    return Integrand(tuple(Draw(*d) for d in draws), body)


def _mean(t: Term) -> list[Integrand]:
    op, a = t.op, t.args
    if op == "expectation":
        return _expectation(t.data[0], a[0], a[1])
    if op == "probability":
        return _expectation(t.data[0], a[0], indicator(a[1]))
    if op in ("variance", "covariance"):
        f, g = (a[1], a[1]) if op == "variance" else a[1:]
        name = t.data[0]
        sort = _sort_of(name, a[0], f, g)
        new = _fresh(name)
        other = {name: symbol(new, sort)}
        df, dg = sub(f, substitute(f, other)), sub(g, substitute(g, other))
        product = mul(HALF, df, transpose(dg))
        return _expectation(name, a[0], expectation(new, a[0], product))
    first = a[0]
    name = _fresh("x")
    x = symbol(name, _law_sort(first))
    if op == "entropy":
        return _expectation(name, first, mul(MINUS_ONE, log(pdf(first, x))))
    second = a[1]
    if op == "cross_entropy":
        return _expectation(name, first, mul(MINUS_ONE, log(pdf(second, x))))
    if op == "kl":
        return _expectation(name, first, sub(log(pdf(first, x)), log(pdf(second, x))))
    middle = log(add(mul(HALF, pdf(first, x)), mul(HALF, pdf(second, x))))
    left = expectation(name, first, sub(log(pdf(first, x)), middle))
    right = expectation(name, second, sub(log(pdf(second, x)), middle))
    return _expand(mul(HALF, add(left, right)))


def _expectation(name: str, law: Term, body: Term) -> list[Integrand]:
    if stochastic(law) and law.op != "with_density":
        raise CannotLower(f"a parameter of the law {law.op} is itself an expectation")
    if law.op == "with_density":
        return [s for weight, part in mixture(law) for s in _expand(mul(weight, expectation(name, part, body)))]
    if law.op == "pushforward":
        inner = law.data[0]
        new = _fresh(inner)
        image = substitute(law.args[1], {inner: symbol(new, _sort_of(inner, law.args[0], law.args[1]))})
        return _expectation(new, law.args[0], substitute(body, {name: image}))
    if law.op == "family":
        raise CannotLower(f"the density {law.data[0]} is not known in this world")
    sort = _sort_of(name, law, body)
    new = _fresh(name)
    inner = _expand(substitute(body, {name: symbol(new, sort)}))
    return [Integrand((Draw(new, law, sort), *s.draws), s.body) for s in inner]


def _sort_of(name: str, law: Term, *bodies: Term) -> Sort:
    for b in bodies:
        found = free_symbols(b).get(name)
        if found is not None:
            return found
    return _law_sort(law)


def _law_sort(law: Term) -> Sort:
    if law.op == "normal":
        return law.args[0].sort
    if law.op == "with_density":
        return free_symbols(law.args[0]).get(law.data[0], SCALAR)
    return law.args[1].sort if law.op == "pushforward" else SCALAR
