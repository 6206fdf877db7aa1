"""Where a bracket that is missing may stand: at the ends of operands, or at their beginnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivations.reading.tex.lexemes import Lexeme
from derivations.reading.tex.notation import CLOSER_OF, FUNCTION_WORDS

OPENER_OF = {closer: opener for opener, closer in CLOSER_OF.items()}
WALLS = {"LBRACE": "RBRACE", "BEGIN": "END", "OPEN": "CLOSE"}
SPACES = ("AMP", "ROW", "QUAD", "SKIP", "TRANSPARENT")
_ENDS = frozenset(("NAME", "NUMBER", "CLOSE", "RBRACE", "END", "PRIME", "STAR", "FACTORIAL", "BAR", "DOTS"))
_BEGINS = frozenset("NAME NUMBER FONT ACCENT FRAC BINOM ROOT ROOTN BIG OPEN BEGIN DECOR UNDERSET OVERSET DOTS".split())
_BELONGS_BEFORE = frozenset(("SUB", "PRIME", "STAR", "FACTORIAL", "LIMITS", "NOTE", "LBRACE"))
_ARGUMENT_FOLLOWS = frozenset("SUB SUP FONT ACCENT FRAC BINOM ROOT ROOTN DECOR UNDERSET OVERSET".split())


def _level(items: Sequence[Lexeme], i: int, step: int) -> Iterator[int]:
    """The positions from a bracket to the end of what is around it, over braces and brackets of another kind.

    Brackets of its own kind are gone into: which of them its missing partner would have met is open.
    """
    kind = CLOSER_OF.get(items[i].value, "") if items[i].kind == "OPEN" else items[i].value
    k = i + step
    while 0 <= k < len(items):
        x = items[k]
        if x.partner is not None and x.kind in (WALLS if step > 0 else WALLS.values()):
            own = x.kind in ("OPEN", "CLOSE") and kind in (x.value, CLOSER_OF.get(x.value))
            if not own:
                yield k
                target = x.partner
                while 0 <= k < len(items) and items[k] is not target:
                    k += step
                if not 0 <= k < len(items):
                    return
                if step < 0:
                    yield k
                k += step
                continue
        elif x.partner is not None and x.kind in (WALLS.values() if step > 0 else WALLS):
            own = x.kind in ("OPEN", "CLOSE") and kind in (x.value, CLOSER_OF.get(x.value))
            if not own or not _between(items, i, x, step):
                yield k
                return
        yield k
        k += step
    if step > 0:
        yield len(items)


def _between(items: Sequence[Lexeme], i: int, x: Lexeme, step: int) -> bool:
    """Whether the partner of a closing bracket stands between it and the bracket that is alone."""
    assert x.partner is not None
    return x.partner.start > items[i].start if step > 0 else x.partner.start < items[i].start


def ends(items: Sequence[Lexeme], i: int) -> Iterator[int]:
    """Before which positions the bracket at i may be closed: where an operand ends."""
    closer = (CLOSER_OF.get(items[i].value), "right" if items[i].side == "left" else "")
    sums = [False]  # of each bracket that is open: does a sign stand directly in it?
    for k in _level(items, i, 1):
        last, following = _before(items, k), _after(items, k)
        is_sum = sums[-1]
        if k < len(items) and items[k].kind == "SIGN":
            sums[-1] = True
        elif k < len(items) and items[k].kind == "OPEN":
            sums.append(False)
        elif k < len(items) and items[k].kind == "CLOSE" and len(sums) > 1:
            sums.pop()
        is_end = last is not None and last.kind in _ENDS and items[k - 1].kind not in SPACES
        if k <= i + 1 or not is_end or _is_operator(items, k - 1) or _is_idle(items, i, k):
            continue
        if following is None:
            yield k
            continue
        again = following.kind == "CLOSE" and (following.value, following.side) == closer  # behind it comes to the same
        belongs = following.kind in _BELONGS_BEFORE or (
            following.kind == "SUP" and not is_sum and not _is_power(items, k)
        )
        if not again and not belongs and not (following.value == "|" and _separates(items, k)):
            yield k


def beginnings(items: Sequence[Lexeme], i: int) -> Iterator[int]:
    """Before which positions the bracket that closes at i may be opened: where an operand or a signed term begins."""
    found = []
    for k in _level(items, i, -1):
        x, last = items[k], _before(items, k)
        starts = last is None or last.kind in ("OPEN", "LBRACE", "SEP", "REL", "MID")
        if x.kind not in _BEGINS and not (x.kind == "SIGN" and (starts or _is_operator(items, k - 1))):
            continue
        if last is not None and last.kind in _ARGUMENT_FOLLOWS:
            continue
        same = last is not None and last.kind == "OPEN" and last.value == OPENER_OF.get(items[i].value)
        if same and last is not None and last.side == ("left" if items[i].side == "right" else ""):
            continue  # before that bracket it comes to the same
        found.append(k)
    yield from reversed(found)


def _is_idle(items: Sequence[Lexeme], i: int, k: int) -> bool:
    """Whether brackets from i to k would hold one number or letter, and no argument: nobody writes (1) - x."""
    before, j = _before(items, i), _base(items, k - 1)
    is_argument = before is not None and (before.kind == "NAME" or (i > 0 and items[i - 1].kind in ("RBRACE", "PRIME")))
    return not is_argument and j == i + 1 and items[j].kind in ("NAME", "NUMBER")


def _is_power(items: Sequence[Lexeme], k: int) -> bool:
    """Whether the superscript at k is a number, x^2: it may stand behind a bracket as well."""
    return k + 1 < len(items) and items[k + 1].kind == "NUMBER"


def split_letter(items: Sequence[Lexeme], k: int) -> str:
    """The letter that a bracket closed before position k parts from the brackets behind it: q of log(q and (z)."""
    following = _after(items, k)
    if following is None or following.kind != "OPEN":
        return ""
    j = _base(items, k - 1)
    return items[j].value if j >= 0 and items[j].kind == "NAME" else ""


def _base(items: Sequence[Lexeme], j: int) -> int:
    """Where that stands on which the scripts stand that end at a position; -1 where nothing does."""
    while j > 0:
        partner = items[j].partner
        if items[j].kind == "RBRACE" and partner is not None and partner.side in ("sub", "sup"):
            while j > 0 and items[j] is not partner:
                j -= 1
            j -= 2
        elif items[j - 1].kind in ("SUB", "SUP"):
            j -= 2
        else:
            break
    return j


def _stands_on_operator(items: Sequence[Lexeme], k: int) -> bool:
    """Whether the script that ends at k belongs to a sum, an integral or a function's name."""
    j = _base(items, k)
    while j > 0 and items[j].kind == "LIMITS":
        j -= 1
    return j >= 0 and (items[j].kind == "BIG" or is_function(items[j]))


def _separates(items: Sequence[Lexeme], k: int) -> bool:
    """Whether the bar at k has no second one in its bracket: it gives a condition."""
    depth, bars = 0, 0
    for x in items[k:]:
        if x.kind in WALLS:
            depth += 1
        elif x.kind in WALLS.values():
            depth -= 1
        elif depth == 0 and x.value == "|" and x.kind in ("BAR", "MID"):
            bars += 1
        if depth < 0:
            break
    return bars % 2 == 1


def _before(items: Sequence[Lexeme], k: int) -> Lexeme | None:
    return next((x for x in reversed(items[:k]) if x.kind not in SPACES), None)


def _after(items: Sequence[Lexeme], k: int) -> Lexeme | None:
    return next((x for x in items[k:] if x.kind not in SPACES), None)


def end_of(items: Sequence[Lexeme], k: int) -> int:
    last = _before(items, k)
    return last.end if last is not None else 0


def is_function(lexeme: Lexeme) -> bool:
    return lexeme.kind == "NAME" and (lexeme.value in FUNCTION_WORDS or lexeme.value in ("nabla", "partial"))


def _is_operator(items: Sequence[Lexeme], k: int) -> bool:
    """Whether something has to follow the lexeme at k: a function's name, the d of dx."""
    x = items[k]
    is_script = k > 0 and items[k - 1].kind in ("SUB", "SUP")
    if is_script or (x.kind == "RBRACE" and x.partner is not None and x.partner.side in ("sub", "sup")):
        return _stands_on_operator(items, k)  # \sum_{i=1}^n
    after = items[k + 1].kind if k + 1 < len(items) else ""
    is_d = x.kind == "NAME" and x.value == "d" and after in ("NAME", "FONT", "ACCENT")
    return is_d or (is_function(x) and x.value != "const")
