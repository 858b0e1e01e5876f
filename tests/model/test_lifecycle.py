from itertools import combinations

from truebook.model import lifecycle
from truebook.model.vocabulary import CLOSED, LIVE, TERMINAL, UNBOUND, WHOLE, Event, OrderState


def test_every_state_is_of_one_kind() -> None:
    kinds = (UNBOUND, LIVE, CLOSED, (OrderState.WAITING,))
    assert sorted(state for kind in kinds for state in kind) == sorted(OrderState)
    assert set(TERMINAL) < set(CLOSED)


def test_every_state_is_entered_and_left() -> None:
    steps = lifecycle.steps()
    assert {state for _, state, _ in steps} == set(OrderState)
    assert {target for _, _, target in steps} == set(OrderState)


def test_terminal_is_left_only_by_being_forgotten_unless_a_word_was_false() -> None:
    leaving = {
        (row.event, row.target)
        for row in lifecycle.ROWS
        if set(row.states) & set(TERMINAL) and not row.disputed
    }
    assert leaving == {(Event.AGED, OrderState.ABSENT)}


def test_what_ended_by_its_fills_alone_is_never_left_but_for_a_snapshot() -> None:
    leaving = {
        (row.event, row.target)
        for row in lifecycle.ROWS
        if set(row.states) & set(WHOLE) and row.event != Event.AGED
    }
    assert leaving == {
        (Event.LISTED, OrderState.RESTING),
        (Event.LISTED, OrderState.PARTIALLY_FILLED),
    }


def test_a_timeout_proves_nothing() -> None:
    assert all(row.event != Event.TIMED_OUT for row in lifecycle.ROWS)


def test_every_row_is_a_change() -> None:
    assert all(row.target not in row.states for row in lifecycle.ROWS)


def test_no_two_rows_contradict() -> None:
    for one, other in combinations(lifecycle.ROWS, 2):
        if one.event == other.event and set(one.states) & set(other.states):
            assert one.condition != other.condition


def test_the_targets_of_an_event_are_those_of_its_rows() -> None:
    found = {
        (event, state, target)
        for event in Event
        for state in OrderState
        for target in lifecycle.targets(event, state, disputed=True)
    }
    assert found == lifecycle.steps()
    for row in lifecycle.ROWS:
        for state in row.states:
            without = lifecycle.targets(row.event, state, disputed=False)
            assert (row.target in without) is not row.disputed
