"""Whatever the book is told, true or not, it never raises, its sums hold, and it can be saved."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.impl import BookConfig, ListedOrder, Listing, ListingRequest, UnifiedOrderBook
from truebook.impl.book.orders import chain, open_size, unseen
from truebook.model.vocabulary import LIVE, OrderState

CONFIG = BookConfig(
    max_tracked_tids=6,
    orphan_grace_period=2,
    expected_cloid_ttl=2,
    finalized_protection=1,
    fill_window_duration=3,
    tombstone_duration=3,
    listing_timeout=4,
    cancel_timeout=1,
    max_events=5,
)
cloids = st.sampled_from(["c1", "c2", "c3"])
oids = st.sampled_from(["o1", "o2", "o3", "o4", "o5"])
ids = cloids | oids
sizes = st.integers(1, 4).map(Decimal)
amounts = st.integers(0, 4).map(Decimal)
sides = st.sampled_from(["buy", "sell"])
maybe_cloid = st.none() | cloids
PRICE = Decimal(1)


def listed_order(
    oid: str,
    cloid: str | None,
    side: str | None,
    price: Decimal | None,
    left: Decimal | None,
    gone: Decimal | None,
) -> ListedOrder:
    """Return one of which so much is left, and so much is gone, if that is told."""
    size = None if gone is None else gone + (left or 0)
    return ListedOrder(oid, cloid, side, price=price, remaining=left, size=size)


listed_orders = st.builds(
    listed_order,
    oids,
    maybe_cloid,
    st.none() | sides,
    st.none() | sizes,
    st.none() | amounts,
    st.none() | amounts,
)
events = st.one_of(
    st.tuples(st.just("register_pending"), sides, st.just(PRICE), sizes, st.just({}), cloids),
    st.tuples(st.just("finalize_order"), cloids, oids, amounts, sides, st.just(PRICE), amounts),
    st.tuples(st.just("handle_immediate_fill"), cloids, oids, sizes, st.just(PRICE), st.booleans()),
    st.tuples(st.just("order_rejected"), cloids, st.none() | oids),
    st.tuples(st.just("order_unknown"), cloids),
    st.tuples(
        st.just("process_fill"),
        oids,
        st.integers(0, 9),
        sizes,
        st.booleans(),
        maybe_cloid,
        st.integers(0, 9),
        st.none() | st.booleans(),
    ),
    st.tuples(
        st.just("order_status"),
        oids,
        st.sampled_from(["open", "filled", "cancelled", "rejected"]),
        maybe_cloid,
        st.none() | amounts,
    ),
    st.tuples(st.just("status_unknown"), ids),
    st.tuples(st.just("request_cancel"), ids),
    st.tuples(
        st.sampled_from(
            ["cancel_confirmed", "cancel_not_open", "cancel_rejected", "cancel_timed_out"]
        ),
        ids,
    ),
    st.tuples(st.just("request_modify"), ids, sizes, st.booleans()),
    st.tuples(st.just("modify_confirmed"), cloids, st.none() | oids),
    st.tuples(st.sampled_from(["modify_failed", "modify_unknown"]), cloids),
    st.tuples(
        st.just("reconcile"), st.lists(listed_orders, max_size=4), st.none() | st.integers(0, 6)
    ),
    st.tuples(st.just("rebase"), st.integers(-3, 3), st.integers(0, 9)),
    st.tuples(st.just("position_reported"), st.integers(-3, 3), st.none() | st.integers(0, 9)),
    st.tuples(st.just("tick"), st.integers(1, 4)),
    st.tuples(st.just("tick"), st.integers(1, 4)),
)


def tell(book: UnifiedOrderBook, event: tuple[Any, ...]) -> Any:
    name, *told = event
    match name:
        case "register_pending":
            side, price, size, _, cloid = told
            known = book.get_order(cloid) is not None
            return book.register_pending(side, price, size, cloid=None if known else cloid)
        case "finalize_order":
            return book.finalize_order(*told[:-1], filled_size=told[-1])
        case "order_rejected":
            return book.order_rejected(told[0], oid=told[1])
        case "process_fill":
            oid, tid, size, buy, cloid, time, crossed = told
            return book.process_fill(
                oid, tid, size, PRICE, buy, cloid=cloid, time=time, crossed=crossed
            )
        case "order_status":
            return book.order_status(told[0], told[1], cloid=told[2], filled=told[3])
        case "request_modify":
            return book.request_modify(told[0], PRICE, told[1], force=told[2])
        case "reconcile":
            orders, ago = told
            request = None if ago is None else ListingRequest(max(0, book.now - ago))
            return book.reconcile(Listing(tuple(orders), request))
        case "position_reported":
            return book.position_reported(told[0], as_of=told[1])
        case "tick":
            return book.tick(book.now + told[0])
    return getattr(book, name)(*told)


def assert_sound(book: UnifiedOrderBook) -> None:
    ledger = book._ledger
    window = book.config.fill_window_duration
    exposure = {"buy": Decimal(0), "sell": Decimal(0)}
    unsettled = dict(exposure)
    legs = [leg for head in ledger.by_cloid.values() for leg in chain(head)]
    for leg in legs:
        side = "buy" if leg.buy else "sell"
        rivals = [one for one in legs if one.cloid == leg.cloid and one.state in LIVE]
        past = leg.closed_at is not None and book.now - leg.closed_at >= window
        if leg.state is OrderState.PENDING:
            left = open_size(rivals[0]) if rivals else Decimal(0)
            exposure[side] += max(Decimal(0), leg.size - left)
            unsettled[side] += min(left, leg.size)
        else:
            exposure[side] += open_size(leg)
            unsettled[side] += Decimal(0) if past else unseen(leg)
        assert (leg.state in LIVE) == (leg.oid in ledger.live and ledger.live[leg.oid] is leg)
        assert (leg.state is OrderState.PENDING) == (ledger.pending.get(leg.cloid) is leg)
        assert leg.oid is None or ledger.by_oid[leg.oid] is leg
        assert leg.exposure >= 0
        assert leg.unsettled >= 0
        assert leg.closed_at is None or book.now - leg.closed_at < book.config.remembered
    assert len(ledger.by_oid) == sum(leg.oid is not None for leg in legs)
    for orphan in book.get_orphans():
        if orphan.side is not None and (orphan.since is not None or orphan.cancel_at is not None):
            exposure[orphan.side.value] += orphan.size
        assert orphan.oid not in ledger.by_oid
    for side in ("buy", "sell"):
        assert book.pending_exposure(side) == exposure[side]
        assert book.unsettled(side) == unsettled[side]
    assert len(ledger.memory.known) <= book.config.max_tracked_tids
    assert len(ledger.log.events) <= book.config.max_events


@settings(max_examples=400)
@given(st.lists(events, max_size=40))
def test_anything_may_be_told(told: list[tuple[Any, ...]]) -> None:
    book = UnifiedOrderBook(CONFIG)
    for event in told:
        tell(book, event)
        assert_sound(book)
    again = UnifiedOrderBook.from_json(book.to_json())
    assert again == book == book.copy()
    assert_sound(again)
    later = book.now + 1000
    for one in (book, again):
        one.tick(later)
        assert_sound(one)
    assert again == book


@settings(max_examples=200)
@given(st.lists(events, max_size=40))
def test_once_quiet_nothing_is_left(told: list[tuple[Any, ...]]) -> None:
    book = UnifiedOrderBook(CONFIG)
    for event in told:
        tell(book, event)
    for later in (100, 200, 300):
        book.tick(book.now + later)
        request = book.listing_requested()
        book.reconcile(Listing((), request))
    book.tick(book.now + 1000)
    assert book.get_orders() == ()
    assert book.get_orphans() == ()
    assert book.pending_count == len(book) == 0
    for side in ("buy", "sell"):
        assert book.pending_exposure(side) == book.unsettled(side) == 0
    ledger = book._ledger
    for held in (
        ledger.by_oid,
        ledger.early.by_oid,
        ledger.early.queue,
        ledger.closing,
        ledger.leaving,
        ledger.orphans.by_oid,
    ):
        assert not held
