"""How a document uses its letters: which are applied, which are densities, indices, parameters, dimensions.

One pass over all trees before any meaning is made, since authors use a letter before and after they explain it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from derivations.reading.conventions import Conventions
from derivations.reading.names import Head, head_of, nodes, plain_label, sub_parts, unwrap
from derivations.reading.tree import (
    BigOperator,
    Fraction,
    Group,
    Infix,
    Name,
    Node,
    Number,
    Script,
    Sequence,
    Sum,
)

# Function words and operators: never symbols of their own.
KNOWN_WORDS = frozenset(
    "log ln exp sqrt sin cos tan sinh cosh tanh arctan atan sigmoid logit softplus relu ReLU erf det tr Tr trace Trace diag "
    "Diag max min sup inf arg argmax argmin KL JSD JS ELBO Var Cov Bern Bernoulli Unif Uniform Exp Exponential Gamma Beta Poisson "
    "Laplace Cat Categorical sign sgn const Pr floor".split()
)


@dataclass
class Usage:
    """Facts about a document's letters; keys are those of `Head.key`."""

    applied: Counter = field(default_factory=Counter)  # followed by a group of arguments
    bare: Counter = field(default_factory=Counter)  # standing alone
    conditioned: set[str] = field(default_factory=set)  # applied to something with a bar: p(x|z)
    listed: set[str] = field(default_factory=set)  # applied to a list or a name: f(x), f(x, y)
    sampled: set[str] = field(default_factory=set)  # right of a tilde, or an argument of a divergence
    indices: set[str] = field(default_factory=set)  # run in a sum or product
    differentiated: set[str] = field(default_factory=set)  # under nabla or below partial
    counts: Counter = field(default_factory=Counter)  # every occurrence of a head
    dimension_hints: Counter = field(default_factory=Counter)
    density_variables: set[str] = field(default_factory=set)  # bases that occur as arguments of densities
    indexed_arguments: set[str] = field(default_factory=set)  # bases that occur indexed as arguments of densities
    subscripted_by_index: set[str] = field(default_factory=set)
    unindexed: Counter = field(default_factory=Counter)  # occurrences of a head without running indices
    # (outcomes, givens) of each density letter, by space, with how often; parameters are left out
    signatures: dict[str, Counter] = field(default_factory=dict)
    argument_bases: dict[tuple[str, int], Counter] = field(default_factory=dict)  # (function, position) -> plain arguments
    nested_calls: dict[tuple[str, int], set[str]] = field(default_factory=dict)  # (function, position) -> functions called there
    call_arguments: dict[str, Counter] = field(default_factory=dict)  # function -> bases of its plain arguments

    def is_index(self, name: str) -> bool:
        return name in self.indices


def survey(trees: Iterable[Node], conventions: Conventions) -> Usage:
    """The facts of all trees.  Two passes: the indices must be known before heads can be taken apart."""
    trees = list(trees)
    usage = Usage()
    for tree in trees:
        for node in nodes(tree):
            if isinstance(node, BigOperator) and node.kind in ("sum", "product") and node.sub is not None:
                usage.indices.update(index_names(node.sub))
    for tree in trees:
        _survey_tree(tree, usage, conventions)
    return usage


def index_names(sub: Node) -> list[str]:
    """The letters that run: i of i=1, of i, of i<j, of i \\in S."""
    sub = unwrap(sub)
    if isinstance(sub, Infix):
        return index_names(sub.left)
    if isinstance(sub, Name):
        return [sub.text]
    if isinstance(sub, Group) and not sub.open:
        return [n for part in sub.parts for n in index_names(part)]
    return []


