"""Why a journal cannot be used, or was not written."""

from pathlib import Path

import attrs


class JournalError(Exception):
    """A journal cannot be used: says which, why, and what to do."""


class NotWrittenError(JournalError):
    """An event was not written, and so was not told to the book either."""


@attrs.define(eq=False)
class DamagedError(JournalError):
    """The journal is not as it was written; its first `savable` events are.

    `beyond` later ones can be read after the first that is lost: a book can be made of them only
    where a snapshot stands.
    """

    path: Path
    reason: str
    savable: int
    beyond: int = 0

    def __str__(self) -> str:
        """Say what is wrong and what can be saved."""
        wrong = f"{self.path}: the journal is damaged: {self.reason}"
        if not self.savable and not self.beyond:
            return f"{wrong}. No event of a journal can be read from it"
        saved = f"Its first {self.savable:,} event{'' if self.savable == 1 else 's'} can be saved"
        if self.beyond:
            saved += f", and {self.beyond:,} beyond the first that is lost where a snapshot stands"
        return f"{wrong}. {saved}: truebook journal repair"
