"""What came of runs, for people: what breaks, how often, and the fewest faults that do it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from truebook.screen.layout import Block, Command, Line, Table, line
from truebook.specs.words import counted, plain
from truebook.venue.verdict.breach import Promise
from truebook.venue.verdict.fewer import Shortest, first_of
from truebook.venue.verdict.story import HEAD, told
from truebook.venue.verdict.trial import Trial


def blocks(trials: Sequence[Trial], shortest: Sequence[Shortest]) -> Iterator[Block]:
    """Yield the verdict: what is broken first, then what was seen, then each shortest run."""
    bad = [one for one in trials if one.breaches]
    yield line(
        f"{len(bad):,} of {counted(len(trials), 'run')} broke a promise"
        if bad
        else f"no promise broken in {counted(len(trials), 'run')}",
        "bad" if bad else "good",
    )
    yield Line("  ", ", ".join(_seen(trials)))
    often = Counter(promise for one in trials for promise in one.promises)
    rows = tuple((str(p), f"{often[p]:,} of {len(trials):,}") for p in Promise if often[p])
    if rows:
        yield line("")
        yield Table(("promise", "broken in"), rows)
    fewest = {one.promise: one for one in shortest}
    told_of = list[Trial]()
    for promise, trial in first_of(trials).items():
        one = fewest.get(promise) or Shortest.of(promise, trial)
        yield line("")
        yield from _broken(one)
        if any(one.trial is before for before in told_of):
            yield Line("  ", "in the same run as the one before: its story is there")
        else:
            yield from _story(one.trial)
            told_of.append(one.trial)
    if len(fewest) < len(often) and any(one.done for one in bad):
        yield line("")
        yield line("--shrink 1 or more leaves out the faults that do nothing")
    if any(one.plan.faults for one in trials) and not any(one.done for one in trials):
        yield line("")
        yield line("no fault of the plan came due: the messages that it names never came")
    if trials and not any(one.requests for one in trials):
        yield line("")
        yield line("nothing was judged of orders: it asked for none")
    if not any(one.beliefs for one in trials):
        yield line("")
        yield line("what it believes was not judged: it posted none (POST /_truebook/belief)")


def _seen(trials: Sequence[Trial]) -> Iterator[str]:
    yield counted(sum(one.requests for one in trials), "request")
    yield counted(sum(one.fills for one in trials), "fill")
    yield counted(sum(len(one.done) for one in trials), "fault")
    unanswered = {name for one in trials for name in one.unanswered}
    if unanswered:
        yield f"asked and not answered here: {', '.join(sorted(unanswered))}"


def _broken(one: Shortest) -> Iterator[Block]:
    breach = next((b for b in one.trial.breaches if b.promise is one.promise), None)
    yield line(f"{one.promise}: {breach.words if breach else ''}", "bad")
    if breach is not None and breach.rule:
        yield Line("  ", f"the rule that keeps it: {breach.rule}")
    faults = counted(len(one.faults), "fault") if one.faults else "no fault at all"
    yield Line("  ", f"{faults}, {_how_often(one)} (seed {one.trial.seed}){':' * bool(one.faults)}")
    for fault in one.faults:
        yield Line("    ", str(fault))


def _how_often(one: Shortest) -> str:
    if not one.runs:
        return "in one run"
    if not one.failed:
        return f"seen once, and not again in {counted(one.runs, 'run')} more"
    return f"in {one.failed} of {counted(one.runs, 'run')}"


def _story(trial: Trial) -> Iterator[Block]:
    rows = tuple(tuple(map(plain, row)) for row in told(trial.rows))
    if rows:
        yield Table(HEAD, rows, indent=2)
    last = [text for text in trial.said.splitlines() if text.strip()][-3:]
    if last:
        yield Line("  ", "the bot said last:")
        for text in last:
            yield Line("    ", plain(text))


def replay(words: tuple[str, ...]) -> Block:
    """Return the command that runs a plan again."""
    return Command("  replay: ", words)
