"""What is installed of Truebook, and the command that installs what a command of it lacks."""

import json
import shlex
import shutil
import sys
from collections.abc import Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_HERE = Path(__file__).resolve().parents[2]
"""The checkout, where this runs from one of which nothing is installed."""

NEEDS = (
    (("prove", "cvc5"), "cvc5"),
    (("prove", "both"), "cvc5"),
    (("prove",), "prove"),
    (("export", "smt2"), "prove"),
    (("conform",), "conform"),
    (("refine", "--defects"), "conform"),
    (("vectors", "--remake"), "check"),
    (("check",), "check"),
    (("rules",), "check"),
    (("refine",), "check"),
    (("export",), "check"),
    (("venue",), "venue"),
    (("record",), "venue"),
    (("audit", "--measure"), "audit,venue"),
    (("audit", "ray"), "ray"),
    (("audit",), "audit"),
)
"""The extra that a command needs with such words; the others need the command line alone."""


def version() -> str:
    """Return the version that is installed; "0" in a checkout of which nothing is."""
    found = _distribution()
    return found.version if found else "0"


def extra_for(arguments: Sequence[str]) -> str:
    """Return the extra that a command line needs."""
    before = takewhile(lambda word: word != "--", arguments)
    words = [part for word in before for part in word.split("=", 1)]
    if "--help" in words or "-h" in words:
        return "cli"
    for needed, extra in NEEDS:
        if words[:1] == [needed[0]] and set(needed) <= set(words):
            return extra
    return "cli"


def install_command(extra: str) -> str:
    """Return the command that adds an extra to what runs here, as it is typed in this folder.

    What was installed from a folder of sources is installed from it again, as it was.
    """
    origin, target, options = _origin(), "truebook", []
    folder = Path(unquote(urlsplit(origin.get("url", "")).path))
    if "dir_info" in origin and (folder / "pyproject.toml").is_file():
        target = "." if folder.resolve() == Path.cwd() else str(folder)
        options = ["-e"] if origin["dir_info"].get("editable") else []
    return shlex.join([*_pip(), "install", *options, f"{target}[{extra}]"])


def _pip() -> list[str]:
    """Return how pip is called that installs for this Python: not always the first on the path."""
    first = shutil.which("pip")
    if first is not None and Path(first).parent == Path(sys.executable).parent:
        return ["pip"]
    return [sys.executable, "-m", "pip"]


def _distribution() -> Distribution | None:
    try:
        return distribution("truebook")
    except PackageNotFoundError:
        return None


def _origin() -> dict[str, Any]:
    """Return where this came from, as pip notes it; nothing: from an index."""
    found = _distribution()
    if found is None:
        return {"url": _HERE.as_uri(), "dir_info": {}}
    origin: dict[str, Any] = json.loads(found.read_text("direct_url.json") or "{}")
    return origin
