"""Testing a relation in worlds: finite ones first, then points over the reals, then (for closed terms) sampling.

A failure in one admissible world refutes; agreement supports only when it was seen in enough worlds that are neither
degenerate nor too special.  Whatever cannot be evaluated leaves the relation undecided, with a reason to read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from random import Random
from typing import Any

from numerics import trial as trials
from numerics.adversary import margin, search
from numerics.compare import EXACT
from numerics.evaluate import Cell
from numerics.exact import ONE, ZERO, OutOfTime, Undefined, Unsupported
from numerics.sampling import sample, unexplained_reason
from numerics.simplify import Maker, admits, simplest
from numerics.trial import Trial, try_world
from numerics.witness import describe
from numerics.worlds import shapes
from numerics.worlds.atoms import AtomWorld, allows_atoms
from numerics.worlds.finite import FiniteWorld
from numerics.worlds.points import PointWorld
from numerics.worlds.shapes import Problem
from proofs import clock
from proofs import terms as T
from proofs.records import Evidence, Relation, WorldResult

ENOUGH = 8  # worlds that must agree for support
TARGET = 16
DEEP_TARGET = 48
PATIENCE = 6  # draws that give no world for each one wanted
GLANCE = 0.4  # seconds of one kind of world: for most relations it is a hundred times what they need
ATOMS = "atoms"  # worlds of random variables with finitely many values: where a side is undefined there says nothing


@dataclass
class Findings:
    """What the worlds of one kind said."""

    kind: str
    counts: Counter = field(default_factory=Counter)
    digits: int = EXACT
    may_support: bool = True
    failure: tuple[Any, Trial] | None = None
    undefined: tuple[Any, Trial] | None = None
    problem: str = ""
    timed_out: bool = False
    margin: float = inf  # of an inequality: how near it came to failing

    @property
    def agreeing(self) -> int:
        return self.counts[trials.HOLDS]


def test_in_worlds(relation: Relation, *, seed: int = 0, seconds: float = 5.0, deep: bool = False) -> WorldResult:
    """Test a relation in concrete worlds.

    What cannot be evaluated comes back as 'undecided' with a reason; any exception is a fault of ours, and is let
    through so that it is seen.  The same seed gives the same worlds.  ``deep`` asks for more worlds.
    """
    start = clock.now()
    try:
        return _examine(relation, seed, start, start + max(seconds, 0.05), deep)
    except OutOfTime:
        return WorldResult("undecided", Evidence(seed=seed), reason="the time was up before enough worlds were tried")
    except RecursionError:
        return WorldResult("undecided", Evidence(seed=seed), reason="the formula is nested too deeply to evaluate")
    except (Unsupported, Undefined) as e:
        return WorldResult("undecided", Evidence(seed=seed), reason=f"the worlds could not be built: {e}")


def glance(relation: Relation, *, seed: int = 0) -> bool:
    """Whether an equation holds in the first world in which it can be evaluated, those of simple functions first.

    What only sampling could evaluate does not count as holding.
    """
    try:
        problem = shapes.prepare(relation)
        for kind, maker in sorted(kinds(problem), key=lambda k: k[0] == "points"):
            found = _try_kind(problem, kind, maker, seed, 1, clock.now() + GLANCE, glance=True)
            if found.failure:
                return False
            if found.agreeing:
                return True
    except (Unsupported, Undefined, OutOfTime, RecursionError):
        return False
    return False


def slack(relation: Relation, *, seed: int = 0) -> float:
    """How near an inequality comes to failing in the worlds in which it holds; infinity where that can't be seen."""
    try:
        problem = shapes.prepare(relation)
        for kind, maker in kinds(problem):
            found = _try_kind(problem, kind, maker, seed, TARGET, clock.now() + 1.0, glance=True)
            if found.agreeing:
                return found.margin
    except (Unsupported, Undefined, OutOfTime, RecursionError):
        pass
    return inf


def _examine(relation: Relation, seed: int, start: float, deadline: float, deep: bool) -> WorldResult:
    if relation.rel == ":=":
        return WorldResult("undecided", Evidence(seed=seed), reason="a definition is not tested")
    problem = shapes.prepare(relation)
    h = problem.hypotheses
    unknown = problem.domains.keys() - h.variables.keys() - h.space_of.keys()
    unknown |= {n.data[0] for t in problem.sides() for n in T.walk(t) if n.op == "family"} - h.families.keys()
    unexplained = sorted((h.unexplained & _names(problem)) | unknown)
    unexplained += [f"how the derivative by {name} acts" for name in shapes.blind_derivatives(problem)]
    target = DEEP_TARGET if deep else TARGET
    all_findings: list[Findings] = []
    for kind, maker in kinds(problem):
        now = clock.now()
        if now >= deadline:
            break
        share = now + (deadline - now) * (0.6 if deadline - now > 0.2 else 1.0)
        found = _try_kind(problem, kind, maker, seed, target, share)
        all_findings.append(found)
        verdict = _conclude(problem, found, maker, seed, deadline, unexplained)
        if verdict is not None:
            return verdict
    sampled = sample(problem, seed, deadline, deep, unexplained)
    if sampled is not None and sampled.status != "undecided":
        return sampled
    return _undecided(problem, all_findings, seed, sampled.reason if sampled is not None else "")


