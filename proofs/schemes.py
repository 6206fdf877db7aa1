"""Claims that are more than one relation, each with a fixed expansion into relations that the kernel proves.

A scheme checks that the relations which an entry lists are its expansion; their theorems then say what the claim says,
by the definition in ``means``.  Nothing is taken on trust but these definitions:

- *maximum* of f at c, over the y that the hypotheses admit:   f(y) <= f(c).
- *unique maximum*:   f(y) < f(c) for every such y with y != c.  (A minimum is a maximum of -f: the signs turn.)
- *increasing*:   f(a) < f(b) for all a < b that the hypotheses admit (and *decreasing*, with >).
- *limit* of f where t tends to 0:   |f - L| <= k t with a constant k >= 0.
- *equality only there*:   gap >= k |distance|^2 with k > 0; the gap is 0 where the distance is.
- *induction*:   the first relations are the base, the last is the step from any number to the next.
- *triangular*:   partial derivatives delta * d, where delta is 1 for a coordinate's own variable, 0 for the later ones;
  the determinant of a triangular matrix is the product of its diagonal (Horn and Johnson, Matrix Analysis, 0.9.3),
  which the last relation speaks of.
- *conjunction*:   all of its parts (an iff is its two directions).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from proofs import terms as T
from proofs.binding import alike, substitute
from proofs.certificate import Decoder
from proofs.field import Algebra
from proofs.polynomials import AlgebraError
from proofs.prover.search import ProverFault, finish
from proofs.records import Proof, Relation, Step
from proofs.side_conditions import Context
from proofs.terms import Term


class SchemeError(ValueError):
    """Relations that are not the expansion of their scheme."""


@dataclass(frozen=True)
class Scheme:
    """A kind of claim, and the variables that it is about: the one that varies, and for a monotone claim the other.

    ``parts`` are the kinds of the relations in order, where a claim has several ("maximum", "unique maximum", ...).
    """

    kind: str
    variable: str = ""
    other: str = ""


RELATION = Scheme("relation")
ALL = Scheme("conjunction")
INDUCTION = Scheme("induction")
TRIANGULAR = Scheme("triangular", "delta")
KINDS = {
    "relation": "the relation itself",
    "conjunction": "each of its relations",
    "triangular": "a triangular Jacobian, and the product of its diagonal",
    "induction": "the base, and the step from any number to the next",
    "maximum": "f(y) <= f(c) for every y",
    "minimum": "f(y) >= f(c) for every y",
    "unique maximum": "f(y) < f(c) for every y other than c",
    "unique minimum": "f(y) > f(c) for every y other than c",
    "increasing": "f(a) < f(b) whenever a < b",
    "decreasing": "f(a) > f(b) whenever a < b",
    "limit": "|f - L| <= k t, with k >= 0 free of t",
}
EXTREMA = {"maximum": "<=", "minimum": ">=", "unique maximum": "<", "unique minimum": ">"}
MONOTONE = {"increasing": "<", "decreasing": ">"}


def check(scheme: Scheme, relations: Sequence[Relation]) -> None:
    """Raises SchemeError unless the relations are what the scheme expands to.

    Of several relations the first bears the scheme; the others (that the point is admissible, boundary cases) are
    conjoined to it.
    """
    if scheme.kind not in KINDS:
        raise SchemeError(f"{scheme.kind!r} is not a scheme: {', '.join(KINDS)}")
    if not relations:
        raise SchemeError(f"{scheme.kind}: there is no relation")
    first = relations[0]
    if scheme.kind in EXTREMA:
        _extremum(scheme, first)
    elif scheme.kind in MONOTONE:
        _monotone(scheme, first)
    elif scheme.kind == "limit":
        _limit(scheme, first)
    elif scheme.kind == "triangular":
        _triangular(scheme, relations)
    elif scheme.kind == "induction" and len(relations) < 2:
        raise SchemeError("induction: there must be a base and a step")
    elif scheme.kind == "relation" and len(relations) > 1 and any(r.lhs != first.lhs for r in relations[1:]):
        _chain(relations)


def _extremum(scheme: Scheme, r: Relation) -> None:
    if r.rel != EXTREMA[scheme.kind]:
        raise SchemeError(f"{scheme.kind}: the relation must be {EXTREMA[scheme.kind]}, not {r.rel}")
    if scheme.variable not in T.free_symbols(r.lhs):
        raise SchemeError(f"{scheme.kind}: the left side does not depend on {scheme.variable}")
    if scheme.variable in T.free_symbols(r.rhs):
        raise SchemeError(f"{scheme.kind}: the value at the point depends on {scheme.variable}")
    points = [c for c in r.hypotheses.conditions if _apart(c, scheme.variable)]
    at_points = [substitute(r.lhs, {scheme.variable: c.args[1]}) for c in points]
    if scheme.kind.startswith("unique") and not any(_same(r, v, r.rhs) for v in at_points):
        raise SchemeError(f"{scheme.kind}: no condition {scheme.variable} != c with f(c) on the right side")


def _apart(c: Term, name: str) -> bool:
    return c.op == "compare" and c.data == ("!=",) and c.args[0].op == "symbol" and c.args[0].data[0] == name


def _monotone(scheme: Scheme, r: Relation) -> None:
    if r.rel != MONOTONE[scheme.kind]:
        raise SchemeError(f"{scheme.kind}: the relation must be {MONOTONE[scheme.kind]}, not {r.rel}")
    sort = T.free_symbols(r.lhs).get(scheme.variable)
    if sort is None or scheme.variable in T.free_symbols(r.rhs):
        raise SchemeError(f"{scheme.kind}: {scheme.variable} must stand on the left side only")
    if not alike(substitute(r.lhs, {scheme.variable: T.symbol(scheme.other, sort)}), r.rhs):
        raise SchemeError(f"{scheme.kind}: the right side is not the left one at {scheme.other}")
    a, b = T.symbol(scheme.variable), T.symbol(scheme.other)
    if T.compare("<", a, b) not in r.hypotheses.conditions and T.compare(">", b, a) not in r.hypotheses.conditions:
        raise SchemeError(f"{scheme.kind}: {scheme.variable} < {scheme.other} is not among the conditions")


def _limit(scheme: Scheme, r: Relation) -> None:
    """|f - L| <= k t, where t is the variable (of the scheme) that tends to 0."""
    if r.rel != "<=" or r.lhs.op != "function" or r.lhs.data != ("abs",):
        raise SchemeError("limit: the left side must be |f - L| and the relation <=")
    context = Context(r.hypotheses)
    t = T.symbol(scheme.variable)
    at_one = substitute(r.rhs, {scheme.variable: T.ONE})
    if not _same(r, r.rhs, T.mul(at_one, t)) or not context.holds("nonnegative", at_one):
        raise SchemeError(f"limit: the bound is not a constant times {scheme.variable}")


def _triangular(scheme: Scheme, relations: Sequence[Relation]) -> None:
    """All but the last are partial derivatives that vanish with delta and do not vanish at 1."""
    entries = relations[:-1]
    if not entries or any(r.lhs.op != "derivative" or r.rel != "=" for r in entries):
        raise SchemeError("triangular: all relations but the last must say what a partial derivative is")
    for r in entries:
        off, on = (substitute(r.rhs, {scheme.variable: value}) for value in (T.ZERO, T.ONE))
        if not _same(r, off, T.ZERO) or _same(r, on, T.ZERO):
            raise SchemeError(f"triangular: a partial derivative is not {scheme.variable} times something")


def _chain(relations: Sequence[Relation]) -> None:
    for a, b in pairwise(relations):
        if a.rhs != b.lhs:
            raise SchemeError("relation: its relations are no chain; take the scheme 'conjunction'")


def _same(r: Relation, a: Term, b: Term) -> bool:
    try:
        return alike(a, b) or Algebra(Context(r.hypotheses)).equal(a, b)
    except AlgebraError:
        return False


def compose(relation: Relation, links: Sequence[Proof]) -> Proof | None:
    """One proof of ``relation`` from proofs of the links of a chain from its left side to its right one.

    None where the kernel does not accept the chain; it replays the whole certificate.
    """
    if len(links) == 1:
        return links[0]
    parts: list[Any] = []
    middle: list[Term] = []
    defined: list[dict[str, Any]] = []
    steps: list[Step] = []
    for link in links:
        certificate = link.certificate
        decoder = Decoder(certificate["terms"])
        parts.append(decoder.proof(certificate["proof"]))
        middle.append(decoder.term(certificate["rhs"]))
        defined += decoder.defined(certificate["defined"])
        steps += link.steps
    try:
        return finish(relation, {"middle": middle[:-1], "parts": parts}, steps, defined)
    except ProverFault:  # the links do not make a chain of this relation
        return None


__all__ = ["ALL", "INDUCTION", "KINDS", "RELATION", "TRIANGULAR", "Scheme", "SchemeError", "check", "compose"]
