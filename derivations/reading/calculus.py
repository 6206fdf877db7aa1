"""Derivatives as they are written: nabla, partial fractions, Jacobians of maps that stand without their argument."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derivations.reading.environment import Env
from derivations.reading.names import Head, head_of, is_minus_one, nodes, unwrap
from derivations.reading.operators import open_differential
from derivations.reading.scope import Unclear
from derivations.reading.tree import BigOperator, Differential, Fraction, Group, Name, Node, Number, Script, Sequence
from proofs import terms as T
from proofs.terms import SCALAR, Sort, Term

if TYPE_CHECKING:
    from derivations.reading.elaborate import Elaborator

Follow = tuple[Term, int]


class Calculus:
    """The part of the Elaborator that knows derivatives."""

    def gradient(self: Elaborator, node: Node, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env) -> Follow:
        """\\nabla_\\theta and what it acts on; \\nabla^2_\\theta is the Hessian."""
        order, sub = 1, None
        if isinstance(node, Script):
            sub = node.sub
            if node.sup is not None:
                sup = unwrap(node.sup)
                if not (isinstance(sup, Number) and sup.text == "2"):
                    raise Unclear("the power of the gradient is not understood")
                order = 2
        if sub is None:
            raise Unclear("by what the gradient is taken is not written")
        body, following = self.acted_on(items, signs, i + 1, env, "the gradient")
        return self.differentiate(body, [sub] * order, env), following

    def acted_on(
        self: Elaborator, items: tuple[Node, ...], signs: tuple[str, ...], j: int, env: Env, what: str
    ) -> Follow:
        if j >= len(items):
            raise Unclear(f"nothing follows {what}")
        env = replace(env, unfolds_variables=True)
        inner = unwrap(items[j])
        group = self.argument_group(items[j])
        if group is not None and len(group.parts) == 1 and not isinstance(inner, Script):
            return self.term(group, env), j + 1
        bare = self.bare_function_body(items[j], [], env) if j + 1 >= len(items) else None
        if bare is not None:
            return bare, j + 1
        value, following = self.factor(items, signs, j, env)
        end = open_differential(items, j, len(items))
        if following < end and signs[following - 1] in ("", "*", "x"):
            option = self.choices.choose("reach of a derivative", ("the next factor", "the product that follows"))
            if option != "the next factor":
                return self.sequence(items[j:end], signs[j : end - 1], env), end
        return value, following

    def derivative_fraction(
        self: Elaborator, node: Fraction, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env
    ) -> Follow | None:
        """\\frac{\\partial f}{\\partial x} and \\frac{d}{dx} f; None where the fraction is no derivative."""
        below = self.below(node.denominator)
        if below is None:
            return None
        sign, variables = below
        layer = self.layer_derivative(node, env)
        if layer is not None:
            return layer, i + 1
        top = unwrap(node.numerator)
        parts = top.items if isinstance(top, Sequence) else (top,)
        first = unwrap(parts[0])
        lead = unwrap(first.base) if isinstance(first, Script) else first
        if not (isinstance(lead, Name) and lead.text == sign and (not isinstance(first, Script) or first.sub is None)):
            return None
        rest = parts[1:]
        explicit = self.explicit_variables(variables, env)
        if explicit and rest:
            assert isinstance(top, Sequence)
            body_node = rest[0] if len(rest) == 1 else Sequence(top.span, rest, top.signs[1:])
            inner = replace(env, unfolds_variables=True)
            for name, value in explicit.items():
                inner = inner.bind(name, value.sort)
            result = self.differentiate(self.term(body_node, inner), variables, inner)
            for name, value in explicit.items():
                result = T.at(name, result, value)
            return result, i + 1
        if rest:
            assert isinstance(top, Sequence)
            body_node = rest[0] if len(rest) == 1 else Sequence(top.span, rest, top.signs[1:])
            bare = self.bare_function_body(body_node, variables, env)
            body = bare if bare is not None else self.term(body_node, replace(env, unfolds_variables=True))
            return self.differentiate(body, variables, env), i + 1
        if not items:
            raise Unclear("the derivative acts on nothing")
        body, following = self.acted_on(items, signs, i + 1, env, "the derivative")
        return self.differentiate(body, variables, env), following

    def explicit_variables(self: Elaborator, variables: list[Node], env: Env) -> dict[str, Term]:
        """Variables that are defined by an expression: the derivative is by the letter, taken at that expression."""
        found: dict[str, Term] = {}
        for variable in variables:
            head = self.head(variable, env)
            if head is None or head.power is not None or self.variable_name(head, env) in env.bound:
                continue
            definition = self.view.definitions.get(head.key)
            if definition is None or definition.parameters or definition.key in env.unfolding:
                continue
            value = self.unfold(definition, {}, env)
            plain = value.args[0] if value.op == "transpose" else value
            if plain.op == "symbol" or plain.op == "matrix" and all(a.op == "symbol" for a in plain.args):
                continue
            found[head.key] = value
        return found

    def below(self, node: Node) -> tuple[str, list[Node]] | None:
        """('partial' or 'd', the variables) of a denominator: \\partial x, dx, \\partial a \\partial b, dx^2, {dx}^2."""
        node = unwrap(node)
        times = 1
        if isinstance(node, Script) and isinstance(unwrap(node.base), Sequence | Group) and isinstance(unwrap(node.sup or node), Number):
            times = int(unwrap(node.sup).text)  # type: ignore[union-attr,arg-type]
            node = unwrap(node.base)
            if isinstance(node, Group) and len(node.parts) == 1:
                node = unwrap(node.parts[0])
        if isinstance(node, Differential):
            return "d", [node.variable] * times
        if not isinstance(node, Sequence):
            return None
        first = unwrap(node.items[0])
        if isinstance(first, Differential):
            return "d", [first.variable] * times
        if not (isinstance(first, Name) and first.text in ("partial", "d")):
            return None
        sign, variables, k = first.text, [], 0
        items = node.items
        while k < len(items):
            marker = unwrap(items[k])
            if not (isinstance(marker, Name) and marker.text == sign) or k + 1 >= len(items):
                return None
            variable, count = unwrap(items[k + 1]), 1
            if isinstance(variable, Script) and isinstance(unwrap(variable.sup or variable), Number):
                count = int(unwrap(variable.sup).text)  # type: ignore[union-attr,arg-type]
                variable = (
                    variable.base if variable.sub is None else Script(variable.span, variable.base, variable.sub)
                )
            variables += [variable] * (count * times)
            k += 2
        return sign, variables

    def bare_function_body(self: Elaborator, node: Node, variables: list[Node], env: Env) -> Term | None:
        """f of \\partial f/\\partial x: the function at the variable; None where the node is no bare function."""
        node = unwrap(node)
        head = self.head(node, env)
        if head is None or head.key in env.values or head.key in env.bound:
            return None
        if head.key in self.view.definitions or not variables:
            return None
        plain = head.power is None or is_minus_one(head.power)
        if not plain or not (
            head.key in self.usage.listed or head.base in self.conventions.functions and self.usage.bare[head.key] >= 0
        ):
            return None
        if self.is_density(head) or head.key in self.usage.density_variables or head.key in self.view.domains:
            return None
        return self.apply(head, Group(node.span, "(", ")", (variables[0],)), env)

    def differentiate(self: Elaborator, body: Term, variables: list[Node], env: Env) -> Term:
        value = body
        for variable in variables:
            value = self.differentiate_once(value, variable, env)
        return value

    def differentiate_once(self: Elaborator, body: Term, variable: Node, env: Env) -> Term:
        names, sort = self.derivative_variables(variable, env)
        free = T.free_symbols(body)
        if not set(names) & set(free) and T.free_symbols(body) | {n.op: n.sort for n in T.walk(body) if n.op in ("family", "call")}:
            self.gathered.note(f"nothing in the expression depends on {', '.join(names)}")
            if len(names) == 1 and names[0] in self.conventions.parameters and names[0] not in self.view.domains:
                if not self.depends_on(names[0]):
                    raise Unclear(f"nothing here is said to depend on {names[0]}")
        return T.derivative(body, *names, sort=sort)

    def derivative_variables(self: Elaborator, variable: Node, env: Env) -> tuple[list[str], Sort]:
        """The names a derivative is by: a symbol, or the entries of a vector that is written out."""
        head = self.head(variable, env)
        if head is None or head.power is not None:
            raise Unclear("by what the derivative is taken is not understood")
        name = self.variable_name(head, env)
        if name in env.bound:
            return [name], env.bound[name]
        definition = self.view.definitions.get(head.key)
        if definition is not None and not definition.parameters and definition.key not in env.unfolding:
            value = self.unfold(definition, {}, env)
            if value.op == "transpose":
                value = value.args[0]
            if value.op == "matrix" and all(a.op == "symbol" for a in value.args):
                return [a.data[0] for a in value.args], SCALAR
            if value.op == "symbol":
                return [value.data[0]], value.sort
            raise Unclear(f"the derivative is by “{name}”, which is defined by an expression")
        symbol = self.symbol(head, env)
        if symbol.op != "symbol":
            raise Unclear(f"the derivative by an entry of “{name}” is not understood")
        return [name], symbol.sort

    def depends_on(self: Elaborator, name: str) -> bool:
        """Whether some letter of the relation carries the parameter, as a subscript or an argument."""
        for tree in self.relation_nodes:
            for n in nodes(tree):
                if isinstance(n, Script):
                    head = head_of(n, is_parameter=self.is_parameter)
                    if head is not None and head.base != "nabla" and any(
                        isinstance(p, Name) and p.text == name for p in head.parameters
                    ):
                        return True
                if isinstance(n, Group) and any(
                    (h := head_of(p)) is not None and h.key == name for p in n.parts
                ):
                    return True
        return False


__all__ = ["Calculus"]
_ = BigOperator
