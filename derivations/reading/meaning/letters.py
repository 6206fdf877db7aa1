"""Which letter a name is: its indices and parameters here, and whether it stands for a density."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property

from derivations.reading.meaning.building import Building
from derivations.reading.meaning.environment import Env
from derivations.reading.names import LOWER_GREEK, Head, head_of, heads
from derivations.reading.survey.usage import Usage, survey
from derivations.reading.tree import Group, Node, Script
from derivations.reading.vocabulary import LAW_WORDS
from derivations.reading.walking import applications, as_name, as_script, unwrap
from proofs.terms import SCALAR

# Entropy, information, likelihood, loss, risk, value, ..: a density only where something is drawn from it
NEVER_DENSITIES = frozenset("H I h L l R V F S T A D J E".split())


class Letters(Building):
    """The part of the Elaborator that tells letters apart."""

    def head(self, node: Node, env: Env) -> Head | None:
        """The head of a name, with the running indices of the surroundings and the document's parameters.

        None for a range x_{1:T}, which is several names.
        """
        if ranged(node) is not None:
            return None
        head = head_of(
            node,
            is_index=lambda n: n in env.indices or n in env.index_values,
            is_parameter=self.is_parameter,
        )
        script = as_script(node)
        above = as_name(script.sup) if script is not None else None
        if head is not None and above is not None and above in head.indices and self.is_number(head):
            return replace(head, indices=tuple(i for i in head.indices if i != above), power=above)
        if head is not None and re.fullmatch(r"\([a-z]\)", head.superlabel):
            plain = replace(head, superlabel="", power=None, indices=())
            is_left_out = self.usage.unindexed[plain.key] or plain.key in self.usage.subscripted_by_index
            if is_left_out and not self.both_stand(head.key, plain.key, self.is_parameter(head.base)):
                option = self.choices.choose(
                    f"the superscript {head.superlabel}", ("part of the name", "left out now and then")
                )
                if option != "part of the name":
                    return replace(head, superlabel="")
        return head

    def is_number(self, head: Head) -> bool:
        """Whether a letter with an index above is a number, so that the index is its exponent: gamma^t of a discount.

        It is where it is declared to be one, or where it stands without the index in the same relation, as a number.
        """
        plain = replace(head, indices=(), power=None)
        domain = self.view.domains.get(plain.key)
        if domain is not None:
            return domain.sort == SCALAR
        if plain.key in self.usage.density_variables or self.shapes.sort(plain.key) != SCALAR:
            return False
        return any(h == plain for tree in self.relation_nodes for h in heads(tree, is_parameter=self.is_parameter))

    def both_stand(self, key: str, plain: str, is_parameter: bool) -> bool:
        """Whether theta and theta^{(t)} stand in one relation: two things.  For data that is so within one side."""
        sides = [self.relation_nodes] if is_parameter else [(tree,) for tree in self.relation_nodes]
        for trees in sides:
            keys = {h.key for tree in trees for h in heads(tree, is_parameter=self.is_parameter)}
            if {key, plain} <= keys:
                return True
        return False

    def is_parameter(self, name: str) -> bool:
        """Whether a subscript is what the letter depends on: a parameter by convention, or a derivative is by it."""
        if self.conventions.is_parameter(name):
            return True
        is_variable = name in self.usage.density_variables or name in self.usage.indices
        return name in LOWER_GREEK and name in self.usage.differentiated and not is_variable

    def is_density(self, head: Head) -> bool:
        """Whether the document uses the letter for a density."""
        key, usage = head.key, self.usage
        names_a_law = head.base in LAW_WORDS and head.base != "U"
        if head.font in ("cal", "bb") or names_a_law:
            return False
        if head.base not in self.conventions.density_letters:
            is_function = head.base in self.conventions.functions
            is_drawn_from = key in usage.sampled and len(head.base) == 1 and not is_function
            return is_drawn_from and not (head.base in NEVER_DENSITIES and key not in self.relation_usage.sampled)
        is_labelled = bool(head.label) and not head.label.isdigit() and head.label not in self.conventions.indices
        is_applied = usage.applied[key] > 0 and is_labelled and head.base not in self.conventions.numbers_when_bare
        return is_applied or key in usage.listed or key in usage.conditioned or key in usage.sampled

    def density_key(self, head: Head) -> str:
        """The letter of the joint density, after what the document says is equal."""
        return self.view.equal_families.get(head.letter, head.letter)

    def mentions_call(self, name: str) -> bool:
        """Whether the relation applies the letter to something."""
        for tree in self.relation_nodes:
            for item, _ in applications(tree):
                head = head_of(item, is_parameter=self.is_parameter)
                if head is not None and head.key == name:
                    return True
        return False

    @cached_property
    def relation_usage(self) -> Usage:
        """How the letters are used in this very relation."""
        return survey(self.relation_nodes, self.conventions)


def ranged(node: Node) -> Head | None:
    """The letter of x_{1:T}; None where the node is no range of variables."""
    node = unwrap(node)
    span = unwrap(node.sub) if isinstance(node, Script) and node.sub is not None else None
    is_range = isinstance(span, Group) and not span.open and span.separators == (":",)
    return head_of(node.base) if is_range and isinstance(node, Script) else None
