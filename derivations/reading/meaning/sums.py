"""Sums and products over an index: symbolic ones, and those written out term by term."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from derivations.reading.meaning.absorption import mentions
from derivations.reading.meaning.building import Follow
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.functions import Functions
from derivations.reading.meaning.integrals import Integrals, before_functions
from derivations.reading.meaning.reach import open_differential
from derivations.reading.meaning.values import at_variable, summed_variable
from derivations.reading.names import head_of, index_names, plain_label, roles
from derivations.reading.survey.shapes import MATRIX
from derivations.reading.tree import BigOperator, Group, Infix, Name, Node, Number, Script
from derivations.reading.walking import (
    argument_group,
    as_name,
    as_sequence,
    base_of,
    is_integral,
    joined,
    map_nodes,
    nodes,
    unwrap,
)
from proofs import terms as T
from proofs.records import Domain
from proofs.terms import SCALAR, Term

LETTER_SIGNS = {"Sigma": "sum", "Pi": "product"}


class Sums(Integrals, Functions):
    """The part of the Elaborator that knows sums and products."""

    def big_operator(self, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env) -> Follow:
        """The sum, product or integral whose sign stands at items[i]."""
        node = unwrap(items[i])
        assert isinstance(node, BigOperator)
        if is_integral(node):
            return self.integral(node, items, signs, i, env)
        end = open_differential(items, i + 1, len(items))
        if end == i + 1:
            raise Unclear(f"nothing follows the {node.kind} sign")
        end = self.reach_of_factors(node, items, signs, i + 1, end, env)
        body = joined(node.span, items[i + 1 : end], signs[i + 1 : end - 1])
        return self.sum_or_product(node, body, env), end

    def reach_of_factors(
        self, node: BigOperator, items: tuple[Node, ...], signs: tuple[str, ...], start: int, end: int, env: Env
    ) -> int:
        """Where the factors end that a sum or product takes: before a second sign over the same index, and, for a
        product, behind the last factor with its index (that it takes all that follows is a reading)."""
        names = set(index_names(node.sub)) if node.sub is not None else set()
        for k in range(start + 1, end):
            other = unwrap(items[k])
            if isinstance(other, BigOperator) and other.sub is not None and names & set(index_names(other.sub)):
                end = k
                break
        telling = [k for k in range(start, end) if mentions(items[k], names)]
        if node.kind != "product" or not telling:
            return end
        last = telling[-1] + 1
        head, group = self.head(items[last - 1], env), argument_group(items[last]) if last < end else None
        if head is not None and group is not None and signs[last - 1] == "" and self.is_application(head, group, env):
            last += 1
        if last == end or any(s == "/" for s in signs[last - 1 : end - 1]):
            return end
        option = self.choices.choose("reach of a product", ("the factors with its index", "all factors that follow"))
        return last if option == "the factors with its index" else end

    def letter_as_sign(self, node: Node, after: tuple[Node, ...], env: Env) -> BigOperator | None:
        """\\Sigma_{i=1}^n x_i and \\Sigma_i p(x_i), written with the letter; None where Sigma is a matrix."""
        name = as_name(node.base) if isinstance(node, Script) else None
        kind = LETTER_SIGNS.get(name.text) if name is not None and not name.font and not name.accents else None
        if kind is None or not isinstance(node, Script) or node.sub is None or name is None or not after:
            return None
        sub, names = unwrap(node.sub), set(index_names(node.sub))
        if isinstance(sub, Infix) and sub.rel in ("=", "in"):
            return BigOperator(node.span, kind, node.sub, node.sup)
        is_letter = any(self.shapes.kind(key) == MATRIX for key in (name.text, f"{name.text}_{plain_label(sub)}"))
        if not isinstance(sub, Name) or node.sup is not None or is_letter or name.text in env.bound:
            return None
        if not any(mentions(item, names) for item in after):
            return None
        if not names <= self.usage.density_variables:
            raise Unclear(f"over what the {kind} runs is not written")
        return BigOperator(node.span, kind, node.sub)

    def sum_or_product(self, node: BigOperator, body: Node, env: Env) -> Term:
        names = index_names(node.sub) if node.sub is not None else []
        if len(names) != 1:
            raise Unclear(f"it is not clear over what the {node.kind} runs")
        name = names[0]
        sub = unwrap(node.sub) if node.sub is not None else None
        has_range = node.sup is not None or isinstance(sub, Infix)
        if isinstance(sub, Group) and len(sub.parts) > 1:
            return self.over_preimages(node, sub, name, body, env)
        if node.kind == "sum" and not has_range and name in self.usage.density_variables:
            return self.over_space(name, body, env, discrete=True)
        if isinstance(sub, Infix) and sub.rel == "in" and self.is_over_all_values(node, sub, name, body, env):
            self.gathered.note(f"the sum is over all values of {name}")
            return self.over_space(name, body, env, discrete=True)
        if isinstance(sub, Infix) and sub.rel != "=":
            raise Unclear(f"the range of the {node.kind} is not understood")
        if node.sup is not None and mentions(node.sup, {name}):
            raise Unclear(f"the upper limit of the {node.kind} names its own index, {name}")
        variable = summed_variable(body, name) if node.kind == "sum" else None
        if variable is not None and self.runs_over_all(node):
            head = self.head(variable, env)
            if head is None or self.variable_name(head, env) in env.bound:
                raise Unclear("a sum over the values of a discrete variable is not understood")
            return self.over_space(self.variable_name(head, env), at_variable(body, name), env, discrete=True)
        lower = self.term(sub.right, env) if isinstance(sub, Infix) else T.ONE
        if name in self.unrolled_indices:
            return self.written_out(node, name, lower, body, env)
        upper, limit = self.upper_limit(node, name, env)
        self.index_limits[name] = limit
        build = T.sum_over if node.kind == "sum" else T.product_over
        return build(name, self.term(body, env.with_index(name, T.symbol(name))), lower, upper)

    def is_over_all_values(self, node: BigOperator, sub: Infix, name: str, body: Node, env: Env) -> bool:
        """Whether \\sum_{x \\in X} is over all values of x: the set is named by the capital of the letter, the
        relation speaks of it nowhere else, and what is added up is weighted with a density at x.

        \\sum_{x \\in \\mathcal D} is over the points of a data set, and \\sum_{x \\in A} over an event.
        """
        variable, values = as_name(sub.left), as_name(sub.right)
        if node.kind != "sum" or node.sup is not None or variable is None or values is None:
            return False
        if name not in self.usage.density_variables or values.text != name.upper() or values.text == name:
            return False
        written = list(self.written())
        ranges = [n.right for n in written if isinstance(n, Infix) and n.rel == "in"]
        in_ranges = sum((s := as_name(r)) is not None and s.text == values.text for r in ranges)
        everywhere = sum(isinstance(n, Name) and n.text == values.text for n in written)
        return everywhere == in_ranges and self.is_weighted(body, name, env)

    def is_weighted(self, body: Node, name: str, env: Env) -> bool:
        """Whether the body has as a factor, and not within a function, a density with the letter among its outcomes."""
        product = as_sequence(body)
        for first, second in pairwise(before_functions(product.items) if product is not None else ()):
            head, group = self.head(first, env), argument_group(second)
            if head is None or group is None or not self.is_density(head):
                continue
            outcomes = [self.head(part, env) for role, part in roles(group) if role == "outcome"]
            if any(h is not None and h.key == name for h in outcomes):
                return True
        return False

    def over_preimages(self, node: BigOperator, sub: Group, name: str, body: Node, env: Env) -> Term:
        """\\sum_{e: f(e)=x} of the body: over the preimages of x."""
        condition = unwrap(sub.parts[1])
        if node.kind != "sum" or node.sup is not None or len(sub.parts) != 2 or not isinstance(condition, Infix):
            raise Unclear(f"the range of the {node.kind} is not understood")
        sides = [condition.left, condition.right]
        if condition.rel != "=" or sub.separators not in ((":",), ("|",)) or not mentions(sides[0], {name}):
            raise Unclear("the condition below the sum is not understood")
        if name not in self.usage.density_variables or mentions(sides[1], {name}):
            raise Unclear("the condition below the sum is not understood")
        summand = self.over_space(name, body, env).args[0]
        image = self.term(sides[0], env.bind(name, self.shapes.sort(name)))
        return T.preimages(name, self.term(sides[1], env), image, summand)

    def runs_over_all(self, node: BigOperator) -> bool:
        """Whether a sum runs over all values: over k, or from k = 0 or 1 to some K."""
        sub = unwrap(node.sub) if node.sub is not None else None
        starts = not isinstance(sub, Infix) or (isinstance(sub.right, Number) and sub.right.text in ("0", "1"))
        return starts and (node.sup is None or as_name(base_of(node.sup)) is not None)

    def written_out(self, node: BigOperator, name: str, lower: Term, body: Node, env: Env) -> Term:
        over_values = self.over_values(body, name, env) if node.kind == "sum" else None
        if len(self.sums_over.setdefault(name, set()) | {over_values is not None}) > 1:
            raise Unclear("one sum over the values of a variable stands beside one over given points")
        self.sums_over[name].add(over_values is not None)
        if over_values is not None:
            return over_values
        last = self.sequence_length(node)
        first = int(lower.data[0]) if lower.op == "number" else 1
        parts = [self.term(body, env.with_index_value(name, v)) for v in range(first, last + 1)]
        if node.kind == "sum":
            return self.add(parts)
        return T.mul(*parts) if len(parts) > 1 else parts[0]

    @cached_property
    def sums_over(self) -> dict[str, set[bool]]:
        """By index: whether the sums over it that were built so far run over all values of a variable."""
        return {}

    def over_values(self, body: Node, name: str, env: Env) -> Term | None:
        """A sum of p(x|z_k) p(z_k) over all values of z; None where the z_k are, or may be, given points."""
        if not self.adds_up_values(body, name, env):
            return None
        variable, summand = values_of(body, name)
        if variable is None or variable in env.bound or variable not in self.usage.density_variables:
            raise Unclear("a sum over the values of a discrete variable is not understood")
        option = self.choices.choose(f"the {variable}_{name} of a sum", ("all values", "some given points"))
        return self.over_space(variable, summand, env, discrete=True) if option == "all values" else None

    def upper_limit(self, node: BigOperator, name: str, env: Env) -> tuple[Term, T.Dim]:
        """The upper bound of a sum, as a number and as a dimension; without one, a length of its own."""
        if node.sup is None and (longer := self.length_beside(name)) is not None:
            node = longer
        if node.sup is None:
            own = min(self.alike(name))
            limit: T.Dim = self.shapes.dimension if self.shapes.dimension_known else f"n_{own}"
            self.gathered.variables.setdefault(str(limit), Domain(SCALAR, "dimension"))
            return (T.number(limit) if isinstance(limit, int) else T.symbol(limit)), limit
        head = head_of(node.sup)
        if head is not None and head.power is None and head.key in env.index_values:
            return T.number(env.index_values[head.key]), env.index_values[head.key]
        if head is not None and head.power is None:
            stands_for_itself = head.key not in env.values and head.name not in self.view.definitions
            if stands_for_itself:
                self.gathered.variables[head.key] = Domain(SCALAR, "dimension", declared=True)
                return T.symbol(head.key), head.key
        upper = self.term(node.sup, env)
        if upper.op == "number":
            return upper, int(upper.data[0])
        return upper, self.shapes.dimension

    # ------------------------------------------------------------------------------------------ sums of one length

    @cached_property
    def index_letters(self) -> dict[str, set[str]]:
        """index -> the letters that carry it, alone, for the indices of all sums and products of the relation."""
        signs = [n for n in self.written() if isinstance(n, BigOperator) and n.sub is not None and not is_integral(n)]
        found: dict[str, set[str]] = {name: set() for n in signs if n.sub is not None for name in index_names(n.sub)}
        for node in self.written():
            head = head_of(node, is_index=found.__contains__) if isinstance(node, Script) else None
            if head is None or len(head.indices) != 1 or head.label:
                continue
            name = as_name(head.indices[0])
            if name is not None and name.text in found:
                found[name.text].add(replace(head, indices=(), power=None).key)
        return found

    def alike(self, name: str) -> set[str]:
        """The indices that run as far as this one: those of one letter, the j of a_j and the k of a_k."""
        found, letters = {name}, set(self.index_letters.get(name, ()))
        while more := {k for k, carried in self.index_letters.items() if k not in found and carried & letters}:
            found |= more
            letters |= {letter for k in more for letter in self.index_letters[k]}
        return found

    def length_beside(self, name: str) -> BigOperator | None:
        """A sum that runs as far and says how far, where this one does not."""
        names = self.alike(name)
        signs = [n for n in self.written() if isinstance(n, BigOperator) and n.sub is not None and n.sup is not None]
        beside = [n for n in signs if n.sub is not None and not is_integral(n) and names & set(index_names(n.sub))]
        limits = {head.key if (head := head_of(n.sup)) is not None else str(n.sup) for n in beside if n.sup is not None}
        return beside[0] if len(limits) == 1 else None


def values_of(body: Node, index: str) -> tuple[str | None, Node]:
    """z, and p(x|z) p(z) for p(x|z_k) p(z_k); None where the index stands elsewhere too, or z is something else."""
    found: set[str] = set()

    def bare(node: Node) -> Node:
        base, below = (as_name(node.base), as_name(node.sub)) if isinstance(node, Script) else (None, None)
        if not isinstance(node, Script) or base is None or below is None or below.text != index:
            return node
        if node.sup is not None or node.primes or node.star or base.font or base.accents:
            return node
        found.add(base.text)
        return Name(node.span, base.text)

    changed = map_nodes(body, bare)
    if len(found) != 1 or mentions(changed, {index}) or mentions_bare(body, next(iter(found)), index):
        return None, body
    return next(iter(found)), changed


def mentions_bare(body: Node, letter: str, index: str) -> bool:
    """Whether the letter stands in the body without the index."""
    written = sum(isinstance(n, Name) and n.text == letter for n in nodes(body))
    indexed = sum(
        isinstance(n, Script) and (b := as_name(n.base)) is not None and b.text == letter
        and (s := as_name(n.sub)) is not None and s.text == index
        for n in nodes(body)
    )  # fmt: skip
    return written != indexed
