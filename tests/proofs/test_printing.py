"""What is printed says what was meant: parentheses, names, binders; printing never raises."""

from __future__ import annotations

import re
import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from term_strategies import anything

from proofs import terms as T
from proofs.printing import latex, text
from proofs.printing.names import GREEK, name_latex, name_text
from proofs.terms import BOOL, LAW, Term

quick = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
a, b, c, i, n, x, z = map(T.symbol, ("a", "b", "c", "i", "n", "x", "z"))
theta, sigma, mu = map(T.symbol, ("theta", "sigma", "mu_1"))
v, A = T.symbol("v", T.vector_sort("n")), T.symbol("A", T.matrix_sort("n", "n"))
p_x_z = T.pdf(T.family("p", ("x",), ("z",), (z,), (theta,)), x)
q = T.family("q", ("z",), ("x",), (x,))
p = T.family("p", ("z",))


# ------------------------------------------------------------------------------------------------ what it looks like

EXPECTED = [
    (T.mul(T.add(a, b), c), "(a + b)·c", "(a + b) c"),
    (T.add(a, T.mul(b, c)), "a + b·c", "a + b c"),
    (T.sub(a, T.add(b, c)), "a - (b + c)", "a - (b + c)"),
    (T.sub(a, T.neg(b)), "a - (-b)", "a - (-b)"),
    (T.divide(a, T.mul(b, c)), "a/(b·c)", r"\frac{a}{b c}"),
    (T.mul(T.divide(a, b), c), "a/b·c", r"\frac{a}{b} c"),
    (T.divide(T.divide(a, b), c), "a/b/c", r"\frac{\frac{a}{b}}{c}"),
    (T.divide(a, T.divide(b, c)), "a/(b/c)", r"\frac{a}{\frac{b}{c}}"),
    (T.power(T.neg(a), T.TWO), "(-a)^2", "(-a)^{2}"),
    (T.neg(T.power(a, T.TWO)), "-a^2", "-a^{2}"),
    (T.power(T.power(a, b), c), "(a^b)^c", r"\left(a^{b}\right)^{c}"),
    (T.power(a, T.power(b, c)), "a^(b^c)", "a^{b^{c}}"),
    (T.power(a, T.number(-2)), "a^-2", "a^{-2}"),
    (T.power(T.HALF, x), "(1/2)^x", r"\left(\frac{1}{2}\right)^{x}"),
    (T.power(T.log(a), T.TWO), "log(a)^2", r"(\log a)^{2}"),
    (T.mul(a, T.number(-3)), "a·(-3)", r"a \cdot (-3)"),
    (T.mul(x, T.add(a, b)), "x·(a + b)", r"x \cdot (a + b)"),
    (T.mul(T.log(p_x_z), a), "(log p_θ(x | z))·a", r"(\log p_{\theta}(x|z)) a"),
    (T.mul(a, T.log(p_x_z)), "a·log p_θ(x | z)", r"a \log p_{\theta}(x|z)"),
    (T.add(T.sum_over("i", i, T.ONE, n), i), "(Σ[i=1..n] i) + i", r"\left(\sum_{i=1}^{n} i\right) + i"),
    (T.add(T.sum_over("i", i, T.ONE, n), a), "Σ[i=1..n] i + a", r"\sum_{i=1}^{n} i + a"),
    (T.sum_over("i", T.add(i, a), T.ONE, n), "Σ[i=1..n] (i + a)", r"\sum_{i=1}^{n} (i + a)"),
    (
        T.sum_over("i", T.mul(i, T.sum_over("i", i, T.ONE, n)), T.ONE, n),
        "Σ[i=1..n] (i·Σ[i=1..n] i)",
        r"\sum_{i=1}^{n} \left(i \sum_{i=1}^{n} i\right)",
    ),
    (
        T.sum_over("i", T.mul(i, T.sum_over("j", i, T.ONE, n)), T.ONE, n),
        "Σ[i=1..n] i·Σ[j=1..n] i",
        r"\sum_{i=1}^{n} i \sum_{j=1}^{n} i",
    ),
    (T.mul(T.product_over("i", i, T.ONE, n), a), "(Π[i=1..n] i)·a", r"\left(\prod_{i=1}^{n} i\right) a"),
    (T.integral("z", T.mul(T.pdf(p, z), a)), "∫ p(z)·a dz", r"\int p(z) a \,dz"),
    (T.integral("z", T.add(z, a), T.ONE, T.TWO), "∫[1..2] (z + a) dz", r"\int_{1}^{2} (z + a) \,dz"),
    (
        T.sub(T.expectation("z", T.normal(T.zeros("n"), T.identity("n")), T.log(p_x_z)), T.kl(q, p)),
        "E[z ~ N(0, I_n)](log p_θ(x | z)) - KL(q(z | x) || p(z))",
        r"\mathbb{E}_{z\sim\mathcal{N}(0, I_{n})}\left[\log p_{\theta}(x|z)\right] - D_{KL}\left(q(z|x) \| p(z)\right)",
    ),
    (T.variance("z", q, z), "Var[z ~ q(z | x)](z)", r"\operatorname{Var}_{z\sim q(z|x)}\left[z\right]"),
    (T.jsd(p, q), "JSD(p(z) || q(z | x))", r"\mathrm{JSD}\left(p(z) \| q(z|x)\right)"),
    (T.pdf(T.normal(mu, sigma), x), "N(x; μ₁, σ)", r"\mathcal{N}(x; \mu_{1}, \sigma)"),
    (T.pdf(p, T.call("f", [x])), "p_z(f(x))", "p_{z}(f(x))"),
    (T.pdf(p, T.symbol("z_1")), "p(z₁)", "p(z_{1})"),
    (
        T.derivative(T.log(p_x_z), "theta"),
        "∂/∂θ log p_θ(x | z)",
        r"\frac{\partial}{\partial\theta} \log p_{\theta}(x|z)",
    ),
    (T.derivative(T.call("g", [v]), "v", sort=v.sort), "∇_v g(v)", r"\nabla_{v} g(v)"),
    (T.derivative(T.call("f", [v], v.sort), "v", sort=v.sort), "J_v f(v)", r"\frac{\partial f(v)}{\partial v}"),
    (T.derivative(T.add(a, b), "a"), "∂/∂a (a + b)", r"\frac{\partial}{\partial a} (a + b)"),
    (T.at("x", T.mul(a, x), T.ONE), "(a·x)|[x = 1]", r"\left.(a x)\right|_{x=1}"),
    (T.trace(T.mul(T.inverse(A), A)), "tr(A^-1·A)", r"\operatorname{tr}\left(A^{-1} A\right)"),
    (T.function("abs", T.det(A)), "|det(A)|", r"\left|\det(A)\right|"),
    (T.mul(T.transpose(v), A, v), "v^⊤·A·v", r"v^\top A v"),
    (T.inverse(T.transpose(A)), "(A^⊤)^-1", r"(A^\top)^{-1}"),
    (T.hadamard(v, T.mul(a, v)), "v ⊙ (a·v)", r"v \odot (a v)"),
    (T.mul(A, T.hadamard(v, v)), "A·(v ⊙ v)", r"A \cdot (v \odot v)"),
    (T.norm(T.sub(v, v)), "‖v - v‖", r"\left\|v - v\right\|"),
    (T.entry(v, i), "v[i]", "v_{i}"),
    (T.matrix(2, 2, [a, b, c, T.ONE]), "[a, b; c, 1]", r"\begin{pmatrix}a & b \\ c & 1\end{pmatrix}"),
    (T.indicator(T.compare(">=", x, T.ONE)), "1{x ≥ 1}", r"\mathbb{1}\{x \ge 1\}"),
    (T.call_inverse("f", [z]), "f^-1(z)", "f^{-1}(z)"),
    (T.exp(T.divide(T.neg(T.power(x, T.TWO)), T.TWO)), "exp(-x^2/2)", r"\exp\left(-\frac{x^{2}}{2}\right)"),
    (T.function("sqrt", T.add(a, b)), "sqrt(a + b)", r"\sqrt{a + b}"),
    (T.term("maximum", [T.call("V", [T.symbol("D")])], ("D",)), "max[D](V(D))", r"\max_{D} V(D)"),
    (T.law("bernoulli", a), "Bernoulli(a)", r"\mathrm{Bernoulli}(a)"),
    (T.term("and", [T.compare("<", a, b), T.compare("<", b, c)], (), BOOL), "a < b and b < c", r"a < b \land b < c"),
    (
        T.term("not", [T.term("or", [T.compare("<", a, b), T.compare("<", b, c)], (), BOOL)], (), BOOL),
        "not (a < b or b < c)",
        r"\lnot(a < b \lor b < c)",
    ),
]


