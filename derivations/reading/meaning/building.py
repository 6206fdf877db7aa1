"""What every part of the Elaborator shares: the document around a relation, and the doors to each other's knowledge.

The Elaborator is put together from one class for each concept.  A class builds on those that it names as its bases;
what lies above it, it reaches through the abstract methods here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from derivations.reading.conventions import Conventions
from derivations.reading.meaning.environment import Env, Gathered
from derivations.reading.names import Head
from derivations.reading.readings import Choices
from derivations.reading.scope import View
from derivations.reading.survey.shapes import Shapes
from derivations.reading.survey.usage import Usage
from derivations.reading.tree import BigOperator, Fraction, Group, Name, Node
from derivations.reading.walking import nodes
from proofs.terms import Dim, Sort, Term

Follow = tuple[Term, int]  # a meaning, and the position of the first item that it did not take


@dataclass(frozen=True)
class Surroundings:
    """What is known at the place of a relation.

    ``trees`` are its sides and the bodies of all definitions that they mention; ``law_memory`` holds the laws of
    variables that earlier relations of the same chain bound.
    """

    view: View
    usage: Usage
    shapes: Shapes
    conventions: Conventions
    trees: tuple[Node, ...]
    law_memory: dict[str, Term]
    use_laws: bool = False  # take the declared laws of densities rather than arbitrary ones


class Building(ABC):
    """The state of one elaboration."""

    def __init__(self, around: Surroundings, choices: Choices, gathered: Gathered):
        self.view, self.usage, self.shapes, self.conventions = (
            around.view,
            around.usage,
            around.shapes,
            around.conventions,
        )
        self.relation_nodes, self.law_memory, self.use_laws = around.trees, around.law_memory, around.use_laws
        self.choices, self.gathered = choices, gathered
        self.index_limits: dict[str, Dim] = {}  # how far each running index runs
        self.mixed_over: list[str] = []  # the variables of the mixtures around: all its densities are taken at it
        self.depth = 0

    def written(self) -> Iterator[Node]:
        """Every node of the relation and of the definitions that it mentions."""
        for tree in self.relation_nodes:
            yield from nodes(tree)

    @abstractmethod
    def term(self, node: Node, env: Env) -> Term:
        """The meaning of a node.  Raises Unclear or ShapeError."""

    @abstractmethod
    def factor(self, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env) -> Follow:
        """The factor that begins at items[i] with all it reaches, and where the next one begins."""

    @abstractmethod
    def sequence(self, items: tuple[Node, ...], signs: tuple[str, ...], env: Env) -> Term:
        """A product as written, operators taking what they reach."""

    @abstractmethod
    def atom(self, head: Head, env: Env) -> Term:
        """A name that nothing is applied to."""

    @abstractmethod
    def apply(self, head: Head, group: Group, env: Env) -> Term:
        """A name applied to what stands in brackets."""

    @abstractmethod
    def statement(self, node: Node, env: Env) -> Term:
        """A comparison inside a formula."""

    @abstractmethod
    def density(self, head: Head, group: Group, env: Env) -> Term:
        """p(x|z; theta): the density of its law at its outcomes."""

    @abstractmethod
    def bare_density(self, head: Head, env: Env) -> Term:
        """A density that stands without its argument."""

    @abstractmethod
    def law(
        self, node: Node, env: Env, sort: Sort | None = None, outcome: str | None = None
    ) -> tuple[tuple[str, ...], Term]:
        """A law as written, and the names of its outcomes where it has any."""

    @abstractmethod
    def is_expectation(self, node: Node, base: Name, following: Node | None) -> bool:
        """Whether an E with what follows it is an expectation."""

    @abstractmethod
    def declared_variable_law(self, name: str, head: Head, env: Env) -> Term | None:
        """The law of a variable where it is known that the letter is random."""

    @abstractmethod
    def defined_at_index(self, head: Head, env: Env) -> Term | None:
        """p_j by the definition of p_i; None where the letter has no such definition."""

    @abstractmethod
    def kronecker(self, head: Head, env: Env) -> Term | None:
        """\\delta_{ij} of two indices; None for any other name."""

    @abstractmethod
    def layer_derivative(self, node: Fraction, env: Env) -> Term | None:
        """The Jacobian of a layer of a flow at its input; None where the fraction is none."""

    @abstractmethod
    def layer_jacobian(self, head: Head, group: Group, env: Env) -> Term | None:
        """J_{f_k}(z_{k-1}) of a flow; None where the name is no such Jacobian."""

    @abstractmethod
    def layer_call(self, head: Head, group: Group, env: Env) -> Term | None:
        """The k-th map of a flow at a point; None for any other function."""

    @abstractmethod
    def differentiate(self, body: Term, variables: list[Node], env: Env, written: tuple[Node, ...]) -> Term:
        """The derivative of a body by each of the variables; ``written`` is the body as it stands."""

    @abstractmethod
    def names_jacobian(self, head: Head) -> bool:
        """Whether J_f is the Jacobian of f."""

    @abstractmethod
    def jacobian(self, head: Head, group: Group, env: Env) -> Term | None:
        """J_f(x); None where the name is no Jacobian."""

    @abstractmethod
    def the_jacobian(self, env: Env) -> Term | None:
        """J, never defined: the one Jacobian that the relation writes out."""

    @abstractmethod
    def relation_derivatives(self) -> set[str]:
        """The symbols by which the relation takes derivatives."""

    @abstractmethod
    def integral_names(self, operator: BigOperator, after: tuple[Node, ...]) -> set[str]:
        """The variable of an integral without a differential."""
