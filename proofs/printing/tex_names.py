"""The words of the field in LaTeX: laws, constants, functions and signs."""

from __future__ import annotations

LAW_NAMES = {
    "normal": r"\mathcal{N}",
    "bernoulli": r"\mathrm{Bernoulli}",
    "categorical": r"\mathrm{Categorical}",
    "uniform": r"\mathrm{Uniform}",
    "exponential": r"\mathrm{Exponential}",
    "gamma": r"\mathrm{Gamma}",
    "beta": r"\mathrm{Beta}",
    "poisson": r"\mathrm{Poisson}",
    "laplace": r"\mathrm{Laplace}",
    "student_t": r"\mathrm{StudentT}",
}
CONSTANTS = {"pi": r"\pi", "e": "e", "euler_gamma": r"\gamma_{E}", "infinity": r"\infty", "i": "i"}
FUNCTION_NAMES = {
    "exp": r"\exp",
    "log": r"\log",
    "sin": r"\sin",
    "cos": r"\cos",
    "tan": r"\tan",
    "sinh": r"\sinh",
    "cosh": r"\cosh",
    "tanh": r"\tanh",
    "arctan": r"\arctan",
    "sigmoid": r"\sigma",
    "normal_cdf": r"\Phi",
    "gamma_function": r"\Gamma",
    "log_gamma": r"\log\Gamma",
    "digamma": r"\psi",
}
RELATION_SIGNS = {"<=": r"\le", ">=": r"\ge", "!=": r"\ne"}
# written without parentheses before a letter, a fraction or another application
PREFIXED = frozenset({"exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan"})
APPLIED = frozenset({"pdf", "call", "call_inverse", "det", "norm", "symbol"})
# what makes a delimiter grow
TALL = (r"\left", r"\frac", r"\sum", r"\prod", r"\int", r"\begin", r"^{")
