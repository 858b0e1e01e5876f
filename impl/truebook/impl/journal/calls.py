"""A call told to a book as a value, which can be kept, written down and told again.

A book is a function of the calls told to it, so a list of these is the book. Everything that has a
`now` is such a call; so is taking the events out of the log.
"""

import inspect
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final

import attrs

from truebook.impl.book import (
    Ledger,
    ListedOrder,
    Listing,
    ListingRequest,
    UnifiedOrderBook,
    checks,
    ledger_of,
    listed,
)


def _signatures() -> dict[str, inspect.Signature]:
    found = {}
    for name, method in inspect.getmembers(UnifiedOrderBook, inspect.isfunction):
        signature = inspect.signature(method)
        told = "now" in signature.parameters or name == "drain_events"
        if told and not name.startswith("_"):
            _, *others = signature.parameters.values()
            found[name] = signature.replace(parameters=others)
    return found


_SIGNATURES: Final = _signatures()

PARAMETERS: Final = {name: tuple(told.parameters) for name, told in _SIGNATURES.items()}
"""The parameters of every method that tells the book something, in their order."""

_BY_PLACE: Final = {
    name: sum(one.kind is one.POSITIONAL_OR_KEYWORD for one in told.parameters.values())
    for name, told in _SIGNATURES.items()
}
_NEEDED: Final = {
    name: {one.name for one in told.parameters.values() if one.default is one.empty}
    for name, told in _SIGNATURES.items()
}
_NUMBERS: Final = frozenset(
    {"price", "size", "resting_size", "filled_size", "fill_price"}
    | {"filled", "new_price", "new_size", "position", "start_position", "fee_in_base", "trigger"}
)


def _cloid(value: Any, what: str) -> int | str:
    """Return a cloid as it came, which may be a number."""
    return checks.text(value, what) if isinstance(value, str) else checks.identity(value, what)


_NO_CALL: Final = (ValueError, TypeError, KeyError, ArithmeticError, AttributeError, RecursionError)
_FORMS: Final[dict[str, Callable[[Any, str], Any]]] = (
    dict.fromkeys(_NUMBERS, checks.exact)
    | dict.fromkeys(("oid", "tid", "id", "new_oid"), checks.identity)
    | dict.fromkeys(("side", "status", "old", "time_in_force", "parent"), checks.text)
    | {"cloid": _cloid, "reason": checks.reason}
    | dict.fromkeys(("is_buy", "crossed", "force", "reduce_only"), checks.flag)
    | dict.fromkeys(("now", "time", "as_of", "at"), checks.whole)
    | {
        "request": lambda value, what: _request(value, what),
        "snapshot": lambda value, what: checks.instance(value, Listing, what),
        "orders": lambda value, what: checks.many_of(value, ListedOrder, what),
    }
)
"""Of what type an argument is, by its name: what is of none is refused by every book."""
_MADE: Final = "made"
_OF_A_LISTING: Final = ("reconcile", "listing_failed", "status_unknown")
"""What is told with the request of a listing; of other methods `request` is a number."""
_LISTED: Final = ("oid", "cloid", "side", "price", "remaining", "size")
_VIEWS: Final[tuple[Iterable[Any], ...]] = ({}.keys(), {}.values(), {}.items())
_dumps: Final = json.JSONEncoder(separators=(",", ":")).encode


