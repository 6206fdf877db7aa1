"""What an equation defines.

A relation is a definition where a bare name (or a name applied to variables) meets its first equation.
"""

from __future__ import annotations

import re
from dataclasses import replace

from derivations.reading.names import Head, head_of, index_names, is_minus_one, is_title, is_transpose
from derivations.reading.places import NEVER, Placed, sides
from derivations.reading.scope import Definition
from derivations.reading.survey.consequences import Consequences
from derivations.reading.survey.laws import Laws
from derivations.reading.survey.maps import Maps
from derivations.reading.survey.normal_formulas import normal_law
from derivations.reading.survey.recorder import DEEPEST
from derivations.reading.tree import (
    BigOperator,
    Dots,
    Group,
    Infix,
    Matrix,
    Name,
    Node,
    Number,
    Script,
    Sequence,
    Side,
    Text,
)
from derivations.reading.vocabulary import INVERSE, JACOBIANS
from derivations.reading.walking import (
    applications,
    argument_group,
    as_name,
    as_sequence,
    base_of,
    joined,
    map_nodes,
    names_and_scripts,
    nodes,
    unwrap,
)
from proofs.records import Domain
from proofs.terms import SCALAR

CONSTANT_WORDS = ("log", "ln", "pi", "e", "exp", "sqrt")
OPENS_DEFINITION = {"let", "write", "define", "set", "suppose", "assume", "put"}
EXAMPLE = re.compile(r"\be\.g\.|\bfor (example|instance)\b|\bsuch as\b|\blike\b", re.I)
# a value after these holds in its sentence
CASE = re.compile(r"\b(at|when|whenever|for|if|suppose|say|example|in case|e\.g)\b|例|とき|の時|当|때|при", re.I)
SUPPOSED = re.compile(r"\b(if|when|whenever|in case)\b", re.I)  # a definition after these does too
ANY_FUNCTION = ("f", "g", "h", "phi", "varphi", "psi", "u", "v")  # names of whatever function a section speaks of
# an equation behind these gives its name a new meaning
DEFINES_ANEW = re.compile(r"^\W*(so|now|here|let|consider)\b|\b(in this case|becomes?|let|consider|redefine)\b", re.I)

Target = tuple[str, tuple[str, ...]]  # what an equation can define: (key, parameters)


