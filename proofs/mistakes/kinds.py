"""What the slips are called, in the words that an author is shown, the commonest first."""

from __future__ import annotations

from enum import StrEnum


class Mistake(StrEnum):
    """A kind of slip.  Their order is that in which they are tried."""

    DIRECTION = "the direction of an inequality"
    SIGN = "a sign"
    SWAPPED = "two arguments exchanged"
    UPSIDE_DOWN = "a fraction upside down"
    LAWS = "the wrong law"
    LETTERS = "two letters exchanged"
    CONDITION = "the wrong density of the same letter"
    ORDER = "the order of a product"
    TRANSPOSITION = "a transposition lost"
    FACTOR = "a numerical factor"
    FUNCTION = "a function lost or put in the wrong place"
    DERIVATIVE = "a derivative lost, or taken of one side only"
    MEAN = "a mean lost"
    EXPONENT = "an exponent"
    TOO_MANY = "a part that is missing on one side"
    OPERATION = "a sum and a product exchanged"
    SPLIT = "a mean or sum of a product taken for a product of two"
    MOVED = "a function moved past a mean or a sum"
    LETTER = "a wrong letter"
    NAMED_FACTOR = "a factor lost"
    CONSTANT = "an additive constant left out"
    EQUALITY = "an inequality taken for an equality"
