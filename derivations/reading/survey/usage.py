"""How a document uses its letters: which are applied, which are densities, indices, parameters, dimensions.

One pass over all trees before any meaning is made, since authors use a letter before and after they explain it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from derivations.reading.conventions import Conventions
from derivations.reading.names import Head, head_of, index_names, roles
from derivations.reading.tree import BigOperator, Fraction, Group, Infix, Name, Node, Number, Script, Sequence, Sum
from derivations.reading.vocabulary import KNOWN_WORDS, is_divergence
from derivations.reading.walking import as_group, as_name, as_sequence, base_of, items_of, nodes, unwrap

Signature = tuple[tuple[str, ...], tuple[str, ...]]  # outcomes and givens of a density, by space


@dataclass
class Usage:
    """Facts about a document's letters; keys are those of `Head.key`."""

    applied: Counter[str] = field(default_factory=Counter)  # followed by a group of arguments
    bare: Counter[str] = field(default_factory=Counter)  # standing alone
    conditioned: set[str] = field(default_factory=set)  # applied to something with a bar: p(x|z)
    listed: set[str] = field(default_factory=set)  # applied to a list or a name: f(x), f(x, y)
    sampled: set[str] = field(default_factory=set)  # right of a tilde, or an argument of a divergence
    indices: set[str] = field(default_factory=set)  # run in a sum or product
    differentiated: set[str] = field(default_factory=set)  # under nabla or below partial
    counts: Counter[str] = field(default_factory=Counter)  # every occurrence of a head
    dimension_hints: Counter[str] = field(default_factory=Counter)  # letters that may be the dimension, with weights
    density_variables: set[str] = field(default_factory=set)  # bases that occur as arguments of densities
    subscripted_by_index: set[str] = field(default_factory=set)
    unindexed: Counter[str] = field(default_factory=Counter)  # occurrences of a head without running indices
    signatures: dict[str, Counter[Signature]] = field(
        default_factory=dict
    )  # of each density letter, without parameters
    argument_bases: dict[tuple[str, int], Counter[str]] = field(
        default_factory=dict
    )  # (function, position) -> arguments
    nested_calls: dict[tuple[str, int], set[str]] = field(
        default_factory=dict
    )  # (function, position) -> functions there
    call_arguments: dict[str, Counter[str]] = field(default_factory=dict)  # function -> bases of its plain arguments

    def is_index(self, name: str) -> bool:
        return name in self.indices

    def signatures_of(self, letter: str) -> Counter[Signature]:
        """The signatures of one density letter, with how often each occurs."""
        return self.signatures.get(letter, Counter())


def survey(trees: Iterable[Node], conventions: Conventions) -> Usage:
    """The facts of all trees.  Two passes: the indices must be known before heads can be taken apart."""
    trees = list(trees)
    usage = Usage()
    for tree in trees:
        for node in nodes(tree):
            if isinstance(node, BigOperator) and node.kind in ("sum", "product") and node.sub is not None:
                below = unwrap(node.sub)  # \sum_z and \sum_{z \in Z} are over the values of z
                runs = node.sup is not None or (isinstance(below, Infix) and not is_of_all_values(below))
                usage.indices.update(n for n in index_names(node.sub) if runs or n in conventions.indices)
    surveyor = Surveyor(usage, conventions)
    for tree in trees:
        surveyor.visit(tree)
    return usage


def is_of_all_values(membership: Infix) -> bool:
    """x \\in X: a letter that lies in what its capital names."""
    variable, values = as_name(membership.left), as_name(membership.right)
    if membership.rel != "in" or variable is None or values is None:
        return False
    return variable.text.islower() and values.text == variable.text.upper()


