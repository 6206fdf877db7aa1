"""The polynomials behind the normals of a kernel: enclosures of their errors lie within what the bounds assume.

Truncation by Taylor models in ball arithmetic, over cells that cover the whole range; rounding by running error bounds
(Higham 2002, chapter 3) with two roundings for a multiply-add, of which a fused one does only the last.
"""

import math

import numpy as np
import pytest
import torch
from flint import arb, arb_series, ctx

from numerics.montecarlo.box_muller import COSINE, LOG_FLOAT32, LOG_FLOAT64, SINE, circle, minus_twice_log
from numerics.montecarlo.draw_errors import ARITHMETIC
from numerics.montecarlo.lanes import LARGEST_FLOAT32_UNIFORM, turn_float32, uniform_float32

torch.set_num_threads(1)
UNIT = {"float32": 2.0**-24, "float64": 2.0**-53}
KERNEL = {"float32": (np.float32, torch.float32), "float64": (np.float64, torch.float64)}
# what the last bits of a word, and of the sum with 1/2, can change of a uniform, relatively
OF_A_UNIFORM = {"float32": 2 * 2.0**-24, "float64": 0.0}
ORDER, CELLS = 6, 200
PRECISIONS = list(UNIT)


@pytest.fixture(autouse=True)
def _many_bits():
    before, ctx.prec = ctx.prec, 200
    yield
    ctx.prec = before


class Value:
    """A range of exact values, and how far a computed one may lie from the exact one."""

    def __init__(self, exact, error, unit):
        self.exact, self.error, self.unit = exact, error, unit

    @property
    def size(self):
        return float(abs(self.exact).upper()) + self.error

    def _rounded(self, exact, error):
        grown = Value(exact, error, self.unit)
        grown.error += grown.size * self.unit
        return grown

    def _of(self, b):
        return b if isinstance(b, Value) else Value(arb(b), 0.0, self.unit)

    def __add__(self, b):
        b = self._of(b)
        return self._rounded(self.exact + b.exact, self.error + b.error)

    def __mul__(self, b):
        b = self._of(b)
        return self._rounded(self.exact * b.exact, self.size * b.error + b.size * self.error)

    def __truediv__(self, b):
        quotient = self.exact / b.exact
        low = float(abs(b.exact).lower()) - b.error
        return self._rounded(quotient, (self.error + float(abs(quotient).upper()) * b.error) / low)


def horner(coefficients, x, precision):
    """For numbers, power series and `Value`s; the coefficients as the kernel has them."""
    *rest, last = (arb(float(KERNEL[precision][0](c))) for c in coefficients)
    result = x * 0 + last
    for c in reversed(rest):
        result = result * x + c
    return result


def cells(low, high):
    width = (arb(high) - arb(low)) / CELLS
    for k in range(CELLS):
        middle = arb(low) + width * (k + arb(1) / 2)
        yield middle.mid(), float((width / 2).upper()) * (1 + 1e-9)


def truncation(difference, low, high):
    """max |difference| over [low, high], for a function of power series: Taylor at the middle of each cell, with the
    remainder over the whole cell."""
    worst = 0.0
    for middle, radius in cells(low, high):
        near = difference(arb_series([middle, 1], prec=ORDER))
        over = difference(arb_series([middle + arb(0, radius), 1], prec=ORDER + 1))
        parts = [float(abs(near[j]).upper()) * radius**j for j in range(ORDER)]
        worst = max(worst, sum(parts) + float(abs(over[ORDER]).upper()) * radius**ORDER)
    return worst


