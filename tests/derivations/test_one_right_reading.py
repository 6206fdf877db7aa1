"""Formulas that a lesser reader takes for something else: each has its right reading, and no other, or is refused.

Where the notation has two common readings, both are listed, the more common one first.
"""

from __future__ import annotations

import pytest
from small_documents import assert_holds, assert_refuted, displayed, meanings, read

from proofs.printing import text as spelled
from proofs.terms import walk

SCALARS = r"Let $a,b,c>0$ and $x,y\in\mathbb{R}$."
JOINT = r"Let $p(x,z)$ be a joint density and $q(z|x)$ a density."
VECTORS = r"Let $x,y\in\mathbb{R}^n$ be vectors, $A,B\in\mathbb{R}^{n\times n}$ matrices and $a,b\in\mathbb{R}$."
FUNCTIONS = r"Let $f(x)$ and $g(x)$ be functions and $x\in\mathbb{R}$."
MEANS = FUNCTIONS + " Let $q(x)$ be a density."
MODEL = r"Let $\theta\in\mathbb{R}$, $p_\theta(x)$ be a density and $f(x)$ a function."
SIGMOID = r"Let $\sigma(x)$ be the sigmoid function and $x\in\mathbb{R}$."
SCALE = r"Let $\mu,x\in\mathbb{R}$ and $\sigma>0$."
DIMENSION = r"Let $d\ge 1$ be the dimension and $x\in\mathbb{R}^d$."
DISCOUNT = r"Let $0<\gamma<1$."