def _survey_tree(tree: Node, usage: Usage, conventions: Conventions) -> None:
    def is_parameter(name: str) -> bool:
        return name in conventions.parameters

    indexed_bases: set[int] = set()  # the bare letters inside z_j are no occurrences of z
    for node in nodes(tree):
        if isinstance(node, Name | Script):
            head = head_of(node, is_index=usage.is_index, is_parameter=is_parameter)
            if head is not None:
                usage.counts[head.key] += 1
                if head.base == "nabla" or (head.base == "partial" and head.label):
                    usage.differentiated.update(n.text for p in (node,) for n in nodes(p) if isinstance(n, Name) and n.text != "nabla")
                if head.indices:
                    usage.subscripted_by_index.add(replace(head, indices=(), parameters=(), power=None).key)
                    indexed_bases.add(id(unwrap(node.base)) if isinstance(node, Script) else 0)
                elif id(node) not in indexed_bases:
                    usage.unindexed[replace(head, power=None).key] += 1
        if isinstance(node, Script) and isinstance(unwrap(node.base), Number) and node.sub is not None:
            if unwrap(node.base).text == "1" and isinstance(unwrap(node.sub), Name):  # type: ignore[union-attr]
                usage.dimension_hints[unwrap(node.sub).text] += 2  # type: ignore[union-attr]
        if isinstance(node, Script) and isinstance(unwrap(node.base), Name):
            base = unwrap(node.base).text
            if base in ("I", "1", "R") and isinstance(unwrap(node.sub or node.base), Name) and node.sub is not None:
                usage.dimension_hints[unwrap(node.sub).text] += 2
            if base == "R" and node.sup is not None:
                for n in nodes(node.sup):
                    if isinstance(n, Name) and n.text not in ("times",):
                        usage.dimension_hints[n.text] += 3
            if base in ("N", "Z") and node.sup is None:
                continue
        if isinstance(node, Sequence):
            _survey_sequence(node, usage, conventions, is_parameter)
        if isinstance(node, Infix) and node.rel == "~":
            head = head_of(node.right, is_index=usage.is_index, is_parameter=is_parameter)
            if head is not None:
                usage.sampled.add(head.key)
        if isinstance(node, Fraction):
            _survey_fraction(node, usage)
        if isinstance(node, Script) and isinstance(unwrap(node.base), Group) and node.sup is not None:
            inside = [n.text for n in nodes(node.base) if isinstance(n, Name | Number)]
            if "pi" in inside and "2" in inside:
                sup = unwrap(node.sup)
                for n in nodes(sup):
                    if isinstance(n, Name):
                        usage.dimension_hints[n.text] += 3


def is_divergence(head: Head) -> bool:
    """KL, D_{KL}, JSD, ...: what stands in their brackets are distributions."""
    words = ("KL", "JSD", "JS")
    return head.base in words or head.label in words


def _survey_sequence(node: Sequence, usage: Usage, conventions: Conventions, is_parameter) -> None:
    items = node.items
    for i, item in enumerate(items):
        head = head_of(item, is_index=usage.is_index, is_parameter=is_parameter)
        if head is None or head.base in KNOWN_WORDS and not is_divergence(head):
            continue
        follows = unwrap(items[i + 1]) if i + 1 < len(items) and node.signs[i] == "" else None
        group = unwrap(follows.base) if isinstance(follows, Script) else follows
        if isinstance(group, Group) and "||" in group.separators and is_divergence(head):
            for part in group.parts:
                law = head_of(part, is_index=usage.is_index, is_parameter=is_parameter)
                if law is not None:
                    usage.sampled.add(law.key)
        if isinstance(group, Group) and group.open in ("(", "["):
            usage.applied[head.key] += 1
            if "|" in group.separators:
                usage.conditioned.add(head.key)
            if group.separators or all(head_of(p) is not None for p in group.parts):
                usage.listed.add(head.key)
            _survey_arguments(head, group, usage, is_parameter)
            if head.base in conventions.density_letters or head.key in usage.conditioned:
                _survey_signature(head, group, usage, is_parameter)
                for part in group.parts:
                    arg = head_of(part, is_index=usage.is_index, is_parameter=is_parameter)
                    if arg is not None:
                        base = Head(arg.base, arg.font).key
                        usage.density_variables.add(base)
                        if arg.indices:
                            usage.indexed_arguments.add(base)
        else:
            usage.bare[head.key] += 1
        if head.base == "pi" and i and isinstance(unwrap(items[i - 1]), Number):
            usage.counts[head.key] -= 1
    # n/2 log(2 pi), -d log 2 pi ...
    names = [n.text for n in nodes(node) if isinstance(n, Name)]
    if "log" in names and "pi" in names or "ln" in names and "pi" in names:
        for i, item in enumerate(items):
            if isinstance(unwrap(item), Name) and unwrap(item).text in ("log", "ln"):
                for before in items[:i]:
                    for n in nodes(before):
                        if isinstance(n, Name) and n.text in conventions.dimensions and n.text not in ("sigma",):
                            usage.dimension_hints[n.text] += 2


