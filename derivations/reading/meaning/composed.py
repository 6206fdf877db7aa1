"""Variables that are composed of noise: z = mu + sigma epsilon, where the text says which law z has.

Such an equation is a definition, and with it a second law for the same variable: a claim of equality in law.  For a
normal law it fails where the second moments about its mean are not its covariance.
"""

from __future__ import annotations

from derivations.reading.meaning.elaborate import Elaborator
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.names import Head
from derivations.reading.scope import LawDeclaration, View
from derivations.reading.tree import Node
from proofs import terms as T
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
