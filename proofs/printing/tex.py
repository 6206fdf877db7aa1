"""LaTeX in the notation of the field, such that our own reader reads it back."""

from __future__ import annotations

from proofs.printing.names import dimension_latex, name_latex
from proofs.printing.pieces import (
    ADD,
    AND,
    ATOM,
    COMPARE,
    FRACTION,
    HADAMARD,
    MUL,
    NEGATIVE,
    NOT,
    OR,
    POW,
    PREFIX,
    Piece,
    Printer,
)
from proofs.printing.plain import names_outcome
from proofs.printing.tex_names import APPLIED, CONSTANTS, FUNCTION_NAMES, LAW_NAMES, PREFIXED, RELATION_SIGNS, TALL
from proofs.terms import Term


def brackets(inner: str, left: str = "(", right: str = ")") -> str:
    """Delimiters of the right height around ``inner``."""
    if any(t in inner for t in TALL) or len(left) > 1:
        return rf"\left{left}{inner}\right{right}"
    return left + inner + right


def command(before: str, after: str) -> str:
    """Two bits beside each other, with a space where a command would swallow a letter."""
    letters = before[before.rfind("\\") + 1 :] if "\\" in before else ""
    return before + (" " if letters.isalpha() and after[:1].isalpha() else "") + after


class LatexPrinter(Printer):
    ellipsis = r"\ldots"

    def paren(self, inner: str) -> str:
        return brackets(inner)

    def times(self, left: str, right: str) -> str:
        clear = right[:1].isalpha() or right.startswith("\\")
        clear = clear and not right.startswith((r"\left(", r"\left[", r"\begin"))
        return f"{left} {right}" if clear else rf"{left} \cdot {right}"

    def over(self, above: Piece | None, below: Piece) -> Piece:
        return Piece(rf"\frac{{{above.text if above else '1'}}}{{{below.text}}}", FRACTION)

    def applied(self, name: str, node: Term) -> Piece:
        return Piece(name + brackets(self.listed(node.args)))

    def prefixed(self, name: str, argument: Term) -> Piece:
        """A function with its argument; without parentheses where nothing else can be meant."""
        inner = self.piece(argument)
        if argument.op in APPLIED or inner.prec == FRACTION:
            return Piece(command(name, inner.text), PREFIX, frozenset())
        return Piece(name + brackets(inner.text), PREFIX)

    # ---- atoms

    def op_number(self, node: Term) -> Piece:
        value = node.data[0]
        sign, size = ("-", -value) if value < 0 else ("", value)
        shown = str(size) if size.denominator == 1 else rf"\frac{{{size.numerator}}}{{{size.denominator}}}"
        return Piece(sign + shown, NEGATIVE if sign else ATOM if size.denominator == 1 else FRACTION)

    def op_constant(self, node: Term) -> Piece:
        return Piece(CONSTANTS[node.data[0]])

    def op_symbol(self, node: Term) -> Piece:
        return Piece(name_latex(node.data[0]))

    # ---- arithmetic

    def op_pow(self, node: Term) -> Piece:
        below = self.reciprocal_of(node)
        if below is not None:
            return self.over(None, self.piece(below))
        base, exponent = node.args
        return Piece(f"{self.raisable(base)}^{{{self.show(exponent)}}}", POW)

    def raisable(self, base: Term) -> str:
        """The base of a superscript; parentheses also where its name already has one."""
        shown = self.at_least(base, ATOM)
        taken = base.op in ("symbol", "call_inverse") and "^" in shown
        return self.paren(shown) if taken or shown.endswith("'") else shown

    def op_hadamard(self, node: Term) -> Piece:
        last = len(node.args) - 1
        return Piece(r" \odot ".join(self.at_least(a, PREFIX, i == last) for i, a in enumerate(node.args)), HADAMARD)

    # ---- matrices

    def op_transpose(self, node: Term) -> Piece:
        return Piece(rf"{self.raisable(node.args[0])}^\top", POW)

    def op_inverse(self, node: Term) -> Piece:
        return Piece(f"{self.raisable(node.args[0])}^{{-1}}", POW)

    def op_det(self, node: Term) -> Piece:
        return self.applied(r"\det", node)

    def op_trace(self, node: Term) -> Piece:
        return self.applied(r"\operatorname{tr}", node)

    def op_diag(self, node: Term) -> Piece:
        return self.applied(r"\mathrm{diag}", node)

    def op_diagonal(self, node: Term) -> Piece:
        return self.applied(r"\mathrm{diag}", node)

    def op_identity(self, node: Term) -> Piece:
        return Piece(f"I_{{{dimension_latex(node.data[0])}}}")

    def op_zeros(self, node: Term) -> Piece:
        return Piece("0")

    def op_ones(self, node: Term) -> Piece:
        return Piece(r"\mathbf{1}")

    def op_matrix(self, node: Term) -> Piece:
        cols = node.data[1]
        rows = [" & ".join(map(self.show, node.args[i : i + cols])) for i in range(0, len(node.args), cols)]
        return Piece(r"\begin{pmatrix}" + r" \\ ".join(rows) + r"\end{pmatrix}")

    def op_entry(self, node: Term) -> Piece:
        base = self.at_least(node.args[0], ATOM)
        if node.args[0].op != "symbol" or "_" in base or "^" in base:
            base = self.paren(base)
        return Piece(f"{base}_{{{self.listed(node.args[1:])}}}")

    def op_norm(self, node: Term) -> Piece:
        return Piece(brackets(self.show(node.args[0]), r"\|", r"\|"))

    # ---- functions

    def op_function(self, node: Term) -> Piece:
        name, argument = node.data[0], node.args[0]
        if name == "abs":
            return Piece(rf"\left|{self.show(argument)}\right|")
        if name == "sqrt":
            return Piece(rf"\sqrt{{{self.show(argument)}}}")
        if name == "floor":
            return Piece(command(r"\lfloor", self.show(argument)) + r"\rfloor")
        if name in PREFIXED:
            return self.prefixed(FUNCTION_NAMES[name], argument)
        shown = FUNCTION_NAMES.get(name) or rf"\operatorname{{{name}}}"
        return Piece(shown + brackets(self.show(argument)), PREFIX)

    def op_call(self, node: Term) -> Piece:
        return self.applied(name_latex(node.data[0]), node)

    def op_call_inverse(self, node: Term) -> Piece:
        return self.applied(name_latex(node.data[0]) + "^{-1}", node)

    # ---- truth values

    def op_compare(self, node: Term) -> Piece:
        rel = RELATION_SIGNS.get(node.data[0], node.data[0])
        left, right = (self.at_least(a, ADD) for a in node.args)
        return Piece(f"{left} {rel} {right}", COMPARE)

    def op_and(self, node: Term) -> Piece:
        return Piece(r" \land ".join(self.at_least(a, NOT) for a in node.args), AND)

    def op_or(self, node: Term) -> Piece:
        return Piece(r" \lor ".join(self.at_least(a, AND) for a in node.args), OR)

    def op_not(self, node: Term) -> Piece:
        return Piece(command(r"\lnot", self.at_least(node.args[0], ATOM)), NOT)

    def op_indicator(self, node: Term) -> Piece:
        return Piece(rf"\mathbb{{1}}\{{{self.show(node.args[0])}\}}")

    def op_cases(self, node: Term) -> Piece:
        a = node.args
        rows = [f"{self.show(a[i])} & {self.show(a[i + 1])}" for i in range(0, len(a) - 1, 2)]
        if len(a) % 2:
            rows.append(rf"{self.show(a[-1])} & \text{{otherwise}}")
        return Piece(r"\begin{cases}" + r" \\ ".join(rows) + r"\end{cases}")

    # ---- binders

    def bound(self, node: Term) -> str:
        return ", ".join(name_latex(n) for n in node.data)

    def ranged(self, sign: str, node: Term) -> Piece:
        body, lower, upper = node.args
        inner = self.piece(body)
        head = f"{sign}_{{{self.bound(node)}={self.show(lower)}}}^{{{self.show(upper)}}}"
        return Piece(f"{head} {self.closed(inner, MUL)}", PREFIX, frozenset(node.data) | (inner.tail or frozenset()))

    def op_sum(self, node: Term) -> Piece:
        return self.ranged(r"\sum", node)

    def op_product(self, node: Term) -> Piece:
        return self.ranged(r"\prod", node)

    def op_integral(self, node: Term) -> Piece:
        bounds = f"_{{{self.show(node.args[1])}}}^{{{self.show(node.args[2])}}}" if len(node.args) == 3 else ""
        return Piece(rf"\int{bounds} {self.at_least(node.args[0], MUL)} \,d{self.bound(node)}", PREFIX, frozenset())

    def expected(self, name: str, node: Term) -> Piece:
        law, *bodies = node.args
        head = rf"{name}_{{{command(self.bound(node) + chr(92) + 'sim', self.show(law))}}}"
        return Piece(rf"{head}\left[{self.listed(bodies)}\right]")

    def op_expectation(self, node: Term) -> Piece:
        return self.expected(r"\mathbb{E}", node)

    def op_variance(self, node: Term) -> Piece:
        return self.expected(r"\operatorname{Var}", node)

    def op_covariance(self, node: Term) -> Piece:
        return self.expected(r"\operatorname{Cov}", node)

    def op_probability(self, node: Term) -> Piece:
        return self.expected(r"\mathbb{P}", node)

    def optimum(self, name: str, node: Term) -> Piece:
        return Piece(f"{name}_{{{self.bound(node)}}} {self.at_least(node.args[0], MUL)}", PREFIX, frozenset(node.data))

    def op_maximum(self, node: Term) -> Piece:
        return self.optimum(r"\max", node)

    def op_minimum(self, node: Term) -> Piece:
        return self.optimum(r"\min", node)

    def op_argmax(self, node: Term) -> Piece:
        return self.optimum(r"\arg\max", node)

    def op_argmin(self, node: Term) -> Piece:
        return self.optimum(r"\arg\min", node)

    # ---- differential

    def op_derivative(self, node: Term) -> Piece:
        body = node.args[0]
        inner = self.piece(body)
        names = self.bound(node)
        if body.sort.kind == "scalar" and (node.sort != body.sort or len(node.data) > 1):
            return Piece(rf"\nabla_{{{names}}} {self.closed(inner, PREFIX)}", PREFIX, inner.tail or frozenset())
        below = command(r"\partial", names)
        if body.op in ("symbol", "call", "call_inverse") and len(node.data) == 1:
            return Piece(rf"\frac{{{command(chr(92) + 'partial', inner.text)}}}{{{below}}}", FRACTION)
        shown = self.closed(inner, PREFIX)
        return Piece(rf"\frac{{\partial}}{{{below}}} {shown}", PREFIX, inner.tail or frozenset())

    def op_at(self, node: Term) -> Piece:
        body, value = node.args
        return Piece(rf"\left.{self.at_least(body, PREFIX)}\right|_{{{self.bound(node)}={self.show(value)}}}", FRACTION)

    # ---- laws

    def op_uniform_choice(self, node: Term) -> Piece:
        return Piece(rf"\mathrm{{Uniform}}\left\{{{self.listed(node.args)}\right\}}")

    def op_family(self, node: Term) -> Piece:
        return Piece(self.density(node, ", ".join(name_latex(o) for o in node.data[1]), visible=True))

    def density(self, law: Term, points: str, visible: bool) -> str:
        letter, outcomes, givens, _ = law.data
        given, parameters = law.args[: len(givens)], law.args[len(givens) :]
        head, below = name_latex(letter), [self.show(p) for p in parameters]
        if not visible:
            below = [name_latex(o) for o in outcomes] + below
        if below and head.endswith("}") and "_{" in head:
            head = head[:-1] + "," + ",".join(below) + "}"
        elif below:
            head += "_{" + ",".join(below) + "}"
        behind = "|" + self.listed(given) if given else ""
        return head + brackets(points + behind)

    def op_with_density(self, node: Term) -> Piece:
        return self.piece(node.args[0])

    def op_pushforward(self, node: Term) -> Piece:
        law, body = node.args
        source = command(self.bound(node) + r"\sim", self.show(law))
        return Piece(rf"\left\{{{self.show(body)} : {source}\right\}}")

    def op_pdf(self, node: Term) -> Piece:
        law, *points = node.args
        if law.op == "family":
            visible = len(points) == len(law.data[1]) and all(map(names_outcome, points, law.data[1]))
            return Piece(self.density(law, self.listed(points), visible))
        if law.op in LAW_NAMES:
            return Piece(LAW_NAMES[law.op] + brackets(f"{self.listed(points)}; {self.listed(law.args)}"))
        if law.op == "with_density" and len(points) == 1 and points[0].data == law.data:
            return self.piece(law)
        return Piece(rf"\mathrm{{pdf}}\left[{self.show(law)}\right]" + brackets(self.listed(points)))

    def divergence(self, name: str, node: Term, between: str) -> Piece:
        return Piece(rf"{name}\left({between.join(self.show(a) for a in node.args)}\right)")

    def op_kl(self, node: Term) -> Piece:
        return self.divergence("D_{KL}", node, r" \| ")

    def op_jsd(self, node: Term) -> Piece:
        return self.divergence(r"\mathrm{JSD}", node, r" \| ")

    def op_entropy(self, node: Term) -> Piece:
        return self.divergence("H", node, ", ")

    def op_cross_entropy(self, node: Term) -> Piece:
        return self.divergence("H", node, ", ")


def _law_method(op: str):
    def method(self: LatexPrinter, node: Term) -> Piece:
        return self.applied(LAW_NAMES[op], node)

    return method


for _op in LAW_NAMES:
    setattr(LatexPrinter, "op_" + _op, _law_method(_op))


def latex(term: Term) -> str:
    """The term in LaTeX (mathematics, without dollar signs).  Never raises."""
    return LatexPrinter().render(term)
