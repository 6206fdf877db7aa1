"""LaTeX in the notation of the field, such that our own reader reads it back."""

from __future__ import annotations

from collections.abc import Sequence

from proofs.printing.layouts import APPLIED, Layouts
from proofs.printing.pieces import ATOM, FRACTION, MUL, NEGATIVE, NOT, PREFIX, Piece
from proofs.printing.words import LATEX
from proofs.terms import Term

# written without parentheses before a letter, a fraction or another application
PREFIXED = frozenset({"exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan"})
# what makes a delimiter grow
TALL = (r"\left", r"\frac", r"\sum", r"\prod", r"\int", r"\begin", r"^{")


def command(before: str, after: str) -> str:
    """Two bits beside each other, with a space where a command would swallow a letter."""
    letters = before[before.rfind("\\") + 1 :] if "\\" in before else ""
    return before + (" " if letters.isalpha() and after[:1].isalpha() else "") + after


class LatexPrinter(Layouts):
    words = LATEX
    ellipsis = r"\ldots"
    parallel = r" \| "
    given = "|"
    before_differential = r" \,"
    between_entries = " & "
    condition, otherwise = " & ", r" & \text{otherwise}"
    bar = r"\|"
    left_brace, such_that, right_brace = r"\{", " : ", r"\}"

    def paren(self, inner: str) -> str:
        """Parentheses of the right height."""
        return self.enclosed(inner, "(", ")") if any(t in inner for t in TALL) else f"({inner})"

    def enclosed(self, inner: str, left: str, right: str) -> str:
        return rf"\left{left}{inner}\right{right}"

    def times(self, left: str, right: str) -> str:
        clear = right[:1].isalpha() or right.startswith("\\")
        clear = clear and not right.startswith((r"\left(", r"\left[", r"\begin"))
        return f"{left} {right}" if clear else rf"{left} \cdot {right}"

    def over(self, above: Piece | None, below: Piece) -> Piece:
        return Piece(rf"\frac{{{above.text if above else '1'}}}{{{below.text}}}", FRACTION)

    def raisable(self, base: Term) -> str:
        """The base of a superscript; parentheses also where its name already has one."""
        shown = self.at_least(base, ATOM)
        taken = base.op in ("symbol", "call_inverse") and "^" in shown
        return self.paren(shown) if taken or shown.endswith("'") else shown

    def exponent(self, node: Term) -> str:
        return f"^{{{self.show(node)}}}"

    def stacked(self, kind: str, rows: list[str]) -> str:
        return rf"\begin{{{kind}}}" + r" \\ ".join(rows) + rf"\end{{{kind}}}"

    def below(self, condition: str) -> str:
        return f"_{{{condition}}}"

    def limits(self, lower: str, upper: str) -> str:
        return f"_{{{lower}}}^{{{upper}}}"

    def op_number(self, node: Term) -> Piece:
        value = node.data[0]
        sign, size = ("-", -value) if value < 0 else ("", value)
        shown = str(size) if size.denominator == 1 else rf"\frac{{{size.numerator}}}{{{size.denominator}}}"
        return Piece(sign + shown, NEGATIVE if sign else ATOM if size.denominator == 1 else FRACTION)

    # ---- matrices

    def op_identity(self, node: Term) -> Piece:
        return Piece(f"I_{{{self.name(node.data[0])}}}")

    def op_ones(self, node: Term) -> Piece:
        return Piece(r"\mathbf{1}")

    def op_entry(self, node: Term) -> Piece:
        base = self.at_least(node.args[0], ATOM)
        if node.args[0].op != "symbol" or "_" in base or "^" in base:
            base = self.paren(base)
        return Piece(f"{base}_{{{self.listed(node.args[1:])}}}")

    # ---- functions

    def op_function(self, node: Term) -> Piece:
        name, argument = node.data[0], node.args[0]
        if name == "abs":
            return Piece(self.enclosed(self.show(argument), "|", "|"))
        if name == "sqrt":
            return Piece(rf"\sqrt{{{self.show(argument)}}}")
        if name == "floor":
            return Piece(command(r"\lfloor", self.show(argument)) + r"\rfloor")
        word = self.words.functions.get(name) or rf"\operatorname{{{name}}}"
        bare = argument.op in APPLIED or argument.op == "symbol" or self.piece(argument).prec == FRACTION
        if name in PREFIXED and bare:  # nothing else can be meant
            return Piece(command(word, self.show(argument)), PREFIX, frozenset())
        return Piece(word + self.paren(self.show(argument)), PREFIX)

    # ---- truth values

    def op_not(self, node: Term) -> Piece:
        return Piece(command(r"\lnot", self.at_least(node.args[0], ATOM)), NOT)

    def op_indicator(self, node: Term) -> Piece:
        return Piece(rf"\mathbb{{1}}\{{{self.show(node.args[0])}\}}")

    # ---- binders

    def drawn(self, node: Term, law: Term) -> str:
        if law.op == "family" and law.data[0].startswith("the law of "):
            return self.bound(node)  # of which nothing is known but its variable
        return command(self.bound(node) + r"\sim", self.show(law))

    def expected(self, node: Term) -> Piece:
        law, *bodies = node.args
        head = f"{self.words.operators[node.op]}_{{{self.drawn(node, law)}}}"
        return Piece(head + self.enclosed(self.listed(bodies), "[", "]"))

    def optimum(self, node: Term) -> Piece:
        head = f"{self.words.operators[node.op]}_{{{self.bound(node)}}}"
        return Piece(f"{head} {self.at_least(node.args[0], MUL)}", PREFIX, frozenset(node.data))

    # ---- differential

    def op_derivative(self, node: Term) -> Piece:
        body = node.args[0]
        inner = self.piece(body)
        names = self.bound(node)
        if body.sort.kind == "scalar" and (node.sort != body.sort or len(node.data) > 1):
            return Piece(rf"\nabla_{{{names}}} {self.closed(inner, PREFIX)}", PREFIX, inner.tail or frozenset())
        below = command(r"\partial", names if len(node.data) == 1 else f"({names})")
        if body.op in ("symbol", "call", "call_inverse") and len(node.data) == 1:
            return Piece(rf"\frac{{{command(chr(92) + 'partial', inner.text)}}}{{{below}}}", FRACTION)
        shown = self.closed(inner, PREFIX)
        return Piece(rf"\frac{{\partial}}{{{below}}} {shown}", PREFIX, inner.tail or frozenset())

    def op_at(self, node: Term) -> Piece:
        body, value = node.args
        return Piece(rf"\left.{self.at_least(body, PREFIX)}\right|_{{{self.bound(node)}={self.show(value)}}}", FRACTION)

    # ---- laws

    def op_uniform_choice(self, node: Term) -> Piece:
        return Piece(r"\mathrm{Uniform}" + self.enclosed(self.listed(node.args), r"\{", r"\}"))

    def density_name(self, law: Term, parameters: Sequence[Term], visible: bool) -> str:
        head, below = self.name(law.data[0]), [self.show(p) for p in parameters]
        labelled = "_" in law.data[0] and len(law.data[1]) == 1  # p_data, p_x: the label says of what it is
        if not visible and not labelled:
            below = [self.name(o) for o in law.data[1]] + below
        if below and head.endswith("}") and "_{" in head:
            return head[:-1] + "," + ",".join(below) + "}"
        return head + ("_{" + ",".join(below) + "}" if below else "")

    def op_with_density(self, node: Term) -> Piece:
        return self.piece(node.args[0])

    def op_pdf(self, node: Term) -> Piece:
        law, *points = node.args
        if law.op == "with_density" and len(points) == 1 and points[0].data == law.data:
            return self.piece(law)
        return super().op_pdf(node)


def latex(term: Term) -> str:
    """The term in LaTeX (mathematics, without dollar signs).  Never raises."""
    return LatexPrinter().render(term)
