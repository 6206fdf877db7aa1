"""Which letters of a document are vectors and which are matrices: what was found, and the sorts that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from derivations.reading.conventions import Conventions
from derivations.reading.names import Head
from derivations.reading.vocabulary import KNOWN_WORDS
from proofs.terms import SCALAR, Dim, Sort, matrix_sort, vector_sort

VECTOR, MATRIX, ROW = "vector", "matrix", "row"


@dataclass
class Shapes:
    """Kinds by key and, where declared or found from those that are, sorts by key.

    ``dimension`` is that of every vector nothing else fixes.
    """

    kinds: dict[str, str] = field(default_factory=dict)
    declared: dict[str, Sort] = field(default_factory=dict)
    found: dict[str, Sort] = field(default_factory=dict)
    dimension: Dim = "d"
    dimension_known: bool = False

    def kind(self, key: str) -> str | None:
        """VECTOR or MATRIX; None for a scalar, and where nothing says what the letter is."""
        return kind_of_sort(self.declared[key]) if key in self.declared else self.kinds.get(key)

    def sort(self, key: str) -> Sort:
        """The sort of a symbol; SCALAR where nothing says otherwise."""
        if key in self.declared:
            return self.declared[key]
        kind = self.kinds.get(key)
        if kind is not None and key in self.found:
            return self.found[key]
        if kind == VECTOR:
            return vector_sort(self.dimension)
        return matrix_sort(self.dimension, self.dimension) if kind == MATRIX else SCALAR

    def at(self, lengths: Mapping[str, int]) -> Shapes:
        """The shapes where the dimensions that are named have these values."""

        def value(dim: Dim) -> Dim:
            return lengths.get(dim, dim) if isinstance(dim, str) else dim

        def at_lengths(sorts: dict[str, Sort]) -> dict[str, Sort]:
            return {k: sort._replace(rows=value(sort.rows), cols=value(sort.cols)) for k, sort in sorts.items()}

        declared, found = at_lengths(self.declared), at_lengths(self.found)
        return replace(self, declared=declared, found=found, dimension=value(self.dimension))

    def guessed(self, key: str) -> bool:
        """Whether nothing says what shape the letter has."""
        return key not in self.declared and self.kinds.get(key) is None


def kind_of_sort(sort: Sort) -> str | None:
    if sort == SCALAR:
        return None
    return VECTOR if sort.cols == 1 else MATRIX


def is_matrix_letter(head: Head, conventions: Conventions) -> bool:
    """Capitals are matrices when they are multiplied, inverted or transposed: A, W, Sigma, \\mathcal A."""
    if head.font == "bb" or head.base in KNOWN_WORDS:
        return False
    return is_covariance_letter(head, conventions) or (len(head.base) == 1 and head.base.isupper())


def is_covariance_letter(head: Head, conventions: Conventions) -> bool:
    return head.base in conventions.covariances and head.base[0].isupper()
