"""`lemmata report`: pages of claims and documents from the command line, and what TeX makes of them."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from claim_reports import KINDS, record, unsettled
from typer.testing import CliRunner

from lemmata import claim_records, reporting
from lemmata.cli import app
from lemmata.pdflatex import TexError, compiled
from reports import latex
from reports.claim_record import booklet_record
from reports.pictures import picture_pdf

TEX = shutil.which("pdflatex")


def missing() -> str:
    """What of TeX is not here; '' where a report can be compiled."""
    if TEX is None:
        return "there is no pdflatex on this machine"
    for name in ("booktabs", "xcolor", "longtable", "hyperref"):
        if subprocess.run(["kpsewhich", f"{name}.sty"], capture_output=True).returncode:
            return f"the TeX on this machine has no {name}.sty"
    return ""


needs_tex = pytest.mark.skipif(bool(missing()), reason=missing() or "TeX is here")
QUICK = ["latent.arithmetic", "vit.token-count"]
WRONG = "Let $x>0$.\n\n$$\\log x^2 = 2\\log x$$\n\nand\n\n$$\\log(2x) = 2\\log x$$\n"
MOST_OVERFULL = 15.0  # points: half the width of a margin's eye would see


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def run(*arguments):
    return CliRunner().invoke(app, ["report", *map(str, arguments)])


def with_pictures(folder: Path, records) -> None:
    for r in records:
        drawn = picture_pdf(r["picture"])
        if drawn is not None:
            path = folder / latex.picture_path(r)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(drawn)


# -------------------------------------------------------------------------------------------------- the command


def test_claims_are_written_in_each_format_and_several_get_a_booklet(tmp_path):
    result = run(*QUICK, "--to", tmp_path / "out", "--format", "latex,html,md,json", "--jobs", 1)
    assert result.exit_code == 0, result.output
    names = {p.name for p in (tmp_path / "out").iterdir() if p.is_file()}
    assert names == {f"{i}.{kind}" for i in [*QUICK, "booklet"] for kind in ("tex", "html", "md", "json")}
    found = json.loads((tmp_path / "out" / "latent.arithmetic.json").read_text())
    assert found["verdict"] == "proved" and found["id"] == "latent.arithmetic"
    wanted = set(re.findall(r"\\includegraphics\[[^]]*\]\{([^}]*)\}", (tmp_path / "out" / "booklet.tex").read_text()))
    assert wanted and all((tmp_path / "out" / w).exists() for w in wanted)


def test_a_record_is_kept_and_given_back_until_the_code_changes(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(claim_records, "record_of", lambda i, seed: asked.append(i) or record("vit.token-count"))
    for _ in range(2):
        claim_records.records(["vit.token-count"], seed=0, jobs=0)
    assert asked == ["vit.token-count"]
    claim_records.records(["vit.token-count"], seed=0, jobs=0, fresh=True)
    monkeypatch.setattr(claim_records, "_code", lambda: "other")
    claim_records.records(["vit.token-count"], seed=0, jobs=0)
    assert len(asked) == 3


def test_a_document_is_written_beside_its_source_and_not_over_it(tmp_path):
    notes = tmp_path / "notes.md"
    notes.write_text(WRONG)
    result = run(notes, "--to", tmp_path, "--format", "md,html,json,latex", "--jobs", 1)
    assert result.exit_code == 1  # something in it is refuted
    assert notes.read_text() == WRONG
    assert {p.name for p in tmp_path.iterdir() if p.is_file()} == {
        "notes.md", "notes.report.md", "notes.report.html", "notes.report.json", "notes.report.tex"
    }  # fmt: skip
    found = json.loads((tmp_path / "notes.report.json").read_text())
    verdicts = {r["written"][2]: r["verdict"] for r in found["relations"] if r["place"][0] in "37"}
    assert list(verdicts.values()) == ["refuted"] or set(verdicts.values()) == {"proved", "refuted"}
    assert found["relations"][-1]["witness"]
    assert any(r["links"] for r in found["relations"])
    again = run(tmp_path / "notes.report.md", "--to", tmp_path, "--format", "md", "--jobs", 1)
    assert again.exit_code == 2 and "written over" in again.output


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["vit.token-count"], "--to DIR"),
        (["klm.*", "--to", "out"], "no claim of the catalogue"),
        (["vit.token-count", "--to", "out", "--format", "docx"], "'docx' is not a format of reports"),
        (["missing.md", "--to", "out"], "there is no such file"),
    ],
)
def test_bad_usage_says_what_and_exits_with_two(tmp_path, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2 and told in result.output and "Traceback" not in result.output


def test_without_tex_a_pdf_is_refused_in_a_clear_line_before_anything_is_done(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(reporting, "records", lambda *a, **k: pytest.fail("nothing should be settled"))
    result = run("vit.token-count", "--to", tmp_path / "out", "--format", "latex,pdf")
    assert result.exit_code == 2 and "there is no pdflatex on this machine" in result.output
    assert not (tmp_path / "out").exists()


def test_a_claim_that_does_not_end_as_it_should_exits_with_one_and_a_fault_with_three(tmp_path, monkeypatch):
    wrong = {**record("vit.token-count"), "as_asked": False}
    for found, status in ((wrong, 1), ({**wrong, "fault": "samples contradict the proof"}, 3)):
        monkeypatch.setattr(reporting, "records", lambda *a, found=found, **k: [found])
        result = run("vit.token-count", "--to", tmp_path, "--format", "json")
        assert result.exit_code == status and "vit.token-count" in result.output


def test_samples_that_contradict_a_proof_are_a_fault(monkeypatch):
    """Should the picture of a proved relation ever refute it, the record says so, loudly."""
    from dataclasses import replace

    from numerics import convergence

    honest = convergence.converge

    def lying(*arguments, **more):
        found = honest(*arguments, **more)
        return replace(found, courses=(replace(found.courses[0], status="refuted"), *found.courses[1:]))

    monkeypatch.setattr(convergence, "converge", lying)
    found = claim_records.record_of("kl.to-standard-normal", 0)
    assert "contradict" in found["fault"] and not found["as_asked"]


def test_check_writes_latex_too(tmp_path):
    notes = tmp_path / "notes.md"
    notes.write_text(WRONG)
    result = CliRunner().invoke(app, ["check", str(notes), "--format", "latex", "--jobs", "1"])
    assert result.exit_code == 1 and result.stdout.startswith(r"\documentclass")
    assert r"\lemverdict{proved}" in result.stdout and r"\lemverdict{refuted}" in result.stdout


# -------------------------------------------------------------------------------------------------- TeX


def test_only_packages_of_every_tex_live_are_asked_for():
    preamble = latex.write(record("vit.token-count")).split(r"\begin{document}")[0]
    asked = {p for group in re.findall(r"\\usepackage(?:\[[^]]*\])?\{([^}]*)\}", preamble) for p in group.split(",")}
    assert asked <= {
        "inputenc", "fontenc", "lmodern", "amsmath", "amssymb", "geometry", "booktabs", "longtable", "graphicx",
        "xcolor", "hyperref", "bookmark",
    }  # fmt: skip


@needs_tex
def test_the_booklet_compiles_and_its_lines_fit(tmp_path):
    """Every claim of the catalogue with its relations; of each kind one with its proof, its witness and its picture."""
    real = [record(i) for i in KINDS]
    known = {r["id"]: r for r in real}
    with_pictures(tmp_path, real)
    (tmp_path / "booklet.tex").write_text(latex.write(booklet_record([known.get(r["id"], r) for r in unsettled()])))
    command = [TEX, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "booklet.tex"]
    done = subprocess.run(command, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
    log = (tmp_path / "booklet.log").read_text(errors="replace")
    assert done.returncode == 0, [line for line in log.splitlines() if line.startswith(("!", "l."))][:4]
    overfull = [float(w) for w in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide\)", log)]
    assert max(overfull, default=0.0) <= MOST_OVERFULL, sorted(overfull)[-3:]
    assert "Missing character" not in log and "undefined on input" not in log.replace("Reference", "")
    contents = (tmp_path / "booklet.toc").read_text()
    assert contents.count(r"{subsection}") == len(unsettled())


@needs_tex
def test_hostile_text_compiles_and_is_printed(tmp_path):
    signs = "".join(map(chr, [*range(32, 127), *range(0xA1, 0x180), 0x3C3, 0x2207, 0x1D465, 0x4E2D, 0x1F600, 0x202E]))
    hostile = signs + r" \input{/etc/hostname} $\write18{x}$ {{{ }}} \end{document} ^^5cinput % #1 & ~ <script>"
    found = json.loads(json.dumps(record("vit.token-count")))
    found |= {"title": hostile, "note": hostile, "fault": hostile, "given": [[{"math": hostile}, {"text": hostile}]]}
    found["picture"] |= {"kind": "none", "caption": hostile}
    (tmp_path / "x.tex").write_text(latex.write(found), encoding="utf-8")
    pdf = compiled(tmp_path, "x")
    assert pdf.startswith(b"%PDF") and [p.name for p in tmp_path.iterdir()] == ["x.tex"]
    if shutil.which("pdftotext"):
        shown = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, timeout=600).stdout.decode()
        flat = re.sub(r"\s+", "", shown)
        assert r"\input{/etc/hostname}" in flat and r"\end{document}" in flat and "<script>" in flat


@needs_tex
def test_the_pdf_of_a_claim_has_its_picture(tmp_path):
    result = run("vit.token-count", "--to", tmp_path, "--format", "pdf", "--jobs", 1)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "vit.token-count.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "pictures" / "vit.token-count.pdf").exists()


@needs_tex
def test_what_tex_refuses_is_said_with_its_first_error(tmp_path):
    (tmp_path / "x.tex").write_text(r"\documentclass{article}\begin{document}\nonsense\end{document}")
    with pytest.raises(TexError, match="Undefined control sequence"):
        compiled(tmp_path, "x")
