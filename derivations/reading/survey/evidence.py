"""What the way a letter is used says of its shape.

``x^\\top y`` makes vectors, ``|\\Sigma|`` and ``\\Sigma^{-1}`` a matrix, ``N(\\mu, \\Sigma)`` a vector and a matrix,
bold small letters are vectors.  Kinds spread through sums and products until nothing changes.  What no use fixes stays
a scalar.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from derivations.reading.conventions import Conventions
from derivations.reading.names import Head, every_head, is_inverse_transpose, is_minus_one, is_transpose
from derivations.reading.places import Placed, pairs, sides
from derivations.reading.scope import Scope
from derivations.reading.survey.dimensions import found_dimensions
from derivations.reading.survey.kinds import Kinds, called, is_call
from derivations.reading.survey.shapes import (
    MATRIX,
    ROW,
    VECTOR,
    Shapes,
    is_covariance_letter,
    is_matrix_letter,
    kind_of_sort,
)
from derivations.reading.survey.usage import Usage
from derivations.reading.tree import Group, Infix, Name, Node, Number, Script, Sequence, Sum
from derivations.reading.vocabulary import KNOWN_WORDS, MATRIX_WORDS
from derivations.reading.walking import as_group, as_name, as_sequence, items_of, nodes, unwrap
from proofs.terms import SCALAR, Sort

BOLD_VECTORS = ("mu", "epsilon", "xi", "theta")
NUMBERS = ("positive", "nonnegative", "nonzero", "unit", "closed_unit", "interval", "integer", "natural", "binary")
ROUNDS = 6  # of spreading; more than any formula needs


def survey_shapes(
    trees: Iterable[Node],
    equations: Iterable[tuple[Node, Node]],
    usage: Usage,
    conventions: Conventions,
    declared: Mapping[str, Sort],
) -> Shapes:
    """The shapes of a document's letters; ``equations`` are pairs of sides that have one shape."""
    evidence = Evidence(usage, conventions, declared)
    trees, equations = list(trees), list(equations)
    for _ in range(ROUNDS):
        evidence.changed = False
        for tree in trees:
            for node in nodes(tree):
                evidence.see(node)
        for left, right in equations:
            evidence.equate(left, right)
            evidence.equate(right, left)
        evidence.see_entries()
        if not evidence.changed:
            break
    for key, sort in declared.items():  # where the declaration does not reach, the kind still does
        kind = kind_of_sort(sort)
        if kind is not None:
            evidence.shapes.kinds.setdefault(key, kind)
    evidence.shapes.found = found_dimensions(evidence, trees, equations)
    return evidence.shapes


def shapes_of_sections(
    chains: Iterable[Placed], scope: Scope, usage: Usage, conventions: Conventions
) -> dict[int, Shapes]:
    """The shapes of the letters in each section: by what is written in it, and what is declared in it or around it."""
    sections: dict[int, list[Placed]] = {}
    for placed in chains:
        sections.setdefault(placed.section, []).append(placed)
    found: dict[int, Shapes] = {}
    for section, inside in sections.items():
        trees = [side.tree for placed in inside for side in sides(placed.chain)]
        equations = [
            (left.tree, link.side.tree)
            for placed in inside
            for left, link in pairs(placed.chain, placed.previous)
            if link.rel in ("=", ":=", "<=", ">=")
        ]
        bodies = mentioned_bodies(trees, scope, section, conventions)
        first, last = inside[0].order, inside[-1].order + len(inside[-1].chain.links)
        declared = {
            d.key: d.domain.sort
            for d in scope.domains
            if d.domain.sort != SCALAR and d.order <= last and first < d.section_end
        }
        bold = {n.text for tree in trees for n in nodes(tree) if isinstance(n, Name) and n.font in ("bf", "bold")}
        for d in scope.domains:
            if (
                d.domain.kind in NUMBERS
                and d.key.split("_")[0] not in bold
                and d.order <= last
                and first < d.section_end
            ):
                declared.setdefault(d.key, SCALAR)
        for m in scope.maps:
            m.share_shape(declared)
        found[section] = survey_shapes([*trees, *bodies], equations, usage, conventions, declared)
    return found


