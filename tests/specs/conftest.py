"""What the tests of explorations share: the fast engine, and the shortest traces it finds."""

from collections.abc import Callable, Sequence
from functools import cache

import pytest

from truebook.model.system import System
from truebook.specs.explore import columns, tables
from truebook.specs.explore.designs import Task, run
from truebook.specs.explore.engine import Exploration
from truebook.specs.properties.sentences import Check
from truebook.specs.properties.trace import Trace
from truebook.specs.scenarios import Scenario


def _explore(system: System, checks: Sequence[Check] = ()) -> Exploration:
    explore = tables.explore if system.orders else columns.explore
    return explore(system, checks)


@cache
def _broken(scenario: Scenario, *switched_off: str, design: str = "reference") -> dict[str, Trace]:
    outcome = run(Task(design, scenario, switched_off))
    assert outcome.found is not None
    return outcome.broken()


@pytest.fixture
def explore() -> Callable[..., Exploration]:
    """Explore a system with the engine that is fast for it; by default, checks nothing."""
    return _explore


@pytest.fixture
def broken() -> Callable[..., dict[str, Trace]]:
    """Return a shortest trace to a violation of each property that a scenario breaks.

    Of the reference unless another design is named, without the rules that are switched off.
    """
    return _broken
