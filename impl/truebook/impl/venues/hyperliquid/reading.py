"""From bytes to messages: what cannot be read is a fact too, with its text, and never an error."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, Generic, TypeAlias, TypeVar

import attrs
import msgspec

from truebook.impl.venues.hyperliquid import wire

_Message = TypeVar("_Message")

Raw: TypeAlias = bytes | str
"""A message as it came."""

_REFUSALS: Final = (msgspec.MsgspecError, ValueError, RecursionError)
"""What decoding says of damage: no JSON, no UTF-8, another shape, nested too deeply."""


@attrs.frozen
class Unreadable:
    """A message, or a part of one, that could not be read: its text, and why.

    `what` is what it was to be. Bytes that are no UTF-8 are shown as escapes.
    """

    what: str
    raw: str = attrs.field(repr=lambda raw: f"{raw:.80}")
    why: str

    @classmethod
    def of(cls, what: str, raw: Raw, why: object) -> "Unreadable":
        """Return what became of a text, for a reason, or an error that says it."""
        return cls(what, shown(raw), str(why) or type(why).__name__)


class Reader(Generic[_Message]):
    """Reads messages of one type; made once, since that compiles its decoder.

    `what` names the messages in what could not be read.
    """

    __slots__ = ("_decode", "_type", "what")

    def __init__(self, of: Any, what: str) -> None:
        self.what = what
        self._type = of
        self._decode = msgspec.json.Decoder(of, float_hook=Decimal).decode

    def read(self, raw: Raw) -> _Message | Unreadable:
        """Return a message, or what says why it is none; nothing is raised for any text."""
        try:
            return self._decode(raw)  # type: ignore[no-any-return]
        except _REFUSALS:
            pass
        try:  # it may have fields that are not known
            return self._convert(wire.plain_of(raw))
        except _REFUSALS as error:
            return Unreadable.of(self.what, raw, error)

    def read_plain(self, value: Any) -> _Message | Unreadable:
        """Return a message that is plain values already, as a client of others has it."""
        try:
            return self._convert(value)
        except _REFUSALS as error:
            return Unreadable.of(self.what, text_of(value), error)

    def _convert(self, value: Any) -> _Message:
        put = wire.put_away(value, wire.kind_of(self._type))
        return msgspec.convert(put, self._type)  # type: ignore[no-any-return]

    def read_each(self, raw: Raw) -> tuple[Sequence[_Message], Sequence[Unreadable]]:
        """Return the messages of a list, and those of its items that are damaged.

        For lists whose items are each true by themselves, as fills; not for a listing, which says
        something by what it lacks.
        """
        try:
            values = wire.plain_of(raw)
        except _REFUSALS as error:
            return (), (Unreadable.of(self.what, raw, error),)
        return self.each(values, raw)

    def each(self, values: Any, raw: Raw = "") -> tuple[Sequence[_Message], Sequence[Unreadable]]:
        """Return what `read_each` does, of plain values; `raw` is their text, if it is known."""
        if not isinstance(values, list):
            text = raw or text_of(values)
            return (), (Unreadable.of(self.what, text, "Expected `array`"),)
        found: list[_Message] = []
        damaged: list[Unreadable] = []
        for value in values:
            one = self.read_plain(value)
            if isinstance(one, Unreadable):
                damaged.append(one)
            else:
                found.append(one)
        return found, damaged


def shown(raw: Raw) -> str:
    """Return what came as a text; bytes that are no UTF-8 as escapes."""
    return raw if isinstance(raw, str) else bytes(raw).decode("utf-8", "backslashreplace")


def text_of(value: Any) -> str:
    """Return plain values as the JSON that they may have been."""
    try:
        return wire.write(value).decode()
    except Exception:  # whatever it is, it is to be shown
        return repr(value)
