"""A document in, its relations out: every one with its place and its meaning in each open reading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from derivations.reading.conventions import Conventions, conventions_with
from derivations.reading.courses import Course, Courses, conclusion
from derivations.reading.factorisations import constrained_letters
from derivations.reading.meaning.at_place import Statement
from derivations.reading.meaning.law_memory import LawMemory
from derivations.reading.meaning.relation import Meanings
from derivations.reading.mending import is_unreadable, mended, variants, with_likeliest, with_side
from derivations.reading.names import Head, heads
from derivations.reading.naming import is_in_words, names_its_items
from derivations.reading.neighbourhood import perhaps_cut, words_after
from derivations.reading.places import Located, Placed, locate, pairs, sides
from derivations.reading.relations import Kind, Meaning, ReadRelation
from derivations.reading.scope import View
from derivations.reading.soft import OF_DRAWS, Around, is_zero, soft_verdict
from derivations.reading.source import Document, Formula, Prose
from derivations.reading.survey.bold import tell_bold_apart
from derivations.reading.survey.declarations import Declarations
from derivations.reading.survey.evidence import shapes_of_sections
from derivations.reading.survey.evidence_bound import conventional_bounds
from derivations.reading.survey.sentences import phrases, read_sentences
from derivations.reading.survey.usage import survey
from derivations.reading.tree import (
    RELATION_SIGNS,
    Chain,
    Link,
    Node,
    Side,
    Unread,
    Unreadable,
)
from derivations.reading.walking import nodes
from proofs import terms as T
from proofs.terms import Sort

_SIGN = re.compile(r"[=<>≤≥≈∝]|\\(?:approx|propto|leq?|geq?|equiv|coloneqq|triangleq)(?![A-Za-z])")
_COMMANDS = re.compile(r"\\([A-Za-z]+)")


def read_relations(document: Document, context: str | None = None) -> list[ReadRelation]:
    """All relations of a document in reading order.

    ``context`` is the text of a context file (TOML, the keys of `conventions.toml`).  Raises ValueError where the
    context file is wrong; never raises on the document.
    """
    return Reader(document, conventions_with(context)).relations()


class Reader:
    """One pass over a document: parse, survey, declare, then give each relation its meaning."""

    def __init__(self, document: Document, conventions: Conventions):
        self.document, self.conventions = document, conventions
        self.located = tell_bold_apart(locate(document))
        placed_chains = [item.placed for item in self.located if item.placed is not None]
        chains = [with_likeliest(placed) for placed in placed_chains]
        trees = [side.tree for placed in chains for side in sides(placed.chain)]
        usage = survey(trees, conventions)
        prose = " ".join(p.text for p in document.pieces if isinstance(p, Prose))
        declarations = Declarations(usage, conventions, prose)
        for placed in placed_chains:
            declarations.visit(placed)
        declarations.define_titles()
        read_sentences(declarations, phrases(document, self.located), conventions)
        declarations.settle_consequences()
        self.declared = declarations.found
        defined = {d.key for d in self.declared.scope.definitions}
        self.declared.scope.definitions.extend(conventional_bounds(trees, conventions, defined))
        equations = [
            (left.tree, link.side.tree)
            for placed in chains
            for left, link in pairs(placed.chain, placed.previous)
            if link.rel in ("=", ":=", "<=", ">=")
        ]
        sorts = self.declared_sorts()
        self.meanings = {
            section: Meanings(usage, shapes, conventions, sorts)
            for section, shapes in shapes_of_sections(chains, self.declared.scope, usage, conventions).items()
        }
        self.views: dict[int, View] = {}
        self.usage = usage
        self.constrained = constrained_letters(((a, b) for a, b in equations), self.is_density)
        self.after = words_after(document)
        self.cut = perhaps_cut(document)
        self.next_lead = {
            id(this.placed.chain): other.placed.chain.lead
            for this, other in zip(self.located, self.located[1:])
            if this.placed is not None and other.placed is not None and this.formula is other.formula
        }

    def is_density(self, head: Head) -> bool:
        """Whether a letter stands for a density somewhere in the document."""
        letter = head.base in self.conventions.density_letters
        return letter and (
            head.key in self.usage.listed or head.key in self.usage.conditioned or head.key in self.usage.sampled
        )

    def declared_sorts(self) -> dict[str, Sort]:
        """The shapes that the document declares anywhere."""
        scope = self.declared.scope
        sorts = {d.key: d.domain.sort for d in scope.domains if d.domain.sort != T.SCALAR}
        for m in scope.maps:
            m.share_shape(sorts)
        return sorts

    def view(self, order: int) -> View:
        """What holds at a place."""
        if order not in self.views:
            self.views[order] = self.declared.scope.at(order)
        return self.views[order]

    # ------------------------------------------------------------------------------------------ relations

    def relations(self) -> list[ReadRelation]:
        """All relations in reading order."""
        found: list[ReadRelation] = []
        courses = Courses()
        positions: Counter[int] = Counter()
        for item in self.located:
            if isinstance(item.part, Unread):
                found.extend(self.unread(item.formula, item.part))
            elif item.placed is not None:
                for number, relation in self.chain(item, item.part, item.placed, courses):
                    positions[number] += 1
                    found.append(replace(relation, chain=number, position=positions[number]))
        return found

    def chain(
        self, item: Located, chain: Chain, placed: Placed, courses: Courses
    ) -> Iterator[tuple[int, ReadRelation]]:
        """The relations of one chain, each with the number of its course; the last says what the chain shows."""
        memory = LawMemory()
        course = courses.begin(placed, item.formula, item.borrowed)
        if course is None:
            for link in chain.links[:1]:
                if link.rel in RELATION_SIGNS:
                    yield courses.count, self.orphan(item, link)
            return
        for k, (left, link) in enumerate(pairs(chain, placed.previous)):
            course = courses.follow(course, link, item.formula)
            if link.rel in RELATION_SIGNS:
                memory.next_relation()
                relation = self.relation(item, placed, left, link, placed.order + k, memory)
                if link is chain.links[-1]:
                    relation = replace(relation, shows=self.shown(course, item, placed, link, placed.order + k, memory))
                yield course.number, relation

    def shown(
        self, course: Course, item: Located, placed: Placed, link: Link, order: int, memory: LawMemory
    ) -> ReadRelation | None:
        """What a chain of several relations shows from its beginning to its end, as a claim; None where nothing."""
        sign = conclusion(course.signs)
        trees = course.begin.tree, link.side.tree
        if sign is None or len(course.signs) < 2 or any(isinstance(n, Unreadable) for t in trees for n in nodes(t)):
            return None
        after = memory.copy()
        after.next_relation()
        statement = Statement(trees[0], sign, trees[1], self.view(order), after)
        meanings = self.meanings[placed.section].of(statement)
        if all(m.relation is None for m in meanings):
            return None
        line, column = self.place(item.formula, link.span[0])
        lhs, rhs = self.written(course.formula, course.begin.span), self.written(item.formula, link.side.span)
        return ReadRelation(
            line, column, lhs, shown_sign(sign), rhs, "claim", meanings=tuple(meanings), chain=course.number,
            soft=opaque(meanings),
        )  # fmt: skip

    def relation(
        self, item: Located, placed: Placed, left: Side, link: Link, order: int, memory: LawMemory
    ) -> ReadRelation:
        """One relation of a chain: unread, a declaration, without a meaning for us, or a claim."""
        borrowed = item.borrowed if item.borrowed is not None and left is placed.previous else item.formula
        base = ReadRelation(
            *self.place(item.formula, link.span[0]),
            self.written(borrowed, left.span),
            shown_sign(link.rel),
            self.written(item.formula, link.side.span),
            "claim",
        )
        base = replace(base, fixed=self.house_macros(base))
        written = list(variants(self.mended(left, borrowed), self.mended(link.side, item.formula)))
        for side, formula in ((link.side, item.formula), (left, borrowed)):
            broken = is_unreadable(side, too_many=not written)
            if broken is not None:
                reason = self.not_read(self.place(formula, broken.place), broken.expected)
                return replace(base, kind="unread", reason=reason)
        kind = self.declared.kinds.get(order)
        if kind is None and (is_in_words(left.tree) or is_in_words(link.side.tree)):
            kind = "definition"  # X = the total number of heads: a name for something, said in words
        if kind is not None:
            return replace(base, kind=cast(Kind, kind), implies=self.law_claim(base, placed, left, link, order))
        meanings: list[Meaning] = []
        for supplied, first, second in written:
            statement = Statement(first.tree, link.rel, second.tree, self.view(order), memory)
            found = self.meanings[placed.section].of(statement)
            if supplied:
                found = [replace(m, reading={**supplied, **m.reading}, mended=True) for m in found]
            meanings += found
        if all(m.problem is not None for m in meanings) and names_its_items(left.tree, link.side.tree):
            return replace(base, kind="definition")
        if all(m.problem is not None for m in meanings):
            reason = f"understood as written, but not as a statement: {meanings[0].problem}"
            return replace(base, kind="unclear", reason=reason)
        around = Around(
            self.after.get(id(item.formula), ""), self.next_lead.get(id(placed.chain), ""), self.constrained
        )
        softened = (
            soft_verdict(first, *with_side(link, second, placed), around, meanings, self.conventions, self.is_density)
            for _, first, second in written
        )
        soft = next((s for s in softened if s is not None), None) or self.declared.soft.get(order)
        if soft is None and any(m.forward for m in meanings):
            soft = "undecided", "it fails with a definition that is given only further down, or nowhere"
        later = self.defined_below(left.tree, link.side.tree, order)
        if soft is None and later is not None:
            soft = "undecided", f"it fails for some values of {later}, which is defined further down"
        if soft is None and any(m.enough for m in meanings):
            soft = (
                "undecided",
                "the objectives differ by more than a constant: they may be best at one place all the same",
            )
        if soft is None and any(m.refitted and m.unfolded for m in meanings):
            soft = "undecided", "it fails with a definition whose letters have other shapes elsewhere"
        starts, ends = id(item.formula) in self.cut[0], id(item.formula) in self.cut[1]
        chain = placed.chain
        if soft is None and ((starts and left is chain.first) or (ends and link is chain.links[-1])):
            soft = "undecided", "it fails, but the display may go on in the one next to it, which begins with a minus"
        to_zero = any(is_zero(side.tree) for side in sides(placed.chain))
        of_draws = soft is not None and soft[1] == OF_DRAWS and not any(m.mended for m in meanings)
        implies = as_estimate(base, meanings) if of_draws else None
        return replace(base, meanings=tuple(meanings), soft=soft or opaque(meanings), to_zero=to_zero, implies=implies)

    def law_claim(
        self, relation: ReadRelation, placed: Placed, left: Side, link: Link, order: int
    ) -> ReadRelation | None:
        """What a definition claims of the law that the text gives its variable; None where that is nothing."""
        if link.rel not in ("=", ":=") or left.mends or link.side.mends:
            return None
        meanings = self.meanings[placed.section].composed(
            Statement(left.tree, "=", link.side.tree, self.view(order), LawMemory())
        )
        return replace(relation, meanings=tuple(meanings), soft=opaque(meanings)) if meanings else None

    def is_applied(self, letter: str) -> bool:
        """Whether a letter is a function or a density somewhere in the document."""
        names = self.usage.listed | self.usage.conditioned | self.usage.sampled
        return any(name.split("_")[0] == letter for name in names)

    def mended(self, side: Side, formula: Formula) -> list[tuple[dict[str, str], Side]]:
        """A side with what it lacks supplied in each way."""
        return mended(side, lambda at: self.place(formula, at), self.is_applied)

    def defined_below(self, left: Node, right: Node, order: int) -> str | None:
        """A letter of a relation that its section defines only further down; None where there is none."""
        view = self.view(order)
        names = (h.name for tree in (left, right) for h in heads(tree, is_parameter=self.conventions.is_parameter))
        known = {*view.domains, *view.definitions, *self.usage.density_variables}
        return next((name for name in names if name in view.later_here and name not in known), None)

    def house_macros(self, relation: ReadRelation) -> dict[str, str]:
        """How the undefined commands of a relation were read: {"\\bx": "bold x"}."""
        told = self.document.house_macros
        used = set(_COMMANDS.findall(relation.lhs + " " + relation.rhs)) if told else ()
        return {f"\\{name}": told[name] for name in sorted(used) if name in told}

    def orphan(self, item: Located, link: Link) -> ReadRelation:
        """A relation that has no left side."""
        line, column = self.place(item.formula, link.span[0])
        right = self.written(item.formula, link.side.span)
        reason = "a relation without a left side, and nothing before it to continue"
        return ReadRelation(line, column, "", shown_sign(link.rel), right, "unclear", reason)

    def unread(self, formula: Formula, part: Unread) -> Iterator[ReadRelation]:
        """The relations of a part that the grammar refused."""
        line, column = self.place(formula, part.place)
        reason = self.not_read((line, column), part.expected)
        for left, sign, span, right in part.relations:
            if sign in RELATION_SIGNS:
                at, lhs, rhs = self.place(formula, span[0]), self.written(formula, left), self.written(formula, right)
                yield ReadRelation(*at, lhs, shown_sign(sign), rhs, "unread", reason)
        whole = formula.display or _SIGN.search(formula.source)
        if not part.relations and whole:  # within a line, what has no relation sign claims nothing
            yield ReadRelation(line, column, self.written(formula, part.span), "=", "", "unread", reason)

    # ------------------------------------------------------------------------------------------ places

    def place(self, formula: Formula, position: int) -> tuple[int, int]:
        return self.document.line_column(formula.place(position))

    def not_read(self, place: tuple[int, int], expected: str) -> str:
        return f"not read: line {place[0]}, column {place[1]}: {expected}"

    def written(self, formula: Formula, span: tuple[int, int]) -> str:
        """The author's LaTeX: the document's own text where it stands in one piece, otherwise what the grammar read."""
        start, stop = formula.place(span[0]), formula.place(span[1])
        text = self.document.text[start:stop].strip()
        source = formula.source[span[0] : span[1]].strip()
        whole = text and len(text) <= 2 * len(source) + 20 and "$" not in text and braces_match(text)
        return text if whole else source


def braces_match(text: str) -> bool:
    """Whether a stretch of a document cuts no pair of braces: it may begin within the argument of a macro."""
    depth = 0
    for brace in re.findall(r"\\.|[{}]", text, re.S):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            return False
    return depth == 0


def shown_sign(sign: str) -> str:
    """The sign as a report has it: equal up to a constant is an equality."""
    return "=" if sign == "=c" else sign


def as_estimate(relation: ReadRelation, meanings: Sequence[Meaning]) -> ReadRelation | None:
    """What a relation about particular draws claims on average over them; None where that is not clear in a reading."""
    if any(m.relation is None or m.on_average is None for m in meanings):
        return None
    average = [replace(m, relation=m.on_average, on_average=None, general=None) for m in meanings]
    return replace(relation, meanings=tuple(average), soft=opaque(meanings))


def opaque(meanings: Sequence[Meaning]) -> tuple[str, str] | None:
    """The verdict in place of 'refuted' where a relation speaks of a name whose definition has no meaning for us."""
    name = next((name for m in meanings for name in sorted(m.opaque)), None)
    if name is None:
        return None
    return "undecided", f"it fails for an arbitrary {name}, and the definition of {name} is not understood"
