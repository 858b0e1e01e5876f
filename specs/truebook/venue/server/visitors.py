"""What each address may have and do over websockets: the venue's own numbers, and its words."""

from collections import Counter, deque

import attrs

MINUTE = 60.0


@attrs.frozen(kw_only=True)
class WireLimits:
    """Limits of an address, over all of its websockets.

    So many connections, subscriptions and accounts they are about, messages that it sends in a
    minute, and requests posted over one that have no answer yet.
    """

    connections: int = 10
    subscriptions: int = 1_000
    users: int = 15
    messages: int = 2_000
    posts: int = 100


@attrs.define(eq=False)
class Visitor:
    """An address, and what it has."""

    limits: WireLimits
    connections: int = 0
    subscriptions: int = 0
    users: Counter[str] = attrs.field(factory=Counter)
    _sent: deque[float] = attrs.field(factory=deque)

    def why_not_send(self, now: float) -> str:
        """Count a message; return why it is not heard, empty: it is."""
        while self._sent and self._sent[0] <= now - MINUTE:
            self._sent.popleft()
        if len(self._sent) >= self.limits.messages:
            return f"Cannot send more than {self.limits.messages} messages per minute."
        self._sent.append(now)
        return ""

    def why_not_subscribe(self, user: str) -> str:
        """Return why a subscription about an account (or none) is refused; empty: it is not."""
        if self.subscriptions >= self.limits.subscriptions:
            return f"Cannot subscribe to more than {self.limits.subscriptions} channels."
        if user and user not in self.users and len(self.users) >= self.limits.users:
            return f"Cannot track more than {self.limits.users} total users."
        return ""

    def subscribed(self, user: str) -> None:
        """Count a subscription."""
        self.subscriptions += 1
        if user:
            self.users[user] += 1

    def unsubscribed(self, user: str) -> None:
        """Count a subscription less."""
        self.subscriptions -= 1
        if user:
            self.users[user] -= 1
            if not self.users[user]:
                del self.users[user]


@attrs.define
class Visitors:
    """Who visits, by address."""

    limits: WireLimits = attrs.field(factory=WireLimits)
    _known: dict[str, Visitor] = attrs.field(factory=dict)

    def come(self, address: str) -> Visitor | None:
        """Return who connects; None where he has as many connections as he may."""
        visitor = self._known.setdefault(address, Visitor(self.limits))
        if visitor.connections >= self.limits.connections:
            return None
        visitor.connections += 1
        return visitor
