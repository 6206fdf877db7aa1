"""Text in LaTeX stays text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.latex import _put, label
from reports.tex_text import Tex, code, escape

# what an escaped text may consist of: letters, the commands that show signs, and mathematics of our own tables
SAFE = re.compile(
    r"(?:[^\\{}$&#%_^~<>|\"'`]|\\[{}$&#%_]|\\text[a-z]+\{\}|-\{\}|\\ensuremath\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|``|''|`|'|~|\\,"
    r"|\{\\small\[U\+[0-9A-F]+\]\}|\\allowbreak\{\})*"
)


@pytest.mark.parametrize(
    "hostile", [r"\input{x}", "$x$", "100%", "a_b^c", "#1", "~", "{", "}", "\\", "^^41", "<script>", "`ls`", "a & b"]
)
def test_nothing_in_it_is_a_command(hostile):
    shown = escape(hostile)
    assert SAFE.fullmatch(shown) and "\\input" not in shown and "$" not in shown.replace("\\$", "")


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_written_comes_out_harmless(text):
    assert SAFE.fullmatch(escape(text)) and SAFE.fullmatch(code(text)[len(r"\texttt{") : -1])


@pytest.mark.parametrize(
    "written, shown",
    [("σ", r"\ensuremath{\sigma}"), ("é", "é"), ("a-b", "a-{}b"), ("中", r"{\small[U+4E2D]}"),
     ("\u202e", r"{\small[U+FFFD]}"),
     ("ﬁ", "fi"), ("𝐱", "x"), ("–", "--"), ("a\n b", "a  b")],
)  # fmt: skip
def test_signs_that_tex_has_not_are_still_shown(written, shown):
    assert escape(written) == shown


def test_a_template_escapes_what_is_not_made_by_us():
    assert _put("50%") == r"50\%" and _put(Tex(r"\alpha")) == r"\alpha" and _put(3) == "3"
    with pytest.raises(TypeError):
        _put(None)


def test_a_label_is_letters_digits_dots_and_hyphens():
    assert re.fullmatch(r"[A-Za-z0-9.\-]*", label(r"../../\input{x} é$"))
