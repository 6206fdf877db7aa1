"""An experiment: the linear variational autoencoder trained by stochastic gradients of the reparameterised bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sympy import Integer, Symbol

from derivations.catalogue import Entry, Exact, Source

CANDIDATES = ("the closed form", "the sign of W turned", "no prior precision", "twice the noise", "half the covariance")
NOISE, PRIOR = 0.5, 1.3  # eta_d and eta_e
STEPS, BATCH, TOLERANCE = 1000, 256, 0.03


def experiments() -> Iterator[Mapping[str, int]]:
    yield from ({"seed": s, "candidate": c} for s in (1, 2) for c in range(len(CANDIDATES)))


def reaches(seed: int, candidate: int) -> int:
    """1 where the trained W and Sigma and the bound are within 3 percent of a candidate's, 0 otherwise."""
    run = trained(seed)
    w, sigma = candidate_optimum(run["u"], candidate)
    near = all(float((a - b).norm()) <= TOLERANCE * float(b.norm()) for a, b in ((run["w"], w), (run["sigma"], sigma)))
    return int(near and abs(run["bound"] - run["evidence"]) <= TOLERANCE * abs(run["evidence"]))


def candidate_optimum(u: Any, candidate: int) -> tuple[Any, Any]:
    """Sigma = (U^T U/eta_d^2 + I/eta_e^2)^-1 and W = Sigma U^T/eta_d^2, or one of their wrong variants."""
    import torch

    noise, prior = NOISE**2, PRIOR**2
    if candidate == 3:
        noise *= 4
    eye = torch.eye(u.shape[1], dtype=u.dtype)
    precision = u.T @ u / noise + (0 if candidate == 2 else 1) * eye / prior
    sigma = torch.linalg.inv(precision)
    w = sigma @ u.T / noise
    return (-w if candidate == 1 else w), (sigma / 2 if candidate == 4 else sigma)


@cache
def trained(seed: int) -> dict[str, Any]:
    from numerics.montecarlo.threads import one_thread

    with one_thread():
        return _train(seed)


def _train(seed: int) -> dict[str, Any]:
    """U, the trained W and Sigma, the exact bound at them and the exact evidence, averaged over the model's data.

    Ascent by Adam on one reparameterised sample a data point, with steps that decay to 0; Sigma = L L^T.
    """
    import torch

    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    u = normal(4, 2)
    covariance = PRIOR**2 * u @ u.T + NOISE**2 * torch.eye(4, dtype=torch.float64)
    root = torch.linalg.cholesky(covariance)
    w = torch.zeros(2, 4, dtype=torch.float64, requires_grad=True)
    factor = torch.eye(2, dtype=torch.float64).requires_grad_()
    optimiser = torch.optim.Adam([w, factor], lr=0.05)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda k: (1 - k / STEPS) ** 2)
    for _ in range(STEPS):
        x = normal(BATCH, 4) @ root.T
        lower = torch.tril(factor)
        z = x @ w.T + normal(BATCH, 2) @ lower.T
        fit = -((x - z @ u.T) ** 2).sum(1) / (2 * NOISE**2)
        prior = -(z**2).sum(1) / (2 * PRIOR**2)
        entropy = torch.log(torch.abs(torch.diagonal(lower))).sum()
        loss = -(fit + prior).mean() - entropy
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    with torch.no_grad():
        sigma = torch.tril(factor) @ torch.tril(factor).T
        return {
            "u": u, "w": w.clone(), "sigma": sigma,
            "bound": _bound(u, w, sigma, covariance), "evidence": _evidence(covariance),
        }  # fmt: skip


def _bound(u: Any, w: Any, sigma: Any, covariance: Any) -> float:
    """The mean of the closed-form bound over x of the given covariance."""
    import math

    import torch

    residual = torch.eye(4, dtype=u.dtype) - u @ w
    fit = torch.trace(residual @ covariance @ residual.T) + torch.trace(u @ sigma @ u.T)
    reconstruction = -2 * math.log(2 * math.pi * NOISE**2) - float(fit) / (2 * NOISE**2)
    code = torch.trace(sigma) + torch.trace(w @ covariance @ w.T)
    divergence = 0.5 * (2 * math.log(PRIOR**2) - float(torch.logdet(sigma)) + float(code) / PRIOR**2 - 2)
    return reconstruction - divergence


def _evidence(covariance: Any) -> float:
    """E log p(x) = -(4 log 2 pi + log det C + 4)/2 for x ~ N(0, C)."""
    import math

    import torch

    return -0.5 * (4 * math.log(2 * math.pi) + float(torch.logdet(covariance)) + 4)


# 0 for the closed-form optimum, 1 for the other candidates
candidate = Symbol("candidate", integer=True)
WRONG_CANDIDATE = 1 - (1 - candidate) * (2 - candidate) * (3 - candidate) * (4 - candidate) / 24

ENTRIES = (
    Entry(
        "linear-vae.training",
        "Stochastic gradients of the bound reach its optimum",
        r"\text{stochastic gradient ascent on the reparameterised bound over } W \text{ and } \Sigma "
        r"\text{ reaches } W^*, \Sigma^* \text{ and the evidence}",
        Source("004", "Q2b", "U fixed, decaying steps, data of full rank"),
        exact=(
            Exact(
                # 1 for the closed-form optimum (candidate 0), 0 for every wrong one
                Integer(1) - WRONG_CANDIDATE,
                reaches,
                experiments,
                wrong=(Integer(1), Integer(0), WRONG_CANDIDATE),
            ),
        ),
        note=f"A real training run with torch; the candidates are {', '.join(CANDIDATES)}.",
    ),
)
