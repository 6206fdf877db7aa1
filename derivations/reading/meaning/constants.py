"""A = B + const, A = const B: equal up to a constant, which does not depend on a variable that both sides speak of.

The constant is something that is not written out.  That there is one is said without it: A - B is the same when the
variable moves, A(x) - A(x') = B(x) - B(x'); for a factor, A(x) B(x') = A(x') B(x).  Which variable it is that moves is
often not said; the outcome of a density comes first, and then every other that both sides speak of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from derivations.reading.meaning.environment import Gathered, Unclear
from derivations.reading.names import head_of
from derivations.reading.readings import Choices
from derivations.reading.tree import Name, Node, Number, Script, Sum, Text
from derivations.reading.tree import Sequence as Product
from derivations.reading.walking import joined, nodes, unwrap
from proofs import terms as T
from proofs.records import Domain
from proofs.terms import Term

WORDS = frozenset({"const", "constant", "constants", "cst", "cte", "konst", "constante", "costante", "konstante"})
LETTERS = frozenset("Cc")  # a constant where nothing else explains the letter
PROSE = re.compile(r"\(?(?:an? )?(?:additive )?(?:const|cst|cte|konst|terms? (?:that do(?:es)? not|independent))", re.I)
FUNCTIONALS = frozenset({"expectation", "integral", "kl", "jsd", "entropy", "cross_entropy"})
OWN = "a value like others"


@dataclass(frozen=True)
class Written:
    """The sides of a relation without their constants.

    ``kind`` is '+' for a term, '*' for a factor, '' where there is none; ``letter`` is the constant's, where it may be
    a value of its own; ``variable`` the node behind it that says in which variable it is one.
    """

    left: Node
    right: Node
    kind: str = ""
    letter: str = ""
    variable: Node | None = None


def without_constants(left: Node, rel: str, right: Node, is_free: Callable[[str], bool]) -> Written:
    """What remains of a relation when its constants are taken off.

    ``is_free`` says of a letter that nothing explains it: C may be a constant then, where it stands once.
    """
    if rel == "=c":
        return Written(taken_off(left, "+", "")[0], taken_off(right, "+", "")[0], "+")
    if rel == "propto":
        return Written(taken_off(left, "*", "")[0], taken_off(right, "*", "")[0])
    if rel != "=":
        return Written(left, right)
    for kind in "+*":
        found = [taken_off(side, kind, "") for side in (left, right)]
        if any(constant is not None for _, constant in found):
            variable = next((named_variable(c) for _, c in found if c is not None), None)
            return Written(found[0][0], found[1][0], kind, variable=variable)
    for kind in "+*":
        for letter in LETTERS:
            names = [n for side in (left, right) for n in nodes(side) if isinstance(n, Name) and n.text == letter]
            rest, constant = taken_off(right, kind, letter)
            if constant is not None and len(names) == 1 and is_free(letter):
                return Written(left, rest, kind, letter)
    return Written(left, right)


def taken_off(side: Node, kind: str, letter: str) -> tuple[Node, Node | None]:
    """A side without its constant term or factor, and that; as it is, and None, where it has none."""
    whole = unwrap(side)
    if is_constant(whole, letter):
        return Number(whole.span, "0" if kind == "+" else "1"), whole
    if kind == "+" and isinstance(whole, Sum):
        kept = [(t, s) for t, s in zip(whole.terms, whole.signs) if not is_constant(t, letter)]
        gone = next((t for t in whole.terms if is_constant(t, letter)), None)
        if gone is None or not kept:
            return side, gone
        if len(kept) == 1 and kept[0][1] in ("", "+"):
            return kept[0][0], gone
        return replace(whole, terms=tuple(t for t, _ in kept), signs=tuple(s for _, s in kept)), gone
    if kind == "*" and isinstance(whole, Product) and is_constant(whole.items[0], letter):
        after = joined(whole.span, whole.items[1:], whole.signs[1:])
        return (after, whole.items[0]) if whole.signs[0] in ("", "*", "x") else (side, None)
    return side, None


def is_constant(node: Node, letter: str) -> bool:
    """'const', or 'const w.r.t. x'; the letter where one is given."""
    node = unwrap(node)
    if letter:
        return isinstance(node, Name) and node.text == letter and not node.accents and node.font in ("", "rm")
    if isinstance(node, Product):
        return isinstance(node.items[0], Text) and len(node.items) == 2 and is_constant(node.items[0], "")
    if isinstance(node, Text):
        return PROSE.match(node.text) is not None
    node = unwrap(node.base) if isinstance(node, Script) else node
    return isinstance(node, Name) and node.text.lower().rstrip(".") in WORDS


def named_variable(constant: Node) -> Node | None:
    """The variable of 'const w.r.t. x' and of const_x."""
    if isinstance(constant, Product):
        return constant.items[-1]
    return constant.sub if isinstance(constant, Script) else None


def up_to_a_constant(
    sides: tuple[Term, Term], written: Written, first: Sequence[str], gathered: Gathered, choices: Choices
) -> tuple[Term, Term] | None:
    """Both sides of what is claimed, in the reading chosen; None where the letter is taken for a value of its own.

    ``first`` are the variables that come first.  Raises Unclear where both sides have no variable in common.
    """
    left, right = sides
    named = head_of(written.variable) if written.variable is not None else None
    options = movable(left, right, first, gathered)
    if named is not None:
        options = [name for name in options if name == named.key] or options
    if not options:
        if written.letter:
            return None
        raise Unclear("of which variable the constant is independent is not clear: both sides have none in common")
    shown = [f"one that does not depend on {name}" for name in options]
    name = options[0]
    if len(options) > 1 or written.letter:
        beside = f"the constant beside {', '.join(options)}"
        chosen = choices.choose(beside, (OWN, *shown) if written.letter else tuple(shown))
        if chosen == OWN:
            return None
        name = options[shown.index(chosen)]
    else:
        gathered.note(f"the constant does not depend on {name}")
    moved = elsewhere(sides, name, gathered)
    if written.kind == "*":
        return T.mul(left, moved[1]), T.mul(moved[0], right)
    return T.sub(left, moved[0]), T.sub(right, moved[1])


def movable(left: Term, right: Term, first: Sequence[str], gathered: Gathered) -> list[str]:
    """The variables, and then the densities of functionals (E_q, KL), that both sides speak of."""
    common = set(T.free_symbols(left)) & set(T.free_symbols(right))
    names = {n for n in common if gathered.variables.get(n, Domain()).kind not in ("dimension", "index")}
    letters: set[str] = set()
    if any(n.op in FUNCTIONALS for n in T.walk(left)):
        letters = set.intersection(*({n.data[0] for n in T.walk(s) if n.op == "family"} for s in (left, right)))
        letters -= set(gathered.pushforwards)  # the law of a generator moves with its generator alone
    return [*(n for n in first if n in names), *sorted(names - set(first)), *sorted(letters)]


def elsewhere(sides: Sequence[Term], name: str, gathered: Gathered) -> list[Term]:
    """The sides at another value of a variable, or for another density of the same kind."""
    other = f"{name}'"
    while other in gathered.variables or other in gathered.families:
        other += "'"
    if name in gathered.variables:
        gathered.variables[other] = gathered.variables[name]
        if name in gathered.space_of:
            gathered.space_of[other] = gathered.space_of[name]
        symbols = {n for side in sides for n in T.walk(side) if n.op == "symbol" and n.data[0] == name}
        value = T.symbol(other, next(iter(symbols)).sort)
        return [T.substitute(side, {name: value}) for side in sides]
    gathered.families[other] = gathered.families[name]
    if name in gathered.family_parameters:
        gathered.family_parameters[other] = gathered.family_parameters[name]
    return [renamed(side, name, other) for side in sides]


def renamed(t: Term, letter: str, other: str) -> Term:
    """A term with another density for one."""
    args = tuple(renamed(a, letter, other) for a in t.args)
    data = (other, *t.data[1:]) if t.op == "family" and t.data[0] == letter else t.data
    return t if args == t.args and data == t.data else T.term(t.op, args, data, t.sort)
