"""Derivatives of integrands as terms, so that what is bounded, tracked and lowered is the derivative itself.

The rules of a first course, for scalars and matrices alike (a product is differentiated in its order).  A derivative
by a vector is taken component by component.  Where there is a jump there is no derivative here; kinks are passed over,
since they have probability zero.
"""

from __future__ import annotations

from collections.abc import Iterable

from numerics.montecarlo.errors import CannotLower
from numerics.montecarlo.literals import rational, series_terms
from proofs.terms import (
    HALF,
    MINUS_ONE,
    ONE,
    PI,
    SCALAR,
    TWO,
    ZERO,
    Sort,
    Term,
    add,
    det,
    divide,
    entry,
    exp,
    free_symbols,
    function,
    hadamard,
    inverse,
    is_number,
    log,
    matrix,
    mul,
    neg,
    number,
    ones,
    power,
    rebuild,
    sub,
    substitute,
    symbol,
    trace,
    transpose,
    zeros,
)


def resolve(t: Term) -> Term:
    """The term with every derivative carried out, innermost first.  Raises CannotLower where there is none."""
    args = tuple(resolve(a) for a in t.args)
    t = t if args == t.args else rebuild(t, args)
    if t.op == "derivative":
        return _shaped(t)
    if t.op == "at":
        return substitute(t.args[0], {t.data[0]: t.args[1]})
    return t


def differentiated(t: Term) -> list[Term]:
    """What is differentiated in a term, at the points where it is: a derivative exists only where this has a value."""
    found = []
    for a in t.args:
        inner = differentiated(a)
        found += [substitute(g, {t.data[0]: t.args[1]}) for g in inner] if t.op == "at" else inner
    return [*found, t.args[0]] if t.op == "derivative" else found


def has_jumps(t: Term) -> bool:
    """Whether the term may jump somewhere: conditions, whole parts, signs."""
    if t.op in ("compare", "indicator", "cases") or (t.op == "function" and t.data[0] in ("floor", "sign")):
        return True
    return any(map(has_jumps, t.args))


def _shaped(t: Term) -> Term:
    """The derivative as proofs.terms shapes it: a number, a column gradient, or a Jacobian (rows: components)."""
    body = t.args[0]
    free = free_symbols(body)
    columns: list[Term] = []
    for name in t.data:
        sort = free.get(name, SCALAR)
        if name not in free and len(t.data) == 1 and t.sort != body.sort:
            return zeros(*t.sort[1:])
        columns += [by_scalar(body, name)] if sort == SCALAR else _by_vector(body, name, sort)
    if len(columns) == 1:
        return columns[0]
    if body.sort == SCALAR:
        return matrix(len(columns), 1, columns)
    rows = body.sort.rows
    if not isinstance(rows, int) or body.sort.cols != 1:
        raise CannotLower("the derivative of a matrix by a vector")
    cells = [_cell(c, i, 1) for i in range(1, rows + 1) for c in columns]
    return matrix(rows, len(columns), cells)


def _by_vector(body: Term, name: str, sort: Sort) -> list[Term]:
    rows, cols = sort.rows, sort.cols
    if not isinstance(rows, int) or cols != 1:
        raise CannotLower("the derivative by a matrix")
    parts = [f"{name} ~{i}" for i in range(rows)]
    inner = substitute(body, {name: matrix(rows, 1, [symbol(p) for p in parts])})
    back = {p: entry(symbol(name, sort), number(i + 1)) for i, p in enumerate(parts)}
    return [substitute(by_scalar(inner, p), back) for p in parts]


def by_scalar(t: Term, name: str) -> Term:
    """d t / d name, of the sort of t.  Raises CannotLower for what has no derivative here."""
    if name not in free_symbols(t):
        return ZERO if t.sort == SCALAR else zeros(*t.sort[1:])
    op, a = t.op, t.args
    if op == "symbol":
        return ONE
    if op == "add":
        return _sum([by_scalar(x, name) for x in a], t.sort)
    if op == "sum":
        return _sum([by_scalar(x, name) for x in series_terms(t)], t.sort)
    if op in ("mul", "hadamard", "product"):
        factors = tuple(series_terms(t)) if op == "product" else a
        join = hadamard if op == "hadamard" else mul
        parts = []
        for i, x in enumerate(factors):
            if name in free_symbols(x):
                parts.append(_product(join, (*factors[:i], by_scalar(x, name), *factors[i + 1 :])))
        return _sum(parts, t.sort)
    if op == "pow":
        return _power(t, name)
    if op == "function":
        inner = by_scalar(a[0], name)
        slope = _slope(t.data[0], a[0])
        return _product(mul if t.sort == SCALAR else hadamard, (slope, inner))
    if op in ("transpose", "trace", "diag", "diagonal", "matrix"):
        return rebuild(t, (by_scalar(x, name) for x in a))
    if op == "entry":
        if any(name in free_symbols(i) for i in a[1:]):
            raise CannotLower("the derivative by an index")
        return _cell(by_scalar(a[0], name), *a[1:])
    if op == "inverse":
        return mul(MINUS_ONE, t, by_scalar(a[0], name), t)
    if op == "det":
        if a[0].sort == SCALAR:
            return by_scalar(a[0], name)
        return mul(det(a[0]), trace(mul(inverse(a[0]), by_scalar(a[0], name))))
    if op == "norm":
        if a[0].sort == SCALAR:
            return mul(function("sign", a[0]), by_scalar(a[0], name))
        return divide(trace(mul(transpose(a[0]), by_scalar(a[0], name))), t)
    raise CannotLower(f"the derivative of '{op}' is not known here")


