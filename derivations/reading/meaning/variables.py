"""Random variables: which letters of an expression are random, and what their laws are."""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.meaning.arbitrary import ANY_LAW, Arbitrary
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.joints import DISCRETE
from derivations.reading.names import Head
from derivations.reading.scope import LawDeclaration
from derivations.reading.survey.usage import Usage
from derivations.reading.tree import Node
from derivations.reading.walking import names_and_scripts
from proofs import terms as T
from proofs.terms import SCALAR, Sort, Term

DEEPEST = 6  # variables drawn one after the other
MODEL = "p"  # the density of whatever is drawn


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
        known = self.conventions.density_letters
        letters = {
            letter
            for letter, signatures in self.usage.signatures.items()
            if letter.split("_")[0] in known and any(outcomes == (name.lower(),) for outcomes, _ in signatures)
        }
        return self.model_law(name, env) if letters == {MODEL} else None

    def model_law(self, name: str, env: Env) -> Term | None:
        """The law that the document gives p(x), or p(x|z) with z free, for x; None where it gives neither."""
        for declaration in self.declarations_of(name):
            if declaration.letter == MODEL:
                return self.declared_law(MODEL, declaration.outcomes, tuple(sorted(declaration.givens)), env)
        return None

    def declarations_of(self, name: str) -> list[LawDeclaration]:
        """What the document says of the law of a variable, alone or under p, the latest first; p(x) before p(x|z)."""
        own = [d for d in reversed(self.view.laws) if d.letter is None and d.outcomes == (name,)]
        model = [d for d in self.view.laws if d.letter == MODEL and not d.mixed and d.outcomes == (name.lower(),)]
        return own + sorted(model, key=lambda d: (len(d.givens), -d.order))

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

    # ------------------------------------------------------------------------------------------ drawn in turn

    def known_variables(self, body: Node, given: tuple[Node, ...], env: Env) -> list[tuple[str, Term]]:
        """The variables of a bare expectation of f(x) given z, in the order in which they are drawn.

        Empty where the text does not say their laws.

        Raises Unclear where the given variable is drawn after the others: their law is then a posterior.
        """
        heads = [self.head(part, env) for part in given]
        held = tuple(self.variable_name(h, env) for h in heads if h is not None)
        if len(held) < len(given) or self.has_variable_of_unknown_law(env, held):
            return []
        found = [(name, law) for name, law in self.random_variables(body, env) if name not in held]
        drawn = self.drawn_in_turn(found, held, env)
        for name in held:
            likelihood = self.law_that_rests_on({n for n, _ in drawn}, name, env)
            if likelihood is not None:
                return self.posterior(drawn, name, likelihood)
            if not any(name in T.free_symbols(own) for _, own in drawn):
                return []  # how they hang together is not written
        return drawn

    def law_that_rests_on(self, others: set[str], name: str, env: Env) -> Term | None:
        """What is declared of a variable given some others, x|z ~ N(z, 1); None where it does not rest on them."""
        declared = [d for d in self.declarations_of(name) if d.letter is None]
        laws = [self.law(d.law, env, self.shapes.sort(name))[1] for d in declared]
        known = self.declared_variable_law(name, Head(name), env)
        laws += [known] if known is not None else []
        return next((law for law in laws if set(T.free_symbols(law)) & others), None)

    def posterior(self, drawn: list[tuple[str, Term]], given: str, likelihood: Term) -> list[tuple[str, Term]]:
        """The law of one variable where another one, drawn after it, is known.  Raises Unclear for several."""
        if len(drawn) != 1 or drawn[0][1].op in DISCRETE or likelihood.op in DISCRETE:
            raise Unclear("an expectation given what is drawn afterwards is not understood")
        name, prior = drawn[0]
        sort = self.variable_sort(name, prior)
        joint = T.mul(
            T.pdf(likelihood, T.symbol(given, self.variable_sort(given, likelihood))),
            T.pdf(prior, T.symbol(name, sort)),
        )
        return [(name, T.term("with_density", (T.divide(joint, T.integral(name, joint)),), (name,), T.LAW))]

    def drawn_in_turn(
        self, variables: list[tuple[str, Term]], given: tuple[str, ...], env: Env
    ) -> list[tuple[str, Term]]:
        """The variables with those on which their laws rest drawn before them: z of x ~ N(az + b, 1) in E[x].

        What stands outside all expectations is a value there, E[x] = az + b, and so is what is behind the bar.
        Raises Unclear where nothing says how such a variable is drawn.
        """
        outside = {replace(h, power=None, indices=()).key for h in self.names_here.outside}
        laws = dict(variables)
        waiting, order = list(laws), list(laws)
        while waiting:
            name = waiting.pop()
            for other in T.free_symbols(laws[name]):
                if other in (*env.bound, *given) or other in outside:
                    continue
                law = (
                    laws.get(other) or self.declared_variable_law(other, Head(other), env) or self.model_law(other, env)
                )
                if law is None and self.is_given(other, name):
                    raise Unclear(f"the law of “{other}”, on which that of “{name}” rests, is not written")
                if law is None:
                    continue
                laws[other] = law
                waiting.append(other)
                order = [other, *(n for n in order if n != other)]
                if len(order) > DEEPEST:
                    raise Unclear("the laws of the variables go round in a circle")
        return [(name, laws[name]) for name in order]

    def is_given(self, other: str, name: str) -> bool:
        """Whether the law of a variable is declared given another: x | z ~ N(z, 1)."""
        return any(other.lower() in d.givens for d in self.declarations_of(name)[:1])

    def any_law(self, name: str, space: str, env: Env) -> Term:
        """The law of a variable of which nothing is said."""
        self.declare_space(name, space, env.bind(name, self.shapes.sort(name)))
        letter = f"{ANY_LAW}{space}"
        self.gathered.families.setdefault(letter, set()).add(space)
        self.gathered.note(f"{name} has any law")
        return T.family(letter, (space,))
