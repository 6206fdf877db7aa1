"""Derivatives as they are written: nabla, partial fractions, Jacobians of maps that stand without their argument."""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.meaning.building import Follow
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.functions import Functions
from derivations.reading.meaning.quotients import derivative_below, is_derivative_of
from derivations.reading.meaning.reach import open_differential
from derivations.reading.names import Head, every_head, is_minus_one
from derivations.reading.tree import Fraction, Group, Name, Node, Number, Sum
from derivations.reading.walking import argument_group, as_group, as_number, as_script, as_sequence, joined, unwrap
from proofs import terms as T
from proofs.terms import SCALAR, Sort, Term


class Calculus(Functions):
    """The part of the Elaborator that knows derivatives."""

    def gradient(self, node: Node, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env) -> Follow:
        """\\nabla_\\theta and what it acts on; \\nabla^2_\\theta is the Hessian."""
        script = as_script(node)
        order = 1
        if script is not None and script.sup is not None:
            power = as_number(script.sup)
            if power is None or power.text != "2":
                raise Unclear("the power of the gradient is not understood")
            order = 2
        if script is None or script.sub is None:
            raise Unclear("by what the gradient is taken is not written")
        variables = [script.sub] * order
        explicit = self.explicit_variables([script.sub], env)
        for name, value in explicit.items():
            env = env.bind(name, value.sort)
        body, following = self.acted_on(items, signs, i + 1, env, variables, "the gradient")
        result = self.differentiate(body, variables, env, items[i + 1 : following])
        for name, value in explicit.items():
            result = T.at(name, result, value)
        return result, following

    def acted_on(
        self, items: tuple[Node, ...], signs: tuple[str, ...], j: int, env: Env, variables: list[Node], what: str
    ) -> Follow:
        """What a derivative that stands before items[j] acts on: brackets, the next factor, or the product.

        It is the product where only that has one of the variables in it.
        """
        if j >= len(items):
            raise Unclear(f"nothing follows {what}")
        env = replace(env, unfolds_variables=True)
        group = argument_group(items[j])
        if group is not None and len(group.parts) == 1 and as_script(items[j]) is None:
            value, following = self.term(group, env), j + 1
        else:
            value, following = self.factor(items, signs, j, env)
        end = open_differential(items, j, len(items))
        if following < end and signs[following - 1] in ("", "*", "x"):
            if not self.has_variable(value, variables, env):
                product = self.sequence(items[j:end], signs[j : end - 1], env)
                if self.has_variable(product, variables, env):
                    return product, end
            option = self.choices.choose("reach of a derivative", ("the next factor", "the product that follows"))
            if option != "the next factor":
                return self.sequence(items[j:end], signs[j : end - 1], env), end
        return value, following

    # ------------------------------------------------------------------------------------------ fractions

    def fraction(self, node: Fraction, env: Env) -> Term:
        """A derivative written as a fraction, or a quotient."""
        derivative = self.derivative_fraction(node, (), (), 0, env)
        if derivative is not None:
            return derivative[0]
        top, bottom = self.term(node.numerator, env), self.term(node.denominator, env)
        return self.times(top, bottom, "/")

    def derivative_fraction(
        self, node: Fraction, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env
    ) -> Follow | None:
        """\\frac{\\partial f}{\\partial x} and \\frac{d}{dx} f; None where the fraction is no derivative."""
        below = derivative_below(node.denominator)
        if below is None:
            return None
        layer = self.layer_derivative(node, env)
        if layer is not None:
            return layer, i + 1
        if not is_derivative_of(node.numerator, below.sign):
            return None
        above = as_sequence(node.numerator)
        explicit = self.explicit_variables(below.variables, env)
        if above is not None:
            body_node = joined(above.span, above.items[1:], above.signs[1:])
            by_entry = self.derivative_by_entry(body_node, below.variables, env)
            if by_entry is not None:
                return by_entry, i + 1
            if explicit:
                return self.derivative_at(body_node, below.variables, explicit, env), i + 1
            bare = self.bare_function_body(body_node, below.variables, env)
            body = bare if bare is not None else self.term(body_node, replace(env, unfolds_variables=True))
            return self.differentiate(body, below.variables, env, (body_node,)), i + 1
        if not items:
            raise Unclear("the derivative acts on nothing")
        body, following = self.acted_on(items, signs, i + 1, env, below.variables, "the derivative")
        return self.differentiate(body, below.variables, env, items[i + 1 : following]), following

    def derivative_at(self, node: Node, variables: list[Node], explicit: dict[str, Term], env: Env) -> Term:
        """The derivative by letters that stand for expressions: taken by the letters, at those expressions."""
        inner = replace(env, unfolds_variables=True)
        for name, value in explicit.items():
            inner = inner.bind(name, value.sort)
        result = self.differentiate(self.term(node, inner), variables, inner, (node,))
        for name, value in explicit.items():
            result = T.at(name, result, value)
        return result

    def derivative_by_entry(self, node: Node, variables: list[Node], env: Env) -> Term | None:
        """d f(x) / d x_2 where x is a vector that is defined by an expression: an entry of the derivative by x.

        None where the variables are no entries of one vector, or the body does not depend on it as a whole.
        """
        heads = [self.head(v, env) for v in variables]
        entries = [h for h in heads if h is not None and h.label.isdigit() and h.power is None and not h.indices]
        if len(entries) < len(heads) or len({h.root for h in entries}) != 1:
            return None
        whole = Name(node.span, entries[0].root)
        explicit = self.explicit_variables([whole], env)
        if len(explicit) != 1 or any(h.key == entries[0].key for h in every_head(node)):
            return None
        ((name, value),) = explicit.items()
        length = value.sort.rows
        if value.sort == SCALAR or value.sort.cols != 1 or not isinstance(length, int):
            return None
        inner = replace(env, unfolds_variables=True).bind(name, value.sort)
        result = self.term(node, inner)
        if result.sort != SCALAR or name not in T.free_symbols(result):
            return None
        for head in entries:
            if not 1 <= int(head.label) <= length:
                return None
            result = T.entry(T.derivative(result, name, sort=value.sort), T.number(int(head.label)))
        return T.at(name, result, value)

    def explicit_variables(self, variables: list[Node], env: Env) -> dict[str, Term]:
        """The values of those variables that are defined by an expression."""
        found: dict[str, Term] = {}
        for variable in variables:
            head = self.head(variable, env)
            if head is None or head.power is not None or self.variable_name(head, env) in env.bound:
                continue
            definition = self.view.definitions.get(head.name)
            if definition is None or definition.parameters or definition.key in env.unfolding:
                continue
            value = self.unfolded(definition, {}, env)
            if value is None:
                continue
            plain = value.args[0] if value.op == "transpose" else value
            if plain.op != "symbol" and not is_vector_of_symbols(plain):
                found[head.name] = value
        return found

    def bare_function_body(self, node: Node, variables: list[Node], env: Env) -> Term | None:
        """f of \\partial f/\\partial x: the function at the variable; None where the node is no bare function."""
        head = self.head(node, env)
        mapped = self.mapped_body(head, variables, env) if head is not None else None
        if mapped is not None:
            return mapped
        if head is None or head.key in env.values or head.key in env.bound or head.name in self.view.definitions:
            return None
        if (head.power is not None and not is_minus_one(head.power)) or self.index_definition(head) is not None:
            return None
        is_function = head.key in self.usage.listed or head.base in self.conventions.functions
        is_map = head.key in self.view.bijections or any(m.function == head.key for m in self.view.maps)
        is_variable = head.key in self.usage.density_variables or (head.key in self.view.domains and not is_map)
        if not is_function or is_variable or self.is_density(head):
            return None
        return self.apply(head, Group(unwrap(node).span, "(", ")", (variables[0],)), env)

    def mapped_body(self, head: Head, variables: list[Node], env: Env) -> Term | None:
        """f(x) for z of dz/dx where z = f(x) is a map; and f^{-1}(z) for x of dx/dz."""
        below = self.head(variables[0], env) if len(variables) == 1 else None
        if below is None or head.power is not None or below.power is not None:
            return None
        above, under = head.key.lower(), below.key.lower()
        for m in reversed(self.view.maps):
            if m.bijection and {above, under} == {m.input, m.output}:
                span = variables[0].span
                power = Sum(span, (Number(span, "1"),), ("-",)) if above == m.input else None
                function = Head(m.function, power=power)
                return self.apply(function, Group(span, "(", ")", (variables[0],)), env)
        return None

    # ------------------------------------------------------------------------------------------ the derivative itself

    def differentiate(self, body: Term, variables: list[Node], env: Env, written: tuple[Node, ...]) -> Term:
        """The derivative of a body by each of the variables; ``written`` is the body as it stands."""
        value = body
        for variable in variables:
            value = self.differentiate_once(value, variable, env, written)
        return value

    def differentiate_once(self, body: Term, variable: Node, env: Env, written: tuple[Node, ...]) -> Term:
        names, sort = self.derivative_variables(variable, env)
        if not set(names) & set(T.free_symbols(body)):
            entries = self.entry_names(variable, body, env)
            names, sort = (entries, SCALAR) if entries else (names, sort)
        if not set(names) & set(T.free_symbols(body)) and not self.is_constant_in(body, names, env, written):
            raise Unclear(f"nothing here is said to depend on {', '.join(names)}")
        positions = self.entry_positions(variable, env)
        if positions and body.sort != SCALAR:
            raise Unclear("the derivative of a vector by an entry is not understood")
        whole = T.derivative(body, *names, sort=sort)
        return T.entry(whole, *positions) if positions else whole

    def entry_names(self, variable: Node, body: Term, env: Env) -> list[str]:
        """z_1, .., z_n of d/dz where the body speaks of the entries alone; nothing for every other variable."""
        head = self.head(variable, env)
        if head is None or head.label or head.indices or head.power is not None or head.parameters:
            return []
        free, count = T.free_symbols(body), 0
        while self.usage.counts[f"{head.key}_{count + 1}"]:
            count += 1
        names = [f"{head.key}_{k + 1}" for k in range(count)]
        if count < 2 or not set(names) & set(free) or any(free.get(n, SCALAR) != SCALAR for n in names):
            return []
        return names

    def entry_positions(self, variable: Node, env: Env) -> tuple[Term, ...]:
        """(i) where the derivative is by the entry z_i of a vector; () where it is by a whole."""
        head = self.head(variable, env)
        if head is None or not head.indices or self.variable_name(head, env) in env.bound:
            return ()
        value = self.symbol(head, env)
        return value.args[1:] if value.op == "entry" else ()

    def is_constant_in(self, body: Term, names: list[str], env: Env, written: tuple[Node, ...]) -> bool:
        """Whether an expression without the variables is meant to have the derivative 0.

        It is where it is a derivative itself or a number, where it is written with the variable, as f(x, y) := x^2 is,
        and where it is a formula of declared symbols as the variable is one.
        """
        free = T.free_symbols(body)
        is_formula = not any(n.op in ("family", "call", "call_inverse") for n in T.walk(body))
        if body.op == "derivative" or (is_formula and not free):
            return True
        if any(h.name in names for node in written for h in every_head(node, is_parameter=self.is_parameter)):
            return True
        known = set(self.view.domains) | set(env.bound) | set(env.values)
        return is_formula and body.op != "symbol" and set(free) | set(names) <= known

    def has_variable(self, value: Term, variables: list[Node], env: Env) -> bool:
        names = {name for variable in variables for name in self.derivative_variables(variable, env)[0]}
        return bool(names & set(T.free_symbols(value)))

    def derivative_variables(self, variable: Node, env: Env) -> tuple[list[str], Sort]:
        """The names a derivative is by: a symbol, or the entries of a vector that is written out, also in its place."""
        listed = as_group(variable)
        if listed is not None and listed.open in ("(", "") and len(listed.parts) > 1:
            found = [self.derivative_variables(part, env) for part in listed.parts]
            if any(sort != SCALAR or len(names) > 1 for names, sort in found):
                raise Unclear("by which variables the derivative is taken is not understood")
            return [names[0] for names, _ in found], SCALAR
        head = self.head(variable, env)
        if head is None or head.power is not None:
            raise Unclear("by what the derivative is taken is not understood")
        name = self.variable_name(head, env)
        if name in env.bound:
            return [name], env.bound[name]
        definition = self.view.definitions.get(head.name)
        if definition is not None and not definition.parameters and definition.key not in env.unfolding:
            value = self.unfolded(definition, {}, env)
            if value is not None and value.op == "transpose":
                value = value.args[0]
            if value is not None and is_vector_of_symbols(value):
                return [a.data[0] for a in value.args], SCALAR
            if value is not None and value.op == "symbol":
                return [value.data[0]], value.sort
            if value is not None:
                raise Unclear(f"the derivative is by “{name}”, which is defined by an expression")
        symbol = self.symbol(head, env)
        if symbol.op == "entry" and symbol.args[0].op == "symbol":
            symbol = symbol.args[0]
        if symbol.op != "symbol":
            raise Unclear(f"the derivative by an entry of “{name}” is not understood")
        return [name], symbol.sort


def is_vector_of_symbols(value: Term) -> bool:
    return value.op == "matrix" and all(a.op == "symbol" for a in value.args)
