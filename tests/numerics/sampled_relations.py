"""Relations about expectations in random worlds, true and wrong: what `check_closed` and its kernels are tried on."""

import random
from fractions import Fraction

from proofs import terms as t
from proofs.terms import (
    add,
    divide,
    expectation,
    function,
    kl,
    law,
    log,
    mul,
    neg,
    normal,
    number,
    pdf,
    power,
    sub,
    symbol,
)

X, Z = symbol("x"), symbol("z")


class Numbers:
    """Random parameters of the worlds."""

    def __init__(self, seed=0):
        self.random = random.Random(seed)

    def real(self):
        return number(Fraction(self.random.randint(-16, 16), 8))

    def positive(self):
        return number(Fraction(self.random.randint(2, 21), 8))

    def vector(self, d):
        return t.matrix(d, 1, [self.real() for _ in range(d)])

    def spd(self, d):
        a = [[Fraction(self.random.randint(-4, 4), 4) for _ in range(d)] for _ in range(d)]
        entries = [sum(a[i][k] * a[j][k] for k in range(d)) + (i == j) for i in range(d) for j in range(d)]
        return t.matrix(d, d, map(number, entries))


def worlds(make, count=8, seed=0):
    numbers = Numbers(seed)
    return [make(numbers) for _ in range(count)]


def gaussian_kl(half=True):
    def make(n):
        m1, m2, v1, v2 = n.real(), n.real(), n.positive(), n.positive()
        bracket = add(log(divide(v2, v1)), divide(add(v1, power(sub(m1, m2), t.TWO)), v2), neg(t.ONE))
        return kl(normal(m1, v1), normal(m2, v2)), mul(t.HALF, bracket) if half else bracket

    return make


def gan_value(constant):
    def make(n):
        p, q = normal(n.real(), n.positive()), normal(n.real(), n.positive())
        d = divide(pdf(p, X), add(pdf(p, X), pdf(q, X)))
        value = add(expectation("x", p, log(d)), expectation("x", q, log(sub(t.ONE, d))))
        return value, sub(mul(t.TWO, t.jsd(p, q)), log(number(constant)))

    return make


def entropy(sign):
    def make(n):
        v = n.positive()
        value = mul(t.HALF, log(mul(t.TWO, t.PI, t.constant("e"), v)))
        return t.term("entropy", (normal(n.real(), v),)), value if sign > 0 else neg(value)

    return make


def vector_kl(sign):
    def make(n):
        d = n.random.choice([2, 3])
        m, s = n.vector(d), n.spd(d)
        logdet = log(t.det(s))
        total = add(t.trace(s), mul(t.transpose(m), m), number(-d), neg(logdet) if sign > 0 else logdet)
        return kl(normal(m, s), normal(t.zeros(d), t.identity(d))), mul(t.HALF, total)

    return make


def linear_vae(missing):
    """ELBO of x|z ~ N(wz, s), z ~ N(0, 1) under q = N(m, v): expectation against closed form."""

    def make(n):
        w, x, s, m, v = n.real(), n.real(), n.positive(), n.real(), n.positive()
        q, prior = normal(m, v), normal(t.ZERO, t.ONE)
        bound = sub(expectation("z", q, log(pdf(normal(mul(w, Z), s), x))), kl(q, prior))
        fit = add(power(sub(x, mul(w, m)), t.TWO), t.ZERO if missing else mul(power(w, t.TWO), v))
        closed = mul(neg(t.HALF), add(log(mul(t.TWO, t.PI, s)), divide(fit, s)))
        return bound, sub(closed, mul(t.HALF, sub(add(v, power(m, t.TWO)), add(t.ONE, log(v)))))

    return make


def tower(n):
    a, b, c = n.real(), n.positive(), n.positive()
    inner = expectation("x", normal(Z, c), power(X, t.TWO))
    return expectation("z", normal(a, b), inner), add(power(a, t.TWO), b, c)


def product_of_means(n):
    m, v = n.real(), n.positive()
    return power(expectation("x", normal(m, v), X), t.TWO), power(m, t.TWO)


def covariance_matrix(n):
    m, s = n.vector(2), n.spd(2)
    x = symbol("x", t.vector_sort(2))
    return t.term("covariance", (normal(m, s), x, x), ("x",), t.matrix_sort(2, 2)), s


