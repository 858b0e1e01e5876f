"""Messages commute and repeat harmlessly, in every state that keeps the lemmas."""

import pytest

from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE, Design, without
from truebook.specs.proofs.confluence import prove_confluence
from truebook.specs.proofs.induction import Prover
from truebook.specs.proofs.lemmas.worlds import lemmas_of
from truebook.specs.proofs.strengthening import strengthened
from truebook.specs.proofs.worlds import OpenWorld, open_fills, open_foreign, open_order
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.sentences import Check, Kind
from truebook.specs.scenarios import with_faults


def confluence(world: OpenWorld) -> list[Check]:
    return [check for check in checks_of(world.system) if check.property == "confluence"]


@pytest.mark.parametrize(
    ("world", "checks"),
    [
        (open_order(REFERENCE, with_faults("cancel", "refuse")), 26),
        (open_foreign(REFERENCE), 5),
        (open_fills(REFERENCE, fills=3), 3),
    ],
    ids=["order", "foreign", "fills"],
)
def test_every_pair_commutes_and_every_message_repeats(world: OpenWorld, checks: int) -> None:
    prover = Prover(world, lemmas_of(world))
    asked = confluence(world)
    assert len(asked) == checks
    messages = {action.name for action in world.system.actions if action.message}
    assert {name for check in asked for name in check.actions} == messages
    for check in asked:
        answer = prove_confluence(prover, check)
        assert answer.proved, check.part
        assert answer.queries == 1


def proved(design: Design, bounds: Bounds, *actions: str) -> bool:
    world = open_order(design, bounds)
    prover = strengthened(world, lemmas_of(world), rounds=2).prover
    (check,) = (check for check in confluence(world) if check.actions == actions)
    return prove_confluence(prover, check).proved


def test_an_answer_that_moves_the_position_does_not_repeat() -> None:
    assert not proved(without("fills-move-position"), Bounds(snapshots=0), "answer:a")


def test_a_snapshot_that_moves_the_position_does_not_commute_with_a_fill() -> None:
    pair = ("taker-fill:a", "process-snapshot:first")
    assert not proved(without("position-by-fills"), Bounds(), *pair)


def test_two_snapshots_of_a_foreign_order_are_the_one_exception() -> None:
    """They are left out of the checks, and rightly: they do not commute."""
    world = open_foreign(REFERENCE)
    pair = ("process-snapshot:first", "process-snapshot:second")
    assert pair not in {check.actions for check in confluence(world)}
    left_out = Check("confluence", "two snapshots", Kind.COMMUTE, actions=pair)
    answer = prove_confluence(Prover(world, lemmas_of(world)), left_out)
    assert not answer.proved
    assert answer.counterexample is not None