class Equations(Maps, Laws, Consequences):
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

    def normal_law_of(self, lhs: Node, rhs: Node) -> Node | None:
        """N(m, s^2) for the right side of p(z) = \\frac{1}{\\sqrt{2\\pi s^2}} e^{..}; None for any other equation."""
        called = self.call(lhs)
        if called is None or not called[1].parts or not self.looks_density(lhs):
            return None
        outcome = self.head(called[1].parts[0])
        bars = [s for s in called[1].separators if s != ";"]
        if outcome is None or outcome.power is not None or bars[:1] == [","]:
            return None
        return normal_law(rhs, outcome.name, self.conventions)

    def log_density(self, lhs: Node, rhs: Node, start: int, placed: Placed) -> bool:
        """Whether log q(z) = -(z - m)^2 / 2 says what a density is of which nothing was known."""
        items = lhs.items if isinstance(lhs, Sequence) and set(lhs.signs) == {""} else ()
        word = as_name(items[0]) if len(items) == 3 else None
        if word is None or word.text not in ("log", "ln"):
            return False
        density = joined(lhs.span, items[1:], ("",))
        target, head, called = self.target(density), self.head(items[1]), self.call(density)
        if target is None or head is None or called is None or not self.looks_density(density):
            return False
        letter = self.letter(items[1])
        is_known = target[0] in self.known or any(law.letter == letter for law in self.scope.laws)
        has_words = any(isinstance(n, Text | Dots) for n in nodes(rhs))
        applies = any(h is not None and h.key in self.usage.listed for h in map(self.head, names_and_scripts(rhs)))
        has_density = any(self.is_density_letter(item) for item, _ in applications(rhs))
        if is_known or has_words or applies or has_density:
            return False
        if not all(self.speaks_of(rhs, parameter) for parameter in target[1]):
            return False
        exp = Sequence(rhs.span, (Name(rhs.span, "exp"), Group(rhs.span, "(", ")", (rhs,))), ("",))
        marks = called[1].separators
        self.define(Definition(*target, exp, start, placed.section, placed.section_end, head.key, marks))
        return True

    def weights_add_up(self, lhs: Node, rhs: Node, order: int, placed: Placed) -> bool:
        """Whether the text says that weights add up to one, \\sum_k \\pi_k = 1: they are then a point of a simplex."""
        if not isinstance(lhs, Sequence) or len(lhs.items) != 2 or not isinstance(rhs, Number) or rhs.text != "1":
            return False
        sign = unwrap(lhs.items[0])
        is_sum = isinstance(sign, BigOperator) and sign.kind == "sum"
        names = index_names(sign.sub) if is_sum and isinstance(sign, BigOperator) and sign.sub is not None else []
        head = head_of(lhs.items[1], is_index=names.__contains__)
        if head is None or len(names) != 1 or len(head.indices) != 1 or head.power is not None or head.label:
            return False
        self.declare(replace(head, indices=()).key, Domain(SCALAR, "simplex", declared=True), order, placed)
        return True

    def has_law(self, group: Group) -> bool:
        """Whether the brackets hold one variable whose law is declared."""
        head = self.head(group.parts[0]) if len(group.parts) == 1 else None
        return head is not None and any(w.letter is None and w.outcomes == (head.key,) for w in self.scope.laws)

    def is_one_of_a_list(self, key: str, placed: Placed) -> bool:
        """Whether the row before it in its display defines another name: a list of what the names stand for."""
        last = self.last
        if last is None or not placed.display or not last.display or last.paragraph != placed.paragraph:
            return False
        target = self.target(unwrap(last.chain.first.tree)) if last.chain.first is not None else None
        return target is not None and target[0] != key and self.found.kinds.get(last.order) == "definition"

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

    def equation_before(self, key: str) -> None:
        """What stands before '\\Rightarrow D = ...' is the equation that D is solved from."""
        if self.last is None or len(self.last.chain.links) != 1:
            return
        if any(self.mentions(side.tree, key) for side in sides(self.last.chain)):
            self.found.kinds.setdefault(self.last.order, "assumption")

    def defines_reverse(self, left: Node, rhs: Node, order: int, placed: Placed) -> bool:
        """An expression = a new name: defines the name if nothing before and nothing in it speaks of the name."""
        reverse = self.target(rhs)
        if reverse is None or self.looks_density(rhs):
            return False
        is_plain = self.head(left) is not None or isinstance(unwrap(left), Number)
        head = self.head(rhs)
        names = {reverse[0], head.root if head is not None else reverse[0]}
        if is_plain or any(isinstance(n, Name | Script) and self.spells(n, names) for n in nodes(left)):
            return False
        if reverse[1] and not all(self.mentions(left, parameter) for parameter in reverse[1]):
            return False
        definition = Definition(reverse[0], reverse[1], left, order, placed.section)
        if not self.is_new(reverse):
            if self.is_undefined_title(rhs, reverse):
                self.candidates.append(definition)
            return False
        self.define(definition)
        return True

    def defines_entries(self, lhs: Node, rhs: Node, order: int, placed: Placed) -> bool:
        """An expression = a list of new names, \\nabla f(x) = (g_1, g_2): the names are its entries."""
        called = self.call(lhs)
        function = self.head(called[0]) if called is not None else None
        if self.head(lhs) is not None or (function is not None and function.name not in self.known):
            return False
        rows = cells_of(rhs)
        heads = [self.head(cell) for row in rows for cell in row]
        known = [h for h in heads if h is not None and h.power is None and h.label.isdigit()]
        names = {h.name for h in known}
        if len(heads) < 2 or len(names) < len(heads) or len({h.root for h in known}) != 1:
            return False
        anew = [d for name in names if (d := self.known.get(name)) is not None and d.section != placed.section]
        if len(anew) < len(names) and any(not self.is_new((name, ())) for name in names):
            return False
        if any(self.mentions(lhs, name) for name in names):
            return False
        whole, span = Group(lhs.span, "(", ")", (lhs,)), lhs.span
        for i, row in enumerate(rows, 1):
            for j, cell in enumerate(row, 1):
                head = self.head(cell)
                at = [Number(span, str(k)) for k, n in ((i, len(rows)), (j, len(row))) if n > 1]
                index = at[0] if len(at) == 1 else Group(span, "", "", tuple(at), (",",))
                if head is not None:
                    self.define(Definition(head.name, (), Script(span, whole, index), order, placed.section))
        return True

    def spells(self, node: Node, names: set[str]) -> bool:
        head = self.head(node)
        return head is not None and head.name in names

    def is_new(self, target: Target) -> bool:
        return target[0] not in self.seen and target[0] not in self.known

    def is_undefined_title(self, side: Node, target: Target) -> bool:
        """Whether a side is \\mathcal L, ELBO or \\mathcal L(\\theta; x), spoken of before and not defined yet."""
        called = self.call(side) if target[1] else None
        head = self.head(called[0] if called is not None else side)
        return head is not None and is_title(head) and not self.is_operator(head) and target[0] not in self.known

    def define_titles(self) -> None:
        """At the end of the document: a title that no equation begins with is defined by the first that has it on one
        side alone, \\log p(x) \\ge \\mathcal L(x) = ... and ... = \\mathcal L(x)."""
        for candidate in self.candidates:
            if candidate.key not in self.known:
                self.define(candidate)
                self.found.kinds.setdefault(candidate.order, "definition")

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

    def composed(self, lhs: Node, rhs: Node, order: int) -> bool:
        """z_K = f_K o ... o f_1(z_0): the ends of a flow whose layers are composed."""
        out, parts = self.head(lhs), composition(rhs)
        if out is None or out.power is not None or parts is None:
            return False
        layers, argument = [self.head(layer) for layer in parts[0]], self.head(parts[1])
        if argument is None or argument.power is not None or any(layer is None for layer in layers):
            return False
        roots = {layer.root for layer in layers if layer is not None}
        inverses = {is_minus_one(layer.power) for layer in layers if layer is not None}
        if inverses == {True}:  # z_0 = f_1^{-1} o ... o f_K^{-1}(x)
            layers, out, argument = layers[::-1], argument, out
        last = layers[0].label if layers[0] is not None else ""
        if len(roots) != 1 or len(inverses) != 1 or not (len(last) == 1 and last.isupper()):
            return False
        for index, end in (("0", argument), (last, out)):
            if (end.root, end.label) != (argument.root, index):  # z_0 is no other name of z_0
                self.scope.chain_ends.append((order, argument.root, index, end.key.lower()))
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


