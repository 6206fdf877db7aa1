"""Canonical terms for arithmetic: a sorted sum of monomials, with denominators in lowest terms.

Nothing here is trusted: the kernel's algebra checks every rearrangement.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from typing import Any

import flint

from proofs import terms as T
from proofs.binding import closed_key
from proofs.field import Algebra, Words
from proofs.polynomials import ONE_POLY, AlgebraError, Monomial, Poly, Ratio, monomial_mul, poly_mul
from proofs.terms import SCALAR, Term


@lru_cache(maxsize=100_000)
def order(t: Term) -> str:
    """A text to sort terms by, blind to the names of bound variables."""
    return repr(closed_key(t))


class Canon(Algebra):
    """Laurent polynomials: a sum in a denominator is an atom with a negative exponent, in lowest terms."""

    def scalar(self, t: Term) -> Ratio:
        if t.op == "pow" and t.args[1].op == "number" and t.args[1].data[0].denominator == 1:
            n = int(t.args[1].data[0])
            if n < 0:
                inner = self.scalar(t.args[0])[0]
                return self._inverse(inner, -n), ONE_POLY
        num, den = super().scalar(t)
        return num, den

    def _inverse(self, p: Poly, n: int) -> Poly:
        if not p:
            raise AlgebraError("a division by zero")
        if len(p) == 1:
            ((only, c),) = p.items()
            return {tuple((i, -e * n) for i, e in only): Fraction(1) / c**n}
        content, shift, factors = self.factor(p)
        m: dict[int, int] = {i: -e * n for i, e in shift}
        for q, k in factors:
            i = self.atom(self.poly_term(q))
            m[i] = m.get(i, 0) - k * n
        return {tuple(sorted((i, e) for i, e in m.items() if e)): Fraction(1) / content**n}

    def key(self, i: int) -> str:
        a = self.atoms[i]
        return order(a) if isinstance(a, Term) else order(self.word_term(a))

    def _scalar_word(self, word) -> int:
        mirrored = tuple(
            (
                i,
                (not tr)
                and not (
                    self.atoms[i].sort.rows == self.atoms[i].sort.cols and self.conditions.symmetric(self.atoms[i])
                ),
            )
            for i, tr in reversed(word)
        )
        best = min((word, mirrored), key=lambda w: [(self.key(i), tr) for i, tr in w])
        return self._intern(("word", best), best)

    # -------------------------------------------------------------------------------------------- polynomials

    def gens(self, p: Poly) -> list[int]:
        return sorted({i for m in p for i, _ in m}, key=self.key)

    def to_flint(self, p: Poly, gens: list[int]) -> Any:
        ctx = flint.fmpq_mpoly_ctx.get([f"g{k}" for k in range(max(len(gens), 1))], flint.Ordering.lex)
        place = {g: k for k, g in enumerate(gens)}
        table = {}
        for m, c in p.items():
            e = [0] * max(len(gens), 1)
            for i, k in m:
                e[place[i]] = k
            table[tuple(e)] = flint.fmpq(c.numerator, c.denominator)
        return ctx.from_dict(table)

    @staticmethod
    def from_flint(f: Any, gens: list[int]) -> Poly:
        return {
            tuple(sorted((gens[k], int(e)) for k, e in enumerate(exps) if e)): Fraction(int(c.p), int(c.q))
            for exps, c in f.to_dict().items()
        }

    def factor(self, p: Poly) -> tuple[Fraction, Monomial, list[tuple[Poly, int]]]:
        """content, monomial and primitive factors; the leading coefficient of each factor is positive."""
        low: dict[int, int] = {}
        for g in self.gens(p):
            low[g] = min(dict(m).get(g, 0) for m in p)
        shift = tuple(sorted((i, e) for i, e in low.items() if e))
        q = {tuple(sorted((i, e) for i, e in ((i, dict(m).get(i, 0) - low[i]) for i in low) if e)): c
             for m, c in p.items()}  # fmt: skip
        gens = self.gens(q)
        if not gens:
            return q[()], shift, []
        _, pieces = self.to_flint(q, gens).factor()
        factors = []
        total = Fraction(1)
        for piece, k in pieces:
            f = self.from_flint(piece, gens)
            c = self._content(f, gens)
            factors.append(({m: v / c for m, v in f.items()}, int(k)))
        # the content is what is left: compare one coefficient of the product
        product: Poly = ONE_POLY
        for f, k in factors:
            for _ in range(k):
                product = poly_mul(product, f)
        m0 = next(iter(product))
        total = q[m0] / product[m0]
        factors.sort(key=lambda fk: order(self.poly_term(fk[0])))
        return total, shift, factors

    def _content(self, p: Poly, gens: list[int]) -> Fraction:
        den = lcm(*(c.denominator for c in p.values()))
        num = gcd(*(int(c * den) for c in p.values()))
        lead = max(p, key=lambda m: [dict(m).get(g, 0) for g in gens])
        # mostly positive coefficients first, so that p + q and not -p - q is the denominator
        positive = sum(1 if c > 0 else -1 for c in p.values())
        sign = 1 if positive > 0 or (positive == 0 and p[lead] > 0) else -1
        return sign * Fraction(num, den)

    def lowest(self, p: Poly) -> Poly:
        """Denominators divided out, group by group of monomials with the same denominator."""
        for _ in range(6):
            groups: dict[Monomial, Poly] = {}
            for m, c in p.items():
                den = tuple(
                    (i, e) for i, e in m if e < 0 and isinstance(self.atoms[i], Term) and self.atoms[i].op == "add"
                )
                rest = tuple((i, e) for i, e in m if (i, e) not in den)
                groups.setdefault(den, {})[rest] = c
            out: Poly = {}
            changed = False
            for den, num in groups.items():
                for dm, piece in self._divide(num, den):
                    changed = changed or dm != den
                    for m, c in piece.items():
                        full = monomial_mul(m, dm)
                        c = out.get(full, Fraction(0)) + c
                        if c:
                            out[full] = c
                        else:
                            out.pop(full, None)
            p = out
            if not changed:
                break
        return p

    def _divide(self, num: Poly, den: Monomial) -> list[tuple[Monomial, Poly]]:
        for i, _ in den if len(num) > 1 else ():
            d = super().scalar(self.atoms[i])[0]
            if any(k < 0 for m in d for _, k in m):
                continue
            low = {g: min(0, *(dict(m).get(g, 0) for m in num)) for g in self.gens(num)}
            shift = tuple(sorted((g, k) for g, k in low.items() if k))
            up = {tuple(sorted((g, k) for g, k in ((g, dict(m).get(g, 0) - low.get(g, 0)) for g in low) if k)): c
                  for m, c in num.items()}  # fmt: skip
            gens = sorted({*self.gens(up), *self.gens(d)}, key=self.key)
            quotient, remainder = divmod(self.to_flint(up, gens), self.to_flint(d, gens))
            q, r = self.from_flint(quotient, gens), self.from_flint(remainder, gens)
            if not q:
                continue
            lower = tuple((j, k + 1 if j == i else k) for j, k in den if not (j == i and k == -1))
            q = {monomial_mul(m, shift): c for m, c in q.items()}
            r = {monomial_mul(m, shift): c for m, c in r.items()}
            return [(lower, q), (den, r)]
        return [(den, num)]

    # -------------------------------------------------------------------------------------------- terms again

    def word_term(self, word) -> Term:
        letters = [T.transpose(self.atoms[i]) if tr else self.atoms[i] for i, tr in word]
        return T.mul(*letters)

    def atom_term(self, i: int) -> Term:
        a = self.atoms[i]
        return a if isinstance(a, Term) else self.word_term(a)

    def factors(self, m: Monomial) -> list[tuple[Term, int]]:
        return [(self.atom_term(i), e) for i, e in sorted(m, key=lambda ie: self.key(ie[0]))]

    def monomial_term(self, m: Monomial, c: Fraction) -> Term:
        parts = [a if e == 1 else T.power(a, T.number(e)) for a, e in self.factors(m)]
        if not parts:
            return T.number(c)
        return T.mul(*parts) if c == 1 else T.mul(T.number(c), *parts)

    def sorted_monomials(self, p: Poly) -> list[tuple[Monomial, Fraction]]:
        return sorted(
            p.items(), key=lambda mc: [(self.key(i), e) for i, e in sorted(mc[0], key=lambda ie: self.key(ie[0]))]
        )

    def poly_term(self, p: Poly) -> Term:
        parts = [self.monomial_term(m, c) for m, c in self.sorted_monomials(p)]
        return T.add(*parts) if parts else T.ZERO

    def words_term(self, words: Words, sort: T.Sort) -> Term:
        parts = []
        for w, (p, _) in sorted(words.items(), key=lambda wc: [(self.key(i), tr) for i, tr in wc[0]]):
            letters = [T.transpose(self.atoms[i]) if tr else self.atoms[i] for i, tr in w]
            if not letters:
                letters = [T.identity(sort.rows)]
            p = self.lowest(p)
            for m, c in self.sorted_monomials(p):
                factor = self.monomial_term(m, c)
                if factor.op == "number" and factor.data[0] == 1:
                    parts.append(T.mul(*letters))
                else:
                    scalars = (
                        list(factor.args)
                        if factor.op == "mul" and all(a.sort == SCALAR for a in factor.args)
                        else [factor]
                    )
                    parts.append(T.mul(*scalars, *letters))
        return T.add(*parts) if parts else T.zeros(sort.rows, sort.cols)

    def canonical(self, t: Term) -> Term:
        if t.sort == SCALAR:
            return self.poly_term(self.lowest(self.scalar(t)[0]))
        return self.words_term(self.matrix(t), t.sort)


def summands(t: Term) -> tuple[Term, ...]:
    return t.args if t.op == "add" else (() if T.is_number(t, 0) or t.op == "zeros" else (t,))


def product_factors(t: Term) -> tuple[Term, ...]:
    return t.args if t.op == "mul" else (t,)
