"""Costs in operations: integer formulas against what the real library counts, case by case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from sympy import symbols

from derivations.catalogue import Entry, Exact, Source

n, d, w, tokens = symbols("n d w tokens", integer=True, positive=True)


def _attentions() -> Iterator[Mapping[str, int]]:
    for a, b in product((8, 16, 48), (4, 16)):
        for c in (2, 4, 8, a):
            if a % c == 0:
                yield {"tokens": a, "d": b, "w": c}


def _attention(tokens: int, d: int, w: int) -> int:
    """Multiply-adds that torch counts (it reports two a multiply-add) for explicit attention in windows of w tokens."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    x = torch.zeros(tokens, d)
    weights = [torch.zeros(d, d) for _ in range(4)]
    with FlopCounterMode(display=False) as counter:
        q, key, v = (x @ m for m in weights[:3])
        windows = [a.reshape(tokens // w, w, d) for a in (q, key, v)]
        mixed = (windows[0] @ windows[1].transpose(1, 2)).softmax(-1) @ windows[2]
        mixed.reshape(tokens, d) @ weights[3]
    return int(counter.get_total_flops()) // 2


def _full_attentions() -> Iterator[Mapping[str, int]]:
    yield from ({"tokens": a, "d": b} for a, b in product((8, 16, 48), (4, 16)))


def _full_attention(tokens: int, d: int) -> int:
    return _attention(tokens, d, tokens)


def _ratios() -> Iterator[Mapping[str, int]]:
    yield from ({"tokens": a, "d": 4, "w": b} for a, b in ((16, 2), (48, 4), (32, 8)))


def _ratio(tokens: int, d: int, w: int) -> int:
    """The quadratic terms' ratio: what torch counts beyond the four projections, full over windowed."""
    projections = 4 * tokens * d**2
    return (_attention(tokens, d, tokens) - projections) // (_attention(tokens, d, w) - projections)


def _triangular_cases() -> Iterator[Mapping[str, int]]:
    yield from ({"n": a} for a in (2, 3, 5, 8, 13))


class _Counted:
    """A number that counts the operations it takes part in."""

    count = 0

    def __init__(self, value: float):
        self.value = value

    def _with(self, value: float) -> _Counted:
        _Counted.count += 1
        return _Counted(value)

    def __mul__(self, other: _Counted) -> _Counted:
        return self._with(self.value * other.value)

    def __sub__(self, other: _Counted) -> _Counted:
        return self._with(self.value - other.value)

    def __truediv__(self, other: _Counted) -> _Counted:
        return self._with(self.value / other.value)


def _determinant(rows: list[list[_Counted]], triangular: bool) -> _Counted:
    """By elimination to a triangular matrix (diagonally dominant: no pivoting), then the product of the diagonal."""
    size = len(rows)
    if not triangular:
        for i in range(size):
            for r in range(i + 1, size):
                factor = rows[r][i] / rows[i][i]
                for c in range(i + 1, size):
                    rows[r][c] = rows[r][c] - factor * rows[i][c]
    result = rows[0][0]
    for i in range(1, size):
        result = result * rows[i][i]
    return result


def _operations(n: int, triangular: bool) -> int:
    import numpy

    matrix = numpy.random.default_rng(n).normal(size=(n, n)) + 4 * n * numpy.eye(n)
    if triangular:
        matrix = numpy.triu(matrix)
    _Counted.count = 0
    found = _determinant([[_Counted(float(x)) for x in row] for row in matrix], triangular)
    count = _Counted.count
    if not numpy.isclose(found.value, numpy.linalg.det(matrix), rtol=1e-9):
        raise AssertionError("this is not the determinant")
    return count


def _dense(n: int) -> int:
    return _operations(n, triangular=False)


def _triangular(n: int) -> int:
    return _operations(n, triangular=True)


# Elimination takes sum_{j<n} (j divisions + 2 j^2 multiplications and subtractions), the diagonal n - 1.
DENSE = (n - 1) * n / 2 + (n - 1) * n * (2 * n - 1) / 3 + n - 1

ENTRIES = (
    Entry(
        "vit.attention-cost",
        "What attention costs",
        r"4nd^2+2n^2d \text{ multiply-adds; in windows of } w \text{ tokens } 4nd^2+2nwd",
        Source("004", "Q4", "projections included, no class token, w divides n"),
        exact=(
            Exact(
                4 * tokens * d**2 + 2 * tokens**2 * d, _full_attention, _full_attentions,
                wrong=(
                    3 * tokens * d**2 + 2 * tokens**2 * d, 4 * tokens * d**2 + tokens**2 * d, 4 * tokens * d + 2 * tokens**2 * d,  # noqa: E501
                ),
            ),
            Exact(
                4 * tokens * d**2 + 2 * tokens * w * d, _attention, _attentions,
                wrong=(4 * tokens * d**2 + 2 * tokens**2 * d, 4 * tokens * d**2 + 2 * w**2 * d, 2 * tokens * w * d),
            ),
            Exact(tokens / w, _ratio, _ratios, wrong=(tokens, w, (tokens / w) ** 2)),
        ),
    ),
    Entry(
        "flow.determinant-cost",
        "What a determinant costs",
        r"\tfrac23N^3+O(N^2) \text{ operations dense, } N-1 \text{ triangular}",
        Source("003", "Q3.3", "by elimination; every operation is counted"),
        exact=(
            Exact(DENSE, _dense, _triangular_cases, wrong=(DENSE - n + 1, n**3, n * (n - 1) * (2 * n - 1) / 6 + n - 1)),
            Exact(n - 1, _triangular, _triangular_cases, wrong=(n, n**2, 2 * (n - 1))),
        ),
        note="The exact count is (2/3) n^3 - n^2/2 + 5n/6 - 1.",
    ),
)  # fmt: skip
