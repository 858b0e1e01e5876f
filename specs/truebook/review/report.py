"""The report of a check: lines for people, and one object for machines."""

from collections.abc import Iterator, Sequence
from typing import Any

from truebook.specs.assumptions import ASSUMPTIONS
from truebook.specs.check import Report
from truebook.specs.properties import PROPERTIES
from truebook.specs.trace import Change, Fork, Step, Trace
from truebook.specs.verdict import Holds, Incomplete, Unreached, Verdict, Violated

SENTENCES = {known.name: known.sentence for known in PROPERTIES}
WIDTH = max(len(name) for name in SENTENCES)


def word_of(verdict: Verdict) -> str:
    """Return the one word of a verdict."""
    return type(verdict).__name__.lower()


def lines_of(report: Report) -> Iterator[tuple[str, str]]:
    """Yield (style, line) for a report: one line a property, and a trace below each violation."""
    scenarios = len(report.outcomes)
    yield "title", f"{report.design}"
    yield (
        "plain",
        f"  {'' if report.complete else 'at least '}{report.states:,} states and "
        f"{report.transitions:,} transitions in {scenarios} "
        f"scenario{'s' if scenarios != 1 else ''}, to depth {report.depth}",
    )
    settled = sum(outcome.stopped and not outcome.reason for outcome in report.outcomes)
    if settled:
        yield (
            "plain",
            f"  {settled} of {scenarios} stopped once all that was asked was settled; "
            "--counts explores to the end",
        )
    for name, verdict in report.properties.items():
        yield from _verdict_lines(name, verdict, report.scenario[name])
    for what in report.unreached:
        yield "unreached", f"  unreached   {what}"
    yield "plain", f"  {_summary(report)}"


def _summary(report: Report) -> str:
    counts: dict[str, int] = {}
    for verdict in report.properties.values():
        counts[word_of(verdict)] = counts.get(word_of(verdict), 0) + 1
    words = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
    return f"of {len(report.properties)} properties: {words}"


def _verdict_lines(name: str, verdict: Verdict, scenario: str) -> Iterator[tuple[str, str]]:
    word = word_of(verdict)
    start = f"  {word:<10}  {name:<{WIDTH}}"
    match verdict:
        case Holds(scenarios):
            count = len(scenarios)
            yield word, f"{start}  exhaustively, in {count} scenario{'s' if count != 1 else ''}"
        case Violated(part, trace):
            steps = f"{len(trace)} step{'s' if len(trace) != 1 else ''}"
            yield word, f"{start}  in {steps}, scenario '{scenario}'"
            yield "plain", f"      {SENTENCES[name]}"
            yield "plain", f"      Broken: {part}."
            yield from (("plain", line) for line in trace_lines(trace))
        case Unreached(what):
            yield word, f"{start}  {what}"
        case Incomplete(reason):
            yield word, f"{start}  {reason}"


def trace_lines(trace: Trace) -> Iterator[str]:
    """Yield the lines of a trace: numbered steps, and what each changed; then what it leads to."""
    fork = trace.fork
    ways = (fork.one, fork.other) if fork else ()
    widest = max((len(step.words) for way in (trace.steps, *ways) for step in way), default=0)
    yield from _step_lines(trace.steps, 1, widest)
    if trace.after:
        yield f"{_BESIDE}and once quiet: {_changes(trace.after) or 'nothing else changes'}"
    if fork is not None:
        yield from _fork_lines(fork, len(trace.steps) + 1, widest)


_BESIDE = " " * 11
"""Where the words of steps begin."""


def _step_lines(steps: Sequence[Step], start: int, widest: int) -> Iterator[str]:
    for number, step in enumerate(steps, start):
        line = f"      {number:>3}. {step.words:<{widest}}  {_changes(step.changes)}"
        yield line.rstrip()


