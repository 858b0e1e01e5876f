"""Answers to batches, told item by item: what each proves of its request, and no more."""

from typing import Any

import pytest

import recorded
from truebook.impl import CancelRequested, ModifyRequested, Order, OrderState
from truebook.impl.account import Account, MarketKey
from truebook.impl.venues.hyperliquid import ANSWERS, write
from truebook.impl.venues.hyperliquid.answered import (
    BEFORE_EXECUTION,
    tell_cancelled,
    tell_modified,
    tell_placed,
)

BTC, GOLD = MarketKey("BTC"), MarketKey("GOLD", dex="xyz")
POST_ONLY = "Post only order would have immediately matched, bbo was 99@100. asset=0"
NOT_OPEN = "Order was never placed, already canceled, or filled. asset=0"
NONE = "an answer that never came"


def said(response: Any) -> Any:
    """Return an answer as it is read; None where there was none."""
    return None if response is NONE else ANSWERS.read(write(response))


def done(*items: Any, type: str = "order") -> dict[str, Any]:
    return {"status": "ok", "response": {"type": type, "data": {"statuses": list(items)}}}


def failed(words: str) -> dict[str, Any]:
    return {"status": "err", "response": words}


def resting(oid: int, **more: Any) -> dict[str, Any]:
    return {"resting": {"oid": oid, **more}}


def filled(oid: int, size: str, **more: Any) -> dict[str, Any]:
    return {"filled": {"totalSz": size, "avgPx": "100.0", "oid": oid, **more}}


def registered(account: Account, key: MarketKey = BTC, **more: Any) -> tuple[MarketKey, Order]:
    cloid = account.at(key).register_pending("buy", 100, 10, now=1, **more)
    order = account[key].get_order(cloid)
    assert order is not None
    return key, order


def now_of(account: Account, key: MarketKey, order: Order) -> Order:
    found = account[key].get_order(order.cloid)
    assert found is not None
    return found


def placed(answer: Any, count: int = 1, **more: Any) -> list[Order]:
    """Return what orders are after the answer to their batch."""
    account = Account()
    asked = [registered(account, **more) for _ in range(count)]
    tell_placed(account, asked, said(answer), now=2)
    return [now_of(account, key, order) for key, order in asked]


# Orders


def test_each_item_is_told_to_the_book_of_its_order() -> None:
    account = Account()
    asked = [registered(account), registered(account, GOLD), registered(account)]
    answer = done(resting(7), filled(8, "10.0"), {"error": POST_ONLY})
    told = tell_placed(account, asked, said(answer), now=2)
    assert [key for key, _ in told] == [BTC, GOLD, BTC]
    found = [now_of(account, key, order) for key, order in asked]
    assert [one.state for one in found] == [
        OrderState.RESTING,
        OrderState.FILLED,
        OrderState.DEAD,
    ]
    assert [one.oid for one in found] == [7, 8, None]
    assert found[2].reason == POST_ONLY


@pytest.mark.parametrize(
    ("more", "left"),
    [({}, 6), ({"time_in_force": "ioc"}, 0), ({"reduce_only": True}, 0)],
    ids=["gtc", "ioc", "reduce-only"],
)
def test_less_filled_than_the_size_is_the_end_of_what_cannot_rest(
    more: dict[str, Any], left: int
) -> None:
    (order,) = placed(done(filled(7, "4.0")), **more)
    assert order.exposure == left
    assert order.filled == 4


@pytest.mark.parametrize("word", ["waitingForTrigger", "waitingForFill"])
def test_an_order_that_waits_has_no_oid(word: str) -> None:
    (order,) = placed(done(word), trigger=90)
    assert (order.state, order.oid) == (OrderState.WAITING, None)


def test_what_a_short_answer_lacks_nobody_knows() -> None:
    states = [order.state for order in placed(done({"error": POST_ONLY}), 3)]
    assert states == [OrderState.DEAD, OrderState.PENDING, OrderState.PENDING]
    states = [order.state for order in placed(done(resting(7)), 2)]
    assert states == [OrderState.RESTING, OrderState.PENDING]


@pytest.mark.parametrize("error", BEFORE_EXECUTION)
def test_an_error_found_before_execution_is_of_the_whole_batch_where_it_is_alone(
    error: str,
) -> None:
    assert [one.state for one in placed(done({"error": error}), 3)] == [OrderState.DEAD] * 3
    beside = placed(done({"error": error}, resting(8)), 3)
    assert [one.state for one in beside] == [
        OrderState.DEAD,
        OrderState.RESTING,
        OrderState.PENDING,
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Too many cumulative requests sent (2 > 1) for cumulative volume traded $3.",
        "Signed action over weight limit of 200.",
        "Action already expired",
        "",
    ],
)
def test_what_was_refused_as_a_whole_never_existed(words: str) -> None:
    assert [one.state for one in placed(failed(words), 2)] == [OrderState.DEAD] * 2


