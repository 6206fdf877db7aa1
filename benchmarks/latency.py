"""Seconds from call to verdict of a small check, in a fresh process, after the imports; nothing compiled.

``processor_seconds`` is the part of it that the process ran: the rest is waiting for a core that others use.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

CASES = {
    "one_world": "[pair(k, 1) for k in range(1, 2)]",
    "eight_worlds": "[pair(k, 1) for k in range(1, 9)]",
    "one_world_wrong": "[pair(k, 2) for k in range(1, 2)]",
    "eight_worlds_wrong": "[pair(k, 2) for k in range(1, 9)]",
}
_CODE = """
import json, sys, time
import torch
from numerics.montecarlo import check_closed
import numerics.montecarlo.threads, numerics.montecarlo.fused
from proofs.terms import HALF, divide, kl, mul, normal, number
def pair(k, factor):
    v = number(k)
    return kl(normal(number(0), v), normal(number(1), v)), mul(number(factor), divide(HALF, v))
pairs = {pairs}
begun, used = time.perf_counter(), time.process_time()
verdict = check_closed(pairs, "=", seconds=5)
print(json.dumps([time.perf_counter() - begun, time.process_time() - used, verdict.status]))
"""


def run(quick: bool) -> dict[str, dict[str, object]]:
    """{check: figures}; one world is never support, so its verdict is 'undecided' where the claim is true."""
    found: dict[str, dict[str, object]] = {}
    for name, pairs in CASES.items():
        times, used, status = [], [], ""
        for _ in range(1 if quick else 5):
            out = subprocess.run(
                [sys.executable, "-c", _CODE.replace("{pairs}", pairs)], capture_output=True, text=True, check=True,
                cwd=Path(__file__).parent.parent,
            )  # fmt: skip
            seconds, processor, status = json.loads(out.stdout)
            times.append(seconds)
            used.append(processor)
        found[name] = {
            "seconds_to_first_verdict": statistics.median(times),
            "processor_seconds": statistics.median(used), "verdict": status,
        }  # fmt: skip
    return found
