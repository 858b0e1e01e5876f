"""The messages of a websocket are found in its bytes, wherever these are cut."""

import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.venue.passing.frames import BINARY, CLOSE, TEXT, Frames, UnreadableError, closing

PING, PONG = 9, 10
BODIES = st.binary(max_size=40) | st.sampled_from((b"x" * 125, b"x" * 126, b"y" * 70_000))
CONTROLS = st.lists(st.tuples(st.sampled_from((PING, PONG)), st.binary(max_size=125)), max_size=2)
MESSAGES = st.lists(
    st.tuples(st.sampled_from((TEXT, BINARY)), BODIES, st.integers(1, 4), st.booleans(), CONTROLS),
    max_size=6,
)


def frame(first: int, body: bytes, mask: bytes) -> bytes:
    """Return a frame, as RFC 6455 has it."""
    size = len(body)
    if size < 126:
        head = bytes((first, size))
    elif size < 1 << 16:
        head = bytes((first, 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((first, 127)) + size.to_bytes(8, "big")
    if not mask:
        return head + body
    masked = bytes(one ^ mask[n % 4] for n, one in enumerate(body))
    return bytes((head[0], head[1] | 0x80)) + head[2:] + mask + masked


def frames(
    kind: int, body: bytes, parts: int, controls: list[tuple[int, bytes]], mask: bytes, packed: bool
) -> Iterator[bytes]:
    """Yield a message in so many frames, with control frames after the first of them."""
    step = max(1, -(-len(body) // parts))
    pieces = [body[start : start + step] for start in range(0, len(body), step)] or [b""]
    for number, piece in enumerate(pieces):
        first = (kind | 0x40 * packed) if number == 0 else 0
        yield frame(first | 0x80 * (number == len(pieces) - 1), piece, mask)
        if number == 0:
            yield from (frame(0x80 | opcode, told, mask) for opcode, told in controls)


@given(messages=MESSAGES, mask=st.just(b"") | st.binary(min_size=4, max_size=4), data=st.data())
def test_messages_are_what_was_said(
    messages: list[tuple[int, bytes, int, bool, list[tuple[int, bytes]]]],
    mask: bytes,
    data: st.DataObject,
) -> None:
    packing = zlib.compressobj(wbits=-15)
    said, expected = b"", []
    for kind, body, parts, is_packed, controls in messages:
        sent = body
        if is_packed:
            sent = packing.compress(body) + packing.flush(zlib.Z_SYNC_FLUSH)
            sent = sent.removesuffix(b"\0\0\xff\xff")
        said += b"".join(frames(kind, sent, parts, controls, mask, is_packed))
        expected += [(kind, body), *controls]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(said)), max_size=8)))
    reader, found = Frames(), []
    for start, end in zip([0, *cuts], [*cuts, len(said)], strict=True):
        found += list(reader.feed(said[start:end]))
    data_alone = [one for one in expected if one[0] in (TEXT, BINARY)]
    assert [one for one in found if one[0] in (TEXT, BINARY)] == data_alone
    assert [one for one in found if one[0] in (PING, PONG)] == [
        one for one in expected if one[0] in (PING, PONG)
    ]


def test_a_message_that_was_packed_to_its_end_does_not_end_the_packing() -> None:
    reader, found = Frames(), []
    for body in (b"one", b"two"):
        packing = zlib.compressobj(wbits=-15)
        found += list(reader.feed(frame(0xC1, packing.compress(body) + packing.flush(), b"")))
    assert found == [(TEXT, b"one"), (TEXT, b"two")]


@pytest.mark.parametrize(
    "raw",
    [
        b"\xb1\x00",  # a reserved bit
        b"\x83\x00",  # no opcode
        b"\x80\x00",  # goes on with nothing
        b"\x01\x00\x81\x00",  # begins in another
        b"\xc1\x03abc",  # packed by nobody
        b"\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff",
        b"GET / HTTP/1.1\r\n",
    ],
)
def test_what_is_no_frame_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        list(Frames().feed(raw))


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("truebook.venue.passing.frames.LARGEST", 1000)
    packing = zlib.compressobj(wbits=-15)
    small = packing.compress(b"x" * 1001) + packing.flush(zlib.Z_SYNC_FLUSH)
    with pytest.raises(UnreadableError, match="1,001 bytes or more"):
        list(Frames().feed(frame(0xC1, small.removesuffix(b"\0\0\xff\xff"), b"")))
    with pytest.raises(UnreadableError, match="1,200 bytes or more"):
        list(Frames().feed(frame(0x01, b"x" * 600, b"") + frame(0x80, b"x" * 600, b"")))


def test_a_closing_is_said_in_words() -> None:
    assert closing(b"") == "without a code"
    assert closing(b"\x03\xe9") == "with code 1001"
    assert closing(b"\x0f\xa0bye") == "with code 4000 bye"
    assert list(Frames().feed(b"\x88\x02\x03\xe8")) == [(CLOSE, b"\x03\xe8")]
