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
    Entry(
        "bayes.chinese-room",
        "When to believe that the room understands",
        r"\text{guess 'understands' iff } \frac{P(\text{correct}|\text{both})}{P(\text{correct}|\text{English only})} > 4",  # noqa: E501
        Source("001", "Q4", "prior 0.2, 0-1 loss: the guess is the more probable of the two after a correct answer"),
        given=r"Let $a\in(0,1]$ and $b\in(0,1]$.",  # the two likelihoods
        domains={"a": "positive", "b": "positive"},
        scheme=ALL,
        parts=(
            Part(
                r"\frac{0.2a}{0.2a+0.8b} > \frac{0.8b}{0.2a+0.8b}",
                conditions=(r"\frac{a}{b}>4",),
                derivation=r"\frac{0.2a}{0.2a+0.8b} = \frac{0.2b}{0.2a+0.8b}\cdot\left(\frac{a}{b}\right) "
                r"> \frac{0.8b}{0.2a+0.8b}",
                role="a ratio above 4 makes 'understands' the more probable",
            ),
            Part(
                r"\frac{a}{b} > 4",
                conditions=(r"\frac{0.2a}{0.2a+0.8b}>\frac{0.8b}{0.2a+0.8b}",),
                derivation=r"\frac{a}{b} = \left(\frac{0.2a}{0.2a+0.8b}\right)\cdot\frac{0.2a+0.8b}{0.2b} > 4",
                role="and only that",
            ),
        ),
        wrong=(
            Part(r"\frac{0.2a}{0.2a+0.8b} > \frac{0.8b}{0.2a+0.8b}", conditions=(r"\frac{a}{b}>2",)),
            Part(r"\frac{0.8a}{0.2a+0.8b} < \frac{0.2b}{0.2a+0.8b}", conditions=(r"\frac{a}{b}>4",)),
            Part(r"\frac{a}{b} > 5", conditions=(r"\frac{0.2a}{0.2a+0.8b}>\frac{0.8b}{0.2a+0.8b}",)),
        ),
    ),
)
