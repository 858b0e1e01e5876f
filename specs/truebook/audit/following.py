"""An audit of files that grow: what is found is said when it is; the report comes at the end."""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs
import click

from truebook.audit.auditor import Auditor
from truebook.audit.finding import Finding
from truebook.audit.reading import Dates, Growing, kind_of, read
from truebook.audit.seen import Place, Remark, Seen

EVERY: Final = 0.25
"""Seconds between two looks at the files."""

Say = Callable[[Sequence[Finding], Sequence[Finding]], None]
"""Told what was found since, and what is no more so, as where a fill was late and not missing."""


@attrs.define
class Following:
    """Files that are read as they grow, once what is there is read; `ended` ends it."""

    say: Say
    remark: Callable[[str], None]
    ended: threading.Event
    auditor: Auditor = attrs.field(factory=Auditor)
    growing: list[Growing] = attrs.field(factory=list)
    _said: dict[Finding, None] = attrs.field(factory=dict)

    def catch_up(self, files: Iterable[Path], dates: Dates | None) -> Iterator[Place]:
        """Read what is there, and yield how far that is.

        Files that do not grow line by line are read once. CannotReadError where one cannot be read.
        """
        for path in files:
            one = None if kind_of(path) else Growing.of(path)
            if one is not None:
                self.growing.append(one)
            for seen in read(path, dates=dates) if one is None else one.more():
                self.auditor.take(seen)
                yield seen.place
                if self.ended.is_set():
                    words = f"it is not read behind line {seen.place.line}: you ended the audit"
                    self.auditor.take(Remark(place=seen.place, words=words))
                    self.close()
                    self.growing.clear()
                    return
        self.tell()

    def go_on(self) -> None:
        """Read what comes, until it is to end; CannotReadError where a file can be read no more."""
        while not self.ended.wait(EVERY):
            self._look()
        self._look()
        for one in self.growing:
            self._take(one.end())

    def close(self) -> None:
        """Read the files no more."""
        for one in self.growing:
            one.close()

    def _look(self) -> None:
        news = sum(self._take(one.more()) for one in self.growing)
        if news:
            self.tell()

    def _take(self, told: Iterable[Seen]) -> int:
        """Take what a file says; return how much that was."""
        count = 0
        for seen in told:
            count += 1
            self.auditor.take(seen)
            if isinstance(seen, Remark):
                self.remark(f"{seen.place.file}: {seen.words}")
        return count

    def tell(self) -> None:
        """Say what was found since, as far as it would be so if nothing more came."""
        found = dict.fromkeys(so_far(self.auditor))
        new = [one for one in found if one not in self._said]
        gone = [one for one in self._said if one not in found]
        if new or gone:
            self.say(new, gone)
        self._said = found


def so_far(auditor: Auditor) -> list[Finding]:
    """Return what an audit would find if nothing more came; it goes on as it is."""
    accounts = {
        user: attrs.evolve(
            account,
            fills={
                coin: attrs.evolve(ledger, chain=ledger.chain.settled())
                for coin, ledger in account.fills.items()
            },
        )
        for user, account in auditor.accounts.items()
    }
    as_it_is = attrs.evolve(auditor, accounts=accounts, found=[*auditor.found])
    as_it_is.finish()
    return as_it_is.findings()


def refuse_what_cannot_grow(files: Sequence[Path]) -> None:
    """Refuse files none of which can be followed; UsageError says why."""
    kinds = {path: kind_of(path) for path in files}
    if all(kinds.values()):
        why = "; ".join(f"{path} is {kind}" for path, kind in kinds.items())
        raise click.UsageError(
            f"--follow needs a file of plain lines of JSON, to which lines come: {why}"
        )


@contextmanager
def until_interrupted() -> Iterator[threading.Event]:
    """Lend what the first interrupt, or SIGTERM, sets; the second does what the first else would.

    Outside of the main thread, where no signal can be heard, nothing sets it.
    """
    ended = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield ended
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def end(number: int, frame: object) -> None:
        ended.set()
        for one, handler in before.items():
            signal.signal(one, handler)

    for number in before:
        signal.signal(number, end)
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
