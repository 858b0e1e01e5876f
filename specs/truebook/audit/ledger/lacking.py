"""Answers of the venue that lack an order which was open before, and is told of as open after."""

import attrs

from truebook.audit.seen import Place
from truebook.impl.account import MarketKey
from truebook.impl.book import Oid


@attrs.frozen
class Lacked:
    """An answer lacked an order, and at another line it is told that it was there."""

    key: MarketKey
    oid: Oid
    place: Place
    until: Place


@attrs.define
class Lacking:
    """What was lacking, and when that was asked for, in milliseconds, until more is told of it."""

    found: list[Lacked] = attrs.field(factory=list)
    _since: dict[tuple[MarketKey, Oid], tuple[int, Place]] = attrs.field(factory=dict)

    def lack(self, key: MarketKey, oid: Oid, asked: int, place: Place) -> None:
        """Note that an answer lacks an order which was open for long: the first such counts."""
        self._since.setdefault((key, oid), (asked, place))

    def was_open(self, key: MarketKey, oid: Oid | None, time: int, place: Place) -> None:
        """Note that an order was open until a time, as this line tells."""
        if not self._since or oid is None:
            return
        lacked = self._since.get((key, oid))
        if lacked is not None and time > lacked[0]:
            del self._since[key, oid]
            self.found.append(Lacked(key, oid, lacked[1], place))
