"""The rewriter: walks a term from the leaves up and rewrites it towards a normal form, writing down each step.

What to do at an operator stands in the tables of the other modules (``TOP``).  Every step is tried on the kernel at
once; a step that the kernel refuses is simply not taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from proofs import clock
from proofs import terms as T
from proofs.binding import alike, closed_key
from proofs.certificate import readable
from proofs.kernel import Kernel
from proofs.polynomials import AlgebraError
from proofs.prover.arithmetic import Canon
from proofs.prover.lemmas import rule_named
from proofs.rules.language import Instance, Lambda
from proofs.terms import Term, term

MAX_SIZE = 4000


class GiveUp(Exception):
    """The budget of time or size is spent."""


@dataclass(frozen=True)
class Strategy:
    """What to unfold: declared laws, divergences, conditionals into joint densities, vectors into entries."""

    laws: bool = False
    definitions: bool = True
    joint: frozenset[str] = frozenset()
    to_integrals: bool = True
    expand: bool = True
    entries: bool = False


class Told(NamedTuple):
    """A step for people."""

    rule: str
    before: Term
    after: Term
    conditions: tuple[str, ...]


def conditions_of(step: Mapping[str, Any]) -> tuple[str, ...]:
    """The side conditions of a rule's instance that speak of single terms, in words."""
    rule = rule_named(step.get("rule", ""))
    if rule is None:
        return ()
    told = []
    for head, *rest in rule.conditions:
        if head not in ("positive", "nonnegative", "nonzero", "invertible", "positive_definite", "integer", "binary"):
            continue
        instance = Instance(rule, step["with"])
        for k in range(instance.length(tuple(rest))) if instance.rows_in(tuple(rest)) else (None,):
            term_ = instance.build(rest[0], {}, k)
            if term_.op != "number":
                told.append(f"{readable(term_)} is {head.replace('_', ' ')}")
    return tuple(dict.fromkeys(told))


Tactic = Callable[["Rewriter", Term], Term | None]
TOP: dict[str, list[Tactic]] = {}


def tactic(*ops: str) -> Callable[[Tactic], Tactic]:
    """Registers what to try at an operator, in order."""

    def register(f: Tactic) -> Tactic:
        for op in ops:
            TOP.setdefault(op, []).append(f)
        return f

    return register


