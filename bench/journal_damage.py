"""Break a small journal in every way there is; each time it must be right, or refused.

flips [N]      one bit of every byte of the file, of its log and of its head record
cuts [N]       each of the three cut at every byte
exchanges [N]  every two pages exchanged, every page in the place of another, or zeros
frames [N]     every frame of the log gone, zeros, twice, or exchanged with another
strangers [N]  files that are missing, older, or of another journal
power [N]      a loss of power that any blocks outlive, N times, durable and not

N is the number of calls (of `power`: of losses). Right is the book of all calls, refused a
DamagedError; `verify` must say the same, and `repair` must save what it says can be saved.
"""

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import attrs
from journal import CONFIG, script

from truebook.impl import UnifiedOrderBook
from truebook.impl.journal import DamagedError, JournaledBook, load, repair, retell, verify

Files = dict[str, bytes]
"""A journal's files, by what follows its name."""

ENDS = ("", "-wal", "-head")
PAGE = 4096
LOG_HEADER = 32
FRAME = 24 + PAGE
BLOCK = 4096  # what a disk may keep or lose of its own


def made(calls: int, *, closed: bool = False, snapshot_every: int = 0, other: int = 0) -> Files:
    """Return the files of a journal of so many calls, as a kill or as closing leaves them."""
    return versions(calls, closed=closed, snapshot_every=snapshot_every, other=other)[-1]


def versions(
    calls: int,
    *,
    closed: bool = False,
    durable: bool = False,
    snapshot_every: int = 0,
    other: int = 0,
) -> list[Files]:
    """Return a journal's files after each call; `other` calls are left out at the beginning."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.journal"
        book = JournaledBook(path, CONFIG, snapshot_every=snapshot_every, durable=durable)
        found.append(_kept(path))
        for call in islice(script(), other, other + calls):
            retell(book, call)
            if not closed:
                found.append(_kept(path))
        book.close()
        if closed:
            found.append(_kept(path))
    return found


def reopenings(calls: int, *, closed: bool = False) -> tuple[Files, Files]:
    """Return a journal's files when it was closed at half of its calls, and at the end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.journal"
        half = calls // 2
        with JournaledBook(path, CONFIG) as book:
            for call in islice(script(), half):
                retell(book, call)
        first = _kept(path)
        with JournaledBook(path) as book:
            for call in islice(script(), half, calls):
                retell(book, call)
            last = _kept(path)
        return first, _kept(path) if closed else last


def _kept(path: Path) -> Files:
    return {end: kept.read_bytes() for end in ENDS if (kept := Path(f"{path}{end}")).exists()}


# What can happen to it


def flipped(files: Files, end: str, at: int, bit: int) -> Files:
    """Return the files with one bit of one byte changed."""
    data = files[end]
    return files | {end: data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]}


def cut(files: Files, end: str, length: int) -> Files:
    """Return the files with one of them cut to a length."""
    return files | {end: files[end][:length]}


def paged(files: Files, one: int, other: int | None, *, both: bool = True) -> Files:
    """Return the files with a page exchanged with another, or after it, or zeros (None)."""
    pages = [files[""][at : at + PAGE] for at in range(0, len(files[""]), PAGE)]
    return files | {"": b"".join(_rearranged(pages, one, other, both))}


def framed(files: Files, one: int, other: int | None, *, both: bool = True) -> Files:
    """Return the files with a frame of the log exchanged with another, or after it, or zeros."""
    frames = frames_of(files)
    return files | {"-wal": files["-wal"][:32] + b"".join(_rearranged(frames, one, other, both))}


def unframed(files: Files, gone: int) -> Files:
    """Return the files with one frame of the log gone."""
    frames = frames_of(files)
    return files | {"-wal": files["-wal"][:32] + b"".join(frames[:gone] + frames[gone + 1 :])}


def frames_of(files: Files) -> list[bytes]:
    """Return the frames of the log."""
    log = files["-wal"]
    return [log[at : at + FRAME] for at in range(LOG_HEADER, len(log), FRAME)]


def _rearranged(parts: list[bytes], one: int, other: int | None, both: bool) -> list[bytes]:
    parts = list(parts)
    if other is None:
        parts[one] = bytes(len(parts[one]))
    elif both:
        parts[one], parts[other] = parts[other], parts[one]
    else:
        parts[other] = parts[one]
    return parts


