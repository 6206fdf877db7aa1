"""Bare expectations under laws that are not written: any law, one for all random letters of the relation.

What holds under every joint law of its letters, E[X + Y] = E[X] + E[Y] and Var[X] = E[X^2] - E[X]^2, holds under the
author's.  A letter that stands only inside bare expectations is taken as random: a constant is a special case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.laws import Laws
from derivations.reading.names import LOWER_GREEK, TRANSPOSES, Head, head_of, heads, is_transpose
from derivations.reading.tree import Name, Node, Script, Sequence
from derivations.reading.vocabulary import KNOWN_WORDS, MOMENTS
from derivations.reading.walking import argument_group, as_name, base_of, children, nodes, unwrap
from proofs import terms as T
from proofs.records import Space
from proofs.terms import Sort, Term

NEVER_RANDOM = ("E", "V", "e", "pi", "infty", "I", "T", "top", "partial", "nabla", "d")
NAMES_OF_MOMENTS = ("m", "s", "v", "M", "C", "K", "S", "V", "R", "Q", "p")
ANY_LAW = "the law of "
CAPITALS = ("X", "Y", "Z")  # random variables, as they are written everywhere
MOST_RANDOM = 4  # random letters of one relation


@dataclass
class SortedNames:
    """The names of a formula: outside all bare expectations, inside one, and behind its bar."""

    outside: list[Head] = field(default_factory=list)
    inside: list[Head] = field(default_factory=list)
    given: list[Head] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)


def plain(head: Head) -> Head:
    """The name without its indices and its power."""
    return replace(head, power=None, indices=())


class Arbitrary(Laws):
    """The part of the Elaborator that knows expectations of which nobody says the law."""

    def bare_parts(self, items: tuple[Node, ...], i: int) -> tuple[tuple[Node, ...], tuple[Node, ...], int] | None:
        """What a bare expectation, variance or covariance at items[i] is taken of, what it is given, and its end."""
        node = unwrap(items[i])
        base = as_name(base_of(node))
        if base is None or i + 1 >= len(items) or (isinstance(node, Script) and (node.sub or node.under) is not None):
            return None
        is_moment = base.text in MOMENTS or (base.text == "V" and base.font == "bb")
        if not is_moment and not self.is_expectation(node, base, items[i + 1]):
            return None
        group = argument_group(items[i + 1])
        if group is None:
            return None if is_moment else (items[i + 1 :], (), len(items))
        bar = group.separators.index("|") + 1 if "|" in group.separators else len(group.parts)
        return group.parts[:bar], group.parts[bar:], i + 2

    def bare_expectations(self) -> Iterator[tuple[tuple[Node, ...], tuple[Node, ...], int]]:
        """All bare expectations of the relation, one inside the other too."""
        for node in self.written():
            if isinstance(node, Sequence):
                found = (self.bare_parts(node.items, i) for i in range(len(node.items)))
                yield from (parts for parts in found if parts is not None)

    def sort_names(self, node: Node, sorted_names: SortedNames) -> SortedNames:
        """Adds the names of a tree, and of the definitions that stand outside, to those outside and inside."""
        node = unwrap(node)
        if isinstance(node, Sequence):
            i = 0
            while i < len(node.items):
                found = self.bare_parts(node.items, i)
                if found is None:
                    self.sort_names(node.items[i], sorted_names)
                    i += 1
                    continue
                of, given, i = found
                for part in of:
                    sorted_names.inside.extend(self.letters_of(part))
                for part in given:
                    sorted_names.given.extend(heads(part))
            return sorted_names
        head = head_of(node, is_parameter=self.is_parameter) if isinstance(node, Name | Script) else None
        if head is None:
            for child in children(node):
                self.sort_names(child, sorted_names)
            return sorted_names
        sorted_names.outside.append(head)
        for part in (*head.indices, *([head.power] if head.power is not None else [])):
            self.sort_names(part, sorted_names)
        definition = self.view.definitions.get(head.key) or self.view.applied.get(head.key)
        if definition is not None and head.key not in sorted_names.visited:
            sorted_names.visited.add(head.key)
            self.sort_names(definition.body, sorted_names)
        return sorted_names

    def letters_of(self, tree: Node) -> Iterator[Head]:
        """The names of a tree and of the definitions that it mentions."""
        waiting, visited = [tree], set[str]()
        while waiting:
            for head in heads(waiting.pop(), is_parameter=self.is_parameter):
                definition = self.view.definitions.get(head.key) or self.view.applied.get(head.key)
                if definition is not None and head.key not in visited:
                    visited.add(head.key)
                    waiting.append(definition.body)
                if definition is None or definition.parameters:
                    yield head

    # ------------------------------------------------------------------------------------------ what is random

    @cached_property
    def names_here(self) -> SortedNames:
        """The names of the two sides, by where they stand."""
        found = SortedNames()
        for tree in self.relation_nodes[:2]:
            self.sort_names(tree, found)
        return found

    @cached_property
    def surely_random(self) -> set[str]:
        """The letters that stand alone in a bare expectation, E[w] and Var[w^2], or behind its bar."""
        found = {plain(h).key for h in self.names_here.given if self.may_be_random(h)}
        for of, _, _ in self.bare_expectations():
            for part in of:
                inside = {plain(h).key for h in self.letters_of(part) if h.base not in TRANSPOSES}
                letters = {plain(h).key for h in self.letters_of(part) if self.may_be_random(h)}
                if len(inside) == 1 and letters == inside:
                    found |= letters
        return found

    @cached_property
    def random_letters_here(self) -> dict[str, str]:
        """name -> space of every letter that is random in the bare expectations of the relation.

        Those are X, Y, Z, data, latent variables and noise, and what stands alone below E; where there is none of
        these, all that stands only inside expectations.
        """
        names = self.names_here
        fixed = {plain(h).key for h in names.outside}
        inside = [h for h in (*names.inside, *names.given) if self.may_be_random(h)]
        chosen = [h for h in inside if self.is_random_by_convention(h)]
        chosen += [h for h in inside if plain(h).key in self.surely_random and plain(h).key not in fixed]
        if not chosen:
            chosen = [h for h in inside if plain(h).key not in fixed and not self.is_parameter(h.base)]
        if any(h.indices for h in chosen):
            raise Unclear("an expectation of one of several variables is not understood")
        letters = {plain(h).key: h.root.lower() for h in chosen}
        roots = list(letters.values())
        alone = {k: root if roots.count(root) == 1 else k for k, root in letters.items()}
        return {k: letters[k] if self.is_in_both_cases(k, letters) else space for k, space in alone.items()}

    def is_in_both_cases(self, name: str, letters: dict[str, str]) -> bool:
        """Whether X of E[X] is x of E[f(x)]: no expectation has both."""
        both = {n for n, root in letters.items() if root == letters[name]}
        if len(both) != 2 or len({n.lower() for n in both}) != 1:
            return False
        bodies = ({plain(h).key for part in of for h in self.letters_of(part)} for of, _, _ in self.bare_expectations())
        return not any(both <= body for body in bodies)

    def may_be_random(self, head: Head) -> bool:
        """Whether a name can be that of a variable: no operator, constant, function or density."""
        if head.base in KNOWN_WORDS or head.base in NEVER_RANDOM or head.base.isdigit():
            return False
        return not self.mentions_call(head.key) and not self.is_density(head)

    def may_be_moment(self, head: Head) -> bool:
        """Whether a letter often stands for a mean, a variance or a rate of the law: mu, sigma, m, C."""
        return self.may_be_random(head) and (head.base.lower() in LOWER_GREEK or head.base in NAMES_OF_MOMENTS)

    def is_random_by_convention(self, head: Head) -> bool:
        known = self.conventions.data | self.conventions.latent | self.conventions.standard_normal
        return head.base in CAPITALS or head.base.lower() in known

    def has_variable_of_unknown_law(self, env: Env, held: tuple[str, ...]) -> bool:
        """Whether something is random in the relation and the document does not say how: then no law counts in it.

        What is ``held`` behind the bar needs none.
        """
        for name in sorted(self.surely_random - set(held)):
            letter, _, label = name.partition("_")
            name = letter if label and self.usage.is_index(label) else name  # an entry of z has the law of z
            try:
                law = self.declared_variable_law(name, Head(name), env)
            except Unclear:
                law = None
            if law is None:
                return True
        return False

    # ------------------------------------------------------------------------------------------ the laws

    def arbitrary_laws(self, body: Node, given: tuple[Node, ...], env: Env) -> list[tuple[str, Term]]:
        """The variables of a bare expectation and their laws, one drawn after the other from the law of all.

        Empty where nothing in the body is random.
        """
        everything = self.random_letters_here
        if not everything or len(everything) > MOST_RANDOM:
            return []
        held = [self.given_letter(part, everything) for part in given]
        free = self.sort_names(body, SortedNames())
        mentioned = {plain(h).key for h in (*free.outside, *free.given)}
        names = sorted(n for n in everything if n in mentioned and n not in held)
        letter = self.law_of_all()
        for name in names:
            law = env.laws.get(name)
            if name in env.bound and (law is None or law.op != "family" or law.data[0] != letter):
                return []  # something else binds it: an integral, or an expectation under a law that is written
        self.refuse_unsettled(names, held, body, given, env)
        values = {everything[n]: T.symbol(n, self.shapes.sort(n)) for n in held}
        for name in (*held, *names):
            self.declare_space(name, everything[name], env.bind(name, self.shapes.sort(name)))
        found: list[tuple[str, Term]] = []
        for name in names:
            known = tuple(sorted(values))
            law = T.term("family", tuple(values[g] for g in known), (letter, (everything[name],), known, ()), T.LAW)
            found.append((name, law))
            values[everything[name]] = T.symbol(name, self.shapes.sort(name))
        return found

    def refuse_unsettled(
        self, names: list[str], held: list[str], body: Node, given: tuple[Node, ...], env: Env
    ) -> None:
        """Random letters whose index runs, and those that are transposed while no vector is known.  Raises Unclear."""
        for tree in (body, *given):
            for node in nodes(tree):
                head = self.head(node, env) if isinstance(node, Name | Script) else None
                if head is None or plain(head_of(node) or head).key not in (*names, *held):
                    continue
                if head.indices or self.variable_name(head, env) not in (*names, *held):
                    raise Unclear("an expectation of one of several variables is not understood")
                if is_transpose(head.power) and self.shapes.sort(self.variable_name(head, env)) == T.SCALAR:
                    raise Unclear(f"whether “{head.key}” is a vector is not clear")

    def given_letter(self, part: Node, everything: dict[str, str]) -> str:
        """The random letter behind the bar of E[X|Y].  Raises Unclear for anything else."""
        head = head_of(part, is_parameter=self.is_parameter)
        if head is None or head.power is not None or head.key not in everything:
            raise Unclear("what the expectation is given is not understood")
        return head.key

    def is_any_law(self, law: Term) -> bool:
        return law.op == "family" and str(law.data[0]).startswith(ANY_LAW)

    def refuse_idle(self, bindings: list[tuple[str, Sort, Term]], *bodies: Term) -> None:
        """A variable of any law that does not reach the body was misread, and says nothing.  Raises Unclear."""
        present = {name for body in bodies for name in T.free_symbols(body)}
        if any(self.is_any_law(law) and name not in present for name, _, law in bindings):
            raise Unclear("under which law the expectation is taken is not written")

    def law_of_all(self) -> str:
        """The letter of the law of all random letters of the relation."""
        everything = self.random_letters_here
        letter = f"{ANY_LAW}{', '.join(sorted(set(everything.values())))}"
        self.gathered.families.setdefault(letter, set()).update(everything.values())
        for name, space in everything.items():  # those that are drawn elsewhere in the relation, too
            self.gathered.spaces.setdefault(space, Space(self.shapes.sort(name), False, self.shapes.guessed(name)))
        self.gathered.note(f"{' and '.join(sorted(everything))} {'has' if len(everything) == 1 else 'have'} any law")
        names = self.names_here
        others = {h.key for h in (*names.outside, *names.inside) if self.may_be_moment(h)} - set(everything)
        may_be_independent = len(set(everything.values())) > 1 and not any(
            given for _, given, _ in self.bare_expectations()
        )
        if others or may_be_independent or not all(name in CAPITALS for name in everything):
            self.gathered.unexplained.add(letter)  # mu may be the mean of X, v a constant, the law of x known
        return letter
