"""Definitions unfolded in place: a defined name stands for its body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.symbols import Symbols
from derivations.reading.names import Head, every_head, head_of
from derivations.reading.scope import Definition
from derivations.reading.tree import Group, Node
from derivations.reading.walking import applications
from proofs.terms import Term

UNFOLDINGS = 12  # definitions inside definitions


class Unfolding(Symbols):
    """The part of the Elaborator that replaces names by what defines them."""

    def definition_of(self, head: Head, applied: bool = False) -> Definition | None:
        """The definition of a name; D^* is the one D^*_G that is defined.  One from further down is a reading."""
        table = self.view.applied if applied else self.view.definitions
        found = table.get(head.key)
        if found is None and head.star:
            similar = [d for k, d in table.items() if k.endswith("*") and k.split("_")[0].rstrip("*") == head.base]
            if len(similar) == 1:
                return similar[0]
        return found if found is not None else self.later_definition(head, applied)

    def later_definition(self, head: Head, applied: bool) -> Definition | None:
        later = self.view.later.get(head.key)
        if later is None or bool(later.parameters) != applied:
            return None
        if head.key in self.usage.density_variables or self.is_density(head):
            return None
        option = self.choices.choose(head.key, ("as it stands here", "as it is defined further down"))
        if option == "as it stands here":
            return None
        self.gathered.forward = True
        return later

    def definition_arguments(self, definition: Definition, group: Group, env: Env) -> dict[str, Node | Term] | None:
        """Arguments by parameter; a list of the same names in another order is matched by name."""
        parts = list(group.parts)
        if len(parts) != len(definition.parameters):
            return None
        heads = [head_of(p) for p in parts]
        keys = [h.base if h is not None else None for h in heads]
        bases = [p.split("_")[0].rstrip("*'") for p in definition.parameters]
        if len(keys) > 1 and sorted(map(str, keys)) == sorted(bases):
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
        aliases = {k: v for k, v in arguments.items() if isinstance(v, Node)}
        own = {p for p in definition.parameters if p not in arguments}
        inner = replace(
            env,
            values={**{k: v for k, v in env.values.items() if k not in own}, **values},
            aliases={**{k: v for k, v in env.aliases.items() if k not in own}, **aliases},
            unfolding=env.unfolding | {definition.key},
        )
        return self.term(definition.body, inner)

    def unfolds_here(self, definition: Definition, env: Env) -> bool:
        """A variable with a law of its own is unfolded only where the noise that makes it is integrated over."""
        if definition.parameters or definition.key not in self.usage.density_variables or env.unfolds_variables:
            return True
        return any(head.key in env.bound for head in every_head(definition.body))


def applies(body: Node, name: str) -> bool:
    """Whether the name is applied to something."""
    return any((head := head_of(item)) is not None and head.key == name for item, _ in applications(body))
