"""From false words, and from any state at all, true words lead back: within how many rounds."""

from pathlib import Path

import attrs
import pytest

from truebook.model.config import Bounds, Delays, Timers
from truebook.model.designs import REFERENCE, without
from truebook.model.own import own_order
from truebook.model.strangers import foreign_order
from truebook.model.vocabulary import OrderState
from truebook.review.false_words import lines, markdown
from truebook.specs.explore import columns, plain
from truebook.specs.explore.engine import Runner
from truebook.specs.explore.stabilise import rounds_to_stabilise, stabilises
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.recovery import rounds_to_recover
from truebook.specs.properties.sentences import Kind
from truebook.specs.scenarios import with_faults

PAGE = Path(__file__).resolve().parents[3] / "docs" / "model.md"
BRISK = Timers(expiry=0, lag=0, fill_window=1, tombstone=1, listing=0)


def bounds_of(expiry: int, lag: int) -> Bounds:
    timers = Timers(expiry=expiry, lag=lag, fill_window=2, tombstone=max(1, lag))
    delays = Delays(expiry=expiry, lag=lag)
    return with_faults("lie", "lose", bounds=Bounds(size=1, timers=timers, delays=delays))


@pytest.mark.parametrize(("expiry", "lag"), [(0, 0), (2, 0), (0, 1), (1, 1)])
def test_the_rounds_stated_are_the_fewest(expiry: int, lag: int) -> None:
    bounds = bounds_of(expiry, lag)
    system = own_order(REFERENCE, bounds)
    rounds = rounds_to_recover(bounds.timers)
    settled = [c for c in checks_of(system) if c.property == "recovers" and c.kind is Kind.SETTLED]
    fewer = [attrs.evolve(check, rounds=rounds - 1) for check in settled]
    found = columns.explore(system, (*settled, *fewer)).violations
    assert not set(found) & set(range(len(settled)))
    assert found


def test_what_a_lagging_reader_lists_after_its_end_is_known_open_from_then_on() -> None:
    timers, delays = Timers(expiry=0, lag=1, tombstone=2), Delays(expiry=0, lag=1)
    bounds = Bounds(size=1, lose=True, unasked=True, bare=True, timers=timers, delays=delays)
    runner = Runner(own_order(REFERENCE, bounds))
    actions = {action.name: action for action in runner.system.actions}
    state = runner.first
    for name in ("send", "arrive-0:a", "lose-answer:a", "read-early:first", "cancel-unasked:a"):
        after = runner.run(state, actions[name])
        assert after is not None
        state = after
    shown = []
    for _ in range(rounds_to_recover(timers)):
        state = runner.settle(state)
        shown.append(runner.load(state).book_a.state)
    assert shown == [OrderState.RESTING, OrderState.RESTING, OrderState.CANCEL_CONFIRMED]


@pytest.mark.parametrize("make", [own_order, foreign_order], ids=["order", "foreign"])
@pytest.mark.parametrize("rule", ["", "contradiction-reopens", "own-stays-own"])
def test_the_engines_agree_on_false_words(make, rule: str) -> None:  # type: ignore[no-untyped-def]
    bounds = with_faults("lie", bounds=Bounds(size=1))
    system = make(without(rule) if rule else REFERENCE, bounds)
    checks = checks_of(system)
    assert plain.explore(system, checks) == columns.explore(system, checks)


def test_the_page_has_the_table_of_false_words() -> None:
    table = PAGE.read_text().split("<!-- false words -->")[1]
    assert table.split("<!-- end of false words -->")[0].strip() == "\n".join(markdown())
    assert len(list(lines())) == len(list(markdown()))


@pytest.mark.parametrize("size", [1, 2])
def test_from_every_state_true_words_lead_to_the_truth(size: int) -> None:
    bounds = Bounds(size=size, cancel=True, timers=BRISK, delays=Delays(expiry=0, fill=0))
    found = stabilises(bounds, most=rounds_to_stabilise(BRISK) + 2)
    assert found.states > 500_000
    assert found.rounds == rounds_to_stabilise(BRISK)


@pytest.mark.parametrize("rule", ["cancel-resolves", "contradiction-reopens"])
def test_without_a_rule_some_state_goes_astray(rule: str) -> None:
    slow = attrs.evolve(BRISK, tombstone=4)
    bounds = Bounds(size=1, cancel=True, timers=slow, delays=Delays(expiry=0, fill=0))
    found = stabilises(bounds, most=rounds_to_stabilise(slow) + 1, design=without(rule))
    assert found.rounds is None
    assert found.astray is not None
