"""A defect of a recording: what caused it, and the findings of which any shows it."""

import re
from typing import Final

import attrs

from truebook.audit.finding import Finding, Kind

_NAMES: Final = re.compile(r"0x[0-9a-f]{32}|\b\d{5,}\b(?!\.)")


@attrs.frozen(kw_only=True)
class Expected:
    """A finding that shows a defect: of a kind, and in a market, at lines or naming an order.

    `within`: it is a fill that lies within others, so that it names no other line and no order.
    """

    kind: Kind
    market: str = ""
    lines: frozenset[int] = frozenset()
    until: frozenset[int] = frozenset()
    within: bool = False
    names: frozenset[str] = frozenset()

    def is_met(self, finding: Finding) -> bool:
        """Return whether a finding is such a one."""
        if finding.kind is not self.kind or (self.market and finding.market != self.market):
            return False
        if self.within and (finding.until is not None or named(finding)):
            return False
        if self.until and (finding.until is None or finding.until.line not in self.until):
            return False
        if self.lines and finding.place.line in self.lines:
            return True
        return not self.lines if not self.names else not self.names.isdisjoint(named(finding))


@attrs.frozen(kw_only=True)
class Defect:
    """What is wrong in a recording, by what: a fault (at its line), or the bot.

    It is visible where any of the `expected` findings shows it; else `why` says why it is not.
    """

    cause: str
    what: str
    line: int = 0
    expected: tuple[Expected, ...] = ()
    why: str = ""

    @property
    def is_visible(self) -> bool:
        """Whether the recording alone shows it."""
        return bool(self.expected)

    def is_found(self, findings: "list[Finding]") -> bool:
        """Return whether any finding shows it."""
        return any(one.is_met(finding) for one in self.expected for finding in findings)


def named(finding: Finding) -> set[str]:
    """Return the oids and cloids that a finding names."""
    return set(_NAMES.findall(finding.words))
