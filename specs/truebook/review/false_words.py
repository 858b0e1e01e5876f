"""What one false word of each message does to each design, as a table for readers."""

from collections.abc import Iterator

from truebook.model.designs import DESIGNS
from truebook.specs.explore import effects

HEAD = ("message", "what it says falsely", *(design.name for design in DESIGNS))


def rows() -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table, the head first."""
    yield HEAD
    for word, found in effects():
        yield word.message, word.says, *map(str, found)


def lines() -> Iterator[str]:
    """Yield the table's lines."""
    table = list(rows())
    widths = [max(len(row[n]) for row in table) for n in range(len(HEAD))]
    yield "What one false word does, and true ones after it:"
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()


def markdown() -> Iterator[str]:
    """Yield the table's lines in Markdown."""
    head, *rest = rows()
    for row in (head, ("---",) * len(head), *rest):
        yield f"| {' | '.join(row)} |" if row[0] != "---" else f"|{'|'.join(row)}|"
