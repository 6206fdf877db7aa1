"""Deterministic maps between variables: z = f(x), and z = g(epsilon, x) with noise epsilon."""

from __future__ import annotations

from derivations.reading.names import Head
from derivations.reading.scope import Map, Sampled
from derivations.reading.survey.recorder import Recorder
from derivations.reading.tree import Group, Node


class Maps(Recorder):
    """The part of the Declarations that reads maps."""

    def is_map(self, lhs: Node, rhs: Node, order: int) -> bool:
        """Whether an equation says z = f(x) between two variables, f a bijection that is not defined; notes the map."""
        out, called = self.head(lhs), self.call(rhs)
        function = self.head(called[0]) if called is not None else None
        if out is None or called is None or function is None or called[1].open != "(":
            return False
        group = called[1]
        if len(group.parts) != 1:
            self.reparameterised(out, function, group, order)
            return False
        source = self.head(group.parts[0])
        if source is None or source.power is not None or function.name in self.known or self.is_operator(function):
            return False
        if function.base in self.conventions.density_letters:
            return False
        if function.power is not None:  # x = f^{-1}(z), after z = f(x)
            return any(m.function == function.root for m in self.scope.maps)
        if self.reparameterised(out, function, group, order):
            return False
        first, last = source.base.lower(), out.base.lower()
        is_layer = self.invertible and function.label.isdigit() and first != last  # y = f_1(z), x = f_2(y)
        if not {first, last} <= {v.lower() for v in self.usage.density_variables} and not is_layer:
            return False
        if first == last:  # z' = f(z)
            first, last = source.key.lower(), out.key.lower()
            if first == last or source.indices or out.indices:
                return False
        self.scope.maps.append(Map(last, function.key, first, order, self.invertible))
        if self.invertible:
            self.scope.bijections.append((order, function.key))
        return self.invertible

    def reparameterised(self, out: Head, function: Head, group: Group, order: int) -> bool:
        """z = g(epsilon, x) with noise epsilon, where z is drawn from one density q: g(epsilon, x) has that law."""
        arguments = [h for p in group.parts if (h := self.head(p)) is not None]
        noise = [h for h in arguments if h.base in self.conventions.standard_normal]
        if len(noise) != 1 or function.name in self.known or self.is_operator(function) or function.power is not None:
            return False
        outcome = out.base.lower()
        letters = [
            letter
            for letter, signatures in self.usage.signatures.items()
            if letter[0] == "q" and any(outcomes == (outcome,) for outcomes, _ in signatures)
        ]
        if len(letters) != 1:
            return False
        names = tuple(h.key for h in arguments)
        self.scope.reparameterisations.append(Sampled(function.key, names, letters[0], outcome, order))
        return True
