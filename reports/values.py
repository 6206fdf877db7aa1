"""The values of a witness in words, one line each.  Their plain form is described in `numerics/witness.py`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from reports.plaintext import one_line


def value_line(name: str, value: Any) -> str:
    """'x = 1/2', 'f(u) = sinh(3·u - 1)', 'p(x, z) = 1/6 in cell 1,1; ...'."""
    tag, content = next(iter(value.items())) if isinstance(value, Mapping) and len(value) == 1 else ("", value)
    words = {
        "number": _number,
        "vector": _vector,
        "matrix": _matrix,
        "table": _table,
        "function": _function,
        "law": _law,
    }
    try:
        return one_line(words.get(tag, _other)(name, content))
    except (KeyError, TypeError, ValueError, AttributeError):  # an unknown form is still shown, as it is
        return one_line(_other(name, value))


def _number(name: str, content: Any) -> str:
    return f"{name} = {content}"


def _vector(name: str, content: Sequence[Any]) -> str:
    return f"{name} = {_tuple(content)}"


def _matrix(name: str, content: Sequence[Sequence[Any]]) -> str:
    return f"{name} = {_rows(content)}"


def _table(name: str, content: Mapping[str, Any]) -> str:
    if "cell" in content:
        return f"{name} in cell {content['cell']}"
    if "lengths" in content:
        values = f", at the values {_and(content['values'])}" if "values" in content else ""
        return f"{name}: {len(content['lengths'])} of lengths {_and(content['lengths'])}{values}"
    cells = "; ".join(f"{_entry(v)} in cell {cell}" for cell, v in content["at"].items())
    return f"{name} = {cells}"


def _function(name: str, content: Any) -> str:
    if isinstance(content, str):
        return f"{name} = {content}"
    arguments = ", ".join(content["arguments"])
    return f"{name}({arguments}) = {content['formula']}" if arguments else f"{name} = {content['formula']}"


def _law(name: str, content: Any) -> str:
    if isinstance(content, str):
        return f"{name} is the law {content}"
    parts = [_component(c) for c in content["components"]]
    mixture = " + ".join(f"{c['weight']} {p}" for c, p in zip(content["components"], parts))
    law = parts[0] if len(parts) == 1 else f"the mixture {mixture}"
    return f"{name}: ({', '.join(content['variables'])}) has the law {law}"


def _component(component: Mapping[str, Any]) -> str:
    mean, root = component["mean"], component["root"]
    if len(mean) == 1:
        return f"N({_entry(mean[0])}, ({_entry(root[0][0])})^2)"
    return f"N({_tuple(mean)}, R R^T) with R = {_rows(root)}"


def _entry(entry: Any) -> str:
    if isinstance(entry, Mapping):
        return str(entry.get("formula") or entry.get("cell") or _other("", entry))
    return str(entry)


def _tuple(entries: Sequence[Any]) -> str:
    return "(" + ", ".join(map(_entry, entries)) + ")"


def _rows(rows: Sequence[Sequence[Any]]) -> str:
    return "[" + "; ".join(" ".join(map(_entry, row)) for row in rows) + "]"


def _and(items: Sequence[Any]) -> str:
    *first, last = map(str, items)
    return f"{', '.join(first)} and {last}" if first else last


def _other(name: str, content: Any) -> str:
    shown = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, default=str)
    return f"{name} = {shown}" if name else shown
