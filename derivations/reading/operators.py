"""Operators and how far each reaches: log and its kin, det and trace, sums, products and integrals, optima."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivations.reading.environment import Env
from derivations.reading.names import Head, head_of, nodes, unwrap
from derivations.reading.scope import Unclear
from derivations.reading.tree import (
    BigOperator,
    Differential,
    Fraction,
    Group,
    Infix,
    Name,
    Node,
    Number,
    Script,
    Sequence,
    Sum,
)
from derivations.reading.usage import index_names
from proofs import terms as T
from proofs.records import Domain
from proofs.terms import SCALAR, Term

if TYPE_CHECKING:
    from derivations.reading.elaborate import Elaborator

Follow = tuple[Term, int]

FUNCTION_WORDS = {
    "log": "log", "ln": "log", "exp": "exp", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh",
    "tanh": "tanh", "arctan": "arctan", "atan": "arctan", "sigmoid": "sigmoid", "logit": "logit", "softplus": "softplus",
    "relu": "relu", "ReLU": "relu", "erf": "erf", "sign": "sign", "sgn": "sign",
}  # fmt: skip
MATRIX_WORDS = {"det": "det", "tr": "trace", "Tr": "trace", "trace": "trace", "Trace": "trace", "diag": "diag", "Diag": "diag"}
OPTIMA = {"max": "maximum", "sup": "maximum", "min": "minimum", "inf": "minimum", "argmax": "argmax", "argmin": "argmin"}


def open_differential(items: tuple[Node, ...], start: int, end: int) -> int:
    """The first differential that closes no integral begun after ``start``; ``end`` where there is none."""
    depth = 0
    for k in range(start, end):
        node = unwrap(items[k])
        if isinstance(node, BigOperator) and node.kind == "integral":
            depth += 1
        elif isinstance(node, Differential):
            if depth == 0:
                return k
            depth -= 1
    return end


class Operators:
    """The part of the Elaborator that knows what operators take."""

    def operator(self: Elaborator, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env) -> Follow | None:
        """The operator at items[i] with what it reaches; None where there is no operator."""
        node = unwrap(items[i])
        base = unwrap(node.base) if isinstance(node, Script) else node
        if not isinstance(base, Name) or base.text in env.values or base.text in env.bound:
            return None
        word = base.text
        if word in FUNCTION_WORDS and (len(word) > 1):
            return self.function_word(FUNCTION_WORDS[word], node, items, signs, i, env)
        if word in MATRIX_WORDS:
            return self.matrix_word(MATRIX_WORDS[word], node, items, signs, i, env)
        if self.is_expectation(node, base, items, signs, i):
            return self.expectation(node, items, signs, i, env)
        if word in ("Var", "Cov", "V") and (word != "V" or base.font == "bb"):
            return self.moment(word, node, items, signs, i, env)
        if word == "nabla":
            return self.gradient(node, items, signs, i, env)
        if word == "partial" and isinstance(node, Script) and node.sub is not None:
            return self.gradient(node, items, signs, i, env)
        if word in OPTIMA or word == "arg":
            return self.optimum(items, signs, i, env)
        return self.probability_word(node, base, items, signs, i, env)

    # ------------------------------------------------------------------------------------------ log, exp, ...

    def function_word(
        self: Elaborator, name: str, node: Node, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env
    ) -> Follow:
        power = node.sup if isinstance(node, Script) else None
        if isinstance(node, Script) and node.sub is not None:
            raise Unclear(f"a {name} with a subscript is not understood")
        argument, following = self.reached(name, items, signs, i + 1, env)
        value = T.function(name, argument)
        group = unwrap(items[i + 1])
        if isinstance(group, Script) and self.argument_group(items[i + 1]) is not None and group.sup is not None:
            value = self.raised(value, group.sup, env)  # \log(x)^2
        return (self.raised(value, power, env) if power is not None else value), following

    def reached(
        self: Elaborator, name: str, items: tuple[Node, ...], signs: tuple[str, ...], j: int, env: Env
    ) -> Follow:
        """What a function word without brackets reaches: the next factor, or the factors written together."""
        if j >= len(items):
            raise Unclear(f"nothing follows “{name}”")
        group = self.argument_group(items[j])
        if group is not None and group.open in ("(", "[", "{"):
            return self.term(group, env), j + 1
        first, following = self.factor(items, signs, j, env)
        head_node = unwrap(items[j])
        end = following
        sums = False
        while end < len(items) and signs[end - 1] == "":
            nxt = unwrap(items[end])
            if isinstance(nxt, Differential) or self.starts_operator(nxt):
                break
            if isinstance(nxt, BigOperator):
                if nxt.kind == "integral" or not isinstance(head_node, Fraction):
                    break
                sums = True
                end = len(items)
                break
            _, end = self.factor(items, signs, end, env)
        if end > following:
            together = sums or isinstance(head_node, Number) and self.all_plain(items[j:end])
            if not together:
                option = self.choices.choose(f"reach of {name}", ("the next factor", "all that is written together"))
                together = option != "the next factor"
            if together:
                stop = open_differential(items, j, end)
                return self.sequence(items[j:stop], signs[j : stop - 1], env), stop
        if following < len(items) and signs[following - 1] == "/":
            after, beyond = self.factor(items, signs, following + 0, env)
            option = self.choices.choose(f"{name} a/b", (f"{name}(a/b)", f"({name} a)/b"))
            if option == f"{name}(a/b)":
                return self.times(first, after, "/"), beyond
        return first, following

    def all_plain(self, items: tuple[Node, ...]) -> bool:
        return all(head_of(x) is not None or isinstance(unwrap(x), Number) for x in items)

    def starts_operator(self, node: Node) -> bool:
        base = unwrap(node.base) if isinstance(node, Script) else node
        return isinstance(base, Name) and (
            base.text in FUNCTION_WORDS and len(base.text) > 1
            or base.text in MATRIX_WORDS
            or base.text in ("nabla", "Var", "Cov", "KL")
            or (base.text == "E" and base.font == "bb")
        )

    # ------------------------------------------------------------------------------------------ det, tr, diag

    def matrix_word(
        self: Elaborator, op: str, node: Node, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env
    ) -> Follow:
        if i + 1 >= len(items):
            raise Unclear(f"nothing follows “{op}”")
        inner = unwrap(items[i + 1])
        group = self.argument_group(items[i + 1])
        following = i + 2
        absolute = False
        if isinstance(inner, Group) and inner.open == "|":
            # \det |J|: the absolute value of the determinant; J^T J has a determinant without bars
            argument = self.term(inner.parts[0], env)
            absolute = op == "det"
        elif isinstance(inner, Script) and isinstance(unwrap(inner.base), Group) and unwrap(inner.base).open == "|":  # type: ignore[union-attr]
            argument = self.term(unwrap(inner.base).parts[0], env)  # type: ignore[union-attr]
            absolute = op == "det"
        elif group is not None:
            argument = self.term(group, env)
        elif op == "diag":
            argument, following = self.factor(items, signs, i + 1, env)
        else:
            argument, following = self.matrix_reach(items, signs, i + 1, env)
        value = {"det": T.det, "trace": T.trace, "diag": self.diagonal_matrix}[op](argument)
        if absolute:
            value = T.function("abs", value)
        scripted = unwrap(items[i + 1])
        if following == i + 2 and isinstance(scripted, Script) and isinstance(unwrap(scripted.base), Group) and scripted.sup is not None:
            value = self.raised(value, scripted.sup, env)
        if isinstance(node, Script) and node.sup is not None:
            value = self.raised(value, node.sup, env)
        return value, following

    def diagonal_matrix(self: Elaborator, argument: Term) -> Term:
        if argument.sort.kind == "matrix" and argument.sort.cols != 1 and argument.sort.rows == argument.sort.cols:
            return argument  # diag of a matrix that is diagonal already
        return T.diag(argument)

    def matrix_reach(self: Elaborator, items: tuple[Node, ...], signs: tuple[str, ...], j: int, env: Env) -> Follow:
        """tr A B: the matrices written together."""
        value, following = self.factor(items, signs, j, env)
        while following < len(items) and signs[following - 1] == "" and value.sort != SCALAR:
            more, beyond = self.factor(items, signs, following, env)
            if more.sort == SCALAR:
                break
            value, following = self.times(value, more, ""), beyond
        return value, following

    # ------------------------------------------------------------------------------------------ sums, integrals

    def big_operator(self: Elaborator, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env) -> Follow:
        node = unwrap(items[i])
        assert isinstance(node, BigOperator)
        if node.kind == "integral":
            return self.integral(node, items, signs, i, env)
        end = open_differential(items, i + 1, len(items))
        if end == i + 1:
            raise Unclear(f"nothing follows the {node.kind} sign")
        rest, rest_signs = items[i + 1 : end], signs[i + 1 : end - 1]
        return self.sum_or_product(node, rest, rest_signs, env), end

    def sum_or_product(
        self: Elaborator, node: BigOperator, rest: tuple[Node, ...], signs: tuple[str, ...], env: Env
    ) -> Term:
        names = index_names(node.sub) if node.sub is not None else []
        if len(names) != 1:
            raise Unclear(f"it is not clear over what the {node.kind} runs")
        name = names[0]
        sub = unwrap(node.sub) if node.sub is not None else None
        body_node = rest[0] if len(rest) == 1 else Sequence(node.span, rest, signs)
        if node.kind == "sum" and node.sup is None and name in self.usage.density_variables and not isinstance(sub, Infix):
            return self.over_space(name, body_node, env, discrete=True)
        if isinstance(sub, Infix) and sub.rel != "=":
            raise Unclear(f"the range of the {node.kind} is not understood")
        lower = self.term(sub.right, env) if isinstance(sub, Infix) else T.ONE
        build = T.sum_over if node.kind == "sum" else T.product_over
        if self.unrolls(node, name, body_node, env):
            last = self.sequence_length(node, env)
            first = int(lower.data[0]) if lower.op == "number" else 1
            parts = [self.term(body_node, env.with_index_value(name, v)) for v in range(first, last + 1)]
            return self.add(parts) if node.kind == "sum" else T.mul(*parts) if len(parts) > 1 else parts[0]
        upper, limit = self.upper_limit(node, name, env)
        self.index_limits[name] = limit
        symbol = T.symbol(name)
        inner = env.with_index(name, symbol)
        return build(name, self.term(body_node, inner), lower, upper)

    def upper_limit(self: Elaborator, node: BigOperator, name: str, env: Env) -> tuple[Term, T.Dim]:
        """The upper bound of a sum, as a number and as a dimension; without one, a length of its own."""
        if node.sup is None:
            limit: T.Dim = self.shapes.dimension if self.shapes.dimension_known else f"n_{name}"
            self.gathered.variables.setdefault(str(limit), Domain(SCALAR, "dimension"))
            return (T.number(limit) if isinstance(limit, int) else T.symbol(limit)), limit
        head = head_of(node.sup)
        if head is not None and head.power is None and head.key not in env.values and head.key not in self.view.definitions:
            self.gathered.variables[head.key] = Domain(SCALAR, "dimension", declared=True)
            return T.symbol(head.key), head.key
        upper = self.term(node.sup, env)
        if upper.op == "number":
            return upper, int(upper.data[0])
        return upper, self.shapes.dimension

    def unrolls(self: Elaborator, node: BigOperator, name: str, body: Node, env: Env) -> bool:
        """A sum over independent draws z_j, or over the layers of a flow, is written out term by term."""
        if name in self.unrolled_indices():
            return True
        return False

    def unrolled_indices(self: Elaborator) -> set[str]:
        cached = self.__dict__.get("_unrolled")
        if cached is None:
            cached = set()
            trees = list(self.relation_nodes)
            for tree in trees:
                for n in nodes(tree):
                    if isinstance(n, BigOperator) and n.kind in ("sum", "product") and n.sub is not None:
                        for name in index_names(n.sub):
                            if self.runs_over_draws(name, trees):
                                cached.add(name)
            self.__dict__["_unrolled"] = cached
        return cached

    def runs_over_draws(self: Elaborator, name: str, trees: list[Node]) -> bool:
        """Whether the index numbers draws of a random variable (z_j in p(x, z_j)) or the layers of a flow."""
        layered = {s for s, _, _ in self.view.chain_ends}
        for tree in trees:
            for n in nodes(tree):
                if isinstance(n, Script) and layered:
                    head = head_of(n, is_index=lambda x: x == name)
                    if head is not None and head.indices and Head(head.base, head.font).key in layered:
                        return True
                if isinstance(n, Sequence):
                    for item, after in zip(n.items, n.items[1:]):
                        head, group = head_of(item, is_parameter=self.is_parameter), self.argument_group(after)
                        if head is None or group is None or not self.is_density(head):
                            continue
                        for part in group.parts:
                            argument = head_of(part, is_index=lambda x: x == name)
                            if argument is not None and argument.indices:
                                return True
        return False

    def sequence_length(self: Elaborator, node: BigOperator, env: Env) -> int:
        from derivations.reading.elaborate import INSTANCE

        if node.sup is not None:
            sup = unwrap(node.sup)
            if isinstance(sup, Number):
                return int(sup.text)
            head = head_of(sup)
            if head is not None and head.key in self.instances():
                return self.instances()[head.key]
        self.gathered.instance = self.gathered.instance or f"with {INSTANCE} terms in the sum"
        return INSTANCE

    def instances(self: Elaborator) -> dict[str, int]:
        """Lengths of unrolled sequences: k in z_{1:k} and in the sum over j up to k."""
        from derivations.reading.elaborate import INSTANCE

        cached = self.__dict__.get("_instances")
        if cached is None:
            cached = {}
            unrolled = self.unrolled_indices()
            for tree in self.relation_nodes:
                for n in nodes(tree):
                    if isinstance(n, BigOperator) and n.sub is not None and n.sup is not None:
                        head = head_of(n.sup)
                        if head is not None and set(index_names(n.sub)) & unrolled:
                            cached[head.key] = INSTANCE
                    if isinstance(n, Group) and ":" in n.separators and len(n.parts) == 2:
                        head = head_of(n.parts[1])
                        if head is not None:
                            cached[head.key] = INSTANCE
            if cached:
                self.gathered.instance = ", ".join(f"{k} = {v}" for k, v in cached.items())
            self.__dict__["_instances"] = cached
        return cached

    def integral(
        self: Elaborator, node: BigOperator, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env
    ) -> Follow:
        if i + 1 < len(items) and isinstance(unwrap(items[i + 1]), Sequence):
            # \\int{p(x) dx}: the braces only group
            braced = unwrap(items[i + 1])
            assert isinstance(braced, Sequence)
            if any(isinstance(unwrap(x), Differential) for x in braced.items):
                items = (*items[: i + 1], *braced.items, *items[i + 2 :])
                signs = (*signs[: i + 1], *braced.signs, *signs[i + 1 :])
                value, following = self.integral(node, items, signs, i, env)
                if following >= i + 1 + len(braced.items):
                    return value, following - len(braced.items) + 1
                raise Unclear("the braces after the integral sign are not understood")
        depth, end = 1, None
        for k in range(i + 1, len(items)):
            inner = unwrap(items[k])
            if isinstance(inner, BigOperator) and inner.kind == "integral":
                depth += 1
            elif isinstance(inner, Differential):
                depth -= 1
                if depth == 0:
                    end = k
                    break
        if end is not None:
            variable = unwrap(items[end]).variable  # type: ignore[union-attr]
            if end == i + 1:
                if end + 1 >= len(items):
                    body_node: Node = Number(node.span, "1")
                    following = end + 1
                else:
                    rest = items[end + 1 :]
                    body_node = rest[0] if len(rest) == 1 else Sequence(node.span, rest, signs[end + 1 :])
                    following = len(items)
            else:
                rest = items[i + 1 : end]
                body_node = rest[0] if len(rest) == 1 else Sequence(node.span, rest, signs[i + 1 : end - 1])
                following = end + 1
            return self.integrate(node, variable, body_node, env), following
        rest = items[i + 1 :]
        if len(rest) == 1 and isinstance(unwrap(rest[0]), Sum):
            closing = self.trailing_differential(unwrap(rest[0]))  # type: ignore[arg-type]
            if closing is not None:
                body, variable = closing
                return self.integrate(node, variable, body, env), len(items)
        body_node = rest[0] if len(rest) == 1 else Sequence(node.span, rest, signs[i + 1 :])
        if not rest:
            raise Unclear("nothing follows the integral sign")
        names = sorted(self.integral_names(node, rest))
        if len(names) != 1:
            raise Unclear("the integral has no differential, and its variable is not clear")
        self.gathered.note(f"the integral without a differential is over {names[0]}")
        return self.integrate(node, Name(node.span, names[0]), body_node, env), len(items)

    def trailing_differential(self, total: Sum) -> tuple[Node, Node] | None:
        """The sum without the differential that ends its last term, and that differential's variable."""
        last = unwrap(total.terms[-1])
        if isinstance(last, Sequence) and isinstance(unwrap(last.items[-1]), Differential):
            items = last.items[:-1]
            trimmed = items[0] if len(items) == 1 else Sequence(last.span, items, last.signs[:-1])
            variable = unwrap(last.items[-1]).variable  # type: ignore[union-attr]
            return Sum(total.span, (*total.terms[:-1], trimmed), total.signs), variable
        return None

    def integral_names(self: Elaborator, operator: BigOperator, after: tuple[Node, ...]) -> set[str]:
        """The variable of an integral without a differential: below the sign, or the outcome of its densities."""
        if operator.sub is not None:
            sub = unwrap(operator.sub)
            if isinstance(sub, Infix) and sub.rel in ("~", "in"):
                sub = unwrap(sub.left)
            head = head_of(sub)
            if head is not None and head.font != "bb" and operator.sup is None:
                return {head.base}
        outcomes: set[str] = set()
        for item in after:
            for n in nodes(item):
                if isinstance(n, Sequence):
                    for first, second in zip(n.items, n.items[1:]):
                        outcomes |= self.outcome_names(first, second)
                if isinstance(n, BigOperator | Differential):
                    break
        for first, second in zip(after, after[1:]):
            outcomes |= self.outcome_names(first, second)
        return outcomes

    def outcome_names(self: Elaborator, first: Node, second: Node) -> set[str]:
        head = head_of(first, is_parameter=self.is_parameter)
        group = self.argument_group(second)
        if head is None or group is None or not self.is_density(head):
            return set()
        found = set()
        for k, part in enumerate(group.parts):
            if k and group.separators[k - 1] in ("|", ";"):
                break
            arg = head_of(part)
            if arg is not None:
                found.add(arg.base)
        return found if len(found) == 1 else set()

    def integrate(self: Elaborator, node: BigOperator, variable: Node, body: Node, env: Env) -> Term:
        head = self.head(variable, env)
        if head is None or head.power is not None:
            raise Unclear("the variable of integration is not understood")
        name = self.variable_name(head, env)
        lower, upper = self.bounds(node, env)
        return self.over_space(name, body, env, lower=lower, upper=upper, base=head.base)

    def over_space(
        self: Elaborator,
        name: str,
        body: Node,
        env: Env,
        *,
        discrete: bool = False,
        lower: Term | None = None,
        upper: Term | None = None,
        base: str | None = None,
    ) -> Term:
        sort = self.shapes.sort(base or name) if (base or name) in self.shapes.kinds or (base or name) in self.shapes.declared else self.shapes.sort(name)
        inner = env.bind(name, sort)
        root = base or name
        if root in self.usage.density_variables:
            space = self.declare_space(name, root.lower(), inner)
            if discrete:
                from dataclasses import replace

                self.gathered.spaces[space] = replace(self.gathered.spaces[space], discrete=True)
        value = self.term(body, inner)
        for factor in value.args if value.op == "mul" else (value,):
            if factor.op == "pdf" and factor.args[1].op == "symbol" and factor.args[1].data == (name,) and len(factor.args) == 2:
                self.law_memory.setdefault(name, factor.args[0])
        return T.integral(name, value, lower, upper)

    def bounds(self: Elaborator, node: BigOperator, env: Env) -> tuple[Term | None, Term | None]:
        """Finite bounds; none where the integral runs over the whole space."""
        if node.sub is None or node.sup is None:
            return None, None
        lower, upper = self.term(node.sub, env), self.term(node.sup, env)
        infinite = [any(t.op == "constant" and t.data == ("infinity",) for t in T.walk(x)) for x in (lower, upper)]
        if all(infinite):
            return None, None
        return lower, upper

    # ------------------------------------------------------------------------------------------ optima

    def optimum(self: Elaborator, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env) -> Follow:
        node = unwrap(items[i])
        base = unwrap(node.base) if isinstance(node, Script) else node
        word = base.text  # type: ignore[union-attr]
        if word == "arg":
            if i + 1 >= len(items):
                raise Unclear("“arg” stands alone")
            i += 1
            node = unwrap(items[i])
            inner = unwrap(node.base) if isinstance(node, Script) else node
            word = "arg" + (inner.text if isinstance(inner, Name) else "")
        if word not in OPTIMA or i + 1 >= len(items):
            raise Unclear(f"what “{word}” optimises is not understood")
        below = None
        if isinstance(node, Script):
            below = node.sub or node.under
        head = head_of(below) if below is not None else None
        if head is None:
            raise Unclear(f"over what “{word}” is taken is not understood")
        rest = items[i + 1 :]
        body = self.term(rest[0], env) if len(rest) == 1 else self.sequence(rest, signs[i + 1 :], env)
        return T.term(OPTIMA[word], (body,), (head.key,), body.sort), len(items)
