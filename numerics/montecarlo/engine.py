"""Sums over ranges of samples of one structure: eager blocks at first, a compiled kernel once that pays.

Both draw the same samples, so a range begun by one is continued by the other.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from numerics.montecarlo.errors import Undecided

if TYPE_CHECKING:
    from torch import Tensor

    from numerics.montecarlo.fused import Fused
    from numerics.montecarlo.structure import Structure

BLOCK = 1 << 14  # samples evaluated together on a CPU: a dozen float64 columns of it fit the cache of a core
GPU_BLOCK = 1 << 22
_PATIENCE = 0.25  # seconds of compiled drawing between two looks at the clock


def eager_sums(
    s: Structure, rows: Sequence[int], key: tuple[int, int], start: int, count: int, shift: Tensor, device: str = "cpu"
) -> tuple[Tensor, Tensor]:
    """Sums of h - shift and of its square over samples start .. start + count - 1, float64 (rows, entries).

    ``shift`` is (rows, entries).  Raises Undecided at the first sample that is not finite, or if a sum overflows.
    """
    import torch

    block = GPU_BLOCK if device.startswith("cuda") else BLOCK
    size = max(block // len(rows), 1 << 11)
    shift = shift.to(device).unsqueeze(1)
    totals = torch.zeros(len(rows), s.entries, dtype=torch.float64, device=device)
    squares = torch.zeros_like(totals)
    for begin in range(start, start + count, size):
        n = min(size, start + count - begin)
        h = s.evaluate(s.draw(rows, key, begin, n, device), len(rows), n) - shift
        totals += h.sum(1)
        squares += (h * h).sum(1)
        if not bool(torch.isfinite(squares).all()):
            for i, r in enumerate(rows):
                require_finite(h[i], s.indices[r])
            raise Undecided("a sum over the samples overflows")
    return totals, squares


def require_finite(h: Tensor, index: int) -> None:
    import torch

    bad = ~torch.isfinite(h)
    if bool(bad.any()):
        raise Undecided(f"a sample of the difference is not finite ({float(h[bad][0])}) in world {index + 1}")


@dataclass
class Engine:
    """Draws for the worlds of one structure.  ``note`` says why nothing is compiled, should that be so."""

    structure: Structure
    key: tuple[int, int]
    device: str
    note: str = ""
    _fused: Fused | None = None
    _refused: bool = False
    _spent: float = 0.0
    _drawn: int = field(default=0)

    def advance(
        self, rows: Sequence[int], shift: Tensor, start: int, target: int, wanted: int, deadline: float
    ) -> tuple[int, Tensor, Tensor]:
        """(samples, sums, sums of squares) for each of ``rows`` from ``start`` to about ``target``, as time permits.

        ``wanted`` is how many samples a world is expected to need in all.
        """
        self._consider(len(rows), start, wanted, deadline)
        if self._fused is not None and start % 2 == 0:
            return self._compiled(self._fused, rows, shift, start, target, deadline)
        import torch

        totals = torch.zeros(len(rows), self.structure.entries, dtype=torch.float64, device=self.device)
        squares = torch.zeros_like(totals)
        begun, position = time.monotonic(), start
        step = max((GPU_BLOCK if self.device.startswith("cuda") else BLOCK) // len(rows), 1 << 11)
        while position < target and time.monotonic() < deadline:
            n = min(step, target - position)
            t, q = eager_sums(self.structure, rows, self.key, position, n, shift, self.device)
            totals += t
            squares += q
            position += n
        self._spent += time.monotonic() - begun
        self._drawn += (position - start) * len(rows)
        return position - start, totals, squares

    def _consider(self, rows: int, start: int, wanted: int, deadline: float) -> None:
        """Compile, if the samples still wanted would take longer without."""
        if self._fused is not None or self._refused or not self._drawn:
            return
        from numerics.montecarlo.fused import CannotFuse, fuse

        left = deadline - time.monotonic()
        eager = min((wanted - start) * rows * self._spent / self._drawn, left)
        try:
            self._fused = fuse(self.structure, "float64", self.device, seconds=left, eager_seconds=eager)
        except CannotFuse as error:
            self._refused, self.note = True, str(error)

    def _compiled(
        self, fused: Fused, rows: Sequence[int], shift: Tensor, start: int, target: int, deadline: float
    ) -> tuple[int, Tensor, Tensor]:
        """Whole calls of the kernel: what is drawn beyond the target costs nothing more."""
        import torch

        totals = torch.zeros(len(rows), self.structure.entries, dtype=torch.float64, device=self.device)
        squares = torch.zeros_like(totals)
        whole = fused.blocks(len(rows))
        patience = max(int(_PATIENCE * fused.kernel.record.rate / (whole * fused.samples * len(rows))), 1) * whole
        position = start
        while position < target and (time.monotonic() < deadline):
            calls = -(-(target - position) // (whole * fused.samples))
            blocks = min(calls * whole, patience)
            t, q = fused.sums(rows, self.key, position, blocks, shift)
            if not bool(torch.isfinite(q).all()):
                # the eager engine names the sample, or finds that all is well
                t, q = eager_sums(self.structure, rows, self.key, position, blocks * fused.samples, shift, self.device)
            totals += t
            squares += q
            position += blocks * fused.samples
        return position - start, totals, squares
