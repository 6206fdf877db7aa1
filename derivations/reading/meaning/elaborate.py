"""From the written tree to a Term.

The `Elaborator` is put together from the files beside it, one for each concept of the notation; here it is decided
which of them a node or a factor belongs to.  It raises `Unclear` where a part has no meaning for us and `ShapeError`
where two parts cannot have one shape; it never guesses silently: what it takes for granted it notes, and where a
notation has two readings it asks its `Choices`.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Rational

from derivations.reading.meaning.absorption import Absorption
from derivations.reading.meaning.arrays import Arrays
from derivations.reading.meaning.atoms import Atoms
from derivations.reading.meaning.building import Follow
from derivations.reading.meaning.calculus import Calculus
from derivations.reading.meaning.closing import Closing
from derivations.reading.meaning.divergences import Divergences
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.evaluation import Evaluation
from derivations.reading.meaning.expectations import Expectations
from derivations.reading.meaning.indexed import Indexed
from derivations.reading.meaning.optima import Optima
from derivations.reading.meaning.reach import Reach
from derivations.reading.meaning.statements import Statements
from derivations.reading.names import plain_label
from derivations.reading.tree import (
    BigOperator,
    Cases,
    Differential,
    Dots,
    Fraction,
    Group,
    Infix,
    Matrix,
    Name,
    Node,
    Number,
    Root,
    Script,
    Sequence,
    Sum,
    Text,
)
from derivations.reading.vocabulary import FUNCTION_WORDS, MATRIX_WORDS, MOMENTS, OPTIMA
from derivations.reading.walking import argument_group, as_name, base_of, nodes, unwrap
from proofs import terms as T
from proofs.terms import Term

DEEPEST = 400  # nodes inside nodes


class Elaborator(
    Evaluation,
    Expectations,
    Divergences,
    Calculus,
    Atoms,
    Indexed,
    Absorption,
    Arrays,
    Reach,
    Statements,
    Optima,
    Closing,
):
    """Builds the meaning of the sides of one relation, in one reading, at one place of a document."""

    def term(self, node: Node, env: Env) -> Term:
        """The meaning of a node.  Raises Unclear or ShapeError."""
        if self.depth == 0 and not self.shapes.dimension_known and self.summed_dimension is not None:
            self.shapes = replace(self.shapes, dimension=self.summed_dimension, dimension_known=True)
        if self.depth == 0 and self.instances:  # what is written out for k = 3 has k = 3 everywhere
            env = replace(env, index_values={**self.instances, **env.index_values})
            self.shapes = self.shapes.at(self.instances)
        if self.depth == 0 and self.free_indices:
            env = self.with_free_indices(env)
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unclear("the formula is nested too deeply")
        try:
            return self._term(unwrap(node), env)
        finally:
            self.depth -= 1

    def _term(self, node: Node, env: Env) -> Term:
        match node:
            case Number():
                return T.number(Rational(node.text))
            case Name():
                return self.factor((node,), (), 0, env)[0]
            case Script():
                if as_name(node.base) is not None:
                    return self.factor((node,), (), 0, env)[0]
                for special in (self.in_brackets(node, env), self.angle_brackets(node, env)):
                    if special is not None:
                        return special
                return self.scripted(node, env)
            case Group():
                return self.group(node, env)
            case Sum():
                return self.sum(node, env)
            case Sequence():
                return self.sequence(node.items, node.signs, env)
            case Fraction():
                return self.fraction(node, env)
            case Root():
                return self.root(node, env)
            case Matrix():
                return self.matrix(node, env)
            case Cases():
                return self.cases(node, env)
            case Infix():
                return self.statement(node, env)
            case Dots():
                raise Unclear("dots stand for something that is not written out")
            case Text():
                raise Unclear(f"the words “{node.text.strip()}” stand inside the formula")
            case BigOperator():
                raise Unclear("nothing follows the " + node.kind + " sign")
            case Differential():
                raise Unclear("a differential stands without its integral")
        raise Unclear(f"{type(node).__name__.lower()} has no meaning here")

    def factor(self, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env) -> Follow:
        """The factor that begins at items[i] with all it reaches, and where the next one begins."""
        node = unwrap(items[i])
        if isinstance(node, BigOperator):
            return self.big_operator(items, signs, i, env)
        written = self.letter_as_sign(node, items[i + 1 :], env)
        if written is not None:
            return self.big_operator((*items[:i], written, *items[i + 1 :]), signs, i, env)
        if isinstance(node, Fraction):
            derivative = self.derivative_fraction(node, items, signs, i, env)
            return derivative if derivative is not None else (self.fraction(node, env), i + 1)
        if as_name(base_of(node)) is None:
            return self.term(node, env), i + 1
        operated = self.operator(items, signs, i, env) or self.plain_jacobian(items, signs, i, env)
        if operated is not None:
            return operated
        head = self.head(node, env)
        if head is None:
            raise Unclear(f"the subscript or superscript of “{words(node)}” is not understood")
        following = items[i + 1] if i + 1 < len(items) and signs[i] == "" else None
        group = argument_group(following)
        if following is None or group is None or not self.is_application(head, group, env):
            return self.atom(head, env), i + 1
        value = self.apply(head, group, env)
        scripted = unwrap(following)
        if isinstance(scripted, Script):  # f(x)_j and f(x)^2
            if scripted.sub is not None:
                value = self.indexed(self.as_array(value, (scripted.sub,), env), (scripted.sub,), env)
            if scripted.sup is not None:
                value = self.raised(value, scripted.sup, env)
        return value, i + 2

    def operator(self, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env) -> Follow | None:
        """The operator at items[i] with what it reaches; None where there is no operator."""
        node = unwrap(items[i])
        base = as_name(base_of(node))
        if base is None or base.text in env.values or base.text in env.bound:
            return None
        word = base.text
        if word in FUNCTION_WORDS:
            return self.function_word(FUNCTION_WORDS[word], node, items, signs, i, env)
        if word in MATRIX_WORDS:
            return self.matrix_word(MATRIX_WORDS[word], node, items, signs, i, env)
        if self.is_expectation(node, base, items[i + 1] if i + 1 < len(items) else None):
            return self.expectation(node, items, signs, i, env)
        if word in MOMENTS or (word == "V" and base.font == "bb"):
            return self.moment(MOMENTS.get(word, "Var"), node, items, i, env)
        is_partial_by = word == "partial" and isinstance(node, Script) and node.sub is not None
        if word == "nabla" or is_partial_by:
            return self.gradient(node, items, signs, i, env)
        if word in OPTIMA or word == "arg":
            return self.optimum(word, items, signs, i, env)
        return self.probability_word(node, items, signs, i, env)


def words(node: Node) -> str:
    """A name as the author wrote it, more or less."""
    return plain_label(node) or next((n.text for n in nodes(node) if isinstance(n, Name)), "it")
