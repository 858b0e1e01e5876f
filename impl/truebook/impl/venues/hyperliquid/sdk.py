"""A `Transport` over the venue's own SDK for Python: it signs and posts; the types are ours.

Needs `pip install 'truebook[hyperliquid-sdk]'`. Its websocket is not used: one that the venue has
closed is never opened again.
"""

import asyncio
import json
from threading import Lock
from typing import Any

from hyperliquid.exchange import Exchange
from hyperliquid.utils.constants import MAINNET_API_URL
from hyperliquid.utils.signing import get_timestamp_ms, sign_l1_action

from truebook.impl.venues.hyperliquid.actions import Action, Signature, Signed
from truebook.impl.venues.hyperliquid.questions import Question
from truebook.impl.venues.hyperliquid.reading import Raw
from truebook.impl.venues.hyperliquid.wire import plain


class SdkTransport:
    """Carries questions and actions through an `Exchange` of the SDK, in threads of their own.

    Give the `Exchange` a timeout. What it raises is raised: it proves nothing. Nonces only grow,
    also where two actions are sent in one millisecond. An action takes effect within `expires_in`
    milliseconds or never, where that is given, else as the `Exchange` says.
    """

    def __init__(self, exchange: Exchange, *, expires_in: int | None = None) -> None:
        self._exchange = exchange
        self._expires_in = expires_in
        self._nonce = 0
        self._lock = Lock()

    async def ask(self, question: Question) -> Raw:
        """Return the answer of the info endpoint."""
        return await asyncio.to_thread(self._post, "/info", question)

    async def act(self, action: Action) -> Raw:
        """Sign an action and send it, once; return the answer of the exchange endpoint."""
        return await asyncio.to_thread(self._act, action)

    def signed(self, action: Action) -> Signed:
        """Return an action as it is posted, with a nonce of its own."""
        exchange, nonce = self._exchange, self._next()
        to, until = exchange.vault_address, exchange.expires_after
        if self._expires_in is not None:
            until = nonce + self._expires_in
        is_main = exchange.base_url == MAINNET_API_URL
        found = sign_l1_action(exchange.wallet, plain(action), to, nonce, until, is_main)
        return Signed(action, nonce, Signature(**found), to, until)

    def _act(self, action: Action) -> str:
        return self._post("/exchange", self.signed(action))

    def _next(self) -> int:
        with self._lock:
            self._nonce = max(self._nonce + 1, get_timestamp_ms())
            return self._nonce

    def _post(self, path: str, message: Any) -> str:
        return json.dumps(self._exchange.post(path, plain(message)))
