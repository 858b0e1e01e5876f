"""What the venue says: frames of its streams, and answers of its info endpoint."""

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, Final, TypeVar

import attrs
from msgspec import Raw

from truebook.audit.reading.shapes import (
    ALL_FILLS,
    ASKED,
    BODY,
    EACH,
    FILL,
    FILLS,
    LIST,
    PLAIN,
    REFUSALS,
    SLICE,
    STATUS,
    TRUTH,
    Asked,
    FillsOf,
    FillsWhole,
)
from truebook.audit.seen import (
    Damaged,
    FillLine,
    Fills,
    MarketsTold,
    OpenOrders,
    PassedOver,
    Place,
    Positions,
    Seen,
    Statuses,
    Truth,
    Unknown,
)
from truebook.impl.venues.hyperliquid import (
    FRAMES,
    ORDERS,
    Reader,
    Unreadable,
    facts,
    given,
    meta,
    orders,
    state,
)

LISTINGS: Final = ("openOrders", "frontendOpenOrders")
FILLS_ASKED: Final = ("userFills", "userFillsByTime")
METAS: Final = ("meta", "metaAndAssetCtxs", "allPerpMetas", "spotMeta", "spotMetaAndAssetCtxs")
OF_FILLS: Final = ("userFills", "user", "userTwapSliceFills")
_Item = TypeVar("_Item")
_ORDER: Final = Reader[orders.Order](orders.Order, "a listed order")
_META: Final = Reader[meta.Meta](meta.Meta, "the markets")
_SPOT: Final = Reader[meta.SpotMeta](meta.SpotMeta, "the spot markets")
_STATE: Final = Reader[state.ClearinghouseState](state.ClearinghouseState, "the positions")
_WEB: Final = Reader[state.FrontendData](state.FrontendData, "what the page shows")


@attrs.define
class VenueWords:
    """Reads what the venue says, of the account that was named last.

    What cannot be read raises one of `REFUSALS`; what of it can is yielded.
    """

    user: str = ""

    def learn(self, user: str) -> str:
        """Note of whom it speaks, and return it."""
        if user:
            self.user = user.lower()
        return self.user

    def frame(self, place: Place, channel: str, data: Raw, at: int | None) -> Iterator[Seen]:
        """Yield what a frame says."""
        raw = bytes(data)
        if channel == "orderUpdates":
            yield from self.statuses(place, LIST(raw), at)
        elif channel in OF_FILLS:
            yield from self._fills(place, raw, at)
        elif channel == "webData2":
            yield from self._web_data(place, raw, at)
        else:
            if channel == "subscriptionResponse":
                self.learn(ASKED(bytes(BODY(raw).subscription)).user)
            yield PassedOver(place=place, what=channel, at=at)

    def _fills(self, place: Place, raw: bytes, at: int | None) -> Iterator[Seen]:
        told: FillsOf | FillsWhole
        try:
            told = whole = FILLS(raw)
            fills: Sequence[FillLine] = whole.fills
        except REFUSALS:
            told = some = EACH(raw)
            fills = yield from _each(place, some.fills, FILL, "a fill")
        self.learn(told.user)
        if told.fills:
            yield self.of_stream(place, fills, at)
        if told.twap_slice_fills:
            yield from self.slices(place, told.twap_slice_fills, at)
        if told.non_user_cancel:
            heard = FRAMES.read(b'{"channel":"user","data":' + raw + b"}")
            found = [one for one in facts.facts_of(heard) if isinstance(one, facts.StatusTold)]
            yield Statuses(place=place, told=found, user=self.user, at=at)
        if not told.fills and not told.twap_slice_fills and not told.non_user_cancel:
            if told.user:  # an account in which nothing was traded
                yield self.of_stream(place, (), at)
            else:
                yield PassedOver(place=place, what="nothing", at=at)

    def of_stream(self, place: Place, fills: Sequence[FillLine], at: int | None) -> Fills:
        """Return fills as those of the account that was named last."""
        return Fills(place=place, fills=fills, user=self.user, at=at, streamed=True)

    def slices(self, place: Place, raws: Sequence[Raw], at: int | None) -> Iterator[Seen]:
        """Yield fills of TWAPs."""
        told = yield from _each(place, raws, SLICE, "a fill of a TWAP")
        yield self.of_stream(place, [one.fill for one in told], at)

    def statuses(self, place: Place, raws: Sequence[Raw | bytes], at: int | None) -> Iterator[Seen]:
        """Yield what became of orders, each as an object of its own."""
        told: list[facts.StatusTold] = []
        for item, raw in enumerate(raws, 1):
            for fact in facts.facts_of(ORDERS.read(bytes(raw))):
                if isinstance(fact, Unreadable):
                    where = attrs.evolve(place, item=item if len(raws) > 1 else 0)
                    yield Damaged(place=where, what=fact.what, why=fact.why)
                elif isinstance(fact, facts.StatusTold):
                    told.append(fact)
        yield Statuses(place=place, told=told, user=self.user, at=at)

    def of_orders(
        self, place: Place, updates: Sequence[orders.OrderUpdate], at: int | None
    ) -> Statuses | None:
        """Return what became of orders; None where one of them cannot be."""
        told = [fact for update in updates for fact in facts.facts_of(update)]
        found = [fact for fact in told if isinstance(fact, facts.StatusTold)]
        if len(found) < len(told):
            return None
        return Statuses(place=place, told=found, user=self.user, at=at)

    def _web_data(self, place: Place, raw: bytes, at: int | None) -> Iterator[Seen]:
        told = _whole(_WEB, raw)
        yield OpenOrders(
            place=place,
            orders=given(told.open_orders, ()),
            user=self.user,
            at=at,
            covers_triggers=True,
        )

    def answer(
        self,
        place: Place,
        raw: bytes,
        asked: Asked | None,
        at: int | None,
        *,
        asked_at: int | None = None,
    ) -> Iterator[Seen]:
        """Yield what an answer of the info endpoint says.

        Where nobody says what was asked, the answer shows it.
        """
        kind = asked.type if asked is not None else _kind_of(raw)
        self.learn(asked.user if asked is not None else "")
        if kind in FILLS_ASKED:
            yield from self._list_of_fills(place, raw, at)
        elif kind == "userTwapSliceFills":
            yield from self.slices(place, LIST(raw), at)
        elif kind in LISTINGS:
            found, lost = _orders(place, LIST(raw))
            yield from lost
            if not lost:
                yield OpenOrders(
                    place=place,
                    orders=found,
                    user=self.user,
                    dex=asked.dex or "" if asked is not None else None,
                    at=at,
                    asked=asked_at,
                    covers_triggers=kind == "frontendOpenOrders",
                )
        elif kind in ("historicalOrders", "orderStatus"):
            name = asked.oid if asked is not None else None
            yield from self._history(place, raw, at, kind, name, asked_at)
        elif kind == "clearinghouseState":
            read = _whole(_STATE, raw)
            told = [p for p in facts.positions_of(read) if isinstance(p, facts.PositionTold)]
            yield Positions(
                place=place,
                told=told,
                user=self.user,
                dex=(asked.dex if asked is not None else None) or "",
                as_of=facts.as_of_state(read),
                at=at,
            )
        elif kind in METAS and not (asked is not None and asked.dex):
            yield from _markets(place, raw, kind)
        else:
            yield PassedOver(place=place, what=f"answer to {kind or 'nothing known'}", at=at)

    def _history(
        self,
        place: Place,
        raw: bytes,
        at: int | None,
        kind: str,
        name: int | str | None,
        asked: int | None,
    ) -> Iterator[Seen]:
        if kind == "historicalOrders":
            yield from self.statuses(place, LIST(raw)[::-1], at)
            return
        told = STATUS(raw)
        if told.status == "order":
            yield from self.statuses(place, (told.order,), at)
        elif told.status == "unknownOid" and name is not None:
            yield Unknown(place=place, name=name, user=self.user, at=at, asked=asked)
        else:
            yield PassedOver(place=place, what=told.status, at=at)

    def _list_of_fills(self, place: Place, raw: bytes, at: int | None) -> Iterator[Seen]:
        try:
            fills: Sequence[FillLine] = ALL_FILLS(raw)
        except REFUSALS:
            fills = yield from _each(place, LIST(raw), FILL, "a fill")
        yield Fills(place=place, fills=fills, user=self.user, at=at)


