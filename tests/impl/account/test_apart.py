"""No fact told for one market can change another: each book is as if it were alone."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.impl import BookConfig, ListedOrder, Listing, Strangers, UnifiedOrderBook
from truebook.impl.account import Account, AccountListing, Coverage, MarketKey, PositionSide

KEYS = (
    MarketKey("BTC"),
    MarketKey("BTC", position_side="long"),
    MarketKey("BTC", position_side="short"),
    MarketKey("BTC", dex="xyz"),
    MarketKey("ETH"),
    MarketKey("BTC", sub_account="two"),
)
"""The same market otherwise, each way in which it can be."""

CONFIG = BookConfig(
    orphan_grace_period=2,
    expected_cloid_ttl=3,
    finalized_protection=2,
    fill_window_duration=6,
    tombstone_duration=6,
    listing_timeout=6,
)

Tell = Callable[[UnifiedOrderBook], Any]


def _register(cloid: str) -> Tell:
    def tell(book: UnifiedOrderBook) -> Any:
        if book.get_order(cloid) is None:
            book.register_pending("buy", 1, 5, cloid=cloid)

    return tell


def _fill(oid: int, tid: int, buy: bool) -> Tell:
    return lambda book: book.process_fill(oid, tid, 1, 1, buy, cloid=f"c{oid}", time=tid)


def _cancelled(oid: int) -> Tell:
    return lambda book: (book.request_cancel(oid), book.cancel_confirmed(oid))


OIDS = st.integers(1, 3)  # the same in all markets
TELLS = st.one_of(
    st.builds(_register, st.sampled_from(["c1", "c2", "c3"])),
    st.builds(_fill, OIDS, st.integers(1, 4), st.booleans()),
    st.builds(_cancelled, OIDS),
    st.builds(lambda oid: lambda b: b.finalize_order(f"c{oid}", oid, 5, "buy", 1), OIDS),
    st.builds(lambda oid: lambda b: b.order_status(oid, "cancelled", filled=1), OIDS),
    st.builds(lambda n: lambda b: b.position_reported(n), st.integers(-2, 2)),
    st.builds(lambda: lambda b: b.register_pending("sell", 1, 1)),
)
LISTED = st.lists(st.tuples(st.sampled_from(KEYS), OIDS, st.booleans()), max_size=6)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), st.sampled_from(KEYS), TELLS),
        st.tuples(st.just("tick"), st.integers(0, 3), st.none()),
        st.tuples(
            st.just("list"),
            LISTED,
            st.builds(
                Coverage,
                market=st.sampled_from([None, "BTC"]),
                dex=st.sampled_from([None, "", "xyz"]),
                sub_account=st.sampled_from([None, "", "two"]),
            ),
        ),
    ),
    max_size=12,
)


def _listed(rows: list[tuple[MarketKey, int, bool]]) -> list[tuple[MarketKey, ListedOrder]]:
    return [(key, ListedOrder(oid, f"c{oid}" if named else None)) for key, oid, named in rows]


@settings(max_examples=150)
@given(STEPS, st.sampled_from(Strangers))
def test_each_book_is_as_if_it_were_alone(steps: list[Any], policy: Strangers) -> None:
    account = Account(attrs.evolve(CONFIG, strangers=policy, cloid_seed=1))
    alone = {key: UnifiedOrderBook(account.config_of(key)) for key in KEYS}
    for key in KEYS:
        account.at(key)
    now = 0
    for what, one, other in steps:
        if what == "tell":
            other(account.at(one))
            other(alone[one])
        elif what == "tick":
            now += one
            account.tick(now)
            for book in alone.values():
                book.tick(now)
        else:
            orders = [row for row in _listed(one) if other.covers(row[0])]
            request = account.listing_requested(now=now)
            found = account.reconcile(AccountListing(orders, of=other, request=request), now=now)
            for key, book in alone.items():
                if other.covers(key):
                    mine = [order for of, order in orders if of == key]
                    assert found.results[key] == book.reconcile(Listing(mine, request))
                else:
                    assert key not in found.results
        for key, book in alone.items():
            assert account[key].to_json() == book.to_json()
    assert Account.from_json(account.to_json()) == account
    assert account.position("BTC") == sum(alone[key].position for key in KEYS[:3] + KEYS[5:])
    assert account.pending_exposure("buy", "BTC", position_side="long") == alone[
        KEYS[1]
    ].pending_exposure("buy")


@given(LISTED, st.sampled_from(KEYS))
def test_a_listing_closes_nothing_of_what_it_does_not_cover(
    rows: list[tuple[MarketKey, int, bool]], shown: MarketKey
) -> None:
    account = Account(CONFIG)
    for key in KEYS:
        account.at(key).register_pending("buy", 1, 5, cloid="c1", now=0)
        account.at(key).finalize_order("c1", 1, 5, "buy", 1)
    of = Coverage(market=shown.market, dex=shown.dex, sub_account=shown.sub_account)
    orders = [(key, order) for key, order in _listed(rows) if of.covers(key)]
    request = account.listing_requested(now=100)
    account.reconcile(AccountListing(orders, of=of, request=request), now=100)
    for key in KEYS:
        listed = any(of_key == key and order.oid == 1 for of_key, order in orders)
        assert (1 in account[key].get_active_oids()) is (listed or not of.covers(key))


@pytest.mark.parametrize("stray", [KEYS[3], KEYS[4], KEYS[5]])
def test_a_listing_of_something_else_than_was_asked_for_says_nothing(stray: MarketKey) -> None:
    account = Account(CONFIG)
    account.at(KEYS[0]).register_pending("buy", 1, 5, cloid="c1", now=0)
    account.at(KEYS[0]).finalize_order("c1", 1, 5, "buy", 1)
    request = account.listing_requested(now=100)
    listing = AccountListing(
        [(stray, ListedOrder(9))],
        of=Coverage(market="BTC", dex="", sub_account=""),
        request=request,
    )
    found = account.reconcile(listing, now=100)
    assert set(found.refused) == {KEYS[0]}
    assert str(stray) in found.refused[KEYS[0]].reason
    assert account[KEYS[0]].get_active_oids() == {1}
    assert stray not in account
    (event,) = account.drain_events()
    assert (event.key, event.event) == (KEYS[0], found.refused[KEYS[0]])


def test_hedged_both_sides_have_orders_fills_and_positions_of_their_own() -> None:
    account = Account(CONFIG)
    long, short = (MarketKey("BTC", position_side=side) for side in ("long", "short"))
    for key, side in ((long, "buy"), (short, "sell")):
        book = account.at(key)
        book.register_pending(side, 100, 5, cloid="c", now=1)
        book.finalize_order("c", 1, 5, side, 100)
        book.process_fill(1, 1, 3, 100, side == "buy", cloid="c", time=1)
    assert account[long].position == 3
    assert account[short].position == -3
    assert account.position("BTC") == 0
    assert account.position("BTC", position_side=PositionSide.SHORT) == -3
    assert account.pending_exposure("buy", "BTC") == account.pending_exposure("sell", "BTC") == 2
    assert account.find("c") == (long, short)
    account[short].order_status(1, "cancelled", filled=3)
    assert account.find(1) == (long, short)
    assert account.pending_exposure("sell", "BTC") == 0
    assert account.pending_exposure("buy", "BTC") == 2


@pytest.mark.parametrize("seed", [None, 1])
def test_two_books_of_an_account_make_no_cloid_twice(seed: int | None) -> None:
    account = Account(BookConfig(cloid_seed=seed))
    made = [account.at(key).register_pending("buy", 1, 1) for key in KEYS for _ in range(3)]
    assert len(set(made)) == len(made)


def test_a_seed_is_the_market_s_own_and_chance_stays_chance() -> None:
    chance, one, two = (Account(BookConfig(cloid_seed=seed)) for seed in (None, 1, 2))
    assert {chance.config_of(key).cloid_seed for key in KEYS} == {None}
    seeds = {account.config_of(key).cloid_seed for account in (one, two) for key in KEYS}
    assert len(seeds) == 2 * len(KEYS)
    assert one.config_of(KEYS[0]) == Account(BookConfig(cloid_seed=1)).config_of(KEYS[0])
