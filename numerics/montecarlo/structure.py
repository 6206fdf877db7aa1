"""Worlds of one structure: the same terms with other numbers, lowered once, the numbers being tensors.

Numbers that differ between the worlds become parameters with one row a world; the others stay what they are.  Exponents
and indices are part of the structure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from numerics.montecarlo.devices import on
from numerics.montecarlo.errors import CannotLower
from numerics.montecarlo.integrands import Draw, Integral
from numerics.montecarlo.lowering import Program, lower
from numerics.montecarlo.philox import Source
from numerics.montecarlo.samplers import sample
from proofs.terms import SCALAR, Sort, Term, add, mul, number, rebuild, symbol

if TYPE_CHECKING:
    import torch
    from torch import Tensor

_HOLE = symbol("#")
# arguments that must stay literal: exponents, bounds of series, indices of entries
_LITERAL = {"pow": (1,), "sum": (1, 2), "product": (1, 2)}


def skeleton(t: Term, numbers: list[Fraction]) -> Term:
    """The term with its numbers taken out, in order."""
    if t.op == "number":
        numbers.append(t.data[0])
        return _HOLE
    if not t.args:
        return t
    keep = range(1, len(t.args)) if t.op == "entry" else _LITERAL.get(t.op, ())
    return rebuild(t, (a if i in keep else skeleton(a, numbers) for i, a in enumerate(t.args)))


def _filled(t: Term, values: list[Term]) -> Term:
    if t is _HOLE or t == _HOLE:
        return values.pop(0)
    if not t.args:
        return t
    return rebuild(t, (_filled(a, values) for a in t.args))


@dataclass(frozen=True)
class Structure:
    """Programs shared by the worlds ``indices`` (their places in the caller's list).

    ``table[w][k]`` is the value of parameter k in world w.
    """

    indices: tuple[int, ...]
    integrals: tuple[Integral, ...]
    draws: tuple[tuple[Draw, Program], ...]
    program: Program
    summands: Program
    table: tuple[tuple[float, ...], ...]
    sort: Sort
    analytic: bool
    interchanged: bool
    guards: Program

    def shape_key(self, *more: object) -> str:
        """The same for structures whose terms differ in the numbers alone."""
        return repr((_terms(self.integrals[0], []), *more))

    @property
    def matrix(self) -> bool:
        return self.sort != SCALAR

    @property
    def entries(self) -> int:
        return 1 if self.sort == SCALAR else int(self.sort.rows) * int(self.sort.cols)

    def parameters(self, rows: Sequence[int], device: str) -> dict[str, Tensor]:
        import torch

        values = torch.tensor([self.table[r] for r in rows], dtype=torch.float64, device=device)
        return {f"#{k}": values[:, k : k + 1] for k in range(values.shape[1] if values.dim() == 2 else 0)}

    def draw(self, rows: Sequence[int], key: tuple[int, int], start: int, count: int, device: str) -> dict[str, Tensor]:
        """The drawn variables of samples start .. start + count - 1, and the parameters, by name.

        Raises InvalidLaw where a world has parameters out of range.
        """
        import torch

        env = self.parameters(rows, device)
        worlds = torch.tensor([[self.indices[r]] for r in rows], dtype=torch.int64, device=device)
        with on(device):
            for stream, (d, law) in enumerate(self.draws):
                source = Source(key, worlds, start, count, stream)
                drawn = sample(d.law.op, law.run(env, structured=True), source, d.sort)
                env[d.name] = drawn
        return env

    def evaluate(self, env: dict[str, Tensor], rows: int, count: int) -> Tensor:
        """h as (rows, count, entries)."""
        import torch

        with on(_device(env)), torch.no_grad():
            return self._flat(self.program.run(env)[0], rows, count)

    def spread(self, env: dict[str, Tensor], count: int) -> list[float]:
        """For each entry the root of the summed variances of the summands of h, in one world."""
        import torch

        with on(_device(env)), torch.no_grad():
            variances = torch.zeros(self.entries, dtype=torch.float64)
            for v in self.summands.run(env):
                variances += self._flat(v, 1, count)[0].var(0)
            return variances.sqrt().tolist()

    def defined(self, env: dict[str, Tensor]) -> bool:
        """Whether everything that was differentiated has a value on these samples."""
        import torch

        with on(_device(env)), torch.no_grad():
            return all(bool(torch.isfinite(v).all()) for v in self.guards.run(env))

    def _flat(self, v: Tensor, rows: int, count: int) -> Tensor:
        v = v.detach()
        if self.sort == SCALAR:
            return v.expand(rows, count).unsqueeze(-1)
        return v.reshape(*v.shape[:-2], self.entries).expand(rows, count, self.entries)


def _device(env: dict[str, Tensor]) -> torch.device:
    return next(iter(env.values())).device


def structures(integrals: Sequence[tuple[int, Integral]]) -> list[Structure]:
    """Group worlds by structure.  Raises CannotLower, naming what cannot be evaluated."""
    groups: dict[tuple, list[tuple[int, Integral, list[Fraction]]]] = {}
    for index, integral in integrals:
        numbers: list[Fraction] = []
        key = _terms(integral, numbers)
        groups.setdefault(key, []).append((index, integral, numbers))
    return [_structure(members) for members in groups.values()]


def _terms(integral: Integral, numbers: list[Fraction]) -> tuple:
    assert integral.body is not None
    laws = tuple((d.name, d.sort, skeleton(d.law, numbers)) for d in integral.draws)
    parts = tuple(skeleton(p, numbers) for p in integral.parts)
    guards = tuple(skeleton(g, numbers) for g in integral.guards)
    return laws, parts, guards, integral.body.sort


def _structure(members: list[tuple[int, Integral, list[Fraction]]]) -> Structure:
    columns = list(zip(*(numbers for _, _, numbers in members)))
    places: dict[tuple[Fraction, ...], int] = {}
    values: list[Term] = []
    for column in columns:
        if len(set(column)) == 1:
            values.append(number(column[0]))
        else:
            values.append(symbol(f"#{places.setdefault(column, len(places))}"))
    first = members[0][1]
    assert first.body is not None
    numbers: list[Fraction] = []
    inputs: dict[str, Sort] = {f"#{k}": SCALAR for k in range(len(places))}
    draws = []
    for d in first.draws:
        law = _filled(skeleton(d.law, numbers), values)
        if d.law.op == "family":
            raise CannotLower(f"the density {d.law.data[0]} is not known in this world")
        draws.append((Draw(d.name, law, d.sort), lower(law.args, inputs)))
        inputs[d.name] = d.sort
    parts = [_filled(skeleton(p, numbers), values) for p in first.parts]
    program = lower([add(*parts)], inputs)
    summands = lower([x for p in parts for x in _summands(p)], inputs)
    table = tuple(zip(*places)) if places else ((),) * len(members)
    return Structure(
        tuple(i for i, _, _ in members),
        tuple(integral for _, integral, _ in members),
        tuple(draws),
        program,
        summands,
        tuple(tuple(map(float, row)) for row in table),
        first.body.sort,
        _analytic(first.body),
        any(integral.interchanged for _, integral, _ in members),
        lower([_filled(skeleton(g, numbers), values) for g in first.guards], inputs),
    )


def _summands(t: Term) -> list[Term]:
    """The summands of an integrand; a number before a sum does not matter to what varies."""
    if t.op == "add":
        return [x for a in t.args for x in _summands(a)]
    if t.op == "mul" and t.args[-1].op == "add" and all(a.op in ("number", "constant") for a in t.args[:-1]):
        return [mul(*t.args[:-1], x) for x in _summands(t.args[-1])]
    return [t]


def _analytic(t: Term) -> bool:
    """No jumps, kinks or cases anywhere: such an integrand is determined by its values on any open set."""
    if t.op in ("compare", "indicator", "cases", "and", "or", "not", "norm"):
        return False
    if t.op == "function" and t.data[0] in ("relu", "floor", "sign", "abs"):
        return False
    return all(map(_analytic, t.args))
