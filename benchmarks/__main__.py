"""``python -m benchmarks NAME [--quick] [--format text|json]``.

NAME is throughput (with ``--case NAME``), decision, false-alarms, latency, or documents (with ``PATH...``: folders of
labelled documents).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable

from benchmarks import decision, documents, false_alarms, latency, machine, throughput
from benchmarks.cases import CASES
from benchmarks.labels import NotLabelled

BENCHMARKS: dict[str, Callable[..., dict]] = {
    "throughput": throughput.run,
    "decision": decision.run,
    "false-alarms": false_alarms.run,
    "latency": latency.run,
    "documents": documents.run,
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("benchmark", choices=sorted(BENCHMARKS))
    parser.add_argument("path", nargs="*", help="of documents alone: folders with document.* and labels.json")
    parser.add_argument("--quick", action="store_true", help="fewer samples and repeats, less time for a relation")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--case", action="append", choices=sorted(CASES), help="this case of throughput alone; again for more"
    )
    options = parser.parse_args(arguments)
    if options.case and options.benchmark != "throughput":
        parser.error("only throughput has cases to choose from")
    if options.path and options.benchmark != "documents":
        parser.error(f"{options.benchmark} takes no paths; only documents does")
    before = machine.load()
    more = {"cases": options.case} if options.case else {"paths": options.path} if options.path else {}
    try:
        figures = BENCHMARKS[options.benchmark](options.quick, **more)
    except NotLabelled as error:
        parser.error(str(error))
    where = machine.describe() | {"load_before": before, "load_after": machine.load()}
    record = {"benchmark": options.benchmark, "quick": options.quick, "machine": where, "figures": figures}
    print(json.dumps(record, indent=2) if options.format == "json" else text(record))
    return 0


def text(record: dict) -> str:
    """The record as a table, rates in millions of samples a second."""
    where = ", ".join(f"{k} {v}" for k, v in record["machine"].items() if v is not None)
    lines = [f"{record['benchmark']} on {where}"]
    for case, figures in record["figures"].items():
        lines.append(case)
        lines += [f"  {name:48s} {_shown(name, value):>16s}" for name, value in figures.items()]
    return "\n".join(lines)


def _shown(name: str, value: object) -> str:
    if not isinstance(value, float):
        return "-" if value is None else str(value)
    return f"{value / 1e6:.1f} M" if name.endswith("_per_second") else f"{value:.4g}"


if __name__ == "__main__":
    sys.exit(main())
