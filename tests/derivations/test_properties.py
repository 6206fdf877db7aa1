"""Each claim with parameters that Hypothesis draws: sizes 1e-12 to 1e12, near-singular covariances, d from 1 to 16.

Both sides are evaluated exactly or in ball arithmetic; what is defined by sampling is sampled, without the formula
under test, and the sequential rule decides."""

import math
from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from derivations import strategies as parameters
from derivations.catalogue import entries, entry
from numerics.decision import Sums, decide
from numerics.exact import OutOfTime, Unsupported
from numerics.trial import FAILS, HOLDS, REJECTED, try_world
from numerics.worlds.shapes import Problem, prepare
from proofs import clock
from proofs.printing import text

QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
IDS = [e.id for e in entries() if not e.exact]


def try_drawn(problem: Problem, seen: Counter[str]) -> None:
    """Four drawn worlds of a relation that meet its conditions; what came of those that can be evaluated is counted."""

    @settings(max_examples=4, **QUIET)
    @given(st.data())
    def holds(data):
        try:
            world = data.draw(parameters.worlds(problem))
            result = try_world(problem, world, clock.now() + 2.0).result
        except (Unsupported, OutOfTime):
            return
        assume(result != REJECTED)  # drawn anew, hundreds of times: it never takes the place of one of the four
        seen[result] += 1
        assert result != FAILS, f"{text(problem.lhs)} {problem.relation.rel} {text(problem.rhs)} in {world.values}"

    holds()


@pytest.mark.parametrize("id_", IDS)
def test_no_drawn_parameters_disagree(id_: str) -> None:
    """The relations of a claim (of its fix, where it is false) fail for none, and some can be evaluated."""
    e = entry(id_)
    problems = [prepare(c.relation) for c in (e.claims() if e.holds else e.fixes())]
    closed = [p for p in problems if not p.hypotheses.families]
    if not closed:
        pytest.skip("arbitrary densities: the finite worlds of tests/derivations/test_catalogue.py test it")
    seen: Counter[str] = Counter()
    for _ in range(5):  # until one of them has a value
        for problem in closed:
            try_drawn(problem, seen)
        if seen[HOLDS]:
            break
    assert seen[HOLDS]


# ------------------------------------------------------------------------------------------------ the strategies


@settings(max_examples=25, **QUIET)
@given(st.data(), parameters.dimensions())
def test_positive_definite_matrices_are(data, n):
    from numerics.matrices import as_matrix, is_positive_definite

    m = as_matrix(data.draw(parameters.positive_definite(n)))
    assert is_positive_definite(m) and all(m.data[i][j] == m.data[j][i] for i in range(n) for j in range(n))


@settings(max_examples=25, **QUIET)
@given(st.data(), parameters.dimensions())
def test_invertible_matrices_are(data, n):
    from numerics.matrices import det

    assert det(data.draw(parameters.invertible(n))) != 0


@settings(max_examples=25, **QUIET)
@given(parameters.mixtures(), parameters.finite_tables(2, 3), parameters.finite_tables(4, positive=False))
def test_weights_add_up_to_one(mixture, table, holes):
    assert sum(w for w, _, _ in mixture) == sum(table.values()) == sum(holes.values()) == 1
    assert len(table) == 6 and min(table.values()) > 0 and min(holes.values()) >= 0


@settings(max_examples=25, **QUIET)
@given(st.data(), st.integers(1, 4))
def test_a_map_and_its_inverse_undo_each_other(data, n):
    from flint import arb

    from numerics.evaluate import Evaluator
    from numerics.exact import precision
    from numerics.matrices import entries as entries_of
    from numerics.worlds.points import PointWorld
    from proofs import terms as T
    from proofs.records import Hypotheses, Relation

    f = data.draw(parameters.invertible_maps(n))
    x = data.draw(parameters.vectors(n).filter(lambda v: all(abs(e) <= 9 for e in entries_of(v))))
    with precision(1100):
        world = PointWorld.blank(prepare(Relation(T.ONE, "=", T.ONE, Hypotheses())), None)
        forward = Evaluator(world).number(f.body, {"u": x})
        back = Evaluator(world).number(f.inverse, {"u": forward})
        gaps = [arb(a) - b for a, b in zip(entries_of(back), entries_of(x))]
        assert all(g.contains(0) and g.rad() < 1e-50 for g in gaps)


