"""What reading any bytes is held to: nothing is raised, nothing around them is lost."""

import json
from pathlib import Path

from audited import said, slowly
from fills_told import Step, frame, line, told
from truebook.audit.auditor import Auditor
from truebook.audit.jobs import Task, fold, joined
from truebook.audit.ledger import BooksNeededError
from truebook.audit.reading import NotApartError, read
from truebook.audit.report import json_of, summary_of
from truebook.audit.seen import Fills
from truebook.audit.share import Share
from truebook.impl.venues.hyperliquid import (
    ACTIONS,
    ANSWERS,
    FRAMES,
    ORDERS,
    QUESTIONS,
    REQUESTS,
    Unreadable,
    facts,
)

COIN = "BETWEEN"
"""A market of which the drawn bytes say nothing, but for a very lucky guess."""
_FILLS = told([Step(1, 1, False)] * 42, coin=COIN)
BEFORE = b"".join(line(fill) for fill in _FILLS[:40]) + frame(_FILLS[40:41])
AFTER = frame(_FILLS[41:42])


def held(data: bytes, path: Path) -> None:
    """Hold the readers to their promises with these bytes; `path` is a file to be written over."""
    _messages(data)
    path.write_bytes(data)
    _slowly(path)
    path.write_bytes(BEFORE + data + b"\n" + AFTER)
    slow, ours = _slowly(path)
    last = (BEFORE + data + b"\n").count(b"\n") + 1
    assert {*range(1, BEFORE.count(b"\n") + 1), last} <= ours, "a good line around them is lost"
    fast = Auditor(books=False)
    try:
        for seen in read(path, name="f"):
            fast.take(seen)
        fast.finish()
    except BooksNeededError:
        return
    assert said(fast) == said(slow), "taken many at once, the lines say something else"
    try:
        shares = [Share(number, 2, {COIN: 1}) for number in range(2)]
        parts = [fold(Task([path], None, share), lambda *words: None) for share in shares]
        shared = joined(parts)
        shared.finish()
    except (BooksNeededError, NotApartError):
        return
    assert _nameless(said(shared), path) == said(fast), "shared out, they say something else"


def _nameless(text: str, path: Path) -> str:
    """Return what was said of a file as if it were called `f`."""
    return text.replace(json.dumps(str(path)), '"f"').replace(f"{path}:", "f:")


def _messages(data: bytes) -> None:
    for reader in (ACTIONS, ANSWERS, FRAMES, ORDERS, QUESTIONS, REQUESTS):
        message = reader.read(data)
        if reader in (FRAMES, ORDERS) and not isinstance(message, Unreadable):
            list(facts.facts_of(message))


def _slowly(path: Path) -> tuple[Auditor, set[int]]:
    """Return the audit of a file, line by line, and the lines of the fills around."""
    auditor, ours = Auditor(), set()
    for read_at_once in read(path, name="f"):
        for seen in slowly(read_at_once):
            auditor.take(seen)
            if isinstance(seen, Fills) and any(fill.coin == COIN for fill in seen.fills):
                ours.add(seen.place.line)
    auditor.finish()
    json_of(summary_of(auditor, ["f"]))
    return auditor, ours
