"""The exact value of a term in rationals, by the definitions; derivatives by dual numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from proofs.terms import Term

_tags = count(1)


@dataclass(frozen=True)
class Dual:
    """``value + slope e`` with e^2 = 0; each derivative has an e of its own, told apart by its tag."""

    tag: int
    value: object
    slope: object


def _split(a, tag):
    return (a.value, a.slope) if isinstance(a, Dual) and a.tag == tag else (a, Fraction(0))


def _newest(a, b):
    return max(v.tag for v in (a, b) if isinstance(v, Dual))


def plus(a, b):
    if not isinstance(a, Dual) and not isinstance(b, Dual):
        return a + b
    tag = _newest(a, b)
    (u, du), (v, dv) = _split(a, tag), _split(b, tag)
    return Dual(tag, plus(u, v), plus(du, dv))


def times(a, b):
    if not isinstance(a, Dual) and not isinstance(b, Dual):
        return a * b
    tag = _newest(a, b)
    (u, du), (v, dv) = _split(a, tag), _split(b, tag)
    return Dual(tag, times(u, v), plus(times(du, v), times(u, dv)))


def real(a):
    while isinstance(a, Dual):
        a = a.value
    return a


def evaluate(t: Term, env: dict):
    """The value of an arithmetic term; only what `arithmetic` generates."""

    def total(items):
        result = Fraction(0)
        for item in items:
            result = plus(result, item)
        return result

    def multiply(items):
        result = Fraction(1)
        for item in items:
            result = times(result, item)
        return result

    go = evaluate
    if t.op == "number":
        return t.data[0]
    if t.op == "symbol":
        return env[t.data[0]]
    if t.op == "add":
        return total(go(a, env) for a in t.args)
    if t.op == "mul":
        return multiply(go(a, env) for a in t.args)
    if t.op == "pow":
        return multiply([go(t.args[0], env)] * int(t.args[1].data[0]))
    if t.op in ("sum", "product"):
        lower, upper = (int(real(go(a, env))) for a in t.args[1:])
        values = [go(t.args[0], {**env, t.data[0]: Fraction(i)}) for i in range(lower, upper + 1)]
        return total(values) if t.op == "sum" else multiply(values)
    if t.op in ("expectation", "variance", "probability"):
        weight = Fraction(1, len(t.args[0].args))
        values = [go(t.args[1], {**env, t.data[0]: go(v, env)}) for v in t.args[0].args]
        mean = total(times(weight, v) for v in values)
        if t.op != "variance":
            return mean
        return total(times(weight, multiply([plus(v, times(Fraction(-1), mean))] * 2)) for v in values)
    if t.op == "compare":
        left, right = (real(go(a, env)) for a in t.args)
        return Fraction({"<": left < right, "=": left == right, ">=": left >= right}[t.data[0]])
    if t.op == "indicator":
        return go(t.args[0], env)
    if t.op == "cases":
        return go(t.args[0] if go(t.args[1], env) else t.args[2], env)
    if t.op == "at":
        return go(t.args[0], {**env, t.data[0]: go(t.args[1], env)})
    if t.op == "maximum":
        return max((go(t.args[0], {**env, t.data[0]: Fraction(i)}) for i in (-1, 0, 2)), key=real)
    if t.op == "derivative":
        return _partial(t, t.data[0], env)
    if t.op == "entry":
        inner, index = t.args
        assert inner.op == "derivative"
        return _partial(inner, inner.data[int(index.data[0]) - 1], env)
    if t.op == "call":  # one fixed polynomial for every unknown function of two arguments
        a, b = (go(v, env) for v in t.args)
        return plus(times(a, times(a, b)), times(Fraction(3), b))
    raise AssertionError(t.op)


def _partial(t: Term, name: str, env: dict):
    tag = next(_tags)
    result = evaluate(t.args[0], {**env, name: Dual(tag, env.get(name, Fraction(0)), Fraction(1))})
    return _split(result, tag)[1]


def same(a, b) -> bool:
    if isinstance(a, Dual) or isinstance(b, Dual):
        return False
    return a == b
