"""Functions of a real number, unknown functions, indicators, case distinctions and truth values."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Basic, Function, Integer, Piecewise, Rational, Tuple

from proofs.language.node import (
    Convert,
    Shape,
    Truth,
    Valued,
    as_name,
    name_of,
    shape_of,
    sort_of,
    strict,
    with_matrix_form,
)
from proofs.terms import Term, term


class _RealFunction(Function):
    """A function of a real number that SymPy lacks.  It evaluates nothing by itself; ``rewrite`` and ``doit`` do."""

    nargs = 1
    is_extended_real = True

    @classmethod
    def eval(cls, _argument: Basic) -> None:
        return None

    def explicit(self) -> Basic:
        """The same in terms of SymPy's own functions."""
        raise NotImplementedError

    def doit(self, **hints: Any) -> Basic:
        argument = self.args[0].doit(**hints) if hints.get("deep", True) else self.args[0]
        return self.func(argument).explicit()

    def fdiff(self, argindex: int = 1) -> Basic:
        x = sympy.Dummy(real=True)
        return self.func(x).explicit().diff(x).subs(x, self.args[0])

    def _eval_evalf(self, prec: int) -> Any:
        return self.explicit()._eval_evalf(prec)


class Sqrt(_RealFunction):
    r"""The square root \sqrt x, told apart from the power x^{1/2}."""

    is_extended_nonnegative = True

    def explicit(self) -> Basic:
        return sympy.sqrt(self.args[0])

    def _eval_rewrite_as_Pow(self, arg: Basic, **_: Any) -> Basic:
        return sympy.sqrt(arg)


class Sigmoid(_RealFunction):
    """The logistic function 1/(1 + exp(-x))."""

    is_extended_positive = True

    def explicit(self) -> Basic:
        return 1 / (1 + sympy.exp(-self.args[0]))

    def fdiff(self, argindex: int = 1) -> Basic:
        return self * (1 - self)

    def _eval_rewrite_as_exp(self, arg: Basic, **_: Any) -> Basic:
        return self.explicit()


class Logit(_RealFunction):
    """log(x/(1 - x)), the inverse of the logistic function, on (0, 1)."""

    def explicit(self) -> Basic:
        x: Any = self.args[0]
        return sympy.log(x / (1 - x))

    def _eval_rewrite_as_log(self, arg: Basic, **_: Any) -> Basic:
        return self.explicit()


class Softplus(_RealFunction):
    """log(1 + exp x); its derivative is the logistic function."""

    is_extended_positive = True

    def explicit(self) -> Basic:
        return sympy.log(1 + sympy.exp(self.args[0]))

    def fdiff(self, argindex: int = 1) -> Basic:
        return Sigmoid(self.args[0])

    def _eval_rewrite_as_log(self, arg: Basic, **_: Any) -> Basic:
        return self.explicit()


class Relu(_RealFunction):
    """max(x, 0)."""

    is_extended_nonnegative = True

    def explicit(self) -> Basic:
        return sympy.Max(self.args[0], 0)


class NormalCDF(_RealFunction):
    """The distribution function of N(0, 1)."""

    is_extended_positive = True

    def explicit(self) -> Basic:
        x: Any = self.args[0]
        return Rational(1, 2) * (1 + sympy.erf(x / sympy.sqrt(2)))

    def _eval_rewrite_as_erf(self, arg: Basic, **_: Any) -> Basic:
        return self.explicit()


FUNCTION_CLASSES: dict[str, Any] = {
    "exp": sympy.exp,
    "log": sympy.log,
    "sqrt": Sqrt,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "tanh": sympy.tanh,
    "arctan": sympy.atan,
    "sigmoid": Sigmoid,
    "logit": Logit,
    "softplus": Softplus,
    "relu": Relu,
    "erf": sympy.erf,
    "normal_cdf": NormalCDF,
    "gamma_function": sympy.gamma,
    "log_gamma": sympy.loggamma,
    "digamma": sympy.digamma,
    "floor": sympy.floor,
    "sign": sympy.sign,
    "abs": sympy.Abs,
}


def apply_function(name: str, argument: Any) -> Basic:
    """The function of that name of FUNCTIONS, not evaluated; elementwise on a vector."""
    from proofs.language.matrices import Elementwise

    if shape_of(argument) is not None:
        return Elementwise(name, argument)
    return FUNCTION_CLASSES[name](argument, evaluate=False)


@with_matrix_form
class OpaqueFunction(Valued):
    """An unknown function, applied: ``OpaqueFunction('D', (), x)``; ``(n, 1)`` where its values are vectors."""

    operator = "call"

    @classmethod
    def _prepare(cls, *args: Any) -> tuple[Basic, ...]:
        name, shape, *arguments = args
        return as_name(name), Tuple(*(strict(d) for d in shape)), *(strict(a) for a in arguments)

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        shape: Any = args[1]
        return (shape[0], shape[1]) if len(shape) else None

    def _term(self, convert: Convert) -> Term:
        return term(self.operator, [convert(a) for a in self.args[2:]], (name_of(self.args[0]),), sort_of(self))


@with_matrix_form
class OpaqueInverse(OpaqueFunction):
    """The inverse of an unknown bijection, applied; arguments as in `OpaqueFunction`."""

    operator = "call_inverse"


class Indicator(Valued):
    """1 where the statement holds, 0 where it does not."""

    operator = "indicator"
    is_extended_nonnegative = True

    def _eval_rewrite_as_Piecewise(self, condition: Basic, **_: Any) -> Basic:
        return Piecewise((1, condition), (0, True))

    def doit(self, **hints: Any) -> Basic:
        condition = self.args[0].doit(**hints) if hints.get("deep", True) else self.args[0]
        if condition in (True, False):
            return Integer(1 if condition else 0)
        return Indicator(condition)


@with_matrix_form
class Cases(Valued):
    """``Cases(value, condition, value, condition, ..., otherwise)``; without a last value it is undefined elsewhere."""

    operator = "cases"

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        return shape_of(args[0])

    def _eval_rewrite_as_Piecewise(self, *args: Any, **_: Any) -> Basic:
        pairs = [(args[i], args[i + 1]) for i in range(0, len(args) - 1, 2)]
        return Piecewise(*pairs, *([(args[-1], True)] if len(args) % 2 else []))

    def doit(self, **hints: Any) -> Basic:
        args = [a.doit(**hints) for a in self.args] if hints.get("deep", True) else list(self.args)
        return Cases(*args) if shape_of(self) else self._eval_rewrite_as_Piecewise(*args)


class Conjunction(Truth):
    """All of the statements."""

    operator = "and"

    def doit(self, **hints: Any) -> Basic:
        return sympy.And(*(a.doit(**hints) for a in self.args))


class Disjunction(Truth):
    """One of the statements at least."""

    operator = "or"

    def doit(self, **hints: Any) -> Basic:
        return sympy.Or(*(a.doit(**hints) for a in self.args))


class Negation(Truth):
    """Not the statement."""

    operator = "not"

    def doit(self, **hints: Any) -> Basic:
        return sympy.Not(self.args[0].doit(**hints))
