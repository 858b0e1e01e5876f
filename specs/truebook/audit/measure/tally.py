"""What many recordings come to: of each kind of fault how often it was there, visible, found."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from truebook.audit.measure.defect import Defect
from truebook.audit.measure.measured import Measured
from truebook.venue.faults import CAN

KINDS = tuple(f"{message} {do}" for message, some in CAN.items() for do in some)
"""Every kind of fault that there is, in the order of the pages."""


@attrs.define
class Row:
    """A kind of fault: how often it happened, did no harm, could not be seen; was found, missed."""

    name: str
    happened: int = 0
    harmless: int = 0
    unseen: int = 0
    found: int = 0
    missed: int = 0

    @property
    def visible(self) -> int:
        """How often the recording alone shows it."""
        return self.found + self.missed


@attrs.define
class Tally:
    """The rows by their names; why what cannot be seen cannot; and false alarms, by their kind."""

    recordings: int = 0
    fills: int = 0
    requests: int = 0
    findings: int = 0
    rows: dict[str, Row] = attrs.field(factory=dict)
    unseen: Counter[str] = attrs.field(factory=Counter)
    missed: list[str] = attrs.field(factory=list)
    false: list[str] = attrs.field(factory=list)

    @classmethod
    def of(cls, some: Iterable[Measured]) -> "Tally":
        """Return what recordings come to."""
        tally = cls()
        for one in some:
            tally.add(one)
        return tally

    def add(self, one: Measured) -> None:
        """Count a recording."""
        self.recordings += 1
        self.fills += one.fills
        self.requests += one.requests
        self.findings += one.findings
        by_line: dict[int, list[Defect]] = {}
        for defect in one.defects:
            by_line.setdefault(defect.line, []).append(defect)
            if not defect.is_visible:
                self.unseen[defect.why] += 1
        for line, name in one.faults:
            self._count(name, by_line.get(line, ()), one)
        for defect in by_line.get(0, ()):
            self._count(defect.cause, (defect,), one)
        self.missed += (f"{one.name}: {defect.cause}: {defect.what}" for defect in one.missed)
        self.false += (f"{found.place}: {found.kind}: {found.words}" for found in one.false)

    def _count(self, name: str, defects: Sequence[Defect], one: Measured) -> None:
        row = self.rows.setdefault(name, Row(name))
        row.happened += 1
        if any(defect in one.missed for defect in defects):
            row.missed += 1
        elif any(defect.is_visible for defect in defects):
            row.found += 1
        elif defects:
            row.unseen += 1
        else:
            row.harmless += 1

    @property
    def all(self) -> Row:
        """The rows together."""
        whole = Row("all")
        for row in self.rows.values():
            for name in ("happened", "harmless", "unseen", "found", "missed"):
                setattr(whole, name, getattr(whole, name) + getattr(row, name))
        return whole

    @property
    def is_right(self) -> bool:
        """Whether nothing was missed, and no alarm was false."""
        return not self.missed and not self.false

    def in_order(self) -> Iterator[Row]:
        """Yield the rows: faults as the venue has them, then the others by their names."""
        others = sorted(self.rows.keys() - set(KINDS))
        for name in (*KINDS, *others):
            if name in self.rows:
                yield self.rows[name]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        rows = [attrs.asdict(row) | {"visible": row.visible} for row in self.in_order()]
        return {
            "recordings": self.recordings,
            "fills": self.fills,
            "requests": self.requests,
            "findings": self.findings,
            "rows": rows,
            "not_visible": dict(sorted(self.unseen.items())),
            "missed": self.missed,
            "false_alarms": self.false,
        }
