"""What the book has said and nobody has drained yet, and what it says once."""

from collections import deque

import attrs

from truebook.impl.book.results import Attention, EventsDropped


@attrs.define
class Log:
    """At most `most` events; the oldest go first, and `dropped` is how many went.

    `set_back` is the latest time at which a clock set back was last reported, `odd_forms` what was
    reported to come in another form than the book keeps.
    """

    most: int
    events: deque[Attention] = attrs.field(factory=deque)
    dropped: int = 0
    set_back: int | None = None
    odd_forms: set[str] = attrs.field(factory=set)

    def note(self, event: Attention) -> None:
        """Keep an event until it is drained."""
        if len(self.events) == self.most:
            self.events.popleft()
            self.dropped += 1
        self.events.append(event)

    def drain(self) -> tuple[Attention, ...]:
        """Return the events kept, oldest first, and keep them no longer."""
        events = tuple(self.events)
        self.events.clear()
        if self.dropped:
            events = (EventsDropped(self.dropped), *events)
            self.dropped = 0
        return events

    def copy(self) -> "Log":
        """Return the same, sharing nothing that changes."""
        events, odd = self.events.copy(), self.odd_forms.copy()
        return Log(self.most, events, self.dropped, self.set_back, odd)
