"""The options that several commands share, and the scenarios that those that set bounds mean."""

from collections.abc import Callable, Iterator
from typing import Any

import attrs
import click

from truebook.model.config import Timers
from truebook.model.designs import DESIGNS
from truebook.model.memory import MemoryBounds
from truebook.model.rules import RULE_NAMES
from truebook.screen.values import Whole, names_of
from truebook.specs.properties import ASSUMPTIONS, PROPERTY_NAMES
from truebook.specs.scenarios import FAULTS, FILLS, FOREIGN, WAITING, Scenario, with_faults

TIMER_OPTIONS = tuple(field.name for field in attrs.fields(Timers))

_TIMER_HELP = {
    "expiry": "E: the book holds that no request takes effect later than this",
    "lag": "L: the book holds that a listing is at most this old",
    "grace": "how long an unknown order is left alone",
    "fill_window": "how long a closed order takes fills",
    "tombstone": "how long a closed order is remembered after that",
    "listing": "when a listing that does not come has failed",
    "protection": "the plan's: how long reconcile leaves a new order alone",
}


Command = Callable[..., Any]
Decorator = Callable[[Command], Command]

MOST = 9_999
"""The largest bound that can be asked for; how much of it an engine can hold, it says itself."""
MOST_ORDERS = 9


def design_option(help: str, name: str = "design", **more: Any) -> Decorator:
    """Return the option that names a design, or several, as `name`."""
    type = names_of(d.name for d in DESIGNS)
    return click.option("--design", name, type=type, help=help, **more)


without_option = click.option(
    "--without",
    multiple=True,
    type=names_of(RULE_NAMES),
    metavar="RULE",
    help="Switch a rule of the reference off; repeatable. `truebook rules` lists them.",
)


def property_option(help: str) -> Decorator:
    """Return the option that names properties, as `properties`."""
    return click.option(
        "--property",
        "properties",
        multiple=True,
        type=names_of(PROPERTY_NAMES),
        metavar="PROPERTY",
        help=help,
    )


def without_assumption_option(help: str) -> Decorator:
    """Return the option that names an assumption that is not made."""
    return click.option(
        "--without-assumption", type=names_of(a.name for a in ASSUMPTIONS), help=help
    )


def bound_options(command: Command) -> Command:
    """Give a command the options that set bounds; one that is not given is None, or ()."""
    for option in reversed(tuple(_options())):
        command = option(command)
    return command


def _options() -> Iterator[Decorator]:
    yield click.option(
        "--orders", type=Whole(1, MOST_ORDERS), help="Explore this many orders of ours together."
    )
    yield click.option("--size", type=Whole(1, MOST), help="Lots of an order.")
    yield click.option(
        "--new-size", type=Whole(1, MOST), help="Lots of the order that a modify makes."
    )
    yield click.option(
        "--duplicates", type=Whole(0, MOST), help="How often fills of an order are told again."
    )
    yield click.option("--snapshots", type=Whole(0, 2), help="Listings in flight at once.")
    yield click.option(
        "--fault",
        "faults",
        multiple=True,
        type=names_of(FAULTS),
        help="Let this go wrong, too; repeatable.",
    )
    for name in TIMER_OPTIONS:
        option, least = f"--{name.replace('_', '-')}", _LEAST.get(name, 0)
        yield click.option(
            option, name, type=Whole(least, MOST), help=f"{_TIMER_HELP[name]} (ticks)"
        )
    yield click.option(
        "--venue-expiry",
        type=Whole(0, MOST),
        help="How late a request really takes effect (ticks).",
    )
    yield click.option(
        "--venue-lag", type=Whole(0, MOST), help="How old a listing really is (ticks)."
    )
    yield click.option(
        "--fill-delay",
        type=Whole(-1, MOST),
        help="How late a fill comes; -1: without bound (ticks).",
    )
    yield click.option(
        "--answer-delay",
        type=Whole(-1, MOST),
        help="How late an answer comes; -1: without bound.",
    )


_LEAST = {"grace": 1, "fill_window": 1, "tombstone": 1}
"""The timers that must be above 0, as `Timers` has them."""


def scenarios_within(chosen: dict[str, Any]) -> Iterator[Scenario]:
    """Yield the scenarios that the bounds chosen mean: of ours, foreign, that wait, named fills."""
    orders = chosen.pop("orders", 1)
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
        yield Scenario("stranger left", attrs.evolve(bounds, leave=True), FOREIGN)
        yield Scenario("waiting", bounds, WAITING)
    yield Scenario("fills", MemoryBounds(duplicates=max(1, bounds.duplicates)), FILLS)
