"""The walk over a term, bottom-up with a stack of its own, and where parentheses go: sums, products, fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from proofs.printing.pieces import ADD, HADAMARD, MUL, NEGATIVE, Piece
from proofs.terms import BINDER_SCOPE, Term, is_number

LONGEST = 100_000
# what comes of a node whose arguments or data are too few, too many, or of another kind than its operator takes
MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class Printer:
    """Prints one term, each operator by its method ``op_...``.  Subclasses say how things look."""

    ellipsis = "…"

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
        try:
            piece = self.method(node.op)(node)
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

    def method(self, op: str) -> Callable[[Term], Piece]:
        method: Callable[[Term], Piece] = getattr(self, f"op_{op}", self.unknown)
        return method

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
