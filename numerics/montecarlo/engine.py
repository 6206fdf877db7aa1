"""Sums over ranges of samples of one structure: eager blocks at first, a compiled kernel once that pays.

In float64 both draw the same samples, so a range begun by one is continued by the other.  A float32 kernel, where the
rounding bound allows one, draws samples of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from numerics.montecarlo.errors import Undecided
from proofs import clock

if TYPE_CHECKING:
    from torch import Tensor

    from numerics.montecarlo.fused import Fused
    from numerics.montecarlo.lanes import Precision
    from numerics.montecarlo.structure import Structure

BLOCK = 1 << 14  # samples evaluated together on a CPU: a dozen float64 columns of it fit the cache of a core
GPU_BLOCK = 1 << 22
_MEASURED = 1 << 16  # samples after which the speed of the eager engine is known
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
    precision: Precision = "float64"
    note: str = ""
    wide: int = 0  # float64 samples drawn of each world that is still open, and float32 ones
    narrow: int = 0
    _fused: Fused | None = None
    _refused: bool = False
    _spent: float = 0.0
    _drawn: int = field(default=0)

    def advance(
        self, rows: Sequence[int], shift: Tensor, count: int, wanted: int, deadline: float
    ) -> tuple[int, Tensor, Tensor]:
        """(samples, sums, sums of squares) of about ``count`` new samples of each of ``rows``, as time permits.

        ``wanted`` is how many more samples a world is expected to need, ``shift`` (rows, entries) float64.
        """
        self._consider(len(rows), wanted, deadline)
        if self._fused is not None and self.wide % 2 == 0:
            return self._compiled(self._fused, rows, shift, count, deadline)
        return self._eager(rows, shift, count, deadline)

    def _eager(self, rows: Sequence[int], shift: Tensor, count: int, deadline: float) -> tuple[int, Tensor, Tensor]:
        import torch

        totals = torch.zeros(len(rows), self.structure.entries, dtype=torch.float64, device=self.device)
        squares = torch.zeros_like(totals)
        begun, start = clock.now(), self.wide
        target = start + count
        step = max((GPU_BLOCK if self.device.startswith("cuda") else BLOCK) // len(rows), 1 << 11)
        while self.wide < target and clock.now() < deadline:
            n = min(step, target - self.wide)
            t, q = eager_sums(self.structure, rows, self.key, self.wide, n, shift, self.device)
            totals += t
            squares += q
            self.wide += n
        self._spent += clock.now() - begun
        self._drawn += (self.wide - start) * len(rows)
        return self.wide - start, totals, squares

    @property
    def compiled(self) -> bool:
        return self._fused is not None

    def _consider(self, rows: int, wanted: int, deadline: float) -> None:
        """Compile, if the samples still wanted would take longer without."""
        least = 1 if self.precision == "float32" else _MEASURED
        if self._fused is not None or self._refused or self._drawn < least:
            return
        from numerics.montecarlo.fused import CannotFuse, fuse

        left = deadline - clock.now()
        eager = min(wanted * rows * self._spent / self._drawn, left)
        try:
            # the precision must not depend on how fast the machine is at the moment
            eager = math.inf if self.precision == "float32" else eager
            self._fused = fuse(self.structure, self.precision, self.device, seconds=left, eager_seconds=eager)
        except CannotFuse as error:
            self._refused, self.note = self.precision == "float64", str(error)
            self.precision = "float64"

    def _compiled(
        self, fused: Fused, rows: Sequence[int], shift: Tensor, count: int, deadline: float
    ) -> tuple[int, Tensor, Tensor]:
        """As many blocks as fit."""
        import torch

        totals = torch.zeros(len(rows), self.structure.entries, dtype=torch.float64, device=self.device)
        squares = torch.zeros_like(totals)
        patience = max(int(_PATIENCE * fused.kernel.record.rate / (fused.samples * len(rows))), fused.blocks(len(rows)))
        narrow = self.precision == "float32"
        # float64 draws what the eager engine would have drawn, to the sample; float32 draws whole blocks
        left = -(-count // fused.samples) if narrow else count // fused.samples
        drawn = 0
        while left and clock.now() < deadline:
            blocks = min(left, patience)
            n = blocks * fused.samples
            t, q = fused.sums(rows, self.key, self.narrow if narrow else self.wide, blocks, shift)
            finite = bool(torch.isfinite(q).all())
            if narrow and not finite:  # out of the range of float32, or of every range: float64 decides which
                self._fused, self.precision = None, "float64"
                return drawn, totals, squares
            if not finite:  # the eager engine names the sample, or finds that all is well
                t, q = eager_sums(self.structure, rows, self.key, self.wide, n, shift, self.device)
            self.narrow += n * narrow
            self.wide += n * (not narrow)
            totals += t
            squares += q
            drawn += n
            left -= blocks
        if not narrow and not left and drawn < count:
            n, t, q = self._eager(rows, shift, count - drawn, deadline)
            totals, squares, drawn = totals + t, squares + q, drawn + n
        return drawn, totals, squares
