"""Equations that say how a joint density factorises: what an author assumes of a model, not what could be wrong.

``p(x, y) = p(x) p(y)``, ``q(z) = \\prod_i q(z_i)`` and ``q(x_t | x_{t-1}, x_0) = q(x_t | x_{t-1})`` are
independences.  Each outcome is drawn once, given only what is drawn before it: so ``p(x, z) = p(x|z) p(z|x)``, which
goes round in a circle, is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derivations.reading.names import Head, head_of, nodes, unwrap
from derivations.reading.tree import BigOperator, Group, Name, Node, Script, Sequence, Sum

IsDensity = Callable[[Head], bool]


@dataclass(frozen=True)
class Factor:
    """One density of a product: its outcomes and givens by name; ``indexed`` under a product sign."""

    letter: str
    outcomes: frozenset[str]
    givens: frozenset[str]
    indexed: bool = False

    @property
    def names(self) -> frozenset[str]:
        return self.outcomes | self.givens


def is_factorisation(left: Node, right: Node, is_density: IsDensity) -> bool:
    """Whether one side is a single density and the other a product that draws each of its outcomes once."""
    for single, several in ((left, right), (right, left)):
        whole, parts = factors(single, is_density), factors(several, is_density)
        if whole is None or parts is None or len(whole) != 1 or whole[0].indexed:
            continue
        if any(p.indexed for p in parts):
            return True  # p(D) = prod_i p(x_i): a set of draws
        drawn = [n for p in parts for n in p.outcomes]
        if len(drawn) != len(set(drawn)) or set(drawn) != whole[0].outcomes:
            continue
        if all(p.givens <= whole[0].names for p in parts) and has_order(parts):
            return True
    return False


def has_order(parts: list[Factor]) -> bool:
    """Whether the factors can be put in an order in which each is given only outcomes drawn before it."""
    waiting, drawn = list(parts), frozenset[str]()
    own = frozenset(n for p in parts for n in p.outcomes)
    while waiting:
        ready = [p for p in waiting if p.givens & own <= drawn]
        if not ready:
            return False
        drawn |= frozenset(n for p in ready for n in p.outcomes)
        waiting = [p for p in waiting if p not in ready]
    return True


def factors(node: Node, is_density: IsDensity, indexed: bool = False) -> list[Factor] | None:
    """The densities of a product, or of a sum of logarithms of densities; None where there is anything else."""
    node = unwrap(node)
    if isinstance(node, Group) and len(node.parts) == 1 and node.open in ("(", "[", "{", ""):
        return factors(node.parts[0], is_density, indexed)
    if isinstance(node, Sum):
        if any(s == "-" for s in node.signs):
            return None
        found: list[Factor] = []
        for term in node.terms:
            part = factors(term, is_density, indexed)
            if part is None:
                return None
            found += part
        return found
    if not isinstance(node, Sequence) or not set(node.signs) <= {"", "*"}:
        return None
    found, k, items = [], 0, node.items
    signs = {n.kind for n in map(unwrap, items) if isinstance(n, BigOperator)}
    logarithms = [k for k, n in enumerate(map(unwrap, items)) if isinstance(n, Name) and n.text in ("log", "ln")]
    if "sum" in signs and not logarithms:
        return None  # \sum_z p(x|z) p(z), a marginal
    if logarithms and any(not isinstance(unwrap(n), BigOperator) for n in items[: logarithms[0]]):
        return None  # p(z) log p(x, z), part of a mean
    while k < len(items):
        item = unwrap(items[k])
        if isinstance(item, BigOperator) and item.kind in ("product", "sum"):
            indexed = True
        elif isinstance(item, Name) and item.text in ("log", "ln"):
            if k + 1 < len(items) and isinstance(unwrap(items[k + 1]), Group):
                inner = factors(items[k + 1], is_density, indexed)
                if inner is None:
                    return None
                found += inner
                k += 1
        else:
            head = head_of(item)
            group = unwrap(items[k + 1]) if k + 1 < len(items) else None
            if head is None or not isinstance(group, Group) or group.open != "(" or not is_density(head):
                return None
            factor = factor_of(head, group, indexed)
            if factor is None:
                return None
            found.append(factor)
            k += 1
        k += 1
    return found or None


def factor_of(head: Head, group: Group, indexed: bool) -> Factor | None:
    outcomes: list[str] = []
    givens: list[str] = []
    where = outcomes
    for separator, part in zip(("", *group.separators), group.parts):
        if separator == ";":
            break
        if separator in ("|", "||"):
            where = givens
        name = argument_name(part)
        if name is None:
            return None
        where.append(name)
    return Factor(head.key, frozenset(outcomes), frozenset(givens), indexed)


def argument_name(node: Node) -> str | None:
    """x, x_t, x_{t-1}, x_{1:T}, z_{\\setminus i}: an argument by name."""
    node = unwrap(node)
    head = head_of(node)
    if head is not None:
        return head.key
    if isinstance(node, Script):
        inside = [n.text for n in nodes(node) if hasattr(n, "text")]
        return "_".join(str(t) for t in inside) if inside else None
    return None


def base(name: str) -> str:
    """The letter of a name, small: x of X, x_t and x_{1:T}."""
    return name.split("_")[0].split("^")[0].strip("*'").split(" ")[-1].lower()


def constrained_letters(equations: Iterator[tuple[Node, Node]], is_density: IsDensity) -> frozenset[str]:
    """Density letters for which the document states an independence: their joint is not arbitrary."""
    found: set[str] = set()
    for left, right in equations:
        if is_factorisation(left, right, is_density) and not is_chain_rule(left, right, is_density):
            for side in (left, right):
                found |= {f.letter for f in factors(side, is_density) or []}
    return frozenset(found)


def is_chain_rule(left: Node, right: Node, is_density: IsDensity) -> bool:
    """p(x, z) = p(x|z) p(z): a factorisation that every joint density has."""
    for single, several in ((left, right), (right, left)):
        whole, parts = factors(single, is_density), factors(several, is_density)
        if whole is None or parts is None or len(whole) != 1 or whole[0].indexed or any(p.indexed for p in parts):
            continue
        if {p.letter for p in parts} != {whole[0].letter}:
            continue
        waiting, drawn = list(parts), whole[0].givens
        while waiting:
            ready = [p for p in waiting if p.givens == drawn]
            if not ready:
                break
            drawn |= ready[0].outcomes
            waiting.remove(ready[0])
        if not waiting:
            return True
    return False
