"""Golden files: the text that people read, kept whole.

To accept a change of the text, run `TRUEBOOK_REGENERATE=1 pytest tests/review`. It writes the files
anew and fails, so that nobody takes it for a pass; read the difference before committing it.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
COUNTS = re.compile(r"[\d,]+ states and [\d,]+ transitions( in .*, to depth )\d+")
"""What was counted is held by other tests, and changes with every change of the model."""


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Return a function that holds a text to a golden file, less what was counted."""

    def hold(name: str, text: str) -> None:
        text = COUNTS.sub(r"N states and N transitions\1N", text)
        path = GOLDEN / name
        if os.environ.get("TRUEBOOK_REGENERATE"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
            pytest.fail(f"wrote {path}: read the difference, then unset TRUEBOOK_REGENERATE")
        assert text == path.read_text("utf-8"), "to accept the new text, see tests/review/conftest"

    return hold
