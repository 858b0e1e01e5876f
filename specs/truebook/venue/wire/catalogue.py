"""Which markets there are, as the messages tell it."""

from typing import Final

from truebook.impl.venues.hyperliquid import meta
from truebook.venue.engine import Exchange


def perps(exchange: Exchange) -> meta.Meta:
    """Return the markets, in the order of their numbers."""
    universe = [
        meta.Perp(
            name=market.coin,
            sz_decimals=market.listed.size_decimals,
            max_leverage=market.most_leverage,
            margin_table_id=market.most_leverage,
        )
        for market in exchange.markets.values()
    ]
    most = {market.most_leverage for market in exchange.markets.values()}
    tables = [
        (
            one,
            {"description": "", "marginTiers": [{"lowerBound": "0.0", "maxLeverage": one}]},
        )
        for one in sorted(most)
    ]
    return meta.Meta(universe=universe, margin_tables=tables, collateral_token=0)


SPOT: Final = meta.SpotMeta(
    universe=[meta.SpotPair(name="PURR/USDC", tokens=(1, 0), index=0, is_canonical=True)],
    tokens=[
        meta.Token(
            name=name,
            sz_decimals=decimals,
            wei_decimals=wei,
            index=index,
            token_id=f"0x{index:032x}",
            is_canonical=True,
            evm_contract=None,
            full_name=None,
            deployer_trading_fee_share="0.0",
        )
        for index, (name, decimals, wei) in enumerate((("USDC", 8, 8), ("PURR", 0, 5)))
    ],
)
"""Spot markets that clients look for at their start; nothing trades there."""
SPOT_CONTEXT: Final = meta.SpotContext(
    coin="PURR/USDC",
    prev_day_px="0.1",
    day_ntl_vlm="0.0",
    mark_px="0.1",
    mid_px="0.1",
    circulating_supply="1.0",
    total_supply="1.0",
    day_base_vlm="0.0",
)
