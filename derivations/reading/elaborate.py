"""From the written tree to a Term: sums, products, powers, and how far each operator reaches.

`Elaborator` is put together from the rooms beside it: `operators.py` (log, sums, integrals, expectations, derivatives),
`applications.py` (names, functions, definitions) and `densities.py` (laws, densities, divergences).  It raises `Unclear` where a part has
no meaning for us, and `ShapeError` where two parts cannot have one shape; it never guesses silently.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction as Rational

from derivations.reading.applications import Applications
from derivations.reading.calculus import Calculus
from derivations.reading.conventions import Conventions
from derivations.reading.densities import Densities
from derivations.reading.environment import Env, Gathered
from derivations.reading.flows import Flows
from derivations.reading.names import head_of, is_minus_one, is_transpose, nodes, unwrap
from derivations.reading.operators import Operators
from derivations.reading.readings import Choices
from derivations.reading.scope import Unclear, View
from derivations.reading.shapes import Shapes
from derivations.reading.tree import (
    BigOperator,
    Cases,
    Differential,
    Dots,
    Fraction,
    Group,
    Infix,
    Matrix,
    Name,
    Node,
    Number,
    Root,
    Script,
    Sequence,
    Sum,
    Text,
)
from derivations.reading.usage import Usage, index_names
from proofs import terms as T
from proofs.terms import SCALAR, Term

INSTANCE = 3  # the value given to the length of an unrolled sequence


class Elaborator(Operators, Calculus, Applications, Densities, Flows):
    """Builds the meaning of the sides of one relation, in one reading, at one place of a document."""

    def __init__(
        self,
        view: View,
        usage: Usage,
        shapes: Shapes,
        conventions: Conventions,
        choices: Choices,
        gathered: Gathered,
        relation_nodes: tuple[Node, ...] = (),
        law_memory: dict[str, Term] | None = None,
    ):
        self.view, self.usage, self.shapes, self.conventions = view, usage, shapes, conventions
        self.choices, self.gathered = choices, gathered
        self.relation_nodes = relation_nodes
        self.law_memory = law_memory if law_memory is not None else {}
        self.depth = 0

    # ------------------------------------------------------------------------------------------ dispatch

    def term(self, node: Node, env: Env) -> Term:
        """The meaning of a node.  Raises Unclear or ShapeError."""
        self.depth += 1
        if self.depth > 400:
            raise Unclear("the formula is nested too deeply")
        try:
            return self._term(unwrap(node), env)
        finally:
            self.depth -= 1

    def _term(self, node: Node, env: Env) -> Term:
        match node:
            case Number():
                return T.number(Rational(node.text))
            case Name():
                return self.factor((node,), (), 0, env)[0]
            case Script():
                if isinstance(unwrap(node.base), Name):
                    return self.factor((node,), (), 0, env)[0]
                return self.scripted(node, env)
            case Group():
                return self.group(node, env)
            case Sum():
                return self.sum(node, env)
            case Sequence():
                return self.sequence(node.items, node.signs, env)
            case Fraction():
                return self.fraction(node, env)
            case Root():
                return self.root(node, env)
            case Matrix():
                return self.matrix(node, env)
            case Cases():
                return self.cases(node, env)
            case Infix():
                return self.statement(node, env)
            case Dots():
                raise Unclear("dots stand for something that is not written out")
            case Text():
                raise Unclear(f"the words “{node.text.strip()}” stand inside the formula")
            case BigOperator():
                raise Unclear("nothing follows the " + node.kind + " sign")
            case Differential():
                raise Unclear("a differential stands without its integral")
        raise Unclear(f"{type(node).__name__.lower()} has no meaning here")

    # ------------------------------------------------------------------------------------------ arithmetic

    def sum(self, node: Sum, env: Env) -> Term:
        """Signed terms.  A sum or integral sign takes the terms after it that belong to it."""
        parts: list[Term] = []
        signs, written = list(node.signs), list(node.terms)
        k = 0
        while k < len(written):
            if signs[k] in ("+-", "-+"):
                raise Unclear("a sign ± stands for two relations")
            current, taken = self.absorb(written[k], tuple(zip(signs[k + 1 :], written[k + 1 :])), env)
            value = self.term(current, env)
            parts.append(T.neg(value) if signs[k] == "-" else value)
            k += 1 + taken
        return self.add(parts)

    def add(self, parts: list[Term]) -> Term:
        if len(parts) == 1:
            return parts[0]
        shapes = {p.sort for p in parts}
        if len(shapes) == 2 and SCALAR in shapes:
            # zero beside a vector is the zero vector
            other = next(s for s in shapes if s != SCALAR)
            if other.kind == "matrix":
                parts = [T.zeros(other.rows, other.cols) if T.is_number(p, 0) else p for p in parts]
        return T.add(*parts)

    def absorb(self, term: Node, rest: tuple[tuple[str, Node], ...], env: Env) -> tuple[Node, int]:
        """The term with the following ones that its last sum or integral sign reaches, and how many those are."""
        term = unwrap(term)
        items = term.items if isinstance(term, Sequence) else (term,)
        position = self.open_operator(items)
        if position is None or not rest:
            return term, 0
        operator = unwrap(items[position])
        assert isinstance(operator, BigOperator)
        if operator.kind == "integral":
            count = self.integral_absorbs(items[position + 1 :], operator, rest)
        elif operator.kind == "sum":
            count = self.sum_absorbs(operator, rest)
        else:
            count = 0
        if count == 0:
            return term, 0
        assert isinstance(term, Sequence) or len(items) == 1
        after = items[position + 1 :]
        if not after:
            return term, 0
        first: Node = after[0] if len(after) == 1 else Sequence(term.span, after, term.signs[position + 1 :])  # type: ignore[union-attr]
        body = Sum(term.span, (first, *(t for _, t in rest[:count])), ("", *(s for s, _ in rest[:count])))
        head, signs = items[: position + 1], (term.signs[:position] if isinstance(term, Sequence) else ())
        return Sequence(term.span, (*head, body), (*signs, "")), count

    def open_operator(self, items: tuple[Node, ...]) -> int | None:
        """The first sum or integral sign among the factors whose reach is still open at the end."""
        for i, item in enumerate(items):
            node = unwrap(item)
            if isinstance(node, BigOperator) and node.kind in ("sum", "integral"):
                if node.kind == "integral":
                    opened = sum(isinstance(unwrap(x), BigOperator) and unwrap(x).kind == "integral" for x in items[i:])  # type: ignore[union-attr]
                    closed = sum(isinstance(unwrap(x), Differential) for x in items[i:])
                    if closed >= opened:
                        continue
                return i
        return None

    def sum_absorbs(self, operator: BigOperator, rest: tuple[tuple[str, Node], ...]) -> int:
        names = set(index_names(operator.sub)) if operator.sub is not None else set()
        free = 0
        for _, later in rest:
            if not any(isinstance(n, Name) and n.text in names for n in nodes(later)) or self.rebinds(later, names):
                break
            free += 1
        if 0 < free < len(rest) or (free == 0 and self.mentions_sum_alone(rest)):
            option = self.choices.choose(
                "reach of a sum", ("the terms with its index", "all terms that follow")
            )
            return free if option == "the terms with its index" else len(rest)
        return free

    def mentions_sum_alone(self, rest: tuple[tuple[str, Node], ...]) -> bool:
        return False

    def rebinds(self, node: Node, names: set[str]) -> bool:
        """Whether the term sums over the same index itself."""
        return any(
            isinstance(n, BigOperator) and n.sub is not None and names & set(index_names(n.sub)) for n in nodes(node)
        )

    def integral_absorbs(
        self, after: tuple[Node, ...], operator: BigOperator, rest: tuple[tuple[str, Node], ...]
    ) -> int:
        """Terms up to the differential that closes the integral; without one, those that speak of its variable."""
        for count, (_, later) in enumerate(rest, 1):
            later = unwrap(later)
            items = later.items if isinstance(later, Sequence) else (later,)
            if any(isinstance(unwrap(x), Differential) for x in items):
                opened = sum(isinstance(unwrap(x), BigOperator) and unwrap(x).kind == "integral" for x in items)  # type: ignore[union-attr]
                return 0 if opened else count
            if any(isinstance(unwrap(x), BigOperator) and unwrap(x).kind == "integral" for x in items):  # type: ignore[union-attr]
                break
        names = self.integral_names(operator, after)
        count = 0
        for _, later in rest:
            items = unwrap(later).items if isinstance(unwrap(later), Sequence) else (later,)  # type: ignore[union-attr]
            if any(isinstance(unwrap(x), BigOperator) for x in items):
                break
            if not any(isinstance(n, Name) and n.text in names for n in nodes(later)):
                break
            count += 1
        return count

    def sequence(self, items: tuple[Node, ...], signs: tuple[str, ...], env: Env) -> Term:
        """A product as written, operators taking what they reach."""
        waiting: list[Term] = []  # factors to be multiplied: which go together depends on all of them
        i = 0
        pending = ""
        while i < len(items):
            value, following = self.factor(items, signs, i, env)
            if pending == "/":
                following_signs = signs[following - 1 : following] if following < len(items) else ()
                if following_signs == ("",) and not isinstance(unwrap(items[following]), Differential):
                    option = self.choices.choose("a/bc", ("a/(bc)", "(a/b)c"))
                    if option == "a/(bc)":
                        while following < len(items) and signs[following - 1] == "":
                            more, following = self.factor(items, signs, following, env)
                            value = self.times(value, more, "")
            if pending in ("", "*", "x"):
                waiting.append(value)
            else:
                waiting = [self.times(self.product(waiting), value, pending)]
            pending = signs[following - 1] if following < len(items) else ""
            i = following
        return self.product(waiting)

    def times(self, a: Term, b: Term, sign: str) -> Term:
        if sign == "/":
            return T.divide(a, b) if b.sort == SCALAR else self.divide_elementwise(a, b)
        if sign == "odot":
            if a.sort == SCALAR or b.sort == SCALAR:
                return T.mul(a, b)
            if a.sort != b.sort and a.sort.kind == b.sort.kind == "matrix":
                # sigma^2 (.) I scales the diagonal
                if a.sort.cols == 1 and b.op == "identity":
                    return T.diag(a)
                if b.sort.cols == 1 and a.op == "identity":
                    return T.diag(b)
                if a.sort.cols == 1 and a.sort.rows == b.sort.rows == b.sort.cols:
                    return T.mul(T.diag(a), b)  # a vector scales the rows
            return T.hadamard(a, b)
        if sign in ("circ", "otimes"):
            raise Unclear("a composition or tensor product stands where a product was expected")
        return self.product([a, b])

    def product(self, values: list[Term]) -> Term:
        """Factors in the written order; where the shapes ask for it, inner products are taken first."""
        if len(values) == 1:
            return values[0]
        if any(v.sort.kind not in ("scalar", "matrix") for v in values):
            raise Unclear("a distribution or a statement is multiplied")
        factors = [f for v in values for f in (v.args if v.op == "mul" else (v,))]
        try:
            return T.mul(*factors)
        except T.ShapeError:
            return T.mul(*self.inner_products(factors))

    def inner_products(self, factors: list[Term]) -> list[Term]:
        """Factors with each row times column taken first: A x^T y is A times the number x^T y."""
        result: list[Term] = []
        for factor in factors:
            last = result[-1] if result else None
            if (
                last is not None
                and last.sort.kind == factor.sort.kind == "matrix"
                and last.sort.rows == 1
                and factor.sort == T.transpose(last).sort
            ):
                result[-1] = T.mul(last, factor)
            elif last is not None and factor.op == "identity" and last.sort.cols == 1 and last.sort.rows == factor.sort.rows:
                result[-1] = T.diag(last)  # v I is the diagonal matrix of v
            else:
                result.append(factor)
        return result

    def divide_elementwise(self, a: Term, b: Term) -> Term:
        if a.sort == b.sort:
            return T.hadamard(a, T.power(b, T.MINUS_ONE))
        raise T.ShapeError(f"division by {T.describe(b.sort)}", (b.sort,))

    def fraction(self, node: Fraction, env: Env) -> Term:
        quotient = self.derivative_fraction(node, (), (), 0, env)
        if quotient is not None:
            return quotient[0]
        top, bottom = self.term(node.numerator, env), self.term(node.denominator, env)
        return self.times(top, bottom, "/")

    def root(self, node: Root, env: Env) -> Term:
        body = self.term(node.body, env)
        if node.degree is None:
            return T.function("sqrt", body)
        return T.power(body, T.divide(T.ONE, self.term(node.degree, env)))

    def group(self, node: Group, env: Env) -> Term:
        if node.open in ("|", "||"):
            return self.bars(node, env)
        if len(node.parts) != 1:
            return self.listed(node, env)
        inner = self.term(node.parts[0], env)
        if node.open == "floor":
            return T.function("floor", inner)
        if node.open in ("ceil", "<"):
            raise Unclear(f"the delimiters {node.open!r} are not understood here")
        return inner

    def listed(self, node: Group, env: Env) -> Term:
        """[a, b, c] is a row, (a, b, c) a column of numbers."""
        if node.open not in ("[", "(") or set(node.separators) != {","}:
            raise Unclear("a list stands where one value was expected")
        cells = [self.term(p, env) for p in node.parts]
        if any(c.sort != SCALAR for c in cells):
            raise Unclear("a list of vectors is not understood")
        return T.matrix(1, len(cells), cells) if node.open == "[" else T.matrix(len(cells), 1, cells)

    def bars(self, node: Group, env: Env) -> Term:
        """|x|: a determinant of a matrix, an absolute value of a scalar, a norm of a vector; ||x|| a norm."""
        inner = self.term(node.parts[0], env)
        if inner.sort == SCALAR:
            return T.function("abs", inner)
        if node.open == "||" or inner.sort.cols == 1 or inner.sort.rows == 1:
            return T.norm(T.transpose(inner) if inner.sort.rows == 1 else inner)
        if any(t.op == "derivative" for t in T.walk(inner)):
            return T.function("abs", T.det(inner))  # the bars of a Jacobian mean its absolute determinant
        return T.det(inner)

    def scripted(self, node: Script, env: Env) -> Term:
        """A power, transpose or entry of something that is not a name."""
        base_node = unwrap(node.base)
        if isinstance(base_node, Number) and base_node.text == "1" and node.sub is not None and node.sup is None:
            label = head_of(node.sub)
            if label is not None and label.power is None:  # 1_D, the identity
                self.declare_dimension(label.key)
                return T.identity(label.key)
        if node.under is not None or node.over is not None or node.star or node.primes:
            raise Unclear("a decoration above or below an expression is not understood")
        base = self.term(node.base, env)
        if node.sub is not None:
            if isinstance(base_node, Group) and base_node.open == "||" and isinstance(unwrap(node.sub), Number) and unwrap(node.sub).text == "2":  # type: ignore[union-attr]
                pass  # the Euclidean norm says its 2
            else:
                base = self.indexed(base, (node.sub,), env)
        return self.raised(base, node.sup, env) if node.sup is not None else base

    def raised(self, base: Term, sup: Node, env: Env) -> Term:
        """A superscript as transpose, inverse or power; powers of vectors are elementwise."""
        if is_transpose(sup) and (base.sort != SCALAR or self.is_transpose_here(sup)):
            return T.transpose(base)
        if is_minus_one(sup) and base.sort.kind == "matrix" and base.sort.rows == base.sort.cols:
            return T.inverse(base)
        exponent = self.term(sup, env)
        if exponent.sort != SCALAR:
            raise Unclear("the exponent is not a number")
        return T.power(base, exponent)

    def is_transpose_here(self, sup: Node) -> bool:
        """T above a scalar is a transpose unless the document uses T as a number."""
        name = unwrap(sup)
        return isinstance(name, Name) and (name.text != "T" or "T" not in self.view.domains)

    def matrix(self, node: Matrix, env: Env) -> Term:
        rows = [[self.term(cell, env) for cell in row] for row in node.rows]
        if node.fence == "|":
            square = T.matrix(len(rows), len(rows[0]), [c for row in rows for c in row])
            return T.det(square)
        if len({len(r) for r in rows}) != 1:
            raise Unclear("the rows of the matrix have different lengths")
        cells = [c for row in rows for c in row]
        if any(c.sort != SCALAR for c in cells):
            raise Unclear("a matrix of blocks is not understood")
        return T.matrix(len(rows), len(rows[0]), cells)

    def cases(self, node: Cases, env: Env) -> Term:
        parts: list[Term] = []
        for value, condition in node.rows:
            parts.append(self.term(value, env))
            if isinstance(condition, Node):
                parts.append(self.statement(condition, env))
            elif isinstance(condition, str) and condition.strip() not in ("otherwise", "else", "sonst", "sinon"):
                raise Unclear(f"the condition “{condition.strip()}” is not understood")
        return T.term("cases", parts, (), parts[0].sort)

    def statement(self, node: Node, env: Env) -> Term:
        """A comparison inside a formula: X <= x, i = 1."""
        node = unwrap(node)
        if isinstance(node, Group) and len(node.parts) == 1:
            return self.statement(node.parts[0], env)
        if isinstance(node, Infix) and node.rel in ("=", "<", "<=", ">", ">=", "!="):
            return T.compare(node.rel, self.term(node.left, env), self.term(node.right, env))
        raise Unclear("a statement was expected here")

    def head(self, node: Node, env: Env):
        """The head of a name, with the running indices of the surroundings and the document's parameters."""
        head = head_of(
            node,
            is_index=lambda n: n in env.indices or n in env.index_values,
            is_parameter=self.is_parameter,
        )
        if head is not None and re.fullmatch(r"\([a-z]\)", head.superlabel):
            plain = replace(head, superlabel="", power=None, indices=())
            if self.usage.unindexed[plain.key] or plain.key in self.usage.subscripted_by_index:
                option = self.choices.choose(f"the superscript {head.superlabel}", ("part of the name", "left out now and then"))
                if option != "part of the name":
                    return replace(head, superlabel="")
        return head
