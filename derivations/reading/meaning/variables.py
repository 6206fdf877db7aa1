"""Random variables: which letters of an expression are random, and what their laws are."""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.meaning.arbitrary import ANY_LAW, Arbitrary
from derivations.reading.meaning.environment import Env
from derivations.reading.names import Head
from derivations.reading.survey.usage import Usage
from derivations.reading.tree import Node
from derivations.reading.walking import names_and_scripts
from proofs import terms as T
from proofs.terms import SCALAR, Sort, Term


class Variables(Arbitrary):
    """The part of the Elaborator that knows random variables."""

    def variable_law(self, name: str, head: Head, env: Env) -> Term | None:
        """The law of a variable: as declared, as used beside, or standard normal for noise."""
        for declaration in reversed(self.view.laws):
            if declaration.letter is None and declaration.outcomes == (name,):
                return self.law(declaration.law, env, self.shapes.sort(name))[1]
        if name in self.law_memory:
            return self.law_memory[name]
        if head.base in self.conventions.standard_normal:
            written = self.only_density_of(name, self.relation_usage)  # p(epsilon) in this relation says its law
            if written is not None:
                return self.bare_law(written, env, name.lower())[1]
            sort = self.shapes.sort(name)
            self.gathered.note(f"{name} is standard normal")
            return T.normal(T.zeros(sort.rows), T.identity(sort.rows))
        letter = self.only_density_of(name, self.usage)
        return None if letter is None else self.bare_law(letter, env, name.lower())[1]

    def only_density_of(self, name: str, usage: Usage) -> Head | None:
        """The one density letter that has the variable as its outcome."""
        letters = [
            letter
            for letter, signatures in usage.signatures.items()
            if any(outcomes == (name.lower(),) for outcomes, _ in signatures)
        ]
        if len(letters) != 1:
            return None
        base, _, label = letters[0].partition("_")
        return Head(base, label=label)

    def declared_variable_law(self, name: str, head: Head, env: Env) -> Term | None:
        """The law of a variable where it is known that the letter is random: declared, bound before, or noise."""
        for declaration in reversed(self.view.laws):
            if declaration.letter is None and declaration.outcomes in ((name,), (head.root,)):
                return self.law(declaration.law, env, self.shapes.sort(name))[1]
        for key in (name, head.root):
            if key in self.law_memory:
                return self.law_memory[key]
        plain = replace(head, power=None)
        if plain.base in self.conventions.standard_normal and plain.key in self.usage.counts:
            return self.variable_law(name, plain, env)
        return None

    def variable_sort(self, name: str, law: Term, fallback: Sort | None = None) -> Sort:
        """The shape of a variable with a law."""
        if law.op == "normal":
            return law.args[0].sort
        if law.op in ("family", "with_density"):
            return fallback if fallback is not None else self.shapes.sort(name)
        return SCALAR

    def body_variable(self, space: str, body: Node, env: Env) -> str:
        """The name under which an outcome occurs in the body: z, or Z."""
        for node in names_and_scripts(body):
            head = self.head(node, env)
            if head is not None and self.space_named(head, env) == space:
                return self.variable_name(head, env)
        return next((v for v in sorted(self.usage.density_variables) if v.lower() == space), space)

    def random_variables(self, body: Node, env: Env) -> list[tuple[str, Term]]:
        """The variables of a body that have a known law, looked for inside definitions too."""
        found: dict[str, Term] = {}
        visited: set[str] = set()

        def visit(node: Node) -> None:
            for n in names_and_scripts(node):
                head = self.head(n, env)
                if head is None or head.key in visited:
                    continue
                name = self.variable_name(head, env)
                if name in found or name in env.bound or name in env.values:
                    continue
                definition = self.view.definitions.get(head.key)
                if definition is not None and not definition.parameters:
                    visited.add(head.key)
                    visit(definition.body)
                    continue
                law = self.declared_variable_law(name, head, env)
                if law is not None:
                    found[name] = law

        visit(body)
        return list(found.items())

    def any_law(self, name: str, space: str, env: Env) -> Term:
        """The law of a variable of which nothing is said."""
        self.declare_space(name, space, env.bind(name, self.shapes.sort(name)))
        letter = f"{ANY_LAW}{space}"
        self.gathered.families.setdefault(letter, set()).add(space)
        self.gathered.note(f"{name} has any law")
        return T.family(letter, (space,))