class Rewriter:
    def __init__(self, kernel: Kernel, strategy: Strategy, deadline: float):
        self.kernel, self.strategy, self.deadline = kernel, strategy, deadline
        self.path: list[int] = []
        self.contexts = [kernel.context]
        self.binders: list[str] = []
        self.steps: list[dict[str, Any]] = []
        self.trace: list[Told] = []
        self.done: set[tuple[tuple[str, ...], Term]] = set()

    @property
    def context(self):
        return self.contexts[-1]

    def tick(self) -> None:
        if clock.now() > self.deadline:
            raise GiveUp("time")
        if len(self.steps) > 6000:
            raise GiveUp("steps")

    # -------------------------------------------------------------------------------------------- steps

    def take(self, t: Term, step: Mapping[str, Any]) -> Term | None:
        """The term after a step at the present place, or None where the kernel refuses it."""
        self.tick()
        saved = set(self.kernel.axioms), set(self.kernel.assumed)
        context = self.context
        context.used = self.kernel.assumed
        try:
            new, relation = self.kernel._local(t, step, context)
        except (ValueError, RecursionError, ArithmeticError):
            new, relation = None, "="
        if new is None or relation != "=":
            self.kernel.axioms.clear()
            self.kernel.axioms.update(saved[0])
            self.kernel.assumed.clear()
            self.kernel.assumed.update(saved[1])
            return None
        self.steps.append({"at": tuple(self.path), **step})
        if "rule" in step or "declared" in step or "hypothesis" in step:
            name = step.get("rule") or ("declared law" if "declared" in step else "hypothesis")
            self.trace.append(Told(name, t, new, conditions_of(step)))
        return new

    def apply(self, t: Term, name: str, /, back: Any = False, **values: Any) -> Term | None:
        step: dict[str, Any] = {"rule": name, "with": values}
        if back:
            step["back"] = True
        new = self.take(t, step)
        if new is None:
            mark = self.snapshot()
            fitted = self.fit(t, name, back, values)
            new = None if fitted is None else self.take(fitted, step)
            if new is None:
                self.undo(mark)
        return new

    def fit(self, t: Term, name: str, back: bool, values: Mapping[str, Any]) -> Term | None:
        """The arguments of a term rearranged so that a rule's side is literally there."""
        rule = rule_named(name)
        if rule is None:
            raise KeyError(f"there is no rule {name!r}")
        try:
            wanted = Instance(rule, values).build(rule.right if back else rule.left, {})
        except (ValueError, TypeError, AttributeError, IndexError, KeyError):
            return None
        return self._towards(t, wanted, 3)

    def _towards(self, t: Term, wanted: Term, depth: int) -> Term | None:
        if alike(t, wanted):
            return t
        if depth == 0 or t.op != wanted.op or t.data != wanted.data or len(t.args) != len(wanted.args):
            return self.field(t, wanted) if t.sort.kind in ("scalar", "matrix") else None
        new: Term | None = t
        if t.op in ("add", "mul", "pow"):
            return self.field(t, wanted)
        for i, w in enumerate(wanted.args):
            if new is not None and not alike(new.args[i], w):
                new = self.within(new, i, partial(self._towards, wanted=w, depth=depth - 1))
        return new

    def field(self, t: Term, new: Term) -> Term | None:
        return t if new == t else self.take(t, {"field": new})

    def field_at(self, t: Term, i: int, new: Term) -> Term | None:
        """The i-th argument rearranged."""
        return self.within(t, i, lambda a: self.field(a, new))

    def holds(self, kind: str, *arguments: Any) -> bool:
        context = self.context
        saved = set(context.used)
        answer = context.holds(kind, *arguments)
        context.used.clear()
        context.used.update(saved)
        return answer

    @contextmanager
    def inside(self, t: Term, i: int):
        names = T.bound_in(t, i)
        self.path.append(i)
        self.contexts.append(self.context.under(t, i))
        self.binders.extend(names)
        try:
            yield
        finally:
            self.path.pop()
            self.contexts.pop()
            del self.binders[len(self.binders) - len(names) :]

    def within(self, t: Term, i: int, change: Callable[[Term], Term | None]) -> Term | None:
        """A change of the i-th argument."""
        with self.inside(t, i):
            new = change(t.args[i])
        if new is None:
            return None
        return t if new == t.args[i] else term(t.op, (*t.args[:i], new, *t.args[i + 1 :]), t.data, t.sort)

    def canon(self) -> Canon:
        return Canon(self.context)

    def snapshot(self) -> tuple[int, int]:
        return len(self.steps), len(self.trace)

    def undo(self, mark: tuple[int, int]) -> None:
        del self.steps[mark[0] :]
        del self.trace[mark[1] :]

    # -------------------------------------------------------------------------------------------- normal forms

    def norm(self, t: Term) -> Term:
        """The normal form of the term at the present place."""
        self.tick()
        mark = (tuple(self.binders), t)
        if mark in self.done:
            return t
        if t.op == "pow" and t.args[0].op == "norm" and T.is_number(t.args[1], 2):
            # before the norm becomes a root, of which the square may be hard to see
            t = self.apply(t, "norm.squared", x=t.args[0].args[0]) or t
        t = self.children(t)
        for _ in range(60):
            new = self.top(t)
            if new is None or new == t:
                break
            t = self.children(new)
        if size(t) > MAX_SIZE:
            raise GiveUp("size")
        self.done.add((tuple(self.binders), t))
        return t

    def children(self, t: Term) -> Term:
        for i in range(len(t.args)):
            if t.args[i].args or t.args[i].op == "family":
                t = self.within(t, i, self.norm) or t
        return t

    def top(self, t: Term) -> Term | None:
        def attempt(f: Tactic) -> Term | None:
            try:
                new = f(self, t)
            except (AlgebraError, T.ShapeError):
                return None
            return None if new == t else new

        return self.first(partial(attempt, f) for f in TOP.get(t.op, ()))

    def first(self, attempts: Iterable[Callable[[], Term | None]]) -> Term | None:
        """What the first attempt that succeeds gives; what the others did is undone."""
        for attempt in attempts:
            mark = self.snapshot()
            new = attempt()
            if new is not None:
                return new
            self.undo(mark)
        return None

    def rename(self, t: Term) -> Term:
        """Bound variables by depth, so that what is alike is equal: one step at the root."""
        new = renamed(t, 0, self.context)
        if new == t or closed_key(new) != closed_key(t):
            return t
        return self.take(t, {"alpha": new}) or t


def renamed(t: Term, depth: int, context) -> Term:
    from proofs.binding import SPACE_BINDERS, base, sort_of, substitute

    scope = T.BINDER_SCOPE.get(t.op, ())
    if not scope or t.op in T.OPTIMA:
        args = [renamed(a, depth, context) for a in t.args]
        return t if tuple(args) == t.args else term(t.op, args, t.data, t.sort)
    (name,) = t.data
    new = f"{base(name) if t.op in SPACE_BINDERS else '_'}~{depth + 1}"
    args = []
    for i, a in enumerate(t.args):
        if i in scope:
            sort = sort_of(a, name)
            if sort is not None and new != name:
                a = substitute(a, {name: T.symbol(new, sort)})
            a = renamed(a, depth + 1, context)
        else:
            a = renamed(a, depth, context)
        args.append(a)
    return term(t.op, args, (new,), t.sort)


def size(t: Term) -> int:
    return sum(1 for _ in T.walk(t))


def lam(variable: Term, body: Term) -> Lambda:
    return Lambda((variable,), body)
