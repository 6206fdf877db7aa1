"""Two normal forms that differ only inside opaque parts, such as exp(a) and exp(b) with a = b as rational functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from proofs import terms as T
from proofs.binding import alike, replace_at
from proofs.field import Algebra
from proofs.kernel import Kernel
from proofs.polynomials import AlgebraError
from proofs.terms import Term

ARITHMETIC = frozenset({"add", "mul", "pow", "number"})


def opaque(t: Term, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Term]]:
    """The outermost functions of a scalar, with their places."""
    if t.op == "function" and t.sort == T.SCALAR:
        yield path, t
    elif t.op in ARITHMETIC:
        for i, a in enumerate(t.args):
            yield from opaque(a, (*path, i))


def meet(left: Term, right: Term, kernel: Kernel) -> list[dict[str, Any]] | None:
    """Steps that carry ``left`` to something that is equal to ``right`` in the kernel's algebra, or None."""
    there = [f for _, f in opaque(right)]
    steps: list[dict[str, Any]] = []
    t = left
    for path, f in opaque(left):
        if any(alike(f, g) for g in there):
            continue
        for g in there:
            inner = None
            if g.op == f.op and g.data == f.data:
                inner = [] if same(f.args[0], g.args[0], kernel) else meet(f.args[0], g.args[0], kernel)
            if inner is not None:
                steps += [{**s, "at": (*path, 0, *s["at"])} for s in inner]
                steps.append({"at": (*path, 0), "field": g.args[0]})
                t = replace_at(t, path, g)
                break
        else:
            return None
    return steps if same(t, right, kernel) else None


def same(a: Term, b: Term, kernel: Kernel) -> bool:
    try:
        return Algebra(kernel.context).equal(a, b)
    except AlgebraError:
        return False


__all__ = ["meet", "same"]
