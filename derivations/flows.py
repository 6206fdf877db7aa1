"""Flows: change of variables, composition, coupling layers, dequantisation."""

from derivations.catalogue import Entry, Part, Source
from proofs.schemes import ALL

DIFFEOMORPHISM = (
    r"Let $f$ be a diffeomorphism of $\mathbb{R}^m$, and let $z=f(x)$. "
    r"Let $p_X(x)$ be the density of $x$ and $p_Z(z)$ the density of $z$."
)
SQUARE = r"Let $J\in\mathbb{R}^{m\times m}$."
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
)
