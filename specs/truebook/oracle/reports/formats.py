"""The report of a run for machines: JSON, JUnit, SARIF, Markdown, a badge."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import attrs

from truebook.model.rules import RULES
from truebook.oracle.driver import spec
from truebook.oracle.judge import BAD, BROKE, SHOWN, Kind, Result, worst_first
from truebook.oracle.reports.text import Run, outcomes_of, replay_command, step_text
from truebook.specs.words import plain

REPEATED = ("edges", "random")
"""Stages that run much under one name: what passes there is told as one."""


def json_of(run: Run) -> dict[str, Any]:
    """Return a run as an object; nothing but `seconds` differs from run to run."""
    about = {} if run.about is None else attrs.asdict(run.about)
    return {
        "subject": about,
        "spec": spec(),
        "exit_code": run.exit_code,
        "interrupted": bool(run.interrupted),
        "results": [_result(result, run) for result in _named(run)],
    }


def _result(result: Result, run: Run) -> dict[str, Any]:
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
        found["replay"] = replay_command(result, run)
    return found


def _named(run: Run) -> Iterator[Result]:
    """Yield the results by their names; of those of one name that pass, one for all."""
    passed: dict[str, float] = {}
    for result in run.results:
        if result.stage in REPEATED and result.kind is Kind.PASS:
            passed[result.slug] = passed.get(result.slug, 0.0) + result.seconds
    for result in run.results:
        if result.stage not in REPEATED or result.kind is not Kind.PASS:
            yield result
        elif result.slug in passed:
            yield attrs.evolve(result, seconds=passed.pop(result.slug))


def junit_of(run: Run) -> str:
    """Return a run as JUnit XML: a test case for each vector."""
    suites = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(suites, "testsuite", name="truebook conform")
    results = list(_named(run))
    for result in results:
        item = ElementTree.SubElement(
            suite,
            "testcase",
            classname=f"truebook.{result.stage}",
            name=result.slug,
            time=f"{result.seconds:.4f}",
        )
        if result.kind in (Kind.UNSUPPORTED, Kind.EXPECTED):
            why = plain(f"{result.kind}: {result.what}")
            ElementTree.SubElement(item, "skipped", message=why)
        elif result.kind not in SHOWN:
            tag = "error" if result.kind in (*BROKE, Kind.INCONCLUSIVE) else "failure"
            told = ElementTree.SubElement(item, tag, message=message_of(result), type=result.kind)
            steps = enumerate(result.told, 1)
            told.text = _plain_lines(f"{number}. {step_text(step)}" for number, step in steps)
    if run.interrupted:
        item = ElementTree.SubElement(suite, "testcase", classname="truebook", name="whole run")
        ElementTree.SubElement(item, "error", message="interrupted: the rest was not tried")
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("time", f"{sum(result.seconds for result in results):.4f}")
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _plain_lines(texts: Iterable[str]) -> str:
    """Return texts that may hold what a subject said, a line each."""
    return "\n".join(map(plain, texts))


def message_of(result: Result) -> str:
    """Return what is wrong, in a line: of which vector, after which step, and how."""
    step = f"{_last_step(result)}: " if result.told else ""
    return f"{plain(result.case.title)}: {step}{_what(result)}"


def _last_step(result: Result) -> str:
    if not result.told:
        return ""
    return plain(f"step {len(result.told)}, {step_text(result.told[-1])}")


def _what(result: Result) -> str:
    return plain(result.what or "; ".join(map(str, result.differences)))


def sarif_of(run: Run) -> dict[str, Any]:
    """Return the findings of a run as SARIF 2.1.0: a rule of the design each.

    A finding is of a vector and a step of it, and in the file of the adapter that the command
    names, if it is below the working directory: some readers take no finding without a file and
    a line of it.
    """
    place = _place(run.command)
    numbers = {rule.name: number for number, rule in enumerate(RULES)}
    findings = [
        {
            "ruleId": result.case.rule,
            "ruleIndex": numbers[result.case.rule],
            "level": "error" if result.case.severity != "medium" else "warning",
            "message": {"text": f"{result.slug}: {message_of(result)}"},
            "locations": [{**place, **_step_place(result)}],
            "partialFingerprints": {"slug/v1": result.slug},
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


def _step_place(result: Result) -> dict[str, Any]:
    """Return where in the vectors a finding is: the vector, and the step of it."""
    name = f"{result.stage}/{result.slug}"
    places = [{"name": result.slug, "fullyQualifiedName": name}]
    if not result.told:
        return {"logicalLocations": places}
    number = len(result.told)
    places.append({"name": f"step {number}", "fullyQualifiedName": f"{name}/{number}"})
    return {"logicalLocations": places, "message": {"text": _last_step(result)}}


def _place(command: Sequence[str]) -> dict[str, Any]:
    """Return the adapter's file: the first argument that is one, else the program itself."""
    here = Path.cwd()
    for word in (*command[1:], *command[:1]):
        path = Path(os.path.normpath(here / word))
        if path.is_relative_to(here) and _is_file(path):
            uri = quote(path.relative_to(here).as_posix())
            region = {"startLine": 1}
            return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
    return {}


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a word that is too long for a name
        return False


def markdown_of(run: Run) -> str:
    """Return a run as Markdown, for the summary of a CI job."""
    passed = "interrupted" if run.interrupted else "not passed" if run.exit_code else "passed"
    lines = [f"## {run.subject}: {passed}", ""]
    lines += [f"Claims {run.profile}; held to truebook {spec()}.", ""]
    lines += ["| stage | outcomes |", "|---|---|"]
    for stage in dict.fromkeys(result.stage for result in run.results):
        found = [result for result in run.results if result.stage == stage]
        lines.append(f"| {stage} | {outcomes_of(found)} |")
    findings = worst_first(run.results)
    if findings:
        names = ("finding", "outcome", "last step", "rule", "what")
        lines += ["", f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    for result in findings:
        cells = (result.slug, result.kind, _last_step(result), result.case.rule, _what(result))
        escaped = (plain(str(cell)).replace("|", "\\|") for cell in cells)
        lines.append(f"| {' | '.join(escaped)} |")
    if findings and findings[0].replay:
        lines += ["", f"    {replay_command(findings[0], run)}"]
    return "\n".join(lines) + "\n"


def badge_of(run: Run) -> dict[str, Any]:
    """Return a badge as the JSON that shields.io reads at an endpoint: profile and version.

    It is green where all that is claimed was tried and passes; else it says how much does.
    """
    tested = [r for r in run.results if r.stage != "smoke" and r.kind is not Kind.UNSUPPORTED]
    shown = sum(result.kind is Kind.PASS for result in tested)
    all_pass = run.whole and run.exit_code == 0 and shown == len(tested)
    profile = f"{run.profile}, {spec()}"
    return {
        "schemaVersion": 1,
        "label": "truebook",
        "message": profile if all_pass else f"{shown} of {len(tested)} ({profile})",
        "color": "brightgreen" if all_pass else "yellow" if run.exit_code == 0 else "red",
    }
