"""`verify`: every claim of the catalogue settled anew, by proof and by numbers.

A claim is a task of its own in a worker that can be killed.  Verdicts are kept under a hash of the claim, the code and
the versions of the libraries, and are given back while none of these has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lemmata.verdicts import of_results, sentences
from lemmata.workers import Failure, Task, Workers
from proofs.records import Evidence, Proof, Verdict, Witness
from reports.record import SCHEMA, evidence_json, witness_json

SECONDS = 240.0  # for one claim, at the most
SEARCH, WORLDS = 40.0, 8.0  # for one relation of it; a busy machine needs more than an idle one
LIBRARIES = ("sympy", "numpy", "torch", "python-flint", "lark")
ROOMS = ("proofs", "numerics", "derivations")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Settled:
    """A claim of the catalogue with its verdict, in the plain form of the JSON contract."""

    id: str
    holds: bool
    verdict: str
    reason: str
    axioms: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    witness: dict[str, Any] | None = None
    evidence: dict[str, Any] | None = None
    fix: str | None = None
    fix_verdict: str | None = None
    seconds: float = 0.0
    exact: bool = False
    fault: str | None = None

    @property
    def as_asked(self) -> bool:
        """Whether it ended as it should: proved (supported, where only numbers are asked for), or refuted with a
        witness and a fix that is proved."""
        if self.fault:
            return False
        if self.holds:
            return self.verdict == "proved" or (self.exact and self.verdict == "supported")
        return self.verdict == "refuted" and self.witness is not None and self.fix_verdict == "proved"

    def as_json(self) -> dict[str, Any]:
        keys = "id holds verdict reason axioms assumed witness evidence fix fix_verdict seconds".split()
        row = {k: getattr(self, k) for k in keys}
        return {**row, "axioms": list(self.axioms), "assumed": list(self.assumed), "seconds": round(self.seconds, 3)}


@dataclass(frozen=True)
class Verification:
    """What `verify` gives back."""

    claims: tuple[Settled, ...]
    seconds: float = 0.0
    kept: int = field(default=0)  # verdicts of an earlier run that still stand

    def exit_status(self) -> int:
        """0 where every claim ended as it should; 1 where one did not; 3 for a fault of ours."""
        if any(c.fault for c in self.claims):
            return 3
        return int(not all(c.as_asked for c in self.claims))

    def as_json(self) -> dict[str, Any]:
        return {"schema": SCHEMA, "claims": [c.as_json() for c in self.claims]}


def verify(
    patterns: Sequence[str] = (),
    *,
    fresh: bool = False,
    seed: int = 0,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Settle the claims whose ids match a pattern (all, where none is given).

    ``fresh`` settles also those whose verdicts were kept.  Raises CatalogueError for a pattern that matches nothing.
    """
    from derivations.catalogue import matching

    start = time.perf_counter()
    chosen = [e.id for e in matching(patterns)]
    found: dict[str, Settled] = {} if fresh else {i: s for i in chosen if (s := _kept(i, seed))}
    kept = len(found)
    waiting = [i for i in chosen if i not in found]
    if waiting:
        with Workers(jobs) as workers:
            done = workers.run([Task(settle, (i, seed), SECONDS) for i in waiting], progress)
        for i, result in zip(waiting, done):
            if isinstance(result.value, Failure):
                found[i] = _unsettled(i, result.value, result.seconds)
            else:
                found[i] = result.value
                _keep(found[i], seed)
    return Verification(tuple(found[i] for i in chosen), time.perf_counter() - start, kept)


# ------------------------------------------------------------------------------------------------ one claim


@dataclass(frozen=True)
class Examined:
    """A claim with the verdict on each of its relations, and on each relation of its fix; a count with its cases:
    (comparison, rows of (case, value of the formula, what the library has))."""

    entry: Any
    judged: tuple[tuple[Any, Verdict], ...] = ()
    fixes: tuple[tuple[Any, Verdict], ...] = ()
    counted: tuple[tuple[Any, tuple[tuple[Mapping[str, int], int, int], ...]], ...] = ()
    unread: str = ""
    seconds: float = 0.0


def examine(id_: str, seed: int) -> Examined:
    """Each relation of a claim, and of its fix, proved and tested; nothing for a count, which is compared."""
    from derivations.catalogue import CatalogueError, entry
    from proofs import schemes

    start = time.perf_counter()
    e = entry(id_)
    if e.exact:
        return Examined(e, counted=_counted(e), seconds=time.perf_counter() - start)
    try:
        claims, fixes = e.claims(), e.fixes()
        if e.holds:
            schemes.check(e.scheme, [c.relation for c in claims])
    except (CatalogueError, schemes.SchemeError) as error:
        return Examined(e, unread=str(error))
    judged = tuple((c, _verdict(c, seed)) for c in claims)
    fixed = tuple((c, _verdict(c, seed)) for c in fixes) if not e.holds else ()
    return Examined(e, judged, fixed, seconds=time.perf_counter() - start)


def settle(id_: str, seed: int) -> Settled:
    """One claim, in a worker: its relations proved and tested, a false one refuted, its fix proved."""
    return settled(examine(id_, seed))


