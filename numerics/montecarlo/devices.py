"""Where tensors are made.

`torch.device` as a context passes every single operation through Python, which costs more than operations on 2^14
numbers; so it is entered only where torch would not make its tensors there anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_current: ContextVar[str] = ContextVar("device", default="")


@contextmanager
def on(device: str | torch.device) -> Iterator[None]:
    """New tensors lie on this device inside the block."""
    import torch

    token = _current.set(str(device))
    try:
        if torch.get_default_device() == torch.device(device):
            yield
        else:
            with torch.device(device):
                yield
    finally:
        _current.reset(token)


def current() -> str:
    """The device of the innermost block, torch's own outside of all."""
    import torch

    return _current.get() or str(torch.get_default_device())
