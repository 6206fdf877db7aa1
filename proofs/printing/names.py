"""Names of symbols, functions and densities, printed: Greek as Greek, subscripts as subscripts.

A name is a plain string such as ``x``, ``mu_1``, ``p_data``, ``x^(i)``, ``D*``, ``hat x``, ``z'``: accents in front,
then a letter or a word, then any of a subscript, a superscript in parentheses, stars and primes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_LETTERS = """
alpha α beta β gamma γ delta δ epsilon ε varepsilon ϵ zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν
xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi ϕ chi χ psi ψ omega ω
Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
"""
GREEK = dict(zip(_LETTERS.split()[::2], _LETTERS.split()[1::2]))
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "vec": "\u20d7", "dot": "\u0307"}
# where the letters of each font begin in Unicode, capitals and small ones, and the capitals that lie elsewhere
_ALPHABETS = {
    "bf": (0x1D400, 0x1D41A),
    "cal": (0x1D4D0, 0x1D4EA),
    "bb": (0x1D538, 0x1D552),
    "sf": (0x1D5A0, 0x1D5BA),
    "frak": (0x1D56C, 0x1D586),
    "tt": (0x1D670, 0x1D68A),
}
_ELSEWHERE = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ"))
FONTS = {"bf": "mathbf", "cal": "mathcal", "bb": "mathbb", "sf": "mathsf", "frak": "mathfrak", "tt": "mathtt"}
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
# subscripts that the printer must not read as a word set upright
_ESCAPES = {c: "\\" + c for c in "#$%&{}_"} | {"\\": r"\backslash ", "~": r"\sim ", "^": r"\hat{}"}
_PARTS = re.compile(r"(?P<base>[^_^'*]*)(?P<rest>.*)", re.DOTALL)
_SUFFIX = re.compile(r"_(?P<sub>\{[^{}]*\}|[^_^'*]*)|\^(?P<sup>\([^()]*\)|[^_^'*]*)|(?P<mark>[*'])", re.DOTALL)


class Name(NamedTuple):
    """A name taken apart.  ``marks`` are stars and primes in their order."""

    accents: tuple[str, ...]
    base: str
    subscripts: tuple[str, ...]
    superscript: str
    marks: str


def split_name(name: str) -> Name:
    words = name.split(" ")
    accents: list[str] = []
    while len(words) > 1 and (words[0] in ACCENTS or words[0] in FONTS):
        accents.append(words.pop(0))
    match = _PARTS.match(" ".join(words))
    base, rest = (match["base"], match["rest"]) if match else (name, "")
    subscripts: list[str] = []
    superscript, marks = "", ""
    for part in _SUFFIX.finditer(rest):
        if part["sub"] is not None:
            subscripts.append(part["sub"].strip("{}"))
        elif part["sup"] is not None:
            superscript += part["sup"]
        else:
            marks += part["mark"]
    return Name(tuple(accents), base, tuple(subscripts), superscript, marks)


def _in_font(word: str, font: str) -> str:
    capital, small = _ALPHABETS[font]
    out = ""
    for c in word:
        if font == "bb" and c in _ELSEWHERE:
            out += _ELSEWHERE[c]
        elif c.isascii() and c.isalpha():
            out += chr(capital + ord(c) - 65) if c.isupper() else chr(small + ord(c) - 97)
        else:
            out += c
    return out


def _greek(word: str) -> str:
    return GREEK.get(word, word)


def _words(run: str) -> list[str]:
    """A subscript cut into words and what stands between them: 'i,k+1' -> i , k + 1."""
    return re.findall(r"[^\W_]+|[\W_]", run)


def name_text(name: object) -> str:
    """A name on one line of Unicode: ``mu_1`` is μ₁, ``hat x`` is x̂, ``p_data`` stays p_data."""
    parts = split_name(str(name))
    shown = _greek(parts.base)
    for font in parts.accents:
        shown = _in_font(shown, font) if font in FONTS else shown
    for accent in parts.accents:
        if accent in ACCENTS:  # an accent goes over the first letter
            shown = shown[:1] + ACCENTS[accent] + shown[1:]
    if parts.subscripts:
        joined = ",".join("".join(_greek(w) for w in _words(subscript)) for subscript in parts.subscripts)
        shown += joined.translate(SUBSCRIPTS) if joined.isascii() and joined.isdigit() else "_" + joined
    if parts.superscript:
        shown += "^" + "".join(_greek(w) for w in _words(parts.superscript))
    return shown + parts.marks.replace("'", "′")


def _word_latex(word: str, upright_from: int) -> str:
    if word in GREEK:
        return "\\" + word
    escaped = "".join(_ESCAPES.get(c, c) for c in word)
    return rf"\mathrm{{{escaped}}}" if len(word) >= upright_from and not word.isdigit() else escaped


def _run_latex(run: str) -> str:
    """A subscript or superscript: words of three letters and more are set upright, Greek names are commands."""
    out = ""
    for word in _words(run):
        shown = _word_latex(word, 3)
        out += (" " if out[-1:].isalpha() and re.search(r"\\[A-Za-z]+$", out) and shown[:1].isalpha() else "") + shown
    return out


def name_latex(name: object) -> str:
    r"""A name in LaTeX: ``mu_1`` is \mu_{1}, ``x^(i)`` is x^{(i)}, ``ELBO`` is \mathrm{ELBO}."""
    parts = split_name(str(name))
    shown = _word_latex(parts.base, 2)
    for word in reversed(parts.accents):
        shown = rf"\{FONTS.get(word, word)}{{{shown}}}"
    if parts.subscripts:
        shown += "_{" + ",".join(_run_latex(s) for s in parts.subscripts) + "}"
    stars, primes = parts.marks.count("*"), parts.marks.count("'")
    if stars and not parts.superscript and not primes:
        shown += "^*" if stars == 1 else "^{" + "*" * stars + "}"
    elif parts.superscript or stars:
        shown += "^{" + _run_latex(parts.superscript) + "*" * stars + r"\prime" * primes + "}"
    else:
        shown += "'" * primes
    return shown or r"\cdot"
