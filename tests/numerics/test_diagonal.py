"""Diagonal matrices by their diagonal give what full ones give."""

import pytest
import torch
from sampled_kernels import KEY, eager_sums, structure

from numerics.montecarlo.errors import InvalidLaw
from proofs import terms as t
from proofs.terms import expectation, mul, normal, number, power, symbol

torch.set_num_threads(1)


def test_diagonal_matrices_give_what_full_ones_give():
    """diag(v) written as a diagonal and entry by entry: inverse, determinant, products, trace, transpose."""
    from numerics.montecarlo.lowering import lower

    v = t.matrix(3, 1, [number(x) for x in ("1/2", 2, 3)])
    a = t.matrix(3, 3, [number(x) for x in range(9)])
    x = t.matrix(3, 1, [number(x) for x in (1, -2, 5)])
    entries = [(t.HALF, t.TWO, number(3))[i] if i == j else t.ZERO for i in range(3) for j in range(3)]
    full = t.matrix(3, 3, entries)

    def results(d):
        inverse = t.inverse(d)
        return [
            inverse, mul(d, x), mul(t.transpose(x), d), mul(t.transpose(x), inverse, x), mul(a, d), mul(d, a),
            mul(d, d, x), mul(number(3), d), t.add(d, a), t.hadamard(d, a), t.trace(d), t.det(d), t.transpose(d),
            mul(number(2), t.identity(3), x), t.add(t.identity(3), d), power(d, t.TWO),
        ]  # fmt: skip

    for one, other in zip(results(t.diag(v)), results(full)):
        got, expected = (lower([z], {}).run({})[0] for z in (one, other))
        assert torch.allclose(*torch.broadcast_tensors(got, expected), rtol=1e-14, atol=0), one.op


def test_a_law_with_a_diagonal_covariance_is_that_law():
    v = t.matrix(2, 1, [number("1/4"), number(9)])
    y = symbol("x", t.vector_sort(2))
    full = t.matrix(2, 2, [number("1/4"), number(0), number(0), number(9)])
    square = mul(t.transpose(y), y)
    sums = []
    for covariance in (t.diag(v), full):
        s = structure([(expectation("x", normal(t.zeros(2), covariance), square), t.ZERO)])
        sums.append(eager_sums(s, [0], 0, 1000, torch.zeros(1, 1, dtype=torch.float64))[0])
    assert torch.allclose(*sums, rtol=1e-13)
    negative = normal(t.zeros(2), t.diag(t.matrix(2, 1, [number(1), number(-1)])))
    with pytest.raises(InvalidLaw):
        structure([(expectation("x", negative, square), t.ZERO)]).draw([0], KEY, 0, 4, "cpu")