def _names(problem: Problem) -> set[str]:
    """Everything that stands free in either side: symbols, and letters of functions and densities."""
    names = set(problem.domains) | set(problem.dims)
    for t in (problem.lhs, problem.rhs):
        names |= {n.data[0] for n in T.walk(t) if n.op in ("call", "call_inverse", "family")}
    return names


def kinds(problem: Problem) -> Iterator[tuple[str, Maker]]:
    """The kinds of worlds in which a relation is tested, in order, each with what makes one."""
    h = problem.hypotheses
    if h.spaces and any(
        n.op in ("family", "integral", "with_density", "pushforward", "expectation", "call")
        for t in problem.sides()
        for n in T.walk(t)
    ):
        yield "finite", lambda rng, size, small: FiniteWorld(problem, rng, size)
        if allows_atoms(problem):
            yield ATOMS, lambda rng, size, small: AtomWorld(problem, rng, size)
    yield "points", lambda rng, size, small: PointWorld(problem, rng, "rich", size, small)
    if h.functions or h.families:
        yield "polynomial", lambda rng, size, small: PointWorld(problem, rng, "polynomial", size, small)
        yield "affine", lambda rng, size, small: PointWorld(problem, rng, "affine", size, small)


def generator(seed: int, kind: str, i: int) -> Random:
    """What the i-th world of a kind is drawn from."""
    return Random(f"{seed} {kind} {i}")


def _try_kind(
    problem: Problem, kind: str, maker: Maker, seed: int, target: int, deadline: float, *, glance: bool = False
) -> Findings:
    found = Findings(kind)
    nearest: tuple[float, Any, Trial] | None = None
    inequality = problem.relation.rel not in ("=", "approx", "propto")
    target = target * 3 if inequality else target
    refused = 0
    for i in range(target * PATIENCE):
        if found.agreeing >= target or clock.now() > deadline:
            found.timed_out = found.agreeing < target
            break
        size = 2 if inequality and i % 3 == 2 else (0 if i % 8 == 7 else 1)
        together = inequality and i % 7 == 6
        try:
            world = maker(generator(seed, kind, i), size, False)
            if together:
                world.coincide()
            trial = try_world(problem, world, deadline, glance=glance)
        except OutOfTime:
            found.timed_out = True
            break
        except Unsupported as e:
            if together:
                continue
            found.problem = str(e)
            found.counts["unsupported"] += 1
            refused += 1
            if refused >= 3 and not found.agreeing:
                break
            continue
        found.counts[trial.result] += 1
        if trial.result == trials.HOLDS:
            assert trial.outcome is not None
            found.digits = min(found.digits, trial.outcome.digits)
            found.may_support &= not getattr(world, "special", False)
            if inequality and getattr(world, "general", True) and (nearest is None or margin(trial) < nearest[0]):
                nearest = (margin(trial), world, trial)
        elif trial.result == trials.FAILS:
            if not getattr(world, "general", True):
                found.problem = "it fails for arbitrary densities, but the declared ones are special"
                break
            found.failure = (world, trial)
            break
        elif (
            trial.result == trials.UNDEFINED
            and not together
            and found.undefined is None
            and not all(trial.undefined_sides)
        ):
            found.undefined = (world, trial)
            if kind != ATOMS and _declared(problem, trial) and getattr(world, "general", True):
                break
    if found.failure is None and found.agreeing >= ENOUGH:
        _try_edges(problem, kind, maker, seed, found, deadline)
    if found.counts["unsupported"] and (problem.hypotheses.functions or problem.hypotheses.families):
        found.may_support = False  # the draws that could be evaluated may be special: exponentials, say
    if nearest is not None:
        found.margin = nearest[0]
    if nearest is not None and found.failure is None:
        found.failure = search(problem, nearest[1], nearest[2], generator(seed, kind, -1), deadline)
    return found


def _try_edges(problem: Problem, kind: str, maker: Maker, seed: int, found: Findings, deadline: float) -> None:
    """Ordinary worlds in which one number stands at an edge of its domain: 0, or the bounds of an interval."""
    for i, (name, domain) in enumerate(problem.domains.items()):
        if domain.sort != T.SCALAR or name in problem.index_bounds or name in problem.hypotheses.space_of:
            continue
        for edge in (ZERO, ONE):
            if not admits(domain, edge) or clock.now() > deadline:
                continue
            try:
                world = maker(generator(seed, f"{kind} edge", i), 1, False)
                if isinstance(world.values.get(name), Cell):
                    continue
                world.values[name] = edge
                trial = try_world(problem, world, deadline)
            except (OutOfTime, Unsupported):
                continue
            if not getattr(world, "general", True):
                continue
            if trial.result == trials.FAILS:
                found.failure = (world, trial)
                return
            if trial.result == trials.UNDEFINED and not all(trial.undefined_sides) and found.undefined is None:
                found.undefined = (world, trial)


