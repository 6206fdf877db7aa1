"""Expectations: split, turned into integrals, moments put in."""

from __future__ import annotations

from proofs import terms as T
from proofs.binding import free, substitute
from proofs.prover.arithmetic import product_factors
from proofs.prover.images import to_image
from proofs.prover.linearity import bound, exponential_out, linear, through_sum
from proofs.prover.moments import moments, special, standard_noise
from proofs.prover.rewriter import Rewriter, lam, tactic
from proofs.prover.words import row_form, scalar_words
from proofs.terms import SCALAR, Term, symbol


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
            moved = substitute(body, {x.data[0]: y}) if y != x else body
            new = rw.apply(t, "expectation.integral", x=y, P=law, A=lam(y, moved))
            if new is not None:
                return new
    attempts = (
        lambda: linear(rw, t, 1),
        lambda: exponential_out(rw, t, 1),
        lambda: through_sum(rw, t, 1),
        lambda: special(rw, t, x),
        lambda: moments(rw, t, x),
        lambda: matrices_out(rw, t, x),
        lambda: standard_noise(rw, t, x),
    )
    return rw.first(attempts)


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
