"""The table rule × property: which properties break when each rule is switched off."""

from collections.abc import Iterator, Sequence
from typing import Any

from truebook.model.rules import RULES
from truebook.screen.layout import Block, Either, Line, line
from truebook.specs.explore import Report
from truebook.specs.properties import PROPERTY_NAMES, Violated


def broken_by(report: Report) -> dict[str, int]:
    """Return the properties that a report breaks, with the lengths of their traces."""
    return {
        name: len(verdict.trace)
        for name, verdict in report.properties.items()
        if isinstance(verdict, Violated)
    }


def blocks(reports: dict[str, Report]) -> Iterator[Block]:
    """Yield the table, or where it is too wide what breaks by rule; then what rules say."""
    told = [rule for rule in RULES if rule.name in reports]
    yield Either(tuple(_table(reports)), tuple(_list(reports)))
    yield line("What each rule prevents:")
    for rule in told:
        yield Line(f"  {rule.name}: ", rule.prevents)


def _table(reports: dict[str, Report]) -> Iterator[Line]:
    numbers = [f"{n:>3}" for n in range(1, len(PROPERTY_NAMES) + 1)]
    widest = max(len(rule.name) for rule in RULES)
    yield Line(f"{'without':<{widest}} {' '.join(numbers)}")
    for rule in RULES:
        if rule.name in reports:
            broken = broken_by(reports[rule.name])
            cells = [f"{broken.get(name, '·'):>3}" for name in PROPERTY_NAMES]
            yield Line(f"{rule.name:<{widest}} {' '.join(cells)}".rstrip())
    yield Line("")
    yield Line("A number is the length of the shortest trace that breaks the property; · it holds.")
    for n, name in enumerate(PROPERTY_NAMES, 1):
        yield Line(f"{n:>3} {name}")
    yield Line("")


def _list(reports: dict[str, Report]) -> Iterator[Line]:
    yield line("Without each rule, what breaks, and the length of the shortest trace:")
    for rule in RULES:
        if rule.name in reports:
            broken = broken_by(reports[rule.name])
            said = ", ".join(f"{name} {length}" for name, length in broken.items())
            yield Line(f"  {rule.name}: ", said or "nothing")
    yield Line("")


def needless(reports: dict[str, Report]) -> Sequence[str]:
    """Return the rules whose absence breaks nothing."""
    return [name for name, report in reports.items() if not broken_by(report)]


def as_json(reports: dict[str, Report]) -> dict[str, Any]:
    """Return the table as an object: rule, then property, then the length of the trace."""
    return {
        "rules": {
            rule.name: {
                "says": rule.says,
                "prevents": rule.prevents,
                "breaks": broken_by(reports[rule.name]),
            }
            for rule in RULES
            if rule.name in reports
        }
    }
