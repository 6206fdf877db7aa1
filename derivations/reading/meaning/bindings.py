"""Which variables an expectation binds, and under which laws: its subscript, read."""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.functions import Functions
from derivations.reading.meaning.unrolling import Unrolling
from derivations.reading.meaning.variables import Variables
from derivations.reading.names import Head, every_head, head_of
from derivations.reading.tree import Fraction, Group, Infix, Name, Node, Number, Script, Sequence, Sum
from derivations.reading.vocabulary import LAW_WORDS
from derivations.reading.walking import as_group, as_number, items_of, unwrap
from proofs import terms as T
from proofs.terms import Sort, Term

Binding = tuple[str, Sort, Term]  # variable, its shape, its law
NOWHERE = (0, 0)  # the span of what is not written in the document


class Bindings(Variables, Unrolling, Functions):
    """The part of the Elaborator that reads the subscripts of expectations."""

    def bindings(self, below: Node | None, body: Node, env: Env) -> list[Binding]:
        """The variables of an expectation, from its subscript or from what is known of the letters in its body."""
        if below is None:
            variables = self.random_variables(body, env) or self.unknown_law(body, env)
            if not variables:
                raise Unclear("under which law the expectation is taken is not written")
            return [(n, self.variable_sort(n, law), law) for n, law in variables]
        below = unwrap(below)
        if isinstance(below, Infix) and below.rel in ("~", "approx"):
            return self.sampled_bindings(below, env)
        if isinstance(below, Group) and not below.open and len(below.parts) > 1:
            return self.listed_bindings(below, env)
        if self.looks_like_law(below, env):
            return self.law_bindings(below, body, env)
        head = self.head(below, env)
        if head is None:
            raise Unclear("the subscript of the expectation is not understood")
        name = self.variable_name(head, env)
        known = self.variable_law(name, head, env)
        if known is None:
            raise Unclear(f"the law of “{name}” is not known")
        return self.remember([(name, self.variable_sort(name, known), known)], None, env)

    def sampled_bindings(self, statement: Infix, env: Env) -> list[Binding]:
        """E_{x ~ p}; some write the law first, or the sign for 'approximately'."""
        left, right = statement.left, statement.right
        law_first = self.looks_like_law(left, env)
        if law_first and (statement.rel == "approx" or not self.looks_like_law(right, env)):
            left, right = right, left
        return self.bind_names(self.sampled_names(left), right, env)

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
            names = [n for p in (*pending, statement.left) for n in self.sampled_names(p)]
            new = self.bind_names(names, statement.right, inner)
            for name, sort, law in new:
                inner = inner.bind(name, sort, law)
            bindings += new
            pending = []
        if pending:
            raise Unclear("the subscript of the expectation is not understood")
        return bindings

    def law_bindings(self, below: Node, body: Node, env: Env) -> list[Binding]:
        """E_q and E_{q(z|x)}: a law alone, whose outcome is the variable."""
        outcomes, law = self.law(below, env)
        if not outcomes:
            names = self.random_letters(body)
            if len(names) != 1:
                raise Unclear("over which variable the expectation is taken is not written")
            return [(names[0], self.variable_sort(names[0], law), law)]
        if len(outcomes) != 1:
            raise Unclear("an expectation over several variables at once is not understood")
        name = self.body_variable(outcomes[0], body, env)
        return self.remember([(name, self.variable_sort(name, law), law)], outcomes[0], env)

    def looks_like_law(self, node: Node, env: Env) -> bool:
        """Whether a part of a subscript is a law rather than a variable."""
        node = unwrap(node)
        head = self.head(items_of(node)[0], env)
        if head is None:
            return isinstance(node, Fraction | Sum)
        if head.key in env.aliases:
            return self.looks_like_law(env.aliases[head.key], replace(env, aliases={}))
        return self.is_density(head) or (head.base in LAW_WORDS and isinstance(node, Sequence))

    def sampled_names(self, node: Node) -> list[Node]:
        """The variables on the left of a tilde: x, or z_1, z_2, or z_{1:k}."""
        node = unwrap(node)
        if isinstance(node, Group) and not node.open:
            return [n for p in node.parts for n in self.sampled_names(p)]
        span = as_group(node.sub) if isinstance(node, Script) else None
        if not isinstance(node, Script) or span is None or ":" not in span.separators or len(span.parts) != 2:
            return [node]
        first, last, head = as_number(span.parts[0]), as_number(span.parts[1]), head_of(span.parts[1])
        end = self.instances.get(head.key) if head is not None else None
        if last is not None:
            end = int(last.text)
        if first is None or end is None:
            raise Unclear("a range of variables is not understood")
        numbers = (Number(node.span, str(k)) for k in range(int(first.text), end + 1))
        return [Script(node.span, node.base, number) for number in numbers]

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
            outcome = head.root.lower() if self.is_unused_density(law_node, env) else None
            _, law = self.law(law_node, env.bind(name, sort), sort, outcome)
            sort = self.variable_sort(name, law, sort)
            bindings.append((name, sort, law))
            if law.op in ("family", "with_density"):
                has_outcome = law.op == "family" and len(law.data[1]) == 1
                self.declare_space(name, law.data[1][0] if has_outcome else head.root.lower(), env.bind(name, sort))
        return self.remember(bindings, None, env)

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
