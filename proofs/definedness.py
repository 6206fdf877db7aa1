"""When a relation has a value on both sides, and what may be used because it has.

"A side has a value or has none.  Neither side defined: no world.  One undefined inside a declared domain: a witness.
Where the domain was not declared, it shrinks to where both sides are defined" (the design).  So what makes a side
defined must follow from the hypotheses, or be needed by both sides alike, or be about symbols and functions whose
domain nobody declared; the last is written into the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from proofs import terms as T
from proofs.binding import free, key_under
from proofs.certificate import readable
from proofs.records import Hypotheses, Relation
from proofs.side_conditions import Context, Fact, endless
from proofs.terms import SCALAR, Term, add, function, mul, number

# These are never merely assumed: a law, a number, an integral, a derivative is there or is not.
NO_FACTS = frozenset({"normalised", "real", "exists"})


class KernelError(ValueError):
    """A step that does not follow."""


class Undefined(KernelError):
    """It is not known that a side has a value; ``kind`` would have to hold of ``term`` in ``context``."""

    def __init__(self, kind: str, t: Term, context: Context):
        super().__init__(f"definedness: it is not known that {kind}: {readable(t)}")
        self.kind, self.term, self.context = kind, t, context


def definedness(relation: Relation, shown: Callable[[str, Term, Context], bool]) -> tuple[list[Fact], list[str]]:
    """What may be used because both sides are defined, and how it is said.

    What makes one side defined must follow from the hypotheses (``shown`` says whether a certificate shows it), or be
    needed by both sides, or be about symbols and functions whose domain nobody declared.  Raises KernelError otherwise.
    """
    h = relation.hypotheses
    places = Context(h), Context(h)
    sides = [list(_needs(t, place)) for t, place in zip((relation.lhs, relation.rhs), places)]
    keys = [{(kind, key_under(t, bound)) for kind, t, bound, _ in side if not free(t) & bound} for side in sides]
    facts: list[Fact] = []
    assumed: list[str] = []
    for side in sides:
        for kind, t, bound, context in side:
            fact = Fact(kind, key_under(t, bound))
            if fact in facts or context.holds(kind, t) or shown(kind, t, context):
                continue
            shared = (fact.kind, fact.key) in keys[0] & keys[1] and bool(free(t))
            if kind in NO_FACTS:
                if kind != "normalised" and (fact.kind, fact.key) in keys[0] & keys[1]:
                    continue
                raise Undefined(kind, t, context)
            if not shared and not _undeclared(t, bound, h):
                raise Undefined(kind, t, context)
            facts.append(fact)
            words = {"nonzero": "{} != 0", "positive": "{} > 0", "nonnegative": "{} >= 0"}.get(kind, kind + ": {}")
            assumed.append(words.format(readable(t)) + " (where both sides are defined)")
    return facts, [*assumed, *places[0].used, *places[1].used]


def _needs(
    t: Term, context: Context, bound: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Term, frozenset[str], Context]]:
    """Everything that must hold for a term to have a value: (condition, term, names bound there, context there)."""
    for kind, u in obligations(t):
        yield kind, u, bound, context
    for i, a in enumerate(t.args):
        if i and t.op in ("sum", "product", "integral") and endless(a):
            continue
        names = T.bound_in(t, i)
        yield from _needs(a, context.under(t, i), bound | set(names) if names else bound)


def brings_in(old: Term, new: Term, context: Context) -> None:
    """Raises KernelError where a step brings in what may have no value: a quotient, a logarithm, a law."""
    bound = context.hidden
    known = {(kind, key_under(t, names)) for kind, t, names, _ in _needs(old, context, bound)}
    for kind, t, names, place in _needs(new, context, bound):
        if kind == "exists":
            continue  # each rule about integrals and derivatives asks for what it needs
        if (kind, key_under(t, names)) not in known and not place.holds(kind, t):
            raise KernelError(f"a step brings in what may not be defined: it is not known that {kind}: {readable(t)}")


def _undeclared(t: Term, bound: frozenset[str], h: Hypotheses) -> bool:
    """Whether a domain can shrink to where a term is as it should be: nothing declared, nothing merely bound."""

    def visit(node: Term) -> bool:
        if node.op == "symbol":
            return node.data[0] not in bound and not h.domain(node.data[0]).declared
        if node.op == "call":
            f = h.functions.get(node.data[0])
            return f is None or not f.values.declared
        if node.op == "pdf" and node.args[0].op == "family":
            return True
        return all(visit(a) for a in node.args)

    return bool(free(t)) and visit(t)


def obligations(t: Term) -> list[tuple[str, Term]]:
    """What must hold for the topmost operator of a term to give a value: (condition, term)."""
    op, a = t.op, t.args
    if op == "pow":
        e = a[1].data[0] if a[1].op == "number" else None
        if t.sort != SCALAR:
            entries = "positive_entries" if t.sort.cols == 1 else "invertible"
            return [(entries, a[0])] if e is not None and e < 0 else []
        if e is not None and e.denominator == 1:
            return [("nonzero", a[0])] if e < 0 else []
        return [("nonnegative" if e is not None and e > 0 else "positive", a[0])]
    if op == "function":
        kind = {"tan": "nonzero", "sqrt": "nonnegative"}.get(t.data[0], "positive")
        if t.data[0] not in ("log", "log_gamma", "digamma", "gamma_function", "sqrt", "logit", "tan"):
            return []
        if t.sort != SCALAR:
            return [("positive_entries", a[0])]
        if t.data[0] == "logit":
            return [("positive", a[0]), ("positive", _less(number(1), a[0]))]
        return [(kind, function("cos", a[0]) if t.data[0] == "tan" else a[0])]
    if op == "constant":
        return [("real", t)] if t.data[0] in ("infinity", "i") else []
    if op == "entry":
        sides = zip(a[1:], a[0].sort[1:])
        beyond = (i.op == "number" and (i.data[0] < 1 or (not isinstance(d, str) and i.data[0] > d)) for i, d in sides)
        return [("real", t)] if any(beyond) else []
    if op in ("expectation", "variance", "covariance", "derivative", "preimages") or (op == "integral" and len(a) == 1):
        return [("exists", t)]
    if op in ("exponential", "poisson", "gamma", "beta", "student_t"):
        return [("positive", parameter) for parameter in a]
    if op == "bernoulli":
        return [("nonnegative", a[0]), ("nonnegative", _less(number(1), a[0]))]
    needs = {
        "inverse": lambda: ("invertible", a[0]), "normal": lambda: ("positive_definite", a[1]),
        "with_density": lambda: ("normalised", t), "laplace": lambda: ("positive", a[1]),
        "uniform": lambda: ("positive", _less(a[1], a[0])),
    }  # fmt: skip
    return [needs[op]()] if op in needs else []


def _less(a: Term, b: Term) -> Term:
    return add(a, mul(number(-1), b))
