"""Gradients of expectations, reparameterisation, estimators."""

from derivations.catalogue import Entry, Part, Source
from proofs.schemes import ALL

SCORE = r"Let $q(z|w)$ be a density with the parameter $w\in\mathbb{R}$, and $f$ a function."
GRADIENT = r"\nabla_w\mathbb{E}_{q(z|w)}[f(z)]"
NOISE = r"Let $w\in\mathbb{R}$, let $\epsilon\sim p(\epsilon)$, and let $f$ be differentiable."
PATHWISE = r"\nabla_w\mathbb{E}_{\epsilon\sim p(\epsilon)}[f(g(\epsilon,w))]"
NORMAL = r"Let $\mu\in\mathbb{R}$ and $\sigma>0$."
BERNOULLI = r"Let $p\in(0,1)$ and let $f$ be a function."
DIAGONAL = r"Let $\mu\in\mathbb{R}^n$, $t\in\mathbb{R}^n$, $\epsilon\in\mathbb{R}^n$, $z\in\mathbb{R}^n$, $\sigma\in\mathbb{R}^n$."
FULL = (
    r"Let $\mu\in\mathbb{R}^n$, $t\in\mathbb{R}^n$, $\epsilon\in\mathbb{R}^n$, $z\in\mathbb{R}^n$, "
    r"$B\in\mathbb{R}^{n\times n}$ and $\Sigma\in\mathbb{R}^{n\times n}$."
)
DIAGONAL_TRANSFORM = r"\mathbb{E}_{\epsilon\sim\mathcal N(0,I)}\left[e^{t^\top(\mu+\sigma\odot\epsilon)}\right]"
FULL_TRANSFORM = r"\mathbb{E}_{\epsilon\sim\mathcal N(0,I)}\left[e^{t^\top(\mu+B\epsilon)}\right]"
COVARIANCE = r"\mathbb{E}_{\epsilon\sim\mathcal N(0,I)}\left[(\mu+B\epsilon-\mu)(\mu+B\epsilon-\mu)^\top\right]"
SCORE_ESTIMATE = r"\mathrm{Var}_{z\sim\mathcal N(\mu,\sigma^2)}\left[z^2\frac{\partial}{\partial\mu}\log\mathcal N(z;\mu,\sigma^2)\right]"
PATHWISE_ESTIMATE = (
    r"\mathrm{Var}_{\epsilon\sim\mathcal N(0,1)}\left[\frac{\partial}{\partial\mu}(\mu+\sigma\epsilon)^2\right]"
)
PD = {"Sigma": "positive_definite"}

