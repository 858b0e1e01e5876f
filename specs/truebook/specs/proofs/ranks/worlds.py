"""What is proved of the quiet rounds of each world."""

from collections.abc import Callable
from typing import Any

from truebook.specs.proofs.ranks.foreign import foreign_quiet
from truebook.specs.proofs.ranks.order import order_quiet
from truebook.specs.proofs.ranks.rank import Quiet
from truebook.specs.proofs.ranks.small import at_once, size_quiet
from truebook.specs.proofs.ranks.waiting import waiting_quiet
from truebook.specs.proofs.worlds import OpenWorld
from truebook.specs.properties import checks_of


def quiet_of(world: OpenWorld) -> Quiet:
    """Return what is proved of the quiet rounds of a world."""
    makers: dict[str, Callable[[Any], Quiet]] = {
        "foreign": foreign_quiet,
        "order": order_quiet,
        "sizes": size_quiet,
        "waiting": waiting_quiet,
    }
    if world.name in makers:
        return makers[world.name](world.system.create())
    return at_once(checks_of(world.system))
