"""Which of the terms that follow a sum or integral sign belong to it."""

from __future__ import annotations

from derivations.reading.meaning.arithmetic import Arithmetic
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.names import head_of, index_names, roles
from derivations.reading.tree import BigOperator, Differential, Group, Infix, Name, Node, Script, Sequence, Sum
from derivations.reading.vocabulary import OPTIMA
from derivations.reading.walking import (
    applications,
    as_name,
    base_of,
    children,
    is_integral,
    items_of,
    joined,
    nodes,
    unwrap,
)
from proofs import terms as T
from proofs.terms import Term

SignedTerm = tuple[str, Node]


class Absorption(Arithmetic):
    """The part of the Elaborator that reads signed terms."""

    def sum(self, node: Sum, env: Env) -> Term:
        """Signed terms.  A sum or integral sign takes the terms after it that belong to it."""
        parts: list[Term] = []
        signs, written = list(node.signs), list(node.terms)
        k = 0
        while k < len(written):
            if signs[k] in ("+-", "-+"):
                raise Unclear("a sign ± stands for two relations")
            objective = objective_from(written[k], written[k + 1 :], signs[k + 1 :])
            if objective is not None:
                value = self.term(objective, env)
                return self.add([*parts, T.neg(value) if signs[k] == "-" else value])
            current, taken = self.absorb(written[k], tuple(zip(signs[k + 1 :], written[k + 1 :])))
            value = self.term(current, env)
            parts.append(T.neg(value) if signs[k] == "-" else value)
            k += 1 + taken
        return self.add(parts)

    def absorb(self, term: Node, rest: tuple[SignedTerm, ...]) -> tuple[Node, int]:
        """The term with the following ones that its last sum or integral sign reaches, and how many those are."""
        term = unwrap(term)
        items = items_of(term)
        signs = term.signs if isinstance(term, Sequence) else ()
        position = open_operator(items)
        if position is None or not rest:
            return term, 0
        operator, after = unwrap(items[position]), items[position + 1 :]
        assert isinstance(operator, BigOperator)
        reaches = (
            self.integral_absorbs(after, operator, rest)
            if is_integral(operator)
            else self.sum_absorbs(operator, after, rest)
        )
        if reaches == 0 or not after:
            return term, 0
        first = joined(term.span, after, signs[position + 1 :])
        body = Sum(term.span, (first, *(t for _, t in rest[:reaches])), ("", *(s for s, _ in rest[:reaches])))
        return Sequence(term.span, (*items[: position + 1], body), (*signs[:position], "")), reaches

    def sum_absorbs(self, operator: BigOperator, after: tuple[Node, ...], rest: tuple[SignedTerm, ...]) -> int:
        """The terms that speak of the index; where others follow them, that they belong to the sum too is a reading."""
        names = set(index_names(operator.sub)) if operator.sub is not None else set()
        free = 0
        for _, later in rest:
            if not speaks_of(later, names) or rebinds(later, names):
                break
            free += 1
        is_deviation = (
            free == 0
            and len(after) == len(rest) == 1
            and rest[0][0] == "-"
            and is_deviation_from(after[0], rest[0][1], names)
        )
        if 0 < free < len(rest) or is_deviation:  # \\sum_i x_i - \\mu
            option = self.choices.choose("reach of a sum", ("the terms with its index", "all terms that follow"))
            return free if option == "the terms with its index" else len(rest)
        return free

    def integral_absorbs(self, after: tuple[Node, ...], operator: BigOperator, rest: tuple[SignedTerm, ...]) -> int:
        """Terms up to the differential that closes the integral; without one, those that speak of its variable."""
        for count, (_, later) in enumerate(rest, 1):
            items = items_of(later)
            opens_another = any(is_integral(x) for x in items)
            if any(isinstance(unwrap(x), Differential) for x in items):
                return 0 if opens_another else count
            if opens_another:
                break
        names = self.integral_names(operator, after)
        count = 0
        for _, later in rest:
            has_operator = any(isinstance(unwrap(x), BigOperator) for x in items_of(later))
            if has_operator or not speaks_of(later, names):
                break
            count += 1
        return count


