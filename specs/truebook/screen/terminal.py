"""The terminal, or what is there instead: how wide it is, whether it shows colours, and printing.

`COLUMNS` says how wide; else a terminal does; what is no terminal is `WIDE`. There are colours on
a terminal alone, and not where `NO_COLOR` is set (no-color.org) or `TERM` is `dumb`.
"""

import os
import sys
from collections.abc import Iterable
from typing import Any, TextIO

import click

from truebook.screen.layout import ANY, WIDE, Block, laid_out

NARROWEST = 30
"""Whatever a terminal says, lines are not made for fewer columns."""

STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True},
    "plain": {},
    "good": {"fg": "green"},
    "holds": {"fg": "green"},
    "bad": {"fg": "red"},
    "violated": {"fg": "red"},
    "unreached": {"fg": "yellow"},
    "incomplete": {"fg": "yellow"},
}


def width() -> int:
    """Return how many columns lines may have on stdout."""
    columns = _screen_columns()
    return max(columns, NARROWEST) if columns else WIDE


def _screen_columns() -> int:
    """Return how many columns were asked for, or the terminal has; 0 where there is none."""
    asked = os.environ.get("COLUMNS", "")
    columns = int(asked) if asked.isdecimal() and len(asked) < 6 else 0
    if columns:
        return columns
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (AttributeError, OSError, ValueError):  # there is none, or it is no terminal
        return 0


def is_live(stream: TextIO | None) -> bool:
    """Tell whether a stream is a terminal that can do more than print lines."""
    try:
        return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:  # it is closed
        return False


def has_colours(stream: TextIO | None) -> bool:
    """Tell whether a stream is to be coloured."""
    return is_live(stream) and not os.environ.get("NO_COLOR")


def show(blocks: Iterable[Block], *, whole: bool = False) -> None:
    """Print some blocks on stdout; `whole`: a line each, where a program reads them."""
    colours = has_colours(sys.stdout)
    columns = ANY if whole and not _screen_columns() else width()
    for style, line in laid_out(blocks, columns):
        look = STYLES[style] if colours else {}
        click.echo(click.style(line, **look) if look else line, color=colours)


def note(text: str) -> None:
    """Say something to whoever sits there, on stderr, in a line."""
    click.echo(f"truebook: {text}", err=True)
