"""Declarations that stand in words: 'f is convex', 'sigma is the logistic sigmoid', 'p and q are N(..) and N(..)'.

Formulas are linked by the words between them; what the words do not say in one of a few forms is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence as Seq
from dataclasses import dataclass

from derivations.reading.conventions import Conventions
from derivations.reading.declarations import Declarations, Placed
from derivations.reading.tree import Chain, Node
from proofs.records import Domain
from proofs.terms import SCALAR

IS = re.compile(r"^\s*(,?\s*which\s+)?(is|are|be|being|denotes?|denote|has|will be|to be)\b", re.I)
KINDS = (
    (r"positive[- ](semi)?definite|\bspd\b", "positive_definite"),
    (r"\binvertible (square )?matri|\bnonsingular", "invertible"),
    (r"\borthogonal matri", "orthogonal"),
    (r"\bsymmetric matri", "symmetric"),
    (r"\bpositive (real )?(number|scalar|constant)", "positive"),
)


@dataclass(frozen=True)
class Phrase:
    """A formula that is a single expression, its place, and the words before and after it in its paragraph."""

    node: Node
    placed: Placed
    before: str
    after: str


def phrase_of(placed: Placed, after: str) -> Phrase | None:
    chain = placed.chain
    if chain.first is None or chain.links:
        return None
    return Phrase(chain.first.tree, placed, placed.before, after)


def read_sentences(declarations: Declarations, phrases: Seq[Phrase], conventions: Conventions) -> None:
    """Adds what the words around expressions declare."""
    scope = declarations.found.scope
    for k, phrase in enumerate(phrases):
        head = declarations.head(phrase.node)
        following = phrases[k + 1] if k + 1 < len(phrases) else None
        order = min(phrase.placed.order, phrase.placed.display_start)
        if head is not None:
            words = first_clause(phrase.after)
            around = f"{last_clause(phrase.before)} {words}"
            if IS.match(phrase.after):
                if re.search(r"\bconvex\b", words, re.I) and "concave" not in words:
                    scope.convex.append((order, head.key))
                if head.base == "sigma" and re.search(r"sigmoid|logistic", words, re.I):
                    scope.sigmoid.append((order, head.key))
                if re.search(r"invertib|bijecti|diffeomorph", words, re.I) and len(head.base) == 1 and head.base.islower():
                    scope.bijections.append((order, head.key))
                for pattern, kind in KINDS:
                    if re.search(pattern, words, re.I):
                        scope.domains.append((order, head.key, Domain(SCALAR, kind, declared=True)))
            if re.search(r"\bconvex function\W*$", last_clause(phrase.before), re.I):
                scope.convex.append((order, head.key))
            if head.base == "sigma" and re.search(r"(sigmoid|logistic)\W*$", around, re.I):
                scope.sigmoid.append((order, head.key))
        if following is not None and phrase.placed.paragraph == following.placed.paragraph:
            between = phrase.after.strip().lower()
            if any(between == d or between.startswith(d) and len(between) < len(d) + 4 for d in conventions.distributed):
                declarations.law(phrase.node, following.node, order, phrase.placed)
            elif re.fullmatch(r"(is|be|are|=)( (a|the|an))?( normal| gaussian)?( distribution| law)?( given by)?", between):
                if declarations.is_named_law(following.node):
                    declarations.law_equation(phrase.node, following.node, order, phrase.placed)
    respectively(declarations, phrases)


def respectively(declarations: Declarations, phrases: Seq[Phrase]) -> None:
    """'p and q ... N(a, A) and N(b, B) respectively': names and laws in order."""
    for k, phrase in enumerate(phrases):
        if not re.search(r"\brespectively\b", first_clause(phrase.after), re.I):
            continue
        group = [phrase]
        for earlier in reversed(phrases[:k]):
            if earlier.placed.paragraph != phrase.placed.paragraph:
                break
            group.insert(0, earlier)
        laws = [p for p in group if declarations.is_named_law(p.node)]
        names = [p for p in group if declarations.head(p.node) is not None]
        if laws and len(names) >= len(laws):
            for name, law in zip(names[-len(laws) :], laws):
                declarations.law(name.node, law.node, name.placed.order, name.placed)


def first_clause(text: str) -> str:
    return re.split(r"[.;:]\s|\n\n", text, maxsplit=1)[0]


def last_clause(text: str) -> str:
    return re.split(r"[.;:]\s|\n\n", text)[-1]


__all__ = ["Chain", "Phrase", "phrase_of", "read_sentences"]
