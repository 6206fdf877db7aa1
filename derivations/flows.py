"""Flows: change of variables, composition, coupling layers, dequantisation."""

from derivations.catalogue import Entry, Part, Source
from proofs.schemes import ALL, INDUCTION, TRIANGULAR

DIFFEOMORPHISM = (
    r"Let $f$ be a diffeomorphism of $\mathbb{R}^m$, and let $z=f(x)$. "
    r"Let $x\in\mathbb{R}^m$ and $z\in\mathbb{R}^m$. Let $p_X(x)$ be the density of $x$ and $p_Z(z)$ the density of $z$."  # noqa: E501
)
SQUARE = r"Let $J\in\mathbb{R}^{m\times m}$."
LAYER = r"\log p_X(x)=\log p_Z(f(x))+\log\left|\det\frac{\partial f(x)}{\partial x}\right|"
ADDED = r"Let $B\in\mathbb{R}$, let $c$ be a function and let $l\ge1$ be an integer."
STEP = r"B+c(l+1)+\sum_{k=1}^{l}c(k)=B+\sum_{k=1}^{l+1}c(k)"
# A component of x is u, the variable of a partial derivative (delta = 1), or another one, v (delta = 0).
COMPONENT = (
    r"Let $u\in\mathbb{R}$, $v\in\mathbb{R}$, $\delta\in\mathbb{R}$, $\alpha\in\mathbb{R}$ and $\tau\in\mathbb{R}$."
)
JACOBIAN = (
    Part(
        r"\frac{\partial}{\partial u}\left(\delta u+(1-\delta)v\right) = \delta",
        given=COMPONENT,
        role="y_1 = x_1: the first block is the identity, and nothing in it depends on x_2",
    ),
    Part(
        r"\frac{\partial}{\partial u}\left((\delta u+(1-\delta)v)e^{\alpha}+\tau\right) = \delta e^{\alpha}",
        given=COMPONENT,
        role="alpha = s_j(x_1), tau = t_j(x_1): a component of y_2 depends on its own component of x_2 only",
    ),
)
LAST_BLOCK = r"Let $x_1\in\mathbb{R}^m$, and let $s:\mathbb{R}^m\to\mathbb{R}^n$ be smooth."
NUMBERS = r"Let $u,v,a,b\in\mathbb{R}$."
# f(e) = e^2 has two preimages: what lies between a and b, for e ~ N(0, 1)
BETWEEN = (
    r"\mathbb{E}_{\epsilon\sim\mathcal N(0,1)}\left[\mathbb{1}\{\epsilon^2\le b\}-\mathbb{1}\{\epsilon^2\le a\}\right]"
)
SQUARES = r"Let $a>0$ and $b>0$."
REGULAR = (
    r"Let $p(\epsilon)$ be a density on $\mathbb{R}^m$, let $\epsilon\in\mathbb{R}^m$ and $x\in\mathbb{R}^m$, "
    r"let $h(x)$ be a function and let $f:\mathbb{R}^m\to\mathbb{R}^m$. "
    r"Let $f$ be smooth with an invertible derivative almost everywhere."
)


def mass(density: str) -> str:
    """What a density of e^2 gives to [a, b], set against what e gives."""
    return rf"{BETWEEN} = \int_a^b{density}\,dx"


LOGS = r"Let $s\in\mathbb{R}^n$."

