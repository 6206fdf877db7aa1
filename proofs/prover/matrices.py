"""Traces, determinants, inverses, elementwise products, norms and entries."""

from __future__ import annotations

from proofs import terms as T
from proofs.binding import free
from proofs.prover.arithmetic import order, summands
from proofs.prover.resolvents import meeting
from proofs.prover.rewriter import Rewriter, tactic
from proofs.prover.words import scalars_and_words
from proofs.terms import SCALAR, Term


@tactic("trace")
def traces(rw: Rewriter, t: Term) -> Term | None:
    a = t.args[0]
    if a.sort == SCALAR:
        return rw.apply(t, "trace.scalar", a=a)
    if a.op == "identity":
        return rw.apply(t, "trace.identity", A=a)
    if a.op == "diag":
        return rw.apply(t, "trace.diag", v=a.args[0], i=T.symbol("i"))
    parts = summands(a)
    split = [scalars_and_words(p) for p in parts]
    if rw.strategy.entries and len(parts) == 1 and not split[0][0]:
        word = split[0][1]
        if len(word) == 2 and all(f.op == "diag" for f in word):
            return rw.apply(t, "trace.diag_product", u=word[0].args[0], v=word[1].args[0], i=T.symbol("i"))
    if len(parts) != 1 or split[0][0]:
        if not parts:
            return rw.apply(t, "trace.linear", cs=[T.ZERO], As=[T.identity(a.sort.rows)])
        cs = [T.mul(*s) if s else T.ONE for s, _ in split]
        return rw.apply(t, "trace.linear", cs=cs, As=[T.mul(*w) for _, w in split])
    word = split[0][1]
    turn, flip = best_rotation(rw, word)
    if flip:
        new = rw.apply(t, "trace.transpose", A=a)
        return new and rw.within(new, 0, rw.norm)
    if turn:
        return rw.apply(t, "trace.cyclic", A=T.mul(*word[:turn]), B=T.mul(*word[turn:]))
    return None


def best_rotation(rw: Rewriter, word: list[Term]) -> tuple[int, bool]:
    """The rotation of a word under the trace that comes first; a scalar part first of all, then what cancels."""
    mirrored = [
        f.args[0] if f.op == "transpose" else (f if rw.holds("symmetric", f) else T.transpose(f))
        for f in reversed(word)
    ]
    options = []
    for flip, w in ((False, word), (True, mirrored)):
        for k in range(len(w)):
            r = w[k:] + w[:k]
            closes = r[0].sort.rows == 1
            options.append((not closes, meeting(r) is None, [order(f) for f in r], flip, k))
    *_, flip, k = min(options)
    return k, flip


@tactic("det")
def determinants(rw: Rewriter, t: Term) -> Term | None:
    a = t.args[0]
    if a.sort == SCALAR:
        return rw.apply(t, "det.scalar", a=a)
    if a.op == "identity":
        return rw.apply(t, "det.identity", A=a)
    if a.op == "inverse":
        return rw.apply(t, "det.inverse", A=a.args[0])
    if a.op == "transpose":
        return rw.apply(t, "det.transpose", A=a.args[0])
    if a.op == "diag":
        return rw.apply(t, "det.diag", v=a.args[0], i=T.symbol("i"))
    if a.op == "matrix" and a.data in ((2, 2), (3, 3)):
        return rw.apply(t, "det.two" if a.data[0] == 2 else "det.three", **dict(zip("abcdefghi", a.args)))
    if a.op == "mul":
        scalars, word = scalars_and_words(a)
        if scalars:
            return rw.apply(t, "det.scale", c=T.mul(*scalars), A=T.mul(*word))
        if all(f.sort.rows == f.sort.cols for f in word):
            return rw.apply(t, "det.product", As=word)
    return None


@tactic("inverse")
def inverses(rw: Rewriter, t: Term) -> Term | None:
    a = t.args[0]
    if a.op == "identity":
        return rw.apply(t, "inverse.identity", A=a)
    if a.op == "inverse":
        return rw.apply(t, "inverse.inverse", A=a.args[0])
    if a.op == "transpose":
        return rw.apply(t, "inverse.transpose", A=a.args[0])
    if a.op == "diag" and rw.strategy.entries:
        return rw.apply(t, "inverse.diag", v=a.args[0])
    if a.op == "mul":
        scalars, word = scalars_and_words(a)
        if scalars:
            return rw.apply(t, "inverse.scale", c=T.mul(*scalars), A=T.mul(*word))
        if all(f.sort.rows == f.sort.cols for f in word):
            return rw.apply(t, "inverse.product", A=word[0], B=T.mul(*word[1:]))
    return None


