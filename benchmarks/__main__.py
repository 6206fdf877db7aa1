"""``python -m benchmarks throughput [--quick] [--format text|json]``."""

from __future__ import annotations

import argparse
import json
import sys

from benchmarks import machine, throughput

BENCHMARKS = {"throughput": throughput.run}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("benchmark", choices=sorted(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="a few seconds instead of a minute")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    options = parser.parse_args(arguments)
    figures = BENCHMARKS[options.benchmark](options.quick)
    record = {"benchmark": options.benchmark, "quick": options.quick, "machine": machine.describe(), "figures": figures}
    print(json.dumps(record, indent=2) if options.format == "json" else text(record))
    return 0


def text(record: dict) -> str:
    """The record as a table, rates in millions of samples a second."""
    where = ", ".join(f"{k} {v}" for k, v in record["machine"].items() if v is not None)
    lines = [f"{record['benchmark']} on {where}"]
    for case, figures in record["figures"].items():
        lines.append(case)
        for name, value in figures.items():
            shown = f"{value / 1e6:.1f} M" if name.startswith("samples") or name.endswith("_second") else f"{value:.2f}"
            lines.append(f"  {name:40s} {shown:>12s}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
