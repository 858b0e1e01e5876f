"""Which book a fact is of: the market, and whose side of it."""

from enum import StrEnum
from typing import Self
from urllib.parse import quote, unquote

import attrs

from truebook.impl.book import checks


class PositionSide(StrEnum):
    """Which position a fill moves, where a venue keeps one to each side (hedge mode)."""

    NET = "net"
    """The only one: the venue nets what is bought and sold."""
    LONG = "long"
    """What was bought to open: a buy opens it, a sell closes it."""
    SHORT = "short"
    """What was sold to open: the book has it below zero. A sell opens it, a buy closes it."""


def _market(value: str) -> str:
    found = checks.name(value, "market")
    if not found:
        raise ValueError("market is empty: pass the venue's name of it")
    return found


def _name(what: str, value: str) -> str:
    return checks.name(value, what)


def _dex(value: str) -> str:
    return _name("dex", value)


def _sub_account(value: str) -> str:
    return _name("sub_account", value)


def position_side(value: PositionSide | str) -> PositionSide:
    """Return the position side of a word; TypeError for no text, ValueError for another word."""
    word = checks.text(value, "position_side")
    if word not in tuple(PositionSide):
        raise ValueError(f"position_side must be one of {', '.join(PositionSide)}, not {word!r}")
    return PositionSide(word)


@attrs.frozen(order=True, cache_hash=True)
class MarketKey:
    """What a book is of: one market, of one dex and sub-account, and one position in it.

    `dex` and `sub_account` are empty where there is but one, as for the venue's own dex. As text,
    which `parse` reads again, it is fit for the name of a file.
    """

    market: str = attrs.field(converter=_market)
    dex: str = attrs.field(default="", converter=_dex, kw_only=True)
    sub_account: str = attrs.field(default="", converter=_sub_account, kw_only=True)
    position_side: PositionSide = attrs.field(
        default=PositionSide.NET, converter=position_side, kw_only=True
    )

    def __str__(self) -> str:
        """Return it as text: its four parts, with commas between them."""
        parts = (self.market, self.dex, self.sub_account, self.position_side)
        return ",".join(quote(part, safe="") for part in parts)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key of which this is the text; ValueError where it is none's."""
        parts = [unquote(part) for part in checks.text(text, "a key").split(",")]
        if len(parts) == 4:
            market, dex, sub_account, word = parts
            side = position_side(word)
            key = cls(market, dex=dex, sub_account=sub_account, position_side=side)
            if str(key) == text:
                return key
        raise ValueError(f"a key is market,dex,sub-account,side, as str() writes it, not {text!r}")


@attrs.frozen(kw_only=True)
class Coverage:
    """What a listing is of: what it lacks of this is not open. None is every one.

    It has no defaults, since what is claimed and was not asked for would be closed.
    """

    market: str | None = attrs.field(converter=attrs.converters.optional(_market))
    dex: str | None = attrs.field(converter=attrs.converters.optional(_dex))
    sub_account: str | None = attrs.field(converter=attrs.converters.optional(_sub_account))

    def covers(self, key: MarketKey) -> bool:
        """Return whether the orders of a book would be in it."""
        return (
            self.market in (None, key.market)
            and self.dex in (None, key.dex)
            and self.sub_account in (None, key.sub_account)
        )
