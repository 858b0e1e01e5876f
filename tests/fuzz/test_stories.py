"""Stories that broke a book once are told to the book as it is: no promise breaks any more."""

from pathlib import Path

import pytest

from fuzz.story import Story, tell

STORIES = sorted((Path(__file__).parent / "stories").glob("*.json"))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_no_promise_breaks(path: Path) -> None:
    found = tell(Story.from_json(path.read_text("utf-8")))
    assert found is None, found.timeline


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_is_as_it_is_written(path: Path) -> None:
    text = path.read_text("utf-8")
    assert Story.from_json(text).to_json() == text


def test_there_are_stories() -> None:
    assert len(STORIES) > 30
