"""Two connections joined: what comes on one goes out on the other, byte for byte."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

Hear = Callable[[bytes], None]


class Side(asyncio.Protocol):
    """One of two joined connections: what comes goes to the other one, and is heard.

    Who reads slowly is not read from faster by the other: no more waits than a transport holds.
    Each side ends as the other does: after what it said, or cut off.
    """

    other: "Side"

    def __init__(self, transport: asyncio.Transport, before: asyncio.Protocol, hear: Hear) -> None:
        self.transport, self.before, self.hear = transport, before, hear
        self.has_ended = False

    def data_received(self, data: bytes) -> None:
        """Hand on what came."""
        self.other.transport.write(data)
        self.hear(data)

    def eof_received(self) -> bool:
        """Hand on that no more comes; return whether the other way stays open."""
        self.has_ended = True
        there = self.other.transport
        if self.other.has_ended or not there.can_write_eof() or not self.transport.can_write_eof():
            there.close()
            return False
        if not there.is_closing():
            there.write_eof()
        return True

    def connection_lost(self, error: Exception | None) -> None:
        """End the other side, too, and tell whoever had this connection before."""
        if error is None:
            self.other.transport.close()
        else:
            self.other.transport.abort()
        self.before.connection_lost(error)

    def pause_writing(self) -> None:
        """Let the other side wait: what it says is not taken here."""
        self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        """Let it go on."""
        self.other.transport.resume_reading()


class _Early:
    """What came before a connection changed hands."""

    def __init__(self) -> None:
        self.data = b""

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        self.data += data
        return False, b""

    def feed_eof(self) -> None:
        """Need not be told: the connection will be lost."""


def joined(bot: Any, venue: Any, answer: bytes, *, heard: Hear, told: Hear) -> None:
    """Join the connections of two protocols of aiohttp, once the bot is told the venue's answer.

    From here on neither protocol hears anything but the end. `heard` hears what the bot says,
    `told` what the venue does.
    """
    early_heard, early_told = _Early(), _Early()
    bot.set_parser(early_heard)
    venue.set_parser(early_told, None)
    ours = Side(cast(asyncio.Transport, bot.transport), bot, heard)
    theirs = Side(cast(asyncio.Transport, venue.transport), venue, told)
    ours.other, theirs.other = theirs, ours
    ours.transport.set_protocol(ours)
    theirs.transport.set_protocol(theirs)
    ours.transport.write(answer)
    for side, early in ((ours, early_heard), (theirs, early_told)):
        side.transport.resume_reading()
        if early.data:
            side.data_received(early.data)