def settled(found: Examined) -> Settled:
    """What the verdicts on its relations say of a claim."""
    e = found.entry
    fix = None if e.holds else (e.fix if isinstance(e.fix, str) else "; ".join(p.says for p in e.fix))
    if e.exact:
        verdict, witness, cases = _compared(found)
        evidence = evidence_json(Evidence(worlds=cases, kinds=("exact comparison",)))
        reason = f"it agrees with the library in all {cases} cases" if witness is None else "the library disagrees"
        return Settled(
            e.id, e.holds, verdict, reason, witness=witness, evidence=evidence, exact=True,
            seconds=found.seconds,
        )  # fmt: skip
    if found.unread:
        return Settled(e.id, e.holds, "unread", found.unread, fix=fix, fault=found.unread)
    verdicts, fix_verdicts = [v for _, v in found.judged], [v for _, v in found.fixes]
    whole = _weakest(verdicts) if e.holds else _refuted(verdicts)
    proofs = [v.proof for v in verdicts + fix_verdicts if v.proof]
    return Settled(
        e.id, e.holds, whole.verdict, whole.reason,
        axioms=tuple(sorted({a for p in proofs for a in p.axioms})),
        assumed=tuple(sorted({a for p in proofs for a in p.assumed})),
        witness=witness_json(whole.witness), evidence=evidence_json(_together(verdicts)),
        fix=fix, fix_verdict=_weakest(fix_verdicts).verdict if fix_verdicts else None,
        seconds=found.seconds,
        fault=next((v.fault for v in verdicts + fix_verdicts if v.fault), None),
    )  # fmt: skip


def _verdict(claim: Any, seed: int) -> Verdict:
    from numerics.check import test_in_worlds

    proof: Proof | None = claim.prove(SEARCH)
    worlds = test_in_worlds(claim.relation, seed=seed, seconds=WORLDS)
    return of_results(claim.relation.rel, proof, worlds)


def _weakest(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on a conjunction: refuted where one part is, otherwise the weakest of its parts."""
    order = ("refuted", "unread", "vacuous", "undecided", "supported", "proved")
    return min(verdicts, key=lambda v: order.index(v.verdict))


def _refuted(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on a false claim: one of its relations fails."""
    return next((v for v in verdicts if v.verdict == "refuted"), _weakest(verdicts))


def _together(verdicts: Sequence[Verdict]) -> Evidence:
    """The evidence for a conjunction: all the worlds, the coarsest agreement."""
    seen = [v.evidence for v in verdicts]
    digits = [e.digits for e in seen if e.digits is not None]
    resolutions = [e.resolution for e in seen if e.resolution is not None]
    return Evidence(
        worlds=sum(e.worlds for e in seen), digits=min(digits, default=None), samples=sum(e.samples for e in seen),
        resolution=max(resolutions, default=None), seed=seen[0].seed, device=seen[0].device,
        kinds=tuple(sorted({k for e in seen for k in e.kinds})),
    )  # fmt: skip


def _counted(e: Any) -> tuple[tuple[Any, tuple[tuple[Mapping[str, int], int, int], ...]], ...]:
    """A count against the library, in whole numbers, case by case."""
    return tuple(
        (
            comparison,
            tuple((case, comparison.expected(case), comparison.observed(**case)) for case in comparison.cases()),
        )
        for comparison in e.exact
    )


def _compared(found: Examined) -> tuple[str, dict[str, Any] | None, int]:
    """What the cases of a count say: (verdict, witness, cases)."""
    rows = [row for _, those in found.counted for row in those]
    for case, expected, observed in rows:
        if expected != observed:
            values = {k: {"number": str(v)} for k, v in case.items()}
            return "refuted", witness_json(Witness(values, str(expected), str(observed))), len(rows)
    return ("supported" if rows else "undecided"), None, len(rows)


def _unsettled(id_: str, failure: Failure, seconds: float) -> Settled:
    from derivations.catalogue import entry

    reason = sentences("it was not settled", f"the task {failure.reason}")
    fault = failure.reason if failure.ours else None
    return Settled(id_, entry(id_).holds, "undecided", reason, seconds=seconds, fault=fault)


# ------------------------------------------------------------------------------------------------ what is kept


@cache
def code_hash() -> str:
    """A hash of everything that a verdict depends on: the sources of the floors below, the versions of libraries."""
    import derivations

    top = Path(derivations.__file__).parent.parent
    digest = hashlib.sha256(json.dumps({lib: version(lib) for lib in LIBRARIES}).encode())
    for room in ROOMS:
        for path in sorted((top / room).rglob("*")):
            if path.suffix in (".py", ".lark", ".toml"):
                digest.update(str(path.relative_to(top)).encode())
                digest.update(path.read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()


def _place(id_: str, seed: int) -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "lemmata" / "verify" / f"{id_}.{seed}.json"


def _kept(id_: str, seed: int) -> Settled | None:
    try:
        found = json.loads(_place(id_, seed).read_text(encoding="utf-8"))
        if found.pop("code") != code_hash():
            return None
        return Settled(**{**found, "axioms": tuple(found["axioms"]), "assumed": tuple(found["assumed"])})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None  # nothing there, or nothing that we wrote


def _keep(settled: Settled, seed: int) -> None:
    if not settled.as_asked:
        return  # what went wrong is looked at again
    place = _place(settled.id, seed)
    row = {**settled.as_json(), "exact": settled.exact, "fault": settled.fault, "code": code_hash()}
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
        part.replace(place)
    except OSError:
        return  # a home that cannot be written to costs time, not verdicts


__all__ = ["Examined", "Settled", "Verification", "examine", "settle", "settled", "verify"]