ENTRIES = (
    Entry(
        "flow.change-of-variables",
        "The density of an image",
        r"p_Z(z) = p_X(f^{-1}(z))\left|\det\frac{\partial f^{-1}(z)}{\partial z}\right|",
        Source("003", "Q3.1"),
        given=DIFFEOMORPHISM,
        wrong=(
            r"p_Z(z) = p_X(f^{-1}(z))\left|\det\frac{\partial f^{-1}(z)}{\partial z}\right|^{-1}",
            r"p_Z(z) = p_X(f^{-1}(z))\det\frac{\partial f^{-1}(z)}{\partial z}",
            r"p_Z(z) = p_X(f^{-1}(z))",
            r"p_Z(z) = 2p_X(f^{-1}(z))\left|\det\frac{\partial f^{-1}(z)}{\partial z}\right|",
        ),
    ),
    Entry(
        "flow.change-of-variables-as-written",
        "The Jacobian upside down",
        r"p_X(x)=p_Z(f(x))\left|\det\frac{\partial f(x)}{\partial x}\right|^{-1}",
        Source("003", "Q3.1", "the reciprocal belongs to the inverse map"),
        holds=False,
        given=DIFFEOMORPHISM,
        fix=(Part(r"p_X(x)=p_Z(f(x))\left|\det\frac{\partial f(x)}{\partial x}\right|"),),
        wrong=(
            r"p_X(x)=p_Z(f(x))\det\frac{\partial f(x)}{\partial x}",
            r"p_X(x)=p_Z(f(x))",
            r"p_X(x)=p_Z(f(x))\left|\det\frac{\partial f(x)}{\partial x}\right|^2",
        ),
    ),
    Entry(
        "flow.gram-determinant",
        "The determinant of the Gram matrix",
        r"\frac12\log\det(J^\top J) = \log|\det J|",
        Source("003", "Q3.1"),
        given=SQUARE,
        domains={"J": "invertible"},
        wrong=(
            r"\log\det(J^\top J) = \log|\det J|",
            r"\frac12\log\det(J^\top J) = -\log|\det J|",
            r"\frac12\det(J^\top J) = |\det J|",
        ),
    ),
    Entry(
        "flow.dequantization",
        "Dequantised likelihood is a lower bound",
        r"\mathbb{E}_{u\sim U[0,1]}\left[\log p(v+u)\right] \le \log\int_0^1p(v+u)\,du",
        Source("003", "Q3.4"),
        given=r"Let $p(x)$ be a density on $\mathbb{R}$ and $v\in\mathbb{R}$.",
        derivation=r"\mathbb{E}_{u\sim U[0,1]}\left[\log p(v+u)\right] "
        r"\le \log\mathbb{E}_{u\sim U[0,1]}\left[p(v+u)\right] = \log\int_0^1p(v+u)\,du",
        wrong=(
            r"\mathbb{E}_{u\sim U[0,1]}\left[\log p(v+u)\right] \ge \log\int_0^1p(v+u)\,du",
            r"\mathbb{E}_{u\sim U[0,1]}\left[\log p(v+u)\right] \le \log\left(\frac12\int_0^1p(v+u)\,du\right)",
            r"-\mathbb{E}_{u\sim U[0,1]}\left[\log p(v+u)\right] \le \log\int_0^1p(v+u)\,du",
        ),
    ),
    Entry(
        "flow.log-is-exp",
        "The logarithm of a product of exponentials",
        r"\log\prod_{j=1}^n e^{s_j} = \prod_{j=1}^n e^{e^{s_j}}",
        Source("003", "Q3.5(6)", "taking the logarithm is said to be taking the exponential"),
        holds=False,
        given=LOGS,
        fix=(Part(r"\log\prod_{j=1}^n e^{s_j} = \sum_{j=1}^n s_j"),),
        wrong=(
            r"\log\prod_{j=1}^n e^{s_j} = -\sum_{j=1}^n s_j",
            r"\log\prod_{j=1}^n e^{s_j} = \prod_{j=1}^n s_j",
            r"\log\prod_{j=1}^n e^{s_j} = \sum_{j=1}^n e^{s_j}",
        ),
    ),
    Entry(
        "flow.composition",
        "The likelihood of a chain of maps",
        r"\log p(x) = \log p(z)+\sum_{l=1}^L\log\left|\det\frac{\partial h_l}{\partial h_{l-1}}\right|",
        Source("003", "Q3.1", "every layer is a diffeomorphism"),
        scheme=INDUCTION,
        parts=(
            Part(
                LAYER, given=DIFFEOMORPHISM, role="one layer: the densities before and after it, for any diffeomorphism"
            ),
            Part(
                STEP,
                given=ADDED,
                role="with B the log-density after l + 1 layers and c(k) the k-th log-determinant, where "
                "B + c(l+1) is the log-density after l layers",
            ),
        ),
        wrong=(
            Part(LAYER.replace("+\\log", "-\\log"), given=DIFFEOMORPHISM),
            Part(r"\log p_X(x)=\log p_Z(f(x))+\left|\det\frac{\partial f(x)}{\partial x}\right|", given=DIFFEOMORPHISM),
            Part(r"\log p_X(x)=\log p_Z(f(x))", given=DIFFEOMORPHISM),
            Part(r"B+\sum_{k=1}^{l}c(k)=B+\sum_{k=1}^{l+1}c(k)", given=ADDED),
        ),
    ),
    Entry(
        "flow.composition-missing-log",
        "A logarithm and a half are missing",
        r"\log u+\log|\det J| = u+\log\det(J^\top J)",
        Source("003", "Q3.1", "one layer; u is the density p(z) at a point"),
        holds=False,
        given=SQUARE + " Let $u>0$.",
        domains={"J": "invertible"},
        fix=(
            Part(r"\log u+\log|\det J| = \log u+\frac12\log\det(J^\top J)", role="layer by layer"),
            Part(
                r"\log u+\sum_{l=1}^{L}\frac12c(l) = \log u+\frac12\sum_{l=1}^{L}c(l)",
                given="Let $c$ be a function and let $L\\ge1$ be an integer.",
                role="and summed over the layers, with c(l) = log det(J_l^T J_l)",
            ),
        ),
        wrong=(
            r"\log u+\log|\det J| = \log u+\log\det(J^\top J)",
            r"\log u+\log|\det J| = u+\frac12\log\det(J^\top J)",
            r"\log u+\log|\det J| = \log u-\frac12\log\det(J^\top J)",
        ),
    ),
    Entry(
        "flow.negative-log-likelihood",
        "The loss of a flow",
        r"-\log p(x) = -\log p_Z(f(x))-\sum_l\log\left|\det\frac{\partial h_l}{\partial h_{l-1}}\right|",
        Source("003", "Q3.6"),
        scheme=INDUCTION,
        parts=(
            Part(
                r"-\log p_X(x)=-\log p_Z(f(x))-\log\left|\det\frac{\partial f(x)}{\partial x}\right|",
                given=DIFFEOMORPHISM,
                role="one layer, for any diffeomorphism",
            ),
            Part(
                r"-B-c(l+1)-\sum_{k=1}^{l}c(k)=-B-\sum_{k=1}^{l+1}c(k)",
                given=ADDED,
                role="from l layers to l + 1",
            ),
        ),
        wrong=(
            Part(
                r"-\log p_X(x)=-\log p_Z(f(x))+\log\left|\det\frac{\partial f(x)}{\partial x}\right|",
                given=DIFFEOMORPHISM,
            ),
            Part(
                r"-\log p_X(x)=\log p_Z(f(x))-\log\left|\det\frac{\partial f(x)}{\partial x}\right|",
                given=DIFFEOMORPHISM,
            ),
            Part(
                r"-\log p_X(x)=-\log p_Z(f(x))-\frac12\log\left|\det\frac{\partial f(x)}{\partial x}\right|",
                given=DIFFEOMORPHISM,
            ),
        ),
    ),
    Entry(
        "flow.non-invertible-map",
        "A map with several preimages",
        r"p_x(x) = p_\epsilon(g(x))\left|\det\frac{\partial g(x)}{\partial x}\right|"
        r"\text{ for } x=f(\epsilon) \text{ with any smooth } f \text{ and one preimage } g(x)",
        Source("002", "Q2", "with f(e) = e^2 and g(x) the positive root: half of the mass is lost"),
        holds=False,
        scheme=ALL,
        parts=(
            Part(
                mass(r"\frac{\mathcal N(\sqrt x;0,1)}{2\sqrt x}"),
                given=SQUARES,
                conditions=("a<b",),
                role="f(e) = e^2, with one preimage",
            ),
        ),
        fix=(
            Part(
                r"\mathbb{E}_{\epsilon\sim p(\epsilon)}[h(f(\epsilon))] = \int h(x)\sum_{\epsilon:f(\epsilon)=x}"
                r"\frac{p(\epsilon)}{\left|\det\frac{\partial f(\epsilon)}{\partial\epsilon}\right|}\,dx",
                given=REGULAR,
                role="the density of f(e) is the sum over all preimages: tested on any function h",
            ),
        ),
        wrong=tuple(
            Part(mass(d), given=SQUARES, conditions=("a<b",))
            for d in (
                r"\frac{\mathcal N(\sqrt x;0,1)-\mathcal N(-\sqrt x;0,1)}{2\sqrt x}",
                r"\left(\mathcal N(\sqrt x;0,1)+\mathcal N(-\sqrt x;0,1)\right)",
                r"\frac{\mathcal N(\sqrt x;0,1)+\mathcal N(-\sqrt x;0,1)}{\sqrt x}",
                r"2\sqrt x\left(\mathcal N(\sqrt x;0,1)+\mathcal N(-\sqrt x;0,1)\right)",
            )
        ),
        note="In the worlds of one preimage more, (N(sqrt x) + N(-sqrt x))/(2 sqrt x), nothing is lost.",
    ),
    Entry(
        "flow.chain-rule-density",
        "Densities by the chain rule need no normaliser",
        r"\int\prod_i p_i(x_i|x_1,\dots,x_{i-1})\,dx = 1",
        Source("002", "Q2"),
        given=r"Let $p_1(a)$ and $p_2(b|a)$ be densities.",
        scheme=INDUCTION,
        parts=(
            Part(r"\int p_1(a)\,da = 1", role="one factor"),
            Part(
                r"\int\int p_2(b|a)p_1(a)\,db\,da = \int p_1(a)\,da",
                role="one factor more, with a for all the earlier variables together and p_1 for the product so far",
            ),
        ),
        wrong=(
            r"\int\int p_2(b|a)p_1(a)\,db\,da = 2",
            r"\int\int p_2(b|a)p_1(b)\,db\,da = 1",
            r"\int p_2(b|a)p_1(a)\,db = 1",
        ),
    ),
    Entry(
        "flow.coupling-inverse",
        "A coupling layer is inverted without solving anything",
        r"y_2=x_2\odot e^{s(x_1)}+t(x_1) \iff x_2=(y_2-t(y_1))\odot e^{-s(y_1)}",
        Source("003", "Q3.5", "with y_1 = x_1; component by component"),
        given=NUMBERS,
        scheme=ALL,
        parts=(
            Part(
                r"(v-b)e^{-a}-u = 0",
                conditions=(r"v=ue^{a}+b",),
                role="forth: u, v components of x_2, y_2; a = s_j(x_1), b = t_j(x_1)",
            ),
            Part(r"ue^{a}+b-v = 0", conditions=(r"u=(v-b)e^{-a}",), role="and back"),
        ),
        wrong=(
            Part(r"(v-b)e^{a}-u = 0", conditions=(r"v=ue^{a}+b",)),
            Part(r"(v+b)e^{-a}-u = 0", conditions=(r"v=ue^{a}+b",)),
            Part(r"ve^{-a}-b-u = 0", conditions=(r"v=ue^{a}+b",)),
        ),
    ),
    Entry(
        "flow.coupling-log-determinant",
        "The log-determinant of a coupling layer",
        r"\log\left|\det\frac{\partial y}{\partial x}\right| = \sum_j s_j(x_1)",
        Source("003", "Q3.5", "s and t are any differentiable functions, in any dimension"),
        scheme=TRIANGULAR,
        parts=(
            *JACOBIAN,
            Part(
                r"\log\left|\prod_{j=1}^n e^{s_j(x_1)}\right| = \sum_{j=1}^n s_j(x_1)",
                given=LAST_BLOCK,
                role="the product of the diagonal",
            ),
        ),
        wrong=tuple(
            Part(rf"\log\left|\prod_{{j=1}}^n e^{{s_j(x_1)}}\right| = {rhs}", given=LAST_BLOCK)
            for rhs in (
                r"-\sum_{j=1}^n s_j(x_1)",
                r"\sum_{j=1}^n e^{s_j(x_1)}",
                r"\prod_{j=1}^n e^{s_j(x_1)}",
                r"2\sum_{j=1}^n s_j(x_1)",
            )
        ),
    ),
    Entry(
        "flow.coupling-positive",
        "A coupling layer keeps the orientation",
        r"\det\frac{\partial y}{\partial x} > 0",
        Source("003", "Q3.5"),
        scheme=TRIANGULAR,
        parts=(
            *JACOBIAN,
            Part(r"\prod_{j=1}^n e^{s_j(x_1)} > 0", given=LAST_BLOCK, role="the product of the diagonal"),
        ),
        wrong=tuple(
            Part(rf"\prod_{{j=1}}^n e^{{s_j(x_1)}} {rest}", given=LAST_BLOCK) for rest in ("< 0", r"\ge 1", r"\le 1")
        ),
    ),
)