@pytest.mark.parametrize(("t", "plain", "tex"), EXPECTED, ids=[e[1] for e in EXPECTED])
def test_how_terms_look(t, plain, tex):
    assert text(t) == plain
    assert latex(t) == tex
    assert repr(t) == plain


@pytest.mark.parametrize(
    ("name", "plain", "tex"),
    [
        ("x", "x", "x"),
        ("mu_1", "μ₁", r"\mu_{1}"),
        ("Sigma_2", "Σ₂", r"\Sigma_{2}"),
        ("sigma", "σ", r"\sigma"),
        ("z_j", "z_j", "z_{j}"),
        ("p_data", "p_data", r"p_{\mathrm{data}}"),
        ("x^(i)", "x^(i)", "x^{(i)}"),
        ("D*", "D*", "D^*"),
        ("hat x", "x̂", r"\hat{x}"),
        ("hat mu_1", "μ̂₁", r"\hat{\mu}_{1}"),
        ("z'", "z′", "z'"),
        ("ELBO", "ELBO", r"\mathrm{ELBO}"),
        ("W_i,j", "W_i,j", "W_{i,j}"),
        ("epsilon_theta", "ε_θ", r"\epsilon_{\theta}"),
        ("x_1_2", "x_1,2", "x_{1,2}"),
        ("bf x", "𝐱", r"\mathbf{x}"),
        ("cal L", "𝓛", r"\mathcal{L}"),
        ("bb R", "ℝ", r"\mathbb{R}"),
    ],
)
def test_how_names_look(name, plain, tex):
    assert name_text(name) == plain
    assert name_latex(name) == tex


