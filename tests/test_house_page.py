"""docs/house.md says what each package is: every one, in the package's own words."""

import ast
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
PAGE = (HOUSE / "docs" / "house.md").read_text("utf-8")


def packages() -> dict[str, str]:
    """Return the first sentence of every package of the house, by its place below `truebook`."""
    found = {}
    for root in ("model", "impl", "specs"):
        top = HOUSE / root / "truebook"
        for path in top.rglob("__init__.py"):
            said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
            first = " ".join(said.split("\n\n")[0].split())
            found[path.parent.relative_to(top).as_posix()] = first
    return found


def test_the_page_has_every_package_in_its_own_words() -> None:
    assert dict(re.findall(r"^\| `([\w/]+)` \| (.+) \|$", PAGE, re.MULTILINE)) == packages()


def test_every_package_says_in_one_sentence_what_it_is() -> None:
    for package, sentence in packages().items():
        assert re.fullmatch(r"[A-Z][^.]+\.", sentence), f"{package}: {sentence!r}"


def test_every_file_that_the_page_names_is_there() -> None:
    named = re.findall(r"`(\w+\.py)`", PAGE)
    assert len(named) > 5
    files = {path.name for root in ("model", "impl") for path in (HOUSE / root).rglob("*.py")}
    assert set(named) <= files
    for package in re.findall(r"`((?:impl|specs|oracle)/[\w/]+)`", PAGE):
        assert package in packages() or (HOUSE / package).is_dir()


@pytest.mark.parametrize(("root", "files"), [("tests", 100), ("impl", 80)])
def test_no_file_is_too_long_to_be_read_at_once(root: str, files: int) -> None:
    lengths = {
        path.relative_to(HOUSE).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in (HOUSE / root).rglob("*.py")
    }
    assert len(lengths) > files
    assert {name: length for name, length in lengths.items() if length > 400} == {}
