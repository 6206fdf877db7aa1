"""Small documents from end to end: all that is right holds, and a single broken line is refuted, alone."""

from __future__ import annotations

import json

import pytest
from small_documents import HOLDS, NO_CLAIM, checked

VAE = r"""# Variational autoencoders

Let $p(x,z)=p(x|z)p(z)$ be a latent variable model and let $q(z|x)$ approximate its posterior. By Bayes' rule

$$
p(z|x) = \frac{p(x|z)p(z)}{p(x)}
$$

The evidence decomposes:

$$
\begin{aligned}
D_{KL}(q(z|x)\|p(z|x)) &= \mathbb{E}_{q(z|x)}\left[\log\frac{q(z|x)}{p(z|x)}\right] \\
&= \mathbb{E}_{q(z|x)}[\log q(z|x) - \log p(x,z)] + \log p(x) \\
&= D_{KL}(q(z|x)\|p(z)) - \mathbb{E}_{q(z|x)}[\log p(x|z)] + \log p(x)
\end{aligned}
$$

and therefore

$$
\log p(x) \ge \mathbb{E}_{q(z|x)}[\log p(x|z)] - D_{KL}(q(z|x)\|p(z))
$$

## The Gaussian case

For $\mu\in\mathbb{R}$ and $\sigma>0$,

$$
D_{KL}(\mathcal{N}(\mu,\sigma^2)\|\mathcal{N}(0,1)) = \frac12\left(\mu^2 + \sigma^2 - 1 - \log\sigma^2\right)
$$
"""

GAN = r"""# Adversarial networks

Let $p_{data}$ and $p_g$ be the densities of the data and of $G(z)$ with $z\sim p_z$, and let $D(x)\in(0,1)$.

$$
V(D,G) = \mathbb{E}_{x\sim p_{data}}[\log D(x)] + \mathbb{E}_{z\sim p_z}[\log(1-D(G(z)))]
$$

By a change of variables

$$
V(D,G) = \int p_{data}(x)\log D(x) + p_g(x)\log(1-D(x))\,dx
$$

The best discriminator is

$$
D^*(x) = \frac{p_{data}(x)}{p_{data}(x)+p_g(x)}
$$

for which

$$
1 - D^*(x) = \frac{p_g(x)}{p_{data}(x)+p_g(x)}
$$

$$
\mathbb{E}_{x\sim p_{data}}[\log D^*(x)] + \mathbb{E}_{x\sim p_g}[\log(1-D^*(x))]
= -\log 4 + 2\,\mathrm{JSD}(p_{data}\|p_g)
$$
"""

GRADIENTS = r"""# Gradients

Let $p_\theta(x)$ be a density with a parameter $\theta\in\mathbb{R}$ and let $f(x)$ be a bounded function.

$$
\nabla_\theta p_\theta(x) = p_\theta(x)\nabla_\theta\log p_\theta(x)
$$

$$
\begin{aligned}
\nabla_\theta\mathbb{E}_{x\sim p_\theta}[f(x)] &= \int f(x)\nabla_\theta p_\theta(x)\,dx \\
&= \int f(x)p_\theta(x)\nabla_\theta\log p_\theta(x)\,dx \\
&= \mathbb{E}_{x\sim p_\theta}[f(x)\nabla_\theta\log p_\theta(x)]
\end{aligned}
$$

## Reparameterisation

Let $\epsilon\sim\mathcal{N}(0,1)$, $\mu\in\mathbb{R}$, $s>0$ and $z=\mu+s\epsilon$. Then

$$
\mathbb{E}[z] = \mu
$$

$$
\mathrm{Var}(z) = s^2
$$

$$
\frac{\partial}{\partial\mu}\mathbb{E}[z^2] = 2\mu
$$
"""

FLOW = r"""# Flows

Let $f$ be an invertible smooth mapping of $\mathbb{R}^m$, and $z=f(x)$. The Jacobian gives the density:

$$
p(x) = p(z)\left|\det\frac{\partial f}{\partial x}\right|
$$

$$
\log p(x) = \log p(z) + \log\left|\det\frac{\partial f}{\partial x}\right|
$$

# Linear layers

Let $A, B\in\mathbb{R}^{2\times 2}$ be invertible.

$$
\det(AB) = \det(A)\det(B)
$$

$$
\log|\det A^{-1}| = -\log|\det A|
$$

$$
(AB)^{-1} = B^{-1}A^{-1}
$$
"""

