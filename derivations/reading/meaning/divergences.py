"""KL and its kin, entropies, probabilities, indicators, and law words that are densities at a point."""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.meaning.arithmetic import Arithmetic
from derivations.reading.meaning.building import Follow
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.laws import entries_of
from derivations.reading.meaning.variables import Variables
from derivations.reading.names import Head
from derivations.reading.tree import Group, Infix, Node, Script
from derivations.reading.vocabulary import DIVERGENCES, LAW_WORDS
from derivations.reading.walking import argument_group, items_of, unwrap
from proofs import terms as T
from proofs.terms import SCALAR, Term


class Divergences(Variables, Arithmetic):
    """The part of the Elaborator that knows what is written of whole laws."""

    def probability_word(
        self, node: Node, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env
    ) -> Follow | None:
        """KL(p||q), H(p), P(X <= x), N(x; m, S), 1{..} at items[i]; None where none of these stands there."""
        head = self.head(node, env)
        if head is None or i + 1 >= len(items) or signs[i] != "":
            return None
        group = argument_group(items[i + 1])
        if group is None:
            return None
        scripted = unwrap(items[i + 1])
        if not isinstance(scripted, Script):
            value = self.divergence(head, group, env)
            if value is not None:
                return value, i + 2
        event = unwrap(group.parts[0]) if len(group.parts) == 1 else None
        if head.base in ("P", "Pr") and isinstance(event, Infix):
            return self.probability(event, env), i + 2
        density = self.law_word_density(head, group, env)
        if density is not None:
            power = scripted.sup if isinstance(scripted, Script) else None
            return (self.raised(density, power, env) if power is not None else density), i + 2
        if head.base in ("1", "indicator") and (head.font == "bb" or group.open == "{"):
            return T.indicator(self.statement(group, env)), i + 2
        return None

    # ------------------------------------------------------------------------------------------ of whole laws

    def divergence(self, head: Head, group: Group, env: Env) -> Term | None:
        """KL(p||q), D_{JS}(p, q), H(p), H(p, q); None where the name is none of these."""
        named = DIVERGENCES.get(head.base) or (DIVERGENCES.get(head.label) if head.base in ("D", "d") else None)
        if named is not None:
            return self.divergence_between(named, group, env)
        if head.base != "H" or not self.names_laws(group, env):
            return None
        laws = [self.law(p, env)[1] for p in group.parts]
        if len(laws) == 1:
            return T.term("entropy", laws)
        if len(laws) == 2 and group.separators == (",",):
            return T.term("cross_entropy", laws)
        raise Unclear("this entropy is not understood")

    def divergence_between(self, op: str, group: Group, env: Env) -> Term:
        if len(group.parts) != 2:
            raise Unclear("a divergence is between two distributions")
        first_outcomes, first = self.law(group.parts[0], env)
        hint = first_outcomes[0] if len(first_outcomes) == 1 else None
        sort = first.args[0].sort if first.op == "normal" else self.shapes.sort(hint) if hint else None
        second_outcomes, second = self.law(group.parts[1], env, sort, hint)
        if first_outcomes and second_outcomes and set(first_outcomes) != set(second_outcomes):
            raise Unclear("the two distributions of the divergence are over different variables")
        return T.term(op, (first, second))

    def names_laws(self, group: Group, env: Env) -> bool:
        """Whether all parts are distributions."""
        heads = [self.head(items_of(part)[0], env) for part in group.parts]
        return all(head is not None and (self.is_density(head) or head.base in LAW_WORDS) for head in heads)

    def probability(self, event: Infix, env: Env) -> Term:
        """P(X <= x) over all random variables of the event."""
        variables = self.random_variables(event, env)
        if not variables:
            raise Unclear("the probability is of an event whose random variable has no known law")
        inner = env
        for name, law in variables:
            inner = inner.bind(name, SCALAR, law)
        (name, law), *others = reversed(variables)
        value = T.term("probability", (law, self.statement(event, inner)), (name,))
        for name, law in others:
            value = T.expectation(name, law, value)
        return value

    # ------------------------------------------------------------------------------------------ at a point

    def law_word_density(self, head: Head, group: Group, env: Env) -> Term | None:
        """N(x; m, S) and Bern(x|k); \\mathcal N(m, S) alone under an expectation over x is taken at x."""
        if head.base not in LAW_WORDS:
            return None
        op, count = LAW_WORDS[head.base]
        if group.separators[:1] in ((";",), ("|",)) and len(group.parts) == count + 1:
            point = self.term(group.parts[0], env)
            law = self.known_law(head, group, env, point.sort)
            if law is not None:
                self.restrict_outcome(op, point)
                return T.pdf(law, point)
        if head.base == "N" and head.font == "cal" and len(group.parts) == 2:
            law = self.known_law(head, group, env, None)
            if law is not None:
                return T.pdf(law, self.ambient_point(law, env))
        return None

    def ambient_point(self, law: Term, env: Env) -> Term:
        """\\log N(m, S) under an expectation over x is the log-density at x."""
        sort = law.args[0].sort
        fitting = [n for n, s in env.bound.items() if s == sort]
        if not fitting:
            raise Unclear("at which point this normal density is taken is not written")
        self.gathered.note(f"a normal density without a point is taken at {fitting[-1]}")
        return T.symbol(fitting[-1], sort)

    def restrict_outcome(self, op: str, point: Term) -> None:
        """An outcome of a Bernoulli law is 0 or 1."""
        root = entries_of(point)
        if op == "bernoulli" and root.op == "symbol" and root.data[0] in self.gathered.variables:
            domain = self.gathered.variables[root.data[0]]
            self.gathered.variables[root.data[0]] = replace(domain, kind="binary", declared=True)
