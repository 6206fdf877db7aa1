"""Another package with one of our everyday names is noticed before anything of it runs."""

import subprocess
import sys

import pytest

from lemmata.house import FLOORS, InTheWay, check_floors


def test_our_own_floors_pass():
    check_floors()


def test_a_missing_floor_is_named(tmp_path):
    with pytest.raises(InTheWay, match="proofs"):
        check_floors(tmp_path)


@pytest.mark.parametrize("name", FLOORS)
@pytest.mark.parametrize("kind", ["module", "package"])
def test_the_command_says_which_folder_is_in_the_way(tmp_path, name, kind):
    if kind == "module":
        place = tmp_path / f"{name}.py"
        place.write_text("raise SystemExit('a stranger was imported')\n")
    else:
        place = tmp_path / name
        place.mkdir()
        (place / "__init__.py").write_text("raise SystemExit('a stranger was imported')\n")
    run = subprocess.run(
        [sys.executable, "-c", "from lemmata.cli import main; main()", "--help"],
        capture_output=True, text=True, timeout=600, cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 2 and run.stdout == ""
    assert str(place) in run.stderr and "Rename" in run.stderr and "Traceback" not in run.stderr


def test_python_users_are_told_as_well(tmp_path):
    (tmp_path / "reports.py").write_text("")
    run = subprocess.run(
        [sys.executable, "-c", "import lemmata; lemmata.check('x.md')"],
        capture_output=True, text=True, timeout=600, cwd=tmp_path,
    )  # fmt: skip
    assert "InTheWay" in run.stderr and str(tmp_path / "reports.py") in run.stderr
