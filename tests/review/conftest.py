"""Golden files: the text that people read, kept whole.

To accept a change of the text, run `TRUEBOOK_REGENERATE=1 pytest tests/review`. It writes the files
anew and fails, so that nobody takes it for a pass; read the difference before committing it.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from truebook.screen import terminal
from truebook.screen.layout import Block, Styled, laid_out

GOLDEN = Path(__file__).parent / "golden"
COUNTS = re.compile(
    r"[\d,]+ states and\s+[\d,]+\s+transitions\s+in (\d+)\s+(scenarios?),\s+to\s+depth\s+\d+"
)
"""What was counted is held by other tests, and changes with every change of the model."""


@pytest.fixture
def golden() -> Iterator[Callable[[str, str], None]]:
    """Return a function that holds a text to a golden file, less what was counted."""
    written = []

    def hold(name: str, text: str) -> None:
        text = COUNTS.sub(r"N states and N transitions in \1 \2, to depth N", text)
        path = GOLDEN / name
        if os.environ.get("TRUEBOOK_REGENERATE"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            written.append(name)
        else:
            assert text == path.read_text("utf-8"), (
                "to accept the new text, see tests/review/conftest"
            )

    yield hold
    if written:
        pytest.fail(f"wrote {written}: read the difference, then unset TRUEBOOK_REGENERATE")


NARROW = 60


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """Return a function that returns what was shown as it is on a screen of 60 columns."""
    shown: list[str] = []

    def both(blocks: Iterable[Block], width: int) -> Iterator[Styled]:
        kept = list(blocks)
        shown.extend(f"{line}\n" for _, line in laid_out(kept, NARROW))
        return laid_out(kept, width)

    monkeypatch.setattr(terminal, "laid_out", both)
    return lambda: "".join(shown)
