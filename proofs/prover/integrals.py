"""Integrals and expectations: split, constants out, densities recognised, moments put in."""

from __future__ import annotations

from fractions import Fraction

from proofs import terms as T
from proofs.binding import base, free, sort_of
from proofs.prover.arithmetic import product_factors, summands
from proofs.prover.rewriter import Rewriter, lam, tactic
from proofs.terms import SCALAR, Term, symbol

NAMED_LAWS = frozenset({"normal", "bernoulli", "uniform", "exponential", "gamma", "beta", "poisson", "laplace",
                        "student_t", "categorical"})  # fmt: skip


def bound(t: Term, body: Term, law: Term | None = None) -> Term:
    """The bound variable of a binder, with the sort that it has in the body or that its law gives."""
    name = t.data[0]
    sort = sort_of(body, name)
    if sort is None and law is not None and law.op in NAMED_LAWS and law.args:
        sort = law.args[0].sort if law.op == "normal" else SCALAR
    return symbol(name, sort or SCALAR)


def split(rw: Rewriter, body: Term, x: Term) -> tuple[list[Term], list[Term]] | None:
    """Constants and rests of the monomials of a body, equal rests together.  None where nothing is to be done."""
    parts = summands(body)
    table: dict[Term, list[Term]] = {}
    inside = rw.context.free_of
    for s in parts:
        factors = product_factors(s)
        if s.sort == SCALAR and any(f.sort != SCALAR for f in factors):
            scalars = [f for f in factors if f.sort == SCALAR]
            words = [f for f in factors if f.sort != SCALAR]
            c = [f for f in scalars if inside(x, f)]
            r = [f for f in scalars if not inside(x, f)]
            word = T.mul(*words)
            (c if inside(x, word) else r).extend([word])
        elif s.sort == SCALAR:
            c = [f for f in factors if inside(x, f)]
            r = [f for f in factors if not inside(x, f)]
        else:
            c = [f for f in factors if f.sort == SCALAR and inside(x, f)]
            r = [f for f in factors if not (f.sort == SCALAR and inside(x, f))]
        rest = T.mul(*r) if r else T.ONE
        table.setdefault(rest, []).append(T.mul(*c) if c else T.ONE)
    if not table:
        return [T.ZERO], [T.ONE if body.sort == SCALAR else body]
    rests = list(table)
    constants = [T.add(*cs) for cs in table.values()]
    if len(rests) == 1 and T.is_number(constants[0], 1):
        return None
    return constants, rests


def linear(rw: Rewriter, t: Term, position: int) -> Term | None:
    """The binder over a sum of constants times rests."""
    x = bound(t, t.args[position], t.args[0] if position else None)
    with rw.inside(t, position):
        pieces = split(rw, t.args[position], x)
    if pieces is None:
        return None
    constants, rests = pieces
    if T.is_number(constants[0], 0):
        rests = [t.args[position]]
    shape = T.add(*(T.mul(c, r) for c, r in zip(constants, rests)))
    t2 = rw.within(t, position, lambda b: rw.field(b, shape))
    if t2 is None:
        return None
    values: dict = {"x": x, "cs": constants, "As": [lam(x, r) for r in rests]}
    if position:
        return rw.apply(t2, "expectation.linear", P=t.args[0], **values)
    return rw.apply(t2, "integral.linear", **values)


