"""Measure how fast actions are signed and signatures traced back, beside the venue's own SDK."""

import os
import time
from collections.abc import Callable

from truebook.impl.venues.hyperliquid import REQUESTS, Unreadable, plain, write
from truebook.impl.venues.hyperliquid.actions import Kind, Limit, NewOrder, PlaceOrders
from truebook.impl.venues.hyperliquid.signing import Key, sign, signer_of

SECRET = "0x" + "11" * 32
ORDER = NewOrder(1, True, "2900", "0.1", False, Kind(limit=Limit("Gtc")), "0x" + "ab" * 16)
ONE, MANY = (PlaceOrders([ORDER] * count, "na") for count in (1, 20))
NONCE = 1_700_000_000_000
ROUNDS = 5


def took(do: Callable[[], object], times: int) -> float:
    """Return the microseconds that something takes, by the time of the process; the least."""
    least = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(times):
            do()
        least = min(least, (time.process_time() - started) / times)
    return 1e6 * least


def main() -> None:
    """Print microseconds, and how many a second that is."""
    key = Key.of(SECRET)
    raw, long = (write(sign(one, key, nonce=NONCE, mainnet=False)) for one in (ONE, MANY))

    def checked(posted: bytes) -> str:
        read = REQUESTS.read(posted)
        assert not isinstance(read, Unreadable)
        return signer_of(read, mainnet=False)

    rows: list[tuple[str, Callable[[], object], int]] = [
        ("sign an order", lambda: sign(ONE, key, nonce=NONCE, mainnet=False), 2_000),
        ("read a signed order, find its signer", lambda: checked(raw), 2_000),
        ("the same of twenty orders", lambda: checked(long), 1_000),
    ]
    os.environ["ECC_BACKEND_CLASS"] = "eth_keys.backends.NativeECCBackend"  # what it comes with
    try:
        import eth_account
        from hyperliquid.utils.signing import action_hash, construct_phantom_agent, l1_payload
        from hyperliquid.utils.signing import sign_l1_action as theirs
    except ImportError:
        print("the SDK is not installed: pip install 'truebook[hyperliquid-sdk]' shows it beside")
    else:
        wallet, action = eth_account.Account.from_key(SECRET), plain(ONE)
        made = theirs(wallet, action, None, NONCE, None, False)
        vrs = (made["v"], int(made["r"], 16), int(made["s"], 16))

        def found() -> str:
            agent = construct_phantom_agent(action_hash(action, None, NONCE, None), False)
            encoded = eth_account.messages.encode_typed_data(full_message=l1_payload(agent))
            return str(eth_account.Account.recover_message(encoded, vrs=vrs))

        rows += [
            (
                "sign an order: the SDK",
                lambda: theirs(wallet, action, None, NONCE, None, False),
                100,
            ),
            ("find its signer: eth-account", found, 100),
        ]
    for what, do, times in rows:
        micros = took(do, times)
        print(f"{what:<38} {micros:>7,.0f} µs, {1e6 / micros:>7,.0f} a second")


if __name__ == "__main__":
    main()
