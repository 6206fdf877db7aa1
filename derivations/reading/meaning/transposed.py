"""Lost transpositions: where shapes do not fit, and would with one more that the relation writes elsewhere.

Who writes (x - mu) A (x - mu) beside (x - mu)^T A (x - mu) has lost one; who never writes any may take x for a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from derivations.reading.names import is_transpose
from derivations.reading.survey.shapes import Shapes
from derivations.reading.tree import Group, Name, Node, Script, Sequence
from derivations.reading.walking import as_name, children, map_nodes, nodes, unwrap
from proofs.terms import matrix_sort

PRODUCTS = ("", "*")


def with_one_more(left: Node, right: Node) -> Iterator[tuple[Node, Node]]:
    """Both sides with one more transposition, at a factor that the relation has transposed somewhere."""
    told = {spelling(n) for side in (left, right) for n in nodes(side) if is_transposed(n)}
    for is_left, side in ((False, right), (True, left)):
        for factor in factors(side):
            if spelling(factor) in told:
                mended = with_transposed(side, factor)
                yield (mended, right) if is_left else (left, mended)


def with_transposed(side: Node, factor: Node) -> Node:
    return map_nodes(side, lambda n: transposed(n) if n is factor else n)


def is_transposed(node: Node) -> bool:
    return isinstance(node, Script) and is_transpose(node.sup)


def factors(side: Node) -> Iterator[Node]:
    """The factors of the products of a tree that carry no superscript."""
    for node in nodes(side):
        if not isinstance(node, Sequence):
            continue
        for k, item in enumerate(node.items):
            beside = [*node.signs[max(k - 1, 0) : k], *node.signs[k : k + 1]]
            bare = unwrap(item)
            is_free = not isinstance(bare, Script) or (bare.sup is None and not bare.primes and not bare.star)
            if is_free and isinstance(bare, Name | Script | Group) and any(s in PRODUCTS for s in beside):
                yield item


def transposed(node: Node) -> Node:
    bare, top = unwrap(node), Name(node.span, "T")
    if isinstance(bare, Script):
        return Script(bare.span, bare.base, bare.sub, top)
    return Script(bare.span, bare, None, top)


def spelling(node: Node) -> tuple[object, ...]:
    """A factor without its superscript, wherever it stands and whatever its brackets are."""
    bare = unwrap(node)
    if isinstance(bare, Script):
        base = spelling(bare.base)
        return base if bare.sub is None else (*base, "sub", *spelling(bare.sub))
    if isinstance(bare, Group):
        return tuple(x for part in bare.parts for x in spelling(part))
    name = as_name(bare)
    if name is not None:
        return (name.text, name.font, name.accents)
    own = [v for k, v in vars(bare).items() if k in ("text", "signs", "kind")]
    return (type(bare).__name__, *map(str, own), *(x for child in children(bare) for x in spelling(child)))


def with_a_matrix(shapes: Shapes, keys: Iterable[str]) -> Iterator[Shapes]:
    """The shapes with one of the letters as a square matrix in place of a vector."""
    for key in sorted(set(keys)):
        sort = shapes.sort(key)
        if sort.kind == "matrix" and 1 in (sort.rows, sort.cols):
            side = sort.rows if sort.cols == 1 else sort.cols
            yield replace(shapes, declared={**shapes.declared, key: matrix_sort(side, side)})
