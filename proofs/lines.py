"""A certificate as the lines that a lecturer would write: each a whole side, with the rules that give it.

A certificate has a step for every use of a rule and every rearrangement.  Here it is replayed, and what belongs
together becomes one line: a theorem, a definition or a hypothesis, with the calculation (logarithms, powers, rational
functions) that follows it.  Nothing is proved here: the theorem is that of `proofs.kernel.replay`, these are its words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import prod
from typing import Any

from proofs import terms as T
from proofs.binding import free, substitute
from proofs.certificate import Decoder, decode_hypotheses, for_people, readable
from proofs.kernel import FLIP, Kernel, compose
from proofs.printing import text
from proofs.printing.printer import Printer
from proofs.records import Proof, Relation
from proofs.rules import RULES
from proofs.rules.language import Instance
from proofs.terms import SCALAR, Term

CALCULATION = "calculation"
SHOWN_CONDITIONS = ("positive", "nonnegative", "nonzero", "invertible", "positive_definite", "integer", "binary")
# rules about one subject, by the beginnings of their names, may share a line; that a law has mass 1 goes with any
SUBJECTS = {"derivative": "derivatives", "normal": "normal laws", "uniform": "uniform laws"}
MASS = ("expectation.constant", "density.normalised")
# steps that are no rule of the table, by the key that marks them
MOVES = {"sign": "sign", "hypothesis": "hypothesis", "declared": "declared law", "law": "declared law"}


@dataclass(frozen=True)
class Condition:
    """``term`` is ``kind``: a side condition that holds where a rule is used."""

    kind: str
    term: Term


@dataclass(frozen=True)
class Use:
    """A rule (or a move that is none: 'sign', 'hypothesis', 'declared law') with its instance's side conditions."""

    rule: str
    kind: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Line:
    """``relation term``, from the line before; ``steps`` are the certificate's steps that it stands for, ``assumed``
    what had to be assumed here for the first time."""

    relation: str
    term: Term
    uses: tuple[Use, ...] = ()
    assumed: tuple[str, ...] = ()
    steps: int = 1

    @property
    def heavy(self) -> bool:
        return any(u.kind != CALCULATION for u in self.uses)


@dataclass(frozen=True)
class Link:
    """``start relation end``: lines from the start on, and, where the end had to be unfolded too, lines from the end
    on; both come to the same."""

    start: Term
    relation: str
    end: Term
    lines: tuple[Line, ...]
    back: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Derivation:
    """The links of a proof, and ``terms``: what each condition speaks of, by the words in which it is told."""

    links: tuple[Link, ...]
    factor: Term | None = None
    terms: Mapping[str, Term] = field(default_factory=dict)


def derivation(proof: Proof) -> Derivation:
    """The lines of a proof.  Raises ValueError where its certificate cannot be replayed."""
    certificate = proof.certificate
    decoder = Decoder(certificate["terms"])
    relation = Relation(
        decoder.term(certificate["lhs"]), certificate["relation"], decoder.term(certificate["rhs"]),
        decode_hypotheses(certificate["hypotheses"], decoder), tuple(certificate.get("proportional_in", ())),
    )  # fmt: skip
    defined = decoder.defined(certificate.get("defined", ()))
    teller = _Teller(Kernel(relation, defined))
    data = decoder.proof(certificate["proof"])
    rhs, factor = relation.rhs, data.get("factor")
    if factor is not None:
        data, rhs = data["proof"], T.mul(factor, rhs)
    links = teller.links(relation.lhs, rhs, data)
    return Derivation(tuple(links), factor, _named(proof.assumed, [*decoder.terms, *teller.seen]))


def _named(told: Sequence[str], terms: Sequence[Term]) -> dict[str, Term]:
    """The terms that the words of the assumed conditions name."""
    found: dict[str, Term] = {}
    most = max(map(len, told), default=0)  # a node takes a sign at the least
    sizes: dict[Term, int] = {}
    for whole in terms if told else ():
        for t in reversed(list(T.walk(whole))):  # what is below comes first
            if t not in sizes:
                sizes[t] = 1 + sum(sizes[a] for a in t.args)
                words = readable(t) if sizes[t] <= most else ""
                if words and any(words in w for w in told):
                    found[words] = shown(t)
    return found


