"""The report of a run for people: what is broken, how bad, what to do first; then each finding."""

from collections import Counter
from collections.abc import Iterator

from truebook.oracle.driver import spec
from truebook.oracle.findings import Finding
from truebook.oracle.judge import BAD, Level
from truebook.oracle.protocol import DECLARATIONS, VERSION
from truebook.oracle.reports.finding_text import (
    consequences,
    fault_blocks,
    finding_blocks,
    headline,
    how_often,
    why,
)
from truebook.oracle.reports.run import Run, outcomes_of, replay_words
from truebook.screen.layout import ANY, Block, Line, Styled, laid_out, line
from truebook.specs.words import counted, plain

STAGES = ("smoke", "vectors", "edges", "random")
SHOWN_IN_FULL = 3
"""How many findings are shown with their events; the others are a line or two each."""
_MOST_FAULTS = 5
_SEVERITIES = ("critical", "high", "medium")


def lines_of(run: Run, *, width: int = ANY, whole: bool = False) -> Iterator[Styled]:
    """Yield (style, line) for a run; with `whole`, every finding in full."""
    return laid_out(blocks(run, whole=whole), width)


def blocks(run: Run, *, whole: bool = False) -> Iterator[Block]:
    """Yield the blocks of a run: what it comes to, a line a stage, then the findings."""
    language = f", in {run.about.language}" if run.about and run.about.language else ""
    yield line(f"{run.subject}{plain(language)}", "title")
    yield Line("  ", f"claims {run.profile}; held to truebook {spec()}, level {run.level}")
    for stage in STAGES:
        found = [result for result in run.results if result.stage == stage]
        if found:
            bad = any(result.kind in BAD for result in found)
            yield Line(f"  {stage:<8} ", outcomes_of(found), style="bad" if bad else "good")
    if run.about and any(result.stage != "smoke" for result in run.results):
        yield from _summary(run)
    yield from _faults(run)
    yield from _findings(run, whole=whole)
    if run.interrupted:
        yield line("interrupted: the rest was not tried", "bad")


def _summary(run: Run) -> Iterator[Block]:
    """Yield what a person wants to know first."""
    broken, differing = run.broken, run.differing
    yield line("")
    if broken:
        promises = len(run.promises_broken)
        counts = Counter(one.severity for one in broken)
        by = ", ".join(f"{counts[name]} {name}" for name in _SEVERITIES if counts[name])
        ways = counted(len(broken), "finding")
        yield Line("", f"{counted(promises, 'promise')} broken, in {ways}: {by}", style="bad")
    elif run.faults:
        yield line("no promise is seen broken, and it did not go through", "bad")
    elif any(result.kind in BAD for result in run.results):
        yield line("what is expected is not shown, by cases that tell no truth to judge by", "bad")
    elif not run.tested:
        yield line("nothing was tested", "bad")
    else:
        but = " but those that are known" if run.known_to_break else ""
        yield line(f"no promise broken{but}", "good")
    if differing:
        strict = run.level is Level.REFERENCE
        also = f"{counted(len(differing), 'difference')} from the reference, breaking none"
        yield line(also, "bad" if strict else "plain")
    if broken:
        yield Line("first: ", f"{headline(broken[0])} ({why(broken[0])})")
    known = [one for one in run.findings if one.known]
    if known:
        yield line(f"{counted(len(known), 'finding')} known and explained")
    for name in run.stale:
        yield Line("", plain(f"expected and not found: {name}: take it off the list"), style="bad")
    if run.not_shown:
        yield Line("not shown, so not judged: ", ", ".join(run.not_shown))
    for name in run.declares:
        word = name.partition("=")[0]
        runs = counted(run.relaxed.get(word, 0), "run")
        yield Line("declared: ", f"{name}: {DECLARATIONS[word]} ({runs})")
    if run.lacking:
        said = ", ".join(f"{name} ({count:,})" for name, count in run.lacking.items())
        yield Line("not claimed, so not tried, with how many vectors each would unlock: ", said)
    if run.about and run.about.protocol != VERSION:
        yield line(f"speaks protocol {run.about.protocol}: told without what came with {VERSION}")
    if run.untold:
        said = ", ".join(f"{name} ({count:,})" for name, count in run.untold.items())
        yield Line("cannot be told, so not tried, with how many vectors tell it: ", said)
        yield line("edges and random runs are told without it")


def _faults(run: Run) -> Iterator[Block]:
    for result in run.faults[:_MOST_FAULTS]:
        yield line("")
        yield from fault_blocks(result, replay_words(result, run))
    if len(run.faults) > _MOST_FAULTS:
        yield line("")
        yield line(f"{len(run.faults) - _MOST_FAULTS} more:")
        for result in run.faults[_MOST_FAULTS:]:
            yield Line("  ", plain(f"{result.kind}: {result.slug} ({result.what})"))


def _findings(run: Run, *, whole: bool) -> Iterator[Block]:
    """Yield the findings, a line or two each, then the worst in full."""
    if not run.findings:
        return
    yield line("")
    for number, one in enumerate(run.findings, 1):
        yield from _in_short(number, one)
    full = [one for one in run.findings if whole or not one.known]
    for one in full if whole else full[:SHOWN_IN_FULL]:
        yield line("")
        yield from finding_blocks(one, replay_words(one.shortest, run))
    if len(full) > SHOWN_IN_FULL and not whole:
        yield line("")
        yield line(f"--all shows the other {len(full) - SHOWN_IN_FULL} in full, too")


def _in_short(number: int, one: Finding) -> Iterator[Block]:
    known = f"; known: {one.known}" if one.known else ""
    said = f"{one.severity:<10} {headline(one)}"
    style = "bad" if one.promise and not one.known else "plain"
    yield Line(f"  {number:>2}. ", plain(said), style=style, hang=6)
    behind = f"; only behind it or the like: {consequences(one)}" if one.then else ""
    yield Line("      ", plain(f"{how_often(one)}; {why(one)}{behind}{known}"), hang=6)
