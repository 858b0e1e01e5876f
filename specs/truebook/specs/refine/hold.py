"""Holding the book to the model: every scenario of the reference, side by side."""

import time
from collections.abc import Callable, Iterator, Sequence

import attrs

from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE
from truebook.model.memory import MemoryBounds
from truebook.specs.processes import Tell, side_by_side
from truebook.specs.refine.edges import Edges, edges_of
from truebook.specs.refine.order import OrderModel, OrderPlayer, answers_forgotten, view_of
from truebook.specs.refine.player import Player
from truebook.specs.refine.replay import Beyond, Expected, Replayed, nothing_beyond, replay
from truebook.specs.refine.strangers import (
    FillsModel,
    FillsPlayer,
    ForeignModel,
    ForeignPlayer,
    fills_view,
    foreign_view,
)
from truebook.specs.scenarios import Scenario, default_scenarios


@attrs.frozen
class Held:
    """What came of one scenario: its own states and transitions, and what was replayed of them."""

    scenario: Scenario
    states: int
    transitions: int
    replayed: Replayed
    seconds: float


def replayable() -> tuple[Scenario, ...]:
    """Return the shipped scenarios of one world each, whose every edge is replayed."""
    return tuple(s for s in default_scenarios(REFERENCE) if len(s.worlds) == 1)


def hold_all(
    scenarios: Sequence[Scenario],
    *,
    processes: int | None = None,
    progress: Callable[..., None] | None = None,
) -> Iterator[Held]:
    """Replay scenarios side by side, and yield what came of each as it comes."""
    return side_by_side(hold, scenarios, jobs=processes, progress=progress)


@attrs.frozen
class Subject:
    """A scenario ready to be replayed: its edges, and a book in the place of the model's."""

    scenario: Scenario
    edges: Edges
    player: Player
    expected: Expected
    beyond: Beyond

    def replay(self, tell: Tell | None = None) -> Replayed:
        """Replay every edge."""
        return replay(self.edges, self.player, self.expected, beyond=self.beyond, progress=tell)


def subject(scenario: Scenario) -> Subject:
    """Return what a scenario holds a `UnifiedOrderBook` to."""
    system = scenario.build(REFERENCE)
    bounds = scenario.bounds
    player: Player
    if isinstance(bounds, MemoryBounds):
        edges, player = edges_of(system, fills_view(system)), FillsPlayer(bounds)
        return Subject(scenario, edges, player, FillsModel(bounds).expected, nothing_beyond)
    if scenario.worlds == ("foreign",):
        edges, player = edges_of(system, foreign_view(system)), ForeignPlayer(bounds)
        return Subject(scenario, edges, player, ForeignModel(bounds).expected, nothing_beyond)
    beyond = answers_forgotten if _is_late(bounds) else nothing_beyond
    edges, player = edges_of(system, view_of(system)), OrderPlayer(bounds)
    return Subject(scenario, edges, player, OrderModel(bounds).expected, beyond)


def hold(scenario: Scenario, tell: Tell) -> Held:
    """Replay every edge of a scenario on a `UnifiedOrderBook`."""
    started = time.perf_counter()
    found = subject(scenario)
    replayed = found.replay(tell)
    seconds = time.perf_counter() - started
    return Held(scenario, found.edges.states, found.edges.transitions, replayed, seconds)


def _is_late(bounds: Bounds) -> bool:
    """Return whether an answer can come after its order is forgotten."""
    timers, delay = bounds.timers, bounds.delays.answer
    return delay is None or not delay < timers.fill_window + timers.tombstone