def shown(t: Term) -> Term:
    """The term as a person would write it: names of bound variables that are known, no factor 1 and no power 1."""

    def change(n: Term) -> Term:
        if n.op == "expectation" and len(n.data) == 1 and "~" in n.data[0] and n.args[0].op == "family":
            (outcome, *others), new = n.args[0].data[1], n.args[1]
            if not others and outcome not in free(new) and n.data[0] in free(new):
                place = T.symbol(outcome, T.free_symbols(new)[n.data[0]])
                return T.expectation(outcome, n.args[0], substitute(new, {n.data[0]: place}))
        if n.op == "mul":
            numbers = [a.data[0] for a in n.args if a.op == "number"]
            if len(numbers) > 1:
                rest = [a for a in n.args if a.op != "number"]
                n = T.mul(T.number(prod(numbers)), *rest) if rest else T.number(prod(numbers))
            return _fraction(n) if n.op == "mul" and n.sort == SCALAR else n
        if n.op == "pow" and T.is_number(n.args[1], 1):
            return n.args[0]
        numbers = [a.data[0] for a in n.args if a.op == "number"] if n.op == "add" and n.sort == SCALAR else []
        if len(numbers) > 1 or (0 in numbers and len(n.args) > 1):
            total = sum(numbers)
            rest = [a for a in n.args if a.op != "number"]
            return T.add(*rest, T.number(total)) if rest and total else T.add(*rest) if rest else T.number(total)
        return n

    t = T.map_terms(t, change)
    for n in T.walk(t):  # a place in a condition, which nothing binds
        if n.op == "pdf" and n.args[0].op == "family" and n.args[0].data[1][1:] == () and len(n.args) == 2:
            outcome, place = n.args[0].data[1][0], n.args[1]
            if place.op == "symbol" and "~" in place.data[0] and place.data[0] in free(t) and outcome not in free(t):
                t = substitute(t, {place.data[0]: T.symbol(outcome, place.sort)})
    return for_people(t)


class _Teller:
    def __init__(self, kernel: Kernel):
        self.kernel = kernel
        self.told: set[str] = set()
        self.seen: set[Term] = set()

    def links(self, start: Term, end: Term, proof: Mapping[str, Any]) -> list[Link]:
        if "middle" in proof:
            terms = [start, *proof["middle"], end]
            return [x for a, b, part in zip(terms, terms[1:], proof["parts"]) for x in self.links(a, b, part)]
        forward, first = self.chain(start, proof["left"])
        back, second = self.chain(end, proof["right"])
        found = Link(shown(start), compose(first, FLIP[second]), shown(end), (), ())
        if not any(line.heavy for line in back):
            uses = _merged(u for line in back for u in line.uses)
            assumed = tuple(a for line in back for a in line.assumed)
            final = Line("=", found.end, uses, assumed, sum(line.steps for line in back))
            return [replace(found, lines=_ending(found, _tidy(found.start, [*forward, final])))]
        if not any(line.heavy for line in forward):
            lines = _tidy(found.start, [*forward, *_turned(found.end, back)])
            return [replace(found, lines=_ending(found, lines))]
        lines, other = _tidy(found.start, forward), _tidy(found.end, back)
        if other and lines and text(lines[-1].term) != text(other[-1].term):
            lines = (*lines, Line("=", other[-1].term, steps=0))
        return [replace(found, lines=lines, back=other)]

    def chain(self, t: Term, steps: Sequence[Mapping[str, Any]]) -> tuple[list[Line], str]:
        """One line a step, and the relation between the first term and the last."""
        lines: list[Line] = []
        relation = "="
        for step in steps:
            place = self.at(t, step)
            t, r = self.kernel.rewrite(t, step)
            relation = compose(relation, r)
            self.seen.add(t)
            assumed = tuple(sorted(self.kernel.assumed - self.told))
            self.told |= set(assumed)
            lines.append(Line(r, shown(t), tuple(self.uses(step, place)), assumed))
        return lines, relation

    @staticmethod
    def at(t: Term, step: Mapping[str, Any]) -> Term:
        for i in step.get("at", ()):
            t = t.args[i]
        return t

    def uses(self, step: Mapping[str, Any], place: Term) -> list[Use]:
        if "field" in step or "alpha" in step:
            return []
        if "prove" in step:
            return list(_merged(u for s in _steps(step["by"]) for u in self.uses(s, place)))
        for key, name in MOVES.items():
            if key in step:
                kind = {">=": "nonnegative", ">": "positive"}.get(step.get("sign", ""), "")
                return [Use(name, key, (Condition(kind, shown(place)),) if kind else ())]
        rule = RULES[step["rule"]]
        conditions = []
        for head, *rest in rule.conditions:
            if head not in SHOWN_CONDITIONS:
                continue
            instance = Instance(rule, step["with"])
            rows = range(instance.length(tuple(rest))) if instance.rows_in(tuple(rest)) else (None,)
            for k in rows:
                t = instance.build(rest[0], {}, k)
                if (t.op == "function" and t.data == ("exp",)) or not _varies(t):
                    continue  # nobody doubts the sign of an exponential, or of a number
                self.seen.add(t)
                conditions.append(Condition(head, shown(t)))
        premise = [u for s in _steps(step["by"]) for u in self.uses(s, place)] if rule.premise else []
        return list(_merged([Use(rule.name, rule.kind, tuple(dict.fromkeys(conditions))), *premise]))


