"""The venue as the safety sync asks it: what it answers, and what proves nothing."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from carried import STATE, Carrier
from said import fill, order, update
from truebook.impl import SECOND, BookConfig
from truebook.impl.account import Account, MarketKey
from truebook.impl.sync import CancelAnswer, SafetySync, VenueFills
from truebook.impl.venues.hyperliquid import write
from truebook.impl.venues.hyperliquid.client import PAGE, MarketClient, UnreadableAnswerError
from truebook.impl.venues.hyperliquid.markets import Market

BTC = Market("BTC", 0, 5)


def client(market: Market = BTC, **answers: Any) -> MarketClient:
    return MarketClient(transport=Carrier(**answers), user="0x1", market=market)


def asked(one: MarketClient) -> list[dict[str, Any]]:
    assert isinstance(one.transport, Carrier)
    return one.transport.asked


def test_the_open_orders_are_those_of_the_market() -> None:
    one = client(frontendOpenOrders=[order(), order(oid=8, coin="ETH"), order(oid=9)])
    listing = asyncio.run(one.open_orders())
    assert [found.oid for found in listing.orders] == [7, 9]
    assert listing.complete
    assert listing.covers_triggers
    assert listing.scope == str(MarketKey("BTC"))
    assert asked(one) == [{"type": "frontendOpenOrders", "user": "0x1", "dex": ""}]


def test_a_market_of_a_builder_is_asked_of_its_dex() -> None:
    one = client(Market("xyz:GOLD", 120_000, 2), frontendOpenOrders=[])
    asyncio.run(one.open_orders())
    assert asked(one)[0]["dex"] == "xyz"


@pytest.mark.parametrize("answer", ["null", "", [order(sz=None)], {"error": "x"}])
def test_what_cannot_be_read_is_raised_and_proves_nothing(answer: Any) -> None:
    with pytest.raises(UnreadableAnswerError) as raised:
        asyncio.run(client(frontendOpenOrders=answer).open_orders())
    assert raised.value.unreadable.raw == (
        answer if isinstance(answer, str) else write(answer).decode()
    )


def test_the_position_has_the_fills_of_its_millisecond() -> None:
    found = asyncio.run(client(clearinghouseState=STATE).position())
    assert (found.position, found.as_of) == (Decimal("1.5"), 1001)
    none = asyncio.run(client(Market("ETH", 1, 4), clearinghouseState=STATE).position())
    assert none.position == 0


def test_a_position_without_a_time_is_none() -> None:
    timeless = {name: value for name, value in STATE.items() if name != "time"}
    with pytest.raises(ValueError, match="as of when"):
        asyncio.run(client(clearinghouseState=timeless).position())


# Fills


def paged(told: list[dict[str, Any]], size: int) -> Callable[[dict[str, Any]], Any]:
    """Return what answers as the venue does: the oldest first, a page of them."""
    return lambda asked: [one for one in told if one["time"] >= asked["startTime"]][:size]


def since(told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, size: int) -> VenueFills:
    monkeypatch.setattr("truebook.impl.venues.hyperliquid.client.PAGE", size)
    return asyncio.run(client(userFillsByTime=paged(told, size)).fills_since(0))


def test_no_fill_of_a_millisecond_is_lost_between_two_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = [fill(time=time, tid=tid) for tid, time in enumerate([1, 2, 2, 2, 3, 5], 1)]
    told.insert(3, fill(coin="ETH", time=2, tid=99))
    found = since(told, monkeypatch, 5)
    assert found.complete
    assert [one.tid for one in found.fills] == [1, 2, 3, 4, 5, 6]


def test_a_millisecond_with_more_than_a_page_is_not_complete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = [fill(time=1, tid=tid) for tid in range(1, 6)]
    assert not since(told, monkeypatch, 3).complete


def test_more_than_the_venue_has_pages_for_is_not_complete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = [fill(time=tid, tid=tid) for tid in range(1, 50)]
    assert not since(told, monkeypatch, 3).complete
    assert since(told, monkeypatch, 30).complete
    assert PAGE == 2_000


def test_a_damaged_fill_is_missing() -> None:
    for damaged in (fill(px=1.5), fill(px="x")):
        found = asyncio.run(client(userFillsByTime=[fill(tid=8), damaged]).fills_since(0))
        assert [one.tid for one in found.fills] == [8]
        assert not found.complete


# Statuses and cancels


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (update("canceled", sz="4.0", reduceOnly=False), ("cancelled", Decimal(6), "canceled")),
        (update("canceled", sz="4.0"), ("cancelled", None, "canceled")),
        (update("open", isTrigger=True), ("waiting", None, "open")),
    ],
)
def test_the_status_of_an_order(answer: Any, told: tuple[Any, ...]) -> None:
    one = client(orderStatus={"status": "order", "order": answer})
    found = asyncio.run(one.order_status("7"))
    assert found is not None
    assert (found.status, found.filled, found.reason) == told
    assert found.oid == 7
    assert asked(one)[0]["oid"] == 7
    asyncio.run(one.order_status("0x" + "a" * 32))
    assert asked(one)[1]["oid"] == "0x" + "a" * 32


def test_an_unknown_order_is_none_and_that_of_another_market_no_answer() -> None:
    assert asyncio.run(client(orderStatus={"status": "unknownOid"}).order_status(7)) is None
    other = {"status": "order", "order": update(coin="ETH")}
    with pytest.raises(ValueError, match="ETH"):
        asyncio.run(client(orderStatus=other).order_status(7))
    new = {"status": "order", "order": update("tomorrow")}
    with pytest.raises(UnreadableAnswerError, match="tomorrow"):
        asyncio.run(client(orderStatus=new).order_status(7))


def cancel(*items: Any) -> dict[str, Any]:
    return {"status": "ok", "response": {"type": "cancel", "data": {"statuses": list(items)}}}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (cancel("success"), CancelAnswer.CONFIRMED),
        (
            cancel({"error": "Order was never placed, already canceled, or filled. asset=0"}),
            "not open",
        ),
        (cancel({"error": "Cannot"}), CancelAnswer.REJECTED),
        ({"status": "err", "response": "Action already expired"}, CancelAnswer.REJECTED),
    ],
)
def test_the_answer_to_a_cancel(answer: Any, told: str) -> None:
    one = client(cancel=answer)
    assert asyncio.run(one.cancel("7")) == told
    assert asked(one) == [{"type": "cancel", "cancels": [{"a": 0, "o": 7}]}]


@pytest.mark.parametrize(
    "answer",
    [
        cancel(),
        cancel("x"),
        cancel("success", "success"),
        "null",
        {"status": "err", "response": "nonce"},
    ],
)
def test_an_answer_to_a_cancel_that_proves_nothing_is_raised(answer: Any) -> None:
    with pytest.raises(ConnectionError):
        asyncio.run(client(cancel=answer).cancel(7))


def test_a_text_that_is_no_oid_is_refused() -> None:
    with pytest.raises(ValueError, match="no oid"):
        asyncio.run(client().cancel("seven"))


# All of it


def test_a_safety_sync_brings_what_the_streams_lost() -> None:
    account = Account(BookConfig(strangers="leave"))
    book = account.at(MarketKey("BTC"))
    cloid = book.register_pending("buy", 100, 10, now=1)  # its answer was lost, and a fill
    one = client(
        frontendOpenOrders=[order(sz="8.5", cloid=cloid)],
        clearinghouseState=STATE,
        userFillsByTime=[fill(sz="1.5", cloid=cloid)],
    )
    sync = SafetySync(book, one, clock=lambda: SECOND, strangers="leave")
    report = asyncio.run(sync.run_once())
    assert report.clean, report
    assert book.get_active_oids() == {7}
    assert book.position == Decimal("1.5")
