"""Moments of the normal law, and what its vector rules say on the line."""

from __future__ import annotations

from proofs import terms as T
from proofs.prover.lemmas import Steps, by, field, lemma
from proofs.rules.language import Lambda
from proofs.terms import ONE, Term


def _of_outer(x: Term, law: Term, steps: Steps, *path: int) -> Steps:
    return [*steps, by("normal.second", *path, x=x, m=law.args[0], S=law.args[1])]


@lemma("normal.quadratic", "(expectation x (normal m S) (* (T x) A x)) = (+ (tr (* A S)) (* (T m) A m))",
       "free_of x A; scalar_valued (* (T m) A m)", says="E x^T A x = tr(A S) + m^T A m.")  # fmt: skip
def _(left, right, v):
    """x^T A x = tr(x^T A x) = tr(A x x^T), and the trace and A leave the expectation."""
    law, body = left.args
    m, s, a = law.args[0], law.args[1], v["A"]
    x = T.symbol(left.data[0], m.sort)
    xt, mt = T.transpose(x), T.transpose(m)
    outer = T.mul(x, xt)
    return [
        by("trace.scalar", 1, back=True, a=body),
        {"at": (1, 0), "field": T.mul(xt, T.mul(a, x))},
        by("trace.cyclic", 1, A=xt, B=T.mul(a, x)),
        field(T.mul(a, outer, ONE), 1, 0),
        by("expectation.trace", x=x, P=law, B=Lambda((x,), T.mul(a, outer, ONE))),
        by("expectation.matrix", 0, x=x, P=law, A=a, B=Lambda((x,), outer), C=ONE),
        by("normal.second", 0, 1, x=x, m=m, S=s),
        field(T.add(T.mul(ONE, T.mul(a, s)), T.mul(ONE, T.mul(a, m, mt))), 0),
        by("trace.linear", cs=[ONE, ONE], As=[T.mul(a, s), T.mul(a, m, mt)]),
        field(T.mul(T.mul(a, m), mt), 1, 1, 0),
        by("trace.cyclic", 1, 1, A=T.mul(a, m), B=mt),
        by("trace.scalar", 1, 1, a=T.mul(mt, T.mul(a, m))),
    ], []


@lemma("normal.norm", "(expectation x (normal m S) (* (T x) x)) = (+ (tr S) (* (T m) m))",
       "scalar_valued (* (T m) m)", says="E x^T x = tr S + m^T m.")  # fmt: skip
def _(left, right, v):
    law = left.args[0]
    m, s = law.args
    x = T.symbol(left.data[0], m.sort)
    core = T.identity(m.sort.rows)
    return [
        field(T.mul(T.transpose(x), core, x), 1),
        by("normal.quadratic", x=x, m=m, S=s, A=core),
        field(s, 0, 0),
    ], []


@lemma("normal.bilinear", "(expectation x (normal m S) (* (* (T a) x) (* (T b) x))) = "
       "(+ (* (T a) S b) (* (* (T a) m) (* (T b) m)))",
       "free_of x a; free_of x b; scalar_valued (* (T a) m); scalar_valued (* (T b) m)",
       says="E (a^T x)(b^T x) = a^T S b + a^T m b^T m.")  # fmt: skip
def _(left, right, v):
    law = left.args[0]
    m, s = law.args
    x = T.symbol(left.data[0], m.sort)
    outer, at = T.mul(x, T.transpose(x)), T.transpose(v["a"])
    return [
        field(T.mul(at, outer, v["b"]), 1),
        by("expectation.matrix", x=x, P=law, A=at, B=Lambda((x,), outer), C=v["b"]),
        by("normal.second", 1, x=x, m=m, S=s),
    ], []


@lemma("normal.generating", "(expectation x (normal m v) (exp (* t x))) = (exp (+ (* t m) (* 1/2 v (^ t 2))))",
       "free_of x t", says="The moment generating function on the line.")  # fmt: skip
def _(left, right, v):
    return [by("normal.generating.vector", x=v["x"], m=v["m"], S=v["v"], t=v["t"]), field(right.args[0], 0)], []


@lemma("normal.affine.scalar",
       "(pushforward x (normal m v) (+ (* a x) b)) = (normal (+ (* a m) b) (* (^ a 2) v))",
       "free_of x a; free_of x b; nonzero a", says="An affine image of a normal law is normal.")  # fmt: skip
def _(left, right, v):
    return [by("normal.affine", x=v["x"], m=v["m"], S=v["v"], A=v["a"], b=v["b"]), field(right.args[1], 1)], []
