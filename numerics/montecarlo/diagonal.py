"""Diagonal matrices by their diagonal, so that a covariance diag(v) costs d operations and not d^2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Diagonal:
    """A diagonal matrix by its diagonal (W, n, d, 1); products, inverse and determinant need no more."""

    entries: Tensor

    def dense(self) -> Tensor:
        import torch

        return torch.diag_embed(self.entries[..., 0])

    def times(self, other: Tensor | Diagonal) -> Tensor | Diagonal:
        if isinstance(other, Diagonal):
            return Diagonal(self.entries * other.entries)
        return self.entries * other

    def after(self, other: Tensor) -> Tensor:
        return other * self.entries.transpose(-1, -2)


def dense(x: Any) -> Any:
    return x.dense() if isinstance(x, Diagonal) else x


def on_dense(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *a: function(*map(dense, a))
