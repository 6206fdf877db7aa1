"""The conventions of the field, from `conventions.toml`, and what a context file adds to them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


class Conventions:
    """Read-only view of the conventions.  Lists answer membership, tables answer lookups."""

    def __init__(self, table: Mapping[str, Mapping[str, Any]]):
        self._table = table
        self.density_letters = frozenset(table["densities"]["letters"])
        self.numbers_when_bare = frozenset(table["densities"]["numbers_when_bare"])
        self.generated: Mapping[str, list[str]] = table["laws"]["generated"]
        self.noise = frozenset(table["laws"]["noise"])
        self.standard_normal = frozenset(table["variables"]["standard_normal"])
        self.data = frozenset(table["variables"]["data"])
        self.latent = frozenset(table["variables"]["latent"])
        self.parameters = frozenset(table["parameters"]["letters"])
        self.functions = frozenset(table["functions"]["letters"])
        self.unit_interval = frozenset(table["functions"]["unit_interval"])
        self.positive = frozenset(table["domains"]["positive"])
        self.indices = frozenset(table["domains"]["indices"])
        self.dimensions = frozenset(table["domains"]["dimensions"])
        self.covariances = frozenset(table["domains"]["covariances"])
        self.identity = frozenset(table["domains"]["identity"])
        self.declares = tuple(table["wording"]["declares"])
        self.conditional = tuple(table["wording"]["conditional"])
        self.distributed = tuple(table["wording"]["distributed"])

    def is_parameter(self, name: str) -> bool:
        """Whether a subscript of something applied is what it depends on: theta of p_theta(x)."""
        return name in self.parameters


def merge(base: Mapping[str, Any], more: Mapping[str, Any], where: str = "") -> dict[str, Any]:
    """The base with a context's entries added: lists are joined, tables merged.  Unknown keys raise ValueError."""
    merged = dict(base)
    for key, value in more.items():
        name = f"{where}{key}"
        if key not in base and where != "laws.generated.":
            raise ValueError(f"the context file has an unknown key {name!r}; known: {', '.join(base)}")
        old = base.get(key)
        if isinstance(old, Mapping):
            if not isinstance(value, Mapping):
                raise ValueError(f"{name!r} of the context file must be a table")
            merged[key] = merge(old, value, f"{name}.")
        elif isinstance(old, list):
            if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
                raise ValueError(f"{name!r} of the context file must be a list of strings")
            merged[key] = [*old, *value]
        else:
            merged[key] = value
    return merged


@cache
def field_conventions() -> Conventions:
    return Conventions(_table())


def conventions_with(context: str | None) -> Conventions:
    """The conventions with those of a context (TOML text) added.  Raises ValueError with one clear line."""
    if not context:
        return field_conventions()
    try:
        more = tomllib.loads(context)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"the context file is not TOML: {error}") from None
    return Conventions(merge(_table(), more))


def _table() -> dict[str, Any]:
    return tomllib.loads(files("derivations.reading").joinpath("conventions.toml").read_text(encoding="utf-8"))
