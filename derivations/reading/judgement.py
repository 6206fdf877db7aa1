"""Is this mathematics?  For delimiters that also stand for money, escapes and brackets in prose."""

from __future__ import annotations

import re

# arguments that hold words, and commands: what remains is judged
_WORDS_WITHIN = re.compile(
    r"\\(?:text\w*|mbox|hbox|operatorname\*?|math\w+|label|tag|begin|end|color|textcolor)\s*\{[^{}]*\}|\\[A-Za-z]+"
)
_TEX = re.compile(r"\\[A-Za-z]+|\\[{},;!|]|[_^=<>≤≥≈∼∝|]")
_PROSE = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{2,}(?:[,;:]?\s+[A-Za-z]{2,}){2}")
_LONG_PROSE = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{2,}(?:[,;:]?\s+[A-Za-z]{2,}){3}")
_CHARACTERS = re.compile(r"[぀-ヿ㐀-鿿가-힯]{4}")
_WORD = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{2,}")


def has_tex(content: str) -> bool:
    """A command, a script or a relation sign: this is TeX and nothing else."""
    return _TEX.search(content) is not None


def is_prose(content: str) -> bool:
    """Three plain words in a row (four where there is TeX too), or four Chinese, Japanese or Korean characters."""
    plain = _WORDS_WITHIN.sub(" ; ", content) if "\\" in content else content
    pattern = _LONG_PROSE if has_tex(content) else _PROSE
    return pattern.search(plain) is not None or _CHARACTERS.search(plain) is not None


def is_dollar_mathematics(content: str, before: str, after: str) -> bool:
    """May ``$content$`` between the characters ``before`` and ``after`` be a formula?

    Pandoc's rule (no space within the dollars, no digit after them) and, since authors also write ``$ x $``, whatever
    evidently is TeX.  Two amounts of money in a sentence are no formula.
    """
    inner = content.strip()
    if not inner or is_prose(inner):
        return False
    tight = inner == content and not after.isdigit()
    if has_tex(inner):
        return tight or "\n\n" not in content
    if inner[0].isdigit() and _WORD.search(inner):
        return False
    if tight:
        return inner[-1].isalnum() or inner[-1] in ")]}'!*.+-" or not after.isalpha()
    spaced_evenly = content[0].isspace() and content[-1].isspace() and not (before.isalnum() or after.isdigit())
    return spaced_evenly and _WORD.search(inner) is None and not inner[0].isdigit()


def is_escaped_mathematics(content: str) -> bool:
    r"""May ``\(content\)`` be a formula in Markdown, where it could also be a bracket with a needless escape?"""
    inner = content.strip()
    return bool(inner) and not is_prose(inner) and (has_tex(inner) or len(_WORD.findall(inner)) <= 1)
