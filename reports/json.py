"""The JSON contract as text: one object, UTF-8, every key always there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reports.record import Report


def write(report: Report) -> str:
    """One object.  Floats that JSON has no name for do not occur in a record, and raise ValueError if they do."""
    return json.dumps(report.as_json(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def write_record(record: Mapping[str, Any]) -> str:
    """The record of a claim, a document or a booklet (see `reports.pages`), as it is."""
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
