"""Sums that are written out: over independent draws z_j, or over the layers of a flow."""

from __future__ import annotations

from functools import cached_property

from derivations.reading.meaning.environment import INSTANCE, Unclear
from derivations.reading.meaning.symbols import Symbols
from derivations.reading.names import Head, head_of, index_names
from derivations.reading.tree import BigOperator, Dots, Group, Infix, Name, Node, Number, Script
from derivations.reading.walking import applications, as_number, unwrap

ANY_LAYER = 2  # the value of k in what is said of any layer
LONGEST_LIST = 6  # variables that a list with dots is written out for

OTHER_LENGTHS = {1: 2, 2: 4}  # the values of the second and third length in one relation


class Unrolling(Symbols):
    """The part of the Elaborator that knows sequences of unnamed length."""

    @cached_property
    def unrolled_indices(self) -> set[str]:
        """The indices over whose values the relation is written out."""
        found: set[str] = set()
        for n in self.written():
            if isinstance(n, BigOperator) and n.kind in ("sum", "product") and n.sub is not None:
                found.update(
                    name
                    for name in index_names(n.sub)
                    if self.numbers_draws(name)
                    or self.numbers_layers(name)
                    or self.numbers_range(name)
                    or self.numbers_members(name)
                )
        return found

    def numbers_layers(self, name: str) -> bool:
        """Whether the index numbers the states of a flow, h_l."""
        layered = self.layered
        if not layered:
            return False
        heads = (head_of(n, is_index=lambda x: x == name) for n in self.written() if isinstance(n, Script))
        return any(head is not None and head.indices and head.root in layered for head in heads)

    def numbers_members(self, name: str) -> bool:
        """Whether the index numbers vectors or matrices rather than entries: x_i in x_i^T x_i."""
        for n in self.written():
            head = head_of(n, is_index=lambda x: x == name) if isinstance(n, Script) else None
            if head is not None and head.indices and self.member_key(head) is not None:
                return True
        return False

    def numbers_range(self, name: str) -> bool:
        """Whether the index numbers variables that are listed as z_{1:k}."""
        scripts = [n for n in self.written() if isinstance(n, Script)]
        listed = {head.root for n in scripts if is_range(n.sub) and (head := head_of(n.base)) is not None}
        listed |= {last.root for n in self.written() if (last := last_of_list(n)) is not None}
        heads = (head_of(n, is_index=lambda x: x == name) for n in scripts)
        return any(head is not None and head.indices and head.root in listed for head in heads)

    def numbers_draws(self, name: str) -> bool:
        """Whether the index numbers draws of a random variable, z_j in p(x, z_j)."""
        for tree in self.relation_nodes:
            for item, group in applications(tree):
                head = head_of(item, is_parameter=self.is_parameter)
                if head is None or not self.is_density(head):
                    continue
                arguments = (head_of(part, is_index=lambda x: x == name) for part in group.parts)
                if any(argument is not None and argument.indices for argument in arguments):
                    return True
        return False

    @cached_property
    def instances(self) -> dict[str, int]:
        """Lengths of unrolled sequences: k in z_{1:k} and in the sum over j up to k."""
        found: dict[str, int] = {}
        for n in self.written():
            last: Node | None = None
            if isinstance(n, BigOperator) and n.sub is not None and set(index_names(n.sub)) & self.unrolled_indices:
                last = n.sup
            elif isinstance(n, Group) and is_range(n):
                last = n.parts[1]
            elif (listed := last_of_list(n)) is not None and not listed.label.isdigit():
                last = Name(n.span, listed.label)
            head = head_of(last) if last is not None else None
            if head is not None and head.key not in found:  # one value for each: 1/N of K terms is no mean
                found[head.key] = OTHER_LENGTHS.get(len(found), INSTANCE)
        for name in self.layer_letters():  # z_k = f_k(z_{k-1}) for any k: at one
            if name not in self.unrolled_indices:
                found.setdefault(name, ANY_LAYER)
        if len({name.rstrip("'*") for name in found}) < len(found):
            raise Unclear("two lengths with one letter, of which one may have to be the larger")
        if found:
            self.gathered.instance = ", ".join(f"{k} = {v}" for k, v in found.items())
        return found

    @cached_property
    def summed_dimension(self) -> str | None:
        """n of w^T x where the relation sums the entries w_i x_i up to n, and nothing declares the dimension."""
        found: set[str] = set()
        for n in self.written():
            upper = head_of(n.sup) if isinstance(n, BigOperator) and n.sup is not None else None
            if upper is None or upper.power is not None or not isinstance(n, BigOperator) or n.sub is None:
                continue
            names = set(index_names(n.sub))
            if names & self.unrolled_indices or upper.key.isdigit():
                continue
            for other in self.written():
                head = head_of(other, is_index=names.__contains__) if isinstance(other, Script) else None
                if head is None or len(head.indices) != 1 or head.key in self.shapes.declared:
                    continue
                if self.shapes.kinds.get(head.key) is not None:
                    found.add(upper.key)
        return next(iter(found)) if len(found) == 1 else None

    def members_of_list(self, parts: list[Node]) -> list[Node]:
        """x_1, x_2, x_3 for x_1, .., x_K, with as many as an instance takes; other lists as they are."""
        if not parts:
            return parts
        last = last_of_list(Group(parts[0].span, "", "", tuple(parts), (",",) * (len(parts) - 1)))
        if last is None:
            return parts
        count = int(last.label) if last.label.isdigit() else self.instances.get(last.label)
        base = next((node.base for part in parts if isinstance(node := unwrap(part), Script)), None)
        if count is None or count > LONGEST_LIST or base is None:
            raise Unclear("a list of variables is not understood")
        span = parts[0].span
        return [Script(span, base, Number(span, str(k))) for k in range(1, count + 1)]

    def sequence_length(self, node: BigOperator) -> int:
        """How many terms an unrolled sum has: as written, or as few as an instance takes."""
        if node.sup is not None:
            number = as_number(node.sup)
            if number is not None:
                return int(number.text)
            head = head_of(node.sup)
            if head is not None and head.key in self.instances:
                return self.instances[head.key]
        self.gathered.instance = self.gathered.instance or f"with {INSTANCE} terms in the sum"
        return INSTANCE


def is_range(node: Node | None) -> bool:
    """1:k of z_{1:k}."""
    return isinstance(node, Group) and not node.open and node.separators == (":",)


def last_of_list(node: Node) -> Head | None:
    """x_K of x_1, .., x_K (~ p); None for anything else."""
    if not isinstance(node, Group) or node.open or not any(isinstance(unwrap(part), Dots) for part in node.parts):
        return None
    parts = [unwrap(part) for part in node.parts]
    parts = [unwrap(part.left) if isinstance(part, Infix) and part.rel == "~" else part for part in parts]
    found = [head for part in parts if not isinstance(part, Dots) and (head := head_of(part)) is not None]
    if not len(found) == len(parts) - 1 >= 2 or len({head.root for head in found}) > 1:
        return None
    is_numbered = all(head.label.isdigit() for head in found[:-1]) and len(found[-1].label) >= 1
    return found[-1] if is_numbered and found[0].label == "1" else None
