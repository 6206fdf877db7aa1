"""J_f(x) and J_{f^{-1}}(x): the Jacobian of a function, at a point, or at the variable that it is a map of."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from derivations.reading.meaning.building import Follow
from derivations.reading.meaning.environment import Env
from derivations.reading.meaning.functions import POINT, Functions
from derivations.reading.names import Head, is_minus_one
from derivations.reading.tree import Group, Name, Node, Number, Sum
from derivations.reading.vocabulary import INVERSE, JACOBIANS
from derivations.reading.walking import argument_group, as_name
from proofs import terms as T
from proofs.terms import Term


class Jacobian(NamedTuple):
    """Of which function, and whether of its inverse."""

    function: str
    inverse: bool


class Jacobians(Functions):
    """The part of the Elaborator that knows Jacobians which are named after their function."""

    def jacobian_of(self, head: Head) -> Jacobian | None:
        """What J_f is the Jacobian of; None where the letter or its label is something else here."""
        if head.base not in JACOBIANS or not head.label or head.indices or head.primes or head.superlabel:
            return None
        if head.name in self.view.definitions or head.name in self.view.domains:
            return None
        function, inverse = head.label.removesuffix(INVERSE), head.label.endswith(INVERSE)
        is_map = any(m.function == function for m in self.view.maps) or function in self.view.bijections
        is_known = is_map or self.usage.applied[function] > 0 or function in self.view.applied
        return Jacobian(function, inverse) if is_known and Head(function).base == function else None

    def names_jacobian(self, head: Head) -> bool:
        return self.jacobian_of(head) is not None

    def jacobian(self, head: Head, group: Group, env: Env) -> Term | None:
        found = self.jacobian_of(head)
        return self.jacobian_at(found, head, group, env) if found is not None else None

    def jacobian_at(self, jacobian: Jacobian, head: Head, group: Group, env: Env) -> Term | None:
        """The Jacobian at what stands in the brackets; None where that is not one point."""
        if len(group.parts) != 1:
            return None
        point = self.term(group.parts[0], env)
        self.place(jacobian, group.parts[0], point, env)
        by_entries = self.jacobian_by_entries(jacobian, head, group, env)
        if by_entries is not None:
            return by_entries
        span = group.span
        power = Sum(span, (Number(span, "1"),), ("-",)) if jacobian.inverse else None
        inner = env.bind(POINT, point.sort)
        function = Head(jacobian.function, parameters=head.parameters, power=power)
        body = self.apply(function, Group(span, "(", ")", (Name(span, POINT),)), inner)
        value = T.at(POINT, T.derivative(body, POINT, sort=point.sort), point)
        return self.power_of(value, head, env)

    def jacobian_by_entries(self, jacobian: Jacobian, head: Head, group: Group, env: Env) -> Term | None:
        """J_f(x) of an f that a formula in the entries of x = (x_1, .., x_n) defines; None for every other function."""
        function = Head(jacobian.function, parameters=head.parameters)
        is_defined = not jacobian.inverse and self.definition_of(function, applied=True) is not None
        if not is_defined:
            return None
        inner = replace(env, unfolds_variables=True)
        point = self.term(group.parts[0], inner)
        if point.op != "matrix" or any(a.op != "symbol" for a in point.args):
            return None
        body = self.apply(function, group, inner)
        return self.power_of(self.differentiate(body, [group.parts[0]], inner, group.parts), head, env)

    def plain_jacobian(self, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env) -> Follow | None:
        """Df(x) and Df^{-1}(z) of a map or of a function that is defined; None where D is something else."""
        letter = as_name(items[i])
        if letter is None or letter.text != "D" or i + 2 >= len(items) or any(signs[i : i + 2]):
            return None
        function, group = self.head(items[i + 1], env), argument_group(items[i + 2])
        if function is None or group is None or group.open != "(" or function.label or function.indices:
            return None
        if self.usage.applied["D"] or "D" in self.view.definitions or "D" in self.view.domains:
            return None
        inverse = is_minus_one(function.power)
        is_map = any(m.function == function.key for m in self.view.maps) or function.key in self.view.bijections
        is_known = is_map or self.definition_of(replace(function, power=None), applied=True) is not None
        if not is_known or (function.power is not None and not inverse):
            return None
        value = self.jacobian_at(Jacobian(function.key, inverse), Head("D"), group, env)
        return (value, i + 3) if value is not None else None

    def place(self, jacobian: Jacobian, node: Node, point: Term, env: Env) -> None:
        """Gathers that the point of J_f(z) lies where z of x = f(z) does."""
        head = self.head(node, env)
        mapped = self.map_of(jacobian.function)
        if head is not None and head.power is None and mapped is not None and point.op == "symbol":
            space = mapped[1] if jacobian.inverse else mapped[0]
            if head.key.lower() == space:
                self.declare_space(str(point.data[0]), space, env)

    def jacobian_here(self, head: Head, env: Env) -> Term | None:
        """J_f without a point: at the variable that f is a map of."""
        jacobian = self.jacobian_of(head)
        if jacobian is None:
            return None
        maps = [m for m in self.view.maps if m.function == jacobian.function]
        if not maps:
            return None
        at = maps[-1].output if jacobian.inverse else maps[-1].input
        span = (0, 0)
        return self.jacobian_at(jacobian, head, Group(span, "(", ")", (Name(span, at),)), env)
