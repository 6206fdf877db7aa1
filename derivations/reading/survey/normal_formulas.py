"""A normal density recognised in its formula: \\frac{1}{\\sqrt{2\\pi s^2}} e^{-(z-m)^2/(2s^2)} is N(m, s^2).

Authors write the formula in many ways.  It is recognised by what it is worth: the parts of the formula are the
candidates for m and s^2, and the pair is right whose density has the value of the formula wherever both are worked out.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from derivations.reading.conventions import Conventions
from derivations.reading.names import head_of
from derivations.reading.tree import Fraction, Group, Name, Node, Number, Root, Script, Sequence, Sum
from derivations.reading.walking import argument_group, as_name, nodes, unwrap

POINTS = 8  # at which the formula and the density are compared
CLOSE = 1e-9  # relative: two densities of the candidates that differ do so by far more at some of random points
LARGEST = 120  # nodes of a formula that is looked at
NOWHERE = (0, 0)  # the span of what is not written in the document


class NoValue(Exception):
    """A part of the formula has no value as a number."""


def normal_law(formula: Node, variable: str, conventions: Conventions) -> Node | None:
    """N(m, s^2) as a law over the variable (its name) where the formula is the density of that; None elsewhere."""
    if sum(1 for _ in nodes(formula)) > LARGEST or not speaks_of_exponential(formula):
        return None
    worlds = [World(random.Random(seed), conventions) for seed in range(POINTS)]
    try:
        values = [(w, w.of(formula), w.symbol(variable)) for w in worlds]
    except (NoValue, ZeroDivisionError, OverflowError, ValueError):
        return None
    means = [Number(NOWHERE, "0"), *subtrahends(formula, variable)]
    for variance in variances(formula):
        for mean in means:
            if all(w.is_normal(value, at, mean, variance) for w, value, at in values):
                name = Name(NOWHERE, "N", "cal")
                return Sequence(NOWHERE, (name, Group(NOWHERE, "(", ")", (mean, as_square(variance)), (",",))), ("",))
    return None


def speaks_of_exponential(formula: Node) -> bool:
    names = {n.text for n in nodes(formula) if isinstance(n, Name)}
    return bool(names & {"exp", "e"}) and "pi" in names


def subtrahends(formula: Node, variable: str) -> Iterator[Node]:
    """m of z - m, and of m - z."""
    for node in nodes(formula):
        if not isinstance(node, Sum) or len(node.terms) != 2 or "-" not in node.signs:
            continue
        named = [(h := head_of(t)) is not None and h.name == variable for t in node.terms]
        if sum(named) == 1:
            yield node.terms[named.index(False)]


def variances(formula: Node) -> Iterator[Node]:
    """s^2, s and 1/s for every name s in the formula, the widest first; 1 for the standard normal law."""
    for node in nodes(formula):
        if isinstance(node, Script) and as_number(node.sup) == "2":
            yield node
    for node in nodes(formula):
        if (isinstance(node, Script) and node.sup is None) or isinstance(node, Name):
            yield Script(NOWHERE, node, sup=Number(NOWHERE, "2")) if isinstance(node, Name) else squared(node)
            yield node
            yield Fraction(NOWHERE, Number(NOWHERE, "1"), node)
    yield Number(NOWHERE, "1")


def squared(node: Script) -> Node:
    return Script(NOWHERE, node.base, sub=node.sub, sup=Number(NOWHERE, "2"))


def as_square(variance: Node) -> Node:
    """The variance in a form that nobody takes for a standard deviation: v is (\\sqrt v)^2."""
    if isinstance(variance, Number) or (isinstance(variance, Script) and as_number(variance.sup) == "2"):
        return variance
    root = Group(NOWHERE, "(", ")", (Root(NOWHERE, variance),))
    return Script(NOWHERE, root, sup=Number(NOWHERE, "2"))


def as_number(node: Node | None) -> str | None:
    node = unwrap(node) if node is not None else None
    return node.text if isinstance(node, Number) else None


@dataclass
class World:
    """A number for every name, drawn when it is first met: all positive, so that roots are real."""

    draws: random.Random
    conventions: Conventions
    values: dict[str, float] = field(default_factory=dict)

    def symbol(self, key: str) -> float:
        if key not in self.values:
            self.values[key] = self.draws.uniform(0.5, 2.0)
        return self.values[key]

    def is_normal(self, value: float, at: float, mean: Node, variance: Node) -> bool:
        try:
            m, v = self.of(mean), self.of(variance)
            expected = math.exp(-((at - m) ** 2) / (2 * v)) / math.sqrt(2 * math.pi * v)
        except (NoValue, ZeroDivisionError, OverflowError, ValueError):
            return False
        return math.isclose(value, expected, rel_tol=CLOSE)

    def of(self, node: Node) -> float:
        """The value of a formula.  Raises NoValue where it has none, and what arithmetic raises."""
        node = unwrap(node)
        match node:
            case Number():
                return float(node.text)
            case Sum():
                signs = {"": 1.0, "+": 1.0, "-": -1.0}
                if not set(node.signs) <= set(signs):
                    raise NoValue
                return sum(signs[s] * self.of(t) for s, t in zip(node.signs, node.terms))
            case Fraction():
                return self.of(node.numerator) / self.of(node.denominator)
            case Root():
                return math.pow(self.of(node.body), 1.0 / (2.0 if node.degree is None else self.of(node.degree)))
            case Group() if len(node.parts) == 1 and node.open in ("(", "[", "{", ""):
                return self.of(node.parts[0])
            case Sequence():
                return self.product(node.items, node.signs)
            case Name() | Script():
                return self.named(node)
        raise NoValue

    def product(self, items: tuple[Node, ...], signs: tuple[str, ...]) -> float:
        value, sign, i = 1.0, "", 0
        while i < len(items):
            factor, step = self.factor(items, signs, i)
            if sign not in ("", "*", "x", "/"):
                raise NoValue
            value = value / factor if sign == "/" else value * factor
            i += step
            sign = signs[i - 1] if i < len(items) else ""
        return value

    def factor(self, items: tuple[Node, ...], signs: tuple[str, ...], i: int) -> tuple[float, int]:
        """The value of a factor, and how many items it takes: \\exp with its brackets, mu(x) as one value."""
        name, following = as_name(items[i]), items[i + 1] if i + 1 < len(items) and signs[i] == "" else None
        group = argument_group(following)
        if name is not None and name.text in ("exp", "sqrt"):
            if following is None:
                raise NoValue
            argument = self.of(following)
            return (math.exp(argument) if name.text == "exp" else math.sqrt(argument)), 2
        head = head_of(items[i], is_parameter=self.conventions.is_parameter)
        if group is not None and group is following and head is not None and head.base in self.conventions.functions:
            return self.symbol(f"{head.name} at {group.parts}"), 2
        return self.of(items[i]), 1

    def named(self, node: Name | Script) -> float:
        base = unwrap(node.base) if isinstance(node, Script) else node
        if not isinstance(base, Name):
            if not isinstance(node, Script) or node.sub is not None or node.sup is None or node.primes or node.star:
                raise NoValue
            return math.pow(self.of(node.base), self.of(node.sup))
        if base.text == "e" and isinstance(node, Script) and node.sup is not None and node.sub is None:
            return math.exp(self.of(node.sup))
        head = head_of(node, is_parameter=self.conventions.is_parameter)
        if head is None or head.indices or base.text in ("exp", "sqrt", "log", "ln"):
            raise NoValue
        value = math.pi if head.base == "pi" and not head.label else self.symbol(head.name)
        return value if head.power is None else math.pow(value, self.of(head.power))
