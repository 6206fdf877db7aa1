"""Derived rules for derivatives, determinants, norms and diagonal matrices."""

from __future__ import annotations

from proofs import terms as T
from proofs.prover.lemmas import by, field, lemma


@lemma("derivative.norm", "(D w (* (T w) w)) = (* 2 w)", says="The gradient of w^T w is 2 w.")
def _(left, right, v):
    w = v["w"]
    core = T.identity(w.sort.rows)
    return [field(T.mul(T.transpose(w), core, w), 0), by("derivative.quadratic", w=w, A=core)], []


@lemma("det.inverse", "(det (inv A)) = (^ (det A) -1)", "invertible A", says="det A^-1 = 1/det A.")
def _(left, right, v):
    a = v["A"]
    b = T.inverse(a)
    return [
        field(T.mul(T.mul(T.det(b), T.det(a)), right)),
        by("det.product", 0, back=True, As=[b, a]),
        by("inverse.before", 0, 0, A=a),
        by("det.identity", 0, A=a),
    ], []


@lemma("det.identity", "(det (eye A)) = 1", says="det I = 1.")
def _(left, right, v):
    """det I = det(I I)/det I."""
    eye = left.args[0]
    over = T.power(left, T.MINUS_ONE)
    return [
        field(T.mul(T.mul(left, left), over)),
        by("det.product", 0, back=True, As=[eye, eye]),
        field(eye, 0, 0),
    ], []


@lemma("norm.squared", "(^ (norm x) 2) = (* (T x) x)", says="|x|^2 = x^T x for a vector.")
def _(left, right, v):
    return [by("norm.root", 0, x=v["x"]), by("root.squared", b=right)], []


@lemma("entry.hadamard", "(entry (hadamard u v) i) = (* (entry u i) (entry v i))",
       says="Entries of an elementwise product.")  # fmt: skip
def _(left, right, v):
    return [by("hadamard.diag", 0, u=v["u"], v=v["v"]), by("entry.diag_times", v=v["u"], x=v["v"], i=v["i"])], []


@lemma("entry.diag_square", "(entry (* (diag u) (diag v)) i i) = (* (entry u i) (entry v i))",
       says="The diagonal of a product of diagonal matrices.")  # fmt: skip
def _(left, right, v):
    both = T.hadamard(v["u"], v["v"])
    turned = by("diag.hadamard", 0, back=True, u=v["u"], v=v["v"])
    return [turned, by("entry.diag", v=both, i=v["i"]), by("entry.hadamard", u=v["u"], v=v["v"], i=v["i"])], []


@lemma("trace.diag_product", "(tr (* (diag u) (diag v))) = (sum i (* (entry u i) (entry v i)) 1 (dim u))",
       says="The trace of a product of diagonal matrices.")  # fmt: skip
def _(left, right, v):
    i = T.symbol(right.data[0])
    both = T.hadamard(v["u"], v["v"])
    turned = by("diag.hadamard", 0, back=True, u=v["u"], v=v["v"])
    return [turned, by("trace.diag", v=both, i=i), by("entry.hadamard", 0, u=v["u"], v=v["v"], i=i)], []


@lemma("inner.diag", "(* (T x) (diag v) y) = (sum i (* (entry v i) (entry x i) (entry y i)) 1 (dim x))",
       says="A diagonal form as a sum.")  # fmt: skip
def _(left, right, v):
    i = T.symbol(right.data[0])
    scaled = T.mul(T.diag(v["v"]), v["y"])
    return [
        field(T.mul(T.transpose(v["x"]), scaled)),
        by("inner.sum", x=v["x"], y=scaled, i=i),
        by("entry.diag_times", 0, 1, v=v["v"], x=v["y"], i=i),
        field(right.args[0], 0),
    ], []