class Surveyor:
    """Fills a `Usage`."""

    def __init__(self, usage: Usage, conventions: Conventions):
        self.usage, self.conventions = usage, conventions

    def head(self, node: Node) -> Head | None:
        return head_of(node, is_index=self.usage.is_index, is_parameter=self.conventions.is_parameter)

    def visit(self, tree: Node) -> None:
        indexed_bases: set[int] = set()  # the bare letters inside z_j are no occurrences of z
        for node in nodes(tree):
            if isinstance(node, Name | Script):
                self.see_name(node, indexed_bases)
            if isinstance(node, Script):
                self.see_dimension(node)
                self.see_expectation(node)
            elif isinstance(node, Sequence):
                self.see_sequence(node)
            elif isinstance(node, Infix) and node.rel == "~":
                self.see_law(node.right)
            elif isinstance(node, Fraction):
                self.see_fraction(node)

    # ------------------------------------------------------------------------------------------ names

    def see_name(self, node: Name | Script, indexed_bases: set[int]) -> None:
        head = self.head(node)
        if head is None:
            return
        usage = self.usage
        usage.counts[head.key] += 1
        if head.base == "nabla" or (head.base == "partial" and head.label):
            usage.differentiated.update(n.text for n in nodes(node) if isinstance(n, Name) and n.text != "nabla")
        if head.indices:
            usage.subscripted_by_index.add(replace(head, indices=(), parameters=(), power=None).key)
            if isinstance(node, Script):
                indexed_bases.add(id(unwrap(node.base)))
        elif id(node) not in indexed_bases:
            usage.unindexed[replace(head, power=None).key] += 1

    def see_expectation(self, node: Script) -> None:
        """q of E_q."""
        base, below = as_name(node.base), node.sub if node.sub is not None else node.under
        head = self.head(below) if base is not None and base.text == "E" and below is not None else None
        letters = self.conventions.density_letters - self.conventions.numbers_when_bare
        if head is not None and head.base in letters:
            self.usage.sampled.add(head.key)

    def see_law(self, node: Node) -> None:
        """A letter used as a distribution."""
        head = self.head(node)
        if head is not None:
            self.usage.sampled.add(head.key)
        elif isinstance(unwrap(node), Fraction | Sum):  # (p + q)/2
            letters = self.conventions.density_letters - self.conventions.numbers_when_bare
            inside = (self.head(n) for n in nodes(node) if isinstance(n, Name | Script))
            self.usage.sampled |= {h.key for h in inside if h is not None and h.base in letters}

    def see_fraction(self, node: Fraction) -> None:
        """The letters of the denominator of a derivative, however it is written."""
        above = as_name(base_of(items_of(node.numerator)[0]))
        below = items_of(node.denominator)
        for sign, variable in pairwise(below):
            marker = as_name(sign)
            if marker is None or above is None or marker.text not in ("partial", "d") or above.text != marker.text:
                continue
            head = head_of(variable, is_index=self.usage.is_index)
            if head is not None:
                self.usage.differentiated.add(head.base if not head.label else head.key)

    # ------------------------------------------------------------------------------------------ dimensions

    def see_dimension(self, node: Script) -> None:
        """n of I_n, 1_n, R_n, of R^n, and of (2 pi)^{n/2}."""
        hints = self.usage.dimension_hints
        base, sub = unwrap(node.base), as_name(node.sub)
        if isinstance(base, Name | Number) and sub is not None and base.text in ("I", "1", "R"):
            hints[sub.text] += 2
        if node.sup is None:
            return
        inside = {n.text for n in nodes(node.base) if isinstance(n, Name | Number)}
        is_real_space = isinstance(base, Name) and base.text == "R"
        is_normal_constant = isinstance(base, Group) and {"2", "pi"} <= inside
        if is_real_space or is_normal_constant:
            for n in nodes(node.sup):
                if isinstance(n, Name) and n.text != "times":
                    hints[n.text] += 3

    def see_log_pi(self, node: Sequence) -> None:
        """n of n/2 log(2 pi) and of -d log 2 pi."""
        names = {n.text for n in nodes(node) if isinstance(n, Name)}
        if "pi" not in names:
            return
        for i, item in enumerate(node.items):
            word = as_name(item)
            if word is None or word.text not in ("log", "ln"):
                continue
            for before in node.items[:i]:
                for n in nodes(before):
                    if isinstance(n, Name) and n.text in self.conventions.dimensions:
                        self.usage.dimension_hints[n.text] += 2

    # ------------------------------------------------------------------------------------------ applications

    def see_sequence(self, node: Sequence) -> None:
        for i, item in enumerate(node.items):
            head = self.head(item)
            if head is None or (head.base in KNOWN_WORDS and not is_divergence(head)):
                continue
            follows = node.items[i + 1] if i + 1 < len(node.items) and node.signs[i] == "" else None
            group = as_group(base_of(follows)) if follows is not None else None
            if group is not None and "||" in group.separators and (is_divergence(head) or head.key in ("D", "d")):
                for part in group.parts:
                    self.see_law(part)
            if group is not None and group.open in ("(", "["):
                self.see_application(head, group)
            else:
                self.usage.bare[head.key] += 1
            if head.base == "pi" and i and isinstance(unwrap(node.items[i - 1]), Number):
                self.usage.counts[head.key] -= 1  # 2 pi: the number
        self.see_log_pi(node)

    def see_application(self, head: Head, group: Group) -> None:
        usage = self.usage
        usage.applied[head.key] += 1
        if "|" in group.separators:
            usage.conditioned.add(head.key)
        if group.separators or all(head_of(part) is not None for part in group.parts):
            usage.listed.add(head.key)
        arguments = [self.head(part) for part in group.parts]
        for position, (part, argument) in enumerate(zip(group.parts, arguments)):
            self.see_argument((head.key, position), part, argument)
        if head.base in self.conventions.density_letters or head.key in usage.conditioned:
            self.see_signature(head, group)
            usage.density_variables.update(argument.root for argument in arguments if argument is not None)
            if head.label.lower() in self.conventions.data | self.conventions.latent:
                usage.density_variables.add(head.label.lower())  # p_z(f(x))

    def see_argument(self, place: tuple[str, int], part: Node, argument: Head | None) -> None:
        """Which variables and which calls a function is applied to, by position."""
        usage = self.usage
        if argument is not None:
            usage.argument_bases.setdefault(place, Counter())[argument.root] += 1
            usage.call_arguments.setdefault(place[0], Counter())[argument.root] += 1
        inner = as_sequence(part)
        if inner is not None and len(inner.items) == 2 and as_group(inner.items[1]) is not None:
            called = self.head(inner.items[0])
            if called is not None and called.power is None:
                usage.nested_calls.setdefault(place, set()).add(called.key)

    def see_signature(self, head: Head, group: Group) -> None:
        """p(x|z; theta) has the signature (x | z)."""
        outcomes: list[str] = []
        givens: list[str] = []
        for role, part in roles(group):
            if role == "parameter":
                break
            argument = self.head(part)
            if argument is None or argument.power is not None:
                return
            if role == "outcome":
                outcomes.append(argument.root.lower())
            elif not self.conventions.is_parameter(argument.base):
                givens.append(argument.root.lower())
        names = outcomes + givens
        if outcomes and len(set(names)) == len(names):
            self.usage.signatures.setdefault(head.letter, Counter())[(tuple(outcomes), tuple(givens))] += 1
