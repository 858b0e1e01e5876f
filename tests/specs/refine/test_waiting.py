"""The book is held to the model of an order that waits, and its known defects are found there."""

import pytest

from truebook.model.config import Bounds
from truebook.specs.refine.defects.known import defect_named, planted
from truebook.specs.refine.scenarios import subject
from truebook.specs.scenarios import WAITING, Scenario, with_faults

LAG = Scenario("lag", with_faults("timers", bounds=Bounds(size=1)), WAITING)
SMALL = Scenario("small", with_faults("cancel", "lose", "unasked", bounds=Bounds(size=1)), WAITING)


@pytest.mark.parametrize("scenario", [SMALL, LAG], ids=lambda scenario: scenario.name)
def test_every_edge_is_replayed(scenario: Scenario) -> None:
    replayed = subject(scenario).replay()
    assert replayed.divergence is None
    assert replayed.beyond == 0
    assert replayed.edges > 1_000


@pytest.mark.parametrize(
    "name", ["what waits is pending", "what waits is dead", "an orphaned child waits"]
)
def test_a_defect_is_found(name: str) -> None:
    held = subject(SMALL)
    with planted(defect_named(name)):
        assert held.replay().divergence is not None
