"""What must not be accused, however false it looks: conditions, choices, independences, updates, equations to solve.

A relation that fails in some world is an error only if its author claims it for all of them.  Each function here names
one way in which authors write a relation that is no such claim.  A relation that holds is not touched by any of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from derivations.reading.conventions import Conventions
from derivations.reading.factorisations import factors, is_factorisation
from derivations.reading.meaning.draws import draws
from derivations.reading.names import Head, head_of, heads
from derivations.reading.places import Placed, sides
from derivations.reading.relations import Meaning
from derivations.reading.tree import BigOperator, Group, Infix, Link, Name, Node, Number, Script, Side, Sum
from derivations.reading.tree import Sequence as Product
from derivations.reading.vocabulary import KNOWN_WORDS, LAW_WORDS
from derivations.reading.walking import applications, items_of, neighbours, nodes, unwrap
from proofs import terms as T
from proofs.records import Relation
from proofs.terms import SCALAR, Term

GIVEN_VALUE = "a value given to a symbol"
OF_DRAWS = "it speaks of particular draws, for which it need not hold"
TAKES_VALUE = "it says which value an expression takes, which it does not take in general: a condition?"

Soft = tuple[str, str]  # (verdict, reason) to give instead of 'refuted'
IsDensity = Callable[[Head], bool]

FUNCTIONALS = frozenset(
    ["KL", "KLD", "JSD", "JS", "Var", "Cov", "ELBO", "max", "min", "sup", "inf", "det", "tr", "trace"]
)
ARROW_BEFORE, ARROW_BEHIND = re.compile(r"[→⇒⟹⟶]\W*$"), re.compile(r"\W*[→⇒⟹⟶]")  # in the words around a formula
STEPS = ("implies", "iff", "because", "or", "if", "when", "for all", "there is", "unless", "provided")


@dataclass(frozen=True)
class Around:
    """What stands around a relation: the words after its formula, the chain that follows in the same formula, and the
    density letters for which the document states an independence."""

    after: str = ""
    next_lead: str = ""
    constrained: frozenset[str] = frozenset()


def soft_verdict(
    left: Side,
    link: Link,
    placed: Placed,
    around: Around,
    meanings: Sequence[Meaning],
    conventions: Conventions,
    is_density: IsDensity,
) -> Soft | None:
    """What to say of a relation instead of an accusation; None where it may be accused."""
    first, second, rel = left.tree, link.side.tree, link.rel
    relations = [m.relation for m in meanings if m.relation is not None]
    if (
        rel == "="
        and is_zero(second)
        and any(is_differential(t) for t in (first, *(s.tree for s in sides(placed.chain))))
    ):
        return "assumption", "a derivative is set to zero: a condition, not a claim"
    if rel == "=" and (gives_a_value(first, second) or gives_a_value(second, first)):
        return "assumption", GIVEN_VALUE
    if rel == "=" and any(is_infinite(s.tree) for s in sides(placed.chain)):
        return "undecided", "infinity is taken under a condition"
    if rel == "=" and same_function(first, second):
        return "assumption", "it says what kind of function it is, or at which values its parameters are taken"
    if rel == "=" and is_objective(first) != is_objective(second):
        return "definition", "it names the objective of an optimisation"
    if rel in ("<=", ">=", "<", ">") and any(has_unknown_function(r) or bounds_a_function(r) for r in relations):
        return "undecided", "an inequality about an unknown function rests on what kind of function it is"
    if rel in ("<=", ">=", "<", ">") and any(marks_one_variable(r) for r in relations):
        return "undecided", "how a variable and its accented form hang together, which the relation may rest on"
    if rel == "=" and is_update(first, second):
        return "definition", "the name stands on both sides: an update rule"
    if rel == "=" and chooses_a_density(first, second, is_density):
        return "assumption", "it says how a density factorises, or which density is taken: a choice of the model"
    if rel == "=" and any(takes_a_value(r) for r in relations):
        return "undecided", TAKES_VALUE
    is_last = placed.chain.links[-1] is link
    tied_in_words = ARROW_BEFORE.search(placed.before) or ARROW_BEHIND.match(around.after)
    if tied_in_words or is_step(placed.chain.lead) or (is_last and is_step(around.next_lead)):
        return "undecided", "it is a step of an implication, and may hold only under what the step comes from"
    is_inequality = rel in ("<", ">", "<=", ">=")
    claims = any(is_functional(t, is_density) for t in (first, second)) or all(is_declared(r) for r in relations)
    bounds = any(single_density(a, is_density) and not is_functional(b, is_density) for a, b in pairs_of(first, second))
    if is_inequality and bounds:
        return "undecided", "of one density it holds or not according to the model"
    if is_inequality and not claims:
        return "undecided", "an inequality between letters states a case as often as a claim"
    if takes_probability(first) or takes_probability(second):
        return "undecided", "a distribution function is stated for values that its variable can take, not declared here"
    if rel == "propto" and any(
        isinstance(n, Name) and n.text in ("log", "ln") for t in (first, second) for n in nodes(t)
    ):
        return "undecided", "between logarithms the sign may mean 'up to an additive constant'"
    if any(isinstance(n, Number) and "." in n.text for t in (first, second) for n in nodes(t)):
        return "undecided", "decimals are rounded"
    if around.constrained & {f for r in relations for f in joint_letters(r)}:
        return "undecided", "it may rest on an independence that the text states"
    if is_conditional(placed.before, conventions) or is_conditional(first_clause(around.after), conventions):
        return "undecided", "it stands under a condition in the text that was not understood"
    if any(speaks_of_draws(m) for m in meanings):
        return "undecided", OF_DRAWS
    return None


# ------------------------------------------------------------------------------------------------ as written


def is_zero(tree: Node) -> bool:
    return isinstance(tree, Number) and tree.text == "0"


def is_infinite(tree: Node) -> bool:
    return any(isinstance(n, Name) and n.text == "infty" for n in map(unwrap, items_of(tree)))


def is_differential(tree: Node) -> bool:
    return any(isinstance(n, Name) and n.text in ("partial", "d", "nabla") for n in nodes(tree))


def gives_a_value(name: Node, value: Node) -> bool:
    """k = 1, h(c) = 3: a letter, alone or applied, and a constant."""
    name = unwrap(name)
    parts = name.parts if isinstance(name, Group) and name.open in ("(", "[", "") else (name,)
    named = called(name) is not None or all(head_of(unwrap(part)) is not None for part in parts)
    return named and not any(isinstance(n, Name) for n in nodes(value))


def is_update(left: Node, right: Node) -> bool:
    """theta = theta - eta grad: a bare name that stands on both sides of its own equation."""
    head = head_of(unwrap(left))
    return head is not None and head.power is None and any(h.key == head.key for h in heads(right))


def chooses_a_density(left: Node, right: Node, is_density: IsDensity) -> bool:
    """q(z) = p(z|x), q = p, p(b_1) = p(b_2): one density is taken to be another, or a joint to factorise."""
    if is_factorisation(left, right, is_density):
        return True
    return all(single_density(side, is_density) is not None for side in (left, right))


def single_density(node: Node, is_density: IsDensity) -> str | None:
    """The letter of a side that is one density, with or without its arguments."""
    head = head_of(unwrap(node))
    if head is not None:
        return head.key if is_density(head) else None
    found = factors(node, is_density)
    return found[0].letter if found is not None and len(found) == 1 and not found[0].indexed else None


def same_function(left: Node, right: Node) -> bool:
    """f(-x) = f(x), f(t; a, b) = f(t; 2, 2): one name applied to two things, and nothing else."""
    found = [called(side) for side in (left, right)]
    return found[0] is not None and found[0] == found[1]


def called(node: Node) -> str | None:
    """The letter of a side that is one application of a letter, no operator and no law."""
    node = unwrap(node)
    if not isinstance(node, Product) or len(node.items) != 2 or node.signs != ("",):
        return None
    head, group = head_of(node.items[0]), unwrap(node.items[1])
    if head is None or head.power is not None or head.font in ("bb", "cal") or not isinstance(group, Group):
        return None
    is_word = head.base in KNOWN_WORDS or head.base in LAW_WORDS or head.label in KNOWN_WORDS or len(head.base) > 8
    return head.key if group.open == "(" and not is_word else None


def pairs_of(first: Node, second: Node) -> tuple[tuple[Node, Node], tuple[Node, Node]]:
    return (first, second), (second, first)


def is_objective(node: Node) -> bool:
    """\\max_\\phi L: a side that begins with an optimum."""
    node = unwrap(node)
    first = unwrap(node.items[0]) if isinstance(node, Product) else node
    base = unwrap(first.base) if isinstance(first, Script) else first
    return isinstance(base, Name) and base.text in ("max", "min", "sup", "inf")


def is_functional(tree: Node, is_density: IsDensity) -> bool:
    """Whether it speaks of an expectation, a divergence, a density or an integral: a claim can be made of those."""
    for n in nodes(tree):
        if isinstance(n, BigOperator):
            return True
        if isinstance(n, Name) and ((n.font == "bb" and n.text in ("E", "V")) or n.text in FUNCTIONALS):
            return True
        if isinstance(n, Script) and (head := head_of(n)) is not None and head.label in FUNCTIONALS:
            return True
    return any(
        (head := head_of(name)) is not None and is_density(head) and not any(isinstance(p, Sum) for p in group.parts)
        for name, group in applications(tree)
    )


def takes_probability(tree: Node) -> bool:
    """P(X <= x)."""
    for name, after in neighbours(tree):
        has_event = isinstance(after, Group) and any(isinstance(p, Infix) for p in after.parts)
        if has_event and isinstance(name, Name) and name.text in ("P", "Pr"):
            return True
    return False


def is_step(lead: str) -> bool:
    """Whether a chain is tied to the one before it: it follows from it, or is equivalent to it."""
    return lead.strip().lower().startswith(STEPS) or "arrow" in lead


# ------------------------------------------------------------------------------------------------ as understood


def takes_a_value(relation: Relation) -> bool:
    """An expression that varies set equal to one that does not: an equation to solve, or what holds at one point."""
    return varies(relation.lhs) != varies(relation.rhs)


def is_declared(relation: Relation) -> bool:
    """Whether the text declares every symbol of the relation, or it is about functions whose values are known to lie
    somewhere, at any point: log D(x) < 0."""
    h = relation.hypotheses
    free = {*T.free_symbols(relation.lhs), *T.free_symbols(relation.rhs)}
    of_functions = bool(h.functions) and all(f.values.kind != "real" for f in h.functions.values())
    return all(h.domain(name).declared or (of_functions and name in h.space_of) for name in free)


def has_unknown_function(relation: Relation) -> bool:
    """Whether an unknown function is taken of an expectation: Jensen's inequality needs to know that it is convex."""
    functions = relation.hypotheses.functions
    of_means = {
        n.data[0]
        for side in (relation.lhs, relation.rhs)
        for n in T.walk(side)
        if n.op == "call" and any(m.op == "expectation" for a in n.args for m in T.walk(a))
    }
    return any(not functions[name].convex for name in of_means if name in functions)


