"""Are `proofs`, `numerics`, `derivations` and `reports` our own?

The floors are import packages with everyday names, so a folder of the same name on the user's path could be taken
for one of them.  `check_floors` looks before anything is imported, and says which folder is in the way.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

FLOORS = ("proofs", "numerics", "derivations", "reports")
HOME = Path(__file__).resolve().parent.parent


class InTheWay(ImportError):
    """Another package has the name of one of ours.  The message says where it is and what to do."""


def check_floors(home: Path = HOME) -> None:
    """Raise InTheWay unless each floor is the folder beside this package; imports nothing."""
    for name in FLOORS:
        found = _place(name)
        own = home / name
        if found is None:
            raise InTheWay(f"Lemmata is not installed whole: its package '{name}' is missing. Install lemmata again.")
        if found != own:
            raise InTheWay(
                f"{found} is in the way: Python takes it for Lemmata's own package '{name}', which is {own}. "
                f"Rename that folder or file, take it off PYTHONPATH, or run lemmata from another folder."
            )


def _place(name: str) -> Path | None:
    """The folder (or file) that `import name` gives, or None."""
    loaded = sys.modules.get(name)
    spec = getattr(loaded, "__spec__", None) if loaded is not None else importlib.util.find_spec(name)
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))).resolve()
    return Path(spec.origin).resolve() if spec.origin else None