READ = [
    # application or product
    (FUNCTIONS, r"f(x)(1-x)", ["f(x)·(1 - x)"]),
    (FUNCTIONS, r"f(1-x)", ["f(1 - x)"]),
    (FUNCTIONS, r"f\,(1-x)", ["f(1 - x)"]),
    (FUNCTIONS, r"f(x)g(x)", ["f(x)·g(x)"]),
    (FUNCTIONS, r"f(g(x))", ["f(g(x))"]),
    (FUNCTIONS, r"f^{-1}(x)", ["f^-1(x)"]),
    (FUNCTIONS, r"(f(x))^{-1}", ["1/f(x)"]),
    (FUNCTIONS, r"f^2(x)", ["f(x)^2"]),
    (SCALARS, r"a(1-x)", ["a·(1 - x)"]),
    (SCALARS, r"a(b+c)", ["a·(b + c)"]),
    (SIGMOID, r"\sigma(x)(1-\sigma(x))", ["σ(x)·(1 - σ(x))"]),
    (SCALE, r"\sigma x", ["σ·x"]),
    (SCALE, r"\sigma(x+1)", ["σ·(x + 1)"]),
    # how far a function word reaches
    (SCALARS, r"\log a b", ["log(a)·b", "log(a·b)"]),
    (SCALARS, r"\log(a)b", ["log(a)·b"]),
    (SCALARS, r"\log a + b", ["log(a) + b"]),
    (SCALARS, r"\log a^2", ["log(a^2)"]),
    (SCALARS, r"\log^2 a", ["log(a)^2"]),
    (SCALARS, r"(\log a)^2", ["log(a)^2"]),
    (SCALARS, r"\log a \log b", ["log(a)·log(b)"]),
    (SCALARS, r"\sin x y", ["sin(x)·y", "sin(x·y)"]),
    (SCALARS, r"\sin^2 x", ["sin(x)^2"]),
    (SCALARS, r"\sqrt{a}b", ["sqrt(a)·b"]),
    (SCALARS, r"\sqrt[3]{a}", ["a^(1/3)"]),
    # powers, signs and quotients
    (SCALARS, r"-x^2", ["-x^2"]),
    (SCALARS, r"(-x)^2", ["(-x)^2"]),
    (SCALARS, r"x^2y", ["x^2·y"]),
    (SCALARS, r"x^{2y}", ["x^(2·y)"]),
    (SCALARS, r"e^{-x}y", ["exp(-x)·y"]),
    (SCALARS, r"a/b + c", ["a/b + c"]),
    (SCALARS, r"a/bc", ["a/(b·c)", "a/b·c"]),
    (SCALARS, r"\frac12 x^2", ["1/2·x^2"]),
    (SCALARS, r"1/2x^2", ["1/(2·x^2)", "1/2·x^2"]),
    (SCALARS, r"ab^{-1}c", ["a/b·c"]),
    # names
    (SCALARS, r"x' + x", ["x′ + x"]),
    (SCALARS, r"\bar{x} + \hat{x}", ["x̄ + x̂"]),
    (SCALARS, r"x^{(1)} + x^{(2)}", ["x^(1) + x^(2)"]),
    # bars and norms
    (SCALARS, r"|x|", ["|x|"]),
    (SCALARS, r"|x - y|^2", ["|x - y|^2"]),
    (VECTORS, r"|A|", ["det(A)"]),
    (VECTORS, r"|A|^{-1}", ["1/det(A)"]),
    (VECTORS, r"\log|A|", ["log det(A)"]),
    (VECTORS, r"\|x-y\|_2^2", ["‖x - y‖^2"]),
    # matrices
    (VECTORS, r"x^\top y", ["x^⊤·y"]),
    (VECTORS, r"x y^\top", ["x·y^⊤"]),
    (VECTORS, r"x^T A x", ["x^⊤·A·x"]),
    (VECTORS, r"A^T", ["A^⊤"]),
    (VECTORS, r"A^2", ["A^2"]),
    (VECTORS, r"A^{-T}", ["(A^-1)^⊤"]),
    (VECTORS, r"(A+B)^T", ["(A + B)^⊤"]),
    (VECTORS, r"\det A B", ["det(A·B)"]),
    (VECTORS, r"\operatorname{tr}(A)\operatorname{tr}(B)", ["tr(A)·tr(B)"]),
    (VECTORS, r"x \odot y", ["x ⊙ y"]),
    (DISCOUNT, r"1 - \gamma^T", ["1 - γ^T"]),
    (DISCOUNT, r"\sum_{t=0}^{T-1}\gamma^t", ["Σ[t=0..T - 1] γ^t"]),
    # derivatives, integrals, sums
    (SCALARS, r"\partial_x (x^2 y)", ["∂/∂x (x^2·y)"]),
    (SCALARS, r"\frac{\partial x^2y}{\partial x}", ["∂/∂x (x^2·y)"]),
    (SCALARS, r"\frac{\partial}{\partial x} x^2 y", ["(∂/∂x x^2)·y", "∂/∂x (x^2·y)"]),
    (SCALARS, r"\frac{d}{dx} x^2", ["∂/∂x x^2"]),
    (DIMENSION, r"\frac{d}{2}\log(2\pi)", ["d/2·log(2·π)"]),
    (SCALARS, r"\int_0^1 x^2 dx + x", ["∫[0..1] x^2 dx + x"]),
    (SCALARS, r"\int_0^1 x^2 + x\, dx", ["∫[0..1] (x^2 + x) dx"]),
    (SCALARS, r"\sum_{i=1}^3 i + x", ["Σ[i=1..3] i + x"]),
    (SCALARS, r"\sum_{i=1}^3 (i + x)", ["Σ[i=1..3] (i + x)"]),
    (SCALARS, r"\sum_{i=1}^3 i x", ["Σ[i=1..3] i·x"]),
    (SCALARS, r"\mathbb{1}\{x > 0\}", ["1{x > 0}"]),
    # densities
    (JOINT, r"\log p(x|z)", ["log p(x | z)"]),
    (JOINT, r"\log p(x|z)p(z)", ["(log p(x | z))·p(z)", "log(p(x | z)·p(z))"]),
    (JOINT, r"p(x)p(z)", ["p(x)·p(z)"]),
    (JOINT, r"\int p(x|z)p(z)dz", ["∫ p(x | z)·p(z) dz"]),
    (JOINT, r"D_{KL}(q(z|x)\|p(z|x))", ["KL(q(z | x) || p(z | x))"]),
    (JOINT, r"\mathbb{E}_{q(z|x)}\log p(x|z) + \log p(x)", ["E[z ~ q(z | x)](log p(x | z)) + log p(x)"]),
    (JOINT, r"\mathbb{E}_{x\sim p}[\log p_\theta(x)]", ["E[x ~ p_x(x)](log p_θ(x))"]),  # two densities
    (MEANS, r"\mathbb{E}_q[f(x)]g(x)", ["E[x ~ q(x)](f(x))·g(x)"]),
    (MEANS, r"\mathbb{E}_q[f(x)g(x)]", ["E[x ~ q(x)](f(x)·g(x))"]),
    (MEANS, r"\mathbb{E}_q[f(x)]^2", ["E[x ~ q(x)](f(x))^2"]),
    (MEANS, r"\mathbb{E}_q[f(x)^2]", ["E[x ~ q(x)](f(x)^2)"]),
    (MEANS, r"\langle f(x)\rangle_{q(x)}", ["E[x ~ q(x)](f(x))"]),
    (MEANS, r"\int f(x)\,dq(x)", ["∫ f(x)·q(x) dx"]),
    (MODEL, r"\nabla_\theta\mathbb{E}_{p_\theta(x)}[f(x)]", ["∂/∂θ E[x ~ p_θ(x)](f(x))"]),
    (SCALE, r"\mathcal{N}(x;\mu,\sigma^2)", ["N(x; μ, σ^2)"]),
    (SCALARS, r"\nabla_{(a,b)} (a^2 b)", ["∇_(a,b) (a^2·b)"]),
    (FUNCTIONS, r"\mathbb{E}_x[f(x)]", ["E[x ~ the law of x(x)](f(x))"]),
    (SCALARS, r"\mathbb{P}_{u\sim\mathrm{Uniform}(0,1)}[u \le a]", ["P[u ~ Uniform(0, 1)](u ≤ a)"]),
    # evaluation
    (SCALARS, r"\left.\frac{d}{dx} x^2\right|_{x=a}", ["∂/∂a a^2"]),
    (SCALARS, r"\left[\frac{x^3}{3}\right]_0^1 + \int_0^1 x dx", ["1^3/3 - 0^3/3 + ∫[0..1] x dx"]),
]  # fmt: skip

