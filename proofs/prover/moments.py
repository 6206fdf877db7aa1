"""Moments of the laws that have a name, and their generating functions."""

from __future__ import annotations

from proofs import terms as T
from proofs.binding import free
from proofs.prover.arithmetic import product_factors, summands
from proofs.prover.linearity import bound
from proofs.prover.rewriter import Rewriter, lam
from proofs.prover.scalars import explicit_density
from proofs.prover.words import flat, row_form, scalar_words
from proofs.terms import SCALAR, Term


def special(rw: Rewriter, t: Term, x: Term) -> Term | None:
    law, body = t.args
    if law.op == "bernoulli":
        return rw.apply(t, "bernoulli.expectation", x=x, k=law.args[0], A=lam(x, body))
    if law.op == "uniform_choice":
        return rw.apply(t, "uniform_choice.expectation", x=x, A=lam(x, body), **{"as": list(law.args)})
    if law.op == "pushforward":
        z = bound(law, law.args[1], law.args[0])
        return rw.apply(t, "pushforward.expectation", y=x, x=z, P=law.args[0], G=lam(z, law.args[1]), A=lam(x, body))
    if law.op in ("uniform", "exponential", "poisson"):
        whole = body.op == "pow" and body.args[0] == x and body.args[1].op == "number"
        if not whole and body != x:
            return None
        k = body.args[1] if whole else T.ONE
        lower = T.power(x, T.number(k.data[0] - 1))
        shape = T.mul(x, lower) if law.op == "poisson" else T.power(x, k)
        t2 = rw.within(t, 1, lambda b: rw.field(b, shape))
        if law.op == "uniform":
            return t2 and rw.apply(t2, "uniform.power", x=x, a=law.args[0], b=law.args[1], k=k)
        if law.op == "exponential":
            return t2 and rw.apply(t2, "exponential.power", x=x, r=law.args[0], k=k)
        return t2 and rw.apply(t2, "poisson.shift", x=x, r=law.args[0], A=lam(x, lower))
    return None


def standard_noise(rw: Rewriter, t: Term, x: Term) -> Term | None:
    """An unknown function of a normal variable as one of standard noise: E f(x) = E f(m + s e)."""
    law, body = t.args
    if law.op != "normal" or x.sort != SCALAR or law.args == (T.ZERO, T.ONE):
        return None
    m, v = law.args
    is_opaque = any(n.op in ("call", "at", "derivative") and x.data[0] in free(n) for n in T.walk(body))
    if not is_opaque or v.op != "pow" or v.args[1] != T.TWO:
        return None
    e, s = T.symbol(f"e~{len(rw.binders) + 1}"), v.args[0]

    values = {"x": e, "m": T.ZERO, "v": T.ONE, "a": s, "b": m}
    image = rw.within(t, 0, lambda normal: rw.apply(normal, "normal.affine.scalar", back=True, **values))
    return image and rw.apply(
        image, "pushforward.expectation", y=x, x=e, P=T.normal(T.ZERO, T.ONE), G=lam(e, image.args[0].args[1]),
        A=lam(x, body),
    )  # fmt: skip


def moments(rw: Rewriter, t: Term, x: Term) -> Term | None:
    """Moments of a normal law."""
    law, body = t.args
    if law.op != "normal":
        return None
    m, s = law.args
    if body == x:
        return rw.apply(t, "normal.mean", x=x, m=m, S=s)
    if x.sort == SCALAR:
        if body.op == "pow" and body.args[0] == x and body.args[1].op == "number":
            return rw.apply(t, "normal.power", x=x, m=m, v=s, k=body.args[1])
        if body.op == "function" and body.data == ("exp",):
            return scalar_generating(rw, t, x) or opened(rw, t, x)
        return None
    if body.op == "function" and body.data == ("exp",):
        return vector_generating(rw, t, x) or opened(rw, t, x)
    xt = T.transpose(x)
    if body == T.mul(x, xt):
        return rw.apply(t, "normal.second", x=x, m=m, S=s)
    if body == T.mul(xt, x):
        return rw.apply(t, "normal.norm", x=x, m=m, S=s)
    if body.op == "entry" and body.args[0] == x and len(body.args) == 2:
        return rw.apply(t, "normal.entry_mean", x=x, m=m, S=s, i=body.args[1])
    forms = scalar_words(rw, body)
    if forms is None:
        if body.op == "pow" and body.args[0].op == "entry" and T.is_number(body.args[1], 2):
            e = body.args[0]
            shaped = rw.within(t, 1, lambda b: rw.field(b, T.mul(e, e)))
            return shaped and rw.apply(shaped, "normal.entry", x=x, m=m, S=s, i=e.args[1], j=e.args[1])
        return None
    if len(forms) == 1:
        word = forms[0]
        if word[-1] == x and word[0] == xt and all(x.data[0] not in free(w) for w in word[1:-1]):
            a = T.mul(*word[1:-1])
            return rw.apply(t, "normal.quadratic", x=x, m=m, S=s, A=a)
        return None
    if len(forms) == 2:
        rows = [r for w in forms if (r := row_form(w, x)) is not None]
        if len(rows) == 2:
            a, b = map(T.transpose, rows)
            shape = T.mul(T.mul(T.transpose(a), x), T.mul(T.transpose(b), x))
            shaped = rw.within(t, 1, lambda v: rw.field(v, shape))
            return shaped and rw.apply(shaped, "normal.bilinear", x=x, m=m, S=s, a=a, b=b)
    return None


