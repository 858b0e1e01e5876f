"""What an audit of some files comes to."""

from collections.abc import Mapping
from pathlib import Path

from truebook.audit.auditor import Auditor
from truebook.audit.finding import Finding, Kind
from truebook.audit.reading import read


def audited(folder: Path, files: Mapping[str, bytes]) -> Auditor:
    """Return the audit of files with these names and bytes."""
    auditor = Auditor()
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content)
        for seen in read(path, name=name):
            auditor.take(seen)
    auditor.finish()
    return auditor


def found(auditor: Auditor, kind: Kind) -> list[Finding]:
    """Return the findings of a kind."""
    return [one for one in auditor.findings() if one.kind is kind]
