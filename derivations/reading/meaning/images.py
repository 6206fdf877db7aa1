"""The density of y = a x + b: of a variable that a formula makes of another one.

Where the formula is one-to-one and smooth, p_Y(y) is p_X(x) / |det dy/dx|.  The relation then speaks of x, and y stands
for the formula.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from derivations.reading.meaning.environment import Env
from derivations.reading.meaning.parameters import Parameters
from derivations.reading.meaning.pushforwards import Pushforwards
from derivations.reading.names import Head, every_head
from derivations.reading.scope import Definition
from derivations.reading.tree import Name, Script, Sequence, Sum
from derivations.reading.walking import nodes, unwrap
from proofs import terms as T
from proofs.terms import SCALAR, Term

ONE_TO_ONE = frozenset(["exp", "log", "sigmoid", "logit", "tanh", "sinh"])  # with a derivative that is nowhere 0
NONZERO = frozenset(
    "positive nonzero unit positive_vector positive_definite positive_diagonal invertible orthogonal".split()
)


class Image(NamedTuple):
    """A variable that a formula makes of another: its name, the law of the other, the other, and the formula."""

    name: str
    law: Term
    source: Term
    body: Term


class Images(Parameters, Pushforwards):
    """The part of the Elaborator that knows densities of what a formula makes of another variable."""

    @cached_property
    def formulas(self) -> dict[str, tuple[str, Definition]]:
        """variable -> the one random variable in the formula that defines it, and the definition."""
        random = {v.lower() for v in self.usage.density_variables | self.random_here}
        random |= {d.outcomes[0].lower() for d in self.view.laws if d.letter is None and len(d.outcomes) == 1}
        found = {}
        for key, definition in self.view.definitions.items():
            body = unwrap(definition.body)
            if definition.parameters or key.lower() not in random or not isinstance(body, Sum | Sequence | Script):
                continue
            if any(isinstance(n, Name) and n.text in ("E", "int", "sum") for n in nodes(body)):
                continue
            heads = {h.key for h in every_head(body, is_parameter=self.is_parameter) if h.key.lower() in random}
            if len(heads) == 1 and key not in heads:
                found[key.lower()] = (next(iter(heads)), definition)
        return found

    def ends(self) -> list[tuple[str, str]]:
        return [*super().ends(), *((x.lower(), y) for y, (x, _) in self.formulas.items())]

    def image_density(self, law: Term, points: tuple[Term, ...], env: Env) -> Term | None:
        """The density of a variable that a formula makes of another; None for every other density."""
        image = self.image_of(law, env) if len(points) == 1 else None
        if image is None:
            return None
        if not self.is_one_to_one(image.body, image.source.data[0]):
            self.gathered.unexplained.add(law.data[0])  # its density is not just any
            return None
        if points[0] not in (image.body, T.symbol(image.name, image.body.sort)):
            return None
        x = str(image.source.data[0])
        self.declare_space(x, x.lower(), env)
        self.gathered.images[image.name] = image.body
        self.gathered.note(f"{image.name} is a one-to-one function of {x}, which changes densities by its Jacobian")
        jacobian = T.derivative(image.body, x, sort=image.source.sort)
        volume = T.function("abs", jacobian if image.body.sort == SCALAR else T.det(jacobian))
        return T.mul(T.pdf(image.law, image.source), T.power(volume, T.MINUS_ONE))

    def image_law(self, law: Term, env: Env) -> Term | None:
        """The law of a variable that a formula makes of another, as that of the formula; None for every other law."""
        image = self.image_of(law, env)
        if image is None:
            return None
        return T.term("pushforward", (image.law, image.body), (str(image.source.data[0]),), T.LAW)

    def image_of(self, law: Term, env: Env) -> Image | None:
        """The formula whose law this is, and of which variable."""
        if law.op != "family" or len(law.data[1]) != 1 or law.data[2] or law.data[3] or env.unfolding:
            return None
        letter, (outcome,), _, _ = law.data
        if outcome not in self.formulas or self.is_mapped(outcome):
            return None
        x, definition = self.formulas[outcome]
        source = self.source_law(letter, outcome, x, env)
        if source is None or {x, definition.key} & {*env.bound, *env.values}:
            return None
        body, variable = self.unfolded(definition, {}, env), self.symbol(head_named(x), env)
        if body is None or variable.op != "symbol" or body.sort != variable.sort or x not in T.free_symbols(body):
            return None
        return Image(definition.key, source, variable, body)

    def is_mapped(self, outcome: str) -> bool:
        """Whether the relation, or the text behind the formula, has a map of its own to the variable: y = f(x)."""
        defined = self.formulas[outcome][1].order
        maps = [m for m in self.view.maps if m.output == outcome]
        return any(m.order > defined or self.mentions_call(m.function) for m in maps)

    def source_law(self, letter: str, outcome: str, x: str, env: Env) -> Term | None:
        """The law of the other variable: p_X beside p_Y, p(x) beside p(y); or the declared one, of what is no noise."""
        stem = letter.removesuffix(f"_{outcome}")
        if letter == stem:
            return None
        written = {self.density_key(head) for head, _, _ in self.applied_densities}
        written |= {self.density_key(head) for head in self.whole_densities}
        source = f"{stem}_{x.lower()}"
        if source in written or stem in written:
            self.gathered.families.setdefault(source, set()).add(x.lower())
            self.declare_own_space(x.lower())
            return T.family(source, (x.lower(),))
        is_noise = head_named(x).base in self.conventions.standard_normal
        return None if is_noise else self.declared_variable_law(x, head_named(x), env)

    def is_one_to_one(self, body: Term, x: str) -> bool:
        """Whether a formula in x takes each value once, with a derivative that is nowhere singular."""
        if body.op == "symbol":
            return bool(body.data[0] == x)
        moving = [a for a in body.args if x in T.free_symbols(a)]
        others = [a for a in body.args if x not in T.free_symbols(a)]
        if len(moving) != 1 or not self.is_one_to_one(moving[0], x):
            return False
        if body.op == "add":
            return True
        if body.op == "pow":
            return moving[0] == body.args[0] and T.is_number(body.args[1], -1)
        if body.op in ("mul", "hadamard"):
            return all(self.is_nonzero(a) for a in others)
        return body.op == "function" and body.data[0] in ONE_TO_ONE

    def is_nonzero(self, factor: Term) -> bool:
        """Whether a factor is invertible: as declared, or as the author takes for granted of a number."""
        if factor.op == "number":
            return bool(factor.data[0] != 0)
        if factor.op == "function" and factor.data[0] == "exp":
            return True
        if factor.op in ("mul", "hadamard", "inverse", "transpose") or (
            factor.op == "pow" and factor.args[1].op == "number"
        ):
            return all(self.is_nonzero(a) for a in factor.args if a.op != "number" or factor.op != "pow")
        domain = self.gathered.variables.get(str(factor.data[0])) if factor.op == "symbol" else None
        if domain is None:
            return False
        if domain.kind == "real" and not domain.declared and factor.sort == SCALAR:
            self.gathered.variables[str(factor.data[0])] = replace(domain, kind="nonzero")
            return True
        return domain.kind in NONZERO


def head_named(name: str) -> Head:
    base, _, label = name.partition("_")
    return Head(base, label=label)
