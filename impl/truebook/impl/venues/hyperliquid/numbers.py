"""Numbers: texts on the wire, Decimal once they are asked for, and texts again.

A price or size is never a float, on its way neither in nor out.
"""

import re
from decimal import Decimal
from typing import Final

from truebook.impl.book import checks

_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?").fullmatch


def decimal(text: str) -> Decimal:
    """Return the number that a text is, as the venue writes one; ValueError for any other text."""
    if _NUMBER(text) is None:
        raise ValueError(f"{text!r:.80} is no number: digits, and a point between some of them")
    return Decimal(text)


def size(text: str) -> Decimal:
    """Return an amount that is not negative."""
    return checks.amount(decimal(text), "an amount")


def asked(value: Decimal | int) -> str:
    """Return a number as requests have it: no exponent, and no zero at the end of a fraction.

    The venue hashes what it reads in this form, so a signature of any other form does not fit.
    """
    return _without_zeros(value) or "0"


def shown(value: Decimal | int) -> str:
    """Return a number as the venue tells one: with a fraction, if only `.0`."""
    text = _without_zeros(value) or "0"
    return text if "." in text else f"{text}.0"


def _without_zeros(value: Decimal | int) -> str:
    text = format(checks.number(value, "a number"), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
