r"""The linear variational autoencoder: q(z|x) = N(Wx, Sigma), p(x|z) = N(Uz, eta_d^2 I), p(z) = N(0, eta_e^2 I).

The laws are written out in every formula, so that each stands on its own.  All dimensions are symbols.
"""

from derivations.catalogue import Entry, Part, Source
from proofs.schemes import ALL

SHAPES = (
    r"Let $x\in\mathbb{R}^{d_x}$, $z\in\mathbb{R}^{d_z}$, $W\in\mathbb{R}^{d_z\times d_x}$, "
    r"$U\in\mathbb{R}^{d_x\times d_z}$, $\Sigma\in\mathbb{R}^{d_z\times d_z}$, $\eta_d>0$ and $\eta_e>0$."
)
SIGMA_NAME = r"\Sigma"
SIGMA = {"Sigma": "positive_definite"}
LIKELIHOOD = r"\mathbb{E}_{z\sim\mathcal N(Wx,\Sigma)}\left[\log\mathcal N(x;Uz,\eta_d^2I_{d_x})\right]"
DIVERGENCE = r"D_{KL}(\mathcal N(Wx,\Sigma)\|\mathcal N(0,\eta_e^2I_{d_z}))"
BOUND = f"{LIKELIHOOD}-{DIVERGENCE}"
PRIOR = r"\mathcal N(z;0,\eta_e^2I_{d_z})"
DECODER = r"\mathcal N(x;Uz,\eta_d^2I_{d_x})"
EVIDENCE = r"\mathcal N(x;0,\eta_e^2UU^\top+\eta_d^2I_{d_x})"
MARGINAL = rf"\int{DECODER}{PRIOR}\,dz"
BEST_SIGMA = r"\left(\frac{1}{\eta_d^2}U^\top U+\frac{1}{\eta_e^2}I_{d_z}\right)^{-1}"
BEST_W = rf"\frac{{1}}{{\eta_d^2}}{BEST_SIGMA}U^\top "


def reconstruction(constant=r"-\frac{d_x}{2}", scale=r"2\eta_d^2", sign="+", spread=r"U\Sigma U^\top") -> str:
    return rf"{constant}\log(2\pi\eta_d^2)-\frac{{1}}{{{scale}}}\left(\|x-UWx\|^2{sign}\mathrm{{tr}}({spread})\right)"


def divergence(prior=r"d_z\log\eta_e^2", det=r"-\log\det\Sigma", code=r"\|Wx\|^2", last="-d_z") -> str:
    return rf"\frac12\left[{prior}{det}+\frac{{\mathrm{{tr}}(\Sigma)+{code}}}{{\eta_e^2}}{last}\right]"


def posterior(w: str = BEST_W, sigma: str = BEST_SIGMA) -> str:
    return rf"\mathcal N(z;{w}x,{sigma})"


def bound_at(w: str = BEST_W, sigma: str = BEST_SIGMA) -> str:
    """The bound where q(z|x) = N(w x, sigma)."""
    q = rf"\mathcal N({w}x,{sigma})"
    return (
        rf"\mathbb{{E}}_{{z\sim{q}}}\left[\log{DECODER}\right]"
        rf"-D_{{KL}}({q}\|\mathcal N(0,\eta_e^2I_{{d_z}}))"
    )


def equation(left: str, *right: str) -> str:
    return f"{left} = {''.join(right)}"


def fit(w: str = "W", u: str = "U") -> str:
    """The part of the bound that depends on W and U (r = x - UWx)."""
    return (
        rf"-\frac{{1}}{{2\eta_d^2}}\left(\|x-{u}{w}x\|^2+\mathrm{{tr}}({u}\Sigma {u}^\top)\right)"
        rf"-\frac{{1}}{{2\eta_e^2}}\|{w}x\|^2"
    )


