"""What must be believed stays small enough to be read in an afternoon; nothing of the search is in it."""

import ast
from pathlib import Path

import proofs
from proofs.rules import AXIOMS, RULES

ROOT = Path(proofs.__file__).parent
KERNEL = ROOT / "kernel.py"
CHECKER = [ROOT / f"{n}.py" for n in ("side_conditions", "signs", "definite", "knowledge", "intervals", "definedness")]
MOST_LINES = 1_693  # the aim is 1,500
TABLE = sorted((ROOT / "rules").glob("*.py"))


def lines_of_code(path):
    """Lines that are neither blank, nor a comment, nor in a docstring."""
    text = path.read_text(encoding="utf-8")
    told = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            told.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    lines = enumerate(text.splitlines(), 1)
    return sum(1 for i, line in lines if line.strip() and not line.strip().startswith("#") and i not in told)


def test_the_kernel_has_under_400_lines_with_all_its_words():
    assert len(KERNEL.read_text(encoding="utf-8").splitlines()) < 400


def test_kernel_rule_table_and_side_conditions_stay_small():
    """Lines of code; `docs/architecture.md` says how many there are."""
    assert sum(lines_of_code(p) for p in (KERNEL, *TABLE, *CHECKER)) < MOST_LINES


def test_nothing_that_must_be_believed_rests_on_the_search():
    for path in (KERNEL, *TABLE, *CHECKER):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("proofs.prover")), path


def test_the_theorems_in_use_are_few_and_each_says_what_it_is_and_where_it_is_from():
    assert len(AXIOMS) <= 40
    for name, axiom in AXIOMS.items():
        assert axiom.rules and set(axiom.rules) <= set(RULES), name
        assert len(axiom.statement) > 8 and len(axiom.source) > 8, name
    assert {r.kind for r in RULES.values()} == {"theorem", "definition", "calculation"}
