"""The venue's false words: each is told only where it is false, and one in a run."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations, permutations

import attrs
import pytest

from truebook.model import tracker
from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE
from truebook.model.own import own_order
from truebook.model.strangers import foreign_order
from truebook.model.vocabulary import OrderState, Venue
from truebook.model.world import World
from truebook.specs.explore.engine import Runner
from truebook.specs.properties.trace import State

BOUNDS = Bounds(cancel=True, refuse=True, unasked=True, lie=True)
RESTS = ("send", "arrive-0:a", "answer:a")
PICTURE = ("tick", "ask-snapshot:first", "take-snapshot:first")


def after(names: Sequence[str], bounds: Bounds = BOUNDS) -> tuple[Runner, State]:
    """Return the world of an order of ours after some actions, of which each is possible."""
    runner = Runner(own_order(REFERENCE, bounds))
    actions = {action.name: action for action in runner.system.actions}
    state = runner.first
    for name in names:
        reached = runner.run(state, actions[name])
        assert reached is not None, f"{name} is not possible"
        state = reached
    return runner, state


def world(*names: str) -> World:
    runner, state = after(names)
    loaded = runner.load(state)
    assert isinstance(loaded, World)
    return loaded


def lies_possible(runner: Runner, state: State) -> set[str]:
    actions = runner.system.actions
    names = (actions[number].name for number, _ in runner.successors(state))
    return {name for name in names if name.startswith("lie-")}


@pytest.mark.parametrize(
    ("told", "lies"),
    [
        ((), set()),
        (("send",), set()),
        (("send", "arrive-0:a"), {"end:a", "filled:a", "refused:a", "taken:a"}),
        (("send", "refuse:a"), {"accepted:a"}),
        (RESTS, {"end:a", "filled:a"}),
        ((*RESTS, "ask-cancel:a"), {"end:a", "filled:a", "cancel:a"}),
        ((*RESTS, "ask-cancel:a", "cancel:a"), {"no-cancel:a"}),
        ((*RESTS, *PICTURE), {"end:a", "filled:a", "absent:first/a"}),
        ((*RESTS, "cancel-unasked:a"), set()),
        ((*RESTS, "cancel-unasked:a", *PICTURE), {"listed:first/a"}),
    ],
)
def test_a_word_can_be_told_only_where_it_is_false(told: Sequence[str], lies: set[str]) -> None:
    runner, state = after(told)
    assert lies_possible(runner, state) == {f"lie-{name}" for name in lies}


@pytest.mark.parametrize("lie", ["lie-end:a", "lie-filled:a"])
def test_one_word_in_a_run_is_false(lie: str) -> None:
    runner, state = after((*RESTS, lie))
    assert lies_possible(runner, state) == set()


def test_without_the_fault_no_word_is_false() -> None:
    system = own_order(REFERENCE, attrs.evolve(BOUNDS, lie=False))
    assert not [action.name for action in system.actions if action.name.startswith("lie-")]
    assert not {"lied", "misled"} & {field.path for field in system.fields}


def test_a_false_picture_misleads_once_it_is_handed_over() -> None:
    told = (*RESTS, *PICTURE, "lie-absent:first/a")
    assert world(*told).misled == 0
    w = world(*told, "process-snapshot:first")
    assert (w.misled, w.a.status, w.book_a.state) == (1, Venue.OPEN, OrderState.CANCEL_CONFIRMED)


def test_only_a_picture_asked_for_later_contradicts() -> None:
    soon = (*RESTS, "lie-end:a", *PICTURE[1:], "process-snapshot:first")
    assert world(*soon).book_a.state == OrderState.CANCELLED
    later = (*RESTS, "lie-end:a", *PICTURE, "process-snapshot:first")
    w = world(*later)
    assert (w.book_a.state, w.book_a.disputed, w.misled) == (OrderState.RESTING, 1, 0)


def test_what_a_picture_contradicted_is_closed_by_no_other_word() -> None:
    disputed = (*RESTS, "lie-end:a", *PICTURE, "process-snapshot:first")
    assert world(*disputed, "cancel-unasked:a", "end:a").book_a.state == OrderState.RESTING
    gone = (*disputed, "cancel-unasked:a", "end:a", *PICTURE, "process-snapshot:first")
    assert world(*gone).book_a.state == OrderState.CANCEL_CONFIRMED


def test_what_is_over_with_all_its_fills_is_not_opened_again() -> None:
    told = (
        *("send", "arrive-2:a", "answer:a", "taker-fill:a", "taker-fill:a"),
        *(*PICTURE, "lie-listed:first/a", "process-snapshot:first"),
    )
    w = world(*told)
    assert (w.book_a.state, w.book_a.disputed) == (OrderState.FILLED, 1)


def test_what_is_forgotten_is_ours_when_it_is_listed() -> None:
    told = (*RESTS, "lie-end:a", "tick", "tick", *PICTURE, "process-snapshot:first")
    assert world(*told[:-1]).book_a.state == OrderState.ABSENT
    w = world(*told)
    assert (w.book_a.state, w.book_a.candidate) == (OrderState.RESTING, 0)


WORDS: dict[str, Callable[[World, int], None]] = {
    "over, with 0": partial(tracker.on_end, refused=False, filled=0),
    "over, with 1": partial(tracker.on_end, refused=False, filled=1),
    "over, with 2": partial(tracker.on_end, refused=False, filled=2),
    "accepted, with 1": partial(tracker.on_answer, refused=False, taken=1),
    "accepted, with 2": partial(tracker.on_answer, refused=False, taken=2),
    "taker fill": partial(tracker.on_fill, taker=True, named=True, new=True),
    "maker fill": partial(tracker.on_fill, taker=False, named=True, new=True),
}
"""What an order of four lots may be told, in whatever order: true or not."""


@pytest.mark.parametrize("count", [2, 3, 4])
def test_words_that_contradict_a_last_word_commute(count: int) -> None:
    for words in combinations(WORDS, count):
        came = {order: record_after(order) for order in permutations(words)}
        assert len(set(came.values())) == 1, came


def test_a_last_word_that_is_contradicted_waits_for_fills() -> None:
    for words in permutations(("over, with 0", "maker fill")):
        assert record_after(words)[0] == OrderState.CANCEL_CONFIRMED


def record_after(words: Sequence[str]) -> tuple[int, ...]:
    """Return what the book knows of an order of four lots, the state first, after some words."""
    w = World(bounds=Bounds(size=4, lie=True), keeps=REFERENCE.keeps, tracker=tracker)
    tracker.register(w, 0)
    for word in words:
        WORDS[word](w, 0)
    record = w.book_a
    return record.state, *attrs.astuple(record)


def test_a_foreign_order_is_lied_about_likewise() -> None:
    names = {action.name for action in foreign_order(REFERENCE, BOUNDS).actions}
    assert {name for name in names if name.startswith("lie-")} == {
        "lie-cancel",
        "lie-no-cancel",
        "lie-absent:first",
        "lie-listed:first",
    }
