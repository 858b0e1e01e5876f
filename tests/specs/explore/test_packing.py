from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.model.system import Field
from truebook.specs.explore.packing import WIDEST, Packing
from truebook.specs.properties.trace import State


def fields(sizes: Sequence[int]) -> list[Field]:
    return [Field(f"f{n}", size, "") for n, size in enumerate(sizes)]


def unpacked(packing: Packing, keys: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[State]:
    return list(zip(*(array.tolist() for array in packing.unpack(keys)), strict=True))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[int], list[State]]:
    """Draw the sizes of some fields, narrow or as wide as two words, and some states."""
    sizes = draw(
        st.one_of(
            st.lists(st.integers(1, 120), min_size=1, max_size=8),
            st.lists(st.integers(60, 120), min_size=12, max_size=16),
        )
    )
    states = draw(
        st.lists(st.tuples(*(st.integers(0, n - 1) for n in sizes)), min_size=1, max_size=20)
    )
    return sizes, states


@given(worlds())
def test_what_is_packed_is_unpacked(world: tuple[list[int], list[State]]) -> None:
    sizes, states = world
    packing = Packing(fields(sizes))
    keys = packing.pack_states(states)
    assert unpacked(packing, keys) == states
    assert (keys >= 0).all()
    assert len(set(keys.tolist())) == len(set(states))


@given(worlds())
def test_keys_stay_as_they_are(world: tuple[list[int], list[State]]) -> None:
    """Whatever is packed later, and in whatever company, a state has one key."""
    sizes, states = world
    packing = Packing(fields(sizes))
    first = [packing.pack_states([state])[0] for state in states]
    assert packing.pack_states(states[::-1]).tolist() == first[::-1]
    assert unpacked(packing, np.array(first)) == states


def test_a_narrow_world_has_its_word_for_a_key() -> None:
    packing = Packing(fields([3, 1, 2]))
    states = [(x, 0, z) for z in range(2) for x in range(3)]
    assert packing.pack_states(states).tolist() == list(range(6))


def test_a_world_that_just_fits_one_word() -> None:
    """2 ** 61 combinations fit; the largest state is the last of them."""
    packing = Packing(fields([2] * 61))
    assert packing.pack_states([(1,) * 61]).tolist() == [2**61 - 1]
    assert WIDEST == 2**62
    assert Packing(fields([2] * 62)).pack_states([(1,) * 62]).tolist() == [0]


def test_a_field_that_is_too_large() -> None:
    assert Packing(fields([120])).pack_states([(119,)]).tolist() == [119]
    with pytest.raises(ValueError, match="f1 has 121 values"):
        Packing(fields([2, 121]))


def test_a_world_that_is_too_wide() -> None:
    with pytest.raises(ValueError, match="too wide for the fast engine"):
        Packing(fields([120] * 30))
