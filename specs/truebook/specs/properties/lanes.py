"""Lanes: where in a run something happens, and where what it changes is.

The client asks; the book knows; the wire carries; the venue decides; time passes for all of them.
"""

from enum import StrEnum

from truebook.model.system import Action, Field


class Lane(StrEnum):
    """A lane of a run, in the order in which they are drawn; `time` is of all."""

    CLIENT = "client"
    BOOK = "book"
    WIRE = "wire"
    VENUE = "venue"
    TIME = "time"


_ON_THE_WIRE = frozenset(
    {
        *("answer", "answer_age", "answered", "cancel", "cancel_age", "cancel_sent_age"),
        *("request_age", "sent_age", "end_age", "ended_told", "named"),
        *("taker_told", "maker_told", "told", "told_age", "other", "said", "repeats"),
        *("replays", "reconnects", "picture", "as_of", "taken", "row", "unheard", "heard"),
    }
)
"""Names of fields that say what is on its way, or was delivered, wherever they are in a world."""
_LISTINGS = frozenset({"first", "second"})
_AT_THE_VENUE = frozenset({"a.taken", "b.taken"})
"""What traded on arrival is the venue's, though a listing that is taken is the wire's."""

_HEADS = {
    **dict.fromkeys(("send", "place", "request", "modify", "ask", "time", "read"), Lane.CLIENT),
    **dict.fromkeys(("forget", "rebase"), Lane.BOOK),
    **dict.fromkeys(("lose", "fail", "tell", "answer", "process", "status", "show"), Lane.WIRE),
    **dict.fromkeys(("lie", "listing", "reconnect"), Lane.WIRE),
    "tick": Lane.TIME,
}
"""Whose the actions are whose names begin so; of others a message is the wire's."""
_NAMES = {"venue-tick": Lane.TIME, "read-early": Lane.WIRE}
"""Whose some actions are whose names begin as those of others."""


def lane_of_field(field: Field) -> Lane:
    """Return where a variable of a world is."""
    parts = field.path.split(".")
    if field.book:
        return Lane.BOOK
    if not _LISTINGS.isdisjoint(parts):
        return Lane.WIRE
    if ".".join(parts[-2:]) in _AT_THE_VENUE:
        return Lane.VENUE
    return Lane.WIRE if parts[-1] in _ON_THE_WIRE else Lane.VENUE


def lane_of_action(action: Action) -> Lane:
    """Return who does what happens; a message is the wire's, that delivers it."""
    name = action.name.split(":")[0].rpartition(".")[2]
    lane = _NAMES.get(name) or _HEADS.get(name.split("-")[0])
    return lane or (Lane.WIRE if action.message else Lane.VENUE)
