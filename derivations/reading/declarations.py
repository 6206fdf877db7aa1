"""What a document declares: definitions, laws, domains and maps, found where authors put them.

A relation is a definition where a bare name (or a name applied to variables) meets its first equation; a law or a domain is a
declaration wherever it stands.  A declaration after a display ("where ...", "with ...") holds for that display too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction as Rational

from derivations.reading.conventions import Conventions
from derivations.reading.densities import DIVERGENCES, LAW_WORDS
from derivations.reading.names import Head, head_of, heads, map_nodes, nodes, plain_label, unwrap
from derivations.reading.operators import FUNCTION_WORDS, MATRIX_WORDS, OPTIMA
from derivations.reading.parser import FormulaError, parse_expression
from derivations.reading.scope import Definition, LawDeclaration, Map, Sampled, Scope
from derivations.reading.tree import (
    Chain,
    Decorated,
    Group,
    Infix,
    Matrix,
    Name,
    Node,
    Number,
    Script,
    Sequence,
    Side,
    Sum,
)
from derivations.reading.usage import KNOWN_WORDS, Usage
from proofs.records import Domain
from proofs.terms import SCALAR, Sort, matrix_sort, vector_sort

OPERATOR_WORDS = (
    frozenset(FUNCTION_WORDS) | frozenset(MATRIX_WORDS) | frozenset(OPTIMA) | frozenset(DIVERGENCES) | frozenset(LAW_WORDS)
    | {"Var", "Cov", "nabla", "partial", "d", "Pr"}
)  # fmt: skip
OPERATOR_WORDS = OPERATOR_WORDS - {"U", "V", "d", "Beta", "Gamma"} | {"d"}


@dataclass(frozen=True)
class Placed:
    """A chain at its place: running number, section and paragraph, the prose before it in its sentence."""

    chain: Chain
    order: int  # of the chain's first relation; its links follow one by one
    section: int
    section_end: int
    paragraph_end: int
    paragraph: int
    display: bool
    before: str
    display_start: int  # order of the display that a "where" completes
    previous: Side | None = None
    formula: int = 0


@dataclass
class Declared:
    """What `declare` found: the scope, and what each relation (by order) is."""

    scope: Scope = field(default_factory=Scope)
    kinds: dict[int, str] = field(default_factory=dict)  # order -> definition | assumption
    solved: dict[int, tuple[Side, Side]] = field(default_factory=dict)


class Declarations:
    """Walks the chains of a document once, in order."""

    def __init__(self, usage: Usage, conventions: Conventions, prose: str):
        self.usage, self.conventions = usage, conventions
        self.found = Declared()
        self.known: dict[str, Definition] = {}
        self.seen: set[str] = set()
        self.invertible = bool(re.search(r"invertib|bijecti|diffeo|inverse|one-to-one|normalizing flow", prose, re.I))
        self.found.scope.mentions_jacobian = bool(re.search(r"jacobian", prose, re.I))

    # ------------------------------------------------------------------------------------------ one chain

    def visit(self, placed: Placed) -> None:
        chain = placed.chain
        sections = self.found.scope.sections
        if not sections or sections[-1][1] != placed.section:
            sections.append((placed.order, placed.section))
        left = chain.first if chain.first is not None else placed.previous
        order = placed.order
        for node in (n for side in (chain.first, *(link.side for link in chain.links)) if side for n in nodes(side.tree)):
            self.note_inside(node, placed)
        for k, link in enumerate(chain.links):
            here = order + k
            if left is not None:
                self.visit_link(left, link.rel, link.side, here, placed, k)
            if link.rel == "in" and k and chain.first is not None and chain.links[k - 1].rel in ("=", ":="):
                self.membership(chain.first.tree, link.side.tree, min(here, placed.display_start))  # z = (..) in R^2
            left = link.side
        for side in (chain.first, *(link.side for link in chain.links)):
            if side is not None:
                self.seen.update(h.key for h in heads(side.tree, is_parameter=self.is_parameter))

    def head(self, node: Node) -> Head | None:
        return head_of(node, is_parameter=self.is_parameter)

    def is_parameter(self, name: str) -> bool:
        return name in self.conventions.parameters

    def note_inside(self, node: Node, placed: Placed) -> None:
        """Underbraces that name what they brace: \\underbrace{f(z)_j}_{=k} defines k."""
        if isinstance(node, Decorated) and isinstance(node.note, Infix) and node.note.rel == "=":
            for side in (node.note.left, node.note.right):
                head = self.head(side) if isinstance(side, Node) else None
                if head is not None and not head.key.isdigit():
                    self.define(Definition(head.key, (), node.body, placed.order - 1))
        elif isinstance(node, Decorated) and isinstance(node.note, str) and node.note.strip().startswith("="):
            name = self.equals_name(self.parsed(node.note.strip()[1:]))
            if name is not None:
                self.define(Definition(name, (), node.body, placed.order - 1))
        elif isinstance(node, Decorated) and isinstance(node.note, Node):
            name = self.equals_name(node.note)
            if name is not None:
                self.define(Definition(name, (), node.body, placed.order - 1))

    def parsed(self, source: str) -> Node | None:
        try:
            return parse_expression(source)
        except FormulaError:
            return None

    def equals_name(self, note: Node | None) -> str | None:
        head = self.head(note) if note is not None else None
        if head is not None and len(head.base) == 1 and head.base.islower() and not head.label:
            return head.key
        return None

    def define(self, definition: Definition) -> None:
        self.known[definition.key] = definition
        self.found.scope.definitions.append(definition)

    def visit_link(self, left: Side, rel: str, right: Side, order: int, placed: Placed, k: int) -> None:
        start = min(order, placed.display_start)
        if rel == "~" or rel == "approx" and (self.is_named_law(right.tree) or self.is_density_of(right.tree, left.tree)):
            self.law(left.tree, right.tree, start, placed)
            if rel == "approx":
                self.found.kinds[order] = "assumption"
        elif rel == "in":
            self.membership(left.tree, right.tree, start)
        elif rel in ("<", "<=", ">", ">="):
            if self.bound(left.tree, rel, right.tree, start):
                self.found.kinds[order] = "assumption"
        elif rel in ("=", ":="):
            kind = self.equation(left, right, order, start, placed, k, rel)
            if kind is not None:
                self.found.kinds[order] = kind
        elif rel == "to":
            self.arrow(left.tree, right.tree, start)

    # ------------------------------------------------------------------------------------------ equations

    def equation(self, left: Side, right: Side, order: int, start: int, placed: Placed, k: int, rel: str) -> str | None:
        lhs, rhs = unwrap(left.tree), unwrap(right.tree)
        conditional = self.is_conditional(placed)
        if self.is_named_law(rhs):
            if self.law_equation(lhs, rhs, start, placed):
                return "assumption"
        if self.is_bare_density(lhs) and self.is_bare_density(rhs) and not placed.display:
            first, second = self.letter(lhs), self.letter(rhs)
            if first != second:
                self.found.scope.equal_families.append((order, placed.paragraph_end, *sorted((first, second))[::-1]))
            return "assumption"
        if self.end_of_flow(lhs, rhs, start) or self.end_of_flow(rhs, lhs, start):
            return "definition"
        target = self.target(lhs)
        if target is None and isinstance(lhs, Sequence):
            stripped = self.strip_optimum(lhs)
            if stripped is not None:
                target = self.target(stripped)
        first_name = target is not None and not target[1] and target[0] not in self.seen and target[0] not in self.known
        if target is None or k and rel != ":=" and not first_name:
            reverse = self.target(rhs)
            if (
                reverse is not None
                and target is None
                and reverse[0] not in self.seen
                and reverse[0] not in self.known
                and not self.is_plain(lhs)
                and not self.looks_density(rhs)
            ):
                self.define(Definition(reverse[0], reverse[1], left.tree, order))
                return "definition"
            return "assumption" if conditional and not placed.display else None
        key, parameters = target
        if re.search(r"\be\.g\.|\bfor (example|instance)\b|\bsuch as\b|\blike\b", placed.before, re.I) and not placed.display:
            return "assumption"  # an example of a function binds nothing
        if self.is_map(lhs, rhs, start):
            return "definition"
        if not parameters and (key in self.usage.listed or self.usage.applied[key]) and self.only_numbers(rhs):
            return "assumption"  # D = 1/2 where D is a function: what it is somewhere, not what the letter means
        if "Rightarrow" in placed.chain.lead or "implies" in placed.chain.lead:
            if not parameters and key in self.seen:
                self.found.scope.solved.append((order, placed.section_end, key, right.tree))
                return "assumption"
        known = self.known.get(key)
        words = set(re.findall(r"[a-z]+", placed.before.lower()))
        if known is not None and not parameters and not placed.display and words & {"let", "write", "define", "set", "suppose", "assume", "put"}:
            self.define(Definition(key, parameters, right.tree, start))
            return "definition"
        if known is not None and len(known.parameters) == len(parameters):
            if known.body == right.tree or self.renamed(known, parameters) == right.tree:
                return "definition"
            if rel == ":=":
                self.define(Definition(key, parameters, right.tree, start))
                return "definition"
            return "assumption" if conditional and not placed.display else None
        if self.mentions(right.tree, key):
            return None
        if not parameters and key in self.seen and self.circular(key, right.tree):
            return None
        if self.looks_density(lhs) and not self.is_closed_density(rhs):
            return None
        if parameters and self.only_numbers(rhs):
            return "assumption"  # C(G) = -\log 4: a value it takes, not what it is
        if isinstance(rhs, Number) and not parameters or not parameters and isinstance(rhs, Sum | Sequence) and self.only_numbers(rhs):
            # a value given to a symbol holds in its section
            self.define(Definition(key, parameters, right.tree, start))
            return "assumption"
        self.define(Definition(key, parameters, right.tree, start if not placed.display else order))
        return "definition"

    def end_of_flow(self, state: Node, variable: Node, order: int) -> bool:
        """h_0 = x and h_L = z: where the states of a flow begin and end."""
        first, second = self.head(state), self.head(variable)
        if first is None or second is None or first.power is not None or second.power is not None or second.label:
            return False
        base = Head(first.base, first.font).key
        if base not in self.usage.subscripted_by_index or not (first.label == "0" or len(first.label) == 1 and first.label.isupper()):
            return False
        self.found.scope.chain_ends.append((order, base, first.label, second.key.lower()))
        return True

    def renamed(self, known: Definition, parameters: tuple[str, ...]) -> Node:
        """The body of a definition with other names for its parameters: M(t; y) beside M(t; x) := ..."""
        names = dict(zip(known.parameters, parameters))

        def change(node: Node) -> Node:
            return replace(node, text=names[node.text]) if isinstance(node, Name) and node.text in names else node

        return map_nodes(known.body, change)

    def only_numbers(self, node: Node) -> bool:
        return not any(isinstance(n, Name) and n.text not in ("log", "ln", "pi", "e", "exp", "sqrt") for n in nodes(node))

    def is_conditional(self, placed: Placed) -> bool:
        words = set(re.findall(r"[a-z]+", placed.before.lower()))
        return any(c in words for c in self.conventions.conditional if " " not in c) or any(
            c in placed.before.lower() for c in self.conventions.conditional if " " in c
        )

    def target(self, node: Node) -> tuple[str, tuple[str, ...]] | None:
        """(key, parameters) of what an equation can define: a bare name, or a name applied to distinct names."""
        node = unwrap(node)
        head = self.head(node)
        if head is not None:
            if self.is_operator(head) or head.power is not None or head.base in ("I", "pi", "e", "R"):
                return None
            if head.font == "bb":
                return None
            return head.key, ()
        if isinstance(node, Sequence) and len(node.items) == 2 and node.signs == ("",):
            head, group = self.head(node.items[0]), unwrap(node.items[1])
            if head is None or not isinstance(group, Group) or group.open != "(" or self.is_operator(head) or head.power is not None:
                return None
            keys = []
            for part in group.parts:
                arg = self.head(part)
                if arg is None or arg.power is not None:
                    return self.nested_target(head, group)
                keys.append(arg.key)
            if len(set(keys)) != len(keys):
                return None
            return head.key, tuple(keys)
        return None

    def nested_target(self, head: Head, group: Group) -> tuple[str, tuple[str, ...]] | None:
        return None

    def is_operator(self, head: Head) -> bool:
        if head.base in ("E",) and head.font == "bb":
            return True
        if head.base in ("D",) and head.label in ("KL", "JS", "JSD"):
            return True
        if head.base == "N" and head.font == "cal":
            return True
        return head.base in OPERATOR_WORDS and len(head.base) > 1 or head.base in ("nabla", "partial")

    def is_plain(self, node: Node) -> bool:
        return self.head(node) is not None or isinstance(unwrap(node), Number)

    def strip_optimum(self, node: Sequence) -> Node | None:
        """V(G, D) of \\min_G \\max_D V(G, D)."""
        k = 0
        while k < len(node.items):
            item = unwrap(node.items[k])
            base = unwrap(item.base) if isinstance(item, Script) else item
            if isinstance(base, Name) and base.text in ("min", "max", "inf", "sup") and isinstance(item, Script):
                k += 1
            else:
                break
        if k == 0 or k >= len(node.items):
            return None
        rest = node.items[k:]
        return rest[0] if len(rest) == 1 else Sequence(node.span, rest, node.signs[k:])

    def mentions(self, node: Node, key: str) -> bool:
        return any(h.key == key for h in heads(node, is_parameter=self.is_parameter))

    def circular(self, key: str, body: Node, depth: int = 0) -> bool:
        """Whether the body, with earlier definitions unfolded, speaks of the key itself."""
        if depth > 8:
            return True
        for head in heads(body, is_parameter=self.is_parameter):
            if head.key == key and depth:
                return True
            known = self.known.get(head.key)
            if known is not None and not known.parameters and known.key != key and self.circular(key, known.body, depth + 1):
                return True
        return False

    def looks_density(self, node: Node) -> bool:
        node = unwrap(node)
        if not isinstance(node, Sequence) or len(node.items) != 2:
            return False
        head = self.head(node.items[0])
        return head is not None and (head.base in self.conventions.density_letters or head.key in self.usage.conditioned)

    def is_closed_density(self, node: Node) -> bool:
        """An explicit formula, with no density in it."""
        for n in nodes(node):
            if isinstance(n, Sequence) and any(self.looks_density(Sequence(n.span, pair, ("",))) for pair in zip(n.items, n.items[1:])):
                return False
            if isinstance(n, Name | Script):
                head = self.head(n)
                if head is not None and head.key in self.usage.sampled | self.usage.conditioned:
                    return False
        return True

    # ------------------------------------------------------------------------------------------ maps

    def is_map(self, lhs: Node, rhs: Node, order: int) -> bool:
        """z = f(x) between two variables, f not defined: a deterministic map."""
        out = self.head(lhs)
        if out is None or not isinstance(rhs, Sequence) or len(rhs.items) != 2:
            return False
        function, group = self.head(rhs.items[0]), unwrap(rhs.items[1])
        if function is None or not isinstance(group, Group) or group.open != "(":
            return False
        if len(group.parts) != 1:
            self.reparameterised(out, function, group, order)
            return False
        source = self.head(group.parts[0])
        if source is None or source.power is not None or function.key in self.known or self.is_operator(function):
            return False
        if function.base in self.conventions.density_letters:
            return False
        inverse = function.power is not None
        if inverse:
            return any(m.function == Head(function.base, function.font).key for m in self.found.scope.maps)
        names = {out.base.lower(), source.base.lower()}
        if self.reparameterised(out, function, group, order):
            return False
        if not names <= {v.lower() for v in self.usage.density_variables} or len(names) != 2:
            return False
        bijection = self.invertible and source.base.lower() != out.base.lower()
        self.found.scope.maps.append(Map(out.base.lower(), function.key, source.base.lower(), order, bijection))
        if not bijection:
            return False
        self.found.scope.bijections.append((order, function.key))
        return True

    def reparameterised(self, out: Head, function: Head, group: Group, order: int) -> bool:
        """z = g(epsilon, x) with noise epsilon, where z is drawn from one density q: g(epsilon, x) has that law."""
        noise = [h for p in group.parts if (h := self.head(p)) is not None and h.base in self.conventions.standard_normal]
        if len(noise) != 1 or function.key in self.known or self.is_operator(function) or function.power is not None:
            return False
        letters = [
            letter
            for letter, signatures in self.usage.signatures.items()
            if letter[0] == "q" and any(o == (out.base.lower(),) for o, _ in signatures)
        ]
        if len(letters) != 1:
            return False
        arguments = tuple(h.key for p in group.parts if (h := self.head(p)) is not None)
        self.found.scope.reparameterisations.append(Sampled(function.key, arguments, letters[0], out.base.lower(), order))
        return True

    def arrow(self, left: Node, right: Node, order: int) -> None:
        """f : R^n -> R^n."""
        left = unwrap(left)
        if isinstance(left, Group) and ":" in left.separators and len(left.parts) == 2:
            head, source, target = self.head(left.parts[0]), self.space_sort(left.parts[1]), self.space_sort(right)
            if head is not None and source is not None and target is not None and target[0] != SCALAR:
                self.found.scope.domains.append((order, head.key, Domain(target[0], target[1], declared=True)))

    # ------------------------------------------------------------------------------------------ laws

    def is_named_law(self, node: Node) -> bool:
        node = unwrap(node)
        if not (isinstance(node, Sequence) and len(node.items) == 2 and isinstance(unwrap(node.items[1]), Group)):
            return False
        head = self.head(node.items[0])
        if head is None or head.base not in LAW_WORDS or head.power is not None:
            return False
        return head.font in ("cal", "rm") or len(head.base) > 1 or head.base in ("N", "U")

    def is_bare_density(self, node: Node) -> bool:
        head = self.head(node)
        return (
            head is not None
            and head.power is None
            and head.base in self.conventions.density_letters
            and (head.key in self.usage.listed or head.key in self.usage.sampled or bool(head.label) and self.letter_known(head))
        )

    def letter_known(self, head: Head) -> bool:
        return any(k.lower() == head.key.lower() for k in self.usage.listed | self.usage.sampled)

    def letter(self, node: Node) -> str:
        head = self.head(node)
        assert head is not None
        return Head(head.base.lower(), "", head.label.lower(), star=head.star, primes=head.primes, accents=head.accents).key

    def law(self, left: Node, right: Node, order: int, placed: Placed) -> None:
        """x ~ p, z ~ N(0, I), q(z|x) ~ N(..), g(epsilon, w) ~ q."""
        left = unwrap(left)
        own = self.head(left)
        if own is not None and own.label == "" and self.is_named_law(right) and self.mentions(right, own.key):
            return
        if isinstance(left, Group) and not left.open:
            for part in left.parts:
                self.law(part, right, order, placed)
            return
        if isinstance(left, Sequence) and len(left.items) == 2 and isinstance(unwrap(left.items[1]), Group):
            if self.looks_density(left):
                self.law_equation(left, right, order, placed)
                return
            self.sampled(left, right, order)
            return
        head = self.head(left)
        if head is None:
            return
        if self.is_bare_density(left) and self.is_named_law(right):
            declaration = LawDeclaration(self.letter(left), (), (), right, order, placed.section_end)
        else:
            name = Head(head.base, head.font, head.label, superlabel=head.superlabel, star=head.star, primes=head.primes, accents=head.accents).key
            declaration = LawDeclaration(None, (name,), (), right, order, placed.section_end)
        self.found.scope.laws.append(declaration)

    def is_density_of(self, law: Node, variable: Node) -> bool:
        """p'(epsilon) beside epsilon: a law written with the sign for 'approximately'."""
        law, head = unwrap(law), self.head(variable)
        if head is None or not isinstance(law, Sequence) or not self.looks_density(law):
            return False
        first = self.head(unwrap(law.items[1]).parts[0])  # type: ignore[union-attr]
        return first is not None and first.key == head.key

    def sampled(self, left: Sequence, right: Node, order: int) -> None:
        """g(epsilon, w) is distributed according to q(z|w)."""
        head, group, law = self.head(left.items[0]), unwrap(left.items[1]), unwrap(right)
        if head is None or not isinstance(group, Group) or not isinstance(law, Sequence) or not self.looks_density(law):
            return
        letter = self.letter(law.items[0])
        outcome = self.head(unwrap(law.items[1]).parts[0])  # type: ignore[union-attr]
        arguments = tuple(h.key for p in group.parts if (h := self.head(p)) is not None)
        if outcome is not None:
            self.found.scope.reparameterisations.append(Sampled(head.key, arguments, letter, outcome.base.lower(), order))

    def law_equation(self, left: Node, right: Node, order: int, placed: Placed) -> bool:
        """q(z|x) = N(m, S), p(z) = N(z; 0, I): the law of a density letter."""
        left = unwrap(left)
        if self.is_bare_density(left):
            self.found.scope.laws.append(LawDeclaration(self.letter(left), (), (), right, order, placed.section_end))
            return True
        if not isinstance(left, Sequence) or not self.looks_density(left):
            head = self.head(left)
            if head is not None and self.mentions(right, head.key):
                return True
            if head is not None and self.is_named_law(right) and not self.is_operator(head) and head.power is None and len(head.base) == 1:
                self.found.scope.laws.append(LawDeclaration(None, (head.key,), (), right, order, placed.section_end))
                return True
            return False
        group = unwrap(left.items[1])
        assert isinstance(group, Group)
        outcomes: list[str] = []
        givens: list[str] = []
        where = outcomes
        for separator, part in zip(("", *group.separators), group.parts):
            if separator == ";":
                break
            if separator == "|":
                where = givens
            arg = self.head(part)
            if arg is None:
                return False
            if where is givens and self.is_parameter(arg.base):
                continue
            where.append(Head(arg.base, arg.font).key.lower())
        letter = self.letter(left.items[0])
        if any(d.letter == letter and d.outcomes == tuple(outcomes) and d.givens == tuple(givens) for d in self.found.scope.laws):
            return False
        self.found.scope.laws.append(LawDeclaration(letter, tuple(outcomes), tuple(givens), right, order, placed.section_end))
        return True

    # ------------------------------------------------------------------------------------------ domains

    def membership(self, left: Node, right: Node, order: int) -> None:
        domain = self.set_domain(right)
        if domain is None:
            return
        for name in self.names(left):
            self.found.scope.domains.append((order, name, domain))

    def names(self, node: Node) -> list[str]:
        node = unwrap(node)
        if isinstance(node, Group) and (not node.open or node.open == "("):
            return [n for p in node.parts for n in self.names(p)]
        if isinstance(node, Sequence) and len(node.items) == 2 and isinstance(unwrap(node.items[1]), Group):
            node = node.items[0]  # D(x) in (0,1)
        head = self.head(node)
        return [head.key] if head is not None and head.power is None else []

    def set_domain(self, node: Node) -> Domain | None:
        """R, R^n, R^{m x n}, (0,1), [0,1], {0,1}, N, Z, S_{++}: what a membership declares."""
        node = unwrap(node)
        if isinstance(node, Group) and len(node.parts) == 2 and node.separators == (",",):
            bounds = [self.rational(p) for p in node.parts]
            if node.open == "{" and bounds == [0, 1]:
                return Domain(SCALAR, "binary", declared=True)
            if node.open in ("(", "[") and None not in bounds:
                if bounds == [0, 1]:
                    return Domain(SCALAR, "unit" if node.open == "(" else "closed_unit", declared=True)
                return Domain(SCALAR, "interval", bounds[0], bounds[1], declared=True)
            return None
        sort = self.space_sort(node)
        return None if sort is None else Domain(sort[0], sort[1], declared=True)

    def rational(self, node: Node) -> Rational | None:
        node = unwrap(node)
        if isinstance(node, Number):
            return Rational(node.text)
        if isinstance(node, Sum) and node.signs == ("-",) and isinstance(node.terms[0], Number):
            return -Rational(node.terms[0].text)
        return None

    def space_sort(self, node: Node) -> tuple[Sort, str] | None:
        node = unwrap(node)
        base = unwrap(node.base) if isinstance(node, Script) else node
        if not isinstance(base, Name) or base.font not in ("bb", "") or base.text not in ("R", "N", "Z", "S"):
            return None
        if base.font == "" and base.text != "R":
            return None
        if base.text == "N":
            return SCALAR, "natural"
        if base.text == "Z":
            return SCALAR, "integer"
        if not isinstance(node, Script) or node.sup is None:
            sub = plain_label(node.sub) if isinstance(node, Script) and node.sub is not None else ""
            kind = {"+": "nonnegative", "++": "positive", "": "real", ">0": "positive"}.get(sub or "", "real")
            return SCALAR, kind
        sup = unwrap(node.sup)
        dims = [self.dimension(d) for d in self.factors(sup)]
        if None in dims or len(dims) > 2:
            return None
        if len(dims) == 1:
            return vector_sort(dims[0]), "real"  # type: ignore[arg-type]
        return matrix_sort(dims[0], dims[1]), "real"  # type: ignore[arg-type]

    def factors(self, node: Node) -> Iterable[Node]:
        node = unwrap(node)
        return node.items if isinstance(node, Sequence) and set(node.signs) == {"x"} else (node,)

    def dimension(self, node: Node) -> int | str | None:
        node = unwrap(node)
        if isinstance(node, Number):
            return int(node.text) if node.text.isdigit() else None
        head = self.head(node)
        return head.key if head is not None else None

    def bound(self, left: Node, rel: str, right: Node, order: int) -> bool:
        """sigma > 0 and 0 < p: a domain, where one side is a number and the other a bare name (or a list of them)."""
        number, named, sign = self.rational(right), left, rel
        if number is None:
            number, named = self.rational(left), right
            sign = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}[rel]
        names = self.names(named)
        first = unwrap(named).items[0] if isinstance(unwrap(named), Sequence) else named
        head = self.head(first)
        if number is None or not names or head is not None and self.is_operator(head):
            return False
        applied = isinstance(unwrap(named), Sequence)
        if applied and self.looks_density(unwrap(named)):
            return number == 0
        for name in names:
            if sign in (">", ">=") and number == 0:
                domain = Domain(SCALAR, "positive" if sign == ">" else "nonnegative", declared=True)
            elif sign in (">", ">="):
                domain = Domain(SCALAR, "interval", lower=number, declared=True)
            else:
                domain = Domain(SCALAR, "interval", upper=number, declared=True)
            self.found.scope.domains.append((order, name, domain))
        return True


__all__ = ["Declarations", "Declared", "Placed"]
_ = (KNOWN_WORDS, Matrix)