def mentioned_bodies(trees: list[Node], scope: Scope, section: int, conventions: Conventions) -> list[Node]:
    """The bodies of the definitions of other sections that some trees, or those bodies, mention."""
    others = {d.key: d.body for d in scope.definitions if d.section != section}
    found: dict[str, Node] = {}
    waiting = list(trees)
    while waiting:
        for head in every_head(waiting.pop(), is_parameter=conventions.is_parameter):
            body = others.get(head.name)
            if body is not None and head.name not in found:
                found[head.name] = body
                waiting.append(body)
    return list(found.values())


class Evidence(Kinds):
    """Marks letters by the ways they are used."""

    def __init__(self, usage: Usage, conventions: Conventions, declared: Mapping[str, Sort]):
        super().__init__(usage, conventions, declared)
        self.scaling: set[str] = set()  # letters that stand before an identity
        self.indexed_here: set[str] = set()

    def is_matrix(self, head: Head | None) -> bool:
        return head is not None and is_matrix_letter(head, self.conventions)

    def see(self, node: Node) -> None:
        """What one node says of the letters in it."""
        head = self.head(node) if isinstance(node, Script) else None
        if head is not None and head.indices:
            self.indexed_here.add(head.key)
        match node:
            case Script() if is_transpose(node.sup):
                self.see_transposed(without_power(node))
            case Script() if is_minus_one(node.sup) or is_inverse_transpose(node.sup):
                base = without_power(node)
                head = self.head(base)
                if head is not None and self.is_matrix(head) and head.key not in self.usage.listed:
                    self.mark(base, MATRIX)
            case Name(font="bf" | "bold"):
                if (len(node.text) == 1 and node.text.islower()) or node.text in BOLD_VECTORS:
                    self.mark(node, VECTOR)
            case Script():
                self.see_bold(node)
            case Group(open="|" | "||"):
                inner = unwrap(node.parts[0])
                if self.is_matrix(self.head(inner)):
                    self.mark(inner, MATRIX)
                if node.open == "||":
                    self.mark(inner, VECTOR)
            case Sequence():
                self.see_product(node)
            case Sum():
                kind = self.kind(node)
                for term in node.terms:
                    self.give(term, kind)
            case Infix(rel="~" | "="):
                kind = self.law_kind(node.right) if node.rel == "~" else self.kind(node.right)
                if kind == VECTOR:
                    self.mark(node.left, VECTOR)

    def see_transposed(self, node: Node) -> None:
        base = unwrap(node)
        head = self.head(base)
        if head is not None:
            self.mark(base, MATRIX if self.is_matrix(head) else VECTOR)
        elif isinstance(base, Group) and base.open in ("(", "[") and len(base.parts) == 1 and not self.kind(base):
            inner = unwrap(base.parts[0])
            for term in inner.terms if isinstance(inner, Sum) else base.parts:
                self.mark(term, VECTOR)

    def see_bold(self, node: Script) -> None:
        """Bold small letters with a subscript are vectors too."""
        base, head = as_name(node.base), self.head(node)
        if base is None or head is None or head.power is not None:
            return
        if base.font in ("bf", "bold") and base.text.islower():
            self.mark(node, VECTOR)

    def equate(self, side: Node, other: Node) -> None:
        """A name has the shape of what it is set equal to, or added to."""
        self.give(side, self.kind(other))

    def give(self, side: Node, kind: str | None) -> None:
        if kind is None or kind == ROW or self.kind(side) is not None or self.head(side) is None:
            return
        self.mark(side, kind)

    def see_entries(self) -> None:
        """mu and mu_j: the bare letter is the vector of its entries; sigma of sigma^2 I only where sigma_j is near."""
        for key in self.usage.subscripted_by_index - (self.scaling - self.indexed_here):
            is_function = key in self.usage.listed or key in self.usage.density_variables
            if self.usage.unindexed[key] and not is_function:
                self.mark_key(key, VECTOR)

    # ------------------------------------------------------------------------------------------ products

    def see_product(self, node: Sequence) -> None:
        for (item, following), sign in zip(pairwise(node.items), node.signs):
            name, group = as_name(item), as_group(following)
            scaled, scale = self.head(following), self.head(item)
            if scaled is not None and scale is not None and scaled.base == "I" and not scaled.accents:
                self.scaling.add(scale.key)
            if sign == "odot":
                self.mark(item, VECTOR)
                self.mark(following, VECTOR)
            word = MATRIX_WORDS.get(name.text) if name is not None else None
            if word == "diag":
                self.see_diagonal(group.parts[0] if group is not None and len(group.parts) == 1 else following)
            elif word is not None:
                self.see_argument(group.parts if group is not None else (following,))
            if name is not None and name.text == "N" and name.font == "cal" and group is not None:
                self.law_kind(Sequence(node.span, (item, following), ("",)))
            if sign in ("", "*", "x"):
                self.see_factors(item, following)
                if self.is_capital(item) and self.is_capital(following):
                    self.mark(item, MATRIX)
                    self.mark(following, MATRIX)

    def see_diagonal(self, node: Node) -> None:
        """v of diag(v), of diag(v^2) and of diag(v^2(x))."""
        inner = called(node) if is_call(node) else unwrap(node)
        if isinstance(inner, Script) and isinstance(inner.sup, Number):
            head = self.member(inner)
            if head is not None and not head.indices:
                self.mark_key(replace(head, power=None).key, VECTOR)
        else:
            self.mark(node, VECTOR)

    def is_capital(self, node: Node) -> bool:
        """A capital Greek or bold capital letter: beside another one it is a matrix."""
        head = self.head(node)
        if head is None or head.key in self.usage.listed:
            return False
        is_bold = head.font in ("bf", "bold") and len(head.base) == 1 and head.base.isupper()
        return is_bold or is_covariance_letter(head, self.conventions)

    def see_argument(self, parts: tuple[Node, ...]) -> None:
        """det and tr take matrices."""
        for part in parts:
            if self.is_matrix(self.head(part)):
                self.mark(part, MATRIX)
            elif as_sequence(part) is not None:
                for factor in items_of(part):
                    if self.is_matrix(self.head(factor)) and self.kind(factor) is None:
                        self.mark(factor, MATRIX)

    def see_factors(self, item: Node, following: Node) -> None:
        """A matrix stands before a vector, a row before a matrix or a vector."""
        first, second = self.kind(item), self.kind(following)
        before, head = self.head(item), self.head(following)
        if second is None and head is not None and not head.indices:
            if first == MATRIX and head.base not in KNOWN_WORDS:
                if self.is_matrix(head):
                    self.mark(following, MATRIX)
                elif head.base not in ("nabla", "partial"):
                    self.mark(following, VECTOR)
            if first == ROW and self.is_matrix(head):
                self.mark(following, MATRIX)
            elif first == ROW and len(head.base) == 1 and head.base.islower() and head.key not in self.usage.listed:
                self.mark(following, VECTOR)  # w^T z is a number
        multiplies_vector = second == VECTOR and first is None
        if multiplies_vector and before is not None and self.is_matrix(before) and before.key not in self.usage.listed:
            self.mark(item, MATRIX)

    def law_kind(self, node: Node) -> str | None:
        """The kind of what a law N(m, S) draws; marks mean and covariance on the way."""
        sequence = as_sequence(node)
        if sequence is None or len(sequence.items) != 2:
            return None
        name, group = as_name(sequence.items[0]), as_group(sequence.items[1])
        if name is None or name.text not in ("N", "Normal") or group is None or len(group.parts) not in (2, 3):
            return None
        *outcome, mean, cov = group.parts
        head = self.head(cov)
        is_covariance = head is not None and is_covariance_letter(head, self.conventions)
        is_matrix = is_covariance or self.kind(cov) == MATRIX or (head is not None and head.base == "I")
        if not is_matrix and all(self.kind(part) != VECTOR for part in (mean, *outcome)):
            return None
        for part in (mean, *outcome):
            self.mark(part, VECTOR)
        if is_covariance:
            self.mark(cov, MATRIX)
        return VECTOR


def without_power(node: Script) -> Node:
    """Sigma_2 of Sigma_2^{-1}."""
    is_plain = node.sub is None and not (node.primes or node.star or node.under or node.over)
    return node.base if is_plain else replace(node, sup=None)
