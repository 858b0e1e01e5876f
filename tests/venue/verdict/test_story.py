"""The story of a run: what is about orders, in the lane of who did it, from its first fault on."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chaos_market import exchange_of
from truebook.venue.engine import Asked, Order
from truebook.venue.faults import Do, Fault
from truebook.venue.verdict import belief_of
from truebook.venue.verdict.story import BEFORE, MOST, Row, Story, told

CLOID = "0x" + "ab" * 16


def test_each_lane_has_its_own() -> None:
    faults: list[Fault] = []
    story = Story("0xa", lambda: 5, faults)
    order = {"a": 1, "b": True, "p": "2900", "s": "0.1", "r": False, "t": {}, "c": CLOID}
    action = {"action": {"type": "order", "orders": [order], "grouping": "na"}}
    story.said("in", "http", json.dumps(action), path="/exchange")
    exchange = exchange_of()
    asked = Asked(coin="ETH", is_buy=True, price=Decimal(2900), size=Decimal("0.1"), cloid=CLOID)
    made = exchange.place("0xa", asked, 1)
    assert isinstance(made, Order)
    story.true(exchange.account("0xa"))
    story.true(exchange.account("0xb"))
    faults.append(Fault(message="order", nth=1, do=Do.BAD_GATEWAY))
    story.said("out", "http", b"<html>", path="/exchange", status=502)
    for _ in range(2):
        story.believed(belief_of('{"position": {"ETH": "0"}, "open": []}', 5))
    story.said("out", "ws", '{"channel":"allMids","data":{}}')
    story.said("out", "ws", "no JSON")
    assert [(row.lane, row.words, row.faults) for row in story.rows] == [
        (1, "order buy 0.1 at 2900 (0xabab…abab)", 0),
        (4, f"{made.oid} 0.1 left", 0),
        (2, "FAULT order 1: 502", 1),
        (2, "HTTP 502", 1),
        (3, "position 0; open none", 1),
    ]


def test_a_long_run_is_told_from_its_first_fault_on() -> None:
    rows = [Row(n, 1, str(n), faults=n >= 50) for n in range(200)]
    found = list(told(rows))
    assert len(found) == MOST
    assert found[0][1] == str(50 - BEFORE)
    unharmed = list(told([Row(n, 1, str(n)) for n in range(200)]))
    assert unharmed[-1][1] == "199"
    assert list(told([])) == []


ODD = [
    '{"action":{"type":"order"}}',
    '{"action":{"type":"modify"}}',
    '{"action":{"type":"cancel","cancels":[7]}}',
    '{"method":"post","request":[]}',
    '{"method":"post","request":{"payload":7}}',
    '{"method":"subscribe","subscription":"x"}',
]
ANSWERS = [
    '{"channel":"post","data":{"id":1,"response":{"type":"error","payload":"null"}}}',
    '{"channel":"post","data":[]}',
    '{"status":"ok","response":[]}',
    '{"channel":"orderUpdates","data":{"isSnapshot":true}}',
]


@pytest.mark.parametrize(
    ("way", "raw"), [("in", one) for one in ODD] + [("out", one) for one in ANSWERS]
)
def test_what_is_no_message_as_the_venue_has_them_stops_nothing(way: str, raw: str) -> None:
    story = Story("0xa", lambda: 5)
    story.said(way, "ws", raw)
    story.said("in", "http", '{"action":{"type":"noop"}}')
    assert story.rows[-1].words == "noop"


def test_an_answer_that_is_an_error_is_told() -> None:
    story = Story("0xa", lambda: 5)
    story.said("out", "ws", ANSWERS[0])
    assert [row.words for row in story.rows] == ["error: null"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda one: (
            st.lists(one)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "action",
                        "type",
                        "method",
                        "request",
                        "payload",
                        "channel",
                        "data",
                        "response",
                        "status",
                        "orders",
                        "fills",
                    ]
                ),
                one,
            )
        ),
    ),
    st.sampled_from(["in", "out"]),
)
def test_whatever_is_said_is_told_or_not(said: object, way: str) -> None:
    Story("0xa", lambda: 5).said(way, "ws", json.dumps(said))
