"""The five integrands of the throughput table, each with 64 settings of its parameters.

A case is the same expectation four times: as terms for our engine, and in `benchmarks.peers` as one would write it in
torch, jax and numba.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from proofs import terms as t
from proofs.terms import Term, add, divide, expectation, kl, log, matrix, mul, normal, number, pdf, power, sub, symbol

SETTINGS = 64
DIMENSION = 64
LATENT, VISIBLE = 2, 4
Row = tuple[Fraction, ...]


@dataclass(frozen=True)
class Case:
    """``rows`` are the parameters of the settings, ``term`` the expectation for one row; ``draws`` normals a sample."""

    rows: list[Row]
    term: Callable[[Row], Term]
    draws: int


def _spread(count: int, low: int, high: int, salt: int) -> list[Fraction]:
    """Numbers k/16 between the bounds, all over them, the same everywhere."""
    return [Fraction(low + (salt * 7 + 37 * k) % (high - low + 1), 16) for k in range(count)]


def _column(values) -> Term:
    return matrix(len(values), 1, map(number, values))


def _kl_univariate(row: Row) -> Term:
    m1, v1, m2, v2 = map(number, row)
    return kl(normal(m1, v1), normal(m2, v2))


def _kl_64d(row: Row) -> Term:
    m1, v1, m2, v2 = (_column(row[k * DIMENSION : (k + 1) * DIMENSION]) for k in range(4))
    return kl(normal(m1, t.diag(v1)), normal(m2, t.diag(v2)))


def _linear_vae_elbo(row: Row) -> Term:
    """E_q log p(x|z) + log p(z) - log q(z) with p(x|z) = N(W z, s I), p(z) = N(0, I), q = N(m, diag v)."""
    w = matrix(VISIBLE, LATENT, map(number, row[: VISIBLE * LATENT]))
    rest = row[VISIBLE * LATENT :]
    m, v, x, s = rest[:LATENT], rest[LATENT : 2 * LATENT], rest[2 * LATENT : -1], rest[-1]
    z = symbol("z", t.vector_sort(LATENT))
    q = normal(_column(m), t.diag(_column(v)))
    likelihood = pdf(normal(mul(w, z), t.diag(_column([s] * VISIBLE))), _column(x))
    prior = pdf(normal(t.zeros(LATENT), t.identity(LATENT)), z)
    return expectation("z", q, sub(add(log(likelihood), log(prior)), log(pdf(q, z))))


def _gan_value(row: Row) -> Term:
    m1, v1, m2, v2 = map(number, row)
    p, q, x = normal(m1, v1), normal(m2, v2), symbol("x")
    d = divide(pdf(p, x), add(pdf(p, x), pdf(q, x)))
    return add(expectation("x", p, log(d)), expectation("x", q, log(sub(t.ONE, d))))


def _score_gradient(row: Row) -> Term:
    """d/dm E x^2 by the score: E x^2 (x - m) / v."""
    m, v = map(number, row)
    x = symbol("x")
    return expectation("x", normal(m, v), mul(power(x, t.TWO), divide(sub(x, m), v)))


def _scalars(salt: int) -> list[Row]:
    columns = (
        _spread(SETTINGS, -16, 16, salt),
        _spread(SETTINGS, 8, 32, salt + 1),
        _spread(SETTINGS, -16, 16, salt + 2),
    )
    return list(zip(*columns, _spread(SETTINGS, 8, 32, salt + 3)))


def _vectors(salt: int) -> list[Row]:
    rows = []
    for k in range(SETTINGS):
        bounds = ((-8, 8), (8, 32), (-8, 8), (8, 32))
        parts = [_spread(DIMENSION, a, b, salt + 5 * k + j) for j, (a, b) in enumerate(bounds)]
        rows.append(tuple(x for part in parts for x in part))
    return rows


def _models() -> list[Row]:
    rows = []
    for k in range(SETTINGS):
        w, m = _spread(VISIBLE * LATENT, -16, 16, k), _spread(LATENT, -8, 8, k + 1)
        rows.append((*w, *m, *_spread(LATENT, 4, 16, k + 2), *_spread(VISIBLE, -16, 16, k + 3), *_spread(1, 8, 32, k)))
    return rows


CASES: dict[str, Case] = {
    "kl_univariate": Case(_scalars(1), _kl_univariate, 1),
    "kl_64d": Case(_vectors(2), _kl_64d, DIMENSION),
    "linear_vae_elbo": Case(_models(), _linear_vae_elbo, LATENT),
    "gan_value": Case(_scalars(3), _gan_value, 2),
    "score_gradient": Case([row[:2] for row in _scalars(4)], _score_gradient, 1),
}
