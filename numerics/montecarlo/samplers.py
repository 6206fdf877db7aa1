"""Draws from the known laws, vectorised over worlds and samples.

Each sampler is a pure function of its `Source`, so a draw does not depend on how the samples are split into batches.
Parameters are float64 tensors that broadcast to (W, n); vectors and matrices carry two more axes.  A rejection sampler
numbers its attempts by ``part``: attempt k of sample i is the same draw wherever it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from numerics.montecarlo.diagonal import Diagonal
from numerics.montecarlo.errors import CannotLower
from proofs.terms import SCALAR, Sort

if TYPE_CHECKING:
    from torch import Tensor

    from numerics.montecarlo.philox import Source

_MOST_ATTEMPTS = 96
_LARGEST_POISSON_RATE = 400.0


def sample(op: str, parameters: Sequence[Any], source: Source, sort: Sort = SCALAR) -> Tensor:
    """Draws of the law ``op``: (W, n), or (W, n, d, 1) for a vector.

    Raises CannotLower for a law without a sampler, InvalidLaw for parameters out of range.
    """
    if op == "normal" and sort != SCALAR:
        return multivariate_normal(parameters[0], parameters[1], source)
    if sort != SCALAR:
        raise CannotLower(f"the law {op} of a vector has no sampler here")
    if op not in SAMPLERS:
        raise CannotLower(f"the law {op} has no sampler here")
    return SAMPLERS[op](source, *parameters)


def normal(source: Source, mean: Tensor, variance: Tensor) -> Tensor:
    source.require(variance >= 0, "a normal law with a negative variance")
    return mean + variance.sqrt() * source.normals()


def multivariate_normal(mean: Tensor, covariance: Tensor | Diagonal, source: Source) -> Tensor:
    """mean + L e with the Cholesky factor L.  Raises InvalidLaw unless the covariance is positive definite."""
    import torch

    if isinstance(covariance, Diagonal):
        variances = covariance.entries
        source.require(variances > 0, "a normal law whose covariance is not positive definite")
        return mean + variances.sqrt() * source.vector_normals(variances.shape[-2]).unsqueeze(-1)
    scale = covariance.abs().amax((-1, -2), keepdim=True)
    source.require(
        (covariance - covariance.transpose(-1, -2)).abs() <= 1e-12 * scale,
        "a normal law whose covariance is not symmetric",
    )
    factor, info = torch.linalg.cholesky_ex(covariance)
    source.require(info == 0, "a normal law whose covariance is not positive definite")
    return mean + factor @ source.vector_normals(covariance.shape[-1]).unsqueeze(-1)


def uniform(source: Source, low: Tensor, high: Tensor) -> Tensor:
    source.require(low < high, "a uniform law whose upper end is not above its lower end")
    return low + (high - low) * source.uniforms()[0]


def bernoulli(source: Source, p: Tensor) -> Tensor:
    source.require((p >= 0) & (p <= 1), "a Bernoulli law whose probability lies outside [0, 1]")
    return (source.uniforms()[0] < p).double()


def categorical(source: Source, probabilities: Tensor) -> Tensor:
    """1..k with the probabilities of a vector (.., k, 1), by inverting the cumulative sums."""
    p = probabilities[..., 0]
    source.require(
        (p >= 0) & ((p.sum(-1, keepdim=True) - 1).abs() < 1e-12),
        "a categorical law whose probabilities do not sum to 1",
    )
    edges = p.cumsum(-1)[..., :-1]
    return (source.uniforms()[0].unsqueeze(-1) >= edges).sum(-1).double() + 1.0


def uniform_choice(source: Source, *values: Tensor) -> Tensor:
    import torch

    u = source.uniforms()[0]
    index = (u * len(values)).long()
    table = torch.stack([v.expand(u.shape) for v in values], -1)
    return torch.gather(table, -1, index.unsqueeze(-1))[..., 0]


def exponential(source: Source, rate: Tensor) -> Tensor:
    source.require(rate > 0, "an exponential law whose rate is not positive")
    return -source.uniforms()[0].log() / rate


def laplace(source: Source, location: Tensor, scale: Tensor) -> Tensor:
    import torch

    source.require(scale > 0, "a Laplace law whose scale is not positive")
    u, v = source.uniforms()
    return location - scale * u.log() * torch.where(v < 0.5, -1.0, 1.0)


def standard_gamma(source: Source, shape: Tensor, first_part: int = 0) -> Tensor:
    """Marsaglia and Tsang (2000): at least 95 % are accepted; shapes below 1 by the power of a uniform."""
    import torch

    source.require(shape > 0, "a gamma law whose shape is not positive")
    boost = shape < 1
    a = torch.where(boost, shape + 1, shape) - 1.0 / 3.0
    c = 1.0 / (9.0 * a).sqrt()
    result = torch.full(
        (source.worlds.shape[0], source.count), torch.nan, dtype=torch.float64, device=source.worlds.device
    )
    open_ = torch.ones_like(result, dtype=torch.bool)
    for attempt in range(_MOST_ATTEMPTS):
        x = source.normals(first_part + 2 * attempt)
        v = (1.0 + c * x) ** 3
        u = source.uniforms(first_part + 2 * attempt + 1)[0]
        accept = (v > 0) & (u.log() < 0.5 * x * x + a * (1.0 - v + torch.log(v.clamp_min(1e-300))))
        result = torch.where(open_ & accept, a * v, result)
        open_ = open_ & ~accept
        if not bool(open_.any()):
            break
    if bool(boost.any()):
        u = source.uniforms(first_part + 2 * _MOST_ATTEMPTS)[0]
        result = torch.where(boost, result * torch.exp(u.log() / shape), result)
    return result


def gamma(source: Source, shape: Tensor, rate: Tensor) -> Tensor:
    source.require(rate > 0, "a gamma law whose rate is not positive")
    return standard_gamma(source, shape) / rate


def beta(source: Source, a: Tensor, b: Tensor) -> Tensor:
    first = standard_gamma(source, a)
    second = standard_gamma(source, b, 4 * _MOST_ATTEMPTS)
    return first / (first + second)


def student_t(source: Source, freedom: Tensor) -> Tensor:
    source.require(freedom > 0, "a Student law whose degrees of freedom are not positive")
    chi = standard_gamma(source, 0.5 * freedom)
    return source.normals(8 * _MOST_ATTEMPTS) * (0.5 * freedom / chi).sqrt()


def poisson(source: Source, rate: Tensor) -> Tensor:
    """By inversion: the number of cumulative probabilities at or below a uniform."""
    import torch

    source.require(rate >= 0, "a Poisson law with a negative rate")
    largest = float(rate.max())
    if not largest <= _LARGEST_POISSON_RATE:
        raise CannotLower(f"a Poisson law with a rate above {_LARGEST_POISSON_RATE:g} has no sampler here")
    u = source.uniforms()[0]
    mass = torch.exp(-rate).expand(u.shape).clone()
    below = mass.clone()
    result = torch.zeros_like(u)
    for k in range(1, int(largest + 14.0 * largest**0.5 + 60.0)):
        over = u >= below
        if not bool(over.any()):
            break
        result += over
        mass = mass * rate / k
        below = below + mass
    return result


SAMPLERS: dict[str, Callable[..., Tensor]] = {
    "normal": normal,
    "uniform": uniform,
    "bernoulli": bernoulli,
    "categorical": categorical,
    "uniform_choice": uniform_choice,
    "exponential": exponential,
    "laplace": laplace,
    "gamma": gamma,
    "beta": beta,
    "student_t": student_t,
    "poisson": poisson,
}
