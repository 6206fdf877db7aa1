"""What functions and densities depend on besides their arguments: theta of p_theta(x) and f(x; theta)."""

from __future__ import annotations

from functools import cached_property

from derivations.reading.meaning.environment import Env
from derivations.reading.meaning.families import slot_of
from derivations.reading.meaning.quotients import derivative_below
from derivations.reading.meaning.unfolding import Unfolding
from derivations.reading.names import Head, every_head, head_of
from derivations.reading.tree import Fraction, Group, Name, Node, Script
from derivations.reading.walking import as_name
from proofs.terms import Term

DATA_LABELS = ("data", "d", "real", "r")  # what is observed depends on no parameter


class Parameters(Unfolding):
    """The part of the Elaborator that knows parameters."""

    def parameter_terms(self, key: str, head: Head, extra: list[Node], env: Env) -> tuple[Term, ...]:
        """The parameters of a function or density: those it carries anywhere in the relation, in one order."""
        names: dict[str, Term] = {}
        for name in self.relation_parameters(key):
            names[name] = self.parameter_symbol(name, env)
        for node in (*head.parameters, *extra):
            part = self.head(node, env)
            value = self.term(node, env)
            names[part.key if part is not None else f"parameter {len(names)}"] = value
        return tuple(names[n] for n in sorted(names))

    def parameter_symbol(self, name: str, env: Env) -> Term:
        definition = self.view.definitions.get(name)
        if definition is not None and not definition.parameters and name not in env.unfolding:
            value = self.unfolded(definition, {}, env)
            if value is not None:
                return value
        return self.symbol(Head(name), env)

    def relation_parameters(self, key: str) -> list[str]:
        """Parameters that the letter carries as subscripts somewhere in this relation, or must depend on."""
        found: list[str] = [*self.implied_parameters.get(key, [])]
        for head in self.heads_written():
            if head.key == key or self.density_key(head) == key:
                found += [p.text for p in head.parameters if isinstance(p, Name) and p.text not in found]
        return found

    @cached_property
    def implied_parameters(self) -> dict[str, list[str]]:
        """Parameters by letter: a derivative by theta of something that never shows a theta says that its one density
        (other than the data's) depends on it."""
        found: dict[str, list[str]] = {}
        for name in sorted(self.relation_derivatives()):
            if self.depends_on(name):
                continue
            lawful = self.letters_with_parameter(name)
            for letter in lawful:
                found.setdefault(letter, []).append(name)
            if lawful or not self.conventions.is_parameter(name):
                continue
            letters = {self.density_key(h) for h in self.heads_written() if self.is_density(h) and is_model(h)}
            letters = {k for k in letters if "_" in k} or letters
            if len(letters) == 1:
                letter = next(iter(letters))
                found.setdefault(letter, []).append(name)
                self.gathered.note(f"{letter} depends on {name}")
        return found

    def letters_with_parameter(self, name: str) -> list[str]:
        """The density letters of the relation whose declared law has the symbol in it: p(x) = N(x; mu, s) has mu."""
        written = {self.density_key(h) for h in self.heads_written() if self.is_density(h)}
        found: set[str] = set()
        for law in self.view.laws:
            letter = self.view.equal_families.get(law.letter, law.letter) if law.letter is not None else None
            if letter not in written or letter is None or name in (*law.outcomes, *law.givens):
                continue
            if any(head.name == name for head in every_head(law.law, is_parameter=self.is_parameter)):
                found.add(letter)
        return sorted(found)

    # ------------------------------------------------------------------------------------------ of densities

    def density_parameters(
        self, letter: str, head: Head, extra: list[Node], outcomes: list[str], givens: list[str], env: Env
    ) -> tuple[str, dict[str, Term]]:
        """The letter of a density and its parameters by slot: all factors of one letter in a relation share them.

        A marginal that is written without a parameter by which the relation takes a derivative may be another density,
        free of it: the prior p(z) beside p_theta(x|z).  Where x is averaged over and both p(x) and p_theta(x) are
        written, or in a divergence of p and p_theta, they are two: the data and its model.
        """
        own: dict[str, Term] = {}
        for node in (*head.parameters, *extra):
            part = self.head(node, env)
            own[slot_of(part, (*head.parameters, *extra)) if part else f"parameter {len(own)}"] = self.term(node, env)
        if all(o.split("_")[0] in self.conventions.standard_normal for o in outcomes) and not givens:
            return letter, own
        if not own and self.meets_its_model(letter):
            return f"{letter}_0", {}
        if not own and not givens and len(outcomes) == 1 and self.stands_apart(letter, outcomes[0]):
            return f"{letter}_{outcomes[0]}", {}
        shared = self.density_slots.get(letter, {})
        for slot in (*shared, *self.implied_parameters.get(letter, ())):
            variants = shared.get(slot, {slot})
            if slot in own or (len(variants) > 1 and slot not in variants):
                continue
            is_marginal = len(outcomes) == 1 and not givens
            if is_marginal and slot in shared and slot in self.relation_derivatives() and not own:
                option = self.choices.choose(
                    f"{letter}({outcomes[0]}) written without {slot}",
                    ("of the same family", f"another density, without {slot}"),
                )
                if option != "of the same family":
                    return f"{letter}_{outcomes[0]}", {}
            name = slot if slot in variants else next(iter(variants))
            own[slot] = self.parameter_symbol(name, env)
        return letter, own

    def relation_derivatives(self) -> set[str]:
        """The symbols by which the relation takes derivatives."""
        variables: list[Node] = []
        for n in self.written():
            if isinstance(n, Script) and n.sub is not None:
                base = as_name(n.base)
                variables += [n.sub] if base is not None and base.text == "nabla" else []
            if isinstance(n, Fraction):
                below = derivative_below(n.denominator)
                variables += below.variables if below is not None else []
        return {head.key for v in variables if (head := head_of(v)) is not None}

    def depends_on(self, name: str) -> bool:
        """Whether some letter of the relation carries the parameter, as a subscript or an argument, or is defined by
        it: x = a z + b carries theta = (a, b)."""
        for head in self.heads_written():
            if head.base != "nabla" and any(isinstance(p, Name) and p.text == name for p in head.parameters):
                return True
        arguments = (head_of(part) for n in self.written() if isinstance(n, Group) for part in n.parts)
        if any(head is not None and head.key == name for head in arguments):
            return True
        own = self.view.definitions.get(name)
        entries = {name} | ({h.key for h in every_head(own.body)} if own is not None else set())
        bodies = [tree for tree in self.relation_nodes[2:] if own is None or tree is not own.body]
        return any(head.key in entries for body in bodies for head in every_head(body))


def is_model(density: Head) -> bool:
    """Whether a density may be what is trained, rather than the law of the data or a plain p with primes or stars."""
    if density.label.lower() in DATA_LABELS:
        return False
    return bool(density.label or density.parameters or density.base.lower() != "p" or len(density.key) == 1)
