"""Derivatives of an integrand by one of its variables, sample by sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from proofs.terms import SCALAR, Sort

if TYPE_CHECKING:
    from torch import Tensor

    from numerics.montecarlo.lowering import Program


def derivative(
    program: Program, values: Mapping[str, Tensor], by: tuple[str, ...], sorts: Mapping[str, Sort], body: Sort
) -> Tensor:
    """The derivative as proofs.terms shapes it: a number, a column gradient, or a Jacobian (rows: components).

    Sample i of the body depends on sample i of the variable alone, so one backward pass of the sum over all samples
    gives every sample's own derivative.  The graph is kept: a derivative may be differentiated again.
    """
    import torch

    with torch.enable_grad():
        batch = torch.broadcast_shapes(*(_batch(values[n], sorts[n]) for n in values))
        leaves = dict(values)
        for name in by:
            spread = values[name].expand(*batch, *values[name].shape[len(_batch(values[name], sorts[name])) :])
            leaves[name] = spread if spread.requires_grad else spread.detach().clone().requires_grad_()
            if spread.requires_grad:
                leaves[name] = spread.clone()
        result = program.run(leaves)[0]
        rows = 1 if body == SCALAR else int(body.rows) * int(body.cols)
        flat = result[..., None] if body == SCALAR else result.reshape(*result.shape[:-2], rows)
        flat = flat.expand(*batch, rows)
        columns = []
        for r in range(rows):
            grads: list[Tensor | None] = [None] * len(by)
            if flat.requires_grad:
                inputs = [leaves[n] for n in by]
                total = flat[..., r].sum()
                grads = list(torch.autograd.grad(total, inputs, create_graph=True, allow_unused=True))
            parts = []
            for name, g in zip(by, grads):
                g = torch.zeros_like(leaves[name]) if g is None else g
                parts.append(g[..., None] if sorts[name] == SCALAR else g.reshape(*g.shape[:-2], -1))
            columns.append(torch.cat(parts, -1))
        jacobian = torch.stack(columns, -2)
        size = jacobian.shape[-1]
        if body == SCALAR:
            return jacobian[..., 0, 0] if size == 1 else jacobian[..., 0, :, None]
        if size == 1:
            return jacobian.reshape(*batch, int(body.rows), int(body.cols))
        return jacobian


def _batch(x: Tensor, sort: Sort) -> tuple[int, ...]:
    return x.shape if sort == SCALAR else x.shape[:-2]
