"""The bar of evaluation: f(x)|_{x=a} is f at a, and F(x)|_a^b of an integral the difference of its ends."""

from __future__ import annotations

from derivations.reading.meaning.arithmetic import Arithmetic
from derivations.reading.meaning.environment import Env, Unclear
from derivations.reading.meaning.integrals import is_infinite
from derivations.reading.meaning.spaces import Spaces
from derivations.reading.names import head_of
from derivations.reading.tree import Differential, Evaluated, Group, Infix, Node, Script
from derivations.reading.walking import joined, unwrap
from proofs import terms as T
from proofs.terms import Term


class Evaluation(Spaces, Arithmetic):
    """The part of the Elaborator that evaluates at a point what is written before a bar."""

    def sequence(self, items: tuple[Node, ...], signs: tuple[str, ...], env: Env) -> Term:
        """A product in which the first bar takes the brackets before it, or all that stands before it."""
        bar = next((k for k, item in enumerate(items) if isinstance(unwrap(item), Evaluated)), None)
        if bar is None:
            return super().sequence(items, signs, env)
        if bar == 0:
            raise Unclear("what is evaluated at the bar is not written")
        node = unwrap(items[bar])
        assert isinstance(node, Evaluated)
        start = bar - 1 if isinstance(unwrap(items[bar - 1]), Group) and is_whole(signs, bar) else 0
        inner = self.with_variables_of(node.sub, env)
        value = self.evaluated(self.term(joined(node.span, items[start:bar], signs[start : bar - 1]), inner), node, env)
        if start:
            value = self.times(self.sequence(items[:start], signs[: start - 1], env), value, signs[start - 1])
        if bar == len(items) - 1:
            return value
        if signs[bar] == "/":
            raise Unclear("what is divided behind the bar is not clear")
        return self.times(value, self.sequence(items[bar + 1 :], signs[bar + 1 :], env), signs[bar])

    def in_brackets(self, node: Script, env: Env) -> Term | None:
        """[F(x)]_a^b and [f(x)]_{x=a}; None for other scripts of brackets."""
        base = unwrap(node.base)
        if not isinstance(base, Group) or base.open != "[" or len(base.parts) != 1 or node.sub is None:
            return None
        says_where = isinstance(unwrap(node.sub), Infix)
        if not says_where and (node.sup is None or not self.integrated_names()):
            return None  # [z]_1^2 is an entry, squared
        inner = self.with_variables_of(node.sub, env)
        return self.evaluated(self.term(base.parts[0], inner), Evaluated(node.span, node.sub, node.sup), env)

    def with_variables_of(self, point: Node | None, env: Env) -> Env:
        """Where the x of x = a is a variable, whatever it is defined to be outside."""
        point = unwrap(point) if point is not None else None
        parts = point.parts if isinstance(point, Group) and not point.open else (point,)
        for part in parts:
            equation = unwrap(part) if part is not None else None
            head = head_of(equation.left) if isinstance(equation, Infix) and equation.rel == "=" else None
            if head is not None and head.key in self.view.definitions and head.key not in env.bound:
                env = env.bind(head.key, self.shapes.sort(head.key))
                if head.key in self.usage.density_variables:
                    self.declare_space(head.key, self.space_named(head, env), env)
        return env

    def evaluated(self, body: Term, bar: Evaluated, env: Env) -> Term:
        """The body at the point, or between the ends, that the bar says."""
        if bar.sub is None:
            raise Unclear("at which point it is evaluated is not written")
        if bar.sup is None:
            return self.at_point(body, bar.sub, env)
        upper = bar.sup
        if isinstance(unwrap(bar.sub), Infix) and isinstance(unwrap(upper), Infix):
            return T.sub(self.at_point(body, upper, env), self.at_point(body, bar.sub, env))
        free = set(T.free_symbols(body))
        names = self.integrated_names() & free or free
        if len(names) != 1:
            raise Unclear("in which variable it is evaluated is not written")
        (name,) = names
        return T.sub(*(self.put(body, name, self.term(end, env)) for end in (upper, bar.sub)))

    def at_point(self, body: Term, point: Node, env: Env) -> Term:
        """The body at x = a; at x = a, y = b too."""
        point = unwrap(point)
        parts = point.parts if isinstance(point, Group) and not point.open else (point,)
        for part in map(unwrap, parts):
            head = head_of(part.left) if isinstance(part, Infix) and part.rel == "=" else None
            if head is None or not isinstance(part, Infix):
                raise Unclear("at which value of which variable it is evaluated is not written")
            body = self.put(body, head.key, self.term(part.right, env))
        return body

    def put(self, body: Term, name: str, value: Term) -> Term:
        """The body with a value for a variable; derivatives by that are taken first."""
        if name not in T.free_symbols(body):
            raise Unclear(f"what is evaluated does not depend on {name}")
        if is_infinite(value):
            raise Unclear("a limit is not understood here")
        return T.substitute(body, {name: value})

    def integrated_names(self) -> set[str]:
        """The variables of the integrals that the relation writes."""
        found = set()
        for node in self.written():
            head = head_of(node.variable) if isinstance(node, Differential) else None
            if head is not None:
                found.add(head.key)
        return found


def is_whole(signs: tuple[str, ...], bar: int) -> bool:
    """Whether the brackets before a bar stand for themselves: no argument of a name, no operand of a derivative."""
    return bar == 1 or signs[bar - 2] in ("*", "x", "/")
