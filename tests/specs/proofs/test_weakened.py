"""A weakened rule makes the proof fail that leans on it, in the smallest world that shows it."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import pytest

from truebook.model.config import Bounds
from truebook.model.designs import REFERENCE, Design, without
from truebook.model.rules import RULE_NAMES
from truebook.specs.proofs.induction import Prover
from truebook.specs.proofs.lemmas.worlds import lemmas_of
from truebook.specs.proofs.liveness import prove_quiet
from truebook.specs.proofs.strengthening import Strengthened, strengthened
from truebook.specs.proofs.worlds import (
    OpenWorld,
    open_fills,
    open_foreign,
    open_names,
    open_order,
    open_requests,
    open_sizes,
    open_waiting,
)
from truebook.specs.properties.checks import checks_of
from truebook.specs.properties.sentences import SETTLED
from truebook.specs.scenarios import with_faults

UNSEEN = Bounds(snapshots=0)
WORLDS: dict[str, Bounds] = {
    "order": UNSEEN,
    "order that may be cancelled": with_faults("cancel", bounds=UNSEEN),
    "order that may be lost": with_faults("lose", bounds=UNSEEN),
    "order that may be refused": with_faults("refuse", bounds=UNSEEN),
    "modify": with_faults("modify", bounds=UNSEEN),
    "order and a snapshot": Bounds(),
    "cancel that may be lost": with_faults("cancel", "lose"),
    "order that may be lied about": with_faults("lie"),
}
"""Sizes and timers are unknown in these, as in the small worlds below."""
SMALL: dict[str, Callable[[Design], OpenWorld]] = {
    "foreign": lambda design: open_foreign(design, Bounds()),
    "foreign order that is left": lambda design: open_foreign(design, Bounds(leave=True)),
    "order that waits": lambda design: open_waiting(design, with_faults("cancel")),
    "fills": lambda design: open_fills(design, fills=2),
    "fills that may be taken back": lambda design: open_fills(design, fills=2, reversal=True),
    "names": lambda design: open_names(design, orders=2),
    "requests": open_requests,
    "sizes": open_sizes,
}

CASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "fills-move-position": ("order", ("no-fill-twice", "position-is-unique-fills")),
    "fill-binds": ("order", ("identity",)),
    "early-fills-kept": ("order", ("no-live-order-dropped", "filled-is-its-fills")),
    "state-is-derived": ("order that may be cancelled", ("state-agrees-with-fills",)),
    "unknown-stays": ("order that may be lost", ("tracked-or-in-grace",)),
    "reject-clears": ("order that may be refused", ("exposure-is-tight",)),
    "listing-binds": ("order and a snapshot", ("no-false-orphan",)),
    "absence-needs-age": ("order and a snapshot", ("no-live-order-dropped",)),
    "tombstones": ("order", ("transitions-in-table",)),
    "exposure-bounds": ("order", ("exposure-bounds-truth",)),
    "orphan-cancel-marked": ("foreign", ("orphan-cancelled-once", "no-false-orphan")),
    "position-by-fills": ("order and a snapshot", ("no-fill-twice",)),
    "eviction-floor": ("fills", ("replay-harmless", "no-fill-twice")),
    "modify-binds": ("modify", ("identity", "exposure-is-tight")),
    "own-stays-own": ("order that may be lied about", ("no-false-orphan",)),
    "first-fill-stands": ("names", ("no-fill-twice", "position-is-unique-fills")),
    "old-evidence-binds-nothing": ("names", ("identity", "tracked-or-in-grace")),
    "answers-name-requests": ("requests", ("tracked-or-in-grace", "exposure-bounds-truth")),
    "errors-end-little": ("requests", ("no-live-order-dropped", "exposure-bounds-truth")),
    "status-of-its-oid": ("requests", ("no-live-order-dropped", "tracked-or-in-grace")),
    "strangers-apart": (
        "foreign order that is left",
        ("strangers-left-alone", "exposure-is-tight"),
    ),
    "remaining-is-the-venues": ("sizes", ("exposure-bounds-truth",)),
    "start-from-the-picture": ("fills", ("filled-is-its-fills",)),
    "reversal-undoes-once": (
        "fills that may be taken back",
        ("position-is-unique-fills", "no-fill-twice"),
    ),
    "waits-is-not-dead": ("order that waits", ("tracked-or-in-grace", "no-live-order-dropped")),
}
"""The world and some of the properties that are no longer proved in it without the rule."""


ONCE_QUIET: dict[str, tuple[str, str]] = {
    "ages-out": ("order and a snapshot", "nothing-leaks"),
    "cancel-resolves": ("cancel that may be lost", "convergence"),
    "contradiction-reopens": ("order that may be lied about", "recovers"),
}
"""These rules uphold what comes once quiet."""


def opened(name: str, design: Design) -> OpenWorld:
    if name in SMALL:
        return SMALL[name](design)
    return open_order(design, WORLDS[name])


@cache
def proof(name: str, design: Design) -> Strengthened:
    """Return the lemmas of a world, less those that are soon found not to be inductive.

    After few rounds more are known than are inductive: what these do not prove is not proved.
    """
    world = opened(name, design)
    return strengthened(world, lemmas_of(world), rounds=2)


def not_proved(prover: Prover, properties: Sequence[str]) -> Iterator[str]:
    """Yield the safety properties that are not proved."""
    for check in checks_of(prover.world.system):
        if check.property in properties and not prover.prove(check).proved:
            yield check.property


def test_every_rule_has_a_case() -> None:
    assert {*CASES, *ONCE_QUIET} == set(RULE_NAMES)


@pytest.mark.parametrize("rule", CASES)
def test_without_a_rule_the_proof_fails(rule: str) -> None:
    world, properties = CASES[rule]
    prover = proof(world, without(rule)).prover
    assert set(not_proved(prover, properties)) == set(properties)


@pytest.mark.parametrize("world", [*WORLDS, *SMALL])
def test_with_every_rule_it_goes_through(world: str) -> None:
    found = proof(world, REFERENCE)
    assert found.lost == ()
    wanted = {name for of, names in CASES.values() if of == world for name in names}
    assert list(not_proved(found.prover, sorted(wanted))) == []
    if world in SMALL:
        assert all(part.answer.proved for part in prove_quiet(found.prover, SETTLED))


@pytest.mark.parametrize("rule", ONCE_QUIET)
def test_what_comes_once_quiet_takes_its_rule(rule: str) -> None:
    world, name = ONCE_QUIET[rule]
    assert all(part.answer.proved for part in prove_quiet(proof(world, REFERENCE).prover, [name]))
    weakened = prove_quiet(proof(world, without(rule)).prover, [name])
    assert not all(part.answer.proved for part in weakened)
