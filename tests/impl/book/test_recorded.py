"""Recordings of real accounts, replayed through the book, where they are at hand.

They are read from a folder beside the project, and are no part of it.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from truebook.impl import (
    SECOND,
    ListedOrder,
    Listing,
    ReconcileResult,
    Side,
    UnifiedOrderBook,
    UnknownOrder,
)
from truebook.impl.journal.journaled_book import JournaledBook, load

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
Told = dict[str, Any]

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the recordings are not here")


def response(name: str) -> list[Told]:
    told: list[Told] = json.loads((DATA / f"{name}.json").read_text())["response"]
    return told


def by_coin(rows: Iterable[Told]) -> dict[str, list[Told]]:
    found: defaultdict[str, list[Told]] = defaultdict(list)
    for row in rows:
        found[row["coin"]].append(row)
    return found


def tell(book: UnifiedOrderBook, fill: Told) -> bool:
    """Tell a fill that has no tid: what else identifies it stands for one."""
    tid = "/".join(fill[name] for name in ("hash", "px", "sz", "startPosition"))
    size, price = Decimal(fill["sz"]), Decimal(fill["px"])
    told = {"time": fill["time"], "crossed": fill["crossed"], "now": book.now + 1}
    result = book.process_fill(fill["oid"], tid, size, price, fill["side"] == "B", **told)
    return result is not None


def test_an_account_that_ended_flat_does_so_in_any_order(tmp_path: Path) -> None:
    """Each fill says what the position was before it, so the oldest says where it began."""
    fills, again = response("hl_sdk_get_user_fills"), response("hl_sdk_get_user_fills_by_time")
    assert len(fills) == len(again) == 500  # the same, as another question answers them
    cut = fills.pop()  # a leg of a trade with oneself; the other is older than the recording
    again.remove(cut)
    for coin, told in by_coin(fills).items():
        start, oldest = Decimal(told[-1]["startPosition"]), told[-1]["time"]
        orders = (told, told[::-1], sorted(told, key=lambda fill: fill["hash"]))
        for number, order in enumerate(orders):
            path = tmp_path / f"{coin}-{number}"
            with JournaledBook(path) as book:
                book.rebase(start, oldest, now=1)
                assert sum(tell(book, fill) for fill in order) == len(told)
                assert book.position == 0, coin
                assert sum(tell(book, fill) for fill in by_coin(again)[coin]) == 0
                assert book.position == 0
            assert load(path)[0].to_json() == book.to_json()


def test_both_legs_of_each_trade_with_oneself_count() -> None:
    """Were they told apart by all but the order, half of them would be lost."""
    legs: defaultdict[tuple[Any, ...], list[Told]] = defaultdict(list)
    for fill in response("hl_sdk_get_user_fills"):
        same = ("coin", "time", "hash", "px", "sz", "startPosition")
        legs[tuple(fill[name] for name in same)].append(fill)
    trades = [both for both in legs.values() if {leg["side"] for leg in both} == {"A", "B"}]
    assert len(trades) == 83
    book = UnifiedOrderBook()
    for both in trades:
        assert len(both) == 2
        assert sum(tell(book, leg) for leg in both) == 2
        assert book.position == 0


def test_a_market_maker_s_ten_days_end_flat() -> None:
    """Some of its fills are alike in all that was recorded, and are real all the same."""
    with (DATA / "hyper_make_trade_history_2025-12-22_31_BTC.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["coin"] == "BTC"]
    assert len(rows) > 2000
    buys = {"Open Long", "Close Short", "Short > Long"}
    numbered = list(enumerate(rows, 1))
    book = UnifiedOrderBook()
    for number, row in (*numbered, *reversed(numbered)):
        size, price = Decimal(row["sz"]), Decimal(row["px"])
        book.process_fill(number, number, size, price, row["dir"] in buys, time=number, now=1)
    assert book.position == 0


def test_a_listing_without_cloids_is_all_strangers_until_their_grace_is_over() -> None:
    listed = response("hl_sdk_get_open_orders")
    assert len(listed) == 196
    for coin, rows in by_coin(listed).items():
        book = UnifiedOrderBook()
        orders = tuple(
            ListedOrder(
                row["oid"],
                side=Side.BUY if row["side"] == "B" else Side.SELL,
                price=Decimal(row["limitPx"]),
                remaining=Decimal(row["sz"]),
            )
            for row in rows
        )
        for second, asked in ((1, 0), (5, 0), (20, len(rows)), (21, 0)):
            request = book.listing_requested(now=second * SECOND)
            result = book.reconcile(Listing(orders, request))
            assert isinstance(result, ReconcileResult)
            assert len(result.orphans_to_cancel) == asked, coin
        for side, letter in ((Side.BUY, "B"), (Side.SELL, "A")):
            left = sum((Decimal(r["sz"]) for r in rows if r["side"] == letter), Decimal(0))
            assert book.pending_exposure(side) == left


def test_an_order_refused_with_an_oid_does_not_appear() -> None:
    book = UnifiedOrderBook()
    for row in response("hl_sdk_historical_orders"):
        status = "rejected" if row["status"].endswith("Rejected") else "cancelled"
        told = book.order_status(row["order"]["oid"], status, reason=row["status"], now=1)
        assert isinstance(told, UnknownOrder)
    assert (len(book), book.pending_count, book.get_orders()) == (0, 0, ())
