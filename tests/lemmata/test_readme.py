"""What the README shows is what the demo prints."""

import re
from pathlib import Path

import lemmata
from reports import terminal

ROOT = Path(__file__).parents[2]
EXAMPLE = "examples/generative-models.md"


def shown() -> list[str]:
    """The lines of the block in the README, without those that mark a cut."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(rf"```\n({re.escape(EXAMPLE)}\n.*?)```", readme, re.S)
    return [line for line in block.splitlines() if line.strip() not in ("", "...")]


def without_measurements(line: str) -> str:
    """The line without what a slow machine changes: the time, and how many worlds were tried in it."""
    return re.sub(r"\d+ worlds|to \d+ digits|  \d+\.\d s$", "", line)


def test_the_readme_shows_lines_of_the_real_output_in_their_order(monkeypatch):
    monkeypatch.chdir(ROOT)
    printed = iter(terminal.write(lemmata.check(EXAMPLE), width=100).splitlines())
    for line in shown():
        found = any(without_measurements(p) == without_measurements(line) for p in printed)
        assert found, f"not printed, or not there: {line!r}; `make readme` puts the real output there"


def test_the_readme_shows_a_refutation_and_the_counts():
    block = "\n".join(shown())
    assert "✗ refuted" in block and "left side" in block and re.search(r"\d+ relations: ", block)


def test_every_verdict_is_explained_in_the_readme():
    from reports.record import VERDICTS

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"`{v}`" in readme for v in VERDICTS)
