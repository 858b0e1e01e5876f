"""Holding the book to the model: every scenario of the reference, side by side."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import attrs

from truebook.impl import Strangers
from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE
from truebook.model.memory import MemoryBounds
from truebook.model.names import NameBounds
from truebook.model.request_world import RequestBounds
from truebook.model.sizes import SizeBounds
from truebook.model.system import System
from truebook.specs.processes import Tell, side_by_side
from truebook.specs.properties import assumption
from truebook.specs.refine.edges import Edges, View, edges_of
from truebook.specs.refine.foreign_and_fills import (
    FillsModel,
    FillsPlayer,
    ForeignModel,
    ForeignPart,
    fills_view,
    foreign_view,
)
from truebook.specs.refine.names import NamesPlayer, names_expected, names_view
from truebook.specs.refine.one_order import (
    OrderModel,
    OrderPart,
    answers_forgotten,
    beyond_lies,
    order_view,
)
from truebook.specs.refine.player import Model, Part, Player
from truebook.specs.refine.replay import Beyond, Expected, Replayed, nothing_beyond, replay
from truebook.specs.refine.requests import (
    RequestsModel,
    RequestsPlayer,
    requests_view,
)
from truebook.specs.refine.resized import SizesModel, SizesPlayer, sizes_view
from truebook.specs.refine.several_orders import BookPlayer, ModelTogether, view_together
from truebook.specs.refine.waiting import WaitingModel, WaitingPlayer, waiting_view
from truebook.specs.scenarios import WAITING, Scenario


@attrs.frozen
class Held:
    """What came of one scenario: its own states and transitions, and what was replayed of them."""

    scenario: Scenario
    states: int
    transitions: int
    replayed: Replayed
    seconds: float


def hold_all(
    scenarios: Sequence[Scenario],
    *,
    processes: int | None = None,
    progress: Callable[..., None] | None = None,
) -> Iterator[Held]:
    """Replay scenarios side by side, and yield what came of each as it comes.

    Those of several orders take longest, so they begin first.
    """
    longest_first = sorted(scenarios, key=lambda scenario: -len(scenario.worlds))
    return side_by_side(hold, longest_first, jobs=processes, progress=progress)


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
    if isinstance(scenario.bounds, NameBounds):
        return names_view(system)
    if isinstance(scenario.bounds, RequestBounds):
        return requests_view(system)
    if isinstance(scenario.bounds, SizeBounds):
        return sizes_view(system)
    if scenario.worlds == WAITING:
        return waiting_view(system)
    views = {"order": order_view, "foreign": foreign_view}
    worlds = system.orders or (system,)
    return view_together(
        [views[name](world) for name, world in zip(scenario.worlds, worlds, strict=True)]
    )


def subject(scenario: Scenario) -> Subject:
    """Return what a scenario holds a `UnifiedOrderBook` to."""
    bounds = scenario.bounds
    if isinstance(bounds, RequestBounds):  # a book forgets by time, and all at once
        scenario = attrs.evolve(scenario, bounds=attrs.evolve(bounds, forgets=False))
    system = scenario.build(REFERENCE)
    edges = edges_of(system, view_of(scenario, system))
    player: Player
    if isinstance(bounds, MemoryBounds):
        player = FillsPlayer(bounds)
        return Subject(scenario, edges, player, FillsModel(bounds).expected, nothing_beyond)
    if isinstance(bounds, NameBounds):
        return Subject(scenario, edges, NamesPlayer(bounds), names_expected, nothing_beyond)
    if isinstance(bounds, RequestBounds):
        player = RequestsPlayer(bounds)
        return Subject(scenario, edges, player, RequestsModel(bounds).expected, nothing_beyond)
    if isinstance(bounds, SizeBounds):
        resized = SizesPlayer(bounds)
        return Subject(scenario, edges, resized, SizesModel(bounds).expected, nothing_beyond)
    if scenario.worlds == WAITING:
        player = WaitingPlayer(bounds)
        return Subject(scenario, edges, player, WaitingModel(bounds).expected, nothing_beyond)
    parts: list[Part] = []
    models: list[Model] = []
    for number, name in enumerate(scenario.worlds):
        foreign = name == "foreign"
        parts.append(ForeignPart(bounds.timers) if foreign else OrderPart(bounds, number))
        models.append(ForeignModel(bounds) if foreign else OrderModel(bounds))
    beyond = _beyond(bounds) if "order" in scenario.worlds else nothing_beyond
    strangers = Strangers.LEAVE if bounds.leave else Strangers.CANCEL
    player = BookPlayer(bounds.timers, parts, strangers)
    return Subject(scenario, edges, player, ModelTogether(parts, models).expected, beyond)


def _beyond(bounds: Bounds) -> Beyond:
    if not assumption("answer-delay").held_by(bounds):
        return answers_forgotten
    return partial(beyond_lies, lag=bounds.timers.lag) if bounds.lie else nothing_beyond


def hold(scenario: Scenario, tell: Tell) -> Held:
    """Replay every edge of a scenario on a `UnifiedOrderBook`."""
    started = time.perf_counter()
    found = subject(scenario)
    replayed = found.replay(tell)
    seconds = time.perf_counter() - started
    return Held(scenario, found.edges.states, found.edges.transitions, replayed, seconds)