def _declared(problem: Problem, trial: Trial) -> bool:
    """Whether everything that the undefined side depends on ranges over a domain that the document declares."""
    side = problem.lhs if trial.undefined_sides[0] else problem.rhs
    h = problem.hypotheses
    for name in T.free_symbols(side):
        domain = problem.domains.get(name)
        if domain is not None and not domain.declared and domain.kind != "index" and name not in h.space_of:
            return False
    functions = {n.data[0] for n in T.walk(side) if n.op in ("call", "call_inverse")}
    return all(h.functions[f].values.declared for f in functions if f in h.functions and f not in problem.defined)


def _finite_domain(problem: Problem, trial: Trial) -> bool:
    """Whether shrinking cannot help: every undeclared symbol of the undefined side is binary."""
    side = problem.lhs if trial.undefined_sides[0] else problem.rhs
    free = [problem.domains[n] for n in T.free_symbols(side) if n in problem.domains]
    return any(d.kind == "binary" for d in free)


def _evidence(found: Findings, seed: int, worlds: int | None = None) -> Evidence:
    digits = None if found.digits >= EXACT else found.digits
    shrunk = "only values where both sides are defined were used" if found.undefined is not None else ""
    return Evidence(
        worlds=found.agreeing if worlds is None else worlds,
        digits=digits,
        seed=seed,
        kinds=(found.kind,),
        shrunk=shrunk,
    )


def _conclude(
    problem: Problem, found: Findings, maker: Maker, seed: int, deadline: float, unexplained: list[str]
) -> WorldResult | None:
    """A verdict, if the worlds of this kind give one."""
    failure = found.failure
    if failure is None and found.undefined is not None and found.kind != ATOMS:
        one_sided = found.counts[trials.UNDEFINED]
        nowhere = not found.agreeing and one_sided >= ENOUGH and _finite_domain(problem, found.undefined[1])
        if nowhere or (_declared(problem, found.undefined[1]) and getattr(found.undefined[0], "general", True)):
            failure = found.undefined
    if failure is not None:
        if problem.relation.rel == "approx":
            return WorldResult("undecided", _evidence(found, seed), reason="the two sides are only said to be close")
        if unexplained:
            return WorldResult("undecided", _evidence(found, seed), reason=unexplained_reason(unexplained))
        world, trial = simplest(
            problem, maker, failure, lambda i: generator(seed, f"{found.kind} witness", i), deadline
        )
        witness = describe(problem, world, trial)
        reason = "one side is undefined" if any(trial.undefined_sides) else "the two sides differ"
        if problem.relation.rel not in ("=", "propto") and not any(trial.undefined_sides):
            reason = f"the {problem.relation.rel} does not hold"
        return WorldResult("refuted", _evidence(found, seed, found.agreeing + 1), witness, reason + " in this world")
    if found.agreeing >= ENOUGH and found.may_support and not _too_close(problem, found):
        return WorldResult("supported", _evidence(found, seed), reason=f"it holds in {found.agreeing} worlds")
    return None


def _too_close(problem: Problem, found: Findings) -> bool:
    """Whether a strict inequality met a world in which equality could not be excluded."""
    return problem.relation.rel in ("<", ">") and found.counts[trials.UNCLEAR] > 0


def _undecided(problem: Problem, findings: list[Findings], seed: int, sampling: str) -> WorldResult:
    best = max(findings, key=lambda f: f.agreeing, default=None)
    if best is None:
        return WorldResult("undecided", Evidence(seed=seed), reason="the time was up before a world was tried")
    evidence = _evidence(best, seed)
    reasons = []
    if best.agreeing and not best.may_support:
        reasons.append(f"it holds in {best.agreeing} worlds, but their functions or laws are too special to count")
    elif _too_close(problem, best):
        reasons.append("it holds, but in some worlds the two sides are too close to tell from equal")
    elif best.agreeing:
        reasons.append(f"it holds in the {best.agreeing} worlds that could be tried, which are too few")
    elif best.counts["degenerate"] >= ENOUGH:
        reasons.append("in every world tried both sides are zero, which says nothing")
    elif problem.conditions and best.counts[trials.REJECTED] and not best.counts[trials.UNDEFINED]:
        reasons.append("could not find values that satisfy the conditions")
    elif best.counts[trials.UNDEFINED]:
        reasons.append("no values were found at which both sides are defined")
    elif best.counts[trials.UNCLEAR]:
        reasons.append("the two sides are too close to tell apart")
    problems = list(dict.fromkeys(f.problem for f in findings if f.problem))
    if problems and not best.agreeing:
        reasons.append("no exact world applies: " + "; ".join(problems[:2]))
    if sampling:
        reasons.append(f"sampling does not settle it: {sampling}")
    elif any(f.timed_out for f in findings):
        reasons.append("the time was up")
    return WorldResult("undecided", evidence, reason="; ".join(reasons) or "no world could be evaluated")