REFUSED = [
    (FUNCTIONS, r"f \circ g(x)"),  # of f and g, or of f and g(x)
    (SCALARS, r"\sin^{-1} x"),  # arcsin, or one over
    (SCALARS, r"\log_2 a"),
    (SCALARS, r"\exp -x"),
    (SCALARS, r"n!"),
    (SCALARS, r"\binom{n}{2}"),
    (SCALARS, r"\max(x, y)"),
    (SCALARS, r"\left. x^2 \right|_{\theta}"),
    (SCALARS, r"-e^{-x}\Big|_0^\infty"),
    (SCALARS, r"1 + \dots + x"),
    (MEANS, r"\mathbb{E}_q[f]"),  # f(x), or f as a whole
    (JOINT, r"p(x|z|y)"),
    (SCALARS, r"x \text{ plus } y"),
]


def doubled(declared: str, formula: str) -> str:
    """A document in which the formula is a side of a claim, of whatever shape it is."""
    return displayed(declared, f"{formula} = {formula}")


@pytest.mark.parametrize(("declared", "formula", "expected"), READ)
def test_the_right_reading_and_no_other(declared, formula, expected):
    found = [spelled(m.relation.rhs) for m in meanings(doubled(declared, formula)) if m.relation is not None]
    assert found == expected


@pytest.mark.parametrize(("declared", "formula"), REFUSED)
def test_refused_with_a_reason(declared, formula):
    relation = read(doubled(declared, formula))[-1]
    assert all(m.relation is None and m.conflict is None for m in relation.meanings)
    assert relation.kind in ("unread", "unclear") and relation.reason


