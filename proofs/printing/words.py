"""What each printer calls the operators of the language: the words of the field, plain and in LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from proofs.printing.names import name_latex, name_text


class Words(NamedTuple):
    """The vocabulary of one style.  ``operators`` and ``laws`` are what stands before the arguments."""

    name: Callable[[object], str]
    constants: Mapping[str, str]
    functions: Mapping[str, str]
    comparisons: Mapping[str, str]
    laws: Mapping[str, str]
    operators: Mapping[str, str]


PLAIN = Words(
    name=name_text,
    constants={"pi": "π", "e": "e", "euler_gamma": "γ_E", "infinity": "∞", "i": "i"},
    functions={"sigmoid": "σ", "normal_cdf": "Φ", "gamma_function": "Γ", "log_gamma": "log Γ", "digamma": "ψ"},
    comparisons={"<=": "≤", ">=": "≥", "!=": "≠"},
    laws={
        "normal": "N",
        "bernoulli": "Bernoulli",
        "categorical": "Categorical",
        "uniform": "Uniform",
        "uniform_choice": "UniformChoice",
        "exponential": "Exponential",
        "gamma": "Gamma",
        "beta": "Beta",
        "poisson": "Poisson",
        "laplace": "Laplace",
        "student_t": "StudentT",
    },
    operators={
        "hadamard": " ⊙ ",
        "transpose": "^⊤",
        "inverse": "^-1",
        "det": "det",
        "trace": "tr",
        "diag": "diag",
        "diagonal": "diagonal",
        "and": " and ",
        "or": " or ",
        "sum": "Σ",
        "product": "Π",
        "integral": "∫",
        "expectation": "E",
        "variance": "Var",
        "covariance": "Cov",
        "probability": "P",
        "maximum": "max",
        "minimum": "min",
        "argmax": "argmax",
        "argmin": "argmin",
        "pdf": "pdf",
        "kl": "KL",
        "jsd": "JSD",
        "entropy": "H",
        "cross_entropy": "H",
    },
)

LATEX = Words(
    name=name_latex,
    constants={"pi": r"\pi", "e": "e", "euler_gamma": r"\gamma_{E}", "infinity": r"\infty", "i": "i"},
    functions={
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
    },
    comparisons={"<=": r"\le", ">=": r"\ge", "!=": r"\ne"},
    laws={
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
    },
    operators={
        "hadamard": r" \odot ",
        "transpose": r"^\top",
        "inverse": "^{-1}",
        "det": r"\det",
        "trace": r"\operatorname{tr}",
        "diag": r"\mathrm{diag}",
        "diagonal": r"\mathrm{diag}",
        "and": r" \land ",
        "or": r" \lor ",
        "sum": r"\sum",
        "product": r"\prod",
        "integral": r"\int",
        "expectation": r"\mathbb{E}",
        "variance": r"\operatorname{Var}",
        "covariance": r"\operatorname{Cov}",
        "probability": r"\mathbb{P}",
        "maximum": r"\max",
        "minimum": r"\min",
        "argmax": r"\arg\max",
        "argmin": r"\arg\min",
        "pdf": r"\mathrm{pdf}",
        "kl": "D_{KL}",
        "jsd": r"\mathrm{JSD}",
        "entropy": "H",
        "cross_entropy": "H",
    },
)
