"""Looks at a subject: what is true, what it shows, and what of it breaks a promise."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import attrs

from truebook.oracle.cases.truth import truth_of
from truebook.oracle.judge.deviation import (
    ABOVE,
    EXTRA,
    LESS,
    MISSING,
    Deviation,
)
from truebook.oracle.judge.look import Look
from truebook.oracle.judge.promises import broken

Data = Mapping[str, Any]
TICK = {"type": "tick"}
NONE: Data = MappingProxyType({})


def order(**changes: str) -> dict[str, str]:
    """Return an order of ours, which buys 10 and of which 4 were told, changed."""
    ours = {"side": "buy", "stands": "open", "cloid": "c1", "executed": "4", "left": "6"}
    return {**ours, "fills": "4", "told": "open", **changes}


def other(**changes: str) -> dict[str, str]:
    """Return an order of others that sells 5 and was listed, changed."""
    return {"side": "sell", "stands": "open", "left": "5", "told": "open", "of_others": "true"} | (
        changes
    )


OVER = {"stands": "over", "left": "0", "told": "over"}
GOOD: Data = {
    "position": "4",
    "open": ["101"],
    "pending": [],
    "orphans": [],
    "exposure": {"buy": "6", "sell": "0"},
    "unsettled": {"buy": "0", "sell": "0"},
    "orders": {"101": {"state": "partially_filled", "filled": "4", "size": "10", "oid": "101"}},
}
"""What is right of the order of `order()`."""


@attrs.frozen
class Row:
    """What is shown of what is true, and what that breaks: property, part, way, whose."""

    shown: Data
    orders: Data
    breaks: tuple[tuple[str, str, str, str], ...] = ()
    position: str = "4"
    before: Data = NONE
    event: Data = TICK
    left: bool = False
    words: Data = NONE
    modified: bool = False
    told_before: str | None = None
    way_before: str = ""

    def found(
        self, shown: Data | None = None, shows: Sequence[str] | None = None
    ) -> list[Deviation]:
        data = {"orders": self.orders, "position": self.position, **self.words}
        seen = self.shown if shown is None else shown
        parts = tuple(seen) if shows is None else shows
        truth = truth_of(data)
        told = None if self.told_before is None else Decimal(self.told_before)
        look = Look(
            seen,
            self.before,
            truth,
            self.event,
            self.left,
            parts,
            self.modified,
            told_before=told,
            way_before=self.way_before,
        )
        return list(broken(look))


def changed(**parts: Any) -> Data:
    return {**GOOD, **parts}


def shown_as(state: str, filled: str = "4", **more: str) -> Data:
    return {"101": {"state": state, "filled": filled, "size": "10", "oid": "101", **more}}


ONE = {"101": order()}
EARLIER = {"101": order(executed="6", left="4")}
"""Two of what has executed were not told."""
SALE = order(side="sell", cloid="c2", executed="3", left="0", fills="1", stands="over")
TWO_EARLIER = {**EARLIER, "201": SALE}
TWO = {"101": order(), "201": SALE}
BUYS = {"type": "fill", "side": "buy", "size": "4"}
NOTHING: Data = {"open": [], "pending": [], "orphans": []}
DROPPED = ("no-live-order-dropped", "open", MISSING, "101")
UNTRACKED = ("tracked-or-in-grace", "open", MISSING, "101")
TWICE = ("no-fill-twice", "position", ABOVE, "")
UNIQUE = "position-is-unique-fills"
BOUNDS = ("exposure-bounds-truth", "exposure", LESS, "buy")
AGREES = ("state-agrees-with-fills", "orders.state", EXTRA, "101")
FINAL = ("transitions-in-table", "orders.state", EXTRA, "101")
FILLED = "filled-is-its-fills"
SELLS = {"open": ["101"], "pending": [], "exposure": {"buy": "6", "sell": "0"}}
QUIET = {"quiet": "true"}
