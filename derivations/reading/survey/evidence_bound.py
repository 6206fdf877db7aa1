"""The evidence lower bound of a document that names it and never says what it is.

Where an author writes ELBO, or \\mathcal L_{ELBO}, without an equation for it, it is
E_q[\\log p(x, z) - \\log q(z|x)], of the densities that the document speaks of (Jordan, Ghahramani, Jaakkola and Saul
1999).  What rests on this convention may be supported by it and is never accused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from derivations.reading.conventions import Conventions
from derivations.reading.names import Head, head_of, heads, roles
from derivations.reading.scope import Definition
from derivations.reading.tree import Group, Name, Node, Script, Sum
from derivations.reading.tree import Sequence as Product
from derivations.reading.walking import applications

WORD = "ELBO"
BEFORE_ALL = -1  # a convention holds from the first line
NOWHERE = (0, 0)  # the span of what is not written in the document


@dataclass(frozen=True)
class Density:
    """A density as it is written: its letter, and its outcomes and givens by their names."""

    letter: Node
    head: Head
    outcomes: tuple[tuple[str, Node], ...]
    givens: tuple[tuple[str, Node], ...]


def conventional_bounds(trees: Sequence[Node], conventions: Conventions, defined: Iterable[str]) -> list[Definition]:
    """A definition for each name of the bound that no equation of the document defines."""
    known = set(defined)
    named = (h for tree in trees for h in heads(tree, is_parameter=conventions.is_parameter))
    keys = sorted({h.name for h in named if names_bound(h) and not known & {h.name, h.key}})
    body = bound(trees, conventions) if keys else None
    if body is None:
        return []
    return [Definition(key, (), body, BEFORE_ALL, conventional=True) for key in keys]


def names_bound(head: Head) -> bool:
    """ELBO, \\mathcal L_{ELBO}."""
    is_word = head.base == WORD and not head.label
    return (is_word or (head.base == "L" and head.label == WORD)) and not (head.power or head.indices or head.accents)


def bound(trees: Sequence[Node], conventions: Conventions) -> Node | None:
    """E_q[log p(x, z) - log q(z|x)] of the q that is written most often and the p beside it; None where one is missing.

    With q(z) alone, x is what p(z|x) is given, or what p(x|z) is of.
    """
    found = [d for tree in trees for d in densities(tree, conventions)]
    approximate = Counter(d for d in found if d.head.base in ("q", "Q") and len(d.outcomes) == 1)
    conditional = Counter({d: n for d, n in approximate.items() if len(d.givens) == 1})
    if not approximate:
        return None
    q = most_common(conditional) or most_common(Counter({d: n for d, n in approximate.items() if not d.givens}))
    model = [d for d in found if d.head.base in ("p", "P")]
    if q is None:
        return None
    latent = q.outcomes[0]
    observed = q.givens[0] if q.givens else observed_beside(latent[0], model)
    if observed is None or observed[0] == latent[0]:
        return None
    pair = {latent[0], observed[0]}
    joint = [d for d in model if {name for name, _ in (*d.outcomes, *d.givens)} <= pair and d.outcomes]
    if not joint:
        return None
    widest = max(joint, key=lambda d: (len(d.outcomes) + len(d.givens), len(d.head.parameters)))
    together = Group(NOWHERE, "(", ")", (observed[1], latent[1]), (",",))
    below = applied(q.letter, group_of(q))
    difference = Sum(NOWHERE, (logarithm(widest.letter, together), logarithm(q.letter, group_of(q))), ("", "-"))
    mean = Script(NOWHERE, Name(NOWHERE, "E", "bb"), sub=below)
    return Product(NOWHERE, (mean, Group(NOWHERE, "[", "]", (difference,))), ("",))


def most_common(counted: Counter[Density]) -> Density | None:
    return counted.most_common(1)[0][0] if counted else None


def observed_beside(latent: str, model: list[Density]) -> tuple[str, Node] | None:
    """x of p(z|x), p(x|z) and p(x, z)."""
    for d in model:
        names = (*d.outcomes, *d.givens)
        others = [part for part in names if part[0] != latent]
        if len(names) == 2 and len(others) == 1:
            return others[0]
    return None


def densities(tree: Node, conventions: Conventions) -> Iterable[Density]:
    """The densities of one or two plain letters, p(x), p(x, z), p(x|z); what is behind a semicolon is a parameter."""
    for first, group in applications(tree):
        head = head_of(first, is_parameter=conventions.is_parameter)
        if head is None or head.base not in ("p", "q", "P", "Q") or head.power is not None or head.indices:
            continue
        outcomes: list[tuple[str, Node]] = []
        givens: list[tuple[str, Node]] = []
        plain = True
        for role, part in roles(group):
            inside = head_of(part)
            if role == "parameter" or (
                inside is not None and role == "given" and conventions.is_parameter(inside.base)
            ):
                continue
            plain = plain and inside is not None and inside.power is None and not inside.label and not inside.superlabel
            if inside is not None:
                (outcomes if role == "outcome" else givens).append((inside.key, part))
        if plain and 0 < len(outcomes) + len(givens) <= 2:
            yield Density(first, head, tuple(outcomes), tuple(givens))


# ------------------------------------------------------------------------------------------------ what is not written


def group_of(d: Density) -> Group:
    """(z|x) of q(z|x)."""
    parts = tuple(node for _, node in (*d.outcomes, *d.givens))
    return Group(NOWHERE, "(", ")", parts, ("|",) if d.givens else ())


def applied(letter: Node, group: Group) -> Node:
    return Product(NOWHERE, (letter, group), ("",))


def logarithm(letter: Node, group: Group) -> Node:
    return Product(NOWHERE, (Name(NOWHERE, "log", "rm"), letter, group), ("", ""))
