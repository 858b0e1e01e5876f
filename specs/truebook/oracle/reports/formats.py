"""The report of a run for machines: JSON, JUnit, SARIF, Markdown, a badge."""

from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

import attrs

from truebook.oracle.driver import spec
from truebook.oracle.findings import DIFFERENCE, Finding, names_in
from truebook.oracle.judge import (
    BAD,
    BROKE,
    SHOWN,
    Kind,
    Level,
    Result,
    Told,
)
from truebook.oracle.reports.finding_text import PROMISES, headline, how_often, step_text, why
from truebook.oracle.reports.run import Run, outcomes_of, replay_command
from truebook.screen.places import script_of
from truebook.specs.words import counted, plain

REPEATED = ("edges", "random")
"""Stages that run much under one name: what is wrong is told with it."""


def json_of(run: Run) -> dict[str, Any]:
    """Return a run as an object; nothing but `seconds` differs from run to run."""
    about = {} if run.about is None else attrs.asdict(run.about)
    return {
        "subject": about,
        "spec": spec(),
        "level": str(run.level),
        "exit_code": run.exit_code,
        "interrupted": bool(run.interrupted),
        "declares": {name: run.relaxed.get(name.partition("=")[0], 0) for name in run.declares},
        "not_shown": list(run.not_shown),
        "not_claimed": dict(run.lacking),
        "cannot": dict(run.untold),
        "findings": [_finding(one, run) for one in run.findings],
        "stale": list(run.stale),
        "results": [_result(result, run) for result in run.results],
    }


def _finding(one: Finding, run: Run) -> dict[str, Any]:
    deviations = [attrs.asdict(d) | {"path": d.path} for d in one.onset.deviations]
    for found in deviations:
        found["amount"] = None if found["amount"] is None else str(found["amount"])
    return {
        "name": one.name,
        "names": list(one.names),
        "severity": one.severity,
        "promise": one.promise,
        "part": one.deviation.part,
        "way": one.deviation.way,
        "after": list(one.after),
        "rules": list(one.rules),
        "also": list(one.also),
        "then": dict(one.then),
        "runs": dict(one.runs),
        "lasting": one.lasting,
        "known": one.known,
        "shortest": {
            "slug": one.shortest.slug,
            "steps": _steps(one.shortest.told[: one.onset.step]),
            "deviations": deviations,
            "replay": replay_command(one.shortest, run),
        },
    }


def _steps(told: Iterable[Told]) -> list[dict[str, Any]]:
    return [{"at": step.at, "events": list(step.events)} for step in told]


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
    if result.count != 1:
        found["runs"] = result.count
    if result.what:
        found["what"] = result.what
    if result.onsets:
        found["findings"] = sorted(names_in(result))
    if result.kind in (*BAD, Kind.DIFFERS):
        found["steps"] = _steps(result.told)
        found["replay"] = replay_command(result, run)
    return found


def _name(result: Result) -> str:
    """Return what a result is called: where many runs have one name, with what is wrong."""
    if result.stage not in REPEATED or not result.onsets:
        return result.slug
    return f"{result.slug}: {', '.join(sorted(names_in(result)))}"


def junit_of(run: Run) -> str:
    """Return a run as JUnit XML: a test case for each vector."""
    suites = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(suites, "testsuite", name="truebook conform")
    strict = run.level is Level.REFERENCE
    for result in run.results:
        item = ElementTree.SubElement(
            suite,
            "testcase",
            classname=f"truebook.{result.stage}",
            name=_name(result),
            time=f"{result.seconds:.4f}",
        )
        if result.kind in (Kind.UNSUPPORTED, Kind.EXPECTED):
            why = plain(f"{result.kind}: {result.what}")
            ElementTree.SubElement(item, "skipped", message=why)
        elif result.kind not in SHOWN and (result.kind is not Kind.DIFFERS or strict):
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
    suite.set("time", f"{sum(result.seconds for result in run.results):.4f}")
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
    """Return what is wrong: where it began, and which promises that breaks."""
    if result.what or not result.onsets:
        return plain(result.what)
    onset = result.onsets[0]
    said = (f"{one.promise}: {one}" if one.promise else str(one) for one in onset.deviations)
    return plain(f"from step {onset.step} on: {'; '.join(said)}")


