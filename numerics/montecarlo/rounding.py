"""How much rounding can have moved the samples of h."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numerics.montecarlo.devices import on
from numerics.montecarlo.errors import CannotLower
from numerics.montecarlo.interpret import Interpreter, NotCovered
from numerics.montecarlo.tracked import Tracked, TrackedValues, as_rows, draw_error
from proofs.terms import SCALAR

if TYPE_CHECKING:
    from torch import Tensor

    from numerics.montecarlo.structure import Structure


def rounding_errors(s: Structure, row: int, env: dict[str, Tensor], count: int) -> Tensor | None:
    """For each sample and entry (count, entries) a bound of |computed h - exact h at the exact draw|, or None.

    h is evaluated a second time with error bounds, from the world's own terms; what the lowered program computed may
    differ from that by the first term.
    """
    import torch

    integral = s.integrals[row]
    assert integral.body is not None
    computed = s.evaluate(env, 1, count)
    device = computed.device
    with on(device), torch.no_grad():
        reader = Interpreter(TrackedValues(device), {})
        try:
            for (_, program), d in zip(s.draws, integral.draws):
                x = env[d.name]
                error = draw_error(d.law.op, x, program.run(env))
                error = _with_parameters(d, reader, x, error)
                reader.env[d.name] = Tracked(x, error) if d.sort == SCALAR else as_rows(x, error)
            values = reader.entries(integral.body)
        except (NotCovered, CannotLower):
            return None
        errors = []
        for k, v in enumerate(values):
            gap = (computed[0, :, k] - v.value.expand(1, count)[0]).abs()
            errors.append((gap + v.error.expand(1, count)[0]).nan_to_num(torch.inf, torch.inf, torch.inf))
        return torch.stack(errors, -1)


def _with_parameters(d, reader: Interpreter, x: Tensor, error: Tensor) -> Tensor:
    """A law whose parameters were themselves drawn inherits their errors."""
    if not any(name in reader.env for name in _names(d.law)):
        return error
    if d.law.op != "normal":
        raise NotCovered("a law with drawn parameters")
    mean = reader.matrix(d.law.args[0])
    spread = reader.matrix(d.law.args[1])
    if any(bool((v.error > 1e-9 * v.value.abs()).any()) for r in spread for v in r):
        raise NotCovered("a law with a drawn variance")
    if d.sort == SCALAR:
        return error + mean[0][0].error + (x - mean[0][0].value).abs() * _relative(spread[0][0])
    import torch

    if any(name in reader.env for name in _names(d.law.args[1])):
        raise NotCovered("a covariance with drawn entries")
    return error + torch.stack([torch.stack(torch.broadcast_tensors(*(v.error for v in r)), -1) for r in mean], -2)


def _relative(v: Tracked) -> Tensor:
    return v.error / v.value.abs()


def _names(t) -> set[str]:
    from proofs.terms import free_symbols

    return set(free_symbols(t))
