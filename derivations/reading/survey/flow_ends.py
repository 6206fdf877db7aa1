"""Where the states of a flow begin and end: h_0 = x, h_L = z, z_K = f_K o ... o f_1(z_0)."""

from __future__ import annotations

from derivations.reading.names import is_minus_one
from derivations.reading.survey.recorder import Recorder
from derivations.reading.tree import Dots, Node
from derivations.reading.walking import argument_group, as_sequence, unwrap


class FlowEnds(Recorder):
    """The part of the Declarations that reads the ends of flows."""

    def end_of_flow(self, state: Node, variable: Node, order: int) -> bool:
        """h_0 = x and h_L = z: where the states of a flow begin and end."""
        first, second = self.head(state), self.head(variable)
        if first is None or second is None or first.power is not None or second.power is not None or second.label:
            return False
        is_end = first.label == "0" or (len(first.label) == 1 and first.label.isupper())
        if first.root not in self.usage.subscripted_by_index or not is_end:
            return False
        self.scope.chain_ends.append((order, first.root, first.label, second.key.lower()))
        return True

    def composed(self, lhs: Node, rhs: Node, order: int) -> bool:
        """z_K = f_K o ... o f_1(z_0): the ends of a flow whose layers are composed."""
        out, parts = self.head(lhs), composition(rhs)
        if out is None or out.power is not None or parts is None:
            return False
        layers, argument = [self.head(layer) for layer in parts[0]], self.head(parts[1])
        if argument is None or argument.power is not None or any(layer is None for layer in layers):
            return False
        roots = {layer.root for layer in layers if layer is not None}
        inverses = {is_minus_one(layer.power) for layer in layers if layer is not None}
        if inverses == {True}:  # z_0 = f_1^{-1} o ... o f_K^{-1}(x)
            layers, out, argument = layers[::-1], argument, out
        last = layers[0].label if layers[0] is not None else ""
        if len(roots) != 1 or len(inverses) != 1 or not (len(last) == 1 and last.isupper()):
            return False
        for index, end in (("0", argument), (last, out)):
            if (end.root, end.label) != (argument.root, index):  # z_0 is no other name of z_0
                self.scope.chain_ends.append((order, argument.root, index, end.key.lower()))
        return True


def composition(node: Node) -> tuple[tuple[Node, ...], Node] | None:
    """(f_K, ..., f_1) and z of f_K o ... o f_1(z), with dots in it; None where the node is something else."""
    whole = as_sequence(node)
    if whole is None or len(whole.items) < 4 or whole.signs[-1] != "" or set(whole.signs[:-1]) != {"circ"}:
        return None
    layers, group = whole.items[:-1], argument_group(whole.items[-1])
    if group is None or len(group.parts) != 1 or not any(isinstance(unwrap(n), Dots) for n in layers):
        return None
    return tuple(n for n in layers if not isinstance(unwrap(n), Dots)), group.parts[0]
