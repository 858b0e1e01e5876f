"""What an audit of some files comes to."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from truebook.audit.auditor import Auditor
from truebook.audit.finding import Finding, Kind
from truebook.audit.ledger import BooksNeededError
from truebook.audit.reading import read
from truebook.audit.report import json_of, summary_of
from truebook.audit.seen import FillLines, Frames, Seen


def audited(folder: Path, files: Mapping[str, bytes]) -> Auditor:
    """Return the audit of files with these names and bytes; without books it says the same."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    auditor = _audited(folder, files, books=True)
    with suppress(BooksNeededError):
        other = _audited(folder, files, books=False)
        assert said(other) == said(auditor)
    return auditor


def _audited(folder: Path, files: Iterable[str], *, books: bool) -> Auditor:
    auditor = Auditor(books=books)
    for name in files:
        for seen in read(folder / name, name=name):
            auditor.take(seen)
    auditor.finish()
    return auditor


def said(auditor: Auditor) -> str:
    """Return what a finished audit says, as JSON."""
    return json.dumps(json_of(summary_of(auditor, ["files"])), indent=1)


def found(auditor: Auditor, kind: Kind) -> list[Finding]:
    """Return the findings of a kind."""
    return [one for one in auditor.findings() if one.kind is kind]


def slowly(seen: Seen) -> Iterator[Seen]:
    """Yield what is read at once as it is read by itself."""
    if isinstance(seen, FillLines | Frames):
        for at in range(len(seen.fills if isinstance(seen, FillLines) else seen.frames)):
            yield from seen.again(at)
    else:
        yield seen