def sarif_of(run: Run) -> dict[str, Any]:
    """Return the findings of a run as SARIF 2.1.0: a rule of it is a promise, or a difference.

    A finding is of a step of its shortest run, and in the file of the adapter that the command
    names, if it is below the working directory: some readers take no finding without a file and
    a line of it.
    """
    place = script_of(run.command)
    numbers = {rule["id"]: number for number, rule in enumerate(_SARIF_RULES)}

    def found(name: str, level: str, text: str, where: dict[str, Any], slug: str) -> dict[str, Any]:
        return {
            "ruleId": name,
            "ruleIndex": numbers[name],
            "level": level,
            "message": {"text": text},
            "locations": [{**place, **where}],
            "partialFingerprints": {"finding/v1": slug},
        }

    findings = [
        found(
            one.promise or DIFFERENCE,
            _LEVELS[one.severity],
            plain(f"{headline(one)}: {how_often(one)}; {why(one)}"),
            _step_place(one.shortest, one.onset.step),
            one.name,
        )
        for one in (*run.broken, *run.differing)
    ]
    findings += [
        found(FAULT, "error", message_of(r), _step_place(r, len(r.told)), f"{r.kind}/{r.slug}")
        for r in run.faults
    ]
    driver = {"name": "truebook", "version": spec(), "rules": _SARIF_RULES}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": findings}],
    }


FAULT = "fault"
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", DIFFERENCE: "note"}
_DIFFERS = "What is shown differs from the reference, and breaks no promise."
_BROKE = "The subject did not go through: a crash, a hang, an error of protocol, and the like."
_SARIF_RULES = [
    {"id": name, "shortDescription": {"text": says}, "fullDescription": {"text": says}}
    for name, says in (*PROMISES.items(), (DIFFERENCE, _DIFFERS), (FAULT, _BROKE))
]


def _step_place(result: Result, number: int) -> dict[str, Any]:
    """Return where in the vectors a finding is: the vector, and the step of it."""
    name = f"{result.stage}/{result.slug}"
    places = [{"name": result.slug, "fullyQualifiedName": name}]
    if not result.told:
        return {"logicalLocations": places}
    places.append({"name": f"step {number}", "fullyQualifiedName": f"{name}/{number}"})
    text = plain(f"step {number}, {step_text(result.told[number - 1])}")
    return {"logicalLocations": places, "message": {"text": text}}


def markdown_of(run: Run) -> str:
    """Return a run as Markdown, for the summary of a CI job."""
    passed = "interrupted" if run.interrupted else "not passed" if run.exit_code else "passed"
    lines = [f"## {run.subject}: {passed}", ""]
    claims = f"Claims {run.profile}; held to truebook {spec()}, level {run.level}."
    lines += [f"{claims} {verdict_of(run)}.", "", "| stage | outcomes |", "|---|---|"]
    for stage in dict.fromkeys(result.stage for result in run.results):
        found = [result for result in run.results if result.stage == stage]
        lines.append(f"| {stage} | {outcomes_of(found)} |")
    if run.findings:
        lines += ["", *_row("severity", "finding", "how often", "rule", "known")]
        lines.append(f"|{'---|' * 5}")
    for one in run.findings:
        cells = (one.severity, headline(one), how_often(one), ", ".join(one.rules), one.known)
        lines += _row(*cells)
    if run.faults:
        lines += ["", *_row("fault", "outcome", "last step", "what"), f"|{'---|' * 4}"]
    for result in run.faults:
        lines += _row(result.slug, result.kind, _last_step(result), _what(result))
    first = run.findings[0].shortest if run.findings else run.faults[0] if run.faults else None
    if first is not None and first.replay:
        lines += ["", f"    {replay_command(first, run)}"]
    return "\n".join(lines) + "\n"


def _row(*cells: str) -> list[str]:
    escaped = (plain(str(cell)).replace("|", "\\|") for cell in cells)
    return [f"| {' | '.join(escaped)} |"]


def verdict_of(run: Run) -> str:
    """Return what a run comes to, in a few words: promises first, then differences."""
    if run.broken:
        return f"{counted(len(run.promises_broken), 'promise')} broken"
    if any(one.kind in BAD for one in run.results) or run.stale or run.interrupted:
        return "not shown"
    if not run.tested:
        return "nothing tested"
    said = f"no promise broken{' but those that are known' if run.known_to_break else ''}"
    count = sum(not one.promise for one in run.findings)
    return f"{said}, {counted(count, 'difference')}" if count else said


def badge_of(run: Run) -> dict[str, Any]:
    """Return a badge as the JSON that shields.io reads at an endpoint: profile and version.

    It is bright green where all that is claimed was tried and is as the reference has it, green
    where no promise is broken; else it says how many are.
    """
    whole = run.whole and run.exit_code == 0 and not run.known_to_break
    said = "conforms" if run.clean and whole else verdict_of(run)
    color = "brightgreen" if run.clean else "green"
    return {
        "schemaVersion": 1,
        "label": "truebook",
        "message": f"{said} ({run.profile}, {spec()})",
        "color": color if whole else "yellow" if run.exit_code == 0 else "red",
    }
