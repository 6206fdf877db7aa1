"""The same expectations as one would write them in torch, jax and numba: each draws n samples of every setting and
returns the mean and the variance of the integrand.

torch draws the full n with `torch.distributions` and takes `mean` and `var`; jax is one `jit` of the same (its default
generator, threefry); numba is a parallel loop over the settings with its own generator, in float64 arithmetic where
its generator gives float64, nothing stored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.cases import CASES, DIMENSION, LATENT, VISIBLE

Job = Callable[[], Any]
Maker = Callable[[str, int, str], Job]  # case, samples of each setting, dtype


class NotInstalled(Exception):
    """The peer is an extra: pip install 'lemmata[bench]'."""


def torch_eager(case: str, count: int, dtype: str) -> Job:
    import torch
    from torch.distributions import Independent, Normal
    from torch.nn.functional import logsigmoid

    device = "cuda" if torch.cuda.is_available() else "cpu"
    rows = [[float(x) for x in row] for row in CASES[case].rows]
    table = torch.tensor(rows, dtype=getattr(torch, dtype), device=device)

    def normals(a: int, b: int) -> Any:
        return Normal(table[:, a], table[:, b].sqrt())

    if case == "kl_64d":
        m1, v1, m2, v2 = table.reshape(len(rows), 4, DIMENSION).unbind(1)
        p, q = Independent(Normal(m1, v1.sqrt()), 1), Independent(Normal(m2, v2.sqrt()), 1)
    elif case == "linear_vae_elbo":
        w = table[:, : VISIBLE * LATENT].reshape(-1, VISIBLE, LATENT)
        m, v, x = table[:, VISIBLE * LATENT : -1].split((LATENT, LATENT, VISIBLE), 1)
        s = table[:, -1:].sqrt()
        p, q = Independent(Normal(torch.zeros_like(m), torch.ones_like(m)), 1), Independent(Normal(m, v.sqrt()), 1)
    elif case == "score_gradient":
        p = normals(0, 1)
    else:
        p, q = normals(0, 1), normals(2, 3)

    def integrand() -> Any:
        if case in ("kl_univariate", "kl_64d"):
            x_ = p.sample((count,))
            return p.log_prob(x_) - q.log_prob(x_)
        if case == "linear_vae_elbo":
            z = q.sample((count,))
            mean = torch.einsum("sij,nsj->nsi", w, z)
            return Independent(Normal(mean, s), 1).log_prob(x) + p.log_prob(z) - q.log_prob(z)
        if case == "gan_value":
            a, b = p.sample((count,)), q.sample((count,))
            first = logsigmoid(p.log_prob(a) - q.log_prob(a))
            return first + logsigmoid(q.log_prob(b) - p.log_prob(b))
        a = p.sample((count,))
        return a**2 * (a - p.loc) / p.scale**2

    def job() -> Any:
        h = integrand()
        return h.mean(0).tolist(), h.var(0).tolist()

    return job


def jax_jit(case: str, count: int, dtype: str) -> Job:
    try:
        import jax
        import jax.numpy as jnp
    except ImportError as error:
        raise NotInstalled("jax") from error
    import numpy as np

    rows = np.array([[float(x) for x in row] for row in CASES[case].rows], dtype=dtype)

    def log_normal(x: Any, m: Any, v: Any) -> Any:
        return -0.5 * ((x - m) ** 2 / v + jnp.log(2 * jnp.pi * v))

    def both(key: Any, table: Any) -> Any:
        n = len(rows)
        if case == "linear_vae_elbo":
            w = table[:, : VISIBLE * LATENT].reshape(-1, VISIBLE, LATENT)
            m, v, x = jnp.split(table[:, VISIBLE * LATENT : -1], (LATENT, 2 * LATENT), 1)
            z = m + jnp.sqrt(v) * jax.random.normal(key, (count, n, LATENT), dtype)
            mean = jnp.einsum("sij,nsj->nsi", w, z)
            h = log_normal(x, mean, table[:, -1:]).sum(-1)
            h = h + (log_normal(z, 0.0, 1.0) - log_normal(z, m, v)).sum(-1)
        elif case == "kl_64d":
            m1, v1, m2, v2 = table.reshape(n, 4, DIMENSION).transpose(1, 0, 2)
            x = m1 + jnp.sqrt(v1) * jax.random.normal(key, (count, n, DIMENSION), dtype)
            h = (log_normal(x, m1, v1) - log_normal(x, m2, v2)).sum(-1)
        elif case == "score_gradient":
            m, v = table.T
            x = m + jnp.sqrt(v) * jax.random.normal(key, (count, n), dtype)
            h = x**2 * (x - m) / v
        else:
            m1, v1, m2, v2 = table.T
            first, second = jax.random.split(key)
            x = m1 + jnp.sqrt(v1) * jax.random.normal(first, (count, n), dtype)
            h = log_normal(x, m1, v1) - log_normal(x, m2, v2)
            if case == "gan_value":
                y = m2 + jnp.sqrt(v2) * jax.random.normal(second, (count, n), dtype)
                h = jax.nn.log_sigmoid(h) + jax.nn.log_sigmoid(log_normal(y, m2, v2) - log_normal(y, m1, v1))
        return h.mean(0), h.var(0)

    with jax.enable_x64(dtype == "float64"):
        compiled = jax.jit(both)
        state = [jax.random.key(0)]

    def job() -> Any:
        with jax.enable_x64(dtype == "float64"):
            state[0], key = jax.random.split(state[0])
            return [np.asarray(x) for x in compiled(key, rows)]

    return job


def numba_loop(case: str, count: int, dtype: str) -> Job:
    try:
        import numba
    except ImportError as error:
        raise NotInstalled("numba") from error
    import math

    import numpy as np

    rows = np.array([[float(x) for x in row] for row in CASES[case].rows], dtype=dtype)
    real = np.dtype(dtype).type
    visible, latent, dimension = VISIBLE, LATENT, DIMENSION
    half, two_pi, one, zero = real(0.5), real(2 * math.pi), real(1), real(0)
    compiled = numba.njit(fastmath=True)

    @compiled
    def log_normal(x: Any, m: Any, v: Any) -> Any:
        return -half * ((x - m) * (x - m) / v + math.log(two_pi * v))

    @compiled
    def draw(m: Any, v: Any) -> Any:
        return m + math.sqrt(v) * real(np.random.standard_normal())

    @compiled
    def log_sigmoid(x: Any) -> Any:
        return min(x, zero) - math.log1p(math.exp(-abs(x)))

    @compiled
    def kl_univariate(r: Any) -> Any:
        x = draw(r[0], r[1])
        return log_normal(x, r[0], r[1]) - log_normal(x, r[2], r[3])

    @compiled
    def kl_64d(r: Any) -> Any:
        h = zero
        for i in range(dimension):
            m, v = r[i], r[dimension + i]
            x = draw(m, v)
            h += log_normal(x, m, v) - log_normal(x, r[2 * dimension + i], r[3 * dimension + i])
        return h

    @compiled
    def linear_vae_elbo(r: Any) -> Any:
        base = visible * latent
        h = zero
        z = np.empty(latent, dtype=r.dtype)
        for j in range(latent):
            m, v = r[base + j], r[base + latent + j]
            z[j] = draw(m, v)
            h += log_normal(z[j], zero, one) - log_normal(z[j], m, v)
        for i in range(visible):
            mean = zero
            for j in range(latent):
                mean += r[i * latent + j] * z[j]
            h += log_normal(r[base + 2 * latent + i], mean, r[-1])
        return h

    @compiled
    def gan_value(r: Any) -> Any:
        x, y = draw(r[0], r[1]), draw(r[2], r[3])
        first = log_sigmoid(log_normal(x, r[0], r[1]) - log_normal(x, r[2], r[3]))
        return first + log_sigmoid(log_normal(y, r[2], r[3]) - log_normal(y, r[0], r[1]))

    @compiled
    def score_gradient(r: Any) -> Any:
        x = draw(r[0], r[1])
        return x * x * (x - r[0]) / r[1]

    h = {
        "kl_univariate": kl_univariate, "kl_64d": kl_64d, "linear_vae_elbo": linear_vae_elbo, "gan_value": gan_value,
        "score_gradient": score_gradient,
    }[case]  # fmt: skip

    @numba.njit(parallel=True, fastmath=True)
    def loop(table: Any, n: int) -> Any:
        sums = np.zeros((len(table), 2))
        for s in numba.prange(len(table)):
            total = square = 0.0
            for _ in range(n):
                value = h(table[s])
                total += value
                square += value * value
            sums[s, 0] = total / n
            sums[s, 1] = square / n - (total / n) ** 2
        return sums

    return lambda: loop(rows, count)


PEERS: dict[str, Maker] = {"torch_eager": torch_eager, "jax": jax_jit, "numba": numba_loop}
