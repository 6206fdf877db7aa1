"""The words of the notation: functions, operators, laws and divergences that are never symbols of their own."""

from __future__ import annotations

from derivations.reading.names import Head

# word -> function of the language, elementwise
FUNCTION_WORDS = {
    "log": "log", "ln": "log", "exp": "exp", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh",
    "cosh": "cosh", "tanh": "tanh", "arctan": "arctan", "atan": "arctan", "sigmoid": "sigmoid", "logit": "logit",
    "softplus": "softplus", "relu": "relu", "ReLU": "relu", "erf": "erf", "sign": "sign", "sgn": "sign",
}  # fmt: skip
MATRIX_WORDS = {
    "det": "det", "tr": "trace", "Tr": "trace", "trace": "trace", "Trace": "trace", "diag": "diag", "Diag": "diag",
}  # fmt: skip
OPTIMA = {
    "max": "maximum", "sup": "maximum", "min": "minimum", "inf": "minimum", "argmax": "argmax", "argmin": "argmin",
}  # fmt: skip
# word -> (law of the language, number of parameters)
LAW_WORDS = {
    "N": ("normal", 2), "Normal": ("normal", 2), "Bern": ("bernoulli", 1), "Bernoulli": ("bernoulli", 1),
    "U": ("uniform", 2), "Unif": ("uniform", 2), "Uniform": ("uniform", 2), "Exponential": ("exponential", 1),
    "Exp": ("exponential", 1), "Gamma": ("gamma", 2), "Beta": ("beta", 2), "Poisson": ("poisson", 1),
    "Ber": ("bernoulli", 1),
    "Pois": ("poisson", 1), "Laplace": ("laplace", 2), "Cat": ("categorical", 1), "Categorical": ("categorical", 1),
}  # fmt: skip
# word -> moment
MOMENTS = {"Var": "Var", "var": "Var", "Cov": "Cov", "cov": "Cov"}
# Operators of the field that have no meaning for us yet: never names of anything else.
OTHER_OPERATORS = frozenset(
    "Std std SD sd Corr corr Mult Multinomial Dir Dirichlet Binom Bin Binomial Geom Prob".split()
)
DIVERGENCES = {"KL": "kl", "KLD": "kl", "JSD": "jsd", "JS": "jsd"}

# Function words and operators: never symbols of their own.
KNOWN_WORDS = (
    frozenset(
        "log ln exp sqrt sin cos tan sinh cosh tanh arctan atan sigmoid logit softplus relu ReLU erf det "
        "tr Tr trace Trace diag Diag max min sup inf arg argmax argmin KL KLD JSD JS Var Cov Bern Bernoulli Unif "
        "Uniform Exp Exponential "
        "Gamma Beta Poisson Laplace Cat Categorical sign sgn const Pr floor Ber Pois var cov".split()
    )
    | OTHER_OPERATORS
)

# Words that no equation defines.  Beta and Gamma are letters too.
OPERATOR_WORDS = frozenset(
    {*FUNCTION_WORDS, *MATRIX_WORDS, *OPTIMA, *DIVERGENCES, *LAW_WORDS, *MOMENTS, *OTHER_OPERATORS}
    | {"nabla", "partial", "Pr"}
) - {"Beta", "Gamma"}


def is_moment_sign(base: str, font: str) -> bool:
    """E, V and P in the fonts of operators: never names of functions or matrices."""
    return (base in ("E", "V", "P") and font == "bb") or (base == "E" and font in ("rm", "sf", "bf"))


def is_divergence(head: Head) -> bool:
    """KL, D_{KL}, JSD, ...: what stands in their brackets are distributions."""
    return head.base in DIVERGENCES or head.label in DIVERGENCES


JACOBIANS = frozenset(["J", "D", "Jac"])  # letters of Jacobian matrices: J_f
INVERSE = "^-1"  # of a label: J_{f^{-1}}
