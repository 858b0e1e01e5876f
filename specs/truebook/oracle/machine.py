"""The report of a run for machines: JSON, JUnit, SARIF, Markdown, a badge."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import attrs

from truebook.model.rules import RULES
from truebook.oracle.client import spec
from truebook.oracle.report import Run, counted, event_text, replay_command
from truebook.oracle.results import BAD, BROKE, SHOWN, Kind, Result, exit_code, worst_first

REPEATED = ("edges", "random")
"""Stages of which machines are told the findings alone: the rest have no names."""


def json_of(run: Run) -> dict[str, Any]:
    """Return a run as an object; nothing but `seconds` differs from run to run."""
    about = {} if run.about is None else attrs.asdict(run.about)
    return {
        "subject": about,
        "spec": spec(),
        "exit_code": exit_code(run.results),
        "interrupted": run.interrupted,
        "results": [_result(result) for result in _named(run)],
    }


def _result(result: Result) -> dict[str, Any]:
    case = result.case
    found: dict[str, Any] = {
        "stage": result.stage,
        "slug": result.slug,
        "outcome": str(result.kind),
        "rule": case.rule,
        "property": case.property,
        "severity": case.severity,
        "seconds": round(result.seconds, 4),
    }
    if result.what:
        found["what"] = result.what
    if result.kind in BAD:
        found["steps"] = [{"at": t.at, "events": list(t.events)} for t in result.told]
        found["differences"] = [attrs.asdict(d) for d in result.differences]
        found["replay"] = result.replay
    return found


def _named(run: Run) -> Iterator[Result]:
    for result in run.results:
        if result.stage not in REPEATED or result.kind is not Kind.PASS:
            yield result


def junit_of(run: Run) -> str:
    """Return a run as JUnit XML."""
    suite = ElementTree.Element("testsuite", name="truebook conform")
    for result in _named(run):
        item = ElementTree.SubElement(
            suite,
            "testcase",
            classname=f"truebook.{result.stage}",
            name=result.slug,
            time=f"{result.seconds:.4f}",
        )
        if result.kind in (Kind.UNSUPPORTED, Kind.EXPECTED):
            ElementTree.SubElement(item, "skipped", message=f"{result.kind}: {result.what}")
        elif result.kind not in SHOWN:
            tag = "error" if result.kind in (*BROKE, Kind.INCONCLUSIVE) else "failure"
            told = ElementTree.SubElement(item, tag, message=message_of(result), type=result.kind)
            told.text = "\n".join(event_text(e) for t in result.told for e in t.events[:1])
    tags = ("failure", "error", "skipped")
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("tests", str(len(suite.findall("testcase"))))
    assert all(child.tag in tags for item in suite for child in item)
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def message_of(result: Result) -> str:
    """Return what is wrong, in a line."""
    told = result.what or "; ".join(map(str, result.differences))
    return f"{result.case.title}: step {len(result.told)}: {told}"


def sarif_of(run: Run) -> dict[str, Any]:
    """Return the findings of a run as SARIF 2.1.0: a rule of the design each."""
    findings = [
        {
            "ruleId": result.case.rule,
            "level": "error" if result.case.severity != "medium" else "warning",
            "message": {"text": f"{result.slug}: {message_of(result)}"},
            "locations": [
                {
                    "logicalLocations": [
                        {"name": result.slug, "fullyQualifiedName": f"{result.stage}/{result.slug}"}
                    ]
                }
            ],
            "partialFingerprints": {"slug": result.slug},
            "properties": {"outcome": str(result.kind), "severity": result.case.severity},
        }
        for result in worst_first(run.results)
    ]
    rules = [
        {
            "id": rule.name,
            "shortDescription": {"text": rule.says},
            "fullDescription": {"text": rule.prevents},
        }
        for rule in RULES
    ]
    driver = {"name": "truebook", "version": spec(), "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": findings}],
    }


def markdown_of(run: Run) -> str:
    """Return a run as Markdown, for the summary of a CI job."""
    name = f"{run.about.name} {run.about.version}".strip() if run.about else "the subject"
    lines = [f"## {name}: {'passed' if exit_code(run.results) == 0 else 'not passed'}", ""]
    lines += [f"Claims {run.profile}; held to truebook {spec()}.", ""]
    lines += ["| stage | outcomes |", "|---|---|"]
    for stage in dict.fromkeys(result.stage for result in run.results):
        found = [result for result in run.results if result.stage == stage]
        lines.append(f"| {stage} | {counted(found)} |")
    findings = worst_first(run.results)
    if findings:
        lines += ["", "| finding | outcome | steps | rule | what |", "|---|---|---|---|---|"]
    for result in findings:
        what = result.what or "; ".join(map(str, result.differences))
        cells = (result.slug, result.kind, len(result.told), result.case.rule, what)
        lines.append(f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |")
    if findings and findings[0].replay:
        lines += ["", f"    {replay_command(findings[0], run.command)}"]
    return "\n".join(lines) + "\n"


def badge_of(run: Run) -> dict[str, Any]:
    """Return a badge in the form that badge services read: profile and version."""
    tested = [r for r in run.results if r.stage != "smoke" and r.kind is not Kind.UNSUPPORTED]
    shown = sum(result.kind is Kind.PASS for result in tested)
    good = exit_code(run.results) == 0
    whole = f"{run.profile}, {spec()}"
    return {
        "schemaVersion": 1,
        "label": "truebook",
        "message": whole if good else f"{shown} of {len(tested)} ({whole})",
        "color": "brightgreen" if good else "red",
    }
