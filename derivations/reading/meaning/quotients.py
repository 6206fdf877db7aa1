"""Fractions that are derivatives: by what a denominator says the numerator is differentiated."""

from __future__ import annotations

from typing import NamedTuple

from derivations.reading.tree import Differential, Name, Node, Script
from derivations.reading.walking import as_group, as_name, as_number, as_script, as_sequence, base_of, items_of, unwrap


class Below(NamedTuple):
    """The denominator of a derivative: the sign ('partial' or 'd') and the variables, each as often as it is taken."""

    sign: str
    variables: list[Node]


def derivative_below(node: Node) -> Below | None:
    """A denominator like \\partial x, dx, \\partial a \\partial b, dx^2 or {dx}^2; None where it is none of these."""
    node = unwrap(node)
    times = 1
    braced = braced_power(node)
    if braced is not None:
        node, times = braced
    if isinstance(node, Differential):
        return Below("d", [node.variable] * times)
    sequence = as_sequence(node)
    if sequence is None:
        return None
    first = unwrap(sequence.items[0])
    if isinstance(first, Differential):
        return Below("d", [first.variable] * times)
    if not (isinstance(first, Name) and first.text in ("partial", "d")):
        return None
    variables: list[Node] = []
    for k in range(0, len(sequence.items), 2):
        marker = as_name(sequence.items[k])
        if marker is None or marker.text != first.text or k + 1 >= len(sequence.items):
            return None
        variable, count = without_power(sequence.items[k + 1])
        variables += [variable] * (count * times)
    return Below(first.text, variables)


def braced_power(node: Node) -> tuple[Node, int] | None:
    """({dx}^2 without its power, the power)."""
    script = as_script(node)
    power = as_number(script.sup) if script is not None else None
    if script is None or power is None:
        return None
    base = unwrap(script.base)
    group = as_group(base)
    if group is not None:
        return (unwrap(group.parts[0]) if len(group.parts) == 1 else base), int(power.text)
    return (base, int(power.text)) if as_sequence(base) is not None else None


def without_power(node: Node) -> tuple[Node, int]:
    """(x, 2) of x^2; a variable without a power counts once."""
    variable = unwrap(node)
    power = as_number(variable.sup) if isinstance(variable, Script) else None
    if not isinstance(variable, Script) or power is None:
        return variable, 1
    plain = variable.base if variable.sub is None else Script(variable.span, variable.base, variable.sub)
    return plain, int(power.text)


def is_derivative_of(numerator: Node, sign: str) -> bool:
    """Whether a numerator begins with the sign of the derivative, \\partial^2 f over \\partial x^2."""
    first = unwrap(items_of(numerator)[0])
    has_subscript = isinstance(first, Script) and first.sub is not None
    lead = as_name(base_of(first))
    return lead is not None and lead.text == sign and not has_subscript
