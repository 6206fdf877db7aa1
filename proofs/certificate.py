"""Certificates: proofs as plain data that JSON can carry, and as numbered steps that a person can read.

Terms are kept once each in a table; a term is the number of its row.  Whoever reads a certificate builds the terms
anew, with their shapes recomputed, and trusts nothing else in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from proofs import terms as T
from proofs.printing import text
from proofs.records import Domain, Family, Function, Hypotheses, Proof, Space
from proofs.rules.language import Lambda
from proofs.terms import Sort, Term


class CertificateError(ValueError):
    """A certificate that is not well formed."""


# ------------------------------------------------------------------------------------------------- plain data


def encode_data(value: Any) -> Any:
    if isinstance(value, Fraction):
        return {"q": str(value)}
    if isinstance(value, tuple):
        return [encode_data(v) for v in value]
    if isinstance(value, (str, int)) or value is None:
        return value
    raise CertificateError(f"{type(value).__name__} has no place in a certificate")


def decode_data(value: Any) -> Any:
    if isinstance(value, dict):
        return Fraction(value["q"])
    if isinstance(value, list):
        return tuple(decode_data(v) for v in value)
    return value


class Encoder:
    """Collects the table of terms of one certificate."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.places: dict[Term, int] = {}

    def term(self, t: Term) -> int:
        if t not in self.places:
            args = [self.term(a) for a in t.args]
            self.places[t] = len(self.rows)
            self.rows.append([t.op, encode_data(t.data), list(t.sort), args])
        return self.places[t]

    def value(self, v: Any) -> Any:
        """What a metavariable stands for: a term, a body with places, a row, or a name."""
        if isinstance(v, Term):
            return {"t": self.term(v)}
        if isinstance(v, Lambda):
            return {"places": [self.term(x) for x in v.variables], "body": self.term(v.body)}
        if isinstance(v, (list, tuple)):
            return {"row": [self.value(x) for x in v]}
        return str(v)

    def step(self, step: Mapping[str, Any]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for k, v in step.items():
            if isinstance(v, Term):
                out[k] = {"t": self.term(v)}
            elif k == "with":
                out[k] = {name: self.value(x) for name, x in v.items()}
            elif k == "by":
                out[k] = self.proof(v)
            elif k == "at":
                out[k] = list(v)
            else:
                out[k] = v
        return out

    def proof(self, p: Mapping[str, Any]) -> dict[str, Any]:
        if "factor" in p:
            return {"factor": self.term(p["factor"]), "proof": self.proof(p["proof"])}
        if "middle" in p:
            return {"middle": [self.term(t) for t in p["middle"]], "parts": [self.proof(x) for x in p["parts"]]}
        return {"left": [self.step(s) for s in p["left"]], "right": [self.step(s) for s in p["right"]]}


class Decoder:
    """Builds the terms of a table.  Raises CertificateError where a row is malformed or its shape is wrong."""

    def __init__(self, rows: list[Any]):
        self.terms: list[Term] = []
        for row in rows:
            try:
                op, data, sort, args = row
                if any(not 0 <= a < len(self.terms) for a in args):
                    raise CertificateError("a term refers to a later one")
                found = T.term(op, [self.terms[a] for a in args], decode_data(data), Sort(*sort))
            except (TypeError, KeyError, ValueError) as e:
                raise CertificateError(f"a malformed term: {e}") from e
            if not well_shaped(found):
                raise CertificateError(f"the shape of {op} is wrong")
            self.terms.append(found)

    def term(self, place: Any) -> Term:
        if isinstance(place, dict):
            place = place["t"]
        if not isinstance(place, int) or not 0 <= place < len(self.terms):
            raise CertificateError("a term that is not in the table")
        return self.terms[place]

    def value(self, v: Any) -> Any:
        if isinstance(v, str):
            return v
        if "t" in v:
            return self.term(v)
        if "places" in v:
            places = tuple(self.term(x) for x in v["places"])
            if any(x.op != "symbol" for x in places):
                raise CertificateError("a place of a body is not a variable")
            return Lambda(places, self.term(v["body"]))
        return [self.value(x) for x in v["row"]]

    def step(self, s: Mapping[str, Any]) -> dict[str, Any]:
        out = dict(s)
        for k in ("field", "alpha", "prove", "law"):
            if k in s:
                out[k] = self.term(s[k])
        if "by" in s:
            out["by"] = self.proof(s["by"])
        if "with" in s:
            out["with"] = {name: self.value(v) for name, v in s["with"].items()}
        return out

    def proof(self, p: Mapping[str, Any]) -> dict[str, Any]:
        if "factor" in p:
            return {"factor": self.term(p["factor"]), "proof": self.proof(p["proof"])}
        if "middle" in p:
            return {"middle": [self.term(t) for t in p["middle"]], "parts": [self.proof(x) for x in p["parts"]]}
        return {side: [self.step(s) for s in p[side]] for side in ("left", "right")}

    def defined(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The terms of which steps show that they have a value, with these steps."""
        return [{"term": self.term(d["term"]), "steps": [self.step(s) for s in d["steps"]]} for d in rows]


def well_shaped(t: Term) -> bool:
    """Whether the sort of a term is the one that its arguments give."""
    build: dict[str, Any] = {
        "add": T.add, "mul": T.mul, "pow": T.power, "hadamard": T.hadamard, "transpose": T.transpose,
        "inverse": T.inverse, "det": T.det, "trace": T.trace, "diag": T.diag, "norm": T.norm,
    }  # fmt: skip
    a = t.args
    try:
        if t.op in build:
            return build[t.op](*a).sort == t.sort
        if t.op in ("sum", "product", "integral", "at", "maximum", "minimum"):
            return a[0].sort == t.sort
        if t.op == "preimages":
            return a[0].sort == a[1].sort and a[2].sort == t.sort
        if t.op == "expectation":
            return a[0].sort == T.LAW and a[1].sort == t.sort
        if t.op == "function":
            return t.data[0] in T.FUNCTIONS and a[0].sort == t.sort
        if t.op == "normal":
            return T.normal(*a).sort == t.sort
        if t.op in T.LAW_OPERATORS:
            return t.sort == T.LAW
        if t.op in ("identity", "zeros", "ones"):
            rows, cols = t.data if len(t.data) == 2 else (t.data[0], t.data[0])
            return t.sort == T.matrix_sort(rows, cols)
        if t.op == "matrix":
            return t.sort == T.matrix_sort(*t.data) and len(a) == t.data[0] * t.data[1]
        scalars = ("number", "constant", "entry", "pdf", "kl", "jsd", "entropy", "cross_entropy", "indicator")
        return t.op not in scalars or t.sort == T.SCALAR
    except (T.ShapeError, TypeError, IndexError):
        return False


# ------------------------------------------------------------------------------------------------- hypotheses


def _domain(d: Domain) -> list[Any]:
    return [list(d.sort), d.kind, encode_data(d.lower), encode_data(d.upper), d.declared, d.shape_guessed]


def _domain_back(v: list[Any]) -> Domain:
    return Domain(Sort(*v[0]), v[1], decode_data(v[2]), decode_data(v[3]), v[4], v[5])


def encode_hypotheses(h: Hypotheses, e: Encoder) -> dict[str, Any]:
    return {
        "variables": {k: _domain(d) for k, d in h.variables.items()},
        "functions": {
            k: [list(f.argument_spaces), [list(s) for s in f.argument_sorts], _domain(f.values), f.result_space,
                f.parameters, f.smooth, f.bijection, f.convex, f.elementwise, f.regular]
            for k, f in h.functions.items()
        },
        "families": {
            k: [list(f.spaces), [[list(o), list(g), e.term(t)] for (o, g), t in f.laws.items()],
                list(f.pushforward) if f.pushforward else None, list(f.parameters)]
            for k, f in h.families.items()
        },
        "spaces": {
            k: [list(s.sort), s.discrete, s.shape_guessed, _domain(s.values) if s.values else None]
            for k, s in h.spaces.items()
        },
        "space_of": dict(h.space_of),
        "conditions": [e.term(c) for c in h.conditions],
        "unexplained": sorted(h.unexplained),
    }  # fmt: skip


def decode_hypotheses(v: Mapping[str, Any], d: Decoder) -> Hypotheses:
    functions = {
        k: Function(tuple(f[0]), tuple(Sort(*s) for s in f[1]), _domain_back(f[2]), *f[3:])
        for k, f in v["functions"].items()
    }
    families = {
        k: Family(tuple(f[0]), {(tuple(o), tuple(g)): d.term(t) for o, g, t in f[1]},
                  tuple(f[2]) if f[2] else None, tuple(f[3]))
        for k, f in v["families"].items()
    }  # fmt: skip
    spaces = {k: Space(Sort(*s[0]), s[1], s[2], _domain_back(s[3]) if s[3] else None) for k, s in v["spaces"].items()}
    return Hypotheses(
        {k: _domain_back(x) for k, x in v["variables"].items()}, functions, families, spaces, v["space_of"],
        tuple(d.term(c) for c in v["conditions"]), frozenset(v["unexplained"]),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------- for people


def for_people(t: Term) -> Term:
    """The same term with the names of bound variables that a reader knows: z for z~1, z' for z~2."""

    def name(n: str) -> str:
        if "~" not in n:
            return n
        stem, k = n.split("~", 1)
        return (stem if stem != "_" else "u") + "'" * (int(k) - 1 if k.isdigit() else 0)

    def change(n: Term) -> Term:
        bound = n.op == "symbol" or n.op == "derivative" or n.op in T.BINDER_SCOPE
        data = tuple(name(d) for d in n.data) if bound else n.data
        return n if data == n.data else T.term(n.op, n.args, data, n.sort)

    return T.map_terms(t, change)


def readable(t: Term) -> str:
    """The term on one line of text, with the names that a reader knows."""
    return text(for_people(t))


def numbered_steps(proof: Proof) -> list[str]:
    """The steps of a proof as lines: what becomes what, by which rule, under which side conditions."""
    lines = []
    for number, s in enumerate(proof.steps, 1):
        side = {"lhs": "left side", "rhs": "right side", "both": "both sides"}[s.side]
        given = f", since {', '.join(s.conditions)}" if s.conditions else ""
        lines.append(f"{number}. ({side}) {readable(s.before)}  =>  {readable(s.after)}   [{s.rule}{given}]")
    return lines
