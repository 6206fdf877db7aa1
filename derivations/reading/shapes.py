"""Which letters of a document are vectors and which are matrices, from declarations and from how they are used.

``x^\\top y`` makes vectors, ``|\\Sigma|`` and ``\\Sigma^{-1}`` a matrix, ``N(\\mu, \\Sigma)`` a vector and a matrix, bold small letters
are vectors.  Kinds spread through sums and products until nothing changes.  What no use fixes stays a scalar.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from derivations.reading.conventions import Conventions
from derivations.reading.names import Head, head_of, is_minus_one, is_transpose, nodes, unwrap
from derivations.reading.tree import Fraction, Group, Infix, Matrix, Name, Node, Script, Sequence, Sum
from derivations.reading.usage import KNOWN_WORDS, Usage
from proofs.terms import SCALAR, Dim, Sort, matrix_sort, vector_sort

VECTOR, MATRIX, ROW = "vector", "matrix", "row"


@dataclass
class Shapes:
    """Kinds by key and, where declared, sorts by key.  ``dimension`` is that of every vector nothing else fixes."""

    kinds: dict[str, str] = field(default_factory=dict)
    declared: dict[str, Sort] = field(default_factory=dict)
    dimension: Dim = "d"
    dimension_known: bool = False

    def kind(self, key: str) -> str | None:
        if key in self.declared:
            sort = self.declared[key]
            return None if sort == SCALAR else VECTOR if sort.cols == 1 else MATRIX
        return self.kinds.get(key)

    def sort(self, key: str) -> Sort:
        """The sort of a symbol; SCALAR where nothing says otherwise."""
        if key in self.declared:
            return self.declared[key]
        kind = self.kinds.get(key)
        if kind == VECTOR:
            return vector_sort(self.dimension)
        if kind == MATRIX:
            return matrix_sort(self.dimension, self.dimension)
        return SCALAR

    def guessed(self, key: str) -> bool:
        return key not in self.declared and self.kinds.get(key) is None


class ShapeSurvey:
    """The fixpoint over all trees of a document."""

    def __init__(self, usage: Usage, conventions: Conventions, declared: dict[str, Sort]):
        self.usage, self.conventions = usage, conventions
        self.shapes = Shapes(declared=dict(declared))
        hints = [n for n, _ in usage.dimension_hints.most_common() if n not in ("m", "times") or usage.dimension_hints[n] > 3]
        hints = [h for h in hints if h in conventions.dimensions]
        dims = [s.rows for s in declared.values() if s.kind == "matrix" and s.cols == 1]
        if dims and len(set(dims)) == 1 and not hints:
            hints = [str(dims[0])] if isinstance(dims[0], str) else []
            if isinstance(dims[0], int):
                self.shapes.dimension, self.shapes.dimension_known = dims[0], True
        if hints:
            self.shapes.dimension, self.shapes.dimension_known = hints[0], True
        elif "d" in usage.counts and not self.shapes.dimension_known:
            self.shapes.dimension = "dim"
        self.changed = False

    def head(self, node: Node) -> Head | None:
        return head_of(
            node, is_index=self.usage.is_index, is_parameter=lambda n: n in self.conventions.parameters
        )

    def mark(self, node: Node, kind: str) -> None:
        """Everything that is added up in the node has this kind."""
        node = unwrap(node)
        if isinstance(node, Group) and len(node.parts) == 1 and node.open in ("(", "[", "{", ""):
            return self.mark(node.parts[0], kind)
        if isinstance(node, Sum):
            for t in node.terms:
                self.mark(t, kind)
            return None
        if isinstance(node, Sequence) and len(node.items) == 2 and node.signs == ("",) and isinstance(unwrap(node.items[1]), Group):
            node = node.items[0]  # mu(x): the values have the kind
        head = self.head(node)
        if head is None or head.indices or head.power is not None or head.base in KNOWN_WORDS or head.font in ("bb", "cal") and head.base in "ENR":
            return None
        if head.base in ("I", "0", "1"):
            return None
        key = head.key
        if key in self.shapes.declared or self.shapes.kinds.get(key) is not None:
            return None
        self.shapes.kinds[key] = kind
        self.changed = True
        return None

    def kind(self, node: Node) -> str | None:
        """The kind of a node as far as it is known; None for scalars and for what is not known yet."""
        node = unwrap(node)
        if isinstance(node, Matrix):
            return VECTOR if len(node.rows[0]) == 1 else ROW if len(node.rows) == 1 else MATRIX
        if isinstance(node, Group):
            return self.kind(node.parts[0]) if len(node.parts) == 1 and node.open in ("(", "[", "") else None
        if isinstance(node, Sum):
            return next((k for t in node.terms if (k := self.kind(t))), None)
        if isinstance(node, Script) and isinstance(unwrap(node.base), Group):
            inner = self.kind(node.base)
            if is_transpose(node.sup):
                return {VECTOR: ROW, ROW: VECTOR}.get(inner or "", inner)
            return inner if is_minus_one(node.sup) else None if inner == VECTOR else inner
        if isinstance(node, Sequence):
            return self.sequence_kind(node)
        head = self.head(node)
        if head is None or head.indices:
            return None
        if head.base == "I" and not head.accents:
            return MATRIX
        kind = self.shapes.kind(head.key)
        if head.power is not None and is_transpose(head.power):
            return {VECTOR: ROW, ROW: VECTOR}.get(kind or "", kind)
        return kind

    def sequence_kind(self, node: Sequence) -> str | None:
        state: str | None = None
        skip = False
        for i, item in enumerate(node.items):
            if skip:
                skip = False
                continue
            inner = unwrap(item)
            if isinstance(inner, Name) and inner.text in ("diag", "Diag"):
                return MATRIX
            if isinstance(inner, Name) and inner.text in KNOWN_WORDS or isinstance(inner, Name | Script) and (h := self.head(item)) and (
                h.font == "bb" and h.base in ("E",) or h.base in ("E", "Var", "nabla", "partial") and not isinstance(inner, Name)
            ):
                return None
            kind = self.kind(item)
            nxt = unwrap(node.items[i + 1]) if i + 1 < len(node.items) else None
            if self.head(item) is not None and isinstance(nxt, Group) and nxt.open == "(" and node.signs[i] == "" and self.head(item).key in self.usage.listed:  # type: ignore[union-attr]
                skip = True
            if node.signs[i - 1 : i] == ("odot",) and i:
                state = kind or state
                continue
            if kind is None:
                continue
            if state is None:
                state = kind
            elif state == ROW and kind == VECTOR:
                state = None
            elif state == ROW and kind == MATRIX:
                state = ROW
            elif state == MATRIX and kind == VECTOR:
                state = VECTOR
            elif state == VECTOR and kind == ROW:
                state = MATRIX
        return state

    def visit(self, tree: Node) -> None:
        for node in nodes(tree):
            self.evidence(node)

    def evidence(self, node: Node) -> None:
        match node:
            case Script() if is_transpose(node.sup):
                base = unwrap(node.base)
                head = self.head(base)
                if head is not None:
                    self.mark(base, MATRIX if is_matrix_letter(head, self.conventions) else VECTOR)
                elif isinstance(base, Group) and base.open in ("(", "[") and len(base.parts) == 1 and not self.kind(base):
                    for t in (unwrap(base.parts[0]).terms if isinstance(unwrap(base.parts[0]), Sum) else base.parts):
                        self.mark(t, VECTOR)
            case Script() if is_minus_one(node.sup):
                head = self.head(node.base)
                if head is not None and is_matrix_letter(head, self.conventions) and self.usage.applied[head.key] == 0:
                    self.mark(node.base, MATRIX)
            case Name(font="bf") if len(node.text) == 1 and node.text.islower() or isinstance(node, Name) and node.font == "bf" and node.text in ("mu", "epsilon", "xi", "theta"):
                self.mark(node, VECTOR)
            case Script() if isinstance(unwrap(node.base), Name) and unwrap(node.base).font == "bf":
                base = unwrap(node.base)
                head = self.head(node)
                if head is not None and (base.text.islower() and base.text[0] not in "01") and head.power is None:
                    self.mark(node, VECTOR)
            case Group(open="|") | Group(open="||"):
                inner = unwrap(node.parts[0])
                head = self.head(inner)
                if head is not None and is_matrix_letter(head, self.conventions):
                    self.mark(inner, MATRIX)
                if node.open == "||":
                    self.mark(inner, VECTOR)
            case Sequence():
                self.sequence_evidence(node)
            case Sum():
                kind = self.kind(node)
                if kind in (VECTOR, MATRIX):
                    for t in node.terms:
                        if self.kind(t) is None and self.head(t) is not None:
                            self.mark(t, kind)
            case Infix(rel="~" | "="):
                kind = self.law_kind(node.right) if node.rel == "~" else self.kind(node.right)
                if kind == VECTOR:
                    self.mark(node.left, VECTOR)

    def sequence_evidence(self, node: Sequence) -> None:
        items, signs = node.items, node.signs
        for i, item in enumerate(items):
            inner = unwrap(item)
            nxt = items[i + 1] if i + 1 < len(items) else None
            if nxt is not None and signs[i] == "odot":
                for side in (item, nxt):
                    self.mark(side, VECTOR)
            if isinstance(inner, Name) and inner.text in ("diag", "Diag") and nxt is not None:
                group = unwrap(nxt)
                self.mark(group.parts[0] if isinstance(group, Group) and len(group.parts) == 1 else nxt, VECTOR)
            if isinstance(inner, Name) and inner.text in ("det", "tr", "Tr", "trace", "Trace") and nxt is not None:
                group = unwrap(nxt)
                for p in group.parts if isinstance(group, Group) else (nxt,):
                    head = self.head(p)
                    if head is not None and is_matrix_letter(head, self.conventions):
                        self.mark(p, MATRIX)
                    elif isinstance(unwrap(p), Sequence):
                        for factor in unwrap(p).items:
                            head = self.head(factor)
                            if head is not None and is_matrix_letter(head, self.conventions) and self.kind(factor) is None:
                                self.mark(factor, MATRIX)
            if isinstance(inner, Name) and inner.text == "N" and inner.font == "cal" and isinstance(unwrap(nxt or inner), Group):
                self.law_kind(Sequence(node.span, (item, nxt), ("",)))  # type: ignore[arg-type]
            if nxt is not None and signs[i] in ("", "*", "x"):
                first, second = self.kind(item), self.kind(nxt)
                head = self.head(nxt)
                if first in (MATRIX,) and second is None and head is not None and not head.indices and head.base not in KNOWN_WORDS:
                    if is_matrix_letter(head, self.conventions):
                        self.mark(nxt, MATRIX)
                    elif head.base not in ("nabla", "partial") and not isinstance(unwrap(nxt), Group):
                        self.mark(nxt, VECTOR)
                if first == ROW and second is None and head is not None and is_matrix_letter(head, self.conventions) and not head.indices:
                    self.mark(nxt, MATRIX)
                before = self.head(item)
                if second == VECTOR and first is None and before is not None and is_matrix_letter(before, self.conventions) and self.usage.applied[before.key] == 0:
                    self.mark(item, MATRIX)

    def law_kind(self, node: Node) -> str | None:
        """The kind of what a law N(m, S) draws; marks mean and covariance on the way."""
        node = unwrap(node)
        if not (isinstance(node, Sequence) and len(node.items) == 2):
            head = self.head(node)
            return None if head is None else None
        name, group = unwrap(node.items[0]), unwrap(node.items[1])
        if not (isinstance(name, Name) and name.text in ("N", "Normal") and isinstance(group, Group)) or len(group.parts) not in (2, 3):
            return None
        mean, cov = group.parts[-2], group.parts[-1]
        cov_head = self.head(cov)
        matrix = self.kind(cov) == MATRIX or (cov_head is not None and cov_head.base == "I")
        if cov_head is not None and cov_head.base in self.conventions.covariances and cov_head.base[0].isupper():
            matrix = True
        if matrix or self.kind(mean) == VECTOR or len(group.parts) == 3 and self.kind(group.parts[0]) == VECTOR:
            self.mark(mean, VECTOR)
            if len(group.parts) == 3:
                self.mark(group.parts[0], VECTOR)
            if cov_head is not None and cov_head.base in self.conventions.covariances and cov_head.base[0].isupper():
                self.mark(cov, MATRIX)
            return VECTOR
        return None


def is_matrix_letter(head: Head, conventions: Conventions) -> bool:
    """Capitals are matrices when they are multiplied, inverted or transposed: A, W, Sigma, \\mathcal A."""
    if head.font in ("bb",) or head.base in KNOWN_WORDS:
        return False
    return head.base in conventions.covariances and head.base[0].isupper() or len(head.base) == 1 and head.base.isupper()


def survey_shapes(
    trees: Iterable[Node],
    equations: Iterable[tuple[Node, Node]],
    usage: Usage,
    conventions: Conventions,
    declared: dict[str, Sort],
) -> Shapes:
    """The shapes of a document's letters; ``equations`` are pairs of sides that have one shape."""
    survey = ShapeSurvey(usage, conventions, declared)
    trees, equations = list(trees), list(equations)
    for _ in range(6):
        survey.changed = False
        for tree in trees:
            survey.visit(tree)
        for left, right in equations:
            for a, b in ((left, right), (right, left)):
                kind = survey.kind(b)
                if kind in (VECTOR, MATRIX) and survey.kind(a) is None and survey.head(a) is not None:
                    survey.mark(a, kind)
        for key in list(usage.subscripted_by_index):
            # mu and mu_j: the bare letter is the vector of its entries
            if (
                usage.unindexed[key]
                and key not in usage.density_variables
                and key not in usage.listed
                and survey.shapes.kinds.get(key) is None
                and key not in survey.shapes.declared
            ):
                survey.shapes.kinds[key] = VECTOR
                survey.changed = True
        if not survey.changed:
            break
    for key, sort in declared.items():  # where the declaration does not reach, the kind still does
        if sort != SCALAR:
            survey.shapes.kinds.setdefault(key, VECTOR if sort.cols == 1 else MATRIX)
    return survey.shapes


__all__ = ["Shapes", "is_matrix_letter", "survey_shapes"]

_ = Fraction
