"""What an equation defines.

A relation is a definition where a bare name (or a name applied to variables) meets its first equation.
"""

from __future__ import annotations

import re
from dataclasses import replace

from derivations.reading.places import Placed
from derivations.reading.scope import Definition
from derivations.reading.survey.laws import Laws
from derivations.reading.survey.maps import Maps
from derivations.reading.tree import Name, Node, Number, Script, Sequence, Side, Sum
from derivations.reading.walking import as_name, base_of, joined, map_nodes, nodes, unwrap

CONSTANT_WORDS = ("log", "ln", "pi", "e", "exp", "sqrt")
OPENS_DEFINITION = {"let", "write", "define", "set", "suppose", "assume", "put"}
EXAMPLE = re.compile(r"\be\.g\.|\bfor (example|instance)\b|\bsuch as\b|\blike\b", re.I)

Target = tuple[str, tuple[str, ...]]  # what an equation can define: (key, parameters)


class Equations(Maps, Laws):
    """The part of the Declarations that reads equations."""

    def equation(
        self, left: Side, right: Side, order: int, start: int, placed: Placed, position: int, rel: str
    ) -> str | None:
        """What the equation is: 'definition', 'assumption', or None for a claim.

        ``order`` is its own place, ``start`` that from which a declaration holds, ``position`` its place in its chain.
        """
        lhs, rhs = unwrap(left.tree), unwrap(right.tree)
        if self.is_named_law(rhs) and self.law_equation(lhs, rhs, start, placed):
            return "assumption"
        if self.is_bare_density(lhs) and self.is_bare_density(rhs) and not placed.display:
            self.equal_letters(lhs, rhs, order, placed)
            return "assumption"
        if self.end_of_flow(lhs, rhs, start) or self.end_of_flow(rhs, lhs, start):
            return "definition"
        undefined = "assumption" if self.is_conditional(placed) and not placed.display else None
        target = self.target(lhs)
        if target is None and isinstance(lhs, Sequence):
            stripped = strip_optimum(lhs)
            target = self.target(stripped) if stripped is not None else None
        if target is None:
            return "definition" if self.defines_reverse(left.tree, rhs, order) else undefined
        is_first_in_text = not target[1] and self.is_new(target)
        if position and rel != ":=" and not is_first_in_text:
            return undefined
        return self.defining_equation(target, lhs, right.tree, order, start, placed, rel, undefined)

    def defining_equation(
        self,
        target: Target,
        lhs: Node,
        body: Node,
        order: int,
        start: int,
        placed: Placed,
        rel: str,
        undefined: str | None,
    ) -> str | None:
        """What an equation is whose left side could be defined by it."""
        key, parameters = target
        rhs = unwrap(body)
        if EXAMPLE.search(placed.before) and not placed.display:
            return "assumption"  # an example of a function binds nothing
        if self.is_map(lhs, rhs, start):
            return "definition"
        is_function = key in self.usage.listed or self.usage.applied[key]
        if not parameters and is_function and only_numbers(rhs):
            return "assumption"  # D = 1/2 where D is a function: what it is somewhere, not what the letter means
        follows = "Rightarrow" in placed.chain.lead or "implies" in placed.chain.lead
        if follows and not parameters and key in self.seen:
            self.scope.solved.append((order, placed.section_end, key, body))
            return "assumption"
        known = self.known.get(key)
        opens = bool(words_of(placed.before) & OPENS_DEFINITION)
        if known is not None and not parameters and not placed.display and opens:
            self.define(Definition(key, parameters, body, start))
            return "definition"
        if known is not None and len(known.parameters) == len(parameters):
            if body in (known.body, renamed(known, parameters)):
                return "definition"
            if rel == ":=":
                self.define(Definition(key, parameters, body, start))
                return "definition"
            return undefined
        if self.mentions(body, key):
            return None
        if not parameters and key in self.seen and self.circular(key, body):
            return None
        if self.looks_density(lhs) and not self.is_closed_density(rhs):
            return None
        if parameters and only_numbers(rhs):
            return "assumption"  # C(G) = -\log 4: a value it takes, not what it is
        is_value = isinstance(rhs, Number) or (isinstance(rhs, Sum | Sequence) and only_numbers(rhs))
        if not parameters and is_value:
            # a value given to a symbol holds in its section
            self.define(Definition(key, parameters, body, start))
            return "assumption"
        self.define(Definition(key, parameters, body, order if placed.display else start))
        return "definition"

    def defines_reverse(self, left: Node, rhs: Node, order: int) -> bool:
        """An expression = a new name: the name is defined."""
        reverse = self.target(rhs)
        if reverse is None or not self.is_new(reverse) or self.looks_density(rhs):
            return False
        is_plain = self.head(left) is not None or isinstance(unwrap(left), Number)
        if is_plain:
            return False
        self.define(Definition(reverse[0], reverse[1], left, order))
        return True

    def is_new(self, target: Target) -> bool:
        return target[0] not in self.seen and target[0] not in self.known

    def equal_letters(self, lhs: Node, rhs: Node, order: int, placed: Placed) -> None:
        """p_g = p_data in the text: one density from here to the end of the paragraph."""
        first, second = sorted((self.letter(lhs), self.letter(rhs)))
        if first != second:
            self.scope.equal_families.append((order, placed.paragraph_end, second, first))

    def end_of_flow(self, state: Node, variable: Node, order: int) -> bool:
        """h_0 = x and h_L = z: where the states of a flow begin and end."""
        first, second = self.head(state), self.head(variable)
        if first is None or second is None or first.power is not None or second.power is not None or second.label:
            return False
        is_end = first.label == "0" or (len(first.label) == 1 and first.label.isupper())
        if first.root not in self.usage.subscripted_by_index or not is_end:
            return False
        self.scope.chain_ends.append((order, first.root, first.label, second.key.lower()))
        return True

    def is_conditional(self, placed: Placed) -> bool:
        """Whether the words before it put the equation under a condition."""
        before, words = placed.before.lower(), words_of(placed.before)
        return any(c in before if " " in c else c in words for c in self.conventions.conditional)

    def target(self, node: Node) -> Target | None:
        """What an equation with this side can define: a bare name, or a name applied to distinct names."""
        head = self.head(node)
        if head is not None:
            is_constant = head.base in ("I", "pi", "e", "R") or head.font == "bb"
            return None if self.is_operator(head) or head.power is not None or is_constant else (head.key, ())
        called = self.call(node)
        if called is None or called[1].open != "(":
            return None
        head = self.head(called[0])
        if head is None or self.is_operator(head) or head.power is not None or is_signed(node):
            return None
        arguments = [self.head(part) for part in called[1].parts]
        keys = [a.key for a in arguments if a is not None and a.power is None]
        if len(keys) < len(arguments) or len(set(keys)) != len(keys):
            return None
        return head.key, tuple(keys)


