"""What an equation with a certain side could define: a bare name, or a name applied to distinct names."""

from __future__ import annotations

from dataclasses import replace

from derivations.reading.names import Head, is_title
from derivations.reading.survey.recorder import DEEPEST, Recorder
from derivations.reading.tree import Group, Name, Node, Script, Sequence
from derivations.reading.vocabulary import INVERSE, JACOBIANS
from derivations.reading.walking import nodes, unwrap

Target = tuple[str, tuple[str, ...]]  # what an equation can define: (key, parameters)


class Targets(Recorder):
    """The part of the Declarations that knows which names are free to be defined."""

    def target(self, node: Node) -> Target | None:
        """What an equation with this side can define: a bare name, or a name applied to distinct names."""
        head = self.head(node)
        if head is not None:
            is_constant = head.base in ("I", "pi", "e", "R") or head.font == "bb"
            return None if self.is_operator(head) or head.power is not None or is_constant else (head.name, ())
        called = self.call(node)
        if called is None or called[1].open != "(":
            return None
        head = self.head(called[0])
        if head is None or self.is_operator(head) or head.power is not None or is_signed(node):
            return None
        if head.primes and replace(head, primes=0).name in self.known:
            return None  # f' is the derivative of the f that is defined
        if head.base in ("H", "h") and head.key not in self.known and self.has_law(called[1]):
            return None  # the entropy of a variable with a law
        if self.is_jacobian_of_known(head):
            return None
        arguments = [self.head(part) for part in called[1].parts]
        keys = [a.key for a in arguments if a is not None and a.power is None]
        if len(keys) < len(arguments) or len(set(keys)) != len(keys):
            return None
        return head.name, tuple(keys)

    def is_jacobian_of_known(self, head: Head) -> bool:
        """Whether J_f is the Jacobian of an f that a formula defines, or of the inverse of one that is applied."""
        function = head.label.removesuffix(INVERSE)
        if head.base not in JACOBIANS or head.name in self.known or not function or head.indices or head.primes:
            return False
        if function != head.label:
            return self.usage.applied[function] > 0 or self.usage.applied[f"{head.base}_{function}"] > 0
        return function in self.known and bool(self.known[function].parameters)

    def is_new(self, target: Target) -> bool:
        return target[0] not in self.seen and target[0] not in self.known

    def is_undefined_title(self, side: Node, target: Target) -> bool:
        """Whether a side is \\mathcal L, ELBO or \\mathcal L(\\theta; x), spoken of before and not defined yet."""
        called = self.call(side) if target[1] else None
        head = self.head(called[0] if called is not None else side)
        return head is not None and is_title(head) and not self.is_operator(head) and target[0] not in self.known

    def has_law(self, group: Group) -> bool:
        """Whether the brackets hold one variable whose law is declared."""
        head = self.head(group.parts[0]) if len(group.parts) == 1 else None
        return head is not None and any(w.letter is None and w.outcomes == (head.key,) for w in self.scope.laws)

    def speaks_of(self, body: Node, name: str, depth: int = 0) -> bool:
        """Whether a body, or what its names are defined to be, has the letter in it: z_1 for z too."""
        for n in nodes(body):
            if isinstance(n, Name) and n.text == name.split("_")[0].rstrip("*'").split(" ")[-1]:
                return True
            head = self.head(n) if isinstance(n, Name | Script) else None
            known = self.known.get(head.name) if head is not None and depth < DEEPEST else None
            if known is not None and self.speaks_of(known.body, name, depth + 1):
                return True
        return False

    def spells(self, node: Node, names: set[str]) -> bool:
        head = self.head(node)
        return head is not None and head.name in names


def is_signed(node: Node) -> bool:
    """Whether a sign stands between the name and the brackets: f \\cdot (x)."""
    node = unwrap(node)
    return isinstance(node, Sequence) and node.signs != ("",)
