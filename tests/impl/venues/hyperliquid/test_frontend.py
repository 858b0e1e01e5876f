"""Candles, and what the venue's own page shows, are read and written back as they were."""

import json
from typing import Any

from carried import STATE
from said import order
from truebook.impl.venues.hyperliquid import FRAMES, QUESTIONS, TO_INFO, hear, questions, write
from truebook.impl.venues.hyperliquid.facts import facts_of
from truebook.impl.venues.hyperliquid.state import Candle
from truebook.impl.venues.hyperliquid.streams import Candles, WebData2

CANDLE: dict[str, Any] = {
    "t": 1_700_000_000_000,
    "T": 1_700_000_059_999,
    "s": "BTC",
    "i": "1m",
    "o": "60000.0",
    "c": "60001.0",
    "h": "60002.0",
    "l": "59999.0",
    "v": "1.5",
    "n": 7,
}
SHOWN: dict[str, Any] = {
    "user": "0x1",
    "serverTime": 1_700_000_000_000,
    "clearinghouseState": STATE,
    "openOrders": [order(isTrigger=False, reduceOnly=False, tif="Gtc")],
    "meta": {"universe": [{"name": "BTC", "szDecimals": 5}]},
    "assetCtxs": [
        {"funding": "0.0", "openInterest": "1.0", "prevDayPx": "1.0", "dayNtlVlm": "1.0"}
    ],
    "spotState": {"balances": [{"coin": "USDC", "total": "1.0", "hold": "0.0"}]},
    "spotAssetCtxs": [],
    "leadingVaults": [],
    "totalVaultEquity": "0.0",
    "twapStates": [[1, {"coin": "BTC"}]],
    "agentAddress": None,
    "cumLedger": "100.0",
    "isVault": False,
}


def test_a_candle_has_its_own_letters() -> None:
    (frame,) = hear(json.dumps({"channel": "candle", "data": CANDLE}))
    assert isinstance(frame, Candles)
    found = frame.data
    assert isinstance(found, Candle)
    assert (found.t, found.closes, found.volume) == (CANDLE["t"], CANDLE["T"], "1.5")
    assert json.loads(write(frame))["data"] == CANDLE


def test_what_the_page_shows_is_known_field_by_field() -> None:
    frame = FRAMES.read(json.dumps({"channel": "webData2", "data": SHOWN}))
    assert isinstance(frame, WebData2)
    assert json.loads(write(frame))["data"] == SHOWN
    assert "extra=" not in repr(frame).replace("extra=UNSET", "")
    assert list(facts_of(frame)) == []  # a listing that nobody asked for proves nothing


def test_both_can_be_asked_for() -> None:
    span = questions.CandleSpan(coin="BTC", interval="1m", start_time=5)
    asked = questions.CandleSnapshot(span)
    assert json.loads(write(asked)) == {
        "type": "candleSnapshot",
        "req": {"coin": "BTC", "interval": "1m", "startTime": 5},
    }
    assert QUESTIONS.read(write(asked)) == asked
    assert json.loads(write(TO_INFO["candleSnapshot"].read(json.dumps([CANDLE])))) == [CANDLE]
    assert json.loads(write(TO_INFO["webData2"].read(json.dumps(SHOWN)))) == SHOWN
