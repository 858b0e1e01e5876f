"""The messages of the protocol: their schema is shipped, and is what is checked."""

import json
from typing import Any

import pytest

from truebook.oracle.cases.events import EVENTS
from truebook.oracle.cases.shapes import fault
from truebook.oracle.driver.client import Client, Direct
from truebook.oracle.judge.case_run import run_case
from truebook.oracle.protocol import VERSION
from truebook.oracle.protocol import messages as protocol
from truebook.oracle.protocol.messages import SCHEMAS, ProtocolError, as_json, reply_of, schema
from truebook.oracle.reference.subject import reference
from truebook.oracle.vectors.shipped import all_vectors

DEFINED = json.loads(SCHEMAS[VERSION].read_text())["$defs"]
STATE: dict[str, Any] = {
    "type": "state",
    "seq": 3,
    "position": "-1.5",
    "orders": {"c1": {"state": "resting", "filled": "0", "oid": None}},
    "open": ["101"],
    "pending": [],
    "exposure": {"buy": "1", "sell": "0"},
    "effects": {"cancels": [], "statuses": [], "reports": []},
}


@pytest.mark.parametrize("version", SCHEMAS)
def test_the_schema_that_is_shipped_is_that_of_the_messages(version: str) -> None:
    assert SCHEMAS[version].read_text() == schema(version)


def test_every_message_that_is_told_and_answered_in_a_run_is_of_the_schema() -> None:
    session = reference()
    seen: set[str] = set()

    class Spy(Direct):
        def ask(self, message: dict[str, Any]) -> Any:
            reply = session.answer(message)
            for told in (message, json.loads(json.dumps(reply))):
                assert fault(DEFINED[told["type"]], told) is None
                seen.add(told["type"])
            seen.update(
                event["type"] for event in message.get("events", [message.get("event")]) if event
            )
            return reply

    client = Client(lambda: Spy(session))
    for case in all_vectors():
        run_case(client, case)
    assert {"hello", "about", "reset", "step", "state"} <= seen
    assert set(EVENTS) - seen == set(), "no vector tells these"


def test_a_message_is_read_as_it_was_written() -> None:
    reply = reply_of(STATE)
    assert as_json(reply) == STATE
    about = {"type": "about", "protocol": "2", "name": "x", "features": ["core"]}
    read = reply_of(about)
    assert isinstance(read, protocol.About)
    assert read.shows == protocol.SHOWS


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": "stat"}, "type is 'stat', and must be one of about, state"),
        ({"type": None}, "type is None"),
        ({"seq": "3"}, "seq is '3', and must be of type integer"),
        ({"seq": True}, "seq is True"),
        ({"seq": -1}, "seq is -1, and must be at least 0"),
        ({"position": "1e3"}, "position is '1e3', and must be a plain number as a text"),
        ({"position": "NaN"}, "position is 'NaN'"),
        ({"open": [101]}, "open[0] is 101, and must be of type string"),
        ({"open": None}, "open is None, and must be of type array"),
        ({"orders": {"c1": {"state": "lost"}}}, "orders.c1.state is 'lost', and must be one of"),
        ({"orders": {"c1": {"fill": "0"}}}, "orders.c1.fill is not one of"),
        ({"exposure": {"buy": "1"}}, "exposure.sell is missing"),
        ({"effects": {"cancel": []}}, "effects.cancel is not one of"),
        ({"position": "9" * 100 + "x"}, "…, and must be"),
    ],
)
def test_what_is_no_message_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        reply_of({**STATE, **change})
    assert words in str(caught.value)
