"""Bound variables: equality of terms up to their names, and substitution without capture.

The kernel invents names of the form ``z~1``: no document can write them, and the part before ``~`` still says which
space the variable lives in.  An integral without bounds is over the whole space of its variable, so two integrals
are alike only where the variables have one base name (the rule ``integral.rename`` goes between names of one space).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from proofs.terms import BINDER_SCOPE, OPTIMA, Sort, Term, symbol, term

# The meaning of these depends on the space that the variable's name belongs to.
SPACE_BINDERS = frozenset({"integral", "with_density", "preimages"})


def base(name: str) -> str:
    """The name that a document would know: 'z' for 'z~2'."""
    return name.split("~", 1)[0]


def fresh(name: str, taken: Iterable[str]) -> str:
    """A name with the same base that is not taken."""
    taken, stem, k = set(taken), base(name), 1
    while f"{stem}~{k}" in taken:
        k += 1
    return f"{stem}~{k}"


@lru_cache(maxsize=200_000)
def free(t: Term) -> frozenset[str]:
    """Names of the free symbols; the variables of a derivative count, since it is taken at their present point."""
    if t.op == "symbol":
        return frozenset((t.data[0],))
    found: set[str] = set(t.data) if t.op == "derivative" else set()
    scope = BINDER_SCOPE.get(t.op, ())
    for i, a in enumerate(t.args):
        found |= free(a) - set(t.data) if i in scope else free(a)
    return frozenset(found)


@lru_cache(maxsize=200_000)
def sort_of(t: Term, name: str) -> Sort | None:
    """The sort with which a name occurs free, or None."""
    if name not in free(t):
        return None
    if t.op == "symbol":
        return t.sort
    scope = BINDER_SCOPE.get(t.op, ())
    for i, a in enumerate(t.args):
        if not (i in scope and name in t.data):
            found = sort_of(a, name)
            if found is not None:
                return found
    return None


def _key(t: Term, env: Mapping[str, int], depth: int):
    if not env or free(t).isdisjoint(env):
        return closed_key(t)
    return _build_key(t, env, depth)


def _build_key(t: Term, env: Mapping[str, int], depth: int):
    if t.op == "symbol":
        name = t.data[0]
        # a de Bruijn index: how many binders up
        return ("bound", depth - env[name], t.sort) if name in env else ("symbol", name, t.sort)
    scope = BINDER_SCOPE.get(t.op, ())
    data: tuple = t.data
    inner, inner_depth = env, depth
    if scope:
        if t.op in OPTIMA:
            inner = {k: v for k, v in env.items() if k not in t.data}
        else:
            inner = dict(env)
            for name in t.data:
                inner_depth += 1
                inner[name] = inner_depth
            data = tuple(base(n) for n in t.data) if t.op in SPACE_BINDERS else ()
    elif t.op == "derivative":
        data = tuple(("bound", depth - env[n]) if n in env else n for n in t.data)
    args = tuple(_key(a, inner, inner_depth) if i in scope else _key(a, env, depth) for i, a in enumerate(t.args))
    return (t.op, data, t.sort, args)


@lru_cache(maxsize=200_000)
def closed_key(t: Term):
    """A plain value that two terms share exactly when they differ only in the names of bound variables."""
    return _build_key(t, {}, 0)


def key_under(t: Term, bound: Iterable[str]):
    """The key where the given names count as bound, numbered in the order in which they occur in the term."""
    seen: dict[str, int] = {}

    def visit(node: Term, hidden: frozenset[str]) -> None:
        if node.op == "symbol" and node.data[0] in names and node.data[0] not in hidden:
            seen.setdefault(node.data[0], -1 - len(seen))
        scope = BINDER_SCOPE.get(node.op, ())
        for i, a in enumerate(node.args):
            visit(a, hidden | set(node.data) if i in scope else hidden)

    names = set(bound)
    if free(t).isdisjoint(names):
        return closed_key(t)
    visit(t, frozenset())
    return _build_key(t, seen, 0) if seen else closed_key(t)


def alike(a: Term, b: Term) -> bool:
    """Equal up to the names of bound variables."""
    return a is b or a == b or closed_key(a) == closed_key(b)


def substitute(t: Term, values: Mapping[str, Term]) -> Term:
    """Free symbols replaced, without capture; a derivative by a replaced variable is taken first, then evaluated.

    Raises ValueError where a value has another sort than the symbol that it replaces.
    """
    values = {k: v for k, v in values.items() if k in free(t) and not (v.op == "symbol" and v.data[0] == k)}
    if not values:
        return t
    if t.op == "symbol":
        value = values[t.data[0]]
        if value.sort != t.sort:
            raise ValueError(f"{t.data[0]} is replaced by something of another shape")
        return value
    if t.op == "derivative" and values.keys() & set(t.data):
        inner = substitute(t, {k: v for k, v in values.items() if k not in t.data})
        for name in t.data:
            if name in values:
                value = values[name]
                if value.op == "symbol" and value.data[0] not in free(inner):
                    body = substitute(inner.args[0], {name: value})
                    data = tuple(value.data[0] if d == name else d for d in inner.data)
                    inner = term("derivative", (body,), data, inner.sort)
                else:
                    inner = term("at", (inner, value), (name,), inner.sort)
                    if len(t.data) > 1:
                        raise ValueError("a derivative by several variables is evaluated elsewhere")
        return inner
    scope = BINDER_SCOPE.get(t.op, ())
    if not scope:
        return term(t.op, (substitute(a, values) for a in t.args), t.data, t.sort)
    inner_values = {k: v for k, v in values.items() if k not in t.data}
    data = t.data
    under = frozenset().union(*(free(t.args[i]) for i in scope))
    incoming = frozenset().union(*(free(v) for k, v in inner_values.items() if k in under)) if inner_values else ()
    for name in t.data:
        if name in incoming:
            if t.op in OPTIMA:
                raise ValueError(f"{name} would be captured by {t.op}")
            new = fresh(name, set(incoming) | under | set(inner_values) | set(data))
            sorts = [s for i in scope if (s := sort_of(t.args[i], name)) is not None]
            if sorts:
                inner_values[name] = symbol(new, sorts[0])
            data = tuple(new if d == name else d for d in data)
    args = [substitute(a, inner_values if i in scope else values) for i, a in enumerate(t.args)]
    return term(t.op, args, data, t.sort)


def subterm(t: Term, path: Iterable[int]) -> Term:
    for i in path:
        t = t.args[i]
    return t


def replace_at(t: Term, path: tuple[int, ...], new: Term) -> Term:
    """The term with another subterm at a path.  Capture is wanted here: the new one lives in the same scope."""
    if not path:
        return new
    i = path[0]
    args = (*t.args[:i], replace_at(t.args[i], path[1:], new), *t.args[i + 1 :])
    return term(t.op, args, t.data, t.sort)
