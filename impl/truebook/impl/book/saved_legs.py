"""A leg as plain JSON values: side by side, in whatever parts it is kept."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

import attrs

from truebook.impl.book import typed
from truebook.impl.book.orders import Leg, Told
from truebook.impl.book.particulars import PLAIN, SMOOTH

_PARTS: Final[dict[str, attrs.AttrsInstance]] = {"terms": PLAIN, "course": SMOOTH}
_PART_OF: Final = {name: part for part in _PARTS for name in attrs.asdict(_PARTS[part])}
_KINDS: Final[dict[str, Any]] = {
    field.name: field.type
    for kind in (Leg, *map(type, _PARTS.values()))
    for field in attrs.fields(kind)
} | {"over": bool, "whole": bool}

LEG: Final = (
    *("cloid", "buy", "price", "size", "request_at", "state", "oid", "taker", "maker", "answered"),
    *("stated", "final", "ended", "over", "whole", "cancel", "cancel_at", "open_since"),
    *("closed_at", "doubted", "refused_oid", "disputed", "recancelled", "cancelled", "ambiguous"),
    *("sized", "filled_at", "accepted", "reduce_only", "time_in_force", "trigger", "parent"),
    *("wait", "follows", "request", "first_request", "cancel_request", "blind_cancel", "unclear"),
    *("number", "above", "absent_at", "named", "reason"),
)
"""What is saved of a leg; what else it has follows from this."""

VALUES: Final[dict[str, Callable[[Leg], Any]]] = {
    name: attrgetter(f"{_PART_OF[name]}.{name}" if name in _PART_OF else name) for name in LEG
}
"""What returns each of these of a leg."""


def load(plain: Any, where: str) -> Leg:
    """Return the leg of which these are the values; ValueError where they can be of none."""
    found = typed.fields(plain, LEG, where)
    own = {name: typed.read(_KINDS[name], found[name], f"{where}.{name}") for name in found}
    over, whole = own.pop("over"), own.pop("whole")
    typed.hold(not whole or over, f"{where}.whole", "is true of an order that is not over")
    told = Told.WHOLE if whole else Told.OVER if over else Told.NOT_OVER
    parts = {part: _part(usual, own) for part, usual in _PARTS.items()}
    return Leg(**own, told=told, **parts)


def _part(usual: Any, found: dict[str, Any]) -> Any:
    """Take the values of a part out of those found: the usual ones are shared."""
    values = {name: found.pop(name) for name in attrs.asdict(usual)}
    return usual if values == attrs.asdict(usual) else type(usual)(**values)
