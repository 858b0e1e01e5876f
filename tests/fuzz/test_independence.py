"""The fuzzer shares no code with what else holds the book to the model."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOORS = ("truebook.impl", "truebook.impl.journal", "truebook.impl.sync", "truebook.impl.views")
MAY = ("attrs", "fuzz")


def strangers(text: str) -> list[str]:
    """Return what a module imports and may not."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""] if not node.level else ["."]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            top = name.split(".")[0]
            if name not in DOORS and top not in MAY and top not in sys.stdlib_module_names:
                found.append(name)
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "fuzz").glob("*.py")), ids=lambda path: path.stem)
def test_it_enters_the_book_by_its_doors_alone(path: Path) -> None:
    assert strangers(path.read_text("utf-8")) == []


def test_no_other_part_leans_on_it() -> None:
    for root in ("model", "impl", "specs", "examples", "bench"):
        for path in (ROOT / root).rglob("*.py"):
            assert not re.search(r"^\s*(from|import) fuzz\b", path.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    "line",
    [
        "from truebook.model import world",
        "from truebook.model.vocabulary import Side",
        "from truebook.specs.refine import replay",
        "from truebook.impl.book.ledger import Ledger",
        "import truebook.impl.book",
        "from simulated_venue import Venue",
        "from examples import truth",
        "import hypothesis",
        "from . import venue",
    ],
)
def test_a_wrong_import_is_found(line: str) -> None:
    assert strangers(line) != []


def test_a_right_import_passes() -> None:
    assert strangers("import json\nimport attrs\nfrom fuzz.venue import Venue") == []
    assert (
        strangers("from truebook.impl import Side\nfrom truebook.impl.sync import SafetySync") == []
    )
