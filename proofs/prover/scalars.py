"""What to do with sums, products, powers, logarithms and exponentials."""

from __future__ import annotations

from fractions import Fraction

from proofs import terms as T
from proofs.prover.arithmetic import product_factors, summands
from proofs.prover.rewriter import Rewriter, tactic
from proofs.terms import SCALAR, Term


def arranged(rw: Rewriter, t: Term) -> Term:
    """The canonical arrangement of an arithmetic term."""
    new = rw.canon().canonical(t)
    return t if new == t else (rw.field(t, new) or t)


@tactic("pow")
def powers(rw: Rewriter, t: Term) -> Term | None:
    b, e = t.args
    if t.sort != SCALAR:
        return None
    if b.op == "constant" and b.data == ("e",):
        return rw.apply(t, "constant.e", k=e)
    if b.op == "function" and b.data == ("exp",):
        return rw.apply(t, "exp.power", a=b.args[0], k=e)
    if b.op == "function" and b.data == ("abs",) and T.is_number(e, 2):
        return rw.apply(t, "abs.squared", a=b.args[0])
    if b.op == "pow" and T.is_number(b.args[1], Fraction(1, 2)) and T.is_number(e, 2):
        return rw.apply(t, "root.squared", b=b.args[0])
    if b.op == "norm" and T.is_number(e, 2) and b.args[0].sort.cols == 1:
        return rw.apply(t, "norm.squared", x=b.args[0])
    whole = e.op == "number" and e.data[0].denominator == 1
    if not whole and rw.holds("positive", b):
        return rw.apply(t, "power.exp", b=b, k=e)
    if T.is_number(e, Fraction(1, 2)) and b.op == "pow" and T.is_number(b.args[1], 2):
        return rw.apply(t, "root.square", b=b.args[0])
    return None


@tactic("add", "mul", "pow")
def arithmetic(rw: Rewriter, t: Term) -> Term | None:
    if t.sort.kind not in ("scalar", "matrix"):
        return None
    if t.op == "pow" and (t.sort != SCALAR or t.args[1].op != "number" or t.args[1].data[0].denominator != 1):
        return None
    new = arranged(rw, t)
    if new != t:
        return new
    return merge_exponentials(rw, t)


def _exponent(f: Term) -> tuple[Term, Term] | None:
    """exp(a)^k as (a, k)."""
    if f.op == "function" and f.data == ("exp",):
        return f.args[0], T.ONE
    if f.op == "pow" and f.args[0].op == "function" and f.args[0].data == ("exp",) and f.args[1].op == "number":
        return f.args[0].args[0], f.args[1]
    return None


def merge_exponentials(rw: Rewriter, t: Term) -> Term | None:
    """One exponential in each monomial."""
    if t.op == "add":
        for i, a in enumerate(t.args):
            new = rw.within(t, i, lambda a: merge_exponentials(rw, a)) if a.op in ("mul", "pow") else None
            if new is not None and new != t:
                return new
        return None
    if t.sort != SCALAR:
        return None
    factors = product_factors(t)
    found = [(f, e) for f in factors if (e := _exponent(f)) is not None]
    if not found or (len(found) == 1 and T.is_number(found[0][1][1], 1)):
        return None
    others = [f for f in factors if _exponent(f) is None]
    exps = [T.power(T.exp(a), k) for _, (a, k) in found]
    shape = T.mul(*others, T.mul(*exps)) if others else T.mul(*exps)
    t2 = rw.field(t, shape)
    if t2 is None:
        return None

    def combine(p: Term) -> Term | None:
        if len(found) == 1:
            q = rw.apply(p, "exp.power", a=found[0][1][0], k=found[0][1][1])
            return None if q is None else rw.norm(q)
        for i, (_, (a, k)) in enumerate(found):
            with rw.inside(p, i):
                new = rw.apply(p.args[i], "exp.power", a=a, k=k)
            if new is None:
                return None
            p = T.mul(*p.args[:i], new, *p.args[i + 1 :])
        q = rw.apply(p, "exp.sum", back=True, **{"as": [f.args[0] for f in p.args]})
        return None if q is None else rw.norm(q)

    return rw.within(t2, len(t2.args) - 1, combine) if others else combine(t2)


# ------------------------------------------------------------------------------------------------ functions


@tactic("function")
def functions(rw: Rewriter, t: Term) -> Term | None:
    if t.sort != SCALAR:
        return None
    name, a = t.data[0], t.args[0]
    if name == "log":
        return logarithm(rw, t)
    if name == "exp":
        return exponential(rw, t)
    if name == "sqrt":
        return rw.apply(t, "sqrt.power", a=a)
    if name == "abs":
        return absolute(rw, t)
    if name in ("sigmoid", "logit", "softplus", "tanh") and rw.strategy.definitions:
        return rw.apply(t, f"{name}.definition", a=a)
    return None


