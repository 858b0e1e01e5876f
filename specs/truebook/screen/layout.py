"""Lines that fit a screen: broken between words, and hanging under what they belong to."""

import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Protocol

import attrs

ANY = sys.maxsize
"""The width of a screen on which everything fits."""
WIDE = 120
"""The columns of what is not a terminal; where there are as many, a command stays on one line."""
BESIDE = 24
"""The fewest columns in which a text stands beside another; with fewer it goes below."""
COLUMN = 20
"""The fewest columns of a table's cell that is longer; with fewer, each cell has its own line."""
GAP = 2

Styled = tuple[str, str]
"""A style, and a line that has it."""


class Block(Protocol):
    """A part of a report that can be laid out in any width."""

    def lines(self, width: int) -> Iterator[Styled]:
        """Yield its lines; none is longer than `width`, but where a single word is."""
        ...


def laid_out(blocks: Iterable[Block], width: int = ANY) -> Iterator[Styled]:
    """Yield the lines of some blocks, one below the other."""
    return chain.from_iterable(block.lines(width) for block in blocks)


def line(text: str, style: str = "plain") -> "Line":
    """Return a text as a block; its indentation is kept by what follows."""
    words = text.lstrip(" ")
    return Line(" " * (len(text) - len(words)), words, style=style)


@attrs.frozen
class Line:
    """A head that keeps its columns, and a text beside it.

    A text in several phrases is broken between them where it can be. Where too little is left
    beside the head, the text goes below it, `hang` columns in.
    """

    head: str
    text: str | tuple[str, ...] = ""
    hang: int = attrs.field(kw_only=True, default=4)
    style: str = attrs.field(kw_only=True, default="plain")

    @property
    def whole(self) -> str:
        """The line, where it fits."""
        text = self.text if isinstance(self.text, str) else "; ".join(self.text)
        return f"{self.head}{text}".rstrip()

    def fits(self, width: int) -> bool:
        """Tell whether the head keeps its columns in a width."""
        beside = bool(self.text) and width - len(self.head) >= BESIDE
        return beside or len(self.whole) <= width

    def lines(self, width: int) -> Iterator[Styled]:
        """Yield its lines."""
        if len(self.whole) <= width:
            yield self.style, self.whole
            return
        if not self.head.strip() or self.fits(width):
            first, *more = _wrapped(self.text, width - len(self.head))
            yield self.style, f"{self.head}{first}"
            yield from ((self.style, " " * len(self.head) + one) for one in more)
            return
        yield from ((self.style, one) for one in _hanging(self.head, self.hang, width))
        if self.text:
            below = _wrapped(self.text, width - self.hang)
            yield from ((self.style, " " * self.hang + one) for one in below)


@attrs.frozen
class Command:
    """A command to be pasted into a shell, after a head; continued as a shell has it."""

    head: str
    words: tuple[str, ...]
    style: str = attrs.field(kw_only=True, default="plain")

    def lines(self, width: int) -> Iterator[Styled]:
        """Yield its lines."""
        whole = f"{self.head}{shlex.join(self.words)}"
        if len(whole) <= width or width >= WIDE:
            yield self.style, whole
            return
        indent = len(self.head) - len(self.head.lstrip(" ")) + 4
        current, words = self.head.rstrip(), [shlex.quote(word) for word in self.words]
        for word in words:
            # Two columns are for what continues the line.
            if current.strip() and len(current) + 1 + len(word) > width - 2:
                yield self.style, f"{current} \\" if current != self.head.rstrip() else current
                current = " " * indent + word
            else:
                current = f"{current} {word}"
        yield self.style, current


@attrs.frozen
class Table:
    """Rows of cells under a head; where they do not fit beside each other, a cell a line."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    indent: int = attrs.field(kw_only=True, default=0)
    style: str = attrs.field(kw_only=True, default="plain")

    def lines(self, width: int) -> Iterator[Styled]:
        """Yield its lines."""
        widths = self._widths(width)
        if widths is None:
            yield from self._stacked(width)
            return
        yield from (("plain", one) for one in self._row(self.head, widths))
        for row in self.rows:
            yield from ((self.style, one) for one in self._row(row, widths))

    def _widths(self, width: int) -> list[int] | None:
        """Return how wide each column is; None where they do not fit."""
        columns = list(zip(self.head, *self.rows, strict=True))
        wanted = [max(map(len, column)) for column in columns]
        longest = [max(map(_longest, column)) for column in columns]
        least = [min(want, max(word, COLUMN)) for want, word in zip(wanted, longest, strict=True)]
        room = width - self.indent - GAP * (len(columns) - 1)
        if sum(least) > room:
            return None
        for most in range(max(wanted), 0, -1):
            widths = [max(few, min(want, most)) for few, want in zip(least, wanted, strict=True)]
            if sum(widths) <= room:
                return widths
        return least

    def _row(self, cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
        wrapped = [_wrapped(cell, room) for cell, room in zip(cells, widths, strict=True)]
        for n in range(max(map(len, wrapped))):
            parts = [cell[n] if n < len(cell) else "" for cell in wrapped]
            padded = (f"{part:<{room}}" for part, room in zip(parts, widths, strict=True))
            yield (" " * self.indent + (" " * GAP).join(padded)).rstrip()

    def _stacked(self, width: int) -> Iterator[Styled]:
        start = " " * self.indent
        for row in self.rows:
            first, *others = row
            yield from Line(start, first, style=self.style).lines(width)
            for name, cell in zip(self.head[1:], others, strict=True):
                yield from Line(f"{start}  {name}: ", cell, style=self.style).lines(width)


@attrs.frozen
class Either:
    """Lines whose heads make columns; others where a head does not fit."""

    wide: tuple[Line, ...]
    narrow: tuple[Block, ...]

    def lines(self, width: int) -> Iterator[Styled]:
        """Yield its lines."""
        fits = all(one.fits(width) for one in self.wide)
        yield from laid_out(self.wide if fits else self.narrow, width)


def _hanging(text: str, hang: int, width: int) -> Iterator[str]:
    """Yield the lines of a text that keeps its indentation; those after the first hang."""
    if len(text.rstrip()) <= width:
        yield text.rstrip()
        return
    indent = len(text) - len(text.lstrip(" "))
    first, *more = _wrapped(text, width - max(indent, hang))
    yield " " * indent + first
    yield from (" " * hang + one for one in more)


def _wrapped(text: str | tuple[str, ...], width: int) -> list[str]:
    """Return the lines of a text, broken between its phrases, or between words."""
    if isinstance(text, str):
        if len(text) <= width:
            return [text]
        return _filled(text.split(), width)
    units: list[str] = []
    for number, phrase in enumerate(text, 1):
        whole = f"{phrase};" if number < len(text) else phrase
        units += [whole] if len(whole) <= width else whole.split()
    return _filled(units, width)


def _filled(units: Iterable[str], width: int) -> list[str]:
    lines = [""]
    for unit in units:
        longer = f"{lines[-1]} {unit}".lstrip()
        if not lines[-1] or len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(unit)
    return lines


def _longest(cell: str) -> int:
    return max(map(len, cell.split()), default=0)
