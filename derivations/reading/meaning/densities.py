"""Densities: to which joint density a written p(x|z) belongs, at which point, and under which declared law."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.families import BARS
from derivations.reading.meaning.images import Images
from derivations.reading.meaning.values import is_own_letter, value_name, value_of, variable_of
from derivations.reading.names import Head, head_of, heads, roles
from derivations.reading.scope import LawDeclaration
from derivations.reading.survey.usage import Usage, survey
from derivations.reading.tree import Group, Node, Number, Script
from derivations.reading.vocabulary import LAW_WORDS
from derivations.reading.walking import as_name, items_of, map_nodes, nodes
from proofs import terms as T
from proofs.records import Domain
from proofs.terms import SCALAR, Term

Located = tuple[tuple[str, ...], tuple[Term, ...], Term]  # outcomes, the point at which they are taken, their law


class Densities(Images):
    """The part of the Elaborator that knows densities."""

    def density(self, head: Head, group: Group, env: Env) -> Term:
        """p(x|z; theta): the density of its law at its outcomes."""
        _, points, law = self.family_of(head, group, env)
        return self.density_of(law, points, env)

    def density_of(self, law: Term, points: tuple[Term, ...], env: Env) -> Term:
        """The density of a law at its outcomes; by change of variables where a formula makes the variable."""
        image = self.image_density(law, points, env)
        return image if image is not None else T.pdf(law, *points)

    def family_of(self, head: Head, group: Group, env: Env) -> Located:
        """The law that a density with its arguments is of: p(x|z; theta)."""
        letter = self.density_key(head)
        self.refuse_complements(group)
        parts = self.arguments_by_role(letter, group, env)
        count = len(parts["outcome"])
        outcomes = [self.density_variable(letter, n, count, env, head.label) for n in parts["outcome"]]
        givens = [self.density_variable(letter, n, 2, env, "") for n in parts["given"]]
        if has_duplicates(outcomes + givens):
            raise Unclear(f"“{letter}(..)” has one variable twice")
        points = [self.point(n, s, env) for n, s in zip(parts["outcome"], outcomes)]
        values = [self.point(n, s, env) for n, s in zip(parts["given"], givens)]
        letter, parameters = self.density_parameters(letter, head, parts["parameter"], outcomes, givens, env)
        law, order = self.family_law(letter, outcomes, givens, values, parameters, env)
        for space, point in zip(outcomes + givens, points + values):
            known = self.gathered.spaces.get(space)
            is_open = known is not None and (known.shape_guessed or isinstance(known.sort.rows, str))
            if known is not None and is_open and point.sort != SCALAR and isinstance(point.sort.rows, int):
                self.gathered.spaces[space] = replace(known, sort=point.sort)  # p(x) at x = (z_1, z_2)
        return tuple(outcomes[k] for k in order), tuple(points[k] for k in order), law

    def arguments_by_role(self, letter: str, group: Group, env: Env) -> dict[str, list[Node]]:
        """Outcomes, givens and parameters; a parameter stands behind the bar too, p(x|theta)."""
        marks = [s for s in group.separators if s in BARS or s == ";"]
        if any(mark in BARS for mark in marks[1:]):
            raise Unclear("two conditioning bars")
        found: dict[str, list[Node]] = {"outcome": [], "given": [], "parameter": []}
        written = [(role, n) for role, item in roles(group, BARS) for n in self.listed_variables(item, env)]
        for role, part in written:
            head = self.head(part, env)
            if self.is_parameter_here(role, head) and head is not None and head.key not in env.bound:
                role = "parameter"
            found[role].append(part)
        return found

    def point(self, node: Node, space: str, env: Env) -> Term:
        """The value of an argument of a density; a variable lies in the density's space."""
        given = value_of(node)
        if given is not None and is_own_letter(variable_of(node), given):
            return self.point(given, space, env)
        if given is not None:
            return self.given_value(node, space, env)
        head = self.head(node, env)
        if head is None or head.power is not None:
            return self.term(node, env)
        name = self.variable_name(head, env)
        value = self.atom(head, env)
        if value.op == "symbol" and value.data[0] == name:
            self.declare_space(name, space, env)
        return value

    def given_value(self, node: Node, space: str, env: Env) -> Term:
        """The point z = k of the space of z: any point, of which nothing more is known.  Raises Unclear."""
        value = value_of(node)
        assert value is not None
        name = as_name(value)
        shown = value_name(value)
        if shown is None or (name is not None and (name.text in env.indices or name.text in env.values)):
            raise Unclear(f"the value of “{space}” is not understood")
        if name is not None and name.text in env.index_values:
            shown = str(env.index_values[name.text])
        head = self.head(variable_of(node), env)
        variable = self.with_values(head, env) if head is not None else None
        if variable is None or variable.indices:
            raise Unclear(f"the value of “{space}” is not understood")
        point = f"{variable.name} = {shown}"
        sort = self.shapes.sort(space)
        self.declare_space(point, space, env.bind(point, sort))
        self.gathered.variables.setdefault(point, Domain(sort))
        self.gathered.unexplained.add(point)  # the other values of z may be told by it
        return T.symbol(point, sort)

    # ------------------------------------------------------------------------------------------ the joint density

    def family_law(
        self,
        letter: str,
        outcomes: list[str],
        givens: list[str],
        values: list[Term],
        parameters: dict[str, Term],
        env: Env,
    ) -> tuple[Term, list[int]]:
        """The law of the outcomes, in one canonical order, and that order; q(z) may be short for q(z|x)."""
        if not givens and letter[0] == "q" and not self.mixes(letter):
            givens = self.understood_givens(letter, outcomes)
            values = [self.given_symbol(g, env) for g in givens]
        letter = self.mapped_letter(letter, outcomes, givens) or letter
        order = sorted(range(len(outcomes)), key=lambda k: outcomes[k])
        given_order = sorted(range(len(givens)), key=lambda k: givens[k])
        outcome_names = tuple(outcomes[k] for k in order)
        given_names = tuple(givens[k] for k in given_order)
        self.gathered.families.setdefault(letter, set()).update(outcome_names + given_names)
        for space in outcome_names + given_names:
            self.declare_own_space(space)
        slots = tuple(sorted(parameters))
        self.gathered.family_parameters.setdefault(letter, slots)
        self.push(letter, outcome_names)
        arguments = [*(values[k] for k in given_order), *(parameters[s] for s in slots)]
        law = T.term("family", arguments, (letter, outcome_names, given_names, slots), T.LAW)
        declared = self.declared_law(letter, outcome_names, given_names, env)
        if declared is not None:
            self.gathered.family_laws.setdefault(letter, {})[(outcome_names, given_names)] = declared
            if self.use_laws:
                return declared, order
        for space in outcome_names + given_names:
            drawn = self.declared_law(letter, (space,), (), env) if self.mixes(letter, space) else None
            if drawn is not None:
                self.gathered.family_laws.setdefault(letter, {})[((space,), ())] = drawn
        return law, order

    def mixes(self, letter: str, space: str | None = None) -> bool:
        """Whether the text says from where the x of q is drawn, as the marginal q(z) of q(z|x) p(x) does."""
        return any(d.mixed and d.letter == letter and space in (None, *d.outcomes) for d in self.view.laws)

    def understood_givens(self, letter: str, outcomes: list[str]) -> list[str]:
        """What q(z) is given where the document writes q(z|x) elsewhere and the reading is that both are one."""
        fuller = [
            givens
            for others, givens in self.usage.signatures_of(letter)
            if set(others) == set(outcomes) and givens and not set(givens) & set(outcomes)
        ]
        if len({frozenset(givens) for givens in fuller}) != 1:
            return []
        shown = ", ".join(outcomes)
        option = self.choices.choose(
            f"{letter}({shown}) beside {letter}({shown}|{', '.join(fuller[0])})", ("the same law", "the marginal law")
        )
        if option != "the same law":
            return []
        self.gathered.contrasted |= self.tells_apart(letter, outcomes)
        return list(fuller[0])

    def tells_apart(self, letter: str, outcomes: list[str]) -> bool:
        """Whether q(z) and q(z|x) are set against each other: in one divergence, or in one side outside of E and KL."""
        for usage in self.contrasts:
            found = [givens for others, givens in usage.signatures_of(letter) if set(others) == set(outcomes)]
            if any(found) and not all(found):
                return True
        return False

    @cached_property
    def contrasts(self) -> tuple[Usage, ...]:
        """The facts of each divergence of the relation, and of each side without its divergences and what stands below
        its expectations."""
        sides = self.relation_nodes[:2]
        divergences = [n for tree in sides for n in nodes(tree) if is_divergence(n)]
        plain = [map_nodes(tree, without_laws) for tree in sides]
        return tuple(survey((tree,), self.conventions) for tree in (*divergences, *plain))

    def given_symbol(self, space: str, env: Env) -> Term:
        """The variable that stands for a space here: one that is bound, the x_i of a relation that writes x in this
        way alone, one that is known already, or the letter itself."""
        is_bound = any(bound == space and name in env.bound for name, bound in self.gathered.space_of.items())
        indexed = None if is_bound else self.indexed_given(space, env)
        if indexed is not None:
            value = self.atom(indexed, env)
            if value.op == "symbol":
                self.declare_space(value.data[0], space, env)
            return value
        for name, bound_space in self.gathered.space_of.items():
            if bound_space == space and (name in env.bound or name in self.gathered.variables):
                return T.symbol(name, env.bound.get(name, self.shapes.sort(name)))
        name = next((v for v in sorted(self.usage.density_variables) if v.lower() == space), space)
        return self.symbol(Head(name), env)

    def indexed_given(self, space: str, env: Env) -> Head | None:
        """x_i where the sides of the relation write x with this index and in no other way; None elsewhere."""

        def runs(name: str) -> bool:
            return name in env.indices or name in env.index_values

        both = self.relation_nodes[:2]
        written = (h for tree in both for h in heads(tree, is_index=runs, is_parameter=self.is_parameter))
        found = {replace(h, power=None, font="") for h in written if h.base.lower() == space and h.root == h.base}
        only = next(iter(found)) if len(found) == 1 else None
        return only if only is not None and (only.indices or only.label or only.superlabel) else None

    def declared_law(self, letter: str, outcomes: tuple[str, ...], givens: tuple[str, ...], env: Env) -> Term | None:
        """The law that the document declares for a density, N(m, S) of q(z|x) = N(m, S); the latest counts."""
        for declaration in reversed(self.view.laws):
            if not self.is_declaration_of(declaration, letter, outcomes, givens):
                continue
            sort = self.shapes.sort(outcomes[0]) if outcomes else SCALAR
            plain = replace(env, bound={k: v for k, v in env.bound.items() if k not in outcomes}, values={}, aliases={})
            try:
                return self.law(declaration.law, plain, sort)[1]
            except (Unclear, T.ShapeError):
                return None
        return None

    def is_declaration_of(
        self, declaration: LawDeclaration, letter: str, outcomes: tuple[str, ...], givens: tuple[str, ...]
    ) -> bool:
        if declaration.letter is None:
            return self.is_law_of_variable(declaration, letter, outcomes, givens)
        if self.view.equal_families.get(declaration.letter, declaration.letter) != letter:
            return False
        if not declaration.parameters and self.carries_parameters(letter, outcomes):
            return False  # what is said of p(x) is not said of p_theta(x)
        givens = tuple(g for g in givens if g not in {p.lower() for p in declaration.parameters})
        of_all = not declaration.outcomes
        return of_all or (
            tuple(sorted(declaration.outcomes)) == outcomes and tuple(sorted(declaration.givens)) == givens
        )

    def is_law_of_variable(
        self, declaration: LawDeclaration, letter: str, outcomes: tuple[str, ...], givens: tuple[str, ...]
    ) -> bool:
        """Whether p(x) is the density of x ~ N(m, S), and p(x|z) that of x|z ~ N(m, S): p is that of whatever is drawn.

        Not where the document gives x two laws, or p(x) one of its own.
        """
        named = head_of(items_of(declaration.law)[0])
        if letter != "p" or self.carries_parameters(letter, outcomes) or named is None or named.base not in LAW_WORDS:
            return False
        if (lower(declaration.outcomes), declaration.givens) != (outcomes, givens):
            return False
        of_this = [d for d in self.view.laws if d.letter in ("p", None) and lower(d.outcomes) == outcomes]
        return len(of_this) == 1

    # ------------------------------------------------------------------------------------------ without arguments

    def bare_density(self, head: Head, env: Env) -> Term:
        """A density that stands without its argument is taken at the variable around it."""
        outcome = self.mixed_over[-1] if self.mixed_over else None
        signatures = self.usage.signatures_of(self.density_key(head))
        for name in reversed(list(env.bound) if outcome is None else []):
            space = self.bound_space(name)
            if any(outcomes == (space,) for outcomes, _ in signatures):
                outcome = space
                break
        names, law = self.bare_law(head, env, outcome)
        points = []
        for space in names:
            bound = [n for n in env.bound if self.bound_space(n) == space]
            points.append(T.symbol(bound[-1], env.bound[bound[-1]]) if bound else self.given_symbol(space, env))
        return T.pdf(law, *points)

    def bare_law(self, head: Head, env: Env, outcome: str | None = None) -> tuple[tuple[str, ...], Term]:
        """The law that a density letter without arguments means: the way it is used elsewhere in the document."""
        letter = self.density_key(head)
        used = self.usage.signatures_of(letter)
        here = self.relation_usage.signatures_of(letter)
        signatures = here if any(outcome is None or s[0] == (outcome,) for s in here) else used
        options = [s for s in signatures if outcome is None or s[0] == (outcome,)]
        if options:
            options.sort(key=lambda s: (-signatures[s], len(s[0]), s))
            outcomes, givens = options[0]
        else:
            outcomes, givens = (outcome or self.nearest_space(head, env),), ()
        return self.joint_law(head, list(outcomes), list(givens), env)

    def joint_law(self, head: Head, outcomes: list[str], givens: list[str], env: Env) -> tuple[tuple[str, ...], Term]:
        """The law of some outcomes under a density letter without arguments.  Raises Unclear for one of x_1, x_2."""
        letter = self.density_key(head)
        if any(name in self.told_apart for name in (*outcomes, *givens)):
            raise Unclear(f"of which variables “{letter}” is the density here is not clear")
        letter, parameters = self.density_parameters(letter, head, [], outcomes, givens, env)
        values = [self.given_symbol(g, env) for g in givens]
        law, order = self.family_law(letter, outcomes, givens, values, parameters, env)
        formula = self.view.applied.get(head.name) or self.view.applied.get(head.key)
        if law.op == "family" and formula is not None:
            self.gathered.opaque.add(formula.key)  # E under p, of which a formula says more than that it is a density
        return tuple(outcomes[k] for k in order), law

    def nearest_space(self, head: Head, env: Env) -> str:
        """The variable of a density that is used nowhere with arguments: the one bound around it, its label, or x."""
        bound = [self.bound_space(n) for n in env.bound]
        label = head.label.lower()
        default = label if label in self.label_spaces() else "x"
        return bound[-1] if bound else default


def lower(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.lower() for name in names)


def has_duplicates(names: list[str]) -> bool:
    return len(set(names)) != len(names)


def is_divergence(node: Node) -> bool:
    """The brackets of KL(q || p)."""
    return isinstance(node, Group) and "||" in node.separators


def without_laws(node: Node) -> Node:
    """E for E_{q(z)}, and nothing in the brackets of KL(q || p); other nodes as they are."""
    if is_divergence(node):
        return Number(node.span, "1")
    base = as_name(node.base) if isinstance(node, Script) else None
    return node if base is None or base.text != "E" else base
