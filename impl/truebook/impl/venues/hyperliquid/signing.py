"""Signatures of actions: made with a key, and traced back to the address that made them.

Most actions are signed by an agent: MessagePack of the action, nonce, vault and expiry are hashed,
and the hash is signed as that of a phantom agent, whose source says for which network. What moves
funds or rights is signed as it stands (`USER_SIGNED`): the action itself says the network.

It is byte for byte what the venue's own SDK signs. Needs
`pip install 'truebook[hyperliquid-signing]'`.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

import attrs
from coincurve import PrivateKey, PublicKey

from truebook.impl.venues.hyperliquid.actions import Action, Signature, Signed
from truebook.impl.venues.hyperliquid.typed_data import (
    SignatureError,
    Struct,
    address_bytes,
    digest,
    domain,
    keccak,
    whole,
)
from truebook.impl.venues.hyperliquid.wire import given, packed, plain

Asked: TypeAlias = Action | Mapping[str, Any]
"""An action: one of ours, or plain values in the order in which they are hashed."""

__all__ = [
    "USER_SIGNED",
    "Key",
    "SignatureError",
    "Wallet",
    "action_hash",
    "agent_digest",
    "digest_of",
    "recover",
    "sign",
    "signer_of",
]

_HEX: Final = re.compile(r"0x[0-9a-fA-F]{1,64}").fullmatch
_CHAIN: Final = re.compile(r"0x[0-9a-fA-F]{1,16}").fullmatch
_SECRET: Final = re.compile(r"(?:0x)?([0-9a-fA-F]{64})").fullmatch
_ORDER: Final = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
"""How many points the curve has: r and s are below it."""

_AGENT: Final = keccak(b"Agent(string source,bytes32 connectionId)")
_AGENTS: Final = {True: _AGENT + keccak(b"a"), False: _AGENT + keccak(b"b")}
"""How a phantom agent begins, of the mainnet and of any other network."""
_EXCHANGE: Final = domain("Exchange", 1337)


def _user_signed(name: str, *fields: str) -> Struct:
    pairs = (field.split(" ") for field in ("string hyperliquidChain", *fields))
    return Struct(f"HyperliquidTransaction:{name}", tuple((one, kind) for kind, one in pairs))


USER_SIGNED: Final = {
    "approveAgent": _user_signed(
        "ApproveAgent", "address agentAddress", "string agentName", "uint64 nonce"
    ),
    "approveBuilderFee": _user_signed(
        "ApproveBuilderFee", "string maxFeeRate", "address builder", "uint64 nonce"
    ),
    "usdSend": _user_signed("UsdSend", "string destination", "string amount", "uint64 time"),
    "spotSend": _user_signed(
        "SpotSend", "string destination", "string token", "string amount", "uint64 time"
    ),
    "withdraw3": _user_signed("Withdraw", "string destination", "string amount", "uint64 time"),
    "usdClassTransfer": _user_signed(
        "UsdClassTransfer", "string amount", "bool toPerp", "uint64 nonce"
    ),
    "sendAsset": _user_signed(
        "SendAsset",
        "string destination",
        "string sourceDex",
        "string destinationDex",
        "string token",
        "string amount",
        "string fromSubAccount",
        "uint64 nonce",
    ),
    "tokenDelegate": _user_signed(
        "TokenDelegate", "address validator", "uint64 wei", "bool isUndelegate", "uint64 nonce"
    ),
    "userDexAbstraction": _user_signed(
        "UserDexAbstraction", "address user", "bool enabled", "uint64 nonce"
    ),
    "userSetAbstraction": _user_signed(
        "UserSetAbstraction", "address user", "string abstraction", "uint64 nonce"
    ),
    "convertToMultiSigUser": _user_signed(
        "ConvertToMultiSigUser", "string signers", "uint64 nonce"
    ),
}
"""The actions that are signed as they stand, by their `type`, and what of each is."""


@runtime_checkable
class Wallet(Protocol):
    """What has a private key, as an account of eth-account has it."""

    @property
    def key(self) -> bytes:
        """The private key, 32 bytes."""
        ...


@attrs.frozen(repr=False, eq=False)
class Key:
    """A private key; `address` is what it signs for. It is not shown."""

    _secret: PrivateKey
    address: str = attrs.field(init=False)

    @address.default
    def _address(self) -> str:
        return _address_of(self._secret.public_key)

    @classmethod
    def of(cls, wallet: "Key | Wallet | str | bytes") -> "Key":
        """Return the key of a wallet, of 64 hexadecimal digits, or of 32 bytes.

        SignatureError where it is none; the text is not repeated in it.
        """
        if isinstance(wallet, Key):
            return wallet
        secret = wallet if isinstance(wallet, str | bytes) else getattr(wallet, "key", None)
        if isinstance(secret, str) and (digits := _SECRET(secret)):
            secret = bytes.fromhex(digits[1])
        if not isinstance(secret, bytes) or len(secret) != 32:
            raise SignatureError(
                "the wallet has no private key: pass 0x and 64 hexadecimal digits, 32 bytes, or an "
                "account of eth-account"
            )
        if not 0 < int.from_bytes(secret, "big") < _ORDER:
            raise SignatureError("the private key is none of the curve: it is 0, or too large")
        return cls(PrivateKey(bytes(secret)))

    def sign(self, message: bytes) -> Signature:
        """Return the signature of a digest, the same each time (RFC 6979)."""
        made = self._secret.sign_recoverable(message, hasher=None)
        r, s = int.from_bytes(made[:32], "big"), int.from_bytes(made[32:64], "big")
        return Signature(hex(r), hex(s), 27 + made[64])

    def __repr__(self) -> str:
        return f"<Key of {self.address}>"


def action_hash(
    action: Asked,
    *,
    nonce: int,
    vault_address: str | None = None,
    expires_after: int | None = None,
) -> bytes:
    """Return the hash of an action; SignatureError where it cannot be hashed.

    The fields are hashed in the order of our types, which is the venue's; plain values, in theirs.
    A number with a fraction has no form of its own there: the venue writes those as texts.
    """
    values = action if isinstance(action, Mapping) else plain(action)
    if _has_fraction(values):
        raise SignatureError("the action has a number with a fraction: write it as a text")
    try:
        written = packed(values)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise SignatureError(f"the action has no form in which it is hashed: {error}") from error
    parts = [written, whole(nonce, "the nonce").to_bytes(8, "big")]
    if vault_address is None:
        parts.append(b"\0")
    else:
        parts += b"\1", address_bytes(vault_address, "vaultAddress")
    if expires_after is not None:
        parts += b"\0", whole(expires_after, "expiresAfter").to_bytes(8, "big")
    return keccak(b"".join(parts))


def agent_digest(hashed: bytes, *, mainnet: bool) -> bytes:
    """Return what is signed of an action's hash: a phantom agent of a network."""
    return digest(_EXCHANGE, keccak(_AGENTS[mainnet] + hashed))


