"""Monte Carlo for a relation: concrete worlds, their closed terms, the sequential rule of ``numerics.montecarlo``."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Literal

from numerics import trial as trials
from numerics.concretise import Concretiser
from numerics.evaluate import Evaluator
from numerics.exact import TooWide, Undefined, Unsupported
from numerics.trial import Trial
from numerics.witness import describe
from numerics.worlds.points import PointWorld
from numerics.worlds.shapes import Problem
from proofs import clock
from proofs import terms as T
from proofs.records import Evidence, WorldResult

SAMPLED_WORLDS = 10
LEAST_WORLDS = 8
STOCHASTIC = frozenset("expectation variance covariance probability kl jsd entropy cross_entropy integral".split())
LEAST_SAMPLING_SECONDS = 0.2


def sample(problem: Problem, seed: int, deadline: float, deep: bool, unexplained: list[str]) -> WorldResult | None:
    """Monte Carlo on closed terms, where the relation holds an expectation that nothing exact reaches."""
    rel = problem.relation.rel
    if rel not in ("=", "<=", ">=", "<", ">") or problem.lhs.sort.kind not in ("scalar", "matrix"):
        return None
    if not any(n.op in STOCHASTIC for t in (problem.lhs, problem.rhs) for n in T.walk(t)):
        return None
    if deadline - clock.now() < LEAST_SAMPLING_SECONDS:
        return None
    from numerics.montecarlo import check_closed

    worlds: list[PointWorld] = []
    pairs: list[tuple[T.Term, T.Term]] = []
    problem_met = ""
    for i in range(3 * SAMPLED_WORLDS):
        if len(pairs) == SAMPLED_WORLDS:
            break
        try:
            world = PointWorld(problem, Random(f"{seed} sampling {i}"), "rich", 1, False)
            evaluator = Evaluator(world, deadline)
            if not all(evaluator.truth(c, world.values) for c in problem.conditions):
                continue
            closing = Concretiser(world)
            pairs.append((closing.close(problem.lhs), closing.close(problem.rhs)))
            worlds.append(world)
        except (Unsupported, TooWide, Undefined, T.ShapeError) as e:
            problem_met = str(e)
    if len(pairs) < LEAST_WORLDS:
        return WorldResult("undecided", Evidence(seed=seed), reason=problem_met) if problem_met else None
    seconds = deadline - clock.now()
    try:
        result = check_closed(pairs, rel, seed=seed, claim=repr(problem.lhs)[:200], seconds=seconds, deep=deep)
    except T.ShapeError as e:
        return WorldResult("undecided", Evidence(seed=seed), reason=str(e))
    evidence = replace(result.evidence, kinds=("sampling",))
    if result.status == "refuted" and result.world is not None:
        if unexplained:
            return WorldResult("undecided", evidence, reason=unexplained_reason(unexplained))
        witness = describe(problem, worlds[result.world], Trial(trials.FAILS, *(result.sides or ("", ""))))
        return WorldResult("refuted", evidence, witness, result.reason)
    status: Literal["supported", "undecided"] = "supported" if result.status == "supported" else "undecided"
    assumed = f"; assumed: {'; '.join(result.assumed)}" if result.assumed else ""
    return WorldResult(status, evidence, reason=result.reason + assumed)


def unexplained_reason(names: list[str]) -> str:
    listed = ", ".join(names)
    return f"it fails for some values, but nothing explains {listed}" + ("" if len(names) > 1 else " in the text")
