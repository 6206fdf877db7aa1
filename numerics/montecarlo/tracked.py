"""Values with a bound of their rounding error: running error analysis over samples.

Before a refutation stands, the samples that led to it are drawn again and evaluated here.  Each scalar is a pair
(value, error) of tensors with |value - exact value| <= error, where the exact value is taken at the exact draw; so the
deviation of every sum from what exact arithmetic would have given is bounded (Higham 2002, chapter 3).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from numerics.montecarlo.functions import torch_function
from numerics.montecarlo.interpret import NotCovered
from numerics.montecarlo.lowering import CONSTANTS

if TYPE_CHECKING:
    from torch import Tensor

_UNIT = 2.0**-52  # twice the unit roundoff: first order bounds with room for the second
_FUNCTION_UNIT = 2.0**-48  # elementary functions: 16 ulp, well above what CPU and CUDA libraries state
_DRAW_UNIT = 2.0**-44


@dataclass(frozen=True)
class Tracked:
    value: Tensor
    error: Tensor


@dataclass(frozen=True)
class Truth:
    holds: Tensor
    sure: Tensor


def _tracked(value: Tensor, error: Tensor) -> Tracked:
    """An error that is not a number (0 times infinity, say) is no bound at all."""
    return Tracked(value, error.nan_to_num(math.inf, math.inf, math.inf))


class TrackedValues:
    """The arithmetic of `interpret` on tensors with error bounds."""

    def __init__(self, device: Any):
        self.device = device

    def _exact(self, value: float, error: float = 0.0) -> Tracked:
        import torch

        make = {"dtype": torch.float64, "device": self.device}
        return Tracked(torch.full((1, 1), value, **make), torch.full((1, 1), error, **make))

    def number(self, value: Fraction) -> Tracked:
        nearest = float(value)
        return self._exact(nearest, 0.0 if Fraction(nearest) == value else abs(nearest) * _UNIT)

    def constant(self, name: str) -> Tracked:
        if name not in CONSTANTS:
            raise NotCovered(f"the constant {name}")
        return self._exact(CONSTANTS[name], 0.0 if name == "infinity" else CONSTANTS[name] * _UNIT)

    def add(self, a: Tracked, b: Tracked) -> Tracked:
        value = a.value + b.value
        return _tracked(value, (a.error + b.error + value.abs() * _UNIT) * (1 + _UNIT))

    def mul(self, a: Tracked, b: Tracked) -> Tracked:
        value = a.value * b.value
        error = a.value.abs() * b.error + b.value.abs() * a.error + a.error * b.error + value.abs() * _UNIT
        return _tracked(value, error * (1 + 4 * _UNIT))

    def power(self, a: Tracked, exponent: Fraction) -> Tracked:
        import torch

        if exponent == Fraction(1, 2):
            return self.function("sqrt", a)
        if exponent.denominator == 1 and 0 <= exponent <= 64:
            result = self.number(Fraction(1))
            for _ in range(int(exponent)):
                result = self.mul(result, a)
            return result
        if exponent == -1:
            # |1/x - 1/y| = |x - y| / |x y| with |y| >= |x| - e
            least = a.value.abs() - a.error
            value = 1.0 / a.value
            error = a.error / (a.value.abs() * least) + value.abs() * _UNIT
            return _tracked(value, torch.where(least > 0, error * (1 + 8 * _UNIT), torch.inf))
        if exponent.denominator == 1 and exponent < 0:
            return self.power(self.power(a, -exponent), Fraction(-1))
        return self.function("exp", self.mul(self.number(exponent), self.function("log", a)))

    def function(self, name: str, a: Tracked) -> Tracked:
        import torch

        x, e = a.value, a.error
        value = torch_function(name)(x)
        own = value.abs() * _FUNCTION_UNIT + 1e-300
        if name in ("exp", "sinh", "cosh"):
            slope = torch.exp(x.abs() + e) if name != "exp" else torch.exp(x + e)
        elif name in ("sin", "cos", "tanh", "arctan", "sigmoid", "softplus", "relu", "abs", "normal_cdf"):
            slope = torch.ones_like(x)
            if name == "normal_cdf":  # far out the density falls faster than the rounded argument is known
                own = own * (1 + x * x)
            own = own + _FUNCTION_UNIT * (1.0 if name in ("sin", "cos") else 0.0)
        elif name == "erf":
            slope = torch.full_like(x, 1.1284)
        elif name == "log":
            slope = torch.where(x > e, 1.0 / (x - e), torch.inf)
            own = own + _FUNCTION_UNIT * 1e-8
        elif name == "sqrt":
            # |sqrt x - sqrt y| <= min(e / sqrt x, sqrt e)
            error = torch.minimum(e / torch.sqrt(x).clamp_min(1e-300), torch.sqrt(e))
            return _tracked(value, torch.where(x >= 0, error * (1 + 4 * _UNIT) + own, torch.inf))
        elif name == "logit":
            low, high = x - e, x + e
            slope = torch.where(
                (low > 0) & (high < 1), torch.maximum(1 / (low * (1 - low)), 1 / (high * (1 - high))), torch.inf
            )
        elif name == "log_gamma":
            # between neighbours of the least value the slope is digamma's larger end
            low, high = x - e, x + e
            slope = torch.where(
                low > 0, torch.maximum(torch.digamma(low).abs(), torch.digamma(high).abs()) + 1e-9, torch.inf
            )
            own = own + _FUNCTION_UNIT
        elif name in ("floor", "sign"):
            jumps = torch.floor(x - e) != torch.floor(x + e) if name == "floor" else x.abs() <= e
            return _tracked(value, torch.where((e > 0) & jumps, 2.0 + 2 * e, 0.0))
        else:
            raise NotCovered(f"the rounding of {name}")
        grown = torch.where(e == 0, torch.zeros_like(slope), slope * e)
        return _tracked(value, grown * (1 + 8 * _UNIT) + own)

    def compare(self, rel: str, a: Tracked, b: Tracked) -> Truth:
        difference = a.value - b.value
        holds = {
            "=": difference == 0, "!=": difference != 0, "<": difference < 0,
            "<=": difference <= 0, ">": difference > 0, ">=": difference >= 0,
        }[rel]  # fmt: skip
        margin = a.error + b.error
        return Truth(holds, (margin == 0) | (difference.abs() > margin * (1 + 4 * _UNIT)))

    def logic(self, op: str, values: Sequence[Truth]) -> Truth:
        if op == "not":
            return Truth(~values[0].holds, values[0].sure)
        holds, sure = values[0].holds, values[0].sure
        for v in values[1:]:
            holds, sure = (holds & v.holds if op == "and" else holds | v.holds), sure & v.sure
        return Truth(holds, sure)

    def indicator(self, truth: Truth) -> Tracked:
        return _tracked(truth.holds.double(), (~truth.sure).double())

    def choose(self, branches: Sequence[tuple[Tracked, Truth]], otherwise: Tracked | None) -> Tracked:
        import torch

        result = otherwise if otherwise is not None else self._exact(math.nan, math.inf)
        for value, truth in reversed(branches):
            either = (value.value - result.value).abs() + value.error + result.error
            chosen = torch.where(truth.holds, value.value, result.value)
            error = torch.where(truth.holds, value.error, result.error)
            result = _tracked(chosen, torch.where(truth.sure, error, either.nan_to_num(math.inf, math.inf, math.inf)))
        return result

    def gather(self, candidates: Sequence[Tracked], index: Tracked) -> Tracked:
        branches = [(c, self.compare("=", index, self.number(Fraction(i + 1)))) for i, c in enumerate(candidates)]
        return self.choose(branches, None)

    def union(self, values: Sequence[Tracked]) -> Tracked:
        raise NotCovered("an entry with random indices")


def draw_error(op: str, x: Tensor, parameters: Sequence[Tensor]) -> Tensor:
    """How far a draw may lie from the exact draw of the same integers; x is (W, n) or (W, n, d, 1)."""
    import torch

    if op in ("bernoulli", "categorical", "uniform_choice", "poisson"):
        return torch.zeros_like(x)
    size = x.abs()
    if op == "normal" and x.dim() == 4:
        # the factor L is exact for a covariance off by a few ulp: in terms of x an error of |Sigma| |L^-1| ulp
        factor = torch.linalg.cholesky(parameters[1])
        d = factor.shape[-1]
        spread = parameters[1].diagonal(dim1=-2, dim2=-1).max(-1).values.sqrt()[..., None, None]
        inverse = torch.linalg.solve_triangular(factor, torch.eye(d, dtype=x.dtype, device=x.device), upper=False)
        norm = torch.linalg.matrix_norm(inverse)[..., None, None]
        size = size + parameters[0].abs() + 9.0 * d * spread * (1.0 + spread * norm)
    elif op == "normal":
        size = size + parameters[0].abs() + 9.0 * parameters[1].sqrt()
    elif op in ("uniform", "laplace"):
        size = size + parameters[0].abs() + parameters[1].abs()
    return size * _DRAW_UNIT


def as_rows(value: Tensor, error: Tensor) -> list[list[Tracked]]:
    """A drawn vector (W, n, d, 1) as rows of tracked scalars."""
    return [
        [Tracked(value[..., i, j], error[..., i, j]) for j in range(value.shape[-1])] for i in range(value.shape[-2])
    ]
