"""The evidence by sampling the prior: unbiased, biased under the logarithm, and costly in many dimensions."""

from derivations.catalogue import Entry, Part, Source
from proofs.schemes import ALL, INDUCTION

JOINT = "Let $p(x,z)=p(x|z)p(z)$."
AVERAGE = r"Let $q(s)$ be a density and let $h(s)>0$."  # s: all the draws z_1, ..., z_L; h(s): the average of p(x|z_l)
SPREAD = r"\mathbb{E}_{s\sim q(s)}\left[\left(\sqrt{\frac{h(s)}{c}}-1\right)^2\right]"
JENSEN = r"\mathbb{E}_{s\sim q(s)}[\log h(s)]"
ONE_MORE = r"\mathbb{E}_{s\sim q(s)}\left[\mathbb{E}_{z\sim p(z)}[h(s)+p(x|z)]\right]"

# the linear-Gaussian model: p(z) = N(0, I_d), p(x|z) = N(wz, sigma^2 I_d)
GAUSSIAN = r"Let $x\in\mathbb{R}^d$, $z\in\mathbb{R}^d$, $w\in\mathbb{R}$ and $\sigma>0$."
PRIOR = r"z\sim\mathcal N(0,I_d)"
RATIO = r"\frac{w^2+\sigma^2}{\sigma\sqrt{2w^2+\sigma^2}}"  # r
FAR = r"\frac{w^2\|x\|^2}{(w^2+\sigma^2)(2w^2+\sigma^2)}"  # what a far x adds to the logarithm
CLOSED = rf"\left({RATIO}\right)^d\exp\left({FAR}\right)-1"
LEAST = rf"\left({RATIO}\right)^d-1"


def relative_variance(x: str = "x") -> str:
    """Var p(x|z) / (E p(x|z))^2 under z ~ p(z)."""
    p = rf"\mathcal N({x};wz,\sigma^2I_d)"
    mean = rf"\mathbb{{E}}_{{{PRIOR}}}\left[{p}\right]"
    return rf"\frac{{\mathrm{{Var}}_{{{PRIOR}}}\left[{p}\right]}}{{\left({mean}\right)^2}}"


ENTRIES = (
    Entry(
        "elbo.marginal-by-sampling",
        "The evidence by sampling the prior",
        r"\mathbb{E}\left[\frac1L\sum_{l=1}^L p(x|z_l)\right] = p(x)",
        Source("003, 001", "Q1.4a, Q2"),
        given=JOINT,
        scheme=INDUCTION,
        parts=(
            Part(r"\mathbb{E}_{z\sim p(z)}[p(x|z)] = p(x)", role="one draw"),
            Part(
                r"\frac1L\sum_{l=1}^L m = m",
                given=r"Let $L\ge1$ be an integer and $m\in\mathbb{R}$.",
                role="L equal means",
            ),
            Part(
                rf"{ONE_MORE} = \mathbb{{E}}_{{s\sim q(s)}}[h(s)]+p(x)",
                given=AVERAGE,
                role="one draw more adds p(x) to the mean of the sum h(s) of those before",
            ),
        ),
        wrong=(
            r"\mathbb{E}_{z\sim p(z)}[p(x|z)] = 2p(x)",
            r"\mathbb{E}_{z\sim p(z)}[p(z|x)] = p(x)",
            Part(rf"{ONE_MORE} = \mathbb{{E}}_{{s\sim q(s)}}[h(s)]-p(x)", given=AVERAGE),
        ),
    ),
    Entry(
        "elbo.log-marginal-by-sampling",
        "The logarithm of an estimate",
        r"\mathbb{E}\left[\log\frac1L\sum_{l=1}^L p(x|z_l)\right] = \log p(x)",
        Source("003", "Q1.4a", "the logarithm is taken inside the expectation"),
        holds=False,
        given=JOINT,
        scheme=ALL,
        parts=(Part(r"\mathbb{E}_{z\sim p(z)}[\log p(x|z)] = \log p(x)", role="L = 1"),),
        fix=(
            Part(
                rf"{JENSEN} \le \log\mathbb{{E}}_{{s\sim q(s)}}[h(s)]",
                given=AVERAGE,
                role="h(s) the average over L draws s, whose mean is p(x) (elbo.marginal-by-sampling)",
            ),
            Part(
                rf"\log c-{JENSEN} \ge {SPREAD}",
                given=AVERAGE + " Let $c>0$.",
                conditions=(r"\mathbb{E}_{s\sim q(s)}[h(s)]=c",),
                derivation=rf"\log c-{JENSEN} = -\mathbb{{E}}_{{s\sim q(s)}}\left[\log\frac{{h(s)}}{{c}}\right] "
                rf"\ge {SPREAD}+1-\frac{{\mathbb{{E}}_{{s\sim q(s)}}[h(s)]}}{{c}} = {SPREAD}",
                role="with equality only where the average is constant, equal to its mean c",
            ),
        ),
        wrong=(
            Part(rf"{JENSEN} \ge \log\mathbb{{E}}_{{s\sim q(s)}}[h(s)]", given=AVERAGE),
            Part(rf"{JENSEN} = \log\mathbb{{E}}_{{s\sim q(s)}}[h(s)]", given=AVERAGE),
            Part(rf"{JENSEN} \le \mathbb{{E}}_{{s\sim q(s)}}[h(s)]-2", given=AVERAGE),
        ),
    ),
    Entry(
        "elbo.prior-sampling-inefficiency",
        "Sampling the prior costs exponentially much",
        rf"{relative_variance()} \ge {LEAST}",
        Source("003", "Q1.4b", "the relative variance of p(x|z) under the prior grows like r^d, with r > 1"),
        given=GAUSSIAN,
        domains={"w": "nonzero"},
        scheme=ALL,
        parts=(
            Part(
                rf"{relative_variance()} = {CLOSED} \ge {LEAST}",
                role="in closed form, in any dimension; at least r^d - 1 for every x",
            ),
            Part(f"{relative_variance('0')} = {LEAST}", role="with equality at x = 0"),
            Part(
                f"{RATIO} > 1",
                derivation=rf"{RATIO} = \sqrt{{\frac{{(w^2+\sigma^2)^2}}{{\sigma^2(2w^2+\sigma^2)}}}} "
                r"= \sqrt{1+\frac{w^4}{\sigma^2(2w^2+\sigma^2)}} > 1",
                role="r > 1: the growth is exponential",
            ),
        ),
        wrong=(
            rf"{relative_variance()} \le {LEAST}",
            rf"{relative_variance()} = {LEAST}",
            rf"{relative_variance()} = \left({RATIO}\right)^d\exp\left(-{FAR}\right)-1",
            f"{relative_variance()} = {CLOSED[:-2]}",
            f"{RATIO} < 1",
        ),
    ),
)
