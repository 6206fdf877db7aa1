"""docs/language.md says what is so: every operator is in it, with the LaTeX that we print and the node that it is."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from proofs.language import from_sympy, to_sympy
from proofs.printing import latex, text
from proofs.terms import (
    BOOL,
    LAW,
    ONE,
    OPERATORS,
    PI,
    Term,
    add,
    at,
    call,
    call_inverse,
    compare,
    derivative,
    det,
    diag,
    divide,
    entry,
    expectation,
    family,
    hadamard,
    identity,
    indicator,
    integral,
    inverse,
    jsd,
    kl,
    law,
    log,
    matrix,
    matrix_sort,
    mul,
    norm,
    normal,
    number,
    ones,
    pdf,
    power,
    product_over,
    sum_over,
    symbol,
    term,
    trace,
    transpose,
    variance,
    vector_sort,
    zeros,
)

PAGE = Path(__file__).parents[2] / "docs" / "language.md"

a, b, x, z, lam = map(symbol, ("a", "b", "x", "z", "lambda"))
mu, s2 = symbol("mu"), power(symbol("sigma"), number(2))
u, v, A = symbol("u", vector_sort("n")), symbol("v", vector_sort("n")), symbol("A", matrix_sort("n", "n"))
positive, small = compare(">", x, number(0)), compare("<=", x, ONE)
q = family("q", ("z",), ("x",), (x,))
p = family("p", ("z",))
f_z = call("f", [z])

# one example of each operator; the page shows its LaTeX
EXAMPLES: dict[str, Term] = {
    "number": number(Fraction(2, 3)),
    "constant": PI,
    "symbol": symbol("mu_1"),
    "add": add(a, b),
    "mul": mul(a, b),
    "pow": power(a, b),
    "hadamard": hadamard(u, v),
    "transpose": transpose(A),
    "inverse": inverse(A),
    "det": det(A),
    "trace": trace(A),
    "diag": diag(v),
    "diagonal": term("diagonal", [A], (), v.sort),
    "identity": identity("n"),
    "zeros": zeros("n"),
    "ones": ones("n"),
    "matrix": matrix(2, 2, [a, b, b, a]),
    "entry": entry(v, symbol("i")),
    "norm": norm(v),
    "function": log(x),
    "call": call("D", [x]),
    "call_inverse": call_inverse("f", [z]),
    "compare": small,
    "and": term("and", [positive, small], (), BOOL),
    "or": term("or", [positive, small], (), BOOL),
    "not": term("not", [small], (), BOOL),
    "indicator": indicator(positive),
    "cases": term("cases", [x, positive, number(0)]),
    "sum": sum_over("i", symbol("i"), ONE, symbol("n")),
    "product": product_over("i", symbol("i"), ONE, symbol("n")),
    "integral": integral("z", f_z),
    "expectation": expectation("z", q, f_z),
    "variance": variance("z", q, f_z),
    "covariance": term("covariance", [q, f_z, z], ("z",)),
    "probability": term("probability", [q, compare(">", z, number(0))], ("z",)),
    "maximum": term("maximum", [call("V", [symbol("D")])], ("D",)),
    "minimum": term("minimum", [call("V", [symbol("G")])], ("G",)),
    "argmax": term("argmax", [call("V", [symbol("D")])], ("D",)),
    "argmin": term("argmin", [call("V", [symbol("G")])], ("G",)),
    "derivative": derivative(call("f", [v]), "v", sort=v.sort),
    "at": at("x", derivative(call("f", [x]), "x"), ONE),
    "normal": normal(mu, s2),
    "bernoulli": law("bernoulli", symbol("pi_1")),
    "categorical": law("categorical", v),
    "uniform": law("uniform", a, b),
    "uniform_choice": law("uniform_choice", a, b),
    "exponential": law("exponential", lam),
    "gamma": law("gamma", a, b),
    "beta": law("beta", a, b),
    "poisson": law("poisson", lam),
    "laplace": law("laplace", mu, b),
    "student_t": law("student_t", symbol("nu")),
    "family": family("p", ("x",), ("z",), (z,), (symbol("theta"),)),
    "with_density": term("with_density", [divide(add(pdf(p, z), pdf(q, z)), number(2))], ("z",), LAW),
    "pushforward": term("pushforward", [p, f_z], ("z",), LAW),
    "pdf": pdf(q, z),
    "kl": kl(q, p),
    "jsd": jsd(q, p),
    "entropy": term("entropy", [q]),
    "cross_entropy": term("cross_entropy", [q, p]),
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
    assert EXAMPLES.keys() == OPERATORS.keys()


def test_every_operator_has_a_row_and_no_other_has():
    assert rows().keys() == OPERATORS.keys()


@pytest.mark.parametrize("op", OPERATORS)
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