def _each(
    place: Place, raws: Sequence[Raw], read: Callable[[bytes], _Item], what: str
) -> Generator[Seen, None, list[_Item]]:
    """Return the items of a list that can be read; yield what is said of the others."""
    good: list[_Item] = []
    for item, raw in enumerate(raws, 1):
        try:
            good.append(read(bytes(raw)))
        except REFUSALS as error:
            yield damaged(attrs.evolve(place, item=item), what, error)
    return good


def _kind_of(raw: bytes) -> str:
    """Return what question an answer is of, by its first item; empty where nothing shows it."""
    value = PLAIN(raw)
    one = value[0] if isinstance(value, list) and value else value
    if not isinstance(one, dict):
        return ""
    if "assetPositions" in one:
        return "clearinghouseState"
    if "startPosition" in one:
        return "userFills"
    if "fill" in one:
        return "userTwapSliceFills"
    if "limitPx" in one:
        return "frontendOpenOrders" if "isTrigger" in one else "openOrders"
    if "order" in one and "statusTimestamp" in one:
        return "historicalOrders"
    if one.get("status") in ("order", "unknownOid"):
        return "orderStatus"
    return ""


def _orders(place: Place, rows: Sequence[Raw]) -> tuple[list[orders.Order], list[Damaged]]:
    found: list[orders.Order] = []
    lost: list[Damaged] = []
    for item, row in enumerate(rows, 1):
        one = _ORDER.read(bytes(row))
        if isinstance(one, Unreadable):
            where = attrs.evolve(place, item=item)
            lost.append(Damaged(place=where, what=one.what, why=one.why))
        else:
            found.append(one)
    return found, lost


def truth(place: Place, raw: Raw, at: int | None) -> Seen:
    """Return what was true of an account, as a recording has it."""
    told = TRUTH(bytes(raw))
    return Truth(
        place=place,
        user=told.user.lower(),
        positions=told.positions,
        open=frozenset(order.oid for order in told.open),
        at=at,
    )


def _markets(place: Place, raw: bytes, kind: str) -> Iterator[Seen]:
    if kind.endswith("AndAssetCtxs"):
        raw = bytes(LIST(raw)[0])
    if kind.startswith("spotMeta"):
        yield MarketsTold(place=place, spot=_whole(_SPOT, raw))
    elif kind == "allPerpMetas":
        yield MarketsTold(place=place, perps=[_whole(_META, bytes(one)) for one in LIST(raw)])
    else:
        yield MarketsTold(place=place, perps=[_whole(_META, raw)])


def _whole(reader: Reader[Any], raw: bytes) -> Any:
    """Return a message; ValueError for one that is none."""
    read = reader.read(raw)
    if isinstance(read, Unreadable):
        raise ValueError(read.why)
    return read


def damaged(place: Place, what: str, error: Exception) -> Damaged:
    """Return what could not be read, for an error that says why."""
    why = str(error).splitlines()[0] if str(error) else type(error).__name__
    return Damaged(place=place, what=what, why=why)
