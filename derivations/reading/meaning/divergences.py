"""KL and its kin, probabilities, indicators, and law words that are densities at a point."""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.meaning.building import Follow
from derivations.reading.meaning.entropies import Entropies
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.families import BARS, batched
from derivations.reading.meaning.laws import entries_of
from derivations.reading.names import LOWER_GREEK, Head, every_head, roles
from derivations.reading.tree import Fraction, Group, Infix, Name, Node, Script, Sequence
from derivations.reading.vocabulary import DIVERGENCES, KNOWN_WORDS, LAW_WORDS
from derivations.reading.walking import argument_group, as_name, base_of, nodes, unwrap
from proofs import terms as T
from proofs.terms import SCALAR, Sort, Term


class Divergences(Entropies):
    """The part of the Elaborator that knows what is written of whole laws."""

    def probability_word(
        self, node: Node, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env
    ) -> Follow | None:
        """KL(p||q), H(p), P(X <= x), N(x; m, S), 1{..} at items[i]; None where none of these stands there."""
        head = self.head(node, env)
        group = argument_group(items[i + 1]) if i + 1 < len(items) and signs[i] == "" else None
        if head is None:
            return self.probability_under(node, group, i, env)
        self.refuse_word(head, group, env)
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
        is_kl = named is None and head.key in ("D", "d") and "||" in group.separators
        if is_kl and self.names_laws(group, env) and self.definition_of(head, applied=True) is None:
            named = "kl"
        if named is not None:
            return self.divergence_between(named, group, env)
        return self.entropy(head, group, env)

    def divergence_between(self, op: str, group: Group, env: Env) -> Term:
        """KL(p||q); between conditionals it may be meant averaged over what they are given."""
        if len(group.parts) != 2:
            raise Unclear("a divergence is between two distributions")
        if op == "kl" and any(self.is_product_law(part, env) for part in group.parts):
            return self.term(written_out(group), env)
        hint = self.common_variable(group, env)
        first_outcomes, first = self.part_law(group.parts[0], env, None, hint)
        hint = first_outcomes[0] if len(first_outcomes) == 1 else hint
        sort = first.args[0].sort if first.op == "normal" else self.shapes.sort(hint) if hint else None
        second_outcomes, second = self.part_law(group.parts[1], env, sort, hint)
        if first_outcomes and second_outcomes and set(first_outcomes) != set(second_outcomes):
            raise Unclear("the two distributions of the divergence are over different variables")
        return self.averaged(T.term(op, (first, second)), first, env)

    def is_product_law(self, part: Node, env: Env) -> bool:
        """Whether one side of a divergence is a product of densities of different variables, p(x) p(y)."""
        node = unwrap(part)
        if not isinstance(node, Sequence) or len(node.items) < 4 or set(node.signs) - {"", "*"} or len(node.items) % 2:
            return False
        drawn: list[str] = []
        for name, arguments in batched(node.items):
            head, group = self.head(name, env), argument_group(arguments)
            if head is None or group is None or not self.is_density(head) or isinstance(unwrap(arguments), Script):
                return False
            heads = [self.head(n, env) for role, n in roles(group, BARS) if role == "outcome"]
            drawn += [h.key if h is not None else "" for h in heads]
        return "" not in drawn and len(set(drawn)) == len(drawn)

    def part_law(self, part: Node, env: Env, sort: Sort | None, variable: str | None) -> tuple[tuple[str, ...], Term]:
        """The law of one side; a bare letter is the density of the variable given nothing, if it has one."""
        head = self.head(part, env)
        if head is None or variable is None or not self.is_density(head) or self.mixture_named(head) is not None:
            return self.law(part, env, sort, variable)
        letter, alone = self.density_key(head), ((variable,), ())
        here = self.relation_usage.signatures_of(letter)
        is_conditional_here = alone not in here and any(outcomes == (variable,) for outcomes, _ in here)
        if is_conditional_here or alone not in self.usage.signatures_of(letter):
            return self.law(part, env, sort, variable)
        return self.joint_law(head, [variable], [], env)

    def averaged(self, value: Term, first: Term, env: Env) -> Term:
        """The divergence of two conditionals, averaged over the givens of the first where it is one of a chain rule."""
        if first.op != "family" or not first.data[2]:
            return value
        letter, _, givens, slots = first.data
        values = first.args[: len(givens)]
        names = [str(v.data[0]) if v.op == "symbol" else "" for v in values]
        if any(name in env.bound or not name for name in names):
            return value
        signatures = self.relation_usage.signatures_of(letter)
        if not any(set(givens) & set(outcomes) for outcomes, _ in signatures):
            return value
        option = self.choices.choose(
            "a divergence of conditional laws", ("at one value of what is given", "averaged over what is given")
        )
        if option == "at one value of what is given":
            return value
        binders: list[tuple[str, Term]] = []
        for k, given in enumerate(givens):
            data = (letter, (given,), givens[:k], slots)
            law = T.term("family", (*values[:k], *first.args[len(givens) :]), data, T.LAW)
            binders.append((names[k], law))
        for name, law in reversed(binders):
            value = T.expectation(name, law, value)
        return value

    def common_variable(self, group: Group, env: Env) -> str | None:
        """The one variable of bare densities p and q: that of their use in this relation, else the one both have."""
        inside = {id(n) for part in group.parts for n in nodes(part)}
        if any(id(node) in inside for _, _, node in self.applied_densities):
            return None
        bare = [h for h in self.whole_densities if self.mixture_named(h) is None]
        if self.applied_densities:  # else all divergences of the relation are over one variable
            written = {h.key for part in group.parts for h in every_head(part, is_parameter=self.is_parameter)}
            bare = [h for h in bare if h.key in written]
        letters = sorted({self.density_key(h) for h in bare})
        if not letters:
            return None
        signatures = [s for x in letters for s in self.relation_usage.signatures_of(x) if len(s[0]) == 1]
        for here in ({o[0] for o, givens in signatures if not givens}, {o[0] for o, _ in signatures}):
            if len(here) == 1:
                return next(iter(here))
        for with_givens in (False, True):
            counts = [self.single_outcomes(letter, with_givens) for letter in letters]
            shared = set(counts[0]).intersection(*counts[1:])
            if shared:
                return max(sorted(shared), key=lambda o: sum(c[o] for c in counts))
        return None

    def single_outcomes(self, letter: str, with_givens: bool) -> dict[str, int]:
        """How often the document takes a density of one variable, given nothing or also given something."""
        found: dict[str, int] = {}
        for (outcomes, givens), count in self.usage.signatures_of(letter).items():
            if len(outcomes) == 1 and (with_givens or not givens):
                found[outcomes[0]] = found.get(outcomes[0], 0) + count
        return found

    # ------------------------------------------------------------------------------------------ words

    def refuse_word(self, head: Head, group: Group | None, env: Env) -> None:
        """A word that is no known operator, law or function is no factor.  Raises Unclear naming it."""
        is_word = head.font == "rm" and len(head.base) > 1 and head.base not in KNOWN_WORDS
        if not is_word or head.base in LOWER_GREEK or head.base.lower() in LOWER_GREEK:
            return
        if head.key in env.values or head.key in env.aliases or self.definition_of(head) is not None:
            return
        is_known = group is not None and self.definition_of(head, applied=True) is not None
        is_law = group is not None and any(mark in BARS for mark in group.separators)
        if is_known or (group is not None and not is_law and self.is_application(head, group, env)):
            return
        raise Unclear(f"the word “{head.base}” is not understood")

    def probability_under(self, node: Node, group: Group | None, i: int, env: Env) -> Follow | None:
        """P_{u ~ U(0,1)}(u <= x) at items[i]: the law is written below; None where nothing of the kind stands there."""
        base, event = as_name(base_of(node)), unwrap(group.parts[0]) if group is not None else None
        below = unwrap(node.sub) if isinstance(node, Script) and node.sub is not None else None
        if base is None or base.text not in ("P", "Pr") or not isinstance(event, Infix):
            return None
        drawn = self.head(below.left, env) if isinstance(below, Infix) and below.rel == "~" else None
        if drawn is None or drawn.power is not None or not isinstance(below, Infix):
            return None
        name = self.variable_name(drawn, env)
        _, law = self.law(below.right, env)
        inner = env.bind(name, SCALAR, law)
        return T.term("probability", (law, self.statement(event, inner)), (name,)), i + 2

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
                if T.is_number(point, 0) and law.args and law.args[0].sort.kind == "matrix":
                    point = T.zeros(law.args[0].sort.rows)  # the origin
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


def written_out(group: Group) -> Node:
    """KL(p || q) as what it means, E_p[log(p / q)]."""
    first, second = group.parts
    span = group.span
    sign = Script(span, Name(span, "E", "bb"), sub=first)
    quotient = Group(span, "(", ")", (Fraction(span, first, second),))
    body = Group(span, "[", "]", (Sequence(span, (Name(span, "log"), quotient), ("",)),))
    return Sequence(span, (sign, body), ("",))
