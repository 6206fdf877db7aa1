"""A document in, its relations out: every one with its place and its meaning in each open reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from derivations.reading.conventions import Conventions, conventions_with
from derivations.reading.declarations import Declarations, Declared, Placed
from derivations.reading.elaborate import Elaborator
from derivations.reading.environment import Env, Gathered
from derivations.reading.explained import unexplained_symbols
from derivations.reading.names import Head, head_of, map_nodes, nodes, plain_label
from derivations.reading.parser import parse_formula
from derivations.reading.readings import Choices, enumerate_readings
from derivations.reading.relations import Meaning, ReadRelation, ShapeConflict
from derivations.reading.scope import Unclear, View
from derivations.reading.sentences import phrase_of, read_sentences
from derivations.reading.shapes import Shapes, survey_shapes
from derivations.reading.source import Break, Document, Formula, Heading, Prose
from derivations.reading.tree import (
    RELATION_SIGNS,
    BigOperator,
    Chain,
    Group,
    Infix,
    Name,
    Node,
    Number,
    Script,
    Sequence,
    Side,
    Unread,
)
from derivations.reading.usage import Usage, survey
from proofs import terms as T
from proofs.records import Relation
from proofs.terms import Term

CONSTANT_NAMES = frozenset(["log", "ln", "exp", "sqrt", "pi", "e"])


@dataclass(frozen=True)
class Located:
    """A chain or an unread part, its formula, and where it stands."""

    formula: Formula
    part: Chain | Unread
    placed: Placed | None
    borrowed: Formula | None = None  # the formula that the left side is taken from, where the chain continues another


def read_relations(document: Document, context: str | None = None) -> list[ReadRelation]:
    """All relations of a document in reading order.

    ``context`` is the text of a context file (TOML, the keys of `conventions.toml`).  Raises ValueError where the context file is
    wrong; never raises on the document.
    """
    conventions = conventions_with(context)
    return Reader(document, conventions).relations()


class Reader:
    """One pass over a document: parse, survey, declare, then give each relation its meaning."""

    def __init__(self, document: Document, conventions: Conventions):
        self.document, self.conventions = document, conventions
        self.located = list(self.locate())
        self.located = tell_bold_apart(self.located)
        chains = [item.placed for item in self.located if item.placed is not None]
        trees = [side.tree for p in chains for side in sides(p.chain)]
        self.usage: Usage = survey(trees, conventions)
        prose = " ".join(p.text for p in document.pieces if isinstance(p, Prose))
        declarations = Declarations(self.usage, conventions, prose)
        for placed in chains:
            declarations.visit(placed)
        read_sentences(declarations, list(self.phrases()), conventions)
        self.declared: Declared = declarations.found
        self.view_cache: dict[int, View] = {}
        equations = [
            (left.tree, link.side.tree)
            for p in chains
            for left, link in pairs(p.chain, p.previous)
            if link.rel in ("=", ":=", "<=", ">=")
        ]
        sorts = {key: d.sort for _, key, d in self.declared.scope.domains if d.sort != T.SCALAR}
        for m in self.declared.scope.maps:
            if m.bijection:  # a bijection keeps the dimension
                known = sorts.get(m.input) or sorts.get(m.output)
                if known is not None:
                    sorts.setdefault(m.input, known)
                    sorts.setdefault(m.output, known)
        self.sorts = sorts
        self.shapes: Shapes = survey_shapes(trees, equations, self.usage, conventions, sorts)

    # ------------------------------------------------------------------------------------------ places

    def locate(self) -> Iterator[Located]:
        """Chains in reading order, with section, paragraph and the words before them."""
        order, paragraph, section, display_start = 0, 0, 0, 10**6
        paragraph_ends: dict[int, int] = {}
        stack: list[tuple[int, int]] = []
        pending: list[tuple[Formula, Chain | Unread, dict]] = []
        section_of: list[int] = []
        words, previous, previous_display = "", None, None
        last_display_order = 0
        number, directly_after_display = 0, False
        ends: dict[int, int] = {}
        parents: dict[int, int] = {0: -1}
        for piece in self.document.pieces:
            if isinstance(piece, Heading):
                while stack and stack[-1][0] >= piece.level:
                    ends[stack.pop()[1]] = order
                number += 1
                parents[number] = stack[-1][1] if stack else 0
                stack.append((piece.level, number))
                section = number
                paragraph += 1
                words, previous, previous_display = "", None, None
            elif isinstance(piece, Break):
                paragraph += 1
                words = ""
            elif isinstance(piece, Prose):
                words = piece.text if re.search(r"[.!?。！？]\s", piece.text) is None else re.split(r"[.!?。！？]\s", piece.text)[-1]
                if directly_after_display and re.match(r"\s*(where|with|here|if|for|when|provided|assuming)\b", piece.text, re.I):
                    display_start = last_display_order
                elif directly_after_display or len(piece.text.split()) > 12:
                    display_start = order + 10**6
                directly_after_display = False
                if re.search(r"[.!?。]\s|[.!?。]$", piece.text.rstrip()):
                    display_start = 10**6 + order
            elif isinstance(piece, Formula):
                if piece.display:
                    display_start = order + 10**6
                    last_display_order = order
                directly_after_display = piece.display
                for part in parse_formula(piece.source, piece.display):
                    extra = {
                        "order": order,
                        "section": section,
                        "paragraph": paragraph,
                        "display": piece.display,
                        "before": words,
                        "display_start": display_start,
                        "previous": previous_display if piece.display and previous_display is not None else previous,
                    }
                    pending.append((piece, part, extra))
                    section_of.append(section)
                    if isinstance(part, Chain):
                        order += max(1, len(part.links))
                        last = part.links[-1].side if part.links else part.first
                        previous = (piece, last) if last is not None else previous
                        if piece.display:
                            previous_display = previous
                    else:
                        order += max(1, len(part.relations))
                        previous = None
                    paragraph_ends[paragraph] = order
                    words = f"{words} {piece.source}" if not piece.display else ""
        while stack:
            ends[stack.pop()[1]] = order + 1
        for piece, part, extra in pending:
            if isinstance(part, Unread):
                yield Located(piece, part, None)
                continue
            before = extra.pop("previous")
            placed = Placed(
                part,
                section_end=ends.get(extra["section"], order + 1),
                paragraph_end=paragraph_ends[extra["paragraph"]],
                previous=before[1] if before is not None and part.first is None else None,
                **extra,
            )
            yield Located(piece, part, placed, before[0] if before is not None and part.first is None else None)

    def phrases(self) -> Iterator:
        """Expressions with the words after them."""
        after: dict[int, str] = {}
        last: int | None = None
        for piece in self.document.pieces:
            if isinstance(piece, Formula):
                last = id(piece)
            elif isinstance(piece, Prose) and last is not None:
                after[last] = piece.text
                last = None
            elif isinstance(piece, Break | Heading):
                last = None
        for item in self.located:
            if item.placed is not None:
                phrase = phrase_of(item.placed, after.get(id(item.formula), ""))
                if phrase is not None:
                    yield phrase

    # ------------------------------------------------------------------------------------------ relations

    def relations(self) -> list[ReadRelation]:
        found: list[ReadRelation] = []
        chain_number = 0
        for item in self.located:
            if isinstance(item.part, Unread):
                found.extend(self.unread(item.formula, item.part))
                continue
            assert item.placed is not None
            chain_number += 1
            memory: dict[str, Term] = {}
            position = 0
            for k, (left, link) in enumerate(pairs(item.part, item.placed.previous)):
                if link.rel not in RELATION_SIGNS:
                    continue
                position += 1
                relation = self.relation(item, left, link, item.placed.order + k, memory, k)
                found.append(replace(relation, chain=chain_number, position=position))
            if item.part.first is None and item.placed.previous is None:
                for link in item.part.links[:1]:
                    if link.rel in RELATION_SIGNS:
                        found.append(self.orphan(item, link, chain_number))
        return found

    def place(self, formula: Formula, position: int) -> tuple[int, int]:
        return self.document.line_column(formula.place(position))

    def written(self, formula: Formula, span: tuple[int, int]) -> str:
        """The author's LaTeX: the document's own text where it stands in one piece, otherwise what the grammar read."""
        start, stop = formula.place(span[0]), formula.place(span[1])
        text = self.document.text[start:stop].strip()
        source = formula.source[span[0] : span[1]].strip()
        return text if text and len(text) <= 2 * len(source) + 20 and "$" not in text else source

    def orphan(self, item: Located, link, chain_number: int) -> ReadRelation:
        line, column = self.place(item.formula, link.span[0])
        return ReadRelation(
            line, column, "", link.rel, self.written(item.formula, link.side.span), "unclear",
            "a relation without a left side, and nothing before it to continue", chain=chain_number,
        )  # fmt: skip

    def unread(self, formula: Formula, part: Unread) -> Iterator[ReadRelation]:
        line, column = self.place(formula, part.place)
        reason = f"not read: line {line}, column {column}: {part.expected}"
        for left, sign, span, right in part.relations:
            if sign in RELATION_SIGNS:
                at = self.place(formula, span[0])
                yield ReadRelation(*at, self.written(formula, left), sign, self.written(formula, right), "unread", reason)
        if not part.relations:
            yield ReadRelation(line, column, self.written(formula, part.span), "=", "", "unread", reason)

    def relation(self, item: Located, left: Side, link, order: int, memory: dict[str, Term], k: int) -> ReadRelation:
        assert item.placed is not None
        formula = item.formula
        line, column = self.place(formula, link.span[0])
        borrowed = item.borrowed if item.borrowed is not None and left is item.placed.previous else formula
        base = ReadRelation(
            line, column, self.written(borrowed, left.span), link.rel, self.written(formula, link.side.span), "claim"
        )
        for side, where in ((left, borrowed), (link.side, formula)):
            broken = next((n for n in nodes(side.tree) if type(n).__name__ == "Unreadable"), None)
            if broken is not None:
                at = self.place(where, broken.place)  # type: ignore[attr-defined]
                expected = broken.expected  # type: ignore[attr-defined]
                return replace(base, kind="unread", reason=f"not read: line {at[0]}, column {at[1]}: {expected}")
        kind = self.declared.kinds.get(order)
        if kind is not None:
            return replace(base, kind=kind)  # type: ignore[arg-type]
        meanings = self.meanings(left, link, order, memory, item)
        if all(m.problem is not None for m in meanings):
            return replace(base, kind="unclear", reason=f"understood as written, but not as a statement: {meanings[0].problem}")
        soft = self.soft(left, link, item, k)
        if soft is None and any(m.forward for m in meanings):
            soft = "undecided", "it fails with a definition that is given only further down"
        return replace(base, meanings=tuple(meanings), soft=soft)

    def soft(self, left: Side, link, item: Located, k: int) -> tuple[str, str] | None:
        """What to say instead of an accusation where the surroundings make the relation a condition."""
        assert item.placed is not None
        tree = link.side.tree
        if link.rel == "=" and isinstance(tree, Number) and tree.text == "0":
            earlier = [left.tree, *(s.tree for s in sides(item.part))] if isinstance(item.part, Chain) else [left.tree]
            if any(isinstance(n, Name) and n.text in ("partial", "d", "nabla") for t in earlier for n in nodes(t)):
                return "assumption", "a derivative is set to zero: a condition, not a claim"
        if link.rel == "=" and (self.is_condition(left.tree, link.side.tree) or self.is_condition(link.side.tree, left.tree)):
            return "undecided", "it says which value an expression takes, which it does not take in general: a condition?"
        if any(isinstance(n, Name) and n.text in ("P", "Pr") for t in (left.tree, link.side.tree) for n in self.events(t)):
            return "undecided", "a distribution function is stated for the values its variable can take, which are not declared"
        if not item.placed.display and self.conditional(item.placed.before):
            return "undecided", "it stands under a condition in the text that was not understood"
        return None

    def events(self, tree: Node) -> Iterator[Node]:
        """Names that are applied to an event, P of P(X <= x)."""
        for n in nodes(tree):
            if isinstance(n, Sequence):
                for item, after in zip(n.items, n.items[1:]):
                    if isinstance(after, Group) and any(isinstance(p, Infix) for p in after.parts):
                        yield item

    def is_condition(self, varying: Node, constant: Node) -> bool:
        """Whether a constant is set against something that varies with a variable, a function or a density."""
        if any(isinstance(n, Name) and n.text not in CONSTANT_NAMES for n in nodes(constant)):
            return False
        return any(isinstance(n, Name) and n.text not in CONSTANT_NAMES for n in nodes(varying))

    def conditional(self, before: str) -> bool:
        words = set(re.findall(r"[a-z]+", before.lower()))
        return bool(words & {c for c in self.conventions.conditional if " " not in c})

    # ------------------------------------------------------------------------------------------ meaning

    def view(self, order: int) -> View:
        if order not in self.view_cache:
            self.view_cache[order] = self.declared.scope.at(order)
        return self.view_cache[order]

    def meanings(self, left: Side, link, order: int, memory: dict[str, Term], item: Located) -> list[Meaning]:
        view = self.view(order)
        trees = self.with_definitions((left.tree, link.side.tree), view)

        def build(choices: Choices) -> Meaning:
            return self.meaning(left.tree, link.rel, link.side.tree, view, trees, choices, memory)

        return [replace(m, reading=reading) for reading, m in enumerate_readings(build, {})]

    def with_definitions(self, trees: tuple[Node, ...], view: View) -> tuple[Node, ...]:
        """The sides with the bodies of all definitions that they mention, one inside the other."""
        found, waiting, used = list(trees), list(trees), set()
        while waiting:
            for node in nodes(waiting.pop()):
                if isinstance(node, Name | Script):
                    head = head_of(node, is_index=self.usage.is_index, is_parameter=lambda n: n in self.conventions.parameters)
                    if head is None:
                        continue
                    for key in (head.key, Head(head.base, head.font).key):
                        if key in used:
                            continue
                        for table in (view.definitions, view.applied, view.later):
                            definition = table.get(key)
                            if definition is not None:
                                used.add(key)
                                found.append(definition.body)
                                waiting.append(definition.body)
                                break
        return tuple(found)

    def meaning(
        self, lhs: Node, rel: str, rhs: Node, view: View, trees: tuple[Node, ...], choices: Choices, memory: dict[str, Term]
    ) -> Meaning:
        general = None
        try:
            relation, gathered = self.relation_terms(lhs, rel, rhs, view, trees, choices, memory, use_laws=False)
            if any(gathered.family_laws.values()):
                general = relation
                relation, gathered = self.relation_terms(lhs, rel, rhs, view, trees, choices, memory, use_laws=True)
        except Unclear as problem:
            return Meaning(problem=str(problem))
        except T.ShapeError as conflict:
            shapes = [T.describe(s) for s in conflict.shapes[:2]]
            left, right = (shapes + ["a shape", "another"])[:2] if shapes else ("a shape", "another")
            return Meaning(conflict=ShapeConflict(left, right, str(conflict), self.guessed_shapes(trees)))
        except (RecursionError, ZeroDivisionError, ValueError, OverflowError) as problem:
            return Meaning(problem=f"it could not be given a meaning ({type(problem).__name__})")
        return Meaning(relation=relation, taken=tuple(gathered.taken), general=general, instance=gathered.instance, forward=gathered.forward)

    def guessed_shapes(self, trees: tuple[Node, ...]) -> bool:
        """Whether the shape of some letter in the formula rests on a guess rather than on a declaration."""
        for tree in trees:
            for node in nodes(tree):
                if isinstance(node, Name | Script):
                    head = head_of(node, is_index=self.usage.is_index, is_parameter=lambda n: n in self.conventions.parameters)
                    if head is not None and len(head.base) <= 8 and self.shapes.guessed(head.key) and not head.indices:
                        if head.font not in ("cal", "bb", "rm") and head.base not in ("log", "E", "trace", "T", "top"):
                            return True
        return False

    def relation_terms(
        self,
        lhs: Node,
        rel: str,
        rhs: Node,
        view: View,
        trees: tuple[Node, ...],
        choices: Choices,
        memory: dict[str, Term],
        use_laws: bool,
    ) -> tuple[Relation, Gathered]:
        gathered = Gathered()
        builder = Elaborator(view, self.usage, self.shapes_here(trees, view), self.conventions, choices, gathered, trees, memory)
        builder.__dict__["_use_laws"] = use_laws
        if unlabelled(lhs) and not unlabelled(rhs):
            right = builder.term(rhs, Env())
            left = builder.term(lhs, Env())
        else:
            left = builder.term(lhs, Env())
            right = builder.term(rhs, Env())
        left, right = self.fit(left, right, choices)
        left, right = builder.close_maps(left), builder.close_maps(right)
        left, right = builder.at_solutions(left, right)
        gathered.unexplained |= unexplained_symbols(left, right, gathered, view, self.usage, self.conventions)
        proportional: tuple[str, ...] = ()
        if rel == "propto":
            proportional = builder.proportional_variables(left, right)
            if not proportional:
                raise Unclear("in which variable the two sides are proportional is not clear")
        return Relation(left, rel, right, gathered.hypotheses(), proportional), gathered

    def shapes_here(self, trees: tuple[Node, ...], view: View) -> Shapes:
        """The shapes at a place: declared ones of other sections do not reach it; an I_D in the relation says the
        dimension of what is not declared."""
        visible = {key: sort for key, sort in self.shapes.declared.items() if key not in self.sorts}
        visible |= {key: domain.sort for key, domain in view.domains.items() if domain.sort != T.SCALAR}
        for m in view.maps:  # a bijection keeps the dimension
            known = visible.get(m.input) or visible.get(m.output)
            if m.bijection and known is not None:
                visible.setdefault(m.input, known)
                visible.setdefault(m.output, known)
        shapes = replace(self.shapes, declared=visible)
        named = {
            head.key
            for tree in trees
            for n in nodes(tree)
            if isinstance(n, Script) and n.sub is not None and isinstance(n.base, Name | Number) and n.base.text in ("I", "1")
            if (head := head_of(n.sub)) is not None and head.power is None and not head.key.isdigit()
        }
        if len(named) == 1:
            return replace(shapes, dimension=next(iter(named)), dimension_known=True)
        return shapes

    def fit(self, left: Term, right: Term, choices: Choices) -> tuple[Term, Term]:
        """One shape for both sides: 0 beside a vector, a gradient written as a row.  Raises ShapeError."""
        if left.sort == right.sort:
            if left.sort.kind == "law":
                raise Unclear("an equation between distributions is not understood")
            return left, right
        for a, b, swap in ((left, right, False), (right, left, True)):
            if a.op == "mul" and a.args[0].op == "identity" and a.sort.cols == 1 and b.sort == a.args[0].sort:
                a = T.diag(T.mul(*a.args[1:]))  # I v beside a matrix is diag(v)
                return (b, a) if swap else (a, b)
            if T.is_number(a, 0) and b.sort.kind == "matrix":
                a = T.zeros(b.sort.rows, b.sort.cols)
                return (b, a) if swap else (a, b)
        if left.sort.kind == right.sort.kind == "matrix" and left.sort == T.transpose(right).sort and 1 in (left.sort.rows, left.sort.cols):
            if any(t.op == "derivative" for side in (left, right) for t in T.walk(side)):
                return left, T.transpose(right)  # the layout of a gradient is the author's choice
        if "law" in (left.sort.kind, right.sort.kind) or "bool" in (left.sort.kind, right.sort.kind):
            raise Unclear("a distribution or a statement stands beside a number")
        raise T.ShapeError(f"{T.describe(left.sort)} is set against {T.describe(right.sort)}", (left.sort, right.sort))


def tell_bold_apart(located: list[Located]) -> list[Located]:
    """A bold letter is the plain one, but where a document has both z_1 and a bold z_1, they are two."""
    plain: set[tuple[str, str]] = set()
    bold: set[tuple[str, str]] = set()
    for item in located:
        for side in sides(item.part) if isinstance(item.part, Chain) else ():
            for n in nodes(side.tree):
                if isinstance(n, Script) and isinstance(n.base, Name) and n.sub is not None and n.base.text.islower():
                    label = plain_label(n.sub)
                    if label is not None:
                        (bold if n.base.font == "bf" else plain).add((n.base.text, label))
    both = plain & bold
    if not both:
        return located

    def change(node: Node) -> Node:
        if isinstance(node, Script) and isinstance(node.base, Name) and node.base.font == "bf" and node.sub is not None:
            if (node.base.text, plain_label(node.sub)) in both:
                return replace(node, base=replace(node.base, font="bold"))
        return node

    def side_of(side: Side | None) -> Side | None:
        return side if side is None else replace(side, tree=map_nodes(side.tree, change))

    result = []
    for item in located:
        if item.placed is None or not isinstance(item.part, Chain):
            result.append(item)
            continue
        links = tuple(replace(link, side=side_of(link.side)) for link in item.part.links)
        part = replace(item.part, first=side_of(item.part.first), links=links)
        result.append(replace(item, part=part, placed=replace(item.placed, chain=part, previous=side_of(item.placed.previous))))
    return result


def sides(chain: Chain) -> Iterator[Side]:
    if chain.first is not None:
        yield chain.first
    for link in chain.links:
        yield link.side


def pairs(chain: Chain, previous: Side | None) -> Iterator[tuple[Side, object]]:
    """(side before, link) of each relation; a chain that begins with a relation continues what stands before it."""
    left = chain.first if chain.first is not None else previous
    for link in chain.links:
        if left is not None:
            yield left, link
        left = link.side


def unlabelled(node: Node) -> bool:
    """Whether an expectation stands without a law."""
    labelled = {id(n.base) for n in nodes(node) if isinstance(n, Script) and (n.sub is not None or n.under is not None)}
    return any(isinstance(n, Name) and n.text == "E" and n.font == "bb" and id(n) not in labelled for n in nodes(node))


_ = BigOperator
