"""Derived rules: written like rules, but nobody has to believe them.

A lemma has a script, which proves each of its instances from the rules of the table.  In a search a lemma is used like
a rule; in the certificate its script stands instead, so the kernel replays every step and knows nothing of lemmas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from proofs.kernel import Kernel
from proofs.rules import RULES
from proofs.rules.language import Instance, Rule, RuleError, rule
from proofs.side_conditions import Context
from proofs.terms import Term

Steps = list[dict[str, Any]]
# the sides of an instance and its values -> the steps on its left and on its right side, until they meet
Script = Callable[[Term, Term, Mapping[str, Any]], tuple[Steps, Steps]]


class Lemma(NamedTuple):
    rule: Rule
    script: Script


LEMMAS: dict[str, Lemma] = {}


def lemma(name: str, equation: str, when: str = "", *, says: str) -> Callable[[Script], Script]:
    """Registers a script as the proof of a derived rule."""

    def register(script: Script) -> Script:
        LEMMAS[name] = Lemma(rule(name, equation, when, says=says, source="derived", kind="derived"), script)
        return script

    return register


def by(name: str, *path: int, back: bool = False, **values: Any) -> dict[str, Any]:
    """A use of a rule, or of another lemma, at a place."""
    return {"at": path, "rule": name, "with": values, **({"back": True} if back else {})}


def field(t: Term, *path: int) -> dict[str, Any]:
    return {"at": path, "field": t}


def expanded(step: Mapping[str, Any]) -> Mapping[str, Any]:
    """A step of the kernel: a lemma becomes a proof of its instance.  Raises RuleError where there is no instance."""
    if step.get("rule") not in LEMMAS:
        return {**step, "by": in_full(step["by"])} if "by" in step else step
    derived, script = LEMMAS[step["rule"]]
    instance = Instance(derived, step["with"])
    left, right = instance.build(derived.left, {}), instance.build(derived.right, {})
    first, second = script(left, right, step["with"])
    if left.sort.kind != "law":
        first = [field(left), *first]
    found = {"at": step.get("at", ()), "prove": right, "by": {"left": first, "right": second}}
    if step.get("back"):
        turned = [{"left": [], "right": []}, {"left": second, "right": first}]
        found |= {"prove": left, "by": {"middle": [right], "parts": turned}}
    return {**found, "by": in_full(found["by"])}


def in_full(proof: Mapping[str, Any]) -> dict[str, Any]:
    """A proof with the scripts of its lemmas put in."""
    if "factor" in proof:
        return {"factor": proof["factor"], "proof": in_full(proof["proof"])}
    if "middle" in proof:
        return {"middle": proof["middle"], "parts": [in_full(p) for p in proof["parts"]]}
    return {side: [expanded(s) for s in proof[side]] for side in ("left", "right")}


class Searching(Kernel):
    """The kernel as a search sees it: it takes lemmas too.  What it finds is replayed by the real one, in full."""

    def _rule(self, t: Term, step: Mapping[str, Any], context: Context) -> tuple[Term, str]:
        if step.get("rule") not in LEMMAS:
            return super()._rule(t, step, context)
        try:
            return self._justified(t, expanded(step), context)
        except (ValueError, TypeError, AttributeError, IndexError, KeyError) as e:
            raise RuleError(f"{step['rule']}: {e}") from e


def rule_named(name: str) -> Rule | None:
    """A rule of the table, or a lemma read as one."""
    return RULES[name] if name in RULES else LEMMAS[name].rule if name in LEMMAS else None


__all__ = ["LEMMAS", "Lemma", "Searching", "Steps", "by", "expanded", "field", "in_full", "lemma", "rule_named"]
