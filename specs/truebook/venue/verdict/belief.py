"""What a bot says that it believes: its position in each market, and which orders it has open."""

import json
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

import attrs

from truebook.impl.venues.hyperliquid import Raw

LARGEST: Final = 100
"""A number has so many digits at most, and is as far from 1."""


@attrs.frozen
class Belief:
    """What a bot believed at a time; None where it says nothing of it.

    `open` has the oids or cloids of its open orders, as texts. `done`: it has done all that it
    wants to, and what comes now is to come to rest.
    """

    time: int
    position: Mapping[str, Decimal] | None
    open: frozenset[str] | None
    done: bool = False


def belief_of(raw: Raw, now: int, *, coins: Collection[str] | None = None) -> Belief:
    """Return what a bot says, as JSON; ValueError where that is nothing one can believe.

    `coins` are those that there are; None: any.
    `{"position": {"ETH": "0.04"}, "open": ["1000001", "0x…"], "done": true}`; any may be missing.
    """
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no JSON: {error}") from error
    if not isinstance(said, dict) or not said.keys() & {"position", "open", "done"}:
        raise ValueError('it is an object with some of "position", "open" and "done"')
    position, names = said.get("position"), said.get("open")
    if position is not None and not isinstance(position, dict):
        raise ValueError('"position" is an object: the size for each coin')
    for coin in position or ():
        if coins is not None and coin not in coins:
            raise ValueError(f"there is no market {coin!r:.40}: {', '.join(coins)}")
    if names is not None and not isinstance(names, list):
        raise ValueError('"open" is a list of oids or cloids')
    for one in names or ():
        if type(one) not in (int, str) or len(str(one)) > LARGEST:
            raise ValueError(f'"open" has {one!r:.40}, which is no oid and no cloid')
    held = None if position is None else {str(c): _size(c, one) for c, one in position.items()}
    open_ = None if names is None else frozenset(str(one).lower() for one in names)
    return Belief(now, held, open_, said.get("done") is True)


def read_belief(raw: Raw, coins: Collection[str]) -> tuple[int, str]:
    """Return how a belief is answered over HTTP where nobody judges it: a status, and a text."""
    try:
        belief_of(raw, 0, coins=coins)
    except ValueError as error:
        return 400, f"{error}\n"
    return 200, "{}"


def _size(coin: str, said: object) -> Decimal:
    try:
        size = Decimal(str(said))
    except InvalidOperation:
        size = Decimal("nan")
    if (
        not size.is_finite()
        or abs(size.adjusted()) > LARGEST
        or len(size.as_tuple().digits) > LARGEST
    ):
        raise ValueError(f"the position in {coin} is {said!r:.40}, and must be a number")
    return size
