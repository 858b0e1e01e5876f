"""Plans as data: drawn by a seed, written down and read again, refused where they cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.venue.faults import (
    CAN,
    LASTS,
    Do,
    Fault,
    Mischief,
    Plan,
    drawn,
    from_json,
    lines_of,
    to_json,
)

FAULTS = st.sampled_from([(m, do) for m, some in CAN.items() for do in some]).flatmap(
    lambda kind: st.builds(
        lambda nth, seconds: Fault(
            message=kind[0], nth=nth, do=kind[1], seconds=seconds if kind[1] in LASTS else 0.0
        ),
        st.integers(1, 500),
        st.floats(0, 600, exclude_min=True),
    )
)


PLANS = st.lists(FAULTS, unique_by=lambda one: (one.message, one.nth))


@given(PLANS)
def test_a_plan_is_read_as_it_was_written(faults: list[Fault]) -> None:
    plan = Plan(tuple(faults))
    assert from_json(to_json(plan)) == plan


@given(PLANS)
def test_each_fault_is_on_a_line_of_its_own(faults: list[Fault]) -> None:
    assert lines_of(to_json(Plan(tuple(faults)))) == [n + 2 for n in range(len(faults))]


def test_a_fault_is_where_it_begins_however_it_was_written() -> None:
    one = '{"message": "user",\n"nth": 1, "do": "lost"}'
    two, three = one.replace("1", "2"), one.replace("1", "3")
    text = f"\n [ {one} , {two},\n\n\t{three}\n]\n"
    assert len(from_json(text).faults) == 3
    assert lines_of(text) == [2, 3, 6]
    assert lines_of("[]") == []


@given(st.integers(), st.floats(0, 1))
def test_a_seed_draws_the_same_plan(seed: int, rate: float) -> None:
    assert drawn(seed, rate) == drawn(seed, rate)
    assert not drawn(seed, 0).faults


def test_faults_are_as_frequent_as_the_rate_says() -> None:
    some, more = (len(drawn(3, rate).faults) for rate in (0.1, 0.3))
    assert 2 * some < more < 4 * some
    assert not any(one.do is Do.LIED for one in drawn(3, 1.0).faults), (
        "lies have a rate of their own"
    )
    assert any(one.do is Do.LIED for one in drawn(3, 0.0, lies=0.5).faults)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "a plan is a list"),
        ("[", "Expecting value"),
        ("[3]", "fault 1 of the plan: it is an object, not 3"),
        ('[{"message": "order", "nth": 1}]', "it lacks 'do': message, nth, do are needed"),
        (
            '[{"message": "order", "nth": 1, "do": "lost", "extra": 1}]',
            "it has no 'extra': message, nth, do, seconds alone",
        ),
        (
            '[{"message": "order", "nth": 1, "do": "explode"}]',
            "order cannot be explode: late, unsent, unanswered, 429, 500, 502",
        ),
        ('[{"message": "order", "nth": 1, "do": 429}]', "order cannot be 429: late"),
        ('[{"message": ["order"], "nth": 1, "do": "429"}]', "is no kind of message: orderUpd"),
        ('[{"message": "order", "nth": 1.5, "do": "unsent"}]', "in whole numbers, not 1.5"),
        ('[{"message": "order", "nth": true, "do": "unsent"}]', "in whole numbers, not True"),
        ('[{"message": "order", "nth": 1, "do": "late"}]', "late by some seconds above 0"),
        ('[{"message": "order", "nth": 1, "do": "held"}]', "held by some seconds above 0"),
        ('[{"message": "user", "nth": 1, "do": "lost", "seconds": 1}]', "user lost lasts no time"),
        (
            '[{"message": "user", "nth": 1, "do": "lost"},'
            '{"message": "user", "nth": 1, "do": "cut"}]',
            "fault 2 of the plan: user 1 has one already",
        ),
        (
            '[{"message": "order", "nth": 1, "do": "late", "seconds": "2"}]',
            "as a number, not '2'",
        ),
        ('[{"message": "order", "nth": 1, "do": "cut", "seconds": NaN}]', "order cannot be cut"),
        ('[{"message": "user", "nth": 1, "do": "cut", "seconds": NaN}]', "0 to 600 seconds"),
        ('[{"message": "order", "nth": 0, "do": "unsent"}]', "counted from 1"),
        ('[{"message": "order", "nth": 1, "do": "twice"}]', "order cannot be twice: late, unsent"),
        ('[{"message": "letter", "nth": 1, "do": "lost"}]', "is no kind of message"),
        ('[{"message": "order", "nth": 1, "do": "late", "seconds": -1}]', "0 to 600 seconds"),
    ],
)
def test_nonsense_is_refused_with_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        from_json(text)


def test_each_account_has_its_own_count_and_what_is_over_does_nothing() -> None:
    fault = Fault(message="order", nth=2, do=Do.UNSENT)
    mischief = Mischief(Plan((fault,)), frozenset({"0xa"}))
    assert [mischief.due("order", user) for user in ("0xa", "0xb", "0xb", "0xa")] == [
        None,
        None,
        None,
        fault,
    ]
    assert mischief.done == [fault]
    again = Mischief(Plan((fault,)), over=True)
    assert [again.due("order", "0xa") for _ in range(3)] == [None] * 3
