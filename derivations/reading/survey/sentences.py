"""Declarations that stand in words: 'f is convex', 'sigma is the logistic sigmoid', 'p and q are N(..) and N(..)'.

Formulas are linked by the words between them; what the words do not say in one of a few forms is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence as Seq
from dataclasses import dataclass
from itertools import pairwise

from derivations.reading.conventions import Conventions
from derivations.reading.names import Head
from derivations.reading.places import Located, Placed
from derivations.reading.source import Document, Formula, Prose
from derivations.reading.survey.declarations import Declarations
from derivations.reading.survey.kinds import called, is_call
from derivations.reading.tree import Group, Node
from derivations.reading.walking import unwrap
from proofs.records import Domain
from proofs.terms import SCALAR

IS = re.compile(r"^\s*(,?\s*which\s+)?(is|are|be|being|denotes?|denote|has|will be|to be)\b", re.I)
IS_GIVEN_BY = re.compile(r"(is|be|are|=)( (a|the|an))?( normal| gaussian)?( distribution| law)?( given by)?")
KINDS = (
    (r"positive[- ]definite|\bspd\b", "positive_definite"),
    (r"\binvertible (square )?matri|\bnon-?singular", "invertible"),
    (r"\borthogonal matri", "orthogonal"),
    (r"\bsymmetric matri|positive[- ]semi-?definite", "symmetric"),
    (r"\bpositive (real )?(number|scalar|constant)", "positive"),
)
# of what is declared a matrix already
MATRIX_KINDS = (
    (r"positive[- ]definite|\bspd\b", "positive_definite"),
    (r"\binvertible|\bnon-?singular|\bfull rank", "invertible"),
    (r"\borthogonal\b(?! to)", "orthogonal"),
    (r"\bsymmetric|positive[- ]semi-?definite", "symmetric"),
)
LINKING = re.compile(r"(?:,|\b(?:and|or|with|as well as|for|und|et|y|и|mit|avec)\b)", re.I)
# 'matrix' at the end of the words behind a formula names what comes next
NOUN = re.compile(
    r"\b(?:matri\w*|vectors?|vektor\w*|vecteurs?|scalars?|numbers?|constants?|variables?|covariances?|precisions?)\s*$",
    re.I,
)
NAMED_SIGMOID = re.compile(r"(sigmoid|logistic)(\s+(?:function|sigmoid|map))?\W*$", re.I)
SIGMOID_BEHIND = re.compile(
    r"\W*(?:(?:for|as) )?(?:the )?" + NAMED_SIGMOID.pattern, re.I
)  # 'sigma, the sigmoid function'
# 'the symmetric positive definite matrix' just before a formula
NAMED_MATRIX = re.compile(
    r"(?<!not )(?<!non-)\b(?:symmetric|positive[- ](?:semi-?)?definite|spd|invertible|non-?singular|orthogonal)"
    r"(?:,? (?:and )?(?:\w+-)?\w+){0,3} matri(?:x|ces)\s*$",
    re.I,
)
# what a matrix may be that no kind of ours says
# 'smooth with an invertible derivative almost everywhere': not invertible itself
REGULAR = re.compile(
    r"\binvertible (derivative|Jacobian)|\b(derivative|Jacobian)( matrix)?( that)? (is|be) (invertible|nonsingular)",
    re.I,
)
STRUCTURE = re.compile(
    r"semi-?definite|triangular|diagonal|rotation|permutation|projection|projector|idempotent|nilpotent|unitary|hermitian"
    r"|stochastic matri|cholesky|singular\b|low[- ]rank|三角|对角|半正定|треугольн|диагональн|triangulaire|diagonale",
    re.I,
)


@dataclass(frozen=True)
class Phrase:
    """A formula that is a single expression, its place, and the words before and after it in its paragraph."""

    node: Node
    placed: Placed
    before: str
    after: str
    is_member: bool = False  # x of 'x in R^n'

    @property
    def order(self) -> int:
        """From where what the words declare holds."""
        return min(self.placed.order, self.placed.display_start)


def phrases(document: Document, located: Iterable[Located]) -> list[Phrase]:
    """The formulas of a document that are single expressions, with the words around them."""
    after: dict[int, str] = {}  # by the formula that the words follow
    last: int | None = None
    for piece in document.pieces:
        if isinstance(piece, Prose) and last is not None:
            after[last] = piece.text
        last = id(piece) if isinstance(piece, Formula) else None
    found = []
    for item in located:
        chain = item.placed.chain if item.placed is not None else None
        if item.placed is None or chain is None or chain.first is None:
            continue
        if not chain.links or [link.rel for link in chain.links] == ["in"]:
            words = after.get(id(item.formula), "")
            found.append(Phrase(chain.first.tree, item.placed, item.placed.before, words, bool(chain.links)))
    return found


def read_sentences(declarations: Declarations, phrases: Seq[Phrase], conventions: Conventions) -> None:
    """Adds what the words around expressions declare."""
    for phrase in phrases:
        node = unwrap(phrase.node)
        parts = node.parts if isinstance(node, Group) and not node.open else (node,)
        for part in parts:
            if is_call(part):
                function = declarations.head(called(part))
                if function is not None and is_named_sigmoid(function, phrase):
                    declarations.scope.sigmoid.append((phrase.order, function.key))
                continue
            head = declarations.head(part)
            if head is not None:
                describe(declarations, head, phrase)
    for phrase, following in pairwise(phrases):
        if phrase.placed.paragraph == following.placed.paragraph:
            link(declarations, phrase, following, conventions)
    respectively(declarations, phrases)


def describe(declarations: Declarations, head: Head, phrase: Phrase) -> None:
    """'f is convex', 'A is a symmetric matrix', 'the convex function f'."""
    order, scope = phrase.order, declarations.scope
    words, before = own_words(phrase.after), last_clause(phrase.before)
    if IS.match(phrase.after):
        if re.search(r"\bconvex\b", words, re.I) and "concave" not in words:
            scope.convex.append((order, head.key))
        is_small_letter = len(head.base) == 1 and head.base.islower()
        if is_small_letter and REGULAR.search(words):
            scope.regular.append((order, head.key))
        elif is_small_letter and re.search(r"invertib|bijecti|diffeomorph", words, re.I):
            scope.bijections.append((order, head.key))
    is_matrix = phrase.is_member and any(d.key == head.name and d.domain.sort != SCALAR for d in scope.domains)
    if IS.match(phrase.after) or is_matrix:
        kinds = MATRIX_KINDS if is_matrix else KINDS
        kind = next((k for pattern, k in kinds if re.search(pattern, words, re.I)), None)
        if kind is not None:
            declarations.declare(head.name, Domain(SCALAR, kind, declared=True), order, phrase.placed)
        if STRUCTURE.search(words):
            scope.structured.append((order, head.name))
    named = NAMED_MATRIX.search(before)
    if named is not None:
        kind = next((k for pattern, k in MATRIX_KINDS if re.search(pattern, named[0], re.I)), None)
        if kind is not None:
            declarations.declare(head.name, Domain(SCALAR, kind, declared=True), order, phrase.placed)
        if STRUCTURE.search(named[0]):
            scope.structured.append((order, head.name))
    if re.search(r"\bconvex function\W*$", before, re.I):
        scope.convex.append((order, head.key))
    if is_named_sigmoid(head, phrase):
        scope.sigmoid.append((order, head.key))


def is_named_sigmoid(head: Head, phrase: Phrase) -> bool:
    """'sigma is the logistic sigmoid', 'the logistic function sigma', 'the sigmoid sigma(a)'."""
    if head.base != "sigma" or head.primes:
        return False
    words, before = first_clause(phrase.after), last_clause(phrase.before)
    if IS.match(phrase.after) and re.search(r"sigmoid|logistic", words, re.I):
        return True
    return bool(NAMED_SIGMOID.search(before) or SIGMOID_BEHIND.match(words))


def link(declarations: Declarations, phrase: Phrase, following: Phrase, conventions: Conventions) -> None:
    """Two expressions with words between: 'x is distributed according to p', 'p(z|x) is given by N(m, S)'."""
    between = re.sub(r"^be\b", "is", phrase.after.strip().lower())
    names_law = any(between.startswith(d) and len(between) < len(d) + 4 for d in conventions.distributed)
    if names_law:
        declarations.law(phrase.node, following.node, phrase.order, phrase.placed)
    elif IS_GIVEN_BY.fullmatch(between) and declarations.is_named_law(following.node):
        declarations.law_equation(phrase.node, following.node, phrase.order, phrase.placed)


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


def own_words(text: str) -> str:
    """The words behind a formula that speak of it, without those that lead to the next one: of 'and positive definite
    matrix', between mu and Sigma, nothing."""
    clause = first_clause(text)
    if clause != text:  # the sentence ends before the next formula
        return clause
    *mine, last = LINKING.split(clause)
    return " ".join(mine) if mine and NOUN.search(last) else clause


def first_clause(text: str) -> str:
    return re.split(r"[.;:]\s|\n\n", text, maxsplit=1)[0]


def last_clause(text: str) -> str:
    return re.split(r"[.;:]\s|\n\n", text)[-1]