def exponential_out(rw: Rewriter, t: Term, position: int) -> Term | None:
    """exp(c + e) in the body, with c constant: exp(c) goes out."""
    body = t.args[position]
    x = bound(t, body, t.args[0] if position else None)
    factors = product_factors(body)
    if body.sort != SCALAR or any(f.sort != SCALAR for f in factors):
        return None
    for f in factors:
        if f.op != "function" or f.data != ("exp",):
            continue
        parts = summands(f.args[0])
        c = [s for s in parts if rw.context.free_of(x, s)]
        e = [s for s in parts if s not in c]
        if not c or not e:
            continue
        others = [g for g in factors if g is not f]
        constant, rest = T.add(*c), T.add(*e)
        t2 = rw.field_at(t, position, T.mul(f, *others))
        if t2 is None:
            return None
        with rw.inside(t2, position):
            b = t2.args[position]
            b2 = (
                separated(rw, b, constant, rest)
                if not others
                else rw.within(
                    b,
                    0,
                    lambda g, c=constant, r=rest: separated(rw, g, c, r),  # type: ignore[misc]
                )
            )
        if b2 is None:
            return None
        t2 = T.term(t2.op, (*t2.args[:position], b2, *t2.args[position + 1 :]), t2.data, t2.sort)
        values: dict = {"x": x, "cs": [T.exp(constant)], "As": [lam(x, T.mul(T.exp(rest), *others))]}
        if position:
            return rw.apply(t2, "expectation.linear", P=t.args[0], **values)
        return rw.apply(t2, "integral.linear", **values)
    return None


def separated(rw: Rewriter, e: Term, constant: Term, rest: Term) -> Term | None:
    """exp(c + e) as exp(c) exp(e)."""
    e2 = rw.field_at(e, 0, T.add(constant, rest))
    return e2 and rw.apply(e2, "exp.sum", **{"as": [constant, rest]})


def through_sum(rw: Rewriter, t: Term, position: int) -> Term | None:
    """A finite sum in the body goes out."""
    body = t.args[position]
    factors = product_factors(body)
    sums = [f for f in factors if f.op == "sum"]
    if len(sums) != 1 or body.sort != SCALAR:
        return None
    s = sums[0]
    x = bound(t, body, t.args[0] if position else None)
    if x.data[0] in free(s.args[1]) | free(s.args[2]):
        return None
    i = symbol(s.data[0])
    others = [f for f in factors if f is not s]
    if others:

        def push(b: Term) -> Term | None:
            c = T.mul(*others)
            b2 = rw.field(b, T.mul(c, s))
            return b2 and rw.apply(
                b2, "sum.linear", back=True, i=i, cs=[c], As=[lam(i, s.args[0])], a=s.args[1], b=s.args[2]
            )

        t = rw.within(t, position, push) or t
        s = t.args[position]
        if s.op != "sum":
            return None
        i = symbol(s.data[0])
    from proofs.rules.language import Lambda

    values: dict = {"x": x, "i": i, "A": Lambda((x, i), s.args[0]), "a": s.args[1], "b": s.args[2]}
    if position:
        return rw.apply(t, "expectation.sum", P=t.args[0], **values)
    return rw.apply(t, "integral.sum", **values)


# ------------------------------------------------------------------------------------------------ integrals


@tactic("integral")
def integrals(rw: Rewriter, t: Term) -> Term | None:
    if len(t.args) != 1:
        return None
    body = t.args[0]
    x = bound(t, body)
    space = rw.context.space(x.data[0])
    if space and space != base(x.data[0]) and x.data[0] in free(body):
        y = symbol(f"{space}~{len(rw.binders) + 1}", x.sort)
        renamed = rw.apply(t, "integral.rename", x=x, y=y, A=lam(x, body))
        if renamed is not None:
            return renamed
    for f in (
        lambda: linear(rw, t, 0),
        lambda: exponential_out(rw, t, 0),
        lambda: through_sum(rw, t, 0),
        lambda: as_image(rw, t, x),
        lambda: densities(rw, t, x),
        lambda: gaussian(rw, t, x),
        lambda: of_derivative(rw, t, x),
    ):
        mark = rw.snapshot()
        new = f()
        if new is not None:
            return new
        rw.undo(mark)
    return None


