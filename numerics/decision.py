"""The sequential decision about a mean: refute, support to a resolution, or draw more.

With h the sampled difference, Var h <= v, and for a candidate mean m
    S = sum (h_i - m),   V = (sum (h_i - m)^2 + 2 n v) / 3,
exp(lambda S - lambda^2 V / 2) is a supermartingale for every lambda when E h = m, since exp(y - y^2/6) <= 1 + y + y^2/3
for all y (Delyon 2009; Howard, Ramdas, McAuliffe, Sekhon 2020, section 3.2).  Mixing lambda ~ N(0, 1/rho) gives
    log E_n(m) = log(rho/(rho+V))/2 + S^2 / (2 (rho+V)),
and by Ville's inequality P(E_n(m) >= 1/alpha for some n) <= alpha at the true mean: {m : E_n(m) < 1/alpha} covers it
at all n at once, so one may look after every block.  Finite variance is all that is needed, but a bound of it must be
known.

Beside `decide` stand its two companions, as in TensorFlow Probability's statistical_testing: the smallest error that n
samples can see, and the samples needed to see a given error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

ALPHA = 1e-9


@dataclass(frozen=True)
class Sums:
    """What a batch of samples leaves behind: their number, sum and sum of squares.

    Batches are summed in float64 in their own fixed order; what they leave is added as exact rationals, so partial
    results merge exactly, in any order and grouping.
    """

    count: int = 0
    total: Fraction = Fraction(0)
    squares: Fraction = Fraction(0)

    @classmethod
    def of(cls, count: int, total: float, squares: float) -> Sums:
        """Raises ValueError for a sum that is not finite: such a sample is never masked."""
        if not (math.isfinite(total) and math.isfinite(squares)):
            raise ValueError(f"a sum over {count} samples is not finite: {total}, {squares}")
        return cls(count, Fraction(total), Fraction(squares))

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.count + other.count, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> float:
        return float(self.total / self.count)

    @property
    def variance(self) -> float:
        """The mean square deviation from the sample mean; exact but for the rounding within the batches."""
        return max(float((self.squares - self.total**2 / self.count) / self.count), 0.0)


def merge(parts: Iterable[Sums]) -> Sums:
    return sum(parts, Sums())


@dataclass(frozen=True)
class Decision:
    """``interval`` is the confidence set for the mean, at every n with error alpha; ``log_e`` the evidence against the
    claimed value, to be compared with log(1/alpha)."""

    status: Literal["refuted", "supported", "continue"]
    interval: tuple[float, float]
    log_e: float
    reason: str = ""


def mixture_scale(alpha: float, planned: float, variance: float) -> float:
    """rho that makes the set narrowest at n = ``planned``.

    The half-width^2 is (rho + V)(2 L + log((rho+V)/rho)) with L = log(1/alpha); its derivative by rho vanishes where
    y = V/rho solves y = 2 L + log(1 + y): y = 45.28 at alpha = 1e-9.
    """
    twice = -2.0 * math.log(alpha)
    y = twice
    for _ in range(60):
        before, y = y, twice + math.log1p(y)
        if abs(y - before) <= 1e-15 * y:
            break
    return planned * variance / y


def log_e_value(n: int, total: float, total_of_squares: float, m: float, variance_bound: float, rho: float) -> float:
    """log E_n(m) from the three sums."""
    centred = max(total_of_squares - total * total / n, 0.0)
    return _log_e(n, centred, total / n - m, variance_bound, rho)


def _log_e(n: int, centred: float, distance: float, variance_bound: float, rho: float) -> float:
    v = (centred + n * distance * distance + 2.0 * n * variance_bound) / 3.0
    return 0.5 * (math.log(rho) - math.log(rho + v)) + (n * distance) ** 2 / (2.0 * (rho + v))


def radii(n: int, centred: float, alpha: float, variance_bound: float, rho: float) -> tuple[float, float]:
    """(inner, outer): E_n(m) >= 1/alpha exactly where inner <= |m - mean| <= outer.

    V grows with m, so absurdly distant m cannot be rejected; they are cut off by a bound of |E h|.  With d the distance
    and u0 = rho + (centred + 2 n v)/3, put d^2 = 3 t u0 / n:
        g(t) = log(rho/u0)/2 - log(1+t)/2 + (3n/2) t/(1+t),
    which rises up to t = 3n - 1 and falls from there.  Both are inf where nothing is rejected.
    """
    inside = _Excess(n, centred, alpha, variance_bound, rho)
    return inside.inner(), inside.outer()


@dataclass(frozen=True)
class _Excess:
    """log E_n(m) - log(1/alpha) as a function of log t, and where it vanishes."""

    n: int
    centred: float
    alpha: float
    variance_bound: float
    rho: float

    @cached_property
    def u0(self) -> float:
        return self.rho + (self.centred + 2.0 * self.n * self.variance_bound) / 3.0

    @cached_property
    def base(self) -> float:
        return 0.5 * (math.log(self.rho) - math.log(self.u0)) + math.log(self.alpha)

    @cached_property
    def top(self) -> float:
        return math.log(3.0 * self.n - 1.0)

    @cached_property
    def rejects(self) -> bool:
        return self.at(self.top) > 0.0

    def at(self, log_t: float) -> float:
        if log_t > 30.0:
            return self.base - 0.5 * log_t + 1.5 * self.n
        t = math.exp(log_t)
        return self.base - 0.5 * math.log1p(t) + 1.5 * self.n * t / (1.0 + t)

    def _distance(self, log_t: float) -> float:
        return math.exp(0.5 * log_t + 0.5 * math.log(3.0 * self.u0 / self.n))

    def inner(self) -> float:
        """Outward: the accepted inner part must not be reported too small, nor, below, the outer one too far away."""
        return self._distance(_bisect(self.at, -80.0, self.top)) * (1 + 1e-12) if self.rejects else math.inf

    def outer(self) -> float:
        far = 2.0 * (self.base + 1.5 * self.n) + 1.0
        if not self.rejects or far >= 1300.0:
            return math.inf
        return self._distance(_bisect(lambda x: -self.at(x), self.top, max(far, self.top + 1.0))) * (1 - 1e-12)


def _bisect(f, low: float, high: float) -> float:
    """Where an increasing-through-zero f changes sign."""
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if f(middle) < 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def decide(
    sums: Sums,
    claimed: float = 0.0,
    rel: str = "=",
    *,
    alpha: float = ALPHA,
    resolution: float,
    slack: float = 0.0,
    variance_bound: float,
    certified: bool,
    mean_bound: float = math.inf,
    rho: float | None = None,
) -> Decision:
    """What the samples say about ``E h rel claimed``.

    ``slack`` widens the claimed value by the rounding and grid error.  ``variance_bound`` (and ``mean_bound`` of |E h|)
    must have been fixed before the samples were seen; only where they are ``certified`` may the answer be 'refuted'.
    ``resolution`` is the error that a support must exclude.  Raises ValueError for arguments out of range.
    """
    if rel not in ("=", "<=", ">=", "<", ">"):
        raise ValueError(f"no decision about {rel!r}: one of =, <=, >=, <, >")
    if not (0 < alpha < 1 and resolution > slack >= 0 and variance_bound >= 0):
        raise ValueError(
            f"alpha {alpha}, resolution {resolution}, slack {slack}, variance {variance_bound}: out of range"
        )
    if rel in (">=", ">"):
        mirrored = Sums(sums.count, -sums.total, sums.squares)
        found = decide(
            mirrored, -claimed, "<=" if rel == ">=" else "<", alpha=alpha, resolution=resolution, slack=slack,
            variance_bound=variance_bound, certified=certified, mean_bound=mean_bound, rho=rho,
        )  # fmt: skip
        return Decision(found.status, (-found.interval[1], -found.interval[0]), found.log_e, found.reason)
    n = sums.count
    if n == 0:
        return Decision("continue", (-mean_bound, mean_bound), 0.0)
    # a variance bound of 0 would make rho 0; the smallest one that does not decide anything by itself
    variance_bound = max(variance_bound, (resolution * 1e-6) ** 2)
    if rho is None:
        rho = mixture_scale(alpha, samples_at(resolution, variance_bound, alpha), variance_bound)
    mean, centred = sums.mean, sums.variance * n
    inner, outer = radii(n, centred, alpha, variance_bound, rho)
    reach = mean_bound + abs(mean)
    low, high = (mean - inner, mean + inner) if outer > reach else (-mean_bound, mean_bound)
    interval = (max(low, -mean_bound), min(high, mean_bound))
    # evidence against the relation: only what lies on its wrong side counts
    near = max((abs(claimed - mean) if rel == "=" else mean - claimed) - slack, 0.0)
    log_e = _log_e(n, centred, near, variance_bound, rho)

    refuted = supported = False
    if rel == "=":
        refuted = near >= inner and abs(claimed - mean) + slack <= outer
        allowed = resolution - slack
        supported = outer > reach and interval[0] > claimed - allowed and interval[1] < claimed + allowed
    else:
        # every m <= claimed must be rejected, down to -mean_bound
        refuted = claimed + slack <= mean - inner and (outer == math.inf or mean + mean_bound <= outer)
        edge = claimed - slack if rel == "<" else claimed + resolution - slack
        supported = interval[1] < edge and high - mean < resolution
    if refuted and certified:
        return Decision("refuted", interval, log_e, f"E h = {claimed:.6g} is excluded at {alpha:.0e}")
    if refuted:
        return Decision("continue", interval, log_e, "excluded, but the variance bound is only assumed")
    if supported:
        return Decision("supported", interval, log_e, f"an error of {resolution:.3g} would have been seen")
    return Decision("continue", interval, log_e)


def half_width(n: float, variance_bound: float, alpha: float = ALPHA, *, variance: float | None = None) -> float:
    """Half-width of the set after n samples of the given variance (the bound itself by default), tuned to that n."""
    variance = variance_bound if variance is None else variance
    effective = (variance + 2.0 * variance_bound) / 3.0
    rho = mixture_scale(alpha, n, effective)
    return _Excess(max(math.ceil(n), 1), n * variance, alpha, variance_bound, rho).inner()


def smallest_detectable_error(n: int, variance_bound: float, *, alpha: float = ALPHA, beta: float = 1e-3) -> float:
    """An error this large is refuted within n samples with probability 1 - beta or more, at the bound's variance.

    The truth lies within the set of level beta, the claimed value outside the set of level alpha.
    """
    return half_width(n, variance_bound, alpha) + half_width(n, variance_bound, beta)


def samples_needed(error: float, variance_bound: float, *, alpha: float = ALPHA, beta: float = 1e-3) -> int:
    """The fewest samples whose `smallest_detectable_error` is at most ``error``."""
    if not error > 0:
        raise ValueError(f"an error of {error} cannot be resolved: it must be positive")
    return _fewest(lambda n: smallest_detectable_error(n, variance_bound, alpha=alpha, beta=beta) <= error)


def samples_at(width: float, variance_bound: float, alpha: float = ALPHA) -> int:
    """The fewest samples after which the set is no wider than +-``width``."""
    return _fewest(lambda n: half_width(n, variance_bound, alpha) <= width)


def _fewest(enough) -> int:
    high = 1
    while not enough(high):
        high *= 2
        if high > 1 << 200:
            raise ValueError("no number of samples is enough")
    low = high // 2
    while high - low > max(1, high >> 30):
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
