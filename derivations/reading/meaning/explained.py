"""Which symbols of a relation nothing explains.

A relation with such a symbol (a misprint, a letter never introduced) may be proved, and is refuted only if it fails for
every value of it.
"""

from __future__ import annotations

from collections import Counter

from derivations.reading.conventions import Conventions
from derivations.reading.meaning.environment import Gathered
from derivations.reading.names import every_head
from derivations.reading.scope import View
from derivations.reading.survey.usage import Usage
from proofs.terms import LAW_OPERATORS, Term, free_symbols, walk

# What stands under these is explained by them: a law says what its parameters are, a derivative what it is by.
EXPLAINING = (LAW_OPERATORS - {"with_density", "pushforward"}) | {"pdf", "call", "call_inverse", "derivative"}


PLAIN = frozenset(
    ["pdf", "family", "mul", "add", "pow", "number", "symbol", "function"]
)  # p(x|z) p(z) and its logarithm


def unexplained_symbols(
    left: Term, right: Term, gathered: Gathered, view: View, usage: Usage, conventions: Conventions
) -> set[str]:
    """Free symbols of one side only that no declaration, convention or role explains."""
    one_sided = set(free_symbols(left)) ^ set(free_symbols(right))
    explained: set[str] = set()
    for node in (node for side in (left, right) for node in walk(side)):
        if node.op in EXPLAINING:
            explained |= set(free_symbols(node)) | {d for d in node.data if isinstance(d, str)}
    found = set()
    for name in one_sided - explained:
        domain = gathered.variables.get(name)
        is_declared = domain is not None and (domain.declared or domain.kind in ("dimension", "index"))
        has_domain = name in view.domains or name.split("_")[0] in view.domains
        has_role = name in gathered.space_of or conventions.is_parameter(name)
        if not (is_declared or has_domain or has_role):
            found.add(name)
    return found | specified_laws(left, right) | never_introduced(left, right, usage, gathered, view)


def never_introduced(left: Term, right: Term, usage: Usage, gathered: Gathered, view: View) -> set[str]:
    """Letters of one side only that nothing explains: an optimum D* that is not defined, p_dagta written once."""
    letters = [{n.data[0] for n in walk(side) if n.op in ("family", "call", "call_inverse")} for side in (left, right)]
    written: Counter[str] = Counter()
    for key, count in usage.counts.items():
        written[key.lower()] += count
    others = letters[0] & letters[1]  # a letter written once is a slip only where the rest of the relation has others

    def is_slip(name: str) -> bool:
        label = name.partition("_")[2]
        return written[name.lower()] == 1 and not label.isdigit() and bool(label or others)

    found = {name for name in letters[0] ^ letters[1] if name.endswith("*") or is_slip(name)}
    found -= set(gathered.pushforwards) | {source for _, source, _ in gathered.pushforwards.values()}
    return found | lonely_functions(left, right, gathered, view)


def lonely_functions(left: Term, right: Term, gathered: Gathered, view: View) -> set[str]:
    """Unknown functions of one side only, set against something that varies: what they are is not said.

    Maps between variables and generators are explained by what they produce, and what stands in a definition by that.
    """
    produced = {p[0] for p in gathered.pushforwards.values()} | {m.function for m in view.maps}
    calls = [{n.data[0] for n in walk(side) if n.op in ("call", "call_inverse")} for side in (left, right)]
    pushed = {
        c.data[0]
        for side in (left, right)
        for n in walk(side)
        if n.op == "pushforward"
        for c in walk(n)
        if c.op == "call"
    }
    tables = (view.definitions, view.applied)
    bodies = [table[key].body for key in gathered.unfolded for table in tables if key in table]
    given = {h.key for body in bodies for h in every_head(body)}  # s and t of y_2 = z_2 exp(s(z_1)) + t(z_1)
    found: set[str] = set()
    for own, other, side in ((calls[0], calls[1], right), (calls[1], calls[0], left)):
        varies = bool(free_symbols(side)) or any(n.op in ("family", "call") for n in walk(side))
        if varies:
            found |= own - other - produced - pushed - given
    return found


def specified_laws(left: Term, right: Term) -> set[str]:
    """Density letters of one side that the other side, a concrete formula, would specify.

    `log p(x|z) = log Bern(x|k)` says what p is; that some p does not satisfy it is no error.  A side without symbols
    (a constant) specifies nothing.
    """
    found: set[str] = set()
    for side, other in ((left, right), (right, left)):
        letters = {n.data[0] for n in walk(side) if n.op == "family"}
        if not letters or any(n.op == "family" for n in walk(other)):
            continue
        names = set(free_symbols(other)) | {n.data[0] for n in walk(other) if n.op in ("call", "call_inverse")}
        own = set(free_symbols(side)) | {n.data[0] for n in walk(side) if n.op in ("call", "call_inverse")}
        if names - own or (names and all(n.op in PLAIN for n in walk(side))):
            found |= letters
    return found
