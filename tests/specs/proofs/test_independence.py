"""No action entangles two orders, one that does is reported, and the position is a sum."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE, Design, without
from truebook.model.system import Action, System
from truebook.specs.proofs.independence import entangled, in_markets, prove_sums, together
from truebook.specs.proofs.induction import Prover
from truebook.specs.proofs.lemmas.worlds import lemmas_of
from truebook.specs.proofs.worlds import open_foreign, open_order
from truebook.specs.scenarios import with_faults

Part = Callable[[Any], bool]


def two_orders(bounds: Bounds, *, foreign: bool = False) -> tuple[System, frozenset[str]]:
    order = open_order(REFERENCE, bounds)
    return together((order, open_foreign(REFERENCE, bounds) if foreign else order))


@pytest.mark.parametrize("foreign", [False, True])
def test_no_action_of_ours_entangles_two_orders(foreign: bool) -> None:
    bounds = with_faults("cancel")
    system, unbounded = two_orders(bounds, foreign=foreign)
    assert len([action for action in system.actions if action.shared]) == 5
    assert list(entangled(system, unbounded)) == []


def test_orders_in_two_markets_share_the_clock_alone() -> None:
    foreign = open_foreign(REFERENCE, Bounds())
    system, unbounded = in_markets((foreign, foreign))
    assert [action.name for action in system.actions if action.shared] == ["tick"]
    assert "1.process-snapshot:first" in {action.name for action in system.actions}
    assert list(entangled(system, unbounded)) == []
    mixed = Action("mixed", (close_by_the_other,), "a listing of one closes an order of the other")
    found = list(entangled(attrs.evolve(system, actions=(mixed,)), unbounded))
    assert "'a listing of one closes an order of the other' touches o0 and o1" in found


def close_by_the_other(w: Any) -> bool:
    if w.o1.candidate == 0:
        w.o0.candidate = 0
    return True


def always(w: Any) -> bool:
    return True


def both(w: Any) -> bool:
    w.o0.position = w.o0.position + 1
    w.o1.position = w.o1.position + 1
    return True


def read_the_other(w: Any) -> bool:
    if w.o1.position != 0:
        w.o0.position = w.o0.position + 1
    return True


def copy_the_other(w: Any) -> bool:
    w.o0.position = w.o1.position
    return True


def compare_with_the_other(w: Any) -> bool:
    if w.o0.position < w.o1.position:
        w.o0.position = w.o0.position + 1
    return True


def wait_for_the_other(w: Any) -> bool:
    if w.o1.position == 0:
        return False
    w.o0.position = w.o0.position + 1
    return True


@pytest.mark.parametrize(
    ("parts", "shared", "said"),
    [
        ((always, read_the_other), True, "'doctored' makes o0 depend on another"),
        ((always, copy_the_other), True, "'doctored' makes o0 depend on another"),
        ((copy_the_other,), True, "'doctored' makes o0 depend on another"),
        ((read_the_other,), True, "'doctored' makes o0 depend on another"),
        ((compare_with_the_other,), True, "'doctored' makes o0 depend on another"),
        ((both,), False, "'doctored' touches o0 and o1"),
        ((wait_for_the_other,), False, "'doctored' touches o0 and o1"),
    ],
)
def test_an_action_that_entangles_two_orders_is_reported(
    parts: tuple[Part, ...], shared: bool, said: str
) -> None:
    system, unbounded = two_orders(Bounds(snapshots=0))
    doctored = Action("doctored", parts, "doctored", shared=shared)
    found = list(entangled(attrs.evolve(system, actions=(doctored,)), unbounded))
    assert said in found


def test_what_happens_to_both_as_if_alone_is_fine() -> None:
    """A shared action waits for all orders, and writes to each what is its own."""
    system, unbounded = two_orders(Bounds(snapshots=0))
    doctored = Action("doctored", (wait_for_the_other, both), "doctored", shared=True)
    assert list(entangled(attrs.evolve(system, actions=(doctored,)), unbounded)) == []


def prover(design: Design, bounds: Bounds) -> Prover:
    world = open_order(design, bounds)
    return Prover(world, lemmas_of(world))


def test_the_position_is_a_sum_over_any_number_of_orders() -> None:
    found = prover(REFERENCE, with_faults("cancel", "lose"))
    answer = prove_sums(found)
    assert answer.proved
    assert answer.queries == len(found.steps)


@pytest.mark.parametrize("rule", ["fills-move-position", "position-by-fills"])
def test_a_design_whose_position_is_not_its_fills_fails(rule: str) -> None:
    answer = prove_sums(prover(without(rule), Bounds()))
    assert not answer.proved
    assert answer.counterexample is not None
    assert answer.counterexample.action in ("answer:a", "process-snapshot:first")
