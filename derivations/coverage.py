"""Distances between laws whose supports differ, and what of the data a generator leaves out."""

from derivations.catalogue import Entry, Part, Source
from proofs.schemes import ALL

JSD = r"\mathrm{JSD}(p_{data}\|p_g)"
# x and y run over the two supports: on each the other density is 0
APART = (
    r"\frac12\mathbb{E}_{x\sim p(x)}\left[\log\frac{p(x)}{\frac12(p(x)+0)}\right]"
    r"+\frac12\mathbb{E}_{y\sim q_\theta(y)}\left[\log\frac{q_\theta(y)}{\frac12(0+q_\theta(y))}\right]"
)
OMEGA = r"(1-\mathbb{1}\{r\le0\})\mathbb{1}\{t\le0\}"  # 1 where r > 0 and t = 0
DENSITIES_AT_A_POINT = r"Let $r\in\mathbb{R}$ and $t\in\mathbb{R}$."

ENTRIES = (
    Entry(
        "gan.disjoint-supports",
        "The divergence of disjoint supports",
        r"\text{disjoint supports give } \mathrm{JSD}=\log 2 \text{ whatever the distance, so its gradient in the shift is } 0",  # noqa: E501
        Source("001", "Q9", "supports at positive distance; theta is the shift of the second law"),
        given=r"Let $p(x)$ and $q_\theta(y)$ be densities with $\theta\in\mathbb{R}$.",
        scheme=ALL,
        parts=(
            Part(rf"{APART} = \log 2", role="the divergence, with 0 for the other density on each support"),
            Part(
                rf"\frac{{\partial}}{{\partial\theta}}\left({APART}\right) = 0", role="does not change with the shift"
            ),
        ),
        wrong=(
            rf"{APART} = 2\log 2",
            rf"{APART} = -\log 2",
            rf"{APART} = 0",
            rf"\frac{{\partial}}{{\partial\theta}}\left({APART}\right) = 1",
        ),
    ),
    Entry(
        "gan.wasserstein-shift",
        "The transport distance of a shift",
        r"W_1(P, P\text{ shifted by }\theta) = |\theta|, \text{ with gradient } \mathrm{sign}(\theta)",
        Source("001", "Q9", "by the quantile functions F and F + theta of the two laws"),
        given=r"Let $\theta\in\mathbb{R}$ and let $F$ be a function.",
        scheme=ALL,
        parts=(
            Part(
                r"\int_0^1|F(u)+\theta-F(u)|\,du = |\theta|",
                role="W_1 is the integral of the distance of the quantiles (Villani, Optimal Transport, 2.2)",
            ),
            Part(r"\frac{\partial}{\partial\theta}|\theta| = 1", domains={"theta": "positive"}, role="theta > 0"),
            Part(
                r"\frac{\partial}{\partial\theta}|-\theta| = 1",
                domains={"theta": "positive"},
                role="theta < 0: the distance falls by as much",
            ),
        ),
        wrong=(
            r"\int_0^1|F(u)+\theta-F(u)|\,du = \theta",
            r"\int_0^1|F(u)+\theta-F(u)|\,du = \theta^2",
            r"\int_0^1|F(u)+\theta-F(u)|\,du = 2|\theta|",
        ),
    ),
    Entry(
        "gan.uncovered-region-densities",
        "What is not covered, by densities",
        r"x\in\Omega \iff P_r(x)>0 \text{ and } P_\theta(x)=0",
        Source("004", "Q1b", "a definition: r and t are the two densities at x, covered means t > 0"),
        given=DENSITIES_AT_A_POINT,
        scheme=ALL,
        parts=(
            Part(
                rf"{OMEGA} = 1",
                domains={"r": "positive", "t": "nonnegative"},
                conditions=(r"t=0",),
                role="the indicator of Omega is 1 where there is data and no generated sample",
            ),
            Part(rf"{OMEGA} = 0", domains={"r": "nonnegative", "t": "positive"}, role="0 where it is covered"),
            Part(
                rf"{OMEGA} = 0",
                domains={"r": "nonnegative", "t": "nonnegative"},
                conditions=(r"r=0",),
                role="and 0 where there is no data",
            ),
        ),
        wrong=(
            Part(rf"{OMEGA} = 1", domains={"r": "nonnegative", "t": "positive"}),
            Part(rf"{OMEGA} = 0", domains={"r": "positive", "t": "nonnegative"}, conditions=(r"t=0",)),
            Part(r"\mathbb{1}\{r\le0\}\mathbb{1}\{t\le0\} = 1", domains={"r": "positive"}, conditions=(r"t=0",)),
        ),
    ),
    Entry(
        "gan.uncovered-region-discriminator",
        "The best discriminator shows what is not covered",
        r"x\in\Omega \iff D^*(x)=1, \quad \frac{P_\theta(x)}{P_r(x)} = \frac{1-D^*(x)}{D^*(x)}",
        Source("004", "Q1c", "r > 0 and t >= 0 are the two densities at a point; it is uncovered where t = 0"),
        given=r"Let $r\in\mathbb{R}$ and $t\in\mathbb{R}$.",
        domains={"r": "positive", "t": "nonnegative"},
        scheme=ALL,
        parts=(
            Part(r"\frac{r}{r+t} = 1", conditions=(r"t=0",), role="uncovered: the discriminator is sure"),
            Part(r"\frac{r}{r+t} < 1", domains={"t": "positive"}, role="covered: it is not"),
            Part(r"\frac{t}{r} = \frac{1-\frac{r}{r+t}}{\frac{r}{r+t}}", role="the ratio of the densities"),
        ),
        wrong=(
            r"\frac{t}{r} = \frac{\frac{r}{r+t}}{1-\frac{r}{r+t}}",
            r"\frac{t}{r} = 1-\frac{r}{r+t}",
            r"\frac{r}{r+t} < \frac12",
            Part(r"\frac{t}{r+t} = 1", conditions=(r"t=0",)),
        ),
    ),
    Entry(
        "gan.coverage-metric",
        "How much is not covered",
        r"\mathbb{E}_{P_r}[\mathbb{1}\{D^*(x)=1\}] = P_r(\Omega), \quad "
        r"\mathbb{E}_{P_r}\left[\frac{1-D^*}{D^*}\right] = P_\theta(\mathrm{supp}\,P_r)",
        Source("004", "Q1d", "x runs over the support of P_r, where its density r is positive"),
        given=r"Let $x\in\mathbb{R}$, $r(x)>0$ and $t(x)\ge0$.",
        scheme=ALL,
        parts=(
            Part(
                r"\frac{u}{u+v} = 1",
                given=r"Let $u\in\mathbb{R}$ and $v\in\mathbb{R}$.",
                domains={"u": "positive", "v": "nonnegative"},
                conditions=(r"v=0",),
                role="D* = 1 where P_theta = 0: the two indicators agree on Omega",
            ),
            Part(
                r"\frac{u}{u+v} < 1",
                given=r"Let $u\in\mathbb{R}$ and $v\in\mathbb{R}$.",
                domains={"u": "positive", "v": "positive"},
                role="and D* < 1 elsewhere: they agree off Omega, and so do their means",
            ),
            Part(
                r"\int r(x)\frac{1-\frac{r(x)}{r(x)+t(x)}}{\frac{r(x)}{r(x)+t(x)}}\,dx = \int t(x)\,dx",
                role="the mean of (1-D*)/D* over the support of P_r is the mass of P_theta on it",
            ),
        ),
        wrong=(
            r"\int r(x)\frac{1-\frac{r(x)}{r(x)+t(x)}}{\frac{r(x)}{r(x)+t(x)}}\,dx = \int r(x)\,dx",
            r"\int r(x)\left(1-\frac{r(x)}{r(x)+t(x)}\right)dx = \int t(x)\,dx",
            r"\int r(x)\frac{\frac{r(x)}{r(x)+t(x)}}{1-\frac{r(x)}{r(x)+t(x)}}\,dx = \int t(x)\,dx",
        ),
    ),
)