def spread(sigma: str) -> str:
    """The part of the bound that depends on Sigma."""
    return (
        rf"\frac12\log\det {sigma}-\frac{{\mathrm{{tr}}(U{sigma} U^\top)}}{{2\eta_d^2}}"
        rf"-\frac{{\mathrm{{tr}}({sigma})}}{{2\eta_e^2}}"
    )


# F(W + tH) = F(W) + t tr(G^T H) + O(t^2) for every direction H: G is the gradient at W
DIRECTIONS = (
    r"Let $H\in\mathbb{R}^{d_z\times d_x}$, $K\in\mathbb{R}^{d_x\times d_z}$, $S\in\mathbb{R}^{d_z\times d_z}$ "
    r"and $t\in\mathbb{R}$."
)
IN_W = r"\left(\frac{1}{\eta_d^2}U^\top(x-UWx)x^\top-\frac{1}{\eta_e^2}Wxx^\top\right)^\top H"
IN_U = r"\left(\frac{1}{\eta_d^2}\left((x-UWx)(Wx)^\top-U\Sigma\right)\right)^\top K"
IN_SIGMA = r"\frac12\left(\Sigma^{-1}-\frac{1}{\eta_d^2}U^\top U-\frac{1}{\eta_e^2}I_{d_z}\right)(S-\Sigma)"
REST_W = r"t^2\left(\frac{\|UHx\|^2}{2\eta_d^2}+\frac{\|Hx\|^2}{2\eta_e^2}\right)"
REST_U = r"\frac{t^2}{2\eta_d^2}\left(\|KWx\|^2+\mathrm{tr}(K\Sigma K^\top)\right)"
ALONG_W = f"{fit(w='(W+tH)')} = {fit()}+t\\,\\mathrm{{tr}}\\left({IN_W}\\right)-{REST_W}"
ALONG_U = f"{fit(u='(U+tK)')} = {fit()}+t\\,\\mathrm{{tr}}\\left({IN_U}\\right)-{REST_U}"
TANGENT = f"{spread('S')} \\le {spread(SIGMA_NAME)}+\\mathrm{{tr}}\\left({IN_SIGMA}\\right)"
BOTH = {"Sigma": "positive_definite", "S": "positive_definite"}

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
    Entry(
        "linear-vae.evidence",
        "The evidence is normal",
        equation(MARGINAL, EVIDENCE),
        Source("001, 004", "Q2, Q2", "p(x) = N(0, eta_e^2 U U^T + eta_d^2 I)"),
        given=SHAPES,
        wrong=(
            equation(MARGINAL, EVIDENCE.replace("+", "-")),
            equation(MARGINAL, EVIDENCE.replace(r"\eta_e^2", r"\eta_e")),
            equation(MARGINAL, EVIDENCE.replace(r"\eta_e^2UU^\top+", "")),
            equation(MARGINAL, r"\mathcal N(x;0,\eta_d^2UU^\top+\eta_e^2I_{d_x})"),
        ),
    ),
    Entry(
        "linear-vae.posterior",
        "The posterior is normal",
        equation(rf"\frac{{{DECODER}{PRIOR}}}{{{MARGINAL}}}", posterior()),
        Source("004", "Q2b", "Bayes' rule written out; W* = Sigma* U^T/eta_d^2"),
        given=SHAPES,
        scheme=ALL,
        parts=(
            Part(equation(rf"\frac{{{DECODER}{PRIOR}}}{{{MARGINAL}}}", posterior()), role="Bayes' rule"),
            Part(
                equation(f"{DECODER}{PRIOR}", posterior(), EVIDENCE),
                role="the square completed: the joint density is this posterior times the evidence",
            ),
        ),
        wrong=(
            equation(f"{DECODER}{PRIOR}", posterior(w=f"-{BEST_W}"), EVIDENCE),
            equation(f"{DECODER}{PRIOR}", posterior(w=rf"{BEST_SIGMA}U^\top "), EVIDENCE),
            equation(f"{DECODER}{PRIOR}", posterior(sigma=BEST_SIGMA[:-5]), EVIDENCE),
            equation(
                f"{DECODER}{PRIOR}",
                posterior(sigma=BEST_SIGMA.replace(r"+\frac{1}{\eta_e^2}I_{d_z}", r"+I_{d_z}")),
                EVIDENCE,
            ),
        ),
    ),
    Entry(
        "linear-vae.tight-at-posterior",
        "At the posterior the bound is the evidence",
        equation(bound_at(), rf"\log{EVIDENCE}"),
        Source("001, 004", "Q3, Q2b"),
        given=SHAPES,
        wrong=(
            equation(bound_at(w=f"-{BEST_W}"), rf"\log{EVIDENCE}"),
            equation(bound_at(w=rf"{BEST_SIGMA}U^\top "), rf"\log{EVIDENCE}"),
            equation(bound_at(sigma=rf"\frac12{BEST_SIGMA}"), rf"\log{EVIDENCE}"),
            equation(bound_at().replace("-D_{KL}", "+D_{KL}"), rf"\log{EVIDENCE}"),
        ),
    ),
    Entry(
        "linear-vae.gradients",
        "The gradients of the bound",
        r"\nabla_W=U^\top rx^\top/\eta_d^2-Wxx^\top/\eta_e^2;\ "
        r"\nabla_\Sigma=\tfrac12(\Sigma^{-1}-U^\top U/\eta_d^2-I/\eta_e^2);\ "
        r"\nabla_U=(r(Wx)^\top-U\Sigma)/\eta_d^2;\ \partial_{\eta_d};\ \partial_{\eta_e}",
        Source("004", "Q2b", "with r = x - UWx"),
        given=SHAPES,
        domains=SIGMA,
        scheme=ALL,
        parts=(
            Part(ALONG_W, given=DIRECTIONS, role="by W: linear in t up to t^2 along every direction H"),
            Part(ALONG_U, given=DIRECTIONS, role="by U: the same along every direction K"),
            Part(
                TANGENT,
                given=DIRECTIONS,
                domains=BOTH,
                derivation=f"{spread('S')} \\le {spread('S')}"
                r"+D_{KL}(\mathcal N(0,S)\|\mathcal N(0,\Sigma))"
                f" = {spread(SIGMA_NAME)}+\\mathrm{{tr}}\\left({IN_SIGMA}\\right)",
                role="by Sigma: a plane that touches from above, of a function that is differentiable",
            ),
            Part(
                rf"\frac{{\partial}}{{\partial\eta_d}}\left({reconstruction()}-{divergence()}\right) = "
                r"-\frac{d_x}{\eta_d}+\frac{\|x-UWx\|^2+\mathrm{tr}(U\Sigma U^\top)}{\eta_d^3}",
                role="by eta_d",
            ),
            Part(
                rf"\frac{{\partial}}{{\partial\eta_e}}\left({reconstruction()}-{divergence()}\right) = "
                r"-\frac{d_z}{\eta_e}+\frac{\mathrm{tr}(\Sigma)+\|Wx\|^2}{\eta_e^3}",
                role="by eta_e",
            ),
        ),
        wrong=(
            Part(ALONG_W.replace("+t\\,", "-t\\,"), given=DIRECTIONS),
            Part(ALONG_U.replace("-U\\Sigma\\right)", "\\right)"), given=DIRECTIONS),
            Part(TANGENT.replace(" \\le ", " \\ge "), given=DIRECTIONS, domains=BOTH),
            Part(TANGENT.replace("\\frac12\\left(\\Sigma^{-1}", "\\left(\\Sigma^{-1}"), given=DIRECTIONS, domains=BOTH),
            rf"\frac{{\partial}}{{\partial\eta_e}}\left({reconstruction()}-{divergence()}\right) = "
            r"-\frac{d_z}{\eta_e}-\frac{\mathrm{tr}(\Sigma)+\|Wx\|^2}{\eta_e^3}",
        ),
    ),
)
