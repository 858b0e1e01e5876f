"""Books that are wrong on purpose, each in one way."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Self

import attrs

from truebook.impl import (
    CancelRequested,
    Conflict,
    ListedOrder,
    Listing,
    ListingRefused,
    ModifyRequested,
    Order,
    OrderState,
    ReconcileResult,
    Refused,
    UnifiedOrderBook,
    UnknownOrder,
)

Book = UnifiedOrderBook


class MissesAFill(Book):
    def process_fill(self, oid: Any, tid: Any, *args: Any, **options: Any) -> Any:
        return None if tid == 1 else super().process_fill(oid, tid, *args, **options)


class CountsTwice(Book):
    def process_fill(self, oid: Any, tid: Any, *args: Any, **options: Any) -> Any:
        known = self.knows_fill(oid, tid, options.get("time"))
        return super().process_fill(oid, tid + 1_000_000 * known, *args, **options)


class ShowsNothingOpen(Book):
    def get_active_oids(self) -> frozenset[int | str]:
        return frozenset()


class NoExposure(Book):
    def pending_exposure(self, side: Any) -> Decimal:
        return Decimal(0)


class LooseExposure(Book):
    def unsettled(self, side: Any) -> Decimal:
        return super().unsettled(side) + 1


class CriesWolf(Book):
    def drain_events(self) -> Any:
        return (*super().drain_events(), Conflict("this cannot be"))


class SaysNothing(Book):
    def drain_events(self) -> Any:
        super().drain_events()
        return ()


class SaysItForEver(Book):
    def drain_events(self) -> Any:
        return (*super().drain_events(), ListingRefused("again"))


class AsksForEver(Book):
    def reconcile(self, *args: Any, **options: Any) -> Any:
        result = super().reconcile(*args, **options)
        if isinstance(result, ReconcileResult):
            return attrs.evolve(result, statuses_to_ask=(1,))
        return result


class Flaps(Book):
    def legs(self, id: Any) -> tuple[Order, ...]:
        return tuple(self._other(leg) for leg in super().legs(id))

    def _other(self, leg: Order) -> Order:
        late = self.now >= 20_000_000_000 and not leg.is_open and leg.oid is not None
        return attrs.evolve(leg, state=OrderState.RESTING) if late else leg


class CancelsAllListed(Book):
    def reconcile(self, snapshot: Any, **options: Any) -> Any:
        result = super().reconcile(snapshot, **options)
        if isinstance(result, ReconcileResult):
            oids = tuple(order.oid for order in snapshot.orders)
            return attrs.evolve(result, orphans_to_cancel=oids)
        return result


class NeverCancels(Book):
    def request_cancel(self, id: Any, **options: Any) -> Any:
        return Refused(id, "not now")


class RefusesSmallFills(Book):
    def process_fill(self, oid: Any, tid: Any, size: Any, *args: Any, **options: Any) -> Any:
        if size < 1:
            raise ValueError("too small")
        return super().process_fill(oid, tid, size, *args, **options)


class ForgetsItself(Book):
    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(super().from_json(data).config)


class StaysPending(Book):
    def get_pending_cloids(self) -> frozenset[str]:
        return super().get_pending_cloids() | {"o1"}


class CancelsAreStuck(Book):
    def stuck_cancels(self, now: int | None = None) -> Any:
        return self.get_orders()


class NeverTheSame(Book):
    __hash__ = None

    def __eq__(self, other: object) -> bool:
        return False


# Books that lack what the book has learnt


def listed(snapshot: Any, change: Callable[[ListedOrder], ListedOrder | None]) -> Listing:
    """Return a listing with other orders."""
    orders: Iterable[ListedOrder | None] = (change(order) for order in snapshot.orders)
    return Listing([one for one in orders if one is not None], snapshot.request, snapshot.scope)


class BelievesOver(Book):
    """What was told over is over, whatever is listed."""

    def reconcile(self, snapshot: Any, **options: Any) -> Any:
        return super().reconcile(listed(snapshot, self._open), **options)

    def _open(self, order: ListedOrder) -> ListedOrder | None:
        closed = [leg for leg in self.legs(order.oid) if leg.oid == order.oid and not leg.is_open]
        return None if closed else order


class PassesKnownFillsOver(Book):
    """A known fill is passed over, whatever else is in it."""

    def process_fill(self, oid: Any, tid: Any, *args: Any, **options: Any) -> Any:
        if self.knows_fill(oid, tid, options.get("time")):
            return None
        return super().process_fill(oid, tid, *args, **options)


class OldFillsBind(Book):
    """A known fill binds the newest request of its cloid to its oid."""

    def process_fill(
        self, oid: Any, tid: Any, size: Any, price: Any, is_buy: bool, **options: Any
    ) -> Any:
        cloid, known = options.get("cloid"), self.knows_fill(oid, tid, options.get("time"))
        if known and cloid in self.get_pending_cloids():
            self.handle_immediate_fill(cloid, 10_000 + oid, size, price, is_buy)
        return super().process_fill(oid, tid, size, price, is_buy, **options)


class SameCloids(Book):
    """Every book makes the same cloids."""

    def register_pending(self, *args: Any, **options: Any) -> str:
        cloid = options.pop("cloid", None) or f"0x{len(self.get_orders()):032x}"
        return super().register_pending(*args, cloid=cloid, **options)


class IgnoresSizes(Book):
    """What a listing says of an order's size is not heard."""

    def reconcile(self, snapshot: Any, **options: Any) -> Any:
        return super().reconcile(listed(snapshot, self._bare), **options)

    def _bare(self, order: ListedOrder) -> ListedOrder:
        return ListedOrder(order.oid, order.cloid, order.side)