ENTRIES = (
    Entry(
        "grad.score-function",
        "The score-function gradient",
        rf"{GRADIENT} = \mathbb{{E}}_{{q(z|w)}}[f(z)\nabla_w\log q(z|w)]",
        Source("002", "Q6"),
        given=SCORE,
        wrong=(
            rf"{GRADIENT} = -\mathbb{{E}}_{{q(z|w)}}[f(z)\nabla_w\log q(z|w)]",
            rf"{GRADIENT} = \mathbb{{E}}_{{q(z|w)}}[f(z)\nabla_w q(z|w)]",
            rf"{GRADIENT} = \mathbb{{E}}_{{q(z|w)}}[\nabla_w\log q(z|w)]",
            rf"{GRADIENT} = 2\mathbb{{E}}_{{q(z|w)}}[f(z)\nabla_w\log q(z|w)]",
        ),
    ),
    Entry(
        "grad.score-function-as-transcribed",
        "A density too many",
        r"\int\left(\nabla_wq(z|w)\right)f(z)\,dz = \int q(z|w)\left(\nabla_wq(z|w)\right)f(z)\,dz",
        Source("002", "Q6", "the density is put in without its reciprocal"),
        holds=False,
        given=SCORE,
        fix=(
            Part(
                r"\int\left(\nabla_wq(z|w)\right)f(z)\,dz "
                r"= \int \frac{q(z|w)}{q(z|w)}\left(\nabla_wq(z|w)\right)f(z)\,dz"
            ),
        ),
        wrong=(
            r"\int\left(\nabla_wq(z|w)\right)f(z)\,dz = \int \frac{1}{q(z|w)}\left(\nabla_wq(z|w)\right)f(z)\,dz",
            r"\int\left(\nabla_wq(z|w)\right)f(z)\,dz = -\int\frac{q(z|w)}{q(z|w)}\left(\nabla_wq(z|w)\right)f(z)\,dz",
            r"\int\left(\nabla_wq(z|w)\right)f(z)\,dz = \int\frac{q(z|w)}{q(z|w)}\left(\nabla_wq(z|w)\right)dz",
        ),
    ),
    Entry(
        "grad.score-has-zero-mean",
        "The score has mean zero, and baselines are free",
        r"\mathbb{E}_{q(z|w)}[\nabla_w\log q(z|w)] = 0",
        Source("002", "Q6"),
        given=SCORE,
        scheme=ALL,
        parts=(
            Part(r"\mathbb{E}_{q(z|w)}[\nabla_w\log q(z|w)] = 0"),
            Part(
                rf"\mathbb{{E}}_{{q(z|w)}}[(f(z)-b)\nabla_w\log q(z|w)] = {GRADIENT}",
                given=r"Let $b\in\mathbb{R}$.",
                role="a constant baseline leaves the estimate unbiased",
            ),
        ),
        wrong=(
            r"\mathbb{E}_{q(z|w)}[\nabla_w\log q(z|w)] = 1",
            r"\mathbb{E}_{q(z|w)}[\nabla_wq(z|w)] = 0",
            Part(
                rf"\mathbb{{E}}_{{q(z|w)}}[(f(z)-b)\nabla_w\log q(z|w)] = {GRADIENT}-b", given=r"Let $b\in\mathbb{R}$."
            ),
        ),
    ),
    Entry(
        "grad.reparameterization",
        "The pathwise gradient",
        rf"{PATHWISE} = \mathbb{{E}}_{{\epsilon\sim p(\epsilon)}}[\nabla_wf(g(\epsilon,w))]",
        Source("002", "Q7"),
        given=NOISE,
        wrong=(
            rf"{PATHWISE} = -\mathbb{{E}}_{{\epsilon\sim p(\epsilon)}}[\nabla_wf(g(\epsilon,w))]",
            rf"{PATHWISE} = \mathbb{{E}}_{{\epsilon\sim p(\epsilon)}}[\nabla_wg(\epsilon,w)]",
            rf"{PATHWISE} = 2\mathbb{{E}}_{{\epsilon\sim p(\epsilon)}}[\nabla_wf(g(\epsilon,w))]",
        ),
    ),
    Entry(
        "grad.reparameterized-diagonal",
        "Normal samples with a diagonal covariance",
        r"z=\mu+\sigma\odot\epsilon,\ \epsilon\sim\mathcal N(0,I) \Rightarrow z\sim\mathcal N(\mu,\mathrm{diag}(\sigma^2))",
        Source("002, 000, 001", "Q8, Q5, Q5"),
        given=DIAGONAL,
        domains={"sigma": "positive_vector"},
        scheme=ALL,
        parts=(
            Part(
                rf"{DIAGONAL_TRANSFORM} = "
                r"\mathbb{E}_{z\sim\mathcal N(\mu,\mathrm{diag}(\sigma^2))}\left[e^{t^\top z}\right]",
                role="equal moment generating functions at every t: equal laws",
            ),
        ),
        wrong=(
            rf"{DIAGONAL_TRANSFORM} = \mathbb{{E}}_{{z\sim\mathcal N(0,\mathrm{{diag}}(\sigma^2))}}\left[e^{{t^\top z}}\right]",
            rf"{DIAGONAL_TRANSFORM} = "
            r"\mathbb{E}_{z\sim\mathcal N(\mu,2\,\mathrm{diag}(\sigma^2))}\left[e^{t^\top z}\right]",
            rf"{DIAGONAL_TRANSFORM} = \mathbb{{E}}_{{z\sim\mathcal N(\mu,I)}}\left[e^{{t^\top z}}\right]",
        ),
    ),
    Entry(
        "grad.reparameterized-full-covariance",
        "Normal samples with any covariance",
        r"z=\mu+B\epsilon,\ BB^\top=\Sigma \Rightarrow z\sim\mathcal N(\mu,\Sigma)",
        Source("002", "Q8"),
        given=FULL,
        domains=PD,
        conditions=(r"BB^\top=\Sigma",),
        scheme=ALL,
        parts=(
            Part(
                rf"{FULL_TRANSFORM} = \mathbb{{E}}_{{z\sim\mathcal N(\mu,\Sigma)}}\left[e^{{t^\top z}}\right]",
                role="equal moment generating functions at every t: equal laws",
            ),
        ),
        wrong=(
            Part(rf"{FULL_TRANSFORM} = e^{{t^\top\mu+t^\top BB^\top t}}"),
            Part(rf"{FULL_TRANSFORM} = e^{{t^\top\mu-\frac12t^\top BB^\top t}}"),
            Part(rf"{FULL_TRANSFORM} = e^{{\frac12t^\top BB^\top t}}"),
        ),
    ),
    Entry(
        "grad.square-root-not-symmetric",
        "Not every square root of the covariance will do",
        r"BB=\Sigma \Rightarrow \mathrm{Cov}(\mu+B\epsilon)=\Sigma",
        Source("002", "Q8", "the transpose is left out"),
        holds=False,
        given=FULL,
        domains=PD,
        scheme=ALL,
        parts=(Part(rf"{COVARIANCE} = \Sigma", conditions=(r"BB=\Sigma",), role="the covariance of mu + B epsilon"),),
        fix=(
            Part(rf"{COVARIANCE} = \Sigma", conditions=(r"BB^\top=\Sigma",)),
            Part(
                rf"{COVARIANCE} = \Sigma",
                conditions=(r"BB=\Sigma",),
                domains={"B": "symmetric"},
                derivation=rf"{COVARIANCE} = BB^\top = BB = \Sigma",
                role="or B symmetric",
            ),
        ),
        wrong=(
            rf"{COVARIANCE} = B^\top B",
            rf"{COVARIANCE} = 2BB^\top",
            rf"{COVARIANCE} = BB^\top+\mu\mu^\top",
        ),
    ),
    Entry(
        "grad.bernoulli-not-reparameterizable",
        "The pathwise gradient of a coin",
        r"\frac{d}{dp}\mathbb{E}f(z) = \mathbb{E}\left[\frac{d}{dp}f(\mathbb{1}\{u<p\})\right],\ z\sim\mathrm{Bern}(p)",
        Source("002", "Q8", "u < p gives a coin, but its derivative by p is 0 wherever it exists"),
        holds=False,
        given=BERNOULLI,
        scheme=ALL,
        parts=(
            Part(
                r"\frac{d}{dp}\mathbb{E}_{z\sim\mathrm{Bern}(p)}[f(z)] = 0",
                role="the right side is 0: f(1{u<p}) does not change near any p other than u",
            ),
        ),
        fix=(Part(r"\frac{d}{dp}\mathbb{E}_{z\sim\mathrm{Bern}(p)}[f(z)] = f(1)-f(0)"),),
        wrong=(
            r"\frac{d}{dp}\mathbb{E}_{z\sim\mathrm{Bern}(p)}[f(z)] = f(0)-f(1)",
            r"\frac{d}{dp}\mathbb{E}_{z\sim\mathrm{Bern}(p)}[f(z)] = f(1)+f(0)",
            r"\frac{d}{dp}\mathbb{E}_{z\sim\mathrm{Bern}(p)}[f(z)] = p(f(1)-f(0))",
        ),
    ),
    Entry(
        "grad.estimator-variances",
        "The variances of two estimates of one gradient",
        r"\text{for } q=\mathcal N(\mu,\sigma^2), f(z)=z^2: "
        r"15\sigma^2+14\mu^2+\frac{\mu^4}{\sigma^2} \text{ (score function) and } 4\sigma^2 \text{ (pathwise)}",
        Source("002", "Q6"),
        given=NORMAL,
        scheme=ALL,
        parts=(
            Part(rf"{SCORE_ESTIMATE} = 15\sigma^2+14\mu^2+\frac{{\mu^4}}{{\sigma^2}}", role="score function"),
            Part(rf"{PATHWISE_ESTIMATE} = 4\sigma^2", role="pathwise"),
        ),
        wrong=(
            rf"{SCORE_ESTIMATE} = 15\sigma^2+14\mu^2-\frac{{\mu^4}}{{\sigma^2}}",
            rf"{SCORE_ESTIMATE} = 15\sigma^2+\frac{{\mu^4}}{{\sigma^2}}",
            rf"{SCORE_ESTIMATE} = 4\sigma^2",
            rf"{PATHWISE_ESTIMATE} = 2\sigma^2",
        ),
    ),
)
