"""The readings of ambiguous notation: which choices a formula raises, and all combinations of them.

A meaning is built by code that asks ``choose(notation, options)`` where notation has two common readings.
`enumerate_readings` runs it once for each combination of answers, so that every choice is consistent within a relation
and named in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")

MOST = 16  # combinations of readings tried for one relation


class Choices:
    """Answers to the ambiguous notations of one relation; the first option stands where nothing else is fixed."""

    def __init__(self, taken: Mapping[str, str] | None = None):
        self.taken = dict(taken or {})
        self.met: dict[str, tuple[str, ...]] = {}

    def choose(self, notation: str, options: tuple[str, ...]) -> str:
        self.met[notation] = options
        answer = self.taken.get(notation, options[0])
        return answer if answer in options else options[0]


def enumerate_readings(build: Callable[[Choices], T], fixed: Mapping[str, str]) -> Iterator[tuple[dict[str, str], T]]:
    """(reading, what was built in it) for every combination of the choices met, the most common reading first.

    ``fixed`` are choices that the document's declarations settle; they are not varied and not reported.
    """
    seen: set[tuple[tuple[str, str], ...]] = set()
    waiting: list[dict[str, str]] = [{}]
    count = 0
    while waiting and count < MOST:
        choices = Choices({**waiting.pop(0), **fixed})
        result = build(choices)
        reading = {k: choices.taken.get(k, o[0]) for k, o in choices.met.items() if k not in fixed}
        key = tuple(sorted(reading.items()))
        if key in seen:
            continue
        seen.add(key)
        count += 1
        yield reading, result
        for notation, options in choices.met.items():
            if notation in fixed:
                continue
            for option in options:
                other = {**reading, notation: option}
                if tuple(sorted(other.items())) not in seen and other not in waiting:
                    waiting.append(other)
