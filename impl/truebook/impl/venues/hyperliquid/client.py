"""The venue as `SafetySync` asks it, of one market, over whatever carries questions and actions."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final, Protocol

import attrs

from truebook.impl.account import MarketKey
from truebook.impl.book import ZERO, Oid, checks
from truebook.impl.sync import (
    CancelAnswer,
    VenueFill,
    VenueFills,
    VenueListing,
    VenuePosition,
    VenueStatus,
)
from truebook.impl.venues.hyperliquid import questions
from truebook.impl.venues.hyperliquid.actions import Action, Cancel, CancelOrders
from truebook.impl.venues.hyperliquid.answered import NOT_OPEN, is_certain
from truebook.impl.venues.hyperliquid.answers import CancelResponse, Done, Failed, Outcome
from truebook.impl.venues.hyperliquid.facts import (
    FillTold,
    PositionTold,
    StatusTold,
    as_of_state,
    balances_of,
    facts_of,
    positions_of,
)
from truebook.impl.venues.hyperliquid.fills import Fill
from truebook.impl.venues.hyperliquid.listings import listed
from truebook.impl.venues.hyperliquid.markets import Market, Markets, key_of
from truebook.impl.venues.hyperliquid.orders import KnownOrder
from truebook.impl.venues.hyperliquid.questions import TO_INFO, Question
from truebook.impl.venues.hyperliquid.readers import ANSWERS, fills_of
from truebook.impl.venues.hyperliquid.reading import Raw, Unreadable, shown

PAGE: Final = 2_000
"""How many fills an answer has at most."""
PAGES: Final = 10
"""How many pages one question asks for; the venue has no more."""
BALANCES: Final = 5
"""How often a balance is asked for, until nothing trades meanwhile."""


class Transport(Protocol):
    """What carries questions and actions to the venue, and answers back as they came.

    An error of any kind is raised; it proves nothing.
    """

    async def ask(self, question: Question) -> Raw:
        """Return the answer of the info endpoint."""
        ...

    async def act(self, action: Action) -> Raw:
        """Sign an action and send it, once; return the answer of the exchange endpoint."""
        ...


class UnreadableAnswerError(ConnectionError):
    """An answer that could not be read: it proves nothing; `unreadable` has its text."""

    def __init__(self, unreadable: Unreadable) -> None:
        super().__init__(f"{unreadable.what} cannot be read: {unreadable.why}")
        self.unreadable = unreadable


@attrs.frozen(kw_only=True)
class MarketClient:
    """A `VenueClient` of one market of an account; `user` is the account's address.

    Give the book's `SafetySync` a clock in the book's unit; the venue's times are milliseconds.
    """

    transport: Transport
    user: str
    market: Market
    sub_account: str = ""

    @property
    def key(self) -> MarketKey:
        """What the market is called in an account."""
        return key_of(self.market.coin, sub_account=self.sub_account)

    async def open_orders(self) -> VenueListing:
        """Return the open orders of the market, those that wait among them."""
        question = questions.FrontendOpenOrders(self.user, self.key.dex)
        rows = listed(await self._asked(question), sub_account=self.sub_account)
        mine = [order for key, order in rows if key == self.key]
        return VenueListing(mine, scope=str(self.key), covers_triggers=True)

    async def position(self) -> VenuePosition:
        """Return the position, of a spot market the balance of its token.

        ValueError where nobody can say as of when it is: see `_balance`.
        """
        if self.market.base:
            return await self._balance()
        told, as_of = await self._state()
        return VenuePosition(self._mine(told), as_of=as_of)

    async def fills_since(self, time: int) -> VenueFills:
        """Return the fills of this millisecond or later, page by page.

        A page begins with the millisecond with which the one before ended, as that may have more
        of it. Not complete: one of the fills is damaged, or the venue has no more pages.
        """
        found: dict[object, FillTold] = {}
        whole = True
        for _ in range(PAGES):
            question = questions.UserFillsByTime(self.user, start_time=time)
            read = fills_of(await self.transport.ask(question))
            told = self._fills(read.fills)
            found |= {(one.key, one.time, one.tid, one.oid): one for one in told}
            whole = whole and not read.damaged and len(told) == len(read.fills)
            newest = max((fill.time for fill in read.fills), default=time)
            if len(read.fills) + len(read.damaged) < PAGE:
                break
            if newest <= time:  # so many in one millisecond: no question has the others
                whole = False
                break
            time = newest
        else:
            whole = False
        mine = [_of_venue(one) for one in found.values() if one.key == self.key]
        return VenueFills(mine, complete=whole)

    async def order_status(self, id: Oid) -> VenueStatus | None:
        """Return what is known of an oid or a cloid; None: nothing, which proves little.

        ValueError for an answer that is of another market.
        """
        number = _number(id)
        answer = await self._asked(
            questions.OrderStatus(self.user, id if number is None else number)
        )
        if not isinstance(answer, KnownOrder):
            return None
        (told,) = facts_of(answer, sub_account=self.sub_account)
        if not isinstance(told, StatusTold):
            assert isinstance(told, Unreadable)
            raise UnreadableAnswerError(told)
        if told.key != self.key:
            raise ValueError(f"the venue answered of {told.key}, asked for {id!r} of {self.key}")
        filled = told.filled(reduces=told.reduce_only is not False)
        return VenueStatus(told.oid, told.word, told.cloid, filled, told.status)

    async def cancel(self, oid: Oid) -> CancelAnswer:
        """Cancel an order; ValueError for an oid that is no number of the venue's."""
        number = _number(oid)
        if number is None:
            raise ValueError(f"{oid!r} is no oid of this venue")
        raw = await self.transport.act(CancelOrders([Cancel(self.market.asset, number)]))
        match ANSWERS.read(raw):
            case Unreadable() as unread:
                raise UnreadableAnswerError(unread)
            case Failed(response=error) if is_certain(error):
                return CancelAnswer.REJECTED
            case Done(response=CancelResponse(data=data)):
                match data.statuses:
                    case ["success"]:
                        return CancelAnswer.CONFIRMED
                    case [Outcome(error=str(error))]:
                        over = error.startswith(NOT_OPEN)
                        return CancelAnswer.NOT_OPEN if over else CancelAnswer.REJECTED
        raise ConnectionError(f"the venue answered {shown(raw):.200} to a cancel")

    async def _state(self) -> tuple[Sequence[PositionTold | Unreadable], int]:
        """Return the positions of the dex, and before when the fills are that they have."""
        state = await self._asked(questions.ClearinghouseState(self.user, self.key.dex))
        as_of = as_of_state(state)
        if as_of is None:
            raise ValueError("the venue did not say as of when the positions are")
        return positions_of(state, sub_account=self.sub_account), as_of

    async def _balance(self) -> VenuePosition:
        """Return the balance of the token, as of a time at which nothing was traded.

        The venue tells no time of it. So the time is asked for before and after: where no fill is
        of the time between, the balance has the fills before, and no other. While more trades it
        is asked for again; ValueError where that does not end.
        """
        _, first = await self._state()
        for _ in range(BALANCES):
            state = await self._asked(questions.SpotClearinghouseState(self.user))
            _, last = await self._state()
            between = await self.fills_since(first)
            if between.complete and not any(fill.time < last for fill in between.fills):
                told = balances_of(state, self._markets, sub_account=self.sub_account)
                return VenuePosition(self._mine(told), as_of=last)
            first = last
        raise ValueError(
            f"{self.market.coin} trades all the time, so that nobody can say of when its balance is"
        )

    def _mine(self, told: Iterable[PositionTold | Unreadable]) -> Decimal:
        """Return the position of the market; ConnectionError where one cannot be read."""
        found = ZERO
        for one in told:
            if isinstance(one, Unreadable):
                raise UnreadableAnswerError(one)
            if one.key == self.key:
                found = one.position
        return found

    @property
    def _markets(self) -> Markets:
        return Markets([self.market])

    async def _asked(self, question: Question) -> Any:
        raw = await self.transport.ask(question)
        answer = TO_INFO[questions.word_of(type(question))].read(raw)
        if isinstance(answer, Unreadable):
            raise UnreadableAnswerError(answer)
        return answer

    def _fills(self, told: Sequence[Fill]) -> list[FillTold]:
        facts = facts_of(list(told), markets=self._markets, sub_account=self.sub_account)
        return [one for one in facts if isinstance(one, FillTold)]


def _number(id: Oid) -> int | None:
    """Return an id as the venue's number; None for one that is none, as a cloid."""
    return checks.digits(id) if isinstance(id, str) else id


def _of_venue(fill: FillTold) -> VenueFill:
    return VenueFill(
        fill.oid,
        fill.tid,
        size=fill.size,
        price=fill.price,
        is_buy=fill.is_buy,
        time=fill.time,
        cloid=fill.cloid,
        crossed=fill.crossed,
        fee_in_base=fill.fee_in_base,
    )