def _fork_lines(fork: Fork, start: int, widest: int) -> Iterator[str]:
    """Yield both ways from where they part, and what differs at their ends."""
    one, other, what = ("told once", "told twice", "the book differs")
    if not fork.repeated:
        one, other, what = ("in one order", "in the other", "they differ")
    yield f"{_BESIDE}and then, {one}:"
    yield from _step_lines(fork.one, start, widest)
    yield f"{_BESIDE}or, {other}:"
    yield from _step_lines(fork.other, start, widest)
    differs = "; ".join(f"{d.label}: {d.one} ≠ {d.other}" for d in fork.differs)
    yield f"{_BESIDE}{what}: {differs}" if differs else f"{_BESIDE}it cannot be told again"


def _changes(changes: Sequence[Change]) -> str:
    return "; ".join(f"{c.label}: {c.before} → {c.after}" for c in changes if not c.detail)


def assumption_lines(reports: Sequence[Report]) -> Iterator[str]:
    """Yield the lines of the assumptions that the reference needs, and whether they held."""
    scenarios = [o.task.scenario for report in reports for o in report.outcomes]
    for known in ASSUMPTIONS:
        # A scenario that asks for some properties only is there to do without an assumption.
        held = all(known.held_by(s.bounds) for s in scenarios if s.properties is None)
        beyond = "" if held else "  (not within these bounds)"
        yield f"  {known.name:<16} {known.inequality}{beyond}"


def as_json(reports: Sequence[Report]) -> dict[str, Any]:
    """Return the object that `--json` prints."""
    return {
        "designs": {report.design: _design_json(report) for report in reports},
        "assumptions": {
            known.name: {"inequality": known.inequality, "sentence": known.sentence}
            for known in ASSUMPTIONS
        },
        "stats": {
            "states": sum(report.states for report in reports),
            "transitions": sum(report.transitions for report in reports),
            "depth": max((report.depth for report in reports), default=0),
            "seconds": round(sum(report.seconds for report in reports), 3),
        },
    }


def _design_json(report: Report) -> dict[str, Any]:
    return {
        "properties": {
            name: _verdict_json(verdict) | {"scenario": report.scenario[name] or None}
            for name, verdict in report.properties.items()
        },
        "unreached": list(report.unreached),
        "complete": report.complete,
        "scenarios": {
            o.task.scenario.name: {
                "states": o.found.states,
                "transitions": o.found.transitions,
                "depth": o.found.depth,
                "seconds": round(o.found.seconds, 3),
                "complete": o.found.complete,
            }
            for o in report.outcomes
            if o.found is not None
        },
        "stats": {
            "states": report.states,
            "transitions": report.transitions,
            "depth": report.depth,
            "seconds": round(report.seconds, 3),
        },
    }


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    found: dict[str, Any] = {"verdict": word_of(verdict), "trace": []}
    match verdict:
        case Holds(scenarios):
            found["scenarios"] = list(scenarios)
        case Violated(part, trace):
            found["part"] = part
            found["trace"] = trace_json(trace)
            found["settles"] = [_change_json(change) for change in trace.after]
            found |= fork_json(trace)
        case Unreached(what):
            found["reason"] = what
        case Incomplete(reason):
            found["reason"] = reason
    return found


def trace_json(trace: Trace) -> list[dict[str, Any]]:
    """Return the steps of a trace for machines."""
    return _steps_json(trace.steps)


def fork_json(trace: Trace) -> dict[str, Any]:
    """Return both ways on from a trace and what differs at their ends, under `fork`, if any."""
    fork = trace.fork
    if fork is None:
        return {}
    return {
        "fork": {
            "one": _steps_json(fork.one),
            "other": _steps_json(fork.other),
            "differs": [{"what": d.label, "one": d.one, "other": d.other} for d in fork.differs],
        }
    }


def _steps_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {
            "action": step.action,
            "words": step.words,
            "changes": [_change_json(change) for change in step.changes],
        }
        for step in steps
    ]


def _change_json(change: Change) -> dict[str, str]:
    return {"what": change.label, "before": change.before, "after": change.after}
