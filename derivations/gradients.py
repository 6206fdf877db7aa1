"""Gradients of expectations, reparameterisation, estimators."""

from derivations.catalogue import Entry, Part, Source
from proofs.schemes import ALL, INDUCTION

SCORE = r"Let $q(z|w)$ be a density with the parameter $w\in\mathbb{R}$, and $f$ a function."
GRADIENT = r"\nabla_w\mathbb{E}_{q(z|w)}[f(z)]"
NOISE = (
    r"Let $w\in\mathbb{R}$, and let $f$ be differentiable. "
    r"Let $q(z|w)$ be the density of $z=g(\epsilon,w)$ with $\epsilon\sim p(\epsilon)$."
)
PATHWISE = r"\nabla_w\mathbb{E}_{z\sim q(z|w)}[f(z)]"
NORMAL = r"Let $\mu\in\mathbb{R}$ and $\sigma>0$."
BERNOULLI = r"Let $p\in(0,1)$ and let $f$ be a function."
DIAGONAL = r"Let $\mu\in\mathbb{R}^n$, $t\in\mathbb{R}^n$, $\epsilon\in\mathbb{R}^n$, $z\in\mathbb{R}^n$, $\sigma\in\mathbb{R}^n$."  # noqa: E501
FULL = (
    r"Let $\mu\in\mathbb{R}^n$, $t\in\mathbb{R}^n$, $\epsilon\in\mathbb{R}^n$, $z\in\mathbb{R}^n$, "
    r"$B\in\mathbb{R}^{n\times n}$ and $\Sigma\in\mathbb{R}^{n\times n}$."
)
DIAGONAL_TRANSFORM = r"\mathbb{E}_{\epsilon\sim\mathcal N(0,I)}\left[e^{t^\top(\mu+\sigma\odot\epsilon)}\right]"
FULL_TRANSFORM = r"\mathbb{E}_{\epsilon\sim\mathcal N(0,I)}\left[e^{t^\top(\mu+B\epsilon)}\right]"
COVARIANCE = r"\mathbb{E}_{\epsilon\sim\mathcal N(0,I)}\left[(\mu+B\epsilon-\mu)(\mu+B\epsilon-\mu)^\top\right]"
SCORE_ESTIMATE = r"\mathrm{Var}_{z\sim\mathcal N(\mu,\sigma^2)}\left[z^2\frac{\partial}{\partial\mu}\log\mathcal N(z;\mu,\sigma^2)\right]"  # noqa: E501
PATHWISE_ESTIMATE = (
    r"\mathrm{Var}_{\epsilon\sim\mathcal N(0,1)}\left[\frac{\partial}{\partial\mu}(\mu+\sigma\epsilon)^2\right]"
)
PD = {"Sigma": "positive_definite"}

# s is the sum of the draws so far, of density q; x is one more draw, of density p
SUMS = r"Let $q(s)$ and $p(x)$ be densities on $\mathbb{R}$ with $s\in\mathbb{R}$ and $x\in\mathbb{R}$."
MEAN_OF_SUM = (
    r"\mathbb{E}_{s\sim q(s)}\left[\mathbb{E}_{x\sim p(x)}[s+x]\right]"
    r"=\mathbb{E}_{s\sim q(s)}[s]+\mathbb{E}_{x\sim p(x)}[x]"
)
SQUARE_OF_SUM = r"\mathbb{E}_{s\sim q(s)}\left[\mathbb{E}_{x\sim p(x)}[(s+x)^2]\right]"
VARIANCE_OF_SUM = (
    rf"{SQUARE_OF_SUM}-\left(\mathbb{{E}}_{{s\sim q(s)}}[s]+\mathbb{{E}}_{{x\sim p(x)}}[x]\right)^2"
    r"=\mathrm{Var}_{s\sim q(s)}[s]+\mathrm{Var}_{x\sim p(x)}[x]"
)
NUMBER = r"Let $N\ge1$ be an integer and $m\in\mathbb{R}$."

