"""What is true at the venue after a step: what promises are judged by, and no book can see whole.

docs/cases.md tells it to readers. In a file a step that tells no truth has that of the step before.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import attrs

from truebook.oracle.cases.shapes import NUMBER, TEXT, Shape, one_of, record, table_of

STANDS = ("sent", "open", "waiting", "over")
"""`sent`: it may still take effect; `waiting`: accepted, and not in the venue's book."""
TOLD = ("nothing", "open", "over")
"""What true words have told of it: nothing that names it, that it is there, that it is over."""
_YES: Shape = {"const": "true"}
_SIDE = one_of("buy", "sell")

_ORDER = {
    "side": _SIDE,
    "stands": one_of(*STANDS),
    "cloid": TEXT,
    "executed": NUMBER,
    "left": NUMBER,
    "told": one_of(*TOLD),
    "fills": NUMBER,
    "of_others": _YES,
    "replaces": TEXT,
}
TRUTH_SHAPE = record(
    {
        "orders": table_of(record(_ORDER, optional=tuple(_ORDER)[2:])),
        "position": NUMBER,
        "traded": record({"buy": NUMBER, "sell": NUMBER}),
        "misled": _YES,
        "quiet": _YES,
    },
    optional=("orders", "position", "traded", "misled", "quiet"),
)
"""The shape of the truth of a step."""

SIDES = ("buy", "sell")


@attrs.frozen(kw_only=True)
class TrueOrder:
    """One order as it is at the venue; `id` is its oid, else its cloid.

    `left` can still trade, `executed` has; `fills` of it were told (None: not said). `told` is what
    true words have told of it; `replaces` is the oid of the order that a modify replaced by it.
    """

    id: str
    side: str
    stands: str
    cloid: str = ""
    executed: Decimal = Decimal(0)
    left: Decimal = Decimal(0)
    told: str = "nothing"
    fills: Decimal | None = None
    ours: bool = True
    replaces: str = ""

    @property
    def can_trade(self) -> Decimal:
        """What of it can still trade, now or once the request arrives."""
        return Decimal(0) if self.stands == "over" else self.left


@attrs.frozen(kw_only=True)
class Truth:
    """The world behind a step.

    `position` is the sum of the distinct fills told, `traded` what has executed on each side; None
    where it is not said. `misled`: a false word stands, and no true one has corrected it yet.
    `quiet`: everything was told, all timers are over, and nothing more comes.
    """

    orders: Mapping[str, TrueOrder]
    position: Decimal | None
    traded: Mapping[str, Decimal]
    misled: bool
    quiet: bool


def carried(before: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return what is true after a step that tells no truth, given what was before it.

    It is the same; but that all is quiet is said of one step only.
    """
    if before is None or "quiet" not in before:
        return before
    return {name: value for name, value in before.items() if name != "quiet"}


def told_once(steps: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield steps that each have their truth, without it where it is as before, to be written.

    A truth that is known before a step and unknown after it is told as None.
    """
    before: Mapping[str, Any] | None = None
    for step in steps:
        truth = step.get("truth")
        rest = {name: value for name, value in step.items() if name != "truth"}
        yield rest if truth == carried(before) else {**rest, "truth": truth}
        before = truth


def truth_of(data: Mapping[str, Any]) -> Truth:
    """Return the truth that a step tells; its shape is `TRUTH_SHAPE`."""
    orders = {id_: _order(id_, told) for id_, told in data.get("orders", {}).items()}
    traded = {side: _number(size) for side, size in data.get("traded", {}).items()}
    if "traded" not in data and "orders" in data:
        for side in SIDES:
            executed = (one.executed for one in orders.values() if one.side == side and one.ours)
            traded[side] = sum(executed, Decimal(0))
    return Truth(
        orders=orders,
        position=_number(data["position"]) if "position" in data else None,
        traded=traded,
        misled="misled" in data,
        quiet="quiet" in data,
    )


def _order(id_: str, told: Mapping[str, str]) -> TrueOrder:
    return TrueOrder(
        id=id_,
        side=told["side"],
        stands=told["stands"],
        cloid=told.get("cloid", ""),
        executed=_number(told.get("executed", "0")),
        left=_number(told.get("left", "0")),
        told=told.get("told", "nothing"),
        fills=_number(told["fills"]) if "fills" in told else None,
        ours="of_others" not in told,
        replaces=told.get("replaces", ""),
    )


@lru_cache(maxsize=4096)
def _number(text: str) -> Decimal:
    return Decimal(text)
