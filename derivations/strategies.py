r"""Hypothesis strategies for what claims speak of: sizes, covariances, mixtures, tables, invertible maps, whole worlds.

Well spread and with the edges in: variances from 1e-12 to 1e12, covariances with eigenvalues of very different size,
dimensions from 1 to 16, rare outcomes.  All numbers are exact rationals, so nothing is lost before a claim is tested;
a failing example shrinks to small ones.  For tests only: `hypothesis` is no dependency of the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from random import Random
from typing import Any

from flint import fmpq
from hypothesis import strategies as st

from numerics import matrices
from numerics.cells import World
from numerics.exact import rational
from numerics.matrices import Mat, Value
from numerics.worlds.formulas import Formula, bijection
from numerics.worlds.points import PointWorld
from numerics.worlds.shapes import Problem
from proofs.records import Domain

LARGEST = 16  # dimension
EDGES = tuple(Fraction(10) ** k for k in (-12, -6, -3, 0, 3, 6, 12))
Draw = st.DrawFn


def positives() -> st.SearchStrategy[Fraction]:
    """Positive rationals, spread evenly over the orders of magnitude from 1e-12 to 1e12."""
    mantissa = st.fractions(1, 10, max_denominator=16)
    return st.one_of(
        st.fractions(Fraction(1, 8), 8, max_denominator=8),
        st.builds(lambda m, k: m * Fraction(10) ** k, mantissa, st.integers(-12, 11)),
        st.sampled_from(EDGES),
    )


def reals() -> st.SearchStrategy[Fraction]:
    """Rationals of either sign and of any order of magnitude, and 0."""
    signed = st.builds(lambda s, x: s * x, st.sampled_from((-1, 1)), positives())
    return st.one_of(st.fractions(-4, 4, max_denominator=8), signed, st.just(Fraction(0)))


def units() -> st.SearchStrategy[Fraction]:
    """Rationals strictly between 0 and 1, some within 1e-12 of an end."""
    near = st.sampled_from(EDGES[:3])
    inner = st.fractions(Fraction(1, 64), Fraction(63, 64), max_denominator=64)
    return st.one_of(inner, near, near.map(lambda x: 1 - x))


def dimensions(largest: int = LARGEST) -> st.SearchStrategy[int]:
    """Dimensions from 1 to ``largest``; the small ones and the largest come more often."""
    return st.one_of(st.integers(1, min(4, largest)), st.integers(1, largest), st.just(largest))


def vectors(n: int) -> st.SearchStrategy[Value]:
    """Vectors (n x 1) of one order of magnitude."""
    entries = st.lists(st.fractions(-3, 3, max_denominator=6), min_size=n, max_size=n)
    size = st.one_of(st.just(Fraction(1)), st.sampled_from(EDGES))
    return st.builds(lambda v, s: matrices.vector([rational(s * x) for x in v]), entries, size)


def matrices_of(rows: int, cols: int) -> st.SearchStrategy[Value]:
    """Matrices (rows x cols) of small rationals, singular ones among them."""
    entry = st.fractions(-3, 3, max_denominator=4)
    row = st.lists(entry.map(rational), min_size=cols, max_size=cols)
    return st.lists(row, min_size=rows, max_size=rows).map(lambda m: matrices.collapse(Mat(m)))


@st.composite
def positive_definite(draw: Draw, n: int) -> Value:
    """Positive definite matrices (n x n) L D L^T: L unit lower triangular, the entries of D of any size.

    With pivots from 1e-12 to 1e12 they are near-singular about half of the time.
    """
    apart = draw(st.booleans())
    pivots = draw(st.lists(positives() if apart else st.fractions(1, 4, max_denominator=4), min_size=n, max_size=n))
    below = st.fractions(-2, 2, max_denominator=3).map(rational)
    lower = [[draw(below) if j < i else fmpq(int(i == j)) for j in range(n)] for i in range(n)]
    scaled = [[x * rational(d) for x, d in zip(row, pivots)] for row in lower]
    return matrices.collapse(matrices.as_matrix(matrices.multiply(Mat(scaled), matrices.transpose(Mat(lower)))))


@st.composite
def invertible(draw: Draw, n: int) -> Value:
    """Invertible matrices (n x n) L U with pivots of either sign: their determinants are of either sign too."""
    entry = st.fractions(-2, 2, max_denominator=3).map(rational)
    pivot = st.builds(lambda s, x: rational(s * x), st.sampled_from((-1, 1)), st.fractions(Fraction(1, 8), 8))
    lower = [[draw(entry) if j < i else fmpq(int(i == j)) for j in range(n)] for i in range(n)]
    upper = [[draw(entry) if j > i else draw(pivot) if i == j else fmpq(0) for j in range(n)] for i in range(n)]
    return matrices.collapse(matrices.as_matrix(matrices.multiply(Mat(lower), Mat(upper))))


@st.composite
def mixtures(draw: Draw, largest: int = 3) -> list[tuple[Fraction, Fraction, Fraction]]:
    """Mixtures of normal laws on the line: (weight, mean, standard deviation) of each part; the weights add up to 1."""
    parts = draw(st.integers(1, largest))
    weights = draw(st.lists(st.integers(1, 1000), min_size=parts, max_size=parts))
    means = draw(st.lists(st.fractions(-4, 4, max_denominator=8), min_size=parts, max_size=parts))
    spreads = draw(st.lists(st.fractions(Fraction(1, 8), 4, max_denominator=16), min_size=parts, max_size=parts))
    return [(Fraction(w, sum(weights)), m, s) for w, m, s in zip(weights, means, spreads)]


@st.composite
def finite_tables(draw: Draw, *sizes: int, positive: bool = True) -> dict[tuple[int, ...], Fraction]:
    """Joint probabilities of outcomes 0..size-1 in each place; they add up to 1, some are as rare as 1e-9.

    With ``positive`` false some outcomes are impossible.
    """
    places: list[tuple[int, ...]] = [()]
    for size in sizes:
        places = [(*p, i) for p in places for i in range(size)]
    weight = st.one_of(st.integers(1, 20), st.sampled_from((1, 10**9)), st.integers(1 if positive else 0, 1))
    weights = draw(st.lists(weight, min_size=len(places), max_size=len(places)).filter(any))
    return {p: Fraction(w, sum(weights)) for p, w in zip(places, weights)}


@st.composite
def invertible_maps(draw: Draw, n: int) -> Formula:
    """Diffeomorphisms of R^n with their inverses in closed form: affine ones, elementwise sinh, coupling steps."""
    from proofs.terms import SCALAR, vector_sort

    sort = SCALAR if n == 1 else vector_sort(n)
    rng = Random(draw(st.integers(0, 2**32)))
    style = draw(st.sampled_from(("affine", "rich")))
    return bijection(("u",), (sort,), Domain(sort), n, style, rng, 1, parameters=0)


# ------------------------------------------------------------------------------------------------ whole worlds


def scalars(domain: Domain) -> st.SearchStrategy[fmpq]:
    """Values of a scalar domain."""
    whole = {
        "integer": st.integers(-6, 6), "natural": st.integers(0, 6), "dimension": st.integers(1, 6),
        "index": st.integers(1, 3), "binary": st.integers(0, 1),
    }  # fmt: skip
    if domain.kind in whole:
        return whole[domain.kind].map(fmpq)
    if domain.lower is not None or domain.upper is not None:
        low = domain.lower if domain.lower is not None else (domain.upper or 0) - 8
        high = domain.upper if domain.upper is not None else low + 8
        return st.fractions(low, high, max_denominator=64).map(rational)
    table = {
        "positive": positives(), "positive_vector": positives(), "unit": units(),
        "nonnegative": st.one_of(positives(), st.just(Fraction(0))), "nonzero": reals().filter(bool),
        "closed_unit": st.one_of(units(), st.sampled_from((Fraction(0), Fraction(1)))),
    }  # fmt: skip
    return table.get(domain.kind, reals()).map(rational)


def values(domain: Domain, rows: int, cols: int) -> st.SearchStrategy[Value] | None:
    """Values of a domain in a given shape; None for a kind that only `numerics.worlds.draw` knows."""
    if rows == cols == 1:
        kind = "positive" if domain.kind in ("positive_definite", "positive_diagonal") else domain.kind
        kind = "nonzero" if kind == "invertible" else kind
        known = kind not in ("orthogonal", "simplex")
        return scalars(Domain(kind=kind, lower=domain.lower, upper=domain.upper)) if known else None
    if domain.kind == "positive_definite":
        return positive_definite(rows)
    if domain.kind == "invertible":
        return invertible(rows)
    if domain.kind == "positive_vector":
        return st.lists(positives().map(rational), min_size=rows, max_size=rows).map(matrices.vector)
    if domain.kind == "real":
        return vectors(rows) if cols == 1 else matrices_of(rows, cols)
    return None


@st.composite
def worlds(draw: Draw, problem: Problem, largest: int = LARGEST) -> World:
    """Worlds of a relation: its dimensions and the values of its symbols drawn here, functions and densities by a seed.

    Raises Unsupported (from `numerics`) where a relation has no worlds of this kind.
    """
    world = PointWorld(problem, Random(draw(st.integers(0, 2**32))))
    shapes: Mapping[str, Any] = dict(world.dims)
    for name in shapes:
        if name not in problem.index_bounds:
            world.dims[name] = draw(dimensions(largest))
    if world.dims != shapes:  # whatever depends on a dimension is drawn anew
        world.formulas.clear()
        world.joints.clear()
    for name, domain in problem.domains.items():
        if domain.kind == "index" or name in problem.index_bounds:
            continue
        sort = domain.sort
        rows, cols = (1, 1) if sort.kind == "scalar" else (world.dimension(sort.rows), world.dimension(sort.cols))
        strategy = values(world._placed(name, domain), rows, cols)
        world.values[name] = draw(strategy) if strategy is not None else world.another(name, 0)
    return world


__all__ = [
    "dimensions", "finite_tables", "invertible", "invertible_maps", "matrices_of", "mixtures", "positive_definite",
    "positives", "reals", "units", "vectors", "worlds",
]  # fmt: skip
