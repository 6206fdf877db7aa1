"""What is known at one place of a term: the hypotheses, less what the binders around the place hide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Self

from proofs.binding import base, free, key_under, sort_of
from proofs.intervals import CLOSED_UNIT, KIND_INTERVALS, NONNEGATIVE, POSITIVE, REAL, UNIT, Interval, around, hull
from proofs.records import Domain, Hypotheses
from proofs.terms import SCALAR, Term, bound_in, derivative, symbol


class Fact(NamedTuple):
    """A condition that holds wherever both sides are defined, for all values of its bound names."""

    kind: str
    key: object


# what is known of the outcomes of a law, but for events of probability 0
OUTCOMES: dict[str, tuple[str, Interval]] = {
    "bernoulli": ("binary", CLOSED_UNIT), "poisson": ("natural", NONNEGATIVE), "exponential": ("positive", POSITIVE),
    "gamma": ("positive", POSITIVE), "beta": ("unit", UNIT),
}  # fmt: skip


class Knowledge:
    """The hypotheses as they are known at one place of a term: under a binder its variable means something else."""

    def __init__(self, hypotheses: Hypotheses, facts: Iterable[Fact] = ()):
        self.hypotheses = hypotheses
        self.facts = frozenset(facts)
        self.local: dict[str, tuple[str, Interval]] = {}
        self.hidden: frozenset[str] = frozenset()
        self.at_regular: frozenset[Term] = frozenset()  # what is invertible on the preimages around this place
        self.used: set[str] = set()
        self._depth = 0

    # ------------------------------------------------------------------------------------------- going down

    def under(self, node: Term, position: int) -> Self:
        """The context inside an argument: bound names lose what was known of them, and get what the binder says."""
        names = bound_in(node, position)
        if node.op == "derivative":
            # what is used here must hold around the present point, not only at it
            child = self._copy()
            child.hidden = self.hidden | {"=" + n for n in node.data}
            for n in node.data:
                child.local[n] = "real", around(self.interval(symbol(n)))
            return child
        if not names:
            return self
        child = self._copy()
        child.hidden = self.hidden | set(names)
        child.at_regular = frozenset(t for t in self.at_regular if free(t).isdisjoint(names))
        if node.op == "preimages":  # they are the regular ones
            x = symbol(names[0], sort_of(node.args[1], names[0]) or SCALAR)
            child.at_regular |= {derivative(node.args[1], x.data[0], sort=x.sort)}
        for n in names:
            child.local[n] = self._binder_fact(node, n)
        return child

    def _copy(self) -> Self:
        child = type(self)(self.hypotheses, self.facts)
        child.local, child.hidden = dict(self.local), self.hidden
        child.used, child.at_regular = self.used, self.at_regular
        return child

    def without_facts(self) -> Self:
        """The same place, without what follows from the relation's own sides: they might speak of any function."""
        child = self._copy()
        child.facts = frozenset()
        return child

    def _binder_fact(self, node: Term, name: str) -> tuple[str, Interval]:
        if node.op in ("sum", "product") or (node.op == "integral" and len(node.args) == 3):
            # whether the bounds are in order does not matter in a sum, which is empty then
            kind = "real" if node.op == "integral" else "integer"
            return kind, hull(self.interval(node.args[1]), self.interval(node.args[2]))
        if node.op == "integral":
            return self._of_space(name)
        if node.op in ("expectation", "variance", "covariance", "probability"):
            law = node.args[0]
            if law.op == "uniform":
                return "real", Interval(self.interval(law.args[0]).low, True, self.interval(law.args[1]).high, True)
            if law.op == "family" and len(law.data[1]) == 1:
                return self._of_space(law.data[1][0])
            return OUTCOMES.get(law.op, ("real", REAL))
        return "real", REAL

    def _of_space(self, name: str) -> tuple[str, Interval]:
        values = self._space_values(name)
        return (values.kind, self.domain_interval(values)) if values else ("real", REAL)

    def _space_values(self, name: str) -> Domain | None:
        space = self.hypotheses.spaces.get(self.space(name) or "")
        return space.values if space else None

    def space(self, name: str) -> str | None:
        """The space that a variable of this name lives in."""
        h = self.hypotheses
        for n in (name, base(name)):
            if n in h.space_of:
                return h.space_of[n]
            if n in h.spaces:
                return n
        return None

    # ------------------------------------------------------------------------------------------- asking

    def kind(self, name: str) -> str:
        """What kind of value a name has here; under its binder that is not what the hypotheses say."""
        if name in self.local:
            return self.local[name][0]
        return "real" if name in self.hidden else self.hypotheses.domain(name).kind

    def holds(self, kind: str, *arguments) -> bool:
        """Whether a condition is discharged; what it took for granted is added to ``used``."""
        before = set(self.used)
        answer = bool(getattr(self, kind)(*arguments))
        if not answer:
            self.used.clear()
            self.used.update(before)
        return answer

    def _fact(self, kind: str, t: Term) -> bool:
        if not self.facts or (kind == "nonnegative" and self.moving(t)):
            return False
        return Fact(kind, key_under(t, self.hidden)) in self.facts

    def moving(self, t: Term) -> bool:
        """Whether a derivative around this place is by one of the variables of a term."""
        return any("=" + n in self.hidden for n in free(t))

    def interval(self, t: Term) -> Interval:
        """Where the value of a scalar lies."""
        raise NotImplementedError

    @staticmethod
    def domain_interval(d: Domain) -> Interval:
        if d.sort != SCALAR:
            return REAL
        if d.kind == "interval":
            low = REAL[:2] if d.lower is None else (d.lower, False)
            high = REAL[2:] if d.upper is None else (d.upper, False)
            return Interval(*low, *high)
        return KIND_INTERVALS.get(d.kind, REAL)
