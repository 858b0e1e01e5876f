"""The pages on what stands around the book: their lines run."""

import re
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("page", ["store", "sync", "shadow", "views", "market_maker"])
def test_the_lines_that_use_it_run(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DOCS.parent)
    monkeypatch.setattr(sys, "path", [*sys.path])
    (code,) = re.findall(r"```python\n(.*?)```", (DOCS / f"{page}.md").read_text(), re.DOTALL)
    exec(compile(code, f"{page}.md", "exec"), {})
