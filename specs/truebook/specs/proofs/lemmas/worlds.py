"""The lemmas of a world."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from truebook.model.system import place_of
from truebook.specs.proofs.lemmas.fills import fills_lemmas
from truebook.specs.proofs.lemmas.foreign import foreign_lemmas
from truebook.specs.proofs.lemmas.lemma import Lemma
from truebook.specs.proofs.lemmas.order import order_lemmas
from truebook.specs.proofs.worlds import OpenWorld


def lemmas_of(world: OpenWorld) -> tuple[Lemma, ...]:
    """Return the lemmas of a world: those written for it, and that numbers keep to their domain."""
    makers = {"order": order_lemmas, "foreign": foreign_lemmas, "fills": fills_lemmas}
    return (*makers[world.name](world.system), *_within_domains(world))


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
