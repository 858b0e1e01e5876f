"""What a listing, an absence and a silence prove, of our orders and of foreign ones."""

from collections.abc import Callable

import pytest

from truebook.model.config import Bounds, Delays
from truebook.model.designs import LEGACY, PLAN, REFERENCE, Design, without
from truebook.model.foreign import ForeignWorld
from truebook.model.memory import MemoryBounds, MemoryWorld
from truebook.model.strangers import foreign_order, named_fills
from truebook.model.system import System
from truebook.model.vocabulary import Cancel, OrderState, Venue
from truebook.model.world import World

After = Callable[[Design, Bounds, str], World]
Run = Callable[[System, str], object]

ONE_LOT = Bounds(size=1)
LATE = Bounds(size=1, delays=Delays(answer=2))
LOSE = Bounds(size=1, lose=True)
SNAPSHOT = "ask-snapshot:first take-snapshot:first process-snapshot:first"


def test_a_slow_answer_makes_no_orphan(after: After) -> None:
    story = f"send arrive-0:a {SNAPSHOT} tick {SNAPSHOT}"
    world = after(REFERENCE, LATE, story)
    assert world.book_a.state == OrderState.RESTING
    assert (world.book_a.candidate, world.book_a.orphan_asked) == (0, 0)


@pytest.mark.parametrize("design", [PLAN, LEGACY, without("listing-binds")])
def test_a_slow_answer_makes_our_order_an_orphan(after: After, design: Design) -> None:
    world = after(design, LATE, f"send arrive-0:a {SNAPSHOT} tick {SNAPSHOT}")
    assert (world.book_a.orphan_asked, world.a.cancel) == (1, Cancel.SENT)
    world = after(design, LATE, f"send arrive-0:a {SNAPSHOT} tick {SNAPSHOT} cancel:a")
    assert world.a.status == Venue.CANCELLED


def test_a_lagging_snapshot_drops_no_live_order(after: After) -> None:
    story = (
        "send ask-snapshot:first take-snapshot:first arrive-0:a answer:a tick "
        "process-snapshot:first"
    )
    world = after(REFERENCE, ONE_LOT, story)
    assert world.book_a.state == OrderState.RESTING
    for design in (PLAN, without("absence-needs-age")):
        world = after(design, ONE_LOT, story)
        assert world.a.status == Venue.OPEN
        assert world.tracker.exposure(world, 0) == 0


def test_presence_does_not_reopen_an_order_that_is_over(after: After) -> None:
    bounds = Bounds(size=1, cancel=True)
    story = (
        "send arrive-0:a answer:a ask-snapshot:first take-snapshot:first "
        "ask-cancel:a cancel:a answer-cancel:a process-snapshot:first"
    )
    assert after(REFERENCE, bounds, story).book_a.state == OrderState.CANCEL_CONFIRMED


def test_a_timeout_proves_nothing(after: After) -> None:
    world = after(REFERENCE, LOSE, "send arrive-0:a time-out:a")
    assert world.book_a.state == OrderState.PENDING
    assert world.tracker.exposure(world, 0) == 1
    forgotten = after(without("unknown-stays"), LOSE, "send arrive-0:a time-out:a")
    assert (forgotten.a.status, forgotten.book_a.state) == (Venue.OPEN, OrderState.ABSENT)


def test_unknown_then_dead(after: After) -> None:
    world = after(REFERENCE, LOSE, f"send lose:a time-out:a tick {SNAPSHOT}")
    assert world.book_a.state == OrderState.PENDING, "it could still take effect"
    world = after(REFERENCE, LOSE, f"send lose:a time-out:a tick tick {SNAPSHOT}")
    assert world.book_a.state == OrderState.DEAD
    assert world.tracker.exposure(world, 0) == 0


def test_unknown_then_dead_then_revived(after: After) -> None:
    traded_unseen = f"send tick arrive-1:a lose-answer:a time-out:a tick {SNAPSHOT}"
    world = after(REFERENCE, LOSE, traded_unseen)
    assert world.book_a.state == OrderState.DEAD
    assert world.tracker.unsettled(world, 0) == 1, "absent is not the same as never having traded"
    world = after(REFERENCE, LOSE, f"{traded_unseen} taker-fill:a")
    assert (world.book_a.state, world.position) == (OrderState.FILLED, 1)