def score(n):
    p = normal(n.real(), n.positive())
    return expectation("x", p, t.derivative(log(pdf(p, X)), "x")), t.ZERO


def mixture_mean(n):
    a, b = n.real(), n.real()
    density = add(mul(number("1/3"), pdf(normal(a, t.ONE), X)), mul(number("2/3"), pdf(normal(b, t.TWO), X)))
    return expectation("x", t.term("with_density", (density,), ("x",), t.LAW), X), divide(
        add(a, mul(t.TWO, b)), number(3)
    )


def exponential_log(sign):
    """E log x = -gamma - log rate."""

    def make(n):
        rate = n.positive()
        right = neg(add(t.constant("euler_gamma"), log(rate)))
        return expectation("x", law("exponential", rate), log(X)), right if sign > 0 else neg(right)

    return make


def gamma_mean(combine_):
    def make(n):
        a, b = n.positive(), n.positive()
        return expectation("x", law("gamma", a, b), X), combine_(a, b)

    return make


def poisson_variance(n):
    rate = n.positive()
    return t.variance("x", law("poisson", rate), X), rate


def square_integral(n):
    a = n.positive()
    return t.integral("x", mul(a, power(X, t.TWO)), t.ZERO, a), divide(power(a, number(4)), number(3))


def doubled(make_, factor):
    def make(n):
        left, right = make_(n)
        return left, mul(factor, right)

    return make


S = symbol("s")


def slope(body, at, law_=lambda s: normal(s, t.TWO)):
    """d/ds E_{x ~ law(s)} body, at a point."""
    return t.at("s", t.derivative(expectation("x", law_(S), body), "s"), at)


def score_estimator(factor):
    """d/ds E x^2 under N(s, v), against E x^2 times the score."""

    def make(n):
        m, v = n.real(), n.positive()
        by_score = t.at("s", t.derivative(log(pdf(normal(S, v), X)), "s"), m)
        estimator = expectation("x", normal(m, v), mul(factor, power(X, t.TWO), by_score))
        return slope(power(X, t.TWO), m, lambda s: normal(s, v)), estimator

    return make


def pathwise_variance(n):
    m, s = n.real(), n.positive()
    return slope(power(X, t.TWO), s, lambda s: normal(m, power(s, t.TWO))), mul(t.TWO, s)


def stein(factor):
    """E (x - m) f(x) = v E f'(x)."""

    def make(n):
        m, v = n.real(), n.positive()
        p = normal(m, v)
        left = expectation("x", p, mul(sub(X, m), function("tanh", X)))
        return left, mul(factor(v), expectation("x", p, t.derivative(function("tanh", X), "x")))

    return make


TRUE = {
    "KL of normals": gaussian_kl(),
    "KL of normal vectors": vector_kl(+1),
    "value of the GAN game": gan_value(4),
    "entropy of a normal": entropy(+1),
    "ELBO of a linear VAE": linear_vae(False),
    "tower rule": tower,
    "square of a mean": product_of_means,
    "covariance of a normal vector": covariance_matrix,
    "mean of a score": score,
    "mean of a mixture": mixture_mean,
    "mean of a gamma law": gamma_mean(divide),
    "E log of an exponential": exponential_log(+1),
    "variance of a Poisson law": poisson_variance,
    "integral of a square": square_integral,
    "score-function estimator": score_estimator(t.ONE),
    "pathwise gradient of a scale": pathwise_variance,
    "Stein's identity": stein(lambda v: v),
}
WRONG = {
    "KL without its half": gaussian_kl(half=False),
    "KL of vectors, sign of the determinant": vector_kl(-1),
    "GAN value with log 2 for log 4": gan_value(2),
    "entropy with the wrong sign": entropy(-1),
    "ELBO without the trace term": linear_vae(True),
    "covariance for its double": doubled(covariance_matrix, t.TWO),
    "E log of an exponential, sign": exponential_log(-1),
    "mean of a gamma law, scale for rate": gamma_mean(mul),
    "mean of a mixture, halved": doubled(mixture_mean, t.HALF),
    "score-function estimator, doubled": score_estimator(t.TWO),
    "Stein's identity without the variance": stein(lambda v: t.ONE),
}
