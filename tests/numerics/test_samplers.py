"""Each sampler against its distribution function.

The distance of an empirical distribution function from the true one exceeds sqrt(log(2/a)/(2n)) with probability at
most a, whatever the law (Dvoretzky, Kiefer, Wolfowitz; Massart 1990).  With a = 1e-9 a failure is a fault of the
sampler, not bad luck.
"""

import math

import numpy as np
import pytest
import scipy.stats as stats
import torch

from numerics.montecarlo.errors import CannotLower, InvalidLaw
from numerics.montecarlo.philox import Source, make_key
from numerics.montecarlo.samplers import sample
from proofs.terms import vector_sort

torch.set_num_threads(1)
N = 200_000
BOUND = math.sqrt(math.log(2 / 1e-9) / (2 * N))


def column(*values):
    return torch.tensor([[v] for v in values], dtype=torch.float64)


def draw(op, parameters, n=N, worlds=2, start=0):
    """Two worlds with the same parameters; only the second is used where one is enough."""
    source = Source(make_key(11, op), torch.arange(worlds).unsqueeze(1), start, n, stream=3)
    return sample(op, parameters, source)


CASES = [
    ("normal", (1.5, 4.0), stats.norm(1.5, 2.0)),
    ("uniform", (-1.0, 3.0), stats.uniform(-1.0, 4.0)),
    ("exponential", (2.5,), stats.expon(scale=0.4)),
    ("laplace", (0.5, 2.0), stats.laplace(0.5, 2.0)),
    ("gamma", (3.7, 2.0), stats.gamma(3.7, scale=0.5)),
    ("gamma", (0.3, 1.0), stats.gamma(0.3)),
    ("beta", (2.0, 0.5), stats.beta(2.0, 0.5)),
    ("student_t", (3.0,), stats.t(3.0)),
]


@pytest.mark.parametrize("op, parameters, law", CASES)
def test_continuous_law_has_its_distribution(op, parameters, law):
    for row in draw(op, [column(p, p) for p in parameters]):
        x = np.sort(row.numpy())
        cdf = law.cdf(x)
        steps = np.arange(N + 1) / N
        assert max(np.max(steps[1:] - cdf), np.max(cdf - steps[:-1])) < BOUND


DISCRETE = [
    ("bernoulli", [column(0.3)], [0, 1], [0.7, 0.3]),
    ("categorical", [torch.tensor([[[[0.2], [0.5], [0.3]]]], dtype=torch.float64)], [1, 2, 3], [0.2, 0.5, 0.3]),
    ("uniform_choice", [column(-1.0), column(2.0), column(7.0)], [-1, 2, 7], [1 / 3] * 3),
    ("poisson", [column(0.7)], list(range(12)), stats.poisson(0.7).pmf(range(12))),
    ("poisson", [column(90.0)], list(range(200)), stats.poisson(90.0).pmf(range(200))),
]


@pytest.mark.parametrize("op, parameters, values, masses", DISCRETE)
def test_discrete_law_has_its_masses(op, parameters, values, masses):
    x = draw(op, parameters, worlds=1)[0].numpy()
    assert set(np.unique(x)) <= set(map(float, values))
    below = np.array([np.mean(x <= v) for v in values])
    assert np.max(np.abs(below - np.cumsum(masses))) < BOUND


def test_multivariate_normal_has_the_law_of_every_projection():
    """A law on R^d is determined by its projections (Cramer and Wold)."""
    mean = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64).reshape(1, 1, 3, 1)
    covariance = torch.tensor([[2.0, 0.6, 0.0], [0.6, 1.0, -0.4], [0.0, -0.4, 0.5]], dtype=torch.float64)
    source = Source(make_key(0, 0), torch.tensor([[0]]), 0, N)
    x = sample("normal", [mean, covariance[None, None]], source, vector_sort(3))[0, :, :, 0].numpy()
    directions = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, -1, 2], [-3, 1, 1]], dtype=float)
    for a in directions:
        law = stats.norm(a @ mean.numpy().ravel(), math.sqrt(a @ covariance.numpy() @ a))
        y = np.sort(x @ a)
        assert np.max(np.abs(law.cdf(y) - (np.arange(N) + 0.5) / N)) < BOUND + 0.5 / N


def test_components_and_worlds_are_uncorrelated():
    """Sample correlation of independent normals: Bernstein's bound at 1e-9 is below 7/sqrt(n)."""
    a = draw("normal", [column(0.0, 0.0), column(1.0, 1.0)])
    assert abs(float((a[0] * a[1]).mean())) < 7 / math.sqrt(N)
    first, second = a[0, 0::2], a[0, 1::2]  # the two normals of one call
    assert abs(float((first * second).mean())) < 7 / math.sqrt(N / 2)


@pytest.mark.parametrize(
    "op, parameters", [("gamma", (0.7, 1.0)), ("beta", (1.2, 3.0)), ("student_t", (4.0,)), ("poisson", (5.0,))]
)
def test_rejection_does_not_depend_on_the_split(op, parameters):
    columns = [column(p) for p in parameters]
    whole = draw(op, columns, 1000, 1)
    parts = torch.cat([draw(op, columns, 333, 1), draw(op, columns, 667, 1, start=333)], 1)
    assert torch.allclose(whole, parts, rtol=1e-13, atol=0)


@pytest.mark.parametrize(
    "op, parameters",
    [
        ("normal", (0.0, -1.0)), ("bernoulli", (1.2,)), ("uniform", (1.0, 1.0)), ("exponential", (0.0,)),
        ("gamma", (-1.0, 1.0)), ("beta", (1.0, 0.0)), ("student_t", (0.0,)), ("laplace", (0.0, -1.0)),
        ("poisson", (-1.0,)),
    ],
)  # fmt: skip
def test_parameters_out_of_range_are_refused_by_name(op, parameters):
    with pytest.raises(InvalidLaw, match="law"):
        draw(op, [column(p) for p in parameters], 10, 1)


def test_covariance_that_is_not_positive_definite_is_refused():
    bad = torch.tensor([[1.0, 2.0], [2.0, 1.0]], dtype=torch.float64)[None, None]
    with pytest.raises(InvalidLaw, match="positive definite"):
        sample(
            "normal", [torch.zeros(1, 1, 2, 1).double(), bad], Source((1, 2), torch.tensor([[0]]), 0, 4), vector_sort(2)
        )


def test_law_without_sampler_is_refused_by_name():
    with pytest.raises(CannotLower, match="family"):
        draw("family", [], 4, 1)
