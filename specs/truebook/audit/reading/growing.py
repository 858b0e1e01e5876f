"""A file that grows: what came since it was looked at last, and what became of the file."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, Self

import attrs

from truebook.audit.reading.files import in_words
from truebook.audit.reading.lines import Talk
from truebook.audit.reading.opened import Block, Lines, numbered
from truebook.audit.seen import Damaged, Place, Remark, Seen

CHUNK: Final = 1 << 17
KNOWN_BY: Final = 64
"""So many bytes before those that come are looked at again: they are to be what they were."""


@attrs.define
class Growing:
    """Lines of JSON that are still being written; a line without an end waits for its rest.

    A file under its name may become shorter, or another: it is read from its beginning then, and
    what it tells again counts once. `gone`: there is none of its name, and the next is waited for.
    """

    path: Path
    _file: BinaryIO
    _talk: Talk
    _lines: Lines = attrs.field(factory=Lines)
    _last: bytes = b""
    gone: bool = False

    @classmethod
    def of(cls, path: Path) -> Self:
        """Return a file, none of which is read yet; CannotReadError where it cannot be opened."""
        with in_words(path):
            return cls(path, path.open("rb", buffering=0), Talk(str(path)))

    @property
    def line(self) -> int:
        """The number of the last line that was read."""
        return self._lines.number - 1

    def more(self) -> Iterator[Seen]:
        """Yield what came since; CannotReadError where it can be read no more."""
        with in_words(self.path):
            if self._is_cut():
                yield from self._anew(self._cut)
            yield from self._read()
            other = self._other()
            if other is not None:
                yield from self._read()  # what came before it was there
                yield from self._anew(self._replaced)
                self._file.close()
                self._file = other
                yield from self._read()

    def end(self) -> Iterator[Seen]:
        """Yield what is said by a last line that has no end, once nothing more is waited for."""
        yield from self._said(self._lines.end())

    def close(self) -> None:
        """Read it no more."""
        self._file.close()

    def _read(self) -> Iterator[Seen]:
        while chunk := self._file.read(CHUNK):
            self._last = (self._last + chunk)[-KNOWN_BY:]
            yield from self._said(self._lines.cut(chunk))

    def _said(self, block: Block | None) -> Iterator[Seen]:
        if block is not None:
            yield from self._talk.read_all(*numbered(block))

    def _is_cut(self) -> bool:
        """Return whether what was read last is no more where it was."""
        at = self._file.tell()
        if os.fstat(self._file.fileno()).st_size < at:
            return True
        self._file.seek(at - len(self._last))
        before = self._file.read(len(self._last))
        self._file.seek(at)
        return before != self._last

    def _other(self) -> BinaryIO | None:
        """Return the file that has its name now, if that is another."""
        try:
            found = self.path.open("rb", buffering=0)
        except FileNotFoundError:
            self.gone = True
            return None
        self.gone = False
        if not os.path.sameopenfile(found.fileno(), self._file.fileno()):
            return found
        found.close()
        return None

    def _cut(self) -> Seen:
        why = "the file has become shorter, or was written over: it is read from its beginning"
        return Damaged(place=self._place(), what="what may have come behind this line", why=why)

    def _replaced(self) -> Seen:
        words = f"behind line {self.line} another file took its place, with lines from 1 on"
        return Remark(place=self._place(), words=words)

    def _place(self) -> Place:
        return Place(str(self.path), max(self.line, 1))

    def _anew(self, why: Callable[[], Seen]) -> Iterator[Seen]:
        """Yield what is left of the file as it was, and why it is read from its beginning."""
        yield from self._said(self._lines.end())
        yield why()
        self._file.seek(0)
        self._lines, self._last = Lines(), b""
