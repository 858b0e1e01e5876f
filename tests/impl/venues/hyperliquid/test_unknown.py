"""What the venue adds tomorrow is no reason to lose a message, nor is one damaged item of many."""

import json
from copy import deepcopy
from typing import Any

import pytest

from truebook.impl.venues.hyperliquid import (
    ACTIONS,
    FRAMES,
    ORDERS,
    TO_INFO,
    Unreadable,
    fills_of,
    hear,
    packed,
    write,
)
from truebook.impl.venues.hyperliquid.streams import OrderUpdates, UserEvents, UserFills

FILL: dict[str, Any] = {
    "coin": "BTC",
    "px": "100.0",
    "sz": "1.0",
    "side": "B",
    "time": 5,
    "startPosition": "0.0",
    "dir": "Open Long",
    "closedPnl": "0.0",
    "hash": "0x00",
    "oid": 7,
    "crossed": True,
    "fee": "0.1",
    "tid": 9,
    "feeToken": "USDC",
}
ORDER: dict[str, Any] = {
    "order": {
        "coin": "BTC",
        "side": "A",
        "limitPx": "101.0",
        "sz": "1.0",
        "oid": 8,
        "timestamp": 4,
        "origSz": "1.0",
    },
    "status": "open",
    "statusTimestamp": 4,
}


def read(value: Any) -> Any:
    (heard,) = hear(json.dumps(value))
    return heard


def test_new_fields_are_kept_wherever_they_are_and_written_back() -> None:
    first, second = deepcopy(ORDER), deepcopy(ORDER)
    first["order"]["iceberg"] = {"tip": 0.10, "of": [1, None]}
    second["why"] = "because"
    value = {"channel": "orderUpdates", "data": [first, second], "seq": 12345678901234567890}
    frame = read(value)
    assert isinstance(frame, OrderUpdates)
    assert frame.data[0].order.oid == 8
    assert frame.data[1].extra == {"why": "because"}
    assert frame.extra == {"seq": 12345678901234567890}
    assert json.loads(write(frame)) == value


def test_new_fields_are_kept_in_children_of_orders_and_in_tuples() -> None:
    child = {**ORDER["order"], "new": 1}
    update = {**ORDER, "order": {**ORDER["order"], "children": [child]}}
    assert json.loads(write(ORDERS.read(json.dumps(update)))) == update
    perp = {"name": "BTC", "szDecimals": 5, "new": [1]}
    answer = [{"universe": [perp], "new": {}}, []]
    got: Any = TO_INFO["metaAndAssetCtxs"].read(json.dumps(answer))
    assert got[0].universe[0].extra == {"new": [1]}
    assert json.loads(write(got)) == answer


def test_missing_and_null_are_told_apart() -> None:
    missing, null = read_fill({}), read_fill({"cloid": None})
    assert missing != null
    assert b"cloid" not in write(missing)
    assert b'"cloid":null' in write(null)


def read_fill(more: dict[str, Any]) -> Any:
    return read({"channel": "userFills", "data": {"user": "0x1", "fills": [{**FILL, **more}]}})


def test_an_action_with_a_new_field_is_packed_with_it() -> None:
    action = ACTIONS.read('{"type":"noop","new":true}')
    assert packed(action) == b"\x82\xa4type\xa4noop\xa3new\xc3"


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        ({"channel": "userFills", "data": {"user": "0x1", "fills": []}}, UserFills),
        ({"channel": "user", "data": {"fills": []}}, UserEvents),
    ],
)
def test_a_damaged_fill_takes_no_other_with_it(frame: dict[str, Any], kind: type) -> None:
    for damage in ({"px": 100.5}, {"side": "X"}, {"oid": None}):
        frame["data"]["fills"] = [FILL, {**FILL, **damage}, {**FILL, "tid": 10, "new": 1}]
        whole, damaged = hear(json.dumps(frame))
        assert isinstance(whole, kind)
        assert json.loads(write(whole))["data"]["fills"] == [FILL, {**FILL, "tid": 10, "new": 1}]
        assert isinstance(damaged, Unreadable)
        assert json.loads(damaged.raw) == {**FILL, **damage}
        assert damaged.why.startswith(("Expected", "Invalid"))


def test_a_damaged_order_takes_no_other_with_it() -> None:
    whole, damaged = hear(json.dumps({"channel": "orderUpdates", "data": [ORDER, {"order": 1}]}))
    assert json.loads(write(whole))["data"] == [ORDER]
    assert isinstance(damaged, Unreadable)


def test_what_is_damaged_around_its_items_is_damaged_as_a_whole() -> None:
    raw = json.dumps({"channel": "userFills", "data": {"user": 5, "fills": [FILL, 1]}})
    (heard,) = hear(raw)
    assert isinstance(heard, Unreadable)
    assert heard.raw == raw


def test_a_channel_that_nobody_knows_is_reported() -> None:
    (heard,) = hear('{"channel":"tomorrow","data":[]}')
    assert isinstance(heard, Unreadable)
    assert "tomorrow" in heard.why


def test_a_listing_with_a_damaged_order_is_no_listing() -> None:
    raw = json.dumps([ORDER["order"], {**ORDER["order"], "sz": None}])
    assert isinstance(TO_INFO["openOrders"].read(raw), Unreadable)


def test_the_fills_of_an_answer_are_each_true_by_themselves() -> None:
    read = fills_of(json.dumps([FILL, {**FILL, "time": "5"}]))
    assert [fill.tid for fill in read.fills] == [9]
    assert [json.loads(one.raw)["time"] for one in read.damaged] == ["5"]
    assert [one.why for one in fills_of("{").damaged] == ["Input data was truncated"]
    assert [one.why for one in fills_of("{}").damaged] == ["Expected `array`"]


def test_a_posted_order_is_not_what_is_read_as_a_frame() -> None:
    assert isinstance(FRAMES.read('{"method":"ping"}'), Unreadable)
