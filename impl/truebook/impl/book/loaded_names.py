"""What a saved book says of names: cloids, past oids, and the numbers of legs."""

from typing import Any

from truebook.impl.book import checks, saved, typed
from truebook.impl.book.ledger import Ledger
from truebook.impl.book.orders import Leg
from truebook.impl.book.past import Vague


def load_made(ledger: Ledger, data: dict[str, Any]) -> None:
    """Take up what cloids were made of, and how many legs were numbered."""
    own, configured = ledger.cloids, ledger.config.cloid_seed
    own.counted = typed.time(data["made"], "made")
    typed.hold(configured is not None or not own.counted, "made", "counts what is made by chance")
    ledger.numbered = typed.time(data["numbered"], "numbered")
    seed = data["seed"]
    if seed is not None:
        own.seed = typed.time(seed, "seed")
        typed.hold(configured is None, "seed", "is drawn, and another is configured")
        typed.hold(own.seed < 1 << 64, "seed", "must be less than 2**64")


def load_names(ledger: Ledger, data: dict[str, Any]) -> None:
    """Take up the cloids and oids of orders that are forgotten."""
    for number, row in enumerate(typed.rows(data["cloids"], "cloids")):
        where = f"cloids[{number}]"
        cloid, vague = _vague(row, where)
        typed.hold(ledger.cloids.unknown_of(cloid) is None, where, "is there twice")
        ledger.cloids.remember(cloid, vague)
        right = ledger.cloids.unknown_of(cloid) is not None
        typed.hold(right, where, "is of the book's own form, or one too many")
    most = ledger.config.max_forgotten_oids
    for number, row in enumerate(typed.rows(data["past"], "past")):
        where = f"past[{number}]"
        oid, cloid = typed.rows(row, where, 2)
        typed.of_kind(checks.oid(typed.identity(oid, where)), ledger.oid_kind, where)
        typed.hold(oid not in ledger.by_oid, where, "is that of an order")
        typed.hold(oid not in ledger.past.by_oid, where, "is there twice")
        ledger.past.add(oid, checks.cloid(typed.text(cloid, where)))
    typed.hold(len(ledger.past.by_oid) == len(data["past"]), "past", f"are above {most}")
    greatest = data["greatest"]
    if greatest is not None:
        typed.hold(ledger.config.oids_ascend, "greatest", "is told of ascending oids alone")
        typed.of_kind(typed.identity(greatest, "greatest"), int, "greatest")
        ledger.past.greatest = greatest
    follows = typed.rows(data["follows"], "follows")
    for number, row in enumerate(follows):
        where = f"follows[{number}]"
        cloid, vague = _vague(row, where)
        typed.hold(cloid in ledger.by_cloid, where, "is of no order")
        saved.follow(ledger, cloid, vague)
    right = follows == saved.follows(ledger)
    typed.hold(right, "follows", "must have each cloid once, in the order of orders")


def check_number(ledger: Ledger, leg: Leg, where: str) -> None:
    """Hold the number of a leg against how many there were."""
    right = 0 < leg.number <= ledger.numbered
    typed.hold(right, f"{where}.number", f"must be from 1 to {ledger.numbered}, not {leg.number}")
    if leg.above is not None:
        typed.hold(ledger.config.oids_ascend, f"{where}.above", "is told of ascending oids alone")
        typed.of_kind(leg.above, int, f"{where}.above")


def _vague(row: Any, where: str) -> tuple[str, Vague]:
    cloid, vague = typed.rows(row, where, 2)
    known = isinstance(vague, str) and vague in Vague.__members__
    typed.hold(known, where, f"must say {', '.join(Vague.__members__)}, not {vague!r:.80}")
    return checks.cloid(typed.text(cloid, where)), Vague[vague]
