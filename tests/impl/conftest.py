"""What the tests of the book share."""

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench" / "journal.py"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("journal_bench", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def breaking() -> Iterator[ModuleType]:
    """Return bench/journal_damage.py, which imports what lies beside it."""
    sys.path.insert(0, str(BENCH.parent))
    try:
        yield importlib.import_module("journal_damage")
    finally:
        sys.path.remove(str(BENCH.parent))
        for name in ("journal", "journal_damage"):
            sys.modules.pop(name, None)
