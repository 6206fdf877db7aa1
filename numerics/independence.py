"""Would it hold if the variables were independent?

An equation between products and quotients of one model's densities that fails for an arbitrary joint may be what the
author assumes of the model: p(z | x, y) = p(z | y) is a conditional independence, not an error.  Where it holds for a
joint in which all variables are independent, it is left open; where it fails even there, it is wrong.
"""

from __future__ import annotations

from dataclasses import replace

from proofs import terms as T
from proofs.records import Family, Relation
from proofs.terms import Term

DENSITY_ALGEBRA = frozenset(
    ["pdf", "family", "mul", "add", "pow", "number", "symbol", "integral", "sum", "product", "function"]
)


def with_independence(relation: Relation) -> Relation | None:
    """The relation for joints whose variables are independent; None where it is not an equation of densities alone."""
    if relation.rel != "=":
        return None
    nodes = [n for side in (relation.lhs, relation.rhs) for n in T.walk(side)]
    if any(n.op not in DENSITY_ALGEBRA for n in nodes) or any(n.op == "function" and n.data[0] != "log" for n in nodes):
        return None
    families = [n for n in nodes if n.op == "family"]
    if not any(len(n.data[1]) + len(n.data[2]) > 1 for n in families):
        return None
    known = relation.hypotheses.families
    if any(known[n.data[0]].laws or known[n.data[0]].pushforward for n in families if n.data[0] in known):
        return None
    letters: dict[str, Family] = {}

    def separate(node: Term) -> Term:
        if node.op != "pdf" or node.args[0].op != "family":
            return node
        law, points = node.args[0], node.args[1:]
        letter, outcomes, givens, parameters = law.data
        values = law.args[len(givens) :]
        factors = []
        for outcome, point in zip(outcomes, points):
            own = f"{letter} of {outcome} alone"
            letters[own] = Family((outcome,), {}, None, tuple(parameters))
            factors.append(T.pdf(T.family(own, (outcome,), (), (), values), point))
        return T.mul(*factors)

    left, right = T.map_terms(relation.lhs, separate), T.map_terms(relation.rhs, separate)
    return replace(
        relation, lhs=left, rhs=right, hypotheses=replace(relation.hypotheses, families={**known, **letters})
    )
