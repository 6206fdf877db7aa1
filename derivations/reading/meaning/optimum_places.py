"""\\arg\\max f = \\arg\\min g: two objectives that are best at one place.

They are where f and -g differ by what does not depend on the variable (or the density) that is chosen: f(t) - f(t') is
g(t') - g(t) for all t and t', and a positive f may be read as its logarithm.  That is enough and not necessary: where
it fails nothing is said.
"""

from __future__ import annotations

from derivations.reading.meaning.constants import elsewhere
from derivations.reading.meaning.environment import Gathered
from proofs import terms as T
from proofs.terms import Term

PLACES = frozenset({"argmax", "argmin"})


def same_place(left: Term, right: Term, gathered: Gathered) -> tuple[Term, Term] | None:
    """Both sides of what has to hold for one place to be best for both; None where the sides are no such places."""
    if left.op not in PLACES or right.op not in PLACES or left.data != right.data:
        return None
    name = left.data[0]
    if name not in gathered.variables and name not in gathered.families:
        return None
    first, second = on_one_scale(left.args[0], right.args[0])
    if left.op != right.op:
        second = T.neg(second)
    moved = elsewhere((first, second), name, gathered)
    gathered.note(f"the best {name} is the same where the objectives differ by what does not depend on {name}")
    gathered.enough = True
    return T.sub(first, moved[0]), T.sub(second, moved[1])


def on_one_scale(first: Term, second: Term) -> tuple[Term, Term]:
    """The logarithm of a product of densities beside an objective with logarithms."""
    logarithmic = [any(n.op == "function" and n.data == ("log",) for n in T.walk(t)) for t in (first, second)]
    if logarithmic[0] == logarithmic[1]:
        return first, second
    if logarithmic[0]:
        return first, T.log(second) if is_positive(second) else second
    return T.log(first) if is_positive(first) else first, second


def is_positive(t: Term) -> bool:
    """A product of densities, which has no other sign."""
    if t.op in ("mul", "product", "pow"):
        return is_positive(t.args[0]) if t.op != "mul" else all(is_positive(a) for a in t.args)
    return t.op == "pdf" or (t.op == "number" and t.data[0] > 0)
