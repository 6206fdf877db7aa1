"""Slips in a sum or product that was written out: the author wrote it once, so a slip is in each of its terms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from proofs import terms as T
from proofs.terms import Term

_NUMBERED = re.compile(r"(.+_)(\d+)")
NAMED = ("symbol", "expectation", "integral", "derivative", "variance", "covariance")


def copies(node: Term) -> tuple[Term, ...]:
    """The first of several parts that are alike up to the number of their letters, as one term, and how often it
    stands there: f(z_1), of f(z_1) + f(z_2) + f(z_3).  Empty where there is no such thing."""
    if node.op not in ("add", "mul"):
        return ()
    parts = node.args
    for period in range(1, len(parts) // 2 + 1):
        if len(parts) % period:
            continue
        first = parts[:period]
        later = (parts[k : k + period] for k in range(period, len(parts), period))
        if all(tuple(numbered(p, k) for p in first) == others for k, others in enumerate(later, 2)):
            return first
    return ()


def copied(node: Term, first: tuple[Term, ...], changed: Term) -> Term:
    """The sum or product of as many copies of the changed part."""
    build = T.add if node.op == "add" else T.mul
    count = len(node.args) // len(first)
    return build(*(numbered(changed, k) for k in range(1, count + 1)))


def numbered(term: Term, number: int) -> Term:
    """The term with z_1 as z_number, bound or free."""

    def change(node: Term) -> Term:
        if node.op not in NAMED or not any(is_first(name) for name in node.data):
            return node
        names = tuple(_NUMBERED.sub(rf"\g<1>{number}", n) if is_first(n) else n for n in node.data)
        return T.term(node.op, node.args, names, node.sort)

    return term if number == 1 else T.map_terms(term, change)


def is_first(name: object) -> bool:
    found = _NUMBERED.fullmatch(name) if isinstance(name, str) else None
    return found is not None and found[2] == "1"


def parts_of(term: Term) -> Iterator[tuple[Term, tuple[Term, ...]]]:
    """Every sum or product in a term that was written out, with the part that is copied."""
    for node in dict.fromkeys(T.walk(term)):
        first = copies(node)
        if first:
            yield node, first
