"""A bound of Var h, fixed before the samples that decide are drawn.

Certified, where it can be: h a polynomial in standard draws (exact moments, so the bound is the variance itself),
h in [a, b] (Popoviciu: at most (b - a)^2 / 4), or |h| below a polynomial majorant P (E P^2).  Otherwise assumed: twice
the median of means of (h - h')^2 / 2 over a pilot, which holds at the stated error if the kurtosis of h is at most
`ASSUMED_KURTOSIS`; such a bound may support but never refute.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numerics import exact
from numerics.montecarlo.integrands import Integral
from numerics.montecarlo.interpret import Interpreter, NotCovered
from numerics.montecarlo.majorants import Bound, Bounds, outward
from numerics.montecarlo.polynomials import (
    Atom,
    Atoms,
    DivergingMoment,
    Polynomial,
    Polynomials,
    draw_value,
    plus,
    times,
)
from numerics.montecarlo.polynomials import constant as constant_polynomial
from proofs.terms import Term

if TYPE_CHECKING:
    from torch import Tensor

PILOT = 1 << 16
_BITS = 160
_GROUPS = 166  # 8 log(1/1e-9), rounded up: the number of means whose median is taken
# Lugosi and Mendelson (2019), theorem 2: the median of k = 8 log(1/a) means is off by at most sd * sqrt(32 log(1/a)/n)
# with probability 1 - a.  With y = (h - h')^2/2, sd(y) = Var h * sqrt((kurtosis + 1)/2), the error is at most half the
# variance for the n = PILOT/2 pairs as long as the kurtosis is at most this.
ASSUMED_KURTOSIS = 23
_TAIL = 256


@dataclass(frozen=True)
class VarianceBound:
    """Var h <= variance and |E h| <= mean (after the shift); ``exact_mean`` encloses E h where moments are known."""

    variance: float
    mean: float
    certified: bool
    method: str
    exact_mean: tuple[float, float] | None = None


def constants(terms: Term) -> list[tuple[float, float]]:
    """(value, error bound) of the entries of a closed term without expectations.  Raises NotCovered."""
    with exact.precision(_BITS):
        values = []
        for p in Interpreter(Polynomials(), {}).entries(terms):
            value = p.constant()
            low, high = outward(value)
            middle = 0.5 * (low + high)
            if not math.isfinite(middle):
                raise NotCovered("a constant without a finite value")
            values.append((middle, max(high - middle, middle - low)))
        return values


def certify(integral: Integral, shifts: Sequence[float]) -> list[VarianceBound | None]:
    """A certified bound for each entry of h - shift, or None.  Raises DivergingMoment where Var h is infinite."""
    assert integral.body is not None
    with exact.precision(_BITS):
        try:
            atoms, algebra = Atoms(), Bounds()
            reader = Interpreter(algebra, {})
            fixed = Interpreter(Polynomials(), {})
            for d in integral.draws:
                reader.env[d.name] = draw_value(d, reader, atoms, fixed)
            values = reader.entries(integral.body)
        except NotCovered:
            return [None] * len(shifts)
        return [_bound(v, atoms.atoms, s) for v, s in zip(values, shifts)]


def _bound(value: Bound, atoms: Sequence[Atom], shift: float) -> VarianceBound | None:
    if value.exact is not None:
        found = _moments(value.exact, atoms, shift)
        if found is not None:
            return found
    if value.bounded:
        size = max(abs(value.low - shift), abs(value.high - shift))
        return VarianceBound(((value.high - value.low) / 2) ** 2 * (1 + 1e-12), size * (1 + 1e-12), True, "bounded")
    if value.majorant is None:
        return None
    try:
        # the majorant of h itself bounds Var h; that of |h - shift| bounds the mean
        second = _upper(times(value.majorant, value.majorant).expectation(atoms, absolute=True))
    except (NotCovered, DivergingMoment):
        return None
    if not math.isfinite(second):
        return None
    return VarianceBound(second, (math.sqrt(second) + abs(shift)) * (1 + 1e-12), True, "majorant")


def _moments(p: Polynomial, atoms: Sequence[Atom], shift: float) -> VarianceBound | None:
    try:
        mean = p.expectation(atoms)
        centred = plus(p, constant_polynomial(-mean))
        variance = times(centred, centred).expectation(atoms)
    except NotCovered:
        return None
    upper = max(_upper(variance), 0.0)
    if not math.isfinite(upper):
        return None
    low, high = outward(mean)
    size = max(abs(low - shift), abs(high - shift)) + math.sqrt(upper)
    return VarianceBound(upper, size * (1 + 1e-12), True, "exact moments", (low - shift, high - shift))


def _upper(value: Any) -> float:
    return outward(value)[1]


@dataclass(frozen=True)
class Pilot:
    """What the pilot says of one entry of h: variance (median of means, sample), kurtosis, index of the tail."""

    mean: float
    variance: float
    robust_variance: float
    kurtosis: float
    tail_index: float

    @property
    def diverges(self) -> bool:
        """Hill's (1975) estimate from the largest values lies four of its standard errors (index/sqrt(k)) below 2."""
        return self.tail_index * (1.0 + 4.0 / math.sqrt(_TAIL)) < 2.0 and self.kurtosis > 10 * ASSUMED_KURTOSIS

    def assumed(self) -> VarianceBound | None:
        """The bound under the assumption on the kurtosis, or None where the pilot contradicts it."""
        if self.kurtosis > ASSUMED_KURTOSIS:
            return None
        variance = 2.0 * self.robust_variance
        spread = math.sqrt(variance)
        return VarianceBound(variance, abs(self.mean) + 10.0 * spread, False, f"kurtosis at most {ASSUMED_KURTOSIS}")


def pilot(h: Tensor) -> Pilot:
    """From a row of independent values of h."""
    import torch

    n = h.shape[0]
    mean = float(h.mean())
    d = h - h.mean()
    variance = float((d * d).mean())
    pairs = 0.5 * (h[0 : n - 1 : 2] - h[1:n:2]) ** 2
    k = min(_GROUPS, max(pairs.shape[0] // 8, 1))
    size = pairs.shape[0] // k
    robust = float(pairs[: k * size].reshape(k, size).mean(1).median())
    # summed after scaling: a fourth power must not overflow
    scale = float(d.abs().max())
    kurtosis = float(((d / scale) ** 4).mean() / ((d / scale) ** 2).mean() ** 2) if scale > 0 else 1.0
    top = torch.topk(d.abs(), min(_TAIL + 1, n)).values
    logs = torch.log(top[:-1] / top[-1]) if float(top[-1]) > 0 else torch.zeros(1, dtype=h.dtype)
    hill = float(logs.mean())
    return Pilot(mean, variance, robust, kurtosis, math.inf if hill <= 0 else 1.0 / hill)
