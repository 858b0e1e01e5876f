"""An order that waits, under a truthful venue whose words come late, twice and in any order."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from waiting_venue import WaitingVenue

FLAG = st.booleans()
MOVES = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from((1, 20, 60, 200))),
    st.tuples(st.just("deliver"), st.integers(0, 9), FLAG),
    st.tuples(st.just("deliver"), st.integers(0, 9), FLAG),
    st.tuples(st.just("listing"), FLAG, FLAG, st.sampled_from((0, 5, 20))),
    st.tuples(st.just("listing"), FLAG, FLAG, st.sampled_from((0, 5, 20))),
    st.tuples(st.just("trigger"), FLAG),
    st.tuples(st.just("fill"), st.integers(1, 4)),
    st.tuples(st.just("end")),
    st.tuples(st.just("end_parent"), FLAG),
    st.tuples(st.just("cancel")),
    st.tuples(st.just("restart")),
)


@settings(max_examples=400)
@given(FLAG, FLAG, FLAG, st.lists(MOVES, max_size=16))
def test_it_is_bounded_never_dead_and_never_an_orphan(
    child: bool, names: bool, renames: bool, moves: list[tuple[Any, ...]]
) -> None:
    venue = WaitingVenue(child, names, renames)
    for name, *told in moves:
        getattr(venue, name)(*told)
        assert venue.look() == []
    assert venue.settle() == []
