"""The kernel's algebra: are two terms equal as rational functions, or as polynomials in matrices, over opaque atoms?

A scalar becomes a quotient of two polynomials with rational coefficients over its maximal non-arithmetic subterms,
compared up to the names of bound variables.  A matrix becomes a sum of words in its atoms (a free algebra with
transposition as involution, and A with A^-1 cancelling), whose coefficients are such quotients; a word that is a
scalar, like x^T A x, is an atom of the scalars.  Every denominator has to be nonzero under the hypotheses, every
cancelled matrix invertible, every dropped transposition symmetric: the context is asked, and refuses by exception.

This decides equality in the free structure (Cox, Little, O'Shea, *Ideals, Varieties, and Algorithms*, ch. 1-2): no
law of logarithms, powers, sums, traces or derivatives is used here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from proofs.binding import closed_key
from proofs.polynomials import (
    MAX_TERMS,
    ONE_POLY,
    AlgebraError,
    Ratio,
    constant_ratio,
    ratio_add,
    ratio_equal,
    ratio_mul,
    ratio_power,
)
from proofs.terms import SCALAR, Term

Letter = tuple[int, bool]
Word = tuple[Letter, ...]
Words = dict[Word, Ratio]


class Conditions(Protocol):
    def nonzero(self, t: Term) -> bool: ...

    def invertible(self, t: Term) -> bool: ...

    def symmetric(self, t: Term) -> bool: ...


@dataclass
class Algebra:
    """Normal forms under a context; the table of atoms is shared by all terms that one instance sees."""

    conditions: Conditions
    atoms: list = field(default_factory=list)
    index: dict = field(default_factory=dict)

    def atom(self, t: Term) -> int:
        return self._intern(closed_key(t), t)

    def _intern(self, key, value) -> int:
        if key not in self.index:
            self.index[key] = len(self.atoms)
            self.atoms.append(value)
        return self.index[key]

    # -------------------------------------------------------------------------------------------- scalars

    def scalar(self, t: Term) -> Ratio:
        """The quotient of polynomials that a scalar is.  Raises AlgebraError where it is too large or undefined."""
        if t.op == "number":
            return constant_ratio(t.data[0])
        if t.op == "add":
            out: Ratio = ({}, ONE_POLY)
            for a in t.args:
                out = ratio_add(out, self.scalar(a))
            return out
        if t.op == "mul":
            return self._scalar_product(t)
        if t.op == "pow" and t.args[1].op == "number" and t.args[1].data[0].denominator == 1:
            n = int(t.args[1].data[0])
            inner = self.scalar(t.args[0])
            if n < 0 and not (len(inner[0]) == 1 and () in inner[0]) and not self.conditions.nonzero(t.args[0]):
                raise AlgebraError(f"it is not known that this is not zero: {t.args[0]!r}")
            if n < 0 and not inner[0]:
                raise AlgebraError("a division by zero")
            return ratio_power(inner, n)
        if t.op == "entry" and t.args[0].op == "matrix" and all(i.op == "number" for i in t.args[1:]):
            return self.scalar(self._entry(t))
        return {((self.atom(t), 1),): Fraction(1)}, ONE_POLY

    @staticmethod
    def _entry(t: Term) -> Term:
        rows, cols = t.args[0].data
        place = [int(i.data[0]) for i in t.args[1:]]
        r, c = (place[0], place[1]) if len(place) == 2 else (place[0], 1)
        if not (1 <= r <= rows and 1 <= c <= cols and (len(place) == 2 or cols == 1)):
            raise AlgebraError("an entry that is not in the matrix")
        return t.args[0].args[(r - 1) * cols + c - 1]

    def _scalar_product(self, t: Term) -> Ratio:
        out: Ratio = (ONE_POLY, ONE_POLY)
        run: list[Term] = []
        for a in t.args:
            if a.sort == SCALAR:
                out = ratio_mul(out, self.scalar(a))
            else:
                run.append(a)
        grids = [self.grid(a) for a in run] if any(a.op == "matrix" for a in run) else []
        known = [g for g in grids if g is not None]
        if known and len(known) == len(run):
            total = known[0]
            for g in known[1:]:
                total = self._combine("mul", total, g)
            return ratio_mul(out, total[0][0])
        if run:
            words = self._word_product([self.matrix(a) for a in run])
            out = ratio_mul(out, self._scalar_of_words(words))
        return out

    def _scalar_of_words(self, words: Words) -> Ratio:
        total: Ratio = ({}, ONE_POLY)
        for word, c in words.items():
            if word:
                raise AlgebraError("a product that is not a scalar")
            total = ratio_add(total, c)
        return total

    # -------------------------------------------------------------------------------------------- matrices

    def matrix(self, t: Term) -> Words:
        """Sum of words with their coefficients.  The empty word is the identity, or 1 where the shape is 1 x 1."""
        if t.sort == SCALAR:
            return {(): self.scalar(t)}
        if t.op == "zeros":
            return {}
        if t.op == "identity":
            return {(): (ONE_POLY, ONE_POLY)}
        if t.op == "add":
            out: Words = {}
            for a in t.args:
                self._accumulate(out, self.matrix(a))
            return out
        if t.op == "mul":
            return self._word_product([self.matrix(a) for a in t.args])
        if t.op == "transpose":
            return self._rebuild(
                {tuple((i, not tr) for i, tr in reversed(w)): c for w, c in self.matrix(t.args[0]).items()}
            )
        if t.op == "pow" and t.sort.rows == t.sort.cols and t.args[1].op == "number":
            n = t.args[1].data[0]
            if n.denominator == 1 and 0 <= n <= 8:
                return self._word_product([self.matrix(t.args[0])] * int(n)) if n else {(): (ONE_POLY, ONE_POLY)}
        return self._rebuild({((self.atom(t), False),): (ONE_POLY, ONE_POLY)})

    @staticmethod
    def _accumulate(out: Words, more: Words, scale: Ratio = (ONE_POLY, ONE_POLY)) -> None:
        for w, c in more.items():
            c = ratio_mul(c, scale)
            if w in out:
                c = ratio_add(out[w], c)
            if c[0]:
                out[w] = c
            else:
                out.pop(w, None)
        if len(out) > MAX_TERMS:
            raise AlgebraError("the expression grows too large")

    def _rebuild(self, words: Words) -> Words:
        out: Words = {}
        for w, c in words.items():
            reduced, scale = self._reduce(w)
            self._accumulate(out, {reduced: c}, scale)
        return out

    def _word_product(self, factors: list[Words]) -> Words:
        out: Words = {(): (ONE_POLY, ONE_POLY)}
        for f in factors:
            product: Words = {}
            for wa, ca in out.items():
                for wb, cb in f.items():
                    self._accumulate(product, {wa + wb: ratio_mul(ca, cb)})
            out = product
        return self._rebuild(out)

    def _shape(self, letter: Letter):
        sort = self.atoms[letter[0]].sort
        return (sort.cols, sort.rows) if letter[1] else (sort.rows, sort.cols)

    def _reduce(self, word: Word) -> tuple[Word, Ratio]:
        """Cancelled, symmetric letters untransposed, and every part that is a scalar moved to the coefficient."""
        stack: list[Letter] = []
        for i, tr in word:
            t = self.atoms[i]
            if tr and t.sort.rows == t.sort.cols and self.conditions.symmetric(t):
                tr = False
            if stack and stack[-1][1] == tr and self._inverses(self.atoms[stack[-1][0]], t):
                stack.pop()
            else:
                stack.append((i, tr))
        scale: Ratio = (ONE_POLY, ONE_POLY)
        if not stack:
            return (), scale
        rows, cols = self._shape(stack[0])[0], self._shape(stack[-1])[1]
        segments: list[list[Letter]] = [[]]
        for letter in stack:
            segments[-1].append(letter)
            if self._shape(letter)[1] == 1:
                segments.append([])
        if not segments[-1]:
            segments.pop()
        first = segments.pop(0) if rows != 1 else []
        last = segments.pop() if cols != 1 and segments else []
        for s in segments:
            scale = ratio_mul(scale, ({((self._scalar_word(tuple(s)), 1),): Fraction(1)}, ONE_POLY))
        return (*first, *last), scale

    def _inverses(self, a: Term, b: Term) -> bool:
        for x, y in ((a, b), (b, a)):
            if x.op == "inverse" and closed_key(x.args[0]) == closed_key(y):
                return self.conditions.invertible(y)
        return False

    def _scalar_word(self, word: Word) -> int:
        mirrored = tuple((i, not tr) for i, tr in reversed(word))
        mirrored = tuple(
            (
                i,
                tr
                and not (
                    self.atoms[i].sort.rows == self.atoms[i].sort.cols and self.conditions.symmetric(self.atoms[i])
                ),
            )
            for i, tr in mirrored
        )
        word = min(word, mirrored)
        return self._intern(("word", word), word)

    # -------------------------------------------------------------------------------------------- small literals

    def grid(self, t: Term) -> list[list[Ratio]] | None:
        """The entries of a matrix of whole-numbered shape that is made of literals, or None."""
        rows, cols = t.sort.rows, t.sort.cols
        if not (isinstance(rows, int) and isinstance(cols, int) and rows * cols <= 64):
            return None
        zero: Ratio = ({}, ONE_POLY)
        one: Ratio = (ONE_POLY, ONE_POLY)
        if t.sort == SCALAR:
            return [[self.scalar(t)]]
        if t.op == "matrix":
            return [[self.scalar(t.args[r * cols + c]) for c in range(cols)] for r in range(rows)]
        if t.op in ("zeros", "ones", "identity"):
            fill = one if t.op == "ones" else zero
            return [[one if t.op == "identity" and r == c else fill for c in range(cols)] for r in range(rows)]
        if t.op in ("add", "hadamard", "mul"):
            grids = [self.grid(a) for a in t.args]
            total = grids[0]
            for g in grids[1:]:
                if total is None or g is None:
                    return None
                total = self._combine(t.op, total, g)
            return total
        if t.op == "transpose":
            inner = self.grid(t.args[0])
            return None if inner is None else [list(column) for column in zip(*inner)]
        return None

    @staticmethod
    def _combine(op: str, a: list[list[Ratio]], b: list[list[Ratio]]) -> list[list[Ratio]]:
        if op != "mul":
            f: Callable[[Ratio, Ratio], Ratio] = ratio_add if op == "add" else ratio_mul
            return [[f(x, y) for x, y in zip(ra, rb)] for ra, rb in zip(a, b)]
        if len(a) == len(a[0]) == 1:
            return [[ratio_mul(a[0][0], y) for y in row] for row in b]
        if len(b) == len(b[0]) == 1:
            return [[ratio_mul(x, b[0][0]) for x in row] for row in a]
        out = []
        for row in a:
            line = []
            for c in range(len(b[0])):
                s: Ratio = ({}, ONE_POLY)
                for k, x in enumerate(row):
                    s = ratio_add(s, ratio_mul(x, b[k][c]))
                line.append(s)
            out.append(line)
        return out

    # -------------------------------------------------------------------------------------------- the decision

    def equal(self, a: Term, b: Term) -> bool:
        """Raises AlgebraError where the sides are too large or a denominator is not known to be nonzero."""
        if a.sort != b.sort:
            return False
        if closed_key(a) == closed_key(b):
            return True
        if a.sort == SCALAR:
            return ratio_equal(self.scalar(a), self.scalar(b))
        if a.sort.kind != "matrix":
            return False
        ga, gb = self.grid(a), self.grid(b)
        if ga is not None and gb is not None:
            return all(ratio_equal(x, y) for ra, rb in zip(ga, gb) for x, y in zip(ra, rb))
        wa, wb = self.matrix(a), self.matrix(b)
        zero: Ratio = ({}, ONE_POLY)
        return all(ratio_equal(wa.get(w, zero), wb.get(w, zero)) for w in {*wa, *wb})
