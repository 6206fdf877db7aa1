"""Text from a document, made safe to show: no control characters, no direction overrides."""

from __future__ import annotations

import unicodedata


def visible(text: str) -> str:
    """The text with every control, format or surrogate character shown as U+FFFD; newlines and tabs stay.

    A terminal obeys escape sequences, and a page reorders text at direction overrides; a document may contain both.
    """
    return "".join(c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs") else "\ufffd" for c in text)


def one_line(text: str) -> str:
    """Visible, with every run of white space made one blank."""
    return visible(" ".join(text.split()))


def shortened(text: str, limit: int) -> str:
    """At most ``limit`` characters: the beginning and the end, with an ellipsis between."""
    if len(text) <= limit:
        return text
    head = (limit - 3) * 2 // 3
    return f"{text[:head].rstrip()} … {text[len(text) - (limit - 3 - head) :].lstrip()}"