@pytest.mark.parametrize(
    "answer",
    [
        NONE,
        None,
        "Failed to deserialize the JSON body into the target type",
        failed("Invalid nonce: duplicate nonce 5"),
        done("tomorrow"),
        done({}),
        done(resting(7, cloid="0x" + "9" * 32)),
        done(filled(7, "a lot")),
        done(resting(7), resting(8)),
        {"status": "ok", "response": {"type": "default"}},
        {"status": "ok", "response": {"type": "twapOrder", "data": {"status": "x"}}},
    ],
    ids=range(11),
)
def test_what_proves_nothing_changes_nothing(answer: Any) -> None:
    (order,) = placed(answer)
    assert (order.state, order.oid) == (OrderState.PENDING, None)
    assert order.exposure == 10


def test_an_item_may_name_its_cloid_in_any_case() -> None:
    account = Account()
    key, order = registered(account, cloid="0x" + "ab" * 16)
    named = done(resting(7, cloid="0x" + "AB" * 16))
    tell_placed(account, [(key, order)], said(named), now=2)
    assert now_of(account, key, order).oid == 7


# Cancels


def cancelled(answer: Any) -> Order:
    account = Account()
    key, order = registered(account)
    tell_placed(account, [(key, order)], said(done(resting(7))), now=2)
    asked = account[key].request_cancel(7, now=3)
    assert isinstance(asked, CancelRequested)
    tell_cancelled(account, [(key, asked)], said(answer), now=4)
    return now_of(account, key, order)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (done("success", type="cancel"), OrderState.CANCEL_CONFIRMED),
        (done({"error": NOT_OPEN}, type="cancel"), OrderState.CANCEL_CONFIRMED),
        (done({"error": "something else"}, type="cancel"), OrderState.RESTING),
        (failed("Signed action over weight limit of 200."), OrderState.RESTING),
        (failed("Action already expired"), OrderState.RESTING),
        (done("tomorrow", type="cancel"), OrderState.CANCEL_PENDING),
        (done(type="cancel"), OrderState.CANCEL_PENDING),
        (failed("nonce too low"), OrderState.CANCEL_PENDING),
        (NONE, OrderState.CANCEL_PENDING),
    ],
)
def test_the_answer_to_a_cancel(answer: Any, state: OrderState) -> None:
    assert cancelled(answer).state is state


def test_not_open_is_of_the_cancel_that_it_answers_alone() -> None:
    account = Account()
    asked = [registered(account), registered(account)]
    tell_placed(account, asked, said(done(resting(7), resting(8))), now=2)
    cancels: Any = [(BTC, account[BTC].request_cancel(oid, now=3)) for oid in (7, 8)]
    tell_cancelled(account, cancels, said(done({"error": NOT_OPEN}, type="cancel")), now=4)
    assert account[BTC].get_active_oids() == {8}


# Modifies


def modified(answer: Any) -> tuple[Account, Order]:
    account = Account()
    key, order = registered(account)
    tell_placed(account, [(key, order)], said(done(resting(7))), now=2)
    asked = account[key].request_modify(7, 101, 12, now=3)
    assert isinstance(asked, ModifyRequested)
    tell_modified(account, [(key, asked)], said(answer), now=4)
    return account, now_of(account, key, order)


PLACING = "Error placing new order during modify: Post only order would have immediately matched"
CANNOT = "Cannot modify canceled or filled order"


@pytest.mark.parametrize(
    ("answer", "exposure", "pending"),
    [
        (done(resting(8)), 12, 0),
        (done(filled(8, "5.0")), 7, 0),
        ({"status": "ok", "response": {"type": "default"}}, 12, 1),
        (done({"error": PLACING}), 0, 0),
        (done({"error": CANNOT}), 10, 0),
        (failed("Too many cumulative requests sent (2 > 1)"), 10, 0),
        (done({"error": "tomorrow"}), 12, 1),
        (done(), 12, 1),
        (failed("nonce too low"), 12, 1),
        (NONE, 12, 1),
    ],
    ids=range(10),
)
def test_the_answer_to_a_modify(answer: Any, exposure: int, pending: int) -> None:
    account, _ = modified(answer)
    assert account.pending_exposure("buy", "BTC") == exposure
    assert account[BTC].pending_count == pending


def test_the_new_oid_of_a_modify_replaces_the_old() -> None:
    account, order = modified(done(resting(8)))
    assert (order.oid, order.oids) == (8, (7, 8))
    assert account[BTC].get_active_oids() == {8}


@recorded.needed
def test_every_recorded_answer_is_told() -> None:
    for one in recorded.lines("observed_exchange_answers.jsonl"):
        items = one["response"]["response"]
        count = len(items["data"]["statuses"]) if isinstance(items, dict) else 1
        tell = {"order": placed, "batchModify": modified}.get(one["request"]["type"])
        if tell is placed:
            more: dict[str, Any] = {"trigger": 90} if count > 1 else {}
            if "orders" in one["request"]:
                more["cloid"] = one["request"]["orders"][0]["c"]
            states = {order.state for order in placed(one["response"], count, **more)}
            assert OrderState.PENDING not in states
        elif tell is modified:
            assert modified(one["response"])[0].pending_exposure("buy", "BTC") == 0
