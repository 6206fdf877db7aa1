"""E, Var and Cov: where they stand and what they are taken of."""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.meaning.arithmetic import Arithmetic
from derivations.reading.meaning.bindings import Binding, Bindings
from derivations.reading.meaning.building import Follow
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.reach import open_differential
from derivations.reading.names import head_of
from derivations.reading.tree import Group, Infix, Name, Node, Script
from derivations.reading.vocabulary import LAW_WORDS
from derivations.reading.walking import argument_group, items_of, joined, names_and_scripts, nodes, unwrap
from proofs import terms as T
from proofs.terms import SCALAR, Term

OPERATOR_FONTS = ("rm", "sf", "bf")


class Expectations(Bindings, Arithmetic):
    """The part of the Elaborator that knows expectations."""

    def is_expectation(self, node: Node, base: Name, following: Node | None) -> bool:
        """Whether an E with what follows it is an expectation: \\mathbb E, E_{x ~ p}, E_{q(z|x)}, E[..]."""
        if base.text != "E" or base.font == "cal":
            return False
        if base.font == "bb":
            return True
        below = (node.sub or node.under) if isinstance(node, Script) else None
        group = argument_group(following)
        if below is None:
            if group is None:
                return base.font in ("rm", "sf") and following is not None and is_random_name(unwrap(following))
            return group.open in ("[", "{") or base.font in OPERATOR_FONTS or any(map(is_random_name, nodes(group)))
        if any(isinstance(n, Infix) and n.rel == "~" for n in nodes(below)):
            return True
        head = head_of(items_of(below)[0], is_parameter=self.is_parameter)
        if head is not None and (self.is_density(head) or (head.base in LAW_WORDS and head.font == "cal")):
            return True
        if any(isinstance(n, Group) and "|" in n.separators for n in nodes(below)):
            return True
        return group is not None and (group.open == "[" or base.font in OPERATOR_FONTS)

    def expectation(self, node: Node, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env) -> Follow:
        """The expectation at items[i] with its body; E^2[..] and E[..]^2 are its square."""
        below = (node.sub or node.under) if isinstance(node, Script) else None
        own_power = node.sup if isinstance(node, Script) else None
        conditional = self.bare_parts(items, i) if below is None else None
        given: tuple[Node, ...] = ()
        if conditional is not None and conditional[1] and len(conditional[0]) == 1:
            (body,), given, following = conditional
            power = as_power(items[i + 1])
        else:
            body, following, power = self.expectation_body(items, signs, i + 1)
        value = self.average_over_index(below, body, env)
        if value is None:
            bindings = self.bindings(below, body, env, given)
            inner = env
            for name, sort, law in bindings:
                inner = inner.bind(name, sort, law)
            value = self.term(body, inner)
            if below is None:
                self.refuse_idle(bindings, value)
            for name, _, law in reversed(bindings):
                value = T.expectation(name, law, value)
        for script in (power, own_power):
            if script is not None:
                value = self.raised(value, script, env)
        return value, following

    def average_over_index(self, below: Node | None, body: Node, env: Env) -> Term | None:
        """E over an index i drawn from {1, 2}, where the body speaks of z_i: the average written out."""
        below = unwrap(below) if below is not None else None
        if not (isinstance(below, Infix) and below.rel == "~"):
            return None
        index = head_of(below.left)
        if index is None or not has_index(body, index.key):
            return None
        _, law = self.law(below.right, env)
        if law.op != "uniform_choice" or any(a.op != "number" or a.data[0].denominator != 1 for a in law.args):
            raise Unclear(f"the law of the index “{index.key}” is not understood")
        parts = [self.term(body, env.with_index_value(index.key, int(a.data[0]))) for a in law.args]
        return T.divide(self.add(parts), T.number(len(parts)))

    def expectation_body(
        self, items: tuple[Node, ...], signs: tuple[str, ...], j: int
    ) -> tuple[Node, int, Node | None]:
        """What an expectation is taken of, where it ends, and the power of its brackets; without brackets, all that
        follows up to an open differential."""
        if j >= len(items):
            raise Unclear("nothing follows the expectation")
        group = argument_group(items[j])
        if group is not None and len(group.parts) == 1:
            scripted = unwrap(items[j])
            return group.parts[0], j + 1, scripted.sup if isinstance(scripted, Script) else None
        end = open_differential(items, j, len(items))
        if end == j:
            raise Unclear("nothing follows the expectation")
        return joined(items[j].span, items[j:end], signs[j : end - 1]), end, None

    def angle_brackets(self, node: Script, env: Env) -> Term | None:
        """<f(x)>_{q(x)}, the mean as physicists write it; None for other scripts of brackets."""
        base = unwrap(node.base)
        if not isinstance(base, Group) or base.open != "<" or len(base.parts) != 1 or node.sub is None:
            return None
        sign = Script(node.span, Name(node.span, "E", "bb"), sub=node.sub)
        value = self.expectation(sign, (sign, Group(base.span, "[", "]", base.parts)), ("",), 0, env)[0]
        return value if node.sup is None else self.raised(value, node.sup, env)

    # ------------------------------------------------------------------------------------------ Var and Cov

    def moment(self, word: str, node: Node, items: tuple[Node, ...], i: int, env: Env) -> Follow:
        """Var[..] and Cov(.., ..) at items[i]."""
        below = node.sub if isinstance(node, Script) else None
        group = argument_group(items[i + 1]) if i + 1 < len(items) else None
        if group is None:
            raise Unclear(f"of what the {word} is taken is not clear")
        bar = group.separators.index("|") + 1 if "|" in group.separators else len(group.parts)
        parts, given = group.parts[:bar], group.parts[bar:]
        if given and below is not None:
            raise Unclear(f"of what the {word} is taken is not clear")
        body = parts[0] if len(parts) == 1 else replace(group, parts=parts, separators=group.separators[: bar - 1])
        bindings = self.bindings(below, body, env, given)
        inner = env
        for name, sort, law in bindings:
            inner = inner.bind(name, sort, law)
        bodies = [self.term(p, inner) for p in parts]
        if below is None:
            self.refuse_idle(bindings, *bodies)
        if len(bindings) != 1:
            value = self.moment_of_several(word, bindings, bodies)
        elif word == "Cov" and len(bodies) == 2:
            shape = T.matrix_sort(bodies[0].sort.rows, bodies[1].sort.rows)
            value = T.term("covariance", (law, *bodies), (name,), shape)
        elif len(bodies) == 1:
            value = self.variance(word, name, law, bodies[0])
        else:
            raise Unclear(f"{word} of several arguments is not understood")
        scripted = unwrap(items[i + 1])
        if isinstance(scripted, Script) and scripted.sup is not None:
            value = self.raised(value, scripted.sup, env)
        return value, i + 2

    def moment_of_several(self, word: str, bindings: list[Binding], bodies: list[Term]) -> Term:
        """The variance or covariance of functions of several variables: E[(a - E[a])(b - E[b])^T]."""
        of_any_law = all(self.is_any_law(law) for _, _, law in bindings)  # nobody said that others are independent
        if not bindings or not (of_any_law or is_chain(bindings)) or len(bodies) > (2 if word == "Cov" else 1):
            raise Unclear(f"{word} over several variables is not understood")

        def mean(body: Term) -> Term:
            for name, _, law in reversed(bindings):
                body = T.expectation(name, law, body)
            return body

        if bodies[0].sort != SCALAR and len(bodies) == 1 and word != "Cov":
            raise Unclear(f"{word} over several variables is not understood")
        a, b = (T.sub(body, mean(body)) for body in (bodies[0], bodies[-1]))
        return mean(T.mul(a, b if b.sort == SCALAR else T.transpose(b)))

    def variance(self, word: str, name: str, law: Term, body: Term) -> Term:
        """Var of a vector has two readings, Cov of one has not."""
        value = T.variance(name, law, body)
        if word != "Cov" and value.sort != SCALAR:
            option = self.choices.choose("variance of a vector", ("covariance matrix", "componentwise"))
            if option == "componentwise":
                return T.term("diagonal", (value,), (), T.vector_sort(value.sort.rows))
        return value


def is_chain(bindings: list[Binding]) -> bool:
    """Whether each variable is drawn given those before it, so that their joint law is known."""
    names = [name for name, _, _ in bindings]
    return all(set(names[:k]) & set(T.free_symbols(law)) for k, (_, _, law) in enumerate(bindings) if k)


def as_power(node: Node) -> Node | None:
    """The superscript of the brackets of an expectation."""
    node = unwrap(node)
    return node.sup if isinstance(node, Script) else None


def is_random_name(node: Node) -> bool:
    """X, Y, Z: random variables, as capitals are written."""
    return isinstance(node, Name) and node.text in ("X", "Y", "Z")


def has_index(body: Node, name: str) -> bool:
    """Whether some letter of the body carries the index, z_i."""
    heads = (head_of(n, is_index=lambda x: x == name) for n in names_and_scripts(body))
    return any(head is not None and head.indices for head in heads)
