"""What is written is read as it was, for every type and any values in it; garbage is reported."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.impl.venues.hyperliquid import (
    ACTIONS,
    ANSWERS,
    CALLS,
    FILLS,
    FRAMES,
    ORDERS,
    QUESTIONS,
    REQUESTS,
    SLICES,
    TO_INFO,
    Reader,
    Unreadable,
    actions,
    answers,
    fills_of,
    hear,
    plain,
    questions,
    streams,
    write,
)
from truebook.impl.venues.hyperliquid.fills import Fill, TwapSliceFill
from truebook.impl.venues.hyperliquid.orders import OrderUpdate
from wired import PLAIN, messages

TYPES: list[tuple[Reader[Any], Any]] = [
    (FRAMES, streams.Frame),
    (CALLS, streams.Call),
    (REQUESTS, actions.Signed),
    (ACTIONS, actions.Action),
    (ANSWERS, answers.Answer),
    (QUESTIONS, questions.Question),
    (FILLS, Fill),
    (SLICES, TwapSliceFill),
    (ORDERS, OrderUpdate),
    *((TO_INFO[questions.word_of(one)], of) for one, of in questions.ANSWERS.items()),
]
READERS = [reader for reader, _ in TYPES]


@pytest.mark.parametrize(("reader", "of"), TYPES, ids=[reader.what for reader in READERS])
@settings(deadline=None, max_examples=50)
@given(data=st.data())
def test_what_is_written_is_read_as_it_was(
    reader: Reader[Any], of: Any, data: st.DataObject
) -> None:
    message = data.draw(messages(of))
    written = write(message)
    assert reader.read(written) == message
    assert reader.read(written.decode()) == message
    assert reader.read_plain(json.loads(written, parse_float=Decimal)) == message
    assert write(plain(message)) == written


@pytest.mark.parametrize("reader", READERS, ids=[reader.what for reader in READERS])
@settings(deadline=None, max_examples=50)
@given(raw=st.binary() | st.text() | PLAIN.map(write))
def test_garbage_never_raises(reader: Reader[Any], raw: bytes | str) -> None:
    read = reader.read(raw)
    if isinstance(read, Unreadable):
        assert read.what == reader.what
        assert read.why
        assert read.raw == (
            raw if isinstance(raw, str) else raw.decode("utf-8", "backslashreplace")
        )
    for one in hear(raw):
        assert not isinstance(one, Unreadable) or one.why
    assert isinstance(fills_of(raw).damaged, tuple | list)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_message_that_is_cut_or_changed_never_raises(data: st.DataObject) -> None:
    reader, of = data.draw(st.sampled_from(TYPES))
    written = bytearray(write(data.draw(messages(of))))
    for place in data.draw(st.lists(st.integers(0, len(written) - 1), max_size=4)):
        written[place] = data.draw(st.integers(0, 255))
    raw = bytes(written[: data.draw(st.integers(0, len(written)))])
    reader.read(raw)
    hear(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[" * 200_000,
        b'{"channel":"orderUpdates","data":' + b"[" * 200_000,
        b"\xff\xfe",
        b'{"channel":"\xff"}',
        "\ud800",
        b"1" * 6_000,
        b"1e999999",
        "Failed to deserialize the JSON body into the target type",
    ],
    ids=range(10),
)
def test_what_is_no_message_is_reported_with_its_text(raw: bytes | str) -> None:
    (heard,) = hear(raw)
    assert isinstance(heard, Unreadable)
    text = raw if isinstance(raw, str) else raw.decode("utf-8", "backslashreplace")
    assert (heard.what, heard.raw) == ("a frame", text)
    assert len(repr(heard)) < 400