def is_signed(node: Node) -> bool:
    """Whether a sign stands between the name and the brackets: f \\cdot (x)."""
    node = unwrap(node)
    return isinstance(node, Sequence) and node.signs != ("",)


def renamed(known: Definition, parameters: tuple[str, ...]) -> Node:
    """The body of a definition with other names for its parameters: M(t; y) beside M(t; x) := ..."""
    names = dict(zip(known.parameters, parameters))

    def change(node: Node) -> Node:
        return replace(node, text=names[node.text]) if isinstance(node, Name) and node.text in names else node

    return map_nodes(known.body, change)


def only_numbers(node: Node) -> bool:
    return not any(isinstance(n, Name) and n.text not in CONSTANT_WORDS for n in nodes(node))


def strip_optimum(node: Sequence) -> Node | None:
    """V(G, D) of \\min_G \\max_D V(G, D); None where no optimum is taken."""
    k = 0
    while k < len(node.items) and is_optimum(node.items[k]):
        k += 1
    return joined(node.span, node.items[k:], node.signs[k:]) if 0 < k < len(node.items) else None


def is_optimum(node: Node) -> bool:
    base = as_name(base_of(node))
    return isinstance(unwrap(node), Script) and base is not None and base.text in ("min", "max", "inf", "sup")


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))
