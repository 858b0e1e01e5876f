"""Every lemma holds in every state that the explorer reaches, in worlds within the assumptions."""

import attrs
import pytest

from truebook.model.config import Bounds, Delays, Timers
from truebook.model.designs import REFERENCE
from truebook.model.memory import MemoryBounds
from truebook.model.names import NameBounds
from truebook.model.request_world import RequestBounds
from truebook.model.sizes import SizeBounds
from truebook.specs.explore import columns
from truebook.specs.proofs.lemmas.lemma import Lemma
from truebook.specs.proofs.lemmas.worlds import lemmas_of
from truebook.specs.proofs.worlds import open_world
from truebook.specs.properties.assumptions import ASSUMPTIONS
from truebook.specs.properties.sentences import Check, Kind
from truebook.specs.scenarios import (
    FILLS,
    FOREIGN,
    NAMES,
    REQUESTS,
    SIZES,
    WAITING,
    Scenario,
    with_faults,
)

ONE_LOT = Bounds(size=1)
LAGGING = Timers(lag=1, tombstone=2)
BEYOND = Delays(fill=3, answer=4)
"""Beyond both assumptions on delays. Without any bound the explorer counts no ages."""
SCENARIOS = (
    Scenario("faults", with_faults("cancel", "refuse", "lose", "unasked", "duplicates")),
    Scenario("late", with_faults("cancel", "refuse", "lose", "late", "bare", bounds=ONE_LOT)),
    Scenario("snapshots", with_faults("cancel", "lose", "snapshots", bounds=ONE_LOT)),
    Scenario(
        "lag",
        attrs.evolve(with_faults("cancel", "lose", "bare"), timers=LAGGING, delays=Delays(lag=1)),
    ),
    Scenario("modify", with_faults("modify", "lose", "unasked", "cancel", bounds=ONE_LOT)),
    Scenario("long delays", attrs.evolve(with_faults("lose", "unasked", "cancel"), delays=BEYOND)),
    Scenario(
        "long delays of a modify",
        attrs.evolve(with_faults("modify", "lose", bounds=ONE_LOT), delays=BEYOND),
    ),
    Scenario("foreign", with_faults("refuse", "lose", "snapshots", "timers"), FOREIGN),
    Scenario("waiting", with_faults("cancel", "lose", "unasked"), WAITING),
    Scenario("waiting, lag", with_faults("cancel", "timers", bounds=ONE_LOT), WAITING),
    Scenario("fills", MemoryBounds(fills=3, capacity=1, rebase=True), FILLS),
    Scenario("names", NameBounds(orders=3, repeats=2), NAMES),
    Scenario("more fills", MemoryBounds(fills=4, capacity=2, overtaken=2, times=3), FILLS),
    Scenario("requests", RequestBounds(), REQUESTS),
    Scenario(
        "reversal",
        MemoryBounds(fills=2, capacity=2, overtaken=2, rebase=True, reversal=True),
        FILLS,
    ),
    Scenario("sizes", SizeBounds(size=1, most=2), SIZES),
    Scenario("original sizes", SizeBounds(original=True), SIZES),
)


def lemmas_for(scenario: Scenario) -> list[Lemma]:
    """Return the lemmas that are of a scenario's world, without those that it does not meet."""
    bounds = scenario.bounds
    world = open_world(scenario.worlds[0], REFERENCE, bounds)
    unseen = {"filled-counts"} if isinstance(bounds, MemoryBounds) and not bounds.rebase else set()
    missed = {a.name for a in ASSUMPTIONS if not a.held_by(bounds)}
    assert missed <= {"fill-window", "answer-delay"}
    # The explorer itself holds every value to its domain.
    lemmas = [lemma for lemma in lemmas_of(world) if lemma.name != "in-domain"]
    lemmas = [lemma for lemma in lemmas if lemma.name not in unseen]
    return [lemma for lemma in lemmas if not missed.intersection(lemma.needs)]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_lemma_holds_in_every_state_reached(scenario: Scenario) -> None:
    lemmas = lemmas_for(scenario)
    checks = [Check(a.name, a.sentence, Kind.STATE, a.holds) for a in lemmas]
    found = columns.explore(scenario.build(REFERENCE), checks)
    assert found.states > 100
    broken = {
        f"{lemmas[n].name}: {lemmas[n].sentence}": [step.action for step in trace.steps]
        for n, trace in found.violations.items()
    }
    assert broken == {}


def test_what_needs_a_bound_on_delays_is_false_beyond_it() -> None:
    bounds = attrs.evolve(with_faults("modify", bounds=ONE_LOT), delays=BEYOND)
    lemmas = [lemma for lemma in lemmas_of(open_world("order", REFERENCE, bounds)) if lemma.needs]
    checks = [Check(a.name, a.sentence, Kind.STATE, a.holds) for a in lemmas]
    found = columns.explore(Scenario("beyond", bounds).build(REFERENCE), checks)
    assert {checks[n].property for n in found.violations} >= {
        "fills-told-when-forgotten",
        "answered-when-forgotten",
        "records-all-told",
        "end-told-is-closed",
        "one-is-live",
        "replaced-is-closed",
    }
