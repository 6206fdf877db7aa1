"""Whether a relation is an instance of a rule: values for the rule's metavariables, found by matching its two sides.

Matching only proposes values.  With them the rule's two sides are built, the kernel checks its side conditions, and the
sides are compared as the kernel compares terms: neither the order of factors nor how a quotient is written hides one.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations, islice, product
from typing import Any

from proofs import terms as T
from proofs.binding import alike, closed_key, free, sort_of, substitute
from proofs.field import Algebra
from proofs.kernel import FLIP, Kernel, declared_law, implies
from proofs.records import Relation
from proofs.rules import RULES
from proofs.rules.language import BINDERS, MACROS, Instance, Lambda, Rule
from proofs.side_conditions import Context
from proofs.terms import LAW, SCALAR, Term

Values = dict[str, Any]
OPERATORS = {
    "+": "add", "*": "mul", "^": "pow", "T": "transpose", "inv": "inverse", "tr": "trace", "hadamard": "hadamard",
    "det": "det", "diag": "diag", "norm": "norm", "entry": "entry", "pdf": "pdf", "kl": "kl", "jsd": "jsd",
    "indicator": "indicator", "normal": "normal", "entropy": "entropy", "cross_entropy": "cross_entropy",
}  # fmt: skip
UNSAID = "~"  # before the name of a metavariable that may be anything of a shape
MOST = 5_000  # proposals for a rule and a relation
MOST_PARTS = 6  # summands or factors that are shared out


def instance_of(rule: Rule, relation: Relation) -> bool:
    """Whether the relation follows from the rule's statement by putting something in, and by nothing else."""
    if rule.relation != "=" and relation.lhs.sort != SCALAR:
        return False
    left, right = in_full(relation.lhs, relation), in_full(relation.rhs, relation)
    turned = Relation(right, FLIP[relation.rel], left, relation.hypotheses)
    return any(
        follows(rule, values, whole)
        for whole in (Relation(left, relation.rel, right, relation.hypotheses), turned)
        for values in islice(both(rule, whole.lhs, whole.rhs), MOST)
    )


def both(rule: Rule, left: Term, right: Term) -> Iterator[Values]:
    """From both sides where their forms fit, and from either side alone: the kernel knows what the other must be."""
    for values in match(rule.left, left, {}, {}):
        yield values
        yield from match(rule.right, right, {}, values)
    yield from match(rule.right, right, {}, {})


def follows(rule: Rule, values: Values, relation: Relation) -> bool:
    """Whether the kernel carries one side to the other by the rule with these values, and by nothing else."""
    shapes = {k.removeprefix(UNSAID): v for k, v in values.items() if k.startswith(UNSAID)}
    values = shapes | {k: v for k, v in values.items() if not k.startswith(UNSAID)}
    sorts = {v.sort for v in values.values() if isinstance(v, Term) and v.sort != LAW} or {SCALAR}
    missing = [n for n in bound_names((rule.left, rule.right)) if n not in values]
    known = RULES.get(rule.name)
    RULES[rule.name] = rule
    try:
        for sort in sorts if missing else (SCALAR,):
            try:
                given = values | {n: T.symbol(f"{n}~bound", sort) for n in missing}
                left = Instance(rule, given).build(rule.left, {})
                kernel = Kernel(relation)
                right, found = kernel.rewrite(left, {"rule": rule.name, "with": given})
                sides = ((left, relation.lhs), (right, relation.rhs))
                if implies(found, relation.rel) and all(same(a, b, kernel) for a, b in sides):
                    return True
            except (ValueError, KeyError, TypeError, AttributeError, IndexError):
                continue  # the values do not fit, or the rule does not apply
        return False
    finally:
        if known is None:
            del RULES[rule.name]
        else:
            RULES[rule.name] = known


def same(a: Term, b: Term, kernel: Kernel) -> bool:
    """Whether two terms are one but for the order of what commutes, also under binders, and as rational functions."""
    a, b = in_order(a), in_order(b)
    return alike(a, b) or Algebra(kernel.context).equal(a, b)