def image_of(rw: Rewriter, law: Term, body: Term, x: Term) -> tuple[Term, Term, Term] | None:
    """The unknown law of G(x), for a body that depends on x only through G(x): (law, G(x), body over the image)."""
    if law.op != "family" or x.data[0] not in free(body):
        return None
    for letter, record in rw.context.hypotheses.families.items():
        if record.pushforward is None or record.pushforward[1] != law.data[0] or len(record.spaces) != 1:
            continue
        name = record.pushforward[0]
        calls = {n for n in T.walk(body) if n.op == "call" and n.data[0] == name and n.args[0] == x}
        if len(calls) != 1:
            continue
        (g,) = calls
        y = symbol(f"{record.spaces[0]}~{len(rw.binders) + 1}", g.sort)
        lifted = _replace(body, g, y)
        if x.data[0] not in free(lifted):
            params = [symbol(n) for n in record.parameters]
            return T.family(letter, (record.spaces[0],), (), (), params), g, T.expectation(y.data[0], law, lifted)
    return None


def _replace(t: Term, old: Term, new: Term) -> Term:
    if t == old:
        return new
    return t if not t.args else T.term(t.op, (_replace(a, old, new) for a in t.args), t.data, t.sort)


def to_image(rw: Rewriter, t: Term, x: Term) -> Term | None:
    """An expectation over z of something of G(z) as one over x = G(z)."""
    law, body = t.args
    found = image_of(rw, law, body, x)
    if found is None:
        return None
    family, g, lifted = found
    y = bound(lifted, lifted.args[1])
    new = rw.apply(t, "pushforward.expectation", back=True, y=y, x=x, P=law, G=lam(x, g), A=lam(y, lifted.args[1]))
    return new and rw.within(new, 0, lambda p: rw.take(p, {"law": family}))


def as_image(rw: Rewriter, t: Term, x: Term) -> Term | None:
    """The same for an integral against the density of z."""
    factors = product_factors(t.args[0])
    for d in factors:
        if d.op == "pdf" and d.args[1:] == (x,) and len(factors) > 1:
            rest = T.mul(*(f for f in factors if f is not d))
            if image_of(rw, d.args[0], rest, x) is not None:
                new = rw.apply(t, "expectation.integral", back=True, x=x, P=d.args[0], A=lam(x, rest))
                return new and to_image(rw, new, bound(new, new.args[1]))
    return None


def densities(rw: Rewriter, t: Term, x: Term) -> Term | None:
    """A density alone integrates to one or to a marginal; a named law times something is an expectation."""
    factors = product_factors(t.args[0])
    for d in factors:
        if d.op != "pdf" or x not in d.args[1:]:
            continue
        law, points = d.args[0], list(d.args[1:])
        others = [f for f in factors if f is not d]
        if law.op in NAMED_LAWS and points == [x] and x.data[0] not in free(law):
            rest = T.mul(*others) if others else T.ONE
            t2 = rw.field_at(t, 0, T.mul(d, rest))
            new = t2 and rw.apply(t2, "expectation.integral", back=True, x=x, P=law, A=lam(x, rest))
            if new is not None:
                return new
        if others:
            continue
        if points == [x]:
            return rw.apply(t, "density.normalised", x=x, P=law)
        if law.op == "family" and points.count(x) == 1:
            return marginal(rw, t, x, d)
    return None


def family_values(law: Term) -> dict:
    letter, _, givens, _ = law.data
    n = len(givens)
    return {"p": letter, "gs": list(givens), "gvs": list(law.args[:n]), "params": list(law.args[n:])}


def marginal(rw: Rewriter, t: Term, x: Term, d: Term) -> Term | None:
    law, points = d.args[0], list(d.args[1:])
    outcomes = list(law.data[1])
    k = points.index(x)
    values = family_values(law)
    if k < len(points) - 1:

        def move(b: Term) -> Term | None:
            return rw.apply(b, "density.order", **values, **{
                "as": outcomes[:k], "avs": points[:k], "bs": outcomes[k : k + 1], "bvs": [x],
                "cs": outcomes[k + 1 :], "cvs": points[k + 1 :], "ds": [], "dvs": [],
            })  # fmt: skip

        t = rw.within(t, 0, move) or t
    rest = [*outcomes[:k], *outcomes[k + 1 :]]
    rest_points = [*points[:k], *points[k + 1 :]]
    return rw.apply(t, "density.marginal", z=x, **values, xs=rest, xvs=rest_points, zs=[outcomes[k]])


