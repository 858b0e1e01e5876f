"""What an option takes: a name, a number within bounds, a file or a folder; and what it refuses.

A value is refused before anything is done, in one sentence: what is wrong with it, and what would
be right.
"""

import math
import os
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from truebook.specs.words import near

Parameter = click.Parameter | None
Context = click.Context | None


class Name(click.Choice[str]):
    """One of some names; of one that is nearly right, the right one is said."""

    def convert(self, value: Any, param: Parameter, ctx: Context) -> str:
        """Return the name."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            meant = near(str(value), map(str, self.choices))
            self.fail(f"{error.message} {meant}".rstrip(), param, ctx)


def names_of(names: Iterable[str]) -> Name:
    """Return the type of an option that takes one of some names."""
    return Name(list(names), case_sensitive=True)


class Whole(click.IntRange):
    """A whole number within bounds, both of which count."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__(least, most)
        self._words = f"it must be a whole number from {least:,} to {most:,}"

    def convert(self, value: Any, param: Parameter, ctx: Context) -> int:
        """Return the number."""
        try:
            return super().convert(value, param, ctx)
        except (click.BadParameter, ValueError):  # Python takes no number of 4,300 digits
            self.fail(f"{self._words}, not {_shown(value)}", param, ctx)


class Share(click.FloatRange):
    """A share, from 0 to 1."""

    def __init__(self) -> None:
        super().__init__(0, 1)

    def convert(self, value: Any, param: Parameter, ctx: Context) -> float:
        """Return the number."""
        try:
            number = super().convert(value, param, ctx)
        except click.BadParameter:
            number = math.nan
        if math.isnan(number):
            self.fail(f"it must be a number from 0 to 1, not {_shown(value)}", param, ctx)
        return number


class Seconds(click.FloatRange):
    """A time in seconds, up to a day: from 0, or above it."""

    def __init__(self, *, or_none: bool = False) -> None:
        super().__init__(0, 86_400, min_open=not or_none)
        start = "from 0" if or_none else "above 0"
        self._words = f"it must be a number {start} to 86,400 (seconds)"

    def convert(self, value: Any, param: Parameter, ctx: Context) -> float:
        """Return the number."""
        try:
            number = super().convert(value, param, ctx)
        except click.BadParameter:
            number = math.nan
        if math.isnan(number):
            self.fail(f"{self._words}, not {_shown(value)}", param, ctx)
        return number


class Size(click.ParamType[Decimal]):
    """A size above 0, as a Decimal."""

    name = "size"

    def convert(self, value: Any, param: Parameter, ctx: Context) -> Decimal:
        """Return the size that a text is."""
        try:
            size = Decimal(value)
        except (InvalidOperation, TypeError, ValueError):
            size = Decimal(-1)
        if not (size.is_finite() and size > 0):
            self.fail(f"it must be a size above 0, not {_shown(value)}", param, ctx)
        return size


class _Named(click.Path):
    """A path with a name: an empty one would be taken for the working folder."""

    def _refuse_unnamed(self, value: Any, param: Parameter, ctx: Context) -> None:
        name = os.fspath(value)
        if not name:
            self.fail("its name is empty", param, ctx)
        if name.startswith("-"):  # more likely the next option, or the dash of a pipe
            self.fail(f"{name} is no name: a file called so is ./{name}", param, ctx)


class ReadFile(_Named):
    """A file that is there and can be read."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: Parameter, ctx: Context) -> Path:
        """Return its path."""
        self._refuse_unnamed(value, param, ctx)
        why = _unreadable(Path(value))
        if why:
            self.fail(f"cannot read {value}: {why}", param, ctx)
        return Path(value)


class WrittenFile(_Named):
    """A file that can be written, as far as can be told before it is."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: Parameter, ctx: Context) -> Path:
        """Return its path."""
        self._refuse_unnamed(value, param, ctx)
        why = _unwritable(Path(value))
        if why:
            self.fail(f"cannot write {value}: {why}", param, ctx)
        return Path(value)


class WrittenFolder(_Named):
    """A folder that can be written into; it is made where it is not there."""

    def __init__(self) -> None:
        super().__init__(file_okay=False, path_type=Path)

    def convert(self, value: Any, param: Parameter, ctx: Context) -> Path:
        """Return its path."""
        self._refuse_unnamed(value, param, ctx)
        why = _no_folder(Path(value))
        if why:
            self.fail(f"cannot write into {value}: {why}", param, ctx)
        return Path(value)


def write(path: Path, text: str) -> None:
    """Write a file; raises UsageError, in words, where that cannot be done."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise click.UsageError(f"cannot write {path}: {error.strerror}") from error


def _unreadable(path: Path) -> str:
    try:
        path.stat()
    except FileNotFoundError:
        return "there is no such file"
    except OSError as error:
        return error.strerror or str(error)
    if path.is_dir():
        return "it is a folder, not a file"
    if not path.is_file():  # a device may never end
        return "it is no regular file"
    return "" if os.access(path, os.R_OK) else "it may not be read"


def _unwritable(path: Path) -> str:
    try:
        if path.is_dir():
            return "it is a folder, not a file"
        if not path.parent.exists():
            return f"there is no folder {path.parent}"
        if not path.parent.is_dir():
            return f"{path.parent} is not a folder"
        place = path if path.exists() else path.parent
    except OSError as error:
        return error.strerror or str(error)
    return "" if os.access(place, os.W_OK) else f"{place} may not be written"


def _no_folder(path: Path) -> str:
    try:
        place = next(one for one in (path, *path.absolute().parents) if one.exists())
        if not place.is_dir():
            return f"{place} is not a folder"
    except OSError as error:
        return error.strerror or str(error)
    return "" if os.access(place, os.W_OK | os.X_OK) else f"{place} may not be written"


def _shown(value: Any) -> str:
    text = str(value) if str(value).strip() else repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
