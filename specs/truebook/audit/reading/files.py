"""Which form a file has, and what it says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

import msgspec

from truebook.audit.reading import history, trades
from truebook.audit.reading.lines import Talk, too_long
from truebook.audit.reading.opened import (
    DAMAGE,
    Block,
    CutOffError,
    blocks_of,
    is_packed,
    lines_of,
    numbered,
    opened,
)
from truebook.audit.reading.trades import Dates
from truebook.audit.seen import Damaged, Place, Remark, Seen

LOOKED_AT: Final = 40
"""Lines at the top of a file by which its form is told."""
SPOT: Final = 1 << 16
"""Bytes that are looked at together."""


class Form(StrEnum):
    """What a file is, as its first lines show."""

    TRADES = "a table of trades"
    ORDERS = "a table of orders"
    DOCUMENT = "one value over several lines"
    LINES = "lines of JSON"


class CannotReadError(Exception):
    """A file that cannot be opened; the words say why."""


def kind_of(path: Path) -> str:
    """Return what a file is, in words, where it is not plain lines of JSON; else nothing.

    CannotReadError where it cannot be opened.
    """
    with in_words(path):
        if is_packed(path):
            return "packed"
        with opened(path) as file:
            form = _form_of(_top(str(path), _unbroken(str(path), blocks_of(file)))[1])
    return "" if form is Form.LINES else form


Sift = Callable[[Talk, Block], Iterator[Seen]]
"""Reads what lines of JSON say, or those of them that matter to whoever reads."""


def _all(talk: Talk, block: Block) -> Iterator[Seen]:
    return talk.read_all(*numbered(block))


def read(
    path: Path, *, dates: Dates | None = None, name: str = "", sift: Sift = _all
) -> Iterator[Seen]:
    """Yield what a file says, line by line; nothing that it has is an error.

    `dates` says how a table writes its dates, where its rows do not tell. CannotReadError where the
    file cannot be opened.
    """
    shown = name or str(path)
    with in_words(path), opened(path) as file:
        yield from _whole(shown, path, file, dates, sift)


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Say what the operating system refuses as CannotReadError."""
    try:
        yield
    except OSError as error:
        raise CannotReadError(f"cannot read {path}: {error.strerror or error}") from error


def _whole(shown: str, path: Path, file: Any, dates: Dates | None, sift: Sift) -> Iterator[Seen]:
    blocks = _unbroken(shown, blocks_of(file))
    top, text = _top(shown, blocks)
    blocks = chain(top, blocks)
    everything = _line_by_line(shown, blocks)
    form = _form_of(text)
    if form is Form.TRADES:
        yield from _table(shown, path, everything, _first(text), dates)
    elif form is Form.ORDERS:
        found = trades.dates_of(history.dates_in(_texts(path)))
        yield _remark(shown, found, dates)
        as_read = dates or found.dates
        yield from _texts_of(everything, lambda rows: history.rows(shown, rows, as_read))
    elif form is Form.DOCUMENT:
        yield from _document(shown, everything)
    else:
        talk = Talk(shown)
        for part in blocks:
            if isinstance(part, tuple):
                yield from sift(talk, part)
            else:
                yield part


