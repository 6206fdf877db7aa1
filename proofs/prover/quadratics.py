"""Gaussian integrals: exp of a quadratic is a constant times a normal density."""

from __future__ import annotations

from proofs import terms as T
from proofs.binding import free
from proofs.prover.arithmetic import product_factors, summands
from proofs.prover.rewriter import Rewriter
from proofs.prover.words import flat, row_form
from proofs.terms import SCALAR, Term, symbol


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
    precision: dict[tuple[Term, ...], list[Term]] = {}  # the scalars c of c x^T A x, by the factors of A
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
            precision.setdefault(tuple(word[1:-1]), []).append(T.mul(T.number(-2), *scalars))
            continue
        row = row_form(word, x)
        if row is None:
            return None
        rows.append(T.mul(*scalars, row))
    n = x.sort.rows
    if not precision:
        return None
    canon = rw.canon()
    s_matrix = canon.canonical(_covariance(precision, n))
    if not rw.holds("positive_definite", s_matrix):
        return None
    m = canon.canonical(T.mul(s_matrix, T.transpose(T.add(*rows)))) if rows else T.zeros(n)
    c_term = (
        T.add(*constant, T.mul(T.HALF, T.transpose(m), T.inverse(s_matrix), m))
        if rows
        else (T.add(*constant) if constant else T.ZERO)
    )
    return m, s_matrix, c_term


def _covariance(precision: dict[tuple[Term, ...], list[Term]], n: int | str) -> Term:
    """The inverse of the sum of c A."""
    parts = [(T.add(*cs), T.mul(*word) if word else T.identity(n)) for word, cs in precision.items()]
    if len(parts) > 1:
        return T.inverse(T.add(*(T.mul(c, core) for c, core in parts)))
    ((c, core),) = parts
    inverted = core.args[0] if core.op == "inverse" else core if core.op == "identity" else T.inverse(core)
    return T.mul(T.power(c, T.MINUS_ONE), inverted)


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
