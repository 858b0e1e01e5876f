"""Signatures are as recorded, are traced back to their key, and nonsense is refused."""

from typing import Any

import attrs
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from truebook.impl.venues.hyperliquid import REQUESTS, Unreadable, write
from truebook.impl.venues.hyperliquid.actions import (
    ApproveAgent,
    Cancel,
    CancelOrders,
    Kind,
    Limit,
    NewOrder,
    PlaceOrders,
    Signature,
    Signed,
)
from truebook.impl.venues.hyperliquid.signing import (
    USER_SIGNED,
    Key,
    action_hash,
    digest_of,
    recover,
    sign,
    signer_of,
)
from truebook.impl.venues.hyperliquid.typed_data import SignatureError, keccak

KEY = Key.of("0x" + "11" * 32)
ADDRESS = "0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a"
VAULT = "0x" + "Ab" * 20
ORDER = NewOrder(1, True, "2900", "0.1", False, Kind(limit=Limit("Gtc")), "0x" + "ab" * 16)
PLACE = PlaceOrders([ORDER], "na")
AGENT = ApproveAgent("Testnet", "0x66eee", VAULT, 7, "bot")
N = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141


def test_the_hash_is_keccak_and_not_sha3() -> None:
    assert keccak(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"


def test_a_key_signs_for_its_address() -> None:
    assert KEY.address == ADDRESS
    assert "11" * 4 not in repr(KEY)


@pytest.mark.parametrize(
    ("action", "more", "r", "s", "v"),
    [
        (
            PLACE,
            {"nonce": 1_700_000_000_000, "mainnet": False},
            "0x67b63d3dd3df36b5cd71b0a0aba1faef4d994ee9b3b45f392bf3a3eadb896b07",
            "0x3e141a02ddd746d39d430f4ee64ec580caa9e5e288b6ddb0dc355ac157d45106",
            27,
        ),
        (
            PLACE,
            {"nonce": 5, "mainnet": True, "vault_address": VAULT, "expires_after": 9},
            "0x9cb9e42650b84c5c01011a43ae7b9407ebbe93d36242a34ada4b60683972fdf2",
            "0x4774a602ba4b3e0261b2b2f865b039d2c2b8437922d1fe0231bc40d37719ad4f",
            27,
        ),
        (
            AGENT,
            {"nonce": 7, "mainnet": False},
            "0x165cc66ab04321ee1a14a8e5d5bbf4dd84c597854df414339470e839339dbd5e",
            "0x7425bef9cb0c39dd592aecb59b4abef230f593f047cf48620416404202810c60",
            27,
        ),
    ],
)
def test_signatures_are_those_that_the_venues_sdk_made(
    action: Any, more: Any, r: str, s: str, v: int
) -> None:
    signed = sign(action, KEY, **more)
    assert signed.signature == Signature(r, s, v)
    read = REQUESTS.read(write(signed))
    assert not isinstance(read, Unreadable)
    assert signer_of(read, mainnet=more["mainnet"]) == ADDRESS


def changed(signed: Signed, **what: Any) -> Signed:
    return msgspec.structs.replace(signed, **what)


def test_what_was_changed_since_is_signed_by_somebody_else() -> None:
    signed = sign(PLACE, KEY, nonce=5, mainnet=False, vault_address=VAULT, expires_after=9)
    others = (
        changed(signed, action=PlaceOrders([msgspec.structs.replace(ORDER, s="0.2")], "na")),
        changed(signed, nonce=6),
        changed(signed, vault_address=None),
        changed(signed, vault_address="0x" + "ac" * 20),
        changed(signed, expires_after=10),
        changed(signed, expires_after=None),
    )
    found = [signer_of(other, mainnet=False) for other in others]
    found.append(signer_of(signed, mainnet=True))
    assert ADDRESS not in found
    assert len(set(found)) == len(found)
    in_capitals = changed(signed, vault_address="0x" + "AB" * 20)
    assert signer_of(in_capitals, mainnet=False) == ADDRESS


@pytest.mark.parametrize(
    ("signature", "says"),
    [
        (Signature("0x0", "0x1", 27), "r is 0x0"),
        (Signature("0x1", hex(N), 27), "below the curve's n"),
        (Signature("1", "0x1", 27), "hexadecimal"),
        (Signature("0x" + "1" * 65, "0x1", 27), "at most 64"),
        (Signature("0x1", "0x1", 29), "27 or 28"),
        (Signature("0x1", "0x1", 0), "27 or 28"),
        (Signature("0x5", "0x1", 27), "no point of the curve"),
    ],
)
def test_what_is_no_signature_is_refused(signature: Signature, says: str) -> None:
    with pytest.raises(SignatureError, match=says):
        signer_of(
            changed(sign(PLACE, KEY, nonce=5, mainnet=False), signature=signature), mainnet=False
        )


@pytest.mark.parametrize(
    ("action", "more", "says"),
    [
        (PLACE, {"nonce": -1}, "nonce"),
        (PLACE, {"nonce": 1 << 64}, "nonce"),
        (PLACE, {"nonce": True}, "nonce"),
        (PLACE, {"vault_address": "0x12"}, "vaultAddress"),
        (PLACE, {"expires_after": -1}, "expiresAfter"),
        (CancelOrders([Cancel(1, 1 << 64)]), {}, "no form"),
        ({"type": "order", "p": 1.5}, {}, "fraction"),
        ({"orders": []}, {}, "type"),
        ({"type": "multiSig"}, {}, "several signers"),
        (AGENT, {}, "the nonce 7, it came with 5"),
        (AGENT, {"nonce": 7, "mainnet": True}, "this is the Mainnet"),
        (msgspec.structs.replace(AGENT, agent_address="me"), {"nonce": 7}, "agentAddress"),
        (msgspec.structs.replace(AGENT, signature_chain_id="66"), {"nonce": 7}, "signatureChainId"),
        (
            {
                "type": "usdSend",
                "hyperliquidChain": "Testnet",
                "signatureChainId": "0x1",
                "time": 5,
            },
            {},
            "has no destination",
        ),
    ],
)
def test_what_cannot_be_signed_is_refused(action: Any, more: Any, says: str) -> None:
    with pytest.raises(SignatureError, match=says):
        sign(action, KEY, **{"nonce": 5, "mainnet": False} | more)


@pytest.mark.parametrize(
    "wallet", ["", "0x12", "11" * 33, b"\x11" * 31, b"\0" * 32, N.to_bytes(32, "big"), 7, None]
)
def test_what_is_no_key_is_refused_and_not_repeated(wallet: Any) -> None:
    with pytest.raises(SignatureError) as raised:
        Key.of(wallet)
    assert "1111" not in str(raised.value)


def test_a_key_is_taken_from_what_has_one() -> None:
    @attrs.define
    class Account:
        key: bytes

    for wallet in ("11" * 32, b"\x11" * 32, Account(b"\x11" * 32), KEY):
        assert Key.of(wallet).address == ADDRESS


@given(
    action=st.dictionaries(
        st.text(max_size=4),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.text(max_size=4)
            | st.binary(max_size=4),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(st.text(max_size=4), inner, max_size=2)
            ),
            max_leaves=4,
        ),
        max_size=4,
    ),
    kind=st.sampled_from(["order", *USER_SIGNED]) | st.text(max_size=4),
    nonce=st.integers(-1, 1 << 64) | st.none(),
    r=st.text("0x19afz", max_size=6),
)
def test_nothing_but_a_signature_error_is_raised(
    action: Any, kind: str, nonce: Any, r: str
) -> None:
    try:
        message = digest_of({**action, "type": kind}, nonce=nonce, mainnet=False)
        recover(message, Signature(r, "0x1", 27))
    except SignatureError:
        pass


def test_a_mapping_is_hashed_in_its_own_order() -> None:
    one = action_hash({"type": "noop", "a": 1}, nonce=1)
    assert one != action_hash({"a": 1, "type": "noop"}, nonce=1)
