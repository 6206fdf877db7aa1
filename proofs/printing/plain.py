"""One line of Unicode, for messages, certificates and the terminal.  Binders are shown: ``E[z ~ q(z | x)](f(z))``."""

from __future__ import annotations

from proofs.printing.names import dimension_text, name_text
from proofs.printing.pieces import (
    ADD,
    AND,
    ATOM,
    COMPARE,
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
from proofs.terms import Term

LAW_NAMES = {
    "normal": "N",
    "bernoulli": "Bernoulli",
    "categorical": "Categorical",
    "uniform": "Uniform",
    "uniform_choice": "UniformChoice",
    "exponential": "Exponential",
    "gamma": "Gamma",
    "beta": "Beta",
    "poisson": "Poisson",
    "laplace": "Laplace",
    "student_t": "StudentT",
}
CONSTANTS = {"pi": "π", "e": "e", "euler_gamma": "γ_E", "infinity": "∞", "i": "i"}
FUNCTION_NAMES = {"sigmoid": "σ", "normal_cdf": "Φ", "gamma_function": "Γ", "log_gamma": "log Γ", "digamma": "ψ"}
RELATION_SIGNS = {"<=": "≤", ">=": "≥", "!=": "≠"}
# a function of one of these needs no parentheses of its own: log p(x), log f(x)
APPLIED = frozenset({"pdf", "call", "call_inverse", "det", "norm"})


def names_outcome(point: Term, outcome: str) -> bool:
    """Whether the point is a variable that visibly lives in the outcome's space: z, z_1, z' for z."""
    if point.op != "symbol":
        return False
    name = str(point.data[0])
    return name == outcome or (name.startswith(outcome) and name[len(outcome)] in "_'^*")


class PlainPrinter(Printer):
    def times(self, left: str, right: str) -> str:
        return f"{left}·{right}"

    def over(self, above: Piece | None, below: Piece) -> Piece:
        upper = self.closed(above, MUL, last=False) if above else "1"
        return Piece(f"{upper}/{self.closed(below, POW)}", MUL)

    def applied(self, name: str, node: Term) -> Piece:
        return Piece(f"{name}({self.listed(node.args)})")

    # ---- atoms

    def op_number(self, node: Term) -> Piece:
        value = node.data[0]
        return Piece(str(value), NEGATIVE if value < 0 else ATOM if value.denominator == 1 else MUL)

    def op_constant(self, node: Term) -> Piece:
        return Piece(CONSTANTS[node.data[0]])

    def op_symbol(self, node: Term) -> Piece:
        return Piece(name_text(node.data[0]))

    # ---- arithmetic

    def op_pow(self, node: Term) -> Piece:
        below = self.reciprocal_of(node)
        if below is not None:
            return self.over(None, self.piece(below))
        base, exponent = node.args
        shown = self.show(exponent)
        whole = exponent.op == "number" and exponent.data[0].denominator == 1
        raised = shown if whole or self.piece(exponent).prec == ATOM else f"({shown})"
        return Piece(f"{self.at_least(base, ATOM)}^{raised}", POW)

    def op_hadamard(self, node: Term) -> Piece:
        last = len(node.args) - 1
        return Piece(" ⊙ ".join(self.at_least(a, PREFIX, i == last) for i, a in enumerate(node.args)), HADAMARD)

    # ---- matrices

    def op_transpose(self, node: Term) -> Piece:
        return Piece(f"{self.at_least(node.args[0], ATOM)}^⊤", POW)

    def op_inverse(self, node: Term) -> Piece:
        return Piece(f"{self.at_least(node.args[0], ATOM)}^-1", POW)

    def op_det(self, node: Term) -> Piece:
        return self.applied("det", node)

    def op_trace(self, node: Term) -> Piece:
        return self.applied("tr", node)

    def op_diag(self, node: Term) -> Piece:
        return self.applied("diag", node)

    def op_diagonal(self, node: Term) -> Piece:
        return self.applied("diagonal", node)

    def op_identity(self, node: Term) -> Piece:
        return Piece("I_" + dimension_text(node.data[0]))

    def op_zeros(self, node: Term) -> Piece:
        return Piece("0")

    def op_ones(self, node: Term) -> Piece:
        rows, cols = node.data
        size = dimension_text(rows) + ("" if cols == 1 else "×" + dimension_text(cols))
        return Piece("1_" + (size if cols == 1 else f"({size})"))

    def op_matrix(self, node: Term) -> Piece:
        cols = node.data[1]
        rows = [self.listed(node.args[i : i + cols]) for i in range(0, len(node.args), cols)]
        return Piece("[" + "; ".join(rows) + "]")

    def op_entry(self, node: Term) -> Piece:
        return Piece(f"{self.at_least(node.args[0], ATOM)}[{self.listed(node.args[1:])}]")

    def op_norm(self, node: Term) -> Piece:
        return Piece(f"‖{self.show(node.args[0])}‖")

    # ---- functions

    def op_function(self, node: Term) -> Piece:
        name, argument = node.data[0], node.args[0]
        if name == "abs":
            return Piece(f"|{self.show(argument)}|")
        if name == "floor":
            return Piece(f"⌊{self.show(argument)}⌋")
        shown = FUNCTION_NAMES.get(name, name)
        if name == "log" and argument.op in APPLIED:
            return Piece(f"log {self.show(argument)}", PREFIX, frozenset())
        return Piece(f"{shown}({self.show(argument)})")

    def op_call(self, node: Term) -> Piece:
        return self.applied(name_text(node.data[0]), node)

    def op_call_inverse(self, node: Term) -> Piece:
        return self.applied(name_text(node.data[0]) + "^-1", node)

    # ---- truth values

    def op_compare(self, node: Term) -> Piece:
        rel = RELATION_SIGNS.get(node.data[0], node.data[0])
        left, right = (self.at_least(a, ADD) for a in node.args)
        return Piece(f"{left} {rel} {right}", COMPARE)

    def op_and(self, node: Term) -> Piece:
        return Piece(" and ".join(self.at_least(a, NOT) for a in node.args), AND)

    def op_or(self, node: Term) -> Piece:
        return Piece(" or ".join(self.at_least(a, AND) for a in node.args), OR)

    def op_not(self, node: Term) -> Piece:
        return Piece(f"not {self.at_least(node.args[0], ATOM)}", NOT)

    def op_indicator(self, node: Term) -> Piece:
        return Piece(f"1{{{self.show(node.args[0])}}}")

    def op_cases(self, node: Term) -> Piece:
        a = node.args
        rows = [f"{self.show(a[i])} if {self.show(a[i + 1])}" for i in range(0, len(a) - 1, 2)]
        if len(a) % 2:
            rows.append(f"{self.show(a[-1])} otherwise")
        return Piece("{" + "; ".join(rows) + "}")

    # ---- binders

    def ranged(self, sign: str, node: Term) -> Piece:
        body, lower, upper = node.args
        inner = self.piece(body)
        head = f"{sign}[{self.bound(node)}={self.show(lower)}..{self.show(upper)}]"
        return Piece(f"{head} {self.closed(inner, MUL)}", PREFIX, frozenset(node.data) | (inner.tail or frozenset()))

    def op_sum(self, node: Term) -> Piece:
        return self.ranged("Σ", node)

    def op_product(self, node: Term) -> Piece:
        return self.ranged("Π", node)

    def op_integral(self, node: Term) -> Piece:
        bounds = f"[{self.show(node.args[1])}..{self.show(node.args[2])}]" if len(node.args) == 3 else ""
        return Piece(f"∫{bounds} {self.at_least(node.args[0], MUL)} d{self.bound(node)}", PREFIX, frozenset())

    def bound(self, node: Term) -> str:
        return ", ".join(name_text(n) for n in node.data)

    def expected(self, name: str, node: Term) -> Piece:
        law, *bodies = node.args
        return Piece(f"{name}[{self.bound(node)} ~ {self.show(law)}]({self.listed(bodies)})")

    def op_expectation(self, node: Term) -> Piece:
        return self.expected("E", node)

    def op_variance(self, node: Term) -> Piece:
        return self.expected("Var", node)

    def op_covariance(self, node: Term) -> Piece:
        return self.expected("Cov", node)

    def op_probability(self, node: Term) -> Piece:
        return self.expected("P", node)

    def optimum(self, name: str, node: Term) -> Piece:
        return Piece(f"{name}[{self.bound(node)}]({self.show(node.args[0])})")

    def op_maximum(self, node: Term) -> Piece:
        return self.optimum("max", node)

    def op_minimum(self, node: Term) -> Piece:
        return self.optimum("min", node)

    def op_argmax(self, node: Term) -> Piece:
        return self.optimum("argmax", node)

    def op_argmin(self, node: Term) -> Piece:
        return self.optimum("argmin", node)

    # ---- differential

    def op_derivative(self, node: Term) -> Piece:
        body = node.args[0]
        sign = "∂/∂" if node.sort == body.sort and len(node.data) == 1 else "∇_" if body.sort.kind == "scalar" else "J_"
        names = ",".join(name_text(n) for n in node.data)
        inner = self.piece(body)
        head = sign + (names if len(node.data) == 1 else f"({names})")
        return Piece(f"{head} {self.closed(inner, PREFIX)}", PREFIX, inner.tail or frozenset())

    def op_at(self, node: Term) -> Piece:
        body, value = node.args
        return Piece(f"{self.at_least(body, ATOM)}|[{self.bound(node)} = {self.show(value)}]")

    # ---- laws

    def op_family(self, node: Term) -> Piece:
        return Piece(self.density(node, ", ".join(name_text(o) for o in node.data[1]), visible=True))

    def density(self, law: Term, points: str, visible: bool) -> str:
        letter, outcomes, givens, _ = law.data
        given, parameters = law.args[: len(givens)], law.args[len(givens) :]
        head = name_text(letter)
        if not visible:
            head += "_" + ",".join(name_text(o) for o in outcomes)
        if parameters:
            head += "_" + ",".join(
                self.show(p) if self.piece(p).prec == ATOM else f"({self.show(p)})" for p in parameters
            )
        behind = " | " + self.listed(given) if given else ""
        return f"{head}({points}{behind})"

    def op_with_density(self, node: Term) -> Piece:
        return Piece(f"{{{self.bound(node)}: {self.show(node.args[0])}}}")

    def op_pushforward(self, node: Term) -> Piece:
        law, body = node.args
        return Piece(f"{{{self.show(body)}: {self.bound(node)} ~ {self.show(law)}}}")

    def op_pdf(self, node: Term) -> Piece:
        law, *points = node.args
        if law.op == "family":
            visible = len(points) == len(law.data[1]) and all(map(names_outcome, points, law.data[1]))
            return Piece(self.density(law, self.listed(points), visible))
        if law.op in LAW_NAMES:
            return Piece(f"{LAW_NAMES[law.op]}({self.listed(points)}; {self.listed(law.args)})")
        return Piece(f"pdf[{self.show(law)}]({self.listed(points)})")

    def divergence(self, name: str, node: Term, between: str) -> Piece:
        return Piece(f"{name}({between.join(self.show(a) for a in node.args)})")

    def op_kl(self, node: Term) -> Piece:
        return self.divergence("KL", node, " || ")

    def op_jsd(self, node: Term) -> Piece:
        return self.divergence("JSD", node, " || ")

    def op_entropy(self, node: Term) -> Piece:
        return self.divergence("H", node, ", ")

    def op_cross_entropy(self, node: Term) -> Piece:
        return self.divergence("H", node, ", ")


def _law_method(op: str):
    def method(self: PlainPrinter, node: Term) -> Piece:
        return self.applied(LAW_NAMES[op], node)

    return method


for _op in LAW_NAMES:
    setattr(PlainPrinter, "op_" + _op, _law_method(_op))


def text(term: Term) -> str:
    """The term on one line of plain Unicode.  Never raises."""
    return PlainPrinter().render(term)
