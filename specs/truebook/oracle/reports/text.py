"""The report of a run for people: a line a stage, then each thing that is wrong, in full."""

import json
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from truebook.model.rules import RULES
from truebook.oracle.driver import spec
from truebook.oracle.judge import BAD, Kind, Result, Told, exit_code, worst_first
from truebook.oracle.protocol import About
from truebook.oracle.reports.sentences import sentence
from truebook.screen.layout import ANY, Block, Command, Line, Styled, Table, laid_out, line
from truebook.specs.words import counted, plain

STAGES = ("smoke", "vectors", "edges", "random")
SAYS = {rule.name: rule.says for rule in RULES}
SHOWN_IN_FULL = 5
"""How many findings are shown with their events; the others are a line each."""
_LAST = 12
"""How many steps of a long run are shown."""


@attrs.frozen
class Run:
    """A whole run: who was held to what, and what came of it.

    `options` are those that doing a finding again needs; `whole` says that no vector was left out
    by choice, `interrupted` how a run that did not come to its end was ended, as an exit code.
    """

    about: About | None
    command: tuple[str, ...]
    results: tuple[Result, ...]
    options: tuple[str, ...] = ()
    whole: bool = True
    interrupted: int = 0

    @property
    def profile(self) -> str:
        """What was claimed: the features that vectors ask for."""
        features = self.about.features if self.about else ()
        return " + ".join(f for f in features if f != "batch") or "none"

    @property
    def subject(self) -> str:
        """The name and version of the subject, on one line."""
        about = self.about
        return plain(f"{about.name} {about.version}".strip()) if about else "the subject"

    @property
    def exit_code(self) -> int:
        """What the run comes to: one that did not come to its end shows nothing."""
        return self.interrupted or exit_code(self.results)


def lines_of(run: Run, *, width: int = ANY) -> Iterator[Styled]:
    """Yield (style, line) for a run."""
    return laid_out(blocks(run), width)


def blocks(run: Run) -> Iterator[Block]:
    """Yield the blocks of a run: a line a stage, then the findings."""
    language = f", in {run.about.language}" if run.about and run.about.language else ""
    yield line(f"{run.subject}{plain(language)}", "title")
    yield line(f"  claims {run.profile}; held to truebook {spec()}")
    for stage in STAGES:
        found = [result for result in run.results if result.stage == stage]
        if found:
            bad = any(result.kind in BAD for result in found)
            yield Line(f"  {stage:<8} ", outcomes_of(found), style="bad" if bad else "good")
    findings = worst_first(run.results)
    for result in findings[:SHOWN_IN_FULL]:
        yield line("")
        yield from finding_blocks(result, replay_words(result, run))
    if len(findings) > SHOWN_IN_FULL:
        yield line("")
        yield line(f"{len(findings) - SHOWN_IN_FULL} more:")
        for result in findings[SHOWN_IN_FULL:]:
            yield Line("  ", plain(f"{result.kind}: {result.slug} ({_why(result)})"))
    if run.interrupted:
        yield line("interrupted: the rest was not tried", "bad")


def outcomes_of(results: Sequence[Result]) -> str:
    """Return how many results there are of each kind, in words."""
    counts = Counter(result.kind for result in results)
    return ", ".join(f"{counts[kind]:,} {kind}" for kind in Kind if counts[kind])


def _why(result: Result) -> str:
    if result.what:
        return result.what
    return f"step {len(result.told)}: {result.differences[0]}" if result.differences else ""


def finding_lines(result: Result) -> Iterator[Styled]:
    """Yield (style, line) for one thing that is wrong."""
    return laid_out(finding_blocks(result))


def finding_blocks(result: Result, replay: tuple[str, ...] = ()) -> Iterator[Block]:
    """Yield the blocks of one thing that is wrong."""
    case = result.case
    yield line(f"{result.kind}: {plain(result.slug)}", "bad")
    yield Line("  ", plain(case.title))
    yield from told_blocks(result.told)
    if result.what:
        yield Line("  ", plain(result.what))
    for text in result.hint.splitlines():
        yield Line("    ", plain(text))
    if result.differences:
        rows = (
            (plain(d.path), plain(_text(d.expected)), plain(_text(d.shown)))
            for d in result.differences
        )
        head = ("after the last step", "expected", "shown")
        yield Table(head, tuple(rows), indent=2, style="bad")
    if result.kind is Kind.FAIL and result.stage != "smoke":
        yield Line("  ", f"it seems to break {case.rule}: {_lower(SAYS[case.rule])}")
    if replay:
        yield Command("  replay: ", replay)


def replay_words(result: Result, run: Run) -> tuple[str, ...]:
    """Return the words of the command that does a finding again; nothing if any run does."""
    if not result.replay:
        return ()
    return ("truebook", "conform", *run.options, *result.replay, "--", *run.command)


def replay_command(result: Result, run: Run) -> str:
    """Return the command that does a finding again; nothing if any run does."""
    return shlex.join(replay_words(result, run))


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