@tactic("transpose")
def transposes(rw: Rewriter, t: Term) -> Term | None:
    new = rw.canon().canonical(t)
    return None if new == t else rw.field(t, new)


@tactic("hadamard")
def elementwise(rw: Rewriter, t: Term) -> Term | None:
    if t.sort.cols != 1 or rw.strategy.entries:
        return None
    if len(t.args) > 2:
        return None
    u, v = t.args
    bound = set(rw.binders)
    if (bool(free(v) & bound), order(v)) < (bool(free(u) & bound), order(u)):
        u, v = v, u
        swapped = rw.apply(t, "hadamard.commute", u=t.args[0], v=t.args[1])
        if swapped is None:
            return None
        t = swapped
    return rw.apply(t, "hadamard.diag", u=u, v=v)


@tactic("diag")
def diagonals(rw: Rewriter, t: Term) -> Term | None:
    v = t.args[0]
    if rw.strategy.entries:
        return None
    if v.op == "pow" and T.is_number(v.args[1], 2):
        return rw.apply(t, "diag.square", v=v.args[0])
    if v.op == "hadamard" and len(v.args) == 2:
        return rw.apply(t, "diag.hadamard", u=v.args[0], v=v.args[1])
    return None


@tactic("mul")
def inner_products(rw: Rewriter, t: Term) -> Term | None:
    """x^T y and x^T diag(v) y as sums over entries, where the relation speaks of entries."""
    if not rw.strategy.entries or t.sort != SCALAR or any(f.sort == SCALAR for f in t.args):
        return None
    first, *middle, last = t.args
    x = first.args[0] if first.op == "transpose" else T.transpose(first)
    if last.sort.cols != 1:
        return None
    if not middle:
        return rw.apply(t, "inner.sum", x=x, y=last, i=T.symbol("i"))
    if len(middle) == 1 and middle[0].op == "diag":
        return rw.apply(t, "inner.diag", x=x, y=last, v=middle[0].args[0], i=T.symbol("i"))
    return None


@tactic("norm")
def norms(rw: Rewriter, t: Term) -> Term | None:
    return rw.apply(t, "norm.root", x=t.args[0]) if t.args[0].sort.cols == 1 else None


@tactic("entry")
def entries(rw: Rewriter, t: Term) -> Term | None:
    a, *i = t.args
    if a.op == "matrix":
        new = rw.canon().canonical(t)
        return None if new == t else rw.field(t, new)
    if len(i) == 2:
        if i[0] == i[1] and a.op == "diag":
            return rw.apply(t, "entry.diag", v=a.args[0], i=i[0])
        if i[0] == i[1] and a.op == "identity":
            return rw.apply(t, "entry.identity", A=a, i=i[0])
        if a.op == "mul" and i[0] == i[1]:
            scalars, word = scalars_and_words(a)
            if not scalars and len(word) == 2 and all(w.op == "diag" for w in word):
                return rw.apply(t, "entry.diag_square", u=word[0].args[0], v=word[1].args[0], i=i[0])
        return None
    (k,) = i
    if a.op == "zeros":
        return rw.apply(t, "entry.zero", A=a, i=k)
    if a.op == "ones":
        return rw.apply(t, "entry.ones", A=a, i=k)
    if a.op == "hadamard" and len(a.args) == 2:
        return rw.apply(t, "entry.hadamard", u=a.args[0], v=a.args[1], i=k)
    if a.op == "pow":
        return rw.apply(t, "entry.power", v=a.args[0], k=a.args[1], i=k)
    parts = summands(a)
    split = [scalars_and_words(p) for p in parts]
    if len(parts) > 1 or (split and split[0][0]):
        cs = [T.mul(*s) if s else T.ONE for s, _ in split]
        return rw.apply(t, "entry.linear", cs=cs, As=[T.mul(*w) for _, w in split], i=k)
    if a.op == "mul" and len(a.args) == 2 and a.args[0].op == "diag":
        return rw.apply(t, "entry.diag_times", v=a.args[0].args[0], x=a.args[1], i=k)
    return None
