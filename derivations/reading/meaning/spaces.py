"""Spaces: in which variable a density is taken, and where the arguments and values of a function lie."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.letters import ranged
from derivations.reading.meaning.symbols import whole_value
from derivations.reading.meaning.unrolling import Unrolling
from derivations.reading.meaning.values import variable_of
from derivations.reading.names import Head, head_of
from derivations.reading.tree import Node, Number, Script
from derivations.reading.walking import as_group, as_sequence, items_of, unwrap
from proofs import terms as T
from proofs.records import Space

LONGEST_RANGE = 6  # variables that a range is written out for


class Spaces(Unrolling):
    """The part of the Elaborator that knows the spaces of variables."""

    def declare_space(self, name: str, space: str, env: Env) -> str:
        """Gathers that a variable lies in a space."""
        self.gathered.space_of[name] = space
        sort = env.bound.get(name, self.shapes.sort(name))
        self.gathered.spaces.setdefault(space, Space(sort, False, self.shapes.guessed(name)))
        return space

    def declare_own_space(self, space: str) -> None:
        """Gathers a space that has the name of its variable."""
        self.gathered.spaces.setdefault(space, Space(self.shapes.sort(space), False, self.shapes.guessed(space)))

    def space_named(self, head: Head, env: Env) -> str:
        """The space of a variable: its letter, one for x and X and for all draws z_1, z_2; its whole name where the
        relation has a density of several variables with that letter."""
        renamed = self.renamed_variable
        if renamed is not None and head.root in renamed:
            one = f"{renamed[1]} and {renamed[0]}"
            option = self.choices.choose(one, ("one variable under two names", "two variables"))
            if option == "one variable under two names":
                head = replace(head, base=renamed[1])
        letter = head.root.lower()
        root = head.root if letter in self.in_both_cases else letter
        if letter not in self.told_apart:
            return root
        name = self.variable_name(head, env)
        return root + name.removeprefix(head.root) if name.startswith(head.root) else name.lower()

    def bound_space(self, name: str) -> str:
        """The space of a bound variable; the letter itself where nothing is known of it."""
        return self.gathered.space_of.get(name, name.lower())

    def listed_variables(self, node: Node, env: Env) -> list[Node]:
        """The variables that a part of a list stands for: x_1, x_2, x_3 for x_{1:T} with T = 3.

        Raises Unclear where the ends of the range have no value.
        """
        if ranged(node) is None:
            return [node]
        script = unwrap(node)
        assert isinstance(script, Script) and script.sub is not None
        ends = as_group(script.sub)
        assert ends is not None
        try:
            first, last = (whole_value(self.term(end, replace(env, bound={}, values={}))) for end in ends.parts)
        except (Unclear, T.ShapeError):
            first = last = None
        if first is None or last is None or last - first >= LONGEST_RANGE:
            raise Unclear("a range of variables is not understood")
        numbers = (Number(node.span, str(k)) for k in range(first, last + 1))
        return [Script(node.span, script.base, number) for number in numbers]

    # ------------------------------------------------------------------------------------------ of densities

    def density_variable(self, letter: str, node: Node, count: int, env: Env, label: str) -> str:
        """The space of an argument of a density that has ``count`` of them and the label ``label``."""
        node = variable_of(node)
        head = self.head(node, env)
        if count == 1 and label and label.lower() in self.label_spaces():
            return label.lower()
        if head is not None and head.power is None:
            definition = self.view.definitions.get(head.key)
            if head.root in self.usage.density_variables or definition is None:
                return self.space_named(head, env)
        mapped = self.image_space(node, env)
        if mapped is not None:
            return mapped
        single = {outcomes[0] for outcomes, _ in self.relation_usage.signatures_of(letter) if len(outcomes) == 1}
        if len(single) != 1:
            single = {outcomes[0] for outcomes, _ in self.usage.signatures_of(letter) if len(outcomes) == 1}
        items = items_of(node)
        is_garbled = len(items) > 1 and all(head_of(item) is not None for item in items)  # q(z w) lost its bar
        if count == 1 and len(single) == 1 and not is_garbled:
            return next(iter(single))
        raise Unclear(f"of which variable “{letter}” is the density here is not clear")

    def label_spaces(self) -> set[str]:
        """The names that say, as the label of a density, of which variable it is: p_x."""
        names = {v.lower() for v in self.usage.density_variables}
        for m in self.view.maps:
            names |= {m.input, m.output}
        return names

    def image_space(self, node: Node, env: Env) -> str | None:
        """The space of f(x) or f^{-1}(z) for a declared map z = f(x)."""
        call = as_sequence(node)
        if call is None or len(call.items) != 2:
            return None
        head = self.head(call.items[0], env)
        if head is None:
            return None
        mapped = self.map_of(head.key)
        if mapped is not None:
            return mapped[1] if head.power is None else mapped[0]
        return self.result_spaces.get(head.key)

    # ------------------------------------------------------------------------------------------ of functions

    def space_of_argument(self, key: str, position: int, node: Node, env: Env) -> str | None:
        """The space an argument lives in: that of the variable it is, or of the value it is computed from."""
        head = self.head(node, env)
        if head is not None and head.power is None:
            name = self.variable_name(head, env)
            if name in self.gathered.space_of:
                return self.gathered.space_of[name]
            if name in env.bound or head.root in self.usage.density_variables:
                return self.declare_space(name, self.space_named(head, env), env)
            return None
        spaces = self.usage.argument_bases.get((key, position))
        if spaces:
            best = spaces.most_common(1)[0][0]
            if best in self.usage.density_variables:
                return best.lower()
        return None

    def map_of(self, key: str) -> tuple[str, str] | None:
        """(input space, output space) of a function that the document declares as a map between variables."""
        for m in reversed(self.view.maps):
            if m.function == key and m.bijection:
                return m.input, m.output
        return None

    @cached_property
    def result_spaces(self) -> dict[str, str]:
        """The space of the values of G in D(G(z)): that of the other arguments of D."""
        found: dict[str, str] = {}
        for call, inners in self.usage.nested_calls.items():
            spaces = self.usage.argument_bases.get(call)
            if spaces:
                best = spaces.most_common(1)[0][0]
                for inner in inners:
                    found[inner] = best.lower()
        return found
