"""An account: keys, sums, what is to be done in each market, and a journal for each."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl import (
    BookConfig,
    ClockSetBack,
    ListedOrder,
    ListingRefused,
    ListingRequest,
    UnifiedOrderBook,
)
from truebook.impl.account import (
    Account,
    AccountListing,
    Coverage,
    MarketKey,
    PositionSide,
)
from truebook.impl.journal import JournaledBook

BTC, ETH = MarketKey("BTC"), MarketKey("ETH", dex="xyz", sub_account="two")
ALL = Coverage(market=None, dex=None, sub_account=None)
SECOND = 1_000_000_000


def listing(account: Account, seconds: int, *orders: tuple[MarketKey, ListedOrder]) -> Any:
    now = seconds * SECOND
    request = account.listing_requested(now=now)
    return account.reconcile(AccountListing(orders, of=ALL, request=request), now=now)


def traded() -> Account:
    account = Account()
    for key in (BTC, ETH):
        account.at(key).process_fill(1, 1, 3, 100, key is BTC, time=1, now=SECOND)
    listing(account, 2, (BTC, ListedOrder(7, side="buy", remaining=2)))
    return account


# Keys


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(NAMES.filter(bool), NAMES, NAMES, st.sampled_from(PositionSide))
def test_a_key_is_read_from_its_text(market: str, dex: str, sub: str, side: PositionSide) -> None:
    key = MarketKey(market, dex=dex, sub_account=sub, position_side=side)
    assert MarketKey.parse(str(key)) == key
    assert "/" not in str(key)
    assert str(key).isascii()


@pytest.mark.parametrize(
    "text", ["", "BTC", "BTC,,", "BTC,,,up", ",,,net", "B C,,,net", "B,,,net,"]
)
def test_another_text_is_no_key(text: str) -> None:
    with pytest.raises(ValueError, match=r"key|market|position_side"):
        MarketKey.parse(text)


LOOSE: Any = Account()


def told(orders: Any, **options: Any) -> AccountListing:
    return AccountListing(orders, **{"of": ALL, "request": ListingRequest(1), **options})


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: MarketKey(""), ValueError, "market is empty"),
        (lambda: MarketKey(5), TypeError, "market must be a text"),  # type: ignore[arg-type]
        (lambda: MarketKey("BTC", dex=None), TypeError, "dex must be a text"),  # type: ignore[arg-type]
        (lambda: MarketKey("BTC", position_side="both"), ValueError, "one of net, long, short"),
        (lambda: Coverage(market="BTC"), TypeError, "dex"),  # type: ignore[call-arg]
        (lambda: Account("x"), TypeError, "config must be a BookConfig"),  # type: ignore[arg-type]
        (lambda: LOOSE.at("BTC"), TypeError, "key must be a MarketKey"),
        (lambda: Account()[BTC], KeyError, "BTC"),
        (lambda: told([ListedOrder(1)]), TypeError, "a MarketKey and a ListedOrder"),
        (lambda: told([(BTC, 1)]), TypeError, "a MarketKey and a ListedOrder"),
        (lambda: told("no"), TypeError, "its orders"),
        (lambda: told([], request=None), TypeError, "request must be"),
        (lambda: told([], of=BTC), TypeError, "of must be a Coverage"),
        (lambda: told([], covers_triggers=1), TypeError, "covers_triggers must be"),
        (lambda: Account(books={BTC: UnifiedOrderBook()}), ValueError, "of the scope ''"),
        (lambda: Account(make=lambda key, config: UnifiedOrderBook()).at(BTC), ValueError, "scope"),
        (lambda: Account(books={BTC: seeded(BTC), ETH: seeded(ETH)}), ValueError, "same cloids"),
        (lambda: Account().position("BTC", position_side="up"), ValueError, "position_side must"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused(
    make: Callable[[], Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        make()


def seeded(key: MarketKey) -> UnifiedOrderBook:
    return UnifiedOrderBook(BookConfig(scope=str(key), cloid_seed=7))


# What is told, and what is to be done


def test_a_market_begins_with_its_first_fact() -> None:
    account = Account()
    assert account
    assert list(account) == []
    account.tick(5)
    book = account.at(BTC)
    assert (book.now, book.config.scope) == (5, str(BTC))
    assert account.at(BTC) is account[BTC] is book
    assert list(account) == [BTC]


def test_sums_are_of_one_market() -> None:
    account = traded()
    other = MarketKey("BTC", sub_account="two")
    account.at(other).process_fill(1, 1, 5, 100, False, time=1)
    assert account.position("BTC") == -2
    assert account.position("BTC", sub_account="two") == -5
    assert account.position("ETH") == 0
    assert account.position("ETH", dex="xyz") == -3
    assert account.pending_exposure("buy", "BTC") == 2
    assert account.foreign_exposure("buy", "BTC") == 2
    assert account.unsettled("buy", "BTC") == 0


@pytest.mark.parametrize("covers", [True, False])
def test_what_waits_is_summed_and_ended_by_a_listing_that_would_have_it(covers: bool) -> None:
    account = Account()
    other = MarketKey("BTC", sub_account="two")
    for key, size in ((BTC, 2), (other, 3)):
        account.at(key).register_pending("sell", 90, size, cloid="stop", trigger=95, now=0)
        account.at(key).order_waits("stop")
    assert account.waiting_exposure("sell", "BTC") == account.pending_exposure("sell", "BTC") == 5
    assert account.waiting_exposure("sell", "BTC", sub_account="two") == 3
    request = account.listing_requested(now=60 * SECOND)
    asked = AccountListing([], of=ALL, request=request, covers_triggers=covers)
    account.reconcile(asked, now=60 * SECOND)
    assert account.waiting_exposure("sell", "BTC") == (0 if covers else 5)


def test_orphans_and_statuses_are_of_their_markets() -> None:
    account = traded()
    account[ETH].register_pending("sell", 1, 1, cloid="c")
    found = listing(account, 20, (BTC, ListedOrder(7, side="buy", remaining=2)),
                    (ETH, ListedOrder(7)))  # fmt: skip
    assert found.orphans_to_cancel == ((BTC, 7),)
    assert found.cancel_requests == (1,)
    assert found.statuses_to_ask == ((ETH, "c"),)
    assert [(key, one.oid) for key, one in account.get_orphans()] == [(BTC, 7), (ETH, 7)]
    assert found.refused == {}


def test_events_come_with_their_market_once() -> None:
    account = traded()
    account.listing_failed(Coverage(market="BTC", dex="", sub_account=""), now=2 * SECOND)
    events = account.drain_events()
    assert [event.key for event in events] == [BTC, BTC, ETH]
    assert isinstance(events[1].event, ListingRefused)
    assert account.drain_events() == ()


def test_a_clock_set_back_is_said_in_each_market_and_holds() -> None:
    account = traded()
    account.drain_events()
    request = account.listing_requested(now=SECOND)
    assert request.at == account.now == account[BTC].now == account[ETH].now == 2 * SECOND
    assert [type(event.event) for event in account.drain_events()] == [ClockSetBack] * 2


# Saved


def test_an_account_is_saved_and_copied() -> None:
    account = traded()
    saved = account.to_json()
    again = Account.from_json(json.loads(json.dumps(saved)))
    assert again == account == account.copy()
    assert again.to_json() == saved
    again.at(BTC).process_fill(2, 2, 1, 1, True, time=2)
    assert again != account
    assert account != "an account"


SPOILT: list[Callable[[Any], Any]] = [
    lambda data: [],
    lambda data: data | {"more": 1},
    lambda data: data | {"version": 2},
    lambda data: data | {"version": True},
    lambda data: data | {"now": -1},
    lambda data: data | {"books": {}},
    lambda data: data | {"books": [["BTC,,,net"]]},
    lambda data: data | {"books": [*data["books"], data["books"][0]]},
    lambda data: data | {"books": [["ETH,,,net", data["books"][0][1]]]},
    lambda data: data | {"books": [["BTC,,,net", {}]]},
    lambda data: data | {"books": [[5, data["books"][0][1]]]},
    lambda data: data | {"like": data["books"][0][1]},
    lambda data: data | {"like": None},
    lambda data: {name: one for name, one in data.items() if name != "like"},
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_is_no_saved_account_is_refused(spoil: Callable[[Any], Any]) -> None:
    with pytest.raises(ValueError, match="not a saved account of version 1: "):
        Account.from_json(spoil(traded().to_json()))


def test_each_market_may_have_a_journal(tmp_path: Path) -> None:
    def make(key: MarketKey, config: BookConfig) -> UnifiedOrderBook:
        return JournaledBook(tmp_path / f"{key}.journal", config)

    account = Account(make=make)
    for key in (BTC, ETH):
        account.at(key).process_fill(1, 1, 3, 100, True, time=1, now=5)
    listing(account, 1, (BTC, ListedOrder(7)))
    saved = account.to_json()
    for book in account.values():
        assert isinstance(book, JournaledBook)
        book.close()
    books = {MarketKey.parse(path.stem): JournaledBook(path) for path in tmp_path.glob("*.journal")}
    again = Account(make=make, books=books)
    assert again.to_json() == saved
    assert again == account.copy()
    for one in books.values():
        one.close()
