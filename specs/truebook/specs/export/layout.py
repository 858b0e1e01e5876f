"""Lines of the texts written here."""

import textwrap

from truebook.specs.export.expressions import GLUE

WIDTH = 100


def wrapped(text: str, indent: str, more: str = "    ") -> list[str]:
    """Return text as lines of at most WIDTH, broken at spaces; later lines stand further in."""
    lines = textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + more,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(GLUE, " ") for line in lines]
