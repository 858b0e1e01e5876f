"""A bot that does one thing, right or wrong, as its first argument says; it needs no SDK."""

import json
import os
import signal
import sys
import time
import urllib.request
from typing import Any, NoReturn

from truebook.impl.venues.hyperliquid import actions, signing, write

URL = os.environ["TRUEBOOK_VENUE"]
KEY = signing.Key.of(os.environ["TRUEBOOK_VENUE_KEY"])
CLOID = "0x" + "ab" * 16


def post(path: str, body: bytes) -> Any:
    request = urllib.request.Request(URL + path, body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as reply:
        return json.loads(reply.read())


def act(action: actions.Action) -> Any:
    time.sleep(0.002)
    nonce = time.time_ns() // 1_000_000
    return post("/exchange", write(signing.sign(action, KEY, nonce=nonce, mainnet=False)))


def place(size: str = "0.1", price: str = "2900", cloid: str = CLOID) -> int:
    order = actions.NewOrder(1, True, price, size, False, actions.Kind(actions.Limit("Gtc")), cloid)
    (item,) = act(actions.PlaceOrders([order], "na"))["response"]["data"]["statuses"]
    return int((item.get("resting") or item["filled"])["oid"])


def cancel(oid: int) -> None:
    act(actions.CancelOrders([actions.Cancel(1, oid)]))


def believe(position: str = "0", *names: object) -> None:
    said = {"position": {"ETH": position}, "open": [str(name) for name in names]}
    post("/_truebook/belief", json.dumps(said).encode())


def end(*_: object) -> NoReturn:
    os._exit(0)


def main(what: str) -> None:
    if what == "ends":
        print("that is all")
        sys.exit(3)
    if what == "mute":
        return
    if what == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if what == "talks much":
        print("much\n" * 2_000_000, "the last word", flush=True)
    oid = place()
    if what == "again":
        place()
    believe("0", oid)
    after(what, oid)
    post("/_truebook/belief", b'{"done": true}')


def after(what: str, oid: int) -> None:
    match what:
        case "right" | "deaf" | "talks much":
            cancel(oid)
            believe()
        case "slow to end":
            believe("0", oid)

            def clear(*_: object) -> None:
                time.sleep(0.3)
                cancel(oid)
                end()

            signal.signal(signal.SIGTERM, clear)
        case "loop":
            for _ in range(6):
                cancel(oid)
            believe()
        case "dropped":
            believe()
        case "thinks it is open":
            cancel(oid)
        case "wrong position":
            cancel(oid)
            believe("0.3")
        case "twice for a while" | "once":
            cancel(oid)
            time.sleep(0.2)  # others quote by now
            place(price="3100", cloid="0x" + "cd" * 16)
            believe("0.2" if what == "twice for a while" else "0.0")
            believe("0.1")
        case "too much":
            cancel(place("9", cloid="0x" + "cd" * 16))
            cancel(oid)
            believe()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end)
    main(sys.argv[1])
    while True:
        time.sleep(1)
