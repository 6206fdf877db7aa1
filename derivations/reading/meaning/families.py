"""What a relation writes of its densities: which letters are random in it, and which are parameters of a family.

A letter that stands only behind bars, after semicolons and below letters is a parameter of the whole family: p(z),
p(z|theta) and p_theta(z) are one density there.  It is random only where the relation itself makes it so: as an
outcome, drawn, or integrated over.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from functools import cached_property

from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.layers import Layers
from derivations.reading.meaning.letters import ranged
from derivations.reading.names import LOWER_GREEK, Head, every_head, head_of, letter_of, roles
from derivations.reading.scope import Definition
from derivations.reading.tree import Differential, Group, Infix, Node, Script, Sequence
from derivations.reading.walking import applications, argument_group, names_and_scripts, nodes, unwrap

BARS = ("|", "||")


class Families(Layers):
    """The part of the Elaborator that knows the densities of the whole relation."""

    def heads_written(self) -> list[Head]:
        """Every name of the relation."""
        return [head for tree in self.relation_nodes for head in every_head(tree, is_parameter=self.is_parameter)]

    @cached_property
    def applied_densities(self) -> list[tuple[Head, Group, Node]]:
        """Every density of the relation that stands with its arguments, with the node of its letter."""
        return [
            (head, group, unwrap(item))
            for tree in self.relation_nodes
            for item, group in applications(tree)
            if (head := head_of(item, is_parameter=self.is_parameter)) is not None
            and group.open in ("(", "[")
            and self.is_density(head)
        ]

    @cached_property
    def whole_densities(self) -> list[Head]:
        """Every density of the relation that stands without arguments: E_q, KL(p_theta || q)."""
        applied = {id(n) for _, _, node in self.applied_densities for n in nodes(node)}
        return [
            head
            for tree in self.relation_nodes
            for node in names_and_scripts(tree)
            if id(node) not in applied
            and (head := head_of(node, is_parameter=self.is_parameter)) is not None
            and self.is_density(head)
        ]

    # ------------------------------------------------------------------------------------------ what is random

    @cached_property
    def random_here(self) -> set[str]:
        """The letters that are random in this relation: outcomes, drawn, or integrated over."""
        found: set[str] = set()
        for _, group, _ in self.applied_densities:
            inside = (head_of(part) for role, part in roles(group, BARS) if role == "outcome")
            found |= {h.base for h in inside if h is not None}
        for tree in self.relation_nodes:
            for node in nodes(tree):
                if isinstance(node, Differential):
                    found |= {h.base for h in every_head(node.variable)}
                if isinstance(node, Infix) and node.rel in ("~", "in"):
                    found |= {h.base for h in every_head(node.left)}
        for head in self.whole_densities:
            key = self.density_key(head)
            signatures = self.relation_usage.signatures_of(key) or self.usage.signatures_of(key)
            found |= {name for outcomes, _ in signatures for name in outcomes}
        return found

    def is_parameter_here(self, role: str, head: Head | None) -> bool:
        """Whether what stands behind the bar is a parameter: nothing in this relation makes it random."""
        if role != "given" or head is None or head.base in self.random_here:
            return False
        if self.is_parameter(head.base):
            return True
        is_greek = head.base.lower() in LOWER_GREEK and head.base not in self.conventions.standard_normal
        variables = self.conventions.latent | self.conventions.data
        return is_greek and head.base not in variables and head.root.lower() not in self.outcomes_anywhere

    @cached_property
    def outcomes_anywhere(self) -> set[str]:
        """The letters of which the document has a density."""
        return {name for s in self.usage.signatures.values() for outcomes, _ in s for name in outcomes}

    # ------------------------------------------------------------------------------------------ one letter, several

    @cached_property
    def told_apart(self) -> set[str]:
        """The letters of which one density has several variables: x_1 and x_3 of p(x_3|x_1), x_{1:T}."""
        found: set[str] = set()
        for _, group, _ in self.applied_densities:
            letters = [h.root.lower() for part in group.parts if (h := head_of(part)) is not None]
            found |= {letter for letter in letters if letters.count(letter) > 1}
            found |= {h.root.lower() for part in group.parts if (h := ranged(part)) is not None}
        maps = [(letter_of(m.input), letter_of(m.output)) for m in self.view.maps if m.bijection]
        mapped = {source for source, image in maps if source == image}
        mapped |= {sequence for sequence, _, end in self.view.chain_ends if letter_of(end) == sequence}  # z_K from z_0
        mapped |= {layer.state.lower() for layer in self.layers}
        return found - self.in_both_cases_only(found) | mapped  # z' = f(z)

    def in_both_cases_only(self, letters: set[str]) -> set[str]:
        """Of these, the ones that are several only as x and X."""
        found: set[str] = set()
        for letter in letters & self.in_both_cases:
            names = {
                h.key
                for _, group, _ in self.applied_densities
                for part in group.parts
                if (h := head_of(part)) is not None and h.root.lower() == letter
            }
            if len({n.lower() for n in names}) == 1:
                found.add(letter)
        return found

    @cached_property
    def in_both_cases(self) -> set[str]:
        """The letters that the relation uses for variables both small and large, x and X in one density."""
        found: set[str] = set()
        for _, group, _ in self.applied_densities:
            letters = {h.root for part in group.parts if (h := head_of(part)) is not None}
            found |= {x for x in letters if x.lower() == x and x.upper() in letters and x.upper() != x}
        return found

    @cached_property
    def renamed_variable(self) -> tuple[str, str] | None:
        """(y, x) where one density letter is taken at x and at y, both bound, and no density has both: perhaps one
        variable under two names.  Data and latent variables are two."""
        bound = {h.root for n in self.written() if isinstance(n, Differential) for h in every_head(n.variable)}
        bound |= {h.root for n in self.written() if isinstance(n, Infix) and n.rel == "~" for h in every_head(n.left)}
        taken: dict[str, list[str]] = {}
        for head, group, _ in self.applied_densities:
            argument = head_of(group.parts[0])
            if len(group.parts) > 1 or argument is None:
                return None
            if argument.root in bound and argument.root not in taken.setdefault(self.density_key(head), []):
                taken[self.density_key(head)].append(argument.root)
        latent = self.conventions.latent
        for names in taken.values():
            if len(names) != 2 or {n.lower() for n in names} & latent:
                continue
            joint = [s for used in self.usage.signatures.values() for s in used if set(names) <= {*s[0], *s[1]}]
            if not joint:
                return names[1], names[0]
        return None

    # ------------------------------------------------------------------------------------------ formulas

    def has_formula(self, head: Head, definition: Definition) -> bool:
        """Whether the formula given for a density stands for it here: everywhere in the relation, or nowhere.

        A formula for p(y|f) belongs to y given f, not to p(a|b), p(y, f) or p(y).
        """
        letter = self.density_key(head)
        if any(self.density_key(h) == letter for h in self.whole_densities):
            return False
        roots = [name.split("_")[0].split("^")[0].rstrip("*'") for name in definition.parameters]
        for other, group, node in self.applied_densities:
            if self.density_key(other) != letter:
                continue
            if id(node) in self.inside_laws:
                return False
            if len(group.parts) != len(roots) or bar_of(group.separators) != bar_of(definition.marks):
                return False
            heads = [head_of(part) for part in group.parts]
            if any(h is not None and h.root.split(" ")[-1] != root for h, root in zip(heads, roots)):
                return False
        return True

    @cached_property
    def inside_laws(self) -> set[int]:
        """The nodes of the relation that stand in a law: below E, right of a tilde, between double bars."""
        found: set[int] = set()
        for node in self.written():
            laws: tuple[Node | None, ...] = ()
            if isinstance(node, Script):
                laws = (node.sub, node.under)
            elif isinstance(node, Infix) and node.rel == "~":
                laws = (node.right,)
            elif isinstance(node, Group) and "||" in node.separators:
                laws = node.parts
            found |= {id(n) for law in laws if law is not None for n in nodes(law)}
        return found

    def adds_up_values(self, body: Node, index: str, env: Env) -> bool:
        """Whether a sum over k of p(x|z_k) p(z_k) runs over the values of z rather than over variables z_1, z_2, .."""
        node = unwrap(body)
        if not isinstance(node, Sequence) or len(node.items) % 2:
            return False
        pairs = [(head_of(f, is_parameter=self.is_parameter), argument_group(g)) for f, g in batched(node.items)]
        for head, group in pairs:
            if head is None or group is None or group.open != "(" or not self.is_density(head):
                return False
        for _, group in pairs:
            assert group is not None
            for role, part in roles(group, BARS):
                inner = head_of(part, is_index=lambda n: n == index)
                if role == "outcome" and inner is not None and inner.indices and f"{inner.root}_1" not in env.bound:
                    return True
        return False

    def refuse_complements(self, group: Group) -> None:
        """\\bar B beside B is the complement of an event, no other point.  Raises Unclear."""
        for part in group.parts:
            head = head_of(part)
            if head is None or not head.base.isupper() or "bar" not in head.accents:
                continue
            if any(h.base == head.base and not h.accents for h in self.heads_written()):
                raise Unclear("events and their complements are not understood")

    # ------------------------------------------------------------------------------------------ parameters

    def own_parameters(self, head: Head, group: Group) -> tuple[Node, ...]:
        """The parameters that a density is written with, below its letter, behind the bar or after the semicolon."""
        behind = [
            part
            for role, part in roles(group, BARS)
            if role == "parameter" or self.is_parameter_here(role, head_of(part))
        ]
        return (*head.parameters, *behind)

    def written_parameters(self) -> Iterator[tuple[Head, Group | None, tuple[Node, ...]]]:
        """Every density of the relation with the parameters that it is written with."""
        for head, group, _ in self.applied_densities:
            yield head, group, self.own_parameters(head, group)
        for head in self.whole_densities:
            yield head, None, head.parameters

    @cached_property
    def density_slots(self) -> dict[str, dict[str, set[str]]]:
        """letter -> slot -> the values that the relation writes for it, p_theta(x) and p(x|theta)."""
        found: dict[str, dict[str, set[str]]] = {}
        for head, _, parameters in self.written_parameters():
            for node in parameters:
                part = head_of(node)
                if part is not None:
                    slots = found.setdefault(self.density_key(head), {})
                    slots.setdefault(slot_of(part, parameters), set()).add(part.key)
        return found

    def stands_apart(self, letter: str, outcome: str) -> bool:
        """Whether p(x) is no p_theta(x): the relation writes both, where x is averaged over.

        A derivative by the parameter is taken of what is written without it too (the score of E_{p(x)}), and a q, or
        the prior of a latent, is often written without its parameter.
        """
        if not self.has_marginal_with_parameters(letter, outcome):
            return False
        slots = self.density_slots.get(letter, {})
        if letter.startswith("q") or outcome in {n.lower() for n in self.conventions.latent}:
            return False
        if self.relation_derivatives() & {v for values in slots.values() for v in values}:
            return False
        averaged = [n.variable for n in self.written() if isinstance(n, Differential)]
        averaged += [n.left for n in self.written() if isinstance(n, Infix) and n.rel == "~"]
        return outcome in {h.root.lower() for n in averaged for h in every_head(n)} or self.is_bare_law(letter)

    def has_marginal_with_parameters(self, letter: str, outcome: str) -> bool:
        """Whether p_theta(x), given nothing, or p_theta alone stands in the relation."""
        for head, group, parameters in self.written_parameters():
            if not parameters or self.density_key(head) != letter:
                continue
            parts = [] if group is None else [(role, n) for role, n in roles(group, BARS) if n not in parameters]
            heads = [head_of(n) for _, n in parts]
            if group is None or (
                all(role == "outcome" for role, _ in parts)
                and {h.root.lower() for h in heads if h is not None} == {outcome}
            ):
                return True
        return False

    def is_bare_law(self, letter: str) -> bool:
        """Whether the letter stands in a law of the relation without parameters: below E, between double bars."""
        applied = {id(node): self.own_parameters(head, group) for head, group, node in self.applied_densities}
        return any(
            id(node) in self.inside_laws
            and (head := head_of(node, is_parameter=self.is_parameter)) is not None
            and self.density_key(head) == letter
            and not (*head.parameters, *applied.get(id(node), ()))
            for tree in self.relation_nodes
            for node in names_and_scripts(tree)
        )

    def meets_its_model(self, letter: str) -> bool:
        """Whether the relation has a divergence of p and p_theta."""
        return any(self.is_pair_of(letter, node) for node in self.written())

    def is_pair_of(self, letter: str, node: Node) -> bool:
        """Whether the node is p || p_theta: one letter on both sides of double bars, with parameters on one."""
        if not isinstance(node, Group) or "||" not in node.separators or len(node.parts) != 2:
            return False
        found = [head_of(first_factor(part), is_parameter=self.is_parameter) for part in node.parts]
        if any(h is None or self.density_key(h) != letter for h in found):
            return False
        return len({bool(h.parameters) for h in found if h is not None}) == 2

    @abstractmethod
    def relation_derivatives(self) -> set[str]:
        """The symbols by which the relation takes derivatives."""

    def carries_parameters(self, letter: str, outcomes: tuple[str, ...]) -> bool:
        """Whether the relation writes the density of these outcomes with a parameter of its own: p_theta(x)."""
        for head, group, parameters in self.written_parameters():
            if not parameters or self.density_key(head) != letter:
                continue
            if group is None:
                return True
            written = (head_of(part) for role, part in roles(group, BARS) if role == "outcome")
            if {h.root.lower() for h in written if h is not None} == set(outcomes):
                return True
        return False


def first_factor(node: Node) -> Node:
    node = unwrap(node)
    return unwrap(node.items[0]) if isinstance(node, Sequence) else node


def batched(items: tuple[Node, ...]) -> list[tuple[Node, Node]]:
    """The items two by two."""
    return list(zip(items[::2], items[1::2]))


def bar_of(separators: tuple[str, ...]) -> int | None:
    """Behind how many arguments the bar stands; None where there is none."""
    return next((k for k, mark in enumerate(separators) if mark in BARS), None)


def slot_of(part: Head, beside: tuple[Node, ...]) -> str:
    """The parameter that a value is put for: theta, for theta^old and theta' too, where theta stands there once."""
    bases = [h.base for n in beside if (h := head_of(n)) is not None]
    return part.base if bases.count(part.base) <= 1 else part.key
