"""A listing is believed in the forms that have its orders, and refused in every other one."""

import io
import time
from array import array
from collections import Counter, OrderedDict, UserDict, UserList, deque, namedtuple
from collections.abc import Callable, Iterator
from copy import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from truebook.impl import (
    ListedOrder,
    Listing,
    ListingRequest,
    OrderStatus,
    ReconcileResult,
    Side,
    UnifiedOrderBook,
)
from truebook.impl.journal.journaled_book import JournaledBook
from truebook.impl.shadow.shadow_book import ShadowBook, differences
from truebook.impl.sync.client import VenueFill, VenueFills, VenueListing
from truebook.impl.views.metrics import Metrics

ONE = Decimal(1)
MINE = (ListedOrder(1, "c1"), ListedOrder(2, "c2"))
Record = namedtuple("Record", ["status"])  # as old code has them


class Text(str):
    __slots__ = ()


def breaks() -> Iterator[Any]:
    yield MINE[0]
    raise ConnectionError("429: slow down")


def placed(book: UnifiedOrderBook) -> UnifiedOrderBook:
    for oid in (1, 2):
        book.register_pending("buy", 1, 1, cloid=f"c{oid}", now=0)
        book.finalize_order(f"c{oid}", oid, 1, "buy", 1)
    book.tick(20 * 10**9)
    return book


WHOLE: list[Callable[[tuple[Any, ...]], Any]] = [
    list,
    tuple,
    iter,
    deque,
    UserList,
    lambda them: (one for one in them),
    lambda them: map(copy, them),
    lambda them: filter(None, them),
    lambda them: reversed(them),
    lambda them: dict.fromkeys(them).keys(),
    lambda them: dict(enumerate(them)).values(),
]
ONE_THING: list[Callable[[], Any]] = [
    lambda: "",
    lambda: "error: 429",
    lambda: Text("12"),
    lambda: OrderStatus.OPEN,
    lambda: b"",
    lambda: b"12",
    lambda: bytearray(b"12"),
    lambda: memoryview(b"12"),
    dict,
    lambda: {"error": "429"},
    lambda: OrderedDict({1: "c1"}),
    lambda: UserDict({1: "c1"}),
    lambda: Counter([1, 2]),
    lambda: io.StringIO("1\n2\n"),
    lambda: io.BytesIO(b"12"),
    lambda: iter("12"),
    lambda: iter("é"),
    lambda: iter(b"12"),
    lambda: iter(bytearray(b"12")),
    lambda: iter(memoryview(b"12")),
    lambda: Side,
    lambda: OrderStatus,
    lambda: list,
    lambda: Record(429),
    lambda: time.localtime(0),
    lambda: MINE[0],
    lambda: 429,
    lambda: 0,
    lambda: 1.5,
    lambda: True,
    lambda: ONE,
    lambda: object(),
    lambda: ConnectionError("429"),
    lambda: breaks,
]
NOT_ORDERS: list[Callable[[], Any]] = [
    lambda: [None],
    lambda: [True],
    lambda: [1.0],
    lambda: [float("nan")],
    lambda: [b"1"],
    lambda: [[1, 2]],
    lambda: [(1, "c1")],
    lambda: [{"oid": 1}],
    lambda: {1: "c1"}.items(),
    lambda: {1, "a"},
    lambda: [1, "a"],
    lambda: [1, object()],
    lambda: [1, ""],
    lambda: [0],
    lambda: ["0"],
    lambda: ["\ud800"],
    lambda: [1 << 256],
    lambda: array("d", [1.0]),
    lambda: [*MINE, "x"],
]


@pytest.mark.parametrize("form", WHOLE)
def test_a_listing_in_any_form_that_has_its_orders_is_taken_whole(
    form: Callable[[tuple[Any, ...]], Any], tmp_path: Path
) -> None:
    for orders in (MINE, (1, 2)):
        with JournaledBook(tmp_path / f"{type(orders[0]).__name__}.journal") as journaled:
            for book in (placed(UnifiedOrderBook()), placed(journaled)):
                result = book.reconcile(form(orders), request=ListingRequest(15))
                assert result == ReconcileResult()
                assert book.get_active_oids() == {1, 2}
        shadow = ShadowBook(placed(UnifiedOrderBook()), placed(UnifiedOrderBook()))
        shadow.reconcile(form(orders), request=ListingRequest(15))
        assert shadow.get_active_oids() == shadow.reference.get_active_oids() == {1, 2}
        assert not shadow.refused
    book = placed(UnifiedOrderBook())
    assert book.reconcile(Listing(form(MINE), ListingRequest(15))) == ReconcileResult()
    assert book.get_active_oids() == {1, 2}


