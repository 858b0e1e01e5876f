"""Mutants whose timers are off, by a tick or by much."""

from collections.abc import Callable

from truebook.oracle.mutants.mutant import Family
from truebook.oracle.mutants.parts import AGED

TIMERS = Family()


def _none(ticks: int) -> int:
    return 0


def _one_short(ticks: int) -> int:
    return max(0, ticks - 1)


def _short_not_none(ticks: int) -> int:
    return max(1, ticks - 1)


def _one_long(ticks: int) -> int:
    return ticks + 1


def _for_ever(ticks: int) -> int:
    return 1000 * ticks + 1000


def _timer(name: str, words: str, timer: str, change: Callable[[int], int], **more: str) -> None:
    TIMERS.add(name, words, config={timer: change}, **more)


_timer(
    "grace-one-short",
    "the grace is one tick short",
    "orphan_grace_period",
    _short_not_none,
    rules="orphan-cancel-marked",
    properties="no-false-orphan",
)
_timer(
    "grace-one-long",
    "the grace is one tick long",
    "orphan_grace_period",
    _one_long,
    rules="orphan-cancel-marked",
    properties="convergence",
)
_timer(
    "grace-for-ever",
    "the grace is never over",
    "orphan_grace_period",
    _for_ever,
    rules="orphan-cancel-marked",
    properties="convergence",
)
_timer(
    "expiry-one-short",
    "E is one tick short",
    "expected_cloid_ttl",
    _one_short,
    rules="unknown-stays",
    properties="tracked-or-in-grace",
)
_timer(
    "expiry-one-long",
    "E is one tick long",
    "expected_cloid_ttl",
    _one_long,
    rules="unknown-stays",
    properties="convergence",
)
_timer(
    "expiry-at-once",
    "a request takes effect at once, or never",
    "expected_cloid_ttl",
    _none,
    rules="unknown-stays cancel-resolves errors-end-little",
    properties="tracked-or-in-grace",
)
_timer(
    "expiry-never",
    "a request may take effect at any time",
    "expected_cloid_ttl",
    _for_ever,
    rules="unknown-stays cancel-resolves",
    properties="convergence nothing-leaks",
)
_timer(
    "lag-ignored",
    "a listing is never taken to lag",
    "finalized_protection",
    _none,
    rules=AGED,
    properties="no-live-order-dropped",
)
_timer(
    "lag-one-short",
    "L is one tick short",
    "finalized_protection",
    _one_short,
    rules=AGED,
    properties="no-live-order-dropped",
)
_timer(
    "lag-one-long",
    "L is one tick long",
    "finalized_protection",
    _one_long,
    rules=AGED,
    properties="convergence",
)
_timer(
    "window-one-short",
    "the fill window is one tick short",
    "fill_window_duration",
    _short_not_none,
    rules="tombstones",
    properties="filled-is-its-fills",
)
_timer(
    "window-one-long",
    "the fill window is one tick long",
    "fill_window_duration",
    _one_long,
    rules="tombstones ages-out",
    properties="exposure-is-tight",
)
_timer(
    "window-for-ever",
    "the fill window is never over",
    "fill_window_duration",
    _for_ever,
    rules="tombstones ages-out",
    properties="nothing-leaks",
)
_timer(
    "tombstone-one-short",
    "tombstones go one tick early",
    "tombstone_duration",
    _short_not_none,
    rules="tombstones",
    properties="transitions-in-table",
)
_timer(
    "tombstone-long",
    "tombstones stay twice as long",
    "tombstone_duration",
    lambda ticks: 2 * ticks,
    rules="ages-out",
    properties="nothing-leaks",
)
_timer(
    "tombstone-for-ever",
    "tombstones never go",
    "tombstone_duration",
    _for_ever,
    rules="ages-out",
    properties="nothing-leaks",
)
_timer(
    "stuck-late",
    "a cancel is stuck a tick late",
    "cancel_timeout",
    _one_long,
    rules="cancel-resolves",
    properties="convergence",
)
_timer(
    "stuck-early",
    "a cancel is stuck a tick early",
    "cancel_timeout",
    _one_short,
    rules="cancel-resolves",
    properties="convergence",
)
_timer(
    "listing-late-refused",
    "a listing that takes any time is refused",
    "listing_timeout",
    _none,
    rules=f"listing-binds own-stays-own {AGED}",  # what it alone shows is not taken up
    properties="convergence tracked-or-in-grace",
)
_timer(
    "listing-one-short",
    "a listing may take one tick less",
    "listing_timeout",
    _one_short,
    rules=f"listing-binds own-stays-own {AGED}",  # what it alone shows is not taken up
    properties="convergence tracked-or-in-grace",
)
_timer(
    "listing-one-long",
    "a listing may take one tick more",
    "listing_timeout",
    _one_long,
    rules="absence-needs-age",
    properties="no-live-order-dropped",
)
_timer(
    "remembers-half",
    "half as many fills are remembered",
    "max_tracked_tids",
    lambda count: max(1, count // 2),
    rules="eviction-floor",
    properties="replay-harmless",
    survives=(
        "the floor makes up for what is forgotten: fewer ids are right, too, while no fill "
        "is overtaken by more than are remembered"
    ),
)
_timer(
    "remembers-all",
    "every fill is remembered",
    "max_tracked_tids",
    lambda count: 1_000_000,
    rules="eviction-floor",
    properties="nothing-leaks",
    survives=(
        "no promise is of how much is remembered: who keeps every id is right as long as the "
        "memory lasts"
    ),
)
