"""The functions of the language in torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def torch_function(name: str) -> Callable[[Tensor], Tensor]:
    """The torch form of a function of the language."""
    import torch

    table: dict[str, Callable[[Tensor], Tensor]] = {
        "arctan": torch.atan,
        "softplus": _softplus,
        "relu": torch.relu,
        # torch.special.ndtr loses three digits at -3.5
        "normal_cdf": lambda a: 0.5 * torch.erfc(a * -(0.5**0.5)),
        "gamma_function": _gamma,
        "log_gamma": lambda a: torch.where(a > 0, torch.lgamma(a), torch.nan),
        "digamma": torch.digamma,
    }
    if name in table:
        return table[name]
    return getattr(torch, name)


def _softplus(a: Tensor) -> Tensor:
    """The cheaper form has no derivative at 0 for autograd, though the function has."""
    import torch

    if torch.is_grad_enabled():
        return torch.logaddexp(a, torch.zeros_like(a))
    return torch.relu(a) + torch.log1p(torch.exp(-a.abs()))


def _gamma(a: Tensor) -> Tensor:
    import torch

    size = torch.exp(torch.lgamma(a))
    return torch.where((a > 0) | (torch.floor(a) % 2 == 0), size, -size)
