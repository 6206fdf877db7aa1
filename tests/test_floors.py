"""The house rules that can be read off the source: arrows between floors run one way, and nothing evaluates text."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("proofs", "numerics", "derivations", "reports", "lemmata")
FILES = sorted(f for floor in FLOORS for f in (ROOT / floor).rglob("*.py"))

# The kernel, its rules and its certificates are what has to be believed: they rest neither on SymPy nor on the search.
BELIEVED = ("proofs/kernel", "proofs/rules", "proofs/certificate", "proofs/terms", "proofs/records")
SEARCHING = ("proofs.prover", "proofs.language")

# Functions that run text as code: by bare name, or as an attribute of anything.
EVALUATORS = {"eval", "exec", "compile", "sympify", "parse_expr", "parse_latex", "lambdify", "__import__"}
EVALUATING_METHODS = {"sympify", "parse_expr", "parse_latex", "lambdify", "literal_eval", "system", "popen"}


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> list[tuple[int, str]]:
    """Every module that a file imports anywhere in it, also inside functions, with its line."""
    found = []
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            found.append((node.lineno, ".".join((*base, *([node.module] if node.module else [])))))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_from_its_own_floor_and_those_below(path: Path) -> None:
    floor = FLOORS.index(path.relative_to(ROOT).parts[0])
    above = set(FLOORS[floor + 1 :]) | {"tests"}
    wrong = [f"line {line}: {module}" for line, module in imports(path) if module.split(".")[0] in above]
    assert not wrong, f"{path.relative_to(ROOT)} imports from a floor above it: {wrong}"


def test_the_arrow_test_sees_imports_inside_functions_and_relative_ones(tmp_path: Path, monkeypatch) -> None:
    room = tmp_path / "proofs" / "room.py"
    room.parent.mkdir()
    room.write_text("def f():\n    from lemmata import check\n    from . import terms\n    import numerics.exact\n")
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    assert imports(room) == [(2, "lemmata"), (3, "proofs"), (4, "numerics.exact")]


@pytest.mark.parametrize(
    "path", [p for p in FILES if str(p.relative_to(ROOT)).startswith(BELIEVED)], ids=lambda p: str(p.relative_to(ROOT))
)
def test_what_must_be_believed_rests_on_the_standard_library_and_plain_terms(path: Path) -> None:
    wrong = [
        f"line {line}: {module}"
        for line, module in imports(path)
        if module.split(".")[0] not in sys.stdlib_module_names | {"proofs"} or module.startswith(SEARCHING)
    ]
    assert not wrong, f"{path.relative_to(ROOT)} rests on {wrong}"


def evaluations(tree: ast.Module) -> list[int]:
    """Lines on which text could be run as code."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            f = node.func
            bare = isinstance(f, ast.Name) and f.id in EVALUATORS
            method = isinstance(f, ast.Attribute) and f.attr in EVALUATING_METHODS
            shell = any(k.arg == "shell" and not (isinstance(k.value, ast.Constant) and not k.value.value)
                        for k in node.keywords)  # fmt: skip
            if bare or method or shell:
                found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_text_is_ever_run_as_code(path: Path) -> None:
    assert not evaluations(parsed(path)), f"{path.relative_to(ROOT)} runs text as code"


@pytest.mark.parametrize(
    "source", ["eval(s)", "sympy.sympify(s)", "exec(s)", "subprocess.run(c, shell=True)", "os.system(c)"]
)
def test_the_evaluation_test_sees_them(source: str) -> None:
    assert evaluations(ast.parse(source)) == [1]


@pytest.mark.parametrize("source", ["re.compile(s)", "subprocess.run(c)", "torch.compile(f)", "x.eval(s)"])
def test_the_evaluation_test_leaves_others_alone(source: str) -> None:
    assert evaluations(ast.parse(source)) == []
