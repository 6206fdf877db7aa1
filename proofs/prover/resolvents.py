"""Inverses and determinants of w + cI, where w is a word like U^T U: a normal form for all their products.

Such a sum is written with the word bare (c times less), the inverse of U U^T + cI by that of U^T U + cI (Woodbury), its
determinant likewise (Sylvester); and in a product w (w + cI)^-1 becomes I - c (w + cI)^-1.
"""

from __future__ import annotations

from proofs import terms as T
from proofs.prover.arithmetic import order, summands
from proofs.prover.rewriter import Rewriter, tactic
from proofs.prover.words import flipped, scalars_and_words
from proofs.terms import SCALAR, Term


def shifted(a: Term) -> tuple[Term, list[Term], Term] | None:
    """k, w and c of a sum k w + c I with one word w, or None."""
    parts = [scalars_and_words(p) for p in summands(a)]
    if a.sort == SCALAR or len(parts) != 2:
        return None
    found = sorted(parts, key=lambda p: p[1][0].op == "identity")
    (ks, word), (cs, eye) = found
    if eye[0].op != "identity" or word[0].op == "identity":
        return None
    return T.mul(*ks) if ks else T.ONE, word, T.mul(*cs) if cs else T.ONE


def turned(rw: Rewriter, word: list[Term]) -> tuple[Term, Term] | None:
    """A and B = A^T of a word A A^T, where A^T A is to be preferred."""
    half = len(word) // 2
    first, second = word[:half], word[half:]
    if len(word) % 2 or [flipped(f) for f in reversed(first)] != second:
        return None
    here, there = ([(f.op != "transpose", order(f)) for f in w] for w in (word, second + first))
    return (T.mul(*first), T.mul(*second)) if here > there else None


@tactic("inverse")
def inverse_of_sum(rw: Rewriter, t: Term) -> Term | None:
    found = shifted(t.args[0])
    if found is None:
        return None
    k, word, c = found
    eye = T.identity(t.sort.rows)
    if not T.is_number(k, 1):
        bare = T.add(T.mul(*word), T.mul(c, T.power(k, T.MINUS_ONE), eye))
        return rw.apply(t, "inverse.scale", c=k, A=bare)
    pair = turned(rw, word)
    return pair and rw.apply(t, "inverse.woodbury", c=c, A=pair[0], B=pair[1])


@tactic("det")
def determinant_of_sum(rw: Rewriter, t: Term) -> Term | None:
    found = shifted(t.args[0])
    if found is None:
        return None
    k, word, c = found
    eye = T.identity(t.args[0].sort.rows)
    if not T.is_number(k, 1):
        bare = T.add(T.mul(*word), T.mul(c, T.power(k, T.MINUS_ONE), eye))
        return rw.apply(t, "det.scale", c=k, A=bare)
    pair = turned(rw, word)
    return pair and rw.apply(t, "det.turned", c=c, A=pair[0], B=pair[1])


def meeting(word: list[Term]) -> tuple[int, int, Term, Term, Term] | None:
    """Where w stands beside (w + cI)^-1 in a word: (from, to, the sum, its rest c I, the inverse)."""
    for i, f in enumerate(word):
        found = shifted(f.args[0]) if f.op == "inverse" else None
        if found is None or not T.is_number(found[0], 1):
            continue
        _, w, c = found
        rest = T.mul(c, T.identity(f.sort.rows))
        for start in (i - len(w), i + 1):
            if start >= 0 and word[start : start + len(w)] == w:
                return min(start, i), max(start + len(w), i + 1), f.args[0], rest, f
    return None


@tactic("mul")
def products(rw: Rewriter, t: Term) -> Term | None:
    scalars, word = scalars_and_words(t)
    found = meeting(word)
    if found is None:
        return None
    start, end, whole, rest, inverse = found
    after = word[end - 1] is inverse
    both = (whole, inverse) if after else (inverse, whole)
    less = (rest, inverse) if after else (inverse, rest)
    middle = T.add(T.mul(*both), T.mul(T.MINUS_ONE, *less))
    factors = [*scalars, *word[:start], middle, *word[end:]]
    shaped = rw.field(t, T.mul(*factors) if len(factors) > 1 else middle)

    def cancel(m: Term) -> Term | None:
        return rw.within(m, 0, lambda p: rw.apply(p, "inverse.after" if after else "inverse.before", A=whole))

    if shaped is None or len(factors) == 1:
        return shaped and cancel(shaped)
    return rw.within(shaped, len(scalars) + start, cancel)
