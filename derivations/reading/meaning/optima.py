"""Maxima and minima over a variable or an unknown function."""

from __future__ import annotations

from derivations.reading.meaning.building import Building, Follow
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.names import head_of
from derivations.reading.tree import Node, Script
from derivations.reading.vocabulary import OPTIMA
from derivations.reading.walking import as_name, base_of, joined, unwrap
from proofs import terms as T


class Optima(Building):
    """The part of the Elaborator that knows optima."""

    def optimum(self, word: str, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env) -> Follow:
        """max, min, sup, inf, arg max (one word or two) of all that follows."""
        if word == "arg":
            if i + 1 >= len(items):
                raise Unclear("“arg” stands alone")
            i += 1
            second = as_name(base_of(items[i]))
            word = "arg" + (second.text if second is not None else "")
        if word not in OPTIMA or i + 1 >= len(items):
            raise Unclear(f"what “{word}” optimises is not understood")
        node = unwrap(items[i])
        below = (node.sub or node.under) if isinstance(node, Script) else None
        head = head_of(below) if below is not None else None
        if head is None:
            raise Unclear(f"over what “{word}” is taken is not understood")
        body = self.term(joined(node.span, items[i + 1 :], signs[i + 1 :]), env)
        return T.term(OPTIMA[word], (body,), (head.key,), body.sort), len(items)
