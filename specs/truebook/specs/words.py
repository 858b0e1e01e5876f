"""Words for readers: things counted, names nearly right, and texts of others made plain."""

from collections.abc import Iterable
from difflib import get_close_matches


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: `1 step`, `2 steps`, `1,000 queries`.

    `many` is the plural, where it is not `one` with an s.
    """
    return f"{number:,} {noun(number, one, many)}"


def noun(number: int, one: str, many: str = "") -> str:
    """Return the noun for a number of things, without the number."""
    return one if number == 1 else many or f"{one}s"


def near(name: str, names: Iterable[str]) -> str:
    """Return "Did you mean 'x'?" for the names that one is nearly, or nothing."""
    found = get_close_matches(name, list(names), cutoff=0.6)
    return f"Did you mean {' or '.join(map(repr, found))}?" if found else ""


def plain(text: str) -> str:
    """Return a text as it can be shown in a line: nothing in it is obeyed by a terminal."""
    shown = text.expandtabs()
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)
