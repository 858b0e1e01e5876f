"""The report of a proof: lines for people, and one object for machines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from truebook.model.config import Delays, Timers
from truebook.model.memory import MemoryBounds
from truebook.model.names import NameBounds
from truebook.model.request_world import RequestBounds
from truebook.model.sizes import SizeBounds
from truebook.review.check_report import (
    broken_blocks,
    fork_json,
    trace_blocks,
    trace_json,
    verdict_line,
)
from truebook.screen.layout import Block, Line, line
from truebook.specs.proofs import NAMED, Claim, Found, ProofReport, Shown, rounds_of
from truebook.specs.properties import (
    CONFLUENCE_EXCEPTION,
    QUIET,
    QUIET_SENTENCE,
    SETTLED,
    NotInductive,
    Proved,
    Unknown,
    Verdict,
)
from truebook.specs.scenarios import EVERYTHING
from truebook.specs.words import counted, noun


def blocks(report: ProofReport, found: Mapping[str, Found], *, lemmas: bool) -> Iterator[Block]:
    """Yield the blocks of a report: one a property, then lemmas that failed, or all of them.

    `found` are runs into violations, by property.
    """
    yield line(report.design, "title")
    for shown in report.shown:
        if shown.paths:
            yield line(
                f"  {shown.job.world}{_scope(shown)}: {counted(len(shown.lemmas), 'lemma')}, "
                f"{counted(shown.actions, 'action')} of {counted(shown.paths, 'path')}, "
                f"{_took(shown)}"
            )
    for name, verdict in report.properties.items():
        yield from _verdict_blocks(report, name, verdict, found.get(name))
    for shown in report.shown:
        yield from _lemma_blocks(shown, every=lemmas)
    yield from _other_blocks(report)
    before = sum(shown.before for shown in report.shown)
    if before:
        of = f"{before} of {counted(len(report.shown), 'job')}"
        yield line(f"  {of} done before, of the same code: --no-cache does all again")
    yield line(f"  {_summary(report)}")


def _took(shown: Shown) -> str:
    """Return how long a job took, and if that was before."""
    return f"{shown.seconds:.1f} s{' before' if shown.before else ''}"


def _scope(shown: Shown) -> str:
    """Return what is left out of the world of a proof that is to fail."""
    faults = shown.job.faults
    if shown.job.world in NAMED or faults.snapshots == EVERYTHING.snapshots:
        return ""
    one = "one listing at a time"
    return f", {one}" if faults.modify or shown.job.world == "foreign" else f", no modify, {one}"


def _verdict_blocks(
    report: ProofReport, name: str, verdict: Verdict, found: Found | None
) -> Iterator[Block]:
    queries, seconds = report.queries[name], report.seconds[name]
    cost = f"{_queries(queries)} in {seconds:.2f} s"
    if found is not None:
        yield from _found_blocks(name, found)
        return
    match verdict:
        case Proved(method, assumptions, of_a_modify):
            assuming = ", ".join(assumptions) or "nothing"
            if of_a_modify:
                assuming += f"; of an order that is modified, {', '.join(of_a_modify)}"
            yield _line("proved", name, f"{method}, {cost}; assumes {assuming}", "holds")
            yield from _rounds_blocks(report, name)
        case NotInductive(what, state, meaning):
            yield _line("not proved", name, cost, "unreached")
            yield line(f"      Not shown: {what}.")
            yield line("      Nothing known excludes a state with")
            yield from (line(f"        {text}") for text in state)
            yield line(f"      Such a state is {meaning}.")
        case Unknown(reason):
            yield _line("unknown", name, reason, "unreached")


def _rounds_blocks(report: ProofReport, name: str) -> Iterator[Block]:
    """Yield in how many quiet rounds a property holds, world by world, and by which rank."""
    for world, claim in rounds_of(report, name):
        rounds = "quiet round" if claim.rounds == "1" else "quiet rounds"
        needs = f", by {', '.join(claim.needs)}" if claim.needs else ""
        rank = "" if claim.rank == "0" else f"; the rank: {claim.rank}"
        yield Line(f"      {world}: ", f"in {claim.rounds} {rounds}{needs}{rank}", style="plain")


def _line(word: str, name: str, text: str, style: str) -> Line:
    return verdict_line(word, name, text, style=style, pad=12)


def _queries(count: int) -> str:
    return counted(count, "query", "queries")


def _found_blocks(name: str, found: Found) -> Iterator[Block]:
    steps = counted(len(found.trace), "step")
    yield _line("violated", name, f"in {steps}, found by {found.by}", "violated")
    yield from broken_blocks(name, found.check.part)
    yield line(f"      Within {bounds_in_words(found)}.")
    yield from trace_blocks(found.trace)


def bounds_in_words(found: Found) -> str:
    """Return the sizes and timers of a run, as the solver chose them."""
    bounds = found.bounds
    if isinstance(bounds, MemoryBounds):
        return (
            f"{counted(bounds.fills, 'fill')}, of which {_are(bounds.capacity)} remembered and "
            f"{_overtake(bounds.overtaken)} another; times 1 to {bounds.times}"
        )
    if isinstance(bounds, NameBounds):
        return f"{counted(bounds.orders, 'order')} of one cloid, {_are(bounds.oids)} remembered"
    if isinstance(bounds, RequestBounds):
        return f"sizes {bounds.size}, {bounds.first_size} and {bounds.second_size}"
    if isinstance(bounds, SizeBounds):
        told = "the original" if bounds.original else "the present"
        return f"size {bounds.size}, at most {bounds.most}, lag {bounds.lag}; {told} size is told"
    sizes = f"size {bounds.size}" + (f", new size {bounds.new_size}" if bounds.modify else "")
    chosen = (f"{name} {_all_of(getattr(bounds, name))}" for name in ("timers", "delays"))
    return "; ".join((sizes, *chosen))


def _are(number: int) -> str:
    return f"{number} {noun(number, 'is', 'are')}"


def _overtake(number: int | None) -> str:
    if number is None:
        return "any number overtake"
    return f"{number} {noun(number, 'overtakes', 'overtake')}"


def _all_of(timing: Timers | Delays) -> str:
    return ", ".join(f"{name} {value}" for name, value in attrs.asdict(timing).items())


def _lemma_blocks(shown: Shown, *, every: bool) -> Iterator[Block]:
    for claim in shown.lemmas:
        if claim.answer.proved:
            if every:
                yield _lemma(claim, "lemma", f"{shown.job.world}, {_queries(claim.answer.queries)}")
            continue
        yield _lemma(claim, "lemma lost", shown.job.world, "unreached")
        yield from _meaning_blocks(claim)


def _lemma(claim: Claim, word: str, where: str, style: str = "plain") -> Line:
    return Line(f"  {word:<12}  ", f"{claim.name}: {claim.words} ({where})", style=style)


def _meaning_blocks(claim: Claim) -> Iterator[Block]:
    if claim.answer.unknown:
        yield line(f"      the solver says: {claim.answer.unknown}")
    elif claim.meaning != "not looked up":
        yield from (line(f"        {text}") for text in claim.state)
        yield line(f"      Such a state is {claim.meaning}.")


def _asked_blocks(report: ProofReport) -> Iterator[Block]:
    """Yield how many queries cvc5 was asked, where it was."""
    queries = _queries(sum(shown.queries for shown in report.shown))
    match report.shown[0].job.asking.solver:
        case "cvc5":
            yield Line("  cvc5 says     ", f"what is said here, of {queries}", style="plain")
        case "both":
            yield Line("  cvc5 says     ", f"what Z3 says, of {queries}", style="plain")


def _other_blocks(report: ProofReport) -> Iterator[Block]:
    yield from _asked_blocks(report)
    for shown in report.opinions:
        assert shown.job.opinion is not None
        how = "with the lemmas" if shown.job.opinion.with_lemmas else "by itself"
        style = "holds" if shown.said == "proved" else "unreached"
        said = f"{shown.job.opinion.property}: {shown.said}, {how}, {_took(shown)}"
        yield Line("  Spacer says   ", said, style=style)
    for shown in report.shown:
        if shown.job.world == "several orders":
            said = shown.said or "each moves one order at a time, or each order as if alone"
            actions = f"{counted(shown.actions, 'action')} of several orders together: {said}"
            yield Line("  any number    ", actions, style="unreached" if shown.said else "holds")
    if isinstance(report.properties.get("confluence"), Proved):
        yield line(f"  confluence has one exception. {CONFLUENCE_EXCEPTION}")
    if any(isinstance(report.properties.get(name), Proved) for name in SETTLED):
        yield line(f"  {QUIET} is an assumption of fairness. {QUIET_SENTENCE}")


def _summary(report: ProofReport) -> str:
    proved = sum(isinstance(verdict, Proved) for verdict in report.properties.values())
    small = any(map(_scope, report.shown))
    within = " in these smaller worlds" if small else ""
    of = counted(len(report.properties), "property", "properties")
    return f"{proved} of {of} proved{within}"


def hunted_blocks(
    design: str, found: Mapping[str, Found], properties: Sequence[str]
) -> Iterator[Block]:
    """Yield the blocks for a design of which nothing is proved: the runs that were found."""
    yield line(design, "title")
    for name in properties:
        if name in found:
            yield from _found_blocks(name, found[name])
        else:
            yield _line("unknown", name, "no run into a violation found", "unreached")
    of = counted(len(properties), "safety property", "safety properties")
    yield line(f"  {len(found)} of {of} violated")


def as_json(
    design: str, report: ProofReport | None, found: Mapping[str, Found], seconds: float
) -> dict[str, Any]:
    """Return the object that `--json` prints."""
    return {
        "design": report.design if report else design,
        "solver": report.shown[0].job.asking.solver if report else None,
        "properties": {}
        if report is None
        else {
            name: _verdict_json(verdict)
            | {"queries": report.queries[name], "seconds": round(report.seconds[name], 3)}
            | _rounds_json(report, name)
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
        case Proved(method, assumptions, of_a_modify):
            return {
                "verdict": "proved",
                "method": method,
                "assumptions": list(assumptions),
                "assumptions_of_a_modify": list(of_a_modify),
            }
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


def _rounds_json(report: ProofReport, name: str) -> dict[str, Any]:
    """Return in how many quiet rounds a property holds in each world, where it is of those."""
    rounds = {
        world: {"most": claim.rounds, "rank": claim.rank, "needs": list(claim.needs)}
        for world, claim in rounds_of(report, name)
    }
    return {"rounds": rounds} if rounds else {}


def _shown_json(shown: Shown) -> dict[str, Any]:
    return {
        "world": shown.job.title,
        "assumptions": list(shown.assumptions),
        "actions": shown.actions,
        "paths": shown.paths,
        "queries": shown.queries,
        "before": shown.before,
        "said": shown.said,
        "seconds": round(shown.seconds, 3),
        "lemmas": [
            {"name": lemma.name, "sentence": lemma.words, "proved": lemma.answer.proved}
            for lemma in shown.lemmas
        ],
    }
