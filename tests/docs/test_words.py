"""The words of the pages: all in the glossary, one word for one thing; and the changelog."""

import pkgutil
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
PAGES = [ROOT / "README.md", *(p for p in sorted((ROOT / "docs").glob("*.md")) if p != GLOSSARY)]
MUST = {
    "cloid",
    "oid",
    "tid",
    "fill",
    "taker",
    "maker",
    "listing",
    "snapshot",
    "tombstone",
    "grace",
}
MUST |= {"orphan", "foreign", "lot", "edge", "vector", "reference", "plan", "legacy"}


def glossary() -> dict[str, str]:
    """Return the words, and what each means."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", GLOSSARY.read_text("utf-8"), re.MULTILINE)
    every = {words: meaning for words, meaning in rows if words not in ("word", "---")}
    return {word: meaning for words, meaning in every.items() for word in words.split(", ")}


def said(page: Path) -> str:
    """Return what a page says in words: no code."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"^    .*$|`[^`]*`", "", text, flags=re.MULTILINE)


def test_every_word_that_a_reader_meets_is_in_the_glossary() -> None:
    assert set(glossary()) >= MUST
    assert len(re.findall(r"^\| \w", GLOSSARY.read_text("utf-8"), re.MULTILINE)) > 40


@pytest.mark.parametrize("word", glossary())
def test_every_word_of_the_glossary_is_used_and_explained(word: str) -> None:
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    stem = re.escape(word.removesuffix("y"))
    assert re.search(rf"\b{stem}", text, re.IGNORECASE), word
    meaning = glossary()[word]
    assert meaning.endswith(".")
    assert len(re.findall(r"[.?](?= |$)", meaning)) <= 4


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_leads_to_the_glossary(page: Path) -> None:
    assert "glossary.md)" in page.read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_venues_answer_is_called_a_listing(page: Path) -> None:
    if page.name == "store.md":  # the journal has snapshots of its own
        return
    for line in said(page).splitlines():
        told = "called a snapshot" in line or "a snapshot in them is a listing" in line
        of_the_code = page.name == "model.md" and line.startswith("| ")  # its rules' own sentences
        assert told or of_the_code or "snapshot" not in line.lower(), line


def test_the_changelog_has_a_section_for_what_comes_and_for_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    sections = re.findall(r"^## \[(.*?)\]", text, re.MULTILINE)
    assert sections[:2] == ["Unreleased", version]
    kinds = set(re.findall(r"^### (.*)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_readme_is_one_page() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 115


def test_every_extra_is_in_the_readme() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    page = (ROOT / "README.md").read_text("utf-8")
    for extra in set(project["optional-dependencies"]) - {"dev", "fast"}:
        assert re.search(rf"^\|.*`{extra}`.* \|", page, re.MULTILINE), extra


FILES = [
    path.relative_to(ROOT)
    for root in ("model", "impl", "specs", "tests", "examples", "bench", "fuzz")
    for path in (ROOT / root).rglob("*.py")
]


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: page.name)
def test_every_file_and_module_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    written = set(re.findall(r"^```\w+ (\S+)$", text, re.MULTILINE))
    for name in set(re.findall(r"`([\w/]+\.py)`", text)) - written:
        place = Path(name).parts
        assert any(file.parts[-len(place) :] == place for file in FILES), f"there is no {name}"
    for name in re.findall(r"`(truebook(?:\.\w+)+)`", text):
        assert pkgutil.resolve_name(name)
