"""How many threads torch uses: one for blocks that fit the cache of one core, all for a compiled kernel."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache


@cache
def usable_threads() -> int:
    """As many as this process has cores, at most what torch was told when it was first asked (OMP_NUM_THREADS)."""
    import torch

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(min(cores, torch.get_num_threads()), 1)


@contextmanager
def threads(count: int) -> Iterator[None]:
    """torch with so many threads inside the block."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def one_thread() -> Iterator[None]:
    """torch with one thread inside the block.

    Splitting an operation of 2^14 numbers over threads costs more than it saves, and on a busy machine the threads wait
    for each other: measured on two shared cores, 0.5 against 14 million samples a second.  Several worlds at once are
    better served by several processes.
    """
    usable_threads()
    with threads(1):
        yield
