"""Declared laws: x ~ p, z ~ N(0, I), q(z|x) = N(m, S), g(epsilon, w) ~ q."""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.names import LOWER_GREEK, Head, roles
from derivations.reading.places import Placed
from derivations.reading.scope import LawDeclaration, Sampled
from derivations.reading.survey.recorder import Recorder
from derivations.reading.tree import BigOperator, Differential, Group, Name, Node, Sequence
from derivations.reading.walking import unwrap

BARS = ("|", "||")


class Laws(Recorder):
    """The part of the Declarations that reads laws."""

    def law(self, left: Node, right: Node, order: int, placed: Placed) -> None:
        """x ~ p, z ~ N(0, I), q(z|x) ~ N(..), g(epsilon, w) ~ q."""
        left = unwrap(left)
        head = self.head(left)
        if head is not None and not head.label and self.is_named_law(right) and self.mentions(right, head.name):
            return  # x ~ N(x, 1) says where a copy of x is drawn
        if isinstance(left, Group) and not left.open and "|" in left.separators:
            self.conditional_law(left, right, order, placed)
        elif isinstance(left, Group) and not left.open:
            for part in left.parts:
                self.law(part, right, order, placed)
        elif self.call(left) is not None:
            if self.looks_density(left):
                self.law_equation(left, right, order, placed)
            else:
                self.sampled(left, right, order)
        elif head is not None:
            if self.is_bare_density(left) and self.is_named_law(right):
                declaration = LawDeclaration(
                    self.letter(left), (), (), right, order, placed.section_end, self.parameters_of(left)
                )
            else:
                name = replace(head, indices=(), power=None).name
                declaration = LawDeclaration(None, (name,), (), right, order, placed.section_end)
            self.scope.laws.append(declaration)

    def conditional_law(self, left: Group, right: Node, order: int, placed: Placed) -> None:
        """x | z ~ N(Wz, S): the law of x where z is known."""
        outcomes, givens = self.arguments(left, "outcome"), self.arguments(left, "given")
        names = tuple(name for name in (*outcomes, *givens) if name is not None)
        if len(outcomes) != 1 or not givens or len(names) != len(outcomes) + len(givens):
            return
        law = LawDeclaration(None, names[:1], names[1:], right, order, placed.section_end)
        self.scope.laws.append(law)

    def is_density_of(self, law: Node, variable: Node) -> bool:
        """p'(epsilon) beside epsilon: a law written with the sign for 'approximately'."""
        head, outcome = self.head(variable), self.first_outcome(law)
        return head is not None and outcome is not None and outcome.key == head.key

    def first_outcome(self, law: Node) -> Head | None:
        """x of p(x|z)."""
        called = self.call(law)
        if called is None or not called[1].parts or not self.looks_density(law):
            return None
        return self.head(called[1].parts[0])

    def sampled(self, left: Node, right: Node, order: int) -> None:
        """g(epsilon, w) is distributed according to q(z|w)."""
        function, law, outcome = self.call(left), self.call(right), self.first_outcome(right)
        head = self.head(function[0]) if function is not None else None
        if function is None or head is None or law is None or outcome is None:
            return
        arguments = tuple(h.key for p in function[1].parts if (h := self.head(p)) is not None)
        letter = self.letter(law[0])
        self.scope.reparameterisations.append(Sampled(head.key, arguments, letter, outcome.base.lower(), order))

    def law_equation(self, left: Node, right: Node, order: int, placed: Placed) -> bool:
        """q(z|x) = N(m, S), p(z) = N(z; 0, I), X = N(0, 1): whether the law of a density or a variable is given."""
        left = unwrap(left)
        if self.is_bare_density(left):
            self.scope.laws.append(
                LawDeclaration(self.letter(left), (), (), right, order, placed.section_end, self.parameters_of(left))
            )
            return True
        called = self.call(left)
        if called is None or not self.looks_density(left):
            return self.variable_equation(left, right, order, placed)
        outcomes: list[str] = []
        givens: list[str] = []
        parameters = set(self.parameters_of(called[0]))
        for role, part in roles(called[1], BARS):
            head = self.head(part)
            if role == "parameter":
                parameters |= {head.base} if head is not None else set()
                continue
            if head is None:
                return False
            if role == "outcome":
                outcomes.append(head.root.lower())
            elif self.conventions.is_parameter(head.base) or self.is_greek_parameter(head):
                parameters.add(head.base)
            else:
                givens.append(head.root.lower())
        law = LawDeclaration(
            self.letter(called[0]),
            tuple(outcomes),
            tuple(givens),
            right,
            order,
            placed.section_end,
            frozenset(parameters),
        )
        for known in self.scope.laws:
            is_same = (known.letter, known.outcomes, known.givens) == (law.letter, law.outcomes, law.givens)
            is_here = self.scope.section(known.order) == placed.section
            stands_alone = len(placed.chain.links) == 1 and known.law != law.law  # another model of the same variable
            if is_same and is_here and known.parameters == law.parameters and not stands_alone:
                return False
        self.scope.laws.append(law)
        return True

    def parameters_of(self, letter: Node) -> frozenset[str]:
        """The parameters that a letter carries: theta of p_theta."""
        head = self.head(letter)
        return frozenset(p.text for p in head.parameters if isinstance(p, Name)) if head is not None else frozenset()

    def is_greek_parameter(self, head: Head) -> bool:
        """mu and Sigma of p(x|mu, Sigma)."""
        known = self.conventions.standard_normal | self.conventions.latent | self.conventions.data
        return head.base.lower() in LOWER_GREEK and head.base not in known

    def variable_equation(self, left: Node, right: Node, order: int, placed: Placed) -> bool:
        """X = N(0, 1): a law, written as if the variable were it."""
        head = self.head(left)
        if head is None:
            return False
        if self.mentions(right, head.key):
            return True
        is_variable = not self.is_operator(head) and head.power is None and len(head.base) == 1
        if is_variable and self.is_named_law(right):
            self.scope.laws.append(LawDeclaration(None, (head.key,), (), right, order, placed.section_end))
            return True
        return False

    # ------------------------------------------------------------------------------------------ mixed letters

    def mixes(self, left: Node, right: Node, order: int, placed: Placed) -> bool:
        """q(z) = \\int q(z|x) p(x) dx and q(x, z) = q(z|x) p(x): the x of q has the law p(x)."""
        whole = self.call(left)
        if whole is None or not self.looks_density(left):
            return False
        parts: list[tuple[Node, Group]] = []
        for node in factors_of(right):
            called = self.call(node)
            if called is None or not self.looks_density(node):
                return False
            parts.append(called)
        if len(parts) != 2:
            return False
        outcomes = self.arguments(whole[1], "outcome")
        own, other = sorted(parts, key=lambda part: self.letter(part[0]) != self.letter(whole[0]))
        drawn, givens = self.arguments(own[1], "outcome"), self.arguments(own[1], "given")
        source = self.arguments(other[1], "outcome")
        is_mixed = self.letter(own[0]) == self.letter(whole[0]) != self.letter(other[0])
        known = None not in (*outcomes, *drawn, *givens, *source) and not self.arguments(other[1], "given")
        if not is_mixed or not known or not drawn or set(givens) != set(source) or len(source) != 1:
            return False
        if set(outcomes) not in (set(drawn), set(drawn) | set(source)) or self.arguments(whole[1], "given"):
            return False
        law = Sequence(right.span, (other[0], other[1]), ("",))
        names = tuple(name for name in source if name is not None)
        self.scope.laws.append(
            LawDeclaration(self.letter(own[0]), names, (), law, order, placed.section_end, mixed=True)
        )
        return True

    def arguments(self, group: Group, role: str) -> list[str | None]:
        """The letters of the outcomes of a density, or of what it is given; None for anything but a letter."""
        found = [self.head(part) for own, part in roles(group, BARS) if own == role]
        return [head.root.lower() if head is not None and head.power is None else None for head in found]


def factors_of(node: Node) -> list[Node]:
    """The factors of a product, under an integral or a sum too: each name with the brackets behind it."""
    node = unwrap(node)
    if not isinstance(node, Sequence) or not set(node.signs) <= {"", "*"}:
        return [node]
    items = [item for item in node.items if not isinstance(unwrap(item), BigOperator | Differential)]
    found: list[Node] = []
    for item in items:
        if isinstance(unwrap(item), Group) and found and not isinstance(unwrap(found[-1]), Sequence):
            found[-1] = Sequence(node.span, (found[-1], item), ("",))
        else:
            found.append(item)
    return found
