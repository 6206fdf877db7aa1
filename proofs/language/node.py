"""What all nodes of the language have in common: they are SymPy objects that keep what was written.

Nothing is evaluated on construction; ``doit`` and ``rewrite`` evaluate when asked to.  Every node prints itself through
`proofs.printing`, so that a formula looks the same in a notebook, in a report and in a message.

A node whose value may be a number, a vector or a matrix has two classes: the one of its name, an ``Expr``, and its
matrix form (``MatrixExpectation`` for ``Expectation``), a ``MatrixExpr`` with a shape.  The constructor picks.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from sympy import Basic, Expr, Integer, MatrixExpr, MatrixSymbol, Symbol
from sympy.core.symbol import Str
from sympy.core.sympify import _sympify
from sympy.logic.boolalg import Boolean

from proofs.terms import BOOL, LAW, SCALAR, Dim, Sort, Term, fresh, matrix_sort, term

Convert = Callable[[Basic], Term]
Shape = tuple[Basic, Basic]
C = TypeVar("C", bound="type[Valued]")


class NotInLanguage(ValueError):
    """A SymPy expression that has no counterpart among the terms.  The message names what is not known."""


# ------------------------------------------------------------------------------------------ names, shapes, sorts


def name_of(variable: Basic) -> str:
    """The name of a symbol, a matrix symbol or a ``Str``."""
    return str(variable) if isinstance(variable, Str) else str(variable.name)


def strict(value: Any) -> Basic:
    """A SymPy object from a SymPy object or a Python number.  Strings are never parsed."""
    if isinstance(value, str):
        raise TypeError(f"the string {value!r} is not an expression; a symbol is made by Symbol({value!r}, real=True)")
    return _sympify(value)


def as_name(value: Any) -> Str:
    return value if isinstance(value, Str) else Str(value if isinstance(value, str) else name_of(value))


def dim_expr(dim: Dim) -> Basic:
    """A dimension as SymPy has it: a number, or a whole positive symbol."""
    return Integer(dim) if isinstance(dim, int) else Symbol(dim, integer=True, positive=True)


def dim_of(expr: Basic) -> Dim:
    if isinstance(expr, Integer):
        return int(expr)
    if isinstance(expr, Symbol):
        return str(expr.name)
    raise NotInLanguage(f"the dimension {expr} is neither a number nor a single letter")


def variable(name: str, sort: Sort = SCALAR) -> Basic:
    """The symbol of that name and sort: a real number, a vector or matrix, a truth value or a law."""
    if sort.kind == "matrix":
        return MatrixSymbol(name, dim_expr(sort.rows), dim_expr(sort.cols))
    if sort == BOOL:
        return TruthSymbol(name)
    return LawSymbol(name) if sort == LAW else Symbol(name, real=True)


def shape_of(expr: Basic) -> Shape | None:
    """The shape of a vector or matrix, None for everything else; 1 x 1 is a scalar."""
    if not getattr(expr, "is_Matrix", False):
        return None
    rows, cols = map(_sympify, expr.shape)
    return None if rows == 1 and cols == 1 else (rows, cols)


def sort_of(expr: Basic) -> Sort:
    if isinstance(expr, Law):
        return LAW
    if isinstance(expr, Boolean) and not isinstance(expr, Symbol):
        return BOOL
    shape = shape_of(expr)
    return SCALAR if shape is None else matrix_sort(dim_of(shape[0]), dim_of(shape[1]))


# ------------------------------------------------------------------------------------------------------- nodes


class Node(Basic):
    """A node of the language.  ``operator`` is its name in `proofs.terms.OPERATORS`."""

    operator: ClassVar[str] = ""
    if TYPE_CHECKING:
        args: Any  # SymPy's annotation, tuple[Basic, ...], knows no arithmetic

    def _term(self, convert: Convert) -> Term:
        return term(self.operator, [convert(a) for a in self.args], (), sort_of(self))

    def _latex(self, printer: Any, **_: Any) -> str:
        from proofs.language.conversion import from_sympy
        from proofs.printing import latex

        try:
            return latex(from_sympy(self))
        except (NotInLanguage, ValueError):  # a part that only SymPy knows
            inner = ", ".join(printer._print(a) for a in self.args)
            return rf"\operatorname{{{type(self).__name__}}}\left({inner}\right)"

    def _sympystr(self, printer: Any) -> str:
        from proofs.language.conversion import from_sympy
        from proofs.printing import text

        try:
            return text(from_sympy(self))
        except (NotInLanguage, ValueError):
            return f"{type(self).__name__}({', '.join(printer._print(a) for a in self.args)})"


class Law(Node):
    """A probability law.  It is no number: it is what a variable is drawn from."""

    def __new__(cls, *args: Any) -> Law:
        return Basic.__new__(cls, *(strict(a) for a in args))


class LawSymbol(Law):
    """A law of which only the name is known."""

    operator = "symbol"

    def __new__(cls, name: Any) -> LawSymbol:
        return Basic.__new__(cls, as_name(name))

    def _term(self, convert: Convert) -> Term:
        return term("symbol", (), (name_of(self.args[0]),), LAW)


class Truth(Node, Boolean):
    """A truth value that SymPy does not reorder: ``p and p`` stays as it is."""

    def __new__(cls, *args: Any) -> Truth:
        return Basic.__new__(cls, *(strict(a) for a in args))


class TruthSymbol(Truth):
    """A statement of which only the name is known."""

    operator = "symbol"

    def __new__(cls, name: Any) -> TruthSymbol:
        return Basic.__new__(cls, as_name(name))

    def _term(self, convert: Convert) -> Term:
        return term("symbol", (), (name_of(self.args[0]),), BOOL)


class Valued(Node, Expr):
    """A node with a value: a number, or (in its matrix form) a vector or matrix."""

    is_commutative = True
    is_extended_real = True
    _matrix_form: ClassVar[type | None] = None

    def __new__(cls, *args: Any) -> Any:
        prepared = cls._prepare(*args)
        if cls._shape(*prepared) is None:
            target: type | None = cls.__mro__[1] if issubclass(cls, MatrixExpr) else cls
        else:
            target = cls if issubclass(cls, MatrixExpr) else cls._matrix_form
            if target is None:
                raise TypeError(f"{cls.__name__} of a vector or matrix")
        return Basic.__new__(target, *prepared)

    @classmethod
    def _prepare(cls, *args: Any) -> tuple[Basic, ...]:
        return tuple(strict(a) for a in args)

    @classmethod
    def _shape(cls, *args: Basic) -> Shape | None:
        """The shape of the value, from the arguments; None for a number."""
        return None

    def _eval_derivative(self, symbol: Basic) -> Expr:
        from proofs.language.calculus import DerivativeBy

        return DerivativeBy(self, symbol) if symbol in self.free_symbols else Integer(0)


def with_matrix_form(cls: C) -> C:
    """Class decorator: adds the class of the same node with a vector or matrix as its value, beside it."""
    made = type(
        "Matrix" + cls.__name__,
        (cls, MatrixExpr),
        {
            "__doc__": f"{cls.__name__} where its value is a vector or matrix.",
            "__module__": cls.__module__,
            "is_commutative": False,
            "is_extended_real": False,
            "is_extended_nonnegative": False,
            "shape": property(lambda self: self._shape(*self.args)),
        },
    )
    setattr(sys.modules[cls.__module__], made.__name__, made)
    cls._matrix_form = made
    return cls


class Binding:
    """A node that binds a variable: its first argument; ``scope`` are the other arguments that the variable reaches."""

    scope: ClassVar[tuple[int, ...]] = (1,)
    operator: ClassVar[str]
    args: tuple[Any, ...]
    func: Any

    @property
    def bound_symbols(self) -> list[Basic]:
        return [self.args[0]]

    @property
    def free_symbols(self) -> set[Basic]:
        bound, *rest = self.args
        found: set[Basic] = set()
        for i, a in enumerate(rest, 1):
            found |= a.free_symbols - {bound} if i in self.scope else a.free_symbols
        return found

    def _eval_subs(self, old: Basic, new: Basic) -> Basic:
        """Leaves the bound variable alone, and renames it where ``new`` would be captured."""
        bound, *rest = self.args
        if bound in new.free_symbols and bound not in old.free_symbols:
            taken = {name_of(s) for a in (*rest, new, old) for s in a.free_symbols}
            other = renamed(bound, taken)
            rest = [a.subs(bound, other) if i in self.scope else a for i, a in enumerate(rest, 1)]
            bound = other
        hidden = bound in old.free_symbols
        changed = [a if hidden and i in self.scope else a._subs(old, new) for i, a in enumerate(rest, 1)]
        return self.func(bound, *changed)

    def _term(self, convert: Convert) -> Term:
        bound, *rest = self.args
        return term(self.operator, [convert(a) for a in rest], convert(bound).data, sort_of(self))


class Binder(Binding, Valued):
    """A value that binds a variable."""


class BinderLaw(Binding, Law):
    """A law that binds a variable."""


def renamed(symbol: Basic, taken: set[str]) -> Basic:
    """A symbol like this one under a name that is not taken."""
    name = fresh(name_of(symbol), taken)
    if isinstance(symbol, MatrixSymbol):
        return MatrixSymbol(name, *symbol.shape)
    return Symbol(name, **symbol._assumptions_orig)
