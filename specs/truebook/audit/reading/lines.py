"""Lines of JSON: frames, recordings, answers by themselves, and what is told in each."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice, takewhile
from operator import methodcaller
from typing import Any, Final, cast

import attrs
import msgspec
from msgspec import Raw

from truebook.audit.reading import botlog, opened
from truebook.audit.reading.shapes import (
    ASKED,
    BODY,
    FILL,
    FILL_TEXT,
    FILL_TEXTS,
    FRAME,
    FRAME_EACH,
    FRAME_READ,
    INFO,
    LINE,
    NOTHING,
    PLAIN,
    POSTED_ANSWER,
    REFUSALS,
    Asked,
    Body,
    Line,
)
from truebook.audit.reading.times import as_milliseconds, milliseconds, without_prefix
from truebook.audit.reading.venue_words import (
    FILLS_ASKED,
    LISTINGS,
    METAS,
    VenueWords,
    damaged,
    truth,
)
from truebook.audit.seen import (
    Answered,
    Damaged,
    EventsFrame,
    FillLines,
    Fills,
    FillsFrame,
    FillText,
    Frames,
    PassedOver,
    Place,
    Seen,
    Sent,
    UpdatesFrame,
)
from truebook.impl.venues.hyperliquid import ACTIONS, ANSWERS, REQUESTS, Unreadable

EXCHANGE: Final = "/exchange"
POSTED, ASKED_THERE = "post", "info over a websocket"
"""Requests over a websocket: actions, and questions."""
FORM: Final = 1
"""The form of recordings that is read."""
_QUESTIONS: Final = frozenset(
    (
        *LISTINGS,
        *FILLS_ASKED,
        *METAS,
        "userTwapSliceFills",
        "historicalOrders",
        "orderStatus",
        "clearinghouseState",
        "userRateLimit",
        "allMids",
    )
)
"""Requests that ask, and do nothing."""
_IS_FILL: Final = methodcaller("startswith", b'{"coin"')
_IS_MOST: Final = tuple(
    b'{"channel":"' + channel for channel in (b"orderUpdates", b"userFills", b'user"')
)
_OF_RECORDING: Final = b'{"time"'
"""How lines of recordings begin, of which none is a frame, or a fill, alone."""
_NEXT_FILL: Final = b'\n{"coin"'


@attrs.define
class Talk:
    """What was asked and is not answered yet, so that an answer is read as what it is of.

    Answers over HTTP have the number of their request in recordings that give one. Where it has
    none, an answer is of the oldest question of its path.
    """

    file: str
    numbered: dict[tuple[str, object], tuple[Asked | None, int | None]] = attrs.field(factory=dict)
    queue: dict[str, deque[tuple[Asked | None, int | None, object]]] = attrs.field(factory=dict)
    venue: VenueWords = attrs.field(factory=VenueWords)
    count: int = 0

    def read_all(self, numbers: Sequence[int], lines: Sequence[bytes | None]) -> Iterator[Seen]:
        """Yield what lines with these numbers say: of most, many at once."""
        at = 0
        while at < len(lines):
            line, place = lines[at], Place(self.file, numbers[at])
            if line is None:
                yield too_long(self.file, numbers[at])
                at += 1
                continue
            if line.startswith(_OF_RECORDING):
                yield from self.read(numbers[at], line.rstrip(b"\r"))
                at += 1
                continue
            left, named = (lines[at:], numbers[at:]) if at else (lines, numbers)
            if fills := _fills(left):
                again, of = partial(self._again, named, left), named[: len(fills)]
                yield FillLines(place=place, lines=of, fills=fills, again=again)
                at += len(fills)
                continue
            if frames := _frames(left):
                again, of = partial(self._again, named, left), named[: len(frames)]
                learn = self.venue.learn
                yield Frames(place=place, lines=of, frames=frames, again=again, learn=learn)
                at += len(frames)
                continue
            if line.strip(b" \t\r\0"):
                yield from self.read(numbers[at], line.rstrip(b"\r"))
            at += 1

    def _again(
        self, numbers: Sequence[int], lines: Sequence[bytes | None], at: int
    ) -> Iterator[Seen]:
        line = lines[at]
        assert line is not None
        return self.read(numbers[at], line.rstrip(b"\r"))

    def read(self, number: int, raw: bytes) -> Iterator[Seen]:
        """Yield what a line says; nothing is raised for any bytes."""
        place = Place(self.file, number)
        if _IS_FILL(raw):
            try:
                yield Fills(place=place, fills=(FILL(raw),))
                return
            except REFUSALS:
                pass
        at: int | None = None
        try:
            text, at = without_prefix(raw)
            yield from self._line(place, text, at)
        except REFUSALS as error:
            yield damaged(place, "a line", error)

    def _line(self, place: Place, raw: bytes, at: int | None) -> Iterator[Seen]:
        if raw.startswith(b"["):
            yield from self.venue.answer(place, raw, None, at)
            return
        line = LINE(raw)
        at = milliseconds(line.time) if at is None else at
        if line.channel is not None:
            yield from self.frame(place, line.channel, line.data, at)
        elif line.recording is not None:
            if line.recording != FORM:
                why = f"form {line.recording} of recordings is not known: it is of a newer version"
                yield Damaged(place=place, what="a recording", why=why)
            else:
                yield PassedOver(place=place, what="recording", at=at)
        elif line.way is not None:
            yield from self._said(place, line, at)
        elif line.truth is not NOTHING:
            yield truth(place, line.truth, at)
        elif line.response is not NOTHING:
            asked = _asked(line.request)
            if asked is not None and asked.type not in _QUESTIONS:
                yield from self._pair(place, line, at)
            else:
                yield from self.venue.answer(place, bytes(line.response), asked, at)
        elif line.coin is not None:
            yield Fills(place=place, fills=(FILL(raw),))
        elif line.order is not NOTHING:
            yield from self.venue.statuses(place, (raw,), at)
        elif botlog.is_of(line):
            yield from botlog.read(place, line)
        elif line.fill is not NOTHING:
            yield from self.venue.slices(place, [Raw(raw)], at)
        else:
            yield from self._wrapped(place, raw, at)

    def _wrapped(self, place: Place, raw: bytes, at: int | None) -> Iterator[Seen]:
        """Yield what a frame says that is within an object, as loggers write them."""
        value = PLAIN(raw)
        if "startPosition" in value:  # a fill that is damaged
            yield Fills(place=place, fills=(FILL(raw),))
            return
        inner = [one for one in value.values() if isinstance(one, dict)]
        numbers = [one for one in value.values() if type(one) in (int, float)]
        texts = [one for one in value.values() if isinstance(one, str) and one[:1] == "{"]
        if len(inner) + len(texts) == 1:
            if at is None and numbers:
                at = as_milliseconds(numbers[0])
            text = texts[0].encode() if texts else msgspec.json.encode(inner[0])
            line = LINE(text)
            if line.channel is not None:
                yield from self.frame(place, line.channel, line.data, at)
                return
        yield PassedOver(place=place, what="object", at=at)

    # What was said each way

    def _said(self, place: Place, line: Line, at: int | None) -> Iterator[Seen]:
        if line.way == "lost":  # it was done, and nobody was told
            yield from self._lost(place, line, at)
            return
        incoming, over = line.way == "in", line.over or ""
        body = bytes(line.body)
        if over == "http":
            key = line.path or ""
            number: object = PLAIN(bytes(line.id)) if line.id is not NOTHING else None
            if incoming:
                yield from self._request(place, key, number, body, at)
            else:
                yield from self._answer(place, key, number, line, body, at)
        elif incoming:
            told = BODY(body) if body.startswith(b"{") else Body()
            if told.method == "post" and told.request is not NOTHING:
                request = BODY(bytes(told.request))
                key = POSTED if request.type == "action" else ASKED_THERE
                number = PLAIN(bytes(told.id))
                yield from self._request(place, key, number, bytes(request.payload), at)
            else:
                if told.subscription is not NOTHING:
                    self.venue.learn(ASKED(bytes(told.subscription)).user)
                yield PassedOver(place=place, what=told.method or "text", at=at)
        elif (said := self._most(place, body, at)) is not None:
            yield said
        else:
            frame = LINE(body) if body.startswith(b"{") else Line()
            if frame.channel is None:
                yield PassedOver(place=place, what="text", at=at)
            else:
                yield from self.frame(place, frame.channel, frame.data, at)

    def _most(self, place: Place, body: bytes, at: int | None) -> Seen | None:
        """Return what a frame says that is of those that come most; None of any other."""
        if not body.startswith(_IS_MOST):
            return None
        try:
            frame = FRAME_READ(body)
        except REFUSALS:
            return None
        if isinstance(frame, UpdatesFrame):
            return self.venue.of_orders(place, frame.data, at)
        self.venue.learn(frame.data.user)
        return self.venue.of_stream(place, frame.data.fills, at) if frame.data.fills else None

    def _lost(self, place: Place, line: Line, at: int | None) -> Iterator[Seen]:
        """Yield that a request has no answer."""
        key = line.path or ""
        number: object = PLAIN(bytes(line.id)) if line.id is not NOTHING else None
        _, _, name, certain = self._asked_of(key, number)
        if key == EXCHANGE and certain:
            yield Answered(place=place, number=(key, name), answer=None, at=at)
        else:
            yield PassedOver(place=place, what="lost answer", at=at)

    def _request(
        self, place: Place, key: str, number: object, body: bytes, at: int | None
    ) -> Iterator[Seen]:
        self.count += 1
        name = number if number is not None else f"line {self.count}"
        if key in (EXCHANGE, POSTED):
            signed = REQUESTS.read(body)
            self._await(key, number, None, at, name)
            if isinstance(signed, Unreadable):
                yield Damaged(place=place, what=signed.what, why=signed.why)
            else:
                yield Sent(
                    place=place,
                    action=signed.action,
                    number=(key, name),
                    user=self.venue.user,
                    at=at,
                )
            return
        asked = ASKED(body) if body.startswith(b"{") else Asked()
        self.venue.learn(asked.user)
        self._await(key, number, asked, at, name)
        yield PassedOver(place=place, what=f"question {asked.type}", at=at)

    def _await(
        self, key: str, number: object, asked: Asked | None, at: int | None, name: object
    ) -> None:
        if number is None:
            self.queue.setdefault(key, deque()).append((asked, at, name))
        else:
            self.numbered[key, number] = (asked, at)

    def _asked_of(self, key: str, number: object) -> tuple[Asked | None, int | None, object, bool]:
        """Return what an answer is of, when that was asked, its name, and whether it is certain."""
        if number is not None:
            found = self.numbered.pop((key, number), None)
            return (*(found or (None, None)), number, found is not None)
        queue = self.queue.get(key)
        if not queue:
            return None, None, None, False
        certain = len(queue) == 1
        asked, at, name = queue.popleft()
        return asked, at, name, certain

    def _answer(
        self,
        place: Place,
        key: str,
        number: object,
        line: Line,
        body: bytes,
        at: int | None,
    ) -> Iterator[Seen]:
        asked, asked_at, name, certain = self._asked_of(key, number)
        status = PLAIN(bytes(line.status)) if line.status is not NOTHING else 200
        if key in (EXCHANGE, POSTED):
            yield from self._answered(place, (key, name), body, status, certain, at)
        elif status != 200 or not certain:
            yield PassedOver(place=place, what=f"answer {status}", at=at)
        else:
            yield from self.venue.answer(place, body, asked, at, asked_at=asked_at)

    def _answered(
        self,
        place: Place,
        number: object,
        body: bytes,
        status: object,
        certain: bool,
        at: int | None,
    ) -> Iterator[Seen]:
        read = ANSWERS.read(body) if status == 200 and certain else None
        if isinstance(read, Unreadable):
            yield Damaged(place=place, what=read.what, why=read.why)
            read = None
        yield Answered(place=place, number=number, answer=read, at=at)

    def _pair(self, place: Place, line: Line, at: int | None) -> Iterator[Seen]:
        """Yield a request and its answer that are in one line."""
        self.count += 1
        number = ("pair", self.count)
        action = ACTIONS.read(bytes(line.request))
        if isinstance(action, Unreadable):
            yield Damaged(place=place, what=action.what, why=action.why)
            return
        yield Sent(place=place, action=action, number=number, user=self.venue.user, at=at)
        yield from self._answered(place, number, bytes(line.response), 200, True, at)

    def frame(self, place: Place, channel: str, data: Raw, at: int | None) -> Iterator[Seen]:
        """Yield what a frame says."""
        if channel == "post":
            yield from self._posted(place, bytes(data), at)
        else:
            yield from self.venue.frame(place, channel, data, at)

    def _posted(self, place: Place, raw: bytes, at: int | None) -> Iterator[Seen]:
        told = POSTED_ANSWER(raw)
        payload = bytes(told.response.payload)
        if told.response.type == "info":
            asked, asked_at, _, certain = self._asked_of(ASKED_THERE, told.id)
            if certain:
                data = bytes(INFO(payload).data)
                yield from self.venue.answer(place, data, asked, at, asked_at=asked_at)
            return
        _, _, name, certain = self._asked_of(POSTED, told.id)
        status = 200 if told.response.type == "action" else payload.decode("utf-8", "replace")
        yield from self._answered(place, (POSTED, name), payload, status, certain, at)


def _fills(lines: Sequence[bytes | None]) -> list[FillText]:
    """Return the fills at the top of some lines, as long as each is one by itself."""
    if lines[0] is None or not _IS_FILL(lines[0]):
        return []
    text = b"" if None in lines else b"\n".join(cast("Sequence[bytes]", lines))
    if text.count(_NEXT_FILL) == len(lines) - 1 and (fills := _all(FILL_TEXTS, text, len(lines))):
        return fills
    fills = []
    with suppress(*REFUSALS):  # those before it are there
        fills.extend(
            map(FILL_TEXT, takewhile(lambda line: line and _IS_FILL(line), cast("Any", lines)))
        )
    return fills


def _frames(lines: Sequence[Any]) -> list[FillsFrame | EventsFrame | UpdatesFrame]:
    """Return the frames at the top of some lines, as long as each is of those that come most."""
    frames: list[FillsFrame | EventsFrame | UpdatesFrame] = []
    with suppress(TypeError, *REFUSALS):  # a line that is too long is none
        frames.append(FRAME(lines[0]))
        text = b"\n".join(lines)
        if whole := _all(FRAME_EACH, text, len(lines)):
            return whole
        frames.extend(map(FRAME, islice(lines, 1, None)))
    return frames


def _all(decode: Callable[[bytes], list[Any]], text: bytes, lines: int) -> list[Any]:
    """Return what each line is; nothing where one is none, or is not an object by itself.

    Where all begin and end as objects do, each has one at least: no value, nor text, goes on so.
    """
    if text.count(b"}\n{") != lines - 1:
        return []
    try:
        found = decode(text)
    except REFUSALS:
        return []
    return found if len(found) == lines else []


def too_long(file: str, number: int) -> Damaged:
    """Return what is said of a line that is not read."""
    why = f"it is longer than {opened.LONGEST >> 20} MB"
    return Damaged(place=Place(file, number), what="a line", why=why)


def _asked(raw: Raw) -> Asked | None:
    return ASKED(bytes(raw)) if bytes(raw).startswith(b"{") else None