PROBABILITY = r"\mathbb{E}_{z\sim\mathcal N(\mu,\sigma^2)}[1-\mathbb{1}\{z\le0\}]"  # of z > 0
BY_MEAN = rf"\frac{{\partial}}{{\partial\mu}}{PROBABILITY}"
DENSITY_AT_STEP = r"\frac1\sigma\mathcal N\left(\frac{\mu}{\sigma};0,1\right)"
STEP = r"(1-\mathbb{1}\{z\le0\})"

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
        r"z=\mu+\sigma\odot\epsilon,\ \epsilon\sim\mathcal N(0,I) \Rightarrow z\sim\mathcal N(\mu,\mathrm{diag}(\sigma^2))",  # noqa: E501
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
            rf"{DIAGONAL_TRANSFORM} = \mathbb{{E}}_{{z\sim\mathcal N(0,\mathrm{{diag}}(\sigma^2))}}\left[e^{{t^\top z}}\right]",  # noqa: E501
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
    Entry(
        "est.sample-mean",
        "The sample mean is unbiased",
        r"\mathbb{E}\left[\frac1N\sum X_i\right] = \mathbb{E}X",
        Source("002", "Q1"),
        scheme=INDUCTION,
        parts=(
            Part(
                r"\frac1N\sum_{i=1}^N m = m",
                given=NUMBER,
                role="N means m, added and divided by N",
            ),
            Part(
                MEAN_OF_SUM,
                given=SUMS,
                role="one draw more adds its mean: the mean of a sum of draws is the sum of theirs",
            ),
        ),
        wrong=(
            Part(MEAN_OF_SUM.replace("]+", "]-"), given=SUMS),
            Part(MEAN_OF_SUM.replace("=\\mathbb", "=2\\mathbb"), given=SUMS),
            Part(r"\sum_{i=1}^N m = m", given=NUMBER),
        ),
    ),
    Entry(
        "est.linear-plug-in",
        "Affine functions of the sample mean",
        r"\mathbb{E}\,f\left(\frac1N\sum X_i\right) = \mathbb{E}f(X) \text{ for affine } f",
        Source("002", "Q1"),
        given=r"Let $a,b\in\mathbb{R}$.",
        scheme=ALL,
        parts=(
            Part(
                r"\mathbb{E}_{s\sim q(s)}[as+b] = a\mathbb{E}_{s\sim q(s)}[s]+b",
                given=SUMS,
                role="f(t) = at + b of the sample mean s",
            ),
            Part(r"\mathbb{E}_{x\sim p(x)}[ax+b] = a\mathbb{E}_{x\sim p(x)}[x]+b", given=SUMS, role="f of one draw"),
            Part(r"\frac1N\sum_{i=1}^N m = m", given=NUMBER, role="and the two means are the same (est.sample-mean)"),
            Part(MEAN_OF_SUM, given=SUMS, role="as a sum of draws has the sum of their means"),
        ),
        wrong=(
            Part(r"\mathbb{E}_{s\sim q(s)}[as+b] = a\mathbb{E}_{s\sim q(s)}[s]", given=SUMS),
            Part(r"\mathbb{E}_{s\sim q(s)}[as+b] = b\mathbb{E}_{s\sim q(s)}[s]+a", given=SUMS),
            Part(r"\mathbb{E}_{s\sim q(s)}[as+b] = a\mathbb{E}_{s\sim q(s)}[s]-b", given=SUMS),
        ),
    ),
    Entry(
        "est.nonlinear-plug-in",
        "Other functions of the sample mean",
        r"\mathbb{E}\,f\left(\frac1N\sum X_i\right) = \mathbb{E}f(X) \text{ for any } f",
        Source("002", "Q1", "any function is allowed"),
        holds=False,
        scheme=ALL,
        parts=(
            Part(
                r"\mathbb{E}_{x\sim p(x)}\left[\mathbb{E}_{y\sim p(y)}\left[\left(\frac{x+y}{2}\right)^2\right]\right]"
                r"=\mathbb{E}_{x\sim p(x)}[x^2]",
                given=r"Let $p(x)$ be a density on $\mathbb{R}$, $x\in\mathbb{R}$ and $y\in\mathbb{R}$.",
                role="N = 2, f(x) = x^2",
            ),
        ),
        fix=(
            Part(VARIANCE_OF_SUM, given=SUMS, role="each draw adds its variance v: the sum has N v"),
            Part(
                r"\frac{Nv}{N^2}+m^2-(v+m^2) = -v\left(1-\frac1N\right)",
                given=NUMBER + " Let $v>0$.",
                role="so E f(mean) - E f(X) for f(x) = x^2",
            ),
        ),
        wrong=(
            Part(VARIANCE_OF_SUM.replace("]+\\mathrm", "]-\\mathrm"), given=SUMS),
            Part(r"\frac{Nv}{N^2}+m^2-(v+m^2) = v\left(1-\frac1N\right)", given=NUMBER + " Let $v>0$."),
            Part(r"\frac{Nv}{N^2}+m^2-(v+m^2) = -\frac{v}{N}", given=NUMBER + " Let $v>0$."),
            Part(rf"{SQUARE_OF_SUM} = \mathrm{{Var}}_{{s\sim q(s)}}[s]+\mathrm{{Var}}_{{x\sim p(x)}}[x]", given=SUMS),
        ),
    ),
    Entry(
        "grad.score-function-step",
        "The score-function gradient of a step",
        r"\text{right for } f(z)=\mathbb 1\{z>0\}, q=\mathcal N(\mu,\sigma^2): \varphi(\mu/\sigma)/\sigma",
        Source("002", "Q6", "the derivative with respect to mu"),
        scheme=ALL,
        parts=(
            Part(
                rf"\nabla_w\mathbb{{E}}_{{q(z|w)}}[{STEP}] = \mathbb{{E}}_{{q(z|w)}}[{STEP}\nabla_w\log q(z|w)]",
                given=r"Let $q(z|w)$ be a density with the parameter $w\in\mathbb{R}$ and $z\in\mathbb{R}$.",
                role="the estimate is unbiased though f jumps, for every density q that is smooth in w",
            ),
            Part(rf"{BY_MEAN} = {DENSITY_AT_STEP}", given=NORMAL, role="and this is what it estimates, for w = mu"),
        ),
        wrong=(
            Part(rf"{BY_MEAN} = -{DENSITY_AT_STEP}", given=NORMAL),
            Part(rf"{BY_MEAN} = \mathcal N\left(\frac{{\mu}}{{\sigma}};0,1\right)", given=NORMAL),
            Part(rf"{BY_MEAN} = 0", given=NORMAL),
        ),
    ),
    Entry(
        "grad.reparameterization-step",
        "The pathwise gradient of a step",
        r"\nabla_\mu\mathbb{E}[\mathbb 1\{\mu+\sigma\epsilon>0\}] = \mathbb{E}[\nabla_\mu\mathbb 1\{\mu+\sigma\epsilon>0\}]",  # noqa: E501
        Source("002", "Q7", "the pathwise derivative of a step is 0 almost surely"),
        holds=False,
        given=NORMAL,
        scheme=ALL,
        parts=(Part(rf"{BY_MEAN} = 0", role="the right side is 0, since f is constant near every z other than 0"),),
        fix=(Part(rf"{BY_MEAN} = {DENSITY_AT_STEP}", role="the true derivative is not"),),
        wrong=(
            rf"{BY_MEAN} = 2{DENSITY_AT_STEP}",
            rf"{BY_MEAN} = -{DENSITY_AT_STEP}",
            rf"{BY_MEAN} = \frac1\sigma\mathcal N\left(\mu;0,1\right)",
        ),
    ),
)
