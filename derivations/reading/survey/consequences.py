"""Laws that are claims: what a document says of p(x) or p(z|x) after it gave p(z) and p(x|z).

Those two determine the joint density, so that a third law of the same letters is right or wrong.  It is a claim where
it speaks of nothing new: p(z|x) = N(mu_phi(x), S_phi(x)) names what is chosen, as an encoder is.
"""

from __future__ import annotations

from collections.abc import Iterator

from derivations.reading.names import heads
from derivations.reading.scope import LawDeclaration
from derivations.reading.survey.recorder import Recorder
from derivations.reading.tree import Node
from derivations.reading.vocabulary import KNOWN_WORDS, LAW_WORDS

NOTATION = {*KNOWN_WORDS, *LAW_WORDS, *(f"cal {w}" for w in LAW_WORDS), "I", "T", "top"}


class Consequences(Recorder):
    """The part of the Declarations that tells claims about a model from what makes the model."""

    def note_consequence(self, order: int, law: Node) -> None:
        """Keeps the law that was just declared if two earlier ones determine it."""
        declared = self.scope.laws[-1] if self.scope.laws else None
        if declared is None or declared.law is not law:
            return
        for prior, likelihood in self.models_before(declared):
            variables = {*likelihood.outcomes, *likelihood.givens}
            others = (likelihood.outcomes, ()), (prior.outcomes, likelihood.outcomes)
            if (declared.outcomes, declared.givens) in others and len(variables) == 2:
                self.consequences.append((order, declared, prior, likelihood))
                return

    def models_before(self, law: LawDeclaration) -> Iterator[tuple[LawDeclaration, LawDeclaration]]:
        """(p(z), p(x|z)) of every model that holds where the law stands."""
        letters = (law.letter, None) if law.letter == "p" else (law.letter,)
        laws = [w for w in self.scope.laws if w.letter in letters and w is not law and law.order < w.section_end]
        for likelihood in laws:
            for prior in laws:
                same = prior.letter == likelihood.letter and prior.outcomes == likelihood.givens
                if same and len(likelihood.outcomes) == 1 and not prior.givens:
                    yield prior, likelihood

    def settle_consequences(self) -> None:
        """Makes claims of those that speak of nothing new, once the whole document is known."""
        defined = {d.key for d in self.scope.definitions}
        for order, law, prior, likelihood in self.consequences:
            known = {*self.names_in(prior.law), *self.names_in(likelihood.law), *law.outcomes, *law.givens, *defined}
            if self.names_in(law.law) <= known:
                self.scope.laws[:] = [w for w in self.scope.laws if w is not law]
                self.found.kinds.pop(order, None)

    def names_in(self, law: Node) -> set[str]:
        """The letters of a law, without the notation of the field."""
        found = (h.key for h in heads(law, is_parameter=self.conventions.is_parameter))
        return {name for name in found if name not in NOTATION and not name.isdigit()}
