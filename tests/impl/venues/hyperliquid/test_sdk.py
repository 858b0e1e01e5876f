"""Over the venue's own SDK: what it signs is what our types are."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import eth_account
import msgpack
import pytest
from hyperliquid.exchange import Exchange
from hyperliquid.utils.signing import action_hash, construct_phantom_agent, l1_payload

from truebook.impl.venues.hyperliquid import REQUESTS, Unreadable, packed, plain
from truebook.impl.venues.hyperliquid.actions import (
    Cancel,
    CancelOrders,
    Kind,
    Limit,
    NewOrder,
    PlaceOrders,
    ScheduleCancel,
)
from truebook.impl.venues.hyperliquid.questions import UserFills
from truebook.impl.venues.hyperliquid.sdk import SdkTransport

WALLET = eth_account.Account.from_key("0x" + "11" * 32)
ORDER = NewOrder(1, True, "2900", "0.1", False, Kind(limit=Limit("Gtc")), "0x" + "ab" * 16)
ACTIONS: list[Any] = [
    PlaceOrders([ORDER], "na"),
    CancelOrders([Cancel(0, 7)]),
    ScheduleCancel(),
]
META: Any = {"universe": [{"name": "BTC", "szDecimals": 5}]}
SPOT: Any = {"universe": [], "tokens": []}


@pytest.fixture
def posted() -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Return the address of a server that answers anything, and what was posted to it."""
    found: list[tuple[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.append((self.path, body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"status":"ok","response":{"type":"default"}}')

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", found
    server.shutdown()
    thread.join()
    server.server_close()


def transport(url: str) -> SdkTransport:
    return SdkTransport(Exchange(WALLET, url, meta=META, spot_meta=SPOT, timeout=5))


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_packed_as_the_sdk_packs_it(action: Any) -> None:
    assert packed(action) == msgpack.packb(plain(action))


@pytest.mark.parametrize("action", ACTIONS)
def test_a_signed_action_is_posted_and_its_signer_can_be_found(
    action: Any, posted: tuple[str, list[tuple[str, Any]]]
) -> None:
    url, found = posted
    over = transport(url)
    asyncio.run(over.act(action))
    asyncio.run(over.act(action))
    (path, body), (_, again) = found
    signed, later = REQUESTS.read(body), REQUESTS.read(again)
    assert not isinstance(signed, Unreadable)
    assert not isinstance(later, Unreadable)
    assert (path, signed.action) == ("/exchange", action)
    assert signed.nonce < later.nonce
    made = construct_phantom_agent(
        action_hash(plain(signed.action), None, signed.nonce, None), False
    )
    encoded = eth_account.messages.encode_typed_data(full_message=l1_payload(made))
    signature = signed.signature
    vrs = (signature.v, int(signature.r, 16), int(signature.s, 16))
    assert eth_account.Account.recover_message(encoded, vrs=vrs) == WALLET.address


def test_a_question_is_posted_as_it_is(posted: tuple[str, list[tuple[str, Any]]]) -> None:
    url, found = posted
    asyncio.run(transport(url).ask(UserFills("0x1")))
    assert [(path, json.loads(body)) for path, body in found] == [
        ("/info", {"type": "userFills", "user": "0x1"})
    ]
