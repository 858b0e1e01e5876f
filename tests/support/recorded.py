"""Where the recordings of real venues are, which are no part of the project: tests skip without.

They are in the folder that TRUEBOOK_RECORDED names, else in `../shared/data` of the checkout.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_SIBLING = Path(__file__).resolve().parents[3] / "shared" / "data"
FOLDER = Path(os.environ.get("TRUEBOOK_RECORDED", _SIBLING))

needed = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="no recordings: TRUEBOOK_RECORDED names no folder, nor is there ../shared/data",
)
"""Marks a test that reads recordings."""


def answer(name: str) -> Any:
    """Return a recorded answer of the info endpoint."""
    found = load(name)
    return found["response"] if isinstance(found, dict) and "response" in found else found


def load(name: str) -> Any:
    """Return a file of JSON."""
    return json.loads((FOLDER / name).read_text("utf-8"))


def lines(name: str) -> Iterator[Any]:
    """Yield the values of a file that has one in each line."""
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        yield json.loads(line)