def test_a_chain_of_equalities_is_no_equality_of_equalities():
    assert [(r.lhs, r.rhs) for r in read(displayed(SCALARS, "a + x = b + x = c + x"))[-2:]] == [
        ("a + x", "b + x"),
        ("b + x", "c + x"),
    ]


def test_a_double_inequality_is_two_relations():
    assert [(r.lhs, r.rel, r.rhs) for r in read(displayed(SCALARS, r"a+1 \le b + 1 < c+1"))[-2:]] == [
        ("a+1", "<=", "b + 1"),
        ("b + 1", "<", "c+1"),
    ]


TOLD_APART = [
    (FUNCTIONS, "f(x)(1-x) = f(x) - xf(x)", "f(x)(1-x) = f(x) - f(x^2)"),
    (VECTORS, r"|x^\top y| \le \|x\|\|y\|", r"|x^\top y| \ge \|x\|\|y\| + 1"),
    (VECTORS, r"|AB| = |A||B|", r"|A+B| = |A| + |B|"),
    (VECTORS, r"(AB)^T = B^TA^T", r"(AB)^T = A^TB^T"),
    (DISCOUNT, r"\gamma^3\gamma^2 = \gamma^5", r"\gamma^3\gamma^2 = \gamma^6"),
    (JOINT, r"p(x,z) = p(x|z)p(z)", r"p(x|z)p(z) = p(z|x)p(z)"),
    (JOINT, r"\int p(x|z)p(z)dz = p(x)", r"\int p(x|z)p(z)dx = p(x)"),
    (MEANS, r"\mathbb{E}_q[f(x)]g(y) = \mathbb{E}_q[f(x)g(y)]", r"\mathbb{E}_q[f(x)]^2 = \mathbb{E}_q[f(x)^2]"),
    (SIGMOID, r"\sigma(-x) = 1 - \sigma(x)", r"\sigma(-x) = -\sigma(x)"),
    (SCALE, r"\sigma(x+1) = \sigma x + \sigma", r"\sigma(x+1) = \sigma x + 1"),
    (SCALARS, r"\left.\frac{d}{dx} x^2\right|_{x=a} = 2a", r"\left.\frac{d}{dx} x^2\right|_{x=a} = a^2"),
    (MEANS, r"\mathbb{E}_{x\sim q}[f(x)] = \int f(x)\,dq(x)", r"\mathbb{E}_{x\sim q}[f(x)] = 2\int f(x)\,dq(x)"),
    ("", r"D_{KL}(p\|p_\theta) \ge 0", r"D_{KL}(p\|p_\theta) = D_{KL}(p_\theta\|p)"),
    (
        JOINT,
        r"D_{KL}(p(x)\|p_\theta(x)) = \mathbb{E}_{x\sim p}[\log p(x) - \log p_\theta(x)]",
        r"\mathbb{E}_{x\sim p}[\log p_\theta(x)] = \mathbb{E}_{x\sim p}[\log p(x)]",
    ),
]


@pytest.mark.parametrize(("declared", "right", "wrong"), TOLD_APART)
def test_right_and_wrong_are_told_apart(declared, right, wrong):
    assert_holds(displayed(declared, right))
    assert_refuted(displayed(declared, wrong))


@pytest.mark.parametrize(
    "formula",
    [r"D_{KL}(p\|p_\theta) = 0", r"D_{KL}(p(x)\|p_\theta(x)) = 0", r"\int p(x)\log\frac{p(x)}{p_\theta(x)}dx = 0"],
)
def test_data_and_model_are_two_densities(formula):
    (relation,) = read(displayed("", formula))
    for meaning in relation.meanings:
        letters = {n.data[0] for n in walk(meaning.relation.lhs) if n.op == "family"}
        assert len(letters) == 2


def test_a_transposed_letter_that_is_positive_elsewhere_is_not_accused():
    assert_holds(displayed("Let $a>0$.", r"\frac{\partial a^T a}{\partial a} = 2a"))