def of_derivative(rw: Rewriter, t: Term, x: Term) -> Term | None:
    """The integral of the derivative of a density, the derivative taken outside."""
    body = t.args[0]
    if body.op != "derivative" or len(body.data) != 1 or body.args[0].op != "pdf" or body.data[0] == x.data[0]:
        return None
    d = body.args[0]
    if x not in d.args[1:]:
        return None
    w = symbol(body.data[0], sort_of(d, body.data[0]) or SCALAR)
    inner = T.integral(x.data[0], d)
    new = rw.apply(t, "derivative.integral", back=True, w=w, x=x, A=lam(x, d))
    if new is None or new.args[0] != inner:
        return new
    return rw.within(new, 0, lambda i: densities(rw, i, x)) if new else None


# ------------------------------------------------------------------------------------------------ expectations


@tactic("expectation")
def expectations(rw: Rewriter, t: Term) -> Term | None:
    law, body = t.args
    x = bound(t, body, law)
    if x.data[0] not in free(body):
        return rw.apply(t, "expectation.constant", x=x, P=law, c=body)
    image = to_image(rw, t, x)
    if image is not None:
        return image
    if law.op in ("family", "with_density") and rw.strategy.to_integrals:
        space = law.data[1][0] if law.op == "family" else rw.context.space(law.data[0])
        if space:
            y = symbol(f"{space}~{len(rw.binders) + 1}", x.sort)
            from proofs.binding import substitute

            moved = substitute(body, {x.data[0]: y}) if y != x else body
            new = rw.apply(t, "expectation.integral", x=y, P=law, A=lam(y, moved))
            if new is not None:
                return new
    for f in (
        lambda: linear(rw, t, 1),
        lambda: exponential_out(rw, t, 1),
        lambda: through_sum(rw, t, 1),
        lambda: special(rw, t, x),
        lambda: moments(rw, t, x),
        lambda: matrices_out(rw, t, x),
    ):
        mark = rw.snapshot()
        new = f()
        if new is not None:
            return new
        rw.undo(mark)
    return None


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
            return scalar_generating(rw, t, x)
        return None
    if body.op == "function" and body.data == ("exp",):
        return vector_generating(rw, t, x)
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
        rows = [row_form(w, x) for w in forms]
        if all(r is not None for r in rows):
            a, b = (T.transpose(r) for r in rows)  # type: ignore[arg-type]
            shape = T.mul(T.mul(T.transpose(a), x), T.mul(T.transpose(b), x))
            shaped = rw.within(t, 1, lambda v: rw.field(v, shape))
            return shaped and rw.apply(shaped, "normal.bilinear", x=x, m=m, S=s, a=a, b=b)
    return None


def scalar_words(rw: Rewriter, body: Term) -> list[list[Term]] | None:
    """The scalar words, like x^T A x, of a monomial made of nothing else, with repetition."""
    if body.sort != SCALAR:
        return None
    canon = rw.canon()
    p = canon.scalar(body)[0]
    if len(p) != 1:
        return None
    ((m, c),) = p.items()
    if c != 1:
        return None
    words = []
    for i, e in m:
        a = canon.atoms[i]
        if isinstance(a, Term) or e < 0:
            return None
        word = [T.transpose(canon.atoms[j]) if tr else canon.atoms[j] for j, tr in a]
        words.extend([word] * e)
    return words


def flat(t: Term) -> list[Term]:
    """The factors of a product, those of a scalar word among them."""
    return [g for f in product_factors(t) for g in (flat(f) if f.op == "mul" else [f])]


def flipped(v: Term) -> Term:
    return v.args[0] if v.op == "transpose" else T.transpose(v)


