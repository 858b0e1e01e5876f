"""What came of an audit, for machines: JSON, JUnit, SARIF, and Markdown for a pull request."""

from typing import Any
from xml.etree import ElementTree

from truebook.audit.finding import SAYS, Finding, Held, Kind
from truebook.audit.report.summary import Summary
from truebook.audit.report.text import of, where
from truebook.audit.seen import Place
from truebook.screen.places import line_of
from truebook.specs.words import plain

VERSION = 1
"""Of the form of the JSON."""


def json_of(summary: Summary) -> dict[str, Any]:
    """Return an audit as one object; numbers of any exactness are texts."""
    return {
        "audit": VERSION,
        "files": list(summary.files),
        "promises": [
            {"promise": one.promise, "verdict": one.held, "why": one.why}
            for one in summary.verdicts
        ],
        "findings": [finding_of(one) for one in summary.findings],
        "markets": [
            {
                "user": one.user,
                "market": one.market,
                "fills": one.fills,
                "toldAgain": one.told_again,
                "late": one.late,
                "net": f"{one.net:f}",
                "start": None if one.start is None else f"{one.start:f}",
                "end": None if one.end is None else f"{one.end:f}",
                "note": one.note,
            }
            for one in summary.markets
        ],
        "open": [
            {
                "user": one.user,
                "market": one.market,
                "order": one.id,
                "side": one.side,
                "size": f"{one.size:f}",
                "filled": f"{one.filled:f}",
                "state": one.state,
            }
            for one in summary.open
        ],
        "orders": summary.orders,
        "requests": summary.requests,
        "steps": summary.walked,
        "passedOver": summary.passed,
        "notes": list(summary.notes),
    }


def finding_of(one: Finding) -> dict[str, Any]:
    """Return a finding as an object."""
    return {
        "kind": one.kind,
        "breaks": one.breaks,
        "user": one.user,
        "market": one.market,
        "place": _place(one.place),
        "until": None if one.until is None else _place(one.until),
        "words": one.words,
    }


def _place(place: Place) -> dict[str, Any]:
    found: dict[str, Any] = {"file": place.file, "line": place.line}
    return found | {"item": place.item} if place.item else found


def junit_of(summary: Summary) -> str:
    """Return an audit as JUnit XML: a test case a promise; what is inconclusive is skipped."""
    suites = ElementTree.Element("testsuites")
    bad = [one for one in summary.verdicts if one.held is Held.BROKEN]
    skipped = [one for one in summary.verdicts if one.held is Held.INCONCLUSIVE]
    suite = ElementTree.SubElement(
        suites,
        "testsuite",
        name="truebook audit",
        tests=str(len(summary.verdicts)),
        failures=str(len(bad)),
        skipped=str(len(skipped)),
    )
    for verdict in summary.verdicts:
        item = ElementTree.SubElement(
            suite, "testcase", classname="truebook.audit", name=verdict.promise
        )
        found = [one for one in summary.findings if one.kind == verdict.promise]
        if verdict.held is Held.BROKEN:
            words = plain(of(found[0])) if found else ""
            told = ElementTree.SubElement(item, "failure", message=words, type=verdict.promise)
            told.text = "\n".join(plain(f"{where(one)}  {of(one)}") for one in found)
        elif verdict.held is Held.INCONCLUSIVE:
            ElementTree.SubElement(item, "skipped", message=verdict.why)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def sarif_of(summary: Summary) -> dict[str, Any]:
    """Return the findings as SARIF 2.1.0, each at its line."""
    kinds = list(Kind)
    results = [
        {
            "ruleId": str(one.kind),
            "ruleIndex": kinds.index(one.kind),
            "level": "error" if one.breaks else "note",
            "message": {"text": plain(of(one))},
            "locations": [line_of(one.place.file, one.place.line)],
            "relatedLocations": [line_of(one.until.file, one.until.line)] if one.until else [],
        }
        for one in summary.findings
    ]
    rules = [{"id": str(kind), "shortDescription": {"text": SAYS[kind]}} for kind in kinds]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "truebook", "rules": rules}}, "results": results}],
    }


def markdown_of(summary: Summary) -> str:
    """Return an audit as Markdown."""
    lines = ["## Audit", "", "| promise | verdict |", "|---|---|"]
    for verdict in summary.verdicts:
        why = f": {verdict.why}" if verdict.why else ""
        lines.append(f"| {verdict.promise} | {verdict.held}{why} |")
    if summary.findings:
        lines += ["", "| where | what |", "|---|---|"]
        lines += [f"| {_cell(where(one))} | {_cell(of(one))} |" for one in summary.findings]
    lines += ["", "| market | fills | told again | net | position |", "|---|---|---|---|---|"]
    for one in summary.markets:
        start = "?" if one.start is None else f"{one.start:f}"
        end = "?" if one.end is None else f"{one.end:f}"
        cells = (_cell(one.market), f"{one.fills:,}", f"{one.told_again:,}", f"{one.net:f}")
        lines.append(f"| {' | '.join(cells)} | {start} → {end} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return plain(text).replace("|", "\\|")