def in_order(t: Term) -> Term:
    def change(n: Term) -> Term:
        if n.op == "at":
            return substitute(n.args[0], {n.data[0]: n.args[1]})
        if n.op in ("add", "mul") and all(a.sort == SCALAR for a in n.args):
            return T.term(n.op, sorted(n.args, key=lambda a: str(closed_key(a))), n.data, n.sort)
        return n

    return T.map_terms(t, change)


def bound_names(p: Any) -> set[str]:
    if not isinstance(p, tuple) or not p:
        return set()
    own = {p[1]} if isinstance(p[0], str) and p[0] in BINDERS else set()
    return own.union(*(bound_names(q) for q in p))


def in_full(t: Term, relation: Relation) -> Term:
    """The term with the laws that are declared for its densities."""

    def change(n: Term) -> Term:
        try:
            return declared_law(n, Context(relation.hypotheses)) if n.op == "family" else n
        except ValueError:
            return n

    return T.map_terms(t, change)


def match(p: Any, t: Term, scope: Mapping[str, Term], values: Values) -> Iterator[Values]:
    """Values with which the pattern may be the term; what another part of the rule settles is left open."""
    if isinstance(p, Fraction):
        if t.op == "number" and t.data[0] == p:
            yield values
    elif isinstance(p, str):
        yield from named(p, t, scope, values)
    elif p[0] == "@":
        yield from applied(p[1], p[2:], t, scope, values)
    elif p[0] in BINDERS:
        yield from bound(p[0], p[1:], t, scope, values)
    elif p[0] in ("+", "*"):
        yield from sums(p[0], p[1:], t, scope, values)
    elif p[0] in MACROS or p[0] in ("dim", "eye", "matrix"):
        yield values  # a term computed from the shape of another
    elif p[0] == "family":
        yield from families(p[1:], t, scope, values)
    elif p[0] in ("call", "call_inverse"):
        if t.op == p[0] and values.get(p[1], t.data[0]) == t.data[0]:
            # the second place gives the shape of the result; anything of that shape will do, if nothing else says more
            shape = {UNSAID + p[2]: T.symbol("result~", t.sort)}
            yield from rows(p[3:], t.args, scope, {**values, p[1]: t.data[0], **shape})
    elif p[0] == "D":
        if t.op == "derivative" and len(t.data) == 1:
            by = T.symbol(t.data[0], sort_of(t.args[0], t.data[0]) or SCALAR)
            for found in match(p[1], by, scope, values):
                yield from match(p[2], t.args[0], scope, found)
    elif p[0] == "inv" and t.op == "pow" and T.is_number(t.args[1], -1):
        yield from match(p[1], t.args[0], scope, values)
    elif t.op == OPERATORS.get(p[0], p[0]) or (t.op in ("function", "compare") and t.data[0] == p[0]):
        yield from rows(p[1:], t.args, scope, values)


def named(p: str, t: Term, scope: Mapping[str, Term], values: Values) -> Iterator[Values]:
    if p in scope:
        if t == scope[p]:
            yield values
    elif p in values:
        if isinstance(values[p], Term) and alike(values[p], t):
            yield values
    elif not free(t) & {v.data[0] for v in scope.values()}:
        yield {**values, p: t}


def applied(name: str, places: tuple, t: Term, scope: Mapping[str, Term], values: Values) -> Iterator[Values]:
    """A body with places: known once its places are bound variables, left to the kernel elsewhere."""
    variables = tuple(scope[q] for q in places if isinstance(q, str) and q in scope)
    others = {v.data[0] for v in scope.values()} - {v.data[0] for v in variables}
    if name in values or len(variables) < len(places):
        yield values
    elif not free(t) & others:
        yield {**values, name: Lambda(variables, t)}