@pytest.mark.parametrize("form", WHOLE)
def test_a_listing_is_gone_through_once_when_it_is_made(
    form: Callable[[tuple[Any, ...]], Any],
) -> None:
    for made in (Listing(form(MINE)), VenueListing(form(MINE))):
        assert type(made.orders) is tuple
        assert sorted(order.oid for order in made.orders) == [1, 2]
        assert len(tuple(made.orders)) == 2
    fill = VenueFill(1, 1, size=ONE, price=ONE, is_buy=True, time=1)
    assert VenueFills(form((fill,))).fills == (fill,)


@pytest.mark.parametrize("make", ONE_THING)
def test_what_is_one_thing_is_no_listing(make: Callable[[], Any], tmp_path: Path) -> None:
    with JournaledBook(tmp_path / "book.journal") as journaled:
        for book in (placed(UnifiedOrderBook()), placed(journaled)):
            before = book.to_json()
            for request in (None, ListingRequest(15)):
                with pytest.raises(TypeError, match="a listing is its orders, or their oids, not"):
                    book.reconcile(make(), request=request)
            assert book.to_json() == before
    for kind in (Listing, VenueListing):
        with pytest.raises(TypeError, match=r"a listing is its orders, not the .*: pass each"):
            kind(make())
    with pytest.raises(TypeError, match="the answer is its fills, not the"):
        VenueFills(make())


@pytest.mark.parametrize("make", NOT_ORDERS)
def test_what_yields_no_orders_is_no_listing(make: Callable[[], Any], tmp_path: Path) -> None:
    with JournaledBook(tmp_path / "book.journal") as journaled:
        for book in (placed(UnifiedOrderBook()), placed(journaled)):
            before = book.to_json()
            with pytest.raises((TypeError, ValueError), match="oid"):
                book.reconcile(make(), request=ListingRequest(15))
            assert book.to_json() == before
    for kind in (Listing, VenueListing, VenueFills):
        with pytest.raises(TypeError, match=r"each a (ListedOrder|VenueFill), and .* is none"):
            kind(make())


def test_an_iterator_that_breaks_off_raises_what_it_raises() -> None:
    book = placed(UnifiedOrderBook())
    before = book.to_json()
    for tell in (
        lambda: book.reconcile(breaks(), request=ListingRequest(15)),
        lambda: Listing(breaks()),
        lambda: VenueListing(breaks()),
    ):
        with pytest.raises(ConnectionError, match="slow down"):
            tell()
    assert book.to_json() == before


def test_a_listing_is_of_a_request_and_a_scope() -> None:
    with pytest.raises(TypeError, match="request must be a ListingRequest, not 5"):
        Listing((), 5)  # type: ignore[arg-type]
    for kind in (Listing, VenueListing):
        with pytest.raises(TypeError, match="scope must be a text, not 5"):
            kind((), scope=5)  # type: ignore[arg-type]
        assert type(kind((), scope=Text("ETH")).scope) is str
    with pytest.raises(TypeError, match="must be an int"):
        ListingRequest("soon")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="must not be negative"):
        ListingRequest(-1)
    with pytest.raises(TypeError, match="complete must be a bool"):
        VenueListing((), complete="yes")  # type: ignore[arg-type]


def test_no_more_is_left_of_a_listed_order_than_there_was() -> None:
    assert ListedOrder(1, remaining=Decimal(5), size=Decimal(5)).remaining == 5
    with pytest.raises(ValueError, match="remaining 6 of the listed order 1 is above its size 5"):
        ListedOrder(1, remaining=Decimal(6), size=Decimal(5))


@pytest.mark.parametrize("make", ONE_THING)
def test_names_and_events_come_as_several(make: Callable[[], Any]) -> None:
    metrics = Metrics(UnifiedOrderBook())
    with pytest.raises(TypeError, match="what drain_events returned is its events, not the"):
        metrics.attended(make())
    with pytest.raises(TypeError, match="what is compared is told by its names, not the"):
        ShadowBook(UnifiedOrderBook(), what=make())
    with pytest.raises(TypeError, match="what is compared is told by its names, not the"):
        list(differences(UnifiedOrderBook(), UnifiedOrderBook(), make()))


def test_what_is_compared_is_known() -> None:
    assert ShadowBook(UnifiedOrderBook(), what=iter(["open"])).what == ("open",)
    with pytest.raises(ValueError, match="among position, open, exposure, not 'orders'"):
        ShadowBook(UnifiedOrderBook(), what=("orders",))
    with pytest.raises(TypeError, match="each a str, and 5 is none"):
        ShadowBook(UnifiedOrderBook(), what=(5,))  # type: ignore[arg-type]
    metrics = Metrics(UnifiedOrderBook())
    with pytest.raises(TypeError, match="and 'a letter' is none"):
        metrics.attended(["a letter"])  # type: ignore[list-item]
    assert not metrics.mismatches
