"""The draws of a compiled kernel: the samples of one counter, side by side.

One call of the generator gives four words: two normals of 52-bit uniforms in float64, four normals of 32-bit uniforms
in float32.  A kernel runs over counters and evaluates the integrand once for each of these *lanes*, so that no word is
drawn twice and none is wasted.  In float64 the integers, uniforms and normals are those of `philox.Source`, sample by
sample; float32 has streams of its own (the top bit of the stream number), so no integer serves both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from numerics.montecarlo.box_muller import circle, minus_twice_log
from numerics.montecarlo.entries import MOST_ENTRIES
from numerics.montecarlo.philox import _MASK, Words, philox4x32, uniform52

if TYPE_CHECKING:
    from torch import Tensor

Precision = Literal["float64", "float32"]
LANES: dict[Precision, int] = {"float64": 2, "float32": 4}
_OWN_STREAMS = 1 << 15
_SECOND = 1 << 15  # the parts of second uniforms, where float32 draws them from another counter
LARGEST_FLOAT32_UNIFORM = 1.0 - 2.0**-24  # the largest float32 below 1: a logarithm will see it


@dataclass
class Counters:
    """What the lanes share: counters (R, N), one world a row, the key schedule as a tensor, words drawn so far.

    Vectors are drawn component by component where the kernel is ``written_out`` entry by entry."""

    key: Tensor
    worlds: Tensor
    index: Tensor
    precision: Precision
    written_out: bool = False
    memo: dict[Any, Any] = field(default_factory=dict)
    checks: list[Tensor] = field(default_factory=list)

    def words(self, stream: int, part: int | Tensor, lane: int | None = None) -> Words:
        """The words of each counter; for ``lane`` of each sample lane + 2 * counter."""
        known = (stream, part, lane) if isinstance(part, int) else (stream, "vector", part.shape[-1], lane)
        if known not in self.memo:
            index, worlds = self.index, self.worlds
            if lane is not None:
                index = 2 * index + lane
            if not isinstance(part, int):
                index, worlds = index.unsqueeze(-1), worlds.unsqueeze(-1)
            number = _OWN_STREAMS * (self.precision == "float32") + stream
            last = worlds * 0 + ((number << 16) | part)
            self.memo[known] = philox4x32((index & _MASK, index >> 32, worlds, last), self.key)
        return self.memo[known]

    def polar(self, stream: int, part: int | Tensor, half: int) -> tuple[Tensor, Tensor]:
        """(radius cos, radius sin) of Box and Muller, from words 0 and 1 or 2 and 3 (float32), or all (float64)."""
        name = part if isinstance(part, int) else ("vector", part.shape[-1])
        known = (stream, name, "polar", half)
        if known not in self.memo:
            w = self.words(stream, part)
            if self.precision == "float64":
                u, t = uniform52(w[0], w[1]), uniform52(w[2], w[3]) - 0.5
            else:
                u, t = uniform_float32(w[2 * half]), turn_float32(w[2 * half + 1])
            radius = minus_twice_log(u, self.precision).sqrt()
            cosine, sine = circle(t, self.precision)
            if self.precision == "float64":  # the angle is that of t + 1/2
                radius = -radius
            self.memo[known] = radius * cosine, radius * sine
        return self.memo[known]


def uniform_float32(word: Tensor) -> Tensor:
    """(k + 1/2) 2^-32 rounded to float32, never 0 and, by the clamp, never 1."""
    return ((word.float() + 0.5) * 2.0**-32).clamp_max(LARGEST_FLOAT32_UNIFORM)


def turn_float32(word: Tensor) -> Tensor:
    """(k + 1/2) 2^-32, less 1 where that is above 1/2: the same angle, in turns, by half the absolute error."""
    import torch

    return (word.to(torch.int32).float() + 0.5) * 2.0**-32


@dataclass(frozen=True)
class Lane:
    """What a sampler needs of a `philox.Source`, for the samples lane, lane + LANES, ... of a kernel."""

    counters: Counters
    lane: int
    stream: int

    @property
    def worlds(self) -> Tensor:
        return self.counters.worlds

    def uniforms(self, part: int = 0) -> tuple[Tensor, Tensor]:
        if self.counters.precision == "float64":
            w = self.counters.words(self.stream, part, self.lane)
            return uniform52(w[0], w[1]), uniform52(w[2], w[3])
        first = self.counters.words(self.stream, part)[self.lane]
        second = self.counters.words(self.stream, part + _SECOND)[self.lane]
        return uniform_float32(first), uniform_float32(second)

    def normals(self, part: int = 0) -> Tensor:
        return self.counters.polar(self.stream, part, self.lane >> 1)[self.lane & 1]

    def vector_normals(self, size: int) -> Tensor:
        import torch

        if self.counters.written_out and size <= MOST_ENTRIES:
            return torch.stack([self.normals(part) for part in range(size)], -1)
        part = torch.arange(size, dtype=torch.int64, device=self.worlds.device)
        return self.counters.polar(self.stream, part, self.lane >> 1)[self.lane & 1]

    def require(self, ok: Tensor, what: str) -> None:
        """Samples with a parameter out of range become NaN, which no sum hides."""
        self.counters.checks.append(ok)
