"""Log densities as terms, and the stable forms of logarithms.

Everything that evaluates an integrand (the lowering to torch, the exact polynomials, the bounds, the rounding analysis)
works on what `unfold` gives: no density is left in it, and no logarithm of something that could underflow.
"""

from __future__ import annotations

from numerics.montecarlo.errors import CannotLower
from proofs.terms import (
    HALF,
    MINUS_ONE,
    ONE,
    PI,
    SCALAR,
    TWO,
    ZERO,
    Term,
    add,
    compare,
    constant,
    det,
    divide,
    entry,
    exp,
    function,
    indicator,
    inverse,
    log,
    mul,
    neg,
    number,
    power,
    rebuild,
    sub,
    substitute,
    term,
    transpose,
)

_MINUS_INFINITY = mul(MINUS_ONE, constant("infinity"))
# laws whose support does not depend on their parameters: a draw of one lies in the support of another for sure
_FIXED_SUPPORT = {
    "bernoulli": "binary",
    "exponential": "positive",
    "gamma": "positive",
    "beta": "unit",
    "poisson": "natural",
}


def log_density(law: Term, point: Term, support: str | None = None) -> Term:
    """log of the density (mass where the law is discrete) of a known law at a point.

    ``support`` names the support that the point is known to lie in ("own": that of
    the law itself); otherwise the density is 0 outside its support.
    Rates as in proofs.terms: exponential(rate), gamma(shape, rate).
    """
    a = law.args
    op = law.op
    if op == "normal":
        mean, covariance = a
        r = sub(point, mean)
        if mean.sort == SCALAR:
            return mul(neg(HALF), add(log(mul(TWO, PI, covariance)), divide(power(r, TWO), covariance)))
        n = mean.sort.rows
        if not isinstance(n, int):
            raise CannotLower(f"a normal law of symbolic dimension {n} cannot be sampled")
        quadratic = mul(transpose(r), inverse(covariance), r)
        return mul(neg(HALF), add(mul(number(n), log(mul(TWO, PI))), log(det(covariance)), quadratic))
    if op == "with_density":
        return log(substitute(a[0], {law.data[0]: point}))
    if point.sort != SCALAR:
        raise CannotLower(f"the density of the law {op} at a vector is not known here")
    known = support == "own" or (support is not None and _FIXED_SUPPORT.get(op) == support)
    if op == "bernoulli":
        p = a[0]
        inside = add(mul(point, log(p)), mul(sub(ONE, point), log(sub(ONE, p))))
        if known:
            return inside
        zero, one = compare("=", point, ZERO), compare("=", point, ONE)
        return term("cases", (log(p), one, log(sub(ONE, p)), zero, _MINUS_INFINITY))
    if op == "categorical":
        return log(entry(a[0], point))
    if op == "uniform_choice":
        hits = [indicator(compare("=", point, v)) for v in a]
        return sub(log(add(*hits)), log(number(len(a))))
    if op == "uniform":
        inside = neg(log(sub(a[1], a[0])))
        return inside if known else term("cases", (inside, _within(point, a[0], a[1]), _MINUS_INFINITY))
    if op == "exponential":
        inside = sub(log(a[0]), mul(a[0], point))
        return inside if known else _on_positive(inside, point, strict=False)
    if op == "gamma":
        shape, rate = a
        inside = add(
            mul(shape, log(rate)), neg(function("log_gamma", shape)),
            mul(sub(shape, ONE), log(point)), neg(mul(rate, point)),
        )  # fmt: skip
        return inside if known else _on_positive(inside, point)
    if op == "beta":
        p, q = a
        inside = add(
            mul(sub(p, ONE), log(point)), mul(sub(q, ONE), log(sub(ONE, point))),
            function("log_gamma", add(p, q)), neg(function("log_gamma", p)), neg(function("log_gamma", q)),
        )  # fmt: skip
        return inside if known else term("cases", (inside, _within(point, ZERO, ONE, strict=True), _MINUS_INFINITY))
    if op == "poisson":
        inside = add(mul(point, log(a[0])), neg(a[0]), neg(function("log_gamma", add(point, ONE))))
        if known:
            return inside
        whole = compare("=", function("floor", point), point)
        ok = term("and", (whole, compare(">=", point, ZERO)), (), whole.sort)
        return term("cases", (inside, ok, _MINUS_INFINITY))
    if op == "laplace":
        return neg(add(log(mul(TWO, a[1])), divide(function("abs", sub(point, a[0])), a[1])))
    if op == "student_t":
        nu = a[0]
        half = mul(HALF, add(nu, ONE))
        return add(
            function("log_gamma", half), neg(function("log_gamma", mul(HALF, nu))),
            mul(neg(HALF), log(mul(nu, PI))), neg(mul(half, log(add(ONE, divide(power(point, TWO), nu))))),
        )  # fmt: skip
    raise CannotLower(f"the law {op} has no density that can be evaluated here")


def _within(x: Term, low: Term, high: Term, strict: bool = False) -> Term:
    above, below = (">", "<") if strict else (">=", "<=")
    c = compare(above, x, low)
    return term("and", (c, compare(below, x, high)), (), c.sort)


def _on_positive(inside: Term, x: Term, strict: bool = True) -> Term:
    return term("cases", (inside, compare(">" if strict else ">=", x, ZERO), _MINUS_INFINITY))