def bounds_a_function(relation: Relation) -> bool:
    """Whether a number bounds an expression in a function that may have any values: sum_a pi(a|s) A(s,a) >= 0."""
    functions = relation.hypotheses.functions
    for side, other in ((relation.lhs, relation.rhs), (relation.rhs, relation.lhs)):
        called = {n.data[0] for n in T.walk(side) if n.op == "call"}
        is_number = not T.free_symbols(other) and all(n.op in ("number", "mul", "add", "pow") for n in T.walk(other))
        if is_number and any(name in functions and functions[name].values.kind == "real" for name in called):
            return True
    return False


def varies(side: Term) -> bool:
    return bool(T.free_symbols(side)) or any(n.op in ("family", "call", "call_inverse") for n in T.walk(side))


def speaks_of_draws(meaning: Meaning) -> bool:
    """Draws z_1, z_2 of a sum that was written out, which no expectation binds."""
    return meaning.relation is not None and bool(meaning.instance) and bool(draws(meaning.relation))


def joint_letters(relation: Relation) -> Iterable[str]:
    """Density letters of the relation that are over several variables."""
    return (letter for letter, family in relation.hypotheses.families.items() if len(family.spaces) > 1)


def is_computation(meaning: Meaning) -> bool:
    """Whether there is nothing in an equation to misread.

    A mean, an integral, a derivative or a density of laws that it names itself is worked out in terms of the same
    letters, with no unknown function or density and no definition.  Of vectors that nothing declares: they may be
    meant in one dimension.
    """
    relation = meaning.relation
    known = relation.hypotheses.variables if relation is not None else {}
    shaped = [d for d in known.values() if d.sort.kind == "matrix" and isinstance(d.sort.rows, str)]
    if not all(d.declared for d in shaped):
        return False
    worked_out = ("expectation", "variance", "covariance", "integral", "derivative", "pdf", "kl", "entropy")
    return _is_explicit(meaning) and any(n.op in worked_out for n in _nodes(meaning))


