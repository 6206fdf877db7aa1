r"""Commands that authors of the field define alike, for a document whose definitions were not given: \bx is bold x.

A definition in the document always wins, and so does LaTeX: a name that the document defines anywhere, or that is a
command of LaTeX or of its usual packages, is none of these.  What is read so is told in the report.  Three kinds:

* a prefix and one letter or Greek name: \bx, \vtheta, \mW, \rvz, \bbE, \cL, \calN (`PREFIXES`);
* words: \given, \KL, \argmax (`WORDS`); a word that ends in an argument in braces is not one of these;
* words with arguments: \norm{x}, \KL{q}{p} (`WITH_ARGUMENTS`).

Where two such habits disagree (\bR is bold or blackboard), the document has to say which, or the name stays unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derivations.reading.definitions import DEFINITION, Macro, close_brace, skip_space
from derivations.reading.tex import notation as n

# prefix -> (font command, the font in words, what may follow it)
PREFIXES = {
    "bb": ("mathbb", "blackboard bold", "capital"),
    "rv": ("mathbf", "bold", "small"),
    "rm": ("mathbf", "bold", "capital"),
    "b": ("boldsymbol", "bold", "any"),
    "v": ("boldsymbol", "bold", "small"),
    "m": ("boldsymbol", "bold", "capital"),
    "cal": ("mathcal", "calligraphic", "latin capital"),
    "mc": ("mathcal", "calligraphic", "latin capital"),
    "c": ("mathcal", "calligraphic", "latin capital"),
    "g": ("mathcal", "calligraphic", "latin capital"),
}
_ACCENTS_OF_TEXT = frozenset({"ga", "gm"})
# letters that stand for one thing in blackboard bold, so that \bR may be either
_BLACKBOARD = frozenset("CENPQRZ")
_DOUBLED = {letter * 2: rf"\mathbb{{{letter}}}" for letter in "CENPQRZ"}

WORDS = {
    **_DOUBLED,
    "LL": r"\mathcal{L}", "Loss": r"\mathcal{L}", "loss": r"\mathcal{L}",
    "E": r"\mathbb{E}", "EX": r"\mathbb{E}", "Expect": r"\mathbb{E}", "expect": r"\mathbb{E}",
    "expected": r"\mathbb{E}", "expectation": r"\mathbb{E}", "Exv": r"\mathbb{E}",
    "R": r"\mathbb{R}", "reals": r"\mathbb{R}", "Reals": r"\mathbb{R}", "real": r"\mathbb{R}",
    "P": r"\mathbb{P}", "Prob": r"\mathbb{P}", "prob": r"\mathbb{P}",
    "given": r"\mid ", "cond": r"\mid ", "giv": r"\mid ",
    "Dkl": r"D_{\mathrm{KL}}", "DKL": r"D_{\mathrm{KL}}", "dkl": r"D_{\mathrm{KL}}",
    "kl": r"\mathrm{KL}", "KLD": r"\mathrm{KL}", "kld": r"\mathrm{KL}", "elbo": r"\mathrm{ELBO}",
    "jsd": r"\mathrm{JSD}", "JSD": r"\mathrm{JSD}",
    "eps": r"\epsilon", "veps": r"\varepsilon", "half": r"\frac{1}{2}",
    "indep": r"\perp ", "independent": r"\perp ",
    "ind": r"\mathbb{1}", "indic": r"\mathbb{1}", "indicator": r"\mathbb{1}", "one": r"\mathbf{1}",
    "distas": r"\sim ",
    "d": r"\mathrm{d}", "dd": r"\mathrm{d}", "dif": r"\mathrm{d}", "diff": r"\mathrm{d}",
    "dx": r"\mathrm{d}x", "dy": r"\mathrm{d}y", "dz": r"\mathrm{d}z", "dt": r"\mathrm{d}t", "du": r"\mathrm{d}u",
}  # fmt: skip
# the normal law, but only before its parameters: elsewhere \N is the natural numbers
_NORMAL = frozenset({"N", "normal", "Gauss", "gauss", "gaussian", "Gaussian"})
_OPENS = re.compile(r"\s*(?:\\(?:left|[bB]igg?l?)\s*)?[(\[]")
# the transpose, but only as a superscript: x^\T
_TRANSPOSES = frozenset({"T", "trans", "transpose", "tran"})

# word -> (number of arguments, body)
WITH_ARGUMENTS = {
    "norm": (1, r"\left\|#1\right\|"), "abs": (1, r"\left|#1\right|"), "set": (1, r"\left\{#1\right\}"),
    "paren": (1, r"\left(#1\right)"), "parens": (1, r"\left(#1\right)"), "pa": (1, r"\left(#1\right)"),
    "bra": (1, r"\left[#1\right]"), "brackets": (1, r"\left[#1\right]"), "bracks": (1, r"\left[#1\right]"),
    "KL": (2, r"D_{\mathrm{KL}}\left(#1\,\|\,#2\right)"), "kl": (2, r"D_{\mathrm{KL}}\left(#1\,\|\,#2\right)"),
    "JSD": (2, r"\mathrm{JSD}\left(#1\,\|\,#2\right)"),
    "vect": (1, r"\boldsymbol{#1}"), "mat": (1, r"\boldsymbol{#1}"), "matr": (1, r"\boldsymbol{#1}"),
    "mathbold": (1, r"\boldsymbol{#1}"),
}  # fmt: skip

_ONE_NAME = re.compile(r"\s*(?:[A-Za-z]|\\[A-Za-z]+)\s*")
_DEFINED = re.compile(r"\*?\s*\{?\s*\\([A-Za-z]+)")
# a table of macros for a typesetter in the page: {"\\bx": "\\mathbf{x}"}, macros: { bx: ... }
_TABLES = re.compile(r"[mM]acros[\"']?\s*[:=]\s*\{")
_ENTRY = re.compile(r"[\"'{,]\s*[\"']?\\{0,2}([A-Za-z]+)[\"']?\s*:")
_KEY = re.compile(r"[\"']\\{1,2}([A-Za-z]+)[\"']\s*:")


def defined_names(text: str) -> frozenset[str]:
    """The commands that a document defines anywhere, in whatever way, whether or not the definition can be read."""
    found = {m[1] for d in DEFINITION.finditer(text) if (m := _DEFINED.match(text, d.end()))}
    found.update(m[1] for m in _KEY.finditer(text))
    for table in _TABLES.finditer(text):
        found.update(m[1] for m in _ENTRY.finditer(text, table.end() - 1, table.end() + 5_000))
    return frozenset(found)


def known_to_latex(name: str) -> bool:
    """Whether the reader knows the command already, or LaTeX has it for something that is no symbol."""
    return name in _LATEX


_LATEX = frozenset().union(
    n.SYMBOLS, n.VARIANT_GREEK, n.RELATIONS, n.PRODUCT_SIGNS, n.BIG_OPERATORS, n.DOTS, n.FONTS, n.SWITCHES, n.ACCENTS,
    n.TEXT_COMMANDS, n.FRACTIONS, n.BINOMIALS, n.DECORATIONS, n.OPENING, n.CLOSING, n.BARS, n.SIZES, n.SPACING,
    n.CONSEQUENCES, n.QUANTIFIERS, n.ARROWS_WITH_LABELS, n.OPERATOR_COMMANDS,
    {"cr", "mp", "pm", "mid", "sqrt", "over", "choose", "limits", "not", "begin", "end", "left", "right", "middle"},
)  # fmt: skip


@dataclass
class HouseMacros:
    """Those that one document uses: ``told`` says how each was read, {"bx": "bold x"}."""

    text: str = ""
    told: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.defined = defined_names(self.text)

    def of(self, name: str, before: str, after: str) -> Macro | None:
        """What an undefined command stands for between ``before`` and ``after``; None where it stays unknown."""
        if not name.isascii() or not name.isalpha() or name in self.defined or known_to_latex(name):
            return None
        for kind in (self.with_arguments, self.word, self.letter):
            found = kind(name, before, after)
            if found is not None:
                macro, words = found
                self.told.setdefault(name, words)
                return macro
        return None

    def with_arguments(self, name: str, before: str, after: str) -> tuple[Macro, str] | None:
        count, body = WITH_ARGUMENTS.get(name, (0, ""))
        at, first = 0, ""
        for _ in range(count):
            at = skip_space(after, at)
            stop = close_brace(after, at) if after.startswith("{", at) else -1
            if stop < 0:
                return None
            first = first or after[at + 1 : stop - 1]
            at = stop
        if not count or (body.startswith("\\boldsymbol") and not _ONE_NAME.fullmatch(first)):
            return None
        shown = body.replace("\\left", "").replace("\\right", "").replace("\\mathrm{KL}", "KL").replace("\\,", "")
        return Macro(body, (("m", ""),) * count), shown.replace("#1", "..").replace("#2", "..")

    def word(self, name: str, before: str, after: str) -> tuple[Macro, str] | None:
        if after.lstrip().startswith("{"):
            return None
        body = WORDS.get(name, "")
        if name in _NORMAL and _OPENS.match(after):
            body = r"\mathcal{N}"
        elif name in _TRANSPOSES and before.rstrip(" {").endswith("^"):
            body = r"\top "
        return (Macro(body), body.strip()) if body else None

    def letter(self, name: str, before: str, after: str) -> tuple[Macro, str] | None:
        for prefix, (font, words, allowed) in PREFIXES.items():
            rest = name.removeprefix(prefix)
            if rest == name or not self.allows(allowed, rest) or name in _ACCENTS_OF_TEXT:
                continue
            if prefix == "b" and rest in _BLACKBOARD and not self.has_blackboard(rest):
                return None
            body = rest if len(rest) == 1 else f"\\{rest} "
            return Macro(f"\\{font}{{{body}}}"), f"{words} {rest}"
        return None

    @staticmethod
    def allows(allowed: str, rest: str) -> bool:
        letter = len(rest) == 1
        if not letter and (rest not in n.GREEK or allowed.startswith("latin")):
            return False
        return allowed == "any" or rest[0].isupper() == allowed.endswith("capital")

    def has_blackboard(self, letter: str) -> bool:
        """Whether the document writes the blackboard letter in another way: then \\bR is not that one."""
        return re.search(rf"\\(?:bb{letter}|mathbb\s*\{{?{letter})(?![A-Za-z])", self.text) is not None
