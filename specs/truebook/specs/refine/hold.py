"""Holding the book to the model: every scenario of the reference, side by side."""

import time
from collections.abc import Callable, Iterator, Sequence

import attrs

from truebook.model.designs import REFERENCE
from truebook.model.memory import MemoryBounds
from truebook.model.system import System
from truebook.specs.assumptions import assumption
from truebook.specs.processes import Tell, side_by_side
from truebook.specs.refine.edges import Edges, View, edges_of
from truebook.specs.refine.order import OrderModel, OrderPlayer, answers_forgotten, order_view
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
from truebook.specs.scenarios import FOREIGN, Scenario, default_scenarios


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


def view_of(scenario: Scenario, system: System) -> View:
    """Return what a book knows of a scenario's world, and what each message says."""
    if isinstance(scenario.bounds, MemoryBounds):
        return fills_view(system)
    return foreign_view(system) if scenario.worlds == FOREIGN else order_view(system)


def subject(scenario: Scenario) -> Subject:
    """Return what a scenario holds a `UnifiedOrderBook` to."""
    system = scenario.build(REFERENCE)
    bounds = scenario.bounds
    edges = edges_of(system, view_of(scenario, system))
    player: Player
    if isinstance(bounds, MemoryBounds):
        player = FillsPlayer(bounds)
        return Subject(scenario, edges, player, FillsModel(bounds).expected, nothing_beyond)
    if scenario.worlds == FOREIGN:
        player = ForeignPlayer(bounds)
        return Subject(scenario, edges, player, ForeignModel(bounds).expected, nothing_beyond)
    in_time = assumption("answer-delay").held_by(bounds)
    beyond = nothing_beyond if in_time else answers_forgotten
    player = OrderPlayer(bounds)
    return Subject(scenario, edges, player, OrderModel(bounds).expected, beyond)


def hold(scenario: Scenario, tell: Tell) -> Held:
    """Replay every edge of a scenario on a `UnifiedOrderBook`."""
    started = time.perf_counter()
    found = subject(scenario)
    replayed = found.replay(tell)
    seconds = time.perf_counter() - started
    return Held(scenario, found.edges.states, found.edges.transitions, replayed, seconds)