def row_form(word: list[Term], x: Term) -> Term | None:
    """The row b^T for which a scalar word is b^T x, or None."""
    xt = T.transpose(x)
    for w in (word, [flipped(v) for v in reversed(word)]):
        if w[-1] == x and all(v not in (x, xt) and x.data[0] not in free(v) for v in w[:-1]):
            return T.mul(*w[:-1])
    return None


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


def matrices_out(rw: Rewriter, t: Term, x: Term) -> Term | None:
    """Constant matrices leave an expectation on both sides; a scalar that is linear in x is a row times x."""
    law, body = t.args
    factors = list(product_factors(body))
    if body.op == "trace":
        return rw.apply(t, "expectation.trace", x=x, P=law, B=lam(x, body.args[0]))
    if body.op == "transpose":
        return rw.apply(t, "expectation.transpose", x=x, P=law, B=lam(x, body.args[0]))
    if body.op != "mul":
        return None
    if body.sort == SCALAR:
        words = scalar_words(rw, body)
        if not words or len(words) != 1:
            return None
        row = row_form(words[0], x)
        if row is None:
            return None
        shape = T.mul(row, x)
        t2 = rw.within(t, 1, lambda b: rw.field(b, shape))
        return t2 and rw.apply(t2, "expectation.matrix", x=x, P=law, A=row, B=lam(x, x), C=T.ONE)
    matrices = [f for f in factors if f.sort != SCALAR]
    if len(matrices) != len(factors):
        return None
    touched = [k for k, f in enumerate(factors) if x.data[0] in free(f)]
    if not touched:
        return None
    lo, hi = touched[0], touched[-1]
    if lo == 0 and hi == len(factors) - 1:
        return None
    a = T.mul(*factors[:lo]) if lo else T.ONE
    c = T.mul(*factors[hi + 1 :]) if hi + 1 < len(factors) else T.ONE
    b = T.mul(*factors[lo : hi + 1])
    shape = T.mul(a, b, c)
    t2 = rw.within(t, 1, lambda v: rw.field(v, shape) or v)
    return t2 and rw.apply(t2, "expectation.matrix", x=x, P=law, A=a, B=lam(x, b), C=c)


# ------------------------------------------------------------------------------------------------ Gaussian integrals


def gaussian(rw: Rewriter, t: Term, x: Term) -> Term | None:
    """exp of a quadratic in x is a constant times a normal density."""
    factors = product_factors(t.args[0])
    exps = [f for f in factors if f.op == "function" and f.data == ("exp",) and x.data[0] in free(f)]
    if len(exps) != 1:
        return None
    found = complete_square(rw, exps[0].args[0], x)
    if found is None:
        return None
    m, s, c = found
    law = T.normal(m, s)
    d = T.pdf(law, x)
    n = T.ONE if x.sort == SCALAR else (T.number(x.sort.rows) if isinstance(x.sort.rows, int) else symbol(x.sort.rows))
    scale = T.power(T.mul(T.TWO, T.PI), T.mul(T.HALF, n))
    volume = T.power(s if x.sort == SCALAR else T.det(s), T.HALF)
    constant = T.mul(T.exp(c), scale, volume)
    others = [f for f in factors if f is not exps[0]]
    target = T.mul(constant, d, *others)
    # the density is opened on a copy, and both are brought to one form
    values = {"m": m, "v": s, "x": x} if x.sort == SCALAR else {"m": m, "S": s, "x": x}
    name = "normal.density" if x.sort == SCALAR else "normal.density.vector"
    return expand_and_match(rw, t, target, name, values)


