"""The layers h_l of a flow with h_0 = x and h_L = z, each an unknown bijection of its own.

A flow of unnamed length is written out with a few layers.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from derivations.reading.meaning.environment import INSTANCE, Env, Unclear
from derivations.reading.meaning.quotients import derivative_below
from derivations.reading.meaning.spaces import Spaces
from derivations.reading.names import Head, head_of
from derivations.reading.tree import Fraction, Node
from derivations.reading.walking import as_sequence
from proofs import terms as T
from proofs.records import Domain, Function
from proofs.terms import Sort, Term

POINT = "u"  # the bound point of a layer's derivative


class Flow(NamedTuple):
    """The letters of the states and of the maps of a flow, and its first and last variable."""

    state: str
    function: str
    first: str
    last: str


class Flows(Spaces):
    """The part of the Elaborator that knows flows."""

    @cached_property
    def flow(self) -> Flow | None:
        """The flow that this relation speaks of."""
        ends = {(sequence, index): variable for sequence, index, variable in self.view.chain_ends}
        for n in self.written():
            pair = self.layer_heads(n) if isinstance(n, Fraction) else None
            if pair is None:
                continue
            function, state = pair
            last = next((v for (s, i), v in ends.items() if s == state and i != "0"), None)
            if last is not None:
                return Flow(state, function, ends.get((state, "0"), f"{state}_0"), last)
        return None

    def layer_states(self, node: Fraction) -> tuple[Node, Node] | None:
        """h_l and h_{l-1} of \\partial h_l / \\partial h_{l-1}."""
        below = derivative_below(node.denominator)
        above = as_sequence(node.numerator)
        if below is None or len(below.variables) != 1 or above is None or len(above.items) != 2:
            return None
        return above.items[1], below.variables[0]

    def layer_heads(self, node: Fraction) -> tuple[str, str] | None:
        """The letters of \\partial h_l / \\partial h_{l-1}."""
        states = self.layer_states(node)
        if states is None:
            return None
        above, under = (head_of(s, is_index=self.usage.is_index) for s in states)
        if above is None or under is None or not above.indices or not under.indices:
            return None
        return above.root, under.root

    def layer_derivative(self, node: Fraction, env: Env) -> Term | None:
        """The Jacobian of the l-th layer at its input; None where the fraction is no layer of a flow."""
        flow, states = self.flow, self.layer_states(node)
        if flow is None or states is None or self.layer_heads(node) != (flow.function, flow.state):
            return None
        numbers = [self.layer_number(s, env) for s in states]
        layer, before = numbers
        if layer is None or before is None or layer != before + 1:
            raise Unclear("the layers of the flow are not one after the other")
        sort = self.flow_sort(flow)
        inner = T.call(self.layer_name(flow, layer), (T.symbol(POINT, sort),), sort)
        return T.at(POINT, T.derivative(inner, POINT, sort=sort), self.state(flow, before))

    def layer_number(self, state: Node, env: Env) -> int | None:
        """2 of h_l where l is 2."""
        head = head_of(state, is_index=lambda n: n in env.index_values)
        label = self.with_values(head, env).label if head is not None else ""
        return int(label) if label.isdigit() else None

    def layer_name(self, flow: Flow, layer: int) -> str:
        """The name of a layer's map, an unknown bijection."""
        name = f"{flow.function}_{layer}"
        sort = self.flow_sort(flow)
        self.gathered.functions[name] = Function((None,), (sort,), Domain(sort), None, 0, True, True)
        return name

    def flow_sort(self, flow: Flow) -> Sort:
        """The one shape of all states."""
        for name in (flow.first, flow.last, flow.state):
            sort = self.shapes.sort(name)
            if sort != T.SCALAR and not (name == flow.state and self.shapes.guessed(name)):
                return sort
        return T.vector_sort(self.shapes.dimension) if self.shapes.dimension_known else T.SCALAR

    def state(self, flow: Flow, layer: int) -> Term:
        """h_l in terms of the first variable."""
        sort = self.flow_sort(flow)
        value = T.symbol(flow.first, sort)
        for k in range(1, layer + 1):
            value = T.call(self.layer_name(flow, k), (value,), sort)
        return value

    def close_flow(self, side: Term, flow: Flow) -> Term:
        """The last variable of a flow replaced by the flow of the first."""
        first = next((n for n in self.gathered.variables if n.lower() == flow.first.lower()), None)
        last = next((n for n in self.gathered.variables if n.lower() == flow.last.lower()), None)
        self.gathered.variables.setdefault(flow.first, Domain(self.flow_sort(flow)))
        self.gathered.space_of.setdefault(flow.first, Head(flow.first).key.split("_")[0].lower())
        if last is None:
            return side
        return T.substitute(side, {last: self.state(flow._replace(first=first or flow.first), INSTANCE)})

    def the_jacobian(self, env: Env) -> Term | None:
        """J, never defined: the one Jacobian that the relation writes out."""
        fractions: list[Fraction] = []
        for n in self.written():
            if isinstance(n, Fraction) and derivative_below(n.denominator) is not None and n not in fractions:
                fractions.append(n)
        if len(fractions) != 1 or not self.view.mentions_jacobian:
            return None
        self.gathered.note("J is the Jacobian written on the other side")
        return self.term(fractions[0], env)
