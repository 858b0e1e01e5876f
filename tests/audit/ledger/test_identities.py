"""A fill is told again, or new, however many there were since."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.audit.ledger import Identities, identities


@given(st.lists(st.tuples(st.integers(-40, 40), st.integers(0, 60)), max_size=200))
def test_it_says_what_a_set_says(told: list[tuple[int, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identities, "RECENT", 8)
        seen: dict[int, int] = {}
        known = Identities()
        for key, time in told:
            time = seen.get(key, time)  # a fill has one time
            assert (known.add(key, time, 0) is True) == (key not in seen)
            seen.setdefault(key, time)


def test_what_is_told_otherwise_is_known_of_the_recent_ones() -> None:
    known = Identities()
    assert known.add(1, 5, 10) is True
    assert known.add(1, 5, 10) is None
    assert known.add(1, 5, 11) is False
