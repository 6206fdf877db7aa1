"""One line of Unicode, for messages, certificates and the terminal.  Binders are shown: ``E[z ~ q(z | x)](f(z))``."""

from __future__ import annotations

from collections.abc import Sequence

from proofs.printing.layouts import APPLIED, Layouts
from proofs.printing.pieces import ATOM, MUL, NEGATIVE, NOT, POW, PREFIX, Piece
from proofs.printing.words import PLAIN
from proofs.terms import Term


class PlainPrinter(Layouts):
    words = PLAIN

    def times(self, left: str, right: str) -> str:
        return f"{left}·{right}"

    def over(self, above: Piece | None, below: Piece) -> Piece:
        upper = self.closed(above, MUL, last=False) if above else "1"
        return Piece(f"{upper}/{self.closed(below, POW)}", MUL)

    def exponent(self, node: Term) -> str:
        shown = self.show(node)
        whole = node.op == "number" and node.data[0].denominator == 1
        return "^" + (shown if whole or self.piece(node).prec == ATOM else f"({shown})")

    def stacked(self, kind: str, rows: list[str]) -> str:
        left, right = "[]" if kind == "pmatrix" else "{}"
        return left + "; ".join(rows) + right

    def below(self, condition: str) -> str:
        return f"[{condition}]"

    def limits(self, lower: str, upper: str) -> str:
        return f"[{lower}..{upper}]"

    def op_number(self, node: Term) -> Piece:
        value = node.data[0]
        return Piece(str(value), NEGATIVE if value < 0 else ATOM if value.denominator == 1 else MUL)

    # ---- matrices

    def op_identity(self, node: Term) -> Piece:
        return Piece("I_" + self.name(node.data[0]))

    def op_ones(self, node: Term) -> Piece:
        rows, cols = map(self.name, node.data)
        return Piece(f"1_{rows}" if node.data[1] == 1 else f"1_({rows}×{cols})")

    def op_entry(self, node: Term) -> Piece:
        return Piece(f"{self.at_least(node.args[0], ATOM)}[{self.listed(node.args[1:])}]")

    # ---- functions

    def op_function(self, node: Term) -> Piece:
        name, argument = node.data[0], node.args[0]
        if name == "abs":
            return Piece(f"|{self.show(argument)}|")
        if name == "floor":
            return Piece(f"⌊{self.show(argument)}⌋")
        if name == "log" and argument.op in APPLIED:
            return Piece(f"log {self.show(argument)}", PREFIX, frozenset())
        return Piece(f"{self.words.functions.get(name, name)}({self.show(argument)})")

    # ---- truth values

    def op_not(self, node: Term) -> Piece:
        return Piece(f"not {self.at_least(node.args[0], ATOM)}", NOT)

    def op_indicator(self, node: Term) -> Piece:
        return Piece(f"1{{{self.show(node.args[0])}}}")

    # ---- binders

    def drawn(self, node: Term, law: Term) -> str:
        return f"{self.bound(node)} ~ {self.show(law)}"

    def expected(self, node: Term) -> Piece:
        law, *bodies = node.args
        return Piece(f"{self.words.operators[node.op]}[{self.drawn(node, law)}]({self.listed(bodies)})")

    def optimum(self, node: Term) -> Piece:
        return Piece(f"{self.words.operators[node.op]}[{self.bound(node)}]({self.show(node.args[0])})")

    # ---- differential

    def op_derivative(self, node: Term) -> Piece:
        body = node.args[0]
        sign = "∂/∂" if node.sort == body.sort and len(node.data) == 1 else "∇_" if body.sort.kind == "scalar" else "J_"
        names = ",".join(map(self.name, node.data))
        inner = self.piece(body)
        head = sign + (names if len(node.data) == 1 else f"({names})")
        return Piece(f"{head} {self.closed(inner, PREFIX)}", PREFIX, inner.tail or frozenset())

    def op_at(self, node: Term) -> Piece:
        body, value = node.args
        return Piece(f"{self.at_least(body, ATOM)}|[{self.bound(node)} = {self.show(value)}]")

    # ---- laws

    def density_name(self, law: Term, parameters: Sequence[Term], visible: bool) -> str:
        head = self.name(law.data[0])
        if not visible:
            head += "_" + ",".join(map(self.name, law.data[1]))
        if parameters:
            shown = (self.show(p) if self.piece(p).prec == ATOM else f"({self.show(p)})" for p in parameters)
            head += "_" + ",".join(shown)
        return head

    def op_with_density(self, node: Term) -> Piece:
        return Piece(f"{{{self.bound(node)}: {self.show(node.args[0])}}}")


def text(term: Term) -> str:
    """The term on one line of plain Unicode.  Never raises."""
    return PlainPrinter().render(term)
