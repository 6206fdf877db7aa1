"""What we print in LaTeX, our own grammar reads: a hint or a rewritten line can be put back into a document."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from term_strategies import terms

from derivations.reading.parser import parse_formula
from derivations.reading.tree import Unread
from proofs.printing import latex
from proofs.terms import Term, walk


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(terms(depth=3))
def test_printed_latex_is_read(t: Term):
    assume(all(node.op != "not" for node in walk(t)))  # the grammar has no sign for it
    tex = latex(t)
    assert not [part.expected for part in parse_formula(tex, True) if isinstance(part, Unread)], tex
