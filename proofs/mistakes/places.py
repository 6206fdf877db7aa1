"""The slips in a whole term: one at any place, two letters exchanged, one slip in each of two summands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, combinations, product

from proofs import terms as T
from proofs.mistakes.beside import Beside, means_of, told
from proofs.mistakes.copies import copied, parts_of
from proofs.mistakes.kinds import Mistake
from proofs.mistakes.nodes import Change, at_node, densities, raised, safely
from proofs.terms import SCALAR, ShapeError, Term

POINTED = ("pdf", "family", "call", "call_inverse")  # a letter there says where something is taken

NOTHING = Beside()

Context = Callable[[Term], Term]


def changes(term: Term, others: Iterable[Term] = (), around: Beside = NOTHING) -> Iterator[Change]:
    """Every term that one slip makes of this one, slips at the root of the term first.

    ``others`` are factors which may have been lost somewhere (symbols, densities); ``around`` is what the relation does
    elsewhere.
    """
    factors = tuple(others)
    dims = dimensions(term)
    averaged = frozenset(name for n in T.walk(term) for name, _ in means_of(n))
    level: list[tuple[Term, Context, bool]] = [(term, _whole, True)]
    while level:
        for node, context, stands_alone in level:
            for mistake, new in chain(
                at_node(node, factors, stands_alone),
                told(node, around, averaged if node is not term else frozenset()),
                raised(node, dims),
            ):
                if new != node and new.sort == node.sort and (whole := _put(context, new)) is not None:
                    yield mistake, whole
        level = [
            (child, _inside(context, node, i), node.op not in ("mul", "pow"))
            for node, context, _ in level
            for i, child in enumerate(node.args)
            if child.sort.kind != "bool" and not _is_fixed(node, i)
        ]


def in_copies(term: Term, others: Iterable[Term] = (), around: Beside = NOTHING) -> Iterator[Change]:
    """Every term that one slip makes of a sum or product that was written out, the same in each of its terms."""
    factors = tuple(others)
    for node, first in parts_of(term):
        whole = first[0] if len(first) == 1 else (T.add if node.op == "add" else T.mul)(*first)
        for mistake, new in changes(whole, factors, around):
            yield from safely(mistake, partial(_replaced, term, node, copied(node, first, new)))


def _replaced(term: Term, old: Term, new: Term) -> Term:
    return T.map_terms(term, lambda node: new if node == old else node)


def dimensions(term: Term) -> tuple[Term, ...]:
    """The dimensions of everything in a term."""
    found = {d for n in T.walk(term) for d in (n.sort.rows, n.sort.cols) if d != 1}
    return tuple(T.symbol(d) if isinstance(d, str) else T.number(d) for d in sorted(found, key=str))


def densities_beside(term: Term) -> Iterator[Term]:
    """The densities of a term, and those of the same letters with other arguments: p(z) beside p(x | z)."""
    for node in T.walk(term):
        if node.op == "pdf":
            yield node
            yield from (other for _, other in densities(node))


def inner_derivatives(term: Term) -> Iterator[Term]:
    """f'(x) in the derivative of f(x)^2: what the chain rule asks for, and is forgotten."""
    for node in T.walk(term):
        if node.op == "derivative" and node.args[0].sort == SCALAR and len(node.data) == 1:
            for inner in T.walk(node.args[0]):
                variable = T.free_symbols(inner).get(node.data[0])
                if inner is not node.args[0] and inner.sort == variable == SCALAR and inner.op != "symbol":
                    yield T.derivative(inner, node.data[0])


def exchanges(term: Term) -> Iterator[Change]:
    """The term with two letters, two entries or values of functions, or two densities exchanged in all of it."""
    letters = {n: n.sort for n in T.walk(term) if n.op in ("symbol", "entry", "call")}
    free = T.free_symbols(term)
    for a, b in combinations(letters, 2):
        are_free = all(n.op != "symbol" or n.data[0] in free for n in (a, b))
        if letters[a] == letters[b] and are_free and _base(a) != _base(b):
            yield from safely(Mistake.LETTERS, partial(_swapped, term, {a: b, b: a}))
    families = sorted({n.data[0] for n in T.walk(term) if n.op == "family"})
    for p, q in combinations(families, 2):
        yield from safely(Mistake.LAWS, partial(T.map_terms, term, partial(_renamed, to={p: q, q: p})))


def double(term: Term) -> Iterator[tuple[Mistake, Mistake, Term]]:
    """The term with a slip in each of two summands; the summands of a sum that was written out count as one."""
    if term.op != "add":
        return
    groups = _alike(term.args)
    for first, second in combinations(groups, 2):
        for (mistake, a), (other, b) in product(_in_all(term, first), _in_all(term, second)):
            parts = a | b
            yield mistake, other, T.add(*(parts.get(k, p) for k, p in enumerate(term.args)))


def _alike(summands: tuple[Term, ...]) -> list[tuple[int, ...]]:
    """The positions of the summands, those together that look alike from outside: log det A and log det B."""
    groups: dict[tuple, list[int]] = {}
    for i, part in enumerate(summands):
        groups.setdefault(_outline(part, 3), []).append(i)
    return [tuple(group) for group in groups.values()]


def _outline(term: Term, depth: int) -> tuple:
    return (term.op, *(_outline(a, depth - 1) for a in term.args)) if depth else ()


def _in_all(term: Term, positions: tuple[int, ...]) -> Iterator[tuple[Mistake, dict[int, Term]]]:
    """The same slip at the root of each summand at these positions."""
    for changed in zip(*(at_node(term.args[i], (), False) for i in positions)):
        same = len({mistake for mistake, _ in changed}) == 1
        if same and all(new.sort == term.args[i].sort for i, (_, new) in zip(positions, changed)):
            yield changed[0][0], {i: new for i, (_, new) in zip(positions, changed)}


def _is_fixed(parent: Term, position: int) -> bool:
    """A letter that says where a density is taken, or a number in an exponent: it changes with what it belongs to."""
    child = parent.args[position]
    if parent.op == "pow" and position == 1:
        return child.op == "number"
    return child.op == "symbol" and parent.op in POINTED


def _whole(node: Term) -> Term:
    return node


def _inside(context: Context, parent: Term, position: int) -> Context:
    def put(child: Term) -> Term:
        return context(T.rebuild(parent, (*parent.args[:position], child, *parent.args[position + 1 :])))

    return put


def _put(context: Context, new: Term) -> Term | None:
    try:
        return context(new)
    except (ShapeError, ValueError):
        return None


def _renamed(node: Term, to: Mapping[str, str]) -> Term:
    if node.op != "family" or node.data[0] not in to:
        return node
    return T.term("family", node.args, (to[node.data[0]], *node.data[1:]), node.sort)


def _swapped(term: Term, to: Mapping[Term, Term]) -> Term:
    if term in to:
        return to[term]
    args = tuple(_swapped(a, to) for a in term.args)
    return term if args == term.args else T.rebuild(term, args)


def _base(term: Term) -> str:
    """theta of theta^t, mu of mu_1: versions of one letter, which a reader mixes up sooner than an author does."""
    name = term.args[0].data[0] if term.op == "entry" and term.args[0].data else term.data[0] if term.data else ""
    return str(name).split("_")[0].split("^")[0].rstrip("'*")
