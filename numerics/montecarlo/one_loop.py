"""What torch's compiler is told, so that a kernel becomes one loop without intermediate arrays.

By default the compiler stores a value that is used several times.  With these options it writes its formula out at each
use; since common subexpressions are merged later, the generated loop has it once, but the compiler would walk through
the formula once for each *path* from a result to an input: exponentially many for the rounds of a generator, or for
Horner's rule.  So within `one_loop` each value is remembered while one loop is written.  On a CPU, vectors are laid
along the innermost axis (counters, or the components of a long vector); by default they may be laid along the worlds,
and are given up where entries of a matrix lie apart in that direction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

_NEVER = 1 << 30


@contextmanager
def one_loop(threads: int) -> Iterator[None]:
    """Compile inside the block for so many threads."""
    import torch._inductor.config as inductor
    from torch._inductor import ir
    from torch._inductor.codegen import cpp

    options: dict[str, Any] = {
        "realize_opcount_threshold": _NEVER,
        "realize_reads_threshold": _NEVER,
        "realize_acc_reads_threshold": _NEVER,
        "compile_threads": 1,
        "cpp.threads": threads,
        # a fused multiply-add rounds once where the bounds allow for two roundings
        "cpp.enable_floating_point_contract_flag": "fast",
    }
    plain = ir.Pointwise.make_loader

    def make_loader(self: Any) -> Callable[..., Any]:
        known = self.__dict__.get("_remembered")
        if known is None:
            known = _remembered(plain(self))
            object.__setattr__(self, "_remembered", known)  # the node is a frozen dataclass
        return known

    def innermost(self: Any, functions: Any, sizes: Any, factor: int) -> list[int]:
        group, reduction = max(sizes, key=lambda s: len(s[1]))
        return [len(group) + len(reduction) - 1]

    with (
        mock.patch.object(ir.Pointwise, "make_loader", make_loader),
        mock.patch.object(cpp.TilingSelect, "_select_tiling_indices", innermost),
        inductor.patch(options),
    ):
        yield


def _remembered(formula: Callable[..., Any]) -> Callable[..., Any]:
    """The same function of an index, evaluated once for each place that is being written to."""
    from torch._inductor.virtualized import V

    writer: Any = None
    values: dict[tuple[Any, ...], Any] = {}

    def at(index: Any) -> Any:
        nonlocal writer
        current = V.get_ops_handler()
        if writer is not current:
            writer = current
            values.clear()
        place = tuple(index)
        if place not in values:
            values[place] = formula(index)
        return values[place]

    return at