def test_every_greek_letter_has_one_sign_of_its_own():
    assert len(set(GREEK.values())) == len(GREEK) == 40


# ----------------------------------------------------------------------------- parentheses, by reading it back


class Reader:
    """Reads the arithmetic of `text` back and evaluates it: + - · / ^ and parentheses, by their usual precedence."""

    def __init__(self, source: str, env: dict[str, Fraction]):
        self.tokens = re.findall(r"\d+|[a-z]|[-+·/^()]", source)
        self.env, self.place = env, 0
        assert "".join(self.tokens) == source.replace(" ", "")

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1]

    def sum(self) -> Fraction:
        sign = -1 if self.peek() == "-" and self.take() else 1
        value = sign * self.product()
        while self.peek() in ("+", "-"):
            value = value + self.product() if self.take() == "+" else value - self.product()
        return value

    def product(self) -> Fraction:
        value = self.power()
        while self.peek() in ("·", "/"):
            value = value * self.power() if self.take() == "·" else value / self.power()
        return value

    def power(self) -> Fraction:
        base = self.atom()
        if self.peek() != "^":
            return base
        self.take()
        sign = -1 if self.peek() == "-" and self.take() else 1
        return base ** int(sign * self.atom())

    def atom(self) -> Fraction:
        token = self.take()
        if token == "(":
            value = self.sum()
            assert self.take() == ")"
            return value
        return self.env[token] if token.isalpha() else Fraction(int(token))


