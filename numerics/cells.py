"""Cells of finite spaces, and what an evaluator asks of a world."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from flint import fmpq

from proofs.terms import Sort, Term

if TYPE_CHECKING:
    from numerics.evaluate import Evaluator
    from numerics.laws import Law
    from numerics.matrices import Value
    from numerics.worlds.shapes import Problem


class Cell:
    """A cell of a space that was cut into finitely many: opaque, unless the space is discrete with known values."""

    __slots__ = ("index", "space", "value")

    def __init__(self, space: str, index: int, value: fmpq | None = None):
        self.space = space
        self.index = index
        self.value = value

    def __repr__(self) -> str:
        return f"{self.space}[{self.index + 1}]"


Environment = dict[str, Any]


class World(Protocol):
    """What an evaluator asks of a world."""

    problem: Problem
    dims: dict[str, int]
    values: Environment

    def call(self, name: str, args: list[Any], evaluator: Evaluator, env: Environment) -> Any: ...

    def call_inverse(self, name: str, args: list[Any], evaluator: Evaluator) -> Any: ...

    def family(
        self, data: tuple, givens: list[Any], parameters: list[Any], evaluator: Evaluator, env: Environment
    ) -> Law: ...

    def known_law(self, t: Term, space: str, env: Environment, evaluator: Evaluator) -> Law | None: ...

    def integrate(self, name: str, sort: Sort, body: Callable[[Any], Value], evaluator: Evaluator) -> Value: ...
