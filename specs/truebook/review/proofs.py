"""The report of a proof: lines for people, and one object for machines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from truebook.model.config import Delays, Timers
from truebook.model.memory import MemoryBounds
from truebook.review.report import SENTENCES, WIDTH, fork_json, trace_json, trace_lines
from truebook.specs.proofs.jobs import Claim, Shown
from truebook.specs.proofs.search import Found
from truebook.specs.proofs.verdicts import ProofReport
from truebook.specs.properties import CONFLUENCE_EXCEPTION, SETTLED
from truebook.specs.scenarios import EVERYTHING
from truebook.specs.verdict import NotInductive, Proved, Unknown, Verdict


def lines_of(
    report: ProofReport, found: Mapping[str, Found], *, lemmas: bool
) -> Iterator[tuple[str, str]]:
    """Yield (style, line): one line a property, then lemmas that failed, or all of them.

    `found` are runs into violations, by property.
    """
    yield "title", report.design
    for shown in report.shown:
        if shown.paths:
            yield (
                "plain",
                f"  {shown.job.world}{_scope(shown)}: {len(shown.lemmas)} lemmas, {shown.actions} "
                f"actions of {shown.paths:,} paths, {shown.seconds:.1f} s",
            )
    for name, verdict in report.properties.items():
        yield from _verdict_lines(report, name, verdict, found.get(name))
    for shown in report.shown:
        yield from _lemma_lines(shown, every=lemmas)
    yield from _other_lines(report)
    yield "plain", f"  {_summary(report)}"


def _scope(shown: Shown) -> str:
    """Return what is left out of the world of a proof that is to fail."""
    faults = shown.job.faults
    if shown.job.world == "fills" or faults == EVERYTHING:
        return ""
    one = "one snapshot at a time"
    return f", {one}" if faults.modify or shown.job.world == "foreign" else f", no modify, {one}"


def _verdict_lines(
    report: ProofReport, name: str, verdict: Verdict, found: Found | None
) -> Iterator[tuple[str, str]]:
    queries, seconds = report.queries[name], report.seconds[name]
    cost = f"{_queries(queries)} in {seconds:.2f} s"
    if found is not None:
        yield from _found_lines(name, found)
        return
    match verdict:
        case Proved(method, assumptions):
            assuming = ", ".join(assumptions) or "nothing"
            yield (
                "holds",
                f"  {'proved':<12}  {name:<{WIDTH}}  {method}, {cost}; assumes {assuming}",
            )
        case NotInductive(what, state, meaning):
            yield "unreached", f"  {'not proved':<12}  {name:<{WIDTH}}  {cost}"
            yield "plain", f"      Not shown: {what}."
            yield "plain", "      Nothing known excludes a state with"
            yield from (("plain", f"        {line}") for line in state)
            yield "plain", f"      Such a state is {meaning}."
        case Unknown(reason):
            yield "unreached", f"  {'unknown':<12}  {name:<{WIDTH}}  {reason}"


def _queries(count: int) -> str:
    return f"{count} quer{'y' if count == 1 else 'ies'}"


def _found_lines(name: str, found: Found) -> Iterator[tuple[str, str]]:
    steps = f"{len(found.trace)} step{'s' if len(found.trace) != 1 else ''}"
    yield "violated", f"  {'violated':<12}  {name:<{WIDTH}}  in {steps}, found by {found.by}"
    yield "plain", f"      {SENTENCES[name]}"
    yield "plain", f"      Broken: {found.check.part}."
    yield "plain", f"      Within {bounds_in_words(found)}."
    yield from (("plain", line) for line in trace_lines(found.trace))


def bounds_in_words(found: Found) -> str:
    """Return the sizes and timers of a run, as the solver chose them."""
    bounds = found.bounds
    if isinstance(bounds, MemoryBounds):
        return (
            f"{bounds.fills} fills, of which {bounds.capacity} are remembered and "
            f"{bounds.overtaken} overtake another; times 1 to {bounds.times}"
        )
    sizes = f"size {bounds.size}" + (f", new size {bounds.new_size}" if bounds.modify else "")
    chosen = (f"{name} {_all_of(getattr(bounds, name))}" for name in ("timers", "delays"))
    return "; ".join((sizes, *chosen))


def _all_of(timing: Timers | Delays) -> str:
    return ", ".join(f"{name} {value}" for name, value in attrs.asdict(timing).items())


def _lemma_lines(shown: Shown, *, every: bool) -> Iterator[tuple[str, str]]:
    for claim in shown.lemmas:
        if claim.answer.proved:
            if every:
                yield (
                    "plain",
                    f"  lemma         {claim.name}: {claim.words} "
                    f"({shown.job.world}, {_queries(claim.answer.queries)})",
                )
            continue
        yield "unreached", f"  lemma lost    {claim.name}: {claim.words} ({shown.job.world})"
        yield from _meaning_lines(claim)


def _meaning_lines(claim: Claim) -> Iterator[tuple[str, str]]:
    if claim.answer.unknown:
        yield "plain", f"      the solver says: {claim.answer.unknown}"
    elif claim.meaning != "not looked up":
        yield from (("plain", f"        {line}") for line in claim.state)
        yield "plain", f"      Such a state is {claim.meaning}."


def _other_lines(report: ProofReport) -> Iterator[tuple[str, str]]:
    for shown in report.opinions:
        assert shown.job.opinion is not None
        how = "with the lemmas" if shown.job.opinion.with_lemmas else "by itself"
        style = "holds" if shown.said == "proved" else "unreached"
        yield (
            style,
            f"  Spacer says   {shown.job.opinion.property}: {shown.said}, {how}, "
            f"{shown.seconds:.1f} s",
        )
    for shown in report.shown:
        if shown.job.world == "several orders":
            said = shown.said or "each moves one order at a time, or each order as if alone"
            yield (
                "unreached" if shown.said else "holds",
                f"  any number    {shown.actions} actions of several orders together: {said}",
            )
    if isinstance(report.properties.get("confluence"), Proved):
        yield "plain", f"  confluence has one exception. {CONFLUENCE_EXCEPTION}"
    yield "plain", f"  {' and '.join(SETTLED)} speak of what comes once quiet: see `truebook check`"


def _summary(report: ProofReport) -> str:
    proved = sum(isinstance(verdict, Proved) for verdict in report.properties.values())
    small = any(map(_scope, report.shown))
    within = " in these smaller worlds" if small else ""
    return f"{proved} of {len(report.properties)} safety properties proved{within}"


def hunted_lines(
    design: str, found: Mapping[str, Found], properties: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield (style, line) for a design of which nothing is proved: the runs that were found."""
    yield "title", design
    for name in properties:
        if name in found:
            yield from _found_lines(name, found[name])
        else:
            yield "unreached", f"  {'unknown':<12}  {name:<{WIDTH}}  no run into a violation found"
    yield "plain", f"  {len(found)} of {len(properties)} safety properties violated"


