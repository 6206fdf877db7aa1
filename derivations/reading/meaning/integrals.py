"""Integrals: where they end, over which variable they run, and their bounds."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, takewhile

from derivations.reading.meaning.building import Follow
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.spaces import Spaces
from derivations.reading.names import head_of, roles
from derivations.reading.tree import BigOperator, Differential, Group, Infix, Name, Node, Number, Sequence, Sum
from derivations.reading.vocabulary import FUNCTION_WORDS
from derivations.reading.walking import (
    argument_group,
    as_name,
    as_sequence,
    base_of,
    is_integral,
    joined,
    nodes,
    unwrap,
)
from proofs import terms as T
from proofs.terms import Term


class Integrals(Spaces):
    """The part of the Elaborator that knows integrals."""

    def integral(self, node: BigOperator, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env) -> Follow:
        """The integral whose sign stands at items[i]: up to its differential, or to the end where it has none."""
        braced = as_sequence(items[i + 1]) if i + 1 < len(items) else None
        if braced is not None and any(isinstance(unwrap(x), Differential) for x in braced.items):
            return self.braced_integral(node, braced, items, signs, i, env)
        end = closing_differential(items, i)
        if end is not None:
            closing = unwrap(items[end])
            assert isinstance(closing, Differential)
            following = end + 1
            if end > i + 1:
                body = joined(node.span, items[i + 1 : end], signs[i + 1 : end - 1])
            elif following < len(items):  # \int dx f(x)
                body, following = joined(node.span, items[end + 1 :], signs[end + 1 :]), len(items)
            else:
                body = Number(node.span, "1")
            return self.integrate(node, *self.by_measure(closing.variable, body), env), following
        rest = items[i + 1 :]
        if not rest:
            raise Unclear("nothing follows the integral sign")
        total = unwrap(rest[0])
        trailing = trailing_differential(total) if len(rest) == 1 and isinstance(total, Sum) else None
        if trailing is not None:
            return self.integrate(node, *self.by_measure(trailing[1], trailing[0]), env), len(items)
        inside = differential_in_brackets(rest)
        if inside is not None:
            k, group, variable = inside
            body = joined(node.span, (*rest[:k], group), signs[i + 1 : i + 1 + k])
            return self.integrate(node, *self.by_measure(variable, body), env), i + k + 2
        names = sorted(self.integral_names(node, rest))
        if len(names) > 1:
            names = self.told_by_others(names, rest, env)
        if len(names) != 1:
            raise Unclear("the integral has no differential, and its variable is not clear")
        self.gathered.note(f"the integral without a differential is over {names[0]}")
        body = joined(node.span, rest, signs[i + 1 :])
        return self.integrate(node, Name(node.span, names[0]), body, env), len(items)

    def by_measure(self, variable: Node, body: Node) -> tuple[Node, Node]:
        """The variable and the integrand of an integral; by dq(x) that is q(x) times what stands before it."""
        measure = as_sequence(variable)
        group = argument_group(measure.items[1]) if measure is not None and len(measure.items) == 2 else None
        if measure is None or group is None or len(group.parts) != 1:
            return variable, body
        head = head_of(measure.items[0], is_parameter=self.is_parameter)
        if head is None or not self.is_density(head):
            return variable, body
        product = as_sequence(body)
        before = (product.items, product.signs) if product is not None else ((body,), ())
        return group.parts[0], Sequence(body.span, (*before[0], *measure.items), (*before[1], "*", *measure.signs))

    def braced_integral(
        self, node: BigOperator, braced: Sequence, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env
    ) -> Follow:
        """\\int{p(x) dx}: the braces only group."""
        items = (*items[: i + 1], *braced.items, *items[i + 2 :])
        signs = (*signs[: i + 1], *braced.signs, *signs[i + 1 :])
        value, following = self.integral(node, items, signs, i, env)
        if following < i + 1 + len(braced.items):
            raise Unclear("the braces after the integral sign are not understood")
        return value, following - len(braced.items) + 1

    # ------------------------------------------------------------------------------------------ the variable

    def integral_names(self, operator: BigOperator, after: tuple[Node, ...]) -> set[str]:
        """The variable of an integral without a differential: below the sign, or the outcome of its densities."""
        if operator.sub is not None:
            sub = unwrap(operator.sub)
            if isinstance(sub, Infix) and sub.rel in ("~", "in"):
                sub = unwrap(sub.left)
            head = head_of(sub)
            if head is not None and head.font != "bb" and operator.sup is None:
                return {head.base}
        outcomes: set[str] = set()
        for item in after:
            for n in takewhile(lambda n: not isinstance(n, BigOperator | Differential), nodes(item)):
                if isinstance(n, Sequence):
                    outcomes |= self.outcome_names(n.items)
        return outcomes | self.outcome_names(after)

    def told_by_others(self, names: list[str], rest: tuple[Node, ...], env: Env) -> list[str]:
        """Which of several names it is: that of every integral of the relation that has a differential, or else the
        outcome of the densities that the integrand has as factors, within no function."""
        heads = [self.head(n.variable, env) for n in self.written() if isinstance(n, Differential)]
        written = {h.base for h in heads if h is not None and h.power is None}
        if len(written) == 1 and written <= set(names) and len(heads) == sum(h is not None for h in heads):
            return list(written)
        own = self.outcome_names(before_functions(rest))
        return sorted(own) if len(own) == 1 else names

    def outcome_names(self, items: tuple[Node, ...]) -> set[str]:
        """The outcomes of the densities among some factors that have a single one."""
        found: set[str] = set()
        for first, second in pairwise(items):
            head, group = head_of(first, is_parameter=self.is_parameter), argument_group(second)
            if head is not None and group is not None and self.is_density(head):
                outcomes = self.own_outcomes(group)
                found |= outcomes if len(outcomes) == 1 else set()
        return found

    def own_outcomes(self, group: Group) -> set[str]:
        heads = [head_of(part) for role, part in roles(group) if role == "outcome"]
        return {head.base for head in heads if head is not None}

    def integrate(self, node: BigOperator, variable: Node, body: Node, env: Env) -> Term:
        listed = self.listed_variables(variable, env)
        if len(listed) != 1:  # dx_{1:T}
            return self.integrate_all(listed, body, env)
        head = self.head(variable, env)
        if head is None or head.power is not None:
            raise Unclear("the variable of integration is not understood")
        name = self.variable_name(head, env)
        if node.sub is not None and node.sup is None and isinstance(unwrap(node.sub), Sequence):
            raise Unclear("what stands below the integral sign is not understood")
        lower, upper = self.bounds(node, env)
        return self.over_space(name, body, env, lower=lower, upper=upper, base=head.base)

    def integrate_all(self, variables: list[Node], body: Node, env: Env) -> Term:
        """The integral over several variables, each over its whole space."""
        names: list[str] = []
        for node in variables:
            head = self.head(node, env)
            if head is None or head.power is not None:
                raise Unclear("the variable of integration is not understood")
            names.append(self.variable_name(head, env))
            env = env.bind(names[-1], self.shapes.sort(head.root))
            self.declare_space(names[-1], self.space_named(head, env), env)
        value = self.term(body, env)
        for name in reversed(names):
            value = T.integral(name, value)
        return value

    def over_space(
        self,
        name: str,
        body: Node,
        env: Env,
        *,
        discrete: bool = False,
        lower: Term | None = None,
        upper: Term | None = None,
        base: str | None = None,
    ) -> Term:
        """The integral of the body over a variable, or the sum over its space where that is ``discrete``."""
        root = base or name
        has_shape = root in self.shapes.kinds or root in self.shapes.declared
        inner = env.bind(name, self.shapes.sort(root if has_shape else name))
        if root in self.usage.density_variables:
            own = replace_root(name, root) if root.lower() in self.told_apart else root.lower()
            space = self.declare_space(name, own, inner)
            if discrete:
                self.gathered.spaces[space] = replace(self.gathered.spaces[space], discrete=True)
        value = self.term(body, inner)
        for factor in value.args if value.op == "mul" else (value,):
            if is_density_at(factor, name):
                self.law_memory.setdefault(name, factor.args[0])
        return T.integral(name, value, lower, upper)

    def bounds(self, node: BigOperator, env: Env) -> tuple[Term | None, Term | None]:
        """Finite bounds; none where the integral runs over the whole space."""
        if node.sub is None or node.sup is None:
            return None, None
        lower, upper = self.term(node.sub, env), self.term(node.sup, env)
        if is_infinite(lower) and is_infinite(upper):
            return None, None
        return lower, upper


def replace_root(name: str, root: str) -> str:
    """The space of one of several variables with one letter: x_1 for X_1."""
    return root.lower() + name.removeprefix(root)


def before_functions(items: tuple[Node, ...]) -> tuple[Node, ...]:
    """The factors that stand before the first \\log or \\exp, whose argument may be all that follows."""
    return tuple(takewhile(lambda n: (name := as_name(base_of(n))) is None or name.text not in FUNCTION_WORDS, items))


def closing_differential(items: tuple[Node, ...], i: int) -> int | None:
    """Where the differential stands that closes the integral at items[i]."""
    depth = 1
    for k in range(i + 1, len(items)):
        if is_integral(items[k]):
            depth += 1
        elif isinstance(unwrap(items[k]), Differential):
            depth -= 1
            if depth == 0:
                return k
    return None


def trailing_differential(total: Sum) -> tuple[Node, Node] | None:
    """The sum without the differential that ends its last term, and that differential's variable."""
    last = as_sequence(total.terms[-1])
    closing = unwrap(last.items[-1]) if last is not None else None
    if last is None or not isinstance(closing, Differential):
        return None
    trimmed = joined(last.span, last.items[:-1], last.signs[:-1])
    return Sum(total.span, (*total.terms[:-1], trimmed), total.signs), closing.variable


def differential_in_brackets(items: tuple[Node, ...]) -> tuple[int, Node, Node] | None:
    """\\int \\nabla[f(z) dz]: which of the items are brackets that end with the differential of the integral before
    them, these brackets without it, and its variable."""
    for k, item in enumerate(items):
        if is_integral(item):
            return None
        group = argument_group(item)
        if group is None or unwrap(item) is not group or len(group.parts) != 1:
            continue
        content = unwrap(group.parts[0])
        total = content if isinstance(content, Sum) else Sum(content.span, (content,), ("",))
        found = trailing_differential(total)
        if found is None or any(is_integral(n) for n in nodes(content)):
            continue
        trimmed = found[0] if isinstance(content, Sum) or not isinstance(found[0], Sum) else found[0].terms[0]
        return k, replace(group, parts=(trimmed,)), found[1]
    return None


def is_density_at(factor: Term, name: str) -> bool:
    """Whether a factor is the density of one law at the variable."""
    if factor.op != "pdf" or len(factor.args) != 2:
        return False
    point = factor.args[1]
    return point.op == "symbol" and point.data == (name,)


def is_infinite(bound: Term) -> bool:
    return any(t.op == "constant" and t.data == ("infinity",) for t in T.walk(bound))
