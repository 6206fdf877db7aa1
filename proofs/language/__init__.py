"""The probability language as SymPy nodes.

>>> from sympy import Symbol
>>> from proofs.language import KL, Normal
>>> mu, s = Symbol("mu", real=True), Symbol("s", positive=True)
>>> KL(Normal(mu, s), Normal(0, 1)).doit()
mu**2/2 + s/2 + log(1/s)/2 - 1/2

Importing this package imports SymPy; `proofs.terms` and `proofs.printing` do not.
"""

from proofs.language.calculus import (
    ArgMax,
    ArgMin,
    At,
    DerivativeBy,
    IntegralOver,
    Maximum,
    Minimum,
    ProductOver,
    SumOver,
)
from proofs.language.conversion import from_sympy, to_sympy
from proofs.language.density import Density, log_density
from proofs.language.distributions import (
    Bernoulli,
    Beta,
    Categorical,
    Exponential,
    Family,
    Gamma,
    Laplace,
    Normal,
    Poisson,
    Pushforward,
    StudentT,
    Uniform,
    UniformChoice,
    WithDensity,
)
from proofs.language.divergence import JSD, KL, CrossEntropy, Entropy
from proofs.language.expectation import Covariance, Expectation, Probability, Variance
from proofs.language.functions import (
    Cases,
    Conjunction,
    Disjunction,
    Indicator,
    Logit,
    Negation,
    NormalCDF,
    OpaqueFunction,
    OpaqueInverse,
    Relu,
    Sigmoid,
    Softplus,
    Sqrt,
)
from proofs.language.matrices import AsMatrix, AsScalar, Elementwise, ElementwisePower, Entry, Norm, Product
from proofs.language.node import LawSymbol, NotInLanguage, TruthSymbol

__all__ = [
    "JSD",
    "KL",
    "ArgMax",
    "ArgMin",
    "AsMatrix",
    "AsScalar",
    "At",
    "Bernoulli",
    "Beta",
    "Cases",
    "Categorical",
    "Conjunction",
    "Covariance",
    "CrossEntropy",
    "Density",
    "DerivativeBy",
    "Disjunction",
    "Elementwise",
    "ElementwisePower",
    "Entropy",
    "Entry",
    "Expectation",
    "Exponential",
    "Family",
    "Gamma",
    "Indicator",
    "IntegralOver",
    "Laplace",
    "LawSymbol",
    "Logit",
    "Maximum",
    "Minimum",
    "Negation",
    "Norm",
    "Normal",
    "NormalCDF",
    "NotInLanguage",
    "OpaqueFunction",
    "OpaqueInverse",
    "Poisson",
    "Probability",
    "Product",
    "ProductOver",
    "Pushforward",
    "Relu",
    "Sigmoid",
    "Softplus",
    "Sqrt",
    "StudentT",
    "SumOver",
    "TruthSymbol",
    "Uniform",
    "UniformChoice",
    "Variance",
    "WithDensity",
    "from_sympy",
    "log_density",
    "to_sympy",
]
