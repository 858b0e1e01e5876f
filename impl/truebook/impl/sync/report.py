"""What a pass of the safety sync did, and what it did not."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import attrs

from truebook.impl.book import Oid, PositionMatches, PositionMismatch, ReconcileResult


@attrs.define(kw_only=True)
class SyncReport:
    """What a pass did; `failed` says what did not come about, and why. Empty: all of it did.

    `orphans_cancelled` are those of which the venue said that they are not open any more.
    """

    listed: int | None = None
    reconciled: ReconcileResult | None = None
    orphans_cancelled: list[Oid] = attrs.field(factory=list)
    statuses_told: list[Oid] = attrs.field(factory=list)
    fills_repaired: int = 0
    position: PositionMatches | PositionMismatch | None = None
    failed: list[str] = attrs.field(factory=list)

    @property
    def clean(self) -> bool:
        """Whether everything was done and the positions agree."""
        return not self.failed and isinstance(self.position, PositionMatches)


@contextmanager
def telling(report: SyncReport, what: str) -> Iterator[None]:
    """Report what the book refuses to be told, or its journal cannot write."""
    try:
        yield
    except Exception as error:
        report.failed.append(f"{what}: {text(error)}")


def text(error: Exception) -> str:
    """Return what an error says, with its kind."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def hush(asked: asyncio.Future[Any]) -> None:
    """Take note of an error that comes too late for anybody to hear of it."""
    if not asked.cancelled():
        asked.exception()