def opened(rw: Rewriter, t: Term, x: Term) -> Term | None:
    """E exp q(x) with a quadratic q as the integral of exp q(x) times the density, written out."""
    law, body = t.args
    integral = rw.apply(t, "expectation.integral", x=x, P=law, A=lam(x, body))
    return integral and rw.within(integral, 0, lambda b: rw.within(b, 0, lambda d: explicit_density(rw, d)))


def scalar_generating(rw: Rewriter, t: Term, x: Term) -> Term | None:
    """E exp(c + t x)."""
    law, body = t.args
    const, slope = [], []
    for s in summands(body.args[0]):
        factors = product_factors(s)
        if x.data[0] not in free(s):
            const.append(s)
        elif factors.count(x) == 1 and all(x.data[0] not in free(f) for f in factors if f != x):
            slope.append(T.mul(*(f for f in factors if f != x)) if len(factors) > 1 else T.ONE)
        else:
            return None
    if not slope:
        return None
    return generating(rw, t, x, const, T.add(*slope), "normal.generating", {"m": law.args[0], "v": law.args[1]})


def vector_generating(rw: Rewriter, t: Term, x: Term) -> Term | None:
    law, body = t.args
    const, rows = [], []
    for s in summands(body.args[0]):
        if x.data[0] not in free(s):
            const.append(s)
            continue
        c = T.number(1)
        factors = flat(s)
        scalars = [f for f in factors if f.sort == SCALAR]
        if any(x.data[0] in free(f) for f in scalars):
            return None
        word = [f for f in factors if f.sort != SCALAR]
        row = row_form(word, x)
        if row is None:
            return None
        c = T.mul(*scalars) if scalars else T.ONE
        rows.append(row if T.is_number(c, 1) else T.mul(c, row))
    if not rows:
        return None
    v = T.transpose(T.add(*rows))
    return generating(rw, t, x, const, v, "normal.generating.vector", {"m": law.args[0], "S": law.args[1]})


def generating(rw: Rewriter, t: Term, x: Term, const: list[Term], slope: Term, name: str, values: dict) -> Term | None:
    row = T.mul(T.transpose(slope), x) if slope.sort != SCALAR else T.mul(slope, x)
    if not const:
        shaped = rw.within(t, 1, lambda b: rw.within(b, 0, lambda e: rw.field(e, row)))
        return shaped and rw.apply(shaped, name, x=x, t=slope, **values)
    c = T.add(*const)

    def separate(b: Term) -> Term | None:
        b2 = rw.within(b, 0, lambda e: rw.field(e, T.add(c, row)))
        return b2 and rw.apply(b2, "exp.sum", **{"as": [c, row]})

    shaped = rw.within(t, 1, separate)
    if shaped is None:
        return None
    out = rw.apply(shaped, "expectation.linear", x=x, P=t.args[0], cs=[T.exp(c)], As=[lam(x, T.exp(row))])
    if out is None:
        return None
    return (
        rw.within(
            out, len(out.args) - 1, lambda e: rw.apply(e, name, x=bound(e, e.args[1], e.args[0]), t=slope, **values)
        )
        or out
    )
