"""Identities of the field as people write them, and the slips that are made in them: (declaration, display)."""

import pytest
from small_documents import assert_holds, assert_refuted, displayed

RIGHT = [
    (r"Let $X\sim\mathcal{N}(0,1)$.", r"P(X\le 0) = \frac12"),
    (r"Let $x_1,x_2$ be real.", r"(x_1+x_2)^2 = x_1^2+2x_1x_2+x_2^2"),
    (r"", r"\mathbb{E}_{x \sim p(x)}\big[ \log p(x) \big] = -H(p)"),
    (r"", r"\nabla_\phi \mathbb{E}_{q_\phi(z)}[f(z)] = \mathbb{E}_{q_\phi(z)}[f(z)\nabla_\phi\log q_\phi(z)]"),
    (
        r"",
        r"\nabla_{\phi} E_{z\sim q_{\phi}(z)} f(z) = E_{z\sim q_{\phi}(z)}"
        r" \left[ f(z)\nabla_{\phi}\log q_{\phi}(z) \right]",
    ),
    (r"", r"\nabla_\phi \int q_\phi(z) f(z) dz = \int f(z) \nabla_\phi q_\phi(z) dz"),
    (r"", r"\int q_\phi(z|x) \log \frac{p(x,z)}{q_\phi(z|x)} dz = \log p(x) - KL(q_\phi(z|x)||p(z|x))"),
    (
        r"",
        r"\log p_\theta(x) = \log \int p_\theta(x,z) dz"
        r" = \log\int q(z)\frac{p_\theta(x,z)}{q(z)}dz \ge \int q(z)\log\frac{p_\theta(x,z)}{q(z)}dz",
    ),
    (r"", r"\mathrm{KL}(p\,\|\,q) = H(p,q) - H(p)"),
    (r"", r"\mathbb{E}_{p(x)}[\mathbb{E}_{p(z|x)}[f(z)]] = \mathbb{E}_{p(z)}[f(z)]"),
    (r"", r"p(x) = \mathbb{E}_{z\sim p(z)}[p(x|z)]"),
    (r"", r"p(x) = \mathbb{E}_{z\sim q(z)}\left[\frac{p(x|z)p(z)}{q(z)}\right]"),
    (r"", r"p(x,y|z) = p(x|y,z)p(y|z)"),
    (r"", r"p(y|x)p(x) = p(x,y)"),
    (r"", r"\int\int p(x,z)\,dx\,dz = 1"),
    (r"", r"\iint p(x,z)\,dx\,dz = 1"),
    (r"", r"\int p(x|z)\,dx = 1"),
    (r"Let $p$ and $q$ be densities.", r"\int p(x)\,dx = \int q(x)\,dx"),
    (r"Let $p(x)$ be uniform on $[0,1]$.", r"\mathbb{E}_{x\sim U(0,1)}[x] = \frac12"),
    (r"", r"\mathbb{E}_{x\sim\mathcal{U}(a,b)}[x] = \frac{a+b}{2}"),
    (r"", r"\int_{-\infty}^{\infty} \frac{1}{\sqrt{2\pi}\sigma}e^{-\frac{x^2}{2\sigma^2}}dx = 1"),
    (r"", r"\int \mathcal{N}(x;\mu,\sigma^2)\,dx = 1"),
    (r"", r"\frac{\partial}{\partial \mu}\log\mathcal{N}(x;\mu,\sigma^2) = \frac{x-\mu}{\sigma^2}"),
    (
        r"",
        r"\frac{\partial}{\partial \sigma}\log\mathcal{N}(x;\mu,\sigma^2)"
        r" = \frac{(x-\mu)^2}{\sigma^3} - \frac{1}{\sigma}",
    ),
    (r"", r"\nabla_x\log\mathcal{N}(x;\mu,\sigma^2) = -\frac{x-\mu}{\sigma^2}"),
    (r"Let $f$ be differentiable.", r"\frac{d}{dx}\log f(x) = \frac{1}{f(x)}\frac{d f(x)}{dx}"),
    (r"Let $f$ be differentiable.", r"\frac{d}{dx}e^{f(x)} = e^{f(x)}\frac{df}{dx}"),
    (r"Let $x\in\mathbb{R}^n$.", r"\nabla_x \frac12\|x\|_2^2 = x"),
    (r"", r"\mathbb{E}[aX+b] = a\mathbb{E}[X]+b"),
    (r"", r"\mathrm{Var}(X) = \mathbb{E}[X^2]-\mathbb{E}[X]^2"),
    (r"", r"\mathrm{Var}(aX) = a^2\mathrm{Var}(X)"),
    (r"", r"\mathbb{V}[X] = \mathbb{E}[X^2]-(\mathbb{E}[X])^2"),
    (r"Let $\mathbf{x}\sim\mathcal{N}(\boldsymbol\mu,\boldsymbol\Sigma)$.", r"\mathbb{E}[\mathbf{x}] = \boldsymbol\mu"),
    (
        r"",
        r"\mathbb{E}_{\mathbf{x}\sim\mathcal{N}(\boldsymbol{\mu},\boldsymbol{\Sigma})}[\mathbf{x}\mathbf{x}^\top]"
        r" = \boldsymbol\Sigma + \boldsymbol\mu\boldsymbol\mu^\top",
    ),
    (r"", r"\text{tr}(\mathbf{A}\mathbf{B}) = \text{tr}(\mathbf{B}\mathbf{A})"),
    (r"", r"x^\top A x = \mathrm{tr}(A x x^\top)"),
    (r"", r"\log\prod_{i=1}^n p(x_i) = \sum_{i=1}^n\log p(x_i)"),
    (r"", r"\sum_{k=1}^K \pi_k a = a\sum_{k=1}^K\pi_k"),
    (r"", r"\log\frac{e^{x_i}}{\sum_j e^{x_j}} = x_i - \log\sum_j e^{x_j}"),
    (r"Let $\sigma$ be the sigmoid.", r"\log\sigma(x) = -\log(1+e^{-x})"),
    (r"Let $\sigma$ denote the sigmoid function.", r"\log(1-\sigma(x)) = -x - \log(1+e^{-x})"),
    (r"", r"\tanh(x) = 2\sigma(2x)-1"),
    (r"Let $x>0$.", r"\ln x = \log x"),
    (r"Let $a,b,c\in\mathbb{R}$ with $a\ne 0$.", r"a(x-\tfrac{b}{a})^2 = ax^2 - 2bx + \tfrac{b^2}{a}"),
    (r"Let $x\in(0,1)$.", r"\log\frac{x}{1-x} = \log x - \log(1-x)"),
    (r"", r"\mathbb{E}_{z\sim q}[\log p(x|z)] - KL(q(z)\|p(z)) = \mathbb{E}_{z\sim q}[\log p(x,z) - \log q(z)]"),
    (r"", r"\mathcal{N}(x;\mu,\sigma^2)=\frac{1}{\sigma}\mathcal{N}\left(\frac{x-\mu}{\sigma};0,1\right)"),
    (
        r"Let $p_t$ be a density.",
        r"\frac{\partial \log p_t(x)}{\partial t} = \frac{1}{p_t(x)}\frac{\partial p_t(x)}{\partial t}",
    ),
    (r"Let $D(x)\in(0,1)$.", r"\log D(x) + \log(1-D(x)) \le -2\log 2"),
    (r"", r"\mathbb{E}_{x\sim p}[(x-\mu)^2] = \mathbb{E}_{x\sim p}[x^2] - 2\mu\mathbb{E}_{x\sim p}[x] + \mu^2"),
    (r"Let $y = Wx + b$.", r"\frac{\partial y}{\partial x} = W"),
    (r"Let $y = ax + b$ with $a,b\in\mathbb{R}$.", r"\frac{dy}{dx} = a"),
    (r"Let $L(w) = (y - wx)^2$.", r"\frac{\partial L}{\partial w} = -2x(y-wx)"),
    (
        r"Let $L = \frac12(y-t)^2$ and $y=\sigma(a)$ with the sigmoid $\sigma$.",
        r"\frac{\partial L}{\partial a} = (y-t)y(1-y)",
    ),
    (
        r"Let $J(\theta)=\mathbb{E}_{x\sim p_\theta}[R(x)]$.",
        r"\nabla_\theta J(\theta) = \mathbb{E}_{x\sim p_\theta}[R(x)\nabla_\theta\log p_\theta(x)]",
    ),
    (
        r"Let $J(\theta)=\mathbb{E}_{x\sim p_\theta}[R(x)]$.",
        r"\nabla_\theta J(\theta) = \mathbb{E}_{x\sim p_\theta}[(R(x)-b)\nabla_\theta\log p_\theta(x)]",
    ),
    (
        r"Let $z=\mu+\sigma\odot\epsilon$ where $\epsilon\sim\mathcal{N}(0,I)$ and $\mu,\sigma\in\mathbb{R}^d$.",
        r"\mathbb{E}[z] = \mu",
    ),
    (
        r"Let $\mathbf{z}=\boldsymbol\mu+\mathbf{L}\boldsymbol\epsilon$ with $"
        r"\boldsymbol\epsilon\sim\mathcal{N}(\mathbf 0,\mathbf I)$.",
        r"\mathbb{E}[\mathbf{z}\mathbf{z}^\top] = \boldsymbol\mu\boldsymbol\mu^\top + \mathbf{L}\mathbf{L}^\top",
    ),
    (
        r"",
        r"\mathbb{E}_{\epsilon}\left[f(\mu+\sigma\epsilon)\right]"
        r" = \mathbb{E}_{z\sim\mathcal{N}(\mu,\sigma^2)}[f(z)]",
    ),
    (r"", r"\mathbb{E}_{p(x)}[\log p(x) - \log q(x)] = KL(p\|q) \ge 0"),
    (r"", r"p(z|x) = \frac{p(x|z)p(z)}{\int p(x|z)p(z)dz}"),
    (r"", r"p(z|x) = \frac{p(x|z)p(z)}{\sum_{z}p(x|z)p(z)}"),
    (r"", r"p(x) = \sum_z p(x|z)p(z)"),
    (r"", r"\sum_z p(z) = 1"),
    (r"", r"\mathbb{E}_{z}[f(z)] = \sum_z p(z)f(z)"),
    (r"Let $p(x,z)$ be a joint density.", r"p(x) = \int_z p(x,z)"),
    (r"Let $p(x,z)$ be a joint density.", r"\int_z p(z|x) = 1"),
    (r"", r"\log p(x) = \log p(x)\int q(z|x)dz = \int q(z|x)\log p(x)dz"),
    (
        r"",
        r"\log p(x) = \int q(z|x)\log\frac{p(x,z)}{p(z|x)}dz"
        r" = \int q(z|x)\log\frac{p(x,z)}{q(z|x)}dz + \int q(z|x)\log\frac{q(z|x)}{p(z|x)}dz",
    ),
    (r"", r"\mathcal{L} = \log p(x) - KL(q(z|x)\|p(z|x)) \le \log p(x)"),
    (r"", r"-\log D(x) = \log\frac{1}{D(x)}"),
    (r"At the optimum $p_g=p_{data}$, so that $D^*(x)=\frac12$ and", r"V = \log\frac12+\log\frac12 = -\log 4"),
    (r"", r"-\mathbb{E}_{x\sim p}[\log q(x)] \ge -\mathbb{E}_{x\sim p}[\log p(x)]"),
    (r"", r"\mathbb{E}_{x\sim p}\left[\frac{q(x)}{p(x)}\right] = 1"),
    (r"", r"\mathbb{E}_{x\sim p}\left[\frac{q(x)}{p(x)}f(x)\right] = \mathbb{E}_{x\sim q}[f(x)]"),
    (
        r"",
        r"\log\mathbb{E}_{x\sim p}\left[\frac{q(x)}{p(x)}\right]"
        r" \ge \mathbb{E}_{x\sim p}\left[\log\frac{q(x)}{p(x)}\right]",
    ),
    (r"", r"\nabla_\theta\log p_\theta(x) = \frac{\nabla_\theta p_\theta(x)}{p_\theta(x)}"),
    (
        r"",
        r"\mathbb{E}_{x\sim p_\theta}\left[\nabla_\theta^2\log p_\theta(x)\right] ="
        r" -\mathbb{E}_{x\sim p_\theta}\left[(\nabla_\theta\log p_\theta(x))^2\right]",
    ),
    (r"", r"q(x_{t-1}|x_t,x_0) = q(x_t|x_{t-1},x_0)\frac{q(x_{t-1}|x_0)}{q(x_t|x_0)}"),
    (r"", r"\frac{1}{1+e^{-x}} = \frac{e^x}{e^x+1}"),
    (r"", r"\|x-y\|^2 = \|x\|^2+\|y\|^2-2x^\top y"),
    (r"", r"(x-\mu)^\top\Sigma^{-1}(x-\mu) = x^\top\Sigma^{-1}x-2\mu^\top\Sigma^{-1}x+\mu^\top\Sigma^{-1}\mu"),
    (r"", r"\nabla_A\mathrm{tr}(AB) = B^\top"),
    (r"Let $x\sim\mathcal{N}(\mu,\Sigma)$.", r"\mathbb{E}[x^\top A x] = \mathrm{tr}(A\Sigma)+\mu^\top A\mu"),
    (r"", r"1 = \int p(x)\,dx"),
    (r"", r"0 = \nabla_\theta\int p_\theta(x)dx = \int\nabla_\theta p_\theta(x)dx"),
]

