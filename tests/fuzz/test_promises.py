"""Each promise is broken by a book that is wrong in that way, and by no other."""

from pathlib import Path

import pytest

from fuzz.story import Make, Story, tell
from fuzz.world import Setup, Step
from tests.fuzz import wrong_books as wrong

STORIES = Path(__file__).parent / "stories"
REST: list[Step] = [["place", "o1", "buy", "100", "5"], ["reach", "o1"], ["hear", "answer o1"]]
FILLED: list[Step] = [*REST, ["trade", "t1", "o1", "2"], ["hear", "fill t1"]]
OVER: list[Step] = [*FILLED, ["end", "o1"], ["hear", "cancelled o1"], ["wait", 30_000]]
STRANGER: list[Step] = [["stranger", "x1", "buy", "99", "3"], ["list", "l1"], ["hear", "list l1"]]
TWICE: list[Step] = [*STRANGER, ["list", "l2"], ["hear", "list l2"]]
LIED: list[Step] = [*REST, ["lie", "cancelled", "o1"], ["wait", 11_000], ["pass"]]

BROKEN: list[tuple[str, Make, list[Step]]] = [
    ("position-is-unique-fills", wrong.MissesAFill, FILLED),
    ("no-fill-twice", wrong.CountsTwice, [*FILLED, ["again", "fill t1"]]),
    ("tracked-or-pending", wrong.ShowsNothingOpen, REST),
    ("exposure-bounds-truth", wrong.NoExposure, REST),
    ("exposure-is-tight", wrong.LooseExposure, REST),
    ("no-false-alarm", wrong.CriesWolf, REST),
    ("lies-are-reported", wrong.SaysNothing, LIED),
    ("nothing-is-said-for-ever", wrong.SaysItForEver, REST),
    ("nothing-is-asked-for-ever", wrong.AsksForEver, REST),
    ("nothing-flaps", wrong.Flaps, OVER),
    ("no-false-orphan", wrong.CancelsAllListed, [*REST, ["list", "l1"], ["hear", "list l1"]]),
    ("orphan-cancelled-once", wrong.CancelsAllListed, TWICE),
    ("a-cancel-can-be-sent", wrong.NeverCancels, [*REST, ["must cancel", "c1", "o1"]]),
    (
        "true-words-are-taken",
        wrong.RefusesSmallFills,
        [*REST, ["trade", "t1", "o1", "0.5"], ["hear", "fill t1"]],
    ),
    ("restarts-lose-nothing", wrong.ForgetsItself, [*REST, ["restart"]]),
    ("convergence", wrong.StaysPending, REST),
    ("nothing-leaks", wrong.CancelsAreStuck, REST),
    ("replay-harmless", wrong.NeverTheSame, FILLED),
]


@pytest.mark.parametrize(("promise", "make", "steps"), BROKEN, ids=[one[0] for one in BROKEN])
def test_a_wrong_book_breaks_the_promise(promise: str, make: Make, steps: list[Step]) -> None:
    story = Story(Setup(), tuple(steps))
    assert tell(story) is None
    found = tell(story, make)
    assert found is not None
    assert found.promise == promise
    assert found.how in found.timeline


def test_the_orders_of_others_are_left_where_that_is_chosen() -> None:
    story = Story(Setup(strangers="leave"), tuple(STRANGER))
    found = tell(story, wrong.CancelsAllListed)
    assert found is not None
    assert found.promise == "strangers-are-left"


LACKING: list[tuple[Make, str]] = [
    (wrong.BelievesOver, "told-cancelled-while-open"),
    (wrong.BelievesOver, "absent-from-one-listing"),
    (wrong.PassesKnownFillsOver, "known-fill-with-another-size"),
    (wrong.OldFillsBind, "old-fill-of-a-cloid-used-again"),
    (wrong.SameCloids, "cloids-of-two-books"),
    (wrong.IgnoresSizes, "accepted-with-a-smaller-size"),
    (wrong.WaitsAreUnknown, "child-order-waits"),
    (wrong.CancelsOnlyTheKnown, "cancelled-before-its-answer"),
    (wrong.CancelsOnlyTheKnown, "unanswered-cancel-sent-again"),
    (wrong.TakesFeesForNothing, "fee-in-the-base-asset"),
    (wrong.CancelsAllListed, "orders-of-others-are-left"),
    (wrong.RefusalsAreOfTheNewest, "late-refusal-of-the-modify-before"),
    (wrong.StatusesAreOfTheOrder, "status-by-cloid-is-of-a-refused-modify"),
]


@pytest.mark.parametrize(("make", "name"), LACKING, ids=[one[1] for one in LACKING])
def test_a_book_that_lacks_what_was_learnt_is_found(make: Make, name: str) -> None:
    text = (STORIES / f"{name}.json").read_text("utf-8")
    assert tell(Story.from_json(text), make) is not None