def test_unknown_then_dead_then_over_on_the_plan(after: After) -> None:
    world = after(PLAN, LOSE, f"send lose:a time-out:a tick tick {SNAPSHOT} tick tick")
    assert world.book_a.state == OrderState.PENDING, "nothing ends it"


def test_a_refusal_clears_the_order_at_once(after: After) -> None:
    bounds = Bounds(size=1, refuse=True)
    world = after(REFERENCE, bounds, "send refuse:a answer:a")
    assert world.book_a.state == OrderState.DEAD
    assert [world.tracker.exposure(world, 0), world.tracker.unsettled(world, 0)] == [0, 0]
    for design in (PLAN, without("reject-clears")):
        assert after(design, bounds, "send refuse:a answer:a").book_a.state == OrderState.PENDING


def foreign_after(run: Run, design: Design, story: str) -> ForeignWorld:
    world = run(foreign_order(design, Bounds(refuse=True)), story)
    assert isinstance(world, ForeignWorld)
    return world


def test_an_orphan_is_asked_to_be_cancelled_after_its_grace(run: Run) -> None:
    seen = f"appear {SNAPSHOT}"
    assert foreign_after(run, REFERENCE, f"{seen} {SNAPSHOT}").cancel == Cancel.NONE
    world = foreign_after(run, REFERENCE, f"{seen} tick {SNAPSHOT}")
    assert (world.cancel, world.asked, world.asked_early) == (Cancel.SENT, 1, 0)


def test_an_orphan_is_asked_to_be_cancelled_once(run: Run) -> None:
    story = f"appear {SNAPSHOT} tick {SNAPSHOT} {SNAPSHOT}"
    assert foreign_after(run, REFERENCE, story).asked_again == 0
    assert foreign_after(run, PLAN, story).asked_again == 1


def test_an_orphan_whose_cancel_was_refused_is_asked_again(run: Run) -> None:
    refused = f"appear {SNAPSHOT} tick {SNAPSHOT} refuse-cancel answer-cancel"
    world = foreign_after(run, REFERENCE, f"{refused} {SNAPSHOT}")
    assert world.asked == 0, "a snapshot may still be older than that answer"
    world = foreign_after(run, REFERENCE, f"{refused} tick {SNAPSHOT}")
    assert (world.asked, world.asked_again) == (1, 0)


def test_a_candidate_that_vanished_starts_afresh(run: Run) -> None:
    story = f"appear {SNAPSHOT} tick vanish {SNAPSHOT} appear {SNAPSHOT}"
    assert foreign_after(run, REFERENCE, story).candidate == 1
    assert foreign_after(run, PLAN, story).asked_early == 1, "it keeps its old clock"


def fills_after(run: Run, design: Design, bounds: MemoryBounds, story: str) -> MemoryWorld:
    world = run(named_fills(design, bounds), story)
    assert isinstance(world, MemoryWorld)
    return world


def test_a_replay_of_a_forgotten_fill_is_below_the_floor(run: Run) -> None:
    story = "execute:0 tell:0 venue-tick execute:1 tell:1 tell-again:0"
    assert fills_after(run, REFERENCE, MemoryBounds(), story).position == 2
    assert fills_after(run, PLAN, MemoryBounds(), story).position == 3


def test_the_legs_of_a_self_trade_are_two_fills(run: Run) -> None:
    bounds = MemoryBounds(self_trade=True)
    story = "execute:0 venue-tick execute:1 tell:0 tell:1"
    assert fills_after(run, REFERENCE, bounds, story).position == 2
    assert fills_after(run, PLAN, bounds, story).position == 1


def test_a_rebase_does_not_count_a_late_fill_twice(run: Run) -> None:
    bounds = MemoryBounds(rebase=True)
    story = "execute:0 venue-tick read-position rebase tell:0"
    assert fills_after(run, REFERENCE, bounds, story).position == 1
    assert fills_after(run, PLAN, bounds, story).position == 2
