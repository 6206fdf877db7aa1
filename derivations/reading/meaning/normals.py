"""Normal laws: whether the second argument is a variance, and the shapes of mean and covariance."""

from __future__ import annotations

from derivations.reading.meaning.environment import Env
from derivations.reading.meaning.fitting import is_multiple_of_identity, resized
from derivations.reading.meaning.letters import Letters
from derivations.reading.tree import Node, Number, Script
from derivations.reading.walking import items_of, nodes, unwrap
from proofs import terms as T
from proofs.terms import SCALAR, Sort, Term


class Normals(Letters):
    """The part of the Elaborator that knows normal laws."""

    def normal_law(self, mean_node: Node, cov_node: Node, env: Env, sort: Sort | None) -> Term:
        """N(m, S) for an outcome of the shape ``sort``, where that is known."""
        mean, cov = self.term(mean_node, env), self.term(cov_node, env)
        if not self.is_variance(cov_node, cov, env):
            option = self.choices.choose("second argument of N", ("variance", "standard deviation"))
            if option == "standard deviation":
                cov = squared(cov)
        if T.is_number(mean, 0):
            if sort is not None and sort.kind == "matrix" and sort.cols == 1:
                mean = T.zeros(sort.rows)
            elif cov.sort.kind == "matrix":
                mean = T.zeros(cov.sort.rows)
        if mean.sort != SCALAR:
            is_undeclared = mean.op == "symbol" and mean.data[0] not in self.shapes.declared
            self.gathered.spread |= is_undeclared and cov.sort == SCALAR and cov.op != "number"
            cov = as_covariance(cov, mean.sort.rows)
        elif cov.op == "identity":
            cov = T.ONE
        return T.normal(mean, cov)

    def is_variance(self, node: Node, cov: Term, env: Env) -> bool:
        """Whether the notation says that the second argument is a variance: a square, I, a number, a matrix."""
        if has_square(node) or isinstance(unwrap(node), Number):
            return True
        if cov.op == "number" or is_multiple_of_identity(cov):
            return True
        if cov.op == "diag":
            return False
        if is_square_matrix(cov):
            return True
        head = self.head(items_of(node)[0], env)
        return head is not None and head.base in self.conventions.covariances


def has_square(node: Node) -> bool:
    powers = (n.sup for n in nodes(unwrap(node)) if isinstance(n, Script) and n.sup is not None)
    return any(isinstance(x, Number) and x.text == "2" for sup in powers for x in nodes(sup))


def is_square_matrix(value: Term) -> bool:
    return value.sort.kind == "matrix" and value.sort.cols != 1


def squared(deviation: Term) -> Term:
    """The variance of a standard deviation, also of one that is written as a matrix or as its diagonal."""
    if deviation.op == "diag":
        return T.diag(T.power(deviation.args[0], T.TWO))
    if is_square_matrix(deviation):
        return T.mul(deviation, deviation)
    return T.power(deviation, T.TWO)


def as_covariance(cov: Term, n: T.Dim) -> Term:
    """The covariance of an n-vector: a number stands for that multiple of I, a vector for a diagonal."""
    if is_multiple_of_identity(cov) and cov.sort.rows != n:
        cov = resized(cov, n)
    if cov.sort == SCALAR:
        return T.identity(n) if T.is_number(cov, 1) else T.mul(cov, T.identity(n))
    return T.diag(cov) if cov.sort.cols == 1 else cov
