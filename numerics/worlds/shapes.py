"""What a relation is made of, before any world is drawn: symbols, dimensions, conditions that can be solved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from numerics.exact import Unsupported
from numerics.worlds.places import complete
from proofs import terms as T
from proofs.records import Domain, Family, Hypotheses, Relation
from proofs.terms import Dim, Sort, Term

POINT_KINDS = {
    "bernoulli": Domain(kind="binary", declared=True),
    "poisson": Domain(kind="natural", declared=True),
    "exponential": Domain(kind="positive"),
    "gamma": Domain(kind="positive"),
    "beta": Domain(kind="unit"),
}


@dataclass(frozen=True)
class Problem:
    """A relation ready to be tested: solved conditions substituted, every free symbol with its domain.

    ``defined`` are unknown functions that a condition defines, {name: (argument names, body)}; ``aliases`` are letters
    of families that a condition makes equal; ``conditions`` are what remains to be checked in a world.
    """

    relation: Relation
    hypotheses: Hypotheses
    lhs: Term
    rhs: Term
    domains: dict[str, Domain]
    conditions: tuple[Term, ...]
    defined: dict[str, tuple[tuple[str, ...], Term]]
    aliases: dict[str, str]
    dims: frozenset[str]
    index_bounds: dict[str, tuple[Dim, ...]]

    def sides(self) -> tuple[Term, ...]:
        return (self.lhs, self.rhs, *self.conditions, *(body for _, body in self.defined.values()))


def sorts_in(t: Term) -> Iterator[Sort]:
    for node in T.walk(t):
        yield node.sort
        if node.op in ("identity", "zeros", "ones"):
            yield T.matrix_sort(node.data[0], node.data[-1])


def prepare(relation: Relation) -> Problem:
    """Solve what conditions can be solved by substitution, and collect the symbols with their domains."""
    h = relation.hypotheses
    lhs, rhs = relation.lhs, relation.rhs
    open_conditions = list(h.conditions)
    families = dict(h.families)
    defined: dict[str, tuple[tuple[str, ...], Term]] = {}
    aliases: dict[str, str] = {}
    rest: list[Term] = []
    while open_conditions:
        condition = open_conditions.pop(0)
        if condition.op == "and":
            open_conditions = [*condition.args, *open_conditions]
            continue
        solved = _solve(condition, h, defined, aliases)
        if solved is None:
            rest.append(condition)
        elif solved:
            lhs, rhs = put(lhs, solved), put(rhs, solved)
            open_conditions = [put(c, solved) for c in open_conditions]
            rest = [put(c, solved) for c in rest]
            defined = {n: (a, put(b, {k: v for k, v in solved.items() if k not in a})) for n, (a, b) in defined.items()}
            families = {
                n: replace(
                    f, laws={k: put(t, {v: w for v, w in solved.items() if v not in k[1]}) for k, t in f.laws.items()}
                )
                for n, f in families.items()
            }
    h = replace(h, families=families, conditions=tuple(rest))
    symbols: dict[str, Sort] = {}
    for t in (lhs, rhs, *rest):
        symbols.update(T.free_symbols(t))
    for args, body in defined.values():
        symbols.update({n: s for n, s in T.free_symbols(body).items() if n not in args and n not in symbols})
    for letter in _letters((lhs, rhs, *rest, *(b for _, b in defined.values())), families, aliases):
        family = families[letter]
        for (_, givens), t in family.laws.items():
            symbols.update({n: s for n, s in T.free_symbols(t).items() if n not in givens and n not in symbols})
    terms = (
        lhs,
        rhs,
        *rest,
        *(b for _, b in defined.values()),
        *(t for f in families.values() for t in f.laws.values()),
    )
    for t in terms:
        for node in T.walk(t):
            if node.op == "derivative":
                symbols.update({n: h.variables[n].sort for n in node.data if n in h.variables and n not in symbols})
    h = complete(h, terms)
    dims = _dimensions(terms, h)
    domains = {name: h.variables.get(name, Domain(sort=sort)) for name, sort in symbols.items() if name not in dims}
    domains = {n: d if d.sort.kind == symbols[n].kind else replace(d, sort=symbols[n]) for n, d in domains.items()}
    index_bounds = _roles(terms, domains)
    return Problem(relation, h, lhs, rhs, domains, tuple(rest), defined, aliases, frozenset(dims), index_bounds)


def blind_derivatives(problem: Problem) -> list[str]:
    """Variables that a derivative is by although they occur nowhere, and what is differentiated is no constant.

    The author then means a dependence that the term does not show (of x on its component x_2, say), so such a relation
    is not refuted.  A variable that does occur, as a parameter of a density say, is known not to occur elsewhere.
    """
    h = problem.hypotheses
    found: list[str] = []
    known = set(T.free_symbols(problem.lhs)) | set(T.free_symbols(problem.rhs))
    known |= {p for f in h.families.values() for p in f.parameters}
    for side in (problem.lhs, problem.rhs):
        for node in T.walk(side):
            if node.op != "derivative":
                continue
            (body,) = node.args
            seen = set(T.free_symbols(body))
            inside = list(T.walk(body))
            letters = [problem.aliases.get(n.data[0], n.data[0]) for n in inside if n.op == "family"]
            for letter in letters:
                family = h.families.get(letter, Family())
                seen |= set(family.parameters)
                for (_, givens), t in family.laws.items():
                    seen |= set(T.free_symbols(t)) - set(givens)
            for n in inside:
                if n.op == "call" and n.data[0] in problem.defined:
                    seen |= set(T.free_symbols(problem.defined[n.data[0]][1]))
            constant = not seen and not any(n.op in ("family", "call") for n in inside)
            if not constant:
                found += [name for name in node.data if name not in seen | known and name not in found]
    return found


def put(t: Term, values: dict[str, Term]) -> Term:
    """Substitution of what a condition says a symbol is.

    Unlike ``proofs.terms.substitute`` it reaches under derivatives: given z = f(x), the derivative of z by x is f'.
    """
    values = {k: v for k, v in values.items() if k in T.free_symbols(t)}
    if not values:
        return t
    if all(node.op != "derivative" for node in T.walk(t)):
        return T.substitute(t, values)
    if t.op == "derivative":
        result = T.rebuild(t, [put(t.args[0], {k: v for k, v in values.items() if k not in t.data})])
        for name in t.data:
            if name in values:
                result = T.at(name, result, values[name])
        return result
    incoming = {n for v in values.values() for n in T.free_symbols(v)}
    scope = T.BINDER_SCOPE.get(t.op, ())
    args, data = list(t.args), t.data
    for name in t.data if scope else ():
        if name in incoming:
            new = T.fresh(name, incoming | values.keys() | {n for a in args for n in T.free_symbols(a)})
            for i in scope:
                args[i] = T.substitute(args[i], {name: T.symbol(new, T.free_symbols(args[i]).get(name, T.SCALAR))})
            data = tuple(new if d == name else d for d in data)
    outside = dict.fromkeys(range(len(args)), values)
    for i in scope:
        outside[i] = {k: v for k, v in values.items() if k not in data}
    return T.term(t.op, [put(a, outside[i]) for i, a in enumerate(args)], data, t.sort)


def _letters(terms: tuple[Term, ...], families: Mapping[str, Family], aliases: Mapping[str, str]) -> list[str]:
    """Letters of the families that the terms speak of, with those that these rest on."""
    found: list[str] = []
    waiting = [aliases.get(n.data[0], n.data[0]) for t in terms for n in T.walk(t) if n.op == "family"]
    while waiting:
        letter = waiting.pop()
        if letter in found or letter not in families:
            continue
        found.append(letter)
        source = families[letter].pushforward
        if source is not None:
            waiting.append(aliases.get(source[1], source[1]))
        for t in families[letter].laws.values():
            waiting += [n.data[0] for n in T.walk(t) if n.op == "family"]
    return found


def _solve(
    condition: Term, h: Hypotheses, defined: dict[str, tuple[tuple[str, ...], Term]], aliases: dict[str, str]
) -> dict[str, Term] | None:
    """A substitution that makes an equation true; {} where it was taken up otherwise; None where it stays open."""
    if condition.op != "compare" or condition.data[0] != "=":
        return None
    for a, b in (condition.args, condition.args[::-1]):
        if a.op == "symbol" and a.data[0] not in T.free_symbols(b):
            name = a.data[0]
            if h.domain(name).kind != "dimension" and a.sort == b.sort:
                return {name: b}
        if a.op == "call" and a.data[0] not in defined and _plain(a) and a.data[0] not in _functions(b):
            names = tuple(str(x.data[0]) for x in a.args)
            if T.free_symbols(b).keys() <= set(names) | h.variables.keys():
                defined[a.data[0]] = (names, b)
                return {}
    pairs = [x.args[0] if x.op == "pdf" else x for x in condition.args]
    if all(p.op == "family" for p in pairs):
        first, second = pairs
        same_points = [x.args[1:] for x in condition.args if x.op == "pdf"]
        if first.data[1:3] == second.data[1:3] and (len(same_points) < 2 or same_points[0] == same_points[1]):
            if first.data[0] != second.data[0]:
                new, old = first.data[0], second.data[0]
                if (
                    h.families.get(new) is not None
                    and h.families[new].laws
                    and not (h.families.get(old) and h.families[old].laws)
                ):
                    new, old = old, new
                aliases[new] = aliases.get(old, old)
            return {}
    return None


def _plain(t: Term) -> bool:
    names = [x.data[0] for x in t.args if x.op == "symbol"]
    return len(names) == len(t.args) == len(set(names))


def _functions(t: Term) -> set[str]:
    return {node.data[0] for node in T.walk(t) if node.op in ("call", "call_inverse")}


def _dimensions(terms: tuple[Term, ...], h: Hypotheses) -> set[str]:
    """Names of symbolic dimensions: in shapes of terms and of the hypotheses, and symbols of that kind."""
    found: set[str] = set()
    sorts = [s for t in terms for s in sorts_in(t)]
    sorts += [s.sort for s in h.spaces.values()]
    for f in h.functions.values():
        sorts += [*f.argument_sorts, f.values.sort]
    sorts += [d.sort for d in h.variables.values()]
    for s in sorts:
        found.update(d for d in (s.rows, s.cols) if isinstance(d, str))
    found.update(n for n, d in h.variables.items() if d.kind == "dimension")
    return found


def _roles(terms: tuple[Term, ...], domains: dict[str, Domain]) -> dict[str, tuple[Dim, ...]]:
    """Narrow undeclared domains by what a symbol is used for: a point of a law, an index, a bound of a sum."""
    bounds: dict[str, tuple[Dim, ...]] = {}
    for t in terms:
        _parameter_roles(t, domains)
        for node in T.walk(t):
            if node.op == "pdf" and node.args[0].op in POINT_KINDS:
                for point in node.args[1:]:
                    target = point.args[0] if point.op == "entry" else point
                    if target.op == "symbol":
                        _narrow(domains, target.data[0], POINT_KINDS[node.args[0].op])
            elif node.op == "entry":
                shape = node.args[0].sort
                sizes = (
                    (shape.rows if shape.cols == 1 else shape.cols,)
                    if len(node.args) == 2
                    else (shape.rows, shape.cols)
                )
                for size, i in zip(sizes, node.args[1:]):
                    if i.op == "symbol":
                        bounds[i.data[0]] = (*bounds.get(i.data[0], ()), size)
            elif node.op in ("sum", "product"):
                for bound in node.args[1:]:
                    for name in T.free_symbols(bound):
                        if name in domains and domains[name].kind in ("real", "positive", "natural", "integer"):
                            domains[name] = replace(domains[name], kind="natural", lower=None, upper=None)
                            bounds.setdefault(name, ())
    return {name: sizes for name, sizes in bounds.items() if name in domains}


def _narrow(domains: dict[str, Domain], name: str, to: Domain) -> None:
    if name in domains and domains[name].kind == "real" and not domains[name].declared:
        domains[name] = replace(to, sort=domains[name].sort)


PARAMETER_KINDS = {
    "bernoulli": ("unit",),
    "categorical": ("simplex",),
    "exponential": ("positive",),
    "gamma": ("positive", "positive"),
    "beta": ("positive", "positive"),
    "poisson": ("positive",),
    "laplace": (None, "positive"),
    "student_t": ("positive",),
}


def _parameter_roles(t: Term, domains: dict[str, Domain]) -> None:
    """Who writes a law or an inverse presupposes that it exists: its parameters are where it does."""
    for node in T.walk(t):
        if node.op == "normal":
            _narrow_parameter(domains, node.args[1], "positive_definite")
        elif node.op == "inverse":
            _narrow_parameter(domains, node.args[0], "invertible")
        for kind, a in zip(PARAMETER_KINDS.get(node.op, ()), node.args):
            if kind is not None:
                _narrow_parameter(domains, a, kind)


def _narrow_parameter(domains: dict[str, Domain], t: Term, kind: str) -> None:
    if t.op == "diag" or (t.op == "pow" and T.is_number(t.args[1], 2)):
        t, kind = t.args[0], "positive" if kind == "positive_definite" else kind
        if t.op == "pow" and T.is_number(t.args[1], 2):
            t = t.args[0]
    if t.op != "symbol" or t.data[0] not in domains:
        return
    domain = domains[t.data[0]]
    narrower = ("real", "symmetric", "invertible", "nonzero") if kind == "positive_definite" else ("real",)
    if domain.kind in narrower and domain.lower is None and domain.upper is None:
        domains[t.data[0]] = replace(domain, kind="positive" if domain.sort == T.SCALAR and kind != "unit" else kind)


def draw_dimensions(problem: Problem, rng: Random, size: int, small: bool) -> dict[str, int]:
    """A size for every symbolic dimension: 2, 3, sometimes 1, 4 or 5, and not 1 for all of them unless ``small``."""
    dims: dict[str, int] = {}
    for name in sorted(problem.dims):
        domain = problem.hypotheses.domain(name)
        least = int(domain.lower) if domain.lower is not None else 1
        most = int(domain.upper) if domain.upper is not None else 5
        choices = [1, 2] if small else [2, 3, 2, 3, 2, 3, 2, 1, 4] + ([5] if size == 2 else [])
        dims[name] = min(max(rng.choice(choices), least), max(most, least))
    if dims and not small and all(d == 1 for d in dims.values()):
        dims = {n: max(2, d) for n, d in dims.items()}
    return dims


def dimension_of(dims: dict[str, int], dim: Dim) -> int:
    if isinstance(dim, int):
        return dim
    if dim not in dims:
        raise Unsupported(f"the dimension {dim} has no value")
    return dims[dim]
