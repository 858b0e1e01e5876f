"""Cloids in the venue's form: 0x, and 32 hexadecimal digits.

A name of another form never comes back as it was sent (a UUID with hyphens does not), so it is
refused before it is sent. The cloids that a book makes are of this form.
"""

import re
from typing import Final

_CLOID: Final = re.compile(r"0x[0-9a-fA-F]{32}").fullmatch


def is_cloid(text: str) -> bool:
    """Return whether a text is a cloid in the venue's form."""
    return _CLOID(text) is not None


def cloid(text: str) -> str:
    """Return a cloid that may be sent; ValueError for one that would not come back as it is."""
    if not is_cloid(text):
        raise ValueError(
            f"the cloid {text!r:.80} is not in the venue's form, 0x and 32 hexadecimal digits: let "
            "the book make it (register_pending without a cloid)"
        )
    return text
