"""What was proved before is not proved again: queries by their text, worlds by their code.

An entry says "unsat" or "proved" of one thing that it names by a hash of all that decides it, and
has a checksum. One that is damaged, of something else or of another version is none, and what it
was of is proved again. Nothing but what is proved is kept; to delete the folder is to prove all.
"""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

VERSION = "1"
"""Of the form of the entries."""


def user_cache() -> Path | None:
    """Return the folder of the user's caches for this; None: in CI, where each run proves all."""
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        return None
    home = Path.home()
    if sys.platform == "win32":
        place = os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"
    elif sys.platform == "darwin":
        place = home / "Library" / "Caches"
    else:
        place = os.environ.get("XDG_CACHE_HOME") or home / ".cache"
    return Path(place) / "truebook" / "proofs"


def sources_digest(folders: Iterable[Path]) -> str:
    """Return the hash of all Python files below some folders: of their paths and their text."""
    summed = sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            content = path.read_bytes()
            summed.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
            summed.update(content)
    return summed.hexdigest()


class Unsat:
    """The queries that a solver of some version found "unsat", in a file of a line each.

    Lines are only ever added, so that processes can share the file. `folder` None: nothing is kept.
    """

    def __init__(self, folder: Path | None, solver: str) -> None:
        self._solver = solver
        self._path = None if folder is None else folder / f"unsat-{solver}.txt"
        self._known: frozenset[str] = frozenset()
        if self._path is None:
            return
        with suppress(OSError):
            lines = self._path.read_text("utf-8", errors="replace").splitlines()
            self._known = frozenset(line for line in lines if self._is_whole(line))

    def __contains__(self, text: str) -> bool:
        """Return whether exactly this text was found "unsat"."""
        return bool(self._known) and self._line(sha256(text.encode()).hexdigest()) in self._known

    def add(self, text: str) -> None:
        """Keep that a text was found "unsat"; where that cannot be written it is found again."""
        if self._path is None:
            return
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{self._line(sha256(text.encode()).hexdigest())}\n")

    def _is_whole(self, line: str) -> bool:
        return line == self._line(line[:64])

    def _line(self, digest: str) -> str:
        return f"{digest} {_sum(f'{VERSION} unsat {self._solver} {digest}')}"


def read(folder: Path, key: Mapping[str, Any]) -> Any:
    """Return what was kept under a key, or None where nothing was, or it is damaged."""
    try:
        entry = json.loads(_place(folder, key).read_text("utf-8"))
        whole = entry["sum"] == _sum(_text([entry["key"], entry["value"]]))
        return entry["value"] if whole and entry["key"] == _plain(key) else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write(folder: Path, key: Mapping[str, Any], value: Any) -> None:
    """Keep something under a key; where that cannot be written nothing is kept."""
    entry = {"key": _plain(key), "value": value, "sum": _sum(_text([_plain(key), value]))}
    place = _place(folder, key)
    passing = place.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        passing.write_text(_text(entry), "utf-8")
        passing.replace(place)


def _place(folder: Path, key: Mapping[str, Any]) -> Path:
    return folder / f"{_sum(_text(_plain(key)))}.json"


def _plain(key: Mapping[str, Any]) -> Any:
    """Return a key as it is read back from a file."""
    return json.loads(_text({"version": VERSION, **key}))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _sum(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