def _survey_arguments(head: Head, group: Group, usage: Usage, is_parameter) -> None:
    """Which variables and which calls a function is applied to, by position."""
    for position, part in enumerate(group.parts):
        arg = head_of(part, is_index=usage.is_index, is_parameter=is_parameter)
        if arg is not None:
            base = Head(arg.base, arg.font).key
            usage.argument_bases.setdefault((head.key, position), Counter())[base] += 1
            usage.call_arguments.setdefault(head.key, Counter())[base] += 1
        inner = unwrap(part)
        if isinstance(inner, Sequence) and len(inner.items) == 2 and isinstance(unwrap(inner.items[1]), Group):
            called = head_of(inner.items[0], is_index=usage.is_index, is_parameter=is_parameter)
            if called is not None and called.power is None:
                usage.nested_calls.setdefault((head.key, position), set()).add(called.key)


def _survey_signature(head: Head, group: Group, usage: Usage, is_parameter) -> None:
    """p(x|z; theta) has the signature (x | z)."""
    outcomes: list[str] = []
    givens: list[str] = []
    where = outcomes
    for separator, part in zip(("", *group.separators), group.parts):
        if separator == ";":
            break
        if separator == "|":
            where = givens
        arg = head_of(part, is_index=usage.is_index, is_parameter=is_parameter)
        if arg is None or arg.power is not None:
            return
        if where is givens and is_parameter(arg.base):
            continue
        where.append(Head(arg.base, arg.font).key.lower())
    if not outcomes or len(set(outcomes + givens)) != len(outcomes + givens):
        return
    letter = replace(head, base=head.base.lower(), font="", label=head.label.lower(), power=None, indices=(), parameters=()).key
    usage.signatures.setdefault(letter, Counter())[(tuple(outcomes), tuple(givens))] += 1


def _survey_fraction(node: Fraction, usage: Usage) -> None:
    below = unwrap(node.denominator)
    items = below.items if isinstance(below, Sequence) else (below,)
    for i, item in enumerate(items):
        name = unwrap(item)
        if isinstance(name, Name) and name.text in ("partial", "d") and i + 1 < len(items):
            above = unwrap(node.numerator)
            first = unwrap(above.items[0]) if isinstance(above, Sequence) else above
            first = unwrap(first.base) if isinstance(first, Script) else first
            if isinstance(first, Name) and first.text == name.text:
                head = head_of(items[i + 1], is_index=usage.is_index)
                if head is not None:
                    usage.differentiated.add(head.base if not head.label else head.key)


def additive_terms(node: Node) -> tuple[Node, ...]:
    node = unwrap(node)
    return node.terms if isinstance(node, Sum) else (node,)


def argument_groups(node: Node) -> list[Group]:
    return [n for n in nodes(node) if isinstance(n, Group)]


__all__ = ["KNOWN_WORDS", "Usage", "additive_terms", "argument_groups", "index_names", "plain_label", "sub_parts", "survey"]
