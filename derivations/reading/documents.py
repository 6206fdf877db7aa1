"""A file becomes a `Document`: its formulas, prose, headings and breaks in reading order.

The format is taken from the name: .tex and .ltx are LaTeX, .ipynb is a notebook, everything else is Markdown or near it
(plain text, Org mode, reStructuredText).

In a notebook, ``Document.text`` is the sources of its cells, one after the other with a blank line between; a code cell
is an empty line.  Lines and columns are those of this text, and ``Document.cells`` says where each cell begins in it.
"""

from __future__ import annotations

import codecs
import re
from itertools import chain
from pathlib import Path, PurePath

from derivations.reading.house_macros import HouseMacros
from derivations.reading.latex_source import read_latex
from derivations.reading.macros import Macros
from derivations.reading.markup import read_markdown
from derivations.reading.notebooks import NotANotebook, cells
from derivations.reading.source import Break, Document, Formula, Heading, Piece, Prose

_LATEX = frozenset({".tex", ".ltx", ".latex"})
_ORG_LINE = re.compile(r"#\+[A-Za-z_]+:", re.M)
_RELATION = re.compile(r"\s*(:=|==|=|<=|>=|<|>|≤|≥|≈|∝|≡|∼|\\approx|\\propto|\\leq?|\\geq?|\\equiv|\\sim)\s*\Z")
_STARTS_WITH_RELATION = re.compile(
    r"(?:&|\\quad|\\;|\\,|\s)*(?::=|[=<>≤≥≈∝]|\\(?:approx|propto|leq?|geq?|equiv|coloneqq|triangleq)(?![A-Za-z]))"
)
_ENDS_WITH_RELATION = re.compile(r"(?:[=<>≤≥≈∝]|\\(?:approx|propto|leq?|geq?|equiv|coloneqq))\s*\Z")
_OPENS_WITH_SIGN = re.compile(r"(?:&|\\quad|\\qquad|\\[;,!]|\s)*([+-])")
_ENDS_WITH_SIGN = re.compile(
    r"(?:(?<![\^_{(\[])[=<>+-]|\\(?:approx|propto|leq?|geq?|equiv|times|cdot)(?![A-Za-z]))(?:\s|&|\\\\|\\[,;!])*\Z"
)
_ANY_RELATION = re.compile(r"[=<>≤≥≈∝]|\\(?:approx|propto|leq?|geq?|equiv|coloneqq|triangleq|sim)(?![A-Za-z])")
_SENTENCE_ENDS = re.compile(r"[.!?。？！][\"')\]*_]*\s*\Z")
_SIGNS = {"<=": "\\le ", ">=": "\\ge ", "==": "="}


class DocumentError(Exception):
    """The file cannot be read as a document; the message is one line that names it."""


