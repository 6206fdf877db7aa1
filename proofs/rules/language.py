"""The language that rules are written in, and how a rule is made into an instance.

A rule is plain data: a pattern and a replacement as nested tuples, side conditions, a statement and a source.
Patterns are written as s-expressions.  ``(integral x (+ a A@x))`` binds ``x``; ``a`` stands for a term in which the
bound variable cannot occur, ``A@x`` for one in which it may, ``(@ A t)`` for the same with ``t`` in its place.
``xs`` followed by ``...`` is a row of terms: ``(+ (* cs (log bs)) ...)``.  ``(dim A)`` is the number of rows of A,
``(eye A)`` the identity of that size, ``(zeros_of A)`` the zero of the shape of A.

Hygiene does not depend on who applies a rule: bound variables of an instance are always named apart from every free
symbol of the terms that are put in, so nothing that is put in can be captured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from proofs import terms as T
from proofs.binding import free, fresh, substitute
from proofs.terms import SCALAR, Term


class RuleError(ValueError):
    """A rule does not apply; the message begins with its name."""


class Lambda(NamedTuple):
    """What a second-order metavariable stands for: a body with named places."""

    variables: tuple[Term, ...]
    body: Term


Pattern = Any  # str | Fraction | tuple[Pattern, ...]


@dataclass(frozen=True)
class Rule:
    """One rule.  ``kind`` is one of

    - theorem: a theorem of a book, for all functions, densities or matrices: an axiom of ours;
    - definition: what an operator, a law or a function of the language means;
    - calculation: finite calculation with numbers, names, sums and the entries of matrices.

    ``of`` is the theorem that a rule writes down; one theorem may be written down for several operators.  ``premise``
    are the two sides of an equation that has to be proved wherever the rule is used.
    """

    name: str
    left: Pattern
    relation: str
    right: Pattern
    conditions: tuple[Pattern, ...]
    statement: str
    source: str
    kind: str
    of: str
    premise: tuple[Pattern, ...] = ()


def parse(text: str) -> Pattern:
    """An s-expression as nested tuples; numbers as fractions."""
    tokens = re.findall(r"[()]|[^\s()]+", text)
    position = 0

    def read() -> Pattern:
        nonlocal position
        token = tokens[position]
        position += 1
        if token == "(":
            items = []
            while tokens[position] != ")":
                items.append(read())
            position += 1
            return tuple(items)
        if re.fullmatch(r"-?\d+(/\d+)?", token):
            return Fraction(token)
        return ("@", *token.split("@")) if "@" in token[1:] else token

    found = read()
    if position != len(tokens):
        raise ValueError(f"something is left over in the pattern {text!r}")
    return found


def rule(
    name: str, equation: str, when: str = "", *, says: str, source: str, kind: str = "theorem", of: str = "",
    premise: str = "",
) -> Rule:  # fmt: skip
    """A rule from text: ``left = right`` (or ``<=``), with conditions separated by semicolons."""
    left, relation, right = re.split(r"\s(=|<=|<)\s(?=[^)]|\()", equation, maxsplit=1)
    conditions = tuple(parse(f"({c})") for c in when.split(";") if c.strip())
    shown = tuple(map(parse, premise.split(" = "))) if premise else ()
    return Rule(name, parse(left), relation, parse(right), conditions, says, source, kind, of or name, shown)


BINDERS = {op: scope for op, scope in T.BINDER_SCOPE.items() if op not in T.OPTIMA}
PLAIN: dict[str, Any] = {
    "+": T.add, "*": T.mul, "^": T.power, "hadamard": T.hadamard, "T": T.transpose, "inv": T.inverse, "det": T.det,
    "tr": T.trace, "diag": T.diag, "norm": T.norm, "normal": T.normal, "pdf": T.pdf, "kl": T.kl, "jsd": T.jsd,
    "entry": T.entry, "<=": lambda a, b: T.compare("<=", a, b), "indicator": T.indicator,
    "entropy": lambda p: T.term("entropy", (p,)), "cross_entropy": lambda p, q: T.term("cross_entropy", (p, q)),
}  # fmt: skip


MACROS = frozenset({"count", "matrix_column", "Ds", "unit", "scalar", "zeros_of", "ones_of", "jacobian"})


class Instance:
    """One application of a rule: what its metavariables stand for, and the names of its bound variables."""

    def __init__(self, rule_: Rule, values: Mapping[str, Any]):
        self.rule, self.values = rule_, values
        self.taken: set[str] = set().union(*(free_in(v) for _, v in self._put_in()))
        self.dimensions: set[str] = set()  # symbolic dimensions that stand in it as numbers
        for key, v in values.items():
            points = values.get(key[:-1] + "vs")
            names = isinstance(v, list) and all(isinstance(n, str) for n in v)
            if names and isinstance(points, list) and len(points) != len(v):
                raise self.fail("outcomes and points do not fit")

    def fail(self, why: str) -> RuleError:
        return RuleError(f"{self.rule.name}: {why}")

    def value(self, name: str) -> Any:
        if name not in self.values:
            raise self.fail(f"nothing is given for {name}")
        return self.values[name]

    def build(self, p: Pattern, scope: Mapping[str, Term], row: int | None = None) -> Any:
        """The term of a pattern.  ``scope`` has the bound variables, ``row`` the place in a row of terms."""
        if isinstance(p, Fraction):
            return T.number(p)
        if isinstance(p, str):
            return self._name(p, scope, row)
        head, rest = p[0], p[1:]
        if head == "@":
            body = self._pick(rest[0], row)
            if not isinstance(body, Lambda) or len(body.variables) != len(rest) - 1:
                raise self.fail(f"{rest[0]} is not given as a body with {len(rest) - 1} places")
            places = [self.build(a, scope, row) for a in rest[1:]]
            if any(v.sort != a.sort for v, a in zip(body.variables, places)):
                raise self.fail(f"{rest[0]} is used with another shape")
            return substitute(body.body, {v.data[0]: a for v, a in zip(body.variables, places)})
        if head in BINDERS:
            return self._binder(head, rest, scope, row)
        if head == "D":
            by = self.build(rest[0], scope, row)
            if by.op != "symbol" or by.sort.cols != 1:
                raise self.fail("a derivative is by a scalar or by a vector")
            return T.derivative(self.build(rest[1], scope, row), by.data[0], sort=by.sort)
        if head in MACROS:
            return self._macro(head, rest, scope, row)
        if head in ("dim", "eye"):
            sort = self.build(rest[0], scope, row).sort
            if head == "eye":
                return T.identity(sort.rows)
            if isinstance(sort.rows, int):
                return T.number(sort.rows)
            self.dimensions.add(sort.rows)
            return T.symbol(sort.rows)
        if head == "family":
            return self._family(rest, scope, row)
        if head in ("call", "call_inverse"):
            name, sample = self.value(rest[0]), self.value(rest[1])
            return T.term(head, self._row(rest[2:], scope, row), (name,), sample.sort)
        args = self._row(rest, scope, row)
        if (head in T.FUNCTIONS and args[0].sort != SCALAR) or (head == "^" and args[0].sort.cols != 1):
            # of matrices these are elementwise, and products are not
            raise self.fail(f"{head} of {T.describe(args[0].sort)}")
        if head == "^":
            args[1] = folded(args[1])
        if head == "pdf" and not shape_matches(args[0], tuple(args[1:])):
            raise self.fail("a density at points of the wrong shape")
        if head in T.FUNCTIONS:
            return T.function(head, *args)
        if head == "matrix":
            return T.matrix(int(args[0].data[0]), int(args[1].data[0]), args[2:])
        if head in PLAIN:
            return PLAIN[head](*args)
        if head in T.LAW_OPERATORS:
            return T.law(head, *args)
        raise self.fail(f"unknown operator {head}")

    def _macro(self, head: str, rest: tuple, scope: Mapping[str, Term], row: int | None) -> Term:
        """Terms that are computed from the shape of others."""
        if head == "count":
            return T.number(len(self.value(rest[0])))
        if head == "matrix_column":
            entries = self._row(rest, scope, row)
            return T.matrix(len(entries), 1, entries)
        if head == "Ds":
            names = [v.data[0] for v in self.value(rest[0])]
            return T.derivative(self.build(rest[1], scope, row), *names)
        if head == "jacobian":
            columns = [v.data[0] for v in self.value(rest[0])]
            bodies = self.value(rest[1])
            return T.matrix(len(bodies), len(columns), [T.derivative(f, w) for f in bodies for w in columns])
        t = self.build(rest[0], scope, row)
        if head == "unit":
            return T.identity(t.sort.rows)
        if head == "scalar":
            if t.sort != SCALAR:
                raise self.fail(f"{T.describe(t.sort)} is not a scalar")
            return t
        return (T.ones if head == "ones_of" else T.zeros)(t.sort.rows, t.sort.cols)

    def _name(self, p: str, scope: Mapping[str, Term], row: int | None) -> Any:
        if p in scope:
            return scope[p]
        if p in ("pi", "euler"):
            return T.constant("pi" if p == "pi" else "e")
        value = self._pick(p, row)
        if isinstance(value, Lambda):
            raise self.fail(f"{p} is a body with places")
        return value

    def _pick(self, name: str, row: int | None) -> Any:
        value = self.value(name)
        if isinstance(value, list):
            if row is None:
                raise self.fail(f"{name} is a row")
            return value[row]
        return value

    def _row(self, items: tuple, scope: Mapping[str, Term], row: int | None) -> list[Term]:
        out: list[Term] = []
        for i, item in enumerate(items):
            if item == "...":
                continue
            if i + 1 < len(items) and items[i + 1] == "...":
                out.extend(self.build(item, scope, k) for k in range(self.length(item)))
            else:
                out.append(self.build(item, scope, row))
        return out

    def rows_in(self, p: Pattern) -> set[str]:
        """The rows that a pattern mentions one by one (not those that it takes whole)."""
        if isinstance(p, str):
            return {p} if isinstance(self.values.get(p), list) else set()
        if not isinstance(p, tuple) or (p and p[0] == "family"):
            return set()
        return set().union(*(self.rows_in(q) for q, after in zip(p, (*p[1:], None)) if after != "..."))

    def length(self, p: Pattern) -> int:
        lengths = {len(self.values[name]) for name in self.rows_in(p)}
        if len(lengths) != 1:
            raise self.fail("rows of different lengths")
        return lengths.pop()

    def _binder(self, head: str, rest: tuple, scope: Mapping[str, Term], row: int | None) -> Term:
        """The bound variable is named apart from everything that is put in, and from the variables around it."""
        name = rest[0]
        wish = self.value(name)
        if not (isinstance(wish, Term) and wish.op == "symbol"):
            raise self.fail(f"{name} must be a variable")
        outer = {v.data[0] for v in scope.values()}
        mentioned = self.taken - {wish.data[0]} | outer
        chosen = wish.data[0]
        if chosen in outer or self._occurs(chosen):
            chosen = fresh(chosen, mentioned | {chosen})
        variable = T.symbol(chosen, wish.sort)
        inner = {**scope, name: variable}
        args = [self.build(a, inner if i in BINDERS[head] else scope, row) for i, a in enumerate(rest[1:])]
        if 0 not in BINDERS[head] and head != "preimages":
            law = args[0]
            named = law.op not in ("family", "with_density", "pushforward")
            if law.sort != T.LAW or (named and wish.sort != (law.args[0].sort if law.args else SCALAR)):
                raise self.fail("the variable does not fit its law")
        if head == "at" and args[1].sort != wish.sort:
            raise self.fail("a value of another shape than its variable")
        if head == "covariance":
            return T.term("covariance", args, (chosen,), T.matrix_sort(args[1].sort.rows, args[2].sort.rows))
        if head in ("with_density", "pushforward", "probability"):
            return T.term(head, args, (chosen,), SCALAR if head == "probability" else T.LAW)
        build = getattr(T, {"sum": "sum_over", "product": "product_over"}.get(head, head))
        return build(chosen, *args)

    def _put_in(self) -> Iterator[tuple[str, Any]]:
        """Everything that is put in, with what it is put in for; rows one by one."""
        for key, v in self.values.items():
            yield from ((key, t) for t in (v if isinstance(v, list) else (v,)))

    def _occurs(self, name: str) -> bool:
        """Whether a name is free in something that is put in (its own role as a wish does not count)."""
        return any(
            name in free_in(v) and not (isinstance(v, Term) and v.op == "symbol" and key in self.wishes())
            for key, v in self._put_in()
        )

    def wishes(self) -> frozenset[str]:
        return _bound_names((self.rule.left, self.rule.right, *self.rule.premise))

    def _family(self, rest: tuple, scope: Mapping[str, Term], row: int | None) -> Term:
        """(family letter (outcome rows) (given rows) (rows of given values) parameters)"""
        letter, outcomes, givens, values, parameters = rest
        names = [tuple(n for key in part for n in self.value(key)) for part in (outcomes, givens)]
        given_values = [t for key in values for t in self._points(key, scope)]
        if len(given_values) != len(names[1]) or len(set(names[0] + names[1])) != len(names[0] + names[1]):
            raise self.fail("the outcomes and givens do not fit")
        return T.family(self.value(letter), names[0], names[1], given_values, self.value(parameters))

    def _points(self, key: str, scope: Mapping[str, Term]) -> list[Term]:
        return [scope[key]] if key in scope else list(self.value(key))


def free_in(value: Any) -> frozenset[str]:
    """The names that are free in what is put in for a metavariable."""
    if isinstance(value, Lambda):
        return free(value.body) - {p.data[0] for p in value.variables}
    return free(value) if isinstance(value, Term) else frozenset()


def _bound_names(p: Pattern) -> frozenset[str]:
    if not isinstance(p, tuple):
        return frozenset()
    own = frozenset((p[1],)) if p and p[0] in BINDERS else frozenset()
    return own.union(*(_bound_names(x) for x in p)) if p else own


def folded(exponent: Term) -> Term:
    """k - 1 as a number where k is one, so that an exponent shows whether it is whole."""
    if exponent.op == "add" and all(a.op == "number" for a in exponent.args):
        return T.number(sum((a.data[0] for a in exponent.args), Fraction(0)))
    return exponent


def shape_matches(law: Term, points: tuple[Term, ...]) -> bool:
    """Whether a density takes points of these shapes."""
    if law.op == "family":
        return len(points) == len(law.data[1])
    if law.op == "normal":
        return len(points) == 1 and points[0].sort == law.args[0].sort
    return len(points) == 1 and (law.op in ("with_density", "pushforward") or points[0].sort == SCALAR)
