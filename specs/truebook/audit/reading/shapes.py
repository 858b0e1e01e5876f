"""What lines of JSON may look like, as far as an audit reads them, and their decoders."""

from decimal import Decimal, InvalidOperation
from typing import Final

import msgspec
from msgspec import Raw, Struct

from truebook.audit.seen import EventsFrame, FillLine, FillsFrame, FillText, UpdatesFrame

NOTHING: Final = Raw(b"null")
"""A field that is not there."""


class Line(Struct, kw_only=True, rename="camel", gc=False):
    """What a line may have at its top, in any of its forms."""

    channel: str | None = None
    data: Raw = NOTHING
    time: Raw = NOTHING
    way: str | None = None
    over: str | None = None
    path: str | None = None
    status: Raw = NOTHING
    id: Raw = NOTHING
    body: Raw = NOTHING
    truth: Raw = NOTHING
    recording: int | None = None
    coin: str | None = None
    order: Raw = NOTHING
    request: Raw = NOTHING
    response: Raw = NOTHING
    fill: Raw = NOTHING
    type: Raw = NOTHING
    at: Raw = NOTHING
    event: Raw = NOTHING
    events: Raw = NOTHING
    position: Raw = NOTHING
    config: Raw = NOTHING
    steps: Raw = NOTHING


class Told(Struct, kw_only=True, rename="camel", gc=False):
    """The data of userFills and its kin, but for the fills."""

    user: str = ""
    is_snapshot: bool = False
    twap_slice_fills: list[Raw] = []
    non_user_cancel: list[Raw] = []


class FillsOf(Told, gc=False):
    """The same with its fills, of which some are damaged."""

    fills: list[Raw] = []


class FillsWhole(Told, gc=False):
    """The same with its fills, of which none is damaged."""

    fills: list[FillLine] = []


class _Frame(Struct, kw_only=True, tag_field="channel", gc=False, forbid_unknown_fields=True):
    """A frame of what comes most, all of whose fills can be read."""


class _FillsTold(Struct, kw_only=True, rename="camel", gc=False, forbid_unknown_fields=True):
    user: str = ""
    is_snapshot: bool = False
    fills: list[FillLine]


class FillsRead(_Frame, tag="userFills"):
    """Fills of a user."""

    data: _FillsTold


class EventsRead(_Frame, tag="user"):
    """Fills among what happens to a user."""

    data: _FillsTold


class Slice(Struct, kw_only=True, rename="camel", gc=False):
    """A fill of a TWAP."""

    fill: FillLine
    twap_id: int | None = None


class Asked(Struct, kw_only=True, rename="camel", gc=False):
    """A question, as far as its answer is read by it."""

    type: str = ""
    user: str = ""
    dex: str | None = None
    oid: int | str | None = None


class Body(Struct, kw_only=True, rename="camel", gc=False):
    """What is posted over HTTP or a websocket."""

    type: str | None = None
    method: str | None = None
    id: Raw = NOTHING
    request: Raw = NOTHING
    payload: Raw = NOTHING
    subscription: Raw = NOTHING


class PostedResponse(Struct, kw_only=True, gc=False):
    """What came of a request over a websocket."""

    type: str
    payload: Raw = NOTHING


class PostedAnswer(Struct, kw_only=True, gc=False):
    """The answer to a request over a websocket, and its number."""

    id: int
    response: PostedResponse


class InfoPayload(Struct, kw_only=True, gc=False):
    """The answer to a question over a websocket."""

    data: Raw


class StatusAnswer(Struct, kw_only=True, gc=False):
    """The answer to orderStatus; it has an order where there is one."""

    status: str
    order: Raw = NOTHING


class TruthOrder(Struct, kw_only=True, gc=False):
    """An order that is open in truth."""

    oid: int


class TruthTold(Struct, kw_only=True, gc=False):
    """What is true of an account, in a recording."""

    user: str
    positions: dict[str, Decimal]
    open: list[TruthOrder]


_FRAMES: Final = msgspec.json.Decoder(FillsFrame | EventsFrame | UpdatesFrame)
_TEXTS: Final = msgspec.json.Decoder(FillText)
FRAME: Final = _FRAMES.decode
FRAME_EACH: Final = _FRAMES.decode_lines
FRAME_READ: Final = msgspec.json.Decoder(FillsRead | EventsRead | UpdatesFrame).decode
LINE: Final = msgspec.json.Decoder(Line).decode
FILL: Final = msgspec.json.Decoder(FillLine).decode
FILL_TEXT: Final = _TEXTS.decode
FILL_TEXTS: Final = _TEXTS.decode_lines
FILLS: Final = msgspec.json.Decoder(FillsWhole).decode
EACH: Final = msgspec.json.Decoder(FillsOf).decode
SLICE: Final = msgspec.json.Decoder(Slice).decode
LIST: Final = msgspec.json.Decoder(list[Raw]).decode
ALL_FILLS: Final = msgspec.json.Decoder(list[FillLine]).decode
ASKED: Final = msgspec.json.Decoder(Asked).decode
BODY: Final = msgspec.json.Decoder(Body).decode
POSTED_ANSWER: Final = msgspec.json.Decoder(PostedAnswer).decode
INFO: Final = msgspec.json.Decoder(InfoPayload).decode
STATUS: Final = msgspec.json.Decoder(StatusAnswer).decode
TRUTH: Final = msgspec.json.Decoder(TruthTold).decode
PLAIN: Final = msgspec.json.Decoder().decode
REFUSALS: Final = (msgspec.MsgspecError, ValueError, RecursionError, InvalidOperation)
