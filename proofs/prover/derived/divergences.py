"""Gibbs' inequality, and the bounds of the Jensen-Shannon divergence."""

from __future__ import annotations

from typing import Any

from proofs import terms as T
from proofs.prover.lemmas import Steps, by, field, lemma
from proofs.rules.language import Lambda
from proofs.terms import ONE, SCALAR, Term


def outcome(*laws: Term) -> Term:
    """A variable that runs over the outcomes of laws."""
    sort = next((p.args[0].sort for p in laws if p.op == "normal"), SCALAR)
    names = [p.data[1][0] if p.op == "family" else p.data[0] for p in laws if p.op in ("family", "with_density")]
    return T.symbol(f"{names[0] if names else '_'}~1", sort)


def apart(a: Term, b: Term, *path: int) -> Steps:
    """log a/b = log a - log b."""
    quotient = T.mul(T.power(a, ONE), T.power(b, T.MINUS_ONE))
    return [field(quotient, *path, 0), by("log.product", *path, bs=[a, b], es=[ONE, T.MINUS_ONE])]


def less_tangent(p: Term, q: Term, x: Term) -> Steps:
    """KL(P||Q) = E log p/q >= E (1 - q/p) = int p - q."""
    a, b = T.pdf(p, x), T.pdf(q, x)
    turned, gap = T.divide(b, a), T.sub(ONE, T.divide(b, a))
    parts: dict[str, Any] = {"cs": [ONE, T.MINUS_ONE], "As": [Lambda((x,), a), Lambda((x,), b)]}
    return [
        by("kl.definition", P=p, Q=q, x=x),
        {"at": (1,), "prove": T.mul(T.MINUS_ONE, T.log(turned)), "by": {"left": apart(a, b), "right": apart(b, a, 1)}},
        by("log.tangent", 1, 1, a=turned),
        field(gap, 1),
        by("expectation.integral", x=x, P=p, A=Lambda((x,), gap)),
        field(T.add(T.mul(ONE, a), T.mul(T.MINUS_ONE, b)), 0),
        by("integral.linear", x=x, **parts),
        by("density.normalised", 0, 1, x=x, P=p),
        by("density.normalised", 1, 1, x=x, P=q),
    ]


@lemma("gibbs", "0 <= (kl P Q)", "comparable P Q; support P; support Q", says="KL(P||Q) >= 0 (Gibbs).")
def _(left, right, v):
    return [], less_tangent(v["P"], v["Q"], outcome(v["P"], v["Q"]))


def midpoint(p: Term, q: Term, x: Term) -> Term:
    half = T.mul(T.HALF, T.add(T.pdf(p, x), T.pdf(q, x)))
    return T.term("with_density", (half,), (x.data[0],), T.LAW)


@lemma("jsd.nonnegative", "0 <= (jsd P Q)", "comparable P Q; support P; support Q", says="JSD(P||Q) >= 0.")
def _(left, right, v):
    x = outcome(v["P"], v["Q"])
    m = midpoint(v["P"], v["Q"], x)
    opened = by("jsd.definition", P=v["P"], Q=v["Q"], x=x)
    return [], [opened, *(by("gibbs", k, 1, back=True, P=v[p], Q=m) for k, p in enumerate("PQ"))]


@lemma("jsd.bounded", "(jsd P Q) <= (log 2)", "comparable P Q; support P; support Q", says="JSD(P||Q) <= log 2.")
def _(left, right, v):
    x = outcome(v["P"], v["Q"])
    m = midpoint(v["P"], v["Q"], x)
    steps = [by("jsd.definition", P=v["P"], Q=v["Q"], x=x)]
    for k, p in enumerate("PQ"):
        ratio = T.divide(T.pdf(v[p], x), m.args[0])
        steps += [
            by("kl.definition", k, 1, P=v[p], Q=m, x=x),
            by("density.with_density", k, 1, 1, 0, 1, 0, x=x, D=Lambda((x,), m.args[0]), t=x),
            by("log.monotone", k, 1, 1, a=ratio, b=T.TWO),
            by("expectation.constant", k, 1, x=x, P=v[p], c=T.log(T.TWO)),
        ]
    return steps, []
