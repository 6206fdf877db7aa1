"""What an equation defines.

A relation is a definition where a bare name (or a name applied to variables) meets its first equation.
"""

from __future__ import annotations

import re
from dataclasses import replace

from derivations.reading.places import NEVER, Placed, sides
from derivations.reading.scope import Definition
from derivations.reading.survey.consequences import Consequences
from derivations.reading.survey.flow_ends import FlowEnds
from derivations.reading.survey.given_densities import GivenDensities, within_logarithms
from derivations.reading.survey.laws import Laws
from derivations.reading.survey.maps import Maps
from derivations.reading.survey.new_names import NewNames
from derivations.reading.survey.targets import Target
from derivations.reading.tree import (
    BigOperator,
    Dots,
    Group,
    Infix,
    Matrix,
    Name,
    Node,
    Script,
    Sequence,
    Side,
    Text,
)
from derivations.reading.walking import (
    as_name,
    base_of,
    joined,
    map_nodes,
    nodes,
    unwrap,
)

CONSTANT_WORDS = ("log", "ln", "pi", "e", "exp", "sqrt")
OPENS_DEFINITION = {"let", "write", "define", "set", "suppose", "assume", "put"}
EXAMPLE = re.compile(r"\be\.g\.|\bfor (example|instance)\b|\bsuch as\b|\blike\b", re.I)
# a value after these holds in its sentence
CASE = re.compile(r"\b(at|when|whenever|for|if|suppose|say|example|in case|e\.g)\b|例|とき|の時|当|때|при", re.I)
SUPPOSED = re.compile(r"\b(if|when|whenever|in case)\b", re.I)  # a definition after these does too
ANY_FUNCTION = ("f", "g", "h", "phi", "varphi", "psi", "u", "v")  # names of whatever function a section speaks of
# an equation behind these gives its name a new meaning
DEFINES_ANEW = re.compile(r"^\W*(so|now|here|let|consider)\b|\b(in this case|becomes?|let|consider|redefine)\b", re.I)


