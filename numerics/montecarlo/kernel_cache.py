"""Where compiled kernels are kept: a directory that only this user can write, for its contents are run.

``LEMMATA_CACHE`` (or ``XDG_CACHE_HOME``, or ``~/.cache``) names the place.  A directory that belongs to someone else,
or that others may write, is not used: then kernels are kept for this process alone.  Beside the compiler's own files
stand records of what each kernel cost and how fast it ran, from which the engine chooses.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Record:
    """Seconds to compile from nothing, seconds to load from disk, samples a second."""

    cold: float
    warm: float
    rate: float


@cache
def directory() -> Path:
    """The private directory of compiled kernels, made at first use."""
    base = os.environ.get("LEMMATA_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    wanted = Path(base) / "lemmata" / "kernels"
    try:
        wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
        if safe(wanted):
            return wanted
    except (OSError, RuntimeError):
        pass
    return Path(tempfile.mkdtemp(prefix="lemmata-kernels-"))


def claim_compiler_cache() -> None:
    """Let torch's compiler keep its files here, unless the user named a place of their own.

    torch names its default, below the shared temporary directory, in the same variable when it first looks there.
    """
    named = os.environ.get("TORCHINDUCTOR_CACHE_DIR")
    if named is None or Path(named).name.startswith("torchinductor_"):
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(directory())


def safe(path: Path) -> bool:
    """Whether this user alone can change what lies there: owner and mode of the directory, which is no link."""
    found = path.lstat()
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return stat.S_ISDIR(found.st_mode) and mine and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def name(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]


def read(kernel: str) -> Record | None:
    try:
        found = json.loads((directory() / f"{kernel}.json").read_text())
        return Record(float(found["cold"]), float(found["warm"]), float(found["rate"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(kernel: str, record: Record) -> None:
    """Replaced as a whole, so that a reader never sees half of it; a disk that is full is no reason to fail."""
    target = directory() / f"{kernel}.json"
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".part")
        with os.fdopen(handle, "w") as file:
            json.dump(asdict(record), file)
        os.replace(temporary, target)
    except OSError:
        pass
