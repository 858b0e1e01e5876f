"""The checks of each world: what the properties come to there, and of messages in any order."""

from collections.abc import Iterator
from typing import Any

import attrs

from truebook.model.system import Action, System
from truebook.model.vocabulary import Event
from truebook.specs.properties.fills import fills_checks
from truebook.specs.properties.foreign import foreign_checks
from truebook.specs.properties.names import names_checks
from truebook.specs.properties.order import order_checks
from truebook.specs.properties.recovery import true_so_far
from truebook.specs.properties.requests import request_checks
from truebook.specs.properties.sentences import PROPERTY_NAMES, Check, Kind, always
from truebook.specs.properties.sizes import size_checks
from truebook.specs.properties.waiting import waiting_checks


def checks_of(system: System) -> tuple[Check, ...]:
    """Return every check of a system, in the order of PROPERTIES; `order` is whose it is."""
    if system.orders:
        own = {id(order): checks_of(order) for order in system.orders}
        checks = [
            _on_order(check, k, system)
            for k, order in enumerate(system.orders)
            for check in own[id(order)]
        ]
        return tuple(sorted(checks, key=lambda check: PROPERTY_NAMES.index(check.property)))
    makers = {
        "order": order_checks,
        "foreign": foreign_checks,
        "waiting": waiting_checks,
        "memory": fills_checks,
        "names": names_checks,
        "requests": request_checks,
        "sizes": size_checks,
    }
    checks = [*makers[system.name](system), *_commute_checks(system)]
    return tuple(sorted(checks, key=lambda check: PROPERTY_NAMES.index(check.property)))


def _on_order(check: Check, k: int, system: System) -> Check:
    """Return a check of one order as a check of the composition that it is part of."""
    names = {action.name for action in system.actions}
    name = f"o{k}"
    if check.kind is Kind.STEP:

        def holds(before: Any, after: Any, action: Action) -> bool:
            mine = attrs.evolve(action, name=action.name.removeprefix(f"{k + 1}."))
            if not action.shared and mine.name == action.name:
                return True  # an action of another order
            return check.holds(getattr(before, name), getattr(after, name), mine)
    else:

        def holds(world: Any) -> bool:  # type: ignore[misc]
            return check.holds(getattr(world, name))

    return attrs.evolve(
        check,
        part=f"order {k + 1}: {check.part}",
        holds=holds,
        when=always if check.when is always else lambda world: check.when(getattr(world, name)),
        actions=tuple(a if a in names else f"{k + 1}.{a}" for a in check.actions),
        order=k,
        own=check,
    )


def _commute_checks(system: System) -> Iterator[Check]:
    when = true_so_far if any(field.path == "lied" for field in system.fields) else always
    messages = [action for action in system.actions if action.message]
    for i, one in enumerate(messages):
        for other in messages[i + 1 :]:
            if system.name == "foreign" and one.shared and other.shared:
                continue  # see CONFLUENCE_EXCEPTION
            if system.name == "sizes" and one.event == other.event == Event.LISTED:
                continue  # their sums bound the same, by what was put aside before
            yield Check(
                "confluence",
                f"'{one.words}' and '{other.words}' come to the same in either order",
                Kind.COMMUTE,
                actions=(one.name, other.name),
                when=when,
            )
    for message in messages:
        if message.wire:
            yield Check(
                "confluence",
                f"'{message.words}' told twice in a row comes to the same as once",
                Kind.REPEAT,
                actions=(message.name,),
                when=when,
            )
