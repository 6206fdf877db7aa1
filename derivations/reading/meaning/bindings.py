"""Which variables an expectation binds, and under which laws: its subscript, read."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from operator import eq

from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.families import BARS
from derivations.reading.meaning.functions import Functions
from derivations.reading.meaning.variables import Variables
from derivations.reading.names import Head, every_head, head_of, index_names, roles
from derivations.reading.tree import BigOperator, Fraction, Group, Infix, Name, Node, Sequence, Sum
from derivations.reading.vocabulary import LAW_WORDS
from derivations.reading.walking import argument_group, as_name, items_of, names_and_scripts, nodes, unwrap
from proofs import terms as T
from proofs.terms import Sort, Term

Binding = tuple[str, Sort, Term]  # variable, its shape, its law
NOWHERE = (0, 0)  # the span of what is not written in the document


class Bindings(Variables, Functions):
    """The part of the Elaborator that reads the subscripts of expectations."""

    def bindings(self, below: Node | None, body: Node, env: Env, given: tuple[Node, ...] = ()) -> list[Binding]:
        """The variables of an expectation, from its subscript or from what is known of the letters in its body.

        ``given`` stands behind the bar of E[X|Y].
        """
        if below is None:
            variables = self.known_variables(body, given, env) or self.arbitrary_laws(body, given, env)
            if not variables:
                raise Unclear("under which law the expectation is taken is not written")
            return [(n, self.variable_sort(n, law), law) for n, law in variables]
        below = unwrap(below)
        if isinstance(below, Infix) and below.rel in ("~", "approx"):
            return self.sampled_bindings(below, body, env)
        if isinstance(below, Group) and not below.open and len(below.parts) > 1:
            return self.listed_bindings(below, env)
        if self.looks_like_law(below, env):
            return self.law_bindings(below, body, env)
        head = self.head(below, env)
        if head is None:
            raise Unclear("the subscript of the expectation is not understood")
        name = self.variable_name(head, env)
        known = self.variable_law(name, head, env)
        if known is None and self.has_any_law(head):
            known = self.any_law(name, head.base.lower(), env)
        if known is None:
            raise Unclear(f"the law of “{name}” is not known")
        return self.remember([(name, self.variable_sort(name, known), known)], None, env)

    def has_any_law(self, head: Head) -> bool:
        """Whether the x of E_x, of whose law nothing is said, may have any: no density of it stands in the relation."""
        space = head.base.lower()
        if head.indices or space not in self.conventions.data | self.conventions.latent:
            return False
        written = self.relation_usage.signatures.values()
        return not any(space in (*outcomes, *givens) for used in written for outcomes, givens in used)

    def sampled_bindings(self, statement: Infix, body: Node, env: Env) -> list[Binding]:
        """E_{x ~ p}; some write the law first, or the sign for 'approximately'."""
        left, right = statement.left, statement.right
        law_first = self.looks_like_law(left, env)
        if law_first and (statement.rel == "approx" or not self.looks_like_law(right, env)):
            left, right = right, left
        names = [self.as_in_body(name, body, env) for name in self.sampled_names(left, env)]
        return self.bind_names(names, right, env)

    def as_in_body(self, variable: Node, body: Node, env: Env) -> Node:
        """x for the X of E_{X ~ p}[f(x)], where the body speaks of x alone."""
        name = as_name(variable)
        if name is None or not name.text.isupper() or len(name.text) > 1:
            return variable
        small = replace(name, text=name.text.lower())
        letters = [head for n in names_and_scripts(body) if (head := self.head(n, env)) is not None]
        inside, own = self.head(small, env), self.head(name, env)
        if inside is None or own is None or inside.key in env.bound or any(h.base == own.base for h in letters):
            return variable
        return small if any(h.key == inside.key for h in letters) else variable

    def listed_bindings(self, group: Group, env: Env) -> list[Binding]:
        """E_{x ~ p, y ~ q} and E_{z_1, z_2 ~ q}."""
        bindings: list[Binding] = []
        inner = env
        pending: list[Node] = []
        for part in group.parts:
            statement = unwrap(part)
            if not (isinstance(statement, Infix) and statement.rel == "~"):
                pending.append(part)
                continue
            parts = self.members_of_list([*pending, statement.left])
            names = [n for p in parts for n in self.sampled_names(p, inner)]
            new = self.bind_names(names, statement.right, inner)
            for name, sort, law in new:
                inner = inner.bind(name, sort, law)
            bindings += new
            pending = []
        if pending:
            raise Unclear("the subscript of the expectation is not understood")
        return bindings

    def law_bindings(self, below: Node, body: Node, env: Env) -> list[Binding]:
        """E_q, E_{q(z|x)} and E_{q(z)q(w)}: laws alone, whose outcomes are the variables."""
        factors = density_factors(below)
        if len(factors) > 1 and all(self.looks_like_law(f, env) for f in factors):
            return self.product_bindings(factors, body, env)
        head = self.head(below, env)
        if head is not None and head.key not in env.aliases and self.is_density(head):
            return self.whole_bindings(head, body, env)
        outcomes, law = self.law(below, env)
        if not outcomes:
            names = self.random_letters(body)
            if len(names) != 1:
                raise Unclear("over which variable the expectation is taken is not written")
            return self.remember([(names[0], self.variable_sort(names[0], law), law)], None, env)
        return self.outcome_bindings(outcomes, law, body, env)

    def outcome_bindings(self, outcomes: tuple[str, ...], law: Term, body: Node, env: Env) -> list[Binding]:
        """Several outcomes are drawn one after the other, each given those before it."""
        if len(outcomes) == 1:
            draws = self.draws(outcomes[0], body, env)
            names = draws or [self.body_variable(outcomes[0], body, env)]
            found = [(name, self.variable_sort(name, law), law) for name in names]
            return self.remember(found, outcomes[0], env)
        if law.op != "family":
            raise Unclear("an expectation over several variables at once is not understood")
        letter, _, givens, slots = law.data
        values = dict(zip(givens, law.args))
        parameters = law.args[len(givens) :]
        found = []
        for outcome in outcomes:
            name = self.body_variable(outcome, body, env)
            sort = self.variable_sort(name, law)
            known = tuple(sorted(values))
            arguments = (*(values[g] for g in known), *parameters)
            found.append((name, sort, T.term("family", arguments, (letter, (outcome,), known, slots), T.LAW)))
            values[outcome] = T.symbol(name, sort)
            self.declare_space(name, outcome, env.bind(name, sort))
        return self.remember(found, None, env)

    def product_bindings(self, factors: list[Node], body: Node, env: Env) -> list[Binding]:
        """E_{q(w)q(z|w)}: the factors in an order in which each is given only what is drawn before it."""
        found: list[Binding] = []
        waiting = list(factors)
        inner = env
        while waiting:
            ready = [f for f in waiting if not self.givens_of(f) & {n for o in waiting for n in self.outcomes_of(o)}]
            if not ready:
                raise Unclear("the laws below the expectation go round in a circle")
            for factor in ready:
                new = self.law_bindings(factor, body, inner)
                if {name for name, _, _ in new} & {name for name, _, _ in found}:
                    raise Unclear("one variable is drawn twice below the expectation")
                for name, sort, law in new:
                    inner = inner.bind(name, sort, law)
                found += new
            waiting = [f for f in waiting if f not in ready]
        return found

    def whole_bindings(self, head: Head, body: Node, env: Env) -> list[Binding]:
        """E_q: every variable that q has and that the body speaks of."""
        letter = self.density_key(head)
        signatures = self.relation_usage.signatures_of(letter) or self.usage.signatures_of(letter)
        own = {o: givens for outcomes, givens in signatures if len(outcomes) == 1 for o in outcomes}
        present = {self.space_named(h, env) for n in names_and_scripts(body) if (h := self.head(n, env)) is not None}
        several = sorted(o for o in own if o in present)
        is_conditional = any(set(givens) & set(own) for givens in own.values())
        if len(several) > 1 and (is_conditional or len({own[o] for o in several}) > 1):
            raise Unclear(f"over which variables of “{letter}” the expectation is taken is not clear")
        if len(several) > 1 and letter[0] == "q" and self.is_drawn_independently(letter, several):
            laws = [self.joint_law(head, [o], list(own[o]), env) for o in several]
            return [b for outcomes, law in laws for b in self.outcome_bindings(outcomes, law, body, env)]
        if several:
            outcomes, law = self.joint_law(head, several, list(own[several[0]]), env)
        else:
            outcomes, law = self.bare_law(head, env)
        return self.outcome_bindings(outcomes, law, body, env)

    def is_drawn_independently(self, letter: str, outcomes: list[str]) -> bool:
        """Whether q is meant as q(z)q(w), the mean field: open where q(z, w) is nowhere written."""
        if any(len(others) > 1 for others, _ in self.usage.signatures_of(letter)):
            return False
        option = self.choices.choose(
            f"{letter} of {' and '.join(outcomes)}", ("each drawn on its own", "drawn together")
        )
        return option == "each drawn on its own"

    def draws(self, outcome: str, body: Node, env: Env) -> list[str]:
        """z_1, z_2, z_3 where the body speaks of z only inside a sum over z_s that is written out."""
        found: list[str] = []
        for node in nodes(body):
            if not isinstance(node, BigOperator) or node.sub is None or node.kind == "integral":
                continue
            for index in set(index_names(node.sub)) & self.unrolled_indices:
                letters = [h for h in every_head(body, is_index=partial(eq, index)) if h.root.lower() == outcome]
                indexed = [h for h in letters if h.indices]
                if not indexed or index in env.index_values or index in env.indices:
                    continue
                roots = {h.root for h in indexed}
                for k in range(1, self.sequence_length(node) + 1):
                    found += [f"{root}_{k}" for root in sorted(roots) if f"{root}_{k}" not in found]
        return found

    def outcomes_of(self, factor: Node) -> set[str]:
        return self.arguments_of(factor, "outcome")

    def givens_of(self, factor: Node) -> set[str]:
        return self.arguments_of(factor, "given")

    def arguments_of(self, factor: Node, wanted: str) -> set[str]:
        """The letters of the outcomes or givens of q(z|x)."""
        group = argument_group(items_of(factor)[-1])
        inside = roles(group, BARS) if group is not None else ()
        return {h.key for role, part in inside if role == wanted and (h := head_of(part)) is not None}

    def looks_like_law(self, node: Node, env: Env) -> bool:
        """Whether a part of a subscript is a law rather than a variable."""
        node = unwrap(node)
        head = self.head(items_of(node)[0], env)
        if head is None:
            return isinstance(node, Fraction | Sum)
        if head.key in env.aliases:
            return self.looks_like_law(env.aliases[head.key], replace(env, aliases={}))
        return self.is_density(head) or (head.base in LAW_WORDS and isinstance(node, Sequence))

    def sampled_names(self, node: Node, env: Env) -> list[Node]:
        """The variables on the left of a tilde: x, or z_1, z_2, or z_{1:k}."""
        node = unwrap(node)
        if isinstance(node, Group) and not node.open:
            return [n for p in self.members_of_list(list(node.parts)) for n in self.sampled_names(p, env)]
        return self.listed_variables(node, env)

    def bind_names(self, names: list[Node], law_node: Node, env: Env) -> list[Binding]:
        """Each name bound under the law on the right of its tilde."""
        bindings: list[Binding] = []
        for node in names:
            head = self.head(node, env)
            if head is None:
                raise Unclear("the variable of the expectation is not understood")
            name = self.variable_name(head, env)
            has_shape = head.key in self.shapes.kinds or head.key in self.shapes.declared
            sort = self.shapes.sort(head.key if has_shape else head.root)
            space = self.space_named(head, env)
            is_its_own = self.is_unused_density(law_node, env) or self.is_over(law_node, space, env)
            outcome = space if is_its_own else None
            _, law = self.law(law_node, env.bind(name, sort), sort, outcome)
            sort = self.variable_sort(name, law, sort)
            bindings.append((name, sort, law))
            if law.op in ("family", "with_density"):
                has_outcome = law.op == "family" and len(law.data[1]) == 1
                self.declare_space(
                    name, law.data[1][0] if has_outcome else self.space_named(head, env), env.bind(name, sort)
                )
        return self.remember(bindings, None, env)

    def is_over(self, node: Node, space: str, env: Env) -> bool:
        """Whether a law is a density letter that the relation (the document, where the relation has it nowhere with
        arguments) shows as the density of just this variable, q(z|x)."""
        head = self.head(node, env)
        if head is None or not self.is_density(head):
            return False
        letter = self.density_key(head)
        shown = self.relation_usage.signatures_of(letter) or self.usage.signatures_of(letter)
        return any(outcomes == (space,) for outcomes, _ in shown)

    def is_unused_density(self, node: Node, env: Env) -> bool:
        """Whether a law is a density letter that the document never shows with arguments."""
        head = self.head(node, env)
        return head is not None and self.is_density(head) and not self.usage.signatures_of(self.density_key(head))

    def random_letters(self, body: Node) -> list[str]:
        """The letters of a body that the document uses as random variables."""
        sampled = {d.outcomes[0] for d in self.view.laws if d.letter is None}
        random = self.usage.density_variables | sampled | ({"x", "z"} & set(self.usage.counts))
        return list(dict.fromkeys(h.key for h in every_head(body, is_parameter=self.is_parameter) if h.key in random))

    # ------------------------------------------------------------------------------------------ what is kept

    def remember(self, bindings: list[Binding], space: str | None, env: Env) -> list[Binding]:
        """Keeps the laws for later relations of the chain, reparameterised where the document says so."""
        bindings = [(name, sort, self.reparameterised_law(law, env)) for name, sort, law in bindings]
        for name, sort, law in bindings:
            self.law_memory[name] = law
            if space is not None:
                self.declare_space(name, space, env.bind(name, sort))
        return bindings

    def reparameterised_law(self, law: Term, env: Env) -> Term:
        """The law of z ~ q(z|w) as that of g(epsilon, w), where the document says they are one."""
        if law.op != "family" or len(law.data[1]) != 1:
            return law
        image = self.image_law(law, env)
        if image is not None:
            return image
        for sampled in reversed(self.view.reparameterisations):
            is_this_law = (sampled.letter, sampled.outcome) == (law.data[0], law.data[1][0])
            if not is_this_law or not self.mentions_call(sampled.function):
                continue
            arguments = sampled.arguments
            noise = next((a for a in arguments if a.split("_")[0] in self.conventions.standard_normal), arguments[0])
            source = self.variable_law(noise, Head(noise), env)
            if source is None:
                return law
            names = tuple(Name(NOWHERE, a) for a in arguments)
            group = Group(NOWHERE, "(", ")", names, (",",) * (len(names) - 1))
            inner = env.bind(noise, self.variable_sort(noise, source), source)
            self.declare_space(noise, noise.lower(), inner)
            value = self.opaque_call(Head(sampled.function), group, inner)
            self.gathered.note(f"{sampled.outcome} ~ {sampled.letter} is {sampled.function}({', '.join(arguments)})")
            return T.term("pushforward", (source, value), (noise,), T.LAW)
        return law


def density_factors(node: Node) -> list[Node]:
    """q(z) and q(w) of q(z)q(w); the node alone where it is no product of applied letters."""
    node = unwrap(node)
    if not isinstance(node, Sequence) or len(node.items) % 2 or set(node.signs) - {"", "*"}:
        return [node]
    pairs = [node.items[k : k + 2] for k in range(0, len(node.items), 2)]
    if any(argument_group(group) is None or argument_group(letter) is not None for letter, group in pairs):
        return [node]
    return [Sequence(node.span, (letter, group), ("",)) for letter, group in pairs]