class WaitsAreUnknown(Book):
    """That an order waits is not heard, nor known from its kind."""

    def register_pending(self, *args: Any, **options: Any) -> str:
        options = {name: value for name, value in options.items() if name != "trigger"}
        return super().register_pending(*args, **options)

    def order_waits(self, cloid: str, **options: Any) -> Any:
        return self.order_unknown(cloid, now=options.get("now"))


class CancelsOnlyTheKnown(Book):
    """An order is cancelled once its answer has come, and not before."""

    def request_cancel(self, id: Any, **options: Any) -> CancelRequested | Refused | UnknownOrder:
        if id in self.get_pending_cloids() or self.stuck_cancels():
            return Refused(id, "its oid is not known yet")
        return super().request_cancel(id, **options)


class TakesFeesForNothing(Book):
    """A fill moves the position by its whole size."""

    def process_fill(self, *args: Any, **options: Any) -> Any:
        options = {name: value for name, value in options.items() if "fee" not in name}
        return super().process_fill(*args, **options)


class RefusalsAreOfTheNewest(Book):
    """A refusal is of the modify that was sent last."""

    def modify_failed(self, cloid: str, *args: Any, **options: Any) -> Any:
        if "request" in options:
            options["request"] = self._numbers[cloid]
        return super().modify_failed(cloid, *args, **options)

    _numbers: dict[str, Any] = {}  # noqa: RUF012  # of the book of the one story told

    def request_modify(self, id: Any, *args: Any, **options: Any) -> Any:
        asked = super().request_modify(id, *args, **options)
        if isinstance(asked, ModifyRequested):
            self._numbers[asked.cloid] = getattr(asked, "request", None)
        return asked


class StatusesAreOfTheOrder(Book):
    """The status of a refused modify is that of its order."""

    def order_status(self, oid: Any, status: Any, **options: Any) -> Any:
        order = self.get_order(options.get("cloid") or oid)
        if order is not None and oid not in order.oids and str(status) == "rejected":
            for one in order.oids:
                super().order_status(one, "cancelled", now=options.get("now"))
        return super().order_status(oid, status, **options)
