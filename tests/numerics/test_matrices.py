"""Small exact matrices: determinants and inverses against fmpq_mat, singular ones, definiteness."""

import pytest
from flint import fmpq, fmpq_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import matrices
from numerics.exact import Undefined, Unsupported
from numerics.matrices import Mat

entries = st.fractions(min_value=-4, max_value=4, max_denominator=5).map(lambda x: fmpq(x.numerator, x.denominator))


@st.composite
def square(draw):
    n = draw(st.integers(2, 5))
    return [[draw(entries) for _ in range(n)] for _ in range(n)]


@settings(max_examples=40, deadline=None)
@given(square())
def test_determinant_and_inverse_agree_with_flint(rows):
    expected = fmpq_mat(rows)
    assert matrices.det(Mat(rows)) == expected.det()
    if expected.det() == 0:
        with pytest.raises(Undefined):
            matrices.inverse(Mat(rows))
    else:
        assert fmpq_mat(matrices.inverse(Mat(rows)).data) == expected.inv()


@settings(max_examples=40, deadline=None)
@given(square())
def test_gram_matrices_are_positive_definite_and_their_negatives_are_not(rows):
    m = Mat(rows)
    gram = matrices.add(matrices.multiply(m, matrices.transpose(m)), matrices.identity(m.rows))
    assert matrices.is_positive_definite(gram)
    assert not matrices.is_positive_definite(gram.map(lambda x: -x))


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(Unsupported):
        matrices.multiply(Mat([[fmpq(1), fmpq(2)]]), Mat([[fmpq(1), fmpq(2)]]))
    with pytest.raises(Unsupported):
        matrices.det(Mat([[fmpq(1), fmpq(2)]]))


def test_one_by_one_is_a_scalar():
    row, column = Mat([[fmpq(1), fmpq(2)]]), Mat([[fmpq(3)], [fmpq(4)]])
    assert matrices.multiply(row, column) == fmpq(11)
