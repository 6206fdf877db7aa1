"""Adversarial training: the value of the game, its optimum, the losses, coverage."""

from derivations.catalogue import Entry, Part, Source
from proofs.schemes import ALL, Scheme

DENSITIES = r"Let $p_{data}$ and $p_g$ be densities."
VALUE = r"\mathbb{E}_{x\sim p_{data}}[\log D(x)] + \mathbb{E}_{x\sim p_g}[\log(1-D(x))]"
OPTIMUM = r"\frac{p_{data}(x)}{p_{data}(x)+p_g(x)}"
BEST = (
    rf"\mathbb{{E}}_{{x\sim p_{{data}}}}\left[\log {OPTIMUM}\right] "
    rf"+ \mathbb{{E}}_{{x\sim p_g}}\left[\log\left(1-{OPTIMUM}\right)\right]"
)
JSD = r"\mathrm{JSD}(p_{data}\|p_g)"
# the value at the best discriminator where p_g = p_data
CONVERGED = BEST.replace("p_g", "p_{data}")
UNIT = r"Let $D\in(0,1)$ and $E\in(0,1)$."
PAIR = (r"D<E",)  # two values of the discriminator's output, for what grows or falls
MIDDLE = r"\frac{p_{data}(x)+p_g(x)}{2}"
# squared Hellinger distances of both densities from their mean: 0 only where the two densities agree
FROM_THE_MEAN = (
    rf"\int\left(\sqrt{{p_{{data}}(x)}}-\sqrt{{{MIDDLE}}}\right)^2dx"
    rf"+\int\left(\sqrt{{p_g(x)}}-\sqrt{{{MIDDLE}}}\right)^2dx"
)
AS_RATIOS = (
    r"-\mathbb{E}_{x\sim p_{data}}\left[\log\frac{p_{data}(x)+p_g(x)}{2p_{data}(x)}\right]"
    r"-\mathbb{E}_{x\sim p_g}\left[\log\frac{p_{data}(x)+p_g(x)}{2p_g(x)}\right]"
)

# x and y run over the two supports: on each the other density is 0
APART = (
    r"\frac12\mathbb{E}_{x\sim p(x)}\left[\log\frac{p(x)}{\frac12(p(x)+0)}\right]"
    r"+\frac12\mathbb{E}_{y\sim q_\theta(y)}\left[\log\frac{q_\theta(y)}{\frac12(0+q_\theta(y))}\right]"
)
OMEGA = r"(1-\mathbb{1}\{r\le0\})\mathbb{1}\{t\le0\}"  # 1 where r > 0 and t = 0
DENSITIES_AT_A_POINT = r"Let $r\in\mathbb{R}$ and $t\in\mathbb{R}$."

