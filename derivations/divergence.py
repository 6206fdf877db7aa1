"""Kullback-Leibler divergences."""

from derivations.catalogue import Entry, Part, Source
from proofs.schemes import ALL

DENSITIES = "Let $p$ and $q$ be densities."
GAUSSIANS = r"Let $\mu_1,\mu_2\in\mathbb{R}$ and $\sigma_1,\sigma_2>0$."
BETWEEN = r"D_{KL}(\mathcal N(\mu_1,\sigma_1^2)\|\mathcal N(\mu_2,\sigma_2^2))"
STANDARD = r"D_{KL}(\mathcal N(\mu,\sigma^2)\|\mathcal N(0,1))"
VALUE = r"\log\frac1\sigma+\frac{\sigma^2+\mu^2}{2}-\frac12"
UNFOLDED = r"-\log\sigma+\frac{\sigma^2+\mu^2}{2}-\frac12"
MULTIVARIATE = r"D_{KL}(\mathcal N(\mu_1,\Sigma_1)\|\mathcal N(\mu_2,\Sigma_2))"
DIAGONAL = r"D_{KL}(\mathcal N(\mu,\mathrm{diag}(v))\|\mathcal N(0,I))"
HELLINGER = r"\int\left(\sqrt{p(x)}-\sqrt{q(x)}\right)^2dx"  # 0 only where p = q almost everywhere

