"""Labelled documents: what share of their relations is read and settled, what is judged wrongly, how long it takes.

Each document is checked by the command in a process of its own, from a cold start, as its author would run it.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.labels import LabelledDocument, NotLabelled, labelled_documents, matched, outcome

HERE = Path(__file__).resolve().parent.parent
USUAL = HERE.parent / "shared" / "wild"  # where a labelled set lies beside a checkout
TRIED = ("proved", "supported", "refuted", "undecided", "vacuous")
COMMAND = "from lemmata.cli import main; main()"
QUICK_SECONDS = 2.0
MANY = 40  # relations, as a document of a few pages has them: longer ones count by this many
BETWEEN_LOOKS = 0.05

Figures = dict[str, object]


def run(quick: bool, paths: Sequence[str | Path] = ()) -> dict[str, Figures]:
    """{folder: figures} of each labelled document in the paths (default: those beside the checkout), and 'all'.

    Raises NotLabelled where there is none.
    """
    if not paths and not USUAL.is_dir():
        raise NotLabelled("name the folders of labelled documents; there are none beside this checkout")
    found: dict[str, Figures] = {}
    tallies = []
    for document in labelled_documents([Path(p) for p in paths] or [USUAL]):
        tally = Tally(document, *checked(document.document, quick))
        name = document.name
        while name in found:
            name += "'"
        found[name] = tally.figures()
        tallies.append(tally)
    return found | {"all": together(tallies)}


class Tally:
    """What was found in one document, held against its labels."""

    def __init__(self, document: LabelledDocument, report: Mapping[str, Any], seconds: float, used: Processes):
        self.relations = [r for file in report["files"] for r in file["relations"]]
        self.faults, self.seconds, self.memory = len(report["faults"]), seconds, used.largest
        self.processor_seconds = used.processor_seconds
        self.times = sorted(r["seconds"] for r in self.relations if r["verdict"] in TRIED)
        about = matched(document.labels, self.relations)
        self.count: Counter[str] = Counter()
        for i, label in enumerate(document.labels):
            kind = label["label"] if label["label"] in ("true", "false") else "no claim"
            verdict = about[i]["verdict"] if i in about else "missing"
            self.count[kind] += 1
            self.count[kind, outcome(label["label"], verdict)] += 1
            self.count[kind, "read"] += verdict not in ("unread", "missing")
            self.count[kind, "proved"] += verdict == "proved"

    def figures(self) -> Figures:
        return (
            shares(self.count)
            | {"relations_found": len(self.relations), "faults": self.faults}
            | times(self.times)
            | {
                "seconds": self.seconds,
                "processor_seconds": self.processor_seconds,
                "peak_memory_mb_of_a_process": megabytes(self.memory),
            }
        )


def together(tallies: Sequence[Tally]) -> Figures:
    """The figures of all documents: sums and shares, and the worst document in time and memory."""
    memories = [t.memory for t in tallies if t.memory is not None]
    longest = max((t.seconds * MANY / max(MANY, len(t.relations)) for t in tallies), default=None)
    return (
        shares(sum((t.count for t in tallies), Counter()))
        | {
            "relations_found": sum(len(t.relations) for t in tallies),
            "faults": sum(t.faults for t in tallies),
        }
        | times(sorted(s for t in tallies for s in t.times))
        | {
            "seconds": sum(t.seconds for t in tallies),
            "processor_seconds": sum(t.processor_seconds for t in tallies),
            "seconds_of_slowest_document": max((t.seconds for t in tallies), default=None),
            f"seconds_of_slowest_by_{MANY}_relations": longest,
            "peak_memory_mb_of_a_process": megabytes(max(memories, default=None)),
        }
    )


def shares(count: Counter) -> Figures:
    """What was read, settled and judged wrongly; settled is held or refuted as the label says."""
    true, false = count["true"], count["false"]
    return {
        "true": true,
        "false": false,
        "no_claims": count["no claim"],
        "share_read": share(count["true", "read"] + count["false", "read"], true + false),
        "share_of_true_settled": share(count["true", "right"], true),
        "share_of_true_proved": share(count["true", "proved"], true),
        "share_of_false_refuted": share(count["false", "right"], false),
        "wrongly_accused": count["true", "accused"],
        "wrongly_accepted": count["false", "accepted"],
        "accused_no_claims": count["no claim", "accused non-claim"],
    }


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def times(ordered: Sequence[float]) -> Figures:
    """Seconds that a relation took, all of its readings, its proof and its worlds together."""
    return {
        "relations_tried": len(ordered),
        "seconds_per_relation_median": quantile(ordered, 0.5),
        "seconds_per_relation_p95": quantile(ordered, 0.95),
        "seconds_per_relation_most": ordered[-1] if ordered else None,
    }


def quantile(ordered: Sequence[float], level: float) -> float | None:
    """The least value that at least this share of the values does not exceed."""
    return ordered[max(math.ceil(level * len(ordered)), 1) - 1] if ordered else None


def megabytes(size: int | None) -> float | None:
    return None if size is None else round(size / 2**20, 1)


# ------------------------------------------------------------------------------------------------ one document


def checked(document: Path, quick: bool) -> tuple[dict[str, Any], float, Processes]:
    """The report on a document, the seconds from start to end, and what its processes used."""
    command = [sys.executable, "-c", COMMAND, "check", str(document.resolve()), "--format", "json"]
    command += ["--seconds", f"{QUICK_SECONDS:g}"] if quick else []
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=HERE, start_new_session=True
    )
    processes = Processes(process.pid)
    with processes:
        out, _ = process.communicate()
    seconds = time.perf_counter() - started
    if process.returncode not in (0, 1, 3):
        raise RuntimeError(f"{document}: the command ended with status {process.returncode}")
    return json.loads(out), seconds, processes


class Processes(threading.Thread):
    """Looks at the processes of a session while it runs.

    ``largest`` is the largest resident set that one of them had, in bytes, None where /proc does not tell;
    ``processor_seconds`` what all of them used of the processor, whatever else ran beside them.
    """

    def __init__(self, session: int):
        super().__init__(daemon=True)
        self.session, self._ended = session, threading.Event()
        self.largest: int | None = None
        self._ticks: dict[str, int] = {}

    @property
    def processor_seconds(self) -> float:
        return sum(self._ticks.values()) / os.sysconf("SC_CLK_TCK") if self._ticks else 0.0

    def __enter__(self) -> Processes:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        while not self._ended.wait(BETWEEN_LOOKS):
            for process in Path("/proc").glob("[0-9]*"):
                self._look(process)

    def _look(self, process: Path) -> None:
        try:
            # pid (name) state parent group session .. user system .., where the name may hold anything
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) != self.session:
                return
            line = next(x for x in (process / "status").read_text().splitlines() if x.startswith("VmHWM:"))
        except (OSError, StopIteration, ValueError, IndexError):
            return  # it has ended
        self._ticks[process.name] = int(fields[11]) + int(fields[12])
        self.largest = max(self.largest or 0, int(line.split()[1]) * 1024)
