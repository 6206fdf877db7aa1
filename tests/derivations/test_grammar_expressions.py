"""Each formula has one right tree.  A lesser reader takes every one of these for something else."""

from __future__ import annotations

import pytest
from spelled_trees import spelled

from derivations.reading.parser import parse_expression
from derivations.reading.tree import Differential, Name, Sequence

RIGHT_TREES = [
    (r"f(x)(1-x)", "(f G(x) G([1 - x]))"),
    (r"\log p(x|z) q", "(log.rm p G(x | z) q)"),
    (r"p(x)q(x)", "(p G(x) q G(x))"),
    (r"E_q[f]g", "(E<sub=q> G[f] g)"),
    (r"\sigma(x) + \sigma x", "[(sigma G(x)) + (sigma x)]"),
    (r"x^\top y", "(x<sup=top> y)"),
    (r"x^T + x^2", "[x<sup=T> + x<sup=2>]"),
    (r"|x| + |A|", "[G|x| + G|A|]"),
    (r"\partial f/\partial x", "(partial f / partial x)"),
    (r"\frac{\partial f}{\partial x}", "frac((partial f), (partial x))"),
    (r"\frac{d}{2}\log d", "(frac(d, 2) log.rm d)"),
    (r"\int x\,dx + d", "[(integral x differential(x)) + d]"),
    (r"\int_0^1 x \, \mathrm{d}x", "(integral<sub=0, sup=1> x differential(x))"),
    (r"\frac{df(x)}{dx}", "frac((d f G(x)), (d x))"),
    (r"\frac{d^2 f}{{dx}^2}", "frac((d<sup=2> f), (d x)<sup=2>)"),
    (r"\int \frac{df}{dx} dx", "(integral frac((d f), (d x)) differential(x))"),
    (r"\int \frac{dx}{x}", "(integral frac(differential(x), x))"),
    (r"\int\int p(x,z) d_z d_x", "(integral integral p G(x , z) differential(z) differential(x))"),
    (
        r"\int P(z_1,\dots,z_n) dz_1 \cdot dz_2 \dots dz_n",
        "(integral P G(z<sub=1> , ... , z<sub=n>) differential(z<sub=1>) * differential(z<sub=2>) ... "
        "differential(z<sub=n>))",
    ),
    (r"\int f(x) dP(x)", "(integral f G(x) differential((P G(x))))"),
    (r"\int p(x) d^n x", "(integral p G(x) differential(x, n))"),
    (r"\int p + d x", "[(integral p) + (d x)]"),
    (r"d_x + d_z", "[d<sub=x> + d<sub=z>]"),
    (r"logD(x)", "(log.rm D G(x))"),
    (r"-log4", "[- (log.rm 4)]"),
    (r"min_Gmax_DV(D,G)", "(min.rm<sub=G> max.rm<sub=D> V G(D , G))"),
    (r"log(1-D)ln2", "(log.rm G([1 - D]) ln.rm 2)"),
    (r"e^{tr(A)} N_{tr} x_{ij} t r", "(e<sup=(tr.rm G(A))> N<sub=tr.rm> x<sub=(i j)> t r)"),
    (r"p_{data}(x) + \mathcal{L}^{recon}", "[(p<sub=data> G(x)) + L.cal<sup=recon>]"),
    (r"p{\text{data}}", "(p data.rm)"),
    (r"x^23", "(x<sup=2> 3)"),
    (r"\frac12x", "(frac(1, 2) x)"),
    (r"\mathbf{Wx} + \mathrm{KL} + \boldsymbol{\mu_p}", "[(W.bf x.bf) + KL.rm + mu.bf<sub=p.bf>]"),
    (r"|x||y|", "(G|x| G|y|)"),
    (r"2|x|-3|y|", "[(2 G|x|) - (3 G|y|)]"),
    (r"||z||_2^2", "G||z||<sub=2, sup=2>"),
    (r"\|x\|\|y\|", "(G||x|| G||y||)"),
    (r"D_{KL}(q_\phi(z|x)||p(z))", "(D<sub=KL.rm> G((q<sub=phi> G(z | x)) || (p G(z))))"),
    (r"KL[q\|p]", "(KL.rm G[q || p])"),
    (r"KL(q | | p)", "(KL.rm G(q || p))"),
    (r"\mathcal N(x\,|\,\mu,\Sigma)", "(N.cal G(x | mu , Sigma))"),
    (r"\mathbb E[|X| \mid |Y|]", "(E.bb G[G|X| | G|Y|])"),
    (r"\left|\frac{\partial f}{\partial x}\right|", "G|frac((partial f), (partial x))|"),
    (r"\det\left|J\right|^{-1}", "(det.rm G|J|<sup=[- 1]>)"),
    (r"|p(x|z) - q|", "G|[(p G(x | z)) - q]|"),
    (r"\log|\Sigma|", "(log.rm G|Sigma|)"),
    (r"p\left(z \left| x\right.\right)", "(p G(z | x))"),
    (r"f(x)|_{x=0}", "(f G(x) evaluated({x = 0}))"),
    (r"\left.f\right|_a^b", "(G.f. evaluated(a, b))"),
    (r"P(|X-\mu| \ge k)", "(P G({G|[X - mu]| >= k}))"),
    (r"\{x : |x| < 1\}", "G{x : {G|x| < 1}}"),
    (r"\mathcal N(\cdot|0,1)", "(N.cal G(cdot | 0 , 1))"),
    (r"\|\cdot\|", "G||cdot||"),
    (r"\mathbb{1}\{x>0\}", "(1.bb G{{x > 0}})"),
    (
        r"x' + x^{\prime\prime} + x^* + D^*_G + x^{*T}",
        "[x<primes=1> + x<primes=2> + x<star> + D<sub=G, star> + x<sup=T, star>]",
    ),
    (r"A^+ + x^{-} + \mathbb Z_{++}", "[A<sup=+> + x<sup=-> + Z.bb<sub=++>]"),
    (r"\theta_{*}", "theta<sub=*>"),
    (r"{a \over b} + {n \choose k}", "[frac(a, b) + binomial(n, k)]"),
    (r"\binom{n}{k}", "binomial(n, k)"),
    (r"\sqrt[n]{x} + \sqrt2", "[root(x, n) + root(2)]"),
    (r"n!", "factorial(n)"),
    (r"10^{10^{10}}", "10<sup=10<sup=10>>"),
    (r"(0,1]", "G(0 , 1]"),
    (r"\sum_{i=1}^n x_i", "(sum<sub={i = 1}, sup=n> x<sub=i>)"),
    (r"\Sigma_{i=1}^n x_i + \Sigma_{i}^{-1}", "[(sum<sub={i = 1}, sup=n> x<sub=i>) + Sigma<sub=i, sup=[- 1]>]"),
    (r"\Pi_{i=1}^n x_i + \Pi_1", "[(product<sub={i = 1}, sup=n> x<sub=i>) + Pi<sub=1>]"),
    (r"\underset{x\sim p}{\mathbb{E}} f", "(E.bb<under={x ~ p}> f)"),
    (r"\mathop{\mathbb E}\limits_{x} f + \mathop{\mathbb E}_{x} f", "[(E.bb<under=x> f) + (E.bb<sub=x> f)]"),
    (r"\mathbb{E}_{x \sim p, z \sim q(z|x)}[f]", "(E.bb<sub=G.{x ~ p} , {z ~ (q G(z | x))}.> G[f])"),
    (r"\operatorname*{arg\,max}_x f + \arg\max_\theta L", "[(argmax.rm<sub=x> f) + (argmax.rm<sub=theta> L)]"),
    (r"\max\limits_x f", "(max.rm<under=x> f)"),
    (r"x \times -1", "(x x [- 1])"),
    (r"a(b+c)", "(a G([b + c]))"),
    (r"a/bc", "(a / b c)"),
    (r"a \circ b", "(a circ b)"),
    (r"\frac{A}{B}/2", "(frac(A, B) / 2)"),
    (r"\underbrace{a + b}_{=0} c", "(decorated([a + b], '=0') c)"),
    (r"\color{red}{a} + b", "[decorated(a) + b]"),
    (r"\begin{bmatrix} a && b \\ c && d \end{bmatrix}", "matrix[a, b; c, d"),
    (r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}", "matrix[a, b; c, d"),
    (r"\left| \begin{matrix} a & b \\ c & d \end{matrix} \right|", "matrix|a, b; c, d"),
    (
        r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
        "cases(x if {x > 0}; 0 if 'otherwise')",
    ),
    (r"\left\{ \begin{array}{ll} 1, & x>0 \\ 0, & \mbox{else} \end{array} \right.", "cases(1 if {x > 0}; 0 if 'else')"),
    (r"\sum_{\substack{i=1\\ i \ne j}}^n x_i", "(sum<sub=G.{i = 1} , {i != j}., sup=n> x<sub=i>)"),
    (r"z_{1:k}", "z<sub=G.1 : k.>"),
    (r"p(i=1)", "(p G({i = 1}))"),
    (r"x \displaystyle \, \; \! \quad y \label{a} \tag{3} \nonumber", "(x y)"),
    (r"\Big( a + \bigl[ b \bigr] \Big)", "G([a + G[b]])"),
    (r"\left( a \right. \\ \left. + b \right)", "G([a + b])"),
    (r"a + \\ + b", "[a + b]"),
    (r"\hat{\mathbf{x}}_i + \overline{xy}", "[x.bf^hat<sub=i> + (x y)<over=bar.accent>]"),
    (r"y_{<t}", "y<sub={G.. < t}>"),
]


@pytest.mark.parametrize(("source", "tree"), RIGHT_TREES)
def test_the_one_right_tree(source: str, tree: str) -> None:
    assert spelled(parse_expression(source)) == tree


def test_enough_formulas_that_are_easily_misread() -> None:
    assert len(RIGHT_TREES) >= 60


@pytest.mark.parametrize(
    ("source", "differentials"),
    [
        (r"\int f(x)dx", 1),
        (r"\int f(x) \, d\mathbf{z}", 1),
        (r"\int f(x) \mathrm d\mathbf x", 1),
        (r"\int f(x) \text{d}x", 1),
        (r"\iint f\,dx\,dy", 2),
        (r"\int f(x,y) dx dy", 2),  # the second stands directly behind the first
        (r"\mathrm{d}x", 1),  # a roman d is always one
        (r"f dx", 0),  # a letter d, without an integral
        (r"\frac{d}{2} x", 0),
        (r"d_\theta(x)", 0),  # a name that begins with d
        (r"\int d(x) y", 0),
        (r"\int_0^d x", 0),
        (r"\int dx\, f(x)", 1),  # as physicists write
    ],
)
def test_d_is_a_differential_only_after_an_integral(source: str, differentials: int) -> None:
    node = parse_expression(source)
    items = node.items if isinstance(node, Sequence) else (node,)
    assert sum(isinstance(i, Differential) for i in items) == differentials


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (r"\left( x \right)", "(x)"),
        (r"\Bigl[ x \Bigr]", "[x]"),
        (r"x_i^2", "x^2_i"),
        (r"\frac ab", r"\dfrac{a}{b}"),
        (r"p(x \vert z)", r"p(x \mid z)"),
        (r"\lVert x \rVert", r"\|x\|"),
        (r"\lvert x \rvert", "|x|"),
        (r"\bm{x}", r"\mathbf{x}"),
        (r"{\bf x}", r"\mathbf{x}"),
        (r"{\rm KL}", r"\mathrm{KL}"),
        (r"KL(p \| q)", r"KL(p \,\|\, q)"),
        (r"KL(p \parallel q)", r"KL(p||q)"),
        (r"\operatorname{tr}(A)", "tr(A)"),
        (r"\log x", "log x"),
        ("σ(x) ≤ 1".split(" ≤ ")[0], r"\sigma(x)"),
        (r"x^\star", "x^*"),
        (r"\sum\limits_{i=1}^n i", r"\sum_{i=1}^n i"),
        (r"a \cdot b", "a*b"),
        ("x,", "x"),
        ("x.", "x"),
    ],
)
def test_spellings_of_one_thing(first: str, second: str) -> None:
    assert parse_expression(first) == parse_expression(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("p(x)", "P(x)"),
        (r"\epsilon", r"\varepsilon"),
        (r"\mathbf{x}", "x"),
        (r"x^*", "x^2"),
        ("x'", "x"),
        (r"\hat x", r"\bar x"),
        ("p(x|z)", "p(x,z)"),
        ("p(x;z)", "p(x,z)"),
        ("KL(p|q)", "KL(p||q)"),
        ("|x|", "||x||"),
        (r"a \times b", r"a \cdot b"),
        (r"x \odot y", "x y"),
        ("-x^2", "(-x)^2"),
        ("[0,1)", "[0,1]"),
        (r"\sum_i x_i + c", r"\sum_i (x_i + c)"),
        (r"\mathcal{N}", "N"),
    ],
)
def test_different_things_stay_apart(first: str, second: str) -> None:
    assert parse_expression(first) != parse_expression(second)


def test_a_word_is_one_name_and_letters_are_many() -> None:
    assert parse_expression("ELBO") == Name((0, 4), "ELBO", "rm")
    assert spelled(parse_expression("abc")) == "(a b c)"
    assert spelled(parse_expression("x_{abc}")) == "x<sub=abc>"  # an index of three letters is a word


def test_spans_are_those_of_the_source() -> None:
    node = parse_expression(r"  a + \frac{b}{c} ")
    assert node.span == (2, 17)
    assert [term.span for term in node.terms] == [(2, 3), (6, 17)]