ENTRIES = (
    Entry(
        "gan.value-in-data-space",
        "The generator's term in data space",
        r"\mathbb{E}_{z\sim p_z}[\log(1-D(g(z)))] = \int p_g(x)\log(1-D(x))\,dx",
        Source("000", "Q2", "an expectation over noise is one over generated samples"),
        given=r"Let $D(x)\in(0,1)$. Let $p_g$ be the density of $g(z)$ with $z\sim p_z$.",
        wrong=(
            r"\mathbb{E}_{z\sim p_z}[\log(1-D(g(z)))] = -\int p_g(x)\log(1-D(x))\,dx",
            r"\mathbb{E}_{z\sim p_z}[\log(1-D(g(z)))] = \int p_g(x)\log D(x)\,dx",
            r"\mathbb{E}_{z\sim p_z}[\log(1-D(g(z)))] = 2\int p_g(x)\log(1-D(x))\,dx",
        ),
    ),
    Entry(
        "gan.pointwise-maximum",
        "The maximum of a log y + b log(1-y)",
        r"\arg\max_{y\in[0,1]} a\log y + b\log(1-y) = \frac{a}{a+b}",
        Source("000", "Q2", "the integrand of the value is largest at a/(a+b)"),
        scheme=Scheme("unique maximum", "y"),
        parts=(
            Part(
                r"a\log y + b\log(1-y) < a\log\frac{a}{a+b}+b\log\left(1-\frac{a}{a+b}\right)",
                given=r"Let $a>0$, $b>0$ and $y\in(0,1)$.",
                conditions=(r"y\ne\frac{a}{a+b}",),
                role="a, b > 0: every other y gives less",
            ),
            Part(
                r"0 < \frac{a}{a+b} < 1",
                given=r"Let $a>0$ and $b>0$.",
                role="the point lies in the interval",
            ),
            Part(
                r"b\log(1-y) < b\log(1-0)",
                given=r"Let $b>0$ and $y\in(0,1)$.",
                role="a = 0: the maximum is at y = 0 = a/(a+b) only",
            ),
            Part(
                r"a\log y < a\log 1",
                given=r"Let $a>0$ and $y\in(0,1)$.",
                role="b = 0: the maximum is at y = 1 = a/(a+b) only",
            ),
        ),
        wrong=tuple(
            Part(rf"a\log y + b\log(1-y) \le {rhs}", given=r"Let $a>0$, $b>0$ and $y\in(0,1)$.")
            for rhs in (
                r"b\log\frac{a}{a+b}+a\log\left(1-\frac{a}{a+b}\right)",
                r"a\log\frac{b}{a+b}+b\log\left(1-\frac{b}{a+b}\right)",
                r"2a\log\frac{a}{a+b}+b\log\left(1-\frac{a}{a+b}\right)",
                r"a\log\frac12+b\log\frac12",
            )
        ),
    ),
    Entry(
        "gan.pointwise-maximum-unrestricted",
        "The same for weights of any sign",
        r"\text{for any } (a,b)\in\mathbb{R}^2\setminus\{(0,0)\} \text{ the maximum over } [0,1] \text{ is at } \frac{a}{a+b}",  # noqa: E501
        Source("000", "Q2", "the restriction to weights that are not negative is left out"),
        holds=False,
        given=r"Let $a\in\mathbb{R}$ and $b\in\mathbb{R}$.",
        conditions=(r"a+b>0",),
        scheme=ALL,
        parts=(Part(r"\frac{a}{a+b} \ge 0", role="the point lies in [0, 1]"),),
        fix="gan.pointwise-maximum",
    ),
    Entry(
        "gan.optimal-discriminator",
        "The best discriminator",
        r"D^*_G(x) = \frac{p_{data}(x)}{p_{data}(x)+p_g(x)} \text{ maximises } V(G,D)",
        Source("000, 004", "Q2, Q1c", "for a fixed generator"),
        given=DENSITIES,
        scheme=ALL,
        parts=(
            Part(rf"{VALUE} \le {BEST}", given=r"Let $D(x)\in(0,1)$.", role="no discriminator has a larger value"),
            Part(
                r"u\log y + v\log(1-y) < u\log\frac{u}{u+v}+v\log\left(1-\frac{u}{u+v}\right)",
                given=r"Let $u>0$, $v>0$ and $y\in(0,1)$.",
                conditions=(r"y\ne\frac{u}{u+v}",),
                role="unique: at a point with densities u and v any other output y has a smaller integrand",
            ),
            Part(
                r"u\log y < u\log 1",
                given=r"Let $u>0$ and $y\in(0,1)$.",
                role="where p_g = 0 the best output is 1 = u/(u+0), in the closed interval",
            ),
            Part(
                r"v\log(1-y) < v\log(1-0)",
                given=r"Let $v>0$ and $y\in(0,1)$.",
                role="where p_data = 0 the best output is 0 = 0/(0+v)",
            ),
        ),
        wrong=tuple(
            Part(rf"{VALUE} \le {rhs}", given=r"Let $D(x)\in(0,1)$.")
            for rhs in (
                r"\mathbb{E}_{x\sim p_{data}}\left[\log \frac{p_g(x)}{p_{data}(x)+p_g(x)}\right] "
                r"+ \mathbb{E}_{x\sim p_g}\left[\log\frac{p_{data}(x)}{p_{data}(x)+p_g(x)}\right]",
                r"\mathbb{E}_{x\sim p_{data}}\left[\log\frac12\right] + \mathbb{E}_{x\sim p_g}\left[\log\frac12\right]",
                rf"2\left({BEST}\right)",
            )
        ),
    ),
    Entry(
        "gan.equilibrium-half",
        "At equilibrium the discriminator guesses",
        r"\frac{p_{data}(x)}{p_{data}(x)+p_g(x)}=\frac12",
        Source("000", "Q2", "the best discriminator where both densities agree"),
        given=DENSITIES,
        conditions=(r"p_g(x)=p_{data}(x)",),
        wrong=(
            r"\frac{p_{data}(x)}{p_{data}(x)+p_g(x)}=1",
            r"\frac{p_{data}(x)}{p_{data}(x)+p_g(x)}=\frac13",
            r"\frac{2p_{data}(x)}{p_{data}(x)+p_g(x)}=\frac12",
        ),
    ),
    Entry(
        "gan.value-is-jsd",
        "The value at the best discriminator",
        rf"\max_D V(G,D) = -\log 4 + 2\,{JSD}",
        Source("003", "Q2.3"),
        given=DENSITIES,
        scheme=ALL,
        parts=(
            Part(
                rf"{VALUE} \le -\log 4+2\,{JSD}",
                given=r"Let $D(x)\in(0,1)$.",
                derivation=rf"{VALUE} \le {BEST} = -\log 4+2\,{JSD}",
                role="an upper bound for every discriminator",
            ),
            Part(rf"{BEST} = -\log 4+2\,{JSD}", role="which the best one attains"),
        ),
        wrong=(
            rf"{BEST} = \log 4+2\,{JSD}",
            rf"{BEST} = -\log 4+{JSD}",
            rf"{BEST} = -\log 2+2\,{JSD}",
            rf"{BEST} = -\log 4-2\,{JSD}",
        ),
    ),
    Entry(
        "gan.value-at-convergence",
        "The value when the generator has converged",
        r"V(G^*,D^*) = -\log 4 = -2\log 2",
        Source("003", "Q2.3", "with p_g = p_data both expectations are over p_data"),
        given=DENSITIES,
        parts=(Part(rf"{CONVERGED} = -\log 4 = -2\log 2"),),
        scheme=ALL,
        wrong=tuple(f"{CONVERGED} = {rhs}" for rhs in (r"\log 4", r"-\log 2", r"-4\log 2", r"0")),
    ),
    Entry(
        "gan.global-minimum",
        "The generator's optimum",
        r"\max_D V(G,D) \ge -\log 4, \text{ with equality iff } p_g = p_{data}",
        Source("003", "Q2.3"),
        given=DENSITIES,
        scheme=ALL,
        parts=(
            Part(
                rf"-\log 4+2\,{JSD} \ge -\log 4 + {FROM_THE_MEAN}",
                derivation=rf"-\log 4+2\,{JSD} = -\log 4{AS_RATIOS} \ge -\log 4 + {FROM_THE_MEAN}",
                role="the value exceeds -log 4 by squared distances, 0 only where p_data = (p_data+p_g)/2 = p_g",
            ),
            Part(rf"{FROM_THE_MEAN} \ge 0", role="which are not negative"),
            Part(
                rf"{VALUE.replace('p_g', 'p_{data}').replace('D(x)', '{}')}".replace(
                    "{}", r"\frac{p_{data}(x)}{2p_{data}(x)}"
                )
                + r" = -\log 4",
                role="and the value is -log 4 where both densities are the same",
            ),
        ),
        wrong=(
            rf"-\log 4+2\,{JSD} \ge -\log 2",
            rf"-\log 4+2\,{JSD} \ge \log 4",
            rf"-\log 4+2\,{JSD} \le -\log 4",
            rf"-\log 4-2\,{JSD} \ge -\log 4",
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
    Entry(
        "gan.saddle-point",
        "The only equilibrium of the game xy",
        r"\min_x\max_y xy \text{ has its only equilibrium at } x=y=0",
        Source("000", "Q6", "x is chosen to make xy small, y to make it large"),
        given=r"Let $x\in\mathbb{R}$ and $y\in\mathbb{R}$.",
        scheme=ALL,
        parts=(
            Part(r"x\cdot 0 = 0\cdot 0", role="at (0, 0) the first player gains nothing by moving"),
            Part(r"0\cdot y = 0\cdot 0", role="nor does the second"),
            Part(
                r"(x-y)y < xy",
                domains={"y": "nonzero"},
                role="where y is not 0 the first player gains by moving to x - y",
            ),
            Part(
                r"x(y+x) > xy",
                domains={"x": "nonzero"},
                role="where x is not 0 the second player gains by moving to y + x",
            ),
        ),
        wrong=(
            r"(x+y)y < xy",
            r"x(y-x) > xy",
            r"x\cdot 0 = 1",
            r"(x-y)y > xy",
        ),
    ),
    Entry(
        "gan.generator-loss-a",
        "Cross-entropy with label one",
        r"CE(1,D) = -\log D \text{ is strictly decreasing and smallest at } D=1",
        Source("000", "Q7a", "the loss -log D for the generator"),
        given=UNIT,
        scheme=Scheme("decreasing", "D", "E"),
        parts=(
            Part(r"-\log D > -\log E", conditions=PAIR),
            Part(r"-\log D > -\log 1", role="every D < 1 gives more than D = 1"),
            Part(r"-\left[1\cdot\log D+(1-1)\log(1-D)\right] = -\log D", role="CE(1, D)"),
        ),
        wrong=(
            Part(r"-\log D < -\log E", conditions=PAIR),
            Part(r"\log D > \log E", conditions=PAIR),
            Part(r"-\log D > -2\log E", conditions=PAIR),
            r"-\log D < -\log 1",
        ),
    ),
    Entry(
        "gan.generator-loss-b",
        "Cross-entropy of a negative output",
        r"CE(1,-D) \text{ is real for some } D\in(0,1]",
        Source("000", "Q7b", "the logarithm of a negative number"),
        holds=False,
        given=r"Let $D\in(0,1]$.",
        domains={"D": "positive"},
        scheme=ALL,
        parts=(Part(r"-D > 0", role="what a real logarithm of -D needs"),),
        fix=(Part(r"-D < 0", role="for every D, so that log(-D) is not real"),),
        wrong=(r"-D > -\frac12 D", r"-D = 0", r"-D \ge 1"),
    ),
    Entry(
        "gan.generator-loss-c",
        "Cross-entropy of the complement",
        r"CE(1,1-D) \text{ is smallest at } D=1",
        Source("000", "Q7c", "the loss -log(1-D) falls towards D = 1"),
        holds=False,
        given=UNIT,
        scheme=ALL,
        parts=(Part(r"-\log(1-D) > -\log(1-E)", conditions=PAIR, role="it falls as D grows to 1"),),
        fix=(
            Part(r"-\log(1-D) < -\log(1-E)", conditions=PAIR, role="it grows with D"),
            Part(r"-\log(1-D) > -\log(1-0)", role="and is smallest at D = 0"),
        ),
        wrong=(
            r"-\log(1-D) < -\log(1-0)",
            r"\log(1-D) > \log(1-0)",
            Part(r"-\log(1+D) < -\log(1+E)", conditions=PAIR),
        ),
    ),
    Entry(
        "gan.generator-loss-d",
        "Cross-entropy of the reciprocal",
        r"CE(1,1/D) \text{ is smallest at } D=1",
        Source("000", "Q7d", "the loss -log(1/D)"),
        holds=False,
        given=UNIT,
        scheme=ALL,
        parts=(Part(r"-\log\frac1D \ge -\log\frac11", role="no D gives less than D = 1"),),
        fix=(
            Part(r"-\log\frac1D = \log D", role="it is log D"),
            Part(
                r"-\log\frac1D < -\log\frac1E",
                conditions=PAIR,
                derivation=r"-\log\frac1D = \log D < \log E = -\log\frac1E",
                role="strictly increasing",
            ),
            Part(
                r"-\log\frac{1}{e^{-M}} = -M",
                given=r"Let $M>0$.",
                role="and unbounded below: at D = exp(-M) it is -M",
            ),
        ),
        wrong=(
            r"-\log\frac1D = -\log D",
            r"-\log\frac1D = 2\log D",
            Part(r"-\log\frac1D > -\log\frac1E", conditions=PAIR),
        ),
    ),
    Entry(
        "gan.discriminator-loss-a",
        "A loss that grows as D falls: CE(1, D)",
        r"CE(1,D) = -\log D \text{ grows as } D \text{ falls to } 0",
        Source("000", "Q8a"),
        given=UNIT,
        scheme=Scheme("decreasing", "D", "E"),
        parts=(
            Part(r"-\log D > -\log E", conditions=PAIR),
            Part(r"-\log e^{-M} = M", given="Let $M>0$.", role="beyond every bound: at D = exp(-M) it is M"),
        ),
        wrong=(
            Part(r"-\log D < -\log E", conditions=PAIR),
            Part(r"\log D > \log E", conditions=PAIR),
            Part(r"-\log D > -\log\frac E2", conditions=PAIR),
        ),
    ),
    Entry(
        "gan.discriminator-loss-b",
        "A loss that grows as D falls: -CE(1, D)",
        r"-CE(1,D) \text{ grows as } D \text{ falls to } 0",
        Source("000", "Q8b", "the only one of four options that falls"),
        holds=False,
        given=UNIT,
        scheme=ALL,
        parts=(Part(r"\log D > \log E", conditions=PAIR, role="-CE(1, D) = log D grows as D falls"),),
        fix=(Part(r"\log D < \log E", conditions=PAIR, role="it falls"),),
        wrong=(
            Part(r"\log D < \log E - 1", conditions=PAIR),
            Part(r"-\log D < -\log E", conditions=PAIR),
            Part(r"\log D < 2\log E", conditions=PAIR),
        ),
    ),
    Entry(
        "gan.discriminator-loss-c",
        "A loss that grows as D falls: CE(1, 1+D)",
        r"CE(1,1+D) = -\log(1+D) \text{ grows as } D \text{ falls to } 0",
        Source("000", "Q8c"),
        given=UNIT,
        scheme=Scheme("decreasing", "D", "E"),
        parts=(Part(r"-\log(1+D) > -\log(1+E)", conditions=PAIR),),
        wrong=(
            Part(r"-\log(1+D) < -\log(1+E)", conditions=PAIR),
            Part(r"-\log(1-D) > -\log(1-E)", conditions=PAIR),
            Part(r"-\log(1+D) > -\frac12\log(1+E)", conditions=PAIR),
        ),
    ),
    Entry(
        "gan.discriminator-loss-d",
        "A loss that grows as D falls: -CE(1, 1-D)",
        r"-CE(1,1-D) = \log(1-D) \text{ grows as } D \text{ falls to } 0",
        Source("000", "Q8d"),
        given=UNIT,
        scheme=Scheme("decreasing", "D", "E"),
        parts=(Part(r"\log(1-D) > \log(1-E)", conditions=PAIR),),
        wrong=(
            Part(r"\log(1-D) < \log(1-E)", conditions=PAIR),
            Part(r"-\log(1-D) > -\log(1-E)", conditions=PAIR),
            Part(r"\log(1+D) > \log(1+E)", conditions=PAIR),
        ),
    ),
    Entry(
        "gan.saturating-gradient",
        "The saturating loss has no gradient where the generator is bad",
        r"\frac{\partial}{\partial l}\log(1-\sigma(l)) = -\sigma(l) \to 0",
        Source("001, 003", "Q7, Q2.4"),
        given=r"Let $l\in\mathbb{R}$.",
        scheme=ALL,
        parts=(
            Part(r"\frac{\partial}{\partial l}\log(1-\sigma(l)) = -\sigma(l)"),
            Part(
                r"|-D-0| \le 1\cdot D",
                given=r"Let $D\in(0,1)$.",
                role="with D = sigma(l): the gradient -D is as close to 0 as D is",
            ),
        ),
        wrong=(
            r"\frac{\partial}{\partial l}\log(1-\sigma(l)) = 1-\sigma(l)",
            r"\frac{\partial}{\partial l}\log(1-\sigma(l)) = -2\sigma(l)",
            r"\frac{\partial}{\partial l}\log(1-\sigma(l)) = -(1-\sigma(l))",
            r"\frac{\partial}{\partial l}\log(1-\sigma(l)) = -\frac{1}{1-\sigma(l)}",
        ),
    ),
    Entry(
        "gan.non-saturating-gradient",
        "The non-saturating loss keeps its gradient",
        r"\frac{\partial}{\partial l}\left(-\log\sigma(l)\right) = -(1-\sigma(l)) \to -1",
        Source("001, 003", "Q7, Q2.4"),
        given=r"Let $l\in\mathbb{R}$.",
        scheme=ALL,
        parts=(
            Part(r"\frac{\partial}{\partial l}\left(-\log\sigma(l)\right) = -(1-\sigma(l))"),
            Part(
                r"|-(1-D)-(-1)| \le 1\cdot D",
                given=r"Let $D\in(0,1)$.",
                role="with D = sigma(l): the gradient -(1-D) is as close to -1 as D is to 0",
            ),
        ),
        wrong=(
            r"\frac{\partial}{\partial l}\left(-\log\sigma(l)\right) = 1-\sigma(l)",
            r"\frac{\partial}{\partial l}\left(-\log\sigma(l)\right) = -\sigma(l)",
            r"\frac{\partial}{\partial l}\left(-\log\sigma(l)\right) = -\frac{1}{\sigma(l)}",
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
)
