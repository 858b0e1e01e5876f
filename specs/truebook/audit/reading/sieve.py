"""Lines of one market, told from the others by their first bytes: those of others need no decoding.

A line is apart where its bytes look as if it were of one market and named nobody new. It is read
by the process of that market alone, which finds out if it is not; the others are read by all.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import compress, groupby
from typing import Any, Final

import attrs

from truebook.audit.reading.lines import Talk
from truebook.audit.reading.opened import Block, numbered
from truebook.audit.seen import Damaged, FillLines, Fills, Frames, Seen, Statuses
from truebook.audit.share import Share

COIN: Final = b'"coin"'
USER: Final = b'"user"'
_SNAPSHOT: Final = rb'(?:"isSnapshot": ?(?:true|false), ?)?'
_SHAPE: Final = re.compile(
    rb'(?:(?:\{"time": ?\d+, ?"way": ?"out", ?"over": ?"ws", ?"body": ?)?\{"channel": ?'
    rb'(?:"(?:userFills|user)", ?"data": ?\{'
    + _SNAPSHOT
    + rb'(?:"user": ?"([^"\\]*)", ?)?'
    + _SNAPSHOT
    + rb'"fills": ?\[|"orderUpdates", ?"data": ?\[\{"order": ?))?\{"coin": ?"([^"\\]+)"'
)
WINDOW: Final = 10
"""So many bytes from the name of a market on are looked at: most names, and what comes behind."""
MOST: Final = 10_000
"""Beginnings that are known, at most."""


class NotApartError(Exception):
    """What looked as if it were of one market alone is not: one process has to read it all."""


@attrs.define
class Sieve:
    """Reads the lines of a file that are of a process's share, or of no market alone.

    `is_apart` says of what was yielded last that no other process reads it. Beginnings of so many
    bytes tell of whom a line is that is no longer than those which had one market.
    """

    share: Share
    is_apart: bool = False
    _user: str = ""
    _beginnings: dict[int, dict[bytes, bool]] = attrs.field(factory=dict)
    _known: dict[int, tuple[Callable[[bytes], bool | None], int]] = attrs.field(factory=dict)

    def read(self, talk: Talk, block: Block) -> Iterator[Seen]:
        """Yield what the lines say; NotApartError where one is not what it looks like."""
        if talk.venue.user != self._user:
            self._user = talk.venue.user
            self._forget()
        numbers, lines = numbered(block)
        marks = self._marks(lines)
        if None not in marks:
            named, kept = list(compress(numbers, marks)), list(compress(lines, marks))
            yield from self._read(talk, named, kept, apart=True)
            return
        marks = [
            self._mark(line) if mark is None else mark
            for mark, line in zip(marks, lines, strict=True)
        ]
        if any(
            mark is None and USER in (line or b"") for mark, line in zip(marks, lines, strict=True)
        ):
            for number, line in zip(numbers, lines, strict=True):  # it may name somebody else
                self._user = talk.venue.user
                mark = self._mark(line)
                if mark is not False:
                    yield from self._read(talk, [number], [line], apart=mark is True)
            self._forget()
            return
        yield from self._runs(talk, numbers, lines, marks)

    def _runs(
        self,
        talk: Talk,
        numbers: Sequence[int],
        lines: Sequence[bytes | None],
        marks: Sequence[bool | None],
    ) -> Iterator[Seen]:
        """Yield what lines say, apart or read by all, in their order."""
        mine = [mark is not False for mark in marks]
        kept = list(compress(lines, mine))
        named = list(compress(numbers, mine))
        at = 0
        for mark, run in groupby(compress(marks, mine)):
            end = at + sum(1 for _ in run)
            yield from self._read(talk, named[at:end], kept[at:end], apart=mark is True)
            at = end

    def _read(
        self, talk: Talk, numbers: Sequence[int], lines: Sequence[bytes | None], *, apart: bool
    ) -> Iterator[Seen]:
        for seen in talk.read_all(numbers, lines):
            if apart and not isinstance(seen, FillLines | Frames | Fills | Statuses | Damaged):
                raise NotApartError(f"{seen.place} is more than it looks like")
            self.is_apart = apart
            yield seen
        if apart and talk.venue.user != self._user:
            raise NotApartError(f"{talk.file} names an account where it was not expected")

    def _marks(self, lines: Sequence[Any]) -> list[bool | None]:
        """Return for each line whether it is of this share, by a beginning that is known."""
        marks: list[bool | None] = [None] * len(lines)
        if None in lines:
            return marks
        for size, (get, most) in self._known.items():
            marks = [
                (get(line[:size]) if len(line) <= most else None) if mark is None else mark
                for mark, line in zip(marks, lines, strict=True)
            ]
            if None not in marks:
                break
        return marks

    def _mark(self, line: bytes | None) -> bool | None:
        """Return whether a line is of this share, or of another; None where it may be of both."""
        found = None if line is None else _SHAPE.match(line)
        if found is None or line is None or line.find(COIN, found.end()) >= 0:
            return None
        user, coin = found.groups()
        named = (
            USER in line if user is None else user.decode("utf-8", "replace").lower() != self._user
        )
        if named:
            return None
        try:
            mark = self.share.has(coin.decode())
        except UnicodeDecodeError:
            return None
        size = max(found.start(2) + WINDOW, found.end())
        known = self._beginnings.setdefault(size, {})
        if len(known) < MOST:
            known[line[:size]] = mark
        before = self._known.get(size)
        most = max(len(line), before[1] if before is not None else 0)
        self._known[size] = known.get, most
        return mark

    def _forget(self) -> None:
        self._known.clear()
        self._beginnings.clear()
