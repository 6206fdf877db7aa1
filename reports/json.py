"""The JSON contract as text: one object, UTF-8, every key always there."""

from __future__ import annotations

import json

from reports.record import Report


def write(report: Report) -> str:
    """One object.  Floats that JSON has no name for do not occur in a record, and raise ValueError if they do."""
    return json.dumps(report.as_json(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
