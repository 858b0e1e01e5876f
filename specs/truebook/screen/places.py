"""Places in files as SARIF has them: some readers take no finding without a file and a line."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote


def script_of(command: Sequence[str]) -> dict[str, Any]:
    """Return where the script of a command is: its first argument that is a file, else its program.

    Nothing where none of them is below the working directory.
    """
    places = (place_of(word) for word in (*command[1:], *command[:1]))
    return next(filter(None, places), {})


def place_of(name: str, line: int = 1) -> dict[str, Any]:
    """Return a line of a file; nothing where it is not below the working directory."""
    here = Path.cwd()
    path = Path(os.path.normpath(here / name))
    if not (path.is_relative_to(here) and _is_file(path)):
        return {}
    return line_of(path.relative_to(here).as_posix(), line)


def line_of(name: str, line: int = 1) -> dict[str, Any]:
    """Return a line of what has this name, be it a file or not."""
    region = {"startLine": line}
    return {"physicalLocation": {"artifactLocation": {"uri": quote(name)}, "region": region}}


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a word that is too long for a name
        return False
