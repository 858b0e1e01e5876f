"""One finding, or one fault of a subject, for people."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from truebook.model.rules import RULES
from truebook.oracle.findings import Finding
from truebook.oracle.judge import (
    ABOVE,
    CHANGED,
    EARLY,
    EXTRA,
    LESS,
    MISSING,
    MORE,
    OTHER,
    Onset,
    Result,
    Told,
)
from truebook.oracle.reports.sentences import sentence
from truebook.screen.layout import Block, Command, Line, Styled, Table, laid_out, line
from truebook.specs.properties import PROPERTIES
from truebook.specs.words import counted, plain

SAYS = {rule.name: rule.says for rule in RULES}
PROMISES = {known.name: known.sentence for known in PROPERTIES}
_STAGES = {"vectors": "vector", "edges": "edge", "random": "random run"}
_LAST = 12
"""How many steps of a long run are shown."""


def headline(finding: Finding) -> str:
    """Return what is wrong, in a line: the promise, the part and the way, after which events."""
    one = finding.deviation
    promise = f"{one.promise}: " if one.promise else ""
    said = _PHRASES.get((one.part, one.way), f"{one.part} {one.way}")
    return f"{promise}{said}, after {', '.join(finding.after)}"


_PHRASES = {
    ("position", ABOVE): "the position is above what has executed",
    ("position", EARLY): "the position has what no fill has told",
    ("position", CHANGED): "the position is not as it was changed",
    ("position", MISSING): "a fill is missing in the position",
    ("position", MORE): "the position is too large",
    ("position", LESS): "the position is too small",
    ("orders", MISSING): "an order is not shown",
    ("orders", EXTRA): "an order is still shown",
    ("orders.filled", MORE): "an order shows too much as filled",
    ("orders.filled", LESS): "an order shows too little as filled",
    ("orders.state", OTHER): "an order is in another state",
    ("orders.state", EXTRA): "an order is in a state that cannot be",
    ("open", MISSING): "an order is not shown open",
    ("open", EXTRA): "an order is shown open",
    ("pending", MISSING): "an order is not shown pending",
    ("pending", EXTRA): "an order is shown pending",
    ("orphans", MISSING): "an orphan is not shown",
    ("orphans", EXTRA): "an orphan is shown",
    ("exposure", MORE): "the exposure is too large",
    ("exposure", LESS): "the exposure is too small",
    ("unsettled", MORE): "what is unsettled is too large",
    ("unsettled", LESS): "what is unsettled is too small",
    ("effects.cancels", EXTRA): "a cancel is asked for",
    ("effects.cancels", MISSING): "a cancel is not asked for",
}


def how_often(finding: Finding) -> str:
    """Return in how many runs of each stage a finding is, and in how many for good."""
    runs = [counted(finding.runs[s], word) for s, word in _STAGES.items() if finding.runs.get(s)]
    if finding.lasting == finding.count:
        lasts = "for good"
    elif finding.lasting:
        lasts = f"for good in {finding.lasting:,} of {finding.count:,}"
    else:
        lasts = "gone by the end"
    return f"in {', '.join(runs)}; {lasts}"


def consequences(finding: Finding) -> str:
    """Return what is seen only behind a finding, or others as bad, and in how many runs."""
    return ", ".join(f"{name} ({count:,})" for name, count in finding.then.items())


def why(finding: Finding) -> str:
    """Return which rule's breach explains a finding."""
    if not finding.tried:
        return "which rule it lacks was not tried"
    if not finding.rules:
        return "no rule alone explains it"
    if len(finding.rules) == 1:
        return f"as the reference without {finding.rules[0]}"
    return f"as the reference without one of {', '.join(finding.rules)}"


def finding_lines(finding: Finding) -> Iterator[Styled]:
    """Yield (style, line) for a finding in full."""
    return laid_out(finding_blocks(finding))


def finding_blocks(finding: Finding, replay: tuple[str, ...] = ()) -> Iterator[Block]:
    """Yield the blocks of a finding in full: what is wrong, how often, and its shortest run."""
    yield line(f"{finding.severity}: {headline(finding)}", "bad" if finding.promise else "plain")
    if finding.promise:
        yield Line("  ", f"the promise: {PROMISES[finding.promise]}")
    yield Line("  ", how_often(finding))
    if len(finding.rules) == 1:
        yield Line("  ", f"{why(finding)}: {_lower(SAYS[finding.rules[0]])}")
    else:
        yield Line("  ", why(finding))
    if finding.also:
        yield Line("  ", f"with it: {', '.join(finding.also)}")
    if finding.then:
        yield Line("  ", f"only behind it or the like, in how many runs: {consequences(finding)}")
    if finding.known:
        yield Line("  ", plain(f"known: {finding.known}"))
    yield from run_blocks(finding.shortest, finding.onset)
    yield Line("  ", f"name: {finding.name}")
    if replay:
        yield Command("  replay: ", replay)


def run_blocks(result: Result, onset: Onset) -> Iterator[Block]:
    """Yield a run up to where something begins to be wrong, and what."""
    yield Line("  ", plain(f"{result.slug}: {result.case.title}"))
    yield from told_blocks(result.told[: onset.step])
    rows = tuple(
        (plain(one.path), plain(_text(one.expected)), plain(_text(one.shown)))
        for one in onset.deviations
    )
    yield Table(("after the last step", "expected", "shown"), rows, indent=2, style="bad")


def fault_lines(result: Result) -> Iterator[Styled]:
    """Yield (style, line) for what is bad and no finding tells of."""
    return laid_out(fault_blocks(result))


def fault_blocks(result: Result, replay: tuple[str, ...] = ()) -> Iterator[Block]:
    """Yield the blocks of what is bad and no finding tells of: a crash, a hang, and the like."""
    yield line(f"{result.kind}: {plain(result.slug)}", "bad")
    yield Line("  ", plain(result.case.title))
    yield from told_blocks(result.told)
    if result.what:
        yield Line("  ", plain(result.what))
    for text in result.hint.splitlines():
        yield Line("    ", plain(text))
    if replay:
        yield Command("  replay: ", replay)


def told_blocks(told: Sequence[Told]) -> Iterator[Block]:
    """Yield a line for each step; of a long run the last ones."""
    left_out = max(0, len(told) - _LAST)
    if left_out:
        yield line(f"    … {counted(left_out, 'step')} before these")
    for number, step in list(enumerate(told, 1))[-_LAST:]:
        yield Line(f"    {number:>3}. ", plain(step_text(step)), hang=9)


def step_text(step: Told) -> str:
    """Return a step as a sentence, with its time; of several events the first."""
    others = len(step.events) - 1
    more = f", and {others:,} more like it" if others else ""
    return f"at {step.at}: {sentence(step.events[0])}{more}"


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
