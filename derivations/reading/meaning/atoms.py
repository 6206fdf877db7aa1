"""Names that nothing is applied to: constants, bound variables, definitions, densities as a whole, symbols."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.jacobians import Jacobians
from derivations.reading.names import Head, head_of, letter_of
from derivations.reading.tree import Group, Name, Node, Number, Script, Sequence
from derivations.reading.vocabulary import KNOWN_WORDS
from derivations.reading.walking import applications, argument_group, neighbours
from proofs import terms as T
from proofs.terms import SCALAR, Term


class Atoms(Jacobians):
    """The part of the Elaborator that knows bare names."""

    def atom(self, head: Head, env: Env) -> Term:
        """A name that nothing is applied to: what stands nearest to it explains it first."""
        if head.key in env.aliases:
            aliased = self.head(env.aliases[head.key], env)
            if aliased is not None:
                return self.atom(replace(aliased, power=head.power), env.without_alias(head.key))
        for explained in (
            self.given,
            self.constant,
            self.bound_variable,
            self.defined,
            self.defined_at_index,
            self.kronecker,
            self.jacobian_here,
            self.written_by_entries,
            self.whole_function,
        ):
            value = explained(head, env)
            if value is not None:
                return value
        return self.power_of(self.symbol(head, env), head, env)

    def given(self, head: Head, env: Env) -> Term | None:
        """A parameter of the definition around it, or a running index."""
        value = env.values.get(head.name)
        if value is not None:
            return self.entry_and_power(value, head, env)
        if head.base in env.indices and not head.label and not head.primes:
            return self.power_of(env.indices[head.base], head, env)
        if head.base in env.index_values and not head.label and not head.primes:
            return self.power_of(T.number(env.index_values[head.base]), head, env)
        return None

    def constant(self, head: Head, env: Env) -> Term | None:
        """e, pi, infinity, I and 0; words of the notation are none.  Raises Unclear for those."""
        if head.base == "e" and not head.label and head.power is not None and "e" not in self.view.domains:
            return T.exp(self.term(head.power, env))
        if head == Head("e", power=head.power) and self.is_euler(env):
            return self.power_of(T.exp(T.ONE), head, env)
        if head.base == "pi" and not head.label and not head.indices:
            return self.power_of(T.PI, head, env)
        if head.base == "infty":
            return T.constant("infinity")
        if head.base in ("partial", "nabla") and head.font != "bf":
            raise Unclear(f"the operator {head.base} stands alone")
        if head.base in KNOWN_WORDS:
            raise Unclear(f"“{head.base}” stands alone")
        special = self.special_matrix(head, env)
        return self.power_of(special, head, env) if special is not None else None

    def is_euler(self, env: Env) -> bool:
        """Whether a bare e is the base of logarithms, as in 2 pi e: it stands beside pi, and is no name of the text."""
        view, usage = self.view, self.usage
        named = {*view.domains, *view.definitions, *env.bound, *(n for law in view.laws for n in law.outcomes)}
        if "e" in named or "e" in usage.density_variables or usage.applied["e"]:
            return False
        return any({"pi", "e"} <= {n.text for n in node.items if isinstance(n, Name)} for node in self.products())

    def products(self) -> Iterator[Sequence]:
        return (node for node in self.written() if isinstance(node, Sequence))

    def bound_variable(self, head: Head, env: Env) -> Term | None:
        name = self.variable_name(head, env)
        if name not in env.bound:
            return None
        value = T.symbol(name, env.bound[name])
        if name != head.name:  # the index is part of the name already, as in z_2
            return self.power_of(value, head, env)
        return self.entry_and_power(value, head, env)

    def defined(self, head: Head, env: Env) -> Term | None:
        definition = self.definition_of(head)
        if definition is None or definition.key in env.unfolding:
            return None
        if isinstance(definition.body, Number) and definition.key in self.dimensions():
            return None  # D = 1024 of an example, where D is the dimension of what is not
        if definition.parameters and self.is_density(head):
            return None  # p alone is the density as a whole, not its formula
        if not self.unfolds_here(definition, env):
            return None
        value = self.unfolded(definition, {}, env)
        return self.entry_and_power(value, head, env) if value is not None else None

    def written_by_entries(self, head: Head, env: Env) -> Term | None:
        """y of dy/dz where y_1, .., y_n are defined, each by itself; None for every other name."""
        if not env.unfolds_variables or head.label or head.indices or head.power is not None or head.parameters:
            return None
        definitions = self.view.definitions
        count = 0
        while (key := f"{head.key}_{count + 1}") in definitions and not definitions[key].parameters:
            count += 1
        if count < 2 or head.name in definitions:
            return None
        values = [self.atom(replace(head, label=str(k + 1)), env) for k in range(count)]
        return T.matrix(count, 1, values) if all(v.sort == SCALAR for v in values) else None

    def whole_function(self, head: Head, env: Env) -> Term | None:
        """A density or a function that stands without its argument."""
        key, usage = head.key, self.usage
        if self.is_density(head) and (usage.applied[key] or key in usage.sampled):
            return self.power_of(self.bare_density(head, env), head, env)
        if key == "J":
            jacobian = self.the_jacobian(env)
            if jacobian is not None:
                return self.power_of(jacobian, head, env)
        abbreviated = self.abbreviated(head, env)
        if abbreviated is not None:
            return abbreviated
        if key in usage.listed and not usage.bare[key] and head.base in self.conventions.functions:
            if not self.is_constant_here(head, env):
                raise Unclear(f"the function “{key}” stands without its argument")
            self.gathered.opaque.add(key)
        return None

    def is_constant_here(self, head: Head, env: Env) -> bool:
        """Whether a letter that is a function elsewhere is one value throughout the relation: it is applied to nothing
        in it, and nothing that it is applied to elsewhere is bound here or differentiated by."""
        arguments = self.usage.call_arguments.get(head.key)
        if env.unfolding or not arguments or head.power is not None or self.takes_derivatives():
            return False
        if any((h := self.head(first, env)) is not None and h.key == head.key for first, _ in self.applied()):
            return False
        bound = {letter_of(name) for name in (*env.bound, *env.indices, *env.index_values, *env.values)}
        return not bound & {letter_of(argument) for argument in arguments}

    def applied(self) -> Iterator[tuple[Node, Group]]:
        return (pair for tree in self.relation_nodes for pair in applications(tree))

    def takes_derivatives(self) -> bool:
        """Whether a derivative of any kind stands in the relation."""
        if self.relation_derivatives():
            return True
        written = list(self.written())
        signs = any(isinstance(n, Name) and n.text in ("nabla", "partial") for n in written)
        return signs or any(isinstance(n, Script) and n.primes for n in written)

    def abbreviated(self, head: Head, env: Env) -> Term | None:
        """sigma for sigma(x), where the relation applies the letter to one and the same argument elsewhere.

        Or where the law that is given for one of its densities does: mu_j where q(z|x) = N(mu(x), S(x)).
        """
        if head.name in self.view.definitions or head.base not in self.conventions.functions:
            return None
        found = self.applied_alike(head, self.relation_nodes, env)
        if not found:
            densities = {self.density_key(h) for h, _, _ in self.applied_densities}
            laws = [d.law for d in self.view.laws if d.letter in densities]
            written = {h.key for h in self.heads_written()}
            found = [
                (other, group)
                for other, group in self.applied_alike(head, laws, env)
                if all(inner is not None and inner.key in written for inner in map(head_of, group.parts))
            ]
        if len(found) != 1 or head.key not in self.usage.listed:
            return None
        ((other, group),) = found
        self.gathered.note(f"{head.key} without its argument is the same as with it")
        return self.apply(replace(head, parameters=head.parameters or other.parameters), group, env)

    def applied_alike(self, head: Head, trees: Iterable[Node], env: Env) -> list[tuple[Head, Group]]:
        """The letter with each argument that the trees apply it to."""
        found: dict[Group, Head] = {}
        for tree in trees:
            for item, after in neighbours(tree):
                other, group = self.head(item, env), argument_group(after)
                if group is None or other is None or other.key != head.key:
                    continue
                if not self.is_squared_deviation(other, group):
                    found.setdefault(group, other)
        return [(other, group) for group, other in found.items()]

    def entry_and_power(self, value: Term, head: Head, env: Env) -> Term:
        """What the indices and the superscript of a name make of its value."""
        if head.indices:
            value = self.indexed(value, head.indices, env)
        return self.power_of(value, head, env)