def absolute(rw: Rewriter, t: Term) -> Term | None:
    a = t.args[0]
    new = rw.apply(t, "abs.positive", a=a) or rw.apply(t, "abs.negative", a=a)
    if new is not None:
        return new
    factors = product_factors(a)
    if len(factors) > 1 and all(f.sort == SCALAR for f in factors):
        return rw.apply(t, "abs.product", **{"as": list(factors)})
    if a.op == "pow" and a.args[1].op == "number":
        return rw.apply(t, "abs.power", a=a.args[0], k=a.args[1])
    return None


def primes(n: int) -> list[tuple[int, int]] | None:
    """The factorisation of a small number, or None."""
    out = []
    p = 2
    while p * p <= n and p < 2000:
        k = 0
        while n % p == 0:
            n, k = n // p, k + 1
        if k:
            out.append((p, k))
        p += 1
    if n > 1:
        if p * p <= n:
            return None
        out.append((n, 1))
    return out


def logarithm(rw: Rewriter, t: Term) -> Term | None:
    a = t.args[0]
    if T.is_number(a, 1):
        return rw.apply(t, "log.one")
    if a.op == "function" and a.data == ("exp",):
        return rw.apply(t, "log.exp", a=a.args[0])
    if a.op == "product":
        i = T.symbol(a.data[0])
        return rw.apply(t, "log.finite_product", i=i, A=lam1(i, a.args[0]), a=a.args[1], b=a.args[2])
    if a.op == "pdf" and a.args[0].op in ("normal", "bernoulli", "exponential", "laplace"):
        return rw.within(t, 0, lambda d: explicit_density(rw, d))
    if a.op == "pow" and T.is_number(a.args[1], 2) and not rw.holds("positive", a.args[0]):
        return rw.apply(t, "log.square", b=a.args[0])
    canon = rw.canon()
    p = canon.lowest(canon.scalar(a)[0])
    if not p:
        return None
    content, shift, pieces = canon.factor(p)
    sign = 1 if content > 0 else -1
    bases: list[tuple[Term, int]] = []
    for n, s in ((abs(content).numerator, 1), (abs(content).denominator, -1)):
        split = primes(n)
        for q, k in split if split is not None else [(n, 1)]:
            bases.append((T.number(q), s * k))
    rest: list[Term] = [] if sign > 0 else [T.MINUS_ONE]
    symbols = [*canon.factors(shift), *((canon.poly_term(f), k) for f, k in pieces)]
    for b, k in symbols:
        if rw.holds("positive", b):
            bases.append((b, k))
        elif k % 2 == 0 and rw.holds("nonzero", b):
            bases.append((T.power(b, T.number(k)), 1))
        else:
            rest.append(b if k == 1 else T.power(b, T.number(k)))
    if rest:
        r = canon.canonical(T.mul(*rest))
        if not rw.holds("positive", r):
            return None
        bases.append((r, 1))
    if len(bases) == 1 and bases[0][1] == 1 and bases[0][0] == a:
        return None
    if not bases:
        return None
    return rw.apply(t, "log.product", bs=[b for b, _ in bases], es=[T.number(k) for _, k in bases])


def lam1(variable: Term, body: Term):
    from proofs.prover.rewriter import lam

    return lam(variable, body)


def exponential(rw: Rewriter, t: Term) -> Term | None:
    a = t.args[0]
    if T.is_number(a, 0):
        return rw.apply(t, "exp.zero")
    parts = summands(a)
    for i, s in enumerate(parts):
        factors = product_factors(s)
        logs = [f for f in factors if f.op == "function" and f.data == ("log",)]
        if len(logs) != 1:
            continue
        others = [f for f in factors if f is not logs[0]]
        if others and not (len(others) == 1 and others[0].op == "number"):
            continue
        c = others[0].data[0] if others else Fraction(1)
        k = c.numerator // c.denominator
        if k == 0:
            continue
        left = [p for j, p in enumerate(parts) if j != i]
        if c != k:
            left.append(T.mul(T.number(c - k), logs[0]))
        r = T.add(*left) if left else T.ZERO
        new = rw.apply(t, "exp.log", k=T.number(k), b=logs[0].args[0], r=r)
        if new is None:
            shaped = rw.field_at(t, 0, T.add(T.mul(T.number(k), logs[0]), r))
            new = shaped and rw.apply(shaped, "exp.log", k=T.number(k), b=logs[0].args[0], r=r)
        if new is not None:
            return new
    return None


def explicit_density(rw: Rewriter, d: Term) -> Term | None:
    """The formula of a density."""
    law, *points = d.args
    if len(points) != 1:
        return None
    x = points[0]
    if law.op == "normal":
        m, v = law.args
        if m.sort == SCALAR:
            return rw.apply(d, "normal.density", m=m, v=v, x=x)
        return rw.apply(d, "normal.density.vector", m=m, S=v, x=x)
    if law.op == "bernoulli":
        return rw.apply(d, "bernoulli.mass", k=law.args[0], x=x)
    if law.op == "exponential":
        return rw.apply(d, "exponential.density", r=law.args[0], x=x)
    return None
