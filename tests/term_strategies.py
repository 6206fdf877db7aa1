"""Hypothesis strategies for well-sorted terms of the whole vocabulary of `proofs.terms`.

>>> from hypothesis import given
>>> from term_strategies import terms
>>> @given(terms())                                    # numbers, of any operator
... def test_something(t): ...

``terms(sort, depth)`` gives terms of that sort, ``values`` terms of any shape, ``statements`` truth values, ``laws``
distributions, ``arithmetic`` small integer terms that an exact evaluator can follow.  Every name has one sort wherever
it occurs (x, y, z are numbers, u and v vectors, A and B matrices, with the dimension in the name), and bound variables
come from the same few names, so that shadowing and capture are frequent.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from proofs import terms as T
from proofs.terms import BOOL, LAW, SCALAR, Sort, Term

Draw = Callable[[st.SearchStrategy[Any]], Any]
DIMENSIONS: tuple[int | str, ...] = ("n", "m", 2, 3)
SCALAR_NAMES = ("x", "y", "z", "mu_1", "p_data")


def names(sort: Sort) -> tuple[str, ...]:
    """The names that stand for symbols of a sort, the same ones everywhere."""
    if sort == SCALAR:
        return SCALAR_NAMES
    if sort == BOOL:
        return ("holds",)
    if sort == LAW:
        return ("P", "Q")
    if sort.cols == 1:
        return (f"u_{sort.rows}", f"v_{sort.rows}")
    return (f"A_{sort.rows}{sort.cols}", f"B_{sort.rows}{sort.cols}")


shapes = st.sampled_from(
    [SCALAR, T.vector_sort("n"), T.vector_sort(2)]
    + [T.matrix_sort(*shape) for shape in (("n", "n"), (2, 2), ("m", "n"), (1, 3))]
)
vectors = st.sampled_from([T.vector_sort(d) for d in DIMENSIONS])
small = st.integers(-3, 3).map(T.number)
rationals = st.fractions(min_value=-5, max_value=5, max_denominator=6).map(T.number)


def symbols(sort: Sort = SCALAR) -> st.SearchStrategy[Term]:
    return st.sampled_from(names(sort)).map(lambda name: T.symbol(name, sort))


@st.composite
def terms(draw: Draw, sort: Sort = SCALAR, depth: int = 3) -> Term:
    """A well-sorted term of the given sort, at most ``depth`` operators deep (plus the atoms)."""
    if depth <= 0:
        return draw(_atoms(sort))
    if sort == BOOL:
        options = [symbols(BOOL), *_statements(depth)]
    elif sort == LAW:
        options = [symbols(LAW), *_laws(depth)]
    else:
        options = [_atoms(sort), *_shared(sort, depth), *(_numbers(depth) if sort == SCALAR else _arrays(sort, depth))]
    return draw(st.one_of(options))


def statements(depth: int = 2) -> st.SearchStrategy[Term]:
    return terms(BOOL, depth)


def laws(depth: int = 2) -> st.SearchStrategy[Term]:
    return terms(LAW, depth)


def values(depth: int = 3) -> st.SearchStrategy[Term]:
    """A number, a vector or a matrix."""
    return shapes.flatmap(lambda sort: terms(sort, depth))


def anything(depth: int = 3) -> st.SearchStrategy[Term]:
    """A term of any sort."""
    return st.one_of(terms(SCALAR, depth), values(depth), statements(depth), laws(depth))


def _atoms(sort: Sort) -> st.SearchStrategy[Term]:
    if sort == SCALAR:
        constants = st.sampled_from(["pi", "e", "euler_gamma", "infinity", "i"]).map(T.constant)
        return st.one_of(symbols(), symbols(), rationals, small, constants)
    if sort.kind != "matrix":
        return symbols(sort)
    found = [symbols(sort), st.just(T.zeros(sort.rows, sort.cols)), st.just(T.ones(sort.rows, sort.cols))]
    if sort.rows == sort.cols:
        found.append(st.just(T.identity(sort.rows)))
    return st.one_of(found)


def _lists(sort: Sort, depth: int, least: int = 2, most: int = 3) -> st.SearchStrategy[list[Term]]:
    return st.lists(terms(sort, depth - 1), min_size=least, max_size=most)


def _shared(sort: Sort, depth: int) -> list[st.SearchStrategy[Term]]:
    """Operators whose value may have any shape."""
    body = terms(sort, depth - 1)
    scalar = terms(SCALAR, depth - 1)
    names_of_any = shapes.flatmap(lambda s: st.sampled_from(names(s)))
    bound = st.one_of(st.sampled_from(SCALAR_NAMES), names_of_any)
    arguments = st.lists(values(depth - 1), min_size=1, max_size=2)
    return [
        _lists(sort, depth).map(lambda a: T.add(*a)),
        st.tuples(st.sampled_from(sorted(T.FUNCTIONS)), body).map(lambda a: T.function(*a)),
        st.tuples(st.sampled_from(["f", "D_theta"]), arguments).map(lambda a: T.call(*a, sort)),
        st.tuples(st.sampled_from(["f", "D_theta"]), arguments).map(lambda a: T.call_inverse(*a, sort)),
        _cases(sort, depth),
        st.tuples(bound, body, scalar, scalar).map(lambda a: T.sum_over(*a)),
        st.tuples(bound, body).map(lambda a: T.integral(*a)),
        st.tuples(bound, body, scalar, scalar).map(lambda a: T.integral(*a)),
        st.tuples(bound, laws(depth - 1), body).map(lambda a: T.expectation(*a)),
        st.tuples(bound, st.sampled_from(["maximum", "minimum"]), body).map(
            lambda a: T.term(a[1], (a[2],), (a[0],), sort)
        ),
        st.tuples(st.sampled_from(names(sort)), st.sampled_from(["argmax", "argmin"]), scalar).map(
            lambda a: T.term(a[1], (a[2],), (a[0],), sort)
        ),
        _at(sort, depth),
        st.tuples(body, st.sampled_from(SCALAR_NAMES)).map(lambda a: T.derivative(*a)),
    ]


@st.composite
def _cases(draw: Draw, sort: Sort, depth: int) -> Term:
    args: list[Term] = []
    for _ in range(draw(st.integers(1, 2))):
        args += [draw(terms(sort, depth - 1)), draw(statements(depth - 1))]
    if draw(st.booleans()):
        args.append(draw(terms(sort, depth - 1)))
    return T.term("cases", args, (), sort)


@st.composite
def _at(draw: Draw, sort: Sort, depth: int) -> Term:
    by = draw(shapes)
    name = draw(st.sampled_from(names(by)))
    return T.at(name, draw(terms(sort, depth - 1)), draw(terms(by, depth - 1)))


def _numbers(depth: int) -> list[st.SearchStrategy[Term]]:
    scalar = terms(SCALAR, depth - 1)
    law_ = laws(depth - 1)
    name = st.sampled_from(SCALAR_NAMES)
    square = st.sampled_from([SCALAR, T.matrix_sort("n", "n"), T.matrix_sort(2, 2)]).flatmap(
        lambda s: terms(s, depth - 1)
    )
    return [
        _lists(SCALAR, depth).map(lambda a: T.mul(*a)),
        _bilinear(depth),
        st.tuples(scalar, st.one_of(small, scalar)).map(lambda a: T.power(*a)),
        st.tuples(scalar, scalar).map(lambda a: T.mul(a[0], T.power(a[1], T.number(-1)))),
        square.map(T.det),
        square.map(T.trace),
        _entries(depth),
        values(depth - 1).map(T.norm),
        statements(depth - 1).map(T.indicator),
        st.tuples(name, scalar, scalar, scalar).map(lambda a: T.product_over(*a)),
        st.tuples(name, law_, scalar).map(lambda a: T.variance(*a)),
        st.tuples(name, scalar, scalar, scalar).map(lambda a: T.preimages(*a)),
        st.tuples(name, law_, scalar, scalar).map(lambda a: T.term("covariance", a[1:], (a[0],))),
        st.tuples(name, law_, statements(depth - 1)).map(lambda a: T.term("probability", a[1:], (a[0],))),
        st.tuples(law_, st.lists(values(depth - 1), min_size=1, max_size=2)).map(lambda a: T.pdf(a[0], *a[1])),
        st.tuples(law_, law_).map(lambda a: T.kl(*a)),
        st.tuples(law_, law_).map(lambda a: T.jsd(*a)),
        law_.map(lambda a: T.term("entropy", (a,))),
        st.tuples(law_, law_).map(lambda a: T.term("cross_entropy", a)),
    ]


@st.composite
def _bilinear(draw: Draw, depth: int) -> Term:
    """x^T y, x^T A y, and (x^T y) z^T w, where a number arises between the factors."""
    n = draw(st.sampled_from(DIMENSIONS))
    column, row, full = T.vector_sort(n), T.matrix_sort(1, n), T.matrix_sort(n, n)
    factors = [draw(terms(row, depth - 1))]
    if draw(st.booleans()):
        factors.append(draw(terms(full, depth - 1)))
    factors.append(draw(terms(column, depth - 1)))
    if draw(st.booleans()):
        factors += [draw(terms(row, depth - 1)), draw(terms(column, depth - 1))]
    if draw(st.booleans()):
        factors.insert(draw(st.integers(0, len(factors))), draw(terms(SCALAR, depth - 1)))
    return T.mul(*factors)


@st.composite
def _entries(draw: Draw, depth: int) -> Term:
    base = draw(shapes.filter(lambda s: s != SCALAR).flatmap(lambda s: terms(s, depth - 1)))
    count = 1 if base.sort.cols == 1 else 2
    return T.entry(base, *(draw(st.one_of(small, symbols())) for _ in range(count)))


def _arrays(sort: Sort, depth: int) -> list[st.SearchStrategy[Term]]:
    same = terms(sort, depth - 1)
    found = [
        st.tuples(terms(SCALAR, depth - 1), same).map(lambda a: T.mul(*a)),
        st.tuples(same, terms(SCALAR, depth - 1)).map(lambda a: T.mul(*a)),
        _products(sort, depth),
        _lists(sort, depth).map(lambda a: T.hadamard(*a)),
        terms(T.matrix_sort(sort.cols, sort.rows), depth - 1).map(T.transpose),
    ]
    if isinstance(sort.rows, int) and isinstance(sort.cols, int):
        size = sort.rows * sort.cols
        found.append(_lists(SCALAR, depth, size, size).map(lambda a: T.matrix(int(sort.rows), int(sort.cols), a)))
    if sort.cols == 1:
        found += [
            st.tuples(same, terms(SCALAR, depth - 1)).map(lambda a: T.power(*a)),
            terms(T.matrix_sort(sort.rows, sort.rows), depth - 1).map(lambda a: T.term("diagonal", (a,), (), sort)),
            terms(SCALAR, depth - 1).map(lambda a: T.derivative(a, names(sort)[0], sort=sort)),
        ]
        if isinstance(sort.rows, int):
            found.append(terms(SCALAR, depth - 1).map(lambda a: T.derivative(a, *SCALAR_NAMES[: int(sort.rows)])))
    if sort.rows == sort.cols:
        vector = T.vector_sort(sort.rows)
        law_ = laws(depth - 1)
        name = st.sampled_from(names(vector))
        found += [
            same.map(T.inverse),
            st.tuples(same, small).map(lambda a: T.power(*a)),
            terms(vector, depth - 1).map(T.diag),
            st.tuples(name, law_, terms(vector, depth - 1)).map(lambda a: T.variance(*a)),
            st.tuples(name, law_, terms(vector, depth - 1), terms(vector, depth - 1)).map(
                lambda a: T.term("covariance", a[1:], (a[0],), sort)
            ),
        ]
    if sort.cols != 1 and sort.rows != 1:
        by = T.vector_sort(sort.cols)
        found.append(terms(T.vector_sort(sort.rows), depth - 1).map(lambda a: T.derivative(a, names(by)[0], sort=by)))
        found.append(terms(SCALAR, depth - 1).map(lambda a: T.derivative(a, names(sort)[0], sort=sort)))
    return found


@st.composite
def _products(draw: Draw, sort: Sort, depth: int) -> Term:
    """Two or three conforming matrices; a number may arise on the way: (x^T y) A."""
    inner = draw(st.sampled_from([2, "n", 1]))
    left, right = T.matrix_sort(sort.rows, inner), T.matrix_sort(inner, sort.cols)
    factors = [draw(terms(left, depth - 1)), draw(terms(right, depth - 1))]
    if draw(st.booleans()):
        between = draw(st.sampled_from(DIMENSIONS))
        factors = [
            draw(terms(T.matrix_sort(1, between), depth - 1)),
            draw(terms(T.vector_sort(between), depth - 1)),
            *factors,
        ]
    return T.mul(*factors)


def _statements(depth: int) -> list[st.SearchStrategy[Term]]:
    scalar = terms(SCALAR, depth - 1)
    equal = shapes.flatmap(lambda s: st.tuples(st.sampled_from(["=", "!="]), terms(s, depth - 1), terms(s, depth - 1)))
    return [
        st.tuples(st.sampled_from(T.COMPARISONS), scalar, scalar).map(lambda a: T.compare(*a)),
        equal.map(lambda a: T.compare(*a)),
        _lists(BOOL, depth).map(lambda a: T.term("and", a, (), BOOL)),
        _lists(BOOL, depth).map(lambda a: T.term("or", a, (), BOOL)),
        statements(depth - 1).map(lambda a: T.term("not", (a,), (), BOOL)),
    ]


def _laws(depth: int) -> list[st.SearchStrategy[Term]]:
    scalar = terms(SCALAR, depth - 1)
    pair = st.tuples(scalar, scalar)
    found: list[st.SearchStrategy[Term]] = [pair.map(lambda a: T.normal(*a))]
    found.append(
        vectors.flatmap(
            lambda v: st.tuples(terms(v, depth - 1), terms(T.matrix_sort(v.rows, v.rows), depth - 1)).map(
                lambda a: T.normal(*a)
            )
        )
    )
    found += [scalar.map(lambda a, op=op: T.law(op, a)) for op in ("bernoulli", "exponential", "poisson", "student_t")]
    found += [pair.map(lambda a, op=op: T.law(op, *a)) for op in ("uniform", "gamma", "beta", "laplace")]
    found += [
        vectors.flatmap(lambda v: terms(v, depth - 1)).map(lambda a: T.law("categorical", a)),
        _lists(SCALAR, depth, 1).map(lambda a: T.law("uniform_choice", *a)),
        _families(depth),
        st.tuples(st.sampled_from(SCALAR_NAMES), scalar).map(lambda a: T.term("with_density", a[1:], (a[0],), LAW)),
        st.tuples(st.sampled_from(SCALAR_NAMES), laws(depth - 1), values(depth - 1)).map(
            lambda a: T.term("pushforward", a[1:], (a[0],), LAW)
        ),
    ]
    return found


@st.composite
def _families(draw: Draw, depth: int) -> Term:
    outcomes = tuple(draw(st.lists(st.sampled_from(["x", "z"]), min_size=1, max_size=2, unique=True)))
    givens = tuple(draw(st.lists(st.sampled_from(["y", "w"]), max_size=2, unique=True)))
    given_values = [draw(values(depth - 1)) for _ in givens]
    parameters = [draw(st.one_of(symbols(), terms(SCALAR, depth - 1))) for _ in range(draw(st.integers(0, 1)))]
    return T.family(draw(st.sampled_from(["p", "q", "p_data"])), outcomes, givens, given_values, parameters)


# ------------------------------------------------------------------------------------- terms to evaluate exactly


@st.composite
def arithmetic(draw: Draw, depth: int = 4) -> Term:
    """A term in x, y, z that has an exact rational value: every binder, derivatives, ``at``, no division by zero."""
    if depth <= 0:
        return draw(st.one_of(symbols_xyz, symbols_xyz, st.integers(-2, 3).map(T.number)))
    inner = arithmetic(depth - 1)
    name = st.sampled_from("xyz")
    bounds = st.tuples(st.integers(0, 1), st.integers(1, 3))
    choice = st.lists(arithmetic(depth - 2), min_size=1, max_size=2).map(lambda a: T.law("uniform_choice", *a))
    condition = st.tuples(st.sampled_from(["<", "=", ">="]), arithmetic(depth - 2), arithmetic(depth - 2)).map(
        lambda a: T.compare(*a)
    )
    return draw(
        st.one_of(
            symbols_xyz,
            st.lists(inner, min_size=2, max_size=3).map(lambda a: T.add(*a)),
            st.lists(inner, min_size=2, max_size=2).map(lambda a: T.mul(*a)),
            st.tuples(inner, st.integers(0, 2)).map(lambda a: T.power(a[0], T.number(a[1]))),
            inner.map(lambda a: T.mul(T.number(Fraction(1, 2)), a)),
            st.tuples(name, inner, bounds).map(lambda a: T.sum_over(a[0], a[1], T.number(a[2][0]), T.number(a[2][1]))),
            st.tuples(name, inner, bounds).map(
                lambda a: T.product_over(a[0], a[1], T.number(a[2][0]), T.number(a[2][1]))
            ),
            st.tuples(name, choice, inner).map(lambda a: T.expectation(*a)),
            st.tuples(name, choice, condition).map(lambda a: T.term("probability", a[1:], (a[0],))),
            st.tuples(name, choice, inner).map(lambda a: T.variance(*a)),
            condition.map(T.indicator),
            st.tuples(inner, condition, inner).map(lambda a: T.term("cases", a)),
            st.tuples(inner, name).map(lambda a: T.derivative(*a)),
            st.tuples(inner, st.permutations("xyz"), st.integers(1, 2)).map(
                lambda a: T.entry(T.derivative(a[0], *a[1][:2]), T.number(a[2]))
            ),
            st.tuples(name, inner, inner).map(lambda a: T.at(*a)),
            st.tuples(name, inner).map(lambda a: T.term("maximum", a[1:], (a[0],))),
        )
    )


symbols_xyz = st.sampled_from("xyz").map(T.symbol)
