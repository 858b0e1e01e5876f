"""Several orders together: worlds side by side, coupled by the clock, snapshots and reconnects."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import attrs

from truebook.model.system import Action, Field, Part, System


class Together:
    """The worlds of several orders, as the attributes o0, o1 and so on."""

    def __init__(self, worlds: Sequence[Any]) -> None:
        for k, world in enumerate(worlds):
            setattr(self, f"o{k}", world)


def composition(orders: Sequence[System]) -> System:
    """Return the system of several orders together.

    A shared action happens to every order that has it, and is possible where it is possible for
    all of them. Its first part must not write, unless it is possible for all orders whenever it
    is for one (the phases of snapshots, which all orders share).
    """
    if not orders:
        raise ValueError("a composition needs at least one order")
    return System(
        name=" and ".join(order.name for order in orders),
        fields=tuple(_fields(orders)),
        actions=tuple(_actions(orders)),
        create=lambda: Together([order.create() for order in orders]),
        settle=tuple(_settle(orders)),
        orders=tuple(orders),
    )


def rows_of(orders: Sequence[System]) -> Iterator[tuple[int | None, ...]]:
    """Yield, for each action of the composition, the number of each order's own action, if any."""
    for k, order in enumerate(orders):
        for number, action in enumerate(order.actions):
            if not action.shared:
                yield tuple(number if j == k else None for j in range(len(orders)))
    for name in _shared(orders):
        yield tuple(_number(order, name) for order in orders)


def _fields(orders: Sequence[System]) -> Iterator[Field]:
    for k, order in enumerate(orders):
        for field in order.fields:
            label = f"order {k + 1}: {field.label}"
            yield attrs.evolve(field, path=f"o{k}.{field.path}", label=label)


def _actions(orders: Sequence[System]) -> Iterator[Action]:
    for rows in rows_of(orders):
        own = [
            (k, orders[k].actions[number]) for k, number in enumerate(rows) if number is not None
        ]
        k, action = own[0]
        if not action.shared:
            yield attrs.evolve(
                action,
                name=f"{k + 1}.{action.name}",
                words=f"order {k + 1}: {action.words}",
                parts=tuple(partial(_on, part, k) for part in action.parts),
                wire=tuple(f"o{k}.{path}" for path in action.wire),
            )
        else:
            firsts = [(j, of_order.parts[0]) for j, of_order in own]
            rest = [partial(_on, part, j) for j, of_order in own for part in of_order.parts[1:]]
            yield attrs.evolve(
                action,
                parts=(partial(_all, firsts), *rest),
                wire=tuple(f"o{j}.{path}" for j, of_order in own for path in of_order.wire),
            )


def _on(part: Part, k: int, together: Together) -> bool:
    return part(getattr(together, f"o{k}"))


def _all(firsts: Sequence[tuple[int, Part]], together: Together) -> bool:
    return all(_on(part, k, together) for k, part in firsts)


def _settle(orders: Sequence[System]) -> Iterator[str]:
    shared = _shared(orders)
    for k, order in enumerate(orders):
        for name in order.settle:
            if name not in shared:
                yield f"{k + 1}.{name}"
    yield from max((o.settle for o in orders), key=len, default=())
    # Names of single orders, which a composition does not have, are passed over.


def _shared(orders: Sequence[System]) -> list[str]:
    found: dict[str, None] = {}
    for order in orders:
        found.update((action.name, None) for action in order.actions if action.shared)
    return list(found)


def _number(order: System, name: str) -> int | None:
    for number, action in enumerate(order.actions):
        if action.name == name:
            return number
    return None
