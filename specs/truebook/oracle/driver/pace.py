"""How fast a subject answers, and what would make a run of a slow one faster."""

import attrs

from truebook.specs.words import counted

SLOW = 0.002
"""Seconds a message from which on a subject is slow: the oracle itself takes a thirtieth."""
LONG = 1.0
"""Seconds of waiting from which on it is worth a word."""


@attrs.define
class Pace:
    """What was asked of a subject, and the seconds that its answers took.

    `spared` are the messages that one that takes several events at once would not have been asked.
    """

    messages: int = 0
    seconds: float = 0.0
    spared: int = 0

    def add(self, other: "Pace") -> None:
        """Add what another conversation with the subject took."""
        self.messages += other.messages
        self.seconds += other.seconds
        self.spared += other.spared

    def advice(self, *, batch: bool, jobs: int) -> str:
        """Return what would make a run of a slow subject faster; nothing where it is not slow.

        `batch`: it takes several events at once; `jobs`: so many of it ran side by side.
        """
        each = self.seconds / max(self.messages, 1)
        if each < SLOW or self.seconds < LONG:
            return ""
        said = (
            f"the adapter takes {each * 1000:,.0f} ms a message: {self.seconds:,.0f} s were spent "
            f"on its answers to {counted(self.messages, 'message')}"
        )
        if not batch:
            said += f"; {self._batched(each)}"
        if jobs == 1:
            said += "; --jobs tells the vectors to several of it side by side"
        return said

    def _batched(self, each: float) -> str:
        feature = "with the feature `batch` (docs/protocol.md)"
        if not self.spared:
            return f"{feature} it would be asked as many: no step told here has several events"
        saved = self.spared * each
        return (
            f"{feature} it would be asked {self.spared:,} fewer, since several events that happen "
            f"at once are then one message: about {saved:,.0f} s less"
        )
