"""Normal draws for compiled kernels: the transform of Box and Muller (1958) by polynomials.

A call of a mathematical library ends the loop of a compiler's vectors: all registers are written to memory and read
again.  Written as polynomials (Remez fits, coefficients rounded to the precision of the kernel) a logarithm, a sine and
a cosine stay in registers.  Range reduction is by the bits of the number, so it costs two integer operations.

The errors are those that `draw_errors.ARITHMETIC` grants (``rho`` for the logarithm, ``angle`` for the circle);
tests/numerics/test_box_muller.py encloses them in ball arithmetic, with or without fused multiply-adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from numerics.montecarlo.lanes import Precision

TWICE_LOG_2 = 1.3862943611198906


@dataclass(frozen=True)
class Format:
    """A floating point format: ``mantissa`` bits, and the bits of the square root of 1/2."""

    mantissa: int
    root_of_half: int


FORMATS: dict[Precision, Format] = {
    "float32": Format(23, 0x3F3504F3),
    "float64": Format(52, 0x3FE6A09E667F3BCD),
}
# (-2 log(1 + t) + 2t - t^2) / t^3 for 1 + t in [sqrt(1/2), sqrt 2]
LOG_FLOAT32 = (-0.6666933155, 0.4996250104, -0.398216604, 0.343134412, -0.3227061771, 0.2050649356)
# 4 artanh(s) / s in s^2, where s = t / (2 + t) and log(1 + t) = 2 artanh(s)
LOG_FLOAT64 = (
    4.0000000000000006926, 1.3333333333310360844, 0.8000000012436671769, 0.57142831914091003318,
    0.44446877492658262182, 0.36243615200429463849, 0.33678193093758116047,
)  # fmt: skip
# sqrt 2 sin(pi t) / t and sqrt 2 cos(pi t) in t^2, for |t| <= 1/2
SINE: dict[Precision, tuple[float, ...]] = {
    "float32": (4.442882841, -7.308241443, 3.606292547, -0.84578102, 0.1092347538),
    "float64": (
        4.4428829381583624544, -7.3082494999946679006, 3.6064765714263788826, -0.84748802368208671036,
        0.11617181166683997603, -0.010423246843333788535, 0.00065894536465177477604, -0.000029823517262803106491,
    ),
}  # fmt: skip
COSINE: dict[Precision, tuple[float, ...]] = {
    "float32": (1.414213497, -6.978850988, 5.739461171, -1.883562987, 0.310698192),
    "float64": (
        1.4142135623730950433, -6.9788641996388759482, 5.7398857349463546896, -1.8883467170302786179,
        0.33280776877138092749, -0.036496452057842192462, 0.0027288046656021886503, -0.00014787947661057060945,
        5.8684088281940028628e-6,
    ),
}  # fmt: skip


def horner(coefficients: Sequence[float], x: Tensor) -> Tensor:
    """coefficients[0] + coefficients[1] x + ..."""
    result = x * coefficients[-1] + coefficients[-2]
    for c in coefficients[-3::-1]:
        result = result * x + c
    return result


def minus_twice_log(u: Tensor, precision: Precision) -> Tensor:
    """-2 log u for 0 < u < 1 in the format of the kernel; never negative."""
    import torch

    f, real, whole = FORMATS[precision], u.dtype, torch.int32 if precision == "float32" else torch.int64
    bits = u.view(whole)
    exponent = (bits - f.root_of_half) >> f.mantissa
    t = (bits - (exponent << f.mantissa)).view(real) - 1.0
    powers_of_two = exponent.to(real) * -TWICE_LOG_2
    if precision == "float32":
        return powers_of_two + ((t * t) * (horner(LOG_FLOAT32, t) * t + 1.0) - 2.0 * t)
    s = t / (t + 2.0)
    return powers_of_two - s * horner(LOG_FLOAT64, s * s)


def circle(t: Tensor, precision: Precision) -> tuple[Tensor, Tensor]:
    """(cos 2 pi t, sin 2 pi t) for |t| <= 1/2, by doubling the angle pi t."""
    square = t * t
    s = horner(SINE[precision], square) * t  # sqrt 2 sin(pi t)
    c = horner(COSINE[precision], square)
    return 1.0 - s * s, s * c
