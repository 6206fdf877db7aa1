"""Formulas as MathML, for pages that need no network and no JavaScript.

latex2mathml never refuses anything (an unknown command becomes its own name, `\\href` a link), so only what our own
grammar accepted is given to it, and of what it makes only the elements and attributes named here are kept.
"""

from __future__ import annotations

import html
import re
import unicodedata
from xml.etree.ElementTree import Element, tostring

from reports.plaintext import visible

LONGEST = 3000

ELEMENTS = frozenset(
    "math mrow mi mn mo mtext mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd mspace "
    "mstyle mpadded mphantom".split()
)
ATTRIBUTES = frozenset(
    "display displaystyle scriptlevel mathvariant stretchy fence form separator symmetric largeop movablelimits accent "
    "lspace rspace minsize maxsize width linethickness columnalign columnspacing rowspacing".split()
)
LAYOUT = re.compile(r"\\(?:nonumber|notag|(?:label|tag\*?|begin|end)\s*\{[^{}]*\})|(?<!\\)&|\\\\")
SIZES = re.compile(r"\\[bB]igg?[lrm]?(?![A-Za-z])")  # the converter knows these before few delimiters only
ROWS = ("math", "mrow", "mstyle", "mtd", "msqrt")
SCRIPTS = ("msub", "msup", "msubsup", "munder", "mover", "munderover")
THIN = "0.1667em"
CLOSING = (")", "]", "}")
FONTS = {
    "bold": "BOLD", "bold-italic": "BOLD ITALIC", "double-struck": "DOUBLE-STRUCK", "script": "SCRIPT",
    "fraktur": "FRAKTUR", "sans-serif": "SANS-SERIF",
}  # fmt: skip
PLAIN_VALUE = re.compile(r"[\w.%+ -]*")

# what the converter raises of itself over what it has no error for: it looks for the next token, for a part, for a key
STUMBLES = (AttributeError, LookupError, RuntimeError, StopIteration, TypeError, ValueError)


def mathml(latex: str) -> str | None:
    """The formula as one ``<math>`` element, or None where it cannot be shown so; then show its source."""
    if len(latex) > LONGEST:
        return None
    has_environment = re.search(r"\\begin\s*\{\s*(?:[pbvBV]?matrix|array|cases)", latex) is not None
    source = SIZES.sub("", visible(latex) if has_environment else LAYOUT.sub(" ", visible(latex)))
    from latex2mathml import exceptions
    from latex2mathml.converter import convert_to_element

    refusals = tuple(e for e in vars(exceptions).values() if isinstance(e, type) and issubclass(e, Exception))
    try:
        element = convert_to_element(source.strip())
    except refusals + STUMBLES:
        return None
    element.set("displaystyle", "true")
    if not _clean(element):
        return None
    for row in [node for node in element.iter() if node.tag in ROWS]:
        _space(row)
    return tostring(element, encoding="unicode")


def _clean(element: Element) -> bool:
    """Keep what is allowed, in place; False where something else was found."""
    for node in element.iter():
        if node.tag not in ELEMENTS:
            return False
        node.text = html.unescape(node.text) if node.text else node.text
        if node.text and ("\\" in node.text and len(node.text) > 1):
            return False  # an unknown command, shown by its name
        node.tail = None
        node.text = _in_font(node.text or "", node.get("mathvariant")) or None
        for name, value in list(node.attrib.items()):
            if name == "xmlns":
                continue
            if name not in ATTRIBUTES or not PLAIN_VALUE.fullmatch(value):
                del node.attrib[name]
    return True


def _space(row: Element) -> None:
    """A thin space on the sides of log, det, ... where a letter, number or fraction is there (The TeXbook, ch. 18)."""
    parts = list(row)
    row[:] = []
    for before, part, after in zip([None, *parts], parts, [*parts[1:], None]):
        name = _function_name(part)
        if part.get("fence") == "true" or part.text == "|" or (name is not None and name.tag == "mo"):
            tight = part if name is None else name  # the dictionary of operators would give it more than TeX does
            tight.set("lspace", "0em")
            tight.set("rspace", "0em")
        if name is not None and before is not None and _is_ordinary(before):
            row.append(Element("mspace", width=THIN))
        row.append(part)
        if name is not None and after is not None and (_function_name(after) is not None or not _is_operator(after)):
            row.append(Element("mspace", width=THIN))


def _function_name(part: Element) -> Element | None:
    """The log of log, log_2 or log^2; None for anything else."""
    while part.tag in SCRIPTS and len(part):
        part = part[0]
    return part if part.tag in ("mi", "mo") and len(part.text or "") > 1 and (part.text or "").isalpha() else None


def _is_operator(part: Element) -> bool:
    """Whether it is, or begins with, an operator or a bracket: these bring the space that they want."""
    while part.tag in ("mrow", *SCRIPTS) and len(part):
        part = part[0]
    return part.tag in ("mo", "mspace", "mtext")


def _is_ordinary(part: Element) -> bool:
    """Whether a product with what follows is meant: a letter, a number, a fraction, a closing bracket."""
    while part.tag in ("mrow", *SCRIPTS) and len(part):
        part = part[0 if part.tag in SCRIPTS else -1]
    return _function_name(part) is None and (not _is_operator(part) or (part.text or "").strip() in CLOSING)


def _in_font(letters: str, variant: str | None) -> str:
    """The letters as those of Unicode in a font that browsers no longer take from the attribute (MathML Core)."""
    style = FONTS.get(variant or "")
    return letters if style is None else "".join(_mathematical(c, style) for c in letters)


def _mathematical(character: str, style: str) -> str:
    name = unicodedata.name(character, "").replace("LATIN ", "").replace("GREEK ", "").replace(" LETTER", "")
    for font in (f"MATHEMATICAL {style}", style, style.replace("FRAKTUR", "BLACK-LETTER")):  # R, L, C, ... came earlier
        try:
            return unicodedata.lookup(f"{font} {name}")
        except KeyError:
            continue
    return character
