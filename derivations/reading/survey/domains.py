"""Where a letter lies: memberships (x in R^n), bounds (sigma > 0) and arrows (f: R^n -> R^m)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Rational

from derivations.reading.names import plain_label
from derivations.reading.places import Placed
from derivations.reading.survey.recorder import Recorder
from derivations.reading.tree import Group, Infix, Name, Node, Number, Script, Sequence, Sum
from derivations.reading.walking import as_group, as_name, as_number, base_of, items_of, unwrap
from proofs.records import Domain
from proofs.terms import SCALAR, Dim, Sort, matrix_sort, vector_sort

OPPOSITE = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
# of R, by what stands below and above it; R^+ is positive, R_+ may have the 0
SIGN_KINDS = {"+": "nonnegative", "++": "positive", "": "real", ">0": "positive", ">=0": "nonnegative", "*": "nonzero"}
VECTOR_KINDS = {"positive": "positive_vector"}


class Domains(Recorder):
    """The part of the Declarations that reads domains."""

    def membership(self, left: Node, right: Node, order: int, placed: Placed) -> None:
        """x, y in R^n."""
        domain = self.set_domain(right)
        if domain is not None:
            if is_point(left, domain.sort):  # (x_1, x_2) in R^2: two numbers
                domain = replace(domain, sort=SCALAR)
            for name in self.names(left):
                self.declare(name, domain, order, placed, membership=True)

    def arrow(self, left: Node, right: Node, order: int, placed: Placed) -> None:
        """f : R^n -> R^m."""
        group = as_group(left)
        if group is None or ":" not in group.separators or len(group.parts) != 2:
            return
        head, source, target = self.head(group.parts[0]), self.space_sort(group.parts[1]), self.space_sort(right)
        if head is not None and source is not None and target is not None and target[0] != SCALAR:
            self.declare(head.key, Domain(target[0], target[1], declared=True), order, placed, membership=True)

    def bound(self, left: Node, rel: str, right: Node, order: int, placed: Placed) -> bool:
        """Whether sigma > 0 and 0 < p declare a domain: one side is a number and the other a bare name, or several."""
        number, named, sign = rational(right), left, rel
        if number is None:
            number, named, sign = rational(left), right, OPPOSITE[rel]
        names = self.names(named)
        head = self.head(items_of(named)[0])
        if number is None or not names or (head is not None and self.is_operator(head)):
            return False
        if self.looks_density(named):
            return number == 0
        for name in names:
            self.declare(name, half_line(sign, number), order, placed)
        return True

    def names(self, node: Node) -> list[str]:
        """The names that a declaration is about: x, (x, y), or D of D(x)."""
        node = unwrap(node)
        if isinstance(node, Group) and node.open in ("", "("):
            return [n for p in node.parts for n in self.names(p)]
        called = self.call(node)
        head = self.head(called[0] if called is not None else node)
        return [head.name] if head is not None and head.power is None else []

    # ------------------------------------------------------------------------------------------ sets

    def set_domain(self, node: Node) -> Domain | None:
        """R, R^n, R^{m x n}, (0,1), [0,1], {0,1}, N, Z, S_{++}: what a membership declares."""
        node = unwrap(node)
        if isinstance(node, Group) and len(node.parts) == 2 and node.separators == (",",):
            return interval(node)
        if isinstance(node, Sequence) and node.signs == ("setminus",) and isinstance(unwrap(node.items[1]), Group):
            base = self.set_domain(node.items[0])
            without = unwrap(node.items[1])
            is_zero = isinstance(without, Group) and [rational(p) for p in without.parts] == [0]
            return replace(base, kind="nonzero") if base == Domain(declared=True) and is_zero else base
        sort = self.space_sort(node)
        return None if sort is None else Domain(sort[0], sort[1], declared=True)

    def space_sort(self, node: Node) -> tuple[Sort, str] | None:
        """The shape and kind of the elements of R, N, Z or S, with what stands above and below."""
        base = as_name(base_of(node))
        if base is None or base.font not in ("bb", "") or base.text not in ("R", "N", "Z", "S"):
            return None
        if base.font == "" and base.text != "R":
            return None
        if base.text in ("N", "Z"):
            return SCALAR, {"N": "natural", "Z": "integer"}[base.text]
        node = unwrap(node)
        sup = node.sup if isinstance(node, Script) else None
        kind = sign_kind(node)
        above = as_name(sup)
        if sup is None or (above is not None and above.text in SIGN_KINDS):
            return None if kind is None else (SCALAR, kind)
        dims = [d for factor in factors(sup) if (d := self.dimension(factor)) is not None]
        if len(dims) != len(factors(sup)) or len(dims) > 2:
            return None
        if kind in (None, "nonnegative", "nonzero"):
            kind = "real"
        if len(dims) == 1:
            return vector_sort(dims[0]), VECTOR_KINDS.get(kind or "", "real")
        return matrix_sort(dims[0], dims[1]), "real"

    def dimension(self, node: Node) -> Dim | None:
        number = as_number(node)
        if number is not None:
            return int(number.text) if number.text.isdigit() else None
        head = self.head(node)
        return head.key if head is not None else None


def is_point(node: Node, sort: Sort) -> bool:
    """Whether the node lists the entries of one vector of this shape, in brackets."""
    node = unwrap(node)
    is_list = isinstance(node, Group) and node.open in ("(", "[") and set(node.separators) == {","}
    return is_list and isinstance(node, Group) and sort.cols == 1 and sort.rows == len(node.parts)


def half_line(sign: str, number: Rational) -> Domain:
    if sign in (">", ">="):
        if number == 0:
            return Domain(SCALAR, "positive" if sign == ">" else "nonnegative", declared=True)
        return Domain(SCALAR, "interval", lower=number, declared=True)
    return Domain(SCALAR, "interval", upper=number, declared=True)


def interval(group: Group) -> Domain | None:
    """(a, b), [a, b] and {0, 1}; None where the ends are not known numbers."""
    lower, upper = (rational(p) for p in group.parts)
    ends = [endless(p) for p in group.parts]
    is_unit = (lower, upper) == (0, 1)
    if group.open == "{" and is_unit:
        return Domain(SCALAR, "binary", declared=True)
    if group.open not in ("(", "["):
        return None
    if lower is not None and ends[1] == "+":
        return half_line(">" if group.open == "(" else ">=", lower)
    if upper is not None and ends[0] == "-":
        return half_line("<" if group.close == ")" else "<=", upper)
    if ends == ["-", "+"]:
        return Domain(declared=True)
    if lower is None or upper is None:
        return None
    if is_unit:
        return Domain(SCALAR, "unit" if group.open == "(" else "closed_unit", declared=True)
    return Domain(SCALAR, "interval", lower, upper, declared=True)


def endless(node: Node) -> str:
    """'+' for infinity, '-' for minus infinity; empty for anything else."""
    node, sign = unwrap(node), "+"
    if isinstance(node, Sum) and len(node.terms) == 1:
        sign = "-" if node.signs == ("-",) else "+"
        node = unwrap(node.terms[0])
    return sign if isinstance(node, Name) and node.text == "infty" else ""


def sign_kind(node: Node) -> str | None:
    """What the marks on R say of its numbers: R_+, R_{>0}, R^+, R^+_0; None where they are not understood."""
    if not isinstance(node, Script):
        return "real"
    above, sub = as_name(node.sup), unwrap(node.sub) if node.sub is not None else None
    if above is not None and above.text == "+":
        return "nonnegative" if rational(sub) == 0 else "positive" if sub is None else None
    if node.star or (above is not None and above.text == "*"):
        return "nonzero"
    if isinstance(sub, Infix) and rational(sub.right) == 0:
        return SIGN_KINDS.get(sub.rel + "0")
    return SIGN_KINDS.get(plain_label(sub) or "none") if sub is not None else "real"


def rational(node: Node | None) -> Rational | None:
    """The value of a decimal literal with its sign; None for anything else."""
    node = unwrap(node) if node is not None else None
    if isinstance(node, Number):
        return Rational(node.text)
    if isinstance(node, Sum) and node.signs == ("-",) and isinstance(node.terms[0], Number):
        return -Rational(node.terms[0].text)
    return None


def factors(node: Node) -> tuple[Node, ...]:
    """m and n of m x n."""
    node = unwrap(node)
    return node.items if isinstance(node, Sequence) and set(node.signs) == {"x"} else (node,)
