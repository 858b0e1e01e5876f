"""What is signed is byte for byte what the venue's own SDK signs."""

from typing import Any

import eth_account
import pytest
from hyperliquid.utils import signing as sdk
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from truebook.impl.venues.hyperliquid import actions, plain
from truebook.impl.venues.hyperliquid.actions import Signature, Signed
from truebook.impl.venues.hyperliquid.signing import (
    USER_SIGNED,
    Key,
    action_hash,
    digest_of,
    sign,
    signer_of,
)
from truebook.impl.venues.hyperliquid.typed_data import MOST, SignatureError
from wired import messages

NONCES = st.integers(0, MOST)
ADDRESSES = st.binary(min_size=20, max_size=20).map(lambda raw: "0x" + raw.hex())
SECRETS = st.integers(1, 2**255).map(lambda number: number.to_bytes(32, "big"))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = {"string": TEXTS, "address": ADDRESSES, "uint64": NONCES, "bool": st.booleans()}
SIGNERS: dict[str, Any] = {
    "approveAgent": sdk.sign_agent,
    "approveBuilderFee": sdk.sign_approve_builder_fee,
    "usdSend": sdk.sign_usd_transfer_action,
    "spotSend": sdk.sign_spot_transfer_action,
    "withdraw3": sdk.sign_withdraw_from_bridge_action,
    "usdClassTransfer": sdk.sign_usd_class_transfer_action,
    "sendAsset": sdk.sign_send_asset_action,
    "tokenDelegate": sdk.sign_token_delegate_action,
    "userDexAbstraction": sdk.sign_user_dex_abstraction_action,
    "userSetAbstraction": sdk.sign_user_set_abstraction_action,
    "convertToMultiSigUser": sdk.sign_convert_to_multi_sig_user_action,
}
"""What the SDK signs each action with."""


def fractions_in(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(fractions_in, value.values()))
    return (
        any(map(fractions_in, value))
        if isinstance(value, list)
        else not isinstance(value, int | str | None)
    )


@settings(deadline=None, max_examples=150)
@given(
    action=messages(actions.Action),
    nonce=NONCES,
    vault=st.none() | ADDRESSES,
    expires=st.none() | NONCES,
    mainnet=st.booleans(),
    secret=SECRETS,
)
def test_an_action_is_signed_as_the_sdk_signs_it(
    action: Any, nonce: int, vault: str | None, expires: int | None, mainnet: bool, secret: bytes
) -> None:
    values = plain(action)
    assume(values["type"] not in USER_SIGNED)
    more: dict[str, Any] = {"nonce": nonce, "vault_address": vault, "expires_after": expires}
    if fractions_in(values):
        with pytest.raises(SignatureError, match="fraction"):
            action_hash(action, **more)
        return
    assert action_hash(action, **more) == sdk.action_hash(values, vault, nonce, expires)
    wallet = eth_account.Account.from_key(secret)
    theirs = sdk.sign_l1_action(wallet, values, vault, nonce, expires, mainnet)
    signed = sign(action, Key.of(wallet), mainnet=mainnet, **more)
    assert plain(signed.signature) == theirs
    assert signer_of(signed, mainnet=mainnet) == wallet.address.lower()


def test_the_sdk_signs_as_they_stand_what_we_do() -> None:
    assert SIGNERS.keys() == USER_SIGNED.keys()


@pytest.mark.parametrize("kind", sorted(USER_SIGNED))
@settings(deadline=None, max_examples=20)
@given(data=st.data(), mainnet=st.booleans(), secret=SECRETS)
def test_an_action_that_is_signed_as_it_stands_is_signed_as_the_sdk_signs_it(
    kind: str, data: st.DataObject, mainnet: bool, secret: bytes
) -> None:
    fields = [one for one in USER_SIGNED[kind].fields if one[0] != "hyperliquidChain"]
    action: dict[str, Any] = {"type": kind} | {name: data.draw(VALUES[of]) for name, of in fields}
    wallet = eth_account.Account.from_key(secret)
    theirs = SIGNERS[kind](wallet, action, mainnet)  # it puts in the network
    nonce = action["time"] if "time" in action else action["nonce"]
    message = digest_of(action, nonce=nonce, mainnet=mainnet)
    assert plain(Key.of(wallet).sign(message)) == theirs


def test_a_request_of_the_sdk_is_traced_to_its_wallet() -> None:
    wallet = eth_account.Account.from_key("0x" + "22" * 32)
    action: Any = {
        "type": "approveAgent",
        "agentAddress": "0x" + "ab" * 20,
        "agentName": "",
        "nonce": 7,
    }
    signature = sdk.sign_agent(wallet, action, is_mainnet=True)
    del action["agentName"]  # as the SDK posts it
    read = actions.ApproveAgent(
        action["hyperliquidChain"], action["signatureChainId"], action["agentAddress"], 7
    )
    signed = Signed(read, 7, Signature(**signature))
    assert signer_of(signed, mainnet=True) == wallet.address.lower()
