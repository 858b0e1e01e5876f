"""The report of a run for people: a line a stage, then each thing that is wrong, in full."""

import json
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from truebook.model.rules import RULES
from truebook.oracle.client import spec
from truebook.oracle.protocol import About
from truebook.oracle.results import BAD, Kind, Result, Told, exit_code, worst_first

STAGES = ("smoke", "vectors", "edges", "random")
SAYS = {rule.name: rule.says for rule in RULES}
SHOWN_IN_FULL = 5
"""How many findings are shown with their events; the others are a line each."""
_LAST = 12
"""How many steps of a long run are shown."""
_WIDE = 30


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


def lines_of(run: Run) -> Iterator[tuple[str, str]]:
    """Yield (style, line) for a run."""
    language = f", in {run.about.language}" if run.about and run.about.language else ""
    yield "title", f"{run.subject}{plain(language)}"
    yield "plain", f"  claims {run.profile}; held to truebook {spec()}"
    for stage in STAGES:
        found = [result for result in run.results if result.stage == stage]
        if found:
            bad = any(result.kind in BAD for result in found)
            yield "bad" if bad else "good", f"  {stage:<8} {counted(found)}"
    findings = worst_first(run.results)
    for result in findings[:SHOWN_IN_FULL]:
        yield "plain", ""
        yield from finding_lines(result, replay_command(result, run))
    if len(findings) > SHOWN_IN_FULL:
        yield "plain", ""
        yield "plain", f"{len(findings) - SHOWN_IN_FULL} more:"
        for result in findings[SHOWN_IN_FULL:]:
            yield "plain", plain(f"  {result.kind}: {result.slug} ({_why(result)})")
    if run.interrupted:
        yield "bad", "interrupted: the rest was not tried"


def counted(results: Sequence[Result]) -> str:
    """Return how many results there are of each kind, in words."""
    counts = Counter(result.kind for result in results)
    return ", ".join(f"{counts[kind]:,} {kind}" for kind in Kind if counts[kind])


def _why(result: Result) -> str:
    if result.what:
        return result.what
    return f"step {len(result.told)}: {result.differences[0]}" if result.differences else ""


def finding_lines(result: Result, replay: str = "") -> Iterator[tuple[str, str]]:
    """Yield (style, line) for one thing that is wrong."""
    for style, line in _finding(result):
        yield style, plain(line)
    if replay:
        yield "plain", f"  replay: {replay}"


def _finding(result: Result) -> Iterator[tuple[str, str]]:
    case = result.case
    yield "bad", f"{result.kind}: {result.slug}"
    yield "plain", f"  {case.title}"
    for line in told_lines(result.told):
        yield "plain", f"    {line}"
    if result.what:
        yield "plain", f"  {result.what}"
    for line in result.hint.splitlines():
        yield "plain", f"    {line}"
    if result.differences:
        width = max(_WIDE, *(len(_text(d.expected)) for d in result.differences))
        yield "plain", f"  after the last step{'':<15} {'expected':<{width}}  shown"
        for d in result.differences:
            yield "bad", f"    {d.path:<30} {_text(d.expected):<{width}}  {_text(d.shown)}"
    if result.kind is Kind.FAIL and result.stage != "smoke":
        yield "plain", f"  it seems to break {case.rule}: {_lower(SAYS[case.rule])}"


def replay_command(result: Result, run: Run) -> str:
    """Return the command that does a finding again; nothing if any run does."""
    if not result.replay:
        return ""
    return shlex.join(("truebook", "conform", *run.options, *result.replay, "--", *run.command))


def plain(text: str) -> str:
    """Return a text of the subject's as it can be shown in a line: nothing in it is obeyed."""
    shown = text.expandtabs()
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)


def told_lines(told: Sequence[Told]) -> Iterator[str]:
    """Yield a line for each step; of a long run the last ones."""
    if len(told) > _LAST:
        yield f"… {len(told) - _LAST} steps before these"
    for number, step in list(enumerate(told, 1))[-_LAST:]:
        more = f", and {len(step.events) - 1} more like it" if len(step.events) > 1 else ""
        yield f"{number:>3}. at {step.at}: {event_text(step.events[0])}{more}"


def event_text(event: Mapping[str, Any]) -> str:
    """Return an event as words."""
    words = [f"{k} {_text(v)}" for k, v in event.items() if k != "type"]
    return " ".join([event["type"], *words])


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
