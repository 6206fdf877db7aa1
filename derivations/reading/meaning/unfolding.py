"""Definitions unfolded in place: a defined name stands for its body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.index_definitions import index_definition
from derivations.reading.meaning.symbols import Symbols
from derivations.reading.names import Head, every_head, head_of, is_title
from derivations.reading.scope import Definition, View
from derivations.reading.tree import BigOperator, Differential, Group, Infix, Name, Node, Text, Unreadable
from derivations.reading.walking import applications, nodes
from proofs import terms as T
from proofs.terms import Term

WORDS = " "  # stands for what a definition says in words
UNFOLDINGS = 12  # definitions inside definitions


class Unfolding(Symbols):
    """The part of the Elaborator that replaces names by what defines them."""

    def definition_of(self, head: Head, applied: bool = False) -> Definition | None:
        """The definition of a name; D^* is the one D^*_G that is defined.  One from further down is a reading."""
        table = self.view.applied if applied else self.view.definitions
        found = table.get(head.name)
        if found is None and applied:  # f where f_theta is the only one that is defined, and f_theta for f
            same = [d for d in table.values() if d.letter == head.key]
            if len(same) == 1 and not (head.parameters and same[0].key != head.key):
                return same[0]
        if found is None and head.star:
            similar = [d for k, d in table.items() if k.endswith("*") and k.split("_")[0].rstrip("*") == head.base]
            if len(similar) == 1:
                return similar[0]
        return found if found is not None else self.later_definition(head, applied)

    def later_definition(self, head: Head, applied: bool) -> Definition | None:
        later = self.view.later.get(head.name)
        is_matrix_of_section = head.name in self.view.later_here and head.base.isupper() and len(head.base) == 1
        named = applied or is_title(head) or is_matrix_of_section
        if later is None or bool(later.parameters) != applied or not named or head.name in self.view.domains:
            return None
        if head.key in self.usage.density_variables or self.is_density(head):
            return None
        option = self.choices.choose(head.name, ("as it stands here", "as it is defined further down"))
        if option == "as it stands here":
            return None
        self.gathered.forward = True
        return later

    def definition_arguments(self, definition: Definition, group: Group, env: Env) -> dict[str, Node | Term] | None:
        """Arguments by parameter; a list of the same names in another order is matched by name."""
        parts = list(group.parts)
        if len(parts) != len(definition.parameters):
            return None
        if definition.fixed and any(is_other(p, q, env) for p, q in zip(parts, definition.parameters)):
            return None
        heads = [head_of(p) for p in parts]
        keys = [h.base if h is not None else None for h in heads]
        bases = [p.split("_")[0].rstrip("*'") for p in definition.parameters]
        names_functions = any(applies(definition.body, p) for p in definition.parameters)
        if len(keys) > 1 and names_functions and sorted(map(str, keys)) == sorted(bases):  # V(G, D) is V(D, G)
            parts = [parts[keys.index(b)] for b in bases]
        result: dict[str, Node | Term] = {}
        for parameter, part in zip(definition.parameters, parts):
            head = head_of(part)
            is_itself = head is not None and head.key == parameter
            if is_itself and parameter not in env.values and parameter not in env.aliases:
                continue
            if head is not None and applies(definition.body, parameter):
                result[parameter] = part  # a function: its name goes in, to be applied there
            else:
                result[parameter] = self.term(part, env)
        return result

    def unfold(self, definition: Definition, arguments: Mapping[str, Node | Term], env: Env) -> Term:
        """The meaning of a definition's body at its arguments."""
        if len(env.unfolding) >= UNFOLDINGS or definition.key in env.unfolding:
            raise Unclear(f"the definition of “{definition.key}” refers to itself")
        values = {k: v for k, v in arguments.items() if isinstance(v, Term)}
        captured = {k: v for k, v in values.items() if bound_names(definition.body) & set(T.free_symbols(v))}
        values |= {k: T.symbol(f"{k} of {definition.key}", v.sort) for k, v in captured.items()}
        aliases = {k: v for k, v in arguments.items() if isinstance(v, Node)}
        own = {p for p in definition.parameters if p not in arguments}
        inner = replace(
            env,
            values={**{k: v for k, v in env.values.items() if k not in own}, **values},
            aliases={**{k: v for k, v in env.aliases.items() if k not in own}, **aliases},
            unfolding=env.unfolding | {definition.key},
        )
        self.gathered.unfolded.add(definition.key)
        if definition.conventional:
            self.gathered.forward = True
            self.gathered.note(f"{definition.key} is what the field calls so")
        body = self.term(definition.body, inner)
        if not captured:
            return body
        if any(t.op in ("family", "pdf") for t in T.walk(body)):
            raise Unclear(f"a name of “{definition.key}” stands for something else where it is used")
        return T.substitute(body, {f"{k} of {definition.key}": v for k, v in captured.items()})

    def unfolded(self, definition: Definition, arguments: Mapping[str, Node | Term], env: Env) -> Term | None:
        """The meaning of a definition's body, or None where it has none and the name may stand for itself.

        A statement about the name that is proved holds whatever it stands for, so long as it depends on nothing that
        is bound, summed over or differentiated by here.  Nothing is refuted on its account: see `Meaning.opaque`.
        """
        before = self.gathered.copy()
        try:
            return self.unfold(definition, arguments, env)
        except Unclear:
            if not self.may_stand_for_itself(definition, env):
                raise
        self.gathered.restore(before)
        self.gathered.opaque.add(definition.key)
        return None

    def may_stand_for_itself(self, definition: Definition, env: Env) -> bool:
        if env.unfolding:
            return False
        inside = letters_within([definition], self.view)
        if inside is None:  # words may speak of anything that moves here
            return not (env.bound or env.indices or env.index_values or self.relation_derivatives())
        bound = {name.split("_")[0].split(" ")[-1] for name in (*env.bound, *env.indices, *env.index_values)}
        if inside & (bound | set(env.values) | set(env.aliases)):
            return False
        derivatives = self.relation_derivatives()
        if WORDS in inside and (bound or derivatives):
            return False
        if not derivatives:
            return True
        written = {h.base for tree in self.relation_nodes[:2] for h in every_head(tree)}
        return not inside & written

    def index_definition(self, head: Head) -> tuple[Definition, tuple[str, ...]] | None:
        """The definition of p_i, and its indices, for p_j; None where the letter has no such definition."""
        return index_definition(head, self.view)

    def unfolds_here(self, definition: Definition, env: Env) -> bool:
        """A variable with a law of its own is unfolded only where the noise that makes it is integrated over."""
        if definition.parameters or definition.key not in self.usage.density_variables or env.unfolds_variables:
            return True
        return any(head.key in env.bound for head in every_head(definition.body))