# ------------------------------------------------------------------------------------------------ several preimages


def preimage_densities(coefficients, mixture):
    """x -> the sum over the preimages of x under a polynomial, and three ways to get it wrong."""
    slopes = np.polyder(coefficients)

    def density(e):
        return sum(float(w) * math.exp(-(((e - m) / s) ** 2) / 2) / (s * math.sqrt(2 * math.pi)) for w, m, s in mixture)

    def at(x):
        roots = np.roots([*coefficients[:-1], coefficients[-1] - x])
        real = sorted(r.real for r in roots if abs(r.imag) < 1e-7)
        steep = [abs(np.polyval(slopes, r)) for r in real]
        terms = [density(r) / s for r, s in zip(real, steep)]
        plain, inverted = [density(r) for r in real], [density(r) * s for r, s in zip(real, steep)]
        return sum(terms), terms[-1] if terms else 0.0, sum(plain), sum(inverted)

    return at


def integrals(functions, low, high):
    """Of several functions at once, by Gauss in 16 panels: the narrowest images (deviation 1/32) span several nodes."""
    nodes, weights = np.polynomial.legendre.leggauss(24)
    panel = (high - low) / 16
    points = low + panel * (np.arange(16)[:, None] + (nodes + 1) / 2).ravel()
    values = np.array([functions(x) for x in points])
    return panel / 2 * (np.tile(weights, 16)[:, None] * values).sum(0)


def test_the_narrowest_image_of_the_preimage_test_is_integrated():
    from fractions import Fraction as F

    at = preimage_densities(np.array([0.25, 0.0]), [(F(1), F(1, 16), F(1, 8))])
    assert abs(integrals(at, -1.0, 1.0)[0] - 1) < 1e-9
    nodes, weights = np.polynomial.legendre.leggauss(48)
    assert abs(sum(w * at(x)[0] for x, w in zip(nodes, weights)) - 1) > 1e-4  # one panel would not do


@settings(max_examples=10, **QUIET)
@given(st.data(), parameters.mixtures())
def test_the_sum_over_all_preimages_is_the_density_of_an_image(data, mixture):
    """flow.non-invertible-map, area.formula, for polynomials: the chance of an interval, counted, against the integral
    of the sum over preimages; one preimage only, no Jacobian or its inverse are refuted where they differ."""
    small = st.fractions(-2, 2, max_denominator=4).map(float)
    coefficients = np.array(data.draw(st.tuples(st.sampled_from((0.0, 0.5, -1.0)), small.filter(bool), small, small)))
    coefficients = coefficients if coefficients[0] else coefficients[1:]
    critical = [np.polyval(coefficients, r.real) for r in np.roots(np.polyder(coefficients)) if abs(r.imag) < 1e-9]
    middle = float(np.polyval(coefficients, float(data.draw(st.fractions(-2, 2, max_denominator=8)))))
    half = min([1.0, *(abs(middle - c) / 2 for c in critical)])
    assume(half > 0.02)
    low, high = middle - half, middle + half
    at = preimage_densities(coefficients, mixture)
    claimed, *wrong = integrals(at, low, high)

    generator = torch.Generator().manual_seed(data.draw(st.integers(0, 2**32)))
    count = 1 << 19
    part = torch.multinomial(torch.tensor([float(w) for w, _, _ in mixture]), count, True, generator=generator)
    means, spreads = (torch.tensor([float(p[k]) for p in mixture], dtype=torch.float64) for k in (1, 2))
    e = means[part] + spreads[part] * torch.randn(count, generator=generator, dtype=torch.float64)
    image = torch.zeros_like(e)
    for c in coefficients:
        image = image * e + float(c)
    inside = float(((image >= low) & (image <= high)).sum())
    sums = Sums.of(count, inside, inside)
    settle = {"resolution": 0.02, "slack": 1e-4, "variance_bound": 0.25, "certified": True, "mean_bound": 1.0}
    assert decide(sums, claimed, **settle).status != "refuted"
    for other in wrong:
        if abs(other - claimed) > 0.03:
            assert decide(sums, other, **settle).status == "refuted"


