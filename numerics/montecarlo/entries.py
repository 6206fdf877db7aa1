"""A kernel over small matrices as one over their entries.

A tensor (rows, counters, d, 1) with a d of two or three has no vectors worth the name along its last axes, and a sum
over them is a loop of its own, fed through memory.  Here a graph is run with arrays of entries, each a tensor
(rows, counters), in place of such tensors: products and sums of matrices are written out, and what is left is one
straight line of scalar operations that stays in registers.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch.fx import GraphModule

MOST_ENTRIES = 32  # of one matrix
_MOST_OPERATIONS = 6000
_SAMPLES = 2  # the axes that stay: rows and counters


class NotWrittenOut(Exception):
    """The graph has too many entries, or an operation that is not one on entries."""


def interpreter(graph: GraphModule, call: Callable[..., Any]) -> Any:
    """A `torch.fx.Interpreter` of the graph that writes matrices out; ``call(target, args, kwargs)`` runs what is left.

    Raises NotWrittenOut when run.
    """
    import torch

    class EntryWise(torch.fx.Interpreter):
        operations = 0

        def call_function(self, target, args, kwargs):
            if target is operator.getitem or not (any(map(_is_matrix, _flat(args))) or _name(target) == "stack"):
                return call(target, args, kwargs)
            return self.on_entries(target, args, kwargs)

        def on_entries(self, target, args, kwargs):
            name = _name(target)
            if name in _VIEWS:
                return _checked(_VIEWS[name](_entries(args[0]), *args[1:]))
            if name in _JOINS:
                return _checked(_JOINS[name]([_entries(a) for a in args[0]], *args[1:]))
            if name in _FOLDS:
                return _checked(self.fold(_FOLDS[name](), _entries(args[0]), *args[1:], **kwargs))
            if torch.Tag.pointwise in target.tags or name in ("_to_copy", "clone", "detach", "alias"):
                return self.each(target, args, kwargs)
            raise NotWrittenOut(f"'{name}' is not an operation on entries")

        def each(self, target, args, kwargs):
            """An elementwise operation, entry by entry."""
            values = [_entries(a) if isinstance(a, (torch.Tensor, np.ndarray)) else a for a in args]
            arrays = [v for v in values if isinstance(v, np.ndarray)]
            shape = np.broadcast_shapes(*(a.shape for a in arrays))
            values = [np.broadcast_to(v, shape) if isinstance(v, np.ndarray) else v for v in values]
            result = np.empty(shape, dtype=object)
            for place in np.ndindex(*shape):
                self.count()
                own = tuple(v[place] if isinstance(v, np.ndarray) else v for v in values)
                result[place] = call(target, own, kwargs)
            return _checked(result)

        def fold(self, join, array, dims=None, keepdim=False, **more):
            if any(v is not None for v in more.values()) or dims is None:
                raise NotWrittenOut("a sum over all samples, or into another type")
            if join is torch.ops.aten.add.Tensor and next(array.flat).dtype is torch.bool:  # a sum counts
                array = _array(self.each(torch.ops.aten._to_copy.default, (array,), {"dtype": torch.int64}))
            axes = [_axis(d, array) for d in ([dims] if isinstance(dims, int) else dims)]
            for axis in sorted(axes, reverse=True):
                first, *rest = (_array(x) for x in np.moveaxis(array, axis, 0))
                array = first
                for other in rest:
                    array = _array(self.each(join, (array, other), {}))
                if keepdim:
                    array = np.expand_dims(array, axis)
            return array

        def count(self):
            self.operations += 1
            if self.operations > _MOST_OPERATIONS:
                raise NotWrittenOut("there are too many entries")

    return EntryWise(graph)


def _name(target: Any) -> str:
    return target.overloadpacket.__name__


def _flat(args: Any) -> list[Any]:
    return [x for a in args for x in (_flat(a) if isinstance(a, (list, tuple)) else [a])]


def _is_matrix(a: Any) -> bool:
    return isinstance(a, np.ndarray) or (hasattr(a, "dim") and a.dim() > _SAMPLES)


def _array(x: Any) -> np.ndarray:
    """An entry as an array without axes."""
    if isinstance(x, np.ndarray):
        return x
    result = np.empty((), dtype=object)
    result[()] = x
    return result


def _entries(a: Any) -> np.ndarray:
    """The entries (last axes) of a tensor; a tensor of samples or a number is one entry without axes."""
    if isinstance(a, np.ndarray):
        return a
    if a.dim() == 1:
        raise NotWrittenOut("a tensor that has no axes of samples")
    shape = tuple(a.shape[_SAMPLES:])
    if int(np.prod(shape)) > MOST_ENTRIES:
        raise NotWrittenOut("there are too many entries")
    result = np.empty(shape, dtype=object)
    for place in np.ndindex(*shape):
        result[place] = reduce(lambda x, i: x.select(_SAMPLES, i), place, a)
    return result


def _checked(array: Any) -> Any:
    """An entry without axes is a plain tensor again."""
    if array.size > MOST_ENTRIES:
        raise NotWrittenOut("there are too many entries")
    return array[()] if array.ndim == 0 else array


def _axis(dim: int, array: np.ndarray, more: int = 0) -> int:
    """The axis of the entries that a dimension of the tensor is.  Raises NotWrittenOut for an axis of samples."""
    count = array.ndim + _SAMPLES + more
    axis = dim % count - _SAMPLES
    if axis < 0:
        raise NotWrittenOut("an operation along the samples")
    return axis


def _expand(a: np.ndarray, shape: Any, **_: Any) -> np.ndarray:
    lead, wanted = shape[:_SAMPLES], list(shape[_SAMPLES:])
    missing = len(wanted) - a.ndim
    if missing < 0:
        raise NotWrittenOut("an expansion to fewer axes")
    wanted = [a.shape[i - missing] if n == -1 else n for i, n in enumerate(wanted)]
    grown = np.empty(a.shape, dtype=object)
    for place in np.ndindex(*a.shape):
        entry: Any = a[place]
        grown[place] = entry.expand(*lead)
    return np.broadcast_to(grown.reshape((1,) * missing + a.shape), wanted)


def _view(a: np.ndarray, shape: Any) -> np.ndarray:
    inner = tuple(shape[_SAMPLES:])
    if len(shape) < _SAMPLES or (-1 not in inner and int(np.prod(inner)) != a.size):
        raise NotWrittenOut("a view across the samples")
    return a.reshape(inner)


def _squeeze(a: np.ndarray, dims: Any) -> np.ndarray:
    axes = [_axis(d, a) for d in ([dims] if isinstance(dims, int) else dims)]
    return a.reshape([n for i, n in enumerate(a.shape) if i not in axes or n != 1])


def _permute(a: np.ndarray, dims: Any) -> np.ndarray:
    if list(dims[:_SAMPLES]) != list(range(_SAMPLES)):
        raise NotWrittenOut("an exchange of samples")
    return a.transpose([_axis(d, a) for d in dims[_SAMPLES:]])


def _slice(a: np.ndarray, dim: int = 0, start: Any = None, end: Any = None, step: int = 1) -> np.ndarray:
    return np.moveaxis(np.moveaxis(a, _axis(dim, a), 0)[start:end:step], 0, _axis(dim, a))


_VIEWS: dict[str, Callable[..., np.ndarray]] = {
    "unsqueeze": lambda a, d: np.expand_dims(a, _axis(d, a, 1)),
    "select": lambda a, d, i: _array(np.moveaxis(a, _axis(d, a), 0)[i]),
    "transpose": lambda a, d, e: np.swapaxes(a, _axis(d, a), _axis(e, a)),
    "permute": _permute,
    "squeeze": _squeeze,
    "expand": _expand,
    "view": _view,
    "reshape": _view,
    "_unsafe_view": _view,
    "slice": _slice,
    "diagonal": lambda a, offset=0, d=0, e=1: np.diagonal(a, offset, _axis(d, a), _axis(e, a)),
}
_JOINS: dict[str, Callable[..., np.ndarray]] = {
    "stack": lambda arrays, d=0: np.stack(np.broadcast_arrays(*arrays), _axis(d, arrays[0], 1)),
    "cat": lambda arrays, d=0: np.concatenate(arrays, _axis(d, arrays[0])),
}


def _operation(name: str, overload: str = "Tensor") -> Callable[[], Any]:
    def find() -> Any:
        import torch

        return getattr(getattr(torch.ops.aten, name), overload)

    return find


_FOLDS = {
    "sum": _operation("add"),
    "prod": _operation("mul"),
    "all": _operation("logical_and", "default"),
    "any": _operation("logical_or", "default"),
}
