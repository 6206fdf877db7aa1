"""Blocks that fit the cache of one core are evaluated by one thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """torch with one thread inside the block.

    Splitting an operation of 2^14 numbers over threads costs more than it saves, and on a busy machine the threads wait
    for each other: measured on two shared cores, 0.5 against 14 million samples a second.  Several worlds at once are
    better served by several processes.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
