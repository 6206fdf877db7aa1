"""Free indices, and what is defined for each index.

Beside a sum over j of z_j, the z_i is another entry of the same vector: i is any index.  Where p_i is defined by an
expression with i in it, p_j, p_2 and the p_k below a sum over k are that expression at their own index.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from derivations.reading.meaning.environment import Env
from derivations.reading.meaning.index_definitions import index_labels, is_letter, letters_of
from derivations.reading.meaning.sums import Sums
from derivations.reading.meaning.unfolding import bound_names
from derivations.reading.names import Head, every_head, head_of, index_names
from derivations.reading.tree import BigOperator, Name, Script
from derivations.reading.walking import nodes
from proofs import terms as T
from proofs.records import Domain
from proofs.terms import SCALAR, Term


class Indexed(Sums):
    """The part of the Elaborator that knows letters with an index that no sum runs over."""

    @cached_property
    def summed(self) -> dict[str, BigOperator]:
        """letter -> the sum or product whose index it carries; not those that are written out term by term."""
        found: dict[str, BigOperator] = {}
        signs = [n for n in self.written() if isinstance(n, BigOperator) and n.kind in ("sum", "product")]
        for sign in signs:
            names = set(index_names(sign.sub)) if sign.sub is not None else set()
            if len(names) != 1 or names & self.unrolled_indices or names & self.usage.density_variables:
                continue
            for node in self.written():
                head = head_of(node, is_index=names.__contains__) if isinstance(node, Script) else None
                if head is not None and len(head.indices) == 1 and is_letter(head.indices[0]):
                    found.setdefault(replace(head, indices=(), power=None).key, sign)
        return found

    @cached_property
    def free_indices(self) -> dict[str, BigOperator]:
        """The indices that stand below such a letter although no sum runs over them, with the sum beside them."""
        limits = {name for sign in self.summed.values() if sign.sup is not None for name in letters_of(sign.sup)}
        found: dict[str, BigOperator] = {}
        for tree in self.relation_nodes:
            for head in every_head(tree, is_parameter=self.is_parameter):
                label = head.label
                is_index = label in self.conventions.indices and label not in limits | self.usage.density_variables
                if not is_index or label in self.view.domains or label in self.view.definitions:
                    continue
                stem = replace(head, label="", power=None, subscripts=()).key
                if (
                    stem in self.summed
                    and self.member_key(replace(head, label="", indices=(Name((0, 0), label),))) is None
                ):
                    found.setdefault(label, self.summed[stem])
        return {name: sign for name, sign in found.items() if self.stands_free(name)}

    def stands_free(self, name: str) -> bool:
        """Whether the index stands anywhere outside the sums over it: on a side without one, or in a derivative."""
        if any(key.endswith(f"_{name}") for key in self.relation_derivatives()):
            return True
        for tree in self.relation_nodes[:2]:
            labels = {head.label for head in every_head(tree, is_parameter=self.is_parameter)}
            signs = (n for n in nodes(tree) if isinstance(n, BigOperator) and n.sub is not None)
            runs = any(n.sub is not None and name in index_names(n.sub) for n in signs)
            if not runs and any(name in label.split(",") for label in labels):
                return True
        return False

    def with_free_indices(self, env: Env) -> Env:
        """Where every free index is a symbol of its own that runs as far as the sum beside it."""
        for name, sign in self.free_indices.items():
            if name in env.index_values or sign.sub is None:
                continue
            self.depth += 1  # the limit is a part, not a side
            self.index_limits[name] = self.upper_limit(sign, index_names(sign.sub)[0], env)[1]
            self.depth -= 1
            self.gathered.variables.setdefault(name, Domain(SCALAR, "index"))
            env = env.with_index(name, T.symbol(name))
        return env

    def kronecker(self, head: Head, env: Env) -> Term | None:
        """\\delta_{ij} of two indices: 1 where they are equal."""
        if head.base != "delta" or head.accents or head.parameters or head.power is not None:
            return None
        values = [self.index_term(label, env) for label in index_labels(head)]
        if len(values) != 2 or values[0] is None or values[1] is None:
            return None
        return T.indicator(T.compare("=", values[0], values[1]))

    # ------------------------------------------------------------------------------------------ definitions

    def defined_at_index(self, head: Head, env: Env) -> Term | None:
        """p_j by the definition of p_i; None where the letter has no such definition."""
        found = self.index_definition(head)
        if found is None or found[0].key in env.unfolding:
            return None
        definition, own = found
        labels = index_labels(head)
        inner, put = env, {}
        for index, label in zip(own, labels):
            value = self.index_term(label, env)
            if value is None:
                return None
            if label in env.index_values:
                inner = inner.with_index_value(index, env.index_values[label])
                continue
            self.index_limits[index] = self.index_limits.get(label, self.index_limits.get(index, self.shapes.dimension))
            if index != label and bound_names(definition.body) & set(T.free_symbols(value)):
                put[f"{index} of {definition.key}"] = value
                value = T.symbol(f"{index} of {definition.key}")
            inner = inner.with_index(index, value)
        return self.power_of(T.substitute(self.unfold(definition, {}, inner), put), head, env)

    def index_term(self, label: str, env: Env) -> Term | None:
        """The index that stands for a label: running, free, or a number."""
        if label in env.indices:
            return env.indices[label]
        if label in env.index_values:
            return T.number(env.index_values[label])
        return T.number(int(label)) if label.isdigit() and label != "0" else None