WRONG = [
    (r"", r"\int q_\phi(z|x) \log \frac{p(x,z)}{q_\phi(z|x)} dz = \log p(x) + KL(q_\phi(z|x)||p(z|x))"),
    (r"", r"\mathrm{KL}(p\,\|\,q) = H(p) - H(p,q)"),
    (r"", r"p(x) = \mathbb{E}_{z\sim p(z)}[p(z|x)]"),
    (r"", r"p(x) = \mathbb{E}_{z\sim q(z)}\left[\frac{p(x|z)q(z)}{p(z)}\right]"),
    (r"", r"p(x,y|z) = p(x|y,z)p(z)"),
    (r"", r"p(y|x)p(y) = p(x,y)"),
    (r"", r"\int p(x|z)\,dz = \int p(x) dx"),
    (r"", r"\frac{\partial}{\partial \mu}\log\mathcal{N}(x;\mu,\sigma^2) = -\frac{x-\mu}{\sigma^2}"),
    (
        r"",
        r"\frac{\partial}{\partial \sigma}\log\mathcal{N}(x;\mu,\sigma^2)"
        r" = \frac{(x-\mu)^2}{\sigma^2} - \frac{1}{\sigma}",
    ),
    (r"Let $f$ be differentiable.", r"\frac{d}{dx}\log f(x) = \frac{1}{f(x)}"),
    (r"Let $x\in\mathbb{R}^n$.", r"\nabla_x \frac12\|x\|_2^2 = 2x"),
    (r"Let $A\in\mathbb{R}^{n\times n}$ be symmetric and $x\in\mathbb{R}^n$.", r"\nabla_x (x^TAx) = Ax"),
    (r"", r"\mathrm{Var}(aX) = a\mathrm{Var}(X)"),
    (r"", r"\mathrm{Var}(X) = \mathbb{E}[X^2]-\mathbb{E}[X]"),
    (
        r"",
        r"\mathbb{E}_{\mathbf{x}\sim\mathcal{N}(\boldsymbol{\mu},\boldsymbol{\Sigma})}[\mathbf{x}\mathbf{x}^\top]"
        r" = \boldsymbol\Sigma - \boldsymbol\mu\boldsymbol\mu^\top",
    ),
    (r"", r"\text{tr}(\mathbf{A}\mathbf{B}) = \text{tr}(\mathbf{A})\text{tr}(\mathbf{B})"),
    (r"", r"\log\frac{e^{x_i}}{\sum_j e^{x_j}} = x_i - \sum_j x_j"),
    (r"Let $\sigma$ be the sigmoid.", r"\log\sigma(x) + x = x+\log(1+e^{-x})"),
    (r"Let $\sigma$ denote the sigmoid function.", r"\sigma(-x) + x = x - \sigma(x)"),
    (r"", r"\mathbb{E}_{z\sim q}[\log p(x|z)] + KL(q(z)\|p(z)) = \mathbb{E}_{z\sim q}[\log p(x,z) - \log q(z)]"),
    (r"", r"\mathcal{N}(x;\mu,\sigma^2)=\mathcal{N}\left(\frac{x-\mu}{\sigma};0,1\right)"),
    (r"", r"\mathbb{E}_{x\sim p}[(x-\mu)^2] = \mathbb{E}_{x\sim p}[x^2] - \mu^2"),
    (r"Let $y = ax + b$ with $a,b\in\mathbb{R}$.", r"\frac{dy}{dx} = a + b"),
    (r"Let $L(w) = (y - wx)^2$.", r"\frac{\partial L}{\partial w} = 2x(y-wx)"),
    (r"Let $x\in\mathbb{R}$.", r"\sin(2x) = 2\sin x"),
    (r"Let $x\in\mathbb{R}$.", r"\cos x = \cos x + 10^{-40}"),
    (r"Let $x\in\mathbb{R}$.", r"e^x \ge 1 + x + \frac{x^2}{2}"),
    (r"Let $x>0$.", r"\log x \le x - 1 - 10^{-6}"),
    (r"Let $a,b>0$.", r"\frac{a}{b} + \frac{b}{a} \ge 2 + 10^{-8}"),
    (r"", r"D_{KL}(p\|q) \le \log 2"),
    (r"", r"D_{KL}(p\|q) \ge JSD(p\|q) + \log 2"),
    (r"", r"JSD(p\|q) \ge \log 2"),
    (r"Let $p(x)$ be a density.", r"\int p(x)^2dx \le 1"),
    (r"Let $A$ be a $2\times 2$ matrix.", r"\det(2A) = 2\det(A)"),
    (r"Let $A,B\in\mathbb{R}^{n\times n}$.", r"AB = BA"),
    (r"Let $A,B\in\mathbb{R}^{n\times n}$.", r"(A+B)^2 = A^2 + 2AB + B^2"),
    (r"Let $A\in\mathbb{R}^{n\times n}$.", r"\det(-A) = -\det(A)"),
    (r"Let $x,y\in\mathbb{R}^n$.", r"\|x+y\| = \|x\|+\|y\|"),
    (r"Let $x\in\mathbb{R}^n$.", r"x x^\top = x^\top x"),
    (r"Let $n\ge 1$.", r"\sum_{i=1}^n i^2 = \frac{n(n+1)(2n+1)}{3}"),
    (r"Let $n\ge 1$.", r"\sum_{i=0}^{n} 2^i = 2^{n}-1"),
    (r"", r"\mathbb{E}_{x\sim p}[\log p(x)] \ge 0"),
    (r"", r"\int_0^1 x^2 dx + \theta = \frac12 + \theta"),
    (r"", r"\mathbb{E}_{x\sim\mathcal{N}(0,\sigma^2)}[x^4] = 4\sigma^4"),
    (r"", r"\log p(x) = \mathbb{E}_{p(z)}[\log p(x|z)]"),
    (r"", r"\left(\int q(x) f(x) dx\right)^2 = \int q(x) f(x)^2 dx"),
]


@pytest.mark.parametrize(("declaration", "formula"), RIGHT)
def test_an_identity_holds(declaration, formula):
    assert_holds(displayed(declaration, formula))


@pytest.mark.parametrize(("declaration", "formula"), WRONG)
def test_a_slip_is_refuted(declaration, formula):
    assert_refuted(displayed(declaration, formula))
