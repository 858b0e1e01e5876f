"""A counterexample to induction is looked up: it is reached, or the missing fact is named."""

import re

import attrs
import pytest

from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE, without
from truebook.specs.proofs import jobs, triage
from truebook.specs.proofs.induction import Counterexample, Prover
from truebook.specs.proofs.jobs import Job, show
from truebook.specs.proofs.lemmas.worlds import lemmas_of
from truebook.specs.proofs.triage import NotLookedUp, Reachable, Unreachable, look_up
from truebook.specs.proofs.worlds import OpenWorld, open_order
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.sentences import Check

UNSEEN = Bounds(snapshots=0)


def check(world: OpenWorld, name: str) -> Check:
    return next(known for known in checks_of(world.system) if known.property == name)


def counterexample(prover: Prover, name: str) -> Counterexample:
    found = prover.prove(check(prover.world, name)).counterexample
    assert found is not None
    return found


def test_without_a_rule_the_state_is_reached() -> None:
    design = without("exposure-bounds")
    world = open_order(design, UNSEEN)
    found = counterexample(Prover(world, lemmas_of(world)), "exposure-bounds-truth")
    assert look_up(world, design, UNSEEN, found) == Reachable(1)


@pytest.mark.parametrize(
    ("lemma", "name", "never"),
    [
        ("bound-knows-taken", "transitions-in-table", "of that on arrival 1, in the book resting"),
        ("closed-is-over", "tracked-or-in-grace", "in the book dead"),
        ("position-is-told", "no-fill-twice", "at the venue unsent, position 1"),
    ],
)
def test_without_a_lemma_the_missing_fact_is_named(lemma: str, name: str, never: str) -> None:
    """Where two values are named, each alone is reached; the two together are not."""
    world = open_order(REFERENCE, UNSEEN)
    lemmas = [known for known in lemmas_of(world) if known.name != lemma]
    found = counterexample(Prover(world, lemmas), name)
    assert look_up(world, REFERENCE, UNSEEN, found) == Unreachable(tuple(never.split(", ")))


def test_a_value_outside_its_domain_is_the_missing_fact() -> None:
    world = open_order(REFERENCE, UNSEEN)
    found = counterexample(Prover(world, lemmas_of(world)[:0]), "filled-is-its-fills")
    beyond = attrs.evolve(found, before=found.before | {"a.executed": 7})
    assert look_up(world, REFERENCE, UNSEEN, beyond) == Unreachable(("executed at the venue 7",))


def test_what_is_too_large_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triage, "LIMIT", 5)
    world = open_order(REFERENCE, UNSEEN)
    found = counterexample(Prover(world, ()), "no-fill-twice")
    assert look_up(world, REFERENCE, UNSEEN, found) == NotLookedUp("more than 5 states")


def meaning(job: Job, name: str) -> str:
    """Return what is said of the first thing that is not shown of a property."""
    return next(c.meaning for c in show(job, print).claims if c.name == name and c.meaning)


def test_a_real_one_is_said_to_be_reachable() -> None:
    job = Job("foreign", switched_off=("orphan-cancel-marked",))
    assert re.fullmatch(r"reachable in \d+ steps: real", meaning(job, "no-false-orphan"))


def test_one_that_is_not_real_names_what_is_probably_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "lemmas_of", lambda world: [])
    assert meaning(Job("foreign"), "exposure-bounds-truth") == (
        "unreachable: the missing fact is probably: never at the venue open with orphan "
        "candidate 0 with listed for 1"
    )
