"""Densities and laws: which joint density a written p(x|z) belongs to, and what KL, E and Var are taken under."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derivations.reading.environment import Env
from derivations.reading.names import Head, head_of, heads, nodes, unwrap
from derivations.reading.operators import open_differential
from derivations.reading.scope import Unclear
from derivations.reading.tree import Decorated, Fraction, Group, Infix, Name, Node, Number, Script, Sequence, Sum
from derivations.reading.usage import survey
from proofs import terms as T
from proofs.records import Domain, Space
from proofs.terms import SCALAR, Sort, Term

if TYPE_CHECKING:
    from derivations.reading.elaborate import Elaborator

Follow = tuple[Term, int]

# word -> (law of the language, number of parameters)
LAW_WORDS = {
    "N": ("normal", 2), "Normal": ("normal", 2), "Bern": ("bernoulli", 1), "Bernoulli": ("bernoulli", 1), "U": ("uniform", 2),
    "Unif": ("uniform", 2), "Uniform": ("uniform", 2), "Exponential": ("exponential", 1), "Exp": ("exponential", 1), "Gamma": ("gamma", 2),
    "Beta": ("beta", 2), "Poisson": ("poisson", 1), "Pois": ("poisson", 1), "Laplace": ("laplace", 2), "Cat": ("categorical", 1),
    "Categorical": ("categorical", 1),
}  # fmt: skip
DIVERGENCES = {"KL": "kl", "JSD": "jsd", "JS": "jsd"}


class Densities:
    """The part of the Elaborator that knows laws."""

    # ------------------------------------------------------------------------------------------ letters

    def is_density(self: Elaborator, head: Head) -> bool:
        key = head.key
        if head.font in ("cal", "bb") or head.base in LAW_WORDS and head.base != "U":
            return False
        if key in self.usage.conditioned and head.base not in self.conventions.functions:
            return True
        if head.base not in self.conventions.density_letters:
            return key in self.usage.sampled and len(head.base) == 1 and head.base not in self.conventions.functions
        return key in self.usage.listed or key in self.usage.conditioned or key in self.usage.sampled

    def density_key(self: Elaborator, head: Head) -> str:
        """The letter of the joint density: a capital is its small letter, bold and parameters do not count."""
        key = replace(head, base=head.base.lower(), font="", label=head.label.lower(), power=None, indices=(), parameters=()).key
        return self.view.equal_families.get(key, key)

    def density_variable(self: Elaborator, letter: str, node: Node, position: int, count: int, env: Env, label: str) -> str:
        """The space of an argument of a density."""
        head = self.head(node, env)
        if count == 1 and label and label.lower() in self.label_spaces():
            return label.lower()
        if head is not None and head.power is None:
            base = Head(head.base, head.font).key
            definition = self.view.definitions.get(head.key)
            if base in self.usage.density_variables or definition is None:
                return base.lower()
        mapped = self.image_space(node, env)
        if mapped is not None:
            return mapped
        single = {o[0] for (o, _), _ in self.usage.signatures.get(letter, {}).items() if len(o) == 1}
        if count == 1 and len(single) == 1:
            return next(iter(single))
        raise Unclear(f"of which variable “{letter}” is the density here is not clear")

    def label_spaces(self: Elaborator) -> set[str]:
        names = {v.lower() for v in self.usage.density_variables}
        for m in self.view.maps:
            names |= {m.input, m.output}
        return names

    def image_space(self: Elaborator, node: Node, env: Env) -> str | None:
        """The space of f(x) or f^{-1}(z) for a declared map z = f(x)."""
        node = unwrap(node)
        if not isinstance(node, Sequence) or len(node.items) != 2:
            return None
        head = self.head(node.items[0], env)
        if head is None:
            return None
        mapped = self.map_of(head.key)
        if mapped is not None:
            return mapped[1] if head.power is None else mapped[0]
        return self.result_space(head.key)

    # ------------------------------------------------------------------------------------------ densities

    def density(self: Elaborator, head: Head, group: Group, env: Env) -> Term:
        """p(x|z; theta): the density of its law at its outcomes."""
        letter, outcomes, points, law = self.family_of(head, group, env)
        return T.pdf(law, *points)

    def family_of(
        self: Elaborator, head: Head, group: Group, env: Env
    ) -> tuple[str, tuple[str, ...], tuple[Term, ...], Term]:
        letter = self.density_key(head)
        outcome_nodes: list[Node] = []
        given_nodes: list[Node] = []
        parameter_nodes: list[Node] = []
        where = outcome_nodes
        for separator, part in zip(("", *group.separators), group.parts):
            if separator in ("|", "||"):
                if where is not outcome_nodes:
                    raise Unclear("two conditioning bars")
                where = given_nodes
            elif separator == ";":
                where = parameter_nodes
            part_head = self.head(part, env)
            is_parameter = (
                part_head is not None
                and where is not outcome_nodes
                and self.is_parameter(part_head.base)
                and part_head.base not in env.bound
                and not self.is_outcome(letter, part_head.base)
            )
            (parameter_nodes if is_parameter else where).append(part)
        count = len(outcome_nodes)
        outcomes = [self.density_variable(letter, n, j, count, env, head.label) for j, n in enumerate(outcome_nodes)]
        givens = [self.density_variable(letter, n, j, 2, env, "") for j, n in enumerate(given_nodes)]
        if len(set(outcomes + givens)) != len(outcomes + givens):
            outcomes = [self.full_name(n, o, env) for n, o in zip(outcome_nodes, outcomes)]
            givens = [self.full_name(n, o, env) for n, o in zip(given_nodes, givens)]
            if len(set(outcomes + givens)) != len(outcomes + givens):
                raise Unclear(f"“{letter}(..)” has one variable twice")
        points = [self.point(n, s, env) for n, s in zip(outcome_nodes, outcomes)]
        values = [self.point(n, s, env) for n, s in zip(given_nodes, givens)]
        parameters = self.parameter_terms(letter, head, parameter_nodes, env)
        law, order = self.family_law(letter, outcomes, givens, values, parameters, env)
        return letter, tuple(outcomes[k] for k in order), tuple(points[k] for k in order), law

    def is_outcome(self: Elaborator, letter: str, name: str) -> bool:
        """Whether theta is a random variable here: p(z, theta | x)."""
        return any(name in outcomes for outcomes, _ in self.usage.signatures.get(letter, {}))

    def full_name(self: Elaborator, node: Node, fallback: str, env: Env) -> str:
        head = self.head(node, env)
        return fallback if head is None else self.variable_name(head, env).lower()

    def point(self: Elaborator, node: Node, space: str, env: Env) -> Term:
        head = self.head(node, env)
        if head is not None and head.power is None:
            name = self.variable_name(head, env)
            value = self.atom(head, env)
            if value.op == "symbol" and value.data[0] == name:
                self.declare_space(name, space, env)
            return value
        return self.term(node, env)

    def family_law(
        self: Elaborator,
        letter: str,
        outcomes: list[str],
        givens: list[str],
        values: list[Term],
        parameters: tuple[Term, ...],
        env: Env,
    ) -> tuple[Term, list[int]]:
        """The law of the outcomes, in one canonical order, and that order; q(z) may be short for q(z|x)."""
        if not givens and letter[0] == "q":
            fuller = [
                g
                for (o, g) in self.usage.signatures.get(letter, {})
                if set(o) == set(outcomes) and g and not set(g) & set(outcomes)
            ]
            if fuller and len({frozenset(g) for g in fuller}) == 1:
                option = self.choices.choose(
                    f"{letter}({', '.join(outcomes)}) beside {letter}({', '.join(outcomes)}|{', '.join(fuller[0])})",
                    ("the same law", "the marginal law"),
                )
                if option == "the same law":
                    givens = list(fuller[0])
                    values = [self.given_symbol(g, env) for g in givens]
        mapped = self.mapped_letter(letter, outcomes, givens)
        if mapped is not None:
            letter = mapped
        order = sorted(range(len(outcomes)), key=lambda k: outcomes[k])
        given_order = sorted(range(len(givens)), key=lambda k: givens[k])
        outcome_names = tuple(outcomes[k] for k in order)
        given_names = tuple(givens[k] for k in given_order)
        self.gathered.families.setdefault(letter, set()).update(outcome_names + given_names)
        for space in outcome_names + given_names:
            if space not in self.gathered.spaces:
                self.gathered.spaces[space] = Space(self.shapes.sort(space), False, self.shapes.guessed(space))
        self.gathered.family_parameters.setdefault(
            letter, tuple(str(p.data[0]) for p in parameters if p.op == "symbol")
        )
        self.push(letter, outcome_names)
        law = T.family(letter, outcome_names, given_names, [values[k] for k in given_order], parameters)
        declared = self.declared_law(letter, outcome_names, given_names, env)
        if declared is not None:
            given_symbols = tuple(T.symbol(g, v.sort) for g, v in zip(given_names, [values[k] for k in given_order]))
            del given_symbols
            self.gathered.family_laws.setdefault(letter, {})[(outcome_names, given_names)] = declared
            if self.use_laws:
                return declared, order
        return law, order

    def given_symbol(self: Elaborator, space: str, env: Env) -> Term:
        for name, bound_space in self.gathered.space_of.items():
            if bound_space == space and (name in env.bound or name in self.gathered.variables):
                return T.symbol(name, env.bound.get(name, self.shapes.sort(name)))
        name = next((v for v in sorted(self.usage.density_variables) if v.lower() == space), space)
        return self.symbol(Head(name), env)

    def mapped_letter(self: Elaborator, letter: str, outcomes: list[str], givens: list[str]) -> str | None:
        """Where z = f(x) is declared, p(x) and p(z) are two densities under one letter."""
        if len(outcomes) != 1 or givens:
            return None
        for first, last in self.ends():
            if outcomes[0] in (first, last):
                signatures = {o[0] for (o, g) in self.usage.signatures.get(letter, {}) if len(o) == 1 and not g}
                if {first, last} <= signatures:
                    return f"{letter}_{outcomes[0]}"
        return None

    def push(self: Elaborator, letter: str, outcomes: tuple[str, ...]) -> None:
        """Note that a density is that of a function of another variable: z = f(x), or p_g of G(z)."""
        if len(outcomes) != 1 or letter in self.gathered.pushforwards or self.push_flow(letter, outcomes[0]):
            return
        for m in self.view.maps:
            if m.output != outcomes[0]:
                continue
            base = letter[: -len(m.output)] if letter.endswith(f"_{m.output}") else None
            if base is not None:
                source = f"{base}{m.input}"
                self.gathered.pushforwards[letter] = (m.function, source, m.input)
                self.gathered.families.setdefault(source, set()).add(m.input)
                return
        for sampled in self.view.reparameterisations:
            if sampled.letter == letter and sampled.outcome == outcomes[0]:
                return
        letters = [letter, *(a for a, b in self.view.equal_families.items() if b == letter)]
        labels = [name.split("_", 1)[1] for name in letters if "_" in name]
        for generator in [g for label in labels for g in self.conventions.generated.get(label, ())]:
            calls = self.usage.call_arguments.get(generator, {})
            for noise in calls:
                if noise in self.conventions.noise and self.mentions_call(generator):
                    source = f"p_{noise}" if any(k.lower() == f"p_{noise}" for k in self.usage.counts) else "p"
                    self.gathered.pushforwards[letter] = (generator, source, noise)
                    self.gathered.families.setdefault(source, set()).add(noise)
                    self.gathered.spaces.setdefault(noise, Space(self.shapes.sort(noise), False, self.shapes.guessed(noise)))
                    self.gathered.note(f"{letter} is the law of {generator}({noise}), {noise} ~ {source}")
                    return

    def mentions_call(self: Elaborator, name: str) -> bool:
        return any(
            isinstance(n, Sequence)
            and any(
                (h := head_of(item, is_parameter=self.is_parameter)) is not None
                and h.key == name
                and self.argument_group(after) is not None
                for item, after in zip(n.items, n.items[1:])
            )
            for tree in self.relation_nodes
            for n in nodes(tree)
        )

    @property
    def use_laws(self) -> bool:
        return bool(self.__dict__.get("_use_laws", False))

    def declared_law(
        self: Elaborator, letter: str, outcomes: tuple[str, ...], givens: tuple[str, ...], env: Env
    ) -> Term | None:
        for declaration in reversed(self.view.laws):
            if declaration.letter is None or self.view.equal_families.get(declaration.letter, declaration.letter) != letter:
                continue
            if declaration.outcomes and (tuple(sorted(declaration.outcomes)) != outcomes or tuple(sorted(declaration.givens)) != givens):
                continue
            sort = self.shapes.sort(outcomes[0]) if outcomes else SCALAR
            plain = replace(env, bound={k: v for k, v in env.bound.items() if k not in outcomes}, values={}, aliases={})
            try:
                return self.law(declaration.law, plain, sort)[1]
            except (Unclear, T.ShapeError):
                return None
        return None

    def bare_density(self: Elaborator, head: Head, env: Env) -> Term:
        """A density that stands without its argument is taken at the variable around it."""
        outcome = None
        signatures = self.usage.signatures.get(self.density_key(head), {})
        for name in reversed(env.bound):
            space = self.gathered.space_of.get(name, name.lower())
            if any(o == (space,) for o, _ in signatures):
                outcome = space
                break
        names, law = self.bare_law(head, env, outcome)
        points = []
        for space in names:
            bound = [n for n in env.bound if self.gathered.space_of.get(n, n.lower()) == space]
            if bound:
                points.append(T.symbol(bound[-1], env.bound[bound[-1]]))
            else:
                points.append(self.given_symbol(space, env))
        return T.pdf(law, *points)

    def bare_law(self: Elaborator, head: Head, env: Env, outcome: str | None = None) -> tuple[tuple[str, ...], Term]:
        """The law that a density letter without arguments means: the way it is used elsewhere in the document."""
        letter = self.density_key(head)
        here = self.relation_signatures().get(letter, {})
        signatures = here if any(outcome is None or s[0] == (outcome,) for s in here) else self.usage.signatures.get(letter, {})
        options = [s for s in signatures if outcome is None or s[0] == (outcome,)]
        if options:
            options.sort(key=lambda s: (-signatures[s], len(s[0]), s))
            outcomes, givens = options[0]
        else:
            bound = [self.gathered.space_of.get(n, n.lower()) for n in env.bound]
            label = head.label.lower()
            default = label if label in self.label_spaces() else "x"
            outcomes, givens = ((outcome or (bound[-1] if bound else default)),), ()
        parameters = self.parameter_terms(letter, head, [], env)
        values = [self.given_symbol(g, env) for g in givens]
        law, order = self.family_law(letter, list(outcomes), list(givens), values, parameters, env)
        return tuple(outcomes[k] for k in order), law

    def relation_signatures(self: Elaborator):
        """How the density letters are used in this very relation."""
        cached = self.__dict__.get("_signatures")
        if cached is None:
            local = survey(self.relation_nodes, self.conventions)
            cached = local.signatures
            self.__dict__["_signatures"] = cached
        return cached

    # ------------------------------------------------------------------------------------------ laws

    def law(self: Elaborator, node: Node, env: Env, sort: Sort | None = None, outcome: str | None = None) -> tuple[tuple[str, ...], Term]:
        """A law as written: N(m, S), p_data, q(z|x), (p+q)/2.  Gives its outcomes (names of spaces, if any) too."""
        node = unwrap(node)
        if isinstance(node, Group) and len(node.parts) == 1 and node.open in ("(", "[", "{", ""):
            return self.law(node.parts[0], env, sort, outcome)
        if isinstance(node, Sequence) and len(node.items) == 2:
            head = self.head(node.items[0], env)
            group = self.argument_group(node.items[1])
            if head is not None and group is not None and not isinstance(unwrap(node.items[1]), Script):
                known = self.known_law(head, group, env, sort)
                if known is not None:
                    return (), known
                if self.is_density(head):
                    _, outcomes, _, law = self.family_of(head, group, env)
                    return outcomes, law
        if isinstance(node, Script) and node.sub is not None:
            # p_{data(x)} and p_{G(x)}: the argument slipped into the subscript
            slipped = unwrap(node.sub)
            if isinstance(slipped, Sequence) and isinstance(unwrap(slipped.items[-1]), Group):
                labels = slipped.items[:-1]
                sub = labels[0] if len(labels) == 1 else Sequence(slipped.span, labels, slipped.signs[:-1])
                return self.law(
                    Sequence(node.span, (Script(node.span, node.base, sub), slipped.items[-1]), ("",)), env, sort, outcome
                )
        head = self.head(node, env)
        if head is not None and head.key in env.aliases:
            return self.law(env.aliases[head.key], env, sort, outcome)
        if head is not None and self.is_density(head):
            return self.bare_law(head, env, outcome)
        if isinstance(node, Fraction | Sum | Sequence):
            return self.mixture(node, env, outcome)
        raise Unclear("this is not understood as a distribution")

    def mixture(self: Elaborator, node: Node, env: Env, outcome: str | None) -> tuple[tuple[str, ...], Term]:
        """A density written as an expression of densities, (p + q)/2."""
        found: str | None = outcome
        for n in nodes(node):
            if found is None and isinstance(n, Name | Script):
                head = self.head(n, env)
                if head is not None and self.is_density(head):
                    outcomes, _ = self.bare_law(head, env)
                    if len(outcomes) == 1:
                        found = outcomes[0]
        if found is None:
            raise Unclear("this is not understood as a distribution")
        name = next((v for v in self.usage.density_variables if v.lower() == found), found)
        sort = self.shapes.sort(name)
        inner = env.bind(name, sort)
        self.declare_space(name, found, inner)
        body = self.term(node, inner)
        if body.sort != SCALAR:
            raise Unclear("this is not understood as a distribution")
        return (found,), T.term("with_density", (body,), (name,), T.LAW)

    def known_law(self: Elaborator, head: Head, group: Group, env: Env, sort: Sort | None) -> Term | None:
        """N(m, S), Bern(k), Unif({1,2}), ...; None where the name is no law."""
        if head.base not in LAW_WORDS or head.label or head.base == "U" and head.key in self.view.definitions:
            return None
        if head.base in ("N", "U", "Exp") and head.font not in ("cal", "rm") and self.usage.counts[f"cal {head.base}"]:
            return None
        op, count = LAW_WORDS[head.base]
        parts = list(group.parts)
        if len(parts) == count + 1 and op != "uniform":
            parts = parts[1:]  # N(x; m, S) as a law
        if op == "uniform" and len(parts) == 1:
            only = unwrap(parts[0])
            if isinstance(only, Group) and only.open == "{":
                return T.term("uniform_choice", [self.term(p, env) for p in only.parts], (), T.LAW)
            if isinstance(only, Group) and len(only.parts) == 2:
                parts = list(only.parts)
        if len(parts) != count:
            return None
        if op == "normal":
            return self.normal_law(parts[0], parts[1], env, sort)
        arguments = [self.term(p, env) for p in parts]
        for argument, part in zip(arguments, parts):
            self.restrict(op, argument, part)
        return T.law(op, *arguments)

    def restrict(self: Elaborator, op: str, argument: Term, part: Node) -> None:
        """A parameter of a law lies where the law is defined: a probability in (0, 1), a rate above 0."""
        kind = {"bernoulli": "unit", "exponential": "positive", "gamma": "positive", "beta": "positive", "poisson": "positive"}.get(op)
        if kind is None:
            return
        root = argument
        while root.op == "entry":
            root = root.args[0]
        if root.op == "symbol" and root.data[0] in self.gathered.variables:
            domain = self.gathered.variables[root.data[0]]
            if domain.kind == "real":
                self.gathered.variables[root.data[0]] = replace(domain, kind=kind)
        if root.op == "call" and root.data[0] in self.gathered.functions:
            function = self.gathered.functions[root.data[0]]
            if function.values.kind == "real":
                self.gathered.functions[root.data[0]] = replace(function, values=replace(function.values, kind=kind))

    def normal_law(self: Elaborator, mean_node: Node, cov_node: Node, env: Env, sort: Sort | None) -> Term:
        mean, cov = self.term(mean_node, env), self.term(cov_node, env)
        if not self.is_variance(cov_node, cov, env):
            option = self.choices.choose("second argument of N", ("variance", "standard deviation"))
            if option == "standard deviation":
                cov = self.squared(cov)
        if T.is_number(mean, 0):
            if sort is not None and sort.kind == "matrix" and sort.cols == 1:
                mean = T.zeros(sort.rows)
            elif cov.sort.kind == "matrix":
                mean = T.zeros(cov.sort.rows)
        n = mean.sort.rows
        if mean.sort != SCALAR:
            if cov.op == "identity" and cov.sort.rows != n:
                cov = T.identity(n)
            if cov.sort == SCALAR:
                cov = T.mul(cov, T.identity(n)) if not T.is_number(cov, 1) else T.identity(n)
            elif cov.sort.cols == 1:
                cov = T.diag(cov)
        elif cov.op == "identity":
            cov = T.ONE
        return T.normal(mean, cov)

    def is_variance(self: Elaborator, node: Node, cov: Term, env: Env) -> bool:
        """Whether the notation settles that the second argument is a variance: a square, I, a number, a matrix letter."""
        node = unwrap(node)
        if any(
            isinstance(n, Script) and n.sup is not None and any(isinstance(x, Number) and x.text == "2" for x in nodes(n.sup))
            for n in nodes(node)
        ):
            return True
        if isinstance(node, Number) or cov.op in ("identity", "number") or cov.op == "mul" and any(a.op == "identity" for a in cov.args):
            return True
        if cov.op == "diag":
            return False
        if cov.sort.kind == "matrix" and cov.sort.cols != 1:
            return True
        head = self.head(node.items[0] if isinstance(node, Sequence) else node, env)
        return head is not None and head.base in self.conventions.covariances

    def squared(self, cov: Term) -> Term:
        if cov.op == "diag":
            return T.diag(T.power(cov.args[0], T.TWO))
        if cov.sort.kind == "matrix" and cov.sort.cols != 1:
            return T.mul(cov, cov)
        return T.power(cov, T.TWO)

    # ------------------------------------------------------------------------------------------ KL, H, P

    def probability_word(
        self: Elaborator, node: Node, base: Name, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env
    ) -> Follow | None:
        head = self.head(node, env)
        if head is None or i + 1 >= len(items) or signs[i] != "":
            return None
        group = self.argument_group(items[i + 1])
        if group is None:
            return None
        divergence = DIVERGENCES.get(head.base) or (DIVERGENCES.get(head.label) if head.base in ("D", "d") else None)
        if divergence is not None and not isinstance(unwrap(items[i + 1]), Script):
            return self.divergence(divergence, group, env), i + 2
        if head.base == "H" and not isinstance(unwrap(items[i + 1]), Script) and self.names_laws(group, env):
            laws = [self.law(p, env)[1] for p in group.parts]
            if len(laws) == 1:
                return T.term("entropy", laws), i + 2
            if len(laws) == 2 and group.separators == (",",):
                return T.term("cross_entropy", laws), i + 2
            raise Unclear("this entropy is not understood")
        if head.base in ("P", "Pr") and len(group.parts) == 1 and isinstance(unwrap(group.parts[0]), Infix):
            return self.probability(unwrap(group.parts[0]), env), i + 2  # type: ignore[arg-type]
        if head.base in LAW_WORDS and group.separators[:1] in ((";",), ("|",)):
            op, count = LAW_WORDS[head.base]
            if len(group.parts) == count + 1:
                point = self.term(group.parts[0], env)
                law = self.known_law(head, group, env, point.sort)
                if law is not None:
                    self.outcome_domain(op, point)
                    return self.after_group(T.pdf(law, point), items, i, env)
        if head.base == "N" and head.font == "cal" and len(group.parts) == 2:
            law = self.known_law(head, group, env, None)
            if law is not None:
                return self.after_group(T.pdf(law, self.ambient_point(law, env)), items, i, env)
        if head.base == "1" or head.base == "indicator":
            if head.font == "bb" or group.open == "{":
                return T.indicator(self.statement(group, env)), i + 2
        return None

    def after_group(self: Elaborator, value: Term, items: tuple[Node, ...], i: int, env: Env) -> Follow:
        scripted = unwrap(items[i + 1])
        if isinstance(scripted, Script) and scripted.sup is not None:
            value = self.raised(value, scripted.sup, env)
        return value, i + 2

    def ambient_point(self: Elaborator, law: Term, env: Env) -> Term:
        """\\log N(m, S) under an expectation over x is the log-density at x."""
        sort = law.args[0].sort
        fitting = [n for n, s in env.bound.items() if s == sort]
        if not fitting:
            raise Unclear("at which point this normal density is taken is not written")
        self.gathered.note(f"a normal density without a point is taken at {fitting[-1]}")
        return T.symbol(fitting[-1], sort)

    def outcome_domain(self: Elaborator, op: str, point: Term) -> None:
        """An outcome of a Bernoulli law is 0 or 1."""
        root = point
        while root.op == "entry":
            root = root.args[0]
        if op == "bernoulli" and root.op == "symbol" and root.data[0] in self.gathered.variables:
            domain = self.gathered.variables[root.data[0]]
            self.gathered.variables[root.data[0]] = replace(domain, kind="binary", declared=True)

    def names_laws(self: Elaborator, group: Group, env: Env) -> bool:
        for part in group.parts:
            part = unwrap(part)
            first = part.items[0] if isinstance(part, Sequence) else part
            head = self.head(first, env)
            if head is None or not (self.is_density(head) or head.base in LAW_WORDS):
                return False
        return True

    def divergence(self: Elaborator, op: str, group: Group, env: Env) -> Term:
        if len(group.parts) != 2:
            raise Unclear("a divergence is between two distributions")
        first_outcomes, first = self.law(group.parts[0], env)
        hint = first_outcomes[0] if len(first_outcomes) == 1 else None
        sort = first.args[0].sort if first.op == "normal" else self.shapes.sort(hint) if hint else None
        second_outcomes, second = self.law(group.parts[1], env, sort, hint)
        if first_outcomes and second_outcomes and set(first_outcomes) != set(second_outcomes):
            raise Unclear("the two distributions of the divergence are over different variables")
        if second_outcomes and not first_outcomes and first.op == "normal":
            pass
        return T.term(op, (first, second))

    def probability(self: Elaborator, event: Infix, env: Env) -> Term:
        variables = self.random_variables(event, env)
        if not variables:
            raise Unclear("the probability is of an event whose random variable has no known law")
        inner = env
        for name, law in variables:
            inner = inner.bind(name, SCALAR, law)
        statement = self.statement(event, inner)
        value: Term = statement
        for k, (name, law) in enumerate(reversed(variables)):
            value = T.term("probability", (law, value), (name,)) if k == 0 else T.expectation(name, law, value)
        return value

    # ------------------------------------------------------------------------------------------ E and Var

    def is_expectation(self: Elaborator, node: Node, base: Name, items: tuple[Node, ...], signs: tuple[str, ...], i: int) -> bool:
        if base.text != "E":
            return False
        if base.font == "bb":
            return True
        if isinstance(node, Script) and (node.sub is not None or node.under is not None):
            below = node.sub or node.under
            if any(isinstance(n, Infix) and n.rel == "~" for n in nodes(below)):  # type: ignore[arg-type]
                return True
            head = head_of(below)  # type: ignore[arg-type]
            return head is not None and self.is_density(head) or any(
                isinstance(n, Group) and "|" in n.separators for n in nodes(below)  # type: ignore[arg-type]
            )
        follows = self.argument_group(items[i + 1]) if i + 1 < len(items) else None
        return follows is not None and follows.open in ("[", "{")

    def expectation(
        self: Elaborator, node: Node, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env
    ) -> Follow:
        below = (node.sub or node.under) if isinstance(node, Script) else None
        outer_power = node.sup if isinstance(node, Script) else None
        body_node, following, power = self.expectation_body(items, signs, i + 1)
        choice = self.random_index(below, body_node, env)
        if choice is not None:
            value = choice
            for script in (power, outer_power):
                if script is not None:
                    value = self.raised(value, script, env)
            return value, following
        bindings = self.bindings(below, body_node, env)
        inner = env
        for name, sort, law in bindings:
            inner = inner.bind(name, sort, law)
        value = self.term(body_node, inner)
        for name, _, law in reversed(bindings):
            value = T.expectation(name, law, value)
        for script in (power, outer_power):
            if script is not None:
                value = self.raised(value, script, env)
        return value, following

    def random_index(self: Elaborator, below: Node | None, body: Node, env: Env) -> Term | None:
        """E over an index i drawn from {1, 2}, where the body speaks of z_i: the average written out."""
        below = unwrap(below) if below is not None else None
        if not (isinstance(below, Infix) and below.rel == "~"):
            return None
        head = head_of(below.left)
        if head is None or not any(
            isinstance(n, Script) and (h := head_of(n, is_index=lambda x: x == head.key)) is not None and h.indices for n in nodes(body)
        ):
            return None
        _, law = self.law(below.right, env)
        if law.op != "uniform_choice" or any(a.op != "number" or a.data[0].denominator != 1 for a in law.args):
            raise Unclear(f"the law of the index “{head.key}” is not understood")
        parts = [self.term(body, env.with_index_value(head.key, int(a.data[0]))) for a in law.args]
        return T.divide(self.add(parts), T.number(len(parts)))

    def expectation_body(
        self: Elaborator, items: tuple[Node, ...], signs: tuple[str, ...], j: int
    ) -> tuple[Node, int, Node | None]:
        if j >= len(items):
            raise Unclear("nothing follows the expectation")
        group = self.argument_group(items[j])
        scripted = unwrap(items[j])
        if group is not None and len(group.parts) == 1 and group.open in ("[", "(", "{"):
            power = scripted.sup if isinstance(scripted, Script) else None
            return group.parts[0], j + 1, power
        rest, rest_signs = items[j:], signs[j:]
        end = open_differential(rest, 0, len(rest))
        rest, rest_signs = rest[:end], rest_signs[: max(end - 1, 0)]
        if not rest:
            raise Unclear("nothing follows the expectation")
        return (rest[0] if len(rest) == 1 else Sequence(rest[0].span, rest, rest_signs)), j + len(rest), None

    def bindings(self: Elaborator, below: Node | None, body: Node, env: Env) -> list[tuple[str, Sort, Term]]:
        """(variable, sort, law) of an expectation, from its subscript or from what is known of its variables."""
        if below is None:
            variables = self.random_variables(body, env) or self.unknown_law(body, env)
            if not variables:
                raise Unclear("under which law the expectation is taken is not written")
            return [(n, self.variable_sort(n, law), law) for n, law in variables]
        below = unwrap(below)
        if isinstance(below, Infix) and below.rel in ("~", "approx"):
            left, right = below.left, below.right
            if below.rel == "approx" or self.looks_like_law(left, env) and not self.looks_like_law(right, env):
                if self.looks_like_law(left, env):
                    left, right = right, left
            names = self.sampled_names(left, env)
            return self.bind_names(names, right, env)
        if isinstance(below, Group) and not below.open and len(below.parts) > 1:
            bindings = []
            inner = env
            pending: list[Node] = []
            for part in below.parts:
                pending.append(part)
                statement = unwrap(part)
                if isinstance(statement, Infix) and statement.rel == "~":
                    names = [n for p in pending[:-1] for n in self.sampled_names(p, env)] + self.sampled_names(statement.left, env)
                    new = self.bind_names(names, statement.right, inner)
                    for name, sort, law in new:
                        inner = inner.bind(name, sort, law)
                    bindings += new
                    pending = []
            if pending:
                raise Unclear("the subscript of the expectation is not understood")
            return bindings
        if self.looks_like_law(below, env):
            outcomes, law = self.law(below, env)
            if not outcomes:
                names = [n for n, s in self.free_random(body) if True]
                if len(names) != 1:
                    raise Unclear("over which variable the expectation is taken is not written")
                return [(names[0], self.variable_sort(names[0], law), law)]
            if len(outcomes) != 1:
                raise Unclear("an expectation over several variables at once is not understood")
            name = self.body_variable(outcomes[0], body, env)
            return self.remember([(name, self.variable_sort(name, law), law)], outcomes[0], env)
        head = self.head(below, env)
        if head is not None:
            name = self.variable_name(head, env)
            law = self.variable_law(name, head, env)
            if law is None:
                raise Unclear(f"the law of “{name}” is not known")
            return self.remember([(name, self.variable_sort(name, law), law)], None, env)
        raise Unclear("the subscript of the expectation is not understood")

    def looks_like_law(self: Elaborator, node: Node, env: Env) -> bool:
        node = unwrap(node)
        first = node.items[0] if isinstance(node, Sequence) else node
        head = self.head(first, env)
        if head is None:
            return isinstance(node, Fraction | Sum)
        if head.key in env.aliases:
            return self.looks_like_law(env.aliases[head.key], replace(env, aliases={}))
        return self.is_density(head) or head.base in LAW_WORDS and isinstance(node, Sequence)

    def sampled_names(self: Elaborator, node: Node, env: Env) -> list[Node]:
        """The variables on the left of a tilde: x, or z_1, z_2, or z_{1:k}."""
        node = unwrap(node)
        if isinstance(node, Group) and not node.open:
            return [n for p in node.parts for n in self.sampled_names(p, env)]
        if isinstance(node, Script) and node.sub is not None:
            sub = unwrap(node.sub)
            if isinstance(sub, Group) and ":" in sub.separators and len(sub.parts) == 2:
                first = unwrap(sub.parts[0])
                head = head_of(sub.parts[1])
                last = self.instances().get(head.key) if head is not None else None
                if isinstance(unwrap(sub.parts[1]), Number):
                    last = int(unwrap(sub.parts[1]).text)  # type: ignore[union-attr]
                if isinstance(first, Number) and last is not None:
                    return [
                        Script(node.span, node.base, Number(node.span, str(k))) for k in range(int(first.text), last + 1)
                    ]
                raise Unclear("a range of variables is not understood")
        return [node]

    def bind_names(self: Elaborator, names: list[Node], law_node: Node, env: Env) -> list[tuple[str, Sort, Term]]:
        bindings = []
        for node in names:
            head = self.head(node, env)
            if head is None:
                raise Unclear("the variable of the expectation is not understood")
            name = self.variable_name(head, env)
            base = Head(head.base, head.font).key
            sort = self.shapes.sort(head.key) if head.key in self.shapes.kinds or head.key in self.shapes.declared else self.shapes.sort(base)
            outcome = base.lower() if self.is_density_node(law_node, env) else None
            inner = env.bind(name, sort)
            _, law = self.law(law_node, inner, sort, outcome)
            sort = self.variable_sort(name, law, sort)
            bindings.append((name, sort, law))
            if law.op in ("family", "with_density"):
                space = law.data[1][0] if law.op == "family" and len(law.data[1]) == 1 else base.lower()
                self.declare_space(name, space, env.bind(name, sort))
        return self.remember(bindings, None, env)

    def is_density_node(self: Elaborator, node: Node, env: Env) -> bool:
        node = unwrap(node)
        head = self.head(node, env)
        return head is not None and self.is_density(head) and not self.usage.signatures.get(self.density_key(head))

    def remember(
        self: Elaborator, bindings: list[tuple[str, Sort, Term]], space: str | None, env: Env
    ) -> list[tuple[str, Sort, Term]]:
        bindings = [(name, sort, self.reparameterised_law(law, env)) for name, sort, law in bindings]
        for name, sort, law in bindings:
            self.law_memory[name] = law
            if space is not None:
                self.declare_space(name, space, env.bind(name, sort))
        return bindings

    def reparameterised_law(self: Elaborator, law: Term, env: Env) -> Term:
        """The law of z ~ q(z|w) as that of g(epsilon, w), where the document says they are one."""
        if law.op != "family" or len(law.data[1]) != 1:
            return law
        for sampled in reversed(self.view.reparameterisations):
            if sampled.letter != law.data[0] or sampled.outcome != law.data[1][0] or not self.mentions_call(sampled.function):
                continue
            noise = next((a for a in sampled.arguments if a.split("_")[0] in self.conventions.standard_normal), sampled.arguments[0])
            source = self.variable_law(noise, Head(noise), env)
            if source is None:
                return law
            group = Group((0, 0), "(", ")", tuple(Name((0, 0), a) for a in sampled.arguments), (",",) * (len(sampled.arguments) - 1))
            sort = self.variable_sort(noise, source)
            inner = env.bind(noise, sort, source)
            self.declare_space(noise, noise.lower(), inner)
            value = self.opaque_call(Head(sampled.function), group, inner)
            self.gathered.note(f"{sampled.outcome} ~ {sampled.letter} is {sampled.function}({', '.join(sampled.arguments)})")
            return T.term("pushforward", (source, value), (noise,), T.LAW)
        return law

    def variable_sort(self: Elaborator, name: str, law: Term, fallback: Sort | None = None) -> Sort:
        if law.op == "normal":
            return law.args[0].sort
        if law.op in ("family", "with_density"):
            return fallback if fallback is not None else self.shapes.sort(name)
        return SCALAR

    def body_variable(self: Elaborator, space: str, body: Node, env: Env) -> str:
        """The name under which an outcome occurs in the body: z, or Z."""
        for n in nodes(body):
            if isinstance(n, Name | Script):
                head = self.head(n, env)
                if head is not None and Head(head.base, head.font).key.lower() == space:
                    return self.variable_name(head, env)
        return next((v for v in sorted(self.usage.density_variables) if v.lower() == space), space)

    def variable_law(self: Elaborator, name: str, head: Head, env: Env) -> Term | None:
        """The law of a variable: as declared, as used beside, or standard normal for noise."""
        for declaration in reversed(self.view.laws):
            if declaration.letter is None and declaration.outcomes == (name,):
                return self.law(declaration.law, env, self.shapes.sort(name))[1]
        if name in self.law_memory:
            return self.law_memory[name]
        if head.base in self.conventions.standard_normal:
            sort = self.shapes.sort(name)
            self.gathered.note(f"{name} is standard normal")
            return T.normal(T.zeros(sort.rows), T.identity(sort.rows))
        candidates = [
            letter for letter, signatures in self.usage.signatures.items() if any(o == (name.lower(),) for o, _ in signatures)
        ]
        if len(candidates) == 1:
            family_head = Head(*self.split_letter(candidates[0]))
            return self.bare_law(family_head, env, name.lower())[1]
        return None

    def split_letter(self, letter: str) -> tuple[str, str, str]:
        base, _, label = letter.partition("_")
        return base, "", label

    def random_variables(self: Elaborator, body: Node, env: Env) -> list[tuple[str, Term]]:
        """The variables of a body that have a known law, looked for inside definitions too."""
        found: dict[str, Term] = {}
        visited: set[str] = set()

        def visit(node: Node) -> None:
            for n in nodes(node):
                if not isinstance(n, Name | Script):
                    continue
                head = self.head(n, env)
                if head is None or head.key in visited:
                    continue
                name = self.variable_name(head, env)
                if name in found or name in env.bound or name in env.values:
                    continue
                definition = self.view.definitions.get(head.key)
                if definition is not None and not definition.parameters:
                    visited.add(head.key)
                    visit(definition.body)
                    continue
                law = self.declared_variable_law(name, head, env)
                if law is not None:
                    found[name] = law

        visit(body)
        return list(found.items())

    def unknown_law(self: Elaborator, body: Node, env: Env) -> list[tuple[str, Term]]:
        """E[f(X)] with nothing said of X: any law.  Only where it is clear which letter is random."""
        bases: dict[str, str] = {}
        visited: set[str] = set()
        waiting = [body]
        while waiting:
            for head in heads(waiting.pop(), is_parameter=self.is_parameter):
                definition = self.view.definitions.get(head.key)
                if definition is not None and not definition.parameters and head.key not in visited:
                    visited.add(head.key)
                    waiting.append(definition.body)
                elif head.base.lower() in self.conventions.data | self.conventions.latent and head.key not in env.bound:
                    bases.setdefault(head.base.lower(), replace(head, power=None, indices=()).key)
        if len(bases) != 1:
            return []
        space, name = next(iter(bases.items()))
        sort = self.shapes.sort(name)
        self.declare_space(name, space, env.bind(name, sort))
        letter = f"the law of {space}"
        self.gathered.families.setdefault(letter, set()).add(space)
        self.gathered.note(f"{name} has any law")
        return [(name, T.family(letter, (space,)))]

    def declared_variable_law(self: Elaborator, name: str, head: Head, env: Env) -> Term | None:
        base = Head(head.base, head.font).key
        if head.power is not None:
            head = replace(head, power=None)
        for declaration in reversed(self.view.laws):
            if declaration.letter is None and declaration.outcomes in ((name,), (base,)):
                return self.law(declaration.law, env, self.shapes.sort(name))[1]
        for key in (name, base):
            if key in self.law_memory:
                return self.law_memory[key]
        if head.base in self.conventions.standard_normal and head.key in self.usage.counts:
            return self.variable_law(name, head, env)
        return None

    def free_random(self: Elaborator, body: Node) -> list[tuple[str, Sort]]:
        names = {}
        for n in nodes(body):
            if isinstance(n, Name | Script):
                head = head_of(n, is_parameter=self.is_parameter)
                if head is not None and head.key in self.usage.density_variables | self.sampled_variables():
                    names[head.key] = self.shapes.sort(head.key)
        return list(names.items())

    def sampled_variables(self: Elaborator) -> set[str]:
        return {d.outcomes[0] for d in self.view.laws if d.letter is None} | {"x", "z"} & set(self.usage.counts)

    def moment(
        self: Elaborator, word: str, node: Node, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env
    ) -> Follow | None:
        below = node.sub if isinstance(node, Script) else None
        group = self.argument_group(items[i + 1]) if i + 1 < len(items) else None
        if group is None:
            return None
        body_node = group.parts[0]
        bindings = self.bindings(below, body_node if len(group.parts) == 1 else group, env)
        if len(bindings) != 1:
            raise Unclear(f"{word} over several variables is not understood")
        name, sort, law = bindings[0]
        inner = env.bind(name, sort, law)
        bodies = [self.term(p, inner) for p in group.parts]
        if word == "Cov" and len(bodies) == 2:
            sorts = [b.sort for b in bodies]
            value = T.term("covariance", (law, *bodies), (name,), T.matrix_sort(sorts[0].rows, sorts[1].rows))
        elif len(bodies) == 1:
            value = T.variance(name, law, bodies[0])
            if word != "Cov" and value.sort != SCALAR:
                option = self.choices.choose("variance of a vector", ("covariance matrix", "componentwise"))
                if option == "componentwise":
                    value = T.term("diagonal", (value,), (), T.vector_sort(value.sort.rows))
        else:
            raise Unclear(f"{word} of several arguments is not understood")
        return self.after_group(value, items, i, env)


__all__ = ["DIVERGENCES", "LAW_WORDS", "Densities"]
_ = (Decorated, Domain)