def _sum(parts: Iterable[Term], sort: Sort) -> Term:
    kept = [p for p in parts if not _zero(p)]
    if not kept:
        return ZERO if sort == SCALAR else zeros(*sort[1:])
    return add(*kept)


def _product(join, factors: tuple[Term, ...]) -> Term:
    kept = tuple(f for f in factors if not (f.sort == SCALAR and is_number(f, 1)))
    if any(_zero(f) for f in factors):
        result = join(*factors)
        return ZERO if result.sort == SCALAR else zeros(*result.sort[1:])
    return join(*kept) if kept else ONE


def _zero(t: Term) -> bool:
    return is_number(t, 0) or t.op == "zeros"


def _cell(t: Term, *indices: Term | int) -> Term:
    where = [number(i) if isinstance(i, int) else i for i in indices]
    if t.op == "zeros":
        return ZERO
    return t if t.sort == SCALAR else entry(t, *where)


def _power(t: Term, name: str) -> Term:
    base, exponent = t.args
    if base.sort != SCALAR:
        n = rational(exponent)
        if base.sort.cols == 1:
            if name in free_symbols(exponent):
                raise CannotLower("the derivative of an elementwise power by its exponent")
            return hadamard(mul(exponent, power(base, sub(exponent, ONE))), by_scalar(base, name))
        if n is None or n.denominator != 1 or not 1 <= n <= 16:
            raise CannotLower("the derivative of a power of a matrix")
        return by_scalar(mul(*[base] * int(n)), name)
    if name not in free_symbols(exponent):
        value = rational(exponent)
        lowered = sub(exponent, ONE) if value is None else number(value - 1)
        rest = base if is_number(lowered, 1) else power(base, lowered)
        return _product(mul, (exponent, rest, by_scalar(base, name)))
    inside = mul(exponent, log(base))
    return mul(t, by_scalar(inside, name))


def _slope(name: str, a: Term) -> Term:
    """The derivative of a function of the language at its argument."""
    f = function
    if a.sort != SCALAR and name not in ("exp", "sigmoid", "softplus", "tanh", "sin", "cos", "sinh", "cosh"):
        raise CannotLower(f"the derivative of {name} of a vector")
    one = ONE if a.sort == SCALAR else ones(*a.sort[1:])
    times = mul if a.sort == SCALAR else hadamard
    table = {
        "exp": lambda: exp(a),
        "log": lambda: power(a, MINUS_ONE),
        "sqrt": lambda: mul(HALF, power(f("sqrt", a), MINUS_ONE)),
        "sin": lambda: f("cos", a),
        "cos": lambda: neg(f("sin", a)),
        "tan": lambda: add(ONE, power(f("tan", a), TWO)),
        "sinh": lambda: f("cosh", a),
        "cosh": lambda: f("sinh", a),
        "tanh": lambda: sub(one, times(f("tanh", a), f("tanh", a))),
        "arctan": lambda: power(add(ONE, power(a, TWO)), MINUS_ONE),
        "sigmoid": lambda: times(f("sigmoid", a), f("sigmoid", neg(a))),
        "logit": lambda: power(mul(a, sub(ONE, a)), MINUS_ONE),
        "softplus": lambda: f("sigmoid", a),
        "relu": lambda: mul(HALF, add(ONE, f("sign", a))),
        "erf": lambda: mul(TWO, power(f("sqrt", PI), MINUS_ONE), exp(neg(power(a, TWO)))),
        "normal_cdf": lambda: mul(power(f("sqrt", mul(TWO, PI)), MINUS_ONE), exp(neg(mul(HALF, power(a, TWO))))),
        "log_gamma": lambda: f("digamma", a),
        "gamma_function": lambda: mul(f("gamma_function", a), f("digamma", a)),
        "abs": lambda: f("sign", a),
    }
    if name not in table:
        raise CannotLower(f"the derivative of {name} is not known here")
    return table[name]()