NORMAL = r"""\documentclass{article}
\newcommand{\E}[2]{\mathbb{E}_{#1}\left[#2\right]}
\newcommand{\N}{\mathcal{N}}
\begin{document}
\section{Moments}
Let $x\sim\N(\mu,\sigma^2)$ with $\mu\in\mathbb{R}$ and $\sigma>0$.
\begin{align}
\E{x\sim\N(\mu,\sigma^2)}{x^2} &= \mu^2 + \sigma^2 \label{eq:second} \\
\E{x\sim\N(\mu,\sigma^2)}{(x-\mu)^4} &= 3\sigma^4 \\
\E{x\sim\N(\mu,\sigma^2)}{\exp(x)} &= \exp(\mu+\sigma^2/2)
\end{align}
\section{Divergence}
% a comment with $1 = 2$ in it
\[ \log\N(x;\mu,\sigma^2) = -\frac{1}{2}\log(2\pi\sigma^2) - \frac{(x-\mu)^2}{2\sigma^2} \]
\begin{equation*}
\begin{split}
D_{KL}(\N(\mu,\sigma^2)\,\|\,\N(\nu,\sigma^2)) &= \frac{(\mu-\nu)^2}{2\sigma^2}
\end{split}
\end{equation*}
where $\nu\in\mathbb{R}$.
\end{document}
"""

DOCUMENTS = {"vae.md": VAE, "gan.md": GAN, "gradients.md": GRADIENTS, "flow.md": FLOW, "normal.tex": NORMAL}

# What is put in place of what, each of which makes one line wrong.
BROKEN = {
    "vae.md": [
        (r"\frac{p(x|z)p(z)}{p(x)}", r"\frac{p(x|z)p(z)}{p(z)}"),
        (
            r"\mathbb{E}_{q(z|x)}\left[\log\frac{q(z|x)}{p(z|x)}\right]",
            r"\mathbb{E}_{q(z|x)}\left[\log\frac{p(z|x)}{q(z|x)}\right]",
        ),
        (r"\log p(x) \ge", r"\log p(x) \le"),
        (r"\mu^2 + \sigma^2 - 1 - \log\sigma^2", r"\mu^2 + \sigma^2 - 1 + \log\sigma^2"),
        (r"\mu^2 + \sigma^2 - 1 - \log\sigma^2", r"\mu^2 + \sigma^2 - 1 - \log\sigma"),
    ],
    "gan.md": [
        (r"\int p_{data}(x)\log D(x) + p_g(x)\log(1-D(x))\,dx", r"\int p_{data}(x)\log D(x) + p_g(x)\log D(x)\,dx"),
        (r"1 - D^*(x) = \frac{p_g(x)}", r"1 - D^*(x) = \frac{p_{data}(x)}"),
        (r"-\log 4 + 2\,", r"-\log 4 + "),
        (r"-\log 4 + 2\,", r"\log 4 - 2\,"),
    ],
    "gradients.md": [
        (r"p_\theta(x)\nabla_\theta\log p_\theta(x)" + "\n$$", r"\nabla_\theta\log p_\theta(x)" + "\n$$"),
        (r"\mathbb{E}[z] = \mu", r"\mathbb{E}[z] = \mu + s"),
        (r"\mathrm{Var}(z) = s^2", r"\mathrm{Var}(z) = s"),
        (r"\mathbb{E}[z^2] = 2\mu", r"\mathbb{E}[z^2] = 2\mu + 2s"),
    ],
    "flow.md": [
        (
            r"p(x) = p(z)\left|\det\frac{\partial f}{\partial x}\right|",
            r"p(x) = p(z)\left|\det\frac{\partial f}{\partial x}\right|^{-1}",
        ),
        (r"\log p(z) + \log", r"\log p(z) - \log"),
        (r"= \det(A)\det(B)", r"= \det(A) + \det(B)"),
        (r"= -\log|\det A|", r"= \log|\det A|"),
        (r"B^{-1}A^{-1}", r"A^{-1}B^{-1}"),
    ],
    "normal.tex": [
        (r"\mu^2 + \sigma^2 \label", r"\mu^2 - \sigma^2 \label"),
        (r"3\sigma^4", r"2\sigma^4"),
        (r"\exp(\mu+\sigma^2/2)", r"\exp(\mu+\sigma^2)"),
        (r"-\frac{1}{2}\log(2\pi\sigma^2)", r"-\frac{1}{2}\log(2\pi\sigma)"),
        (r"\frac{(\mu-\nu)^2}{2\sigma^2}", r"\frac{(\mu-\nu)^2}{\sigma^2}"),
    ],
}
BREAKS = [(name, old, new) for name, pairs in BROKEN.items() for old, new in pairs]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_claim_of_a_right_document_holds(name):
    relations = checked(DOCUMENTS[name], name)
    assert [(r.line, r.lhs, r.verdict, r.reason) for r in relations if r.verdict not in HOLDS | NO_CLAIM] == []
    assert sum(r.verdict in HOLDS for r in relations) >= 3


