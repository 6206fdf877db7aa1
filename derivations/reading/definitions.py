"""How authors define commands: \\newcommand, \\def, \\let, \\DeclareMathOperator, \\newenvironment and their kin."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DEFINING = (
    "newcommand|renewcommand|providecommand|DeclareRobustCommand|def|gdef|edef|let|DeclareMathOperator|"
    "NewDocumentCommand|RenewDocumentCommand|DeclareDocumentCommand|ProvideDocumentCommand|"
    "DeclarePairedDelimiterX|DeclarePairedDelimiter|newenvironment|renewenvironment"
)
DEFINITION = re.compile(rf"\\({_DEFINING})(?![A-Za-z@])")
TOKEN = re.compile(r"\\(?:([A-Za-z@]+)|(.))", re.S)
ENVIRONMENT = re.compile(r"\s*\{([^{}]*)\}")
_DISPLAYS = re.compile(r"\\begin\s*\{(?:align|equation|gather|multline|eqnarray|displaymath)|\\\[|\$\$")
_SPACE = re.compile(r"\s*")
_BRACE = re.compile(r"\\.|[{}]", re.S)
_BRACKET = re.compile(r"\\.|[{}\]]", re.S)
PARAMETER = re.compile(r"#([1-9])")
_NAME = re.compile(r"\s*(?:\{\s*\\([A-Za-z@]+|[^A-Za-z\s])\s*\}|\\([A-Za-z@]+|[^A-Za-z\s]))")
_COUNT = re.compile(r"\s*\[\s*(\d)\s*\]")

# what a document is made of; a redefinition of these is for the typesetter, not for us
_STRUCTURE = frozenset(
    "begin end item section subsection subsubsection paragraph chapter part left right frac text label tag ref eqref "
    "cite footnote caption title author date maketitle input include newcommand renewcommand def let".split()
)


@dataclass(frozen=True)
class Macro:
    """``arguments`` says how each is given: 'm' in braces, 'o' in brackets (with its default), 's' a star; after \\def
    also 'd', up to the delimiter that stands where the others have their default, and 'l', a sign that is no argument.
    """

    body: str
    arguments: tuple[tuple[str, str], ...] = ()
    primitive: bool = False  # made by \let from a command that was no macro: it is not expanded again


def close_brace(text: str, position: int, limit: int = 50_000) -> int:
    """The position after the } that closes the { at ``position``, or -1 where none does within ``limit``."""
    depth = 0
    for match in _BRACE.finditer(text, position, min(len(text), position + limit)):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth == 0:
                return match.end()
    return -1


def close_bracket(text: str, position: int, limit: int = 5_000) -> int:
    """The position after the ] that closes the [ at ``position`` (braces within are whole), or -1."""
    depth = 0
    for match in _BRACKET.finditer(text, position + 1, min(len(text), position + limit)):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth < 0:
                return -1
        elif match[0] == "]" and depth == 0:
            return match.end()
    return -1


def skip_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _group(text: str, position: int) -> tuple[str, int] | None:
    position = skip_space(text, position)
    if not text.startswith("{", position):
        return None
    stop = close_brace(text, position)
    return (text[position + 1 : stop - 1], stop) if stop > 0 else None


def read_definition(text: str, match: re.Match[str], table: dict[str, Macro]) -> tuple[dict[str, Macro], int] | str:
    """The macros that one definition makes and the position after it, or what is wrong with it.

    ``match`` is that of `DEFINITION`; '' where this is no definition at all.
    """
    command, position = match[1], match.end()
    starred = text.startswith("*", position)
    position += starred
    if command.endswith("newenvironment"):
        return _environment(text, position)
    named = _NAME.match(text, position)
    if named is None:
        return ""
    name = named[1] or named[2]
    read = _definition(text, named.end(), command, starred, table)
    if read is None:
        return f"the definition of \\{name} could not be read"
    if name in _STRUCTURE or (command == "providecommand" and name in table):
        return {}, read[1]
    return {name: read[0]}, read[1]


def _environment(text: str, position: int) -> tuple[dict[str, Macro], int] | str:
    """An environment that is short for a display; of others only the name matters, and it stays."""
    named = ENVIRONMENT.match(text, position)
    if named is None:
        return ""
    arguments, position = _arguments(text, named.end())
    before = _group(text, position)
    after = _group(text, before[1]) if before else None
    if before is None or after is None:
        return f"the definition of the environment {named[1]} could not be read"
    if not _DISPLAYS.search(before[0]):
        return {}, after[1]
    name = named[1]
    return {f"begin {name}": Macro(before[0], arguments), f"end {name}": Macro(after[0])}, after[1]


def _arguments(text: str, position: int) -> tuple[tuple[tuple[str, str], ...], int]:
    """``[2][x]``: two arguments, the first with the default x."""
    counted = _COUNT.match(text, position)
    if counted is None:
        return (), position
    arguments = [("m", "")] * int(counted[1])
    position = counted.end()
    bracket = skip_space(text, position)
    if text.startswith("[", bracket) and arguments:
        stop = close_bracket(text, bracket)
        if stop > 0:
            arguments[0] = ("o", text[bracket + 1 : stop - 1])
            position = stop
    return tuple(arguments), position


def _definition(
    text: str, position: int, command: str, starred: bool, table: dict[str, Macro]
) -> tuple[Macro, int] | None:
    if command == "let":
        return _let(text, position, table)
    if command in ("def", "gdef", "edef"):
        opening = text.find("{", position, position + 200)
        given = _parameters(text[position:opening]) if opening >= 0 else None
        body = _group(text, opening) if given is not None else None
        return (Macro(body[0], given), body[1]) if body and given is not None else None
    if command == "DeclareMathOperator":
        body = _group(text, position)
        operator = "\\operatorname*" if starred else "\\operatorname"
        return (Macro(f"{operator}{{{body[0]}}}"), body[1]) if body else None
    if command.endswith("DocumentCommand"):
        return _document_command(text, position)
    if command.startswith("DeclarePairedDelimiter"):
        return _paired_delimiter(text, position, command.endswith("X"))
    arguments, position = _arguments(text, position)
    body = _group(text, position)
    if body is None:
        token = TOKEN.match(text, skip_space(text, position))  # \newcommand\E\mathbb
        return (Macro(token[0], arguments), token.end()) if token else None
    return Macro(body[0], arguments), body[1]


def _parameters(written: str) -> tuple[tuple[str, str], ...] | None:
    """What stands between the name and the body of a \\def: #1#2, (#1), #1\\end; None for what TeX alone can read."""
    before, *parts = re.split(r"#(\d)", written)
    if parts[::2] != [str(k + 1) for k in range(len(parts[::2]))] or "#" in "".join([before, *parts[1::2]]):
        return None
    found = [("l", before.strip())] if before.strip() else []
    return (*found, *(("d", d.strip()) if d.strip() else ("m", "") for d in parts[1::2]))


def _let(text: str, position: int, table: dict[str, Macro]) -> tuple[Macro, int] | None:
    position = skip_space(text, position)
    if text.startswith("=", position):
        position = skip_space(text, position + 1)
    token = TOKEN.match(text, position)
    if token is None:
        return (Macro(text[position], primitive=True), position + 1) if position < len(text) else None
    known = table.get(token[1] or token[2])
    return known or Macro(token[0], primitive=True), token.end()


def _document_command(text: str, position: int) -> tuple[Macro, int] | None:
    given = _group(text, position)
    body = _group(text, given[1]) if given else None
    if given is None or body is None:
        return None
    arguments: list[tuple[str, str]] = []
    place = 0
    while (place := skip_space(given[0], place)) < len(given[0]):
        kind = given[0][place]
        place += 1
        if kind == "O":
            default = _group(given[0], place)
            if default is None:
                return None
            arguments.append(("o", default[0]))
            place = default[1]
        elif kind in "mos":
            arguments.append((kind, ""))
        else:
            return None
    return Macro(body[0], tuple(arguments)), body[1]


def _paired_delimiter(text: str, position: int, extended: bool) -> tuple[Macro, int] | None:
    """\\abs{x} and \\abs*{x} are both \\left|x\\right|: the size does not matter to us."""
    count = 1
    if extended:
        counted = _COUNT.match(text, position)
        if counted is None:
            return None
        count, position = int(counted[1]), counted.end()
    left = _group(text, position)
    right = _group(text, left[1]) if left else None
    if left is None or right is None:
        return None
    inner, position = "#2", right[1]
    if extended:
        body = _group(text, position)
        if body is None:
            return None
        # the star and the size come first, so the arguments move up by two
        inner = PARAMETER.sub(lambda m: f"#{int(m[1]) + 2}", body[0].replace("\\delimsize", ""))
        position = body[1]
    else:
        inner = "#3"
    arguments = (("s", ""), ("o", ""), *((("m", ""),) * count))
    opening, closing = left[0].strip() or ".", right[0].strip() or "."
    return Macro(f"\\left{opening} {inner} \\right{closing} ", arguments), position
