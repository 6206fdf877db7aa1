"""Derived rules for logarithms, exponentials, powers and absolute values."""

from __future__ import annotations

from proofs import terms as T
from proofs.prover.lemmas import by, field, lemma
from proofs.terms import ONE, Term


def absolute(a: Term) -> Term:
    return T.function("abs", a)


@lemma("log.one", "(log 1) = 0", says="log 1 = 0.")
def _(left, right, v):
    return [by("exp.zero", 0, back=True), by("log.exp", a=T.ZERO)], []


@lemma("exp.zero", "(exp 0) = 1", says="exp 0 = 1.")
def _(left, right, v):
    return [], [field(T.power(T.exp(ONE), T.ZERO)), by("exp.power", a=ONE, k=T.ZERO), field(T.ZERO, 0)]


@lemma("exp.power", "(^ (exp a) k) = (exp (* k a))", says="(exp a)^k = exp(k a).")
def _(left, right, v):
    return [by("power.exp", b=T.exp(v["a"]), k=v["k"]), by("log.exp", 0, 1, a=v["a"])], []


@lemma("exp.log", "(exp (+ (* k (log b)) r)) = (* (^ b k) (exp r))", "positive b", says="exp(k log b + r) = b^k exp r.")
def _(left, right, v):
    first = T.mul(v["k"], T.log(v["b"]))
    return [{"rule": "exp.sum", "with": {"as": [first, v["r"]]}}, by("power.exp", 0, back=True, b=v["b"], k=v["k"])], []


@lemma("log.square", "(log (^ b 2)) = (* 2 (log (abs b)))", "nonzero b", says="log b^2 = 2 log |b|.")
def _(left, right, v):
    size = absolute(v["b"])
    return [by("abs.squared", 0, back=True, a=v["b"]), by("log.product", bs=[size], es=[T.TWO])], []


@lemma("abs.squared", "(^ (abs a) 2) = (^ a 2)", says="|a|^2 = a^2.")
def _(left, right, v):
    square = T.power(v["a"], T.TWO)
    return [by("root.square", 0, back=True, b=v["a"]), by("root.squared", b=square)], []


@lemma("abs.negative", "(abs a) = (* -1 a)", "nonnegative (* -1 a)", says="|a| = -a for a <= 0.")
def _(left, right, v):
    """|a| = root(a^2) = root((-a)^2) = |-a|."""
    return [
        by("root.square", back=True, b=v["a"]),
        field(T.power(right, T.TWO), 0),
        by("root.square", b=right),
        by("abs.positive", a=right),
    ], []


@lemma("abs.product", "(abs (* as ...)) = (* (abs as) ...)", says="|ab| = |a||b|.")
def _(left, right, v):
    """|ab| = root(a^2 b^2) = root((|a||b|)^2)."""
    factors = v["as"]
    squares = [by("abs.squared", 0, k, back=True, a=a) for k, a in enumerate(factors)]
    return [
        by("root.square", back=True, b=left.args[0]),
        field(T.mul(*(T.power(a, T.TWO) for a in factors)), 0),
        *squares,
        field(T.power(right, T.TWO), 0),
        by("root.square", b=right),
        by("abs.positive", a=right),
    ], []
