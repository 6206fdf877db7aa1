"""Text in LaTeX: every sign of it stays text."""

from __future__ import annotations

import re
import unicodedata

from proofs.printing.names import GREEK
from reports.plaintext import visible

SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "'": r"\textquotesingle{}", "`": r"\textasciigrave{}", "-": "-{}",
}  # fmt: skip
# signs of mathematics, by the commands that pdfTeX knows
_MATHEMATICS = {
    "·": r"\cdot", "⋅": r"\cdot", "×": r"\times", "÷": r"\div", "±": r"\pm", "−": "-", "≤": r"\le", "≥": r"\ge",
    "≠": r"\ne", "≈": r"\approx", "∼": r"\sim", "∝": r"\propto", "≡": r"\equiv", "→": r"\to", "←": r"\leftarrow",
    "↔": r"\leftrightarrow", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow", "↦": r"\mapsto", "∞": r"\infty",
    "∂": r"\partial", "∇": r"\nabla", "∫": r"\int", "∑": r"\sum", "Σ": r"\Sigma", "∏": r"\prod", "Π": r"\Pi",
    "∈": r"\in", "∉": r"\notin", "⊂": r"\subset", "⊆": r"\subseteq", "∪": r"\cup", "∩": r"\cap", "∅": r"\emptyset",
    "∀": r"\forall", "∃": r"\exists", "¬": r"\lnot", "∧": r"\land", "∨": r"\lor", "⊙": r"\odot", "⊗": r"\otimes",
    "⊕": r"\oplus", "⊤": r"\top", "⊥": r"\bot", "√": r"\surd", "…": r"\ldots", "⋯": r"\cdots", "′": r"'", "‖": r"\|",
    "∣": r"\mid", "⟨": r"\langle", "⟩": r"\rangle", "⌊": r"\lfloor", "⌋": r"\rfloor", "ℝ": r"\mathbb{R}",
    "ℕ": r"\mathbb{N}", "ℤ": r"\mathbb{Z}", "ℙ": r"\mathbb{P}", "ℓ": r"\ell", "∘": r"\circ",
    "²": "^{2}", "³": "^{3}", "⁻": "^{-}", "¹": "^{1}", "✓": r"\surd",
}  # fmt: skip
_SAME = {"α": "alpha"}  # Greek letters without a command of their own look like Latin ones
_LATIN = {"ο": "o", "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N", "Ο": "O",
          "Ρ": "P", "Τ": "T", "Χ": "X"}  # fmt: skip
TEXT_OF: dict[str, str] = {
    **{sign: "\\" + name for name, sign in GREEK.items()}, **_LATIN, **_MATHEMATICS,
    **{chr(0x2080 + i): f"_{{{i}}}" for i in range(10)},
}  # fmt: skip
del _SAME
# what the T1 fonts have, and inputenc knows: Latin letters with their accents
T1 = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿĂăĄąĆćČčĎďĐđĘęĚěĞğĹĺĽľŁłŃńŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŹź"
    "ŻżŽž§¶©"
)
PUNCTUATION = {
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "„": ",,", "\u00a0": "~", "\u202f": r"\,",
    "•": r"\textbullet{}", "°": r"\textdegree{}", "€": r"\texteuro{}",
}  # fmt: skip


class Tex(str):
    """LaTeX that may go into a page as it is: made here, or by our own printers."""

    __slots__ = ()


def escape(text: str) -> Tex:
    """The text as LaTeX that shows it, whatever it is; what no font has is shown by its code point."""
    return Tex("".join(_sign(c) for c in unicodedata.normalize("NFC", visible(text))))


def _sign(c: str) -> str:
    if c in SPECIAL:
        return SPECIAL[c]
    if c.isspace():
        return " "
    if c.isascii():
        return c
    if c in T1:
        return c
    if c in PUNCTUATION:
        return PUNCTUATION[c]
    if c in TEXT_OF:
        return rf"\ensuremath{{{TEXT_OF[c]}}}"
    plain = unicodedata.normalize("NFKC", c)  # mathematical alphabets, ligatures
    if plain != c and plain.isascii() and plain:
        return "".join(_sign(p) for p in plain)
    return rf"{{\small[U+{ord(c):04X}]}}"


def code(text: str) -> Tex:
    """The text in a typewriter font, in which a line may end after every sign that is no letter."""
    escaped = "".join(
        _sign(c) + (r"\allowbreak{}" if not c.isalnum() else "")
        for c in re.sub(r"\s+", " ", unicodedata.normalize("NFC", visible(text)))
    )
    return Tex(rf"\texttt{{{escaped}}}")


__all__ = ["TEXT_OF", "Tex", "code", "escape"]