def spots_of(path: Path, most: int) -> Iterator[bytes]:
    """Yield some of a file's bytes, from all over it; of a packed one those at its beginning.

    CannotReadError where it cannot be opened.
    """
    with in_words(path), opened(path) as file:
        if is_packed(path):
            with suppress(*DAMAGE):
                yield file.read(most * SPOT)
            return
        size = path.stat().st_size
        for at in range(0, size, max(size // most, SPOT)):
            file.seek(at)
            yield file.read(SPOT)


def _top(shown: str, blocks: Iterator[Block | Seen]) -> tuple[list[Block | Seen], list[bytes]]:
    """Return as many blocks as show what a file is, and its first lines."""
    top: list[Block | Seen] = []
    count = 0
    while count < LOOKED_AT and (block := next(blocks, None)) is not None:
        top.append(block)
        count += len(block[1]) if isinstance(block, tuple) else 1
    first_lines = islice(_line_by_line(shown, iter(top)), LOOKED_AT)
    return top, [one[1] for one in first_lines if isinstance(one, tuple)]


def _form_of(text: list[bytes]) -> Form:
    """Return what a file is whose first lines these are."""
    if trades.is_table(_first(text)):
        return Form.TRADES
    if any(history.BEGINS.match(_text(line)) for line in text):
        return Form.ORDERS
    return Form.DOCUMENT if _is_document(text) else Form.LINES


def _first(text: list[bytes]) -> str:
    return _text(next((line for line in text if line.strip()), b""))


def _unbroken(shown: str, blocks: Iterator[Block]) -> Iterator[Block | Seen]:
    """Yield lines, and where they end too early."""
    try:
        yield from blocks
    except CutOffError as error:
        place = Place(shown, error.line)
        yield Damaged(place=place, what="a compressed file", why=str(error))


def _line_by_line(shown: str, blocks: Iterator[Block | Seen]) -> Iterator[tuple[int, bytes] | Seen]:
    """Yield each line, and what is said of those that cannot be had."""
    for block in blocks:
        if not isinstance(block, tuple):
            yield block
            continue
        for number, line in enumerate(block[1], block[0]):
            yield too_long(shown, number) if line is None else (number, line.rstrip(b"\r"))


def _is_document(text: list[bytes]) -> bool:
    """Return whether a file is one JSON value over several lines: its first line is none by itself.

    A list is begun so. Of an object the second line is none by itself either; else the first line
    is one that was cut off.
    """
    lines = [line.strip() for line in text if line.strip()]
    if len(lines) < 2 or lines[0][:1] not in (b"{", b"[") or _is_json(lines[0]):
        return False
    return lines[0][:1] == b"[" or not _is_json(lines[1])


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return False
    return True


def _document(shown: str, lines: Iterator[tuple[int, bytes] | Seen]) -> Iterator[Seen]:
    """Yield what one JSON value over many lines says; of a damaged one, what each line says."""
    numbered: list[tuple[int, bytes]] = []
    for line in lines:
        if isinstance(line, tuple):
            numbered.append(line)
        else:
            yield line
    talk = Talk(shown)
    whole = b"\n".join(text for _, text in numbered)
    if _is_json(whole):
        yield from talk.read(numbered[0][0], whole)
        return
    for number, text in numbered:
        alone = text.strip().strip(b",").removeprefix(b"[").removesuffix(b"]").strip()
        if alone:
            yield from talk.read(number, alone)


def _table(
    shown: str,
    path: Path,
    lines: Iterator[tuple[int, bytes] | Seen],
    header: str,
    dates: Dates | None,
) -> Iterator[Seen]:
    names = trades.names_in(header)
    found = trades.dates_of(trades.dates_in(_texts(path), names))
    yield _remark(shown, found, dates)
    as_read = dates or found.dates
    yield from _texts_of(lines, lambda rows: trades.rows(shown, rows, names, as_read))


def _remark(shown: str, found: trades.Written, dates: Dates | None) -> Remark:
    """Say how the dates of a table are read, and why."""
    if dates is not None:
        words = f"its dates are read as {dates}, as you say"
    elif found.dates is Dates.EITHER:
        words = f"its dates may be {found.dates}: {found.why}; say which by --dates"
    else:
        words = f"its dates are {found.dates}: {found.why}"
    return Remark(place=Place(shown, 1), words=words)


def _texts_of(
    lines: Iterator[tuple[int, bytes] | Seen],
    rows: Callable[[Iterator[tuple[int, str]]], Iterator[Seen]],
) -> Iterator[Seen]:
    """Yield the rows of a table, and what is said of lines that cannot be had."""
    aside: list[Seen] = []

    def texts() -> Iterator[tuple[int, str]]:
        for line in lines:
            if isinstance(line, tuple):
                yield line[0], _text(line[1])
            else:
                aside.append(line)

    for row in rows(texts()):
        while aside:
            yield aside.pop(0)
        yield row
    yield from aside


def _texts(path: Path) -> Iterator[str]:
    """Yield the lines of a file as texts, once more from its beginning."""
    with opened(path) as file:
        try:
            for _, line in lines_of(file):
                if line is not None:
                    yield _text(line)
        except CutOffError:
            return


def _text(line: bytes) -> str:
    return line.decode("utf-8-sig", "replace").replace("\0", "")
