"""\\arg\\max f = \\arg\\min g: two objectives that are best at one place.

They are where f and -g differ by what does not depend on the variable (or the density) that is chosen: f(t) - f(t') is
g(t') - g(t) for all t and t', and a positive f may be read as its logarithm.  That is enough and not necessary: where
it fails nothing is said.
"""

from __future__ import annotations

import re

from derivations.reading.meaning.constants import elsewhere
from derivations.reading.meaning.environment import Gathered, Unclear
from proofs import terms as T
from proofs.terms import Term

PLACES = frozenset({"argmax", "argmin"})


def same_place(left: Term, right: Term, gathered: Gathered) -> tuple[Term, Term] | None:
    """Both sides of what has to hold for one place to be best for both; None where the sides are no such places.

    Raises Unclear where a law that is declared hides what is chosen.
    """
    if left.op not in PLACES or right.op not in PLACES or left.data != right.data:
        return None
    name = left.data[0]
    bodies = (left.args[0], right.args[0])
    is_symbol = name in gathered.variables and all(name in T.free_symbols(body) for body in bodies)
    if not is_symbol and (name in gathered.variables or not all(chooses(body, name) for body in bodies)):
        return None
    if hides(name, gathered):
        raise Unclear(f"how the laws that are declared depend on “{name}” is not written")
    first, second = on_one_scale(left.args[0], right.args[0])
    if left.op != right.op:
        second = T.neg(second)
    moved = elsewhere((first, second), name, gathered)
    gathered.note(f"the best {name} is the same where the objectives differ by what does not depend on {name}")
    gathered.enough = True
    return T.sub(first, moved[0]), T.sub(second, moved[1])


def hides(name: str, gathered: Gathered) -> bool:
    """Whether a declared law does not show the parameter that its density has, N(Wz, s) for p_theta(x|z), or is that of
    the density that is chosen; or a name that carries the parameter, mu_theta, stands for what is defined without."""
    if any(name in re.split("[_,]", key)[1:] for key in gathered.unfolded):
        return True
    for letter, laws in gathered.family_laws.items():
        depends = letter == name or name in gathered.family_parameters.get(letter, ())
        if depends and any(letter == name or name not in T.free_symbols(law) for law in laws.values()):
            return True
    return False


def chooses(body: Term, letter: str) -> bool:
    """Whether an objective speaks of the density that is chosen."""
    return any(n.op == "family" and n.data[0] == letter for n in T.walk(body))


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