def rounding(computed, low, high, unit):
    """The largest error of ``computed`` in each cell of [low, high], for an argument without one."""
    return [computed(Value(m + arb(0, r), 0.0, unit)).error for m, r in cells(low, high)]


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_circle_is_as_exact_as_granted(precision):
    """By symmetry for t in [0, 1/2]; what rounding of t itself turns the angle comes on top."""

    def sine(t):
        return horner(SINE[precision], t * t, precision) * t * horner(COSINE[precision], t * t, precision)

    def cosine(t):
        s = horner(SINE[precision], t * t, precision) * t
        return s * s * -1 + 1

    two_pi = 2 * arb.pi()
    unit = UNIT[precision]
    of_sine = truncation(lambda t: sine(t) - (t * two_pi).sin(), 0, 0.5)
    of_cosine = truncation(lambda t: cosine(t) - (t * two_pi).cos(), 0, 0.5)
    of_t = 2 * math.pi * 0.5 * OF_A_UNIFORM[precision]
    rounded = max(map(math.hypot, rounding(sine, 0, 0.5, unit), rounding(cosine, 0, 0.5, unit)))
    assert math.hypot(of_sine, of_cosine) + rounded + of_t < ARITHMETIC[precision].angle


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_logarithm_is_as_exact_as_granted(precision):
    """u = 2^e m with m in [sqrt(1/2), sqrt 2): |computed - (-2 log u)| <= 2 rho (1 + L), where L = -log u."""

    def of_mantissa(t):
        if precision == "float32":
            return t * t * (horner(LOG_FLOAT32, t, precision) * t + 1) + t * -2
        s = t / (t + 2)
        return horner(LOG_FLOAT64, s * s, precision) * s * -1

    low, high, unit = math.sqrt(0.5) - 1 - 1e-7, math.sqrt(2) - 1 + 1e-7, UNIT[precision]
    error = truncation(lambda t: of_mantissa(t) + (t + 1).log() * 2, low, high)
    error += max(rounding(of_mantissa, low, high, unit))
    # e log 4 is rounded as a constant and as a product, and is at most 2 L + log 2; then the sum is rounded
    at_zero, slope = error + 2 * unit * math.log(2), 2 * (2 * unit) + 2 * unit * (1 + 4 * unit)
    of_u = 2 * OF_A_UNIFORM[precision] + (2 * 2.0**-24 if precision == "float32" else 0.0)  # the clamp below 1
    assert at_zero + of_u < 2 * ARITHMETIC[precision].rho
    assert slope < 2 * ARITHMETIC[precision].rho


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_code_computes_these_polynomials(precision):
    """Against the library in float64, on a grid with the ends, in every binade."""
    kind = KERNEL[precision][1]
    smallest = 2.0**-33 if precision == "float32" else 2.0**-53
    largest = LARGEST_FLOAT32_UNIFORM if precision == "float32" else 1 - 2.0**-53
    u = torch.cat([torch.logspace(math.log2(smallest), 0, 20_001, 2.0, dtype=torch.float64)[:-1]]).clamp(
        smallest, largest
    )
    u = torch.cat([u, 1 - torch.logspace(-24 if precision == "float32" else -50, -1, 5000, 2.0, dtype=torch.float64)])
    u = u.to(kind)
    expected = -2 * u.double().log()
    got = minus_twice_log(u, precision).double()
    assert (got >= 0).all()
    assert ((got - expected).abs() <= ARITHMETIC[precision].rho * (2 + expected)).all()
    t = torch.linspace(-0.5, 0.5, 40_001, dtype=torch.float64).to(kind)
    for got, expected in zip(circle(t, precision), (torch.cos, torch.sin)):
        assert ((got.double() - expected(2 * math.pi * t.double())).abs() <= ARITHMETIC[precision].angle).all()


def test_a_turn_in_float32_is_the_angle_of_its_word():
    words = torch.tensor([0, 1, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 1])
    turns = (words.double() + 0.5) * 2.0**-32
    gap = turn_float32(words).double() - turns
    assert ((gap - gap.round()).abs() <= 2.0**-24).all()
    assert (turn_float32(words).abs() <= 0.5).all()
    ends = uniform_float32(torch.tensor([0, 0xFFFFFFFF]))
    assert ends.tolist() == [2.0**-33, LARGEST_FLOAT32_UNIFORM]
