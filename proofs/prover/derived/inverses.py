"""Derived rules for inverses, all from A A^-1 = I = A^-1 A; and Woodbury's identity, with Sylvester's."""

from __future__ import annotations

from proofs import terms as T
from proofs.prover.lemmas import Steps, by, field, lemma
from proofs.terms import Term


def inverse_of(a: Term, factors: list[Term], steps: Steps) -> Steps:
    """a^-1 = a^-1 (a b_1 ... b_k) = b_1 ... b_k, where ``steps`` carry the identity to a b_1 ... b_k."""
    b = T.inverse(a)
    return [
        field(T.mul(b, T.identity(a.sort.rows))),
        *({**s, "at": (1, *s["at"])} for s in steps),
        field(T.mul(T.mul(b, a), *factors)),
        by("inverse.before", 0, A=a),
    ]


@lemma("inverse.transpose", "(inv (T A)) = (T (inv A))", "invertible A", says="(A^T)^-1 = (A^-1)^T.")
def _(left, right, v):
    a = v["A"]
    eye = T.identity(a.sort.rows)
    turned = [field(T.transpose(eye)), by("inverse.before", 0, back=True, A=a)]
    return inverse_of(T.transpose(a), [T.transpose(T.inverse(a))], turned), []


@lemma("inverse.product", "(inv (* A B)) = (* (inv B) (inv A))", "invertible A; invertible B",
       says="(AB)^-1 = B^-1 A^-1.")  # fmt: skip
def _(left, right, v):
    a, b = v["A"], v["B"]
    eye = T.identity(a.sort.rows)
    steps = [
        by("inverse.after", back=True, A=a),
        field(T.mul(a, eye, T.inverse(a))),
        by("inverse.after", 1, back=True, A=b),
    ]
    return inverse_of(T.mul(a, b), [T.inverse(b), T.inverse(a)], steps), []


@lemma("inverse.scale", "(inv (* c A)) = (* (^ c -1) (inv A))", "nonzero c; invertible A",
       says="(cA)^-1 = A^-1/c.")  # fmt: skip
def _(left, right, v):
    a, c = v["A"], v["c"]
    factors = [T.power(c, T.MINUS_ONE), T.inverse(a)]
    return inverse_of(T.mul(c, a), factors, [by("inverse.after", back=True, A=a)]), []


@lemma("inverse.identity", "(inv (eye A)) = (eye A)", says="I^-1 = I.")
def _(left, right, v):
    return inverse_of(right, [right], []), []


@lemma("inverse.woodbury", "(inv (+ (* c (eye (* A B))) (* A B))) = "
       "(+ (* (^ c -1) (eye (* A B))) (* -1 (^ c -1) (* A (inv (+ (* c (eye (* B A))) (* B A))) B)))",
       "nonzero c; invertible (+ (* c (eye (* A B))) (* A B)); invertible (+ (* c (eye (* B A))) (* B A))",
       says="(cI + AB)^-1 = (I - A (cI + BA)^-1 B)/c.")  # fmt: skip
def _(left, right, v):
    """With M = cI + AB and K = cI + BA:  c M^-1 = M^-1 M - M^-1 A B,  and  M^-1 A = M^-1 A K K^-1 = M^-1 M A K^-1."""
    a, b, c = v["A"], v["B"], v["c"]
    m, k = left.args[0], T.add(T.mul(c, T.identity(b.sort.rows)), T.mul(b, a))
    before, after = T.inverse(m), T.inverse(k)
    over, minus = T.power(c, T.MINUS_ONE), T.MINUS_ONE
    return [
        field(T.add(T.mul(over, T.mul(before, m)), T.mul(minus, over, T.mul(before, a, T.identity(k.sort.rows), b)))),
        by("inverse.before", 0, 1, A=m),
        by("inverse.after", 1, 2, 2, back=True, A=k),
        field(T.mul(minus, over, T.mul(T.mul(before, m), a, after, b)), 1),
        by("inverse.before", 1, 2, 0, A=m),
    ], []


@lemma("det.turned", "(det (+ (* c (eye (* A B))) (* A B))) = "
       "(* (^ c (dim A)) (^ c (* -1 (dim B))) (det (+ (* c (eye (* B A))) (* B A))))", "positive c",
       says="det(cI + AB) = c^(m-n) det(cI + BA).")  # fmt: skip
def _(left, right, v):
    a, b, c = v["A"], v["B"], v["c"]
    scaled = T.mul(T.power(c, T.MINUS_ONE), a)
    one = [T.add(T.identity(n), p) for n, p in ((a.sort.rows, T.mul(scaled, b)), (b.sort.rows, T.mul(b, scaled)))]
    first = [field(T.mul(c, one[0]), 0), by("det.scale", c=c, A=one[0]), by("det.sylvester", 1, A=scaled, B=b)]
    second = [field(T.mul(c, one[1]), 2, 0), by("det.scale", 2, c=c, A=one[1])]
    n = right.args[1].args[1].args[1]
    merged = [
        field(T.mul(right.args[0], T.mul(right.args[1], T.power(c, n)), T.det(one[1]))),
        by("power.exp", 1, 0, b=c, k=right.args[1].args[1]), by("power.exp", 1, 1, b=c, k=n),
        by("exp.sum", 1, back=True, **{"as": [T.mul(k, T.log(c)) for k in (right.args[1].args[1], n)]}),
        field(T.ZERO, 1, 0), by("exp.zero", 1),
    ]  # fmt: skip
    return first, [*second, *merged]
