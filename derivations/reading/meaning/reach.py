"""How far log, exp, det, tr and their kin reach when no brackets say it."""

from __future__ import annotations

from derivations.reading.meaning.arithmetic import Arithmetic
from derivations.reading.meaning.building import Follow
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.names import head_of, is_minus_one
from derivations.reading.tree import BigOperator, Differential, Fraction, Node, Number, Script
from derivations.reading.vocabulary import FUNCTION_WORDS, MATRIX_WORDS
from derivations.reading.walking import argument_group, as_group, as_name, as_number, base_of, is_integral, unwrap
from proofs import terms as T
from proofs.terms import SCALAR, Term

REACHING = {"det": "det", "trace": "tr"}


class Reach(Arithmetic):
    """The part of the Elaborator that knows function words."""

    def function_word(
        self, name: str, node: Node, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env
    ) -> Follow:
        """log, exp, sin, ... at items[i]; \\log^2 x and \\log(x)^2 are squares of the logarithm."""
        power = node.sup if isinstance(node, Script) else None
        if isinstance(node, Script) and node.sub is not None:
            raise Unclear(f"a {name} with a subscript is not understood")
        if power is not None and is_minus_one(power):
            raise Unclear(f"whether {name}^-1 is the inverse function or one over it is not clear")
        argument, following = self.reached(name, items, signs, i + 1, env)
        group = unwrap(items[i + 1])
        above = group.sup if isinstance(group, Script) and argument_group(group) is not None else None
        if above is not None and power is None and self.is_power_inside(name, above):
            value = T.function(name, self.raised(argument, above, env))
        else:
            value = T.function(name, argument)
            value = self.raised(value, above, env) if above is not None else value
        return (self.raised(value, power, env) if power is not None else value), following

    def is_power_inside(self, name: str, power: Node) -> bool:
        """Whether a power behind the brackets belongs to what is in them: \\log (2\\pi)^{n/2}."""
        if name != "log":
            return False
        if not isinstance(unwrap(power), Number):
            return True
        return self.choices.choose("log (a)^b", ("(log a)^b", "log(a^b)")) == "log(a^b)"

    def reached(self, name: str, items: tuple[Node, ...], signs: tuple[str, ...], j: int, env: Env) -> Follow:
        """What a function word reaches: brackets, the next factor, or the factors written together."""
        if j >= len(items):
            raise Unclear(f"nothing follows “{name}”")
        group = argument_group(items[j])
        if group is not None:
            return self.term(group, env), j + 1
        first, following = self.factor(items, signs, j, env)
        end, over_sum = self.written_together(items, signs, j, following, env)
        if end > following and self.reaches_all(name, items[j:end], over_sum):
            stop = open_differential(items, j, end)
            return self.sequence(items[j:stop], signs[j : stop - 1], env), stop
        if following < len(items) and signs[following - 1] == "/":
            after, beyond = self.factor(items, signs, following, env)
            option = self.choices.choose(f"{name} a/b", (f"{name}(a/b)", f"({name} a)/b"))
            if option == f"{name}(a/b)":
                return self.times(first, after, "/"), beyond
        return first, following

    def written_together(
        self, items: tuple[Node, ...], signs: tuple[str, ...], j: int, following: int, env: Env
    ) -> tuple[int, bool]:
        """Where the factors end that stand beside items[j] without a sign, and whether a sum sign is among them.

        A sum sign belongs to them only behind a fraction: \\log \\frac1n \\sum_i x_i.
        """
        end = following
        while end < len(items) and signs[end - 1] == "":
            item = unwrap(items[end])
            if isinstance(item, Differential) or starts_operator(item):
                break
            if isinstance(item, BigOperator):
                behind_fraction = isinstance(unwrap(items[j]), Fraction)
                return (len(items), True) if behind_fraction and not is_integral(item) else (end, False)
            _, end = self.factor(items, signs, end, env)
        return end, False

    def reaches_all(self, name: str, factors: tuple[Node, ...], over_sum: bool) -> bool:
        """Whether the word takes all factors: in \\log 2\\pi it does, in general both readings are open."""
        if over_sum or (as_number(factors[0]) is not None and all_plain(factors)):
            return True
        option = self.choices.choose(f"reach of {name}", ("the next factor", "all that is written together"))
        return option != "the next factor"

    # ------------------------------------------------------------------------------------------ det, tr, diag

    def matrix_word(
        self, op: str, node: Node, items: tuple[Node, ...], signs: tuple[str, ...], i: int, env: Env
    ) -> Follow:
        """det, tr or diag at items[i]: of what stands in brackets, or of the matrices written together."""
        if i + 1 >= len(items):
            raise Unclear(f"nothing follows “{op}”")
        group, bars = argument_group(items[i + 1]), as_group(base_of(items[i + 1]))
        following = i + 2
        absolute = False
        if bars is not None and bars.open == "|":
            # \det |J|: the absolute value of the determinant; J^T J has a determinant without bars
            argument = self.term(bars.parts[0], env)
            absolute = op == "det"
        elif group is not None:
            argument = self.term(group, env)
        elif op == "diag":
            argument, following = self.factor(items, signs, i + 1, env)
        else:
            argument, following = self.matrix_reach(op, items, signs, i + 1, env)
        value = {"det": T.det, "trace": T.trace, "diag": diagonal_matrix}[op](argument)
        if absolute:
            value = T.function("abs", value)
        scripted = unwrap(items[i + 1])
        if following == i + 2 and isinstance(scripted, Script) and bars is not None and scripted.sup is not None:
            value = self.raised(value, scripted.sup, env)
        if isinstance(node, Script) and node.sup is not None:
            value = self.raised(value, node.sup, env)
        return value, following

    def matrix_reach(self, op: str, items: tuple[Node, ...], signs: tuple[str, ...], j: int, env: Env) -> Follow:
        """tr A B: the matrices written together; whether it takes brackets behind a matrix is a reading."""
        value, following = self.factor(items, signs, j, env)
        while following < len(items) and signs[following - 1] == "" and value.sort != SCALAR:
            more, beyond = self.factor(items, signs, following, env)
            if more.sort == SCALAR:
                break
            if argument_group(unwrap(base_of(items[following]))) is not None:
                option = self.choices.choose(
                    f"reach of {REACHING[op]}", ("all that is written together", "the next factor")
                )
                if option == "the next factor":
                    break
            value, following = self.times(value, more, ""), beyond
        return value, following


def open_differential(items: tuple[Node, ...], start: int, end: int) -> int:
    """The first differential that closes no integral begun after ``start``; ``end`` where there is none."""
    depth = 0
    for k in range(start, end):
        if is_integral(items[k]):
            depth += 1
        elif isinstance(unwrap(items[k]), Differential):
            if depth == 0:
                return k
            depth -= 1
    return end


def diagonal_matrix(argument: Term) -> Term:
    """diag of a vector; of a matrix, which then is diagonal already, the matrix."""
    is_vector = argument.sort.cols == 1
    is_square = argument.sort.kind == "matrix" and argument.sort.rows == argument.sort.cols
    return argument if is_square and not is_vector else T.diag(argument)


def all_plain(items: tuple[Node, ...]) -> bool:
    """Whether all factors are names and numbers."""
    return all(head_of(x) is not None or isinstance(unwrap(x), Number) for x in items)


def starts_operator(node: Node) -> bool:
    """Whether a factor is a word or operator that takes what follows it."""
    base = as_name(base_of(node))
    if base is None:
        return False
    is_word = base.text in FUNCTION_WORDS or base.text in MATRIX_WORDS or base.text in ("nabla", "Var", "Cov", "KL")
    return is_word or (base.text == "E" and base.font == "bb")
