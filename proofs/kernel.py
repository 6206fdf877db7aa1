"""The kernel: the only place where a theorem is made.

    Kernel.rewrite   an instance of a rule, an algebraic identity or a hypothesis, used at a place of a term
    compose          how a stands to c, from how a stands to b and b to c
    replay           a certificate (plain data) becomes  hypotheses |- lhs rel rhs,  or is refused

A theorem says: in every world of the hypotheses the two sides are defined together, and then ``lhs rel rhs``; under
``assumed``, which are regularity conditions and, for symbols whose domain nobody declared, that both sides have a
value.  Search, printing and normal forms are elsewhere; whatever they do wrong is refused here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proofs import terms as T
from proofs.binding import alike, free, fresh, replace_at, substitute
from proofs.certificate import CertificateError, Decoder, decode_hypotheses, readable
from proofs.definedness import KernelError, Undefined, brings_in, definedness
from proofs.field import Algebra
from proofs.polynomials import AlgebraError
from proofs.records import Hypotheses, Relation
from proofs.rules import RULES
from proofs.rules.language import Instance, Rule, RuleError
from proofs.side_conditions import ASSUMABLE, CONDITIONS, Context
from proofs.terms import SCALAR, Term

_TOKEN = object()
MAX_STEPS = 20_000
FLIP = {"=": "=", "<=": ">=", "<": ">", ">=": "<=", ">": "<"}


@dataclass(frozen=True, init=False)
class Theorem:
    """``hypotheses |- lhs relation rhs``.  Only this module makes one."""

    hypotheses: Hypotheses
    lhs: Term
    relation: str
    rhs: Term
    axioms: tuple[str, ...]
    assumed: tuple[str, ...]

    def __init__(self, token: object, *fields: Any):
        if token is not _TOKEN:
            raise KernelError("only the kernel makes theorems")
        for name, value in zip(self.__dataclass_fields__, fields):
            object.__setattr__(self, name, value)


# ------------------------------------------------------------------------------------------------ relations


def compose(first: str, second: str) -> str:
    """The relation of a to c from those of a to b and of b to c.  Raises KernelError where they point apart."""
    if first == "=" or second == "=":
        return second if first == "=" else first
    if first[0] != second[0]:
        raise KernelError(f"{first} and {second} do not compose")
    return first[0] if len(first) == 1 or len(second) == 1 else first


def implies(proved: str, wanted: str) -> bool:
    return proved == wanted or (proved == "=" and wanted in ("<=", ">=")) or wanted == proved + "="


# ------------------------------------------------------------------------------------------------ one step


class Kernel:
    """Steps under one relation's hypotheses; collects the axioms and the assumptions that they use."""

    def __init__(self, relation: Relation, defined: Sequence[Mapping[str, Any]] = ()):
        """``defined``: for terms whose sign is not plain to see, the steps to one where it is."""
        self.context = Context(relation.hypotheses)
        self.axioms: set[str] = set()
        self.assumed: set[str] = set()
        self.steps = 0

        def shown(kind: str, t: Term, context: Context) -> bool:
            return any(alike(d["term"], t) and self.signed(kind, t, context, d["steps"]) for d in defined)

        facts, assumed = definedness(relation, shown)
        self.context = Context(relation.hypotheses, facts)
        self.assumed |= set(assumed)

    def signed(self, kind: str, t: Term, context: Context, steps: Sequence[Mapping[str, Any]]) -> bool:
        """Whether a condition holds of what a term is equal to."""
        t, relation = self.within(context).chain(t, steps)
        return relation == "=" and context.holds(kind, t)

    def rewrite(self, t: Term, step: Mapping[str, Any]) -> tuple[Term, str]:
        """A term after one step, and how it stands to the term before: (after, rel) with ``before rel after``."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise KernelError("too many steps")
        path = tuple(step.get("at", ()))
        context, here = self.context, t
        for i in path:
            if not 0 <= i < len(here.args):
                raise KernelError("a step at a place that is not there")
            context, here = context.under(here, i), here.args[i]
        context.used = self.assumed
        new, relation = self._local(here, step, context)
        if new.sort != here.sort:
            raise KernelError("a step changes the shape")
        after = replace_at(t, path, new)
        if relation != "=":
            relation = self._around(t, path, relation)
            self._still_defined(after, path)
        return after, relation

    def _around(self, t: Term, path: tuple[int, ...], relation: str) -> str:
        """The relation between the whole terms, when it holds between the parts at a place."""
        context, polarity, strict = self.context, 1, True
        for i in path:
            polarity *= monotone(context, t, i)
            strict = strict and strictly(context, t, i)
            context, t = context.under(t, i), t.args[i]
        if polarity == 0:
            raise KernelError("an inequality is used where the term is not monotone in it")
        relation = relation if polarity > 0 else FLIP[relation]
        return relation if strict else relation[0] + "="

    def _still_defined(self, t: Term, path: tuple[int, ...]) -> None:
        """After an inequality the logarithms around the place must be of something positive still."""
        context = self.context
        for i in path:
            if t.op == "function" and t.data[0] in ("log", "sqrt") and not context.holds("positive", t.args[0]):
                raise KernelError("an inequality is used inside a logarithm of what may not be positive")
            context, t = context.under(t, i), t.args[i]

    def _local(self, t: Term, step: Mapping[str, Any], context: Context) -> tuple[Term, str]:
        new, relation = self._justified(t, step, context)
        brings_in(t, new, context)
        return new, relation

    def _justified(self, t: Term, step: Mapping[str, Any], context: Context) -> tuple[Term, str]:
        if "field" in step:
            if not Algebra(context).equal(t, step["field"]):
                raise KernelError("field: the two terms are not equal as rational functions")
            return step["field"], "="
        if "alpha" in step:
            if not alike(t, step["alpha"]):
                raise KernelError("alpha: the two terms differ in more than bound names")
            return step["alpha"], "="
        if "prove" in step:
            relation = self.within(context).prove(t, step["prove"], step["by"])
            return step["prove"], relation
        if "sign" in step:
            kind, relation = {">=": ("nonnegative", ">="), ">": ("positive", ">")}[step["sign"]]
            if not context.holds(kind, t):
                raise KernelError(f"sign: it is not known that this is {kind}: {readable(t)}")
            return T.ZERO, relation
        if "hypothesis" in step:
            return self._hypothesis(t, step, context)
        if "declared" in step:
            return declared_law(t, context), "="
        if "law" in step:
            if not alike(declared_law(step["law"], context), t):
                raise KernelError("declared: another law is declared")
            return step["law"], "="
        return self._rule(t, step, context)

    def within(self, context: Context) -> Kernel:
        """The same kernel, working under the binders of a place."""
        inner = object.__new__(type(self))
        inner.__dict__.update(self.__dict__)
        inner.context = context
        return inner

    @staticmethod
    def _hypothesis(t: Term, step: Mapping[str, Any], context: Context) -> tuple[Term, str]:
        conditions = context.hypotheses.conditions
        c = conditions[step["hypothesis"]]
        if c.op != "compare" or c.data[0] not in FLIP:
            raise KernelError("hypothesis: it is not an equation or an inequality")
        if any(n in context.hidden or "=" + n in context.hidden for n in free(c)):
            raise KernelError("hypothesis: one of its variables is bound here")
        a, b, relation = c.args[0], c.args[1], c.data[0]
        if step.get("back"):
            a, b, relation = b, a, FLIP[relation]
        if not alike(a, t):
            raise KernelError("hypothesis: its side is not the term at this place")
        return b, relation

    def _rule(self, t: Term, step: Mapping[str, Any], context: Context) -> tuple[Term, str]:
        rule = RULES.get(step["rule"])
        if rule is None:
            raise KernelError(f"there is no rule {step['rule']!r}")
        instance = Instance(rule, step["with"])
        try:
            left, right = instance.build(rule.left, {}), instance.build(rule.right, {})
        except (TypeError, AttributeError, IndexError, KeyError, ValueError) as e:
            raise e if isinstance(e, RuleError) else RuleError(f"{rule.name}: {e}") from e
        if any(n in context.hidden or "=" + n in context.hidden for n in instance.dimensions):
            raise instance.fail("a dimension has the name of a variable that is bound here")
        if left.sort != right.sort or (rule.relation != "=" and left.sort != SCALAR):
            raise instance.fail("the two sides have different shapes")
        for condition in rule.conditions:
            check(condition, rule, instance, context)
        if rule.premise:
            start, end = (instance.build(p, {}) for p in rule.premise)
            if self.within(context.without_facts()).prove(start, end, step["by"]) != "=":
                raise KernelError(f"{rule.name}: its premise is no equation")
        relation = rule.relation
        if step.get("back"):
            left, right, relation = right, left, FLIP[relation]
        if not alike(left, t) and not Algebra(context).equal(left, t):
            raise instance.fail("its left side is not the term at this place")
        if rule.kind == "theorem":
            self.axioms.add(rule.of)
        return right, relation

    # -------------------------------------------------------------------------------------------- proofs

    def chain(self, start: Term, steps: Sequence[Mapping[str, Any]]) -> tuple[Term, str]:
        t, relation = start, "="
        for step in steps:
            t, r = self.rewrite(t, step)
            relation = compose(relation, r)
        return t, relation

    def prove(self, lhs: Term, rhs: Term, proof: Mapping[str, Any]) -> str:
        """The relation that a proof establishes between two terms."""
        if "middle" in proof:
            terms = [lhs, *proof["middle"], rhs]
            if len(proof["parts"]) != len(terms) - 1:
                raise KernelError("a chain with a missing part")
            relation = "="
            for a, b, part in zip(terms, terms[1:], proof["parts"]):
                relation = compose(relation, self.prove(a, b, part))
            return relation
        left, first = self.chain(lhs, proof["left"])
        right, second = self.chain(rhs, proof["right"])
        if not alike(left, right) and not Algebra(self.context).equal(left, right):
            raise KernelError("the two sides do not meet")
        return compose(first, FLIP[second])

    def proportional(self, relation: Relation, proof: Mapping[str, Any]) -> None:
        """lhs = c rhs, with a nonzero factor c that does not depend on the variables of the proportionality."""
        factor = proof["factor"]
        for name in relation.proportional_in:
            if not self.context.free_of(T.symbol(name), factor):
                raise KernelError(f"propto: the factor depends on {name}")
        if not relation.proportional_in or not self.context.holds("nonzero", factor):
            raise KernelError("propto: it is not known in what, or that the factor is not zero")
        if self.prove(relation.lhs, T.mul(factor, relation.rhs), proof["proof"]) != "=":
            raise KernelError("propto: the sides are not proportional")


def monotone(context: Context, node: Term, i: int) -> int:
    """1 where a term grows with its i-th argument, -1 where it falls, 0 where that is not known."""
    if node.sort != SCALAR or node.args[i].sort != SCALAR:
        return 0
    if node.op == "add":
        return 1
    if node.op == "mul":
        others = [a for k, a in enumerate(node.args) if k != i]
        if any(a.sort != SCALAR for a in others):
            return 0
        product = T.mul(*others) if others else T.ONE
        if context.holds("nonnegative", product):
            return 1
        return -1 if context.holds("nonnegative", T.mul(T.MINUS_ONE, product)) else 0
    if (node.op == "expectation" and i == 1) or (node.op == "integral" and len(node.args) == 1):
        context.used.add(f"integrable: {readable(node.args[i])}")
        return 1
    if node.op == "sum" and i == 0:
        return 1
    return 1 if node.op == "function" and node.data[0] in ("exp", "log", "sqrt", "sigmoid", "tanh") else 0


def strictly(context: Context, node: Term, i: int) -> bool:
    """Whether a term that is monotone in its i-th argument is strictly so."""
    if node.op == "mul":
        return all(context.holds("nonzero", a) for k, a in enumerate(node.args) if k != i and a.sort == SCALAR)
    return node.op in ("add", "function")  # the functions of ``monotone`` are strictly increasing


def check(condition: Any, rule: Rule, instance: Instance, context: Context) -> None:
    """Raises RuleError, naming the rule, unless a side condition holds or may be assumed."""
    scope = {n: instance.values[n] for n in instance.wishes() if n in instance.values}
    if condition[0] == "within":
        # (within i a b (condition)): at every whole i from a to b
        _, index, a, b, condition = condition
        variable = instance.value(index)
        inner = T.symbol(fresh(variable.data[0], instance.taken | context.hidden), variable.sort)
        place = T.sum_over(inner.data[0], inner, instance.build(a, {}), instance.build(b, {}))
        context, scope = context.under(place, 0), {index: inner}
    head, rest = condition[0], condition[1:]
    if head not in CONDITIONS:
        raise instance.fail(f"{head} is not a side condition")
    rows = range(instance.length(rest)) if instance.rows_in(rest) else (None,)
    for k in rows:
        arguments = [instance.build(p, scope, k) for p in rest]
        if not context.holds(head, *arguments):
            shown = ", ".join(readable(a) if isinstance(a, Term) else str(a) for a in arguments)
            verb = "cannot assume" if head in ASSUMABLE else "does not know"
            raise instance.fail(f"{verb} {head}({shown})")


def declared_law(t: Term, context: Context) -> Term:
    """The law that the hypotheses declare for an unknown density, with its givens and parameters put in."""
    if t.op != "family" or t.data[0] not in context.hypotheses.families:
        raise KernelError("declared: there is no declared law at this place")
    letter, outcomes, givens, names = t.data
    declared = context.hypotheses.families[letter]
    law = declared.laws.get((outcomes, givens))
    if law is not None:
        values = dict(zip((*givens, *names), t.args))
        values = {k: v for k, v in values.items() if k in free(law)}
        if (free(law) - set(values)) & {n for n in context.hidden if not n.startswith("=")}:
            raise KernelError("declared: a symbol of the law is bound here")
        return substitute(law, values)
    if declared.pushforward and len(outcomes) == 1 and not givens:
        name, source, outcome = declared.pushforward
        f = context.hypotheses.functions.get(name)
        if f is None:
            raise KernelError(f"declared: nothing is known of the function {name}")
        variable = T.symbol(fresh(outcome, free(t)), f.argument_sorts[0])
        arguments = (variable, *(t.args if f.parameters else ()))
        space = context.hypotheses.spaces.get(outcomes[0])
        body = T.call(name, arguments, space.sort if space else f.values.sort)
        return T.term("pushforward", (T.family(source, (outcome,)), body), (variable.data[0],), T.LAW)
    raise KernelError("declared: the hypotheses say nothing of this law")


# ------------------------------------------------------------------------------------------------ certificates


def prove_by(relation: Relation, proof: Mapping[str, Any], defined: Sequence[Mapping[str, Any]] = ()) -> Theorem:
    """The theorem that a proof gives for a relation.  Raises a ValueError, naming the rule, where a step fails."""
    if relation.rel not in (*FLIP, "propto"):
        raise KernelError(f"{relation.rel} is not a relation of the kernel")
    kernel = Kernel(relation, defined)
    if relation.rel == "propto":
        kernel.proportional(relation, proof)
    elif not implies(proved := kernel.prove(relation.lhs, relation.rhs, proof), relation.rel):
        raise KernelError(f"the proof gives {proved}, not {relation.rel}")
    return Theorem(
        _TOKEN, relation.hypotheses, relation.lhs, relation.rel, relation.rhs,
        tuple(sorted(kernel.axioms)), tuple(sorted(kernel.assumed)),
    )  # fmt: skip


def replay(certificate: Mapping[str, Any]) -> Theorem:
    """Checks a certificate from its plain data alone.  Raises a ValueError that says which step failed."""
    try:
        decoder = Decoder(certificate["terms"])
        relation = Relation(
            decoder.term(certificate["lhs"]), certificate["relation"], decoder.term(certificate["rhs"]),
            decode_hypotheses(certificate["hypotheses"], decoder), tuple(certificate.get("proportional_in", ())),
        )  # fmt: skip
        defined = decoder.defined(certificate.get("defined", ()))
        return prove_by(relation, decoder.proof(certificate["proof"]), defined)
    except (KeyError, TypeError, IndexError, AttributeError, AlgebraError) as e:
        raise CertificateError(f"the certificate cannot be replayed: {e}") from e


__all__ = ["Kernel", "KernelError", "Theorem", "Undefined", "prove_by", "replay"]
