"""Two sides brought to speak of the same variables: z = f(x), and the values found for a variable."""

from __future__ import annotations

from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.flows import Flows
from derivations.reading.meaning.parameters import Parameters
from derivations.reading.names import Head
from derivations.reading.scope import Map
from proofs import terms as T
from proofs.records import Domain, Function
from proofs.terms import Term


class Closing(Parameters, Flows):
    """The part of the Elaborator that closes a relation under what the document says of its variables."""

    def close_maps(self, side: Term) -> Term:
        """z replaced by f(x) where the relation speaks of x too and z = f(x) is declared."""
        if self.flow is not None:
            return self.close_flow(side, self.flow)
        self.refuse_inverse_of_input(side)
        side = T.substitute(side, {y: body for y, body in self.gathered.images.items() if y in T.free_symbols(side)})
        for _ in self.view.maps:  # x = f_2(y) after y = f_1(z): y stands in the side again
            before = side
            for m in self.view.maps:
                if m.bijection and (self.gathered.pushforwards or m.function in self.gathered.functions):
                    side = self.close_map(side, m)
            if side == before:
                break
        return side

    def close_map(self, side: Term, m: Map) -> Term:
        """The output of a map replaced by the map of its input, where the relation has one of each."""
        outputs, inputs = self.variables_in(m.output), self.variables_in(m.input)
        if not inputs and any(n.output == m.input and self.variables_in(n.input) for n in self.view.maps):
            inputs = [m.input]
            self.gathered.space_of[m.input] = m.input
            self.gathered.variables[m.input] = Domain(self.shapes.sort(m.input))
        if len(outputs) != 1 or len(inputs) != 1:
            return side
        x = T.symbol(inputs[0], self.shapes.sort(inputs[0]))
        record = Function((m.input,), (x.sort,), Domain(x.sort), m.output, 0, True, True)
        self.gathered.functions.setdefault(m.function, record)
        image = T.call(m.function, (x, *self.parameter_terms(m.function, Head(m.function), [], Env())), x.sort)
        return T.substitute(side, {outputs[0]: image})

    def variables_in(self, space: str) -> list[str]:
        """The free variables of the relation that lie in a space."""
        return [n for n, s in self.gathered.space_of.items() if s == space and n in self.gathered.variables]

    def refuse_inverse_of_input(self, side: Term) -> None:
        """f^{-1} of the variable that f is applied to: authors mean its value at f of it.  Raises Unclear."""
        inputs = {m.function: m.input for m in self.view.maps if m.bijection}
        for node in T.walk(side):
            if node.op != "call_inverse" or node.data[0] not in inputs or node.args[0].op != "symbol":
                continue
            name = str(node.args[0].data[0])
            if self.gathered.space_of.get(name, name.lower()) == inputs[node.data[0]]:
                raise Unclear(f"at which point the inverse of “{node.data[0]}” is taken is not clear")

    def at_solutions(self, left: Term, right: Term) -> tuple[Term, Term]:
        """A variable for which a value was found (... = 0, so x = a/(a+b)) may be meant at that value."""
        for name, node in self.view.solved.items():
            on_left, on_right = (name in T.free_symbols(side) for side in (left, right))
            if on_left == on_right:
                continue
            option = self.choices.choose(name, ("any value", "the value found before"))
            if option != "any value":
                value = self.term(node, Env())
                left, right = T.substitute(left, {name: value}), T.substitute(right, {name: value})
        return left, right

    def proportional_variables(self, left: Term) -> tuple[str, ...]:
        """The variable in which two sides are proportional: the outcome of the density on the left."""
        for node in T.walk(left):
            if node.op == "pdf" and node.args[0].op == "family":
                outcomes = set(node.args[0].data[1])
                names = [n for n in T.free_symbols(left) if self.gathered.space_of.get(n) in outcomes]
                if names:
                    return tuple(names)
            elif node.op == "pdf" and node.args[1].op == "symbol":  # N(x; mu, sigma^2)
                return node.args[1].data
        return ()