# ------------------------------------------------------------------------------------------------ gradients


def gradients_of(f, *at):
    """By autograd, in float64."""
    leaves = [x.clone().requires_grad_() for x in at]
    return torch.autograd.grad(f(*leaves), leaves)


def near(a, b, size):
    """Whether two float64 results agree up to the rounding of terms of a size."""
    return bool((torch.as_tensor(a) - torch.as_tensor(b)).abs().max() <= 1e-9 * size)


@settings(max_examples=50, **QUIET)
@given(st.floats(-20, 20))
def test_losses_have_the_gradients_that_autograd_finds(x):
    """gan.saturating-gradient, gan.non-saturating-gradient: and each with another sign does not."""
    logit = torch.tensor(x, dtype=torch.float64)
    log_sigmoid = torch.nn.functional.logsigmoid
    (saturating,) = gradients_of(lambda v: log_sigmoid(-v), logit)
    (other,) = gradients_of(lambda v: -log_sigmoid(v), logit)
    d = torch.sigmoid(logit)
    assert near(saturating, -d, 1) and near(other, -(1 - d), 1)
    assert abs(x) > 19 or not (near(saturating, d, 1) or near(other, 1 - d, 1))


@settings(max_examples=25, **QUIET)
@given(st.integers(1, 16), st.integers(1, 6), st.integers(0, 2**32), parameters.units(), parameters.units())
def test_the_bound_has_the_gradients_that_autograd_finds(dx, dz, seed, noise, prior):
    """linear-vae.gradients: all five, in closed form."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    eta_d, eta_e = (torch.tensor(max(float(v), 0.05), dtype=torch.float64) for v in (noise, prior))
    x, w, u, root = normal(dx, 1), normal(dz, dx), normal(dx, dz), normal(dz, dz)
    sigma = root @ root.T + 0.1 * torch.eye(dz, dtype=torch.float64)

    def bound(w, sigma, u, eta_d, eta_e):
        r = x - u @ w @ x
        fit = -dx / 2 * torch.log(2 * math.pi * eta_d**2) - ((r**2).sum() + torch.trace(u @ sigma @ u.T)) / (
            2 * eta_d**2
        )
        code = torch.trace(sigma) + ((w @ x) ** 2).sum()
        return fit - (dz * torch.log(eta_e**2) - torch.logdet(sigma) + code / eta_e**2 - dz) / 2

    found = gradients_of(bound, w, sigma, u, eta_d, eta_e)
    r, code = x - u @ w @ x, w @ x
    eye = torch.eye(dz, dtype=torch.float64)
    claimed = (
        u.T @ r @ x.T / eta_d**2 - w @ x @ x.T / eta_e**2,
        (torch.linalg.inv(sigma) - u.T @ u / eta_d**2 - eye / eta_e**2) / 2,
        (r @ code.T - u @ sigma) / eta_d**2,
        -dx / eta_d + ((r**2).sum() + torch.trace(u @ sigma @ u.T)) / eta_d**3,
        -dz / eta_e + (torch.trace(sigma) + (code**2).sum()) / eta_e**3,
    )
    for a, b in zip(found, claimed):
        size = 1 + float(b.abs().max()) + float(torch.linalg.cond(sigma)) * float(1 / eta_d**3 + 1 / eta_e**3) * 1e3
        assert near(a, b, size)
        assert b.abs().max() < 1e-3 or not near(a, -b, float(b.abs().max()))
