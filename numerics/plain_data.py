"""Terms, formulas and numbers as plain data, and back: what witnesses are written in."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from numerics.exact import rational
from numerics.matrices import Mat, collapse
from numerics.worlds.formulas import Formula
from proofs import terms as T
from proofs.printing import latex, text
from proofs.terms import SCALAR, Sort, Term


def plain(t: Term) -> list[Any]:
    """A term in prefix form: [operator, payload, sort, arguments...]."""
    sort = None if t.sort == SCALAR else list(t.sort)
    return [t.op, [_payload(d) for d in t.data], sort, *(plain(a) for a in t.args)]


def _payload(d: Any) -> Any:
    if isinstance(d, Fraction):
        return {"fraction": str(d)}
    return {"names": list(d)} if isinstance(d, tuple) else d


def from_plain(data: list[Any]) -> Term:
    """The term of a prefix form."""
    op, payload, sort, *args = data
    items = tuple(
        (Fraction(d["fraction"]) if "fraction" in d else tuple(d["names"])) if isinstance(d, dict) else d
        for d in payload
    )
    return T.term(op, [from_plain(a) for a in args], items, SCALAR if sort is None else Sort(*sort))


def plain_entry(t: Term) -> Any:
    """A number as such, a formula with its term."""
    if t.op == "number":
        return str(t.data[0])
    return {"formula": text(t), "latex": latex(t), "term": plain(t)}


def entry_of(entry: Any) -> Term:
    return T.number(entry) if isinstance(entry, str) else from_plain(entry["term"])


def plain_formula(f: Formula) -> Any:
    if f.body.op == "number" and not f.names:
        return str(f.body.data[0])
    sorts = [None if s == SCALAR else list(s) for s in f.sorts]
    data = {"arguments": list(f.names), "sorts": sorts, **_named(f.body)}
    if f.inverse is not None:
        data["inverse"] = _named(f.inverse)
    return data


def _named(t: Term) -> dict[str, Any]:
    return {"formula": text(t), "latex": latex(t), "term": plain(t)}


def formula_of(data: Any) -> Formula:
    if isinstance(data, str):
        return Formula((), (), T.number(data))
    sorts = tuple(SCALAR if s is None else Sort(*s) for s in data["sorts"])
    inverse = from_plain(data["inverse"]["term"]) if "inverse" in data else None
    return Formula(tuple(data["arguments"]), sorts, from_plain(data["term"]), inverse)


def tagged(value: Any) -> dict[str, Any]:
    """A number, a vector or a matrix of rationals."""
    if isinstance(value, Mat):
        if value.cols == 1:
            return {"vector": [str(x) for x in value.entries()]}
        return {"matrix": [[str(x) for x in row] for row in value.data]}
    return {"number": str(value)}


def untagged(data: Mapping[str, Any]) -> Any:
    if "vector" in data:
        return collapse(Mat([[rational(Fraction(x))] for x in data["vector"]]))
    if "matrix" in data:
        return collapse(Mat([[rational(Fraction(x)) for x in row] for row in data["matrix"]]))
    return rational(Fraction(data["number"]))