def objective_from(first: Node, rest: list[Node], signs: list[str]) -> Node | None:
    """\\arg\\max_x (f + g) for \\arg\\max_x f + g, and \\min_x (-f) for \\min_x - f; None where no objective is open.

    A place and a number do not add up, so that what follows an arg max belongs to it, up to another optimum.
    """
    items = items_of(unwrap(first))
    word = optimum_word(items[0])
    if word is None or not rest or any(optimum_word(items_of(unwrap(t))[0]) is not None for t in rest):
        return None
    if len(items) == 1:
        body: Node = Sum(first.span, tuple(rest), ("", *signs[1:]) if signs[0] == "+" else tuple(signs))
    elif word.startswith("arg"):
        own = joined(first.span, items[1:], unwrap_signs(first)[1:])
        body = Sum(first.span, (own, *rest), ("", *signs))
    else:
        return None
    return Sequence(first.span, (items[0], Group(first.span, "(", ")", (body,))), ("",))


def unwrap_signs(node: Node) -> tuple[str, ...]:
    node = unwrap(node)
    return node.signs if isinstance(node, Sequence) else ()


def optimum_word(node: Node) -> str | None:
    """The word of \\max_x, \\arg\\min_\\theta; None for what is no optimum."""
    name = as_name(base_of(node))
    return name.text if name is not None and name.text in OPTIMA else None


def open_operator(items: tuple[Node, ...]) -> int | None:
    """The first sum or integral sign among the factors whose reach is still open at the end."""
    for i, item in enumerate(items):
        node = unwrap(item)
        if isinstance(node, BigOperator) and node.kind == "sum":
            return i
        if is_integral(node):
            opened = sum(is_integral(x) for x in items[i:])
            closed = sum(isinstance(unwrap(x), Differential) for x in items[i:])
            if closed < opened:
                return i
    return None


def mentions(node: Node, names: set[str]) -> bool:
    return any(isinstance(n, Name) and n.text in names for n in nodes(node))


def speaks_of(node: Node, names: set[str]) -> bool:
    """Whether a name stands free in a node: the z of KL(q(z) || p(z)), of E_{q(z)} and of H(q(z)) does not."""
    node = unwrap(node)
    if not names or isinstance(node, Name):
        return isinstance(node, Name) and node.text in names
    if isinstance(node, Group) and "||" in node.separators:
        return any(speaks_of(part, names - outcomes_in(node)) for part in node.parts)
    if not isinstance(node, Sequence):
        return any(speaks_of(child, names) for child in children(node))
    integrated = (head_of(n.variable) for n in map(unwrap, node.items) if isinstance(n, Differential))
    names = names - {h.base for h in integrated if h is not None}
    for k, item in enumerate(node.items):
        base = as_name(base_of(item))
        script = unwrap(item)
        below = (script.sub or script.under) if isinstance(script, Script) else None
        follows = node.items[k + 1] if k + 1 < len(node.items) else None
        bound: set[str] = set()
        if base is not None and base.text == "E" and below is not None:
            bound = outcomes_in(below) | drawn_in(below)
        elif base is not None and base.text in ("H", "h") and follows is not None:
            bound = outcomes_in(follows)
        if speaks_of(item, names - bound):
            return True
        names = names - bound
    return False


def outcomes_in(node: Node) -> set[str]:
    """The z of every density q(z|x) in a node."""
    groups = (group for _, group in applications(node))
    heads = (head_of(part) for group in groups for role, part in roles(group, ("|",)) if role == "outcome")
    return {h.base for h in heads if h is not None}


def drawn_in(below: Node) -> set[str]:
    """The z of E_z, E_{z ~ q} and E_{z, w ~ q}."""
    below = unwrap(below)
    if isinstance(below, Group) and not below.open:
        return {name for part in below.parts for name in drawn_in(part)}
    head = head_of(below.left if isinstance(below, Infix) else below)
    return {head.base} if head is not None else set()


def rebinds(node: Node, names: set[str]) -> bool:
    """Whether the term sums over the same index itself."""
    below = (n.sub for n in nodes(node) if isinstance(n, BigOperator))
    return any(names & set(index_names(sub)) for sub in below if sub is not None)


def is_deviation_from(member: Node, letter: Node, names: set[str]) -> bool:
    """x_i and mu of \\sum_i x_i - \\mu, which many write for the sum of x_i - mu."""
    return isinstance(unwrap(member), Script) and mentions(member, names) and head_of(letter) is not None
