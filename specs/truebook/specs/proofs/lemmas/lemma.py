"""The form of a lemma: a fact of every reachable state that a proof leans on."""

from collections.abc import Callable

import attrs

from truebook.model.vocabulary import Venue

ARRIVED = (Venue.OPEN, Venue.FILLED, Venue.CANCELLED)
OVER = (Venue.FILLED, Venue.CANCELLED)
FILL = ("fill-window",)
ANSWER = ("answer-delay",)


@attrs.frozen
class Lemma:
    """A named predicate of a world, proved by induction together with the others.

    `holds` takes a world, and in a table of lemmas also what it is about. `needs` are the
    assumptions on delays without which it is not true.
    """

    name: str
    sentence: str
    holds: Callable[..., bool] = attrs.field(repr=False)
    needs: tuple[str, ...] = ()
