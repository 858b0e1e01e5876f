"""Replaying edges: a book that differs is shown so, with the steps and only the differences."""

from functools import cache

import attrs
import pytest

from truebook.impl.book import listings
from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE
from truebook.specs.refine.defects.known import DEFECTS, Defect, defect_named, planted
from truebook.specs.refine.replay import Difference
from truebook.specs.refine.scenarios import Subject, subject
from truebook.specs.scenarios import (
    BESIDE_FOREIGN,
    TWO_ORDERS,
    WAITING,
    Scenario,
    default_scenarios,
    with_faults,
)

# The smallest world of those shipped, or one still smaller, in which a defect can show.
WHERE = {
    "known by tid alone": "self-trade",
    "forgotten fills replay": "fills",
    "grace short by a tick": "foreign",
    "orphan asked again": "foreign",
    "modify leaves both live": "a modify",
    "refusal leaves pending": "a cancel",
    "a false end stands": "false words",
    "forgotten is not ours": "false words",
    "a disputed end is believed": "false words",
    "what waits is pending": "one that waits",
    "what waits is dead": "one that waits",
    "an orphaned child waits": "one that waits",
}
ONE_LOT = Bounds(size=1)
SMALL = {
    "a cancel": Scenario("a cancel", with_faults("cancel", "lose", "refuse", "unasked", "late")),
    "a modify": Scenario("a modify", with_faults("modify")),
    "false words": Scenario("false words", with_faults("lie", bounds=ONE_LOT)),
    "two orders": Scenario("two orders", with_faults(bounds=ONE_LOT), TWO_ORDERS),
    "one that waits": Scenario("one that waits", with_faults("cancel", bounds=ONE_LOT), WAITING),
    "a stranger": Scenario("a stranger", with_faults(bounds=ONE_LOT), BESIDE_FOREIGN),
}


@cache
def ready(name: str) -> Subject:
    shipped = {scenario.name: scenario for scenario in default_scenarios(REFERENCE)}
    return subject(SMALL.get(name) or shipped[name])


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_the_edges_find_every_known_defect(defect: Defect) -> None:
    held = ready(WHERE.get(defect.name, "a cancel"))
    with planted(defect):
        divergence = held.replay().divergence
    assert divergence is not None
    assert 1 <= len(divergence.steps) <= 12
    assert divergence.differences or divergence.error
    assert all(one.model != one.book for one in divergence.differences)
    nodes = [edge.before for edge in divergence.steps]
    assert nodes[0] == held.edges.first
    assert nodes[1:] == [edge.after for edge in divergence.steps[:-1]]


def test_without_a_defect_the_same_worlds_agree() -> None:
    for name in SMALL:
        assert ready(name).replay().divergence is None


def test_the_steps_are_the_fewest_and_the_differences_all() -> None:
    with planted(defect_named("fill does not bind")):
        divergence = ready("a cancel").replay().divergence
    assert divergence is not None
    assert [edge.action for edge in divergence.steps] == ["send", "taker-fill:a"]
    assert divergence.differences == (
        Difference("book_a.state", 4, 1),
        Difference("book_a.mapped", 1, 0),
        Difference("exposure", 1, 2),
    )


def test_what_one_order_does_to_another_is_found() -> None:
    """A book that takes the fills of one tid for one, whichever orders they are of."""
    with planted(defect_named("known by tid alone")):
        divergence = ready("two orders").replay().divergence
    assert divergence is not None
    told = [edge.words for edge in divergence.steps if "fill arrives" in edge.words]
    assert told == [
        "order 1: the message of a taker fill arrives",
        "order 2: the message of a taker fill arrives",
    ]
    assert {one.path.partition(": ")[0] for one in divergence.differences} == {
        "position",
        "order 2",
    }
    assert Difference("order 2: book_a.taker", 1, 0) in divergence.differences


def test_an_order_that_is_cancelled_in_the_place_of_a_stranger_is_found() -> None:
    false_orphan = attrs.evolve(
        defect_named("timeout drops"),
        name="false orphan",
        function=listings._adopt,
        right="head = ledger.by_cloid.get(cloid)",
        wrong="return None",
    )
    with planted(false_orphan):
        divergence = ready("a stranger").replay().divergence
    assert divergence is not None
    assert Difference("order 1: book_a.state", 3, 1) in divergence.differences


def test_what_a_book_raises_is_the_divergence() -> None:
    raises = attrs.evolve(
        defect_named("timeout drops"), name="raises", wrong='raise KeyError("lost")'
    )
    with planted(raises):
        divergence = ready("a cancel").replay().divergence
    assert divergence is not None
    assert divergence.error == "KeyError: 'lost'"
    assert divergence.differences == ()
    assert divergence.steps[-1].action == "time-out:a"


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_is_planted_for_a_while_and_then_gone(defect: Defect) -> None:
    right = defect.function.__code__
    with planted(defect):
        assert defect.function.__code__ != right
    assert defect.function.__code__ is right


def test_a_defect_of_a_line_that_is_gone_is_refused() -> None:
    gone = attrs.evolve(defect_named("timeout drops"), right="no such line")
    with pytest.raises(ValueError, match="not once in unknown"), planted(gone):
        pass


def test_names_of_defects_are_their_own() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS)
