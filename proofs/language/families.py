"""Laws without parameters of their own: unknown densities, given densities, laws of functions."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Symbol, Tuple

from proofs.language.node import BinderLaw, Convert, Law, as_name, name_of, strict
from proofs.terms import LAW, Term, term


class Family(Law):
    """The law of some outcomes given others in an unknown joint density with a letter.

    ``Family(letter, outcomes, givens, parameter_names, values)``: names of the outcomes and of the givens, and then the
    values of the givens followed by those of the parameters.  All laws of one letter come from one joint density.
    """

    operator = "family"

    def __new__(cls, letter: Any, outcomes: Any, givens: Any = (), parameters: Any = (), values: Any = ()) -> Family:
        names = (Tuple(*(as_name(n) for n in group)) for group in (outcomes, givens, parameters))
        return Basic.__new__(cls, as_name(letter), *names, Tuple(*(strict(v) for v in values)))

    def sample_symbols(self) -> list[Any]:
        return [Symbol(name_of(n), real=True) for n in self.args[1].args]

    def sample_symbol(self) -> Any:
        return self.sample_symbols()[0] if len(self.args[1].args) == 1 else None

    def _term(self, convert: Convert) -> Term:
        letter, *names, values = self.args
        data = (name_of(letter), *(tuple(name_of(n) for n in group.args) for group in names))
        return term("family", [convert(v) for v in values.args], data, LAW)


class WithDensity(BinderLaw):
    """``(variable, density)``: the law with that density of the variable, such as (p(x) + q(x))/2."""

    operator = "with_density"
    scope = (1,)

    def sample_symbol(self) -> Any:
        return self.args[0]

    def density(self, point: Any) -> Any:
        return self.args[1].subs(self.args[0], point)


class Pushforward(BinderLaw):
    """``(variable, law, body)``: the law of the body, where the variable is drawn from the law."""

    operator = "pushforward"
    scope = (2,)