def letters_within(definitions: Iterable[Definition], view: View) -> set[str] | None:
    """The letters that definitions speak of, or that those are defined by, and WORDS where there are some; None where
    a part is unread."""
    waiting = list(definitions)
    found: set[str] = set()
    seen = {d.key for d in waiting}
    while waiting:
        current = waiting.pop()
        for node in nodes(current.body):
            if isinstance(node, Unreadable):
                return None
            if isinstance(node, Text):
                found.add(WORDS)
            if isinstance(node, Name) and node.text not in current.parameters:
                found.add(node.text)
        for head in every_head(current.body):
            for table in (view.definitions, view.applied):
                other = table.get(head.name)
                if other is not None and other.key not in seen:
                    seen.add(other.key)
                    waiting.append(other)
    return found


def is_other(argument: Node, parameter: str, env: Env) -> bool:
    """Whether an argument is anything but the letter in the definition."""
    head = head_of(argument)
    return head is None or head.key != parameter or parameter in env.values or parameter in env.aliases


def bound_names(body: Node) -> set[str]:
    """The names that integrals, sums and expectations bind in a body."""
    found: set[str] = set()
    for node in nodes(body):
        if isinstance(node, Differential):
            found |= {h.name for h in every_head(node.variable)}
        elif isinstance(node, BigOperator) and node.sub is not None:
            found |= {h.name for h in every_head(node.sub)}
        elif isinstance(node, Infix) and node.rel in ("~", "approx"):
            found |= {h.name for h in every_head(node.left)}
    return found


def applies(body: Node, name: str) -> bool:
    """Whether the name is applied to something."""
    return any((head := head_of(item)) is not None and head.key == name for item, _ in applications(body))