def expand_and_match(rw: Rewriter, t: Term, target: Term, name: str, values: dict) -> Term | None:
    """body -> target, where the normal form of the target, its density opened, is the body."""
    k = next(i for i, f in enumerate(target.args) if f.op == "pdf")

    def change(body: Term) -> Term | None:
        mark = rw.snapshot()
        opened = rw.within(target, k, lambda f: rw.apply(f, name, **values))
        rw.undo(mark)
        if opened is None:
            return None
        shadow = Rewriter(rw.kernel, rw.strategy, rw.deadline)
        shadow.path, shadow.contexts, shadow.binders = list(rw.path), list(rw.contexts), list(rw.binders)
        if shadow.norm(opened) != body:
            return None
        steps = [{**s, "at": s["at"][len(rw.path) :]} for s in shadow.steps]
        if rw.take(body, {"prove": opened, "by": {"left": [], "right": steps}}) is None:
            return None
        return rw.within(opened, k, lambda f: rw.apply(f, name, back=True, **values))

    return rw.within(t, 0, change)


def complete_square(rw: Rewriter, e: Term, x: Term) -> tuple[Term, Term, Term] | None:
    """Mean, covariance and remainder of a quadratic -1/2 (x-m)^T S^-1 (x-m) + c, or None."""
    if x.sort == SCALAR:
        return _square_on_line(rw, e, x)
    constant: list[Term] = []
    rows: list[Term] = []
    quadratic: list[tuple[Fraction, list[Term], list[Term]]] = []
    for s in summands(e):
        if x.data[0] not in free(s):
            constant.append(s)
            continue
        factors = flat(s)
        scalars = [f for f in factors if f.sort == SCALAR]
        word = [f for f in factors if f.sort != SCALAR]
        if any(x.data[0] in free(f) for f in scalars) or not word:
            return None
        if word[0] == T.transpose(x) and word[-1] == x and all(x.data[0] not in free(w) for w in word[1:-1]):
            c = Fraction(1)
            rest = []
            for f in scalars:
                if f.op == "number":
                    c *= f.data[0]
                else:
                    rest.append(f)
            quadratic.append((c, rest, word[1:-1]))
            continue
        row = row_form(word, x)
        if row is None:
            return None
        rows.append(T.mul(*scalars, row))
    if len(quadratic) != 1:
        return None
    c, rest, middle = quadratic[0]
    if c >= 0:
        return None
    n = x.sort.rows
    if len(middle) > 1:
        return None
    core = middle[0] if middle else T.identity(n)
    covariance = core.args[0] if core.op == "inverse" else (T.inverse(core) if middle else T.identity(n))
    scale = T.mul(T.number(-1 / (2 * c)), *(T.power(r, T.MINUS_ONE) for r in rest))
    canon = rw.canon()
    s_matrix = canon.canonical(T.mul(scale, covariance))
    if not rw.holds("positive_definite", s_matrix):
        return None
    m = canon.canonical(T.mul(s_matrix, T.transpose(T.add(*rows)))) if rows else T.zeros(n)
    c_term = (
        T.add(*constant, T.mul(T.HALF, T.transpose(m), T.inverse(s_matrix), m))
        if rows
        else (T.add(*constant) if constant else T.ZERO)
    )
    return m, s_matrix, c_term


def _square_on_line(rw: Rewriter, e: Term, x: Term) -> tuple[Term, Term, Term] | None:
    canon = rw.canon()
    p = canon.scalar(e)[0]
    ix = canon.atom(x)
    by_degree: dict[int, dict] = {0: {}, 1: {}, 2: {}}
    for m, c in p.items():
        k = dict(m).get(ix, 0)
        rest = tuple((i, j) for i, j in m if i != ix)
        if k not in by_degree or any(x.data[0] in free(canon.atom_term(i)) for i, _ in rest):
            return None
        by_degree[k][rest] = c
    if not by_degree[2]:
        return None
    a, b, c0 = (canon.poly_term(by_degree[k]) for k in (2, 1, 0))
    v = canon.canonical(T.power(T.mul(T.number(-2), a), T.MINUS_ONE))
    if not rw.holds("positive", v):
        return None
    mean = canon.canonical(T.mul(v, b))
    return mean, v, canon.canonical(T.add(c0, T.divide(T.mul(T.HALF, mean, mean), v)))
