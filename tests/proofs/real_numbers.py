"""Five real numbers, and the theorem that two terms of them are equal as rational functions."""

from proofs import terms as T
from proofs.kernel import prove_by
from proofs.records import Domain, Hypotheses, Relation

x, y, z, a, b = (T.symbol(s) for s in "xyzab")
REALS = Hypotheses({s: Domain(declared=True) for s in "xyzab"})
NOTHING = {"left": [], "right": []}


def by_field(lhs, rhs, h=REALS):
    return prove_by(Relation(lhs, "=", rhs, h), NOTHING)
