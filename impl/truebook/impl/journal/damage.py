"""What is wrong with a journal, and how much of it can be saved."""

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Final

from truebook.impl.journal.errors import DamagedError
from truebook.impl.journal.salvage import Found, scan

START: Final = bytes(16)
"""The checksum before the first event."""


def chained(before: bytes, text: str) -> bytes:
    """Return the checksum of an event after one with the checksum `before`."""
    return blake2b(before + text.encode(), digest_size=16).digest()


def follow(found: Found, last: int = 0, head: bytes = START) -> Iterator[tuple[int, str]]:
    """Yield the events that follow one another rightly, after one whose checksum is known."""
    while True:
        last += 1
        right = [one for one in found.get(last, ()) if chained(head, one[0]) == one[1]]
        if not right:
            return
        # An event whose writing failed may stand beside the one that took its place; the first
        # one of another journal, whose log lies here, beside that of the file.
        text, head = right[0]
        if last > 1:
            text, head = next((one for one in right if _goes_on(found, last, one[1])), right[-1])
        yield last, text


def beyond(found: Found, last: int) -> int:
    """Return how many events stand beyond the first one after `last`, which is lost."""
    return sum(1 for seq in found if seq > last + 1 and _stands(found, seq))


def damaged(path: Path, reason: str) -> DamagedError:
    """Return the error that a journal is damaged, with how much of it can be saved."""
    found = scan(path)
    savable = sum(1 for _ in follow(found))
    return DamagedError(path, reason, savable, beyond(found, savable))


def _goes_on(found: Found, seq: int, head: bytes) -> bool:
    return any(chained(head, text) == digest for text, digest in found.get(seq + 1, ()))


def _stands(found: Found, seq: int) -> bool:
    """Return whether an event reads as it was written, as far as the one before shows that."""
    before = found.get(seq - 1)
    return before is None or any(
        chained(head, text) == digest for text, digest in found[seq] for _, head in before
    )
