"""docs/language.md says what is so: every operator is in it, with the LaTeX that we print and the node that it is."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from proofs import terms as T
from proofs.language import from_sympy, to_sympy
from proofs.printing import latex, text
from proofs.terms import BOOL, LAW, Term

PAGE = Path(__file__).parents[2] / "docs" / "language.md"

a, b, x, z, lam = map(T.symbol, ("a", "b", "x", "z", "lambda"))
mu, s2 = T.symbol("mu"), T.power(T.symbol("sigma"), T.number(2))
u, v, A = T.symbol("u", T.vector_sort("n")), T.symbol("v", T.vector_sort("n")), T.symbol("A", T.matrix_sort("n", "n"))
positive, small = T.compare(">", x, T.number(0)), T.compare("<=", x, T.ONE)
q = T.family("q", ("z",), ("x",), (x,))
p = T.family("p", ("z",))
f_z = T.call("f", [z])

# one example of each operator; the page shows its LaTeX
EXAMPLES: dict[str, Term] = {
    "number": T.number(Fraction(2, 3)),
    "constant": T.PI,
    "symbol": T.symbol("mu_1"),
    "add": T.add(a, b),
    "mul": T.mul(a, b),
    "pow": T.power(a, b),
    "hadamard": T.hadamard(u, v),
    "transpose": T.transpose(A),
    "inverse": T.inverse(A),
    "det": T.det(A),
    "trace": T.trace(A),
    "diag": T.diag(v),
    "diagonal": T.term("diagonal", [A], (), v.sort),
    "identity": T.identity("n"),
    "zeros": T.zeros("n"),
    "ones": T.ones("n"),
    "matrix": T.matrix(2, 2, [a, b, b, a]),
    "entry": T.entry(v, T.symbol("i")),
    "norm": T.norm(v),
    "function": T.log(x),
    "call": T.call("D", [x]),
    "call_inverse": T.call_inverse("f", [z]),
    "compare": small,
    "and": T.term("and", [positive, small], (), BOOL),
    "or": T.term("or", [positive, small], (), BOOL),
    "not": T.term("not", [small], (), BOOL),
    "indicator": T.indicator(positive),
    "cases": T.term("cases", [x, positive, T.number(0)]),
    "sum": T.sum_over("i", T.symbol("i"), T.ONE, T.symbol("n")),
    "product": T.product_over("i", T.symbol("i"), T.ONE, T.symbol("n")),
    "integral": T.integral("z", f_z),
    "expectation": T.expectation("z", q, f_z),
    "variance": T.variance("z", q, f_z),
    "covariance": T.term("covariance", [q, f_z, z], ("z",)),
    "probability": T.term("probability", [q, T.compare(">", z, T.number(0))], ("z",)),
    "preimages": T.preimages("x", T.symbol("y"), T.call("f", [x]), x),
    "maximum": T.term("maximum", [T.call("V", [T.symbol("D")])], ("D",)),
    "minimum": T.term("minimum", [T.call("V", [T.symbol("G")])], ("G",)),
    "argmax": T.term("argmax", [T.call("V", [T.symbol("D")])], ("D",)),
    "argmin": T.term("argmin", [T.call("V", [T.symbol("G")])], ("G",)),
    "derivative": T.derivative(T.call("f", [v]), "v", sort=v.sort),
    "at": T.at("x", T.derivative(T.call("f", [x]), "x"), T.ONE),
    "normal": T.normal(mu, s2),
    "bernoulli": T.law("bernoulli", T.symbol("pi_1")),
    "categorical": T.law("categorical", v),
    "uniform": T.law("uniform", a, b),
    "uniform_choice": T.law("uniform_choice", a, b),
    "exponential": T.law("exponential", lam),
    "gamma": T.law("gamma", a, b),
    "beta": T.law("beta", a, b),
    "poisson": T.law("poisson", lam),
    "laplace": T.law("laplace", mu, b),
    "student_t": T.law("student_t", T.symbol("nu")),
    "family": T.family("p", ("x",), ("z",), (z,), (T.symbol("theta"),)),
    "with_density": T.term("with_density", [T.divide(T.add(T.pdf(p, z), T.pdf(q, z)), T.number(2))], ("z",), LAW),
    "pushforward": T.term("pushforward", [p, f_z], ("z",), LAW),
    "pdf": T.pdf(q, z),
    "kl": T.kl(q, p),
    "jsd": T.jsd(q, p),
    "entropy": T.term("entropy", [q]),
    "cross_entropy": T.term("cross_entropy", [q, p]),
}


def rows() -> dict[str, tuple[str, str, str, str]]:
    """Operator -> (meaning, LaTeX, text, node) as the page has them."""
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 5 and cells[0].startswith("`"):
            meaning, *code = (c.replace("\\|", "|") for c in cells[1:])
            found[cells[0].strip("`")] = (meaning, *(c.strip("`").strip() for c in code))
    return found


def test_there_is_an_example_of_every_operator():
    assert EXAMPLES.keys() == T.OPERATORS.keys()


def test_every_operator_has_a_row_and_no_other_has():
    assert rows().keys() == T.OPERATORS.keys()


@pytest.mark.parametrize("op", T.OPERATORS)
def test_the_row_says_what_is_printed_and_which_node_it_is(op):
    meaning, shown, plain, node = rows()[op]
    example = EXAMPLES[op]
    assert example.op == op
    assert len(meaning) > 3
    assert shown == latex(example)
    assert plain == text(example)
    assert node == type(to_sympy(example)).__name__
    assert from_sympy(to_sympy(example)) == example


def test_every_known_function_is_listed():
    from proofs.language.functions import FUNCTION_CLASSES
    from proofs.terms import FUNCTIONS

    page = PAGE.read_text(encoding="utf-8")
    assert FUNCTION_CLASSES.keys() == FUNCTIONS
    for name, cls in FUNCTION_CLASSES.items():
        assert f"`{name}` (`{cls.__name__}`)" in page
