"""Where each variable and each action of every world is drawn."""

import pytest

from truebook.model.designs import REFERENCE
from truebook.model.system import Action, Field, System
from truebook.specs.properties.lanes import Lane, lane_of_action, lane_of_field
from truebook.specs.scenarios import (
    RULE_SCENARIOS,
    deep_scenarios,
    default_scenarios,
    pair_scenarios,
)

SCENARIOS = (
    *default_scenarios(REFERENCE),
    *pair_scenarios(),
    *deep_scenarios(),
    *RULE_SCENARIOS,
)
SYSTEMS: tuple[System, ...] = tuple(
    part for one in SCENARIOS for whole in [one.build(REFERENCE)] for part in (whole, *whole.orders)
)
FIELDS = {(field.path, field.label): field for one in SYSTEMS for field in one.fields}
ACTIONS = {(action.name, action.words): action for one in SYSTEMS for action in one.actions}


def field(path: str) -> Field:
    return next(one for one in FIELDS.values() if one.path == path)


def action(words: str) -> Action:
    return next(one for one in ACTIONS.values() if one.words == words)


def test_what_the_book_knows_is_in_its_lane_and_nothing_else_is() -> None:
    for one in FIELDS.values():
        assert (lane_of_field(one) is Lane.BOOK) == one.book, one.path


def test_a_message_is_carried_by_the_wire() -> None:
    for one in ACTIONS.values():
        if one.message:
            assert lane_of_action(one) in (Lane.WIRE, Lane.BOOK), one.name


def test_what_we_do_is_in_the_lane_of_the_client() -> None:
    for one in ACTIONS.values():
        words = one.words.rpartition(": ")[2]
        if words.startswith("we "):
            assert lane_of_action(one) is Lane.CLIENT, one.name
        elif words.startswith("the venue ") and not one.message:
            assert lane_of_action(one) in (Lane.VENUE, Lane.CLIENT), one.name
        elif words.endswith((" arrives", " is lost", " falsely")):
            assert lane_of_action(one) is Lane.WIRE, one.name


@pytest.mark.parametrize(
    ("path", "lane"),
    [
        ("a.status", Lane.VENUE),
        ("a.executed", Lane.VENUE),
        ("a.taken", Lane.VENUE),
        ("a.answer", Lane.WIRE),
        ("a.cancel", Lane.WIRE),
        ("book_a.answered", Lane.BOOK),
        ("first.phase", Lane.WIRE),
        ("first.a.listed", Lane.WIRE),
        ("o0.a.status", Lane.VENUE),
        ("o0.a.taken", Lane.VENUE),
        ("o0.first.phase", Lane.WIRE),
        ("o0.first.a.listed", Lane.WIRE),
        ("position", Lane.BOOK),
        ("waits", Lane.VENUE),
        ("n0.status", Lane.VENUE),
        ("n0.answered", Lane.WIRE),
    ],
)
def test_where_a_variable_is(path: str, lane: Lane) -> None:
    assert lane_of_field(field(path)) is lane


@pytest.mark.parametrize(
    ("words", "lane"),
    [
        ("we send the order", Lane.CLIENT),
        ("the venue takes the listing", Lane.VENUE),
        ("a lagging reader takes a listing early", Lane.WIRE),
        ("the book processes the listing", Lane.WIRE),
        ("the order rests", Lane.VENUE),
        ("the cancel of the order is answered", Lane.WIRE),
        ("a tick passes", Lane.TIME),
        ("the book takes over the position read", Lane.BOOK),
        ("the stream reconnects and replays every fill", Lane.WIRE),
        ("order 1: we send the order", Lane.CLIENT),
    ],
)
def test_who_does_what_happens(words: str, lane: Lane) -> None:
    assert lane_of_action(action(words)) is lane
