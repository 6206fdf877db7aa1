"""Nodes: the sorts, the vocabulary and the frozen plain data that terms are (see `terms` for what they mean)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

Dim = int | str


class Sort(NamedTuple):
    """What kind of thing a term is: ``scalar``, ``matrix`` (with its shape), ``bool`` or ``law``."""

    kind: str
    rows: Dim = 1
    cols: Dim = 1


SCALAR = Sort("scalar")
BOOL = Sort("bool")
LAW = Sort("law")


def matrix_sort(rows: Dim, cols: Dim) -> Sort:
    """The sort of a ``rows`` x ``cols`` matrix; 1 x 1 is a scalar."""
    return SCALAR if rows == 1 and cols == 1 else Sort("matrix", rows, cols)


def vector_sort(dim: Dim) -> Sort:
    return matrix_sort(dim, 1)


class ShapeError(ValueError):
    """Two parts of a formula cannot have one shape.  ``shapes`` are the two, for a witness."""

    def __init__(self, message: str, shapes: tuple[Sort, ...] = ()):
        super().__init__(message)
        self.shapes = shapes


@dataclass(frozen=True, eq=False, slots=True)
class Term:
    """A node: an operator of ``OPERATORS``, its arguments, its plain payload and its sort."""

    op: str
    args: tuple[Term, ...]
    data: tuple
    sort: Sort
    _hash: int

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Term) or self._hash != other._hash:
            return False
        stack = [(self, other)]  # of its own: a term may be deeper than Python's
        while stack:
            a, b = stack.pop()
            if a is b:
                continue
            if a._hash != b._hash or a.op != b.op or a.data != b.data or a.sort != b.sort or len(a.args) != len(b.args):
                return False
            stack.extend(zip(a.args, b.args))
        return True

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self):
        """As a flat list of its parts, so that a deep term can be pickled too."""
        place: dict[int, int] = {}
        parts: list[tuple] = []
        stack = [self]
        while stack:
            node = stack[-1]
            waiting = [a for a in node.args if id(a) not in place]
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            if id(node) not in place:
                place[id(node)] = len(parts)
                parts.append((node.op, tuple(place[id(a)] for a in node.args), node.data, node.sort))
        return assembled, (parts,)

    def __repr__(self) -> str:
        from proofs.printing import text  # the printer sits above this file

        return text(self)


# The vocabulary.  Payload and arguments of each operator; binders name their bound variables in the payload.
OPERATORS: dict[str, str] = {
    # atoms
    "number": "data=(Fraction,)",
    "constant": "data=('pi'|'e'|'euler_gamma'|'infinity'|'i',)",
    "symbol": "data=(name,); free unless a binder above names it",
    # arithmetic; products keep the written order, and multiply matrices where the sorts say so
    "add": "args: two or more of one sort",
    "mul": "args: two or more; scalars and conforming matrices in order",
    "pow": "args: base, exponent (scalar base; a square matrix with a whole exponent; a vector elementwise)",
    "hadamard": "args: two or more of one shape, elementwise product",
    # matrices
    "transpose": "args: matrix",
    "inverse": "args: square matrix",
    "det": "args: square matrix",
    "trace": "args: square matrix (or scalar)",
    "diag": "args: vector -> diagonal matrix",
    "diagonal": "args: square matrix -> vector of its diagonal",
    "identity": "data=(dim,)",
    "zeros": "data=(rows, cols)",
    "ones": "data=(rows, cols)",
    "matrix": "data=(rows, cols), args: entries row by row",
    "entry": "args: vector or matrix, then one or two indices (1-based)",
    "norm": "args: vector; Euclidean norm (Frobenius for a matrix)",
    # functions of a real number, elementwise on a vector
    "function": "data=(name of FUNCTIONS,), args: argument",
    # an unknown function; its arguments, then the parameters it depends on
    "call": "data=(name,), args",
    "call_inverse": "data=(name,), args: the inverse of the bijection, applied",
    # truth values
    "compare": "data=('='|'<'|'<='|'>'|'>='|'!=',), args: two sides",
    "and": "args: truth values",
    "or": "args: truth values",
    "not": "args: truth value",
    "indicator": "args: truth value -> 0 or 1",
    "cases": "args: value, condition, value, condition, ...; a last value without condition is 'otherwise'",
    # binders
    "sum": "data=(index,), args: body, lower, upper",
    "product": "data=(index,), args: body, lower, upper",
    "integral": "data=(variable,), args: body [, lower, upper]; without bounds over the whole space of the variable",
    "expectation": "data=(variable,), args: law, body",
    "variance": "data=(variable,), args: law, body; the covariance matrix of a vector body",
    "covariance": "data=(variable,), args: law, first, second; E[(first-E first)(second-E second)^T]",
    "probability": "data=(variable,), args: law, truth value",
    "preimages": "data=(variable,), args: value, image, body; summed over the variable with that image, where the "
    "derivative of the image is invertible",
    "maximum": "data=(name,), args: body; over all admissible values of a variable or an unknown function",
    "minimum": "data=(name,), args: body",
    "argmax": "data=(name,), args: body",
    "argmin": "data=(name,), args: body",
    # differential; the variables stay free, at the present point.  Scalar by scalar is a scalar, scalar by vector the
    # column gradient, vector by vector the Jacobian (rows: components).  Several names: a vector of those scalars.
    "derivative": "data=(variable, ...), args: body",
    "at": "data=(variable,), args: body, value; the body where the variable has that value",
    # laws, and what is made of them
    "normal": "args: mean, covariance (variance where the mean is a scalar)",
    "bernoulli": "args: probability of 1",
    "categorical": "args: vector of probabilities of 1..k",
    "uniform": "args: lower, upper",
    "uniform_choice": "args: the values; each with one probability",
    "exponential": "args: rate",
    "gamma": "args: shape, rate",
    "beta": "args: a, b",
    "poisson": "args: rate",
    "laplace": "args: location, scale",
    "student_t": "args: degrees of freedom",
    "family": "data=(letter, outcomes, givens, parameters), args: givens, then parameters; an unknown joint density",
    "with_density": "data=(variable,), args: density of the variable, e.g. (p + q)/2",
    "pushforward": "data=(variable,), args: law, body; the law of the body",
    "pdf": "args: law, point [, point of each further outcome]; density, or mass where the law is discrete",
    "kl": "args: law, law",
    "jsd": "args: law, law",
    "entropy": "args: law",
    "cross_entropy": "args: law, law",
}

FUNCTIONS: frozenset[str] = frozenset(
    "exp log sqrt sin cos tan sinh cosh tanh arctan sigmoid logit softplus relu erf normal_cdf "
    "gamma_function log_gamma digamma floor sign abs".split()
)

COMPARISONS = ("=", "<", "<=", ">", ">=", "!=")

LAW_OPERATORS: frozenset[str] = frozenset(
    "normal bernoulli categorical uniform uniform_choice exponential gamma beta poisson laplace student_t family "
    "with_density pushforward".split()
)

# Which arguments a binder's variable reaches.  `derivative` binds nothing.
BINDER_SCOPE: dict[str, tuple[int, ...]] = {
    "sum": (0,),
    "product": (0,),
    "integral": (0,),
    "expectation": (1,),
    "variance": (1,),
    "covariance": (1, 2),
    "probability": (1,),
    "preimages": (1, 2),
    "maximum": (0,),
    "minimum": (0,),
    "argmax": (0,),
    "argmin": (0,),
    "at": (0,),
    "with_density": (0,),
    "pushforward": (1,),
}

# These bind a name that stands for itself: what is admissible for it depends on its name.
OPTIMA = frozenset({"maximum", "minimum", "argmax", "argmin"})


# Equal nodes are one as long as they are remembered, so that most comparisons end at once.
_known: dict[tuple[str, tuple[Term, ...], tuple, Sort], Term] = {}
MOST_KNOWN = 100_000


def term(op: str, args: Iterable[Term] = (), data: tuple = (), sort: Sort = SCALAR) -> Term:
    """A node as given; the constructors below compute the sort."""
    if op not in OPERATORS:
        raise ValueError(f"{op!r} is not an operator of the language")
    key = (op, tuple(args), data, sort)
    known = _known.get(key)
    if known is None:
        if len(_known) >= MOST_KNOWN:
            _known.clear()  # nothing rests on equal nodes being one
        known = _known[key] = Term(*key, hash(key))
    return known


def assembled(parts: list[tuple]) -> Term:
    """The term whose parts are listed, each with the places of its arguments before it."""
    made: list[Term] = []
    for op, places, data, sort in parts:
        made.append(term(op, [made[i] for i in places], data, sort))
    return made[-1]


def describe(sort: Sort) -> str:
    """A sort in words: 'a scalar', 'a 2 x n matrix', 'a vector of dimension n'."""
    if sort.kind == "matrix":
        if sort.cols == 1:
            return f"a vector of dimension {sort.rows}"
        return f"a row of length {sort.cols}" if sort.rows == 1 else f"a {sort.rows} x {sort.cols} matrix"
    return {"scalar": "a scalar", "bool": "a statement", "law": "a distribution"}[sort.kind]
