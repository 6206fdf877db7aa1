"""Bayes decisions, and the arithmetic of latent codes."""

from derivations.catalogue import Entry, Part, Source
from proofs.schemes import ALL

VECTORS = r"Let $a,b,c\in\mathbb{R}^n$."

ENTRIES = (
    Entry(
        "latent.arithmetic",
        "Differences of codes",
        r"a-b=c \iff a-c=b",
        Source("000", "Q10"),
        given=VECTORS,
        scheme=ALL,
        parts=(
            Part(r"a-c=b", conditions=(r"a-b=c",), role="from left to right"),
            Part(r"a-b=c", conditions=(r"a-c=b",), role="and back"),
        ),
        wrong=(
            Part(r"a+c=b", conditions=(r"a-b=c",)),
            Part(r"a-c=2b", conditions=(r"a-b=c",)),
            Part(r"b-a=c", conditions=(r"a-b=c",)),
        ),
    ),
)
