"""Hashes that are signed: Keccak-256, and EIP-712 of flat structs, which is all that the venue has.

Needs `pip install 'truebook[hyperliquid-signing]'`.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import attrs
from Crypto.Hash import keccak as _keccak

_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}").fullmatch
_WORD: Final = 32
MOST: Final = (1 << 64) - 1
"""The largest whole number that is signed: those of the venue have 64 bits."""


class SignatureError(ValueError):
    """What cannot be signed, or is signed by nobody: it says what is wrong with it."""


def keccak(data: bytes) -> bytes:
    """Return the Keccak-256 of bytes, 32 of them."""
    return _keccak.new(digest_bits=256, data=data).digest()


def address_bytes(address: Any, what: str) -> bytes:
    """Return the 20 bytes of an address; SignatureError for anything else."""
    if not isinstance(address, str) or _ADDRESS(address) is None:
        raise SignatureError(
            f"{what} is {address!r:.80}: an address is 0x and 40 hexadecimal digits"
        )
    return bytes.fromhex(address[2:])


def whole(value: Any, what: str) -> int:
    """Return a whole number of 64 bits; SignatureError for anything else."""
    if type(value) is not int or not 0 <= value <= MOST:
        raise SignatureError(f"{what} is {value!r:.80}: it is a whole number from 0 to 2**64 - 1")
    return value


def _text(value: Any, what: str) -> bytes:
    if not isinstance(value, str):
        raise SignatureError(f"{what} is {value!r:.80}: it is a text")
    try:
        return keccak(value.encode())
    except UnicodeEncodeError as error:
        raise SignatureError(f"{what} is no text that can be written: {error}") from error


def _flag(value: Any, what: str) -> bytes:
    if type(value) is not bool:
        raise SignatureError(f"{what} is {value!r:.80}: it is true or false")
    return value.to_bytes(_WORD, "big")


_ENCODED: Final[dict[str, Callable[[Any, str], bytes]]] = {
    "string": _text,
    "address": lambda value, what: address_bytes(value, what).rjust(_WORD, b"\0"),
    "uint64": lambda value, what: whole(value, what).to_bytes(_WORD, "big"),
    "bool": _flag,
}
"""What a field of each kind is in a struct that is hashed: 32 bytes."""


@attrs.frozen
class Struct:
    """A struct as EIP-712 has it: its name, its fields with their kinds, in their order."""

    name: str
    fields: tuple[tuple[str, str], ...]
    type_hash: bytes = attrs.field(init=False, repr=False)

    @type_hash.default
    def _hashed(self) -> bytes:
        fields = ",".join(f"{kind} {name}" for name, kind in self.fields)
        return keccak(f"{self.name}({fields})".encode())

    def hashed(self, values: Mapping[str, Any]) -> bytes:
        """Return the hash of values; SignatureError where one is missing, or of another kind."""
        parts = [self.type_hash]
        for name, kind in self.fields:
            if name not in values:
                raise SignatureError(f"{self.name} has no {name}: it is signed with one")
            parts.append(_ENCODED[kind](values[name], name))
        return keccak(b"".join(parts))


def digest(separator: bytes, struct_hash: bytes) -> bytes:
    """Return what is signed of a struct, in a domain."""
    return keccak(b"\x19\x01" + separator + struct_hash)


@cache
def domain(name: str, chain: int) -> bytes:
    """Return the separator of a domain of version 1 on a chain, with no contract."""
    kind = keccak(
        b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    )
    parts = (kind, keccak(name.encode()), keccak(b"1"), chain.to_bytes(_WORD, "big"), bytes(_WORD))
    return keccak(b"".join(parts))
