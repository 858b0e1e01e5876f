"""Every edge of small worlds, replayed on the book: quick enough to run for every mutant of it."""

from functools import cache

import pytest

from truebook.model.config import Bounds, Delays, Timers
from truebook.model.memory import MemoryBounds
from truebook.specs.refine.scenarios import Subject, subject
from truebook.specs.scenarios import (
    BESIDE_FOREIGN,
    FILLS,
    FOREIGN,
    TWO_ORDERS,
    Scenario,
    with_faults,
)

ONE_LOT = Bounds(size=1)
SMALL = (
    Scenario("cancel", with_faults("cancel", "refuse")),
    Scenario("lost", with_faults("cancel", "lose", "late", bounds=ONE_LOT)),
    Scenario("bare", with_faults("bare", "duplicates", "late")),
    Scenario("modify", with_faults("modify", "unasked", bounds=ONE_LOT)),
    Scenario("reconnect", with_faults("reconnect", "unasked")),
    Scenario(
        "foreign",
        with_faults(
            "refuse",
            "lose",
            bounds=Bounds(timers=Timers(lag=1, grace=2), delays=Delays(lag=1)),
        ),
        FOREIGN,
    ),
    Scenario("two orders", with_faults("cancel", bounds=Bounds(size=1, snapshots=0)), TWO_ORDERS),
    Scenario("order and foreign", with_faults(bounds=ONE_LOT), BESIDE_FOREIGN),
    Scenario("fills", MemoryBounds(fills=3, capacity=1), FILLS),
    Scenario("self-trade", MemoryBounds(self_trade=True), FILLS),
    Scenario("rebase", MemoryBounds(rebase=True), FILLS),
)


@cache
def ready(scenario: Scenario) -> Subject:
    return subject(scenario)


@pytest.mark.parametrize("scenario", SMALL, ids=lambda scenario: scenario.name)
def test_the_book_agrees_on_every_edge(scenario: Scenario) -> None:
    found = ready(scenario)
    replayed = found.replay()
    assert replayed.divergence is None
    assert replayed.edges == len(found.edges.edges) > 10
    assert replayed.stands_for == found.edges.transitions
    assert replayed.beyond == 0
