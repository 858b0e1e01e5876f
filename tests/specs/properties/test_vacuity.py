"""What the reference is shown to hold of is not empty: everything that can happen does."""

from functools import cache

import pytest

from truebook.model import lifecycle
from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE
from truebook.model.system import Action, System
from truebook.model.vocabulary import Event, OrderState
from truebook.specs.explore import columns, tables
from truebook.specs.explore.engine import Exploration
from truebook.specs.scenarios import Scenario, default_scenarios, with_faults

SHIPPED = default_scenarios(REFERENCE)
CANCELLED_MODIFY = Scenario(
    "cancel a modify", with_faults("modify", "cancel", bounds=Bounds(size=1))
)
"""No shipped scenario both cancels and modifies: these actions are optional in the one shipped."""

Step = tuple[Event, OrderState, OrderState]


@cache
def explored(scenario: Scenario) -> tuple[System, Exploration]:
    system = scenario.build(REFERENCE)
    return system, (tables.explore if system.orders else columns.explore)(system, ())


def own(name: str) -> str:
    """Return an action's name without the number of its order in a composition."""
    number, dot, rest = name.partition(".")
    return rest if dot and number.isdigit() else name


def event_of(action: Action, leg: int) -> Event:
    """Return what an action is to the record of a leg; the new leg's evidence closes the old."""
    if action.event is None or action.leg not in (None, leg):
        assert (leg, action.leg) == (0, 1), f"{action.name!r} changes the record of leg {leg}"
        return Event.REPLACED
    return action.event


def steps_of(scenario: Scenario) -> set[Step]:
    """Return the changes of a record's state; a reconnect is several events at once."""
    system, found = explored(scenario)
    actions = {action.name: action for action in system.actions}
    return {
        (event_of(actions[name], leg), OrderState(before), OrderState(after))
        for name, leg, before, after in found.moves
        if name != "reconnect"
    }


def fired(*scenarios: Scenario) -> set[str]:
    return {own(name) for scenario in scenarios for name in explored(scenario)[1].fired}


def actions_of(*scenarios: Scenario, optional: bool) -> set[str]:
    return {
        own(action.name)
        for scenario in scenarios
        for action in explored(scenario)[0].actions
        if optional or not action.optional
    }


@pytest.mark.parametrize("scenario", SHIPPED, ids=lambda value: value.name)
def test_every_action_of_a_scenario_happens_in_it(scenario: Scenario) -> None:
    system, found = explored(scenario)
    assert {action.name for action in system.actions if not action.optional} <= found.fired


def test_every_action_happens_somewhere() -> None:
    assert actions_of(*SHIPPED, optional=False) <= fired(*SHIPPED)
    every = (*SHIPPED, CANCELLED_MODIFY)
    assert actions_of(*every, optional=True) == fired(*every)


def test_every_state_occurs() -> None:
    steps = set().union(*(steps_of(scenario) for scenario in SHIPPED))
    assert {state for _, before, after in steps for state in (before, after)} == set(OrderState)


def test_every_row_of_the_lifecycle_is_taken() -> None:
    taken = set().union(*(steps_of(scenario) for scenario in SHIPPED))
    assert lifecycle.steps() - taken == set()


@pytest.mark.parametrize(
    "scenario",
    [s for s in (*SHIPPED, CANCELLED_MODIFY) if s.properties is None],
    ids=lambda value: value.name,
)
def test_no_other_step_is_taken(scenario: Scenario) -> None:
    assert steps_of(scenario) <= lifecycle.steps()