def value(t: Term, env: dict[str, Fraction]) -> Fraction:
    if t.op == "number":
        return t.data[0]
    if t.op == "symbol":
        return env[t.data[0]]
    args = [value(u, env) for u in t.args]
    if t.op == "add":
        return sum(args, Fraction(0))
    if t.op == "mul":
        result = Fraction(1)
        for u in args:
            result *= u
        return result
    return args[0] ** int(args[1])


numbers = st.one_of(st.integers(-3, 5).map(T.number), st.fractions(-2, 2, max_denominator=3).map(T.number))
formulas = st.recursive(
    st.one_of(st.sampled_from([a, b, c]), numbers),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda t: T.add(*t)),
        st.lists(inner, min_size=2, max_size=3).map(lambda t: T.mul(*t)),
        inner.map(T.neg),
        st.tuples(inner, inner).map(lambda t: T.sub(*t)),
        st.tuples(inner, inner).map(lambda t: T.divide(*t)),
        st.tuples(inner, st.integers(-2, 3)).map(lambda t: T.power(t[0], T.number(t[1]))),
        st.tuples(inner, inner, inner).map(lambda t: T.mul(t[0], T.power(t[1], T.MINUS_ONE), t[2])),
    ),
    max_leaves=10,
)


@settings(max_examples=500, deadline=None)
@given(formulas, st.fixed_dictionaries({k: st.fractions(-3, 3, max_denominator=5) for k in "abc"}))
def test_the_printed_line_has_the_value_of_the_term(t, env):
    try:
        expected = value(t, env)
    except ZeroDivisionError:
        assume(False)
    reader = Reader(text(t), env)
    assert reader.sum() == expected
    assert reader.peek() == ""


# ------------------------------------------------------------------------------------------------- never raises


@quick
@given(anything(3))
def test_everything_is_printed_on_one_line(t):
    plain, tex = text(t), latex(t)
    assert plain and "\n" not in plain
    assert tex and "\n" not in tex


@quick
@given(anything(3))
def test_latex_is_balanced(t):
    tex = latex(t)
    braces = re.sub(r"\\[{}]", "", tex)
    depth = 0
    for sign in braces:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    assert tex.count(r"\left") - tex.count(r"\leftarrow") == tex.count(r"\right")
    assert not re.search(r"\^(\{[^{}]*\}|.)\^|_(\{[^{}]*\}|.)_", braces), "a double script is no LaTeX"
    assert len(re.findall(r"\\begin\{", tex)) == len(re.findall(r"\\end\{", tex))


@quick
@given(anything(2), st.sampled_from(["sum", "kl", "pdf", "family", "function", "normal", "at", "cases", "derivative"]))
def test_malformed_terms_are_shown_not_raised(t, op):
    for args in ((), (t,), (t, t, t, t)):
        for data in ((), ("x",), (1, 2), (None,), (object(),)):
            broken = T.term(op, args, data)
            assert text(broken) and latex(broken)


@given(st.text(max_size=12))
@settings(max_examples=200, deadline=None)
def test_any_string_is_a_name(name):
    t = T.symbol(name)
    assert isinstance(text(t), str)
    tex = latex(t)
    assert isinstance(tex, str)
    assert re.sub(r"\\[{}]", "", tex).count("{") == re.sub(r"\\[{}]", "", tex).count("}")


def test_depth_and_sharing_cost_neither_stack_nor_memory():
    deep = x
    for _ in range(20_000):
        deep = T.function("exp", deep)
    assert len(text(deep)) < 400_000
    assert latex(deep)
    wide = x
    for _ in range(100):
        wide = T.add(wide, wide)
    assert "…" in text(wide)


def test_a_sum_of_many_terms_is_printed_whole():
    many = T.add(*(T.symbol(f"x_{k}") for k in range(3000)))
    assert text(many).count("+") == 2999


def test_printing_imports_no_sympy():
    code = "import sys, proofs, proofs.printing, proofs.terms, proofs.records; sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=600).returncode == 0


def test_a_law_by_name():
    assert text(T.kl(T.symbol("P", LAW), T.symbol("Q", LAW))) == "KL(P || Q)"