def unfold(t: Term, laws: dict[str, Term]) -> Term:
    """Densities replaced by their formulas and logarithms by stable forms.

    ``laws`` are the laws of the drawn variables, which tell where a point lies for sure.
    """
    if t.op == "function" and t.data[0] == "log" and t.sort == SCALAR:
        return _log(t.args[0], laws)
    if t.op == "pdf":
        return exp(_log(t, laws))
    if t.op == "mul" and t.sort == SCALAR:
        return _product(t, laws)
    if t.op == "at":
        # the variable lies where the value lies
        body, value = t.args
        inner = {k: v for k, v in laws.items() if k != t.data[0]}
        if value.op == "symbol" and value.data[0] in laws:
            inner[t.data[0]] = laws[value.data[0]]
        return rebuild(t, (unfold(body, inner), unfold(value, laws)))
    return rebuild(t, (unfold(a, laws) for a in t.args)) if t.args else t


def _log(a: Term, laws: dict[str, Term]) -> Term:
    if a.op == "pdf":
        law, *points = a.args
        if len(points) != 1:
            raise CannotLower("a joint density of several outcomes cannot be evaluated here")
        point = points[0]
        drawn = laws.get(point.data[0]) if point.op == "symbol" else None
        support = None if drawn is None else "own" if drawn == law else _FIXED_SUPPORT.get(drawn.op)
        return unfold(log_density(law, point, support), laws)
    if a.op == "function" and a.data[0] == "exp":
        return unfold(a.args[0], laws)
    if a.op == "function" and a.data[0] == "sigmoid":
        return neg(function("softplus", neg(unfold(a.args[0], laws))))
    if a.op == "pow" and _positive(a.args[0]):
        return mul(unfold(a.args[1], laws), _log(a.args[0], laws))
    if a.op == "mul":
        # log(uv) = log u + log v only where u > 0 is plain; the rest stays under one logarithm
        positive = [f for f in a.args if _positive(f)]
        rest = [f for f in a.args if not _positive(f)]
        if any(_exponential(f) for f in positive):
            parts = [_log(f, laws) for f in positive]
            if rest:
                parts.append(_log(mul(*rest), laws))
            return add(*parts)
    if a.op == "add":
        if len(a.args) == 2:
            for one, other in (a.args, a.args[::-1]):
                if one == ONE:
                    minus = _negated(other)
                    if minus is not None and minus.op == "function" and minus.data[0] == "sigmoid":
                        return neg(function("softplus", unfold(minus.args[0], laws)))
                    if other.op == "function" and other.data[0] == "exp":
                        return function("softplus", unfold(other.args[0], laws))
        share = _complement(a)
        if share is not None:
            return sub(_log(share[0], laws), _log(share[1], laws))
        if all(_positive(s) for s in a.args) and any(_exponential(s) for s in a.args):
            # log sum exp, pairwise: log(e^u + e^v) = u + softplus(v - u)
            total = _log(a.args[0], laws)
            for s in a.args[1:]:
                total = add(total, function("softplus", sub(_log(s, laws), total)))
            return total
    return log(unfold(a, laws))


def _complement(a: Term) -> tuple[Term, Term] | None:
    """(rest, whole) where a = 1 - u/whole and whole = u + rest, all positive: log(1 - D) for D = p/(p + q)."""
    if len(a.args) != 2 or ONE not in a.args:
        return None
    other = a.args[1] if a.args[0] == ONE else a.args[0]
    if other.op != "mul" or MINUS_ONE not in other.args:
        return None
    factors = list(_factors(other))
    factors.remove(MINUS_ONE)
    for f in factors:
        if f.op == "pow" and f.args[1] == MINUS_ONE and f.args[0].op == "add" and _positive(f.args[0]):
            rest = [x for x in factors if x is not f]
            share = mul(*rest) if rest else ONE
            summands = list(f.args[0].args)
            if share in summands:
                summands.remove(share)
                return add(*summands), f.args[0]
    return None


def _factors(t: Term) -> list[Term]:
    return [f for a in t.args for f in _factors(a)] if t.op == "mul" and t.sort == SCALAR else [t]


def _product(t: Term, laws: dict[str, Term]) -> Term:
    """Ratios and products of densities and exponentials are taken under one exponential."""
    inside = [f for f in t.args if f.sort == SCALAR and _exponential(f)]
    if len(inside) < 2:
        return rebuild(t, (unfold(a, laws) for a in t.args))
    rest = [unfold(f, laws) for f in t.args if f not in inside]
    return mul(*rest, exp(add(*(_log(f, laws) for f in inside))))


def _negated(t: Term) -> Term | None:
    if t.op == "mul" and t.args[0] == MINUS_ONE and len(t.args) == 2:
        return t.args[1]
    return None


def _positive(t: Term) -> bool:
    """Plainly positive wherever it has a value."""
    if t.op == "number":
        return t.data[0] > 0
    if t.op == "constant":
        return t.data[0] in ("pi", "e", "euler_gamma")
    if t.op == "function":
        return t.data[0] in ("exp", "sigmoid", "softplus", "normal_cdf", "cosh")
    if t.op == "pdf":
        return True
    if t.op in ("mul", "add"):
        return t.sort == SCALAR and all(_positive(a) for a in t.args)
    return t.op == "pow" and t.sort == SCALAR and _positive(t.args[0])


def _exponential(t: Term) -> bool:
    """A density, an exponential or a power or product of such: to be kept in logarithms."""
    if t.op == "pdf" or (t.op == "function" and t.data[0] == "exp"):
        return True
    if t.op == "pow":
        return _exponential(t.args[0]) and t.args[0].sort == SCALAR
    return t.op == "mul" and t.sort == SCALAR and all(_positive(a) for a in t.args) and any(map(_exponential, t.args))
