"""`Metrics`: the book's state, and what came of what it was told, as a page for Prometheus.

Needs the extra `metrics` (prometheus_client) where a page is made; counting needs nothing.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from truebook.impl.book import (
    EVENTS,
    SECOND,
    Attention,
    BookReader,
    Conflict,
    DirectCreation,
    EventsDropped,
    FillResult,
    ListingRefused,
    Overfill,
    PositionMismatch,
    Rebased,
    ReconcileResult,
    Unattributed,
    UnknownOrder,
    checks,
    fields,
    subtract,
)
from truebook.impl.views.book_view import BookView, orders_by_state
from truebook.model.vocabulary import Side

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Metric

_Read = TypeVar("_Read")

HOUR = 3600 * SECOND


@attrs.define(eq=False)
class Metrics:
    """Counts results, and shows them with the state of `book`, which is only read.

    Hand it every result (`told`) and every event drained (`attended`). `hour` is an hour in the
    book's unit of time.
    """

    book: BookReader = attrs.field(converter=BookView)
    hour: int = attrs.field(default=HOUR, validator=fields.whole(1))
    fills: Counter[str] = attrs.field(factory=Counter, init=False)
    mismatches: Counter[str] = attrs.field(factory=Counter, init=False)
    unknown: Counter[str] = attrs.field(factory=Counter, init=False)
    orphan_cancels: int = attrs.field(default=0, init=False)
    listings_refused: int = attrs.field(default=0, init=False)
    rebases: int = attrs.field(default=0, init=False)
    events_dropped: int = attrs.field(default=0, init=False)
    _cancelled_at: deque[int] = attrs.field(factory=deque, init=False)

    def told(self, method: str, result: object) -> None:
        """Count what a method of the book, by its name, has returned."""
        if method == "process_fill":
            self.fills["counted" if isinstance(result, FillResult) else "deduplicated"] += 1
        elif isinstance(result, ReconcileResult):
            self.mismatches["recovered"] += len(result.recovered)
            self.mismatches["removed"] += len(result.removed)
            self.mismatches["orphan"] += len(result.orphans)
            self.orphan_cancels += len(result.orphans_to_cancel)
            self._cancelled_at.extend(self.book.now for _ in result.orphans_to_cancel)
            while self._cancelled_at and self._cancelled_at[0] <= self.book.now - self.hour:
                self._cancelled_at.popleft()
        elif isinstance(result, UnknownOrder):
            self.unknown["modify" if "modify" in method else method] += 1

    def attended(self, events: Iterable[Attention]) -> None:
        """Count what `drain_events` returned."""
        for event in checks.many_of(events, EVENTS, "what drain_events returned is its events"):
            if isinstance(event, EventsDropped):
                self.events_dropped += event.count
            elif isinstance(event, ListingRefused):
                self.listings_refused += 1
            elif isinstance(event, Rebased):
                self.rebases += 1
            else:
                name = type(event).__name__
                self.mismatches[
                    "".join(f"_{c.lower()}" if c.isupper() else c for c in name)[1:]
                ] += 1

    @property
    def orphan_cancels_last_hour(self) -> int:
        """How many orphans were asked to be cancelled in the hour before the book's time."""
        return sum(1 for at in tuple(self._cancelled_at) if self.book.now - self.hour < at)

    def collect(self) -> Iterator["Metric"]:
        """Yield every metric as it is now: what prometheus_client asks of a collector.

        It may be asked for from another thread than that which tells the book.
        """
        book = self.book
        exposure = [(side.value, book.pending_exposure(side)) for side in Side]
        waiting = [(side.value, _steady(partial(book.waiting_exposure, side))) for side in Side]
        unsettled = [(side.value, book.unsettled(side)) for side in Side]
        held = _steady(lambda: orders_by_state(book))
        states = [(state.name.lower(), n) for state, n in held.items()]
        listed = _steady(book.get_orphans)
        orphans = sum(1 for orphan in listed if orphan.since is not None)
        early = _steady(book.get_early_fills)
        awaited = subtract(book.expected_position, book.position)
        yield _gauge("position", "The sum of the fills told.", book.position)
        yield _gauge("expected_position", "And of those answered.", book.expected_position)
        yield _gauge("position_awaited", "Answered fills that are yet to come.", awaited)
        yield _gauge("exposure", "What can still trade.", exposure, "side")
        yield _gauge("waiting_exposure", "What of that waits to be triggered.", waiting, "side")
        yield _gauge("unsettled", "What may have traded unseen.", unsettled, "side")
        yield _gauge("orders", "Orders held, by state.", states, "state")
        yield _gauge("pending_requests", "Requests without an outcome.", book.pending_count)
        yield _gauge("orphans", "Listed orders that nobody here knows.", orphans)
        yield _gauge("waiting_fills", "Fills of unknown orders.", len(early))
        hour = self.orphan_cancels_last_hour
        yield _gauge("orphan_cancels_last_hour", "Orphans cancelled in an hour.", hour)
        for name, what, counts, label in (
            ("fills", "Fills told.", _with(self.fills, "counted", "deduplicated"), "outcome"),
            ("state_mismatches", "What did not agree.", _with(self.mismatches, *KINDS), "kind"),
            ("unknown_orders", "Told of no known order.", _with(self.unknown, "modify"), "method"),
        ):
            yield _counter(name, what, counts, label)
        yield _counter("orphan_cancels", "Orphans asked to be cancelled.", self.orphan_cancels)
        yield _counter("listings_refused", "Listings not believed.", self.listings_refused)
        yield _counter("rebases", "Positions taken over.", self.rebases)
        yield _counter("events_dropped", "Events nobody drained.", self.events_dropped)

    def registry(self) -> "CollectorRegistry":
        """Return a registry of these metrics alone, for `prometheus_client` to serve."""
        from prometheus_client import CollectorRegistry

        registry = CollectorRegistry()
        registry.register(self)
        return registry

    def page(self) -> str:
        """Return the page that Prometheus scrapes."""
        from prometheus_client import generate_latest

        return generate_latest(self.registry()).decode()


_KINDS: dict[type, str] = {
    DirectCreation: "direct_creation",
    Conflict: "conflict",
    Overfill: "overfill",
    Unattributed: "unattributed",
    PositionMismatch: "position_mismatch",
}
KINDS = ("recovered", "removed", "orphan", *_KINDS.values())
"""What counts as a mismatch of state."""


def _steady(read: Callable[[], _Read]) -> _Read:
    """Read what another thread may be changing: Python says so, and then it is read again."""
    for _ in range(100):
        with suppress(RuntimeError):
            return read()
    return read()


def _with(counts: Counter[str], *names: str) -> list[tuple[str, int]]:
    """Return the counts, with a zero for each of these that is not among them."""
    return sorted((dict.fromkeys(names, 0) | counts).items())


def _gauge(name: str, what: str, value: Any, label: str | None = None) -> "Metric":
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(f"truebook_{name}", what, labels=_labels(label))
    for labels, number in _rows(value, label):
        family.add_metric(labels, number)
    return family


def _counter(name: str, what: str, value: Any, label: str | None = None) -> "Metric":
    from prometheus_client.core import CounterMetricFamily

    family = CounterMetricFamily(f"truebook_{name}", what, labels=_labels(label))
    for labels, number in _rows(value, label):
        family.add_metric(labels, number)
    return family


def _labels(label: str | None) -> list[str]:
    return [] if label is None else [label]


def _rows(value: Any, label: str | None) -> list[tuple[list[str], float]]:
    if label is None:
        return [([], float(value))]
    return [([of], float(number)) for of, number in value]
