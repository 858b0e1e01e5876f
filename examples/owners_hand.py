"""The hand of the account's owner: he cancels and modifies orders of ours, and trades himself."""

from decimal import Decimal

from simulated_venue import Venue


def act(venue: Venue) -> None:
    """Let him do what the dice say, at the venue's rates.

    He cancels an order of ours. He places one of his own, which has no cloid, and whose fills move
    the position of the account. He modifies one of ours: it gets a new oid, as by any modify, and
    keeps its cloid.
    """
    dice, rates = venue.hands_dice, venue.rates
    if rates.hand and dice.random() < rates.hand and (mine := _mine(venue)):
        venue.end(venue.orders[dice.choice(mine)], "cancelled")
        venue.happened["orders of ours cancelled by hand"] += 1
    if rates.hand and dice.random() < rates.hand:
        is_buy, away = dice.random() < 0.5, dice.randint(0, 3)
        price = Decimal(venue.mid - away if is_buy else venue.mid + away)
        venue.open(None, is_buy, price, Decimal(dice.randint(1, 50)) / 10)
        venue.happened["orders placed by hand"] += 1
    if rates.hand_modifies and dice.random() < rates.hand_modifies and (mine := _mine(venue)):
        old = venue.orders[dice.choice(mine)]
        size = Decimal(dice.randint(1, 100)) / 10
        new = venue.replace(old, old.price + dice.choice((-1, 1)), size)
        venue.by_hand.add(new.oid)
        venue.false_words.mislead(old.name, venue.now)  # who does not know of it cannot count it
        venue.happened["orders of ours modified by hand"] += 1


def _mine(venue: Venue) -> list[int]:
    return sorted(oid for oid in venue.open_oids() if venue.orders[oid].ours)
