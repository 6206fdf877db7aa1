"""Draws, evaluation and both sums in one compiled kernel; no sample is written to memory.

A kernel is compiled once for each structure (`tracing`), by torch.compile, and kept on disk (`kernel_cache`).
Compiling costs seconds, so it is done only where the samples still wanted would take longer without it, by what was
measured.  Without a C++ compiler, or for a structure that cannot be traced, everything stays with the eager engine.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from numerics.montecarlo import kernel_cache
from numerics.montecarlo.errors import InvalidLaw
from numerics.montecarlo.lanes import LANES, Precision
from numerics.montecarlo.one_loop import one_loop
from numerics.montecarlo.philox import key_schedule
from numerics.montecarlo.threads import threads, usable_threads
from numerics.montecarlo.tracing import CannotFuse, Traced, retype, trace

if TYPE_CHECKING:
    from torch import Tensor

    from numerics.montecarlo.structure import Structure

# before anything was measured: seconds to compile and to load, and how many times faster than eager blocks it is
_GUESSED_COLD, _GUESSED_WARM, _GUESSED_GAIN = 12.0, 2.0, 15.0
_TYPICAL = "typical"  # the record of what compiling costs on this machine
_WORTHWHILE = 1.5  # what the kernel saves must exceed what it costs by this factor

_kernels: dict[str, Kernel] = {}
_refused: dict[str, str] = {}


def compiler() -> str | None:
    """The C++ compiler that kernels are built with, or None."""
    named = os.environ.get("CXX")
    if named:
        return shutil.which(named.split()[0])
    return next((found for c in ("g++", "clang++", "c++") if (found := shutil.which(c))), None)


@dataclass
class Kernel:
    """A compiled kernel; ``run`` takes what ``Traced.kernel`` takes."""

    name: str
    run: Callable[..., tuple[Tensor, Tensor]]
    record: kernel_cache.Record


@dataclass
class Fused:
    """One structure in one precision, ready to be summed.  ``samples`` is what one row of a call draws."""

    structure: Structure
    traced: Traced
    kernel: Kernel
    device: str
    _inputs: dict[tuple[int, ...], list[Tensor]] = field(default_factory=dict)

    @property
    def samples(self) -> int:
        return self.traced.samples

    def blocks(self, rows: int) -> int:
        """Blocks of ``samples`` that one call draws in each of so many worlds."""
        return max(self.traced.rows // rows, 1)

    def sums(
        self, rows: Sequence[int], key: tuple[int, int], start: int, blocks: int, shift: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Sums of h - shift and of its square over samples start .. start + blocks * samples - 1.

        Both are float64 (rows, entries), as is ``shift`` (on any device).

        Raises InvalidLaw where a parameter is out of range; ValueError for an odd start.
        """
        import torch

        lanes = LANES[self.traced.precision]
        if start % lanes:
            raise ValueError(f"the first sample of a compiled range must be a multiple of {lanes}, not {start}")
        totals = torch.zeros(len(rows), self.traced.entries, dtype=torch.float64, device=self.device)
        squares = torch.zeros_like(totals)
        for first in range(0, len(rows), self.traced.rows):
            some = list(rows[first : first + self.traced.rows])
            part = slice(first, first + len(some))
            t, q = self._group(some, key, start // lanes, blocks, shift[part])
            totals[part], squares[part] = t, q
        return totals, squares

    def _group(
        self, rows: list[int], key: tuple[int, int], counter: int, blocks: int, shift: Tensor
    ) -> tuple[Tensor, Tensor]:
        import torch

        repeats = self.blocks(len(rows))
        used = repeats * len(rows)
        place = torch.arange(self.traced.rows, device=self.device) % len(rows)  # world of each row of the call
        block = torch.arange(self.traced.rows, device=self.device) // len(rows)
        inputs = self._prepared(rows, place)
        worlds = torch.tensor([self.structure.indices[r] for r in rows], device=self.device)[place].unsqueeze(1)
        schedule = torch.tensor(key_schedule(key), dtype=torch.int64, device=self.device)
        shifts = shift.to(self.device)[place].contiguous()
        totals = torch.zeros(len(rows), self.traced.entries, dtype=torch.float64, device=self.device)
        squares = torch.zeros_like(totals)
        with torch.no_grad(), threads(usable_threads()):
            for done in range(0, blocks, repeats):
                starts = (counter + (done + block) * self.traced.counters).unsqueeze(1)
                sums = self.kernel.run(starts, worlds, schedule, shifts, *inputs)
                wanted = min(repeats, blocks - done) * len(rows)
                for result, part in zip((totals, squares), sums):
                    result += part[: min(wanted, used)].reshape(-1, len(rows), self.traced.entries).sum(0)
        return totals, squares

    def _prepared(self, rows: list[int], place: Tensor) -> list[Tensor]:
        """The inputs of the kernel for these worlds, computed once, in float64."""
        import torch

        known = tuple(rows)
        if known not in self._inputs:
            parameters = [p[place] for p in self.structure.parameters(rows, self.device).values()]
            with torch.no_grad():
                found = list(self.traced.prologue(*parameters))
            if not all(bool(ok.all()) for ok in found[: self.traced.checks]):
                raise InvalidLaw("a law with parameters out of its range")
            self._inputs.clear()
            self._inputs[known] = [retype(x, self.traced.precision) for x in found[self.traced.checks :]]
        return self._inputs[known]


def fuse(
    s: Structure,
    precision: Precision = "float64",
    device: str = "cpu",
    *,
    seconds: float = float("inf"),
    eager_seconds: float = float("inf"),
) -> Fused | None:
    """The compiled form of a structure, or None where it would not pay.

    ``eager_seconds`` is what the samples still wanted would take without it, ``seconds`` the time there is.
    Raises CannotFuse where there is no compiler, or naming the part that cannot be compiled.
    """
    if device == "cpu" and compiler() is None:
        raise CannotFuse("there is no C++ compiler")
    if min(_GUESSED_WARM, seconds) * _WORTHWHILE > eager_seconds:
        return None
    known = s.shape_key(precision)
    if known in _refused:
        raise CannotFuse(_refused[known])
    kernel_cache.claim_compiler_cache()
    try:
        traced = trace(s, precision, device)
        kernel = _kernel(traced, device, seconds, eager_seconds)
    except CannotFuse as error:
        _refused[known] = str(error)
        raise
    return None if kernel is None else Fused(s, traced, kernel, device)


def pays(record: kernel_cache.Record | None, loaded: bool, seconds: float, eager_seconds: float) -> bool:
    """Whether a kernel saves more than it costs, and is there in time."""
    if loaded:
        return True
    typical = kernel_cache.read(_TYPICAL)
    cost = record.warm if record is not None else typical.cold if typical is not None else _GUESSED_COLD
    return cost < seconds and eager_seconds * (1 - 1 / _GUESSED_GAIN) > cost * _WORTHWHILE


def _kernel(traced: Traced, device: str, seconds: float, eager_seconds: float) -> Kernel | None:
    import torch

    shapes = [(tuple(x.shape), str(x.dtype)) for x in traced.inputs]
    name = kernel_cache.name(traced.kernel.code, shapes, traced.precision, device, torch.__version__, usable_threads())
    record = kernel_cache.read(name)
    if not pays(record, name in _kernels, seconds, eager_seconds):
        return None
    if name not in _kernels:
        _kernels[name] = _compile(name, traced, device, record)
    return _kernels[name]


def _compile(name: str, traced: Traced, device: str, record: kernel_cache.Record | None) -> Kernel:
    """Compiled and run once, with the time that took."""
    import torch

    begun = time.perf_counter()
    try:
        arguments = _arguments(traced, device)
        with torch.no_grad(), one_loop(usable_threads()), threads(usable_threads()):
            run = torch.compile(traced.kernel, dynamic=False, fullgraph=True)
            run(*arguments)
            took = time.perf_counter() - begun
            begun = time.perf_counter()
            run(*arguments)
    except _uncompilable() as error:
        raise CannotFuse(
            f"it cannot be compiled ({type(error).__name__}: {str(error).splitlines()[0][:120]})"
        ) from error
    rate = traced.rows * traced.samples / max(time.perf_counter() - begun, 1e-9)
    if record is None:
        typical = kernel_cache.read(_TYPICAL)
        # the slowest for a while: a first compilation also builds what all later ones share
        slow = took if typical is None else max(took, 0.7 * typical.cold)
        kernel_cache.write(_TYPICAL, kernel_cache.Record(slow, _GUESSED_WARM, rate))
        record = kernel_cache.Record(took, min(_GUESSED_WARM, took), rate)
    else:
        record = kernel_cache.Record(record.cold, took, rate)
    kernel_cache.write(name, record)
    return Kernel(name, run, record)


def _uncompilable() -> tuple[type[Exception], ...]:
    """What torch raises for a compiler that is missing, has no headers or fails, an operation that cannot be lowered,
    a device without a code generator, a full disk or memory: then the eager engine stays."""
    import torch
    from torch._dynamo.exc import TorchDynamoException
    from torch._inductor.exc import CppCompileError, InductorError, InvalidCxxCompiler

    return (TorchDynamoException, InductorError, CppCompileError, InvalidCxxCompiler, OSError, torch.OutOfMemoryError)


def _arguments(traced: Traced, device: str) -> tuple[Tensor, ...]:
    import torch

    starts, worlds = torch.zeros(2, traced.rows, 1, dtype=torch.int64, device=device)
    key = torch.tensor(key_schedule((0, 0)), dtype=torch.int64, device=device)
    shifts = torch.zeros(traced.rows, traced.entries, dtype=torch.float64, device=device)
    return starts, worlds, key, shifts, *(retype(x, traced.precision) for x in traced.inputs)


__all__ = ["CannotFuse", "Fused", "compiler", "fuse", "pays"]
