"""The command `truebook record`."""

from pathlib import Path
from urllib.parse import urlsplit

import click

from truebook.screen.help import Command
from truebook.screen.values import Whole, WrittenFile

REAL = "https://api.hyperliquid.xyz"
PORT = 3002


def _address(context: click.Context, option: click.Parameter, text: str) -> str:
    """Return the address of a venue, without a slash at its end."""
    try:
        parts = urlsplit(text)
        known = parts.scheme in ("http", "https") and parts.hostname
        _ = parts.port
    except ValueError:
        known = None
    if not known or parts.query or parts.fragment:
        raise click.BadParameter(f"{text!r} is no address of a venue: name one as {REAL}")
    return text.rstrip("/")


@click.command(cls=Command)
@click.option(
    "--to", callback=_address, default=REAL, show_default=True, help="The address of the venue."
)
@click.option("--port", type=Whole(0, 65_535), default=PORT, show_default=True)
@click.option(
    "-o",
    "--output",
    "file",
    type=WrittenFile(),
    required=True,
    help="The recording; packed where it ends in .gz or .zst.",
)
def record(to: str, port: int, file: Path) -> int:
    """Pass on all that a bot and its venue say, and record it for `truebook audit`.

    Point the bot at the address that is printed instead of the venue's. Nothing of what passes is
    changed: HTTP, and the websocket at /ws. It serves until Ctrl-C.

    A FILE that is there is added to; it is refused where it is no recording, or is packed and
    damaged. It is whole line by line: were this killed, what is packed would lack its last half
    second at most. Where the disk is full the passing goes on, and the recording ends.

    Exit codes: 0 ended by Ctrl-C; 1 some of it could not be recorded; 2 usage, or the port is
    taken.
    """
    from truebook.venue import record_running  # what it needs is no part of the command line

    return record_running.record(to, port, file)
