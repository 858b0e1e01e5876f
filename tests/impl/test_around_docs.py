"""The pages on what stands around the book: their lines run."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("page", ["store", "sync", "shadow", "views"])
def test_the_lines_that_use_it_run(page: str) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (DOCS / f"{page}.md").read_text(), re.DOTALL)
    exec(compile(code, f"{page}.md", "exec"), {})