def bound(head: str, rest: tuple, t: Term, scope: Mapping[str, Term], values: Values) -> Iterator[Values]:
    op = {"at": "at"}.get(head, head)
    if t.op != op or len(t.data) != 1 or len(t.args) != len(rest) - 1:
        return
    sorts = [s for a in t.args if (s := sort_of(a, t.data[0])) is not None]
    variable = T.symbol(t.data[0], sorts[0] if sorts else SCALAR)
    inner, known = {**scope, rest[0]: variable}, {**values, rest[0]: variable}
    found = [known]
    for i, (p, a) in enumerate(zip(rest[1:], t.args)):
        found = [w for v in found for w in match(p, a, inner if i in BINDERS[head] else scope, v)]
    yield from found


def rows(items: tuple, args: tuple[Term, ...], scope: Mapping[str, Term], values: Values) -> Iterator[Values]:
    """Arguments in order; an item followed by ... takes as many as are left for it."""
    if not items:
        if not args:
            yield values
    elif items[1:2] == ("...",):
        for count in range(len(args) + 1):
            for found in row(items[0], args[:count], scope, values):
                yield from rows(items[2:], args[count:], scope, found)
    elif args:
        for found in match(items[0], args[0], scope, values):
            yield from rows(items[1:], args[1:], scope, found)


def row(p: Any, args: tuple[Term, ...], scope: Mapping[str, Term], values: Values) -> Iterator[Values]:
    """Each argument by one pattern, whose metavariables become rows."""
    own = row_names(p) - scope.keys()
    shared = {k: v for k, v in values.items() if k not in own}
    choices = [list(islice(match(p, a, scope, shared), 40)) for a in args]
    for chosen in islice(product(*choices), 200):
        new = {k: [c[k] for c in chosen] for k in own if all(k in c for c in chosen)}
        if all(k not in values or values[k] == new[k] for k in new):
            yield {**values, **new}


def row_names(p: Any) -> set[str]:
    if isinstance(p, str):
        return {p}
    if not isinstance(p, tuple):
        return set()
    return {p[1]} if p[0] == "@" else set().union(*(row_names(q) for q in p[1:]))


def sums(head: str, items: tuple, t: Term, scope: Mapping[str, Term], values: Values) -> Iterator[Values]:
    """Summands, or factors, shared out among the items in every way."""
    op, join, one = ("add", T.add, T.ZERO) if head == "+" else ("mul", T.mul, T.ONE)
    parts = t.args if t.op == op else (t,)
    if items[1:2] == ("...",):
        yield from row(items[0], parts, scope, values)
        return
    if len(parts) > MOST_PARTS:
        return
    for owners in product(range(len(items)), repeat=len(parts)):
        shares = [[a for a, o in zip(parts, owners) if o == i] for i in range(len(items))]
        found = [values]
        for p, share in zip(items, shares):
            whole = join(*share) if len(share) > 1 else share[0] if share else one
            found = [w for v in found for w in islice(match(p, whole, scope, v), 40)]
        yield from found


def families(rest: tuple, t: Term, scope: Mapping[str, Term], values: Values) -> Iterator[Values]:
    if t.op != "family":
        return
    letter, outcomes, givens, points, parameters = rest
    name, out, given, parameter_names = t.data
    if values.get(letter, name) != name:
        return
    start = {**values, letter: name, parameters: list(t.args[len(given) :]) or list(parameter_names)}
    for cut in cuts(len(out), len(outcomes)):
        for other in cuts(len(given), len(givens)):
            found = dict(start)
            for keys, those, ends in ((outcomes, out, cut), (givens, given, other), (points, t.args, other)):
                for key, a, b in zip(keys, (0, *ends), ends):
                    if key not in scope:
                        found[key] = list(those[a:b])
            if all(found[k] == v for k, v in values.items() if isinstance(v, list) and k in found):
                yield found


def cuts(length: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Where a row of a length is cut into parts: the ends of the parts."""
    if not parts:
        yield from [()] * (length == 0)
        return
    for inner in combinations(range(1, length + parts), parts - 1):
        yield (*(c - i - 1 for i, c in enumerate(inner)), length)


__all__ = ["instance_of"]
