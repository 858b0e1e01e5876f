"""What came of runs, for machines: JSON, JUnit, SARIF."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import attrs

from truebook.screen.places import line_of, place_of, script_of
from truebook.specs.words import plain
from truebook.venue.faults import Fault, from_json, lines_of
from truebook.venue.verdict.breach import Promise
from truebook.venue.verdict.fewer import Shortest
from truebook.venue.verdict.trial import Trial

_SAYS: Final = {
    Promise.POSITION: "The position is the sum of the fills, each once.",
    Promise.TWICE: "No fill is counted more than once.",
    Promise.DROPPED: "No order that is live at the venue is forgotten.",
    Promise.OPEN: "Once all is quiet, what is believed to be open is.",
    Promise.LIMIT: "What it may come to hold stays within the limit that was stated.",
    Promise.LEFT: "No order is left open when it ends.",
    Promise.AGAIN: "What may already live is not sent again.",
    Promise.LOOP: "What is over is not cancelled again and again.",
    Promise.SILENT: "It speaks to the venue, and goes on asking while it runs.",
    Promise.CRASHED: "It runs until it is asked to end.",
    Promise.KILLED: "It ends soon once it is asked to (SIGTERM).",
}


def json_of(trials: Sequence[Trial], shortest: Sequence[Shortest]) -> dict[str, Any]:
    """Return runs as an object; what differs from run to run is what a wall clock makes of them."""
    return {
        "runs": [_run(one) for one in trials],
        "shortest": [
            {
                "promise": one.promise,
                "seed": one.trial.seed,
                "faults": [attrs.asdict(fault) for fault in one.faults],
                "failed": one.failed,
                "of": one.runs,
            }
            for one in shortest
        ],
    }


def _run(one: Trial) -> dict[str, Any]:
    return {
        "seed": one.seed,
        "requests": one.requests,
        "fills": one.fills,
        "beliefs": one.beliefs,
        "faults": [attrs.asdict(fault) for fault in one.done],
        "broken": [attrs.asdict(breach) for breach in one.breaches],
        "unanswered": dict(one.unanswered),
        "said": one.said,
    }


def junit_of(trials: Sequence[Trial]) -> str:
    """Return runs as JUnit XML: a test case for each."""
    suites = ElementTree.Element("testsuites")
    failures = str(sum(bool(one.breaches) for one in trials))
    suite = ElementTree.SubElement(
        suites, "testsuite", name="truebook venue", tests=str(len(trials)), failures=failures
    )
    for one in trials:
        item = ElementTree.SubElement(
            suite, "testcase", classname="truebook.venue", name=f"seed {one.seed}"
        )
        for breach in one.breaches:
            words = f"{breach.promise}: {plain(breach.words)}"
            told = ElementTree.SubElement(item, "failure", message=words, type=breach.promise)
            told.text = "\n".join(map(str, one.done))
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def sarif_of(
    trials: Sequence[Trial],
    shortest: Sequence[Shortest],
    *,
    command: Sequence[str],
    plan: Path | None = None,
) -> dict[str, Any]:
    """Return what is broken as SARIF 2.1.0: each promise once, with the fewest faults.

    A finding is in the script that the command names, if it is below the working directory, else
    in its program. Its faults are in the file of the plan, where that is below it.
    """
    place = script_of(command) or line_of(Path(command[0]).name)
    faults_at = {} if plan is None else _faults_at(plan)
    by_promise = {one.promise: one for one in shortest}
    results = []
    for number, promise in enumerate(Promise):
        bad = [one for one in trials if promise in one.promises]
        if not bad:
            continue
        found = by_promise.get(promise)
        words = next(b.words for b in bad[0].breaches if b.promise is promise)
        faults = found.faults if found else ()
        said = f"; {', '.join(map(str, faults))}" if faults else ""
        result: dict[str, Any] = {
            "ruleId": str(promise),
            "ruleIndex": number,
            "level": "error",
            "message": {"text": f"{plain(words)} ({len(bad)} of {len(trials)} runs{said})"},
            "locations": [place],
            "partialFingerprints": {"promise/v1": str(promise)},
        }
        related = [faults_at[one] for one in faults or bad[0].done if one in faults_at]
        if related:
            result["relatedLocations"] = [{"id": n, **one} for n, one in enumerate(related, 1)]
        results.append(result)
    rules = [{"id": str(p), "shortDescription": {"text": _SAYS[p]}} for p in Promise]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "truebook", "rules": rules}}, "results": results}],
    }


def _faults_at(plan: Path) -> dict[Fault, dict[str, Any]]:
    """Return the place of each fault in the file of a plan."""
    text = plan.read_text("utf-8")
    found: dict[Fault, dict[str, Any]] = {}
    for fault, line in zip(from_json(text).faults, lines_of(text), strict=True):
        place = place_of(str(plan), line)
        if place:
            found.setdefault(fault, {**place, "message": {"text": str(fault)}})
    return found
