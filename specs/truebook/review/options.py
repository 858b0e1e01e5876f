"""The options that set bounds, which several commands share, and the scenarios that they mean."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs
import click

from truebook.model.config import Timers
from truebook.model.memory import MemoryBounds
from truebook.specs.scenarios import FAULTS, FILLS, FOREIGN, Scenario, with_faults

TIMER_OPTIONS = tuple(field.name for field in attrs.fields(Timers))

_TIMER_HELP = {
    "expiry": "E: the book holds that no request takes effect later than this",
    "lag": "L: the book holds that a snapshot is at most this old",
    "grace": "how long an unknown order is left alone",
    "fill_window": "how long a closed order takes fills",
    "tombstone": "how long a closed order is remembered after that",
    "listing": "when a snapshot that does not come has failed",
    "protection": "the plan's: how long reconcile leaves a new order alone",
}


def names_of(names: Iterable[str]) -> click.Choice[str]:
    """Return the type of an option that takes one of some names."""
    return click.Choice(list(names), case_sensitive=True)


def bound_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that set bounds; one that is not given is None, or ()."""
    for option in reversed(tuple(_options())):
        command = option(command)
    return command


def _options() -> Iterator[Callable[[Callable[..., Any]], Callable[..., Any]]]:
    yield click.option("--orders", type=int, help="Explore this many orders of ours together.")
    yield click.option("--size", type=int, help="Lots of an order.")
    yield click.option("--new-size", type=int, help="Lots of the order that a modify makes.")
    yield click.option("--duplicates", type=int, help="How often fills of an order are told again.")
    yield click.option("--snapshots", type=int, help="Snapshots in flight at once: 0, 1 or 2.")
    yield click.option(
        "--fault",
        "faults",
        multiple=True,
        type=names_of(FAULTS),
        help="Let this go wrong, too; repeatable.",
    )
    for name in TIMER_OPTIONS:
        option = f"--{name.replace('_', '-')}"
        yield click.option(option, name, type=int, help=f"{_TIMER_HELP[name]} (ticks)")
    yield click.option(
        "--venue-expiry", type=int, help="How late a request really takes effect (ticks)."
    )
    yield click.option("--venue-lag", type=int, help="How old a snapshot really is (ticks).")
    yield click.option(
        "--fill-delay", type=int, help="How late a fill comes; -1: without bound (ticks)."
    )
    yield click.option(
        "--answer-delay", type=int, help="How late an answer comes; -1: without bound."
    )


def scenarios_within(chosen: dict[str, Any]) -> Iterator[Scenario]:
    """Yield the scenarios that the bounds chosen mean: of ours, foreign, and of named fills.

    Raises ValueError where a bound is out of its range.
    """
    orders = chosen.pop("orders", 1)
    if orders < 1:
        raise ValueError(f"--orders must be at least 1, not {orders}")
    if chosen.get("snapshots", 1) not in (0, 1, 2):
        raise ValueError(f"--snapshots must be 0, 1 or 2, not {chosen['snapshots']}")
    bounds = with_faults(*chosen.pop("faults", ()))
    timers = {name: chosen.pop(name) for name in TIMER_OPTIONS if name in chosen}
    delays = {
        name: chosen.pop(option)
        for option, name in (
            ("venue_expiry", "expiry"),
            ("venue_lag", "lag"),
            ("fill_delay", "fill"),
            ("answer_delay", "answer"),
        )
        if option in chosen
    }
    delays = {
        name: None if value == -1 and name in ("fill", "answer") else value
        for name, value in delays.items()
    }
    if "expiry" in timers:
        delays.setdefault("expiry", timers["expiry"])
    if "lag" in timers:
        delays.setdefault("lag", timers["lag"])
    bounds = attrs.evolve(
        bounds,
        timers=attrs.evolve(bounds.timers, **timers),
        delays=attrs.evolve(bounds.delays, **delays),
        **chosen,
    )
    name = "one order" if orders == 1 else f"{orders} orders"
    yield Scenario(name, bounds, ("order",) * orders)
    if bounds.snapshots:
        yield Scenario("foreign", bounds, FOREIGN)
    yield Scenario("fills", MemoryBounds(duplicates=max(1, bounds.duplicates)), FILLS)
