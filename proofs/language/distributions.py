"""Probability laws: with a density, with a mass, and unknown ones.

Each law with parameters knows its density or mass at a point, its mean, variance and raw moments, its entropy and where
it lives, as far as there are closed forms.
"""

from __future__ import annotations

from typing import Any

from proofs.language.continuous import Beta, Exponential, Gamma, Laplace, Normal, StudentT, Uniform
from proofs.language.discrete import Bernoulli, Categorical, Poisson, UniformChoice
from proofs.language.families import Family, Pushforward, WithDensity
from proofs.language.laws import KnownLaw
from proofs.language.node import name_of, renamed


def variable_of(law: Any, *others: Any) -> Any:
    """A variable with the shape of what the first law draws, under a name that none of the laws uses; None where the
    law draws no single variable."""
    sample = law.sample_symbol() if hasattr(law, "sample_symbol") else None
    taken = {name_of(s) for a in (law, *others) for s in a.free_symbols}
    return sample if sample is None or name_of(sample) not in taken else renamed(sample, taken)


LAW_CLASSES: dict[str, Any] = {
    c.operator: c
    for c in (
        Normal, Bernoulli, Categorical, Uniform, UniformChoice, Exponential, Gamma, Beta, Poisson, Laplace, StudentT,
    )
}  # fmt: skip

__all__ = [
    "LAW_CLASSES", "Bernoulli", "Beta", "Categorical", "Exponential", "Family", "Gamma", "KnownLaw", "Laplace",
    "Normal", "Poisson", "Pushforward", "StudentT", "Uniform", "UniformChoice", "WithDensity",
]  # fmt: skip
