r"""Densities that follow from others: p(x), p(z|x) and p(x, z) where the document gives p(z) and p(x|z).

A model is often told by its prior and its likelihood.  What is then said of the evidence or the posterior is a claim
about the two: p(x) = \int p(x|z) p(z) dz, p(z|x) = p(x|z) p(z) / p(x) (Bishop, PRML, 1.31 and 1.12).
"""

from __future__ import annotations

from collections.abc import Iterator

from derivations.reading.meaning.densities import Densities
from derivations.reading.meaning.environment import Env
from derivations.reading.names import Head
from derivations.reading.tree import Group
from proofs import terms as T
from proofs.terms import Term

DISCRETE = ("bernoulli", "categorical", "poisson", "uniform_choice")


class Joints(Densities):
    """The part of the Elaborator that knows densities which a prior and a likelihood determine."""

    def density(self, head: Head, group: Group, env: Env) -> Term:
        """p(x|z; theta): the density of its law at its outcomes, by Bayes' rule where the document gives it so."""
        _, points, law = self.family_of(head, group, env)
        implied = self.implied_density(law, points, env) if law.op == "family" else None
        if implied is None:
            return self.density_of(law, points, env)
        self.gathered.implied = True
        return implied if self.use_laws else T.pdf(law, *points)

    def implied_density(self, law: Term, points: tuple[Term, ...], env: Env) -> Term | None:
        """The density by the prior and the likelihood that are declared; None where they are not, or do not tell it."""
        letter, outcomes, givens, _ = law.data
        for x, z in self.likelihoods(letter):
            likelihood, prior = self.declared_law(letter, (x,), (z,), env), self.declared_law(letter, (z,), (), env)
            if likelihood is None or prior is None or z not in T.free_symbols(likelihood):
                continue
            if {*outcomes, *givens} - {x, z} or z in T.free_symbols(prior) or prior.op in DISCRETE:
                continue
            variable = T.symbol(z, T.free_symbols(likelihood)[z])
            at = dict(zip((*outcomes, *givens), (*points, *law.args)))
            if outcomes == (x,) and not givens:
                return self.marginal(likelihood, prior, at[x], variable, env)
            if {*outcomes, *givens} != {x, z} or givens == (z,):
                continue
            joint = T.mul(T.pdf(T.substitute(likelihood, {z: at[z]}), at[x]), T.pdf(prior, at[z]))
            if not givens:
                return joint
            return T.divide(joint, self.marginal(likelihood, prior, at[x], variable, env))
        return None

    def marginal(self, likelihood: Term, prior: Term, point: Term, variable: Term, env: Env) -> Term:
        r"""\int p(x|z) p(z) dz at a point x, which may be made of z itself."""
        z = variable.data[0]
        name = T.fresh(z, T.free_symbols(point))
        inner = T.symbol(name, variable.sort)
        self.declare_space(name, z, env.bind(name, variable.sort))
        body = T.mul(T.pdf(T.substitute(likelihood, {z: inner}), point), T.pdf(prior, inner))
        return T.integral(name, body)

    def likelihoods(self, letter: str) -> Iterator[tuple[str, str]]:
        """(x, z) of every p(x|z) that the document gives."""
        for d in reversed(self.view.laws):
            if d.letter in (letter, None) and not d.mixed and len(d.outcomes) == len(d.givens) == 1:
                yield d.outcomes[0], d.givens[0]