ENTRIES = (
    Entry(
        "kl.nonnegative",
        "The divergence is not negative",
        r"D_{KL}(p\|q)\ge 0, \text{ with equality iff } p=q \text{ almost everywhere}",
        Source("001", "Q1"),
        given=DENSITIES,
        scheme=ALL,
        parts=(
            Part(
                rf"D_{{KL}}(p\|q)\ge {HELLINGER}",
                derivation=rf"D_{{KL}}(p\|q) = -\mathbb{{E}}_{{x\sim p}}\left[\log\frac{{q(x)}}{{p(x)}}\right] \ge {HELLINGER}",  # noqa: E501
                role="at least the squared Hellinger distance, which is 0 only where p = q almost everywhere",
            ),
            Part(rf"{HELLINGER} \ge 0", role="which is not negative"),
            Part(r"D_{KL}(p\|p) = 0", role="and 0 where the densities are the same"),
        ),
        wrong=(
            r"D_{KL}(p\|q)\le 0",
            r"D_{KL}(p\|q)\ge 1",
            r"-D_{KL}(p\|q)\ge 0",
            rf"D_{{KL}}(p\|q)\ge 4{HELLINGER}",
        ),
    ),
    Entry(
        "kl.argument-order",
        "Which density is averaged over",
        r"D_{KL}(q\|p) = -\int p(x)\log q(x)\,dx + \int p(x)\log p(x)\,dx",
        Source("003", "Q1.5b", "the arguments of the divergence have changed places"),
        holds=False,
        given=DENSITIES,
        fix=(Part(r"D_{KL}(p\|q) = -\int p(x)\log q(x)\,dx + \int p(x)\log p(x)\,dx"),),
        wrong=(
            r"D_{KL}(p\|q) = \int p(x)\log q(x)\,dx - \int p(x)\log p(x)\,dx",
            r"D_{KL}(p\|q) = -\int q(x)\log q(x)\,dx + \int p(x)\log p(x)\,dx",
            r"D_{KL}(p\|q) = -\int p(x)\log q(x)\,dx",
        ),
    ),
    Entry(
        "kl.maximum-likelihood",
        "Maximum likelihood minimises a divergence",
        r"\mathbb{E}_{x\sim p_{data}}[\log p_\theta(x)] = -H(p_{data})-D_{KL}(p_{data}\|p_\theta)",
        Source("001", "Q1"),
        given=r"Let $p_{data}$ and $p_\theta$ be densities.",
        wrong=(
            r"\mathbb{E}_{x\sim p_{data}}[\log p_\theta(x)] = H(p_{data})-D_{KL}(p_{data}\|p_\theta)",
            r"\mathbb{E}_{x\sim p_{data}}[\log p_\theta(x)] = -H(p_{data})+D_{KL}(p_{data}\|p_\theta)",
            r"\mathbb{E}_{x\sim p_{data}}[\log p_\theta(x)] = -H(p_{data})-D_{KL}(p_\theta\|p_{data})",
            r"\mathbb{E}_{x\sim p_{data}}[\log p_\theta(x)] = -D_{KL}(p_{data}\|p_\theta)",
        ),
    ),
    Entry(
        "kl.univariate-gaussian",
        "Two normal laws on the line",
        rf"{BETWEEN} = \log\frac{{\sigma_2}}{{\sigma_1}}+\frac{{\sigma_1^2+(\mu_1-\mu_2)^2}}{{2\sigma_2^2}}-\frac12",
        Source("003", "Q1.5b"),
        given=GAUSSIANS,
        wrong=(
            rf"{BETWEEN} = \log\frac{{\sigma_1}}{{\sigma_2}}+\frac{{\sigma_1^2+(\mu_1-\mu_2)^2}}{{2\sigma_2^2}}-\frac12",  # noqa: E501
            rf"{BETWEEN} = \log\frac{{\sigma_2}}{{\sigma_1}}+\frac{{\sigma_1^2+(\mu_1-\mu_2)^2}}{{\sigma_2^2}}-\frac12",
            rf"{BETWEEN} = \log\frac{{\sigma_2}}{{\sigma_1}}+\frac{{\sigma_2^2+(\mu_1-\mu_2)^2}}{{2\sigma_1^2}}-\frac12",  # noqa: E501
            rf"{BETWEEN} = \log\frac{{\sigma_2}}{{\sigma_1}}+\frac{{\sigma_1^2+(\mu_1-\mu_2)^2}}{{2\sigma_2^2}}",
        ),
    ),
    Entry(
        "kl.univariate-intermediate",
        "The two integrals of the divergence",
        r"-\int p(x)\log q(x)\,dx + \int p(x)\log p(x)\,dx = "
        r"\frac12\log(2\pi\sigma_2^2)+\frac{\sigma_1^2+(\mu_1-\mu_2)^2}{2\sigma_2^2}-\frac12(1+\log 2\pi\sigma_1^2)",
        Source("003", "Q1.5b"),
        given=r"Let $\mu_1,\mu_2\in\mathbb{R}$, $\sigma_1,\sigma_2>0$, $p(x)=\mathcal N(\mu_1,\sigma_1^2)$ "
        r"and $q(x)=\mathcal N(\mu_2,\sigma_2^2)$.",
        wrong=(
            r"-\int p(x)\log q(x)\,dx + \int p(x)\log p(x)\,dx = "
            r"\frac12\log(2\pi\sigma_2^2)+\frac{\sigma_1^2+(\mu_1-\mu_2)^2}{2\sigma_2^2}+\frac12(1+\log 2\pi\sigma_1^2)",  # noqa: E501
            r"-\int p(x)\log q(x)\,dx + \int p(x)\log p(x)\,dx = "
            r"\frac12\log(2\pi\sigma_1^2)+\frac{\sigma_1^2+(\mu_1-\mu_2)^2}{2\sigma_2^2}-\frac12(1+\log 2\pi\sigma_2^2)",  # noqa: E501
            r"-\int p(x)\log q(x)\,dx + \int p(x)\log p(x)\,dx = "
            r"\frac12\log(2\pi\sigma_2^2)+\frac{\sigma_1^2+(\mu_1-\mu_2)^2}{2\sigma_2^2}-\frac12\log 2\pi\sigma_1^2",
        ),
    ),
    Entry(
        "kl.to-standard-normal",
        "From the standard normal law",
        rf"{STANDARD} = {VALUE}",
        Source("003", "Q1.5b"),
        given=r"Let $\mu\in\mathbb{R}$ and $\sigma>0$.",
        wrong=(
            rf"{STANDARD} = \log\sigma+\frac{{\sigma^2+\mu^2}}{{2}}-\frac12",
            rf"{STANDARD} = \log\frac1\sigma+\frac{{\sigma^2-\mu^2}}{{2}}-\frac12",
            rf"{STANDARD} = \log\frac1\sigma+\frac{{\sigma^2+\mu^2}}{{2}}",
            rf"{STANDARD} = 2\log\frac1\sigma+\frac{{\sigma^2+\mu^2}}{{2}}-\frac12",
        ),
    ),
    Entry(
        "kl.minimum",
        "Where the divergence from the standard normal law is 0",
        r"D_{KL}(\mathcal N(\mu,\sigma^2)\|\mathcal N(0,1)) \text{ is } 0 \text{ exactly at } \mu=0,\sigma=1, "
        r"\text{ positive elsewhere and unbounded}",
        Source("003", "Q1.5a"),
        given=r"Let $\mu\in\mathbb{R}$ and $\sigma>0$.",
        scheme=ALL,
        parts=(
            Part(rf"{STANDARD} = {VALUE}", role="the function that is meant"),
            Part(
                rf"{VALUE} > 0",
                conditions=(r"\sigma\ne1",),
                derivation=rf"{VALUE} = {UNFOLDED} > \frac{{(\sigma-1)^2+\mu^2}}{{2}} \ge 0",
                role="positive where sigma is not 1",
            ),
            Part(
                rf"{VALUE} > 0",
                domains={"mu": "nonzero"},
                derivation=rf"{VALUE} = {UNFOLDED} \ge \frac{{(\sigma-1)^2+\mu^2}}{{2}} > 0",
                role="positive where mu is not 0",
            ),
            Part(r"\log\frac11+\frac{1^2+0^2}{2}-\frac12 = 0", role="0 at mu = 0, sigma = 1"),
            Part(
                r"\log\frac11+\frac{1^2+\left(\sqrt{2M}\right)^2}{2}-\frac12 = M",
                given="Let $M>0$.",
                role="unbounded: M at mu = sqrt(2M), sigma = 1",
            ),
        ),
        wrong=(
            rf"{VALUE} > 1",
            rf"{VALUE} < 0",
            r"\log\sigma+\frac{\sigma^2+\mu^2}{2}-\frac12 > 0",
            r"\log\frac1\sigma+\frac{\sigma^2-\mu^2}{2}-\frac12 > 0",
        ),
    ),
    Entry(
        "kl.multivariate-gaussian",
        "Two normal laws in any dimension",
        rf"{MULTIVARIATE} = \frac12\left[\log\frac{{\det\Sigma_2}}{{\det\Sigma_1}}+\mathrm{{tr}}(\Sigma_2^{{-1}}\Sigma_1)"  # noqa: E501
        r"+(\mu_2-\mu_1)^\top\Sigma_2^{-1}(\mu_2-\mu_1)-d\right]",
        Source("004", "Q2"),
        given=r"Let $\mu_1,\mu_2\in\mathbb{R}^d$ and $\Sigma_1,\Sigma_2\in\mathbb{R}^{d\times d}$.",
        domains={"Sigma_1": "positive_definite", "Sigma_2": "positive_definite"},
        wrong=(
            rf"{MULTIVARIATE} = \frac12\left[\log\frac{{\det\Sigma_1}}{{\det\Sigma_2}}+\mathrm{{tr}}(\Sigma_2^{{-1}}\Sigma_1)"  # noqa: E501
            r"+(\mu_2-\mu_1)^\top\Sigma_2^{-1}(\mu_2-\mu_1)-d\right]",
            rf"{MULTIVARIATE} = \frac12\left[\log\frac{{\det\Sigma_2}}{{\det\Sigma_1}}+\mathrm{{tr}}(\Sigma_1^{{-1}}\Sigma_2)"  # noqa: E501
            r"+(\mu_2-\mu_1)^\top\Sigma_2^{-1}(\mu_2-\mu_1)-d\right]",
            rf"{MULTIVARIATE} = \frac12\left[\log\frac{{\det\Sigma_2}}{{\det\Sigma_1}}+\mathrm{{tr}}(\Sigma_2^{{-1}}\Sigma_1)"  # noqa: E501
            r"+(\mu_2-\mu_1)^\top\Sigma_2^{-1}(\mu_2-\mu_1)\right]",
            rf"{MULTIVARIATE} = \frac12\left[\log\frac{{\det\Sigma_2}}{{\det\Sigma_1}}+\mathrm{{tr}}(\Sigma_2^{{-1}}\Sigma_1)"  # noqa: E501
            r"+(\mu_2-\mu_1)^\top\Sigma_2(\mu_2-\mu_1)-d\right]",
        ),
    ),
    Entry(
        "kl.diagonal-standard-deviations",
        "A diagonal covariance by its standard deviations",
        r"\sum_{i=1}^d\left(\log\frac1{s_i}+\frac{s_i^2+\mu_i^2}{2}-\frac12\right) "
        r"= D_{KL}(\mathcal N(\mu,\mathrm{diag}(s^2))\|\mathcal N(0,I))",
        Source("003", "Q1.10"),
        given=r"Let $\mu\in\mathbb{R}^d$ and $s\in\mathbb{R}^d$.",
        domains={"s": "positive_vector"},
        wrong=(
            r"\sum_{i=1}^d\left(\log s_i+\frac{s_i^2+\mu_i^2}{2}-\frac12\right) "
            r"= D_{KL}(\mathcal N(\mu,\mathrm{diag}(s^2))\|\mathcal N(0,I))",
            r"\sum_{i=1}^d\left(\log\frac1{s_i}+\frac{s_i^2+\mu_i^2}{2}\right) "
            r"= D_{KL}(\mathcal N(\mu,\mathrm{diag}(s^2))\|\mathcal N(0,I))",
            r"\sum_{i=1}^d\left(\log\frac1{s_i}+\frac{s_i+\mu_i^2}{2}-\frac12\right) "
            r"= D_{KL}(\mathcal N(\mu,\mathrm{diag}(s^2))\|\mathcal N(0,I))",
        ),
    ),
    Entry(
        "kl.diagonal-as-written",
        "A diagonal covariance where variances are taken for standard deviations",
        rf"{DIAGONAL} = \sum_{{i=1}}^d\left(\log\frac1{{v_i}}+\frac{{v_i^2+\mu_i^2}}{{2}}-\frac12\right)",
        Source("003", "Q1.10", "the diagonal v is the covariance's, and the formula is one of standard deviations"),
        holds=False,
        given=r"Let $\mu\in\mathbb{R}^d$ and $v\in\mathbb{R}^d$.",
        domains={"v": "positive_vector"},
        reading={"second argument of N": "variance"},
        fix=(Part(rf"{DIAGONAL} = \sum_{{i=1}}^d\frac12\left(-\log v_i+v_i+\mu_i^2-1\right)"),),
        wrong=(
            rf"{DIAGONAL} = \sum_{{i=1}}^d\frac12\left(\log v_i+v_i+\mu_i^2-1\right)",
            rf"{DIAGONAL} = \sum_{{i=1}}^d\left(-\log v_i+v_i+\mu_i^2-1\right)",
            rf"{DIAGONAL} = \sum_{{i=1}}^d\frac12\left(-\log v_i+v_i+\mu_i^2\right)",
        ),
    ),
    Entry(
        "gan.jsd-bounds",
        "The Jensen-Shannon divergence is bounded",
        r"0 \le \mathrm{JSD}(p\|q) \le \log 2",
        Source("001", "Q9"),
        given="Let $p$ and $q$ be densities.",
        parts=(
            Part(
                r"0 \le \mathrm{JSD}(p\|q)",
                derivation=r"0 \le \frac12\int\left(\sqrt{p(x)}-\sqrt{\frac{p(x)+q(x)}{2}}\right)^2dx"
                r"+\frac12\int\left(\sqrt{q(x)}-\sqrt{\frac{p(x)+q(x)}{2}}\right)^2dx "
                r"\le -\frac12\mathbb{E}_{x\sim p}\left[\log\frac{p(x)+q(x)}{2p(x)}\right]"
                r"-\frac12\mathbb{E}_{x\sim q}\left[\log\frac{p(x)+q(x)}{2q(x)}\right] = \mathrm{JSD}(p\|q)",
            ),
            Part(
                r"\mathrm{JSD}(p\|q) \le \log 2",
                derivation=r"\mathrm{JSD}(p\|q) = \frac12\mathbb{E}_{x\sim p}\left[\log\frac{2p(x)}{p(x)+q(x)}\right]"
                r"+\frac12\mathbb{E}_{x\sim q}\left[\log\frac{2q(x)}{p(x)+q(x)}\right]\le\log 2",
            ),
        ),
        wrong=(
            r"\mathrm{JSD}(p\|q) \le \frac12\log 2",
            r"\mathrm{JSD}(p\|q) \ge \log 2",
            r"\mathrm{JSD}(p\|q) \le 0",
            r"D_{KL}(p\|q) \le \log 2",
        ),
    ),
)
