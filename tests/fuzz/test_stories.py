"""Stories that broke a book once are told to the book as it is: no promise breaks any more."""

from pathlib import Path

import pytest

from fuzz.story import Story, tell

STORIES = sorted((Path(__file__).parent / "stories").glob("*.json"))

WAITS = {
    "known-fill-with-another-size": "a known fill with another size is passed over in silence",
    "known-fill-with-another-price": "a known fill with another price is passed over in silence",
    "known-fill-with-another-side": "a known fill of the other side is passed over in silence",
    "old-fill-of-a-cloid-used-again": "an old fill binds the new order of its cloid to the old oid",
    "cloids-of-two-books": "two books that are configured with nothing make the same cloids",
    "reduce-only-shrinks-with-its-size": "a smaller size that the venue shows is not taken",
    "accepted-with-a-smaller-size": "the size that was sent counts, not the one accepted",
    "decremented-with-its-size": "a smaller size that the venue shows is not taken",
    "amended-in-place": "a modify that keeps the oid is taken for one that was not done",
    "begun-with-an-order-that-goes-on": "what had filled before the book began is awaited for ever",
    "late-fill-of-an-old-leg-in-a-new-book": "it is in the position, and said to contradict it",
    "child-order-waits": "an order that waits is taken for one that never came to be",
    "triggered-under-an-oid-of-its-own": "an order that was triggered is in no map",
    "cancelled-before-its-answer": "an order cannot be cancelled before its answer has come",
    "unanswered-cancel-sent-again": "a cancel that nobody answered cannot be sent again",
    "fee-in-the-base-asset": "a fee in the base asset is not taken from the position",
    "trade-taken-back": "a trade that the venue took back stays in the position",
    "orders-of-others-are-left": "the orders of others are cancelled, whatever was chosen",
    "late-refusal-of-the-modify-before": "a late refusal is taken for that of the next modify",
    "second-cancel-of-an-orphan": "a late answer is taken for that of the next cancel",
    "old-fill-after-a-long-chain": "an oid is forgotten after many modifies, and taken for new",
    "old-fill-while-a-modify-is-refused": "an old oid is taken for the one that a modify made",
    "lost-modify-beside-a-stranger": "a lost modify stays pending beside an order like it",
    "status-by-cloid-is-of-a-refused-modify": "a refused modify's status closes the order",
    "status-by-cloid-is-of-the-original": "the cancelled original's status closes its successor",
    "oid-as-a-text": "a true fill is refused, since its oid is a text",
    "clock-set-back": "a true fill is refused, since the clock was set back",
    "modified-by-hand-beside-a-modify": "the owner's modify is taken for ours, with our size",
    "fill-of-an-order-modified-by-hand": "each pass says again what cannot be",
    "told-refused-while-open": "an order told refused is listed and open again without a word",
}
"""Stories that the book does not get right yet, and why."""


def story(path: Path) -> object:
    why = WAITS.get(path.stem)
    return pytest.param(
        path, id=path.stem, marks=[pytest.mark.xfail(strict=False, reason=why)] if why else []
    )


@pytest.mark.parametrize("path", [story(path) for path in STORIES])
def test_no_promise_breaks(path: Path) -> None:
    found = tell(Story.from_json(path.read_text("utf-8")))
    assert found is None, found.timeline


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_is_as_it_is_written(path: Path) -> None:
    text = path.read_text("utf-8")
    assert Story.from_json(text).to_json() == text


def test_what_is_awaited_is_there() -> None:
    assert set(WAITS) <= {path.stem for path in STORIES}
    assert len(STORIES) > len(WAITS)
