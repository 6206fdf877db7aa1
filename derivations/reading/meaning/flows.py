"""Flows: states z_0, .., z_K, or x = h_0, .., h_L = z, where each follows from the one before by an unknown bijection.

A flow of unnamed length is written out with a few layers; one that is written for any k, at one k.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from derivations.reading.meaning.environment import INSTANCE, Env, Unclear
from derivations.reading.meaning.layers import Layer, position
from derivations.reading.meaning.quotients import derivative_below
from derivations.reading.meaning.spaces import Spaces
from derivations.reading.names import Head, head_of
from derivations.reading.tree import Fraction, Group, Node
from derivations.reading.walking import applications
from proofs import terms as T
from proofs.records import Domain, Function
from proofs.terms import Sort, Term

POINT = "u"  # the bound point of a layer's derivative


class Flow(NamedTuple):
    """The letters of the states and of the maps of a flow; the variables that its states are, by number.

    ``base`` is the first state that the relation speaks of, of which the others are functions.
    """

    state: str
    function: str
    ends: dict[str, int]
    base: int

    @property
    def first(self) -> str:
        """The variable that the first state is."""
        return next((name for name, number in self.ends.items() if number == self.base), f"{self.state}_{self.base}")


class Flows(Spaces):
    """The part of the Elaborator that knows flows."""

    @cached_property
    def flow(self) -> Flow | None:
        """The flow that this relation speaks of."""
        states = {layer.state for layer in self.layers}
        if len(states) != 1:
            return None
        (state,) = states
        functions = {layer.function for layer in self.layers} - states or states
        if len(functions) != 1:
            return None
        instances = self.instances
        ends = {
            variable: 0 if index == "0" else instances.get(str(index), INSTANCE)
            for sequence, index, variable in self.view.chain_ends
            if sequence == state
        }
        flow = Flow(state, next(iter(functions)), ends, 0)
        taken = [n for _, n in self.densities_of_states(flow)]
        if not taken and not ends:
            return None
        runs = any(letter not in instances for letter in self.layer_letters())
        return flow._replace(base=0 if runs else min(taken, default=0))

    def densities_of_states(self, flow: Flow) -> list[tuple[Head, int]]:
        """(the name of the variable, its number) of each density that the relation takes at a state."""
        found = []
        for _, group, _ in self.applied_densities:
            head = head_of(group.parts[0]) if len(group.parts) == 1 else None
            number = self.state_number(group.parts[0], flow) if head is not None else None
            if head is not None and number is not None:
                found.append((head, number))
        return found

    def state_number(self, node: Node, flow: Flow) -> int | None:
        """Which state a name is: 2 of z_2, and of z_{k-1} where k is 3; None for anything else."""
        head = self.head(node, Env(index_values=self.instances))
        if head is None or head.power is not None:
            return None
        if head.key.lower() in flow.ends:
            return flow.ends[head.key.lower()]
        return self.numbered(head, Env(index_values=self.instances)) if head.root == flow.state else None

    def number_of_name(self, name: str, flow: Flow) -> int | None:
        """Which state a symbol is, by its name."""
        letter, _, label = name.partition("_")
        if name.lower() in flow.ends:
            return flow.ends[name.lower()]
        return int(label) if letter == flow.state and label.isdigit() else None

    def numbered(self, head: Head, env: Env) -> int | None:
        """2 of h_l where l is 2."""
        label = self.with_values(head, env).label
        return int(label) if label.isdigit() else None

    # ------------------------------------------------------------------------------------------ the maps

    def layer_derivative(self, node: Fraction, env: Env) -> Term | None:
        """The Jacobian of the l-th layer at its input; None where the fraction is no layer of a flow."""
        flow = self.flow
        layer = self.layer_of_fraction(node) if flow is not None else None
        if flow is None:
            return None
        if layer is None:
            below = derivative_below(node.denominator)
            if below is not None and any(self.is_state(variable, flow) for variable in below.variables):
                raise Unclear("the layers of the flow are not one after the other")
            return None
        return self.jacobian_of_layer(layer, flow, env)

    def is_state(self, node: Node, flow: Flow) -> bool:
        head = head_of(node)
        return head is not None and head.root == flow.state and position(head) is not None

    def layer_jacobian(self, head: Head, group: Group, env: Env) -> Term | None:
        """J_{f_k}(z_{k-1}); None where that is no layer of the flow."""
        layer = self.layer_of_jacobian(head, group)
        return self.jacobian_of_layer(layer, self.flow, env) if layer is not None and self.flow is not None else None

    def jacobian_of_layer(self, layer: Layer, flow: Flow, env: Env) -> Term | None:
        if layer.state != flow.state or layer.function not in (flow.function, flow.state):
            return None
        number, before = (env.index_values.get(letter, 0) + k for letter, k in (layer.number, layer.point))
        if any(letter and letter not in env.index_values for letter, _ in (layer.number, layer.point)):
            raise Unclear("which layer of the flow is meant is not clear")
        sort = self.flow_sort(flow)
        point = (T.symbol(POINT, sort),)
        name = self.layer_name(flow, number)
        inner = T.call_inverse(name, point, sort) if layer.inverse else T.call(name, point, sort)
        return T.at(POINT, T.derivative(inner, POINT, sort=sort), self.state(flow, before))

    def layer_call(self, head: Head, group: Group, env: Env) -> Term | None:
        """f_k(z_{k-1}) and f_k^{-1}(z_k) of a flow; None for any other function."""
        flow = self.flow
        if flow is None or flow.function == flow.state or head.root != flow.function or len(group.parts) != 1:
            return None
        number = self.numbered(head, env)
        if number is None:
            return None
        sort = self.flow_sort(flow)
        name, point = self.layer_name(flow, number), self.term(group.parts[0], env)
        if head.power is None:
            return T.call(name, (point,), sort)
        return T.call_inverse(name, (point,), sort)

    def layer_name(self, flow: Flow, layer: int) -> str:
        """The name of a layer's map, an unknown bijection."""
        name = f"{flow.function}_{layer}"
        sort = self.flow_sort(flow)
        self.gathered.functions[name] = Function((None,), (sort,), Domain(sort), None, 0, True, True)
        return name

    # ------------------------------------------------------------------------------------------ the states

    def flow_sort(self, flow: Flow) -> Sort:
        """The one shape of all states."""
        numbers = range(max(flow.ends.values(), default=INSTANCE) + 1)
        for name in (*flow.ends, *(f"{flow.state}_{k}" for k in numbers), flow.state):
            sort = self.shapes.sort(name)
            if sort != T.SCALAR and not (name == flow.state and self.shapes.guessed(name)):
                return sort
        return T.vector_sort(self.shapes.dimension) if self.shapes.dimension_known else T.SCALAR

    def first_name(self, flow: Flow) -> str:
        """The variable of the first state, as the relation writes it."""
        known = (n for n in self.gathered.variables if n.lower() == flow.first.lower())
        return next(known, flow.first)

    def state(self, flow: Flow, number: int) -> Term:
        """z_k in terms of the first state."""
        if number < flow.base:
            raise Unclear("a state before the first one that has a density is not understood")
        sort = self.flow_sort(flow)
        value = T.symbol(self.first_name(flow), sort)
        for k in range(flow.base + 1, number + 1):
            value = T.call(self.layer_name(flow, k), (value,), sort)
        return value

    def close_flow(self, side: Term, flow: Flow) -> Term:
        """The states of a flow replaced by what they are in terms of the first."""
        first = self.first_name(flow)
        self.gathered.variables.setdefault(first, Domain(self.flow_sort(flow)))
        self.gathered.space_of.setdefault(first, self.state_space(flow, flow.base))
        names = {n: k for n in T.free_symbols(side) if (k := self.number_of_name(n, flow)) is not None and n != first}
        return T.substitute(side, {name: self.state(flow, number) for name, number in names.items()})

    def state_space(self, flow: Flow, number: int) -> str:
        """The space of a state."""
        name = next((name for name, n in flow.ends.items() if n == number), f"{flow.state}_{number}")
        letter, _, label = name.partition("_")
        return self.space_named(Head(letter, label=label), Env())

    def density_at(self, flow: Flow, number: int) -> tuple[str, str] | None:
        """(letter, space) of the density that the relation takes at a state."""
        env = Env(index_values=self.instances)
        for tree in self.relation_nodes:
            for item, group in applications(tree):
                head = self.head(item, env)
                if head is None or len(group.parts) != 1 or not self.is_density(head):
                    continue
                if self.state_number(group.parts[0], flow) == number:
                    argument = self.head(group.parts[0], env)
                    assert argument is not None
                    return self.density_key(head), self.space_named(argument, env)
        return None

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
