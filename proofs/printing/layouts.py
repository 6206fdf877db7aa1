"""The layouts that both printers share: what differs between them is words, brackets and signs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from proofs.printing.pieces import ADD, AND, ATOM, COMPARE, HADAMARD, MUL, NOT, OR, POW, PREFIX, Piece
from proofs.printing.printer import Printer
from proofs.printing.words import Words
from proofs.terms import LAW_OPERATORS, Term

# the operators that are laid out alike: the name of the method that prints them
LAYOUTS = {
    op: layout
    for layout, ops in {
        "application": "det trace diag diagonal",
        "law": " ".join(LAW_OPERATORS - {"family", "with_density", "pushforward"}),
        "marked": "transpose inverse",
        "joined": "hadamard and or",
        "ranged": "sum product",
        "expected": "expectation variance covariance probability",
        "optimum": "maximum minimum argmax argmin",
        "divergence": "kl jsd entropy cross_entropy",
    }.items()
    for op in ops.split()
}
# how tightly the parts of these must bind, and how tightly the whole then does
JOINTS = {"hadamard": (PREFIX, HADAMARD), "and": (NOT, AND), "or": (AND, OR)}
# a function of one of these needs no parentheses of its own: log p(x), log f(x)
APPLIED = frozenset({"pdf", "call", "call_inverse", "det", "norm"})


def names_outcome(point: Term, outcome: str) -> bool:
    """Whether the point is a variable that visibly lives in the outcome's space: z, Z, z_1, z' for z."""
    if point.op != "symbol":
        return False
    name = str(point.data[0])
    return name.lower() == outcome.lower() or (name.startswith(outcome) and name[len(outcome)] in "_'^*")


class Layouts(Printer):
    """A printer with words.

    An operator is printed by its own method ``op_...``, or by the one that ``LAYOUTS`` names; of the latter a style has
    to define ``expected`` and ``optimum``.
    """

    words: Words
    parallel = " || "  # between the two laws of a divergence
    given = " | "  # before what a density is conditioned on
    before_differential = " "
    between_entries = ", "
    condition, otherwise = " if ", " otherwise"
    bar = "‖"
    left_brace, such_that, right_brace = "{", ": ", "}"

    # ---- what a style defines

    def enclosed(self, inner: str, left: str, right: str) -> str:
        """Inside these delimiters, which grow with what they hold where the style can say so."""
        return left + inner + right

    def raisable(self, base: Term) -> str:
        """The base of a superscript."""
        return self.at_least(base, ATOM)

    def exponent(self, node: Term) -> str:
        """A superscript, with the sign that raises it."""
        raise NotImplementedError

    def stacked(self, kind: str, rows: list[str]) -> str:
        """The rows of a 'pmatrix' or of 'cases'."""
        raise NotImplementedError

    def drawn(self, node: Term, law: Term) -> str:
        """A bound variable with its law."""
        raise NotImplementedError

    def below(self, condition: str) -> str:
        """A condition at the sign of a sum."""
        raise NotImplementedError

    def limits(self, lower: str, upper: str) -> str:
        """What stands at the sign of a sum or an integral."""
        raise NotImplementedError

    def density_name(self, law: Term, parameters: Sequence[Term], visible: bool) -> str:
        """The letter of a density; with its outcomes, unless its points make them ``visible``."""
        raise NotImplementedError

    # ---- names

    def method(self, op: str) -> Callable[[Term], Piece]:
        method: Callable[[Term], Piece] = getattr(self, LAYOUTS.get(op, ""), self.unknown)
        return getattr(self, f"op_{op}", method)

    def name(self, name: object) -> str:
        return self.words.name(name)

    def bound(self, node: Term) -> str:
        return ", ".join(map(self.name, node.data))

    # ---- atoms

    def op_constant(self, node: Term) -> Piece:
        return Piece(self.words.constants[node.data[0]])

    def op_symbol(self, node: Term) -> Piece:
        return Piece(self.name(node.data[0]))

    def op_zeros(self, node: Term) -> Piece:
        return Piece("0")

    # ---- a word and its arguments

    def applied(self, word: str, node: Term) -> Piece:
        return Piece(word + self.paren(self.listed(node.args)))

    def application(self, node: Term) -> Piece:
        return self.applied(self.words.operators[node.op], node)

    def law(self, node: Term) -> Piece:
        return self.applied(self.words.laws[node.op], node)

    def op_call(self, node: Term) -> Piece:
        return self.applied(self.name(node.data[0]), node)

    def op_call_inverse(self, node: Term) -> Piece:
        return self.applied(self.name(node.data[0]) + self.words.operators["inverse"], node)

    def divergence(self, node: Term) -> Piece:
        between = self.parallel if node.op in ("kl", "jsd") else ", "
        shown = between.join(map(self.show, node.args))
        return Piece(self.words.operators[node.op] + self.enclosed(shown, "(", ")"))

    # ---- signs between and behind

    def joined(self, node: Term) -> Piece:
        least, prec = JOINTS[node.op]
        last = len(node.args) - 1
        shown = [self.at_least(a, least, i == last) for i, a in enumerate(node.args)]
        return Piece(self.words.operators[node.op].join(shown), prec)

    def op_compare(self, node: Term) -> Piece:
        rel = self.words.comparisons.get(node.data[0], node.data[0])
        left, right = (self.at_least(a, ADD) for a in node.args)
        return Piece(f"{left} {rel} {right}", COMPARE)

    def marked(self, node: Term) -> Piece:
        return Piece(self.raisable(node.args[0]) + self.words.operators[node.op], POW)

    def op_pow(self, node: Term) -> Piece:
        below = self.reciprocal_of(node)
        if below is not None:
            return self.over(None, self.piece(below))
        base, exponent = node.args
        return Piece(self.raisable(base) + self.exponent(exponent), POW)

    # ---- sums, products and integrals over a variable

    def ranged(self, node: Term) -> Piece:
        body, lower, upper = node.args
        inner = self.piece(body)
        indices, within = frozenset(node.data), inner.tail or frozenset()
        head = self.words.operators[node.op] + self.limits(f"{self.bound(node)}={self.show(lower)}", self.show(upper))
        # a sum behind factors would end one over the same letter: both would be read as a product of sums
        shown = self.paren(inner.text) if indices & within else self.closed(inner, MUL)
        return Piece(f"{head} {shown}", PREFIX, indices | within)

    def op_preimages(self, node: Term) -> Piece:
        value, image, body = node.args
        inner = self.piece(body)
        indices, within = frozenset(node.data), inner.tail or frozenset()
        below = f"{self.bound(node)}: {self.show(image)} = {self.show(value)}"
        head = self.words.operators["sum"] + self.below(below)
        shown = self.paren(inner.text) if indices & within else self.closed(inner, MUL)
        return Piece(f"{head} {shown}", PREFIX, indices | within)

    def op_integral(self, node: Term) -> Piece:
        head = self.words.operators["integral"]
        if len(node.args) == 3:
            head += self.limits(self.show(node.args[1]), self.show(node.args[2]))
        end = f"{self.before_differential}d{self.bound(node)}"
        return Piece(f"{head} {self.at_least(node.args[0], MUL)}{end}", PREFIX, frozenset())

    # ---- rows and bars

    def op_matrix(self, node: Term) -> Piece:
        cols = node.data[1]
        rows = [node.args[i : i + cols] for i in range(0, len(node.args), cols)]
        return Piece(self.stacked("pmatrix", [self.between_entries.join(map(self.show, row)) for row in rows]))

    def op_cases(self, node: Term) -> Piece:
        a = node.args
        rows = [self.show(a[i]) + self.condition + self.show(a[i + 1]) for i in range(0, len(a) - 1, 2)]
        if len(a) % 2:
            rows.append(self.show(a[-1]) + self.otherwise)
        return Piece(self.stacked("cases", rows))

    def op_norm(self, node: Term) -> Piece:
        return Piece(self.enclosed(self.show(node.args[0]), self.bar, self.bar))

    # ---- laws and densities

    def op_pushforward(self, node: Term) -> Piece:
        law, body = node.args
        inner = self.show(body) + self.such_that + self.drawn(node, law)
        return Piece(self.enclosed(inner, self.left_brace, self.right_brace))

    def density(self, law: Term, points: str, visible: bool) -> Piece:
        count = len(law.data[2])
        given, parameters = law.args[:count], law.args[count:]
        behind = self.given + self.listed(given) if given else ""
        return Piece(self.density_name(law, parameters, visible) + self.paren(points + behind))

    def op_family(self, node: Term) -> Piece:
        return self.density(node, ", ".join(map(self.name, node.data[1])), visible=True)

    def op_pdf(self, node: Term) -> Piece:
        law, *points = node.args
        if law.op == "family":
            visible = len(points) == len(law.data[1]) and all(map(names_outcome, points, law.data[1]))
            return self.density(law, self.listed(points), visible)
        if law.op in self.words.laws:
            return Piece(self.words.laws[law.op] + self.paren(f"{self.listed(points)}; {self.listed(law.args)}"))
        of = self.enclosed(self.show(law), "[", "]")
        return Piece(self.words.operators["pdf"] + of + self.paren(self.listed(points)))
