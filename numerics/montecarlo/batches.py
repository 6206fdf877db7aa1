"""Samples drawn anywhere: a batch is (structure, parameters, index range), what it leaves are three sums a world.

A `Batch` is plain data and can be sent to another process or machine; whoever draws it gets the same samples.  It is
summed in blocks that begin at multiples of `BLOCK`, and the sums of blocks are added as exact rationals, so batches cut
at these places merge to the same totals in any order, grouping and number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import lru_cache

from numerics.decision import Sums
from numerics.montecarlo.engine import BLOCK, eager_sums
from numerics.montecarlo.integrands import Integral
from numerics.montecarlo.structure import Structure, structures

WorldSums = dict[tuple[int, int], Sums]  # (world, entry) -> sums


@dataclass(frozen=True)
class Batch:
    """Samples start .. start + count - 1 of h - shift in the worlds (number, integral); ``key`` as of `make_key`."""

    worlds: tuple[tuple[int, Integral], ...]
    key: tuple[int, int]
    start: int
    count: int
    shift: float = 0.0

    def __post_init__(self) -> None:
        if self.start < 0 or self.count < 1:
            raise ValueError(f"samples {self.start} to {self.start + self.count} are no range of indices")

    def split(self, parts: int) -> list[Batch]:
        """At most so many batches of whole blocks, together the same samples."""
        if parts < 1:
            raise ValueError(f"a batch is split into 1 or more parts, not {parts}")
        first, end = self.start // BLOCK, -(-(self.start + self.count) // BLOCK)
        cuts = sorted(
            {self.start + self.count, *((first + (end - first) * k // parts) * BLOCK for k in range(1, parts))}
        )
        found, begin = [], self.start
        for cut in cuts:
            if cut > begin:
                found.append(replace(self, start=begin, count=cut - begin))
                begin = cut
        return found


def draw(batch: Batch) -> WorldSums:
    """Draw a batch here.  Raises Undecided at a sample that is not finite, CannotLower for what cannot be sampled."""
    import torch

    from numerics.montecarlo.threads import one_thread

    found: WorldSums = {}
    with one_thread():
        for s in _structures(batch.worlds):
            rows = range(len(s.indices))
            shift = torch.full((len(rows), s.entries), batch.shift, dtype=torch.float64)
            begin, end = batch.start, batch.start + batch.count
            while begin < end:
                count = min(BLOCK - begin % BLOCK, end - begin)
                totals, squares = eager_sums(s, rows, batch.key, begin, count, shift)
                for row in rows:
                    for entry in range(s.entries):
                        place = s.indices[row], entry
                        part = Sums.of(count, float(totals[row, entry]), float(squares[row, entry]))
                        found[place] = found.get(place, Sums()) + part
                begin += count
    return found


@lru_cache(maxsize=8)
def _structures(worlds: tuple[tuple[int, Integral], ...]) -> tuple[Structure, ...]:
    return tuple(structures(worlds))


def merge(parts: Iterable[WorldSums]) -> WorldSums:
    """Exact, whatever the order."""
    found: WorldSums = {}
    for part in parts:
        for place, sums in part.items():
            found[place] = found.get(place, Sums()) + sums
    return found


def run(batches: Sequence[Batch], executor: Executor | None = None) -> WorldSums:
    """Draw all batches, here or by an executor: threads, processes, or the machines of a dask client
    (``client.get_executor()``)."""
    return merge(map(draw, batches) if executor is None else executor.map(draw, batches))
