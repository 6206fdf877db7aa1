"""Two sides brought to speak of the same variables: z = f(x), and the values found for a variable."""

from __future__ import annotations

from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.flows import Flows
from derivations.reading.meaning.parameters import Parameters
from derivations.reading.names import Head
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
        present = set(self.gathered.variables)
        for m in self.view.maps:
            if not m.bijection or not (self.gathered.pushforwards or m.function in self.gathered.functions):
                continue
            outputs = [n for n, s in self.gathered.space_of.items() if s == m.output and n in present]
            inputs = [n for n, s in self.gathered.space_of.items() if s == m.input and n in present]
            if len(outputs) == 1 and len(inputs) == 1:
                x = T.symbol(inputs[0], self.shapes.sort(inputs[0]))
                record = Function((m.input,), (x.sort,), Domain(x.sort), m.output, 0, True, True)
                self.gathered.functions.setdefault(m.function, record)
                image = T.call(m.function, (x, *self.parameter_terms(m.function, Head(m.function), [], Env())), x.sort)
                side = T.substitute(side, {outputs[0]: image})
        return side

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
