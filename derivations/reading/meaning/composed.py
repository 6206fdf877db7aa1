"""Variables that are composed of noise: z = mu + sigma epsilon, where the text says which law z has.

Such an equation is a definition, and with it a second law for the same variable: a claim of equality in law.  For a
normal law it fails where the second moments about its mean are not its covariance.
"""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.meaning.at_place import AtPlace, Statement
from derivations.reading.meaning.building import Surroundings
from derivations.reading.meaning.elaborate import Elaborator
from derivations.reading.meaning.environment import Env, Gathered, Unclear
from derivations.reading.names import Head, head_of, heads
from derivations.reading.readings import Choices, enumerate_readings
from derivations.reading.relations import Meaning
from derivations.reading.scope import LawDeclaration, View
from derivations.reading.tree import Node
from proofs import terms as T
from proofs.records import Relation
from proofs.terms import SCALAR, Term


def laws_of(variable: str, view: View) -> list[LawDeclaration]:
    """The laws that the text gives a variable, by itself or as the outcome of a density."""
    return [w for w in view.laws if w.outcomes in ((variable,), (variable.lower(),)) and not w.mixed]


def second_moments(
    builder: Elaborator, variable: Head, composed: Node, laws: list[LawDeclaration]
) -> tuple[Term, Term]:
    """E[(r - m)(r - m)^T] over the noise in r, the right side, and S, where the variable has the law N(m, S).

    Raises Unclear where the law of the variable or of the noise is not declared, is not normal, is not told apart from
    another, or speaks of other letters than r.
    """
    declared = {name for w in builder.view.laws if w.letter is None for name in w.outcomes}
    known = builder.random_variables(composed, Env())
    randoms = [(name, law) for name, law in known if law.op == "normal" and name in declared]
    said: set[tuple[str, Term, Term, Term]] = set()  # the noise, the value, the mean and the covariance of the law
    for declaration in laws:
        law = builder.law(declaration.law, Env(), builder.shapes.sort(variable.key))[1]
        noise = [(name, own) for name, own in randoms if name not in letters(law) and name != variable.key]
        if law.op != "normal" or len(noise) != 1:
            continue
        ((name, own),) = noise
        value = builder.term(composed, Env().bind(name, own.args[0].sort, own))
        if name in T.free_symbols(value) and letters(value) - {name} == letters(law):
            said.add((name, value, law.args[0], law.args[1]))
    if len(said) != 1:
        raise Unclear("which law the variable is said to have is not clear")
    ((name, value, mean, covariance),) = said
    if value.sort != mean.sort:
        raise Unclear("the variable and its law are of different shapes")
    away = T.sub(value, mean)
    square = T.power(away, T.TWO) if away.sort == SCALAR else T.mul(away, T.transpose(away))
    return T.expectation(name, dict(randoms)[name], square), covariance


def letters(term: Term) -> set[str]:
    """The symbols and functions that a term speaks of."""
    called = {n.data[0] for n in T.walk(term) if n.op in ("call", "call_inverse")}
    return called | set(T.free_symbols(term))


class Compositions(AtPlace):
    """The part of the Meanings that holds composed variables against the laws that the text gives them."""

    def composed(self, statement: Statement) -> list[Meaning]:
        """What a definition z = mu + sigma epsilon claims of the law that the text gives z, in each open reading."""
        variable = head_of(statement.left, is_parameter=self.conventions.is_parameter)
        laws = laws_of(variable.key, statement.view) if variable is not None and variable.power is None else []
        written = heads(statement.right, is_parameter=self.conventions.is_parameter)
        if variable is None or not laws or any(head.key == variable.key for head in written):
            return []
        trees = self.with_definitions((statement.right, *(w.law for w in laws)), statement.view)

        def build(choices: Choices) -> Meaning:
            gathered = Gathered()
            shapes = self.shapes_here(trees, statement.view)
            around = Surroundings(statement.view, self.usage, shapes, self.conventions, trees, {})
            try:
                builder = Elaborator(around, choices, gathered)
                left, right = second_moments(builder, variable, statement.right, laws)
            except (Unclear, T.ShapeError, RecursionError, ZeroDivisionError, ValueError, OverflowError) as problem:
                return Meaning(problem=str(problem))
            relation = Relation(left, "=", right, gathered.hypotheses())
            return Meaning(relation=relation, unfolded=frozenset({variable.key}), opaque=frozenset(gathered.opaque))

        found = [replace(m, reading=reading) for reading, m in enumerate_readings(build, {})]
        return found if all(m.relation is not None for m in found) else []
