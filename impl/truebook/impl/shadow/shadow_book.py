"""`ShadowBook`: the book runs beside another tracker, and the first difference is kept.

For the time in which a tracker is to be replaced: it stays the one that answers, the book is told
the same, and on every quote cycle what both show is compared.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from copy import deepcopy
from decimal import Decimal
from typing import Any, Protocol, Self

import attrs

from truebook.impl.book import BookConfig, Oid, UnifiedOrderBook, checks, fields
from truebook.impl.journal import PARAMETERS, Call, Kept, case_events, lasting, retell
from truebook.model.vocabulary import Side

WHAT = ("position", "open", "exposure")
"""What can be compared."""


class Tracker(Protocol):
    """What is compared of a tracker; it is told by those methods of the book that it has."""

    @property
    def position(self) -> Decimal:
        """The position."""
        ...

    def get_active_oids(self) -> Iterable[Oid]:
        """Return the oids of the orders that are open."""
        ...

    def pending_exposure(self, side: Side) -> Decimal:
        """Return what can still trade on a side."""
        ...


@attrs.frozen
class Difference:
    """One thing that tracker and reference show differently."""

    what: str
    tracker: object
    reference: object

    def __str__(self) -> str:
        """Say what both show."""
        return f"{self.what}: the tracker shows {self.tracker}, the reference {self.reference}"


@attrs.frozen
class Divergence:
    """The first time that both differed: when, in what, and the calls that led to it.

    `complete`: the calls are all since the beginning; otherwise the oldest are gone, and they may
    not lead to it again. `what` was compared.
    """

    at: int
    differences: tuple[Difference, ...]
    calls: tuple[Call, ...]
    config: BookConfig
    complete: bool
    what: tuple[str, ...] = WHAT

    def as_case(self, slug: str = "shadow-divergence") -> dict[str, Any]:
        """Return it as an acceptance case (docs/cases.md), which the reference passes.

        Of calls that the reference refuses only the time is in it. `slug` must be the name of its
        file.
        """
        book = UnifiedOrderBook(self.config)
        taken = []
        for call in self.calls:
            with suppress(Exception):
                call.tell(book)
                taken.append(call.at(book.now))
        book.tick(max(self.at, book.now))
        return case_events.case(slug, [d.what for d in self.differences], self.what, taken, book)

    def __str__(self) -> str:
        """Say when and what."""
        found = "; ".join(map(str, self.differences))
        calls = "1 call" if len(self.calls) == 1 else f"{len(self.calls)} calls"
        return f"at {self.at}, after {calls}: {found}"


def _what(names: Iterable[str]) -> tuple[str, ...]:
    found = checks.many_of(names, str, "what is compared is told by its names")
    for name in found:
        if name not in WHAT:
            raise ValueError(f"what is compared is among {', '.join(WHAT)}, not {name!r}")
    return found


def _tracker(_: object, field: "attrs.Attribute[Any]", value: object) -> None:
    if value is None or isinstance(value, type):
        raise TypeError(f"{field.name} must be a tracker, not {value!r}")


@attrs.define(eq=False, slots=False)
class ShadowBook:
    """Tells a tracker and a reference the same, and answers what the tracker answers.

    Call the tracker's methods on it. Each that the book has too is also told to the reference, and
    what that makes of it, or of a broken argument, is never raised here; what the tracker itself
    raises is. Call `compare` on every quote cycle. `what` is compared; `report` is called with the
    first divergence. At most `history` calls are kept, until there is one.
    """

    tracker: Tracker = attrs.field(validator=_tracker)
    reference: UnifiedOrderBook = attrs.field(
        factory=UnifiedOrderBook, validator=fields.instance(UnifiedOrderBook)
    )
    what: tuple[str, ...] = attrs.field(default=WHAT, converter=_what)
    report: Callable[[Divergence], object] | None = attrs.field(
        default=None, validator=fields.function(or_none=True)
    )
    history: int = attrs.field(default=100_000, validator=fields.whole(1))
    divergence: Divergence | None = attrs.field(default=None, init=False)
    cycles: int = attrs.field(default=0, init=False)
    differing: int = attrs.field(default=0, init=False)
    refused: int = attrs.field(default=0, init=False)
    failures: int = attrs.field(default=0, init=False)
    last_failure: str = attrs.field(default="", init=False)
    _calls: deque[Call] = attrs.field(init=False)
    _told: int = attrs.field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with no calls."""
        self._calls = deque(maxlen=self.history)

    def __getattr__(self, name: str) -> Any:
        """Return what the tracker has of that name."""
        if name == "tracker" or name.startswith("__"):  # as a copy asks for, of the shadow itself
            raise AttributeError(name)
        return getattr(self.tracker, name)

    def __len__(self) -> int:
        """Return how long the tracker is; TypeError where that has no meaning."""
        return len(self.tracker)  # type: ignore[arg-type]

    def __bool__(self) -> bool:
        """Return whether the tracker is true."""
        return bool(self.tracker)

    def __copy__(self) -> Self:
        """Return a shadow that tells books of its own; `report` is still the same."""
        return deepcopy(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        memo[id(self.report)] = self.report
        twin = type(self).__new__(type(self))
        memo[id(self)] = twin
        twin.__dict__.update(deepcopy(self.__dict__, memo))
        return twin

    def compare(self, now: int) -> tuple[Difference, ...]:
        """Compare what both show, and return the differences; never raise."""
        found: tuple[Difference, ...] = ()
        try:
            self.cycles += 1
            self.reference.tick(max(now, self.reference.now))
            found = tuple(differences(self.tracker, self.reference, self.what))
            if found:
                self.differing += 1
                if self.divergence is None:
                    self._found(found)
        except Exception as error:
            self._failed(error)
        return found

    # Within

    def _tell(self, told: Call | None) -> None:
        try:
            if told is None:
                self.refused += 1
                return
            if self.divergence is None:
                self._calls.append(told)
                self._told += 1
            told.tell(self.reference)
        except Exception:
            self.refused += 1

    def _found(self, found: tuple[Difference, ...]) -> None:
        complete = self._told == len(self._calls)
        config = self.reference.config
        now = self.reference.now
        self.divergence = Divergence(now, found, tuple(self._calls), config, complete, self.what)
        self._calls.clear()
        if self.report is not None:
            self.report(self.divergence)

    def _failed(self, error: Exception) -> None:
        self.failures += 1
        self.last_failure = type(error).__name__
        with suppress(Exception):  # it may be unable even to say what it is
            self.last_failure += f": {error}"


def _both(name: str) -> Callable[..., Any]:
    def method(self: ShadowBook, /, *args: Any, **kwargs: Any) -> Any:
        if name == "reconcile":
            args = (*map(lasting, args[:1]), *args[1:])
            kwargs = {k: lasting(one) if k == "snapshot" else one for k, one in kwargs.items()}
        told = None
        with suppress(Exception):
            told = Call.of(name, args, kwargs)
        try:
            theirs = getattr(self.tracker, name, None)
            if theirs is None:
                return None
            named = {key: _given(one) for key, one in kwargs.items()}
            result = theirs(*(_given(one) for one in args), **named)
            if told is not None and name == "register_pending" and isinstance(result, str):
                told = Call.of(name, (), {**told.arguments, "cloid": result})
            return result
        finally:
            self._tell(told)

    return method


for _name in PARAMETERS:
    setattr(ShadowBook, _name, _both(_name))


def _given(value: Any) -> Any:
    """Return what was given, where it had to be kept as an iterator of the same, errors and all."""
    return iter(value) if isinstance(value, Kept) else value


def differences(
    tracker: Tracker, reference: UnifiedOrderBook, what: Iterable[str] = WHAT
) -> Iterable[Difference]:
    """Yield what both show differently."""
    for name in _what(what):
        for label, show in _SHOWS[name].items():
            theirs, ours = show(tracker), show(reference)
            if theirs != ours:
                yield Difference(label, theirs, ours)


def shrink(divergence: Divergence, make: Callable[[], Tracker]) -> Divergence:
    """Return a divergence in the same things with as few of its calls as leads to one.

    `make` makes a tracker that was told nothing. The calls are told as the book takes them, a
    listing as a `Listing`. An order keeps its registration while any other call is about it, or
    another fault would take the place of this one. Where the calls alone do not lead to it again
    (see `complete`), it is returned as it is.
    """
    what = {found.what for found in divergence.differences}

    def replay(calls: list[Call]) -> tuple[Difference, ...]:
        tracker, book = make(), UnifiedOrderBook(divergence.config)
        for call in calls:
            retell(book, call)
            theirs = getattr(tracker, call.method, None)
            with suppress(Exception):
                if theirs is not None:
                    theirs(**call.arguments)
        book.tick(max(divergence.at, book.now))
        found = tuple(differences(tracker, book, divergence.what))
        return found if what & {one.what for one in found} else ()

    calls = list(divergence.calls)
    owners = _owners(calls)
    found = replay(calls)
    if not found:
        return divergence
    size = len(calls)
    while size:
        at = 0
        while at < len(calls):
            fewer = calls[:at] + calls[at + size :]
            without = replay(fewer) if _whole(fewer, owners) else ()
            if without:
                calls, found = fewer, without
            else:
                at += size
        size //= 2
    same = tuple(one for one in found if one.what in what)
    return attrs.evolve(divergence, calls=tuple(calls), differences=same, complete=True)


def _owners(calls: Iterable[Call]) -> dict[object, str]:
    """Return, for each cloid registered and each oid told with one, the cloid."""
    owners: dict[object, str] = {}
    for call in calls:
        cloid = str(call.arguments.get("cloid"))
        if call.method == "register_pending" or cloid in owners:
            owners[cloid] = owners[call.arguments.get("oid", cloid)] = cloid
    return owners


def _whole(calls: Iterable[Call], owners: Mapping[object, str]) -> bool:
    """Return whether every order that the calls are about is still registered among them."""
    registered = set()
    for call in calls:
        if call.method == "register_pending":
            registered.add(call.arguments["cloid"])
        for name in ("cloid", "oid", "id"):
            owner = owners.get(call.arguments.get(name))
            if owner is not None and owner not in registered:
                return False
    return True


_Show = Callable[[Tracker], object]
_SHOWS: Mapping[str, Mapping[str, _Show]] = {
    "position": {"position": lambda t: t.position},
    "open": {"open": lambda t: frozenset(t.get_active_oids())},
    "exposure": {
        "exposure to buy": lambda t: t.pending_exposure(Side.BUY),
        "exposure to sell": lambda t: t.pending_exposure(Side.SELL),
    },
}
