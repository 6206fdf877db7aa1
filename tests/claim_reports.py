"""Records of a few claims, one of each kind: each is settled once in a test process, whoever asks for it."""

import json
from functools import cache
from typing import Any

from derivations.catalogue import entries
from derivations.topics import TOPICS
from lemmata.claim_records import record_of
from proofs.records import Verdict
from reports.claim_record import claim_record
from reports.picture_records import no_picture

PROVED = "kl.to-standard-normal"  # sampled, no condition left open
ASSUMING = "kl.maximum-likelihood"  # rests on conditions that are assumed
SEVERAL = "gan.pointwise-maximum"  # a scheme of several relations, led through links
REFUTED = "elbo.bernoulli-as-written"  # its fix is another entry
SAMPLED_FALSE = "kl.diagonal-as-written"  # samples refute it, and its fix is its own
SUPPORTED = "vit.token-count"  # a count
KINDS = (PROVED, ASSUMING, SEVERAL, REFUTED, SAMPLED_FALSE, SUPPORTED)


@cache
def record(id_: str) -> dict[str, Any]:
    """The record, as it is read back from JSON."""
    return json.loads(json.dumps(record_of(id_, 0), allow_nan=False))


@cache
def unsettled() -> tuple[dict[str, Any], ...]:
    """Every claim of the catalogue with its relations, but without verdicts: what a page has to typeset."""
    topics = {i: t.title for t in TOPICS for i in t.ids}
    made = []
    for e in entries():
        judged = [(c, Verdict("undecided")) for c in e.claims()]
        fixes = [(c, Verdict("undecided")) for c in e.fixes()] if not e.holds else []
        whole = ("undecided", "nobody has tried", None)
        found = claim_record(e, topics[e.id], judged, fixes, whole=whole, picture=no_picture("nothing was drawn"))
        made.append(json.loads(json.dumps({**found, "as_asked": False})))
    return tuple(made)
