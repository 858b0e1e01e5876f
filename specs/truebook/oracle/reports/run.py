"""A whole run: who was held to what, and what came of it."""

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence

import attrs

from truebook.oracle.cases import kinds_of
from truebook.oracle.findings import Finding, Without, as_known, named, unknown, with_known
from truebook.oracle.judge import BAD, Kind, Level, Result, exit_code, faults_of
from truebook.oracle.protocol import SHOWS, About
from truebook.specs.properties import verdict as verdicts
from truebook.specs.words import plain


@attrs.frozen
class Run:
    """A whole run: who was held to what, at which level, and what came of it.

    `options` are those that doing a finding again needs; `whole` says that no vector was left out
    by choice, `interrupted` how a run that did not come to its end was ended, as an exit code.
    `stale` are the names of findings that were expected and not found, `declares` what was declared
    of the subject.
    """

    about: About | None
    command: tuple[str, ...]
    results: tuple[Result, ...]
    findings: tuple[Finding, ...] = ()
    level: Level = Level.PROMISES
    stale: tuple[str, ...] = ()
    declares: tuple[str, ...] = ()
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
        if self.interrupted:
            return self.interrupted
        code = exit_code(self.results, self.level)
        return verdicts.VIOLATED if self.stale else code

    @property
    def broken(self) -> Sequence[Finding]:
        """The findings that break a promise and are not known, the worst first."""
        return [one for one in unknown(self.findings) if one.promise]

    @property
    def promises_broken(self) -> Sequence[str]:
        """The properties that are broken in findings that are not known, or behind them."""
        return tuple(dict.fromkeys(name for one in self.broken for name in one.promises))

    @property
    def differing(self) -> Sequence[Finding]:
        """The findings that only differ from the reference and are not known."""
        return [one for one in unknown(self.findings) if not one.promise]

    @property
    def faults(self) -> Sequence[Result]:
        """What is bad and no finding tells of: crashes, hangs, errors of protocol and the like."""
        return faults_of(self.results)

    @property
    def clean(self) -> bool:
        """Whether nothing at all is wrong, known or not."""
        return not self.findings and not any(
            one.kind in (*BAD, Kind.EXPECTED) for one in self.results
        )

    @property
    def tested(self) -> bool:
        """Whether anything was tested but how it converses."""
        return any(one.kind is not Kind.UNSUPPORTED for one in self.results if one.stage != "smoke")

    @property
    def known_to_break(self) -> bool:
        """Whether a promise is known to be broken, or a vector to break the subject."""
        expected = (one for one in self.results if one.kind is Kind.EXPECTED)
        return any(one.promise and one.known for one in self.findings) or any(
            not one.onsets or any(onset.broken for onset in one.onsets) for one in expected
        )

    @property
    def not_shown(self) -> Sequence[str]:
        """The parts of a state that the subject does not show."""
        shows = {name.partition(".")[0] for name in self.about.shows} if self.about else set()
        return [name for name in SHOWS if name not in shows]

    @property
    def relaxed(self) -> Mapping[str, int]:
        """In how many runs less was asked for, or nothing, for what is declared."""
        counts: Counter[str] = Counter()
        for result in self.results:
            counts.update(dict.fromkeys(result.relaxed, result.count))
        return {name: counts[name] for name in sorted(counts)}

    @property
    def lacking(self) -> Mapping[str, int]:
        """How many vectors were not for the subject for lack of each feature, the most first."""
        counts: Counter[str] = Counter()
        for result in self.results:
            if result.kind is Kind.UNSUPPORTED and result.stage == "vectors" and self.about:
                lacks = [f for f in result.case.requires if f not in self.about.features]
                counts.update(lacks)
        return dict(counts.most_common())

    @property
    def untold(self) -> Mapping[str, int]:
        """How many vectors, else for the subject, tell each type of event that it cannot take."""
        if self.about is None:
            return {}
        claimed = set(self.about.features)
        told = [
            kinds_of(result.case)
            for result in self.results
            if result.stage == "vectors" and claimed.issuperset(result.case.requires)
        ]
        return {name: sum(name in kinds for kinds in told) for name in self.about.cannot}


def concluded(
    about: About | None,
    results: Sequence[Result],
    findings: Sequence[Finding],
    expected: Mapping[str, str],
    declares: tuple[str, ...] = (),
) -> tuple[tuple[Result, ...], tuple[Finding, ...], tuple[str, ...]]:
    """Return results, findings and stale names, once findings are named and what is known is.

    `expected` are reasons by the names of findings, `declares` what is declared beside what the
    subject says itself.
    """
    if about is not None:
        without = Without(about.shows, (*about.declares, *declares))
        findings = named(findings, without, results)
    known, stale = with_known(findings, expected)
    return tuple(as_known(result, known) for result in results), tuple(known), tuple(stale)


def replay_words(result: Result, run: Run) -> tuple[str, ...]:
    """Return the words of the command that does a result again; nothing if any run does."""
    if not result.replay:
        return ()
    return ("truebook", "conform", *run.options, *result.replay, "--", *run.command)


def replay_command(result: Result, run: Run) -> str:
    """Return the command that does a result again; nothing if any run does."""
    return shlex.join(replay_words(result, run))


def outcomes_of(results: Sequence[Result]) -> str:
    """Return how many results there are of each kind, in words."""
    counts: Counter[Kind] = Counter()
    for result in results:
        counts[result.kind] += result.count
    return ", ".join(f"{counts[kind]:,} {kind}" for kind in Kind if counts[kind])
