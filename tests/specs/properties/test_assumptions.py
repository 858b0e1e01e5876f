"""The assumptions hold in what is shipped; each is necessary, and tight to one tick."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from truebook.model.config import Bounds, Delays
from truebook.model.designs import REFERENCE
from truebook.specs.properties.assumptions import ASSUMPTIONS, Assumption, assumption
from truebook.specs.properties.sentences import PROPERTY_NAMES
from truebook.specs.properties.trace import Trace
from truebook.specs.scenarios import (
    BRISK,
    NEED_NO_BOUND,
    WAITING,
    Scenario,
    default_scenarios,
    with_faults,
)

Broken = Callable[..., dict[str, Trace]]

UNBOUNDED = {("fill-window", "any delay"), ("answer-delay", "any delay")}
"""The assumptions that a shipped scenario does without; it asks for fewer properties."""

MET: dict[str, tuple[dict[str, Any], ...]] = {
    "expiry": ({"delays": {"expiry": 1}}, {"timers": {"expiry": 2}}),
    "lag": ({"delays": {"lag": 0}}, {"timers": {"lag": 1}}),
    "fill-window": ({"delays": {"fill": 1}}, {"timers": {"fill_window": 3}}),
    "answer-delay": (
        {"delays": {"answer": 2}},
        {"timers": {"fill_window": 3}},
        {"timers": {"tombstone": 2}},
    ),
    "listing-timeout": (
        {"timers": {"listing": 2}},
        {"timers": {"fill_window": 3}},
        {"timers": {"tombstone": 2}},
    ),
    "overtaken": ({"overtaken": 1}, {"capacity": 2}),
    "comparable-times": ({"loose_picture": False},),
}
"""What to change in the scenario beyond each assumption for it to be just met, each way."""

ANY = Delays(fill=None, answer=None)
MODIFIED = with_faults("modify", "lose", "unasked", bounds=Bounds(size=1))

LESS: dict[str, dict[str, Any]] = {
    "expiry": {"delays": {"expiry": 2}},
    "lag": {"delays": {"lag": 1}},
    "listing-timeout": {"timers": {"listing": 2}},
}
"""What to change for each assumption to fail by one that the proof of an order with a modify makes
though no bound on the delays of answers and fills is needed.
"""

WAYS = [(a, change) for a in ASSUMPTIONS for change in MET[a.name]]


def changed(scenario: Scenario, change: dict[str, Any]) -> Scenario:
    bounds = scenario.bounds
    of_parts = {
        name: attrs.evolve(getattr(bounds, name), **value) if isinstance(value, dict) else value
        for name, value in change.items()
    }
    return attrs.evolve(scenario, bounds=attrs.evolve(bounds, **of_parts))


@pytest.mark.parametrize("scenario", default_scenarios(REFERENCE), ids=lambda s: s.name)
def test_what_is_shipped_keeps_to_the_assumptions(scenario: Scenario) -> None:
    failed = {(a.name, scenario.name) for a in ASSUMPTIONS if not a.held_by(scenario.bounds)}
    assert failed == {pair for pair in UNBOUNDED if pair[1] == scenario.name}
    assert scenario.properties == (NEED_NO_BOUND if failed else None)


def test_the_properties_that_need_no_bound_are_those_that_hold_without(broken: Broken) -> None:
    (any_delay,) = (s for s in default_scenarios(REFERENCE) if s.name == "any delay")
    modified = Scenario("modified", attrs.evolve(MODIFIED, delays=ANY))
    found = set(broken(attrs.evolve(any_delay, properties=None))) | set(broken(modified))
    assert found == set(PROPERTY_NAMES) - set(NEED_NO_BOUND)


def test_an_answer_later_than_a_modify_shows_both_orders_live(broken: Broken) -> None:
    """Closed for long, the old order is forgotten; then its answer comes, and it is adopted."""
    found = broken(Scenario("modified", attrs.evolve(MODIFIED, delays=ANY)))
    assert len(found["identity"]) == 12
    assert "identity" not in broken(Scenario("in time", MODIFIED))


def test_what_waits_is_tracked_however_late_its_fills_come(broken: Broken) -> None:
    """Beyond the bound on fills other properties break of an order that waits, and none of these.

    They are proved with it: the induction has no lemma for fills that come to what is forgotten.
    """
    bounds = with_faults("cancel", "lose", "unasked")
    late = attrs.evolve(bounds, delays=attrs.evolve(bounds.delays, fill=6))
    assert set(broken(Scenario("late fills", late, WAITING))) == {
        "transitions-in-table",
        "exposure-bounds-truth",
    }


@pytest.mark.parametrize("of", ASSUMPTIONS, ids=lambda a: a.name)
def test_one_tick_beyond_an_assumption_something_breaks(of: Assumption, broken: Broken) -> None:
    failed = [a.name for a in ASSUMPTIONS if not a.held_by(of.beyond.bounds)]
    assert failed == [of.name], "it is this assumption alone that fails"
    assert broken(of.beyond)


@pytest.mark.parametrize(("of", "change"), WAYS, ids=lambda v: getattr(v, "name", str(v)))
def test_just_within_an_assumption_nothing_breaks(
    of: Assumption, change: dict[str, Any], broken: Broken
) -> None:
    within = changed(of.beyond, change)
    assert [a.name for a in ASSUMPTIONS if not a.held_by(within.bounds)] == []
    assert broken(within) == {}


def test_assumptions_are_found_by_name() -> None:
    assert [assumption(a.name) for a in ASSUMPTIONS] == list(ASSUMPTIONS)
    with pytest.raises(ValueError, match="no assumption is named 'luck'; the assumptions are: ex"):
        assumption("luck")


@pytest.mark.parametrize("name", LESS)
def test_no_false_orphan_needs_none_of_them_where_an_order_is_modified(
    name: str, broken: Broken
) -> None:
    brisk = Bounds(size=1, timers=BRISK, delays=Delays(fill=0))
    bounds = with_faults("modify", "lie", bounds=brisk)
    beyond = changed(Scenario("modified", bounds, properties=("no-false-orphan",)), LESS[name])
    assert [a.name for a in ASSUMPTIONS if not a.held_by(beyond.bounds)] == [name]
    assert "no-false-orphan" not in broken(beyond)
