"""A proof from what cannot be would be empty, and is refused."""

import attrs
import pytest

from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE
from truebook.specs.proofs import jobs
from truebook.specs.proofs.induction import Prover
from truebook.specs.proofs.jobs import Job, show
from truebook.specs.proofs.lemmas.lemma import Lemma
from truebook.specs.proofs.lemmas.worlds import lemmas_of
from truebook.specs.proofs.verdicts import report
from truebook.specs.proofs.worlds import OpenWorld, open_fills, open_foreign, open_order
from truebook.specs.properties.assumptions import assumption
from truebook.specs.properties.verdict import Unknown
from truebook.specs.scenarios import with_faults

ABSURD = attrs.evolve(assumption("lag"), name="absurd", holds=lambda bounds: False)


@pytest.mark.parametrize(
    "world",
    [
        open_order(REFERENCE, with_faults("cancel", "lose", "refuse", "unasked", "duplicates")),
        open_foreign(REFERENCE),
        open_fills(REFERENCE, fills=2),
    ],
    ids=lambda world: world.name,
)
def test_every_action_is_possible_in_some_state_that_keeps_the_lemmas(world: OpenWorld) -> None:
    assert list(Prover(world, lemmas_of(world)).never()) == []


def test_assumptions_that_contradict_each_other_are_noticed() -> None:
    world = open_order(REFERENCE, Bounds(snapshots=0))
    absurd = attrs.evolve(world, assumptions=(*world.assumptions, ABSURD))
    found = list(Prover(absurd, lemmas_of(absurd)).never())
    assert found[0] == "no first state keeps to the assumptions and the lemmas"
    assert "never possible: we send the order" in found
    assert len(found) == 1 + len([a for a in world.system.actions if not a.optional])


def test_a_lemma_that_rules_an_action_out_is_noticed() -> None:
    world = open_order(REFERENCE, Bounds(snapshots=0))
    unsent = Lemma("unsent", "nothing is ever sent", lambda w: w.a.status == 0)
    assert "never possible: the order rests" in list(Prover(world, [unsent]).never())


def test_then_nothing_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    absurd = attrs.evolve(open_foreign(REFERENCE), assumptions=(ABSURD,))
    monkeypatch.setattr(jobs, "open_world", lambda *asked: absurd)
    found = report([show(Job("foreign"), print)], ["orphan-cancelled-once"])
    verdict = found.properties["orphan-cancelled-once"]
    assert isinstance(verdict, Unknown)
    assert verdict.reason.startswith("everything can happen: no first state keeps to the assum")