def as_json(
    design: str, report: ProofReport | None, found: Mapping[str, Found], seconds: float
) -> dict[str, Any]:
    """Return the object that `--json` prints."""
    return {
        "design": report.design if report else design,
        "properties": {}
        if report is None
        else {
            name: _verdict_json(verdict)
            | {"queries": report.queries[name], "seconds": round(report.seconds[name], 3)}
            for name, verdict in report.properties.items()
        },
        "violations": {
            name: {
                "part": one.check.part,
                "by": one.by,
                "bounds": bounds_in_words(one),
                "trace": trace_json(one.trace),
            }
            | fork_json(one.trace)
            for name, one in found.items()
        },
        "worlds": [_shown_json(shown) for shown in (report.shown if report else ())],
        "seconds": round(seconds, 3),
    }


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    match verdict:
        case Proved(method, assumptions):
            return {"verdict": "proved", "method": method, "assumptions": list(assumptions)}
        case NotInductive(what, state, meaning):
            return {
                "verdict": "not proved",
                "what": what,
                "state": list(state),
                "meaning": meaning,
            }
        case Unknown(reason):
            return {"verdict": "unknown", "reason": reason}
    raise ValueError(f"a proof does not come to {verdict}")


def _shown_json(shown: Shown) -> dict[str, Any]:
    return {
        "world": shown.job.title,
        "assumptions": list(shown.assumptions),
        "actions": shown.actions,
        "paths": shown.paths,
        "said": shown.said,
        "seconds": round(shown.seconds, 3),
        "lemmas": [
            {"name": lemma.name, "sentence": lemma.words, "proved": lemma.answer.proved}
            for lemma in shown.lemmas
        ],
    }
