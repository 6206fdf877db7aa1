"""The part of the lowering that deals with matrices: tensors (W, n, rows, cols), batched."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from numerics.montecarlo.devices import current
from numerics.montecarlo.diagonal import Diagonal, dense
from numerics.montecarlo.errors import CannotLower
from numerics.montecarlo.literals import whole
from proofs.terms import SCALAR, Term, describe, number

if TYPE_CHECKING:
    from torch import Tensor


class MatrixPrinter:
    """Instructions for matrix terms; `lowering` adds the scalars.

    Instructions named in `STRUCTURED` take a `Diagonal` as it is; all others see it as a matrix.
    """

    STRUCTURED = frozenset(["inverse", "det", "transpose", "diag", "diagonal", "trace", "identity"])

    def slot(self, t: Term) -> int:
        raise NotImplementedError

    def all(self, args: Sequence[Term]) -> tuple[int, ...]:
        return tuple(self.slot(a) for a in args)

    def visit_transpose(self, t):
        return (lambda a: a if isinstance(a, Diagonal) else a.transpose(-1, -2)), self.all(t.args)

    def visit_inverse(self, t):
        import torch

        return (
            lambda a: Diagonal(a.entries.reciprocal()) if isinstance(a, Diagonal) else torch.linalg.inv(a)
        ), self.all(t.args)

    def visit_det(self, t):
        import torch

        if t.args[0].sort == SCALAR:
            return (lambda a: a), self.all(t.args)
        return (lambda a: a.entries[..., 0].prod(-1) if isinstance(a, Diagonal) else torch.linalg.det(a)), self.all(
            t.args
        )

    def visit_trace(self, t):
        if t.args[0].sort == SCALAR:
            return (lambda a: a), self.all(t.args)
        return (
            lambda a: (a.entries[..., 0] if isinstance(a, Diagonal) else a.diagonal(dim1=-2, dim2=-1)).sum(-1)
        ), self.all(t.args)

    def visit_diag(self, t):
        return (lambda a: Diagonal(dense(a))), self.all(t.args)

    def visit_diagonal(self, t):
        if t.args[0].sort == SCALAR:
            return (lambda a: a), self.all(t.args)
        return (lambda a: a.entries if isinstance(a, Diagonal) else a.diagonal(dim1=-2, dim2=-1)[..., None]), self.all(
            t.args
        )

    def visit_identity(self, t):
        import torch

        n = dimension(t.data[0])
        get, sources = made(lambda device: torch.ones(1, 1, n, 1, dtype=torch.float64, device=device))
        return (lambda: Diagonal(get())), sources

    def visit_zeros(self, t):
        import torch

        rows, cols = map(dimension, t.data)
        return made(lambda device: torch.zeros(1, 1, rows, cols, dtype=torch.float64, device=device))

    def visit_ones(self, t):
        import torch

        rows, cols = map(dimension, t.data)
        return made(lambda device: torch.ones(1, 1, rows, cols, dtype=torch.float64, device=device))

    def visit_matrix(self, t):
        import torch

        rows, cols = t.data

        def build(*entries):
            entries = torch.broadcast_tensors(*entries)
            return torch.stack(entries, -1).reshape(*entries[0].shape, rows, cols)

        return build, self.all(t.args)

    def visit_entry(self, t):
        a, *indices = t.args
        if a.sort == SCALAR:
            return (lambda x: x), (self.slot(a),)
        fixed = [whole(i) for i in indices]
        rows, cols = map(dimension, a.sort[1:])
        if len(fixed) == 1:
            fixed = [fixed[0], 1] if cols == 1 else [1, fixed[0]]
            indices = [indices[0], number(1)] if cols == 1 else [number(1), indices[0]]
        known = [i for i in fixed if i is not None]
        if len(known) == 2:
            i, j = known
            if not (1 <= i <= rows and 1 <= j <= cols):
                raise CannotLower(f"entry ({i}, {j}) of {describe(a.sort)}")
            return (lambda x: x[..., i - 1, j - 1]), (self.slot(a),)

        def gather(x, row, col):
            import torch

            position = (row - 1) * cols + (col - 1)
            ok = (row == row.floor()) & (col == col.floor()) & (row >= 1) & (row <= rows) & (col >= 1) & (col <= cols)
            position = torch.where(ok, position, torch.zeros_like(position)).long()
            flat = x.reshape(*x.shape[:-2], rows * cols)
            shape = torch.broadcast_shapes(flat.shape[:-1], position.shape)
            flat, position = flat.expand(*shape, rows * cols), position.expand(shape)
            found = torch.gather(flat, -1, position[..., None])[..., 0]
            return torch.where(ok, found, torch.full_like(found, math.nan))

        return gather, (self.slot(a), *self.all(indices))

    def visit_norm(self, t):
        import torch

        if t.args[0].sort == SCALAR:
            return torch.abs, self.all(t.args)
        return (lambda a: torch.sqrt((a * a).sum((-1, -2)))), self.all(t.args)


def constant(value: float):
    import torch

    return made(lambda device: torch.full((1, 1), value, dtype=torch.float64, device=device))


def made(make: Callable[[Any], Tensor]):
    """A tensor made once for each device."""
    kept: dict[str, Tensor] = {}

    def get() -> Tensor:
        device = current()
        if device not in kept:
            kept[device] = make(device)
        return kept[device]

    return get, ()


def dimension(d: int | str) -> int:
    if not isinstance(d, int):
        raise CannotLower(f"the dimension {d} has no value here")
    return d
