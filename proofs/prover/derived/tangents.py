"""Jensen's inequality and its kin, from the tangent of the logarithm and from squares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from proofs import terms as T
from proofs.prover.lemmas import Steps, by, field, lemma
from proofs.rules.language import Lambda
from proofs.terms import ONE, Sort, Term


@lemma("log.tangent", "(log a) <= (+ a -1)", "positive a", says="log a <= a - 1.")
def _(left, right, v):
    return [by("log.tangent.at", a=v["a"], c=ONE), by("log.one", 0)], []


def below(a: Term, b: Term, tangent: str, sign: str) -> Steps:
    """log a under the tangent at b, whose rest -(b - a)/b is left out."""
    rest = T.mul(T.sub(b, a), T.power(b, T.MINUS_ONE))
    return [
        by(tangent, a=a, c=b),
        field(T.add(T.log(b), T.mul(T.MINUS_ONE, rest))),
        {"at": (1, 1), "sign": sign},
    ]


@lemma("log.increasing", "(log a) < (log b)", "positive a; positive (+ b (* -1 a))",
       says="The logarithm is strictly increasing.")  # fmt: skip
def _(left, right, v):
    return below(v["a"], v["b"], "log.tangent.strict", ">"), []


@lemma("log.monotone", "(log a) <= (log b)", "positive a; nonnegative (+ b (* -1 a))",
       says="The logarithm is increasing.")  # fmt: skip
def _(left, right, v):
    return below(v["a"], v["b"], "log.tangent.at", ">="), []


@lemma("jensen.log", "(expectation x P (log F@x)) <= (log (expectation x P F@x))",
       "for x P (positive F@x); integrable x F@x", says="Jensen's inequality for the logarithm.")  # fmt: skip
def _(left, right, v):
    law, inside = left.args[0], left.args[1].args[0]
    mean = right.args[0]
    x = T.symbol(left.data[0], _sort(v))
    tangent = T.add(T.log(mean), T.mul(inside, T.power(mean, T.MINUS_ONE)), T.MINUS_ONE)
    split = T.add(T.mul(T.add(T.log(mean), T.MINUS_ONE), ONE), T.mul(T.power(mean, T.MINUS_ONE), inside))
    parts: dict[str, Any] = {
        "cs": [split.args[0].args[0], split.args[1].args[0]],
        "As": [Lambda((x,), ONE), Lambda((x,), inside)],
    }
    steps = [by("log.tangent.at", 1, a=inside, c=mean), {"at": (1,), "alpha": tangent}, field(split, 1)]
    return [
        *steps,
        by("expectation.linear", x=x, P=law, **parts),
        by("expectation.constant", 0, 1, x=x, P=law, c=ONE),
    ], []


@lemma("jensen.exp", "(exp (expectation x P F@x)) <= (expectation x P (exp F@x))", "integrable x (exp F@x)",
       says="Jensen's inequality for the exponential.")  # fmt: skip
def _(left, right, v):
    mean = left.args[0]
    law, inside = mean.args
    x = T.symbol(mean.data[0], _sort(v))
    moved = by("jensen.log", 0, x=x, P=law, F=Lambda((x,), T.exp(inside)))
    return [by("log.exp", 0, 1, back=True, a=inside), moved, by("exp.log.whole", b=right)], []


@lemma("exp.log.whole", "(exp (log b)) = b", "positive b", says="exp log b = b.")
def _(left, right, v):
    return [field(T.mul(ONE, left.args[0]), 0), by("power.exp", back=True, b=v["b"], k=ONE)], []


@lemma("jensen.square", "(^ (expectation x P F@x) 2) <= (expectation x P (^ F@x 2))", "integrable x (^ F@x 2)",
       says="Jensen's inequality for the square.")  # fmt: skip
def _(left, right, v):
    """E F^2 = E (F - m)^2 + m^2 with m = E F."""
    mean = left.args[0]
    law, inside = mean.args
    x = T.symbol(mean.data[0], _sort(v))
    gap = T.power(T.sub(inside, mean), T.TWO)
    lam = [Lambda((x,), t) for t in (inside, ONE, gap)]
    shape = T.add(
        T.mul(T.mul(T.TWO, mean), inside), T.mul(T.mul(T.MINUS_ONE, T.power(mean, T.TWO)), ONE), T.mul(ONE, gap)
    )
    steps = [
        field(shape, 1),
        by("expectation.linear", x=x, P=law, cs=[t.args[0] for t in shape.args], As=lam),
        by("expectation.constant", 1, 1, x=x, P=law, c=ONE),
        {"at": (2,), "sign": ">="},
    ]
    return [], steps


@lemma("jensen.average", "(* (^ (count as) -1) (+ (log as) ...)) <= (log (* (^ (count as) -1) (+ as ...)))",
       "positive as", says="The mean of logarithms is at most the logarithm of the mean.")  # fmt: skip
def _(left, right, v):
    mean = right.args[0]
    return [by("log.tangent.at", 1, k, a=a, c=mean) for k, a in enumerate(v["as"])], []


def _sort(v: Mapping[str, Any]) -> Sort:
    return v["x"].sort