class Equations(Maps, Laws, Consequences, FlowEnds, GivenDensities, NewNames):
    """The part of the Declarations that reads equations."""

    def equation(
        self, left: Side, right: Side, order: int, start: int, placed: Placed, position: int, rel: str
    ) -> str | None:
        """What the equation is: 'definition', 'assumption', or None for a claim.

        ``order`` is its own place, ``start`` that from which a declaration holds, ``position`` its place in its chain.
        """
        lhs, rhs = unwrap(left.tree), unwrap(right.tree)
        outcome, named = within_logarithms(lhs, rhs)
        law = named if self.is_named_law(named) else self.normal_law_of(lhs, rhs)
        outcome = outcome if law is named else lhs
        if law is not None and self.law_equation(outcome, law, start, placed):
            self.note_consequence(order, law)
            return "assumption"
        if self.is_bare_density(lhs) and self.is_bare_density(rhs) and not placed.display:
            self.equal_letters(lhs, rhs, order, placed)
            return "assumption"
        if self.end_of_flow(lhs, rhs, start) or self.end_of_flow(rhs, lhs, start) or self.composed(lhs, rhs, start):
            return "definition"
        opens = not placed.display or words_of(placed.before) & OPENS_DEFINITION
        if opens and self.mixes(lhs, rhs, start, placed):
            return "assumption"
        if not placed.display and self.weights_add_up(lhs, rhs, start, placed):
            return "assumption"
        undefined = "assumption" if self.is_conditional(placed) and not placed.display else None
        if self.defines_entries(lhs, rhs, order, placed) or (
            position == 0 and self.log_density(lhs, rhs, start, placed)
        ):
            return "definition"
        target = self.target(lhs)
        if target is None and isinstance(lhs, Sequence):
            stripped = strip_optimum(lhs)
            target = self.target(stripped) if stripped is not None else None
        if target is None:
            return "definition" if self.defines_reverse(left.tree, rhs, order, placed) else undefined
        is_first_in_text = not target[1] and self.is_new(target)
        if (
            position
            and rel == "="
            and self.is_undefined_title(lhs, target)
            and not self.mentions(right.tree, target[0])
        ):
            self.candidates.append(Definition(target[0], target[1], right.tree, order, placed.section))
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
        called = self.call(lhs) if parameters else None
        head = self.head(called[0] if called is not None else lhs)
        is_function = head is not None and (head.key in self.usage.listed or bool(self.usage.applied[head.key]))
        if not parameters and is_function and only_numbers(rhs):
            return "assumption"  # D = 1/2 where D is a function: what it is somewhere, not what the letter means
        follows = "Rightarrow" in placed.chain.lead or "implies" in placed.chain.lead
        if follows and not parameters and key in self.seen:
            self.scope.solved.append((order, placed.section_end, key, body))
            self.equation_before(key)
            return "assumption"
        known = self.known.get(key)
        if known is not None and order >= known.end:
            known = None
        completes = start < order  # "where c = a + b": it holds in the display before it, too
        here = start - 1 if completes else order if placed.display else start
        if placed.display and key in self.used_in_display:  # y = M x, with M = a + b behind it: it holds there, too
            here = min(here, placed.display_begun - 1)
        if not parameters and is_constant(rhs):
            is_known = known is not None and is_constant(unwrap(known.body)) and known.section == placed.section
            if is_known and rel == "=":
                return undefined
            self.define(Definition(key, (), body, start, placed.section, value_end(placed, rhs)))
            return "assumption"
        opens = bool(words_of(placed.before) & OPENS_DEFINITION)
        if known is not None and not parameters and not placed.display and opens and not self.mentions(body, key):
            self.define(Definition(key, parameters, body, start, placed.section))
            return "definition"
        if known is not None and len(known.parameters) == len(parameters):
            if body == renamed(known, parameters):
                return "definition"
            if rel == ":=":
                self.define(Definition(key, parameters, body, start, placed.section))
                return "definition"
            is_elsewhere = known.section != placed.section or DEFINES_ANEW.search(placed.before)
            in_text = not placed.display and (not parameters or CASE.search(placed.before) is not None)
            is_case = in_text or self.is_one_of_a_list(key, placed)
            if (is_elsewhere or is_case) and not self.mentions(body, key) and not self.circular(key, body):
                self.found.soft[order] = ("definition", f"{key} may be defined anew here")
                self.define(Definition(key, parameters, body, order, placed.section))
            return undefined
        if self.mentions(body, key):
            return None
        if not parameters and key in self.seen and self.circular(key, body):
            return None
        if self.looks_density(lhs) and not self.is_closed_density(rhs):
            return None
        if parameters and only_numbers(rhs):
            return "assumption"  # C(G) = -\log 4: a value it takes, not what it is
        fixed = bool(parameters) and not any(self.speaks_of(body, parameter) for parameter in parameters)
        if fixed and self.head(rhs) is not None:
            return "assumption"  # E(X) = mu
        end = placed.section_end if parameters and key in ANY_FUNCTION else NEVER
        is_point = not parameters and key in self.seen and self.head(rhs) is not None  # x = mu
        if is_point or SUPPOSED.search(placed.before):
            end = min(placed.section_end, placed.sentence_end)
        letter = head.key if head is not None else ""
        marks = called[1].separators if called is not None else ()
        self.define(Definition(key, parameters, body, here, placed.section, end, letter, marks, fixed))
        return "definition"

    def is_one_of_a_list(self, key: str, placed: Placed) -> bool:
        """Whether the row before it in its display defines another name: a list of what the names stand for."""
        last = self.last
        if last is None or not placed.display or not last.display or last.paragraph != placed.paragraph:
            return False
        target = self.target(unwrap(last.chain.first.tree)) if last.chain.first is not None else None
        return target is not None and target[0] != key and self.found.kinds.get(last.order) == "definition"

    def equation_before(self, key: str) -> None:
        """What stands before '\\Rightarrow D = ...' is the equation that D is solved from."""
        if self.last is None or len(self.last.chain.links) != 1:
            return
        if any(self.mentions(side.tree, key) for side in sides(self.last.chain)):
            self.found.kinds.setdefault(self.last.order, "assumption")

    def equal_letters(self, lhs: Node, rhs: Node, order: int, placed: Placed) -> None:
        """p_g = p_data in the text: one density from here to the end of the paragraph."""
        first, second = sorted((self.letter(lhs), self.letter(rhs)))
        if first != second:
            self.scope.equal_families.append((order, placed.paragraph_end, second, first))

    def is_conditional(self, placed: Placed) -> bool:
        """Whether the words before it put the equation under a condition."""
        before, words = placed.before.lower(), words_of(placed.before)
        return any(c in before if " " in c else c in words for c in self.conventions.conditional)


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


def is_constant(node: Node) -> bool:
    """A number, or numbers alone in some arrangement: 1.1, \\frac12, 2\\pi, (1, 2)."""
    return not any(isinstance(n, Text | Dots | BigOperator | Infix) for n in nodes(node)) and only_numbers(node)


def value_end(placed: Placed, value: Node) -> int:
    """Where a value given to a symbol ends: in a case or example with its sentence, else behind the next display."""
    is_list = isinstance(value, Group | Matrix)
    if is_list or CASE.search(placed.before):
        return min(placed.section_end, placed.sentence_end)
    return min(placed.section_end, placed.follow_end)


def is_optimum(node: Node) -> bool:
    base = as_name(base_of(node))
    return isinstance(unwrap(node), Script) and base is not None and base.text in ("min", "max", "inf", "sup")


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))
