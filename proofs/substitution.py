"""Terms taken apart and put together again: walking, free symbols, substitution without capture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from proofs.binders import at
from proofs.constructors import symbol
from proofs.nodes import BINDER_SCOPE, OPTIMA, SCALAR, ShapeError, Sort, Term, describe, term


def walk(t: Term) -> Iterator[Term]:
    """The term and everything below it, from the top."""
    stack = [t]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.args))


def bound_in(t: Term, position: int) -> tuple[str, ...]:
    """Names that this node binds in its argument at ``position``."""
    return t.data if position in BINDER_SCOPE.get(t.op, ()) else ()


def _free(t: Term, memo: dict[int, dict[str, Sort]]) -> dict[str, Sort]:
    """Free symbols of the term, bottom-up; ``memo`` keeps those of every part by its id, so shared parts cost once."""
    stack = [t]
    while stack:
        node = stack[-1]
        if id(node) in memo:
            stack.pop()
            continue
        waiting = [a for a in node.args if id(a) not in memo]
        if waiting:
            stack.extend(reversed(waiting))
            continue
        stack.pop()
        if node.op == "symbol":
            memo[id(node)] = {node.data[0]: node.sort}
            continue
        found: dict[str, Sort] = {}
        for i, a in enumerate(node.args):
            bound = bound_in(node, i)
            for name, sort in memo[id(a)].items():
                if name not in bound:
                    found.setdefault(name, sort)
        memo[id(node)] = found
    return memo[id(t)]


def free_symbols(t: Term) -> dict[str, Sort]:
    """Names of the symbols that no binder binds, with their sorts (functions and densities not among them)."""
    return dict(_free(t, {}))


def fresh(name: str, taken: Iterable[str]) -> str:
    taken = set(taken)
    while name in taken:
        name += "'"
    return name


def rebuild(t: Term, args: Iterable[Term]) -> Term:
    """The same node over other arguments of the same sorts."""
    return term(t.op, args, t.data, t.sort)


def map_terms(t: Term, change: Callable[[Term], Term]) -> Term:
    """Bottom-up: ``change`` is applied to each node after its arguments."""
    args = tuple(map_terms(a, change) for a in t.args)
    return change(t if args == t.args else rebuild(t, args))


def substitute(t: Term, values: dict[str, Term]) -> Term:
    """Free symbols replaced, all at once, without capture.  Raises ShapeError where a value is of another kind.

    A derivative is by a variable at the present point.  Where that variable is replaced by a symbol that is new to the
    body, the derivative is by that symbol; where it is replaced by anything else, the derivative is taken first and
    then evaluated, ``at``.  Dimensions (in sorts and payloads) stay as they are.
    """
    values = {k: v for k, v in values.items() if not (v.op == "symbol" and v.data[0] == k)}
    return _substitute(t, values, {})


def _substitute(t: Term, values: dict[str, Term], memo: dict[int, dict[str, Sort]]) -> Term:
    free = _free(t, memo)
    values = {k: v for k, v in values.items() if k in free}
    if not values:
        return t
    if t.op == "symbol":
        value = values[t.data[0]]
        if value.sort.kind != t.sort.kind:
            message = f"{t.data[0]} is {describe(t.sort)}, and {describe(value.sort)} is put for it"
            raise ShapeError(message, (t.sort, value.sort))
        return value
    if t.op == "derivative":
        return _substitute_derivative(t, values, memo)
    scope = BINDER_SCOPE.get(t.op, ())
    data = t.data
    inner = values
    args = list(t.args)
    if scope:
        reached = {k: s for i in scope for k, s in _free(t.args[i], memo).items()}
        inner = {k: v for k, v in values.items() if k in reached and k not in t.data}
        incoming = {n for v in inner.values() for n in _free(v, {})}
        if t.op in OPTIMA:  # a maximum over functions must not take hold of a function in a value either
            incoming |= {n for v in inner.values() for n in _called(v)}
        for name in t.data:
            if name in incoming:
                taken = incoming | set(reached) | values.keys() | set(data)
                if t.op in OPTIMA:
                    taken |= {n for a in args for n in _called(a)}
                new = fresh(name, taken)
                inner[name] = symbol(new, reached.get(name, SCALAR))
                data = tuple(new if d == name else d for d in data)
                if t.op in OPTIMA:
                    args = [_rename_function(a, name, new) for a in args]
                    memo = {}  # of other terms than those that it knows
    args = [_substitute(a, inner if i in scope else values, memo) for i, a in enumerate(args)]
    return term(t.op, args, data, t.sort)


def _substitute_derivative(t: Term, values: dict[str, Term], memo: dict[int, dict[str, Sort]]) -> Term:
    """The rest is replaced inside; what the derivative is by is renamed out of its way, and given its value last."""
    (body,) = t.args
    sorts = _free(body, memo)
    inner = {k: v for k, v in values.items() if k not in t.data}
    incoming = {n for v in inner.values() for n in _free(v, {})}
    taken = incoming | set(sorts) | set(t.data) | {n for v in values.values() for n in _free(v, {})}
    data: list[str] = []
    points: list[tuple[str, Term]] = []
    for name in t.data:
        value = values.get(name)
        others = (v for k, v in values.items() if k != name)
        clash = name in incoming or (value is not None and any(name in _free(v, {}) for v in others))
        if value is not None and value.op == "symbol" and value.sort == sorts[name]:
            other = value.data[0]
            if other not in incoming | set(sorts) | set(t.data) | set(data):
                inner[name], name = value, other
                data.append(name)
                continue
        new = fresh(name, taken) if clash else name
        taken.add(new)
        if new != name and name in sorts:
            inner[name] = symbol(new, sorts[name])
        if name in sorts and (clash or value is not None):
            points.append((new, symbol(name, sorts[name]) if value is None else value))
        data.append(new)
    result = term("derivative", (_substitute(body, inner, memo),), tuple(data), t.sort)
    for name, value in points:
        result = at(name, result, value)
    return result


def _called(t: Term) -> set[str]:
    """Names of the unknown functions that occur in the term."""
    return {node.data[0] for node in walk(t) if node.op in ("call", "call_inverse")}


def _rename_function(t: Term, old: str, new: str) -> Term:
    if t.op in OPTIMA and old in t.data:
        return t
    args = [_rename_function(a, old, new) for a in t.args]
    if t.op in ("call", "call_inverse") and t.data[0] == old:
        return term(t.op, args, (new,), t.sort)
    return rebuild(t, args) if args else t
