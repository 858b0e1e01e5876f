"""The lemmas of a world."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from truebook.model.system import place_of
from truebook.specs.proofs.lemmas.fills import fills_lemmas
from truebook.specs.proofs.lemmas.foreign import foreign_lemmas
from truebook.specs.proofs.lemmas.lemma import Lemma
from truebook.specs.proofs.lemmas.lies import LIES
from truebook.specs.proofs.lemmas.names import names_lemmas
from truebook.specs.proofs.lemmas.order import order_lemmas
from truebook.specs.proofs.lemmas.requests import request_lemmas
from truebook.specs.proofs.lemmas.sizes import size_lemmas
from truebook.specs.proofs.lemmas.waiting import waiting_lemmas
from truebook.specs.proofs.worlds import OpenWorld

WHATEVER_IS_SAID = (
    "position-is-told",
    "never-an-orphan",
    *("unarrived-is-empty", "executed-within-size", "taken-is-executed", "told-was-executed"),
    *("answer-of-an-outcome", "named-has-arrived", "ages-of-the-wire", "delays-held"),
    *("absent-is-empty", "bound-is-mapped", "size-is-registered", "records-told"),
    *("told-names", "named-is-bound"),
    *("unbound-knows-fills-alone", "state-follows", "ages-of-the-book"),
    *("idle-is-clear", "snapshot-in-time", "shown-was-executed"),
    *("statuses", "cancelled-by-us", "candidate-was-seen", "over-is-recent"),
    "in-domain",
)
"""The lemmas that are true whatever the venue says, and however late."""


def lemmas_of(world: OpenWorld) -> tuple[Lemma, ...]:
    """Return the lemmas of a world: those written for it, and that numbers keep to their domain.

    Where the venue may lie, those that are true all the same.
    """
    makers = {
        "order": order_lemmas,
        "foreign": foreign_lemmas,
        "waiting": waiting_lemmas,
        "fills": fills_lemmas,
        "names": names_lemmas,
        "requests": request_lemmas,
        "sizes": size_lemmas,
    }
    lemmas = (*makers[world.name](world.system), *_within_domains(world))
    if any(field.path == "lied" for field in world.fields):
        kept = tuple(lemma for lemma in lemmas if lemma.name in WHATEVER_IS_SAID)
        alone = LIES if world.name == "order" and not _modified(world) else ()
        return (*kept, *alone)
    return lemmas


def _modified(world: OpenWorld) -> bool:
    return any(field.path == "b.status" for field in world.fields)


def _within_domains(world: OpenWorld) -> Iterator[Lemma]:
    for n, field in enumerate(world.fields):
        if field.path in world.unbounded and world.is_state(field.path):
            yield Lemma(
                "in-domain",
                f"'{field.label}' keeps to its domain",
                partial(_keeps_to_domain, world, n),
            )


def _keeps_to_domain(world: OpenWorld, n: int, state: Any) -> bool:
    field = next(islice(world.domains(state), n, None))
    owner, name = place_of(state, field.path)
    return bool(getattr(owner, name) < field.size)
