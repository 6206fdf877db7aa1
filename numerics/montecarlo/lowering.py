"""From terms to torch: a straight-line program over worlds and samples.

`lower` turns terms into a `Program`: instructions over numbered slots, each common subterm computed once.  A scalar has
the shape (W, n) or something that broadcasts to it, W worlds by n samples; a matrix (W, n, rows, cols).  Everything is
float64.  What cannot be lowered is refused, by name, before anything is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from numerics.montecarlo.diagonal import Diagonal, dense, on_dense
from numerics.montecarlo.errors import CannotLower
from numerics.montecarlo.functions import torch_function
from numerics.montecarlo.literals import rational, series_terms, whole
from numerics.montecarlo.matrix_lowering import MatrixPrinter, constant
from proofs.terms import SCALAR, Sort, Term, describe, free_symbols, matrix_sort, number

if TYPE_CHECKING:
    from torch import Tensor

Env = Mapping[str, "Tensor"]
CONSTANTS = {"pi": math.pi, "e": math.e, "euler_gamma": 0.5772156649015329, "infinity": math.inf}


@dataclass
class Program:
    """``instructions[k]`` computes slot k from earlier slots; ``results`` are the slots of the lowered terms."""

    instructions: list[tuple[Callable[..., Any], tuple[int, ...]]] = field(default_factory=list)
    results: list[int] = field(default_factory=list)

    def run(self, env: Env, structured: bool = False) -> list[Any]:
        """The results; ``structured`` leaves a `Diagonal` as it is."""
        slots: list[Any] = []
        for function, sources in self.instructions:
            slots.append(function(env, *(slots[s] for s in sources)))
        return [slots[r] if structured else dense(slots[r]) for r in self.results]


def lower(terms: Sequence[Term], inputs: Mapping[str, Sort]) -> Program:
    """The program of the terms, whose free symbols are among ``inputs``.  Raises CannotLower naming what is refused."""
    printer = _Printer(dict(inputs))
    printer.program.results = [printer.slot(t) for t in terms]
    return printer.program


class _Printer(MatrixPrinter):
    def __init__(self, inputs: dict[str, Sort]):
        self.inputs = inputs
        self.program = Program()
        self.slots: dict[Term, int] = {}

    def slot(self, t: Term) -> int:
        found = self.slots.get(t)
        if found is None:
            function, sources = self.visit(t)
            matrices = any(a.sort != SCALAR for a in t.args)
            if matrices and t.op != "mul" and t.op not in self.STRUCTURED:
                function = on_dense(function)
            self.program.instructions.append((lambda env, *a, f=function: f(*a), sources))
            found = self.slots[t] = len(self.program.instructions) - 1
        return found

    def visit(self, t: Term) -> tuple[Callable[..., Any], tuple[int, ...]]:
        method = getattr(self, f"visit_{t.op}", None)
        if method is None:
            raise CannotLower(f"'{t.op}' cannot be evaluated on samples")
        return method(t)

    # atoms

    def visit_number(self, t):
        return constant(float(t.data[0]))

    def visit_constant(self, t):
        if t.data[0] not in CONSTANTS:
            raise CannotLower(f"the constant {t.data[0]} is not real")
        return constant(CONSTANTS[t.data[0]])

    def slot_of_input(self, name: str) -> int:
        self.program.instructions.append((lambda env, n=name: env[n], ()))
        return len(self.program.instructions) - 1

    def visit_symbol(self, t):
        name = t.data[0]
        if name not in self.inputs:
            raise CannotLower(f"{name} has no value here")
        if self.inputs[name] != t.sort:
            raise CannotLower(f"{name} is {describe(t.sort)} here and {describe(self.inputs[name])} where it is drawn")
        return (lambda x: x), (self.slot_of_input(name),)

    # arithmetic

    def visit_add(self, t):
        return _fold(lambda a, b: a + b), self.all(t.args)

    def visit_mul(self, t):
        if t.sort == SCALAR and all(a.sort == SCALAR for a in t.args):
            return self._scalar_product(list(t.args))
        sorts = [a.sort for a in t.args]

        def product(*values):
            result: Any = None
            shape = SCALAR
            for v, sort in zip(values, sorts):
                if result is None:
                    result, shape = v, sort
                elif sort == SCALAR or shape == SCALAR:
                    left, right = (result, v) if sort == SCALAR else (v, result)
                    if isinstance(left, Diagonal):
                        result = Diagonal(left.entries * right[..., None, None])
                    else:
                        result = left * right if sort == shape else left * right[..., None, None]
                    shape = shape if sort == SCALAR else sort
                else:
                    if isinstance(result, Diagonal):
                        result = result.times(v)
                    elif isinstance(v, Diagonal):
                        result = v.after(result)
                    else:
                        result = result @ v
                    shape = matrix_sort(shape.rows, sort.cols)
                    if shape == SCALAR:
                        result = result[..., 0, 0]
            return result

        return product, self.all(t.args)

    def _scalar_product(self, factors: list[Term]):
        """Factors u and log u are joined to xlogy(u, u), which is 0 at 0 as in sum p log p."""
        import torch

        for i, f in enumerate(factors):
            if f.op == "function" and f.data[0] == "log" and f.args[0] in factors:
                j = factors.index(f.args[0])
                u = self.slot(f.args[0])
                rest = [x for k, x in enumerate(factors) if k not in (i, j)]
                return _fold(lambda a, b: a * b, lambda x: torch.special.xlogy(x, x)), (u, *self.all(rest))
        return _fold(lambda a, b: a * b), self.all(factors)

    def visit_hadamard(self, t):
        return _fold(lambda a, b: a * b), self.all(t.args)

    def visit_pow(self, t):
        import torch

        base, exponent = t.args
        value = rational(exponent)
        if base.sort != SCALAR and base.sort.rows == base.sort.cols:
            power = whole(exponent)
            if power is None:
                raise CannotLower("a matrix to a power that is not a whole number")
            return (lambda a: torch.linalg.matrix_power(a, power)), (self.slot(base),)
        if value is not None:
            if value == Fraction(1, 2):
                return torch.sqrt, (self.slot(base),)
            if value == Fraction(-1, 2):
                return torch.rsqrt, (self.slot(base),)
            if value == -1:
                return torch.reciprocal, (self.slot(base),)
            p = int(value) if value.denominator == 1 else float(value)
            return (lambda a: torch.pow(a, p)), (self.slot(base),)
        spread = (lambda e: e) if base.sort == SCALAR else (lambda e: e[..., None, None])
        return (lambda a, e: torch.pow(a, spread(e))), self.all(t.args)

    # functions and truth values

    def visit_function(self, t):
        import torch

        a = t.args[0]
        name = t.data[0]
        if name == "log" and a.op == "add" and len(a.args) == 2 and number(1) in a.args:
            other = a.args[1] if a.args[0] == number(1) else a.args[0]
            return torch.log1p, (self.slot(other),)
        return torch_function(name), (self.slot(a),)

    def visit_compare(self, t):
        import operator

        rel = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}[t.data[0]]
        compare = getattr(operator, rel)
        if t.args[0].sort == SCALAR:
            return compare, self.all(t.args)
        # vectors compare componentwise, all of them; they differ where some component does
        if rel == "ne":
            return (lambda a, b: (a != b).any(-1).any(-1)), self.all(t.args)
        return (lambda a, b: compare(a, b).all(-1).all(-1)), self.all(t.args)

    def visit_and(self, t):
        return _fold(lambda a, b: a & b), self.all(t.args)

    def visit_or(self, t):
        return _fold(lambda a, b: a | b), self.all(t.args)

    def visit_not(self, t):
        return (lambda a: ~a), self.all(t.args)

    def visit_indicator(self, t):
        return (lambda a: a.double()), self.all(t.args)

    def visit_cases(self, t):
        import torch

        spread = (lambda c: c) if t.sort == SCALAR else (lambda c: c[..., None, None])

        def choose(*values):
            result = values[-1] if len(values) % 2 else torch.full_like(values[0], math.nan)
            for i in range(len(values) - len(values) % 2 - 2, -1, -2):
                result = torch.where(spread(values[i + 1]), values[i], result)
            return result

        return choose, self.all(t.args)

    # series and derivatives

    def visit_sum(self, t):
        return _fold(lambda a, b: a + b), self.all(series_terms(t))

    def visit_product(self, t):
        terms = series_terms(t)
        if t.sort != SCALAR:
            raise CannotLower("a product of matrices over an index")
        return _fold(lambda a, b: a * b), self.all(terms)

    def visit_at(self, t):
        body, value = t.args
        name = t.data[0]
        inner = self.inner(body, {name: value.sort})
        outside = [n for n in free_symbols(body) if n != name]
        names = [*outside, name]
        sources = (*(self.slot_of_input(n) for n in outside), self.slot(value))
        return (lambda *values: inner.run(dict(zip(names, values)))[0]), sources

    def inner(self, body: Term, more: dict[str, Sort]) -> Program:
        return lower([body], {**self.inputs, **more})

    def visit_derivative(self, t):
        from numerics.montecarlo.autograd import derivative

        body = t.args[0]
        free = free_symbols(body)
        for name in t.data:
            if name not in self.inputs:
                raise CannotLower(f"the derivative by {name}, which has no value here")
        names = list(dict.fromkeys((*free, *t.data)))
        inner = self.inner(body, {})
        sources = tuple(self.slot_of_input(n) for n in names)
        sorts = {n: self.inputs[n] for n in names}
        return (lambda *values: derivative(inner, dict(zip(names, values)), t.data, sorts, body.sort)), sources


def _fold(join: Callable[[Any, Any], Any], first: Callable[[Any], Any] = lambda x: x):
    def folded(*values):
        result = first(values[0])
        for v in values[1:]:
            result = join(result, v)
        return result

    return folded
