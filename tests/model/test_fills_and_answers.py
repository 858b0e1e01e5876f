"""Races between a fill's message and the venue's answer to the request."""

from collections.abc import Callable

import pytest

from truebook.model.config import Bounds, Delays
from truebook.model.designs import LEGACY, PLAN, REFERENCE, Design, without
from truebook.model.vocabulary import OrderState, Venue
from truebook.model.world import World

After = Callable[[Design, Bounds, str], World]

ONE_LOT = Bounds(size=1)
TWO_LOTS = Bounds(size=2)
LATE = Bounds(size=2, delays=Delays(answer=2))


def shown(world: World) -> tuple[int, int, int]:
    """Return the order's state, what it shows as filled, and its exposure."""
    tracker = world.tracker
    return world.book_a.state, tracker.filled(world, 0), tracker.exposure(world, 0)


def test_a_fill_before_the_answer_binds_the_order(after: After) -> None:
    world = after(REFERENCE, TWO_LOTS, "send arrive-0:a fill:a maker-fill:a")
    assert shown(world) == (OrderState.PARTIALLY_FILLED, 1, 1)
    assert (world.position, world.book_a.mapped) == (1, 1)


def test_the_answer_after_a_fill_changes_nothing(after: After) -> None:
    before = after(REFERENCE, TWO_LOTS, "send arrive-0:a fill:a maker-fill:a")
    world = after(REFERENCE, TWO_LOTS, "send arrive-0:a fill:a maker-fill:a answer:a")
    assert world.book_a == before.book_a
    assert world.position == 1


def test_a_fill_before_the_answer_is_lost_on_the_plan(after: After) -> None:
    story = "send arrive-0:a fill:a maker-fill:a"
    world = after(PLAN, TWO_LOTS, story)
    assert shown(world) == (OrderState.PENDING, 0, 0)
    assert (world.position, world.book_a.mapped) == (1, 0)
    world = after(PLAN, TWO_LOTS, f"{story} answer:a")
    assert shown(world) == (OrderState.RESTING, 0, 2), "one lot of it is a ghost"
    assert world.position == 1


def test_a_fill_before_the_answer_leaves_legacy_without_the_order(after: After) -> None:
    world = after(LEGACY, TWO_LOTS, "send arrive-0:a fill:a maker-fill:a answer:a")
    assert world.a.status == Venue.OPEN
    assert shown(world) == (OrderState.ABSENT, 0, 0)


@pytest.mark.parametrize("messages", ["answer:a taker-fill:a", "taker-fill:a answer:a"])
def test_an_answer_filled_and_its_fill_count_once(after: After, messages: str) -> None:
    world = after(REFERENCE, ONE_LOT, f"send arrive-1:a {messages}")
    assert world.position == 1
    assert shown(world) == (OrderState.FILLED, 1, 0)


@pytest.mark.parametrize("messages", ["answer:a taker-fill:a", "taker-fill:a answer:a"])
@pytest.mark.parametrize("design", [PLAN, LEGACY, without("fills-move-position")])
def test_an_answer_filled_and_its_fill_count_twice(
    after: After, design: Design, messages: str
) -> None:
    assert after(design, ONE_LOT, f"send arrive-1:a {messages}").position == 2


def test_what_an_answer_says_has_filled_is_an_expectation(after: After) -> None:
    world = after(REFERENCE, TWO_LOTS, "send arrive-1:a answer:a")
    assert shown(world) == (OrderState.PARTIALLY_FILLED, 1, 1)
    assert world.position == 0
    assert world.tracker.unsettled(world, 0) == 1
    world = after(REFERENCE, TWO_LOTS, "send arrive-1:a answer:a taker-fill:a")
    assert shown(world) == (OrderState.PARTIALLY_FILLED, 1, 1)
    assert world.position == 1
    assert world.tracker.unsettled(world, 0) == 0


def test_the_size_is_the_one_registered(after: After) -> None:
    story = "send arrive-1:a taker-fill:a answer:a"
    assert shown(after(REFERENCE, TWO_LOTS, story)) == (OrderState.PARTIALLY_FILLED, 1, 1)
    # The answer's resting size is 1; less the fill of 1, nothing seems to be open.
    forgetful = after(
        without("early-fills-kept"), TWO_LOTS, "send arrive-1:a answer:a taker-fill:a"
    )
    assert shown(forgetful) == (OrderState.FILLED, 1, 0)
    assert forgetful.a.status == Venue.OPEN


def test_a_fill_told_again_counts_once(after: After) -> None:
    bounds = Bounds(size=2, duplicates=1)
    story = "send arrive-0:a answer:a fill:a maker-fill:a"
    once, twice = (
        after(REFERENCE, bounds, f"{story}{more}") for more in ("", " maker-fill-again:a")
    )
    assert (twice.position, twice.book_a) == (once.position, once.book_a)


def test_a_bare_fill_waits_until_the_oid_is_bound(after: After) -> None:
    bounds = Bounds(size=2, bare=True)
    story = "send arrive-0:a fill:a maker-fill:a"
    assert shown(after(REFERENCE, bounds, story))[0] == OrderState.PENDING
    world = after(REFERENCE, bounds, f"{story} answer:a")
    assert shown(world) == (OrderState.PARTIALLY_FILLED, 1, 1)


def test_a_late_answer_does_not_bring_back_an_order_that_is_over(after: After) -> None:
    story = "send arrive-1:a fill:a taker-fill:a maker-fill:a tick tick answer:a"
    assert shown(after(REFERENCE, LATE, story)) == (OrderState.FILLED, 2, 0)
    assert shown(after(without("tombstones"), LATE, story)) == (OrderState.PARTIALLY_FILLED, 1, 1)
    assert shown(after(PLAN, LATE, story)) == (OrderState.RESTING, 0, 1)


def test_an_order_that_is_over_ages_out(after: After) -> None:
    story = "send arrive-1:a answer:a taker-fill:a tick tick tick"
    assert after(REFERENCE, ONE_LOT, story).book_a.state == OrderState.ABSENT
    kept = after(without("ages-out"), ONE_LOT, f"{story} tick")
    assert kept.book_a.state == OrderState.FILLED
    assert kept.book_a.mapped == 1


def test_a_position_that_holds_a_fill_on_its_way_is_not_taken_over(after: After) -> None:
    story = (
        "send arrive-0:a answer:a fill:a "
        "ask-snapshot:first take-snapshot:first process-snapshot:first maker-fill:a"
    )
    assert after(REFERENCE, ONE_LOT, story).position == 1
    assert after(PLAN, ONE_LOT, story).position == 2
    assert after(without("position-by-fills"), ONE_LOT, story).position == 2
