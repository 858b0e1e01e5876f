"""A recording: lines of JSON, each with what was said, each way, and its time."""

import json
from collections.abc import Callable
from typing import Any, Final, Self

import attrs
import msgspec

from truebook.impl.venues.hyperliquid import shown
from truebook.venue.recording.clock import now
from truebook.venue.recording.lines import Lines

FORM: Final = 1
"""The form of a recording: a line of another one has another number."""
LARGEST: Final = 32 << 20
"""Of what has more bytes than this nothing is kept in memory, and so nothing recorded."""
_JSON: Final = msgspec.json.Decoder()
_LINE_ENDS: Final = bytes.maketrans(b"\r\n", b"  ")


@attrs.define
class Recording:
    """Writes what was said: over what, to whom, and when, as its clock has it."""

    lines: Lines
    clock: Callable[[], int] = now

    @classmethod
    def to(cls, lines: Lines, clock: Callable[[], int] = now) -> Self:
        """Return a recording that is written to a file; its first line says what it is."""
        recording = cls(lines, clock)
        recording._line({"recording": FORM})
        return recording

    def said(self, way: str, over: str, raw: bytes | str, **more: Any) -> None:
        """Note what came in, went out or was lost (`way`), over http or ws: JSON as it was said."""
        told = json.dumps({"time": self.clock(), "way": way, "over": over, **more})
        self.lines.write(b'%b, "body": %b}' % (told[:-1].encode(), _body(raw)))

    def note(self, words: str) -> None:
        """Note what happened besides, in words."""
        self._line({"note": words})

    def close(self) -> None:
        """End the recording; OSError where some of it could not be written."""
        self.lines.close()

    def _line(self, told: dict[str, Any]) -> None:
        self.lines.write(json.dumps({"time": self.clock(), **told}).encode())


def _body(raw: bytes | str) -> bytes:
    """Return what was said as it was, in one line; what is no JSON as a text."""
    try:
        text = raw.encode() if isinstance(raw, str) else raw
        _JSON.decode(text)
    except (ValueError, RecursionError):
        return json.dumps(shown(raw)).encode()
    return text.translate(_LINE_ENDS)