def digest_of(
    action: Asked,
    *,
    nonce: int,
    mainnet: bool,
    vault_address: str | None = None,
    expires_after: int | None = None,
) -> bytes:
    """Return what is signed of an action, of either kind; SignatureError where nothing can be.

    One that is signed as it stands says the network and the nonce itself: where it says another,
    it is refused.
    """
    kind = _type_of(action)
    if kind == "multiSig":
        raise SignatureError("the action is of several signers: those are signed in another form")
    if kind not in USER_SIGNED:
        hashed = action_hash(
            action, nonce=nonce, vault_address=vault_address, expires_after=expires_after
        )
        return agent_digest(hashed, mainnet=mainnet)
    values = dict(action) if isinstance(action, Mapping) else plain(action)
    if kind == "approveAgent" and values.get("agentName") is None:
        values["agentName"] = ""  # it is signed so
    chain = values.get("signatureChainId")
    if not isinstance(chain, str) or _CHAIN(chain) is None:
        raise SignatureError(f"signatureChainId is {chain!r:.80}: it is a number such as 0x66eee")
    of, here = values.get("hyperliquidChain"), "Mainnet" if mainnet else "Testnet"
    if of != here:
        raise SignatureError(f"hyperliquidChain is {of!r:.80}: this is the {here}")
    said = values.get("time" if "nonce" not in dict(USER_SIGNED[kind].fields) else "nonce")
    if said != nonce:
        raise SignatureError(f"the action is of the nonce {said!r:.80}, it came with {nonce!r:.80}")
    separator = domain("HyperliquidSignTransaction", int(chain, 16))
    return digest(separator, USER_SIGNED[kind].hashed(values))


def sign(
    action: Action,
    key: Key,
    *,
    nonce: int,
    mainnet: bool,
    vault_address: str | None = None,
    expires_after: int | None = None,
) -> Signed:
    """Return an action as it is posted, signed.

    `vault_address` is the vault or sub-account that it is for, `expires_after` the time in
    milliseconds after which it cannot take effect.
    """
    message = digest_of(
        action,
        nonce=nonce,
        mainnet=mainnet,
        vault_address=vault_address,
        expires_after=expires_after,
    )
    return Signed(action, nonce, key.sign(message), vault_address, expires_after)


def signer_of(signed: Signed, *, mainnet: bool) -> str:
    """Return the address that signed a request, in lower case; SignatureError where nobody did.

    Any signature is somebody's: one of another action, nonce, vault, expiry or network is that of
    an address that nobody has. So look the address up.
    """
    message = digest_of(
        signed.action,
        nonce=signed.nonce,
        mainnet=mainnet,
        vault_address=given(signed.vault_address, None),
        expires_after=given(signed.expires_after, None),
    )
    return recover(message, signed.signature)


def recover(message: bytes, signature: Signature) -> str:
    """Return the address that signed a digest; SignatureError where the signature is none."""
    r, s = _scalar(signature.r, "r"), _scalar(signature.s, "s")
    if signature.v not in (27, 28):
        raise SignatureError(f"the signature's v is {signature.v!r:.80}: it is 27 or 28")
    joined = b"".join((r, s, bytes((signature.v - 27,))))
    try:
        found = PublicKey.from_signature_and_message(joined, message, hasher=None)
    except Exception as error:  # the library raises a bare one
        raise SignatureError(f"the signature is no point of the curve: {error}") from error
    return _address_of(found)


# Within


def _type_of(action: Asked) -> str:
    found = action.get("type") if isinstance(action, Mapping) else action.__struct_config__.tag
    if not isinstance(found, str):
        raise SignatureError(f"the action's type is {found!r:.80}: it is a text, as order")
    return found


def _has_fraction(values: Any) -> bool:
    if isinstance(values, Mapping):
        return any(map(_has_fraction, values.values()))
    if isinstance(values, list | tuple):
        return any(map(_has_fraction, values))
    return isinstance(values, float | Decimal)


def _scalar(text: str, what: str) -> bytes:
    if _HEX(text) is None:
        raise SignatureError(
            f"the signature's {what} is {text!r:.80}: it is 0x and at most 64 hexadecimal digits"
        )
    value = int(text, 16)
    if not 0 < value < _ORDER:
        raise SignatureError(
            f"the signature's {what} is {text}: it is above 0, below the curve's n"
        )
    return value.to_bytes(32, "big")


def _address_of(public: PublicKey) -> str:
    return "0x" + keccak(public.format(compressed=False)[1:])[-20:].hex()
