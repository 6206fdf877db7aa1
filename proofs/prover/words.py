"""Products of matrices and vectors as words, such as x^T A x."""

from __future__ import annotations

from proofs import terms as T
from proofs.binding import free
from proofs.prover.arithmetic import product_factors
from proofs.prover.rewriter import Rewriter
from proofs.terms import SCALAR, Term


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


def scalars_and_words(t: Term) -> tuple[list[Term], list[Term]]:
    """The factors of a product: those that are numbers, and the others."""
    factors = product_factors(t)
    return [f for f in factors if f.sort == SCALAR], [f for f in factors if f.sort != SCALAR]
