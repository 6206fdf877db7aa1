"""Laws as they are written: N(m, S), Bern(k), p_data, q(z|x), (p + q)/2."""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.joints import Joints
from derivations.reading.meaning.normals import Normals
from derivations.reading.names import Head, head_of, heads
from derivations.reading.tree import Fraction, Group, Name, Node, Number, Script, Sequence, Sum
from derivations.reading.vocabulary import LAW_WORDS
from derivations.reading.walking import (
    argument_group,
    as_group,
    as_script,
    as_sequence,
    joined,
    names_and_scripts,
    nodes,
    unwrap,
)
from proofs import terms as T
from proofs.terms import SCALAR, Sort, Term

Law = tuple[tuple[str, ...], Term]  # the names of the outcomes (none for N(m, S)), and the law

# where the parameter of a law lies: a probability in (0, 1), a rate above 0
PARAMETER_KINDS = {
    "bernoulli": "unit", "exponential": "positive", "gamma": "positive", "beta": "positive", "poisson": "positive",
}  # fmt: skip


class Laws(Joints, Normals):
    """The part of the Elaborator that knows laws."""

    def law(self, node: Node, env: Env, sort: Sort | None = None, outcome: str | None = None) -> Law:
        """A law as written, of an outcome of the shape ``sort`` in the space ``outcome`` where those are known.

        Raises Unclear where the node is no law.
        """
        node = unwrap(node)
        if isinstance(node, Group) and len(node.parts) == 1 and node.open in ("(", "[", "{", ""):
            return self.law(node.parts[0], env, sort, outcome)
        applied = self.applied_law(node, env, sort)
        if applied is not None:
            return applied
        slipped = slipped_argument(node) or self.slipped_subscript(node)
        if slipped is not None:
            return self.law(slipped, env, sort, outcome)
        head = self.head(node, env)
        if head is not None and head.key in env.aliases:
            return self.law(env.aliases[head.key], env, sort, outcome)
        if head is not None and self.is_density(head):
            body = self.mixture_named(head)
            return self.bare_law(head, env, outcome) if body is None else self.mixture(body, env, outcome)
        if isinstance(node, Fraction | Sum | Sequence):
            return self.mixture(node, env, outcome)
        raise Unclear("this is not understood as a distribution")

    def applied_law(self, node: Node, env: Env, sort: Sort | None) -> Law | None:
        """N(m, S) and q(z|x); None where the node is no letter with its arguments."""
        if not isinstance(node, Sequence) or len(node.items) != 2 or as_script(node.items[1]) is not None:
            return None
        head, group = self.head(node.items[0], env), argument_group(node.items[1])
        if head is None or group is None:
            return None
        known = self.known_law(head, group, env, sort)
        if known is not None:
            return (), known
        if self.is_density(head):
            outcomes, _, law = self.family_of(head, group, env)
            return outcomes, law
        return None

    def slipped_subscript(self, node: Node) -> Node | None:
        """p1 where the document has p_1; None for anything else."""
        sequence = as_sequence(node)
        if sequence is None or len(sequence.items) != 2 or sequence.signs != ("",):
            return None
        letter, number = sequence.items
        written = isinstance(letter, Name) and isinstance(number, Number) and letter.span[1] == number.span[0]
        lowered = Script(node.span, letter, number)
        head = head_of(lowered) if written else None
        if head is None or not self.is_density(head) or not self.usage.counts[head.key]:
            return None
        self.gathered.note(f"{head.base}{head.label} is {head.key}")
        return lowered

    def mixture_named(self, head: Head) -> Node | None:
        """(p + q)/2 where m stands for it, said before or behind; None where m is a density of its own."""
        definition = self.view.definitions.get(head.key) or self.view.later.get(head.key)
        if definition is None or len(definition.parameters) > 1:
            return None
        body = unwrap(definition.body)
        letters = [h for h in heads(body) if h.key not in definition.parameters]
        is_mixture = isinstance(body, Fraction | Sum | Sequence) and len({h.key for h in letters}) > 1
        own = self.conventions.density_letters - self.conventions.numbers_when_bare
        return body if is_mixture and all(h.base in own for h in letters) else None

    def mixture(self, node: Node, env: Env, outcome: str | None) -> Law:
        """A density written as an expression of densities, (p + q)/2."""
        if not any(isinstance(n, Sum) for n in nodes(node)):
            raise Unclear("this is not understood as a distribution")
        space = outcome if outcome is not None else self.common_outcome(node, env)
        if space is None:
            raise Unclear("this is not understood as a distribution")
        name = next((v for v in sorted(self.usage.density_variables) if v.lower() == space), space)
        inner = env.bind(name, self.shapes.sort(name))
        self.declare_space(name, space, inner)
        self.mixed_over.append(space)
        try:
            body = self.term(node, inner)
        finally:
            self.mixed_over.pop()
        if body.sort != SCALAR:
            raise Unclear("this is not understood as a distribution")
        return (space,), T.term("with_density", (body,), (name,), T.LAW)

    def common_outcome(self, node: Node, env: Env) -> str | None:
        """The single outcome of the first density of an expression that has one."""
        for n in names_and_scripts(node):
            head = self.head(n, env)
            if head is not None and self.is_density(head):
                outcomes, _ = self.bare_law(head, env)
                if len(outcomes) == 1:
                    return outcomes[0]
        return None

    # ------------------------------------------------------------------------------------------ law words

    def known_law(self, head: Head, group: Group, env: Env, sort: Sort | None) -> Term | None:
        """N(m, S), Bern(k), Unif({1,2}), ...; None where the name is no law."""
        if not self.is_law_word(head):
            return None
        op, count = LAW_WORDS[head.base]
        parts = list(group.parts)
        if len(parts) == count + 1 and op != "uniform":
            parts = parts[1:]  # N(x; m, S) as a law
        if op == "uniform" and len(parts) == 1:
            only = as_group(parts[0])
            if only is not None and only.open == "{":
                return T.term("uniform_choice", [self.term(p, env) for p in only.parts], (), T.LAW)
            if only is not None and len(only.parts) == 2:
                parts = list(only.parts)
        if len(parts) != count:
            return None
        if op == "normal":
            return self.normal_law(parts[0], parts[1], env, sort)
        arguments = [self.term(p, env) for p in parts]
        for argument in arguments:
            self.restrict(op, argument)
        return T.law(op, *arguments)

    def is_law_word(self, head: Head) -> bool:
        """Whether the name is a law, not a letter that looks like one: U, or N beside \\mathcal N."""
        if head.base not in LAW_WORDS or head.label:
            return False
        if head.base == "U" and head.key in self.view.definitions:
            return False
        is_plain_letter = head.base in ("N", "U", "Exp") and head.font not in ("cal", "rm")
        return not (is_plain_letter and self.usage.counts[f"cal {head.base}"])

    def restrict(self, op: str, argument: Term) -> None:
        """A parameter of a law lies where the law is defined."""
        kind = PARAMETER_KINDS.get(op)
        if kind is None:
            return
        root = entries_of(argument)
        if root.op == "symbol" and root.data[0] in self.gathered.variables:
            domain = self.gathered.variables[root.data[0]]
            if domain.kind == "real":
                self.gathered.variables[root.data[0]] = replace(domain, kind=kind)
        if root.op == "call" and root.data[0] in self.gathered.functions:
            function = self.gathered.functions[root.data[0]]
            if function.values.kind == "real":
                self.gathered.functions[root.data[0]] = replace(function, values=replace(function.values, kind=kind))


def slipped_argument(node: Node) -> Node | None:
    """p_{data(x)} as p_data(x): the argument slipped into the subscript; None where it did not."""
    sub = as_sequence(node.sub) if isinstance(node, Script) else None
    if not isinstance(node, Script) or sub is None or as_group(sub.items[-1]) is None:
        return None
    label = joined(sub.span, sub.items[:-1], sub.signs[:-1])
    return Sequence(node.span, (Script(node.span, node.base, label), sub.items[-1]), ("",))


def entries_of(term: Term) -> Term:
    """The array of which the term is an entry; the term itself where it is none."""
    while term.op == "entry":
        term = term.args[0]
    return term
