"""The report of a check: lines for people, and one object for machines."""

from collections.abc import Iterator, Sequence
from typing import Any

from truebook.screen.layout import Block, Line, line
from truebook.specs.explore import Report
from truebook.specs.properties import (
    ASSUMPTIONS,
    PROPERTIES,
    Change,
    Fork,
    Holds,
    Incomplete,
    Step,
    Trace,
    Unreached,
    Verdict,
    Violated,
)
from truebook.specs.words import counted, noun

SENTENCES = {known.name: known.sentence for known in PROPERTIES}
WIDTH = max(len(name) for name in SENTENCES)


def word_of(verdict: Verdict) -> str:
    """Return the one word of a verdict."""
    return type(verdict).__name__.lower()


def blocks(report: Report) -> Iterator[Block]:
    """Yield the blocks of a report: one a property, and a trace below each violation."""
    scenarios = counted(len(report.outcomes), "scenario")
    states, transitions = (
        counted(report.states, "state"),
        counted(report.transitions, "transition"),
    )
    yield line(f"{report.design}", "title")
    least = "" if report.complete else "at least "
    yield line(f"  {least}{states} and {transitions} in {scenarios}, to depth {report.depth}")
    settled = sum(outcome.stopped and not outcome.reason for outcome in report.outcomes)
    if settled:
        yield line(
            f"  {settled} of {scenarios} stopped once all that was asked was settled; "
            "--counts explores to the end"
        )
    for name, verdict in report.properties.items():
        yield from _verdict_blocks(name, verdict, report.scenario[name])
    for what in report.unreached:
        yield Line("  unreached   ", what, style="unreached")
    yield line(f"  {_summary(report)}")


_VERBS = {"holds": "hold"}
"""What several properties do, where one does it in another word."""


def _summary(report: Report) -> str:
    counts: dict[str, int] = {}
    for verdict in report.properties.values():
        counts[word_of(verdict)] = counts.get(word_of(verdict), 0) + 1
    words = ", ".join(
        f"{count} {word if count == 1 else _VERBS.get(word, word)}"
        for word, count in sorted(counts.items())
    )
    return f"of {counted(len(report.properties), 'property', 'properties')}: {words}"


def verdict_line(word: str, name: str, text: str, *, style: str, pad: int = 10) -> Line:
    """Return the line of a property: its verdict in a word, its name, and what there is to say."""
    return Line(f"  {word:<{pad}}  {name:<{WIDTH}}  ", text, hang=pad + 4, style=style)


def _verdict_blocks(name: str, verdict: Verdict, scenario: str) -> Iterator[Block]:
    word = word_of(verdict)
    match verdict:
        case Holds(scenarios):
            text = f"exhaustively, in {counted(len(scenarios), 'scenario')}"
        case Violated(_, trace):
            text = f"in {counted(len(trace), 'step')}, scenario '{scenario}'"
        case Unreached(text) | Incomplete(text):
            pass
    yield verdict_line(word, name, text, style=word)
    if isinstance(verdict, Violated):
        yield from broken_blocks(name, verdict.part)
        yield from trace_blocks(verdict.trace)


def broken_blocks(name: str, part: str) -> Iterator[Block]:
    """Yield what a property says, and what of it is broken."""
    yield line(f"      {SENTENCES[name]}")
    yield line(f"      Broken: {part}.")


def trace_blocks(trace: Trace) -> Iterator[Block]:
    """Yield a block for each step of a trace, numbered: what it is, and what it changed alone.

    Then what it leads to: once quiet, or by two ways that should have come to the same.
    """
    fork = trace.fork
    ways = (fork.one, fork.other) if fork else ()
    widest = max((len(step.words) for way in (trace.steps, *ways) for step in way), default=0)
    yield from _step_blocks(trace.steps, 1, widest)
    if trace.after:
        changes = _changes(trace.after) or ("nothing else changes",)
        yield Line(f"{_BESIDE}and once quiet: ", changes, hang=13)
    if fork is not None:
        yield from _fork_blocks(fork, len(trace.steps) + 1, widest)


_BESIDE = " " * 11
"""Where the words of steps begin."""


def _step_blocks(steps: Sequence[Step], start: int, widest: int) -> Iterator[Block]:
    for number, step in enumerate(steps, start):
        yield Line(f"      {number:>3}. {step.words:<{widest}}  ", _changes(step.changes), hang=13)


def _fork_blocks(fork: Fork, start: int, widest: int) -> Iterator[Block]:
    """Yield both ways from where they part, and what differs at their ends."""
    one, other, what = ("told once", "told twice", "the book differs")
    if not fork.repeated:
        one, other, what = ("in one order", "in the other", "they differ")
    yield line(f"{_BESIDE}and then, {one}:")
    yield from _step_blocks(fork.one, start, widest)
    yield line(f"{_BESIDE}or, {other}:")
    yield from _step_blocks(fork.other, start, widest)
    differs = tuple(f"{d.label}: {d.one} ≠ {d.other}" for d in fork.differs)
    if differs:
        yield Line(f"{_BESIDE}{what}: ", differs, hang=13)
    else:
        yield line(f"{_BESIDE}it cannot be told again")


def _changes(changes: Sequence[Change]) -> tuple[str, ...]:
    """Return what a step changed; what changes alike for several orders is said once."""
    orders: dict[str, list[str]] = {}
    for change in changes:
        if not change.detail:
            of, _, label = change.label.rpartition(": ")
            said = f"{label}: {change.before} → {change.after}"
            orders.setdefault(said, []).append(of)
    return tuple(_of_orders(of, said) for said, of in orders.items())


def _of_orders(of: Sequence[str], said: str) -> str:
    if not any(of):
        return said
    numbers = [name.removeprefix("order ") for name in of]
    return f"{noun(len(of), 'order')} {' and '.join(numbers)}: {said}"


def assumption_blocks(reports: Sequence[Report]) -> Iterator[Block]:
    """Yield a block for each assumption that the reference needs, and whether it held."""
    scenarios = [o.task.scenario for report in reports for o in report.outcomes]
    for known in ASSUMPTIONS:
        # A scenario that asks for some properties only is there to do without an assumption.
        held = all(known.held_by(s.bounds) for s in scenarios if s.properties is None)
        beyond = "" if held else "  (not within these bounds)"
        yield Line(f"  {known.name:<16} ", f"{known.inequality}{beyond}")


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
            "lane": str(step.lane),
            "changes": [_change_json(change) for change in step.changes],
        }
        for step in steps
    ]


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "what": change.label,
        "before": change.before,
        "after": change.after,
        "lane": str(change.lane),
        "detail": change.detail,
    }
