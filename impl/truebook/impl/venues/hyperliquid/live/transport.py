"""Requests over HTTP: questions, and actions that are signed here."""

import time
from types import TracebackType
from typing import Any, Final, Self

import aiohttp

from truebook.impl.venues.hyperliquid.actions import Action, Noop, Signed
from truebook.impl.venues.hyperliquid.answers import Done
from truebook.impl.venues.hyperliquid.questions import Question
from truebook.impl.venues.hyperliquid.readers import ANSWERS
from truebook.impl.venues.hyperliquid.reading import Raw
from truebook.impl.venues.hyperliquid.signing import Key, sign
from truebook.impl.venues.hyperliquid.wire import write

MAINNET: Final = "https://api.hyperliquid.xyz"
"""The address of the venue's mainnet."""

_HEADERS: Final = {"Content-Type": "application/json"}


class NotSentError(ConnectionError):
    """A request did not leave: nobody answered the connection, so nothing can come of it."""


class UnansweredError(ConnectionError):
    """Nobody knows what came of an action, which had this nonce."""

    def __init__(self, why: object, nonce: int) -> None:
        super().__init__(f"{type(why).__name__}: {why}")
        self.nonce = nonce


class HttpTransport:
    """A `Transport` over HTTP, in the event loop that it is entered in.

    It signs for the mainnet where `mainnet` says so, or the address is the mainnet's. An action is
    sent once, and takes effect within `expires_in` milliseconds or never. Nonces only grow, also
    where two actions are sent in one millisecond. What is raised proves nothing, but for
    `NotSentError`; `void` makes sure of an action that raised `UnansweredError`.
    """

    def __init__(
        self,
        url: str,
        key: Key,
        *,
        mainnet: bool | None = None,
        vault: str | None = None,
        expires_in: int | None = None,
        time_limit: float = 10.0,
    ) -> None:
        self.url = url.rstrip("/")
        self.mainnet = self.url == MAINNET if mainnet is None else mainnet
        self._key = key
        self._vault = vault
        self._expires_in = expires_in
        self._limit = aiohttp.ClientTimeout(total=time_limit)
        self._nonce = 0
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, question: Question) -> Raw:
        """Return the answer of the info endpoint."""
        return await self._post("/info", question)

    async def act(self, action: Action) -> Raw:
        """Sign an action and send it, once; return the answer of the exchange endpoint."""
        signed = self.signed(action)
        try:
            return await self._post("/exchange", signed)
        except NotSentError:
            raise
        except Exception as error:
            raise UnansweredError(error, signed.nonce) from error

    async def void(self, nonce: int) -> bool:
        """Use up a nonce; return True where no action with it can take effect any more.

        Where it was used before, by the action itself perhaps, that says nothing.
        """
        answer = ANSWERS.read(await self._post("/exchange", self.signed(Noop(), nonce=nonce)))
        return isinstance(answer, Done)

    def signed(self, action: Action, *, nonce: int | None = None) -> Signed:
        """Return an action as it is posted, with a nonce of its own unless one is given."""
        now = time.time_ns() // 1_000_000
        if nonce is None:
            nonce = self._nonce = max(self._nonce + 1, now)
        return sign(
            action,
            self._key,
            nonce=nonce,
            mainnet=self.mainnet,
            vault_address=self._vault,
            expires_after=None if self._expires_in is None else now + self._expires_in,
        )

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=self._limit, headers=_HEADERS)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def _post(self, path: str, message: Any) -> Raw:
        if self._session is None:
            raise RuntimeError("the transport is not open: use it as `async with`")
        try:
            async with self._session.post(self.url + path, data=write(message)) as answer:
                body = await answer.read()
        except aiohttp.ClientConnectorError as error:
            raise NotSentError(f"{self.url}: {error}") from error
        if answer.status != 200:
            text = body.decode("utf-8", "backslashreplace")
            raise ConnectionError(f"{self.url}{path}: HTTP {answer.status}: {text:.200}")
        return body
