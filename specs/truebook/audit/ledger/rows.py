"""Tables of orders, as copied from the venue's page: what became of each order."""

from collections import Counter

import attrs

from truebook.audit.seen import OrderRow

OVER = ("Filled", "Canceled", "Cancelled", "Rejected")
"""Words behind which no order is open."""


@attrs.define
class RowLedger:
    """The orders of tables by their numbers: the latest word of each, and how often each was said.

    A table goes backward: the first row of an order that is read is its latest. Rows of one second
    say nothing of which came first; there a word that an order is over is the later one.
    """

    statuses: Counter[str] = attrs.field(factory=Counter)
    latest: dict[int, OrderRow] = attrs.field(factory=dict)
    again: int = 0
    _seen: set[tuple[int, str, str]] = attrs.field(factory=set)

    def take(self, row: OrderRow) -> None:
        """Take a row."""
        name = (row.oid, row.status, row.when)
        if name in self._seen:
            self.again += 1
            return
        self._seen.add(name)
        self.statuses[row.status] += 1
        known = self.latest.get(row.oid)
        if known is None or _is_later(row, known):
            self.latest[row.oid] = row

    def open(self) -> list[OrderRow]:
        """Return the orders whose latest word is that they are open."""
        rows = (row for row in self.latest.values() if row.status not in OVER)
        return sorted(rows, key=lambda row: row.oid)


def _is_later(row: OrderRow, known: OrderRow) -> bool:
    """Return whether a row says what came after another of its order."""
    if row.time is not None and known.time is not None and row.time != known.time:
        return row.time > known.time
    return row.when == known.when and row.status in OVER and known.status not in OVER
