r"""The linear variational autoencoder: q(z|x) = N(Wx, Sigma), p(x|z) = N(Uz, eta_d^2 I), p(z) = N(0, eta_e^2 I).

The laws are written out in every formula, so that each stands on its own.  All dimensions are symbols.
"""

from derivations.catalogue import Entry, Source

SHAPES = (
    r"Let $x\in\mathbb{R}^{d_x}$, $z\in\mathbb{R}^{d_z}$, $W\in\mathbb{R}^{d_z\times d_x}$, "
    r"$U\in\mathbb{R}^{d_x\times d_z}$, $\Sigma\in\mathbb{R}^{d_z\times d_z}$, $\eta_d>0$ and $\eta_e>0$."
)
SIGMA = {"Sigma": "positive_definite"}
LIKELIHOOD = r"\mathbb{E}_{z\sim\mathcal N(Wx,\Sigma)}\left[\log\mathcal N(x;Uz,\eta_d^2I_{d_x})\right]"
DIVERGENCE = r"D_{KL}(\mathcal N(Wx,\Sigma)\|\mathcal N(0,\eta_e^2I_{d_z}))"
BOUND = f"{LIKELIHOOD}-{DIVERGENCE}"


def reconstruction(constant=r"-\frac{d_x}{2}", scale=r"2\eta_d^2", sign="+", spread=r"U\Sigma U^\top") -> str:
    return rf"{constant}\log(2\pi\eta_d^2)-\frac{{1}}{{{scale}}}\left(\|x-UWx\|^2{sign}\mathrm{{tr}}({spread})\right)"


def divergence(prior=r"d_z\log\eta_e^2", det=r"-\log\det\Sigma", code=r"\|Wx\|^2", last="-d_z") -> str:
    return rf"\frac12\left[{prior}{det}+\frac{{\mathrm{{tr}}(\Sigma)+{code}}}{{\eta_e^2}}{last}\right]"


def equation(left: str, *right: str) -> str:
    return f"{left} = {''.join(right)}"


ENTRIES = (
    Entry(
        "linear-vae.reconstruction",
        "The reconstruction term",
        equation(LIKELIHOOD, reconstruction()),
        Source("004", "Q2a"),
        given=SHAPES,
        domains=SIGMA,
        wrong=(
            equation(LIKELIHOOD, reconstruction(constant=r"-d_x")),
            equation(LIKELIHOOD, reconstruction(scale=r"\eta_d^2")),
            equation(LIKELIHOOD, reconstruction(sign="-")),
            equation(LIKELIHOOD, reconstruction(spread=r"\Sigma")),
        ),
    ),
    Entry(
        "linear-vae.kl",
        "The divergence from the prior",
        equation(DIVERGENCE, divergence()),
        Source("004", "Q2a"),
        given=SHAPES,
        domains=SIGMA,
        wrong=(
            equation(DIVERGENCE, divergence(det=r"+\log\det\Sigma")),
            equation(DIVERGENCE, divergence(prior=r"\log\eta_e^2")),
            equation(DIVERGENCE, divergence(last="")),
            equation(DIVERGENCE, divergence(code=r"\|x\|^2")),
        ),
    ),
    Entry(
        "linear-vae.elbo",
        "The bound in closed form",
        equation(BOUND, reconstruction(), "-", divergence()),
        Source("004", "Q2a"),
        given=SHAPES,
        domains=SIGMA,
        wrong=(
            equation(BOUND, reconstruction(), "+", divergence()),
            equation(BOUND, reconstruction()),
            equation(BOUND, reconstruction(sign="-"), "-", divergence()),
            equation(BOUND, reconstruction(), "-", divergence(last="")),
        ),
    ),
)
