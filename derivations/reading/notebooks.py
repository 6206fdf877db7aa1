"""Jupyter notebooks as one text: the Markdown and raw cells, in order."""

from __future__ import annotations

import json
import warnings

# nbformat converts between its versions without looking first: any part may be missing or of another kind
UNCHECKED = (AssertionError, AttributeError, LookupError, NameError, TypeError, ValueError)


class NotANotebook(ValueError):
    """The text is not a notebook; the message says why, in one line."""


def cells(text: str) -> list[str]:
    """The source of every cell; a code cell is '' since it holds nothing to read."""
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = nbformat.reads(text, as_version=4)
        found = [(cell.get("cell_type", ""), cell.get("source", "")) for cell in notebook.cells]
    except RecursionError:
        raise NotANotebook("its JSON is nested too deep") from None
    except (json.JSONDecodeError, nbformat.reader.NotJSONError):
        raise NotANotebook("it is not JSON") from None
    except (nbformat.ValidationError, *UNCHECKED):
        raise NotANotebook("its cells do not follow the format") from None
    return [_joined(source) if kind in ("markdown", "raw", "heading") else "" for kind, source in found]


def _joined(source: object) -> str:
    if isinstance(source, list):
        return "".join(str(line) for line in source)
    return str(source)
