"""Both engines on random small configurations: any few faults, any rules switched off."""

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truebook.model.config import Bounds, Delays, Timers
from truebook.model.designs import LEGACY, PLAN, REFERENCE, Design, without
from truebook.model.memory import MemoryBounds
from truebook.model.rules import RULE_NAMES
from truebook.specs.explore import columns, plain
from truebook.specs.explore.engine import TooLargeError
from truebook.specs.properties.checks import checks_of
from truebook.specs.scenarios import FAULTS, FILLS, FOREIGN, Scenario, with_faults

MOST = 1500
QUICK = Bounds(
    timers=Timers(expiry=0, grace=1, fill_window=1, tombstone=1, listing=0),
    delays=Delays(expiry=0, fill=0),
)
"""The shortest of timers: the smallest worlds."""

designs: st.SearchStrategy[Design] = st.one_of(
    st.sampled_from([REFERENCE, PLAN, LEGACY]),
    st.sets(st.sampled_from(RULE_NAMES), min_size=1, max_size=3).map(lambda off: without(*off)),
)


@st.composite
def orders(draw: st.DrawFn) -> Bounds:
    base = draw(st.sampled_from([Bounds(), QUICK]))
    faults = draw(st.sets(st.sampled_from(sorted(FAULTS)), max_size=3))
    small = attrs.evolve(
        base,
        size=draw(st.sampled_from([1, 1, 2])),
        snapshots=draw(st.sampled_from([1, 1, 0])),
    )
    return with_faults(*faults, bounds=small)


@st.composite
def of_fills(draw: st.DrawFn) -> MemoryBounds:
    return MemoryBounds(
        fills=draw(st.integers(2, 3)),
        capacity=draw(st.integers(1, 2)),
        times=draw(st.integers(1, 2)),
        overtaken=draw(st.sampled_from([None, 0, 1, 2])),
        duplicates=draw(st.integers(0, 2)),
        self_trade=draw(st.booleans()),
        rebase=draw(st.booleans()),
        loose_picture=draw(st.booleans()),
    )


def agree(design: Design, scenario: Scenario) -> None:
    system = scenario.build(design)
    try:
        columns.explore(system, (), limit=MOST)
    except TooLargeError:
        with pytest.raises(TooLargeError):
            plain.explore(system, (), limit=MOST)
        return
    checks = checks_of(system)
    assert columns.explore(system, checks) == plain.explore(system, checks)


@settings(max_examples=15)
@given(designs, orders())
def test_one_order(design: Design, bounds: Bounds) -> None:
    agree(design, Scenario("random", bounds))


@settings(max_examples=15)
@given(designs, orders())
def test_a_foreign_order(design: Design, bounds: Bounds) -> None:
    agree(design, Scenario("random", bounds, FOREIGN))


@settings(max_examples=15)
@given(designs, of_fills())
def test_named_fills(design: Design, bounds: MemoryBounds) -> None:
    agree(design, Scenario("random", bounds, FILLS))
