"""Derived rules for densities: of the image of a diffeomorphism, of the normal law on the line."""

from __future__ import annotations

from proofs import terms as T
from proofs.binding import free, fresh
from proofs.prover.lemmas import LEMMAS, by, field, lemma
from proofs.rules import RULES
from proofs.rules.language import Instance, Lambda
from proofs.terms import Term


@lemma("change.of.variables",
       "(pdf (pushforward x P (call f y x ps ...)) y) = "
       "(* (pdf P (call_inverse f x y ps ...)) (abs (det (at u (D u (call_inverse f x u ps ...)) y))))",
       "bijection f; continuous P", says="The density of a diffeomorphism's image.")  # fmt: skip
def _(left, right, v):
    """E h(Y) = E h(f(X)) = the integral of h(f(x)) p(x) = that of h(y) p(f^-1(y)) |det Df^-1(y)|, for every h."""
    law, point = left.args
    (source, image), x = law.args, T.symbol(law.data[0], v["x"].sort)
    y = T.symbol(fresh("_~1", free(left) | free(right) | {x.data[0]}), point.sort)
    density = Instance(LEMMAS["change.of.variables"].rule, {**v, "y": y}).build(right_of("change.of.variables"), {})

    def h(t: Term) -> Term:
        return T.call("h~", [t])

    substitution = {k: v[k] for k in ("u", "f", "ps")}
    substitution |= {"x": x, "y": y, "A": Lambda((x,), T.mul(T.pdf(source, x), h(image)))}
    substituted = Instance(RULES["integral.substitution"], substitution).build(right_of("integral.substitution"), {})
    means = [
        by("pushforward.expectation", y=y, x=x, P=source, G=Lambda((x,), image), A=Lambda((y,), h(y))),
        by("expectation.integral", x=x, P=source, A=Lambda((x,), h(image))),
        by("integral.substitution", **substitution),
        by("inverse.right", *place_of("h~", substituted), 0, f=v["f"], x=x, y=y, ps=v["ps"]),
        field(T.mul(h(y), density), 0),
    ]
    determined = by("density.determined", P=law, y=y, t=point, D=Lambda((y,), density), h="h~", c=T.ONE)
    return [{**determined, "by": {"left": means, "right": []}}], []


def right_of(name: str) -> object:
    return (RULES[name] if name in RULES else LEMMAS[name].rule).right


def place_of(name: str, t: Term) -> tuple[int, ...]:
    """Where the call of a function stands in a term that has one."""
    if t.op == "call" and t.data[0] == name:
        return ()
    i = next(i for i, a in enumerate(t.args) if any(n.op == "call" and n.data[0] == name for n in T.walk(a)))
    return (i, *place_of(name, t.args[i]))


@lemma("change.of.variables.scalar",
       "(pdf (pushforward x P (call f y x ps ...)) y) = "
       "(* (pdf P (call_inverse f x y ps ...)) (abs (at u (D u (call_inverse f x u ps ...)) y)))",
       "bijection f; continuous P", says="The density of a diffeomorphism's image, on the line.")  # fmt: skip
def _(left, right, v):
    return [by("change.of.variables", **v), by("det.scalar", 1, 0, a=right.args[1].args[0])], []


@lemma("normal.density",
       "(pdf (normal m v) x) = (* (^ (* 2 pi) -1/2) (^ v -1/2) (exp (* -1/2 (^ v -1) (^ (+ x (* -1 m)) 2))))",
       "positive v", says="The density of a normal law on the line.")  # fmt: skip
def _(left, right, v):
    half = T.number(-T.HALF.data[0])
    return [
        by("normal.density.vector", m=v["m"], S=v["v"], x=v["x"]),
        field(half, 0, 1), by("det.scalar", 1, 0, a=v["v"]), field(right.args[2].args[0], 2, 0),
    ], []  # fmt: skip