def within_logarithms(lhs: Node, rhs: Node) -> tuple[Node, Node]:
    """q(z) and N(z; m, S) of \\log q(z) = \\log N(z; m, S); the sides as they are where they are no logarithms."""
    bare = [as_sequence(side) for side in (lhs, rhs)]
    if not all(s is not None and (w := as_name(s.items[0])) is not None and w.text in ("log", "ln") for s in bare):
        return lhs, rhs
    found = [joined(s.span, s.items[1:], s.signs[1:]) for s in bare if s is not None and s.signs[0] == ""]
    return (unwrap(found[0]), unwrap(found[1])) if len(found) == 2 else (lhs, rhs)


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


def cells_of(node: Node) -> tuple[tuple[Node, ...], ...]:
    """The rows of a matrix or a list that is written out, also transposed; none of anything else."""
    node = unwrap(node)
    if isinstance(node, Script) and node.sub is None and is_transpose(node.sup):
        return tuple(zip(*cells_of(node.base)))
    if isinstance(node, Matrix) and node.fence != "|":
        return node.rows
    if isinstance(node, Group) and node.open in ("[", "(") and node.separators and set(node.separators) == {","}:
        return (node.parts,)
    return ()


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


def composition(node: Node) -> tuple[tuple[Node, ...], Node] | None:
    """(f_K, ..., f_1) and z of f_K o ... o f_1(z), with dots in it; None where the node is something else."""
    whole = as_sequence(node)
    if whole is None or len(whole.items) < 4 or whole.signs[-1] != "" or set(whole.signs[:-1]) != {"circ"}:
        return None
    layers, group = whole.items[:-1], argument_group(whole.items[-1])
    if group is None or len(group.parts) != 1 or not any(isinstance(unwrap(n), Dots) for n in layers):
        return None
    return tuple(n for n in layers if not isinstance(unwrap(n), Dots)), group.parts[0]
