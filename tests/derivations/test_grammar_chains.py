"""A display becomes chains: which relation signs belong together, and what is prose."""

from __future__ import annotations

import pytest
from spelled_trees import chains

from derivations.reading.parser import parse_formula
from derivations.reading.tree import Chain

CHAINS = [
    # one chain
    ("a=b=c", ["a = b = c"]),
    (r"a &= b \\ &= c", ["a = b = c"]),
    (r"a \\ = b \\ = c", ["a = b = c"]),
    (r"&\quad a \\ &= b", ["a = b"]),
    (r"= b = c", ["… = b = c"]),
    (r"\begin{aligned} a &= b \\ &\le c \end{aligned}", ["a = b <= c"]),
    ("\\eqalign{\n a &= b \\cr &= c }", ["a = b = c"]),
    (r"a &=& b \\ &=& c + d \\ & & + e", ["a = b = [c + d + e]"]),
    (r"a = \newline = b = \newline c", ["a = b = c"]),  # a sign repeated at the line break
    (r"a \stackrel{(1)}{=} b \overset{\text{Jensen}}{\ge} c", ["a = b >= c"]),
    (r"a \overset{def}{=} b", ["a := b"]),
    (r"a \stackrel{\triangle}{=} b \coloneqq c", ["a := b := c"]),
    (r"X \overset{d}{=} Y", ["X =d Y"]),  # in law, which is no equality
    (r"a \overset{c}{=} b", ["a =c b"]),  # up to a constant
    (r"X_i \sim_{iid} p", ["X<sub=i> ~ p"]),
    (r"a \le b < c \leqslant d \approx e \propto f", ["a <= b < c <= d approx e propto f"]),
    (r"a \not= b \ne c", ["a != b != c"]),
    (r"x\in\mathbb{R}^{m\times n}", ["x in R.bb<sup=(m x n)>"]),
    (r"x \mid z \sim p(x|z)", ["G.x | z. ~ (p G(x | z))"]),
    (r"f: X \to Y", ["G.f : X. to Y"]),
    (r"\color{red}{a \ge b}", ["a >= b"]),
    (r"\boxed{a = b}", ["a = b"]),
    (r"\boxed{a} = b", ["decorated(a) = b"]),
    # a side over several rows
    (r"a &= b \\ &\quad + c \\ &= d", ["a = [b + c] = d"]),
    (r"a = b + \\ c", ["a = [b + c]"]),
    (r"a = b \cdot \\ c", ["a = (b * c)"]),
    (r"a &= b \\ &\times c", ["a = (b x c)"]),
    (r"\left( a \\ + b \right) &= c \\ &= d", ["G([a + b]) = c = d"]),
    (r"a &= \left( b \right. \\ &\left. + c \right)", ["a = G([b + c])"]),
    (r"a = \int f(x) \\ g(x) dx", ["a = (integral f G(x) g G(x) differential(x))"]),
    # several chains
    (r"a &= b \\ c &= d", ["a = b", "c = d"]),
    (r"-a &= b \\ -c &= d", ["[- a] = b", "[- c] = d"]),
    (r"a = b, \quad c = d", ["a = b", "c = d"]),
    (r"a = b; c = d.", ["a = b", "c = d"]),
    (r"x_1 = z_1, x_2 = f(z_1, z_2)", ["x<sub=1> = z<sub=1>", "x<sub=2> = (f G(z<sub=1> , z<sub=2>))"]),
    (r"a, b \in R, c > 0", ["G.a , b. in R", "c > 0"]),
    (r"a = 1, b, c \in R", ["a = 1", "G.b , c. in R"]),
    (r"\mu, \Sigma = g(X)", ["G.mu , Sigma. = (g G(X))"]),
    (r"x_1, \ldots, x_n \sim p", ["G.x<sub=1> , ... , x<sub=n>. ~ p"]),
    (r"i = 1, \dots, n", ["i = G.1 , ... , n."]),
    (r"G(z), \quad z \sim p", ["(G G(z))", "z ~ p"]),
    (r"G(z), z \sim p", ["(G G(z))", "z ~ p"]),
    (r"a = b \quad (1)", ["a = b", "G(1)"]),
    (r"a &= b & c &= d \\ &= e & &= f", ["a = b = e", "c = d = f"]),
    (r"a &= b && x = y \\ &= c && \text{by (1)} \\ &= d", ["a = b = c = d", "x = y", "text('by (1)')"]),
    (r"\begin{cases} x = 1 \\ y = 2 \end{cases}", ["x = 1", "y = 2"]),
    (r"\left\{ \begin{aligned} x &= 1 \\ y &= 2 \end{aligned} \right.", ["x = 1", "y = 2"]),
    (
        r"f = \left\{ \begin{aligned} 1, \quad & x > 0 \\ 0, \quad & x \le 0 \end{aligned} \right.",
        ["f = cases(1 if {x > 0}; 0 if {x <= 0})"],
    ),
    # consequences
    (r"a = b \Rightarrow c = d", ["a = b", "<implies> c = d"]),
    (r"a &= b \\ \Rightarrow c &= d \\ &= e", ["a = b", "<implies> c = d = e"]),
    (r"a = 0 \Leftrightarrow b = c", ["a = 0", "<iff> b = c"]),
    (r"\therefore a = b", ["<implies> a = b"]),
    # prose
    (r"a = b \quad \text{change of variables}", ["a = b", "text('change of variables')"]),
    (r"a = b, \text{ where } x > 0", ["a = b", "<where> x > 0"]),
    (r"a = b \text{ and } c = d \\ &= e", ["a = b", "<and> c = d = e"]),
    (r"a = b \quad \text{if } x > 0 \\ &= e", ["a = b = e", "<if> x > 0"]),  # a condition is no part of the chain
    (r"\text{Let } G \text{ be fixed, then } D = 1", ["<Let> G", "<be fixed, then> D = 1"]),
    (r"\text{loss} = \text{reconstruction loss} + KL", ["loss.rm = [text('reconstruction loss') + KL.rm]"]),
    (r"L = -\log p + \text{const.}", ["L = [- (log.rm p) + const.rm]"]),
    (r"Z = X \text{ xor } Y", ["Z = (X text('xor') Y)"]),  # which does not say that Z = X
    (r"x = 1 \text{ or } 2", ["x = (1 text('or') 2)"]),
    (r"a \text{ and } b \in R", ["G.a , b. in R"]),
    (r"x = 1 \text{ or } y = 2", ["x = 1", "<or> y = 2"]),
    (r"p = q \text{ for all } x", ["p = q", "<for all> x"]),
    (r"\text{minimize } f(x)", ["<minimize> (f G(x))"]),
    (r"\forall x \in X: p(x) > 0", ["<for all> x in X", "(p G(x)) > 0"]),
    (r"a_i = b_i \quad \forall i", ["a<sub=i> = b<sub=i>", "<for all> i"]),
    (r"\label{e} a = b \tag{1} \nonumber", ["a = b"]),
]


@pytest.mark.parametrize(("source", "expected"), CHAINS)
def test_chains(source: str, expected: list[str]) -> None:
    assert chains(source) == expected


def test_the_span_of_a_side_is_its_source() -> None:
    source = r"&\quad a + b \\ &= c,\quad \text{where } \frac{d}{2} = e."
    first, second = parse_formula(source)
    assert isinstance(first, Chain) and isinstance(second, Chain)
    spans = [side.span for chain in (first, second) for side in [chain.first, *(x.side for x in chain.links)] if side]
    assert [source[a:b] for a, b in spans] == ["a + b", "c", r"\frac{d}{2}", "e"]
    sign = first.links[0]
    assert source[slice(*sign.span)] == "="


def test_commas_in_brackets_never_split() -> None:
    assert chains("f(x, y) = g(x, y)") == ["(f G(x , y)) = (g G(x , y))"]
    assert len(chains(r"\{a = b, c = d\}")) == 1


def test_relation_signs_in_brackets_and_scripts_are_no_links() -> None:
    assert chains(r"\sum_{i=1}^n P(X=i) = 1") == ["(sum<sub={i = 1}, sup=n> P G({X = i})) = 1"]
