"""The evidence bound: decompositions, slips, sampling of the evidence, Bernoulli decoders."""

from derivations.catalogue import Entry, Part, Source
from proofs.schemes import ALL

MODEL = r"Let $p(x,z)=p(x|z)p(z)$ be a latent variable model, and let $q(z|x)$ be any approximation of its posterior."
ELBO = r"\mathbb{E}_{q(z|x)}[\log p(x|z)]-D_{KL}(q(z|x)\|p(z))"
TABLES = (
    r"Let $P(x,z)$ be the joint probability of discrete variables $x$ and $z$, and let $Q(z|x)$ be any conditional "
    r"distribution."
)
WEIGHTED = r"\sum_z P(z|x)\log\frac{P(x,z)}{Q(z|x)}"
LOSS = r"-\sum_z Q(z|x)\log\frac{P(x,z)}{Q(z|x)}"
HELLINGER = r"\int\left(\sqrt{q(z|x)}-\sqrt{p(z|x)}\right)^2dz"
ONE_X = r"Let $q>0$, $j>0$ and $m>0$."  # Q(z|x), P(x,z) and P(x) at one x
TERM = r"-q\log\frac{j}{q}"

ENTRIES = (
    Entry(
        "elbo.decomposition",
        "The evidence, the bound and the gap",
        rf"\log p(x)-D_{{KL}}(q(z|x)\|p(z|x)) = {ELBO}",
        Source("003", "Q1.7"),
        given=MODEL,
        wrong=(
            rf"\log p(x)+D_{{KL}}(q(z|x)\|p(z|x)) = {ELBO}",
            rf"\log p(x)-D_{{KL}}(p(z|x)\|q(z|x)) = {ELBO}",
            r"\log p(x)-D_{KL}(q(z|x)\|p(z|x)) = \mathbb{E}_{q(z|x)}[\log p(x|z)]+D_{KL}(q(z|x)\|p(z))",
            r"\log p(x)-D_{KL}(q(z|x)\|p(z|x)) = \mathbb{E}_{q(z|x)}[\log p(x|z)]",
        ),
    ),
    Entry(
        "elbo.lower-bound",
        "The evidence lower bound",
        rf"\log p(x) \ge {ELBO}, \text{{ with equality iff }} q(z|x)=p(z|x)",
        Source("003", "Q1.6"),
        given=MODEL,
        scheme=ALL,
        parts=(
            Part(rf"\log p(x) \ge {ELBO}"),
            Part(
                rf"\log p(x) - \left({ELBO}\right) \ge {HELLINGER}",
                derivation=rf"\log p(x) - \left({ELBO}\right) "
                rf"= -\mathbb{{E}}_{{q(z|x)}}\left[\log\frac{{p(z|x)}}{{q(z|x)}}\right] \ge {HELLINGER}",
                role="the gap is at least a squared distance, 0 only where q = p(z|x) almost everywhere",
            ),
            Part(
                r"\mathbb{E}_{p(z|x)}[\log p(x|z)]-D_{KL}(p(z|x)\|p(z)) = \log p(x)",
                role="and there is no gap at the posterior",
            ),
        ),
        wrong=(
            rf"\log p(x) \le {ELBO}",
            r"\log p(x) \ge \mathbb{E}_{q(z|x)}[\log p(x|z)]+D_{KL}(q(z|x)\|p(z))",
            r"\log p(x) \ge \mathbb{E}_{q(z|x)}[\log p(x|z)]-\frac12D_{KL}(q(z|x)\|p(z))",
            r"p(x) \ge \mathbb{E}_{q(z|x)}[p(x|z)]",
        ),
    ),
    Entry(
        "elbo.gap-swapped",
        "Which divergence the gap is",
        rf"\log p(x)-\left({ELBO}\right) = D_{{KL}}(p(z)\|q(z|x))",
        Source("001", "Q3", "the gap is said to be a divergence from the prior"),
        holds=False,
        given=MODEL,
        fix=(Part(rf"\log p(x)-\left({ELBO}\right) = D_{{KL}}(q(z|x)\|p(z|x))"),),
        wrong=(
            rf"\log p(x)-\left({ELBO}\right) = D_{{KL}}(p(z|x)\|q(z|x))",
            rf"\log p(x)-\left({ELBO}\right) = -D_{{KL}}(q(z|x)\|p(z|x))",
            rf"\log p(x)-\left({ELBO}\right) = 2D_{{KL}}(q(z|x)\|p(z|x))",
        ),
    ),
    Entry(
        "elbo.negative-loss",
        "The loss is a divergence, up to the evidence",
        rf"{LOSS} = D_{{KL}}(Q(z|x)\|P(z|x))-\log P(x)",
        Source("000", "Q9a"),
        given=TABLES,
        wrong=(
            rf"{LOSS} = D_{{KL}}(Q(z|x)\|P(z|x))+\log P(x)",
            rf"{LOSS} = D_{{KL}}(P(z|x)\|Q(z|x))-\log P(x)",
            rf"{LOSS} = -D_{{KL}}(Q(z|x)\|P(z|x))-\log P(x)",
            rf"{LOSS} = D_{{KL}}(Q(z|x)\|P(z|x))",
        ),
    ),
    Entry(
        "elbo.sum-over-x",
        "A loss that sums over the wrong variable",
        r"\text{minimising } -\sum_x Q(z|x)\log\frac{P(x,z)}{Q(z|x)} \text{ over } Q \text{ gives } Q(z|x)=P(z|x)",
        Source("000", "Q9b", "the terms of different x do not meet, so each is minimised alone"),
        holds=False,
        given=ONE_X,
        scheme=ALL,
        parts=(
            Part(
                rf"{TERM} \ge -\frac{{j}}{{m}}\log\frac{{j}}{{\frac{{j}}{{m}}}}",
                role="with q = Q(z|x), j = P(x,z), m = P(x): no q gives a smaller term than P(x,z)/P(x)",
            ),
        ),
        fix=(
            Part(
                rf"{TERM} > -\frac{{j}}{{\exp(1)}}\log\frac{{j}}{{\frac{{j}}{{\exp(1)}}}}",
                conditions=(r"\frac{j}{q}\ne\frac{j}{\frac{j}{\exp(1)}}",),
                role="every q but P(x,z)/e (where j/q = e) gives a larger term",
            ),
            Part(
                r"-\sum_z Q(z|x)\log\frac{P(x,z)}{Q(z|x)} \ge -\log P(x)",
                given=TABLES,
                role="summed over z it is a bound",
            ),
            Part(
                r"-\sum_z P(z|x)\log\frac{P(x,z)}{P(z|x)} = -\log P(x)",
                given=TABLES,
                role="which the posterior attains",
            ),
        ),
        wrong=(
            rf"{TERM} \ge -j\log\frac{{j}}{{j}}",
            rf"{TERM} \ge -\frac{{j}}{{2}}\log 2",
            rf"{TERM} \le -\frac{{j}}{{\exp(1)}}",
        ),
    ),
    Entry(
        "elbo.posterior-weighted",
        "A loss that averages over the posterior",
        rf"{WEIGHTED} \le -\log P(x)",
        Source("000", "Q9c", "a bound on minus the evidence is expected"),
        holds=False,
        given=TABLES,
        fix=(
            Part(rf"{WEIGHTED} = \log P(x)+D_{{KL}}(P(z|x)\|Q(z|x))"),
            Part(r"\log P(x)+D_{KL}(P(z|x)\|Q(z|x)) \ge \log P(x)"),
        ),
        wrong=(
            rf"{WEIGHTED} = -\log P(x)+D_{{KL}}(P(z|x)\|Q(z|x))",
            rf"{WEIGHTED} = \log P(x)+D_{{KL}}(Q(z|x)\|P(z|x))",
            rf"{WEIGHTED} = \log P(x)-D_{{KL}}(P(z|x)\|Q(z|x))",
            r"\log P(x)+D_{KL}(P(z|x)\|Q(z|x)) \le \log P(x)",
        ),
    ),
    Entry(
        "elbo.aggregate-posterior",
        "The posterior averaged over the data is the prior",
        r"\int p(z|x)p(x)\,dx = p(z)",
        Source("000", "Q1"),
        given="Let $p(x,z)$ be a joint density.",
        wrong=(
            r"\int p(z|x)p(x)\,dx = 2p(z)",
            r"\int p(x|z)p(x)\,dx = p(z)",
            r"\int p(z|x)\,dx = p(z)",
        ),
    ),
    Entry(
        "elbo.bernoulli-likelihood",
        "The likelihood of a black or white pixel",
        r"\log\mathrm{Bern}(x\,|\,k) = x\log k+(1-x)\log(1-k)",
        Source("003", "Q1.10"),
        given=r"Let $x\in\{0,1\}$ and $k\in(0,1)$.",
        wrong=(
            r"\log\mathrm{Bern}(x\,|\,k) = x\log k-(1-x)\log(1-k)",
            r"\log\mathrm{Bern}(x\,|\,k) = (1-x)\log k+x\log(1-k)",
            r"\log\mathrm{Bern}(x\,|\,k) = x\log k",
        ),
    ),
    Entry(
        "elbo.bernoulli-as-written",
        "Pixel and probability have changed places",
        r"\log\mathrm{Bern}(x\,|\,k) = k\log x+(1-k)\log(1-x)",
        Source("003", "Q1.10", "the logarithm of a pixel that is 0 or 1 has no value"),
        holds=False,
        given=r"Let $x\in\{0,1\}$ and $k\in(0,1)$.",
        fix="elbo.bernoulli-likelihood",
    ),
    Entry(
        "elbo.first-epoch-loss",
        "The loss of a decoder that knows nothing",
        r"-\sum_{i=1}^{784}\left[x_i\log\frac12+(1-x_i)\log\left(1-\frac12\right)\right] = 784\log 2",
        Source("003", "Q1.12", "the loss of an image of 28 x 28 pixels when every pixel's probability is 1/2"),
        given=r"Let $x\in\mathbb{R}^{784}$.",
        scheme=ALL,
        parts=(
            Part(r"-\sum_{i=1}^{784}\left[x_i\log\frac12+(1-x_i)\log\left(1-\frac12\right)\right] = 784\log 2"),
            Part(r"-28\cdot 28\cdot\log\frac12 = 784\log 2"),
        ),
        wrong=(
            r"28\cdot 28\cdot\log\frac12 = 784\log 2",
            r"-28\cdot\log\frac12 = 784\log 2",
            r"-28\cdot 28\cdot\log\frac12 = 784",
        ),
    ),
)
