"""A transport that is no network: it answers Hyperliquid's questions from a table."""

from collections.abc import Callable
from typing import Any

from truebook.impl.venues.hyperliquid import plain, write

STATE: dict[str, Any] = {
    "assetPositions": [{"position": {"coin": "BTC", "szi": "1.5"}, "type": "oneWay"}],
    **dict.fromkeys(
        ("marginSummary", "crossMarginSummary"),
        dict.fromkeys(("accountValue", "totalMarginUsed", "totalNtlPos", "totalRawUsd"), "0.0"),
    ),
    "withdrawable": "0.0",
    "time": 1000,
}


class Carrier:
    """Answers from a table by the type of the question, and keeps what was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[dict[str, Any]] = []

    async def ask(self, question: Any) -> bytes | str:
        return self._answer(question)

    async def act(self, action: Any) -> bytes | str:
        return self._answer(action)

    def _answer(self, message: Any) -> bytes | str:
        asked = plain(message)
        self.asked.append(asked)
        answer = self.answers[asked["type"]]
        if isinstance(answer, Exception):
            raise answer
        found = answer(asked) if isinstance(answer, Callable) else answer  # type: ignore[arg-type]
        return found if isinstance(found, str) else write(found)