@pytest.mark.parametrize(("name", "old", "new"), BREAKS, ids=[f"{n}-{i}" for i, (n, _, _) in enumerate(BREAKS)])
def test_a_broken_line_is_refuted_alone(name, old, new):
    text = DOCUMENTS[name]
    assert text.count(old) >= 1
    broken = text.replace(old, new, 1)
    line = text[: text.index(old)].count("\n") + 1
    relations = checked(broken, name)
    refuted = [(r.line, r.reason) for r in relations if r.verdict == "refuted"]
    assert {at for at, _ in refuted} - {line + 1} == {line}, refuted
    # the line after it in the chain may be refuted too, since its left side is the broken one
    assert all(r.position and r.position > 1 for r in relations if r.verdict == "refuted" and r.line != line)
    assert all(r.witness for r in relations if r.verdict == "refuted")


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name.endswith(".md")])
def test_the_same_text_is_checked_alike_as_plain_text_and_in_a_notebook(name):
    text = DOCUMENTS[name]
    cells = [{"cell_type": "markdown", "metadata": {}, "source": text}]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    expected = [r.verdict for r in checked(text, name)]
    assert [r.verdict for r in checked(text, "notes.txt")] == expected
    assert [r.verdict for r in checked(notebook, "notes.ipynb")] == expected


TRANSLATED = {
    "German": ("Seien $a,b>0$. Dann gilt", "und auch"),
    "French": ("Soient $a,b>0$. Alors", "et aussi"),
    "Chinese": ("设 $a,b>0$。则有", "以及"),
    "Russian": ("Пусть $a,b>0$. Тогда", "и также"),
}


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_mathematics_does_not_depend_on_english_words(language):
    before, between = TRANSLATED[language]
    text = f"{before}\n\n$$\n\\log(ab) = \\log a + \\log b\n$$\n\n{between}\n\n$$\n\\log(a+b) = \\log a + \\log b\n$$\n"
    found = [r.verdict for r in checked(text)]
    assert found[0] in NO_CLAIM and found[1] in HOLDS and found[2] == "refuted"


def test_the_order_of_unrelated_sections_does_not_matter():
    head, linear = FLOW.split("# Linear layers")
    swapped = "# Linear layers" + linear + "\n" + head
    assert sorted(r.verdict for r in checked(swapped)) == sorted(r.verdict for r in checked(FLOW, "flow.md"))


def test_a_section_more_does_not_change_the_verdicts_before_it():
    before = [r.verdict for r in checked(GRADIENTS, "gradients.md")]
    longer = [r.verdict for r in checked(GRADIENTS + "\n# Appendix\n\nLet $a>0$.\n\n$$\n\\log a^2 = 2\\log a\n$$\n")]
    assert longer[: len(before)] == before
    assert longer[-1] in HOLDS


@pytest.mark.parametrize(
    "text",
    [
        "$$\n" + "(" * 2000 + "x" + ")" * 2000 + " = x\n$$\n",
        "$$\n\\frac{1}{ = 2\n$$\n",
        "$$\n\\unknownmacro{x} = x\n$$\n",
        "Let $a>0$.\n\n$$\na = 10^{10^{10}}\n$$\n",
        "$$\n\\begin{aligned} a &= b\n$$\n",
    ],
    ids=["nested", "unbalanced", "macro", "tower", "environment"],
)
def test_bad_mathematics_leaves_the_rest_of_the_document_alone(text):
    rest = "Let $b,c>0$.\n\n$$\n\\log(bc) = \\log b + \\log c\n$$\n\n$$\n\\log(bc) = \\log b - \\log c\n$$\n"
    relations = checked(rest + "\n# Next\n\n" + text)
    found = [r.verdict for r in relations if r.line <= rest.count("\n")]
    assert found[1] in HOLDS and found[2] == "refuted"
    assert all(r.verdict not in HOLDS and r.verdict != "refuted" for r in relations if r.line > rest.count("\n") + 2)
