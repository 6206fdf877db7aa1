"""`lemmata verify` and `lemmata list`, from Python and from the command line."""

import json

import pytest
from typer.testing import CliRunner

from lemmata import verify as verification
from lemmata.cli import app
from lemmata.verify import Settled, Verification, settle, verify
from lemmata.workers import Failure

QUICK = ["latent.*", "kl.argument-order", "vit.token-count"]
KEYS = "id holds verdict reason axioms assumed witness evidence fix fix_verdict seconds".split()


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_json_has_the_keys_of_the_contract_and_the_status_is_zero():
    result = run("verify", *QUICK, "--format", "json", "--jobs", 1)
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["schema"] == "lemmata/1"
    assert all(list(c) == KEYS for c in found["claims"])
    told = {c["id"]: c for c in found["claims"]}
    assert told["latent.arithmetic"]["verdict"] == "proved"
    false = told["kl.argument-order"]
    assert (false["verdict"], false["fix_verdict"]) == ("refuted", "proved")
    assert set(false["witness"]) == {"values", "lhs", "rhs"} and false["witness"]["lhs"] != false["witness"]["rhs"]
    assert told["vit.token-count"]["verdict"] == "supported" and told["vit.token-count"]["evidence"]["worlds"] > 0


def test_verdicts_are_kept_and_given_back_and_fresh_settles_them_again():
    first = verify(["latent.*"], jobs=0)
    again = verify(["latent.*"], jobs=0)
    assert (first.kept, again.kept) == (0, 1)
    assert again.claims[0].as_json() == {**first.claims[0].as_json()}
    assert verify(["latent.*"], jobs=0, fresh=True).kept == 0
    assert verify(["latent.*"], jobs=0, seed=1).kept == 0


def test_another_code_settles_again(monkeypatch):
    verify(["latent.*"], jobs=0)
    monkeypatch.setattr(verification, "code_hash", lambda: "other")
    assert verify(["latent.*"], jobs=0).kept == 0


def test_a_spoilt_cache_is_no_verdict(tmp_path):
    verify(["latent.*"], jobs=0)
    for text in ("", "{}", "[1]", '{"code": 3}'):
        for place in (tmp_path / "lemmata" / "verify").iterdir():
            place.write_text(text)
        assert verify(["latent.*"], jobs=0).kept == 0


def test_what_does_not_end_as_it_should_exits_with_one_and_a_fault_with_three():
    good = settle("latent.arithmetic", 0)
    assert Verification((good,)).exit_status() == 0
    cases = [
        Settled("a.b", True, "supported", ""),  # supported is enough for counts only
        Settled("a.b", True, "refuted", ""),
        Settled("a.b", False, "undecided", "", fix="x", fix_verdict="proved"),
        Settled("a.b", False, "refuted", "", fix="x", fix_verdict="proved"),  # without a witness
        Settled("a.b", False, "refuted", "", witness={"values": {}}, fix="x", fix_verdict="supported"),
    ]
    for bad in cases:
        assert Verification((good, bad)).exit_status() == 1
    assert Verification((Settled("a.b", True, "proved", "", fault="broken"),)).exit_status() == 3
    assert Verification((Settled("a.b", True, "supported", "", exact=True),)).exit_status() == 0


def test_a_claim_that_takes_too_long_is_undecided_and_the_others_are_settled(monkeypatch):
    slow = verification._unsettled("latent.arithmetic", Failure("took longer than 60 s"), 60.0)
    assert slow.verdict == "undecided" and "took longer" in slow.reason and not slow.as_asked and slow.fault is None


def test_an_unknown_claim_and_format_are_bad_usage():
    for arguments in (("verify", "klm.*"), ("list", "klm.*"), ("verify", "--format", "xml")):
        result = run(*arguments)
        assert result.exit_code == 2 and result.stdout == ""


def test_the_table_names_each_claim_and_counts_them():
    result = run("verify", *QUICK, "--jobs", 1)
    assert result.exit_code == 0 and "3 of 3 claims end as they should" in result.stdout
    assert "fix proved" in result.stdout


def test_the_list_has_the_keys_of_the_contract():
    rows = json.loads(run("list", "gan.*", "--format", "json").stdout)
    assert all(list(r) == ["id", "title", "statement", "sources", "holds"] for r in rows)
    assert all(r["sources"] and set(r["sources"][0]) == {"document", "question"} for r in rows)
    assert len(run("list").stdout.splitlines()) >= len(rows)


def test_the_axioms_have_a_statement_a_source_and_the_number_of_claims():
    rows = json.loads(run("list", "kl.maximum-likelihood", "--axioms", "--format", "json").stdout)
    assert rows and all(r["claims"] == 1 and r["statement"] and r["source"] for r in rows)