@attrs.frozen
class Call:
    """One call of a book's method, its arguments by name.

    `made`: the cloid in it is one that the book made by chance, which begins as all of its own do.
    """

    method: str
    arguments: Mapping[str, Any]
    made: bool = False

    @classmethod
    def of(cls, method: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> "Call":
        """Return the call as a value; what can be gone through only once is made to last.

        TypeError, with the book's own words, for arguments that are too many, missing or unknown.
        Any values are taken: `tell` leaves it to the book to refuse them.
        """
        names = PARAMETERS[method]
        arguments = dict(zip(names, args, strict=False)) | dict(kwargs)
        if (
            len(args) > _BY_PLACE[method]
            or len(arguments) < len(args) + len(kwargs)
            or not _NEEDED[method] <= arguments.keys() <= set(names)
        ):
            getattr(UnifiedOrderBook, method)(None, *args, **kwargs)
        return cls(method, {name: _plain(name, value) for name, value in arguments.items()})

    def tell(self, book: UnifiedOrderBook) -> object:
        """Tell a book, and return its result; raise what it raises."""
        told: Callable[..., object] = getattr(book, self.method)
        result = told(**self.arguments)
        if self.made:
            ledger_of(book).cloids.begin_as(self.arguments["cloid"])
        return result

    def at(self, now: int) -> "Call":
        """Return the call as one that tells this time."""
        if "now" not in PARAMETERS[self.method]:
            return self
        return attrs.evolve(self, arguments={**self.arguments, "now": now})

    def named(self, ledger: Ledger) -> "Call":
        """Return a call that leaves it to the book to make a cloid as one that names it.

        So that, told again, it is of the same order.
        """
        arguments = {**self.arguments, "cloid": ledger.new_cloid()}
        return Call(self.method, arguments, ledger.config.cloid_seed is None)

    def to_json(self) -> str:
        """Return the call as text; TypeError or ValueError where no book takes an argument."""
        plain = {name: _written(_formed(name, value)) for name, value in self.arguments.items()}
        return _dumps([self.method, plain, *([_MADE] if self.made else [])])

    @classmethod
    def from_json(cls, text: str) -> "Call":
        """Return the call that `to_json` wrote; ValueError where it is not one."""
        try:
            method, plain, *made = json.loads(text)
            known = PARAMETERS[method]
            arguments = {name: _value(method, name, value) for name, value in plain.items()}
        except _NO_CALL as error:
            raise ValueError(f"not a call of a book: {text[:80]!r}") from error
        if made not in ([], [_MADE]) or (made and type(arguments.get("cloid")) is not str):
            raise ValueError(f"not a call of a book: {text[:80]!r}")
        if not arguments.keys() <= set(known):
            raise ValueError(f"{method} has no argument {', '.join(arguments.keys() - set(known))}")
        return cls(method, arguments, bool(made))


def retell(book: UnifiedOrderBook, call: Call) -> None:
    """Tell a book again what was told before: what was refused then is refused again."""
    try:
        call.tell(book)
    except Exception:
        # Whoever told it first has seen the error; the book is as it was after that.
        return


class Kept:
    """What an iterator yields, and at last raises, as often as it is asked for."""

    def __init__(self, given: Iterable[Any]) -> None:
        self.items: list[Any] = []
        self.error: Exception | None = None
        try:
            self.items.extend(given)
        except Exception as error:
            self.error = error

    def __iter__(self) -> Iterator[Any]:
        yield from self.items
        if self.error is not None:
            raise self.error


_LASTING: Final = (list, tuple, set, frozenset, deque, range, *map(type, _VIEWS), Kept)
"""What yields the same each time; of anything else that cannot be known, even if it has a length.
"""


def lasting(value: Any) -> Any:
    """Return what may be gone through only once as what lasts, and anything else as it is."""
    return Kept(value) if checks.is_many(value) and not isinstance(value, _LASTING) else value


def _plain(name: str, value: Any) -> Any:
    """Return an argument as of the plain type, or as it is where it is of none that it may be."""
    if name == "snapshot" and not isinstance(value, Listing):
        value = lasting(value)
        if value is not None:
            with suppress(Exception):
                return Listing(listed(value))
        return value
    if name == "orders":
        value = lasting(value)
    with suppress(Exception):  # even to say what it is may raise anything
        return _formed(name, value)
    return value


def _formed(name: str, value: Any) -> Any:
    return None if value is None else _FORMS[name](value, name)


def _written(value: Any) -> Any:
    """Return a value as JSON has it; Decimals are texts, so that they stay exact."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, ListingRequest):
        return value.at
    if isinstance(value, Listing):
        covers = [True] if value.covers_triggers else []
        return [_written(value.orders), _written(value.request), value.scope, *covers]
    if isinstance(value, tuple):
        return [_row(one) for one in value]
    return value


def _request(value: Any, what: str) -> ListingRequest | int:
    """Return that a listing was asked for, or the number of another request."""
    return value if isinstance(value, ListingRequest) else checks.whole(value, what)


def _row(order: ListedOrder) -> list[Any]:
    """Return a listed order as JSON has it; what not every venue tells is left out at its end."""
    trigger = [] if order.trigger is None else [order.trigger]
    return [*(_written(getattr(order, field)) for field in _LISTED), *trigger]


def _value(method: str, name: str, plain: Any) -> Any:
    if name in _NUMBERS:
        return Decimal(plain) if isinstance(plain, str) else plain
    if name == "request" and method in _OF_A_LISTING:
        return None if plain is None else ListingRequest(plain)
    if name == "snapshot" and plain is not None:
        rows, at, scope, *covers = plain
        orders = [_listed_order(*row) for row in rows]
        request = None if at is None else ListingRequest(at)
        return Listing(orders, request, scope, covers_triggers=covers == [True])
    if name == "orders" and plain is not None:
        return tuple(_listed_order(*row) for row in plain)
    return plain


def _listed_order(oid: Any, cloid: Any, side: Any, *numbers_and_trigger: Any) -> ListedOrder:
    *numbers, trigger = (*numbers_and_trigger, None)[:4]
    price, remaining, size = (None if n is None else Decimal(n) for n in numbers)
    return ListedOrder(
        oid, cloid, side, price=price, remaining=remaining, size=size, trigger=trigger
    )
