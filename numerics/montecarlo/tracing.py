"""A structure as two graphs: a prologue over the parameters, and a kernel from counters to sums.

What depends on parameters and constants alone (logarithms of variances, inverses, factors of covariances) is computed
once a world, in float64, by the prologue; the kernel has its results for inputs.  So the kernel contains no number of
the claim, and one compiled kernel serves every claim of the structure.  Samplers that reject, and functions without
elementwise form (an inverse of something random, say), are refused by name: they stay with the eager engine.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numerics.montecarlo.devices import on
from numerics.montecarlo.entries import NotWrittenOut, interpreter
from numerics.montecarlo.errors import CannotLower
from numerics.montecarlo.lanes import LANES, Counters, Lane, Precision
from numerics.montecarlo.philox import ROUNDS
from numerics.montecarlo.samplers import sample

if TYPE_CHECKING:
    from torch import Tensor
    from torch.fx import GraphModule, Node

    from numerics.montecarlo.structure import Structure

ROWS = 1 << 10  # (world, block) pairs of one call
COUNTERS = 1 << 11  # counters a row
WIDE_COUNTERS = 1 << 5  # where matrices are kept between two loops: all rows of a call together fit the cache
_MOST_ENTRIES = 16
_FUSED_LAWS = frozenset(["normal", "uniform", "bernoulli", "categorical", "exponential", "laplace"])
_VIEWS = frozenset("expand unsqueeze squeeze view _unsafe_view reshape select slice permute transpose t alias".split())
_OPAQUE = frozenset("bmm mm addmm _linalg_det linalg_inv_ex linalg_cholesky_ex gather cat sort".split())


class CannotFuse(CannotLower):
    """No compiled kernel for this structure; the message says which part stands in the way."""


@dataclass(frozen=True)
class Traced:
    """``prologue(*parameters)`` gives ``checks`` truth values that must hold, for the parameters are out of range
    otherwise, and the inputs of ``kernel(starts, worlds, key, shifts, *inputs)``.

    starts, worlds: int64 (rows, 1), the first counter and the world number of each row; key: int64 (rounds, 2); shifts:
    float64 (rows, entries).  The kernel returns the sums and the sums of squares of h - shift, float64 (rows, entries).
    """

    prologue: Callable[..., Sequence[Tensor]]
    checks: int
    kernel: GraphModule
    inputs: tuple[Tensor, ...]
    precision: Precision
    entries: int
    rows: int
    counters: int

    @property
    def samples(self) -> int:
        """Samples of a row."""
        return self.counters * LANES[self.precision]


def trace(
    s: Structure, precision: Precision, device: str = "cpu", rows: int = ROWS, counters: int | None = None
) -> Traced:
    """The graphs of a structure.  Raises CannotFuse naming what stands in the way."""
    for d, _ in s.draws:
        if d.law.op not in _FUSED_LAWS:
            raise CannotFuse(f"draws of the law {d.law.op} are not compiled")
    if s.entries > _MOST_ENTRIES:
        raise CannotFuse(f"{s.entries} entries at once")
    _warm(s, device)
    try:
        return _trace(s, precision, device, rows, counters or COUNTERS, written_out=True)
    except NotWrittenOut:
        return _trace(s, precision, device, rows, counters or WIDE_COUNTERS, written_out=False)


def _trace(
    s: Structure, precision: Precision, device: str, rows: int, counters: int, written_out: bool
) -> Traced:  # fmt: skip
    import torch
    from torch.fx.experimental.proxy_tensor import make_fx

    names = list(s.parameters([0], device))
    parameters = [torch.full((rows, 1), s.table[0][k], dtype=torch.float64, device=device) for k in range(len(names))]
    starts, worlds = torch.zeros(2, rows, 1, dtype=torch.int64, device=device)
    key = torch.zeros(ROUNDS, 2, dtype=torch.int64, device=device)

    def lanes(starts: Tensor, worlds: Tensor, key: Tensor, *values: Tensor) -> list[Tensor]:
        index = starts + torch.arange(counters, dtype=torch.int64, device=starts.device).unsqueeze(0)
        return _lanes(s, Counters(key, worlds, index, precision, written_out), dict(zip(names, values)))

    try:
        with on(device), torch.no_grad(), _ElementwiseProducts():
            graph = make_fx(lanes, tracing_mode="fake", _allow_non_fake_inputs=True)(starts, worlds, key, *parameters)
        split = _Split(graph, len(parameters), LANES[precision] * s.entries)
        inputs = [x.detach() for x in split.prologue(*parameters)[split.checks :]]
        kernel = _with_sums(split.kernel, precision, s.entries, starts, worlds, key, inputs, written_out)
    except _untraceable() as error:
        raise CannotFuse(f"it cannot be traced ({type(error).__name__}: {str(error).splitlines()[0][:120]})") from error
    _refuse_opaque(kernel)
    return Traced(split.prologue, split.checks, kernel, tuple(inputs), precision, s.entries, rows, counters)


def _untraceable() -> tuple[type[Exception], ...]:
    """What torch raises where values decide what is computed next or how large it is, or where it knows no shape."""
    from torch._subclasses import fake_tensor
    from torch.fx.experimental.symbolic_shapes import GuardOnDataDependentSymNode

    return (
        GuardOnDataDependentSymNode,
        fake_tensor.DataDependentOutputException,
        fake_tensor.DynamicOutputShapeException,
        fake_tensor.UnsupportedFakeTensorException,
        fake_tensor.UnsupportedOperatorException,
    )


def _warm(s: Structure, device: str) -> None:
    """Constants of a program are made once and kept; they must be real tensors, not those of a trace."""
    env = s.draw([0], (0, 0), 0, 2, device)
    s.evaluate(env, 1, 2)


def _lanes(s: Structure, counters: Counters, parameters: dict[str, Tensor]) -> list[Tensor]:
    """h of each lane and entry, each (rows, count), and the truth values that must hold."""
    shape = counters.index.shape
    found = []
    for lane in range(LANES[counters.precision]):
        env = dict(parameters)
        for stream, (d, law) in enumerate(s.draws):
            source: Any = Lane(counters, lane, stream)
            env[d.name] = sample(d.law.op, law.run(env, structured=True), source, d.sort)
        h = s.program.run(env)[0]
        flat = h.unsqueeze(-1) if not s.matrix else h.reshape(*h.shape[:-2], s.entries)
        flat = flat.expand(*shape, s.entries)
        found += [flat[..., e] for e in range(s.entries)]
    return found + [ok.reshape(*ok.shape[:2], -1).all(-1) for ok in counters.checks]


class _ElementwiseProducts:
    """Products of matrices as sums of products of entries, which a compiler can fuse with the rest."""

    def __init__(self) -> None:
        from torch.overrides import TorchFunctionMode

        class Mode(TorchFunctionMode):
            def __torch_function__(self, function, types, args=(), kwargs=None):
                import torch

                if function in (torch.matmul, torch.Tensor.matmul, torch.Tensor.__matmul__):
                    a, b = args
                    return _product(a, b)
                return function(*args, **(kwargs or {}))

        self.mode = Mode()

    def __enter__(self) -> None:
        self.mode.__enter__()

    def __exit__(self, *exc: Any) -> None:
        self.mode.__exit__(*exc)


def _product(a: Tensor, b: Tensor) -> Tensor:
    if a.shape[-2] == 1 or b.shape[-1] == 1:
        if a.shape[-2] == 1 and b.shape[-1] == 1:
            return (a[..., 0, :] * b[..., 0]).sum(-1)[..., None, None]
        if b.shape[-1] == 1:
            return (a * b.transpose(-1, -2)).sum(-1).unsqueeze(-1)
        return (a.transpose(-1, -2) * b).sum(-2).unsqueeze(-2)
    return (a.unsqueeze(-1) * b.unsqueeze(-3)).sum(-2)


def _operation(node: Node) -> str:
    name = getattr(node.target, "overloadpacket", node.target)
    return str(getattr(name, "__name__", name)).removeprefix("aten.")


class _Split:
    """The graph cut where the parameters end."""

    def __init__(self, graph: GraphModule, parameters: int, lanes: int):
        import torch.fx

        _merge_equal(graph)
        self.source = graph
        placeholders = [n for n in graph.graph.nodes if n.op == "placeholder"]
        self.counters, self.parameters = placeholders[: len(placeholders) - parameters], placeholders[-parameters:]
        if not parameters:
            self.counters, self.parameters = placeholders, []
        self.fixed: set[Node] = set(self.parameters)
        for node in graph.graph.nodes:
            if node.op == "get_attr" or (
                node.op == "call_function"
                and all(a in self.fixed for a in node.all_input_nodes)
                and not self._indices(node)
            ):
                self.fixed.add(node)
        self.cut: list[Node] = []
        kernel = torch.fx.Graph()
        self.copies: dict[Node, Node] = {n: kernel.placeholder(n.name) for n in self.counters}
        (output,) = [n for n in graph.graph.nodes if n.op == "output"]
        for node in graph.graph.nodes:
            if node.op == "call_function" and node not in self.fixed:
                for a in node.all_input_nodes:
                    self._enter(a, kernel)
                self.copies[node] = kernel.node_copy(node, lambda n: self.copies[n])
        conditions = list(dict.fromkeys(output.args[0][lanes:]))
        results = [*output.args[0][:lanes], *(c for c in conditions if c not in self.fixed)]
        for r in results:
            self._enter(r, kernel)
        kernel.output([self.copies[r] for r in results])
        fixed = [c for c in conditions if c in self.fixed]
        self.cut, self.checks = fixed + self.cut, len(fixed)
        self.kernel = torch.fx.GraphModule({}, _placeholders_first(kernel))
        self.prologue = self._prologue()

    def _indices(self, node: Node) -> bool:
        return not node.all_input_nodes and _operation(node) == "arange"

    def _enter(self, node: Node, kernel: Any) -> None:
        """Bring a node into the kernel: a view is taken there, anything else that is fixed becomes an input."""
        if node in self.copies:
            return
        if node.op == "call_function" and _operation(node) in _VIEWS and node.all_input_nodes:
            for a in node.all_input_nodes:
                self._enter(a, kernel)
            self.copies[node] = kernel.node_copy(node, lambda n: self.copies[n])
            return
        self.cut.append(node)
        self.copies[node] = kernel.placeholder(f"input_{len(self.cut)}")

    def _prologue(self) -> GraphModule:
        import torch.fx

        graph = torch.fx.Graph()
        copies: dict[Node, Node] = {n: graph.placeholder(n.name) for n in self.parameters}
        needed = set(self.cut)
        for node in reversed(self.source.graph.nodes):
            if node in needed:
                needed.update(node.all_input_nodes)
        for node in self.source.graph.nodes:
            if node in needed and node not in copies:
                copies[node] = graph.node_copy(node, lambda n: copies[n])
        graph.output([copies[n] for n in self.cut])
        return torch.fx.GraphModule(self.source, graph)


def _merge_equal(graph: GraphModule) -> None:
    """Equal nodes become one: every lane computes the same functions of the parameters."""
    known: dict[Any, Node] = {}
    for node in list(graph.graph.nodes):
        if node.op != "call_function" and node.op != "get_attr":
            continue
        key: tuple = (node.op, node.target, repr(node.args), repr(sorted(node.kwargs.items())))
        if node.op == "get_attr":
            value = getattr(graph, str(node.target))
            key = (
                (str(value.dtype), tuple(value.shape), repr(value.flatten().tolist())) if value.numel() < 4096 else key
            )
        if key in known:
            node.replace_all_uses_with(known[key])
            graph.graph.erase_node(node)
        else:
            known[key] = node
    graph.graph.eliminate_dead_code()


def _placeholders_first(graph: Any) -> Any:
    import torch.fx

    ordered = torch.fx.Graph()
    copies: dict[Node, Node] = {}
    nodes = list(graph.nodes)
    for node in [n for n in nodes if n.op == "placeholder"] + [n for n in nodes if n.op != "placeholder"]:
        copies[node] = ordered.node_copy(node, lambda n: copies[n])
    return ordered


def _with_sums(
    lanes: GraphModule, precision: Precision, entries: int, starts: Tensor, worlds: Tensor, key: Tensor,
    inputs: Sequence[Tensor], written_out: bool,
) -> GraphModule:  # fmt: skip
    """The kernel in its own precision, with the shift taken off and both sums in float64."""
    import torch
    from torch.fx.experimental.proxy_tensor import make_fx

    call = _call_in_float32 if precision == "float32" else _call

    def kernel(starts: Tensor, worlds: Tensor, key: Tensor, shifts: Tensor, *inputs: Tensor) -> tuple[Tensor, Tensor]:
        runner = interpreter(lanes, call) if written_out else _Plain(lanes, call)
        found = runner.run(starts, worlds, key, *inputs)
        lanes_, valid = found[: LANES[precision] * entries], found[LANES[precision] * entries :]
        totals, squares = [], []
        for e in range(entries):
            total = square = None
            for h in lanes_[e::entries]:
                d = h.double() - shifts[:, e : e + 1]
                for ok in valid:  # a parameter drawn out of range: a sum that is no number hides nothing
                    d = torch.where(ok, d, torch.nan)
                total = d if total is None else total + d
                square = d * d if square is None else square + d * d
            assert total is not None and square is not None
            totals.append(total.sum(1))
            squares.append(square.sum(1))
        return torch.stack(totals, 1), torch.stack(squares, 1)

    shifts = torch.zeros(len(starts), entries, dtype=torch.float64, device=starts.device)
    typed = [retype(x, precision) for x in inputs]
    return make_fx(kernel, tracing_mode="fake")(starts, worlds, key, shifts, *typed)


def retype(x: Tensor, precision: Precision) -> Tensor:
    """Inputs of a float32 kernel are rounded once, here."""
    return x.float() if precision == "float32" and x.is_floating_point() else x


def _call(target: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return target(*args, **kwargs)


def _call_in_float32(target: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """With float32 wherever the graph says float64."""
    import torch

    kwargs = {k: torch.float32 if v is torch.float64 else v for k, v in kwargs.items()}
    return target(*(torch.float32 if a is torch.float64 else a for a in args), **kwargs)


def _Plain(graph: GraphModule, call: Callable[..., Any]) -> Any:
    import torch

    class Plain(torch.fx.Interpreter):
        def call_function(self, target, args, kwargs):
            return call(target, args, kwargs)

    return Plain(graph)


def _refuse_opaque(kernel: GraphModule) -> None:
    for node in kernel.graph.nodes:
        if node.op == "call_function" and node.target is not operator.getitem and _operation(node) in _OPAQUE:
            raise CannotFuse(f"'{_operation(node)}' of something random is not compiled")
