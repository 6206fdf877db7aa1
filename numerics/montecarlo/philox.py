"""Counter-based random integers and uniforms: Philox4x32 in tensor operations.

Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).  A draw is a pure function of
(seed, claim, world, stream, index): the same integers on every device, in any batch size and any order, and a sample
that led to a verdict can be drawn again.

Seven rounds by default: the fewest that pass all of BigCrush (their Table 2), which compilers also vectorise better
than ten.  `rounds=10` is the library default of Random123 and is held against its published vectors.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from numerics.montecarlo.errors import InvalidLaw

if TYPE_CHECKING:
    from torch import Tensor

ROUNDS = 7
_MASK = 0xFFFFFFFF
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_WEYL = (0x9E3779B9, 0xBB67AE85)

Words = tuple["Tensor", "Tensor", "Tensor", "Tensor"]


def philox4x32(counter: Words, key: tuple[int, int] | Tensor, rounds: int = ROUNDS) -> Words:
    """Four 32-bit words for each 128-bit counter.

    ``counter`` holds int64 tensors of one broadcastable shape with values in [0, 2^32), lowest word first; so do the
    words that come back.  int64 products wrap modulo 2^64, which leaves all 64 bits of the unsigned product right; the
    masks come as late as possible (words 1 and 3 only meet an exclusive or before the next mask).

    ``key`` is two words, or the `key_schedule` of the rounds as a tensor: then nothing is written in place, and the key
    is an input of a compiled kernel rather than a number in it.
    """
    c0, c1, c2, c3 = counter
    schedule = key_schedule(key, rounds) if isinstance(key, tuple) else key
    for round_ in range(rounds):
        k0, k1 = schedule[round_][0], schedule[round_][1]
        low, high = c0 * _MULTIPLIERS[0], c2 * _MULTIPLIERS[1]
        if round_ < 2 or schedule is key:  # the counters may still have different shapes
            c0 = (((high >> 32) ^ c1) ^ k0) & _MASK
            c2 = (((low >> 32) ^ c3) ^ k1) & _MASK
        else:
            c0 = (high >> 32).bitwise_xor_(c1).bitwise_xor_(k0).bitwise_and_(_MASK)
            c2 = (low >> 32).bitwise_xor_(c3).bitwise_xor_(k1).bitwise_and_(_MASK)
        c1, c3 = high, low
    return c0, c1 & _MASK, c2, c3 & _MASK


def key_schedule(key: tuple[int, int], rounds: int = ROUNDS) -> list[tuple[int, int]]:
    """The two key words of each round."""
    return [((key[0] + r * _WEYL[0]) & _MASK, (key[1] + r * _WEYL[1]) & _MASK) for r in range(rounds)]


def make_key(seed: int, claim: int | str) -> tuple[int, int]:
    """The two key words of a check: a hash, so that no two (seed, claim) share a stream by arithmetic."""
    digest = hashlib.blake2b(f"{seed}:{claim}".encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def uniform32(word: Tensor) -> Tensor:
    """u = (k + 1/2) 2^-32 in float64, exact, never 0 or 1."""
    return (word.double() + 0.5) * 2.0**-32


def uniform52(high: Tensor, low: Tensor) -> Tensor:
    """u = (k + 1/2) 2^-52 from the 32 bits of one word and the top 20 of another; exact, never 0 or 1.

    52 bits and not 53: k + 1/2 must fit the 53 bits of a float64, or the largest k would round to u = 1.
    """
    return (((high << 20) | (low >> 12)).double() + 0.5) * 2.0**-52


@dataclass(frozen=True)
class Source:
    """The draws of one random variable: which worlds, which range of sample indices, which stream.

    ``worlds`` is an int64 tensor (W, 1).  Everything drawn has shape (W, count).  ``part`` numbers the independent
    parts within a variable: the components of a vector, the attempts of a rejection sampler.
    """

    key: tuple[int, int]
    worlds: Tensor
    start: int
    count: int
    stream: int = 0
    rounds: int = ROUNDS

    def words(self, part: int = 0, *, start: int | None = None, count: int | None = None) -> Words:
        """Four words for each index of the range."""
        import torch

        begin = self.start if start is None else start
        size = self.count if count is None else count
        if not 0 <= part < 1 << 16 or not 0 <= self.stream < 1 << 16:
            raise ValueError(f"stream {self.stream}, part {part}: both must lie below 2^16")
        index = torch.arange(begin, begin + size, dtype=torch.int64, device=self.worlds.device).unsqueeze(0)
        last = torch.full_like(self.worlds, (self.stream << 16) | part)
        return philox4x32((index & _MASK, index >> 32, self.worlds, last), self.key, self.rounds)

    def uniforms(self, part: int = 0) -> tuple[Tensor, Tensor]:
        """Two independent uniforms of 52 bits for each index."""
        w = self.words(part)
        return uniform52(w[0], w[1]), uniform52(w[2], w[3])

    def normals(self, part: int = 0) -> Tensor:
        """Standard normals by Box and Muller; one call gives those of two neighbouring indices."""
        import torch

        first, last = self.start >> 1, (self.start + self.count + 1) >> 1
        w = self.words(part, start=first, count=last - first)
        radius = uniform52(w[0], w[1]).log_().mul_(-2.0).sqrt_()
        angle = uniform52(w[2], w[3]).mul_(2.0 * torch.pi)
        both = torch.stack((radius * torch.cos(angle), radius * torch.sin(angle)), dim=-1)
        offset = self.start & 1
        return both.reshape(both.shape[0], -1)[:, offset : offset + self.count]

    def vector_normals(self, size: int) -> Tensor:
        """Standard normals (W, count, size), one part for each component."""
        import torch

        return torch.stack([self.normals(part) for part in range(size)], -1)

    def require(self, ok: Tensor, what: str) -> None:
        """Raises InvalidLaw where a parameter is out of range."""
        if not bool(ok.all()):
            raise InvalidLaw(what)

    def on(self, stream: int) -> Source:
        return replace(self, stream=stream)
