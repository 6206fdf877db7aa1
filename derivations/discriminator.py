"""The adversarial game: its value, the best discriminator, the optimum of the generator."""

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
)