def load(path: str | Path) -> Document:
    """Read the file at ``path``; raises `DocumentError` where there is no text to read."""
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DocumentError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise DocumentError(f"{path} is a directory; name a file in it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DocumentError(f"{path} cannot be opened: {reason}") from None
    return read_document(str(path), _decoded(path, data))


def _decoded(path: Path, data: bytes) -> str:
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    if encoding != "utf-16" and b"\0" in data:
        raise DocumentError(f"{path} is a binary file, not a text")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError(f"{path} is not a text in UTF-8 (line {line}): save it as UTF-8") from None
    if not text.strip():
        raise DocumentError(f"{path} is empty")
    return text


def read_document(name: str, text: str) -> Document:
    """The document called ``name`` whose content is ``text``; raises `DocumentError` for a broken notebook only."""
    suffix = PurePath(name).suffix.lower()
    macros, problems, starts = Macros(house=HouseMacros(text)), list[tuple[int, str]](), list[int]()
    if suffix in _LATEX:
        pieces = read_latex(text, macros, problems)
    elif suffix == ".ipynb":
        try:
            sources = cells(text)
        except NotANotebook as reason:
            raise DocumentError(f"{name} is not a notebook that can be read: {reason}") from None
        pieces, base = [], 0
        for source in sources:
            starts.append(base)
            pieces += read_markdown(source, base, "markdown", macros, problems)
            base += len(source) + 2
        text = "\n\n".join(sources)
    else:
        pieces = list(read_markdown(text, 0, _dialect(suffix, text), macros, problems))
    problems += macros.problems
    arranged, wrong = tuple(_arranged(pieces)), tuple(sorted(problems))
    return Document(name, text, arranged, wrong, cells=tuple(starts), house_macros=macros.house.told)


def _dialect(suffix: str, text: str) -> str:
    if suffix == ".rst":
        return "rst"
    return "org" if suffix == ".org" or _ORG_LINE.match(text.lstrip()) else "markdown"


def _arranged(pieces: list[Piece]) -> list[Piece]:
    """Relation signs that were left between formulas put into them, and breaks only where a sentence can end."""
    return _breaks(_continued(_joined(pieces)))


def _continued(pieces: list[Piece]) -> list[Piece]:
    """Displays that follow each other with no words between are one, where the first ends in a sign or the next begins
    with one of addition: a formula too wide for one of them."""
    found: list[Piece] = []
    runs: dict[int, list[Formula]] = {}
    last: int | None = None  # the place of a display with nothing but breaks behind it
    for piece in pieces:
        if isinstance(piece, Formula) and piece.display:
            run = runs.setdefault(last, []) if last is not None else []
            before = run[-1] if run else found[last] if last is not None else None
            if last is not None and isinstance(before, Formula) and _goes_on_in(before, piece):
                runs[last] = [*(run or [before]), piece]
                del found[last + 1 :]  # the breaks between
                continue
            last = len(found)
        elif not isinstance(piece, Break) and not (isinstance(piece, Prose) and not piece.text.strip()):
            last = None
        found.append(piece)
    for place, run in runs.items():
        if run:
            found[place] = _one(run, " \\\\ ")
    return found


def _goes_on_in(before: Formula, after: Formula) -> bool:
    opening = _OPENS_WITH_SIGN.match(after.source)
    if _ENDS_WITH_SIGN.search(before.source[-40:]):
        return True
    if opening is None:
        return False
    return opening[1] == "+" or _ANY_RELATION.search(after.source) is None


def _joined(pieces: list[Piece]) -> list[Piece]:
    r"""``$P$=$Q$`` is one formula, and ``=$\int ..$`` begins with its relation sign."""
    found: list[Piece] = []
    runs: dict[int, list[Formula]] = {}  # place in ``found`` -> the formulas that are one with that one
    for piece in pieces:
        if not isinstance(piece, Formula):
            found.append(piece)
            continue
        before = found[-1] if found else None
        sign = _RELATION.match(before.text) if isinstance(before, Prose) else None
        if isinstance(before, Prose) and sign and not _STARTS_WITH_RELATION.match(piece.source):
            found.pop()
            piece = _with_sign(sign[1], before.offset, piece)
            before = found[-1] if found else None
        last = runs.get(len(found) - 1, [before])[-1]
        if isinstance(last, Formula) and not last.display and not piece.display and _continues(last, piece):
            runs.setdefault(len(found) - 1, [last]).append(piece)
        else:
            found.append(piece)
    for place, run in runs.items():
        found[place] = _one(run)
    return found


def _with_sign(sign: str, offset: int, formula: Formula) -> Formula:
    written = _SIGNS.get(sign, sign)
    written += " " if written[-1].isalpha() else ""
    places = (offset,) * len(written) + formula.offsets
    return Formula(written + formula.source, places, formula.display, formula.environment)


def _one(run: list[Formula], between: str = " ") -> Formula:
    """The formulas of a run with ``between`` them, which stands where the formula before it ends."""
    source = between.join(formula.source for formula in run)
    offsets = [(*f.offsets, *f.offsets[-1:] * (len(between) - 1)) for f in run[:-1]]
    return Formula(source, tuple(chain.from_iterable([*offsets, run[-1].offsets])), run[0].display, run[0].environment)


def _continues(before: Formula, after: Formula) -> bool:
    starts = _STARTS_WITH_RELATION.match(after.source) is not None
    return starts != (_ENDS_WITH_RELATION.search(before.source[-20:]) is not None)


def _breaks(pieces: list[Piece]) -> list[Piece]:
    """One break at a place, and none where the sentence goes on across a display that has paragraphs of its own."""
    found: list[Piece] = []
    for number, piece in enumerate(pieces):
        if isinstance(piece, Break):
            before = found[-1] if found else None
            after = pieces[number + 1] if number + 1 < len(pieces) else None
            if before is None or isinstance(before, Heading) or isinstance(after, Break) or _goes_on(before, after):
                continue
        found.append(piece)
    return found


def _goes_on(before: Piece, after: Piece | None) -> bool:
    if isinstance(before, Prose) and isinstance(after, Formula) and after.display:
        return not _SENTENCE_ENDS.search(before.text)
    if isinstance(before, Formula) and before.display and isinstance(after, Prose):
        return after.text.lstrip()[:1].islower()
    return False


__all__ = ["DocumentError", "load", "read_document"]