def is_scalar_formula(meaning: Meaning) -> bool:
    """Whether an equation is between formulas of declared numbers: x^2 / x = x for every real x."""
    relation = meaning.relation
    if relation is None or not _is_explicit(meaning) or not T.free_symbols(relation.lhs):
        return False
    of_numbers = ("symbol", "number", "constant", "add", "mul", "pow", "function", "derivative")
    simple = all(n.op in of_numbers and n.sort == SCALAR for n in _nodes(meaning))
    return simple and is_declared(relation)


def _nodes(meaning: Meaning) -> list[Term]:
    r = meaning.relation
    return [] if r is None else [n for side in (r.lhs, r.rhs) for n in T.walk(side)]


def _is_explicit(meaning: Meaning) -> bool:
    relation = meaning.relation
    if relation is None or relation.rel != "=" or meaning.unfolded or meaning.instance:
        return False
    if any(n.op in ("family", "call", "call_inverse") for n in _nodes(meaning)):
        return False
    left, right = set(T.free_symbols(relation.lhs)), set(T.free_symbols(relation.rhs))
    return left <= right or right <= left


# ------------------------------------------------------------------------------------------------ the words around


def is_conditional(words: str, conventions: Conventions) -> bool:
    """Whether words make what they stand beside conditional: 'if', 'when', 'wenn', 'si', 当, なら, 일 때, если."""
    lower = words.lower()
    plain = set(re.findall(r"[a-zà-ÿ]+", lower))
    return any(c in plain if c.isascii() and " " not in c else c in lower for c in conventions.conditional)


def first_clause(words: str) -> str:
    """The words up to the end of the sentence."""
    return re.split(r"[.;。；]\s|[.。]$|\n\n", words, maxsplit=1)[0]


def marks_one_variable(relation: Relation) -> bool:
    """Whether one density is taken at x and, on its own, at an accented x, which may be made of it: x + u."""
    found: dict[str, set[str]] = {}
    for side in (relation.lhs, relation.rhs):
        for t in T.walk(side):
            if t.op == "family" and len(t.data[1]) == 1 and not t.data[2]:
                found.setdefault(t.data[0], set()).add(t.data[1][0])
    return any(len({o.split(" ")[-1] for o in outcomes}) < len(outcomes) for outcomes in found.values())
