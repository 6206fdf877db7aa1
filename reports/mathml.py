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
    return tostring(element, encoding="unicode") if _clean(element) else None


def _clean(element: Element) -> bool:
    """Keep what is allowed, in place; False where something else was found."""
    for node in element.iter():
        if node.tag not in ELEMENTS:
            return False
        node.text = html.unescape(node.text) if node.text else node.text
        if node.text and ("\\" in node.text and len(node.text) > 1):
            return False  # an unknown command, shown by its name
        node.tail = None
        node.text = _bold(node.text or "", node.get("mathvariant")) or None
        for name, value in list(node.attrib.items()):
            if name == "xmlns":
                continue
            if name not in ATTRIBUTES or not PLAIN_VALUE.fullmatch(value):
                del node.attrib[name]
    return True


def _bold(letters: str, variant: str | None) -> str:
    """Bold letters of Unicode for 'bold' and 'bold-italic', which browsers no longer read from an attribute."""
    if variant not in ("bold", "bold-italic"):
        return letters
    style = "BOLD" if variant == "bold" else "BOLD ITALIC"
    return "".join(_mathematical(c, style) for c in letters)


def _mathematical(character: str, style: str) -> str:
    name = unicodedata.name(character, "").replace("LATIN ", "").replace("GREEK ", "").replace(" LETTER", "")
    try:
        return unicodedata.lookup(f"MATHEMATICAL {style} {name}")
    except KeyError:
        return character
