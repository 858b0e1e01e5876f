"""A call told to a book as a value, which can be kept, written down and told again.

A book is a function of the calls told to it, so a list of these is the book. Everything that has a
`now` is such a call; so is taking the events out of the log.
"""

import inspect
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import attrs

from truebook.impl.book import UnifiedOrderBook
from truebook.impl.ending import OrderStatus
from truebook.impl.listings import ListedOrder, Listing, ListingRequest
from truebook.model.vocabulary import Side


def _parameters() -> dict[str, tuple[str, ...]]:
    found = {}
    for name, method in inspect.getmembers(UnifiedOrderBook, inspect.isfunction):
        names = tuple(inspect.signature(method).parameters)[1:]
        if not name.startswith("_") and ("now" in names or name == "drain_events"):
            found[name] = names
    return found


PARAMETERS: Final = _parameters()
"""The parameters of every method that tells the book something, in their order."""

_NUMBERS: Final = frozenset(
    {"price", "size", "resting_size", "filled_size", "fill_price"}
    | {"filled", "new_price", "new_size", "position"}
)
_NO_CALL: Final = (ValueError, TypeError, KeyError, ArithmeticError, AttributeError, RecursionError)
_PLAIN: Final = (str, int, bool, type(None))
_LISTED: Final = ("oid", "cloid", "side", "price", "remaining", "size")
_dumps: Final = json.JSONEncoder(separators=(",", ":")).encode


@attrs.frozen
class Call:
    """One call of a book's method, its arguments by name."""

    method: str
    arguments: Mapping[str, Any]

    @classmethod
    def of(cls, method: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> "Call":
        """Return the call as a value; what can be gone through only once is made to last."""
        names = PARAMETERS[method]
        if len(args) > len(names):
            raise TypeError(f"{method} takes {len(names)} arguments: {', '.join(names)}")
        arguments = dict(zip(names, args, strict=False)) | dict(kwargs)
        if method == "reconcile":
            arguments["snapshot"] = _lasting(arguments.get("snapshot"))
        return cls(method, arguments)

    def tell(self, book: UnifiedOrderBook) -> object:
        """Tell a book, and return its result; raise what it raises."""
        told: Callable[..., object] = getattr(book, self.method)
        return told(**self.arguments)

    def to_json(self) -> str:
        """Return the call as text; TypeError for an argument that no book takes."""
        plain = {name: _plain(name, value) for name, value in self.arguments.items()}
        return _dumps([self.method, plain])

    @classmethod
    def from_json(cls, text: str) -> "Call":
        """Return the call that `to_json` wrote; ValueError where it is not one."""
        try:
            method, plain = json.loads(text)
            known = PARAMETERS[method]
            arguments = {name: _value(name, value) for name, value in plain.items()}
        except _NO_CALL as error:
            raise ValueError(f"not a call of a book: {text[:80]!r}") from error
        if not arguments.keys() <= set(known):
            raise ValueError(f"{method} has no argument {', '.join(arguments.keys() - set(known))}")
        return cls(method, arguments)


def retell(book: UnifiedOrderBook, call: Call) -> None:
    """Tell a book again what was told before: what was refused then is refused again."""
    try:
        call.tell(book)
    except Exception:
        # Whoever told it first has seen the error; the book is as it was after that.
        return


def _lasting(snapshot: Any) -> Listing | None:
    if snapshot is None or isinstance(snapshot, Listing):
        return snapshot
    return Listing(tuple(o if isinstance(o, ListedOrder) else ListedOrder(o) for o in snapshot))


def _plain(name: str, value: Any) -> Any:
    """Return a value as JSON has it; numbers are texts, so that they stay exact."""
    kind = value.__class__
    if name in _NUMBERS:
        if kind is Decimal:
            return str(value)
        if kind is not str and kind in _PLAIN:
            return value
    elif kind in _PLAIN or kind is Side or kind is OrderStatus:
        return value
    elif kind is ListingRequest:
        return value.at
    elif kind is Listing:
        rows = [[_listed(o, field) for field in _LISTED] for o in value.orders]
        return [rows, value.request and value.request.at, value.scope]
    raise TypeError(f"{name} is {value!r}, of a type that no book takes: {kind.__name__}")


def _listed(order: ListedOrder, field: str) -> Any:
    value = getattr(order, field)
    return str(value) if isinstance(value, Decimal) else value


def _value(name: str, plain: Any) -> Any:
    if name in _NUMBERS:
        return Decimal(plain) if isinstance(plain, str) else plain
    if name == "request":
        return None if plain is None else ListingRequest(plain)
    if name == "snapshot" and plain is not None:
        rows, at, scope = plain
        orders = tuple(
            ListedOrder(oid, cloid, side, *(None if n is None else Decimal(n) for n in numbers))
            for oid, cloid, side, *numbers in rows
        )
        return Listing(orders, None if at is None else ListingRequest(at), scope)
    return plain
