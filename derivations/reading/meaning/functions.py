"""Names applied to arguments: whether they are, and what an unknown function is applied to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivations.reading.meaning.arithmetic import Arithmetic
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.parameters import Parameters
from derivations.reading.meaning.spaces import Spaces
from derivations.reading.names import Head, every_head, head_of, is_minus_one
from derivations.reading.tree import Group, Name, Node, Number, Sum
from derivations.reading.vocabulary import KNOWN_WORDS
from derivations.reading.walking import applications, nodes, unwrap
from proofs import terms as T
from proofs.records import Domain, Function
from proofs.terms import SCALAR, Sort, Term

POINT = "u"  # where a function with a prime is differentiated


class Functions(Parameters, Spaces, Arithmetic):
    """The part of the Elaborator that knows functions."""

    def is_application(self, head: Head, group: Group, env: Env) -> bool:
        """Whether name(..) applies the name rather than multiplies by what is in the brackets."""
        key = head.key
        if key in env.values or (key in env.bound and key not in env.aliases):
            return False
        if key in env.aliases:
            return True
        if group.open != "(" or self.is_squared_deviation(head, group):
            return False
        if self.is_conventional(head, group):
            return True
        if self.definition_of(head, applied=True) is not None or self.names_jacobian(head):
            return True
        if self.layers and self.layer_of_jacobian(head, group) is not None:
            return True
        if self.is_at_its_letter(head, group):
            return True
        if self.definition_of(head) is not None or self.index_definition(head) is not None:
            return False
        if group.separators:
            return True
        if self.is_density(head):
            return not self.is_factor(group)
        is_function = head.base in self.conventions.functions
        if self.has_derivative(head):
            return True
        if key in self.usage.listed and (is_function or not self.usage.bare[key]):
            return True
        holds_sum = any(isinstance(unwrap(p), Sum) for p in group.parts)
        if is_function and not holds_sum and key not in self.view.domains:
            return self.usage.applied[key] > self.usage.bare[key] or key in self.usage.listed
        return False

    def is_squared_deviation(self, head: Head, group: Group) -> bool:
        """Whether sigma^2 is a factor before brackets that hold more than a name: sigma is a number elsewhere."""
        if head.base != "sigma" or not isinstance(head.power, Number) or not self.is_number_elsewhere(head):
            return False
        if head.parameters or all(head_of(part) is not None for part in group.parts):
            return False
        return not any(h.key == head.key and h.power is None for h in self.applied_heads())

    def applied_heads(self) -> Iterator[Head]:
        """Every name of the relation with round brackets behind it."""
        for tree in self.relation_nodes:
            for item, group in applications(tree):
                head = head_of(item, is_parameter=self.is_parameter)
                if head is not None and group.open == "(":
                    yield head

    def is_at_its_letter(self, head: Head, group: Group) -> bool:
        """Whether f(x) is the f of f = x^2 + 1: a function letter before a letter of its definition; or any letter that
        is defined, before parameters: x(theta)."""
        definition = self.definition_of(head)
        if definition is not None and not definition.parameters and not isinstance(unwrap(definition.body), Number):
            parts = [self.head(part, Env()) for part in group.parts]
            if all(p is not None and p.power is None and self.conventions.is_parameter(p.name) for p in parts):
                return True
        argument = self.head(group.parts[0], Env()) if len(group.parts) == 1 else None
        if definition is None or argument is None or head.base not in self.conventions.functions:
            return False
        return any(h.key == argument.key for h in every_head(definition.body))

    def is_conventional(self, head: Head, group: Group) -> bool:
        """Whether ELBO(q) is the bound that the field calls so: the names in the brackets say of what it is."""
        definition = self.view.definitions.get(head.name)
        return definition is not None and definition.conventional and all(self.head(p, Env()) for p in group.parts)

    def has_derivative(self, head: Head) -> bool:
        """Whether h and h' are both applied in the document, as functions are."""
        plain, primed = replace(head, primes=0, power=None), replace(head, primes=1, power=None)
        return head.primes <= 1 and min(self.usage.applied[plain.key], self.usage.applied[primed.key]) > 0

    def is_factor(self, group: Group) -> bool:
        """Whether the brackets after a density hold an expression it is multiplied with: p_1 (log 2 + log p_2)."""
        first = group.parts[0]
        telling = KNOWN_WORDS | self.conventions.density_letters
        return isinstance(unwrap(first), Sum) and any(isinstance(n, Name) and n.text in telling for n in nodes(first))

    def apply(self, head: Head, group: Group, env: Env) -> Term:
        """A name applied: an alias, the sigmoid, a definition, a density, or an unknown function."""
        if head.key in env.aliases:
            aliased = self.head(env.aliases[head.key], env)
            if aliased is None:
                raise Unclear(f"“{head.key}” stands for something that cannot be applied")
            head, env = replace(aliased, power=head.power), env.without_alias(head.key)
        layer = self.layer_jacobian(head, group, env) or self.layer_call(head, group, env)
        if layer is not None:
            return layer
        if head.primes and self.is_derivative(head, group):
            return self.power_of(self.primed(head, group, env), head, env)
        if head.base == "sigma" and not head.primes and self.is_sigmoid(head):
            return self.sigmoid(head, group, env)
        is_defined = self.definition_of(head, applied=True) is not None
        is_number = self.is_number_elsewhere(head) and not (head.indices or head.label or head.parameters)
        if head.base == "sigma" and is_number and not is_defined:
            raise Unclear("whether sigma is a number or a function here")
        if self.is_at_its_letter(head, group) and self.definition_of(head, applied=True) is None:
            return self.atom(head, env)
        if self.is_conventional(head, group):
            return self.atom(head, env)
        definition = self.definition_of(head, applied=True)
        is_open = definition is not None and definition.key not in env.unfolding
        if definition is not None and is_open and (not self.is_density(head) or self.has_formula(head, definition)):
            arguments = self.definition_arguments(definition, group, env)
            value = self.unfolded(definition, arguments, env) if arguments is not None else None
            if value is not None:
                return self.power_of(value, head, env)
        if self.is_density(head):
            return self.power_of(self.density(head, group, env), head, env)
        jacobian = self.jacobian(head, group, env)
        if jacobian is not None:
            return jacobian
        return self.opaque_call(head, group, env)

    # ------------------------------------------------------------------------------------------ f'

    def is_derivative(self, head: Head, group: Group) -> bool:
        """Whether f' is the derivative of f: where f is defined or applied in the relation, and f' is not defined."""
        plain = replace(head, primes=0, power=None)
        if len(group.parts) != 1 or self.is_density(head) or self.is_density(plain):
            return False
        if self.definition_of(replace(head, power=None), applied=True) is not None:
            return False
        return self.mentions_call(plain.key) or self.definition_of(plain, applied=True) is not None

    def primed(self, head: Head, group: Group, env: Env) -> Term:
        """f'(a), f''(a): the derivative of f at a."""
        point = self.term(group.parts[0], env)
        if point.sort != SCALAR:
            raise Unclear(f"the derivative {head.key} of a vector is not understood")
        plain = replace(head, primes=0, power=None)
        argument = Group(group.span, "(", ")", (Name(group.span, POINT),))
        body = self.apply(plain, argument, env.bind(POINT, SCALAR))
        for _ in range(head.primes):
            body = T.derivative(body, POINT)
        return T.at(POINT, body, point)

    # ------------------------------------------------------------------------------------------ the sigmoid

    def is_sigmoid(self, head: Head) -> bool:
        """Whether sigma(..) is the logistic sigmoid: as declared, or where sigma is nothing else."""
        if head.parameters or head.label or head.indices:
            return False
        if head.key in self.view.sigmoid:
            return True
        if head.name in self.view.applied or head.name in self.view.later:
            return False
        return not self.is_number_elsewhere(head) and self.shapes.kind(head.key) is None

    def is_number_elsewhere(self, head: Head) -> bool:
        """Whether the letter also stands without brackets, or has a domain as numbers have: sigma > 0."""
        return self.usage.bare[head.key] > 0 or head.key in self.view.domains

    def sigmoid(self, head: Head, group: Group, env: Env) -> Term:
        if len(group.parts) != 1:
            raise Unclear("one argument was expected")
        argument = self.term(group.parts[0], env)
        if is_minus_one(head.power):
            return T.function("logit", argument)
        return self.power_of(T.function("sigmoid", argument), head, env)

    # ------------------------------------------------------------------------------------------ unknown functions

    def opaque_call(self, head: Head, group: Group, env: Env) -> Term:
        """An unknown function applied; f^{-1}(z) is its inverse."""
        inverse = is_minus_one(head.power)
        key = head.key
        main, extra = split_arguments(group)
        arguments = [self.term(p, env) for p in main]
        parameters = self.parameter_terms(key, head, extra, env)
        mapped = self.map_of(key)
        bijection = inverse or mapped is not None or key in self.view.bijections
        sort = arguments[0].sort if bijection else self.shapes.sort(key)  # a bijection keeps the shape
        spaces = tuple(self.space_of_argument(key, j, p, env) for j, p in enumerate(main))
        if inverse and mapped is not None:
            spaces = (mapped[0],)
        known = self.gathered.functions.get(key)
        record = Function(
            spaces + (None,) * len(parameters),
            tuple(a.sort for a in (*arguments, *parameters)),
            self.function_values(head, sort),
            mapped[1] if mapped is not None else self.result_spaces.get(key),
            len(parameters),
            True,
            bijection or (known is not None and known.bijection),
            key in self.view.convex,
            regular=key in self.view.regular,
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

    def as_array(self, value: Term, indices: tuple[Node, ...], env: Env) -> Term:
        """A call whose entries are taken is a vector; its shape is then known."""
        if value.op not in ("call", "call_inverse") or value.sort != SCALAR:
            return value
        sort = T.vector_sort(self.limit_of(indices[0], env))
        key = value.data[0]
        record = self.gathered.functions[key]
        self.gathered.functions[key] = replace(record, values=replace(record.values, sort=sort))
        return T.term(value.op, value.args, value.data, sort)

    def function_values(self, head: Head, sort: Sort) -> Domain:
        """Where the values of a function lie: as declared, or as the letter has it by convention."""
        declared = self.view.domains.get(head.key)
        if declared is not None and declared.kind != "real":
            return replace(declared, sort=sort)
        if head.base in self.conventions.unit_interval and sort == SCALAR:
            return Domain(sort, "unit")
        is_matrix = sort.kind == "matrix" and sort.cols != 1
        if is_matrix and head.base in self.conventions.covariances:
            return Domain(sort, "positive_definite")
        if head.base in self.conventions.positive:
            return Domain(sort, "positive" if sort == SCALAR else "positive_vector")
        return Domain(sort)


def split_arguments(group: Group) -> tuple[list[Node], list[Node]]:
    """(arguments, what follows a semicolon or a bar)."""
    main: list[Node] = []
    extra: list[Node] = []
    after = False
    for separator, part in zip(("", *group.separators), group.parts):
        after = after or separator in (";", "|")
        (extra if after else main).append(part)
    return main, extra
