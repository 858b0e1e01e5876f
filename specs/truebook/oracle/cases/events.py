"""What a book is told and what it shows, as fields: the one table of cases and of the protocol.

docs/cases.md tells it to readers. The shapes made of it are what cases and messages are held to.
"""

from collections.abc import Collection

from truebook.model.vocabulary import OrderState
from truebook.oracle.cases.shapes import (
    NUMBER,
    TEXT,
    TEXTS,
    WHOLE,
    Shape,
    one_of,
    or_null,
    record,
    table_of,
)

# What an event of each type must and may tell; a trailing * marks what may be left out.
EVENTS: dict[str, str] = {
    "register": "cloid side price size name* reduce_only* time_in_force* trigger* parent* batch*",
    "answer": "cloid oid side price resting* filled* answers* time* batch*",
    "reject": "cloid reason* oid* answers* time* batch*",
    "unknown": "cloid reason* answers*",
    "fill": "oid tid side size price time cloid* crossed* fee* snapshot*",
    "reversal": "oid tid time side size at*",
    "correction": "oid tid time size fee* at*",
    "status": "oid status cloid* filled* reason* answers* word* time* batch*",
    "status_unknown": "id request*",
    "cancel": "id name* batch*",
    "cancel_answer": "id outcome reason* answers* time* batch*",
    "modify": "id price size name* batch*",
    "modify_answer": "cloid outcome oid* resting* filled* reason* old* answers* time* batch*",
    "listing_requested": "request",
    "listing": "orders request* scope* covers_triggers* time*",
    "listing_failed": "request*",
    "position": "position as_of*",
    "rebase": "position as_of orders*",
    "tick": "",
    "restart": "",
}
LISTED = "oid cloid* side* price* size* remaining* trigger*"
WORDS = {
    "side": ("buy", "sell"),
    "status": ("open", "filled", "cancelled", "rejected", "waiting", "triggered"),
    "time_in_force": ("gtc", "ioc", "alo"),
    "cancel_answer.outcome": ("confirmed", "not_open", "rejected", "timed_out"),
    "modify_answer.outcome": ("confirmed", "failed", "unknown"),
    "old": ("open", "gone", "unknown"),
    "crossed": ("true", "false"),
    "reduce_only": ("true", "false"),
    "covers_triggers": ("true", "false"),
    "snapshot": ("true", "false"),
    "listing.trigger": ("true", "false"),
}
NUMBERS = ("price", "size", "resting", "filled", "remaining", "position", "fee", "trigger")
TIMES = ("time", "as_of", "at")

_STATE = one_of(*(state.name.lower() for state in OrderState))
_PART_OF_ORDER: dict[str, Shape] = {
    "cloid": TEXT,
    "oid": or_null(TEXT),
    "side": one_of(*WORDS["side"]),
    "price": NUMBER,
    "size": NUMBER,
    "filled": NUMBER,
    "remaining": NUMBER,
    "state": _STATE,
    "reason": TEXT,
}
ORDER = tuple(_PART_OF_ORDER)
"""What can be shown of one order, and be expected of it."""
EFFECTS = ("cancels", "statuses", "reports")
"""What can have been asked for, or reported."""

ORDER_SHAPE = record(_PART_OF_ORDER, optional=ORDER)
EFFECTS_SHAPE = record(dict.fromkeys(EFFECTS, TEXTS), optional=EFFECTS)
_SIDES = dict.fromkeys(WORDS["side"], NUMBER)
SIDES_SHAPE = record(_SIDES)

SHOWN_SHAPES: dict[str, Shape] = {
    "position": NUMBER,
    "expected_position": NUMBER,
    "orders": table_of(ORDER_SHAPE),
    "open": TEXTS,
    "pending": TEXTS,
    "exposure": SIDES_SHAPE,
    "unsettled": SIDES_SHAPE,
    "orphans": TEXTS,
    "stuck": TEXTS,
    "effects": EFFECTS_SHAPE,
}
"""The shape of each thing that a state shows."""
SHOWN = tuple(SHOWN_SHAPES)
"""What a state shows, and a step may expect of it."""

_SOME_SIDES = record(_SIDES, optional=WORDS["side"])
EXPECTED_SHAPE = record(
    {
        **SHOWN_SHAPES,
        "orders": table_of(or_null(ORDER_SHAPE)),
        "exposure": _SOME_SIDES,
        "unsettled": _SOME_SIDES,
    },
    optional=SHOWN,
)
"""The shape of what a step expects: parts of a state; null is an order that is not known."""


def event_shape(kind: str, *, without: Collection[str] = ()) -> Shape:
    """Return the shape of an event of a type, without some of its fields."""
    words = (word for word in EVENTS[kind].split() if word.rstrip("*") not in without)
    fields, optional = _fields(kind, " ".join(words))
    return record({"type": {"const": kind}, **fields}, optional=optional)


def _fields(kind: str, words: str) -> tuple[dict[str, Shape], tuple[str, ...]]:
    names = {word.rstrip("*"): word.endswith("*") for word in words.split()}
    shapes = {name: _value_shape(kind, name) for name in names}
    return shapes, tuple(name for name, left_out in names.items() if left_out)


def _value_shape(kind: str, name: str) -> Shape:
    if name == "orders":
        fields, optional = _fields("listing", LISTED)
        return {"type": "array", "items": record(fields, optional=optional)}
    words = WORDS.get(f"{kind}.{name}", WORDS.get(name))
    if words is not None:
        return one_of(*words)
    if name == "oid" and kind in ("answer", "status"):
        return or_null(TEXT)
    return NUMBER if name in NUMBERS else WHOLE if name in TIMES else TEXT
