"""Maps between variables: z = f(x), and the layers h_l of a flow with h_0 = x and h_L = z.

Where such a map is declared, the density of z is that of f(x), and z stands for f(x) beside x.  A flow of unnamed length is
written out with a few layers, each an unknown bijection of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derivations.reading.environment import Env
from derivations.reading.names import Head, head_of, nodes, unwrap
from derivations.reading.scope import Unclear
from derivations.reading.tree import Fraction, Name, Node, Script, Sequence
from proofs import terms as T
from proofs.records import Domain, Function, Space
from proofs.terms import Sort, Term

if TYPE_CHECKING:
    from derivations.reading.elaborate import Elaborator

POINT = "u"  # the bound point of a layer's derivative


class Flows:
    """The part of the Elaborator that knows deterministic maps."""

    # ------------------------------------------------------------------------------------------ layers

    def layered(self: Elaborator) -> tuple[str, str, str, str] | None:
        """(state letter, map letter, first variable, last variable) of the flow that this relation speaks of."""
        if "_layered" in self.__dict__:
            return self.__dict__["_layered"]
        found = None
        ends = {(sequence, index): variable for sequence, index, variable in self.view.chain_ends}
        for tree in self.relation_nodes:
            for n in nodes(tree):
                if not isinstance(n, Fraction) or found is not None:
                    continue
                pair = self.layer_heads(n)
                if pair is None:
                    continue
                function, state = pair
                last = next((v for (s, i), v in ends.items() if s == state and i != "0"), None)
                if last is not None:
                    found = state, function, ends.get((state, "0"), f"{state}_0"), last
        self.__dict__["_layered"] = found
        return found

    def layer_heads(self: Elaborator, node: Fraction) -> tuple[str, str] | None:
        """The letters of \\partial h_l / \\partial h_{l-1}."""
        below = self.below(node.denominator)
        top = unwrap(node.numerator)
        if below is None or len(below[1]) != 1 or not isinstance(top, Sequence) or len(top.items) != 2:
            return None
        running = self.usage.is_index
        above, under = head_of(top.items[1], is_index=running), head_of(below[1][0], is_index=running)
        if above is None or under is None or not above.indices or not under.indices:
            return None
        return Head(above.base, above.font).key, Head(under.base, under.font).key

    def layer_derivative(self: Elaborator, node: Fraction, env: Env) -> Term | None:
        """The Jacobian of the l-th layer at its input; None where the fraction is no layer of a flow."""
        flow = self.layered()
        if flow is None or self.layer_heads(node) != (flow[1], flow[0]):
            return None
        top = unwrap(node.numerator)
        assert isinstance(top, Sequence)
        above = self.with_values(head_of(top.items[1], is_index=lambda n: n in env.index_values), env)  # type: ignore[arg-type]
        below = self.below(node.denominator)
        assert below is not None
        under = self.with_values(head_of(below[1][0], is_index=lambda n: n in env.index_values), env)  # type: ignore[arg-type]
        if not (above.label.isdigit() and under.label.isdigit() and int(above.label) == int(under.label) + 1):
            raise Unclear("the layers of the flow are not one after the other")
        layer = int(above.label)
        sort = self.flow_sort(flow)
        inner = T.call(self.layer_name(flow, layer), (T.symbol(POINT, sort),), sort)
        return T.at(POINT, T.derivative(inner, POINT, sort=sort), self.state(flow, layer - 1))

    def layer_name(self: Elaborator, flow: tuple[str, str, str, str], layer: int) -> str:
        name = f"{flow[1]}_{layer}"
        sort = self.flow_sort(flow)
        self.gathered.functions[name] = Function((None,), (sort,), Domain(sort), None, 0, True, True)
        return name

    def flow_sort(self: Elaborator, flow: tuple[str, str, str, str]) -> Sort:
        for name in (flow[2], flow[3], flow[0]):
            sort = self.shapes.sort(name)
            if sort != T.SCALAR:
                return sort
        return T.vector_sort(self.shapes.dimension) if self.shapes.dimension_known else T.SCALAR

    def state(self: Elaborator, flow: tuple[str, str, str, str], layer: int) -> Term:
        """h_l in terms of the first variable."""
        sort = self.flow_sort(flow)
        value = T.symbol(flow[2], sort)
        for k in range(1, layer + 1):
            value = T.call(self.layer_name(flow, k), (value,), sort)
        return value

    def the_jacobian(self: Elaborator, env: Env) -> Term | None:
        """J, never defined: the one Jacobian that the relation writes out."""
        fractions: list[Fraction] = []
        for tree in self.relation_nodes:
            for n in nodes(tree):
                if isinstance(n, Fraction) and self.below(n.denominator) is not None and n not in fractions:
                    fractions.append(n)
        if len(fractions) != 1 or not self.view.mentions_jacobian:
            return None
        self.gathered.note("J is the Jacobian written on the other side")
        return self.term(fractions[0], env)

    # ------------------------------------------------------------------------------------------ densities

    def ends(self: Elaborator) -> list[tuple[str, str]]:
        """(input, output) variables of the maps in force."""
        flow = self.layered()
        if flow is not None:
            return [(flow[2].lower(), flow[3].lower())]
        return [(m.input, m.output) for m in self.view.maps if m.bijection]

    def push_flow(self: Elaborator, letter: str, outcome: str) -> bool:
        """Note that a density is that of the output of a flow; its input's density is the other letter here."""
        flow = self.layered()
        if flow is None or outcome != flow[3].lower():
            return False
        from derivations.reading.elaborate import INSTANCE

        source = self.letter_at(flow[2])
        if source is None:
            return False
        previous, space = source
        for k in range(1, INSTANCE + 1):
            name = letter if k == INSTANCE else f"{letter} after layer {k}"
            target = outcome if k == INSTANCE else f"{outcome} {k}"
            self.gathered.pushforwards[name] = (self.layer_name(flow, k), previous, space)
            self.gathered.families.setdefault(name, set()).add(target)
            self.gathered.families.setdefault(previous, set()).add(space)
            self.gathered.spaces.setdefault(target, Space(self.flow_sort(flow), False, False))
            previous, space = name, target
        self.gathered.spaces.setdefault(source[1], Space(self.flow_sort(flow), False, False))
        return True

    def letter_at(self: Elaborator, variable: str) -> tuple[str, str] | None:
        """(letter, space) of the density that the relation takes at a variable."""
        for tree in self.relation_nodes:
            for n in nodes(tree):
                if not isinstance(n, Sequence):
                    continue
                for item, after in zip(n.items, n.items[1:]):
                    head, group = head_of(item, is_parameter=self.is_parameter), self.argument_group(after)
                    if head is None or group is None or not self.is_density(head) or len(group.parts) != 1:
                        continue
                    argument = head_of(group.parts[0])
                    if argument is not None and argument.key.lower() == variable.lower():
                        letter = self.density_key(head)
                        space = Head(argument.base, argument.font).key.lower()
                        mapped = self.mapped_letter(letter, [space], [])
                        return (mapped or letter), space
        return None

    # ------------------------------------------------------------------------------------------ z = f(x)

    def close_maps(self: Elaborator, side: Term) -> Term:
        """z replaced by f(x) where the relation speaks of x too and z = f(x) is declared."""
        flow = self.layered()
        if flow is not None:
            from derivations.reading.elaborate import INSTANCE

            first = next((n for n in self.gathered.variables if n.lower() == flow[2].lower()), None)
            last = next((n for n in self.gathered.variables if n.lower() == flow[3].lower()), None)
            self.gathered.variables.setdefault(flow[2], Domain(self.flow_sort(flow)))
            self.gathered.space_of.setdefault(flow[2], Head(flow[2]).key.split("_")[0].lower())
            if last is not None:
                side = T.substitute(side, {last: self.state((*flow[:2], first or flow[2], flow[3]), INSTANCE)})
            return side
        if not self.gathered.pushforwards:
            return side
        present = set(self.gathered.variables)
        for m in self.view.maps:
            if not m.bijection:
                continue
            outputs = [n for n, s in self.gathered.space_of.items() if s == m.output and n in present]
            inputs = [n for n, s in self.gathered.space_of.items() if s == m.input and n in present]
            if len(outputs) == 1 and len(inputs) == 1:
                x = T.symbol(inputs[0], self.shapes.sort(inputs[0]))
                if m.function not in self.gathered.functions:
                    self.gathered.functions[m.function] = Function(
                        (m.input,), (x.sort,), Domain(x.sort), m.output, 0, True, True
                    )
                side = T.substitute(side, {outputs[0]: T.call(m.function, (x,), x.sort)})
        return side

    def at_solutions(self: Elaborator, left: Term, right: Term) -> tuple[Term, Term]:
        """A variable for which a value was found (... = 0, so x = a/(a+b)) may be meant at that value."""
        for name, node in self.view.solved.items():
            sides = [name in T.free_symbols(side) for side in (left, right)]
            if sides[0] == sides[1]:
                continue
            option = self.choices.choose(name, ("any value", "the value found before"))
            if option != "any value":
                value = self.term(node, Env())
                left, right = T.substitute(left, {name: value}), T.substitute(right, {name: value})
        return left, right

    def proportional_variables(self: Elaborator, left: Term, right: Term) -> tuple[str, ...]:
        """The variable in which two sides are proportional: the outcome of the density on the left."""
        for node in T.walk(left):
            if node.op == "pdf" and node.args[0].op == "family":
                outcomes = set(node.args[0].data[1])
                names = [n for n in T.free_symbols(left) if self.gathered.space_of.get(n) in outcomes]
                if names:
                    return tuple(names)
        return ()


__all__ = ["Flows"]
_ = (Name, Node, Script, replace)
