"""Races around a cancel or a modify that is on its way."""

from collections.abc import Callable

import pytest

from truebook.model.config import Bounds
from truebook.model.designs import PLAN, REFERENCE, Design, without
from truebook.model.vocabulary import Cancel, OrderState, Venue
from truebook.model.world import World

After = Callable[[Design, Bounds, str], World]

CANCEL = Bounds(size=2, cancel=True, refuse=True, lose=True)
MODIFY = Bounds(size=2, new_size=1, modify=True, refuse=True)
SNAPSHOT = "ask-snapshot:first take-snapshot:first process-snapshot:first"
RESTS = "send arrive-0:a answer:a"


def open_lots(world: World) -> int:
    """Return how much the book holds can still trade, of both orders of a modify."""
    return sum(world.tracker.exposure(world, i) for i in range(len(world.records)))


def test_a_partial_fill_does_not_end_a_cancel(after: After) -> None:
    story = f"{RESTS} fill:a ask-cancel:a maker-fill:a"
    world = after(REFERENCE, CANCEL, story)
    assert world.book_a.state == OrderState.CANCEL_PENDING
    assert (world.tracker.filled(world, 0), open_lots(world)) == (1, 1)
    plan = after(PLAN, CANCEL, story)
    assert plan.book_a.state == OrderState.FILLED_DURING_CANCEL
    assert (plan.a.status, open_lots(plan)) == (Venue.OPEN, 0)


def test_the_last_fill_ends_a_cancel(after: After) -> None:
    world = after(
        REFERENCE, CANCEL, f"{RESTS} fill:a fill:a ask-cancel:a maker-fill:a maker-fill:a"
    )
    assert world.book_a.state == OrderState.FILLED_DURING_CANCEL
    assert (world.position, open_lots(world)) == (2, 0)


def test_a_cancelled_order_waits_for_its_fills(after: After) -> None:
    story = f"{RESTS} fill:a ask-cancel:a cancel:a answer-cancel:a"
    world = after(REFERENCE, CANCEL, story)
    assert world.book_a.state == OrderState.CANCEL_CONFIRMED
    assert (open_lots(world), world.tracker.unsettled(world, 0)) == (0, 2)
    world = after(REFERENCE, CANCEL, f"{story} end:a maker-fill:a")
    assert world.book_a.state == OrderState.CANCELLED
    assert (world.position, world.tracker.unsettled(world, 0)) == (1, 0)


def test_a_refused_cancel_puts_the_order_back(after: After) -> None:
    world = after(REFERENCE, CANCEL, f"{RESTS} ask-cancel:a refuse-cancel:a answer-cancel:a")
    assert world.book_a.state == OrderState.RESTING
    assert world.tracker.can_change(world, 0)


def test_a_lost_cancel_is_resolved_by_a_snapshot_asked_late_enough(after: After) -> None:
    lost = f"{RESTS} ask-cancel:a lose-cancel:a"
    world = after(REFERENCE, CANCEL, f"{lost} tick {SNAPSHOT}")
    assert world.book_a.state == OrderState.CANCEL_PENDING, "it could still take effect"
    world = after(REFERENCE, CANCEL, f"{lost} tick tick {SNAPSHOT}")
    assert world.book_a.state == OrderState.RESTING
    for design in (PLAN, without("cancel-resolves")):
        world = after(design, CANCEL, f"{lost} tick tick {SNAPSHOT}")
        assert world.book_a.state == OrderState.CANCEL_PENDING


def test_a_cancel_whose_answer_is_lost_is_resolved_by_absence(after: After) -> None:
    story = f"{RESTS} ask-cancel:a cancel:a lose-cancel:a tick tick {SNAPSHOT}"
    world = after(REFERENCE, CANCEL, story)
    assert world.book_a.state == OrderState.CANCEL_CONFIRMED
    assert world.a.cancel == Cancel.NONE


def test_a_modify_moves_the_order_to_its_new_oid(after: After) -> None:
    story = f"{RESTS} modify arrive-0:b"
    world = after(REFERENCE, MODIFY, story)
    assert open_lots(world) == 2, "the larger of both, while it is not known which there is"
    world = after(REFERENCE, MODIFY, f"{story} answer:b")
    assert (world.book_a.state, world.book_b.state) == (
        OrderState.CANCEL_CONFIRMED,
        OrderState.RESTING,
    )
    assert open_lots(world) == 1
    assert world.book_a.mapped == 1, "the old oid stays an alias"


@pytest.mark.parametrize("design", [PLAN, without("modify-binds")])
def test_without_binding_both_orders_show_live(after: After, design: Design) -> None:
    world = after(design, MODIFY, f"{RESTS} modify arrive-0:b answer:b")
    assert (world.book_a.state, world.book_b.state) == (OrderState.RESTING, OrderState.RESTING)
    assert open_lots(world) == 3


@pytest.mark.parametrize("evidence", ["answer:b", "fill:b maker-fill:b", SNAPSHOT])
def test_a_modify_is_known_by_whichever_comes_first(after: After, evidence: str) -> None:
    world = after(REFERENCE, MODIFY, f"{RESTS} modify arrive-0:b {evidence}")
    assert world.book_a.state == OrderState.CANCEL_CONFIRMED
    assert world.book_b.mapped == 1


def test_fills_of_the_old_order_do_not_carry_over(after: After) -> None:
    story = f"{RESTS} fill:a modify arrive-0:b answer:b maker-fill:a"
    world = after(REFERENCE, MODIFY, story)
    assert world.position == 1
    assert [world.tracker.filled(world, i) for i in (0, 1)] == [1, 0]
    assert open_lots(world) == 1


def test_a_refused_modify_leaves_the_order(after: After) -> None:
    world = after(REFERENCE, MODIFY, f"{RESTS} modify refuse:b answer:b")
    assert world.book_a.state == OrderState.RESTING
    assert open_lots(world) == 2
