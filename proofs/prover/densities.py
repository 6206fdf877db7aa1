"""Densities, divergences and declared laws."""

from __future__ import annotations

from proofs import terms as T
from proofs.prover.integrals import bound, family_values
from proofs.prover.rewriter import Rewriter, lam, tactic
from proofs.prover.scalars import explicit_density
from proofs.terms import SCALAR, Term, symbol


@tactic("family")
def families(rw: Rewriter, t: Term) -> Term | None:
    """The law that the document declares; an image only where it has a density by change of variables."""
    if not rw.strategy.laws:
        return None
    record = rw.context.hypotheses.families.get(t.data[0])
    f = record and record.pushforward and rw.context.hypotheses.functions.get(record.pushforward[0])
    if f and not f.bijection:
        return None
    return rw.take(t, {"declared": True})


@tactic("pdf")
def densities(rw: Rewriter, t: Term) -> Term | None:
    law, *points = t.args
    if law.op == "with_density":
        x = symbol(law.data[0], points[0].sort)
        return rw.apply(t, "density.with_density", x=x, D=lam(x, law.args[0]), t=points[0])
    if law.op == "family":
        return joint(rw, t) or ordered(rw, t)
    if law.op == "pushforward":
        return image(rw, t)
    if rw.strategy.expand and len(points) == 1 and not (points[0].op == "symbol" and points[0].data[0] in rw.binders):
        return explicit_density(rw, t)
    return None


def image(rw: Rewriter, t: Term) -> Term | None:
    """Change of variables."""
    law, y = t.args
    z = bound(law, law.args[1], law.args[0])
    body = law.args[1]
    if body.op != "call" or body.args[0] != z:
        return None
    name = "change.of.variables.scalar" if y.sort == SCALAR else "change.of.variables"
    u = symbol("u~1", y.sort)
    return rw.apply(t, name, x=z, u=u, P=law.args[0], f=body.data[0], y=y, ps=list(body.args[1:]))


def joint(rw: Rewriter, t: Term) -> Term | None:
    """p(x|z) as p(x,z)/p(z), where the strategy asks for it."""
    law, *points = t.args
    letter, outcomes, givens, _ = law.data
    if not givens or letter not in rw.strategy.joint:
        return None
    v = family_values(law)
    given = T.pdf(T.family(letter, givens, (), v["gvs"][:0], v["params"]), *v["gvs"])
    shaped = rw.field(t, T.mul(T.mul(t, given), T.power(given, T.MINUS_ONE)))
    if shaped is None:
        return None
    return rw.within(shaped, 0, lambda b: rw.apply(
        b, "density.chain", back=True, p=letter, xs=list(outcomes), xvs=points, zs=list(givens), zvs=v["gvs"],
        gs=[], gvs=[], params=v["params"],
    ))  # fmt: skip


def ordered(rw: Rewriter, t: Term) -> Term | None:
    """Outcomes in alphabetical order."""
    law, *points = t.args
    outcomes = list(law.data[1])
    for k in range(len(outcomes) - 1):
        if outcomes[k] > outcomes[k + 1]:
            return rw.apply(t, "density.order", **family_values(law), **{
                "as": outcomes[:k], "avs": points[:k], "bs": [outcomes[k]], "bvs": [points[k]],
                "cs": [outcomes[k + 1]], "cvs": [points[k + 1]], "ds": outcomes[k + 2 :], "dvs": points[k + 2 :],
            })  # fmt: skip
    return None


def outcome(rw: Rewriter, law: Term, other: Term | None = None) -> Term:
    """A variable for the outcomes of a law."""
    depth = len(rw.binders) + 1
    for p in (law, other):
        if p is None:
            continue
        if p.op == "normal":
            return symbol(f"_~{depth}", p.args[0].sort)
        if p.op in ("family", "with_density"):
            name = p.data[1][0] if p.op == "family" else p.data[0]
            space = rw.context.hypotheses.spaces.get(rw.context.space(name) or name)
            sort = space.sort if space else rw.context.hypotheses.domain(name).sort
            return symbol(f"{rw.context.space(name) or name}~{depth}", sort)
        if p.op == "pushforward":
            return symbol(f"_~{depth}", p.args[1].sort)
    return symbol(f"_~{depth}")


@tactic("kl", "jsd", "entropy", "cross_entropy")
def divergences(rw: Rewriter, t: Term) -> Term | None:
    if not rw.strategy.definitions:
        return None
    x = outcome(rw, t.args[0], t.args[1] if len(t.args) > 1 else None)
    values = {"P": t.args[0], "x": x}
    if len(t.args) > 1:
        values["Q"] = t.args[1]
    return rw.apply(t, f"{t.op}.definition", **values)


@tactic("variance", "covariance")
def variances(rw: Rewriter, t: Term) -> Term | None:
    law = t.args[0]
    x = bound(t, t.args[1], law)
    values = {"x": x, "P": law, "A": lam(x, t.args[1])}
    if t.op == "covariance":
        return rw.apply(t, "covariance.definition", **values, B=lam(x, t.args[2]))
    return rw.apply(t, "variance.definition", **values)
