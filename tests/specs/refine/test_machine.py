"""The state machine: it holds, sees what is wrong, and shrinks it."""

import pytest
from hypothesis import settings

from truebook.specs.properties.sentences import Check, Kind
from truebook.specs.refine.defects.detection import by_machine
from truebook.specs.refine.defects.known import defect_named
from truebook.specs.refine.lockstep.state_machine import LockstepMachine, drive
from truebook.specs.refine.lockstep.watched_order import Watched

TestLockstep = LockstepMachine.TestCase
TestLockstep.settings = settings(
    max_examples=30, stateful_step_count=40, derandomize=True, deadline=None, database=None
)


def test_the_machine_agrees_and_goes_far() -> None:
    tally = drive(20)
    assert tally.found is None
    assert tally.steps > 300


@pytest.mark.parametrize("name", ["fill does not bind", "pending not counted"])
def test_the_machine_finds_and_shrinks_a_defect(name: str) -> None:
    found = by_machine(defect_named(name), most=200)
    assert found.steps is not None
    assert 0 < found.shortest <= 4


@pytest.mark.parametrize("kind", [Kind.STATE, Kind.STEP, Kind.SETTLED])
def test_every_kind_of_property_is_held_against_the_worlds(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Watched, *_: object) -> list[Check]:
        return [check for check in self.member.actions.checks if check.kind is kind][:1]

    name = "broken_once_quiet" if kind is Kind.SETTLED else "broken"
    monkeypatch.setattr(Watched, name, broken)
    assert drive(3, steps=2).found is not None
