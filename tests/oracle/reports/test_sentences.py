"""Every event has a sentence, and the sentence says all that the event does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.oracle.cases.events import EVENTS, LISTED, WORDS, event_shape
from truebook.oracle.cases.shapes import fault
from truebook.oracle.reports.sentences import Event, sentence
from truebook.oracle.vectors.shipped import all_vectors

SAID_OTHERWISE = {
    "crossed": {"true": "on arrival", "false": "while it rests"},
    "reduce_only": {"true": "reduce-only", "false": "not reduce-only"},
    "covers_triggers": {"true": "with those that wait", "false": "without those that wait"},
    "snapshot": {"true": "told again after a reconnect", "false": "told as it happens"},
    "trigger": {"true": "it waits", "false": "it does not wait"},
    "outcome": {
        "confirmed": "is confirmed",
        "not_open": "not open",
        "rejected": "is rejected",
        "timed_out": "has timed out",
        "failed": "has failed",
        "unknown": "nobody knows",
    },
}
"""The words that a sentence has in other form."""


def valued(kind: str, spec: str, start: int) -> st.SearchStrategy[dict[str, str]]:
    """Return objects of the fields that a table's row says, every value of its own."""
    must: dict[str, st.SearchStrategy[str]] = {}
    may: dict[str, st.SearchStrategy[str]] = {}
    for number, word in enumerate(spec.split(), start):
        name = word.rstrip("*")
        words = WORDS.get(f"{kind}.{name}", WORDS.get(name))
        own = st.just(str(1_000 + number)) if words is None else st.sampled_from(words)
        (may if word.endswith("*") else must)[name] = own
    return st.fixed_dictionaries(must, optional=may)


def events(kind: str) -> st.SearchStrategy[Event]:
    """Return the events of a type."""
    if "orders" not in EVENTS[kind]:
        return valued(kind, EVENTS[kind], 0).map(lambda fields: {"type": kind, **fields})
    orders = st.tuples(valued("listing", LISTED, 20), valued("listing", LISTED, 40)).map(list)
    return st.builds(
        lambda fields, orders: {"type": kind, **fields, "orders": orders},
        valued(kind, " ".join(n for n in EVENTS[kind].split() if n.rstrip("*") != "orders"), 0),
        st.one_of(orders, st.just([])),
    )


def said(name: str, value: str) -> str:
    return SAID_OTHERWISE.get(name, {}).get(value, value)


@pytest.mark.parametrize("kind", EVENTS)
@given(data=st.data())
def test_a_sentence_says_all_that_the_event_does(kind: str, data: st.DataObject) -> None:
    event = data.draw(events(kind))
    assert fault(event_shape(kind), event) is None
    text = sentence(event)
    for part in (event, *event.get("orders", ())):
        for name, value in part.items():
            if name not in ("type", "orders"):
                assert said(name, value) in text, f"{name} is not said: {text}"
    assert "None" not in text
    assert "{" not in text


@pytest.mark.parametrize("kind", EVENTS)
@given(data=st.data())
def test_what_an_event_does_not_say_is_not_told(kind: str, data: st.DataObject) -> None:
    one, other = data.draw(events(kind)), data.draw(events(kind))
    assert (sentence(one) == sentence(other)) == (one == other)


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (
            {"type": "answer", "cloid": "c1", "oid": None, "side": "buy", "price": "9"},
            "the venue answers c1, without an oid: buy at 9",
        ),
        (
            {"type": "status", "oid": None, "status": "rejected", "cloid": "c1"},
            "the venue says of an order without an oid (cloid c1): rejected",
        ),
        ({"type": "listing", "orders": []}, "the open orders come: none"),
        ({"type": "listing", "orders": [{"oid": "9"}]}, "the open orders come: 9"),
        ({"type": "reject", "cloid": "c1", "reason": ""}, "the venue rejects c1"),
    ],
)
def test_what_is_not_there_is_said_so(event: Event, text: str) -> None:
    assert sentence(event) == text


def test_every_event_of_every_vector_is_told() -> None:
    kinds = set()
    for case in all_vectors():
        for step in case.steps:
            assert sentence(step.event)
            kinds.add(step.event["type"])
    assert set(EVENTS) - kinds == set()


def test_an_event_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError):
        sentence({"type": "dance"})