def strange(files: Files, older: list[Files], others: list[Files]) -> Iterator[Files]:
    """Yield the files with one of them missing, older or of another journal; all but one, too.

    All that is older at once is an older journal: nobody can tell.
    """
    yield {end: data for end, data in files.items() if end != "-wal"}
    yield {end: data for end, data in files.items() if end != "-head"}
    yield files | {"-shm": bytes(32768)}
    yield files | {"-shm": random.Random(1).randbytes(32768)}
    for source in (*older, *others):
        for end in source:
            yield files | {end: source[end]}
        yield source | {"-head": files["-head"]}
        yield {end: data for end, data in source.items() if end != "-wal"} | {
            "-head": files["-head"]
        }


def unpowered(during: list[Files], dice: random.Random) -> Files:
    """Return what a loss of power leaves: each block as it was at some time since the last sync."""
    left = {}
    for end in ENDS:
        length = len(dice.choice(during).get(end, b""))
        blocks = [
            dice.choice(during).get(end, b"")[at : at + BLOCK].ljust(BLOCK, b"\0")
            for at in range(0, length, BLOCK)
        ]
        left[end] = b"".join(blocks)[:length]
    return left


# What comes of it


@attrs.define
class Judge:
    """Looks at broken journals, and counts what came of them; a wrong one is an error."""

    calls: int
    folder: Path
    any_prefix: bool = False  # where the last calls may be lost
    snapshots: bool = False  # where opening begins later, and what is damaged before is not read
    seen: Counter[str] = attrs.field(factory=Counter, init=False)
    books: list[Any] = attrs.field(init=False)
    known: list[list[Any]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Tell books in memory the same calls, and those of the other journals."""
        self.books = told(self.calls)
        self.known = [self.books, *(told(*other) for other in others_of(self.calls))]

    def look(self, files: Files) -> str:
        """Read a broken journal by all that reads one; return what came of it."""
        path = self.folder / "book.journal"
        put(path, files)
        health = verify(path)
        try:
            book, calls = load(path)
        except DamagedError as error:
            what = f"refused with {max(0, error.savable - 1)} calls to save"
            if (health.damage, health.events) != (error.reason, error.savable):
                raise RuntimeError(f"load: {error}; verify: {health}") from error
        else:
            what = f"{calls} calls read"
            if (health.damage and not self.snapshots) or book.to_json() != self.books[calls]:
                raise RuntimeError(f"{what}, a wrong book or one that verify refuses: {health}")
            if calls < self.calls and not self.any_prefix:
                raise RuntimeError(f"only {what}, and nothing said so")
        self.seen[what] += 1
        if self.seen[what] == 1:
            self._go_on(path, health.events, what.startswith("refused"))
        return what

    def _go_on(self, path: Path, events: int, refused: bool) -> None:
        """Save what there is; open it too."""
        if events:
            mended = path.with_name("mended")
            remove(mended)
            saved = repair(path, mended)
            if saved < events:
                raise RuntimeError("what was saved is less than what stood")
            book = load(mended)[0].to_json()
            # The file of another journal is that journal, whatever lies beside it.
            if book not in [books[saved - 1] for books in self.known if len(books) >= saved]:
                raise RuntimeError("what was saved is a wrong book")
        try:
            with JournaledBook(path) as opened:
                if refused or opened.to_json() != self.books[opened.calls_written]:
                    raise RuntimeError("a wrong book was opened")
        except DamagedError:
            if not refused:
                raise

    def all(self, broken: Iterable[Files]) -> str:
        """Look at them all, and return what was seen."""
        self.seen.clear()
        for files in broken:
            self.look(files)
        return f"{self.seen.total():,} tried; " + ", ".join(
            f"{what}: {count:,}" for what, count in sorted(self.seen.items())
        )


def told(calls: int, other: int = 0) -> list[Any]:
    """Return a book in memory after each of so many calls, `other` left out at the beginning."""
    book = UnifiedOrderBook(CONFIG)
    books = [book.to_json()]
    for call in islice(script(), other, other + calls):
        retell(book, call)
        books.append(book.to_json())
    return books


def others_of(calls: int) -> list[tuple[int, int]]:
    """Return of other journals how many calls they have, and how many are left out."""
    return [(calls, 1), (2 * calls, 5)]


def put(path: Path, files: Files) -> None:
    """Put a journal's files where nothing else of it is."""
    remove(path)
    for end, data in files.items():
        Path(f"{path}{end}").write_bytes(data)


def remove(path: Path) -> None:
    """Remove a journal, with all that lies beside it."""
    for end in (*ENDS, "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)


# The commands


def flips(calls: int) -> Iterator[tuple[str, Iterable[Files]]]:
    """Yield the changes of a bit in each byte, file by file."""
    for state, files in (("open", made(calls)), ("closed", made(calls, closed=True))):
        for end, data in files.items():
            yield (
                f"{state}, book.journal{end}",
                (flipped(files, end, at, at // 3 % 8) for at in range(len(data))),
            )


def cuts(calls: int) -> Iterator[tuple[str, Iterable[Files]]]:
    """Yield the cuts at each byte, file by file."""
    for state, files in (("open", made(calls)), ("closed", made(calls, closed=True))):
        for end, data in files.items():
            cut_ones = (cut(files, end, length) for length in range(len(data)))
            yield f"{state}, book.journal{end}", cut_ones


def exchanges(calls: int) -> Iterator[tuple[str, Iterable[Files]]]:
    """Yield what can be done with the pages of a closed journal, with and without a snapshot."""
    for every in (0, calls // 2 or 1):
        files = made(calls, closed=True, snapshot_every=every)
        pages = range(len(files[""]) // PAGE)
        name = f"{len(pages)} pages, {'a snapshot' if every else 'no snapshot'}"
        pairs = [(i, j) for i in pages for j in pages if i < j]
        yield f"{name}: exchanged", (paged(files, i, j) for i, j in pairs)
        yield (
            f"{name}: one after another",
            (paged(files, i, j, both=False) for i in pages for j in pages if i != j),
        )
        yield f"{name}: zeros", (paged(files, i, None) for i in pages)
        without = {"": files[""]}
        yield f"{name}: exchanged, alone", (paged(without, i, j) for i, j in pairs)


def frames(calls: int) -> Iterator[tuple[str, Iterable[Files]]]:
    """Yield what can be done with the frames of the log of an open journal."""
    files = made(calls)
    every = range(len(frames_of(files)))
    pairs = [(i, j) for i in every for j in every if i < j]
    name = f"{len(every)} frames"
    yield f"{name}: exchanged", (framed(files, i, j) for i, j in pairs)
    yield (
        f"{name}: one in the place of another",
        (framed(files, i, j, both=False) for i in every for j in every if i != j),
    )
    yield f"{name}: zeros", (framed(files, i, None) for i in every)
    yield f"{name}: gone", (unframed(files, i) for i in every)
    places = (0, 4, 8, 16, 24, 28, 224, 2000, FRAME - 1)
    yield (
        f"{name}: a bit changed",
        (flipped(files, "-wal", LOG_HEADER + FRAME * i + at, 0) for i in every for at in places),
    )


def strangers(calls: int) -> Iterator[tuple[str, Iterable[Files]]]:
    """Yield the mixtures with files of the same journal as it was, and of others."""
    others = [made(count, other=left_out) for count, left_out in others_of(calls)]
    others += [made(calls, other=1, closed=True), made(calls)]
    during = versions(calls)
    yield "open", strange(during[-1], [during[calls // 2], during[-2]], others)
    first, reopened = reopenings(calls)
    yield "open again", strange(reopened, [first], others)
    first, reopened = reopenings(calls, closed=True)
    yield "closed again", strange(reopened, [first], others)


def power(times: int) -> str:
    """Lose the power over and over, of a journal that is durable and of one that is not."""
    dice = random.Random(1)
    calls = 40
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(calls, Path(folder), any_prefix=True)
        during = versions(calls)
        starts = [dice.randrange(calls) for _ in range(times)]
        judge.all(unpowered(during[start:], dice) for start in starts)
        refused = sum(n for what, n in judge.seen.items() if what.startswith("refused"))
        lines.append(
            f"not durable: {times:,} tried; {refused:,} refused, the others right but for the last "
            "calls"
        )
        during = versions(calls, durable=True)
        judge.seen.clear()
        for start in starts:
            before, after = during[start : start + 2]
            log = unpowered([before, after], dice) | {"-head": before["-head"]}
            head = after | {"-head": dice.choice((before, after))["-head"]}
            what = judge.look(dice.choice((log, head)))  # the record waits for the log
            if what not in (f"{start} calls read", f"{start + 1} calls read"):
                raise RuntimeError(f"{start} calls were durable: {what}")
        lines.append(f"durable: {times:,} tried; every book right, and none refused")
    return "\n".join(lines)


COMMANDS = {
    "flips": (flips, 4),
    "cuts": (cuts, 4),
    "exchanges": (exchanges, 100),
    "frames": (frames, 40),
    "strangers": (strangers, 40),
}


def main() -> None:
    """Do what is asked for and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=(*COMMANDS, "power"))
    parser.add_argument("argument", nargs="?", type=int)
    asked = parser.parse_args()
    if asked.what == "power":
        print(power(asked.argument or 1000))
        return
    kinds, usual = COMMANDS[asked.what]
    calls = asked.argument or usual
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(calls, Path(folder))
        for name, broken in kinds(calls):
            print(f"{name}: {judge.all(broken)}", flush=True)


if __name__ == "__main__":
    main()
