"""Structures with a kernel, the kernel run operation by operation, and the eager sums that it must give."""

from sampled_relations import (
    TRUE,
    X,
    Z,
    covariance_matrix,
    exponential_log,
    gan_value,
    gaussian_kl,
    linear_vae,
    score_estimator,
    stein,
    vector_kl,
)

from numerics.montecarlo import kernel_cache
from numerics.montecarlo.fused import Fused, Kernel
from numerics.montecarlo.integrands import combine
from numerics.montecarlo.philox import make_key
from numerics.montecarlo.structure import structures
from numerics.montecarlo.tracing import trace
from proofs import terms as t
from proofs.terms import divide, expectation, function, law, mul, normal, number, power, sub, symbol

KEY = make_key(0, "fused")


def structure(pairs):
    return structures([(i, combine(sub(*p))) for i, p in enumerate(pairs)])[0]


def uncompiled(s, precision="float64", rows=8, counters=64):
    """The graph of the kernel, run operation by operation."""
    traced = trace(s, precision, rows=rows, counters=counters)
    return Fused(s, traced, Kernel("", traced.kernel, kernel_cache.Record(1, 1, 1)), "cpu")


def eager_sums(s, rows, start, count, shift):
    h = s.evaluate(s.draw(rows, KEY, start, count, "cpu"), len(rows), count) - shift[:, None, :]
    return h.sum(1), (h * h).sum(1)


def hierarchy(n):
    inner = expectation("x", normal(Z, number(2)), mul(X, Z))
    return expectation("z", normal(n.real(), n.positive()), inner), number(1)


def bernoulli_entropy(n):
    p = divide(n.positive(), number(4))
    return t.term("entropy", (law("bernoulli", p),)), number(0)


def choice(n):
    weights = t.matrix(3, 1, [number("1/2"), number("1/4"), number("1/4")])
    return expectation("x", law("categorical", weights), mul(n.real(), power(X, t.TWO))), number(0)


def random_determinant(n):
    x = symbol("x", t.vector_sort(2))
    outer = t.add(t.identity(2), mul(x, t.transpose(x)))
    return expectation("x", normal(t.zeros(2), t.identity(2)), t.det(outer)), n.real()


def laplace_size(n):
    return expectation("x", law("laplace", n.real(), n.positive()), function("abs", X)), number(0)


FUSED = {
    "KL of normals": gaussian_kl(),
    "KL of normal vectors": vector_kl(+1),
    "value of the GAN game": gan_value(4),
    "ELBO of a linear VAE": linear_vae(False),
    "tower rule": TRUE["tower rule"],
    "covariance of a normal vector": covariance_matrix,
    "score-function estimator": score_estimator(t.ONE),
    "Stein's identity": stein(lambda v: v),
    "E log of an exponential": exponential_log(+1),
    "integral of a square": TRUE["integral of a square"],
    "a mean drawn from a law": hierarchy,
    "entropy of a Bernoulli law": bernoulli_entropy,
    "a categorical law": choice,
    "a Laplace law": laplace_size,
}
