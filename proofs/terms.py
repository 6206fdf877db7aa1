"""Terms: what a formula means, as frozen plain data.

A ``Term`` is what crosses every door between the floors.  Building one never evaluates anything: ``x/x`` stays
``x * x**-1`` and ``E - E`` stays a difference, because whether a side has a value is decided on what was written
(`proofs.language` holds the same vocabulary as SymPy nodes, and converts both ways).

Shapes are carried by ``Sort``.  A vector of dimension n is a matrix n x 1, and a 1 x 1 matrix is a scalar.  A
dimension is an ``int`` or the name of a symbolic dimension.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
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
        if not isinstance(other, Term):
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
    "maximum": (0,),
    "minimum": (0,),
    "argmax": (0,),
    "argmin": (0,),
    "at": (0,),
    "with_density": (0,),
    "pushforward": (1,),
}

OPTIMA = frozenset({"maximum", "minimum", "argmax", "argmin"})


def term(op: str, args: Iterable[Term] = (), data: tuple = (), sort: Sort = SCALAR) -> Term:
    """A node as given; the constructors below compute the sort."""
    if op not in OPERATORS:
        raise ValueError(f"{op!r} is not an operator of the language")
    args = tuple(args)
    return Term(op, args, data, sort, hash((op, args, data, sort)))


def assembled(parts: list[tuple]) -> Term:
    """The term whose parts are listed, each with the places of its arguments before it."""
    made: list[Term] = []
    for op, places, data, sort in parts:
        made.append(term(op, [made[i] for i in places], data, sort))
    return made[-1]


# ------------------------------------------------------------------------------------------------ constructors


def number(value: int | Fraction | str) -> Term:
    return term("number", (), (Fraction(value),))


ZERO, ONE, TWO = number(0), number(1), number(2)
MINUS_ONE, HALF = number(-1), number(Fraction(1, 2))


def constant(name: str) -> Term:
    return term("constant", (), (name,))


PI = constant("pi")


def symbol(name: str, sort: Sort = SCALAR) -> Term:
    return term("symbol", (), (name,), sort)


def is_number(t: Term, value: int | Fraction | None = None) -> bool:
    return t.op == "number" and (value is None or t.data[0] == value)


def is_value(a: Term, what: str) -> None:
    """Raises ShapeError where something other than a number, a vector or a matrix stands at the place ``what``."""
    if a.sort.kind not in ("scalar", "matrix"):
        raise ShapeError(f"{what} {describe(a.sort)}", (a.sort,))


def is_kind(a: Term, sort: Sort, what: str) -> None:
    """Raises ShapeError where the term is not of the given sort."""
    if a.sort != sort:
        raise ShapeError(f"{what} {describe(a.sort)}, not {describe(sort)}", (a.sort, sort))


def add(*args: Term) -> Term:
    """A sum as written.  Raises ShapeError where the shapes differ."""
    if len(args) == 1:
        return args[0]
    sort = args[0].sort
    is_value(args[0], "a sum of")
    for a in args[1:]:
        if a.sort != sort:
            raise ShapeError(f"{describe(sort)} is added to {describe(a.sort)}", (sort, a.sort))
    return term("add", args, (), sort)


def neg(a: Term) -> Term:
    return number(-a.data[0]) if a.op == "number" else mul(MINUS_ONE, a)


def sub(a: Term, b: Term) -> Term:
    return add(a, neg(b))


def mul(*args: Term) -> Term:
    """A product in the written order.  Raises ShapeError where the shapes do not conform."""
    if len(args) == 1:
        return args[0]
    sort = SCALAR
    for a in args:
        if a.sort.kind not in ("scalar", "matrix"):
            raise ShapeError(f"{describe(a.sort)} is multiplied", (a.sort,))
        if a.sort == SCALAR:
            continue
        if sort == SCALAR:
            sort = a.sort
        elif sort.cols == a.sort.rows:
            sort = matrix_sort(sort.rows, a.sort.cols)
        else:
            raise ShapeError(f"{describe(sort)} is multiplied by {describe(a.sort)}", (sort, a.sort))
    return term("mul", args, (), sort)


def power(base: Term, exponent: Term) -> Term:
    """A power.  Raises ShapeError unless the base is a scalar, a vector or square, and the exponent a scalar."""
    if exponent.sort != SCALAR:
        raise ShapeError(f"the exponent is {describe(exponent.sort)}", (exponent.sort,))
    is_value(base, "a power of")
    if 1 not in (base.sort.rows, base.sort.cols):
        square(base, "a power")
    return term("pow", (base, exponent), (), base.sort)


def divide(a: Term, b: Term) -> Term:
    """a times b**-1.  Raises ShapeError where b is not a scalar."""
    if b.sort != SCALAR:
        raise ShapeError(f"division by {describe(b.sort)}", (b.sort,))
    return mul(a, power(b, MINUS_ONE))


def hadamard(*args: Term) -> Term:
    """An elementwise product.  Raises ShapeError where the shapes differ."""
    if len({a.sort for a in args}) != 1:
        raise ShapeError("an elementwise product of different shapes", tuple(a.sort for a in args))
    is_value(args[0], "an elementwise product of")
    if len(args) == 1:
        return args[0]
    return mul(*args) if args[0].sort == SCALAR else term("hadamard", args, (), args[0].sort)


def transpose(a: Term) -> Term:
    if a.sort == SCALAR:
        return a
    is_value(a, "the transpose of")
    return term("transpose", (a,), (), matrix_sort(a.sort.cols, a.sort.rows))


def square(a: Term, what: str) -> None:
    if a.sort != SCALAR and (a.sort.kind != "matrix" or a.sort.rows != a.sort.cols):
        raise ShapeError(f"{what} of {describe(a.sort)}", (a.sort,))


def inverse(a: Term) -> Term:
    square(a, "the inverse")
    return power(a, MINUS_ONE) if a.sort == SCALAR else term("inverse", (a,), (), a.sort)


def det(a: Term) -> Term:
    square(a, "the determinant")
    return term("det", (a,))


def trace(a: Term) -> Term:
    square(a, "the trace")
    return term("trace", (a,))


def diag(a: Term) -> Term:
    if a.sort == SCALAR:
        return a
    if a.sort.kind != "matrix" or a.sort.cols != 1:
        raise ShapeError(f"a diagonal matrix of {describe(a.sort)}", (a.sort,))
    return term("diag", (a,), (), matrix_sort(a.sort.rows, a.sort.rows))


def identity(dim: Dim) -> Term:
    return ONE if dim == 1 else term("identity", (), (dim,), matrix_sort(dim, dim))


def zeros(rows: Dim, cols: Dim = 1) -> Term:
    return ZERO if rows == cols == 1 else term("zeros", (), (rows, cols), matrix_sort(rows, cols))


def ones(rows: Dim, cols: Dim = 1) -> Term:
    return ONE if rows == cols == 1 else term("ones", (), (rows, cols), matrix_sort(rows, cols))


def matrix(rows: int, cols: int, entries: Iterable[Term]) -> Term:
    entries = tuple(entries)
    if len(entries) != rows * cols:
        raise ShapeError(f"{len(entries)} entries in a {rows} x {cols} matrix")
    for e in entries:
        is_kind(e, SCALAR, "an entry of a matrix is")
    return entries[0] if rows == cols == 1 else term("matrix", entries, (rows, cols), matrix_sort(rows, cols))


def entry(a: Term, *indices: Term) -> Term:
    """The entry at one or two indices, counted from 1."""
    is_value(a, "an entry of")
    if len(indices) not in (1, 2):
        raise ShapeError(f"an entry at {len(indices)} indices", (a.sort,))
    for index in indices:
        is_kind(index, SCALAR, "an index is")
    return term("entry", (a, *indices))


def norm(a: Term) -> Term:
    is_value(a, "the norm of")
    return term("norm", (a,))


def function(name: str, a: Term) -> Term:
    """A known function of FUNCTIONS, elementwise on a vector."""
    if name not in FUNCTIONS:
        raise ValueError(f"{name!r} is not a function of the language")
    if a.sort.kind not in ("scalar", "matrix"):
        raise ShapeError(f"{name} of {describe(a.sort)}", (a.sort,))
    return term("function", (a,), (name,), a.sort)


def exp(a: Term) -> Term:
    return function("exp", a)


def log(a: Term) -> Term:
    return function("log", a)


def call(name: str, args: Iterable[Term], sort: Sort = SCALAR) -> Term:
    return term("call", args, (name,), sort)


def call_inverse(name: str, args: Iterable[Term], sort: Sort = SCALAR) -> Term:
    return term("call_inverse", args, (name,), sort)


def compare(rel: str, a: Term, b: Term) -> Term:
    if rel not in COMPARISONS:
        raise ValueError(f"{rel!r} does not compare: {', '.join(COMPARISONS)}")
    return term("compare", (a, b), (rel,), BOOL)


def indicator(condition: Term) -> Term:
    is_kind(condition, BOOL, "an indicator of")
    return term("indicator", (condition,))


def bounded(body: Term, lower: Term | None, upper: Term | None, what: str) -> None:
    is_value(body, f"{what} of")
    for bound in (lower, upper):
        if bound is not None:
            is_kind(bound, SCALAR, f"a bound of {what} is")


def sum_over(index: str, body: Term, lower: Term, upper: Term) -> Term:
    bounded(body, lower, upper, "a sum")
    return term("sum", (body, lower, upper), (index,), body.sort)


def product_over(index: str, body: Term, lower: Term, upper: Term) -> Term:
    bounded(body, lower, upper, "a product")
    return term("product", (body, lower, upper), (index,), body.sort)


def integral(variable: str, body: Term, lower: Term | None = None, upper: Term | None = None) -> Term:
    if (lower is None) != (upper is None):
        raise ValueError("an integral has both bounds or none")
    bounded(body, lower, upper, "an integral")
    bounds = () if lower is None or upper is None else (lower, upper)
    return term("integral", (body, *bounds), (variable,), body.sort)


def expectation(variable: str, law: Term, body: Term) -> Term:
    is_kind(law, LAW, "an expectation under")
    is_value(body, "an expectation of")
    return term("expectation", (law, body), (variable,), body.sort)


def variance(variable: str, law: Term, body: Term) -> Term:
    """The variance of a scalar body, the covariance matrix of a vector body."""
    is_kind(law, LAW, "a variance under")
    if body.sort.kind not in ("scalar", "matrix") or body.sort.cols != 1:
        raise ShapeError(f"the variance of {describe(body.sort)}", (body.sort,))
    sort = body.sort if body.sort == SCALAR else matrix_sort(body.sort.rows, body.sort.rows)
    return term("variance", (law, body), (variable,), sort)


def derivative(body: Term, *variables: str, sort: Sort = SCALAR) -> Term:
    """The derivative of the body by a variable of the given ``sort`` (several names: a vector of those scalars).

    By a matrix, a scalar has a derivative of that matrix's shape; anything else has none here (ShapeError).
    """
    if not variables:
        raise ValueError("a derivative by no variable")
    is_value(body, "the derivative of")
    if len(variables) == 1 and sort.cols != 1:
        if body.sort != SCALAR:
            raise ShapeError(f"the derivative of {describe(body.sort)} by {describe(sort)}", (body.sort, sort))
        return term("derivative", (body,), variables, sort)
    by = sort.rows if len(variables) == 1 else len(variables)
    if by == 1:
        result = body.sort
    elif body.sort == SCALAR:
        result = vector_sort(by)
    elif body.sort.cols == 1:
        result = matrix_sort(body.sort.rows, by)
    else:
        raise ShapeError("the derivative of a matrix by a vector", (body.sort,))
    return term("derivative", (body,), variables, result)


def at(variable: str, body: Term, value: Term) -> Term:
    return term("at", (body, value), (variable,), body.sort)


def normal(mean: Term, covariance: Term) -> Term:
    """N(mean, covariance).  Raises ShapeError unless the mean is n x 1 and the covariance n x n."""
    n = mean.sort.rows
    is_value(mean, "the mean of a normal law is")
    if mean.sort.cols != 1 or covariance.sort != matrix_sort(n, n):
        raise ShapeError("mean and covariance of a normal law do not fit", (mean.sort, covariance.sort))
    return term("normal", (mean, covariance), (), LAW)


def family(
    letter: str,
    outcomes: tuple[str, ...],
    givens: tuple[str, ...] = (),
    given_values: Iterable[Term] = (),
    parameters: Iterable[Term] = (),
) -> Term:
    """The law of ``outcomes`` given ``givens`` in the joint density called ``letter``.

    All laws of one letter come from one joint density: p(x), p(z), p(x|z) and p(z|x) are consistent.  Outcomes and
    givens are names of spaces of the hypotheses; ``parameters`` are what the density depends on (theta).
    """
    given_values, parameters = tuple(given_values), tuple(parameters)
    if len(given_values) != len(givens):
        raise ValueError("one value for each given")
    names = tuple(str(p.data[0]) if p.op == "symbol" else f"parameter{i}" for i, p in enumerate(parameters))
    return term("family", given_values + parameters, (letter, outcomes, givens, names), LAW)


def law(op: str, *args: Term) -> Term:
    if op not in LAW_OPERATORS:
        raise ValueError(f"{op!r} is not a law")
    if op in ("family", "with_density", "pushforward"):
        raise ValueError(f"a law {op!r} has a payload: it is made by `family` or `term`")
    if op == "normal" and len(args) == 2:
        return normal(*args)
    for a in args:
        is_value(a, f"a parameter of a {op} law is")
    return term(op, args, (), LAW)


def pdf(law_: Term, *points: Term) -> Term:
    is_kind(law_, LAW, "the density of")
    if not points:
        raise ValueError("a density at no point")
    for point in points:
        is_value(point, "the density at")
    return term("pdf", (law_, *points))


def kl(first: Term, second: Term) -> Term:
    for law_ in (first, second):
        is_kind(law_, LAW, "the KL divergence of")
    return term("kl", (first, second))


def jsd(first: Term, second: Term) -> Term:
    for law_ in (first, second):
        is_kind(law_, LAW, "the Jensen-Shannon divergence of")
    return term("jsd", (first, second))


# ---------------------------------------------------------------------------------------------- walking, names


def describe(sort: Sort) -> str:
    """A sort in words: 'a scalar', 'a 2 x n matrix', 'a vector of dimension n'."""
    if sort.kind == "matrix":
        if sort.cols == 1:
            return f"a vector of dimension {sort.rows}"
        return f"a row of length {sort.cols}" if sort.rows == 1 else f"a {sort.rows} x {sort.cols} matrix"
    return {"scalar": "a scalar", "bool": "a statement", "law": "a distribution"}[sort.kind]


def walk(t: Term) -> Iterator[Term]:
    """The term and everything below it, from the top."""
    stack = [t]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.args))


def bound_in(t: Term, position: int) -> tuple[str, ...]:
    """Names that this node binds in its argument at ``position``."""
    return t.data if position in BINDER_SCOPE.get(t.op, ()) else ()


def _free(t: Term, memo: dict[int, dict[str, Sort]]) -> dict[str, Sort]:
    """Free symbols of the term, bottom-up; ``memo`` keeps those of every part by its id, so shared parts cost once."""
    stack = [t]
    while stack:
        node = stack[-1]
        if id(node) in memo:
            stack.pop()
            continue
        waiting = [a for a in node.args if id(a) not in memo]
        if waiting:
            stack.extend(reversed(waiting))
            continue
        stack.pop()
        if node.op == "symbol":
            memo[id(node)] = {node.data[0]: node.sort}
            continue
        found: dict[str, Sort] = {}
        for i, a in enumerate(node.args):
            bound = bound_in(node, i)
            for name, sort in memo[id(a)].items():
                if name not in bound:
                    found.setdefault(name, sort)
        memo[id(node)] = found
    return memo[id(t)]


def free_symbols(t: Term) -> dict[str, Sort]:
    """Names of the symbols that no binder binds, with their sorts (functions and densities not among them)."""
    return dict(_free(t, {}))


def fresh(name: str, taken: Iterable[str]) -> str:
    taken = set(taken)
    while name in taken:
        name += "'"
    return name


def rebuild(t: Term, args: Iterable[Term]) -> Term:
    """The same node over other arguments of the same sorts."""
    return term(t.op, args, t.data, t.sort)


def map_terms(t: Term, change: Callable[[Term], Term]) -> Term:
    """Bottom-up: ``change`` is applied to each node after its arguments."""
    args = tuple(map_terms(a, change) for a in t.args)
    return change(t if args == t.args else rebuild(t, args))


def substitute(t: Term, values: dict[str, Term]) -> Term:
    """Free symbols replaced, all at once, without capture.  Raises ShapeError where a value is of another kind.

    A derivative is by a variable at the present point.  Where that variable is replaced by a symbol that is new to the
    body, the derivative is by that symbol; where it is replaced by anything else, the derivative is taken first and
    then evaluated, ``at``.  Dimensions (in sorts and payloads) stay as they are.
    """
    values = {k: v for k, v in values.items() if not (v.op == "symbol" and v.data[0] == k)}
    return _substitute(t, values, {})


def _substitute(t: Term, values: dict[str, Term], memo: dict[int, dict[str, Sort]]) -> Term:
    free = _free(t, memo)
    values = {k: v for k, v in values.items() if k in free}
    if not values:
        return t
    if t.op == "symbol":
        value = values[t.data[0]]
        if value.sort.kind != t.sort.kind:
            message = f"{t.data[0]} is {describe(t.sort)}, and {describe(value.sort)} is put for it"
            raise ShapeError(message, (t.sort, value.sort))
        return value
    if t.op == "derivative":
        return _substitute_derivative(t, values, memo)
    scope = BINDER_SCOPE.get(t.op, ())
    data = t.data
    inner = values
    args = list(t.args)
    if scope:
        reached = {k: s for i in scope for k, s in _free(t.args[i], memo).items()}
        inner = {k: v for k, v in values.items() if k in reached and k not in t.data}
        incoming = {n for v in inner.values() for n in _free(v, {})}
        if t.op in OPTIMA:  # a maximum over functions must not take hold of a function in a value either
            incoming |= {n for v in inner.values() for n in _called(v)}
        for name in t.data:
            if name in incoming:
                taken = incoming | set(reached) | values.keys() | set(data)
                if t.op in OPTIMA:
                    taken |= {n for a in args for n in _called(a)}
                new = fresh(name, taken)
                inner[name] = symbol(new, reached.get(name, SCALAR))
                data = tuple(new if d == name else d for d in data)
                if t.op in OPTIMA:
                    args = [_rename_function(a, name, new) for a in args]
                    memo = {}  # of other terms than those that it knows
    args = [_substitute(a, inner if i in scope else values, memo) for i, a in enumerate(args)]
    return term(t.op, args, data, t.sort)


def _substitute_derivative(t: Term, values: dict[str, Term], memo: dict[int, dict[str, Sort]]) -> Term:
    """The rest is replaced inside; what the derivative is by is renamed out of its way, and given its value last."""
    (body,) = t.args
    sorts = _free(body, memo)
    inner = {k: v for k, v in values.items() if k not in t.data}
    incoming = {n for v in inner.values() for n in _free(v, {})}
    taken = incoming | set(sorts) | set(t.data) | {n for v in values.values() for n in _free(v, {})}
    data: list[str] = []
    points: list[tuple[str, Term]] = []
    for name in t.data:
        value = values.get(name)
        others = (v for k, v in values.items() if k != name)
        clash = name in incoming or (value is not None and any(name in _free(v, {}) for v in others))
        if value is not None and value.op == "symbol" and value.sort == sorts[name]:
            other = value.data[0]
            if other not in incoming | set(sorts) | set(t.data) | set(data):
                inner[name], name = value, other
                data.append(name)
                continue
        new = fresh(name, taken) if clash else name
        taken.add(new)
        if new != name and name in sorts:
            inner[name] = symbol(new, sorts[name])
        if name in sorts and (clash or value is not None):
            points.append((new, symbol(name, sorts[name]) if value is None else value))
        data.append(new)
    result = term("derivative", (_substitute(body, inner, memo),), tuple(data), t.sort)
    for name, value in points:
        result = at(name, result, value)
    return result


def _called(t: Term) -> set[str]:
    """Names of the unknown functions that occur in the term."""
    return {node.data[0] for node in walk(t) if node.op in ("call", "call_inverse")}


def _rename_function(t: Term, old: str, new: str) -> Term:
    if t.op in OPTIMA and old in t.data:
        return t
    args = [_rename_function(a, old, new) for a in t.args]
    if t.op in ("call", "call_inverse") and t.data[0] == old:
        return term(t.op, args, (new,), t.sort)
    return rebuild(t, args) if args else t
