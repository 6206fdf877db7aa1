"""Each claim of the catalogue is a test of its own: it ends as it should, and its wrong variants are refuted by
the same numbers that support it."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derivations.catalogue import CatalogueError, Entry, Source, entries, entry, matching
from derivations.topics import TOPICS
from lemmata.verify import settle
from numerics.check import test_in_worlds as in_worlds
from numerics.sampling import sample
from numerics.worlds.shapes import prepare
from proofs import clock, schemes
from proofs.kernel import replay

ROOT = Path(__file__).resolve().parents[2]
IDS = [e.id for e in entries()]
RELATIONS = [e.id for e in entries() if not e.exact]
EXACT = [e.id for e in entries() if e.exact]
FILE = ROOT.parent / "shared" / "claims.toml"
MEANINGS = tomllib.loads((ROOT / "derivations" / "meanings.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("id_", IDS)
def test_claim(id_: str) -> None:
    """A claim that holds is proved (a count agrees with the library); a false one is refuted, and its fix is proved."""
    settled = settle(id_, seed=0)
    assert settled.as_asked, f"{id_}: {settled.verdict}; {settled.reason}; fix {settled.fix_verdict}"
    json.dumps(settled.as_json(), allow_nan=False)


@pytest.mark.parametrize("id_", RELATIONS)
def test_wrong_variants_are_refuted(id_: str) -> None:
    e = entry(id_)
    wrong = e.variants() or entry(str(e.fix)).variants()
    assert len(wrong) >= 3, f"{id_}: a test that is not tried on three wrong variants is no test"
    for c in wrong:
        assert in_worlds(c.relation, seed=1, seconds=4.0).status == "refuted", f"{id_}: {c.meaning}"


@pytest.mark.parametrize("id_", EXACT)
def test_the_library_tells_wrong_formulas_apart(id_: str) -> None:
    for comparison in entry(id_).exact:
        assert len(comparison.wrong) >= 3
        observed = [(case, comparison.observed(**case)) for case in comparison.cases()]
        for formula in comparison.wrong:
            values = [formula.subs({s: case[s.name] for s in formula.free_symbols}) for case, _ in observed]
            assert any(v != seen for v, (_, seen) in zip(values, observed)), f"{id_}: {formula}"


@pytest.mark.parametrize("id_", [i for i in RELATIONS if entry(i).holds])
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(seed=st.integers(1, 2**32))
def test_no_world_disagrees(id_: str, seed: int) -> None:
    """Whatever parameters, densities and functions are drawn, none of the claim's relations fails."""
    for c in entry(id_).claims():
        assert in_worlds(c.relation, seed=seed, seconds=0.4).status != "refuted", c.meaning


# Claims about means of given laws: sampling, which knows none of the closed forms, decides by the sequential rule.
SAMPLED = [
    "kl.univariate-gaussian", "kl.univariate-intermediate", "kl.to-standard-normal", "kl.multivariate-gaussian",
    "kl.diagonal-standard-deviations", "linear-vae.reconstruction", "est.sample-mean", "est.linear-plug-in",
    "grad.estimator-variances", "grad.square-root-not-symmetric",
]  # fmt: skip


@pytest.mark.parametrize("id_", SAMPLED)
def test_samples_refute_a_wrong_variant_and_not_the_claim(id_: str) -> None:
    e = entry(id_)
    for c in e.claims() if e.holds else e.fixes():
        found = sample(prepare(c.relation), 1, clock.now() + 0.5, False, [])
        assert found is None or found.status != "refuted", c.meaning
    wrong = sample(prepare(e.variants()[0].relation), 1, clock.now() + 20.0, False, [])
    assert wrong is not None and wrong.status == "refuted" and wrong.evidence.samples > 0


@pytest.mark.parametrize("id_", RELATIONS)
def test_the_statement_is_read_to_the_meaning_that_is_encoded(id_: str) -> None:
    e = entry(id_)
    assert [c.meaning for c in e.claims() + ([] if isinstance(e.fix, str) else e.fixes())] == MEANINGS[id_]


@pytest.mark.parametrize("id_", [i for i in RELATIONS if entry(i).scheme == schemes.RELATION and entry(i).parts])
def test_parts_of_a_plain_statement_are_its_relations(id_: str) -> None:
    e = entry(id_)
    plain = Entry(e.id, e.title, e.statement, e.source, given=e.given, domains=e.domains, conditions=e.conditions)
    assert [c.meaning for c in plain.claims()] == [c.meaning for c in e.claims()]


def test_the_ids_and_what_holds_are_those_of_the_file() -> None:
    if not FILE.exists():
        pytest.skip("the file of claims is not here")
    wanted = {c["id"]: c["holds"] for c in tomllib.loads(FILE.read_text(encoding="utf-8"))["claim"]}
    assert set(IDS) <= set(wanted)
    assert all(entry(i).holds == wanted[i] for i in IDS)
    assert set(wanted) == {i for topic in TOPICS for i in topic.ids}


def test_the_table_in_the_documentation_is_true() -> None:
    """docs/catalogue.md has a row for each id of the topics: in the catalogue, or what is missing."""
    page = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| `")
    ]
    told = {row[0].strip("`"): row[1] for row in rows}
    assert set(told) == {i for topic in TOPICS for i in topic.ids}
    for i, verdict in told.items():
        if i in IDS:
            e = entry(i)
            assert verdict == ("agrees with torch" if e.exact else "proved" if e.holds else "refuted, fix proved"), i
        else:
            assert verdict == "not yet", i


def test_certificates_for_any_dimension_name_no_dimension() -> None:
    for id_ in ("kl.multivariate-gaussian", "linear-vae.elbo", "flow.coupling-log-determinant"):
        if id_ not in IDS:
            continue
        for c in entry(id_).claims():
            proof = c.prove(10.0)
            assert proof is not None and replay(proof.certificate).lhs == c.relation.lhs
            shapes = {tuple(row[2]) for row in proof.certificate["terms"] if row[2][0] == "matrix"}
            assert all(not isinstance(n, int) or n == 1 for shape in shapes for n in shape[1:]), shapes


def test_every_entry_says_where_it_is_from() -> None:
    for e in entries():
        assert e.title and e.statement and e.source.document and e.source.question
        assert len(e.source.document.split(", ")) == len(e.source.question.split(", "))
        assert e.holds or e.fix
        assert e.id.count(".") == 1 and not e.title.endswith(".")


def test_patterns() -> None:
    assert [e.id for e in matching(["latent.*"])] == ["latent.arithmetic"]
    assert len(matching()) == len(IDS)
    with pytest.raises(CatalogueError, match="no claim of the catalogue"):
        matching(["klm.*"])


def test_an_entry_that_is_not_read_says_so() -> None:
    bad = Entry("x.y", "t", r"\frac{1}{", Source("000", "Q0"))
    with pytest.raises(CatalogueError, match=r"x\.y"):
        bad.claims()
    unclear = Entry("x.z", "t", "no formula at all", Source("000", "Q0"))
    with pytest.raises(CatalogueError, match=r"x\.z"):
        unclear.claims()
