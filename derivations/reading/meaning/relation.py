"""The meanings of one relation: its sides in every open reading, with the hypotheses they are under."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from derivations.reading.meaning.at_place import Statement
from derivations.reading.meaning.braces import braces_are_seen, view_without_braces, without_braces
from derivations.reading.meaning.building import Surroundings
from derivations.reading.meaning.composed import Compositions
from derivations.reading.meaning.constants import up_to_a_constant, without_constants
from derivations.reading.meaning.draws import draws, on_average
from derivations.reading.meaning.elaborate import Elaborator
from derivations.reading.meaning.environment import Env, Gathered, Unclear
from derivations.reading.meaning.explained import unexplained_symbols
from derivations.reading.meaning.fitting import fit
from derivations.reading.meaning.implied import with_implied_map
from derivations.reading.meaning.law_memory import Laws
from derivations.reading.meaning.optimum_places import same_place
from derivations.reading.meaning.probabilities import keep_probabilities
from derivations.reading.meaning.refitting import Attempt, Refitting, forgets
from derivations.reading.meaning.transposed import with_a_matrix, with_one_more
from derivations.reading.names import TRANSPOSES, Head, every_head, heads
from derivations.reading.readings import Choices, enumerate_readings
from derivations.reading.relations import Meaning, ShapeConflict
from derivations.reading.scope import Definition, View
from derivations.reading.survey.evidence import survey_shapes
from derivations.reading.tree import Name, Node, Script
from derivations.reading.vocabulary import KNOWN_WORDS
from derivations.reading.walking import nodes
from proofs import terms as T
from proofs.records import Relation
from proofs.terms import Term

MARKED = re.compile(r"(?<=\w)(_\w+)?\*$|^(hat|tilde|bar|widehat|widetilde) ")
MOST_TRANSPOSED = 24  # places at which a transposition may have been lost
NEVER_MATRICES = ("T", "E", "N", "I")  # transposed, expectation, normal law, identity


class Meanings(Compositions):
    """Gives the relations of one document their meanings."""

    def of(self, statement: Statement) -> list[Meaning]:
        """The meaning of a relation in each open reading, the most common one first."""
        view = with_implied_map(statement.left, statement.right, statement.view, self.conventions)
        statement = replace(statement, view=view)
        trees = self.with_definitions((statement.left, statement.right), statement.view)

        def build(choices: Choices) -> Meaning:
            if braces_are_seen(trees, choices):
                return self.meaning(statement, trees, choices)
            left, right = (without_braces(side) for side in (statement.left, statement.right))
            plain = replace(statement, left=left, right=right, view=view_without_braces(view))
            return self.meaning(plain, self.with_definitions((left, right), plain.view), choices)

        found = [replace(m, reading=reading) for reading, m in enumerate_readings(build, {})]
        return [self.marked(m, statement) for m in found]

    def marked(self, meaning: Meaning, statement: Statement) -> Meaning:
        """The meaning with D for the D^* that the text defines, where nothing else explains D; it as it is otherwise.

        What holds for any D holds for D^*: that stays beside it, as the general relation.
        """
        general = meaning.relation
        if general is None or not general.hypotheses.unexplained & general.hypotheses.functions.keys():
            return meaning
        view, found = statement.view, {}
        written = [{h.key for h in every_head(side)} for side in (statement.left, statement.right)]
        of_one_side = written[0] ^ written[1]  # V(D, G) on the other side speaks of any D
        bound = {n for t in (general.lhs, general.rhs) for o in T.walk(t) if o.op in T.OPTIMA for n in o.data}  # \max_D
        unknown = general.hypotheses.unexplained & general.hypotheses.functions.keys() & of_one_side
        for letter in sorted(unknown - bound):
            for definition in marked_definitions(letter, view):
                applied = {**view.applied, letter: replace(definition, key=letter, letter=letter)}
                unfolding = replace(view, applied=applied, definitions={**view.definitions, **applied})
                here = replace(statement, view=unfolding)
                trees = self.with_definitions((statement.left, statement.right), here.view)
                other = self.meaning(here, trees, Choices(meaning.reading))
                if other.relation is not None and not other.relation.hypotheses.unexplained:
                    note = f"{letter} is the {definition.key} that is defined"
                    key = (other.relation.lhs, other.relation.rhs)
                    found[key] = replace(other, reading=meaning.reading, general=general, taken=(*other.taken, note))
        return next(iter(found.values())) if len(found) == 1 else meaning

    def meaning(self, statement: Statement, trees: tuple[Node, ...], choices: Choices) -> Meaning:
        """The meaning in one reading.  Where laws are declared, the relation for arbitrary ones is kept beside."""
        first = Attempt(self.shapes_here(trees, statement.view), statement.view, trees)
        try:
            found = self.attempt(statement, first, choices)
            return found if not found.spread else self.of_numbers(statement, first, choices) or found
        except Unclear as problem:
            return Meaning(problem=str(problem))
        except T.ShapeError as conflict:
            if self.conflict_is_certain(statement, choices, conflict):
                return conflicting(conflict, True)
            other = self.refitted(statement, first, choices)
            return other or replace(conflicting(conflict, False), transposed=self.transposed(statement, first, choices))
        except (RecursionError, ZeroDivisionError, ValueError, OverflowError) as problem:
            return Meaning(problem=f"it could not be given a meaning ({type(problem).__name__})")

    def of_numbers(self, statement: Statement, first: Attempt, choices: Choices) -> Meaning | None:
        """The meaning where N(mu, sigma^2) is a law of numbers, in the reading that takes it so; None in any other.

        Elsewhere in the section mu may be a vector: where this relation does not show it, both are open.
        """
        if not Refitting(self.usage, self.conventions).may_be_numbers(first.trees, first.shapes):
            return None
        option = choices.choose("N(m, s) with one variance s", ("a law of vectors", "a law of numbers"))
        if option == "a law of vectors":
            return None
        numbers = replace(first, shapes=replace(first.shapes, kinds={}, dimension_known=False))
        try:
            return self.attempt(statement, numbers, choices)
        except T.ShapeError:
            return None

    def transposed(self, statement: Statement, first: Attempt, choices: Choices) -> tuple[Relation, ...]:
        """The relation with one more transposition, in each way in which its shapes fit; none where they fit as it
        stands with one letter as a matrix, as the x of beta^T x^T y."""
        keys = [h.key for side in (statement.left, statement.right) for h in every_head(side)]
        if any(self.fits(statement, replace(first, shapes=s), choices) for s in with_a_matrix(first.shapes, keys)):
            return ()
        found: list[Relation] = []
        for left, right in islice(with_one_more(statement.left, statement.right), MOST_TRANSPOSED):
            mended = replace(statement, left=left, right=right)
            attempt = replace(first, trees=(left, right, *first.trees[2:]))
            try:
                relation = self.attempt(mended, attempt, choices).relation
            except (Unclear, T.ShapeError, RecursionError, ZeroDivisionError, ValueError, OverflowError):
                continue
            if relation is not None and relation not in found:
                found.append(relation)
        return tuple(found)

    def fits(self, statement: Statement, attempt: Attempt, choices: Choices) -> bool:
        """Whether a relation has a meaning with some shapes."""
        try:
            self.attempt(statement, attempt, choices)
        except (Unclear, T.ShapeError, RecursionError, ZeroDivisionError, ValueError, OverflowError):
            return False
        return True

    def refitted(self, statement: Statement, first: Attempt, choices: Choices) -> Meaning | None:
        """The meaning with other shapes for what was only guessed; None where none fit."""
        sides = (statement.left, statement.right)
        for other in Refitting(self.usage, self.conventions).attempts(sides, first.trees, first.view, first.shapes):
            try:
                return replace(self.attempt(statement, other, choices), refitted=True)
            except (Unclear, T.ShapeError, RecursionError, ZeroDivisionError, ValueError, OverflowError):
                continue
        return None

    def attempt(self, statement: Statement, attempt: Attempt, choices: Choices) -> Meaning:
        """The meaning with some shapes.  Raises Unclear, ShapeError, and what building a term raises."""
        general = None
        memory = statement.law_memory.recall(choices)
        here = replace(statement, view=attempt.view)
        relation, gathered, average = self.relation(here, attempt, choices, memory, use_laws=False)
        sides = (relation.lhs, relation.rhs)
        if attempt.left_out and (relation.proportional_in or forgets(attempt, sides)):
            raise Unclear(f"what “{min(attempt.left_out)}” depends on is not understood")
        if gathered.implied or any(gathered.family_laws.values()):
            general = relation
            varying = relation.proportional_in  # by its law p(z|x) is a formula, which does not say of what it is one
            relation, gathered, average = self.relation(here, attempt, choices, memory, use_laws=True, varying=varying)
        statement.law_memory.keep(choices, memory)
        return Meaning(
            relation=relation,
            taken=tuple(gathered.taken),
            general=general,
            instance=gathered.instance,
            forward=gathered.forward,
            enough=gathered.enough,
            unfolded=frozenset(gathered.unfolded),
            opaque=frozenset(gathered.opaque),
            spread=gathered.spread,
            contrasted=gathered.contrasted,
            on_average=average,
        )

    def conflict_is_certain(self, statement: Statement, choices: Choices, conflict: T.ShapeError) -> bool:
        """Whether a conflict of shapes may accuse: a square matrix against a scalar, in this very relation.

        The shapes must follow from what stands in the relation itself and from declarations at its place: what a letter
        was elsewhere in the document does not count.
        """
        kinds = {("scalar" if s == T.SCALAR else "square" if s.rows == s.cols else "other") for s in conflict.shapes}
        sides = (statement.left, statement.right)
        letters = [h for side in sides for h in every_head(side, is_index=self.usage.is_index)]
        if letters and all(h.key in statement.view.domains for h in letters if h.key not in ("T", "top")):
            return True
        functions = any(isinstance(n, Name) and n.text in ("log", "ln", "exp") for side in sides for n in nodes(side))
        if kinds != {"scalar", "square"} or functions:  # log of a matrix is short for that of its determinant
            return False
        declared = {key: d.sort for key, d in statement.view.domains.items() if d.sort != T.SCALAR}
        local = survey_shapes(sides, (sides,), self.usage, self.conventions, declared)
        letters = [head for side in sides for head in heads(side, is_parameter=self.conventions.is_parameter)]
        notation = (*NEVER_MATRICES, *TRANSPOSES, *KNOWN_WORDS)
        names = [h for h in letters if h.base not in notation and not h.base.isdigit()]
        if any(local.guessed(head.key) for head in names):
            return False  # a letter of which nothing is said may be a vector or a matrix
        alone = replace(statement, view=replace(statement.view, definitions={}, applied={}, later={}))
        try:
            meanings = Meanings(self.usage, local, self.conventions, {})
            within = Attempt(meanings.shapes_here(sides, alone.view), alone.view, sides)
            meanings.relation(alone, within, choices, statement.law_memory.recall(choices), use_laws=False)
        except T.ShapeError:
            return True
        except (Unclear, RecursionError, ZeroDivisionError, ValueError, OverflowError):
            return False
        return False

    def relation(
        self,
        statement: Statement,
        attempt: Attempt,
        choices: Choices,
        memory: Laws,
        *,
        use_laws: bool,
        varying: tuple[str, ...] = (),
    ) -> tuple[Relation, Gathered, Relation | None]:
        """The relation in one reading, and on average over its draws; ``varying``: in what it is proportional.

        Raises Unclear and ShapeError.
        """
        gathered, view, trees = Gathered(unexplained=set(attempt.left_out)), statement.view, attempt.trees
        if attempt.note:
            gathered.note(attempt.note)
        around = Surroundings(view, self.usage, attempt.shapes, self.conventions, trees, memory, use_laws)
        builder = Elaborator(around, choices, gathered)
        tables = (view.domains, view.definitions, view.applied, view.later)
        written = without_constants(
            statement.left, statement.rel, statement.right, lambda letter: not any(letter in t for t in tables)
        )
        try:
            left, right = self.sides(builder, written.left, written.right)
            if written.kind:
                first = varying or builder.proportional_variables(left)
                moved = up_to_a_constant((left, right), written, first, gathered, choices)
                left, right = moved or self.sides(builder, statement.left, statement.right)
        except T.ShapeError:
            if gathered.opaque:
                raise Unclear(f"what “{min(gathered.opaque)}” stands for is not understood") from None
            raise
        if statement.rel == "=":
            keep_probabilities(left, right, gathered)
            left, right = same_place(left, right, gathered) or (left, right)
        gathered.unexplained |= unexplained_symbols(left, right, gathered, view, self.usage, self.conventions)
        proportional: tuple[str, ...] = ()
        if (statement.rel == "propto" or written.kind) and gathered.opaque:
            raise Unclear(f"what “{min(gathered.opaque)}” depends on is not understood")
        if statement.rel == "propto":
            proportional = varying or builder.proportional_variables(left)
            if not proportional:
                raise Unclear("in which variable the two sides are proportional is not clear")
        points = {*T.free_symbols(left), *T.free_symbols(right)} & gathered.unfolded & self.usage.density_variables
        if points:  # x is a value here: where z is averaged over it is no G(z) either
            definitions = {k: d for k, d in view.definitions.items() if d.key not in points}
            if len(definitions) < len(view.definitions):
                fixed = replace(statement, view=replace(view, definitions=definitions))
                return self.relation(fixed, attempt, choices, memory, use_laws=use_laws, varying=varying)
        rel = "=" if statement.rel == "=c" else statement.rel
        found = Relation(left, rel, right, gathered.hypotheses(), proportional)
        return found, gathered, self.averaged(found, builder, gathered) if gathered.instance else None

    def averaged(self, relation: Relation, builder: Elaborator, gathered: Gathered) -> Relation | None:
        """The relation in expectation over the draws that it speaks of; None where their law is not known."""
        before = gathered.copy()
        said = {name for w in builder.view.laws if w.letter is None for name in w.outcomes} | set(builder.law_memory)

        def law_of(letter: str) -> Term | None:
            if letter not in said:
                return None
            try:
                return builder.declared_variable_law(letter, Head(letter), Env())
            except (Unclear, T.ShapeError):
                return None

        laws = {letter: law_of(letter) for letter in sorted(set(draws(relation).values()))}
        widened = replace(relation, hypotheses=gathered.hypotheses())
        gathered.restore(before)
        return on_average(widened, laws.get)

    def sides(self, builder: Elaborator, left: Node, right: Node) -> tuple[Term, Term]:
        """Both sides as terms that speak of the same variables."""
        if has_bare_expectation(left) and not has_bare_expectation(right):
            meant_right = builder.term(right, Env())  # it says under which law
            meant_left = builder.term(left, Env())
        else:
            meant_left = builder.term(left, Env())
            meant_right = builder.term(right, Env())
        fitted = fit(meant_left, meant_right)
        return builder.at_solutions(builder.close_maps(fitted[0]), builder.close_maps(fitted[1]))


def marked_definitions(letter: str, view: View) -> list[Definition]:
    """The definitions of D^*, D^*_G and \\hat D: of the letter with a mark, applied."""
    return [d for d in view.applied.values() if d.key != letter and MARKED.sub("", d.key) == letter]


def conflicting(conflict: T.ShapeError, certain: bool) -> Meaning:
    """The meaning of a relation whose parts cannot have one shape."""
    shapes = [T.describe(s) for s in conflict.shapes[:2]]
    left, right = ([*shapes, "a shape", "another"])[:2] if shapes else ("a shape", "another")
    return Meaning(conflict=ShapeConflict(left, right, str(conflict), not certain))


def has_bare_expectation(node: Node) -> bool:
    """Whether an expectation stands without a law."""
    scripts = [n for n in nodes(node) if isinstance(n, Script)]
    labelled = {id(n.base) for n in scripts if n.sub is not None or n.under is not None}
    names = [n for n in nodes(node) if isinstance(n, Name)]
    return any(n.text == "E" and n.font == "bb" and id(n) not in labelled for n in names)
