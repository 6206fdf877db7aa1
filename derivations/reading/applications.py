"""Names: symbols with their domains, functions and what they are applied to, definitions unfolded in place."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from derivations.reading.environment import Env, Gathered
from derivations.reading.names import Head, head_of, is_minus_one, is_transpose, nodes, plain_label, unwrap
from derivations.reading.scope import Definition, Unclear
from derivations.reading.tree import BigOperator, Fraction, Group, Infix, Name, Node, Script, Sequence
from derivations.reading.usage import KNOWN_WORDS
from proofs import terms as T
from proofs.records import Domain, Function, Space
from proofs.terms import SCALAR, Sort, Term

if TYPE_CHECKING:
    from derivations.reading.elaborate import Elaborator

UNFOLDINGS = 12  # definitions inside definitions


def whole_value(t: Term) -> int | None:
    """The value of an index expression made of whole numbers, 3 + -1."""
    if t.op == "number":
        return int(t.data[0]) if t.data[0].denominator == 1 else None
    parts = [whole_value(a) for a in t.args]
    if None in parts or t.op not in ("add", "mul"):
        return None
    numbers = [p for p in parts if p is not None]
    return sum(numbers) if t.op == "add" else math.prod(numbers)


Follow = tuple[Term, int]


class Applications:
    """The part of the Elaborator that knows names."""

    gathered: Gathered

    def is_parameter(self: Elaborator, name: str) -> bool:
        return name in self.conventions.parameters or (
            name in self.usage.differentiated and name not in self.usage.density_variables and name not in self.usage.indices
        )

    def factor(self: Elaborator, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env) -> Follow:
        """The factor that begins at items[i] with all it reaches, and where the next one begins."""
        node = unwrap(items[i])
        if isinstance(node, BigOperator):
            return self.big_operator(items, signs, i, env)
        if isinstance(node, Fraction):
            operator = self.derivative_fraction(node, items, signs, i, env)
            return operator if operator is not None else (self.fraction(node, env), i + 1)
        if not (isinstance(node, Name) or isinstance(node, Script) and isinstance(unwrap(node.base), Name)):
            return self.term(node, env), i + 1
        operated = self.operator(items, signs, i, env)
        if operated is not None:
            return operated
        head = self.head(node, env)
        if head is None:
            raise Unclear(f"the subscript or superscript of “{self.words(node)}” is not understood")
        following = items[i + 1] if i + 1 < len(items) and signs[i] == "" else None
        group = self.argument_group(following)
        if group is not None and self.is_application(head, group, env):
            value = self.apply(head, group, env)
            scripted = unwrap(following) if following is not None else None
            if isinstance(scripted, Script):
                if scripted.sub is not None:
                    value = self.indexed(self.as_array(value, (scripted.sub,), env), (scripted.sub,), env)
                if scripted.sup is not None:
                    value = self.raised(value, scripted.sup, env)
            return value, i + 2
        return self.atom(head, env), i + 1

    def words(self, node: Node) -> str:
        return plain_label(node) or next((n.text for n in nodes(node) if isinstance(n, Name)), "it")

    def argument_group(self, node: Node | None) -> Group | None:
        """The group that may hold arguments: (..), or (..) with a script after it."""
        if node is None:
            return None
        node = unwrap(node)
        if isinstance(node, Script) and not (node.under or node.over):
            node = unwrap(node.base)
        return node if isinstance(node, Group) and node.open in ("(", "[", "{") else None

    def is_application(self: Elaborator, head: Head, group: Group, env: Env) -> bool:
        """Whether name(..) applies the name rather than multiplies by what is in the brackets."""
        key = head.key
        if key in env.values or (key in env.bound and key not in env.aliases):
            return False
        if key in env.aliases:
            return True
        if group.open != "(":
            return False
        if self.definition_of(head, applied=True) is not None:
            return True
        if self.definition_of(head) is not None:
            return False
        if group.separators:
            return True
        if self.is_density(head):
            return not self.is_factor(group)
        plain = all(head_of(p) is not None or not self.is_sum(p) for p in group.parts)
        if key in self.usage.listed and (head.base in self.conventions.functions or not self.usage.bare[key]):
            return True
        if head.base in self.conventions.functions and plain and key not in self.view.domains:
            return self.usage.applied[key] > self.usage.bare[key] or key in self.usage.listed
        return False

    def is_factor(self: Elaborator, group: Group) -> bool:
        """Whether the brackets after a density hold an expression it is multiplied with: p_1 (log 2 + log p_2)."""
        return self.is_sum(group.parts[0]) and any(
            isinstance(n, Name) and (n.text in KNOWN_WORDS and len(n.text) > 1 or n.text in self.conventions.density_letters)
            for n in nodes(group.parts[0])
        )

    def is_sum(self, node: Node) -> bool:
        from derivations.reading.tree import Sum

        return isinstance(unwrap(node), Sum)

    # ------------------------------------------------------------------------------------------ functions

    def apply(self: Elaborator, head: Head, group: Group, env: Env) -> Term:
        if head.key in env.aliases:
            alias = unwrap(env.aliases[head.key])
            aliased = self.head(alias, env)
            if aliased is None:
                raise Unclear(f"“{head.key}” stands for something that cannot be applied")
            inner = replace(env, aliases={k: v for k, v in env.aliases.items() if k != head.key})
            head, env = replace(aliased, power=head.power), inner
        if head.base == "sigma" and self.is_sigmoid(head):
            argument = self.single(group, env)
            if head.power is not None and is_minus_one(head.power):
                return T.function("logit", argument)
            return self.power_of(T.function("sigmoid", argument), head, env)
        definition = self.definition_of(head, applied=True)
        if definition is not None and definition.key not in env.unfolding:
            arguments = self.definition_arguments(definition, group, env)
            if arguments is not None:
                return self.power_of(self.unfold(definition, arguments, env), head, env)
        if self.is_density(head):
            return self.power_of(self.density(head, group, env), head, env)
        return self.opaque_call(head, group, env)

    def is_sigmoid(self: Elaborator, head: Head) -> bool:
        if head.parameters or head.label or head.indices:
            return False
        if head.key in self.view.sigmoid:
            return True
        return not self.usage.bare[head.key] and self.shapes.kind(head.key) is None

    def single(self: Elaborator, group: Group, env: Env) -> Term:
        if len(group.parts) != 1:
            raise Unclear("one argument was expected")
        return self.term(group.parts[0], env)

    def power_of(self: Elaborator, value: Term, head: Head, env: Env) -> Term:
        return value if head.power is None else self.raised(value, head.power, env)

    def opaque_call(self: Elaborator, head: Head, group: Group, env: Env) -> Term:
        """An unknown function applied; f^{-1}(z) is its inverse."""
        inverse = head.power is not None and is_minus_one(head.power)
        key = head.key
        main, extra = self.split_arguments(group)
        arguments = [self.term(p, env) for p in main]
        parameters = self.parameter_terms(key, head, extra, env)
        mapped = self.map_of(key)
        sort = self.shapes.sort(key)
        if mapped is not None or inverse or key in self.view.bijections:
            sort = arguments[0].sort  # a bijection keeps the shape
        spaces = tuple(self.space_of_argument(key, j, p, env) for j, p in enumerate(main))
        values = self.function_values(head, sort)
        bijection = inverse or mapped is not None or key in self.view.bijections
        if inverse and mapped is not None:
            spaces = (mapped[0],)
        known = self.gathered.functions.get(key)
        result_space = mapped[1] if mapped is not None else self.result_space(key)
        record = Function(
            spaces + (None,) * len(parameters),
            tuple(a.sort for a in (*arguments, *parameters)),
            values,
            result_space,
            len(parameters),
            True,
            bijection or (known.bijection if known else False),
            key in self.view.convex,
        )
        if known is not None and len(known.argument_sorts) != len(record.argument_sorts):
            raise Unclear(f"“{key}” is applied to {len(main)} arguments here and to another number elsewhere")
        if known is None or bijection:
            self.gathered.functions[key] = record
        if bijection:
            self.gathered.note(f"{key} is a smooth bijection")
        if inverse:
            return T.call_inverse(key, (*arguments, *parameters), sort)
        value = T.call(key, (*arguments, *parameters), sort)
        if head.indices:
            value = self.indexed(self.as_array(value, head.indices, env), head.indices, env)
        return self.power_of(value, head, env)

    def as_array(self: Elaborator, value: Term, indices: tuple[Node, ...], env: Env) -> Term:
        """A call whose entries are taken is a vector; its shape is then known."""
        if value.op not in ("call", "call_inverse") or value.sort != SCALAR:
            return value
        sort = T.vector_sort(self.limit_of(indices[0], env))
        key = value.data[0]
        record = self.gathered.functions[key]
        self.gathered.functions[key] = replace(record, values=replace(record.values, sort=sort))
        return T.term(value.op, value.args, value.data, sort)

    def function_values(self: Elaborator, head: Head, sort: Sort) -> Domain:
        declared = self.view.domains.get(head.key)
        if declared is not None and declared.kind != "real":
            return replace(declared, sort=sort)
        if head.base in self.conventions.unit_interval and sort == SCALAR:
            return Domain(sort, "unit")
        if sort.kind == "matrix" and sort.cols != 1 and head.base in self.conventions.covariances:
            return Domain(sort, "positive_definite")
        if head.base in self.conventions.positive:
            return Domain(sort, "positive" if sort == SCALAR else "positive_vector")
        return Domain(sort)

    def split_arguments(self, group: Group) -> tuple[list[Node], list[Node]]:
        """(arguments, what follows a semicolon or a bar)."""
        main: list[Node] = [group.parts[0]] if group.parts else []
        extra: list[Node] = []
        after = False
        for separator, part in zip(group.separators, group.parts[1:]):
            after = after or separator in (";", "|")
            (extra if after else main).append(part)
        return main, extra

    def parameter_terms(self: Elaborator, key: str, head: Head, extra: list[Node], env: Env) -> tuple[Term, ...]:
        """The parameters of a function or density: those it carries anywhere in the relation, in one order."""
        names: dict[str, Term] = {}
        for name in self.relation_parameters(key):
            names[name] = self.parameter_symbol(name, env)
        for node in (*head.parameters, *extra):
            part = self.head(node, env)
            value = self.term(node, env)
            names[part.key if part is not None else f"parameter {len(names)}"] = value
        return tuple(names[n] for n in sorted(names))

    def parameter_symbol(self: Elaborator, name: str, env: Env) -> Term:
        definition = self.view.definitions.get(name)
        if definition is not None and not definition.parameters and name not in env.unfolding:
            return self.unfold(definition, {}, env)
        return self.symbol(Head(name), env)

    def relation_parameters(self: Elaborator, key: str) -> list[str]:
        """Parameters that the letter carries as subscripts somewhere in this relation, or must depend on."""
        found: list[str] = [*self.implied_parameters(key)]
        for tree in self.relation_nodes:
            for node in nodes(tree):
                if isinstance(node, Script):
                    head = head_of(node, is_parameter=self.is_parameter)
                    if head is not None and (head.key == key or self.density_key(head) == key):
                        found += [p.text for p in head.parameters if isinstance(p, Name) and p.text not in found]
        return found

    def implied_parameters(self: Elaborator, key: str) -> list[str]:
        """A derivative by theta of something that never shows a theta: the densities other than the data's depend on it."""
        by = self.__dict__.get("_implied")
        if by is None:
            by = {}
            for name in sorted(self.relation_derivatives()):
                if self.depends_on(name) or name not in self.conventions.parameters:
                    continue
                letters = {
                    self.density_key(h)
                    for tree in self.relation_nodes
                    for n in nodes(tree)
                    if isinstance(n, Name | Script)
                    and (h := head_of(n, is_parameter=self.is_parameter)) is not None
                    and self.is_density(h)
                    and h.label.lower() not in ("data", "d", "real", "r")
                    and (h.label or h.parameters or h.base.lower() != "p" or len(h.key) == 1)
                }
                letters = {k for k in letters if "_" in k} or letters
                if len(letters) == 1:
                    letter = next(iter(letters))
                    by.setdefault(letter, []).append(name)
                    self.gathered.note(f"{letter} depends on {name}")
            self.__dict__["_implied"] = by
        return by.get(key, [])

    def relation_derivatives(self: Elaborator) -> set[str]:
        """The symbols by which the relation takes derivatives."""
        found: set[str] = set()
        for tree in self.relation_nodes:
            for n in nodes(tree):
                if isinstance(n, Script) and isinstance(unwrap(n.base), Name) and unwrap(n.base).text == "nabla" and n.sub is not None:  # type: ignore[union-attr]
                    head = head_of(n.sub)
                    found |= {head.key} if head is not None else set()
                if isinstance(n, Fraction):
                    below = self.below(n.denominator)
                    for variable in below[1] if below is not None else ():
                        head = head_of(variable)
                        found |= {head.key} if head is not None else set()
        return found

    def map_of(self: Elaborator, key: str) -> tuple[str, str] | None:
        """(input space, output space) of a function that the document declares as a map between variables."""
        for m in reversed(self.view.maps):
            if m.function == key and m.bijection:
                return m.input, m.output
        return None

    def result_space(self: Elaborator, key: str) -> str | None:
        """The space of the values of G in D(G(z)): that of the other arguments of D."""
        return self.usage_result_spaces().get(key)

    def usage_result_spaces(self: Elaborator) -> dict[str, str]:
        cached = getattr(self, "_result_spaces", None)
        if cached is not None:
            return cached
        found: dict[str, str] = {}
        for (outer, position), inners in self.usage.nested_calls.items():
            spaces = self.usage.argument_bases.get((outer, position))
            if spaces:
                best = spaces.most_common(1)[0][0]
                for inner in inners:
                    found[inner] = best.lower()
        self._result_spaces = found
        return found

    def space_of_argument(self: Elaborator, key: str, position: int, node: Node, env: Env) -> str | None:
        """The space an argument lives in: that of the variable it is, or of the value it is computed from."""
        head = self.head(node, env)
        if head is not None and head.power is None:
            name = self.variable_name(head, env)
            if name in self.gathered.space_of:
                return self.gathered.space_of[name]
            base = Head(head.base, head.font).key
            if name in env.bound or base in self.usage.density_variables:
                return self.declare_space(name, base.lower(), env)
            return None
        spaces = self.usage.argument_bases.get((key, position))
        if spaces:
            best = spaces.most_common(1)[0][0]
            if best in self.usage.density_variables:
                return best.lower()
        return None

    # ------------------------------------------------------------------------------------------ definitions

    def definition_arguments(
        self: Elaborator, definition: Definition, group: Group, env: Env
    ) -> dict[str, Node | Term] | None:
        """Arguments by parameter; a list of the same names in another order is matched by name."""
        parts = list(group.parts)
        if len(parts) != len(definition.parameters):
            return None
        heads = [head_of(p) for p in parts]
        keys = [h.base if h is not None else None for h in heads]
        if len(keys) > 1 and sorted(map(str, keys)) == sorted(p.split("_")[0].rstrip("*'") for p in definition.parameters):
            bases = [p.split("_")[0].rstrip("*'") for p in definition.parameters]
            parts = [parts[keys.index(b)] for b in bases]
        result: dict[str, Node | Term] = {}
        for parameter, part in zip(definition.parameters, parts):
            head = head_of(part)
            if head is not None and head.key == parameter and parameter not in env.values and parameter not in env.aliases:
                continue
            if self.is_function_name(part, parameter, definition):
                result[parameter] = part
            else:
                result[parameter] = self.term(part, env)
        return result

    def definition_of(self: Elaborator, head: Head, applied: bool = False) -> Definition | None:
        """The definition of a name; D^* is the one D^*_G that is defined, and the other way round."""
        table = self.view.applied if applied else self.view.definitions
        found = table.get(head.key)
        if found is None and head.star:
            similar = [d for k, d in table.items() if k.endswith("*") and k.split("_")[0].rstrip("*") == head.base]
            if len(similar) == 1:
                return similar[0]
        if found is None:
            later = self.view.later.get(head.key)
            if (
                later is not None
                and bool(later.parameters) == applied
                and head.key not in self.usage.density_variables
                and not self.is_density(head)
            ):
                option = self.choices.choose(head.key, ("as it stands here", "as it is defined further down"))
                if option != "as it stands here":
                    self.gathered.forward = True
                    return later
        return found

    def is_function_name(self: Elaborator, part: Node, parameter: str, definition: Definition) -> bool:
        head = head_of(part)
        if head is None:
            return False
        applied = any(
            isinstance(n, Sequence)
            and any(
                (h := head_of(item)) is not None and h.key == parameter and self.argument_group(after) is not None
                for item, after in zip(n.items, n.items[1:])
            )
            for n in nodes(definition.body)
        )
        return applied

    def unfold(self: Elaborator, definition: Definition, arguments: dict[str, Node | Term], env: Env) -> Term:
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

    # ------------------------------------------------------------------------------------------ symbols

    def atom(self: Elaborator, head: Head, env: Env) -> Term:
        """A name that nothing is applied to."""
        key = head.key
        if key in env.aliases:
            aliased = self.head(env.aliases[key], env)
            if aliased is not None:
                return self.atom(replace(aliased, power=head.power), replace(env, aliases={k: v for k, v in env.aliases.items() if k != key}))
        if key in env.values:
            value = env.values[key]
            if head.indices:
                value = self.indexed(value, head.indices, env)
            return self.power_of(value, head, env)
        if head.base in env.indices and not head.label:
            return self.power_of(env.indices[head.base], head, env)
        if head.base in env.index_values and not head.label:
            return self.power_of(T.number(env.index_values[head.base]), head, env)
        if head.base == "e" and not head.label and head.power is not None and "e" not in self.view.domains:
            return T.exp(self.term(head.power, env))
        if head.base == "pi" and not head.label and not head.indices:
            return self.power_of(T.PI, head, env)
        if head.base == "infty":
            return T.constant("infinity")
        if head.base in ("partial", "nabla", "d") and head.font != "bf" and head.base != "d":
            raise Unclear(f"the operator {head.base} stands alone")
        if head.base in KNOWN_WORDS and len(head.base) > 1:
            raise Unclear(f"“{head.base}” stands alone")
        special = self.special_matrix(head)
        if special is not None:
            return self.power_of(special, head, env)
        name = self.variable_name(head, env)
        if name in env.bound:
            value = T.symbol(name, env.bound[name])
            if head.indices and name == key:
                value = self.indexed(value, head.indices, env)
            return self.power_of(value, head, env)
        definition = self.definition_of(head)
        if definition is not None and definition.parameters and self.is_density(head):
            definition = None  # p alone is the density as a whole, not its formula
        if definition is not None and definition.key not in env.unfolding and self.unfolds_here(definition, env):
            value = self.unfold(definition, {}, env)
            if head.indices:
                value = self.indexed(value, head.indices, env)
            return self.power_of(value, head, env)
        if self.is_density(head) and self.usage.applied[key] + (key in self.usage.sampled):
            return self.power_of(self.bare_density(head, env), head, env)
        if key == "J":
            jacobian = self.the_jacobian(env)
            if jacobian is not None:
                return self.power_of(jacobian, head, env)
        abbreviated = self.abbreviated(head, env)
        if abbreviated is not None:
            return abbreviated
        if self.usage.listed and key in self.usage.listed and not self.usage.bare[key] and head.base in self.conventions.functions:
            raise Unclear(f"the function “{key}” stands without its argument")
        return self.power_of(self.symbol(head, env), head, env)

    def abbreviated(self: Elaborator, head: Head, env: Env) -> Term | None:
        """sigma for sigma(x), where the relation applies the letter to one and the same argument elsewhere."""
        if head.key in self.view.definitions or head.base not in self.conventions.functions:
            return None
        groups: list[Group] = []
        for tree in self.relation_nodes:
            for n in nodes(tree):
                if isinstance(n, Sequence):
                    for item, after in zip(n.items, n.items[1:]):
                        other = self.head(item, env)
                        group = self.argument_group(after)
                        if other is not None and group is not None and other.key == head.key and group not in groups:
                            groups.append(group)
        if len(groups) != 1 or head.key not in self.usage.listed:
            return None
        self.gathered.note(f"{head.key} without its argument is the same as with it")
        return self.apply(head, groups[0], env)

    def unfolds_here(self: Elaborator, definition: Definition, env: Env) -> bool:
        """A variable with a law of its own is unfolded only where the noise that makes it is integrated over."""
        if definition.parameters or definition.key not in self.usage.density_variables or env.unfolds_variables:
            return True
        inside = {h.key for n in nodes(definition.body) if isinstance(n, Name | Script) and (h := head_of(n)) is not None}
        return bool(inside & set(env.bound))

    def special_matrix(self: Elaborator, head: Head) -> Term | None:
        """I, I_n, 1_D and a bold 0."""
        if head.base == "I" and not head.superlabel and "I" not in self.view.definitions and (head.label or not head.indices):
            dim: T.Dim = self.shapes.dimension
            if head.label:
                dim = int(head.label) if head.label.isdigit() else head.label
                self.gathered.variables.setdefault(head.label, Domain(SCALAR, "dimension", declared=True)) if isinstance(dim, str) else None
            elif not self.has_vectors():
                dim = 1
            self.declare_dimension(dim)
            return T.identity(dim)
        if head.font == "bf" and head.base == "0":
            return T.zeros(self.shapes.dimension)
        return None

    def has_vectors(self: Elaborator) -> bool:
        return self.shapes.dimension_known or bool(self.shapes.kinds) or any(
            s.kind == "matrix" for s in self.shapes.declared.values()
        )

    def declare_dimension(self: Elaborator, dim: T.Dim) -> None:
        if isinstance(dim, str):
            self.gathered.variables.setdefault(dim, Domain(SCALAR, "dimension", declared=True))

    def variable_name(self: Elaborator, head: Head, env: Env) -> str:
        """The symbol's name: with an index of an unrolled sum, z_j is z_2."""
        return self.with_values(head, env).key

    def with_values(self: Elaborator, head: Head, env: Env) -> Head:
        """The head with the indices of unrolled sums as labels: z_j is z_2, h_{j-1} is h_1."""
        values: list[str] = []
        running: list[Node] = []
        for node in head.indices:
            inside = [n.text for n in nodes(node) if isinstance(n, Name)]
            if any(n in env.index_values for n in inside) and not any(n in env.indices for n in inside):
                position = self.term(node, replace(env, bound={}, values={}))
                position = T.number(whole_value(position)) if whole_value(position) is not None else position
                if position.op != "number":
                    raise Unclear("the index is not a whole number")
                values.append(str(position.data[0]))
            else:
                running.append(node)
        if not values:
            return head
        label = ",".join(values)
        return replace(head, indices=tuple(running), label=f"{head.label},{label}" if head.label else label)

    def symbol(self: Elaborator, head: Head, env: Env) -> Term:
        """A free symbol, with its domain; indexed ones are entries of an array."""
        unrolled = self.with_values(head, env)
        name, indices = unrolled.key, unrolled.indices
        sort = self.shapes.sort(head.key)
        if indices:
            limits = [self.limit_of(i, env) for i in indices]
            if sort == SCALAR or len(indices) == 2 and sort.cols == 1:
                sort = T.vector_sort(limits[0]) if len(limits) == 1 else T.matrix_sort(limits[0], limits[-1])
        self.register(name, head, sort)
        value = T.symbol(name, sort)
        return self.indexed(value, indices, env) if indices else value

    def limit_of(self: Elaborator, index: Node, env: Env) -> T.Dim:
        """How far an index runs, as a dimension."""
        name = next((n.text for n in nodes(index) if isinstance(n, Name) and n.text in env.indices), None)
        limit = self.index_limits.get(name or "")
        return limit if limit is not None else self.shapes.dimension

    @property
    def index_limits(self) -> dict[str, T.Dim]:
        limits: dict[str, T.Dim] = self.__dict__.setdefault("_index_limits", {})
        return limits

    def register(self: Elaborator, name: str, head: Head, sort: Sort) -> None:
        if name in self.gathered.variables:
            return
        for dim in (sort.rows, sort.cols):
            self.declare_dimension(dim)
        declared = self.view.domains.get(head.key) or self.view.domains.get(Head(head.base, head.font).key)
        if declared is not None:
            self.gathered.variables[name] = replace(declared, sort=sort)
            return
        kind = "real"
        if sort.kind == "matrix" and sort.cols != 1 and sort.rows == sort.cols and head.base in self.conventions.covariances:
            kind = "positive_definite"
        elif head.base in self.conventions.positive:
            kind = "positive" if sort == SCALAR else "positive_vector"
        elif sort == SCALAR and name == self.shapes.dimension and self.shapes.dimension_known:
            kind = "dimension"
        self.gathered.variables[name] = Domain(sort, kind, shape_guessed=self.shapes.guessed(head.key))

    def declare_space(self: Elaborator, name: str, space: str, env: Env) -> str:
        self.gathered.space_of[name] = space
        sort = env.bound.get(name, self.shapes.sort(name))
        self.gathered.spaces.setdefault(space, Space(sort, False, self.shapes.guessed(name)))
        return space

    def indexed(self: Elaborator, value: Term, indices: tuple[Node, ...], env: Env) -> Term:
        """An entry of a vector or matrix."""
        positions = []
        for index in indices:
            for part in self.index_parts(index):
                positions.append(self.term(part, env))
        if value.sort == SCALAR:
            raise T.ShapeError("an entry of a scalar", (value.sort,))
        if len(positions) > 2 or len(positions) == 2 and value.sort.cols == 1:
            raise T.ShapeError("too many indices", (value.sort,))
        if len(positions) == 1 and value.sort.cols != 1 and value.sort.rows != 1:
            raise Unclear("one index of a matrix is not understood")
        return T.entry(value, *positions)

    def index_parts(self, index: Node) -> tuple[Node, ...]:
        index = unwrap(index)
        if isinstance(index, Group) and not index.open:
            return index.parts
        if isinstance(index, Infix):
            raise Unclear("a range of indices is not understood here")
        return (index,)


_ = is_transpose