SHORT = 20  # nodes of what is written above a bar


def _fraction(t: Term) -> Term:
    """A product of numbers without a factor 1, and one bar where a divisor stood in front."""
    kept = [a for a in t.args if not T.is_number(a, 1)]
    leads = len(kept) > 1 and (
        _divisor(kept[0]) is not None
        or (kept[0].op == "number" and kept[0].data[0].denominator != 1 and any(_divisor(a) for a in kept))
    )
    if any(a.sort != SCALAR for a in t.args) or not leads:
        return t if len(kept) == len(t.args) else T.mul(*kept) if kept else T.ONE
    above = [a for a in kept if _divisor(a) is None]
    below = [d for a in kept if (d := _divisor(a)) is not None]
    number = Fraction(1)
    if above and above[0].op == "number":
        number = above.pop(0).data[0]
    if number.denominator != 1:
        below.insert(0, T.number(number.denominator))
    numerator = [*([T.number(abs(number.numerator))] if abs(number.numerator) != 1 else []), *above]
    divided = T.power(T.mul(*below) if len(below) > 1 else below[0], T.MINUS_ONE)
    if numerator and sum(1 for a in numerator for _ in T.walk(a)) <= SHORT:
        top = T.mul(*numerator) if len(numerator) > 1 else numerator[0]
        found = T.term("mul", (top, divided), (), SCALAR)
    else:
        found = T.mul(divided, *numerator) if numerator else divided
    return T.term("mul", (T.MINUS_ONE, found), (), SCALAR) if number < 0 else found


def _divisor(t: Term) -> Term | None:
    d = Printer.reciprocal_of(t)
    return None if d is None or d.op == "number" else d


def _varies(t: Term) -> bool:
    return any(n.op in ("symbol", "family", "call", "call_inverse") or n.op in T.LAW_OPERATORS for n in T.walk(t))


def _steps(proof: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The steps of a proof inside a step, in no order that matters."""
    if "factor" in proof:
        return _steps(proof["proof"])
    if "middle" in proof:
        return [s for p in proof["parts"] for s in _steps(p)]
    return [*proof["left"], *proof["right"]]


def _merged(uses: Any) -> tuple[Use, ...]:
    """Each rule once, with all its conditions."""
    found: dict[str, Use] = {}
    for u in uses:
        old = found.get(u.rule)
        both = u if old is None else Use(u.rule, u.kind, tuple(dict.fromkeys((*old.conditions, *u.conditions))))
        found[u.rule] = both
    return tuple(found.values())


def _turned(end: Term, back: Sequence[Line]) -> list[Line]:
    """Lines that led away from ``end``, read backwards, so that they lead to it."""
    terms = [end, *(line.term for line in back)]
    return [
        replace(line, relation=FLIP[line.relation], term=before)
        for line, before in reversed(list(zip(back, terms)))
    ]  # fmt: skip


def _tidy(start: Term, steps: Sequence[Line]) -> tuple[Line, ...]:
    """Steps made into lines: a heavy rule opens a line (unless the last has the same subject), calculation joins it."""
    lines: list[Line] = []
    for step in steps:
        heavy, last = _families(step), _families(lines[-1]) if lines else set()
        if lines and (not heavy or heavy == last or not lines[-1].uses):
            lines[-1] = _joined(lines[-1], step)
        else:
            lines.append(step)
    shown = text(start)
    found: list[Line] = []
    for line in lines:
        now = text(line.term)
        if now == shown and line.relation == "=":
            if (line.heavy and found) or (
                found and line.uses
            ):  # there and back again: its rules are told where they were used
                found[-1] = _joined(found[-1], line)
            continue
        found.append(line)
        shown = now
    return tuple(found)


def _ending(link: Link, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines with the end of their link as the last one."""
    if text(lines[-1].term if lines else link.start) == text(link.end):
        return lines
    if lines and not lines[-1].heavy:
        return (*lines[:-1], replace(lines[-1], term=link.end))
    return (*lines, Line("=", link.end, steps=0))


def _families(line: Line) -> set[str]:
    """What the heavy rules of a line are about: one line has one subject."""
    return {
        SUBJECTS.get(u.rule.split(".")[0], u.rule) for u in line.uses if u.kind != CALCULATION and u.rule not in MASS
    }


def _joined(a: Line, b: Line) -> Line:
    uses = _merged((*a.uses, *b.uses))
    # a rearrangement that only prepares the next rule is not shown
    prepares = not b.uses and b.relation == "=" and len(text(b.term)) > len(text(a.term))
    return Line(
        compose(a.relation, b.relation),
        a.term if prepares else b.term,
        uses,
        (*a.assumed, *b.assumed),
        a.steps + b.steps,
    )


__all__ = ["CALCULATION", "Condition", "Derivation", "Line", "Link", "Use", "derivation"]
