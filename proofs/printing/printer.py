"""What both printers share: the walk over a term, where parentheses go, and every layout that differs in words only.

The term is walked bottom-up with a stack of its own: depth costs no recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from proofs.printing.pieces import ADD, AND, ATOM, COMPARE, HADAMARD, MUL, NEGATIVE, NOT, OR, POW, PREFIX, Piece
from proofs.printing.words import Words
from proofs.terms import BINDER_SCOPE, LAW_OPERATORS, Term, is_number

LONGEST = 100_000
# what comes of a node whose arguments or data are too few, too many, or of another kind than its operator takes
MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)

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
    """Whether the point is a variable that visibly lives in the outcome's space: z, z_1, z' for z."""
    if point.op != "symbol":
        return False
    name = str(point.data[0])
    return name == outcome or (name.startswith(outcome) and name[len(outcome)] in "_'^*")


class Printer:
    """Prints one term.  A subclass says how things look; this class decides where parentheses go.

    An operator is printed by its own method ``op_...``, or by the one that ``LAYOUTS`` names; of the latter a subclass
    has to define ``expected`` and ``optimum``.
    """

    words: Words
    ellipsis = "…"
    parallel = " || "  # between the two laws of a divergence
    given = " | "  # before what a density is conditioned on
    before_differential = " "

    def __init__(self) -> None:
        self.memo: dict[int, Piece] = {}

    # ---- what a style defines

    def paren(self, inner: str) -> str:
        return f"({inner})"

    def times(self, left: str, right: str) -> str:
        raise NotImplementedError

    def over(self, above: Piece | None, below: Piece) -> Piece:
        """A fraction; ``above`` is None for 1."""
        raise NotImplementedError

    def enclosed(self, inner: str, left: str, right: str) -> str:
        """Inside these delimiters, which grow with what they hold where the style can say so."""
        return left + inner + right

    def raisable(self, base: Term) -> str:
        """The base of a superscript."""
        return self.at_least(base, ATOM)

    def exponent(self, node: Term) -> str:
        """A superscript, with the sign that raises it."""
        raise NotImplementedError

    def limits(self, lower: str, upper: str) -> str:
        """What stands at the sign of a sum or an integral."""
        raise NotImplementedError

    def density_name(self, law: Term, parameters: Sequence[Term], visible: bool) -> str:
        """The letter of a density; with its outcomes, unless its points make them ``visible``."""
        raise NotImplementedError

    # ---- walking

    def render(self, root: Term) -> str:
        stack: list[tuple[Term, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if id(node) in self.memo:
                continue
            if not ready:
                stack.append((node, True))
                stack.extend((a, False) for a in node.args if id(a) not in self.memo)
                continue
            self.memo[id(node)] = self.lay_out(node)
        return self.memo[id(root)].text

    def lay_out(self, node: Term) -> Piece:
        own = f"op_{node.op}"
        method: Callable[[Term], Piece] = getattr(self, own if hasattr(self, own) else LAYOUTS.get(node.op, "unknown"))
        try:
            piece = method(node)
        except MALFORMED:  # built by hand: shown as it is, never an error in an error message
            piece = self.unknown(node)
        if len(piece.text) > LONGEST:
            piece = Piece(self.ellipsis)
        names = frozenset().union(*(self.piece(a).names for a in node.args))
        if node.op == "symbol":
            names = frozenset(map(str, node.data))
        elif node.op == "derivative" or node.op in BINDER_SCOPE:
            names |= frozenset(map(str, node.data))
        return piece._replace(names=names)

    def unknown(self, node: Term) -> Piece:
        payload = [str(d) for d in node.data] if isinstance(node.data, tuple) else [str(node.data)]
        return Piece(f"{node.op}({', '.join(payload + [self.show(a) for a in node.args])})")

    # ---- pieces

    def piece(self, node: Term) -> Piece:
        return self.memo[id(node)]

    def show(self, node: Term) -> str:
        return self.memo[id(node)].text

    def closed(self, piece: Piece, least: int, last: bool = True) -> str:
        """The piece at a place where only what binds at least as tightly stands bare, and if something follows it."""
        needed = piece.prec < least or (not last and piece.tail is not None)
        return self.paren(piece.text) if needed else piece.text

    @staticmethod
    def open_end(piece: Piece, least: int) -> frozenset[str] | None:
        """The tail of what ends in the piece: none where it stands in parentheses."""
        return None if piece.prec < least else piece.tail

    def at_least(self, node: Term, least: int, last: bool = True) -> str:
        return self.closed(self.piece(node), least, last)

    # ---- sums and products

    def op_add(self, node: Term) -> Piece:
        pieces = [self.piece(a) for a in node.args]
        later: list[frozenset[str]] = [frozenset()] * len(pieces)
        for i in range(len(pieces) - 2, -1, -1):
            later[i] = later[i + 1] | pieces[i + 1].names
        out = ""
        for i, piece in enumerate(pieces):
            captures = bool(piece.tail and piece.tail & later[i])
            shown = self.paren(piece.text) if captures else self.closed(piece, ADD)
            if i == 0:
                out = shown
            elif shown.startswith("-"):
                out += " - " + shown[1:]
            else:
                out += " + " + shown
        return Piece(out, ADD, self.open_end(pieces[-1], ADD))

    def op_mul(self, node: Term) -> Piece:
        factors = list(node.args)
        sign = ""
        if is_number(factors[0], -1) and len(factors) > 1 and factors[1].op != "number":
            sign, factors = "-", factors[1:]
            if len(factors) == 1:
                only = self.piece(factors[0])
                return Piece(sign + self.closed(only, HADAMARD), NEGATIVE, self.open_end(only, HADAMARD))
        chunks = self.chunks(factors)
        first = chunks[0]
        if not sign and first.prec == NEGATIVE and first.text.startswith("-"):
            sign, chunks[0] = "-", first._replace(text=first.text[1:], prec=MUL)
        if len(chunks) == 1:
            out, prec, tail = chunks[0].text, chunks[0].prec, chunks[0].tail
        else:
            out = self.closed(chunks[0], MUL, last=False)
            for i, chunk in enumerate(chunks[1:], 2):
                out = self.join(out, chunk, last=i == len(chunks))
            prec, tail = MUL, self.open_end(chunks[-1], MUL)
        return Piece(sign + out, NEGATIVE if sign else prec, tail)

    def join(self, out: str, chunk: Piece, last: bool) -> str:
        return self.times(out, self.closed(chunk, MUL, last))

    def chunks(self, factors: list[Term]) -> list[Piece]:
        """The factors, with every reciprocal put under the scalar before it."""
        out: list[Piece] = []
        scalar = False
        for factor in factors:
            below = self.reciprocal_of(factor)
            if below is None:
                out.append(self.piece(factor))
            elif out and scalar and out[-1].prec != NEGATIVE:
                out[-1] = self.over(out[-1], self.piece(below))
            elif len(out) == 1 and scalar:  # -a/b: the sign stays in front
                upper = out[-1]._replace(text=out[-1].text[1:], prec=MUL)
                fraction = self.over(None if upper.text == "1" else upper, self.piece(below))
                out[-1] = fraction._replace(text="-" + fraction.text, prec=NEGATIVE)
            else:
                out.append(self.over(None, self.piece(below)))
            scalar = factor.sort.kind == "scalar"
        return out

    @staticmethod
    def reciprocal_of(node: Term) -> Term | None:
        if node.op == "pow" and is_number(node.args[1], -1) and node.sort.kind == "scalar":
            return node.args[0]
        return None

    def listed(self, nodes: Iterable[Term]) -> str:
        return ", ".join(self.show(a) for a in nodes)

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

    def op_integral(self, node: Term) -> Piece:
        head = self.words.operators["integral"]
        if len(node.args) == 3:
            head += self.limits(self.show(node.args[1]), self.show(node.args[2]))
        end = f"{self.before_differential}d{self.bound(node)}"
        return Piece(f"{head} {self.at_least(node.args[0], MUL)}{end}", PREFIX, frozenset())

    # ---- densities

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
